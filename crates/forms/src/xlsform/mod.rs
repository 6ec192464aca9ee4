//! XLSForm import: a workbook or CSV tables in, a [`FormDef`] and every finding out.
//!
//! Follows pyxform 4.5.0 in what it accepts and what it makes of it (<https://xlsform.org>, the ODK XForms
//! specification); unlike pyxform it goes on after a problem, so that an author sees all of them at once.
//! Invariants: no I/O; never panics on hostile input; a form comes back only if nothing is an error; columns that
//! nobody knows are kept and reported, never fatal.

mod report;
mod workbook;

use crate::def::FormDef;
use baraza_model::Diagnostic;
use report::Report;
use workbook::Book;

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

fn from_book(_book: &Book, _file_stem: &str, _present: &[&str], report: Report) -> Import {
    Import { form: None, diagnostics: report.into_findings(), itemsets: None }
}
