//! An arena tree of elements, attributes and texts: the live instance and the secondary instances alike.
//!
//! Invariants: node 0 is the document, node 1 the root element; neither can be removed. Siblings are a doubly linked
//! list, so inserting and removing a repeat instance costs what it holds, not what stands beside it. Lookup tables
//! (`tree::index`) are built when first asked for and dropped by the change that would make them wrong.
//! A call with an id that is not alive reads as a blank, childless node; it never panics.

mod build;
mod index;
mod walk;

use crate::hash::NameMap;
pub(crate) use index::{Column, number_key, text_key};
use index::{Indexes, OrderKeys};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
pub use walk::{Children, Descendants};

/// A node of one [`Tree`]. Ids stay valid until the node is removed; they say nothing about document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// Marks the text of an element as a node of its own; the rest of the id is the element's.
const TEXT_BIT: u32 = 1 << 31;
/// No node.
const NIL: u32 = u32::MAX >> 1;

impl NodeId {
    /// The node's slot in the arena: small numbers, for tables beside the tree. Slots of removed nodes are reused.
    pub fn index(self) -> usize {
        self.element().0 as usize
    }

    /// The text node of an element, for `text()`.
    pub(crate) fn text_of(self) -> Self {
        Self(self.0 | TEXT_BIT)
    }

    /// Whether this is the text of an element.
    pub(crate) fn is_text(self) -> bool {
        self.0 & TEXT_BIT != 0
    }

    /// The element of a text; any other node itself.
    pub(crate) fn element(self) -> Self {
        Self(self.0 & !TEXT_BIT)
    }

    fn real(index: u32) -> Option<Self> {
        (index != NIL).then_some(Self(index))
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The root of the tree; its only child is the root element.
    Document,
    /// An element.
    Element,
    /// An attribute.
    Attribute,
    /// The text of an element, as `text()` selects it.
    Text,
}

/// A local name of one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

#[derive(Clone, Debug)]
struct Node {
    parent: u32,
    first: u32,
    last: u32,
    prev: u32,
    next: u32,
    attribute: u32,
    children: u32,
    name: Name,
    prefix: u16,
    kind: NodeKind,
    relevant: bool,
    text: Option<Arc<str>>,
}

/// The interned names of a tree.
#[derive(Clone, Debug)]
struct Names {
    local: Vec<Arc<str>>,
    by_local: NameMap<Arc<str>, Name>,
    prefixes: Vec<Arc<str>>,
}

/// An arena tree. A copy has the same node ids; it costs one pass over the nodes and shares names and texts.
#[derive(Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    free: Vec<u32>,
    /// Shared by the copies of a tree until one of them learns a new name.
    names: Arc<Names>,
    blank: Arc<str>,
    indexes: Indexes,
    order: OnceLock<OrderKeys>,
}

impl Clone for Tree {
    fn clone(&self) -> Self {
        Self {
            nodes: self.nodes.clone(),
            free: self.free.clone(),
            names: self.names.clone(),
            blank: self.blank.clone(),
            indexes: Indexes::default(),
            order: OnceLock::new(),
        }
    }
}

/// Splits a qualified name into prefix and local name.
fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

impl Tree {
    /// The document node, parent of the root element. Absolute paths start here.
    pub fn document(&self) -> NodeId {
        NodeId(0)
    }

    /// The root element.
    pub fn root(&self) -> NodeId {
        NodeId(1)
    }

    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.element().0 as usize)
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.element().0 as usize)
    }

    /// The node's own text, whether relevant or not.
    pub fn text(&self, node: NodeId) -> &Arc<str> {
        self.node(node).and_then(|n| n.text.as_ref()).unwrap_or(&self.blank)
    }

    /// The XPath string-value: own text and that of descendants; blank where not relevant.
    pub fn string_value(&self, node: NodeId) -> Arc<str> {
        if self.is_leaf(node) {
            return if self.is_relevant(node) { self.text(node).clone() } else { self.blank.clone() };
        }
        Arc::from(&*self.value(node))
    }

    /// The string-value, borrowed where it is the text of one node.
    pub fn value(&self, node: NodeId) -> Cow<'_, str> {
        if self.is_leaf(node) {
            return Cow::Borrowed(if self.is_relevant(node) { self.text(node) } else { "" });
        }
        Cow::Owned(self.joined(node).0)
    }

    /// The string-value, and how many nodes had to be looked at for it.
    pub(crate) fn weighed_value(&self, node: NodeId) -> (Cow<'_, str>, usize) {
        if self.is_leaf(node) {
            return (self.value(node), 1);
        }
        let (text, visited) = self.joined(node);
        (Cow::Owned(text), visited)
    }

    fn joined(&self, node: NodeId) -> (String, usize) {
        let (mut text, mut visited) = (String::new(), 0);
        for at in self.descendants(node) {
            visited += 1;
            if self.is_relevant(at) {
                text.push_str(self.text(at));
            }
        }
        (text, visited)
    }

    fn is_leaf(&self, node: NodeId) -> bool {
        node.is_text() || self.node(node).is_none_or(|n| n.first == NIL)
    }

    /// Whether the node is relevant; true for new nodes. An attribute follows its element.
    pub fn is_relevant(&self, node: NodeId) -> bool {
        match self.node(node) {
            Some(n) if n.kind == NodeKind::Attribute => n.relevant && self.is_relevant(NodeId(n.parent)),
            Some(n) => n.relevant,
            None => false,
        }
    }

    /// The value of an attribute, by local name.
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<&Arc<str>> {
        self.attributes(node).find(|at| &**self.name(*at) == name).map(|at| self.text(at))
    }

    /// The first child element with this local name.
    pub fn child(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.children_named(node, name).next()
    }

    /// The parent; `None` for the document. The parent of an attribute or a text is its element.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        if node.is_text() {
            return Some(node.element());
        }
        NodeId::real(self.node(node)?.parent)
    }

    /// What the node is.
    pub fn kind(&self, node: NodeId) -> NodeKind {
        if node.is_text() { NodeKind::Text } else { self.node(node).map_or(NodeKind::Text, |n| n.kind) }
    }

    /// The local name; blank for the document and for texts.
    pub fn name(&self, node: NodeId) -> &Arc<str> {
        if node.is_text() {
            return &self.blank;
        }
        self.node(node).and_then(|n| self.names.local.get(n.name.0 as usize)).unwrap_or(&self.blank)
    }

    /// The prefix, empty where there is none.
    pub fn prefix(&self, node: NodeId) -> &str {
        self.node(node).and_then(|n| self.names.prefixes.get(n.prefix as usize)).map_or("", |p| p)
    }

    /// `prefix:name`, or the name alone.
    pub fn qualified_name(&self, node: NodeId) -> String {
        match self.prefix(node) {
            "" => self.name(node).to_string(),
            prefix => format!("{prefix}:{}", self.name(node)),
        }
    }

    /// The position among the siblings of the same name, from 1.
    pub fn position(&self, node: NodeId) -> u32 {
        let Some(n) = self.node(node) else { return 0 };
        let same = |at: &u32| self.nodes.get(*at as usize).is_some_and(|other| other.name == n.name);
        1 + self.siblings_before(node).filter(same).count() as u32
    }

    /// The position in the run of adjacent siblings of the same name, as `position(node)` counts it.
    pub(crate) fn run_position(&self, node: NodeId) -> u32 {
        let Some(n) = self.node(node) else { return 0 };
        let same = |at: &u32| self.nodes.get(*at as usize).is_some_and(|other| other.name == n.name);
        1 + self.siblings_before(node).take_while(same).count() as u32
    }

    /// How many nodes live in the tree, attributes and the document included.
    pub fn len(&self) -> usize {
        self.nodes.len() - self.free.len()
    }

    /// Never: a tree has its document and its root.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The interned form of a local name; `None` if no node was ever called so.
    pub(crate) fn find_name(&self, local: &str) -> Option<Name> {
        self.names.by_local.get(local).copied()
    }

    pub(crate) fn has_name(&self, node: NodeId, name: Name) -> bool {
        !node.is_text() && self.node(node).is_some_and(|n| n.name == name)
    }

    /// Whether `below` is `node` or stands under it.
    pub(crate) fn contains(&self, node: NodeId, below: NodeId) -> bool {
        let mut at = Some(below);
        while let Some(here) = at {
            if here == node {
                return true;
            }
            at = self.parent(here);
        }
        false
    }
}

#[cfg(test)]
mod tests;
