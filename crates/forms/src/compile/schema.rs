//! The tables that a form's records fill.

use super::choices::{ChoiceLabel, ChoiceList, Source as Choices};
use super::node::NodeDef;
use super::text::{Part, Text};
use super::{Filter, Form};
use crate::def::Bind;
use crate::schema::{Column, Schema, SchemaChoice, Source, Table};
use crate::session::NodeKind;
use baraza_xpath::{NodeId, NodeRef, Origin};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Lists longer than this are left out of the schema: they are data, not answers to list.
const MAX_CHOICES: usize = 2_000;

/// The schema of a compiled form; notes in each node which column it is.
pub(super) fn of(form: &mut Form) -> Schema {
    let schema = tables(form);
    let mut next = vec![0_u16; schema.tables.len()];
    for node in form.nodes.iter_mut().filter(|n| is_column(n)) {
        if let Some(next) = next.get_mut(node.in_repeat.map_or(0, |r| r + 1)) {
            node.column = Some(*next);
            *next = next.saturating_add(1);
        }
    }
    schema
}

fn is_column(node: &NodeDef) -> bool {
    node.is_leaf() && !node.attribute && node.kind != NodeKind::Note
}

fn tables(form: &Form) -> Schema {
    let mut tables = vec![Table { repeat: String::new(), parent: None, columns: Vec::new() }];
    for repeat in &form.repeats {
        let parent = repeat.parent.map(|p| form.node(form.repeat(p).def).question().to_owned());
        let name = form.node(repeat.def).question().to_owned();
        tables.push(Table { repeat: name, parent: Some(parent.unwrap_or_default()), columns: Vec::new() });
    }
    let mut shared = Shared::new();
    let binds: HashMap<String, &Bind> =
        form.def.binds.iter().map(|b| (super::build::plain_path(&b.nodeset), b)).collect();
    for node in form.nodes.iter().filter(|n| is_column(n)) {
        let at = node.in_repeat.map_or(0, |r| r + 1);
        if let Some(table) = tables.get_mut(at) {
            table.columns.push(column(form, node, binds.get(&node.path).copied(), &mut shared));
        }
    }
    Schema { tables }
}

/// Choices listed so far, by their list and the label of the itemset.
type Shared = HashMap<(*const ChoiceList, String), Arc<Vec<SchemaChoice>>>;

fn column(form: &Form, node: &NodeDef, bind: Option<&Bind>, shared: &mut Shared) -> Column {
    let data_type = match (&node.select, node.kind) {
        (Some(select), _) if select.rank => "rank".to_owned(),
        (Some(select), _) => if select.multiple { "select" } else { "select1" }.to_owned(),
        (None, NodeKind::Trigger) => "trigger".to_owned(),
        (None, _) => node.datatype.clone(),
    };
    let asked = node.kind != NodeKind::ModelValue;
    Column {
        path: node.question().to_owned(),
        data_type,
        sensitivity: node.sensitivity,
        hxl: bind.and_then(|b| b.hxl.clone()),
        multiline: node.multiline,
        source: match (node.stored, asked && !(node.impure || node.preload.is_some())) {
            (false, _) => Source::PureCalculation,
            (true, true) => Source::Answer,
            (true, false) => Source::StoredCalculation,
        },
        labels: labels(form, node.label.as_ref(), None),
        choices: match node.select.as_ref().map(|s| (&s.source, s.label.as_ref())) {
            Some((Choices::Always(list), label)) => {
                let key = (Arc::as_ptr(list), format!("{label:?}"));
                Arc::clone(shared.entry(key).or_insert_with(|| Arc::new(choices(form, list, label))))
            }
            _ => Arc::default(),
        },
        extra: bind.map(|b| b.columns.clone()).unwrap_or_default(),
    }
}

/// A text in every language, outputs as `{…}`.
fn labels(form: &Form, text: Option<&Text>, item: Option<NodeRef>) -> BTreeMap<String, String> {
    let Some(text) = text else { return BTreeMap::new() };
    if form.def.languages.is_empty() {
        return BTreeMap::from([(String::new(), flat(form, text, None, item))]);
    }
    let one = |(at, language): (usize, &String)| (language.clone(), flat(form, text, Some(at), item));
    form.def.languages.iter().enumerate().map(one).collect()
}

fn flat(form: &Form, text: &Text, language: Option<usize>, item: Option<NodeRef>) -> String {
    let translated = |id: &str| {
        let entry = language.and_then(|l| form.itext.get(l)).and_then(|texts| texts.get(id));
        entry.map(|e| flat(form, &e.text, None, None)).unwrap_or_default()
    };
    let of_item = |source: &str| {
        let tree = item.and_then(|i| form.forest.tree(i.tree).map(|t| (t, i.node)));
        let node = tree.and_then(|(t, at)| t.child(at, source.trim()).map(|n| t.string_value(n)));
        node.map(|t| t.to_string())
    };
    text.iter()
        .map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Itext(id) => translated(id),
            Part::ItextOf(expr) => of_item(expr.source()).map(|id| translated(&id)).unwrap_or_default(),
            Part::Output(expr) => of_item(expr.source()).unwrap_or_else(|| format!("{{{}}}", expr.source())),
        })
        .collect()
}

impl Form {
    /// What a question is called, outputs as `{…}`: in a language of the form, or in its own where it has not got
    /// that one. Blank labels are none.
    pub fn question_label(&self, question: &str, language: Option<&str>) -> Option<String> {
        let node = self.node(*self.by_question.get(question)?);
        let label = flat(self, node.label.as_ref()?, self.spoken(language), None);
        (!label.is_empty()).then_some(label)
    }

    /// What a choice of a question is called, also where other answers decide which choices are on offer. `None`
    /// for a value that no choice has.
    pub fn choice_label(&self, question: &str, value: &str, language: Option<&str>) -> Option<String> {
        let select = self.node(*self.by_question.get(question)?).select.as_ref()?;
        let (text, item) = match &select.source {
            Choices::Always(list) => match &list.get(value)?.label {
                ChoiceLabel::Text(text) => (text, None),
                ChoiceLabel::Item(item) => (select.label.as_ref()?, Some(*item)),
            },
            Choices::Filtered(filter) => (select.label.as_ref()?, Some(self.item_of(filter, value)?)),
        };
        let label = flat(self, text, self.spoken(language), item);
        (!label.is_empty()).then_some(label)
    }

    /// The first item with this value in the list that an itemset picks from.
    fn item_of(&self, filter: &Filter, value: &str) -> Option<NodeRef> {
        let name = filter.nodeset.paths().iter().find_map(|path| match &path.origin {
            Origin::Instance(Some(name)) => Some(name.to_string()),
            _ => None,
        })?;
        let number = self.forest.find(&name)?;
        let tree = self.forest.tree(number)?;
        let called = filter.value.source().trim();
        let has =
            |item: &NodeId| tree.child(*item, called).is_some_and(|at| *tree.string_value(at) == *value);
        tree.children(tree.root()).find(has).map(|node| NodeRef { tree: number, node })
    }

    /// The language of the form that somebody means: by its name, or by the code that its name ends in (`fr` means
    /// `Français (fr)`). `None` where it has no such language.
    pub fn language_for(&self, asked: &str) -> Option<&str> {
        let mut languages = self.def.languages.iter().map(String::as_str);
        let coded = |name: &str| {
            let code = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map(|(_, code)| code);
            code.is_some_and(|code| code.trim().eq_ignore_ascii_case(asked))
        };
        languages.clone().find(|name| *name == asked).or_else(|| languages.find(|name| coded(name)))
    }

    /// The number of a language; of the form's own where it has no such one.
    fn spoken(&self, language: Option<&str>) -> Option<usize> {
        let asked = language.and_then(|asked| self.language(self.language_for(asked)?));
        (!self.def.languages.is_empty()).then(|| asked.unwrap_or_else(|| self.default_language()))
    }
}

fn choices(form: &Form, list: &ChoiceList, label: Option<&Text>) -> Vec<SchemaChoice> {
    if list.choices.len() > MAX_CHOICES {
        return Vec::new();
    }
    list.choices
        .iter()
        .map(|choice| {
            let (labels, extra) = match &choice.label {
                ChoiceLabel::Text(text) => (labels(form, Some(text), None), BTreeMap::new()),
                ChoiceLabel::Item(item) => (labels(form, label, Some(*item)), extra(form, *item)),
            };
            SchemaChoice { value: choice.value.to_string(), labels, extra }
        })
        .collect()
}

/// The further columns of an item.
fn extra(form: &Form, item: NodeRef) -> BTreeMap<String, String> {
    let Some(tree) = form.forest.tree(item.tree) else { return BTreeMap::new() };
    tree.children(item.node)
        .map(|c| (tree.name(c).to_string(), tree.string_value(c).to_string()))
        .filter(|(name, _)| !matches!(name.as_str(), "name" | "label" | "itextId"))
        .collect()
}
