//! Itemsets whose choices depend on answers: `instance('sites')/root/item[adm3 = /data/adm3]`.
//!
//! What such an itemset offers mostly follows from the values that it reads. The lists made so far are then kept in
//! the form by these values, for all sessions: headquarters sees the same districts again and again.

use super::choices::{ChoiceLabel, ChoiceList};
use baraza_xpath::{Expr, Origin, PRIMARY, Purity};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The most choices that one itemset keeps in all its lists.
const MAX_KEPT: usize = 20_000;
/// The longest key in bytes under which a list is kept: stories do not come twice.
const MAX_KEY: usize = 256;

/// Functions that look at more of a node than its value.
const SEE_MORE: [&str; 8] =
    ["position", "last", "name", "local-name", "namespace-uri", "id", "lang", "indexed-repeat"];

/// An itemset that depends on answers; selects with the same one share it.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) nodeset: Expr,
    pub(crate) value: Expr,
    /// The paths into the record whose values decide what is offered; `None` if more than values does.
    inputs: Option<Vec<Expr>>,
    kept: Mutex<Kept>,
}

/// Lists by the values that they follow from.
#[derive(Debug, Default)]
struct Kept {
    lists: HashMap<String, Arc<ChoiceList>>,
    choices: usize,
}

impl Filter {
    /// `primary` is the id of the primary instance, if it has one; `parse` reads a part of the nodeset.
    pub(super) fn new(
        nodeset: Expr,
        value: Expr,
        primary: Option<&str>,
        parse: &mut dyn FnMut(&str) -> Option<Expr>,
    ) -> Self {
        let inputs = if follows_from_item(&value) { inputs(&nodeset, primary, parse) } else { None };
        Filter { nodeset, value, inputs, kept: Mutex::default() }
    }

    /// The paths whose values make the key of a list; `None` if the list must be made each time.
    pub(crate) fn inputs(&self) -> Option<&[Expr]> {
        self.inputs.as_deref()
    }

    /// The list kept for these values; otherwise the one that is made now. Items of the record itself stay its own.
    pub(crate) fn list(&self, key: String, make: impl FnOnce() -> ChoiceList) -> Arc<ChoiceList> {
        if let Some(list) = self.kept().lists.get(&key) {
            return Arc::clone(list);
        }
        let list = Arc::new(make());
        let elsewhere = |label: &ChoiceLabel| matches!(label, ChoiceLabel::Item(at) if at.tree != PRIMARY);
        let small = key.len() <= MAX_KEY && list.choices.len() < MAX_KEPT;
        if small && list.choices.iter().all(|choice| elsewhere(&choice.label)) {
            let mut kept = self.kept();
            if kept.choices + list.choices.len() >= MAX_KEPT {
                *kept = Kept::default();
            }
            kept.choices += list.choices.len() + 1;
            kept.lists.insert(key, Arc::clone(&list));
        }
        list
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nothing but the values of nodes decides the result.
fn sees_values_only(expr: &Expr) -> bool {
    let bare = |name: &str| name.rsplit(':').next().unwrap_or(name).to_owned();
    expr.arity_errors().is_empty()
        && !expr.is_impure()
        && !expr.depends_on(Purity::Language)
        && !expr.calls().iter().any(|call| SEE_MORE.contains(&bare(&call.name).as_str()))
}

/// The paths of a nodeset that lead into the record, as expressions of their own.
fn inputs(
    nodeset: &Expr,
    primary: Option<&str>,
    parse: &mut dyn FnMut(&str) -> Option<Expr>,
) -> Option<Vec<Expr>> {
    if !sees_values_only(nodeset) {
        return None;
    }
    let mut inputs = Vec::new();
    for path in nodeset.paths() {
        match &path.origin {
            Origin::Instance(Some(name)) if Some(&**name) != primary => {}
            Origin::Instance(_) => return None,
            Origin::Within { .. } | Origin::Computed => {}
            Origin::Root | Origin::Context | Origin::Current => {
                inputs.push(parse(nodeset.source().get(path.offset..path.end)?)?);
            }
        }
    }
    Some(inputs)
}

/// Whether the value of an item follows from the item alone.
fn follows_from_item(value: &Expr) -> bool {
    sees_values_only(value) && value.paths().iter().all(|path| path.origin == Origin::Context)
}
