//! Expressions as form authors write them, against one small form.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "test code outside #[test] functions")]

mod calendar;
mod functions;
mod grammar;
mod inspection;
mod places;
mod properties;
mod trees;

use baraza_xpath::{Context, Env, EvalError, Expr, Forest, Host, NodeId, NodeRef, Tree};
use std::cell::Cell;
use std::sync::Arc;

/// 2025-03-14T09:26:53.589Z, a Friday.
pub const NOW: i64 = 1_741_944_413_589;

/// The form the tables are read against: a survey with a repeat of three visits, and a list of two choices.
pub struct Form {
    pub forest: Forest,
    pub zone_minutes: i32,
    pub out: NodeId,
    /// Paths of elements that stand alone, by their number in the forest.
    homes: Vec<String>,
}

/// Labels in Swahili, and random bytes that count up.
pub struct Swahili(pub Cell<u8>);

impl Host for Swahili {
    fn random(&self, buf: &mut [u8]) {
        for byte in buf {
            *byte = self.0.get();
            self.0.set(self.0.get().wrapping_add(37));
        }
    }

    fn itext(&self, id: &str) -> Option<Arc<str>> {
        (id == "greet").then(|| "Habari".into())
    }

    fn choice_name(&self, value: &str, path: &str, context: NodeRef) -> Option<Arc<str>> {
        Some(format!("{value} at {path} from {context:?}").split(" from").next()?.into())
    }
}

impl Form {
    /// As Ama left it.
    pub fn ama() -> Self {
        let mut tree = Tree::new("data");
        let root = tree.root();
        tree.set_attribute(root, "id", "t");
        for (name, text) in [("a", "3"), ("b", "x y z"), ("blank", ""), ("n", "5"), ("d", "2025-03-14")] {
            tree.append_text(root, name, text);
        }
        for (v, w) in [("1", "a"), ("2", "b"), ("3", "c")] {
            let rep = tree.append(root, "rep");
            tree.append_text(rep, "v", v);
            tree.append_text(rep, "w", w);
        }
        let group = tree.append(root, "g");
        tree.append_text(group, "h1", "q");
        let hidden = tree.append_text(root, "irr", "77");
        tree.set_relevant(hidden, false);
        let out = tree.append(root, "out");
        let meta = tree.append(root, "orx:meta");
        tree.append_text(meta, "orx:instanceID", "uuid:1");
        let mut forest = Forest::new(tree);
        forest.insert("it", Arc::new(choices(&[("k1", "L1"), ("k2", "L2")])));
        let homes = settle(&mut forest);
        Self { forest, zone_minutes: 0, out, homes }
    }

    pub fn env<'a>(&'a self, host: &'a dyn Host) -> Env<'a> {
        Env { forest: &self.forest, host, now_ms: NOW, zone_minutes: self.zone_minutes }
    }

    /// Reads it twice: walking its paths, and with plain ones bound to their homes. Both must agree.
    pub fn try_read(&self, source: &str) -> Result<String, EvalError> {
        let expr = Expr::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        let read = |expr: &Expr| {
            let host = Swahili(Cell::new(0));
            expr.eval_string(&self.env(&host), Context::primary(self.out)).map(|text| text.to_string())
        };
        let walked = read(&expr);
        expr.bind(|path| {
            self.homes.iter().zip(0..).find(|(home, _)| **home == path).map(|(_, number)| number)
        });
        let bound = read(&expr);
        assert!(bound == walked, "{source}: bound {bound:?}, walked {walked:?}");
        walked
    }

    pub fn read(&self, source: &str) -> String {
        self.try_read(source).unwrap_or_else(|error| panic!("{source}: {error}"))
    }

    /// Checks rows of (expression, its string).
    pub fn check(&self, rows: &[(&str, &str)]) {
        let wrong: Vec<String> = rows
            .iter()
            .filter_map(|(source, wanted)| {
                let got = self.read(source);
                (got != *wanted).then(|| format!("{source}: {got:?}, not {wanted:?}"))
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Gives a number to every element of the primary instance whose path is its alone.
fn settle(forest: &mut Forest) -> Vec<String> {
    let tree = forest.primary();
    let path = |node: NodeId| {
        let chain = std::iter::successors(Some(node), |at| tree.parent(*at));
        let mut steps: Vec<String> = chain.map(|at| tree.name(at).to_string()).collect();
        steps.reverse();
        steps.join("/")
    };
    let all: Vec<(String, NodeId)> = tree.descendants(tree.root()).map(|node| (path(node), node)).collect();
    let alone = |home: &&(String, NodeId)| all.iter().filter(|other| other.0 == home.0).count() == 1;
    let homes: Vec<(String, NodeId)> = all.iter().filter(alone).cloned().collect();
    homes.iter().zip(0..).for_each(|((_, node), number)| forest.set_home(number, *node));
    homes.into_iter().map(|(path, _)| path).collect()
}

/// `root/item/{name,label}` as a choice list.
pub fn choices(rows: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new("root");
    for (name, label) in rows {
        let item = tree.append(tree.root(), "item");
        tree.append_text(item, "name", *name);
        tree.append_text(item, "label", *label);
    }
    tree
}
