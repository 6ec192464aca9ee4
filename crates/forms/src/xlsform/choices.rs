//! The choices sheet: lists of choices, checked, with whatever further columns a filter may need.

use super::aliases;
use super::headings::{Fields, Table, Value, Words};
use super::reference::{has_reference, is_element_name};
use super::report::{At, Report, did_you_mean};
use super::workbook::Book;
use std::collections::{BTreeMap, BTreeSet};

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) row: u32,
    pub(super) name: String,
    pub(super) label: Option<Words>,
    pub(super) media: Vec<(String, Words)>,
    /// Further columns in the order of the sheet.
    pub(super) columns: Vec<(String, String)>,
}

/// The lists of a form in the order of the sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    lists: Vec<(String, Vec<Choice>)>,
    /// Lists that need translations, filled by [`Lists::settle`].
    translated: BTreeSet<String>,
}

impl Lists {
    /// The choices of a list.
    pub(super) fn get(&self, name: &str) -> Option<&[Choice]> {
        self.lists.iter().find(|(n, _)| n == name).map(|(_, c)| c.as_slice())
    }

    /// Works out which lists need translations. Call it when the lists are complete.
    pub(super) fn settle(&mut self) {
        let translated = self.lists.iter().filter(|(_, choices)| is_translated(choices));
        self.translated = translated.map(|(name, _)| name.clone()).collect();
    }

    /// Whether the choices of a list need translations.
    pub(super) fn is_translated(&self, list: &str) -> bool {
        self.translated.contains(list)
    }

    /// Whether there is no list at all.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// All lists.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[Choice])> {
        self.lists.iter().map(|(n, c)| (n.as_str(), c.as_slice()))
    }

    /// The names of all lists.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(|(n, _)| n.as_str())
    }

    /// Adds the choice "other" to a list that lacks it, labelled in every language that the list has.
    pub(super) fn add_other(&mut self, list: &str) {
        let Some((_, choices)) = self.lists.iter_mut().find(|(n, _)| n == list) else { return };
        if choices.iter().any(|c| c.name == "other") {
            return;
        }
        let mut languages: Vec<String> = Vec::new();
        for choice in choices.iter() {
            if let Some(Words::Languages(texts)) = &choice.label {
                for (language, _) in texts {
                    if !languages.contains(language) {
                        languages.push(language.clone());
                    }
                }
            }
        }
        let label = if languages.is_empty() {
            Words::Plain("Other".to_owned())
        } else {
            Words::Languages(languages.into_iter().map(|l| (l, "Other".to_owned())).collect())
        };
        let row = choices.first().map_or(0, |c| c.row);
        choices.push(Choice {
            row,
            name: "other".to_owned(),
            label: Some(label),
            media: Vec::new(),
            columns: Vec::new(),
        });
    }
}

/// Whether the choices of a list need translations: one has several languages, media or a reference in its label.
fn is_translated(choices: &[Choice]) -> bool {
    choices.iter().any(|c| match &c.label {
        _ if !c.media.is_empty() => true,
        Some(Words::Languages(_)) => true,
        Some(Words::Plain(text)) => has_reference(text),
        None => false,
    })
}

/// Reads the choices sheet. Also gives the table, whose languages and references are checked elsewhere.
pub(super) fn read(book: &Book, language: &str, duplicates: bool, report: &mut Report) -> (Lists, Table) {
    let Some(sheet) = book.sheet("choices") else { return (Lists::default(), Table::default()) };
    if sheet.rows.is_empty() {
        return (Lists::default(), Table::default());
    }
    let table = aliases::CHOICES.read(sheet, language, false, report);
    let mut lists = Lists::default();
    for column in &table.columns {
        let key = column.keys.first().map_or("", String::as_str);
        if key != "list name" && !is_element_name(key) {
            report.warning(
                At::cell("choices", 1, &column.heading),
                "header.invalid",
                format!("The column \"{}\" is left out, since a filter could not name it.", column.heading),
                "Use letters, digits and _ in the heading, without spaces.",
            );
        }
    }
    let mut seen = Seen::new();
    for fields in &table.rows {
        add_choice(&mut lists, fields, if duplicates { None } else { Some(&mut seen) }, report);
    }
    (lists, table)
}

/// List and choice → the row where it was first.
type Seen = BTreeMap<(String, String), u32>;

fn add_choice(lists: &mut Lists, fields: &Fields, seen: Option<&mut Seen>, report: &mut Report) {
    let Some(list) = fields.text("list name") else {
        if !fields.is_empty() {
            let message = "This row has no list name, so no question can offer it.";
            report.warning(
                At::cell("choices", fields.row, "list_name"),
                "choice.no-list",
                message,
                "Name its list, or remove the row.",
            );
        }
        return;
    };
    let known = lists.lists.iter().position(|(n, _)| n == list);
    let at = known.unwrap_or_else(|| {
        lists.lists.push((list.to_owned(), Vec::new()));
        lists.lists.len() - 1
    });
    let Some((_, choices)) = lists.lists.get_mut(at) else { return };
    let Some(name) = fields.text("name") else {
        let message = format!("A choice of the list \"{list}\" has no name.");
        report.error(
            At::cell("choices", fields.row, "name"),
            "choice.no-name",
            message,
            "Give it a name; the name is what is stored.",
        );
        return;
    };
    let first = seen.and_then(|s| s.insert((list.to_owned(), name.to_owned()), fields.row));
    if let Some(first) = first {
        report.error(
            At::cell("choices", fields.row, "name"),
            "choice.duplicate",
            format!("The list \"{list}\" has the choice \"{name}\" already, in row {first}."),
            "Rename or remove one of them, or set allow_choice_duplicates to yes in the settings.",
        );
    }
    if fields.get("label").is_none() {
        let message = format!("The choice \"{name}\" of the list \"{list}\" has no label.");
        let fix = "Write what the person reads or hears.";
        report.warning(At::cell("choices", fields.row, "label"), "choice.no-label", message, fix);
    }
    let columns = fields.iter().filter(|(k, _)| !matches!(*k, "list name" | "name" | "label" | "media"));
    choices.push(Choice {
        row: fields.row,
        name: name.to_owned(),
        label: fields.words("label"),
        media: fields.group("media").iter().map(|(k, v)| (k.clone(), v.words())).collect(),
        columns: columns
            .filter(|(k, _)| is_element_name(k))
            .filter_map(|(k, v)| Some((k.to_owned(), Value::first_text(v)?.to_owned())))
            .collect(),
    });
}

/// Reports that a question names a list that is not there.
pub(super) fn missing_list(list: &str, lists: &Lists, book: &Book, at: At<'_>, report: &mut Report) {
    if lists.is_empty() {
        let sheet = did_you_mean("choices", book.names.iter().map(String::as_str));
        let message =
            format!("The list \"{list}\" does not exist: there is no sheet \"choices\" with choices.{sheet}");
        let fix = "Add a sheet \"choices\" with the columns list_name, name and label.";
        report.error(at, "list.unknown", message, fix);
        return;
    }
    let message =
        format!("There is no list \"{list}\" in the choices sheet.{}", did_you_mean(list, lists.names()));
    report.error(at, "list.unknown", message, "Correct the name of the list, or add its choices.");
}
