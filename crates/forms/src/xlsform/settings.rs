//! The settings sheet: one row that says what the form is called and how it is kept.

use super::aliases::{self, yes_no};
use super::headings::{Fields, Words};
use super::reference::is_element_name;
use super::report::{At, Report, did_you_mean};
use super::workbook::{Book, Sheet};
use baraza_model::Sharing;
use std::collections::BTreeMap;

const SHEET: &str = "settings";
/// Keys that have a field of their own in [`Settings`] or mean something to the importer.
const CONSUMED: [&str; 13] = [
    "name",
    "title",
    "id_string",
    "version",
    "default_language",
    "instance_name",
    "style",
    "namespaces",
    "attribute",
    "instance_xmlns",
    "sharing",
    "retention_days",
    "flat",
];

/// What the settings say.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// The root element; blank means `data`.
    pub(super) root: String,
    pub(super) id: String,
    pub(super) title: Option<Words>,
    pub(super) version: Option<String>,
    pub(super) default_language: String,
    pub(super) instance_name: Option<String>,
    pub(super) style: String,
    pub(super) namespaces: BTreeMap<String, String>,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) instance_namespace: Option<String>,
    pub(super) submission: BTreeMap<String, String>,
    pub(super) sharing: Sharing,
    pub(super) retention_days: Option<u32>,
    pub(super) duplicates: bool,
    pub(super) omit_instance_id: bool,
    pub(super) instance_id: String,
    pub(super) flat: bool,
    pub(super) collapse: bool,
    /// Every further setting by heading.
    pub(super) others: BTreeMap<String, String>,
}

/// Reads the settings; the file's stem is the form id if they give none.
pub(super) fn read(book: &Book, file_stem: &str, report: &mut Report) -> Settings {
    let mut settings = Settings {
        root: "data".to_owned(),
        id: if file_stem.is_empty() { "data".to_owned() } else { file_stem.to_owned() },
        default_language: "default".to_owned(),
        instance_id: "uid".to_owned(),
        collapse: true,
        ..Settings::default()
    };
    let Some(sheet) = book.sheet(SHEET) else {
        let hint = did_you_mean(SHEET, book.names.iter().map(String::as_str));
        if !hint.is_empty() {
            let message = format!("The form has no sheet \"settings\".{hint}");
            report.warning(At::sheet(SHEET), "sheet.misspelt", message, "Rename the sheet to \"settings\".");
        }
        return settings;
    };
    let table = aliases::SETTINGS.read(&without_old_id(sheet, report), "default", false, report);
    if let Some(fields) = table.rows.first() {
        fill(&mut settings, fields, report);
    }
    settings
}

/// Where both `form_id` and its old name `id_string` are given, the old one does not count.
fn without_old_id(sheet: &Sheet, report: &mut Report) -> Sheet {
    let mut sheet = sheet.clone();
    let old = sheet.headings.iter().position(|h| h == "id_string");
    if let Some(at) = old.filter(|_| sheet.headings.iter().any(|h| h == "form_id")) {
        let message = "The settings give both form_id and id_string; id_string does not count.";
        report.warning(
            At::cell(SHEET, 1, "id_string"),
            "settings.old",
            message,
            "Remove the column id_string.",
        );
        sheet.headings.remove(at);
        sheet.rows.iter_mut().filter(|row| at < row.cells.len()).for_each(|row| drop(row.cells.remove(at)));
    }
    sheet
}

fn fill(settings: &mut Settings, fields: &Fields, report: &mut Report) {
    let at = |column| At::cell(SHEET, fields.row, column);
    let text = |key: &str| fields.text(key).map(str::to_owned);
    let flag = |key: &str| fields.text(key).and_then(yes_no);
    if let Some(name) = text("name") {
        if !is_element_name(&name) {
            let message = format!("The name \"{name}\" can't be the form's root element.");
            report.error(
                at("name"),
                "name.invalid",
                message,
                "Use letters, digits and _, beginning with a letter.",
            );
        }
        settings.root = name;
    }
    settings.id = text("id_string").unwrap_or_else(|| settings.id.clone());
    settings.title = fields.words("title");
    settings.version = text("version");
    settings.default_language = text("default_language").unwrap_or_else(|| settings.default_language.clone());
    settings.instance_name = text("instance_name");
    settings.style = text("style").unwrap_or_default();
    settings.namespaces = text("namespaces").map(|t| namespaces(&t)).unwrap_or_default();
    settings.instance_namespace = text("instance_xmlns");
    settings.attributes = fields
        .group("attribute")
        .iter()
        .filter_map(|(k, v)| Some((k.clone(), v.first_text()?.to_owned())))
        .collect();
    for (key, name) in [("prefix", "odk:prefix"), ("delimiter", "odk:delimiter")] {
        settings.attributes.extend(text(key).map(|value| (name.to_owned(), value)));
    }
    settings.duplicates = flag("allow_choice_duplicates").unwrap_or(false);
    settings.omit_instance_id = fields.iter().any(|(k, v)| {
        k.eq_ignore_ascii_case("omit_instanceid") && v.first_text().and_then(yes_no) == Some(true)
    });
    settings.instance_id = text("instance_id").unwrap_or_else(|| settings.instance_id.clone());
    settings.flat = fields.get("flat").is_some();
    settings.collapse = flag("clean_text_values").unwrap_or(true);
    if settings.omit_instance_id && fields.get("public_key").is_some() {
        let message = "An encrypted form needs an instanceID, which omit_instanceID leaves out.";
        report.error(at("public_key"), "settings.conflict", message, "Remove one of the two settings.");
    }
    submission(settings, fields);
    ours(settings, fields, report);
    for (key, value) in fields.iter().filter(|(k, _)| !CONSUMED.contains(k)) {
        for (language, value) in value.words().texts() {
            let name = language.map_or_else(|| key.to_owned(), |l| format!("{key}::{l}"));
            settings.others.insert(name, value.to_owned());
        }
    }
}

fn submission(settings: &mut Settings, fields: &Fields) {
    let out = &mut settings.submission;
    let names = [
        ("submission_url", "action"),
        ("public_key", "base64RsaPublicKey"),
        ("auto_send", "orx:auto-send"),
        ("auto_delete", "orx:auto-delete"),
    ];
    for (key, name) in names {
        if let Some(value) = fields.text(key) {
            out.insert(name.to_owned(), value.to_owned());
        }
    }
    if fields.get("submission_url").is_some() {
        out.insert("method".to_owned(), "post".to_owned());
    }
    if fields.text("client_editable").and_then(yes_no) == Some(true) {
        out.insert("odk:client-editable".to_owned(), "true".to_owned());
    }
}

/// The settings that this product adds.
fn ours(settings: &mut Settings, fields: &Fields, report: &mut Report) {
    if let Some(word) = fields.text("sharing") {
        match word.trim().to_lowercase().parse() {
            Ok(sharing) => settings.sharing = sharing,
            Err(words) => {
                let message = format!("The setting sharing can't be \"{word}\".");
                let fix = format!("Write one of {words}.");
                report.error(At::cell(SHEET, fields.row, "sharing"), "settings.value", message, fix);
            }
        }
    }
    if let Some(days) = fields.text("retention_days") {
        match days.parse() {
            Ok(days) => settings.retention_days = Some(days),
            Err(_) => {
                let message =
                    format!("The setting retention_days must be a whole number of days, not \"{days}\".");
                let at = At::cell(SHEET, fields.row, "retention_days");
                report.error(at, "settings.value", message, "Write for example 14.");
            }
        }
    }
}

/// `esri="http://…" a=b` as prefix → namespace.
fn namespaces(text: &str) -> BTreeMap<String, String> {
    text.split_whitespace()
        .filter_map(|pair| pair.split_once('='))
        .filter(|(prefix, uri)| !prefix.is_empty() && !uri.contains('='))
        .map(|(prefix, uri)| (prefix.to_owned(), uri.replace(['"', '\''], "")))
        .collect()
}
