//! XLSForm import: a workbook or CSV tables in, a [`FormDef`] and every finding out.
//!
//! Follows pyxform 4.5.0 in what it accepts and what it makes of it (<https://xlsform.org>, the ODK XForms
//! specification); unlike pyxform it goes on after a problem, so that an author sees all of them at once.
//! Invariants: no I/O; never panics on hostile input; a form comes back only if nothing is an error; columns that
//! nobody knows are kept and reported, never fatal.
//!
//! Where it differs from pyxform on purpose: expressions are parsed here, so an unknown function or a missing
//! parenthesis is found with its cell; a broken reference in a column that nobody knows is only a warning; a default
//! such as `10:00:00.000+01:00` is a time and not a sum; names may begin with À to Ö; `itemsets.csv` keeps its
//! cells under their headings; labels get no blanks around their outputs.
//!
//! The way of a workbook: `workbook` (cells) → `headings` (rows with understood columns) → `settings`, `choices`,
//! `entities`, `survey` (a `tree` of nodes) → `emit`, `texts`, `instances`, `body` (the definition) → `checks`.

mod aliases;
mod asked;
mod body;
mod checks;
mod choices;
mod containers;
mod emit;
mod entities;
mod headings;
mod instances;
mod loops;
mod parameters;
mod question;
mod range;
mod reference;
mod report;
mod row;
mod settings;
mod survey;
mod texts;
mod tokens;
mod tree;
mod workbook;

#[cfg(test)]
mod tests;

use crate::def::FormDef;
use crate::sensitivity;
use baraza_model::{Diagnostic, Place};
use entities::Entities;
use report::{At, Report, did_you_mean};
use settings::Settings;
use std::collections::{BTreeMap, BTreeSet};
use survey::{Rows, Survey};
use tree::{Kind, Node, Tree};
use workbook::{Book, Sheet};

/// What an import gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The form, if no finding is an error.
    pub form: Option<FormDef>,
    /// Everything that was found, in the order of the workbook's processing.
    pub diagnostics: Vec<Diagnostic>,
    /// The text of `itemsets.csv`, which an XForm with `select_one_external` needs beside it.
    pub itemsets: Option<String>,
}

/// Imports a workbook (`.xlsx`, `.xlsm` or `.xls`).
///
/// `file_stem` is the form's id if its settings give none; `present` are the names of the files beside it.
pub fn import(bytes: &[u8], file_stem: &str, present: &[&str]) -> Import {
    let mut report = Report::default();
    match workbook::read(bytes, &mut report) {
        Some(book) => from_book(&book, file_stem, present, report),
        None => Import { form: None, diagnostics: report.into_findings(), itemsets: None },
    }
}

/// Imports tables given as CSV text, each with the name of the sheet that it stands for.
pub fn import_tables(tables: &[(&str, &str)], file_stem: &str, present: &[&str]) -> Import {
    let mut report = Report::default();
    let book = workbook::read_tables(tables, &mut report);
    from_book(&book, file_stem, present, report)
}

fn from_book(book: &Book, file_stem: &str, present: &[&str], mut report: Report) -> Import {
    let form = read(book, file_stem, present, &mut report);
    let mut itemsets = None;
    let form = form.map(|(mut form, rows)| {
        let findings = sensitivity::propagate(&mut form);
        report.extend(findings.into_iter().map(|finding| in_sheet(finding, &rows)));
        itemsets = book.sheet("external_choices").map(external_csv);
        form
    });
    let form = form.filter(|_| !report.refused());
    Import { form, diagnostics: report.into_findings(), itemsets }
}

/// The row of each node, by its path.
type PathRows = BTreeMap<String, u32>;

/// Turns the path in a finding's place into the row that the path comes from.
fn in_sheet(mut finding: Diagnostic, rows: &PathRows) -> Diagnostic {
    let row = finding.place.column.as_ref().and_then(|path| rows.get(path)).copied();
    if let Some(row) = row {
        let (sheet, row, column) = match (row, finding.place.column.as_deref()) {
            (0, Some(path)) if path.ends_with("/instanceName") => ("settings", 2, "instance_name"),
            (0, _) => return finding,
            _ => (survey::SHEET, row, "sensitivity"),
        };
        finding.place = Place { sheet: Some(sheet.into()), row: Some(row), column: Some(column.into()) };
    }
    finding
}

/// Reads the whole book; `None` if there is no survey to speak of.
fn read(book: &Book, file_stem: &str, present: &[&str], report: &mut Report) -> Option<(FormDef, PathRows)> {
    let mut settings = settings::read(book, file_stem, report);
    let language = settings.default_language.clone();
    let (mut lists, choice_table) = choices::read(book, &language, settings.duplicates, report);
    let external = external_lists(book, report);
    let mut entities = Entities::read(book, report);
    let Some(sheet) = book.sheet("survey").filter(|s| !s.headings.is_empty()) else {
        let hint = did_you_mean("survey", book.names.iter().map(String::as_str));
        let message = format!("There is no sheet \"survey\" with questions.{hint}");
        report.error(At::sheet("survey"), "sheet.missing", message, "Add a sheet named \"survey\".");
        return None;
    };
    let table = aliases::SURVEY.read(sheet, &language, settings.collapse, report);
    checks::unknown_columns(&table, report);
    checks::impossible_columns(&table, survey::SHEET, report);
    checks::impossible_columns(&choice_table, "choices", report);
    checks::translations([("survey", &table), ("choices", &choice_table)], &language, report);
    let rows = Rows::new(book, &settings, &lists, &external, report);
    let Survey { mut tree, mut names, meta, others, loops, settings: more, .. } =
        rows.read(&table, &mut entities);
    for list in &others {
        lists.add_other(list);
    }
    lists.settle();
    for (id, list) in &loops {
        loops::unroll(&mut tree, *id, list, &lists);
    }
    if let Some(title) = more.get("title") {
        settings.title = Some(headings::Words::Plain(title.clone()));
    }
    if let Some(id) = more.get("id_string") {
        settings.id.clone_from(id);
    }
    tree.index();
    entities.place(&mut tree, report);
    add_meta(&mut tree, &settings, meta);
    tree.index();
    if !settings.omit_instance_id {
        names.entry("instanceID".to_owned()).or_insert(1);
    }
    checks::references_of(book, &table, &choice_table, &names, report);
    checks::generated_names(&tree, &names, report);
    let form = emit::form(&tree, &lists, &settings, &entities, report);
    checks::expressions(&form, &tree, &names, report);
    checks::files(&form, present, report);
    let rows = tree.below(0).into_iter().map(|id| (tree.path(id), tree.node(id).row)).collect();
    Some((form, rows))
}

/// Completes the meta block of the root: audit, instanceID, instanceName.
fn add_meta(tree: &mut Tree, settings: &Settings, mut nodes: Vec<Node>) {
    if !settings.omit_instance_id {
        let mut id = Node::new(Kind::Question, "calculate", "instanceID", 0);
        id.set_bind("readonly", "true()");
        id.set_bind("jr:preload", &settings.instance_id);
        nodes.push(id);
    }
    if let Some(name) = &settings.instance_name {
        nodes.push(Node::calculation("instanceName", name, 0));
    }
    if nodes.is_empty() {
        return;
    }
    let meta = tree.node(0).children.iter().copied().find(|id| tree.node(*id).bodyless);
    let meta = meta.unwrap_or_else(|| tree.add(0, entities::meta_group(0)));
    for node in nodes {
        tree.add(meta, node);
    }
}

/// The names of the lists of the sheet external_choices.
fn external_lists(book: &Book, report: &mut Report) -> BTreeSet<String> {
    let Some(sheet) = book.sheet("external_choices") else { return BTreeSet::new() };
    let table = aliases::CHOICES.read(sheet, "default", false, report);
    table.rows.iter().filter_map(|r| r.text("list name").map(str::to_owned)).collect()
}

/// The sheet external_choices as CSV, every cell quoted.
fn external_csv(sheet: &Sheet) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let quoted: Vec<String> = cells.map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
        quoted.join(",") + "\r\n"
    };
    let mut out = line(&mut sheet.headings.iter().map(String::as_str));
    for row in &sheet.rows {
        out += &line(&mut row.cells.iter().map(|c| c.as_deref().unwrap_or_default()));
    }
    out
}
