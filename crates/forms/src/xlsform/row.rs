//! Single rows of the survey sheet: what a type says, and which columns go where in a node.

use super::aliases::{CONTAINERS, Container, SELECTS, Select};
use super::headings::{Fields, Value};
use super::parameters::{self, Parameters};
use super::report::Report;
use super::survey::Rows;
use super::tree::Node;

/// The usual name of a question type.
pub(super) fn aliased_type(name: &str) -> &str {
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
pub(super) fn container(text: &str, word: &str) -> Option<(Container, Option<String>)> {
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
