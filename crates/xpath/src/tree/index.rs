//! Lookup tables of a tree: children by name, items by the value of a column, document order.
//!
//! All are caches. A filter such as `item[district = X]` over 100,000 items hashes the column once (8 bytes an item)
//! and then answers with a binary search; the caller still checks every candidate, so a collision costs time only.

use super::{Name, NodeId, NodeKind, Tree};
use crate::hash::{NameMap, fnv};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A parent with more children than this has its children looked up by name instead of compared.
const WIDE: u32 = 16;

/// Children of the wide parents by (parent, name).
type ByName = NameMap<(NodeId, Name), Vec<NodeId>>;
/// Hashes of a column's values with the item they belong to, sorted by hash, then in document order.
type Hashed = Arc<[(u32, NodeId)]>;

/// Which value of an item a filter compares, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Column {
    /// The parent of the items.
    pub parent: NodeId,
    /// The items' name.
    pub item: Name,
    /// The child element or attribute of an item.
    pub column: Name,
    /// Whether it is an attribute.
    pub attribute: bool,
    /// Compared as numbers rather than as texts.
    pub numeric: bool,
    /// The zone in which dates count as numbers.
    pub zone_minutes: i32,
}

#[derive(Debug, Default)]
pub(super) struct Indexes {
    by_name: OnceLock<ByName>,
    columns: Mutex<NameMap<Column, Hashed>>,
}

impl Indexes {
    pub(super) fn is_wide(&self, children: u32) -> bool {
        children > WIDE
    }

    /// Children of a wide parent by name.
    pub(super) fn lookup(&self, tree: &Tree, parent: NodeId, name: Name) -> Option<&Vec<NodeId>> {
        self.by_name.get_or_init(|| children_by_name(tree)).get(&(parent, name))
    }

    /// A parent has got or lost a child and now has `children`.
    pub(super) fn forget_children(&mut self, children: u32) {
        if children >= WIDE {
            self.by_name.take();
        }
        self.forget_values();
    }

    /// A value or a relevance has changed.
    pub(super) fn forget_values(&mut self) {
        self.columns.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn children_by_name(tree: &Tree) -> ByName {
    let mut map = ByName::default();
    for (at, parent) in tree.nodes.iter().enumerate() {
        if parent.children > WIDE {
            let id = NodeId(at as u32);
            for child in tree.children(id) {
                if let Some(n) = tree.node(child) {
                    map.entry((id, n.name)).or_default().push(child);
                }
            }
        }
    }
    map
}

/// Position of every node in document order, by node id.
#[derive(Debug)]
pub(super) struct OrderKeys(Vec<u32>);

impl Tree {
    /// A key that sorts nodes in document order: element, its attributes, its text, its children.
    pub(crate) fn order_key(&self, node: NodeId) -> u64 {
        let keys = self.order.get_or_init(|| self.number_nodes());
        let rank = keys.0.get(node.element().0 as usize).copied().unwrap_or(u32::MAX);
        // The text of an element stands behind its attributes: their ranks follow the element's.
        let attributes = if node.is_text() { self.attributes(node.element()).count() as u64 } else { 0 };
        (u64::from(rank) + attributes) * 2 + u64::from(node.is_text())
    }

    fn number_nodes(&self) -> OrderKeys {
        let mut keys = vec![u32::MAX; self.nodes.len()];
        let mut rank = 0;
        let mut number = |node: NodeId| {
            if let Some(slot) = keys.get_mut(node.0 as usize) {
                *slot = rank;
                rank += 1;
            }
        };
        for node in self.descendants(self.document()) {
            number(node);
            self.attributes(node).for_each(&mut number);
        }
        OrderKeys(keys)
    }

    /// Items whose column may equal the value behind `hash`, in document order. Each is to be checked.
    pub(crate) fn candidates(&self, column: Column, hash: u32, out: &mut Vec<NodeId>) {
        let table = {
            let mut columns = self.indexes.columns.lock().unwrap_or_else(PoisonError::into_inner);
            columns.entry(column).or_insert_with(|| self.hash_column(column)).clone()
        };
        let from = table.partition_point(|(key, _)| *key < hash);
        let hits = table.iter().skip(from).take_while(|(key, _)| *key == hash).map(|(_, node)| *node);
        let start = out.len();
        for node in hits {
            // An item with two equal columns would come twice, one behind the other.
            if out.len() == start || out.last() != Some(&node) {
                out.push(node);
            }
        }
    }

    fn hash_column(&self, column: Column) -> Hashed {
        let mut table = Vec::new();
        for item in self.named(column.parent, column.item) {
            let mut add = |cell: NodeId| {
                let value = self.value(cell);
                let key = if column.numeric {
                    number_key(crate::value::to_number(&value, column.zone_minutes))
                } else {
                    text_key(&value)
                };
                table.push((key, item));
            };
            if column.attribute {
                self.attributes(item).filter(|at| self.has_name(*at, column.column)).for_each(&mut add);
            } else {
                self.named(item, column.column).for_each(&mut add);
            }
        }
        // Stable: items of one hash stay in document order.
        table.sort_by_key(|(key, _)| *key);
        table.into()
    }

    /// Whether an element's children are wide enough for a column index to pay.
    pub(crate) fn worth_indexing(&self, parent: NodeId) -> bool {
        self.node(parent).is_some_and(|n| n.children > WIDE && n.kind != NodeKind::Attribute)
    }
}

/// The hash under which a text is filed.
pub(crate) fn text_key(text: &str) -> u32 {
    fnv(text.as_bytes())
}

/// The hash under which a number is filed; both zeros are one number.
pub(crate) fn number_key(number: f64) -> u32 {
    let number = if number == 0.0 { 0.0 } else { number };
    fnv(&number.to_bits().to_le_bytes())
}
