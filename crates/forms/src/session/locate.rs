//! Positional paths and answer paths.

use super::{NodeId, Session};
use crate::compile::DefId;
use crate::xform::local;
use baraza_model::AnswerPath;
use std::fmt::Write as _;

/// A step of a positional path: local name and position.
fn step(text: &str) -> Option<(&str, Option<usize>)> {
    match text.split_once('[') {
        None => Some((local(text), None)),
        Some((name, rest)) => {
            let number: usize = rest.strip_suffix(']')?.parse().ok()?;
            Some((local(name), Some(number)))
        }
    }
}

impl Session {
    /// The node at a positional path.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        let mut steps = path.strip_prefix('/')?.split('/').map(step);
        let (name, position) = steps.next()??;
        let mut at = self.forest.primary().root();
        if position.is_some() || name != local(&self.form.node(DefId(0)).name) {
            return None;
        }
        for step in steps {
            let (name, position) = step?;
            let mut same = self.forest.primary().children_named(at, name);
            at = match position {
                None => same.next().filter(|n| self.state(*n).instance.is_none())?,
                Some(number) => {
                    same.nth(number.checked_sub(1)?).filter(|n| self.state(*n).instance.is_some())?
                }
            };
        }
        Some(at)
    }

    /// The repeat at a path without position of its own, and the element that holds it.
    pub(super) fn find_repeat(&self, path: &str) -> Option<(usize, NodeId)> {
        let (above, name) = path.rsplit_once('/')?;
        let parent = self.find(above)?;
        let def = self.form.node(self.state(parent).def);
        let (name, None) = step(name)? else { return None };
        let same = |d: &&DefId| local(&self.form.node(**d).name) == name;
        let number = def.children.iter().find(same).and_then(|d| self.form.node(*d).repeat)?;
        Some((number, parent))
    }

    /// The repeat instances (their nodes) at a repeat path without position of its own.
    pub fn instances(&self, path: &str) -> Vec<NodeId> {
        let found = self.find_repeat(path);
        found
            .map(|(number, parent)| self.occurrences(number, parent).map(|o| o.node).collect())
            .unwrap_or_default()
    }

    /// The node that holds an answer.
    pub fn find_answer(&self, path: &AnswerPath) -> Option<NodeId> {
        let def = self.form.by_question.get(&path.question)?;
        let Some(instance) = path.instance else { return self.forest.home(def.0) };
        let number = self.form.node(*def).in_repeat?;
        let offset = def.index() - self.form.repeat(number).def.index();
        let occurrence = self.repeats.get(number)?.iter().find(|o| o.id == instance)?;
        occurrence.nodes.get(offset).copied().flatten()
    }

    /// The positional path of a node.
    pub fn path(&self, node: NodeId) -> String {
        let tree = self.forest.primary();
        let mut chain: Vec<NodeId> = self.ancestors(node).filter(|n| *n != tree.document()).collect();
        chain.reverse();
        let mut out = String::new();
        for at in chain {
            self.push_step(at, &mut out);
        }
        out
    }

    /// Appends a node's step to the path of its parent.
    pub(super) fn push_step(&self, node: NodeId, out: &mut String) {
        let tree = self.forest.primary();
        let _ = write!(out, "/{}", tree.qualified_name(node));
        if self.state(node).instance.is_some() {
            let _ = write!(out, "[{}]", tree.position(node));
        }
    }

    /// Where a node's answer is stored; `None` for groups and the root.
    pub fn answer_path(&self, node: NodeId) -> Option<AnswerPath> {
        self.place(node)
    }
}
