//! What a question's place and columns add to it: defaults, triggers, tables, "other", sensitivity.

use super::headings::{Fields, Words};
use super::reference::references;
use super::row::select_words;
use super::survey::{Rows, TableList};
use super::tokens::is_dynamic_default;
use super::tree::{Id, Kind, Node, OwnAction};
use std::collections::BTreeMap;

impl Rows<'_> {
    /// Finishes a question that [`Rows::question`] has read and adds it where it stands.
    pub(super) fn ask(&mut self, mut node: Node, fields: &Fields) {
        self.sensitivity_of(&node, fields);
        self.triggers_of(&mut node, fields);
        if let Some(default) = node.default.clone()
            && is_dynamic_default(&default, &node.question_type)
        {
            node.dynamic_default = true;
            let action =
                |event| OwnAction { element: "setvalue", event, value: None, attributes: BTreeMap::new() };
            node.actions.insert(0, action("odk-instance-first-load"));
            if self.in_repeat() {
                node.actions.insert(1, action("odk-new-repeat"));
            }
        }
        if node.question_type == "calculate" && node.bind_text("calculate").is_none() && !node.dynamic_default
        {
            let message = format!("The calculation \"{}\" does not say what to calculate.", node.name);
            let at = Self::at(node.row, "calculation");
            self.report.error(
                at,
                "calculation.missing",
                message,
                "Write an expression into the column calculation.",
            );
        }
        let (name, here) = (node.name.clone(), self.here());
        self.questions.insert(name.clone());
        if node.kind == Kind::External {
            self.out.instances.insert(name.clone());
        }
        let select = node.itemset.is_some() && !node.question_type.starts_with("geo");
        let other = fields.text("type").is_some_and(|t| select_words(t).is_some_and(|s| s.other));
        if select && node.question_type != "range" {
            self.table_row(&mut node, here);
        }
        let row = node.row;
        self.out.tree.add(here, node);
        if other {
            self.specify_other(&name, row, here);
        }
    }

    /// In a table-list group the first select brings a row of labels, and the others show none.
    fn table_row(&mut self, node: &mut Node, here: Id) {
        let Some(table) = self.open.last().and_then(|o| o.table.clone()) else { return };
        let at = Self::at(node.row, "type");
        let list = node.itemset.clone().unwrap_or_default();
        match table {
            TableList::Wanted => {
                if node.choice_filter.is_some() {
                    let message = "A table-list group can't filter its choices.";
                    self.report.error(
                        at,
                        "table-list.filter",
                        message,
                        "Remove the choice filter or the table-list.",
                    );
                }
                let name = format!("reserved_name_for_field_list_labels_{}", node.row);
                let mut header = Node::new(Kind::Question, &node.question_type, &name, node.row);
                header.itemset = Some(list.clone());
                header.set_control("appearance", "label");
                self.out.tree.add(here, header);
                if let Some(open) = self.open.last_mut() {
                    open.table = Some(TableList::Of(list));
                }
            }
            TableList::Of(first) if first != list => {
                let message = format!(
                    "All questions of a table-list group must share one list; this has \"{list}\", and the first has \"{first}\"."
                );
                self.report.error(at, "table-list.mixed", message, "Use the same list in all of them.");
            }
            TableList::Of(_) => {}
        }
        node.set_control("appearance", "list-nolabel");
    }

    fn specify_other(&mut self, name: &str, row: u32, here: Id) {
        let mut other = Node::new(Kind::Question, "text", &format!("{name}_other"), row);
        other.label = Some(Words::Plain("Specify other.".to_owned()));
        other.set_bind("relevant", &format!("selected(../{name}, 'other')"));
        self.out.tree.add(here, other);
    }

    fn triggers_of(&mut self, node: &mut Node, fields: &Fields) {
        let Some(text) = fields.text("trigger") else { return };
        let at = Self::at(fields.row, "trigger");
        for part in text.split(',') {
            let found = references(part);
            match found.as_slice() {
                [(reference, _)] => {
                    node.trigger.push(reference.name.to_owned());
                    self.triggers.push((reference.name.to_owned(), fields.row));
                }
                [] if !text.contains("${") => {
                    let message = format!("The trigger \"{part}\" is not a reference.");
                    self.report.error(
                        at,
                        "reference.malformed",
                        message,
                        "Write ${name} with the name of a question.",
                    );
                }
                [] if part.contains("${") => {
                    let message = format!("The trigger \"{part}\" is not written as it should be.");
                    self.report.error(
                        at,
                        "reference.malformed",
                        message,
                        "Write ${name} with the name of a question.",
                    );
                }
                [] => {}
                _ => {
                    let message =
                        format!("Several triggers stand in \"{part}\" without a comma between them.");
                    self.report.error(
                        at,
                        "reference.malformed",
                        message,
                        "Put a comma between the references.",
                    );
                }
            }
        }
    }

    /// Reports a sensitivity that is none of the four words.
    pub(super) fn sensitivity_of(&mut self, node: &Node, fields: &Fields) {
        if let Some(word) = node.columns.get("sensitivity")
            && let Err(words) = word.trim().to_lowercase().parse::<baraza_model::Sensitivity>()
        {
            let message = format!("The sensitivity can't be \"{word}\".");
            let at = Self::at(fields.row, "sensitivity");
            self.report.error(at, "sensitivity.unknown", message, format!("Write one of {words}."));
        }
    }
}
