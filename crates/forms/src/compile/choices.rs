//! What a select or rank offers.

use super::filter::Filter;
use super::text::Text;
use baraza_xpath::NodeRef;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// A list longer than this gets an index by value.
const INDEX_FROM: usize = 12;

/// A select or rank of the form.
#[derive(Debug)]
pub(crate) struct Select {
    pub(crate) multiple: bool,
    pub(crate) rank: bool,
    /// How an item is named, seen from it; its value otherwise.
    pub(crate) label: Option<Text>,
    pub(crate) source: Source,
}

/// Where the choices come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// The same for every record: written in place, or a whole secondary instance.
    Always(Arc<ChoiceList>),
    /// Depends on answers.
    Filtered(Arc<Filter>),
}

/// A choice on offer.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) value: Arc<str>,
    pub(crate) label: ChoiceLabel,
}

/// How a choice is named.
#[derive(Debug, Clone)]
pub(crate) enum ChoiceLabel {
    /// A text of the form, seen from the question.
    Text(Text),
    /// An item: the itemset's label, seen from it.
    Item(NodeRef),
}

/// Choices in order.
#[derive(Debug, Default)]
pub(crate) struct ChoiceList {
    pub(crate) choices: Vec<Choice>,
    index: HashMap<Arc<str>, usize>,
}

impl ChoiceList {
    pub(crate) fn new(choices: Vec<Choice>) -> Self {
        let mut index = HashMap::new();
        if choices.len() >= INDEX_FROM {
            for (at, choice) in choices.iter().enumerate() {
                index.entry(Arc::clone(&choice.value)).or_insert(at);
            }
        }
        ChoiceList { choices, index }
    }

    /// The place of a value in the list.
    pub(crate) fn position(&self, value: &str) -> Option<usize> {
        if self.choices.len() >= INDEX_FROM {
            return self.index.get(value).copied();
        }
        self.choices.iter().position(|c| &*c.value == value)
    }

    pub(crate) fn get(&self, value: &str) -> Option<&Choice> {
        self.choices.get(self.position(value)?)
    }
}

impl Select {
    /// The part of a stored value that is on offer (FORM-RUN 10); a ranking also takes in what it does not name.
    pub(crate) fn offered<'s>(&self, list: &ChoiceList, stored: &'s str) -> Cow<'s, str> {
        if !self.multiple && !self.rank {
            return Cow::Borrowed(if list.position(stored).is_some() { stored } else { "" });
        }
        if stored.is_empty() {
            return Cow::Borrowed("");
        }
        let mut kept: Vec<&str> = Vec::new();
        for value in stored.split_whitespace().filter(|v| list.position(v).is_some()) {
            if !self.rank || !kept.contains(&value) {
                kept.push(value);
            }
        }
        if self.rank {
            for choice in &list.choices {
                if !kept.contains(&&*choice.value) {
                    kept.push(&choice.value);
                }
            }
        }
        kept.join(" ").into()
    }

    /// What setting a value by hand keeps: choices on offer, in the order of the list.
    pub(crate) fn chosen(&self, list: &ChoiceList, value: &str) -> String {
        if !self.multiple {
            return if list.position(value).is_some() { value.to_owned() } else { String::new() };
        }
        let mut places: Vec<usize> = value.split_whitespace().filter_map(|v| list.position(v)).collect();
        places.sort_unstable();
        places.dedup();
        let names: Vec<&str> =
            places.iter().filter_map(|p| list.choices.get(*p)).map(|c| &*c.value).collect();
        names.join(" ")
    }

    /// Whether a ranking names every choice.
    pub(crate) fn names_all(list: &ChoiceList, value: &str) -> bool {
        let named: Vec<&str> = value.split_whitespace().collect();
        list.choices.iter().all(|c| named.contains(&&*c.value))
    }
}
