//! Making and changing a tree: append, insert, graft, remove, set.

use super::{Indexes, NIL, Name, Names, Node, NodeId, NodeKind, Tree, split_name};
use crate::hash::NameMap;
use std::sync::{Arc, OnceLock};

impl Tree {
    /// A tree with a root element.
    pub fn new(root_name: &str) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            free: Vec::new(),
            names: Arc::new(Names {
                local: vec![Arc::from("")],
                by_local: NameMap::from_iter([(Arc::from(""), Name(0))]),
                prefixes: vec![Arc::from("")],
            }),
            blank: Arc::from(""),
            indexes: Indexes::default(),
            order: OnceLock::new(),
        };
        let document = tree.alloc("", NodeKind::Document);
        tree.append(document, root_name);
        tree
    }

    /// Appends an element. `name` may have a prefix, which is kept for output and not compared.
    pub fn append(&mut self, parent: NodeId, name: &str) -> NodeId {
        self.insert_before(parent, None, name)
    }

    /// Appends an element with a text.
    pub fn append_text(&mut self, parent: NodeId, name: &str, text: impl Into<Arc<str>>) -> NodeId {
        let node = self.append(parent, name);
        self.set_text(node, text);
        node
    }

    /// Inserts a new element before a sibling, or at the end.
    pub fn insert_before(&mut self, parent: NodeId, before: Option<NodeId>, name: &str) -> NodeId {
        let node = self.alloc(name, NodeKind::Element);
        self.link(parent, before, node);
        node
    }

    /// Copies a subtree (of another tree) to become a child of `parent`, before a sibling or at the end, with its
    /// attributes, texts and relevance.
    pub fn graft(&mut self, parent: NodeId, before: Option<NodeId>, source: &Tree, node: NodeId) -> NodeId {
        let top = self.insert_before(parent, before, &source.qualified_name(node));
        // (source node, its copy): an explicit stack, so that depth costs no call stack.
        let mut open = vec![(node, top)];
        while let Some((from, to)) = open.pop() {
            self.copy_own(source, from, to);
            for child in source.children(from) {
                let copy = self.append(to, &source.qualified_name(child));
                open.push((child, copy));
            }
        }
        top
    }

    fn copy_own(&mut self, source: &Tree, from: NodeId, to: NodeId) {
        let relevant = source.node(from).is_none_or(|n| n.relevant);
        let text = source.node(from).and_then(|n| n.text.clone());
        if let Some(n) = self.node_mut(to) {
            n.relevant = relevant;
            n.text = text;
        }
        for attribute in source.attributes(from) {
            self.set_attribute(to, &source.qualified_name(attribute), source.text(attribute).clone());
        }
    }

    /// Copies a subtree of this tree.
    pub fn clone_subtree(&mut self, node: NodeId, parent: NodeId, before: Option<NodeId>) -> NodeId {
        let mut template = Tree::new("template");
        let root = template.root();
        let copy = template.graft(root, None, self, node);
        self.graft(parent, before, &template, copy)
    }

    /// Removes a subtree; its ids may be given out again. The document and the root element stay.
    pub fn remove(&mut self, node: NodeId) {
        if node.is_text() || node.0 < 2 || self.node(node).is_none_or(|n| n.parent == NIL) {
            return;
        }
        self.unlink(node);
        let mut doomed: Vec<NodeId> = self.descendants(node).collect();
        for at in 0..doomed.len() {
            let Some(element) = doomed.get(at).copied() else { break };
            let attributes: Vec<NodeId> = self.attributes(element).collect();
            doomed.extend(attributes);
        }
        for gone in doomed {
            if let Some(n) = self.node_mut(gone) {
                *n = blank_node(Name(0), 0, NodeKind::Element);
            }
            self.free.push(gone.0);
        }
    }

    /// Sets the text of an element or the value of an attribute.
    pub fn set_text(&mut self, node: NodeId, text: impl Into<Arc<str>>) {
        let text: Arc<str> = text.into();
        if let Some(n) = self.node_mut(node) {
            n.text = (!text.is_empty()).then_some(text);
        }
        self.indexes.forget_values();
    }

    /// Sets the relevance of one node. Relevance is not inherited by itself: set it on descendants too.
    pub fn set_relevant(&mut self, node: NodeId, relevant: bool) {
        if let Some(n) = self.node_mut(node) {
            n.relevant = relevant;
        }
        self.indexes.forget_values();
    }

    /// Adds or replaces an attribute.
    pub fn set_attribute(&mut self, node: NodeId, name: &str, value: impl Into<Arc<str>>) -> NodeId {
        let (_, local) = split_name(name);
        let known = self.attributes(node).find(|at| &**self.name(*at) == local);
        let attribute = known.unwrap_or_else(|| self.add_attribute(node, name));
        self.set_text(attribute, value);
        attribute
    }

    fn add_attribute(&mut self, node: NodeId, name: &str) -> NodeId {
        let last = self.attributes(node).last();
        let attribute = self.alloc(name, NodeKind::Attribute);
        self.order.take();
        if let Some(n) = self.node_mut(attribute) {
            n.parent = node.element().0;
            n.prev = last.map_or(NIL, |at| at.0);
        }
        match last {
            Some(last) => self.edit(last, |n| n.next = attribute.0),
            None => self.edit(node, |n| n.attribute = attribute.0),
        }
        attribute
    }

    fn intern(&mut self, local: &str) -> Name {
        if let Some(name) = self.names.by_local.get(local) {
            return *name;
        }
        let names = Arc::make_mut(&mut self.names);
        let name = Name(names.local.len() as u32);
        let shared: Arc<str> = Arc::from(local);
        names.local.push(shared.clone());
        names.by_local.insert(shared, name);
        name
    }

    fn intern_prefix(&mut self, prefix: &str) -> u16 {
        if let Some(at) = self.names.prefixes.iter().position(|p| &**p == prefix) {
            return at as u16;
        }
        if self.names.prefixes.len() >= usize::from(u16::MAX) {
            return 0;
        }
        let names = Arc::make_mut(&mut self.names);
        names.prefixes.push(Arc::from(prefix));
        (names.prefixes.len() - 1) as u16
    }

    fn alloc(&mut self, name: &str, kind: NodeKind) -> NodeId {
        let (prefix, local) = split_name(name);
        let (name, prefix) = (self.intern(local), self.intern_prefix(prefix));
        let fresh = blank_node(name, prefix, kind);
        match self.free.pop() {
            Some(slot) => {
                self.edit(NodeId(slot), |n| *n = fresh);
                NodeId(slot)
            }
            None => {
                self.nodes.push(fresh);
                NodeId((self.nodes.len() - 1) as u32)
            }
        }
    }

    fn edit(&mut self, node: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(n) = self.node_mut(node) {
            change(n);
        }
    }

    /// Makes `node` a child of `parent`, before a child of it or at the end.
    fn link(&mut self, parent: NodeId, before: Option<NodeId>, node: NodeId) {
        let parent = parent.element();
        let before = before.filter(|at| self.node(*at).is_some_and(|n| n.parent == parent.0));
        let prev = match before {
            Some(at) => self.node(at).map_or(NIL, |n| n.prev),
            None => self.node(parent).map_or(NIL, |n| n.last),
        };
        let next = before.map_or(NIL, |at| at.0);
        self.edit(node, |n| (n.parent, n.prev, n.next) = (parent.0, prev, next));
        self.join(parent, prev, node.0);
        self.join_back(parent, node.0, next);
        self.edit(parent, |n| n.children += 1);
        self.changed(parent);
    }

    fn unlink(&mut self, node: NodeId) {
        let Some((parent, prev, next)) = self.node(node).map(|n| (NodeId(n.parent), n.prev, n.next)) else {
            return;
        };
        self.join(parent, prev, next);
        self.join_back(parent, prev, next);
        self.edit(parent, |n| n.children = n.children.saturating_sub(1));
        self.changed(parent);
    }

    /// Makes `next` follow `prev`; without `prev` it is the parent's first child.
    fn join(&mut self, parent: NodeId, prev: u32, next: u32) {
        match NodeId::real(prev) {
            Some(prev) => self.edit(prev, |n| n.next = next),
            None => self.edit(parent, |n| n.first = next),
        }
    }

    /// Makes `prev` precede `next`; without `next` it is the parent's last child.
    fn join_back(&mut self, parent: NodeId, prev: u32, next: u32) {
        match NodeId::real(next) {
            Some(next) => self.edit(next, |n| n.prev = prev),
            None => self.edit(parent, |n| n.last = prev),
        }
    }

    /// Drops what the new children of `parent` make wrong.
    fn changed(&mut self, parent: NodeId) {
        self.order.take();
        let children = self.node(parent).map_or(0, |n| n.children);
        self.indexes.forget_children(children);
    }
}

fn blank_node(name: Name, prefix: u16, kind: NodeKind) -> Node {
    Node {
        parent: NIL,
        first: NIL,
        last: NIL,
        prev: NIL,
        next: NIL,
        attribute: NIL,
        children: 0,
        name,
        prefix,
        kind,
        relevant: true,
        text: None,
    }
}
