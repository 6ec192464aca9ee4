//! The survey sheet: rows into a tree of groups, repeats and questions.
//!
//! Goes on after every problem, so that one pass finds them all; what a row is worth after a problem only matters
//! for later findings, since the form is refused anyway.

use super::aliases::{Container, yes_no};
use super::choices::Lists;
use super::entities::Entities;
use super::headings::{Fields, Table, Value};
use super::reference::{Names, is_element_name};
use super::report::{At, Report, did_you_mean};
use super::row::{aliased_type, container};
use super::settings::Settings;
use super::tree::{Id, Node, Tree};
use super::workbook::Book;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const SHEET: &str = "survey";

/// What the survey sheet gave.
pub(super) struct Survey {
    /// The form, without its meta block.
    pub(super) tree: Tree,
    /// How often each name was given in the sheet.
    pub(super) names: Names,
    /// What belongs into the meta block: audit.
    pub(super) meta: Vec<Node>,
    /// Names of things that a reference-geometry may mean, with the row that asks.
    pub(super) geometry: Vec<(String, u32)>,
    /// Ids of secondary instances that selects and external rows bring.
    pub(super) instances: BTreeSet<String>,
    /// Settings that stand in the survey sheet (`type` = `set form title` …).
    pub(super) settings: BTreeMap<String, String>,
    /// Lists that a question asked to have the choice "other".
    pub(super) others: Vec<String>,
    /// Loops and the lists that they go through, inner ones first.
    pub(super) loops: Vec<(Id, String)>,
}

/// A container that has begun.
pub(super) struct Open {
    pub(super) container: Option<Container>,
    pub(super) id: Id,
    pub(super) row: u32,
    pub(super) names: BTreeMap<String, u32>,
    /// The names in lower case, with the name as written first.
    pub(super) lower: BTreeMap<String, String>,
    /// The list of a loop.
    pub(super) list: Option<String>,
    /// The list that all selects of a table-list group share.
    pub(super) table: Option<TableList>,
}

#[derive(Clone, PartialEq)]
pub(super) enum TableList {
    Wanted,
    Of(String),
}

/// Reads the rows one after another.
pub(super) struct Rows<'a> {
    pub(super) book: &'a Book,
    pub(super) settings: &'a Settings,
    pub(super) lists: &'a Lists,
    pub(super) external: &'a BTreeSet<String>,
    pub(super) report: &'a mut Report,
    pub(super) out: Survey,
    pub(super) open: Vec<Open>,
    pub(super) questions: BTreeSet<String>,
    pub(super) repeats: BTreeSet<String>,
    pub(super) triggers: Vec<(String, u32)>,
}

impl<'a> Rows<'a> {
    /// A reader for a form with these lists and settings.
    pub(super) fn new(
        book: &'a Book,
        settings: &'a Settings,
        lists: &'a Lists,
        external: &'a BTreeSet<String>,
        report: &'a mut Report,
    ) -> Self {
        let out = Survey {
            tree: Tree::new(&settings.root),
            names: Names::new(),
            meta: Vec::new(),
            geometry: Vec::new(),
            instances: BTreeSet::new(),
            settings: BTreeMap::new(),
            others: Vec::new(),
            loops: Vec::new(),
        };
        let root = Open {
            container: None,
            id: 0,
            row: 0,
            names: BTreeMap::new(),
            lower: BTreeMap::new(),
            list: None,
            table: None,
        };
        Rows {
            book,
            settings,
            lists,
            external,
            report,
            out,
            open: vec![root],
            questions: BTreeSet::new(),
            repeats: BTreeSet::new(),
            triggers: Vec::new(),
        }
    }

    /// Reads all rows.
    pub(super) fn read(mut self, table: &Table, entities: &mut Entities) -> Survey {
        for fields in &table.rows {
            self.row(fields.clone(), entities);
        }
        for open in self.open.iter().skip(1) {
            let word = open.container.map_or("group", Container::word);
            let name = &self.out.tree.node(open.id).name;
            let message = format!("The {word} \"{name}\" is not closed.");
            self.report.error(
                At::cell(SHEET, open.row, "type"),
                "group.not-closed",
                message,
                format!("Add a row end_{word} after its last row."),
            );
        }
        for (name, row) in std::mem::take(&mut self.triggers) {
            if !self.questions.contains(&name) {
                let hint = did_you_mean(&name, self.questions.iter().map(String::as_str));
                let message = format!("The trigger \"{name}\" is no question.{hint}");
                let at = At::cell(SHEET, row, "trigger");
                self.report.error(at, "reference.unknown", message, "Name a question that a person answers.");
            }
        }
        self.check_geometry(&entities.names());
        if self.settings.flat {
            super::loops::flatten(&mut self.out.tree);
        }
        self.out
    }

    /// A cell of a row, for findings.
    pub(super) fn at<'c>(row: u32, column: &'c str) -> At<'c> {
        At::cell(SHEET, row, column)
    }

    pub(super) fn here(&self) -> Id {
        self.open.last().map_or(0, |o| o.id)
    }

    pub(super) fn in_repeat(&self) -> bool {
        self.open.iter().any(|o| o.container == Some(Container::Repeat))
    }

    fn row(&mut self, mut fields: Fields, entities: &mut Entities) {
        if let Some(word) = fields.text("disabled") {
            let message = "The column \"disabled\" is not part of XLSForm.";
            let off = yes_no(word) == Some(true);
            self.report.warning(
                Self::at(fields.row, "disabled"),
                "column.deprecated",
                message,
                "Use relevant instead.",
            );
            if off {
                return;
            }
        }
        if fields.is_empty() {
            return;
        }
        let Some(question_type) = fields.text("type").map(str::to_owned).filter(|t| !t.is_empty()) else {
            self.without_type(&fields);
            return;
        };
        let question_type = aliased_type(&question_type).to_owned();
        fields.set("type", Value::Text(question_type.clone()));
        if question_type == "audit" {
            self.audit(&fields);
            return;
        }
        let setting = match question_type.as_str() {
            "form_title" | "set_form_title" => Some("title"),
            "form_id" | "set_form_id" => Some("id_string"),
            _ => None,
        };
        if let Some(key) = setting {
            self.out.settings.insert(key.to_owned(), fields.text("name").unwrap_or_default().to_owned());
            return;
        }
        if let Some((container, _)) = container(&question_type, "end") {
            entities.refuse_save_to(&fields, self.report);
            self.end(container, &fields);
        } else if let Some((container, list)) = container(&question_type, "begin") {
            entities.refuse_save_to(&fields, self.report);
            self.begin(container, list, &fields);
        } else if let Some(node) = self.question(&fields, &question_type) {
            let here = self.here();
            entities.save_to(&fields, here, self.report);
            self.ask(node, &fields);
        }
    }

    fn without_type(&mut self, fields: &Fields) {
        let at = Self::at(fields.row, "type");
        if fields.get("name").is_none() && fields.get("label").is_none() {
            let message = "A row without type, name and label is taken for a comment.";
            self.report.info(at, "row.comment", message, "Nothing needs to be done.");
            return;
        }
        let name = fields.text("name").or_else(|| fields.text("label")).unwrap_or_default().to_owned();
        let message = format!("The question \"{name}\" has no type.");
        self.report.error(at, "type.missing", message, "Give it a type, for example text or select_one.");
    }

    /// Checks the name of a row and gives it; a note may go without.
    pub(super) fn name(&mut self, fields: &Fields) -> String {
        let row = fields.row;
        let at = Self::at(row, "name");
        let given = match fields.text("name") {
            Some(name) => name.to_owned(),
            None if fields.text("type") == Some("note") => format!("generated_note_name_{row}"),
            None => {
                let message = "This question or group has no name.";
                self.report.error(
                    at,
                    "name.missing",
                    message,
                    "Give it a short name of letters, digits and _.",
                );
                format!("nameless_{row}")
            }
        };
        if !is_element_name(&given) {
            let message = format!("\"{given}\" can't be a name.");
            let fix = "Begin with a letter or _ and use only letters, digits, _, - and full stops.";
            self.report.error(at, "name.invalid", message, fix);
        }
        *self.out.names.entry(given.clone()).or_default() += 1;
        self.check_unique(&given, row);
        given
    }

    fn check_unique(&mut self, name: &str, row: u32) {
        let at = Self::at(row, "name");
        let Some(open) = self.open.last_mut() else { return };
        if name == "meta" {
            let message = "The name \"meta\" is kept for the form's own data.";
            self.report.error(at, "name.reserved", message, "Choose another name.");
        } else if let Some(first) = open.names.get(name) {
            let message =
                format!("The name \"{name}\" is used twice in one group; it was first used in row {first}.");
            self.report.error(at, "name.duplicate", message, "Give each row of a group a name of its own.");
        } else if let Some(other) = open.lower.get(&name.to_lowercase()) {
            let first = open.names.get(other).copied().unwrap_or_default();
            let message =
                format!("The names \"{name}\" and \"{other}\" (row {first}) differ only in their case.");
            self.report.warning(
                at,
                "name.case",
                message,
                "Give them names that differ in more than their case.",
            );
        }
        open.names.entry(name.to_owned()).or_insert(row);
        open.lower.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
    }

    /// Whether a repeat has that name.
    pub(super) fn is_repeat(&self, name: &str) -> bool {
        self.repeats.contains(name)
    }
}
