//! Rows that begin and end groups, repeats and loops.

use super::aliases::Container;
use super::headings::Fields;
use super::reference::is_reference;
use super::row::take_columns;
use super::survey::{Open, Rows, TableList};
use super::tree::{Id, Kind, Node};
use std::collections::BTreeMap;

impl Rows<'_> {
    pub(super) fn begin(&mut self, container: Container, list: Option<String>, fields: &Fields) {
        let name = self.name(fields);
        let row = fields.row;
        if container == Container::Repeat {
            let at = Self::at(row, "name");
            if name == self.settings.root {
                let message = format!("The repeat \"{name}\" has the name of the form's root.");
                self.report.error(at, "name.duplicate", message, "Choose another name.");
            } else if !self.repeats.insert(name.clone()) {
                let message = format!("There is another repeat named \"{name}\".");
                self.report.error(
                    at,
                    "name.duplicate",
                    message,
                    "Repeats need names that are unique in the form.",
                );
            }
            if fields.get("label").is_none() && fields.get("media").is_none() {
                let message = format!("The repeat \"{name}\" has no label.");
                self.report.warning(
                    Self::at(row, "label"),
                    "label.missing",
                    message,
                    "Say what is repeated.",
                );
            }
        }
        let (kind, word) =
            if container == Container::Repeat { (Kind::Repeat, "repeat") } else { (Kind::Group, "group") };
        let mut node = Node::new(kind, word, &name, row);
        take_columns(&mut node, fields);
        self.sensitivity_of(&node, fields);
        let here = self.here();
        self.repeat_count(&mut node, here);
        let table = self.table_list(&mut node);
        let heading = table.as_ref().and_then(|_| table_heading(&mut node));
        let list = if container == Container::Loop { self.loop_list(list, row) } else { None };
        let id = self.out.tree.add(here, node);
        if let Some(heading) = heading {
            self.out.tree.add(id, heading);
        }
        self.open.push(Open {
            container: Some(container),
            id,
            row,
            names: BTreeMap::new(),
            lower: BTreeMap::new(),
            list,
            table,
        });
    }

    /// A count that is more than one reference gets a calculation of its own.
    fn repeat_count(&mut self, node: &mut Node, parent: Id) {
        let Some(count) = node.control_text("jr:count").map(str::to_owned) else { return };
        if node.kind == Kind::Repeat && !is_reference(&count) {
            let name = format!("{}_count", node.name);
            let mut calculation = Node::calculation(&name, &count, node.row);
            calculation.set_bind("readonly", "true()");
            self.out.tree.add(parent, calculation);
            node.set_control("jr:count", &format!("${{{name}}}"));
        }
    }

    fn table_list(&mut self, node: &mut Node) -> Option<TableList> {
        let appearance = node.control_text("appearance")?.to_owned();
        let words: Vec<&str> = appearance.split_whitespace().collect();
        if !words.contains(&"table-list") {
            return None;
        }
        let others = words.into_iter().filter(|w| *w != "table-list");
        let appearance: Vec<&str> = std::iter::once("field-list").chain(others).collect();
        node.set_control("appearance", &appearance.join(" "));
        Some(TableList::Wanted)
    }

    fn loop_list(&mut self, list: Option<String>, row: u32) -> Option<String> {
        let at = Self::at(row, "type");
        match list {
            Some(list) if self.lists.get(&list).is_some() => Some(list),
            Some(list) => {
                super::choices::missing_list(&list, self.lists, self.book, at, self.report);
                None
            }
            None => {
                let message = "This loop does not say which list it goes through.";
                self.report.error(
                    at,
                    "loop.no-list",
                    message,
                    "Write begin loop over and the name of a list.",
                );
                None
            }
        }
    }

    pub(super) fn end(&mut self, container: Container, fields: &Fields) {
        let at = Self::at(fields.row, "type");
        let word = container.word();
        let begun = self.open.last().and_then(|o| o.container);
        if begun != Some(container) {
            let message = match (begun, self.open.last()) {
                (Some(begun), Some(open)) => {
                    let name = &self.out.tree.node(open.id).name;
                    format!(
                        "end_{word} closes no {word}: the {} \"{name}\" of row {} is open.",
                        begun.word(),
                        open.row
                    )
                }
                _ => format!("end_{word} closes no {word}: none is open."),
            };
            self.report.error(
                at,
                "group.not-open",
                message,
                "Remove the row, or add the row that begins it.",
            );
            // Taking it for the end of what is open keeps one slip from causing a finding in every later row.
            if begun.is_none() {
                return;
            }
        }
        if let Some(Open { id, list: Some(list), .. }) = self.open.pop() {
            self.out.loops.push((id, list));
        }
    }
}

/// The note that carries the label of a table-list group, whose own label could not stand in the table.
fn table_heading(node: &mut Node) -> Option<Node> {
    if node.label.is_none() && node.hint.is_none() {
        return None;
    }
    let mut note =
        Node::new(Kind::Question, "note", &format!("generated_table_list_label_{}", node.row), node.row);
    note.label = node.label.take();
    note.hint = node.hint.take();
    Some(note)
}
