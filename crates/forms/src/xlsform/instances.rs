//! Secondary instances: choice lists, attached files, the last saved record.

use super::choices::{Choice, Lists};
use super::headings::Words;
use super::question::file_of;
use super::reference::{has_reference, references};
use super::report::{At, Report};
use super::survey::SHEET;
use super::tree::{Id, Kind, Node, Tree};
use crate::def::{Element, SecondaryInstance};
use std::collections::BTreeSet;

/// Attributes whose expressions may bring an instance with them.
const EXPRESSIONS: [&str; 5] = ["calculate", "constraint", "readonly", "required", "relevant"];

/// All secondary instances of a form in pyxform's order: those that nodes need, the last saved record, the lists.
pub(super) fn collect(
    tree: &Tree,
    lists: &Lists,
    searched: &BTreeSet<String>,
    report: &mut Report,
) -> Vec<SecondaryInstance> {
    let mut out = Collected { found: Vec::new(), report };
    let mut last_saved = false;
    let mut external = BTreeSet::new();
    for id in tree.below(0) {
        let node = tree.node(id);
        let at = At::cell(SHEET, node.row, "type");
        if node.kind == Kind::External {
            let (ending, folder) =
                if node.question_type == "csv-external" { ("csv", "file-csv") } else { ("xml", "file") };
            if !external.insert(node.name.clone()) {
                let message = format!("There are two external data sets named \"{}\".", node.name);
                out.report.error(at, "instance.duplicate", message, "Give each a name of its own.");
            }
            out.file(&node.name, format!("jr://{folder}/{}.{ending}", node.name), at);
            continue;
        }
        for file in pulled(node) {
            out.file(&file, format!("jr://file-csv/{file}.csv"), at);
        }
        last_saved |= expressions(node).any(|text| references(text).iter().any(|(r, _)| r.last_saved));
        let list = node.itemset.as_deref().filter(|l| !has_reference(l)).filter(|_| is_select(node));
        if let Some((stem, ending)) = list.and_then(file_of) {
            let folder = if ending == "csv" { "file-csv" } else { "file" };
            out.file(stem, format!("jr://{folder}/{stem}.{ending}"), at);
        }
    }
    if last_saved {
        out.file("__last-saved", "jr://instance/last-saved".to_owned(), At::sheet(SHEET));
    }
    for (name, choices) in lists.iter().filter(|(name, _)| !searched.contains(*name)) {
        let content = Some(list_content(name, choices, lists.is_translated(name)));
        out.add(SecondaryInstance { id: name.to_owned(), src: None, content }, At::sheet("choices"));
    }
    out.found
}

fn is_select(node: &Node) -> bool {
    node.question_type.starts_with("select") || node.question_type == "rank"
}

struct Collected<'r> {
    found: Vec<SecondaryInstance>,
    report: &'r mut Report,
}

impl Collected<'_> {
    fn file(&mut self, id: &str, src: String, at: At<'_>) {
        self.add(SecondaryInstance { id: id.to_owned(), src: Some(src), content: None }, at);
    }

    fn add(&mut self, instance: SecondaryInstance, at: At<'_>) {
        match self.found.iter().find(|i| i.id == instance.id) {
            Some(other) if other.src == instance.src => {}
            Some(other) => {
                let place =
                    |i: &SecondaryInstance| i.src.clone().unwrap_or_else(|| "the choices sheet".to_owned());
                let message = format!(
                    "The name \"{}\" would mean two sets of data: {} and {}.",
                    instance.id,
                    place(other),
                    place(&instance)
                );
                self.report.error(at, "instance.conflict", message, "Rename one of them.");
            }
            None => self.found.push(instance),
        }
    }
}

fn expressions(node: &Node) -> impl Iterator<Item = &str> {
    let binds = EXPRESSIONS.iter().filter_map(|key| node.bind_text(key));
    binds.chain(node.choice_filter.as_deref()).chain(node.default.as_deref())
}

/// The files that `pulldata('file', …)` names.
fn pulled(node: &Node) -> Vec<String> {
    let mut out = Vec::new();
    for text in expressions(node).filter(|t| t.contains("pulldata")) {
        for (at, word) in text.match_indices("pulldata") {
            let rest = text.get(at + word.len()..).unwrap_or_default().trim_start();
            let first = rest.strip_prefix('(').and_then(|r| r.split_once(',')).map(|(first, _)| first);
            out.extend(first.map(|f| f.replace(['\'', '"'], "").trim().to_owned()));
        }
    }
    out
}

fn leaf(name: &str, text: &str) -> Element {
    Element { name: name.to_owned(), text: text.to_owned(), ..Element::default() }
}

fn list_content(list: &str, choices: &[Choice], translated: bool) -> Element {
    let item = |(at, choice): (usize, &Choice)| {
        let mut children = Vec::new();
        if translated {
            children.push(leaf("itextId", &format!("{list}-{at}")));
        }
        children.push(leaf("name", &choice.name));
        if let (false, Some(Words::Plain(label))) = (translated, &choice.label) {
            children.push(leaf("label", label));
        }
        children.extend(choice.columns.iter().map(|(name, text)| leaf(name, text)));
        Element { name: "item".to_owned(), children, ..Element::default() }
    };
    let children = choices.iter().enumerate().map(item).collect();
    Element { name: "root".to_owned(), children, ..Element::default() }
}

/// The lists that `search()` appearances use, whose choices stand in the body; reports what can't work with it.
pub(super) fn searched(tree: &Tree, report: &mut Report) -> BTreeSet<String> {
    let selects: Vec<Id> = tree.below(0).into_iter().filter(|id| is_select(tree.node(*id))).collect();
    let list = |id: &Id| tree.node(*id).itemset.clone().unwrap_or_default();
    let (by_search, plain): (Vec<Id>, Vec<Id>) =
        selects.into_iter().partition(|id| is_search(tree.node(*id)));
    for id in &by_search {
        let node = tree.node(*id);
        let at = At::cell(SHEET, node.row, "appearance");
        let name = &node.name;
        if file_of(&list(id)).is_some() {
            let message =
                format!("The question \"{name}\" takes its choices from a file and also uses search().");
            report.error(at, "search.file", message, "Use only one of the two.");
        }
        if let Some(other) = plain.iter().find(|p| list(p) == list(id)) {
            let other = &tree.node(*other).name;
            let message = format!("\"{name}\" uses search() on a list that \"{other}\" uses without it.");
            report.error(at, "search.shared", message, "Give the question with search() a list of its own.");
        }
    }
    by_search.iter().map(list).collect()
}

/// Whether a select takes its choices from a file by an appearance `search(…)`.
pub(super) fn is_search(node: &Node) -> bool {
    let appearance = node.control_text("appearance").unwrap_or_default();
    appearance.find("search(").is_some_and(|at| appearance.get(at..).is_some_and(|rest| rest.contains(')')))
}
