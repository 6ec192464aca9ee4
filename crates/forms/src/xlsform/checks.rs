//! Checks that need the whole form: references, expressions, translations, files beside the form.

use super::headings::Table;
use super::reference::{Names, check, references};
use super::report::{At, Report, did_you_mean};
use super::survey::SHEET;
use super::tree::{Kind, Tree};
use super::workbook::{Book, Sheet};
use crate::def::{BodyItem, FormDef};
use baraza_xpath::Expr;
use std::collections::{BTreeMap, BTreeSet};

/// Columns of the survey sheet that mean something; a broken reference elsewhere harms nobody.
const MEANT: [&str; 11] = [
    "label",
    "hint",
    "guidance_hint",
    "media",
    "bind",
    "control",
    "instance",
    "default",
    "choice_filter",
    "parameters",
    "type",
];
/// Columns that belong to this product; all others that nobody knows are reported.
const OURS: [&str; 8] =
    ["sensitivity", "hxl", "translation_status", "score", "exclusive", "closed", "sms_field", "intent"];

const MEDIA: [&str; 4] = ["image", "big-image", "audio", "video"];
const LOGIC: [&str; 5] = ["relevant", "required", "readonly", "constraint", "calculate"];

/// Functions that an author may have meant, for spelling hints.
const FUNCTIONS: [&str; 58] = [
    "concat",
    "join",
    "substr",
    "substring-before",
    "substring-after",
    "translate",
    "string-length",
    "normalize-space",
    "contains",
    "starts-with",
    "ends-with",
    "uuid",
    "digest",
    "pulldata",
    "if",
    "coalesce",
    "once",
    "true",
    "false",
    "boolean",
    "boolean-from-string",
    "not",
    "regex",
    "checklist",
    "weighted-checklist",
    "number",
    "random",
    "int",
    "sum",
    "max",
    "min",
    "round",
    "pow",
    "sqrt",
    "count",
    "count-non-empty",
    "position",
    "instance",
    "current",
    "randomize",
    "today",
    "now",
    "format-date",
    "format-date-time",
    "date",
    "date-time",
    "decimal-date-time",
    "decimal-time",
    "selected",
    "selected-at",
    "count-selected",
    "jr:choice-name",
    "jr:itext",
    "indexed-repeat",
    "area",
    "distance",
    "string",
    "last",
];

/// Checks every reference of the workbook against the names of the survey sheet.
pub(super) fn references_of(
    book: &Book,
    survey: &Table,
    choices: &Table,
    names: &Names,
    report: &mut Report,
) {
    let each = |sheet: &Sheet, name: &str, column: &dyn Fn(usize) -> Option<bool>, report: &mut Report| {
        for row in &sheet.rows {
            for (at, (cell, heading)) in row.cells.iter().zip(&sheet.headings).enumerate() {
                if let (Some(text), Some(fatal)) = (cell, column(at)) {
                    check(text, names, At::cell(name, row.number, heading), fatal, report);
                }
            }
        }
    };
    let key = |table: &Table, at: usize| {
        table.columns.get(at).and_then(|c| c.keys.first().cloned()).unwrap_or_default()
    };
    if let Some(sheet) = book.sheet("settings") {
        each(sheet, "settings", &|_| Some(true), report);
    }
    if let Some(sheet) = book.sheet("entities") {
        each(
            sheet,
            "entities",
            &|at| sheet.headings.get(at).map(|h| !h.to_lowercase().starts_with("list")),
            report,
        );
    }
    if let Some(sheet) = book.sheet(SHEET) {
        let column = |at| match key(survey, at).as_str() {
            "name" | "trigger" => None,
            key => Some(MEANT.contains(&key)),
        };
        each(sheet, SHEET, &column, report);
    }
    if let Some(sheet) = book.sheet("choices") {
        let column = |at| matches!(key(choices, at).as_str(), "label" | "media").then_some(true);
        each(sheet, "choices", &column, report);
    }
}

/// Reports columns of the survey sheet that nobody knows; they are kept.
pub(super) fn unknown_columns(survey: &Table, report: &mut Report) {
    let known = super::aliases::SURVEY;
    for column in &survey.columns {
        let Some(key) = column.keys.first() else { continue };
        if known.columns.contains(&key.as_str())
            || MEANT.contains(&key.as_str())
            || OURS.contains(&key.as_str())
        {
            continue;
        }
        let aliases = known.aliases.iter().map(|(a, _)| *a);
        let hint = did_you_mean(key, known.columns.iter().copied().chain(aliases).chain(OURS));
        let message = format!("The column \"{}\" has no meaning here; it is kept.{hint}", column.heading);
        let at = At::cell(SHEET, 1, &column.heading);
        report.info(at, "column.unknown", message, "Nothing needs to be done if it is a note of your own.");
    }
}

/// Reports columns that can't mean what their heading says: logic has no language, and media are of four kinds.
pub(super) fn impossible_columns(table: &Table, sheet: &str, report: &mut Report) {
    for column in &table.columns {
        let at = At::cell(sheet, 1, &column.heading);
        match column.keys.as_slice() {
            [group, kind, ..] if group == "media" && !MEDIA.contains(&kind.as_str()) => {
                let message = format!("There is no medium \"{kind}\".{}", did_you_mean(kind, MEDIA));
                report.error(at, "media.unknown", message, format!("Use {}.", MEDIA.join(", ")));
            }
            [group, key, language, ..] if group == "bind" && LOGIC.contains(&key.as_str()) => {
                let message = format!(
                    "Logic is the same in all languages, so \"{key}\" has none called \"{language}\"."
                );
                report.error(at, "header.language", message, "Remove the language from the heading.");
            }
            _ => {}
        }
    }
}

/// Parses every expression of the form, and reports what is not XPath or calls a function that nobody knows.
pub(super) fn expressions(form: &FormDef, tree: &Tree, names: &Names, report: &mut Report) {
    let rows: BTreeMap<String, u32> =
        tree.below(0).into_iter().map(|id| (tree.path(id), tree.node(id).row)).collect();
    let row = |path: &str| rows.get(path).copied().unwrap_or(0);
    for bind in &form.binds {
        let meta = bind.nodeset.ends_with("/meta/instanceName");
        let parts = [
            (&bind.relevant, "relevant"),
            (&bind.required, "required"),
            (&bind.readonly, "read_only"),
            (&bind.constraint, "constraint"),
            (&bind.calculate, "calculation"),
        ];
        for (text, column) in parts {
            let Some(text) = text else { continue };
            let at = if meta {
                At::cell("settings", 2, "instance_name")
            } else {
                At::cell(SHEET, row(&bind.nodeset), column)
            };
            expression(text, at, names, report);
        }
    }
    for action in form.actions.iter() {
        if let Some(value) = &action.value {
            expression(value, At::cell(SHEET, row(&action.reference), "default"), names, report);
        }
    }
    body(&form.body, &row, names, report);
}

fn body(items: &[BodyItem], row: &dyn Fn(&str) -> u32, names: &Names, report: &mut Report) {
    for item in items {
        match item {
            BodyItem::Group(group) => body(&group.children, row, names, report),
            BodyItem::Repeat(repeat) => {
                if let Some(count) = &repeat.count {
                    expression(count, At::cell(SHEET, row(&repeat.nodeset), "repeat_count"), names, report);
                }
                body(&repeat.children, row, names, report);
            }
            BodyItem::Control(control) => {
                let here = row(&control.reference);
                if let Some(itemset) = &control.itemset {
                    expression(&itemset.nodeset, At::cell(SHEET, here, "choice_filter"), names, report);
                }
                for action in &control.actions {
                    if let Some(value) = &action.value {
                        expression(
                            value,
                            At::cell(SHEET, row(&action.reference), "calculation"),
                            names,
                            report,
                        );
                    }
                }
            }
        }
    }
}

fn expression(text: &str, at: At<'_>, names: &Names, report: &mut Report) {
    if text.contains("${") {
        // A reference that could not be resolved has been reported, or names something that holds no value.
        for (reference, _) in references(text).into_iter().filter(|(r, _)| names.get(r.name) == Some(&1)) {
            let message = format!("${{{}}} names nothing that has a value.", reference.name);
            report.error(at, "reference.no-value", message, "Refer to a question, a group or a repeat.");
        }
        return;
    }
    match Expr::parse(text) {
        Ok(parsed) => {
            for call in parsed.unknown_functions() {
                let hint = did_you_mean(&call.name, FUNCTIONS);
                let message = format!("There is no function \"{}\".{hint}", call.name);
                report.error(
                    at,
                    "expression.function",
                    message,
                    "Correct its name; see the list of ODK functions.",
                );
            }
            for error in parsed.arity_errors() {
                let takes = match error.max {
                    Some(max) if max == error.min => format!("{max}"),
                    Some(max) => format!("{} to {max}", error.min),
                    None => format!("at least {}", error.min),
                };
                let call = &error.call;
                let message =
                    format!("{}() takes {takes} arguments, and here it has {}.", call.name, call.args);
                report.error(
                    at,
                    "expression.arguments",
                    message,
                    "Check what stands between its parentheses.",
                );
            }
        }
        Err(error) => {
            let message =
                format!("\"{}\" is not an expression: {error}.", super::reference::shorten(text.trim()));
            report.error(at, "expression.syntax", message, "Check parentheses, quotes and operators.");
        }
    }
}

/// Reports languages that lack a column which others have, and cells that are empty in one language only.
pub(super) fn translations(tables: [(&str, &Table); 2], default: &str, report: &mut Report) {
    for (sheet, table) in tables {
        let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for column in &table.columns {
            let (key, language) = match column.keys.as_slice() {
                [group, key, rest @ ..] if group == "media" || group == "bind" && key.ends_with("Msg") => {
                    (key, rest)
                }
                [key, rest @ ..] if matches!(key.as_str(), "label" | "hint" | "guidance_hint") => (key, rest),
                _ => continue,
            };
            let language = language.first().cloned().unwrap_or_else(|| default.to_owned());
            columns.entry(language).or_default().insert(key.clone());
        }
        let all: BTreeSet<String> = columns.values().flatten().cloned().collect();
        if columns.len() < 2 {
            continue;
        }
        for (language, have) in &columns {
            for key in all.difference(have) {
                let name = match key.as_str() {
                    "jr:constraintMsg" => "constraint_message",
                    "jr:requiredMsg" => "required_message",
                    other => other,
                };
                let message = format!("The language \"{language}\" has no column \"{name}\".");
                let fix = format!("Add the column {name}::{language}.");
                report.warning(At::cell(sheet, 1, name), "translation.missing", message, fix);
            }
        }
    }
}

/// Reports files that the form needs and that are not beside it.
pub(super) fn files(form: &FormDef, present: &[&str], report: &mut Report) {
    let missing = |uri: &str| {
        let name = uri.strip_prefix("jr://").and_then(|u| u.split_once('/')).map(|(_, name)| name.to_owned());
        name.filter(|n| !n.is_empty() && n != "last-saved" && !present.contains(&n.as_str()))
    };
    let mut names: BTreeSet<String> =
        form.secondary.iter().filter_map(|i| missing(i.src.as_deref()?)).collect();
    for forms in form.itext.values().flat_map(BTreeMap::values) {
        for (kind, text) in forms {
            if let ("image" | "big-image" | "audio" | "video", [crate::def::TextPart::Literal(uri)]) =
                (kind.as_str(), text.as_slice())
            {
                names.extend(missing(uri));
            }
        }
    }
    for name in names {
        let message = format!("The file \"{name}\" is not beside the form.");
        report.warning(At::sheet(SHEET), "attachment.missing", message, "Put it into the same folder.");
    }
}

/// Reports generated names that clash with names of the sheet. Names that the sheet itself gives twice have been
/// reported by then.
pub(super) fn generated_names(tree: &Tree, names: &Names, report: &mut Report) {
    for section in tree.below(0).into_iter().filter(|id| tree.node(*id).is_section()) {
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        for child in &tree.node(section).children {
            let node = tree.node(*child);
            let reported = node.name == "meta" || names.get(&node.name).is_some_and(|count| *count > 1);
            if reported || matches!(node.kind, Kind::External | Kind::Attribute) {
                continue;
            }
            if let Some(row) = seen.insert(&node.name, node.row) {
                let message = format!(
                    "The name \"{}\" is used twice in one group (rows {row} and {}).",
                    node.name, node.row
                );
                let at = At::cell(SHEET, node.row, "name");
                report.error(at, "name.duplicate", message, "Rename one of the two.");
            }
        }
    }
}
