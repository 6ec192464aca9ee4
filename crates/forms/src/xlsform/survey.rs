//! The survey sheet: rows into a tree of groups, repeats and questions.
//!
//! Goes on after every problem, so that one pass finds them all; what a row is worth after a problem only matters
//! for later findings, since the form is refused anyway.

use super::aliases::{CONTAINERS, Container, SELECTS, Select, yes_no};
use super::choices::Lists;
use super::entities::Entities;
use super::headings::{Fields, Table, Value, Words};
use super::parameters::{self, Parameters};
use super::reference::{Names, is_element_name, is_reference, references};
use super::report::{At, Report, did_you_mean};
use super::settings::Settings;
use super::tokens::is_dynamic_default;
use super::tree::{Id, Kind, Node, OwnAction, Tree};
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
struct Open {
    container: Option<Container>,
    id: Id,
    row: u32,
    names: BTreeMap<String, u32>,
    /// The list of a loop.
    list: Option<String>,
    /// The list that all selects of a table-list group share.
    table: Option<TableList>,
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
    open: Vec<Open>,
    questions: BTreeSet<String>,
    repeats: BTreeSet<String>,
    triggers: Vec<(String, u32)>,
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
        let root = Open { container: None, id: 0, row: 0, names: BTreeMap::new(), list: None, table: None };
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
            self.flatten();
        }
        self.out
    }

    /// A cell of a row, for findings.
    pub(super) fn at<'c>(row: u32, column: &'c str) -> At<'c> {
        At::cell(SHEET, row, column)
    }

    fn here(&self) -> Id {
        self.open.last().map_or(0, |o| o.id)
    }

    fn in_repeat(&self) -> bool {
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
        } else if let Some((other, first)) =
            open.names.iter().find(|(n, _)| n.to_lowercase() == name.to_lowercase())
        {
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
    }

    fn begin(&mut self, container: Container, list: Option<String>, fields: &Fields) {
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
        self.open.push(Open { container: Some(container), id, row, names: BTreeMap::new(), list, table });
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

    fn end(&mut self, container: Container, fields: &Fields) {
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

    /// Finishes a question that [`Rows::question`] has read and adds it where it stands.
    fn ask(&mut self, mut node: Node, fields: &Fields) {
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
    fn sensitivity_of(&mut self, node: &Node, fields: &Fields) {
        if let Some(word) = node.columns.get("sensitivity")
            && let Err(words) = word.trim().to_lowercase().parse::<baraza_model::Sensitivity>()
        {
            let message = format!("The sensitivity can't be \"{word}\".");
            let at = Self::at(fields.row, "sensitivity");
            self.report.error(at, "sensitivity.unknown", message, format!("Write one of {words}."));
        }
    }

    /// Whether a repeat has that name.
    pub(super) fn is_repeat(&self, name: &str) -> bool {
        self.repeats.contains(name)
    }

    /// The setting `flat`: groups leave the instance and their relevance goes to what they hold.
    fn flatten(&mut self) {
        let mut stack: Vec<(Id, String)> = vec![(0, String::new())];
        while let Some((id, above)) = stack.pop() {
            for child in self.out.tree.node(id).children.clone() {
                let own = self.out.tree.node(child).bind_text("relevant").unwrap_or_default().to_owned();
                let all = match (above.is_empty(), own.is_empty()) {
                    (true, _) => own,
                    (false, true) => above.clone(),
                    (false, false) => format!("{above} and ({own})"),
                };
                let node = self.out.tree.node_mut(child);
                if node.children.is_empty() {
                    if !all.is_empty() {
                        node.set_bind("relevant", &all);
                    }
                } else {
                    node.flat = true;
                    stack.push((child, all));
                }
            }
        }
    }
}

fn aliased_type(name: &str) -> &str {
    match name {
        "imei" => "deviceid",
        "image" | "add image prompt" | "add photo prompt" => "photo",
        "add audio prompt" => "audio",
        "add video prompt" => "video",
        "add file prompt" => "file",
        other => other,
    }
}

/// `begin group`, `begin_repeat`, `begin loop over fruits`, `end_group`: which container, and the loop's list.
fn container(text: &str, word: &str) -> Option<(Container, Option<String>)> {
    let rest = text.strip_prefix(word)?.strip_prefix([' ', '_', '\t', '\n'])?;
    for (name, container) in CONTAINERS {
        let Some(tail) = rest.strip_prefix(name) else { continue };
        if tail.is_empty() {
            return Some((container, None));
        }
        let Some(tail) = tail.strip_prefix(' ').filter(|_| word == "begin") else { continue };
        let list = tail.strip_prefix("over ").unwrap_or(tail);
        if !list.is_empty() && !list.contains(char::is_whitespace) {
            return Some((container, Some(list.to_owned())));
        }
    }
    None
}

/// What a type such as `select_one yn or_other` says.
pub(super) struct SelectWords<'a> {
    pub(super) select: Select,
    pub(super) from_file: bool,
    pub(super) list: &'a str,
    pub(super) other: bool,
}

/// Reads the type of a select.
pub(super) fn select_words(text: &str) -> Option<SelectWords<'_>> {
    for (command, select, from_file) in SELECTS {
        let Some(rest) = text.strip_prefix(command).and_then(|r| r.strip_prefix(' ')) else { continue };
        let (list, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        let other = match tail {
            "" => false,
            "or specify other" | "or_other" | "or other" => true,
            _ => continue,
        };
        if !list.is_empty() {
            return Some(SelectWords { select, from_file, list, other });
        }
    }
    None
}

/// The parameters of a row; reports a column that can't be read.
pub(super) fn parameters_of(fields: &Fields, report: &mut Report) -> Parameters {
    let Some(text) = fields.text("parameters") else { return Parameters::new() };
    parameters::parse(text).unwrap_or_else(|| {
        let at = Rows::at(fields.row, "parameters");
        let message = format!("The parameters \"{text}\" are not pairs.");
        report.error(
            at,
            "parameters.malformed",
            message,
            "Write key=value, with a space between one pair and the next.",
        );
        Parameters::new()
    })
}

/// Takes the columns of a row into a node.
pub(super) fn take_columns(node: &mut Node, fields: &Fields) {
    const KNOWN: [&str; 16] = [
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "media",
        "bind",
        "control",
        "instance",
        "default",
        "trigger",
        "choice_filter",
        "parameters",
        "query",
        "itemset",
        "disabled",
    ];
    let texts = |group: &[(String, Value)]| {
        let text = |(k, v): &(String, Value)| Some((k.clone(), v.first_text()?.to_owned()));
        group.iter().filter_map(text).collect::<Vec<(String, String)>>()
    };
    let words =
        |group: &[(String, Value)]| group.iter().map(|(k, v)| (k.clone(), v.words())).collect::<Vec<_>>();
    node.label = fields.words("label");
    node.hint = fields.words("hint");
    node.guidance = fields.words("guidance_hint");
    node.media = words(fields.group("media"));
    node.bind = words(fields.group("bind"));
    node.control = texts(fields.group("control"));
    node.attributes = texts(fields.group("instance"));
    node.default = fields.text("default").map(str::to_owned);
    node.choice_filter = fields.text("choice_filter").map(str::to_owned);
    for (key, value) in fields.iter().filter(|(k, _)| !KNOWN.contains(k)) {
        for (language, text) in value.words().texts() {
            let name = language.map_or_else(|| key.to_owned(), |l| format!("{key}::{l}"));
            node.columns.insert(name, text.to_owned());
        }
    }
    if let Some(intent) = fields.text("intent").filter(|_| node.is_section()) {
        node.set_control("intent", intent);
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
