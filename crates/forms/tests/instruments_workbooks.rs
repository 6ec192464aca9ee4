//! The committed workbooks of the core instruments are what their readable source says.
//!
//! The source is `schemas/instruments/{fgd,survey,patrol}/*.csv`; the workbooks beside it are made from it, for
//! people who work in a spreadsheet. After a change of the source run
//! `BARAZA_REGENERATE=1 cargo test -p baraza-forms --test instruments_workbooks`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may panic")]

use baraza_forms::xlsform::{import, import_tables};
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;

const CORE: [&str; 3] = ["fgd", "survey", "patrol"];
const SHEETS: [&str; 3] = ["survey", "choices", "settings"];

fn instruments() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/instruments")
}

fn source(name: &str, sheet: &str) -> String {
    fs::read_to_string(instruments().join(name).join(format!("{sheet}.csv"))).unwrap()
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.into_records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The workbook of an instrument; the same source always gives the same bytes.
fn workbook(name: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = ExcelDateTime::from_ymd(2026, 11, 20).unwrap();
    book.set_properties(
        &DocProperties::new().set_title(format!("baraza {name}")).set_creation_datetime(&day),
    );
    let heading = Format::new().set_bold();
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for sheet in SHEETS {
        let page = book.add_worksheet();
        page.set_name(sheet).unwrap().set_freeze_panes(1, 0).unwrap();
        for (row, cells) in (0..).zip(rows(&source(name, sheet))) {
            for (column, text) in (0..).zip(&cells).filter(|(_, text)| !text.is_empty()) {
                let format = if row == 0 { &heading } else { &cell };
                page.write_string_with_format(row, column, text, format).unwrap();
                page.set_column_width(column, 24).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn cells(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let text = |cell: &Data| if *cell == Data::Empty { String::new() } else { cell.to_string() };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn every_workbook_agrees_with_its_source_cell_by_cell_and_as_a_form() {
    for name in CORE {
        let path = instruments().join("xlsx").join(format!("{name}.xlsx"));
        if std::env::var_os("BARAZA_REGENERATE").is_some() {
            fs::write(&path, workbook(name)).unwrap();
        }
        let book = fs::read(&path).unwrap();
        for sheet in SHEETS {
            let mut expected = rows(&source(name, sheet));
            let found = cells(&book, sheet);
            assert_eq!(found.len(), expected.len(), "{name}: rows of {sheet}");
            for (at, (expected, found)) in expected.iter_mut().zip(found).enumerate() {
                expected.resize(found.len().max(expected.len()), String::new());
                assert_eq!(found, *expected, "{name}: {sheet} row {}; regenerate the workbook", at + 1);
            }
        }
        let tables: Vec<(&str, String)> = SHEETS.iter().map(|sheet| (*sheet, source(name, sheet))).collect();
        let tables: Vec<(&str, &str)> = tables.iter().map(|(sheet, text)| (*sheet, text.as_str())).collect();
        let from_source = import_tables(&tables, name, &[]).form.expect("the source imports");
        let from_book = import(&book, name, &[]).form.expect("the workbook imports");
        assert_eq!(from_book.hash(), from_source.hash(), "{name}");
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    assert_eq!(workbook("patrol"), workbook("patrol"));
}

#[test]
fn a_changed_source_gives_another_form() {
    let survey = source("patrol", "survey");
    let choices = source("patrol", "choices");
    let settings = source("patrol", "settings");
    let form = |survey: &str| {
        let tables = [("survey", survey), ("choices", &choices), ("settings", &settings)];
        import_tables(&tables, "patrol", &[]).form.unwrap().hash()
    };
    let changed = survey.replacen("Day and place", "Place and day", 1);
    assert_ne!(changed, survey, "the patrol report has a page \"Day and place\"");
    assert_ne!(form(&changed), form(&survey));
}

/// The four languages are equals: where one has a text, all have, and nobody has reviewed the machine-made ones yet.
#[test]
fn every_text_stands_in_all_four_languages_and_says_that_nobody_reviewed_it() {
    for name in CORE {
        for sheet in ["survey", "choices"] {
            let table = rows(&source(name, sheet));
            let headings = &table[0];
            let status = headings.iter().position(|h| h == "translation_status").unwrap();
            for (at, row) in table.iter().enumerate().skip(1) {
                for kind in ["label", "hint", "constraint_message"] {
                    let of_kind =
                        headings.iter().zip(row).filter(|(h, _)| h.starts_with(&format!("{kind}::")));
                    let given: Vec<bool> = of_kind.map(|(_, text)| !text.is_empty()).collect();
                    let place = format!("{name}: {sheet} row {} {kind}", at + 1);
                    assert!(given.iter().all(|g| *g == given[0]), "{place} lacks a language");
                    if given.first() == Some(&true) {
                        assert_eq!(given.len(), 4, "{place}");
                        assert_eq!(row[status], "unreviewed", "{place}");
                    }
                }
            }
        }
    }
}
