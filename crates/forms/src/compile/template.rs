//! Pieces of instance that a session is made of: the whole record, or one instance of a repeat.

use super::node::{DefId, NodeDef};
use crate::def::Element;
use crate::session::NodeKind;
use crate::values::fit;
use crate::xform::local;
use baraza_xpath::{NodeId, Tree};
use std::collections::HashMap;

/// A tree with the definition of each of its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) tree: Tree,
    pub(crate) root: NodeId,
    /// Every element in document order, each followed by its attributes.
    pub(crate) slots: Vec<NodeId>,
    /// Their definitions.
    pub(crate) defs: Vec<DefId>,
}

impl Template {
    /// Nothing yet.
    pub(super) fn empty() -> Self {
        let tree = Tree::new("_");
        Template { root: tree.root(), tree, slots: Vec::new(), defs: Vec::new() }
    }
}

/// Every element of a subtree in document order, each followed by its attributes.
pub(crate) fn walk(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    let mut found = Vec::new();
    for element in tree.descendants(root) {
        found.push(element);
        found.extend(tree.attributes(element));
    }
    found
}

/// The longest value in bytes; longer ones do not fit. A calculation that reads itself could grow without end.
const MAX_VALUE: usize = 256 << 10;

/// The value that a node takes from a text.
pub(crate) fn initial_value(def: &NodeDef, text: &str) -> String {
    if text.len() > MAX_VALUE {
        return String::new();
    }
    match &def.select {
        Some(select) if select.multiple || select.rank => {
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Some(_) => text.to_owned(),
        None if def.kind == NodeKind::Trigger => {
            if text.eq_ignore_ascii_case("ok") {
                "OK".to_owned()
            } else {
                String::new()
            }
        }
        None => within(def, fit(def.value_type, text)),
    }
}

/// Blank outside the bounds of a range.
fn within(def: &NodeDef, value: String) -> String {
    let Some((low, high)) = def.bounds else { return value };
    match value.parse::<f64>() {
        Ok(number) if (low.min(high)..=low.max(high)).contains(&number) => value,
        _ => String::new(),
    }
}

/// Makes templates out of the elements of a form.
pub(super) struct Planter<'n> {
    pub(super) nodes: &'n [NodeDef],
    /// Whether the repeat with this number has its instances from the form's count.
    pub(super) counted: &'n [bool],
    /// Leaves out the values that a record keeps.
    pub(super) bare: bool,
}

impl Planter<'_> {
    /// The template of a node; `blank` leaves the values out.
    pub(super) fn plant(&self, def: DefId, element: Option<&Element>, blank: bool) -> Template {
        let Some(node) = self.nodes.get(def.index()) else {
            return Template::empty();
        };
        let mut tree = Tree::new(&node.name);
        let root = tree.root();
        let mut planted = HashMap::from([(root, def)]);
        self.fill(&mut tree, root, def, element, blank, &mut planted);
        let slots = walk(&tree, root);
        let defs = slots.iter().map(|n| planted.get(n).copied().unwrap_or(DefId::NONE)).collect();
        Template { tree, root, slots, defs }
    }

    fn fill(
        &self,
        tree: &mut Tree,
        at: NodeId,
        def: DefId,
        element: Option<&Element>,
        blank: bool,
        planted: &mut HashMap<NodeId, DefId>,
    ) {
        let Some(node) = self.nodes.get(def.index()) else { return };
        if node.is_leaf() {
            let text = element
                .map(|e| e.text.as_str())
                .filter(|_| !(blank || self.bare && node.stored))
                .unwrap_or_default();
            tree.set_text(at, initial_value(node, text));
        }
        for child in &node.children {
            let Some(inner) = self.nodes.get(child.index()) else { continue };
            if inner.attribute {
                let value = element
                    .and_then(|e| e.attributes.get(&inner.name))
                    .map(String::as_str)
                    .unwrap_or_default();
                let placed = tree.set_attribute(at, &inner.name, value);
                planted.insert(placed, *child);
                continue;
            }
            let same = |e: &&Element| local(&e.name) == local(&inner.name);
            let written: Vec<&Element> = element.iter().flat_map(|e| &e.children).filter(same).collect();
            let sources: Vec<Option<&Element>> = match inner.repeat {
                Some(number) if self.counted.get(number) == Some(&true) => Vec::new(),
                Some(_) => written.into_iter().filter(|e| !is_template(e)).map(Some).collect(),
                None => vec![written.first().copied()],
            };
            for source in sources {
                let placed = tree.append(at, &inner.name);
                planted.insert(placed, *child);
                self.fill(tree, placed, *child, source, blank, planted);
            }
        }
    }
}

/// Whether an element is the template of a repeat.
pub(super) fn is_template(element: &Element) -> bool {
    element.attributes.contains_key("jr:template")
}
