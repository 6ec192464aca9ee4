//! Walking a tree: children, attributes, descendants, siblings.

use super::{NIL, Name, NodeId, Tree};

/// Child elements (or attributes) in order.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    tree: &'a Tree,
    next: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let here = NodeId::real(self.next)?;
        self.next = self.tree.node(here)?.next;
        Some(here)
    }
}

/// Child elements of one name, from the table of a wide parent or by comparing.
#[derive(Clone, Debug)]
pub(crate) enum Named<'a> {
    /// Nothing of that name.
    None,
    /// The parent is narrow: compare.
    Scan(Children<'a>, Name),
    /// The parent is wide: looked up.
    List(std::slice::Iter<'a, NodeId>),
}

impl Iterator for Named<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        match self {
            Self::None => None,
            Self::Scan(children, name) => {
                let (tree, name) = (children.tree, *name);
                children.find(|at| tree.has_name(*at, name))
            }
            Self::List(nodes) => nodes.next().copied(),
        }
    }
}

/// A node and everything under it, in document order, without attributes and texts.
#[derive(Clone, Debug)]
pub struct Descendants<'a> {
    tree: &'a Tree,
    top: u32,
    next: u32,
}

impl Iterator for Descendants<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let here = NodeId::real(self.next)?;
        let node = self.tree.node(here)?;
        self.next = if node.first != NIL { node.first } else { self.tree.after(here.0, self.top) };
        Some(here)
    }
}

impl Tree {
    /// The child elements in order.
    pub fn children(&self, node: NodeId) -> Children<'_> {
        let first = if node.is_text() { NIL } else { self.node(node).map_or(NIL, |n| n.first) };
        Children { tree: self, next: first }
    }

    /// The attributes of an element in order.
    pub fn attributes(&self, node: NodeId) -> Children<'_> {
        let first = if node.is_text() { NIL } else { self.node(node).map_or(NIL, |n| n.attribute) };
        Children { tree: self, next: first }
    }

    /// The child elements with this local name, in order.
    pub fn children_named(&self, node: NodeId, name: &str) -> impl Iterator<Item = NodeId> + '_ {
        match self.find_name(name) {
            Some(name) => self.named(node, name),
            None => Named::None,
        }
    }

    pub(crate) fn named(&self, node: NodeId, name: Name) -> Named<'_> {
        if node.is_text() {
            return Named::None;
        }
        match self.node(node) {
            Some(n) if self.indexes.is_wide(n.children) => match self.indexes.lookup(self, node, name) {
                Some(list) => Named::List(list.iter()),
                None => Named::None,
            },
            Some(_) => Named::Scan(self.children(node), name),
            None => Named::None,
        }
    }

    /// The node and its descendant elements in document order.
    pub fn descendants(&self, node: NodeId) -> Descendants<'_> {
        Descendants { tree: self, top: node.element().0, next: node.element().0 }
    }

    /// The node that follows `at` and what is under it, inside `top`.
    fn after(&self, at: u32, top: u32) -> u32 {
        let mut here = at;
        while here != top {
            let Some(node) = self.node(NodeId(here)) else { return NIL };
            if node.next != NIL {
                return node.next;
            }
            here = node.parent;
            if here == NIL {
                return NIL;
            }
        }
        NIL
    }

    /// The preceding siblings, nearest first.
    pub(super) fn siblings_before(&self, node: NodeId) -> impl Iterator<Item = u32> + '_ {
        let step = |at: u32| self.node(NodeId(at)).map(|n| n.prev).filter(|prev| *prev != NIL);
        std::iter::successors(step(node.element().0), move |at| step(*at))
    }

    /// The following siblings in order, attributes of attributes excepted.
    pub(crate) fn following_siblings(&self, node: NodeId) -> Children<'_> {
        Children { tree: self, next: self.node(node).map_or(NIL, |n| n.next) }
    }

    /// The preceding siblings, nearest first.
    pub(crate) fn preceding_siblings(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.siblings_before(node).map(NodeId)
    }
}
