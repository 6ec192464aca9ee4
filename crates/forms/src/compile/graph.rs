//! Which rule reads what, and the order in which rules are evaluated.
//!
//! Edges that pass through a predicate or `indexed-repeat()` are *soft*: they may reach another instance of the same
//! repeat ("the one before me"), so they cause re-evaluation but do not count as a cycle.

use super::node::{Count, DefId, NodeDef, RepeatDef};
use super::order::{edges, order};
use super::report::Report;
use crate::compile::choices::Source;
use crate::def::FormDef;
use baraza_xpath::{Expr, Literal, Origin, RefStep, Reference};
use std::collections::HashMap;

/// A rule of a node by its place in the order of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnitId(pub(crate) u32);

impl UnitId {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a rule decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UnitKind {
    Count,
    Relevant,
    Calculate,
    Choices,
    Readonly,
    Required,
    Constraint,
}

/// One rule of one node.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) def: DefId,
    pub(crate) kind: UnitKind,
    /// The nodes whose value it reads.
    pub(crate) reads: Vec<DefId>,
    /// Whether it names choices, which changes with the language (`jr:itext` is not evaluated again, as in ODK).
    pub(crate) translated: bool,
    /// A calculation that gives another value each time: evaluated again only where something that it reads changed.
    pub(crate) impure: bool,
}

/// A rule with what was found out about it, before numbering.
pub(super) struct Draft {
    pub(super) def: DefId,
    pub(super) kind: UnitKind,
    /// Nodes read; `true` where the edge is soft.
    pub(super) reads: Vec<(DefId, bool)>,
    /// Repeats whose number of instances it reads.
    pub(super) counts: Vec<(usize, bool)>,
    pub(super) translated: bool,
}

/// Finds all rules, orders them, and enters them in the nodes and repeats that they belong to or read.
pub(super) fn build(
    nodes: &mut [NodeDef],
    repeats: &mut [RepeatDef],
    by_path: &HashMap<String, DefId>,
    def: &FormDef,
    report: &mut Report,
) -> Vec<Unit> {
    let drafts = drafts(nodes, repeats, by_path, def, report);
    let edges = edges(&drafts, nodes);
    let order = order(&drafts, &edges, nodes, report);
    let mut number = vec![UnitId(0); drafts.len()];
    for (place, draft) in order.iter().enumerate() {
        if let (Some(slot), Ok(place)) = (number.get_mut(*draft), u32::try_from(place)) {
            *slot = UnitId(place);
        }
    }
    for (at, draft) in drafts.iter().enumerate() {
        let Some(unit) = number.get(at).copied() else { continue };
        if let Some(node) = nodes.get_mut(draft.def.index()) {
            node.units.push(unit);
        }
        for (read, _) in &draft.reads {
            if let Some(node) = nodes.get_mut(read.index()).filter(|n| !n.readers.contains(&unit)) {
                node.readers.push(unit);
            }
        }
        for (repeat, _) in &draft.counts {
            if let Some(repeat) = repeats.get_mut(*repeat).filter(|r| !r.readers.contains(&unit)) {
                repeat.readers.push(unit);
            }
        }
    }
    let mut units: Vec<Option<Unit>> = drafts.iter().map(|_| None).collect();
    for (draft, unit) in drafts.into_iter().zip(&number) {
        let mut reads: Vec<DefId> = draft.reads.iter().map(|(d, _)| *d).collect();
        reads.sort_unstable();
        reads.dedup();
        if let Some(slot) = units.get_mut(unit.index()) {
            let impure =
                draft.kind == UnitKind::Calculate && nodes.get(draft.def.index()).is_some_and(|n| n.impure);
            *slot =
                Some(Unit { def: draft.def, kind: draft.kind, reads, translated: draft.translated, impure });
        }
    }
    let units: Vec<Unit> = units.into_iter().flatten().collect();
    fanouts(nodes, repeats, &units);
    units
}

fn drafts(
    nodes: &[NodeDef],
    repeats: &[RepeatDef],
    by_path: &HashMap<String, DefId>,
    def: &FormDef,
    report: &mut Report,
) -> Vec<Draft> {
    let mut finder = Finder { nodes, by_path, primary: def.instance_id.as_deref(), report };
    let mut drafts = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let id = DefId(u32::try_from(at).unwrap_or(u32::MAX));
        if let Some(Count::Expr(expr)) = node.repeat.and_then(|r| repeats.get(r)).map(|r| &r.count) {
            let above =
                node.parent.and_then(|p| nodes.get(p.index())).map(|p| p.path.as_str()).unwrap_or_default();
            drafts.push(finder.draft(id, UnitKind::Count, &[expr], above));
        }
        let rules = [
            (UnitKind::Relevant, node.relevant.expr()),
            (UnitKind::Calculate, node.calculate.as_ref()),
            (UnitKind::Readonly, node.readonly.expr()),
            (UnitKind::Required, node.required.expr()),
        ];
        for (kind, expr) in rules {
            drafts.extend(expr.map(|expr| finder.draft(id, kind, &[expr], &node.path)));
        }
        if let Some(Source::Filtered(filter)) = node.select.as_ref().map(|s| &s.source) {
            drafts.push(finder.draft(id, UnitKind::Choices, &[&filter.nodeset], &node.path));
        }
        if let Some(expr) = node.constraint.expr() {
            let mut draft = finder.draft(id, UnitKind::Constraint, &[expr], &node.path);
            draft.reads.push((id, false));
            drafts.push(draft);
        }
    }
    drafts
}

/// Resolves what expressions refer to.
struct Finder<'a> {
    nodes: &'a [NodeDef],
    by_path: &'a HashMap<String, DefId>,
    primary: Option<&'a str>,
    report: &'a mut Report,
}

impl Finder<'_> {
    fn draft(&mut self, def: DefId, kind: UnitKind, exprs: &[&Expr], path: &str) -> Draft {
        let mut draft = Draft { def, kind, reads: Vec::new(), counts: Vec::new(), translated: false };
        for expr in exprs {
            self.read(expr, path, &mut draft);
        }
        draft
    }

    fn read(&mut self, expr: &Expr, path: &str, draft: &mut Draft) {
        draft.translated |= expr.calls().iter().any(|c| &*c.name == "jr:choice-name");
        let elsewhere = expr.calls().iter().any(|c| &*c.name == "indexed-repeat");
        for reference in expr.references(path) {
            let at = expr.paths().iter().find(|p| p.offset == reference.offset);
            let filtered = at.is_some_and(|p| p.filtered || matches!(p.origin, Origin::Within { .. }));
            self.reference(&reference, expr, path, filtered || elsewhere, draft);
        }
        if expr.calls().iter().any(|c| &*c.name == "jr:choice-name") {
            for (literal, _) in expr.literals() {
                if let Literal::Text(text) = literal {
                    self.named_question(text, path, draft);
                }
            }
        }
    }

    /// The question that `jr:choice-name` names in a string.
    fn named_question(&self, text: &str, path: &str, draft: &mut Draft) {
        let Ok(expr) = Expr::parse(text) else { return };
        for reference in expr.references(path) {
            let names: Vec<&str> = reference.steps.iter().filter_map(step_name).collect();
            if let Some(found) = self.by_path.get(&format!("/{}", names.join("/"))) {
                draft.reads.push((*found, true));
            }
        }
    }

    fn reference(&mut self, reference: &Reference, expr: &Expr, path: &str, soft: bool, draft: &mut Draft) {
        if reference.instance.is_some() && reference.instance.as_deref() != self.primary {
            return;
        }
        let found = self.matches(&reference.steps);
        if found.is_empty() {
            self.unknown(reference, expr, path);
        }
        for id in found {
            draft.reads.push((id, soft));
            let mut at = Some(id);
            while let Some(node) = at.and_then(|d| self.nodes.get(d.index())) {
                draft.counts.extend(node.repeat.map(|r| (r, soft)));
                at = node.parent;
            }
        }
    }

    fn unknown(&mut self, reference: &Reference, expr: &Expr, path: &str) {
        let names: Option<Vec<&str>> = reference.steps.iter().map(step_name).collect();
        let Some(names) = names.filter(|n| !n.is_empty()) else { return };
        let message = format!("{:?} reads /{}, which is not in the form.", expr.source(), names.join("/"));
        self.report.warn("reference.unknown", path, message, "Correct the name, or add the node.");
    }

    fn matches(&self, steps: &[RefStep]) -> Vec<DefId> {
        if let Some(names) = steps.iter().map(step_name).collect::<Option<Vec<_>>>() {
            let path = format!("/{}", names.join("/"));
            return self.by_path.get(&path).copied().into_iter().collect();
        }
        let mut found: Vec<Option<DefId>> = vec![None];
        let mut any_depth = false;
        for step in steps {
            let mut next = Vec::new();
            for at in &found {
                self.step(*at, step, any_depth, &mut next);
            }
            any_depth = matches!(step, RefStep::Descendants);
            if !any_depth {
                next.dedup();
                found = next;
            }
        }
        if any_depth {
            let mut all = Vec::new();
            found.iter().for_each(|at| self.step(*at, &RefStep::Any, true, &mut all));
            found = all;
        }
        found.into_iter().flatten().collect()
    }

    fn step(&self, at: Option<DefId>, step: &RefStep, deep: bool, next: &mut Vec<Option<DefId>>) {
        let range = match at.and_then(|d| self.nodes.get(d.index()).map(|n| (d, n))) {
            None => 0..self.nodes.len(),
            Some((id, node)) => id.index() + 1..node.end as usize,
        };
        for index in range {
            let Some(node) = self.nodes.get(index) else { continue };
            let fits = match step {
                RefStep::Name(name) => !node.attribute && crate::xform::local(&node.name) == &**name,
                RefStep::Attribute(name) => node.attribute && crate::xform::local(&node.name) == &**name,
                RefStep::Any => !node.attribute,
                RefStep::Descendants => false,
            };
            if fits && (deep || node.parent == at) {
                next.push(u32::try_from(index).ok().map(DefId));
            }
        }
    }
}

fn step_name(step: &RefStep) -> Option<&str> {
    match step {
        RefStep::Name(name) => Some(name),
        _ => None,
    }
}

/// What to run when the relevance of a node changes, or the number of instances of a repeat.
fn fanouts(nodes: &mut [NodeDef], repeats: &mut [RepeatDef], units: &[Unit]) {
    let keeps_its_time = |unit: &UnitId| {
        let unit = units.get(unit.index()).filter(|u| u.impure);
        unit.is_some_and(|u| nodes.get(u.def.index()).is_some_and(|n| n.in_repeat.is_some()))
    };
    for repeat in repeats {
        let end = nodes.get(repeat.def.index()).map_or(0, |n| n.end as usize);
        let mut all = repeat.readers.clone();
        for node in nodes.get(repeat.def.index()..end).unwrap_or_default() {
            all.extend(&node.readers);
        }
        let inside: Vec<UnitId> = nodes
            .get(repeat.def.index()..end)
            .unwrap_or_default()
            .iter()
            .flat_map(|n| n.units.clone())
            .collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|unit| !keeps_its_time(unit));
        repeat.readers = all;
        repeat.inside = inside;
    }
    for at in 0..nodes.len() {
        let Some(end) = nodes.get(at).filter(|n| n.relevant.expr().is_some()).map(|n| n.end as usize) else {
            continue;
        };
        let mut all: Vec<UnitId> = Vec::new();
        for node in nodes.get(at..end).unwrap_or_default() {
            all.extend(node.units.iter().filter(|_| !node.impure));
            all.extend(&node.readers);
        }
        all.sort_unstable();
        all.dedup();
        if let Some(node) = nodes.get_mut(at) {
            node.fanout = all;
        }
    }
}
