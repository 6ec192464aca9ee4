//! An arena tree of elements, attributes and texts: the live instance and the secondary instances alike.

use std::collections::HashMap;
use std::sync::Arc;

/// A node of one [`Tree`]. Ids stay valid until the node is removed; they say nothing about document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

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

/// An arena tree.
#[derive(Clone, Debug)]
pub struct Tree {
    names: HashMap<Arc<str>, u32>,
}

impl Tree {
    /// A tree with a root element.
    pub fn new(root_name: &str) -> Self {
        let _ = root_name;
        todo!()
    }
    /// The document node, parent of the root element. Absolute paths start here.
    pub fn document(&self) -> NodeId {
        NodeId(0)
    }
    /// The root element.
    pub fn root(&self) -> NodeId {
        NodeId(1)
    }
    /// Appends an element. `name` may have a prefix, which is kept for output and not compared.
    pub fn append(&mut self, parent: NodeId, name: &str) -> NodeId {
        let _ = (parent, name);
        todo!()
    }
    /// Appends an element with a text.
    pub fn append_text(&mut self, parent: NodeId, name: &str, text: impl Into<Arc<str>>) -> NodeId {
        let _ = (parent, name, text.into());
        todo!()
    }
    /// Inserts a new element before a sibling, or at the end.
    pub fn insert_before(&mut self, parent: NodeId, before: Option<NodeId>, name: &str) -> NodeId {
        let _ = (parent, before, name);
        todo!()
    }
    /// Copies a subtree (of this tree or another) to become a child of `parent`, before a sibling or at the end.
    /// Relevance is copied too.
    pub fn graft(&mut self, parent: NodeId, before: Option<NodeId>, source: &Tree, node: NodeId) -> NodeId {
        let _ = (parent, before, source, node);
        todo!()
    }
    /// Copies a subtree of this tree.
    pub fn clone_subtree(&mut self, node: NodeId, parent: NodeId, before: Option<NodeId>) -> NodeId {
        let _ = (parent, before, node);
        todo!()
    }
    /// Removes a subtree; its ids may be given out again.
    pub fn remove(&mut self, node: NodeId) {
        let _ = node;
        todo!()
    }
    /// Sets the text of an element or the value of an attribute.
    pub fn set_text(&mut self, node: NodeId, text: impl Into<Arc<str>>) {
        let _ = (node, text.into());
        todo!()
    }
    /// The node's own text, whether relevant or not.
    pub fn text(&self, node: NodeId) -> &Arc<str> {
        let _ = node;
        todo!()
    }
    /// The XPath string-value: own text and that of descendants; blank where not relevant.
    pub fn string_value(&self, node: NodeId) -> Arc<str> {
        let _ = node;
        todo!()
    }
    /// Sets the relevance of one node. Relevance is not inherited by itself: set it on descendants too.
    pub fn set_relevant(&mut self, node: NodeId, relevant: bool) {
        let _ = (node, relevant);
        todo!()
    }
    /// Whether the node is relevant; true for new nodes.
    pub fn is_relevant(&self, node: NodeId) -> bool {
        let _ = node;
        todo!()
    }
    /// Adds or replaces an attribute.
    pub fn set_attribute(&mut self, node: NodeId, name: &str, value: impl Into<Arc<str>>) -> NodeId {
        let _ = (node, name, value.into());
        todo!()
    }
    /// The value of an attribute, by local name.
    pub fn attribute(&self, node: NodeId, name: &str) -> Option<&Arc<str>> {
        let _ = (node, name);
        todo!()
    }
    /// The attributes of an element in order.
    pub fn attributes(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let _ = node;
        std::iter::empty()
    }
    /// The child elements in order.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let _ = node;
        std::iter::empty()
    }
    /// The child elements with this local name, in order.
    pub fn children_named<'a>(&'a self, node: NodeId, name: &str) -> impl Iterator<Item = NodeId> + 'a {
        let _ = (node, name);
        std::iter::empty()
    }
    /// The first child element with this local name.
    pub fn child(&self, node: NodeId, name: &str) -> Option<NodeId> {
        self.children_named(node, name).next()
    }
    /// The node and its descendant elements in document order.
    pub fn descendants(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let _ = node;
        std::iter::empty()
    }
    /// The parent; `None` for the document.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        let _ = node;
        todo!()
    }
    /// What the node is.
    pub fn kind(&self, node: NodeId) -> NodeKind {
        let _ = node;
        todo!()
    }
    /// The local name.
    pub fn name(&self, node: NodeId) -> &Arc<str> {
        let _ = node;
        todo!()
    }
    /// The prefix, empty where there is none.
    pub fn prefix(&self, node: NodeId) -> &str {
        let _ = node;
        todo!()
    }
    /// `prefix:name`, or the name alone.
    pub fn qualified_name(&self, node: NodeId) -> String {
        let _ = node;
        todo!()
    }
    /// The position among siblings of the same name, from 1.
    pub fn position(&self, node: NodeId) -> u32 {
        let _ = node;
        todo!()
    }
    /// How many nodes live in the tree.
    pub fn len(&self) -> usize {
        self.names.len()
    }
    /// Never: a tree has its document and its root.
    pub fn is_empty(&self) -> bool {
        false
    }
}
