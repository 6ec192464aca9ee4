//! One step of a path that collects nodes: axis, test, predicates, the index of equality filters.

use super::{Evaluation, Focus};
use crate::ast::{Ast, Equality, Predicate, Step};
use crate::expr::{Axis, StepTest};
use crate::tree::{Column, Name, NodeId, NodeKind, Tree, number_key, text_key};
use crate::{EvalError, NodeRef, Value};

/// A step's test against one tree.
#[derive(Clone, Copy)]
enum Test {
    Name(Name),
    Any,
    Node,
    Text,
}

impl Test {
    /// `None` if no node of the tree can pass.
    fn of(test: &StepTest, tree: &Tree) -> Option<Self> {
        match test {
            StepTest::Name(name) => tree.find_name(name).map(Self::Name),
            StepTest::Any => Some(Self::Any),
            StepTest::Node => Some(Self::Node),
            StepTest::Text => Some(Self::Text),
            StepTest::Nothing => None,
        }
    }

    /// `principal` is the kind that names stand for on the axis.
    fn passes(self, tree: &Tree, node: NodeId, principal: NodeKind) -> bool {
        match self {
            Self::Name(name) => tree.kind(node) == principal && tree.has_name(node, name),
            Self::Any => tree.kind(node) == principal,
            Self::Node => true,
            Self::Text => tree.kind(node) == NodeKind::Text,
        }
    }
}

/// The hashes under which an equality's value is filed; `None` where an index cannot serve.
type Keys = Option<(Vec<u32>, bool)>;

impl<'a> Evaluation<'a> {
    pub(super) fn step(
        &self,
        from: &[NodeRef],
        step: &'a Step,
        level: &mut bool,
    ) -> Result<Vec<NodeRef>, EvalError> {
        let mut out = Vec::new();
        let mut keys: Option<Keys> = None;
        for at in from {
            let tree = self.tree_of(*at);
            let Some(test) = Test::of(&step.test, tree) else { continue };
            let start = out.len();
            if !self.indexed(*at, tree, step, test, &mut keys, &mut out)? {
                self.axis(*at, tree, step.axis, test, &mut out);
            }
            self.spend(out.len() - start + 1)?;
            for predicate in &step.predicates {
                self.filter(&mut out, start, predicate)?;
            }
            if is_reverse(step.axis)
                && let Some(found) = out.get_mut(start..)
            {
                found.reverse();
            }
        }
        let ordered = from.len() <= 1
            || (*level
                && matches!(step.axis, Axis::Child | Axis::Attribute | Axis::SelfAxis | Axis::Namespace));
        if !ordered {
            self.sort(&mut out);
        }
        *level = match step.axis {
            Axis::Child | Axis::Attribute | Axis::SelfAxis | Axis::Parent => *level,
            Axis::FollowingSibling | Axis::PrecedingSibling => *level,
            _ => out.len() <= 1,
        };
        Ok(out)
    }

    fn axis(&self, at: NodeRef, tree: &Tree, axis: Axis, test: Test, out: &mut Vec<NodeRef>) {
        let node = at.node;
        let principal = if axis == Axis::Attribute { NodeKind::Attribute } else { NodeKind::Element };
        let mut put = |node: NodeId| {
            if test.passes(tree, node, principal) {
                out.push(NodeRef { tree: at.tree, node });
            }
        };
        let has_siblings = matches!(tree.kind(node), NodeKind::Element);
        match axis {
            Axis::Child => match test {
                Test::Name(name) => tree.named(node, name).for_each(put),
                _ => {
                    put_text(tree, node, &mut put);
                    tree.children(node).for_each(put);
                }
            },
            Axis::Attribute => tree.attributes(node).for_each(put),
            Axis::SelfAxis => put(node),
            Axis::Parent => tree.parent(node).into_iter().for_each(put),
            Axis::Ancestor => ancestors(tree, node).for_each(put),
            Axis::AncestorOrSelf => std::iter::once(node).chain(ancestors(tree, node)).for_each(put),
            Axis::Descendant => below(tree, node, false, &mut put),
            Axis::DescendantOrSelf => below(tree, node, true, &mut put),
            Axis::FollowingSibling if has_siblings => tree.following_siblings(node).for_each(put),
            Axis::PrecedingSibling if has_siblings => tree.preceding_siblings(node).for_each(put),
            Axis::Following => following(tree, node, &mut put),
            Axis::Preceding => preceding(tree, node, &mut put),
            Axis::FollowingSibling | Axis::PrecedingSibling | Axis::Namespace => {}
        }
    }

    /// Keeps the nodes from `start` on that pass a predicate.
    pub(super) fn filter(
        &self,
        nodes: &mut Vec<NodeRef>,
        start: usize,
        predicate: &'a Predicate,
    ) -> Result<(), EvalError> {
        let size = nodes.len().saturating_sub(start) as u32;
        if let Ast::Num(wanted) = self.node(predicate.of)? {
            let index = (*wanted >= 1.0 && wanted.fract() == 0.0 && *wanted <= f64::from(size))
                .then_some(*wanted as usize);
            let kept = index.and_then(|index| nodes.get(start + index - 1).copied());
            nodes.truncate(start);
            nodes.extend(kept);
            return Ok(());
        }
        self.spend(size as usize)?;
        let mut kept = start;
        for at in start..nodes.len() {
            let Some(node) = nodes.get(at).copied() else { break };
            let focus = Focus { node, position: (at - start) as u32 + 1, size };
            if self.passes(predicate, focus)? {
                nodes.swap(kept, at);
                kept += 1;
            }
        }
        nodes.truncate(kept);
        Ok(())
    }

    fn passes(&self, predicate: &'a Predicate, focus: Focus) -> Result<bool, EvalError> {
        match self.node(predicate.of)? {
            // What cannot be a number needs no look at its type.
            Ast::Compare { .. } | Ast::And(_) | Ast::Or(_) => self.truth(predicate.of, focus),
            _ => match self.value(predicate.of, focus)? {
                Value::Num(number) | Value::Date { days: number, .. } => {
                    Ok(number == f64::from(focus.position))
                }
                other => Ok(other.to_bool()),
            },
        }
    }

    /// Answers `item[column = value]` over a wide secondary instance from its index: gives the candidates, which the
    /// predicates then check. `false` where the axis must be walked.
    fn indexed(
        &self,
        at: NodeRef,
        tree: &Tree,
        step: &'a Step,
        test: Test,
        keys: &mut Option<Keys>,
        out: &mut Vec<NodeRef>,
    ) -> Result<bool, EvalError> {
        let (Some(equality), Test::Name(item), Axis::Child) = (first_equality(step), test, step.axis) else {
            return Ok(false);
        };
        if Self::is_primary(at) || !tree.worth_indexing(at.node) {
            return Ok(false);
        }
        if keys.is_none() {
            *keys = Some(self.keys(equality, at)?);
        }
        let Some(Some((hashes, numeric))) = keys else { return Ok(false) };
        let Some(column) = tree.find_name(&equality.column) else { return Ok(true) };
        let zone_minutes = if *numeric { self.env.zone_minutes } else { 0 };
        let column = Column {
            parent: at.node,
            item,
            column,
            attribute: equality.attribute,
            numeric: *numeric,
            zone_minutes,
        };
        let mut found = Vec::new();
        hashes.iter().for_each(|hash| tree.candidates(column, *hash, &mut found));
        let start = out.len();
        out.extend(found.into_iter().map(|node| NodeRef { tree: at.tree, node }));
        if hashes.len() > 1 {
            let mut tail = out.split_off(start);
            self.sort(&mut tail);
            out.extend(tail);
        }
        Ok(true)
    }

    fn keys(&self, equality: &Equality, at: NodeRef) -> Result<Keys, EvalError> {
        // The value does not depend on the context; any focus will do.
        let focus = Focus { node: at, position: 1, size: 1 };
        Ok(match self.value(equality.value, focus)? {
            Value::Str(text) => Some((vec![text_key(&text)], false)),
            Value::Num(number) | Value::Date { days: number, .. } if number.is_nan() => {
                Some((Vec::new(), true))
            }
            Value::Num(number) | Value::Date { days: number, .. } => Some((vec![number_key(number)], true)),
            Value::Nodes(set) => {
                let mut hashes = Vec::with_capacity(set.nodes.len());
                for node in set.nodes {
                    hashes.push(text_key(&self.read(node)?));
                }
                hashes.sort_unstable();
                hashes.dedup();
                Some((hashes, false))
            }
            Value::Bool(_) => None,
        })
    }
}

fn first_equality(step: &Step) -> Option<&Equality> {
    step.predicates.first().and_then(|predicate| predicate.equality.as_ref())
}

fn is_reverse(axis: Axis) -> bool {
    matches!(axis, Axis::Ancestor | Axis::AncestorOrSelf | Axis::PrecedingSibling | Axis::Preceding)
}

fn put_text(tree: &Tree, node: NodeId, put: &mut impl FnMut(NodeId)) {
    if tree.kind(node) == NodeKind::Element && tree.is_relevant(node) && !tree.text(node).is_empty() {
        put(node.text_of());
    }
}

fn ancestors(tree: &Tree, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
    std::iter::successors(tree.parent(node), |at| tree.parent(*at))
}

fn below(tree: &Tree, node: NodeId, and_self: bool, put: &mut impl FnMut(NodeId)) {
    if !matches!(tree.kind(node), NodeKind::Element | NodeKind::Document) {
        if and_self {
            put(node);
        }
        return;
    }
    for at in tree.descendants(node) {
        if at != node || and_self {
            put(at);
        }
        put_text(tree, at, put);
    }
}

/// What begins after a node ends, in document order.
fn following(tree: &Tree, node: NodeId, put: &mut impl FnMut(NodeId)) {
    let mut here = Some(node);
    if tree.kind(node) == NodeKind::Attribute {
        // An element's content follows its attributes.
        here = tree.parent(node);
        if let Some(owner) = here {
            below(tree, owner, false, put);
        }
    }
    while let Some(at) = here {
        if tree.kind(at) == NodeKind::Element {
            tree.following_siblings(at).for_each(|next| below(tree, next, true, put));
        } else if tree.kind(at) == NodeKind::Text
            && let Some(owner) = tree.parent(at)
        {
            tree.children(owner).for_each(|next| below(tree, next, true, put));
        }
        here = tree.parent(at);
    }
}

/// What ends before a node begins, nearest first; ancestors are none of it.
fn preceding(tree: &Tree, node: NodeId, put: &mut impl FnMut(NodeId)) {
    let mut here = if tree.kind(node) == NodeKind::Element { Some(node) } else { tree.parent(node) };
    while let Some(at) = here {
        for sibling in tree.preceding_siblings(at) {
            let mut found = Vec::new();
            below(tree, sibling, true, &mut |inner| found.push(inner));
            found.into_iter().rev().for_each(&mut *put);
        }
        if let Some(parent) = tree.parent(at) {
            put_text(tree, parent, put);
        }
        here = tree.parent(at);
    }
}
