//! Location paths: simple ones are walked, the others collect nodes step by step; unions.

use super::{Evaluation, Focus};
use crate::ast::{Ast, Head, Id, Path, SIMPLE_STEPS, Step};
use crate::expr::{Axis, StepTest};
use crate::tree::Name;
use crate::{EvalError, NodeId, NodeRef, PRIMARY, Tree, Value};
use std::ops::ControlFlow;

/// What a step of a simple path compares.
#[derive(Clone, Copy)]
enum Want {
    Any,
    Name(Name),
}

type Visit<'v> = dyn FnMut(NodeRef) -> ControlFlow<()> + 'v;

impl<'a> Evaluation<'a> {
    /// The node that a head stands for, where it is one node.
    fn start(&self, head: &Head, focus: Focus) -> Option<NodeRef> {
        match head {
            // `/` is the primary instance everywhere, also in filters over secondary instances.
            Head::Root => Some(NodeRef::primary(self.env.forest.primary().document())),
            Head::Context => Some(focus.node),
            Head::Current => Some(self.current),
            Head::Instance(name) => self.instance(name),
            Head::Expr { .. } => None,
        }
    }

    /// The document of an instance.
    pub(crate) fn instance(&self, name: &str) -> Option<NodeRef> {
        let number = self.env.forest.find(name)?;
        Some(NodeRef { tree: number, node: self.env.forest.tree(number)?.document() })
    }

    /// The only node of a path that is bound to a home.
    fn home(&self, path: &Path) -> Option<NodeRef> {
        path.home.get().and_then(|number| self.env.forest.home(*number)).map(NodeRef::primary)
    }

    /// The first node of a simple path in document order.
    pub(super) fn first(&self, path: &'a Path, focus: Focus) -> Result<Option<NodeRef>, EvalError> {
        if let Some(home) = self.home(path) {
            return Ok(Some(home));
        }
        let mut found = None;
        self.walk(path, focus, &mut |at| {
            found = Some(at);
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// Visits the nodes of a simple path in document order.
    pub(super) fn walk(&self, path: &'a Path, focus: Focus, visit: &mut Visit<'_>) -> Result<(), EvalError> {
        if let Some(home) = self.home(path) {
            let _ = visit(home);
            return Ok(());
        }
        let Some(mut at) = self.start(&path.head, focus) else { return Ok(()) };
        let Some(tree) = self.env.forest.tree(at.tree) else { return Ok(()) };
        let lead =
            path.steps.iter().take_while(|step| matches!(step.axis, Axis::SelfAxis | Axis::Parent)).count();
        let (up, down) = path.steps.split_at_checked(lead).unwrap_or((&path.steps, &[]));
        for step in up.iter().filter(|step| step.axis == Axis::Parent) {
            match tree.parent(at.node) {
                Some(parent) => at.node = parent,
                None => return Ok(()),
            }
            debug_assert_eq!(step.test, StepTest::Node);
        }
        let mut wants = [Want::Any; SIMPLE_STEPS];
        for (step, want) in down.iter().zip(&mut wants) {
            if let StepTest::Name(name) = &step.test {
                match tree.find_name(name) {
                    Some(name) => *want = Want::Name(name),
                    None => return Ok(()),
                }
            }
        }
        let wants = wants.get(..down.len()).unwrap_or_default();
        self.descend(tree, at, down, wants, visit).map(|_| ())
    }

    fn descend(
        &self,
        tree: &'a Tree,
        at: NodeRef,
        steps: &[Step],
        wants: &[Want],
        visit: &mut Visit<'_>,
    ) -> Result<ControlFlow<()>, EvalError> {
        let ([step, steps @ ..], [want, wants @ ..]) = (steps, wants) else { return Ok(visit(at)) };
        let mut go = |node: NodeId| {
            self.spend(1)?;
            self.descend(tree, NodeRef { tree: at.tree, node }, steps, wants, visit)
        };
        let each: &mut dyn Iterator<Item = NodeId> = match (step.axis, want) {
            (Axis::Attribute, _) => &mut tree.attributes(at.node),
            (_, Want::Name(name)) => &mut tree.named(at.node, *name),
            (_, Want::Any) => &mut tree.children(at.node),
        };
        for node in each {
            let named = !matches!(want, Want::Name(name) if !tree.has_name(node, *name));
            if named && go(node)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The nodes of any path.
    pub(super) fn path(&self, path: &'a Path, focus: Focus) -> Result<Vec<NodeRef>, EvalError> {
        if path.simple {
            let mut out = Vec::new();
            self.walk(path, focus, &mut |at| {
                out.push(at);
                ControlFlow::Continue(())
            })?;
            return Ok(out);
        }
        let mut nodes = match &path.head {
            Head::Expr { of, predicates } => {
                let mut nodes = self.nodes(*of, focus, "a step")?;
                for predicate in predicates {
                    self.filter(&mut nodes, 0, predicate)?;
                }
                nodes
            }
            head => self.start(head, focus).into_iter().collect(),
        };
        // Whether the children of these nodes come as they should without sorting: all stand at one depth, or the
        // order is that of `randomize()`.
        let mut level = nodes.len() <= 1 || matches!(&path.head, Head::Expr { of, .. } if self.is_call(*of));
        for step in &path.steps {
            nodes = self.step(&nodes, step, &mut level)?;
            if nodes.is_empty() {
                break;
            }
        }
        Ok(nodes)
    }

    fn is_call(&self, id: Id) -> bool {
        matches!(self.program.node(id), Some(Ast::Call(_)))
    }

    pub(super) fn union(&self, parts: &[Id], focus: Focus) -> Result<Value, EvalError> {
        let mut nodes = Vec::new();
        for part in parts {
            nodes.extend(self.nodes(*part, focus, "|")?);
        }
        self.sort(&mut nodes);
        Ok(nodes.into())
    }

    /// Document order, without repetition; trees come in the order of their numbers.
    pub(crate) fn sort(&self, nodes: &mut Vec<NodeRef>) {
        let key =
            |at: &NodeRef| (at.tree, self.env.forest.tree(at.tree).map_or(0, |tree| tree.order_key(at.node)));
        nodes.sort_by_cached_key(key);
        nodes.dedup();
    }

    pub(super) fn tree_of(&self, at: NodeRef) -> &'a Tree {
        self.env.forest.tree(at.tree).unwrap_or_else(|| self.env.forest.primary())
    }

    pub(super) fn is_primary(at: NodeRef) -> bool {
        at.tree == PRIMARY
    }
}
