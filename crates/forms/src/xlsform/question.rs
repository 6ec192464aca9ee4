//! Rows that ask or hold a value: what each question type makes of its row.

use super::aliases::{COMMON_TYPES, Select, type_info, yes_no};
use super::choices::missing_list;
use super::headings::Fields;
use super::parameters::{Parameters, check_keys, check_one_of, number, whole};
use super::reference::{has_reference, is_element_name, is_reference, references, shorten};
use super::report::did_you_mean;
use super::row::{SelectWords, parameters_of, select_words, take_columns};
use super::survey::Rows;
use super::tree::{Kind, Node, OwnAction};
use std::collections::BTreeMap;

/// Files that a select may take its choices from.
const FILES: [&str; 3] = ["csv", "xml", "geojson"];

/// The stem of a file that choices can come from, and its ending; `None` for a list.
pub(super) fn file_of(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once('.').filter(|(_, ending)| FILES.contains(ending))
}

impl Rows<'_> {
    /// Reads a question's row; `None` if it can't be used at all.
    pub(super) fn question(&mut self, fields: &Fields, question_type: &str) -> Option<Node> {
        let name = self.name(fields);
        if let Some(words) = select_words(question_type) {
            return Some(self.select(fields, name, &words));
        }
        if question_type == "xml-external" || question_type == "csv-external" {
            return Some(Node::new(Kind::External, question_type, &name, fields.row));
        }
        let known = if question_type.starts_with("osm ") { "osm" } else { question_type };
        if type_info(known).is_none() {
            self.unknown_type(question_type, fields.row);
            return None;
        }
        let mut node = Node::new(Kind::Question, known, &name, fields.row);
        take_columns(&mut node, fields);
        let parameters = parameters_of(fields, self.report);
        match question_type {
            "range" => self.range(&mut node, parameters),
            "text" => self.text(&mut node, &parameters),
            "photo" => self.photo(&mut node, &parameters),
            "audio" => self.audio(&mut node, &parameters),
            "background-audio" => self.background_audio(&mut node, &parameters),
            "geopoint" | "geotrace" | "geoshape" => self.geo(&mut node, &parameters),
            "start-geopoint" => node.actions.push(own("odk:setgeopoint", "odk-instance-first-load")),
            "background-geopoint" => self.background_geopoint(&node, fields),
            "subscriberid" | "simserial" => {
                let message = format!("Devices no longer give their {question_type}.");
                let at = Self::at(fields.row, "type");
                self.report.warning(at, "type.deprecated", message, "Leave the question out.");
            }
            _ => {}
        }
        Some(node)
    }

    fn unknown_type(&mut self, question_type: &str, row: u32) {
        let first = question_type.split_whitespace().next().unwrap_or_default();
        let hint = did_you_mean(first, COMMON_TYPES);
        let hint = if question_type == "include" { String::new() } else { hint };
        let message = format!("There is no question type \"{}\".{hint}", shorten(question_type));
        let fix = "Use a type of XLSForm, for example text, integer, select_one with a list, or begin_group.";
        self.report.error(Self::at(row, "type"), "type.unknown", message, fix);
    }

    fn select(&mut self, fields: &Fields, name: String, words: &SelectWords<'_>) -> Node {
        let question_type = match words.select {
            Select::One => "select one",
            Select::Many => "select all that apply",
            Select::Rank => "rank",
            Select::External => "select one external",
        };
        let mut node = Node::new(Kind::Question, question_type, &name, fields.row);
        take_columns(&mut node, fields);
        node.parameters = parameters_of(fields, self.report);
        node.itemset = Some(words.list.to_owned());
        self.select_list(&mut node, words);
        self.select_parameters(&node, words);
        if words.other {
            self.select_other(&node, words.list);
        }
        node
    }

    fn select_list(&mut self, node: &mut Node, words: &SelectWords<'_>) {
        let (list, at) = (words.list, Self::at(node.row, "type"));
        if words.select == Select::External {
            if !self.external.contains(list) {
                let hint = did_you_mean(list, self.external.iter().map(String::as_str));
                let message = format!("There is no list \"{list}\" in the sheet external_choices.{hint}");
                self.report.error(
                    at,
                    "list.unknown",
                    message,
                    "Add the list to a sheet named external_choices.",
                );
            }
            if node.choice_filter.is_some() {
                node.query = Some(list.to_owned());
            } else {
                let message = "An external select without a filter would offer its whole file.";
                self.report.error(
                    at,
                    "select.no-filter",
                    message,
                    "Give it a choice_filter, or use select_one.",
                );
            }
            node.itemset = None;
            return;
        }
        let file = file_of(list);
        self.out.instances.insert(file.map_or(list, |(stem, _)| stem).to_owned());
        if words.from_file && file.is_none_or(|(stem, _)| stem.contains('.')) {
            let message = format!("\"{list}\" is no file that choices can come from.");
            let fix = "Name a file that ends in .csv, .xml or .geojson.";
            self.report.error(at, "select.file", message, fix);
            return;
        }
        if file.is_some() || has_reference(list) {
            return;
        }
        let Some(choices) = self.lists.get(list) else {
            missing_list(list, self.lists, self.book, at, self.report);
            return;
        };
        if words.select == Select::Many {
            for choice in choices.iter().filter(|c| c.name.contains(' ')) {
                let message = format!(
                    "The choice \"{}\" of the list \"{list}\" has a space in its name, which would make two answers of it.",
                    choice.name
                );
                let at = super::report::At::cell("choices", choice.row, "name");
                self.report.error(at, "choice.space", message, "Put _ in place of the space.");
            }
        }
    }

    fn select_parameters(&mut self, node: &Node, words: &SelectWords<'_>) {
        let at = Self::at(node.row, "parameters");
        let parameters = &node.parameters;
        let accepted: &[&str] =
            if words.from_file { &["label", "value", "randomize", "seed"] } else { &["randomize", "seed"] };
        check_keys(parameters, accepted, at, self.report);
        check_one_of(parameters, "randomize", &["true", "false"], at, self.report);
        for key in ["label", "value"] {
            if let Some(column) = parameters.get(key).filter(|c| !is_element_name(c)) {
                let message = format!("\"{column}\" can't be a column that the {key} is taken from.");
                self.report.error(at, "parameters.value", message, "Name a column of the file.");
            }
        }
        let Some(seed) = parameters.get("seed") else { return };
        if !parameters.contains_key("randomize") {
            let message = "A seed means nothing without randomize=true.";
            self.report.error(at, "parameters.seed", message, "Add randomize=true, or remove the seed.");
        } else if !is_reference(seed) {
            number(parameters, "seed", at, self.report);
        }
    }

    fn select_other(&mut self, node: &Node, list: &str) {
        let at = Self::at(node.row, "type");
        if node.choice_filter.is_some() {
            let message = "A select with or_other can't have a choice filter.";
            let fix = "Add the choice \"other\" and a text question by hand.";
            self.report.error(at, "other.filter", message, fix);
        }
        if self.lists.get(list).is_none_or(<[_]>::is_empty) {
            let message = "or_other needs a list of choices in the choices sheet.";
            self.report.error(at, "other.no-list", message, "Add the list, or remove or_other.");
        }
        self.out.others.push(list.to_owned());
    }

    fn text(&mut self, node: &mut Node, parameters: &Parameters) {
        let at = Self::at(node.row, "parameters");
        check_keys(parameters, &["rows"], at, self.report);
        if whole(parameters, "rows", at, self.report).is_some()
            && let Some(rows) = parameters.get("rows")
        {
            node.set_control("rows", rows);
        }
    }

    fn photo(&mut self, node: &mut Node, parameters: &Parameters) {
        let at = Self::at(node.row, "parameters");
        check_keys(parameters, &["app", "max-pixels"], at, self.report);
        if let Some(default) = node.default.take() {
            let prefixed = default.contains("jr://images/");
            node.default = Some(if prefixed { default } else { format!("jr://images/{default}") });
        }
        if whole(parameters, "max-pixels", at, self.report).is_some()
            && let Some(pixels) = parameters.get("max-pixels")
        {
            node.set_bind("orx:max-pixels", pixels);
        }
        let Some(app) = parameters.get("app") else { return };
        let annotates = node.control_text("appearance").is_none_or(|a| a == "annotate");
        if !is_package_name(app) {
            let message = format!("\"{app}\" can't be the name of an Android app.");
            self.report.error(at, "parameters.value", message, "Write for example org.example.camera.");
        } else if annotates {
            node.set_control("intent", app);
        }
    }

    fn audio(&mut self, node: &mut Node, parameters: &Parameters) {
        let at = Self::at(node.row, "parameters");
        check_keys(parameters, &["quality"], at, self.report);
        check_one_of(parameters, "quality", &["voice-only", "low", "normal", "external"], at, self.report);
        if let Some(quality) = parameters.get("quality") {
            node.set_bind("odk:quality", quality);
        }
    }

    fn background_audio(&mut self, node: &mut Node, parameters: &Parameters) {
        let at = Self::at(node.row, "parameters");
        check_keys(parameters, &["quality"], at, self.report);
        check_one_of(parameters, "quality", &["voice-only", "low", "normal"], at, self.report);
        let mut action = own("odk:recordaudio", "odk-instance-load");
        if let Some(quality) = parameters.get("quality") {
            action.attributes.insert("odk:quality".to_owned(), quality.clone());
        }
        node.actions.push(action);
    }

    fn background_geopoint(&mut self, node: &Node, fields: &Fields) {
        if fields.text("trigger").is_none() {
            let message = "A background-geopoint needs a question that starts it.";
            let at = Self::at(node.row, "trigger");
            self.report.error(at, "trigger.missing", message, "Name that question in the column trigger.");
        }
        if node.bind_text("calculate").is_some() {
            let message = "A background-geopoint can't be calculated.";
            let at = Self::at(node.row, "calculation");
            self.report.error(at, "calculation.unexpected", message, "Leave the column calculation empty.");
        }
    }

    fn geo(&mut self, node: &mut Node, parameters: &Parameters) {
        let at = Self::at(node.row, "parameters");
        let point = node.question_type == "geopoint";
        let accepted: &[&str] = if point {
            &["allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"]
        } else {
            &["allow-mock-accuracy", "incremental", "reference-geometry"]
        };
        check_keys(parameters, accepted, at, self.report);
        check_one_of(parameters, "allow-mock-accuracy", &["true", "false"], at, self.report);
        let limits = [
            ("capture-accuracy", "accuracyThreshold"),
            ("warning-accuracy", "unacceptableAccuracyThreshold"),
        ];
        for (key, attribute) in limits.iter().filter(|_| point) {
            if number(parameters, key, at, self.report).is_some()
                && let Some(value) = parameters.get(*key)
            {
                node.set_control(attribute, value);
            }
        }
        if let Some(value) = parameters.get("incremental").filter(|_| !point) {
            if yes_no(value) == Some(true) {
                node.set_control("incremental", "true");
            } else {
                let message = format!("The parameter \"incremental\" can't be \"{value}\".");
                self.report.error(
                    at,
                    "parameters.value",
                    message,
                    "Write incremental=true, or leave it out.",
                );
            }
        }
        if let Some(value) = parameters.get("allow-mock-accuracy") {
            node.set_bind("odk:allow-mock-accuracy", value);
        }
        if let Some(value) = parameters.get("reference-geometry") {
            self.out.geometry.push((value.clone(), node.row));
            node.itemset = Some(value.clone());
        }
    }

    /// Reads the row of an audit log, which goes into the meta block.
    pub(super) fn audit(&mut self, fields: &Fields) {
        let row = fields.row;
        if fields.text("name").is_some_and(|n| n != "audit") {
            let message = "An audit log is always named \"audit\".";
            self.report.error(Self::at(row, "name"), "audit.name", message, "Leave the name empty.");
        }
        let at = Self::at(row, "parameters");
        let parameters = parameters_of(fields, self.report);
        let location = ["location-priority", "location-min-interval", "location-max-age"];
        let plain = ["identify-user", "track-changes", "track-changes-reasons"];
        let accepted: Vec<&str> = plain.into_iter().chain(location).collect();
        check_keys(&parameters, &accepted, at, self.report);
        check_one_of(&parameters, "track-changes", &["true", "false"], at, self.report);
        check_one_of(&parameters, "track-changes-reasons", &["on-form-edit"], at, self.report);
        check_one_of(&parameters, "identify-user", &["true", "false"], at, self.report);
        let priorities = ["no-power", "low-power", "balanced", "high-accuracy"];
        check_one_of(&parameters, "location-priority", &priorities, at, self.report);
        let given = location.iter().filter(|k| parameters.contains_key(**k)).count();
        let interval = whole(&parameters, "location-min-interval", at, self.report);
        let age = whole(&parameters, "location-max-age", at, self.report);
        if given > 0 && given < location.len() {
            let message = "An audit log with places needs all three location parameters.";
            self.report.error(at, "audit.location", message, format!("Give {}.", location.join(", ")));
        } else if interval.is_some_and(|n| n < 0) || age.is_some_and(|n| n < interval.unwrap_or(0)) {
            let message = "The location parameters of the audit log contradict each other.";
            let fix = "Neither may be negative, and location-max-age not less than location-min-interval.";
            self.report.error(at, "audit.location", message, fix);
        }
        let mut node = Node::new(Kind::Question, "audit", "audit", row);
        take_columns(&mut node, fields);
        for (key, value) in &parameters {
            node.set_bind(&format!("odk:{key}"), value);
        }
        self.out.meta.push(node);
    }

    /// Checks that each reference-geometry names a repeat, a list or an instance.
    pub(super) fn check_geometry(&mut self, datasets: &[String]) {
        for (target, row) in std::mem::take(&mut self.out.geometry) {
            let named = match references(&target).as_slice() {
                [(reference, _)] if is_reference(&target) => self.is_repeat(reference.name),
                _ => false,
            };
            let data = self.out.instances.contains(&target)
                || self.lists.get(&target).is_some()
                || datasets.contains(&target);
            if !named && !data {
                let message =
                    format!("The reference geometry \"{target}\" is no list, file or repeat of this form.");
                let at = Self::at(row, "parameters");
                let fix = "Name a list, an attached file without its ending, or a repeat as ${name}.";
                self.report.error(at, "parameters.geometry", message, fix);
            }
        }
    }
}

/// An action of a question type.
fn own(element: &'static str, event: &'static str) -> OwnAction {
    OwnAction { element, event, value: None, attributes: BTreeMap::new() }
}

/// Whether a text can be the name of an Android package.
fn is_package_name(name: &str) -> bool {
    let segment = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.contains('.') && name.split('.').all(segment)
}
