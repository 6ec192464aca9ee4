//! Reads the cells of a workbook (`.xlsx`, `.xlsm`, `.xls`) or of CSV tables as text, the way pyxform does.
//!
//! Invariants: never panics and never allocates without a bound, whatever the file holds; a cell of white space
//! is an absent cell; row numbers are those that a spreadsheet shows. A workbook's declared sizes are checked
//! before anything is unpacked, so that a small file can't grow without limit.

use super::report::{At, Report};
use calamine::{Data, DataRef, Reader, Xls, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest file that is read, in bytes.
pub(super) const MAX_FILE: usize = 32 << 20;
/// Largest sum of the sizes that the parts of an `.xlsx` declare for themselves, in bytes.
pub(super) const MAX_UNPACKED: u64 = 512 << 20;
/// Most sheets that are looked at.
pub(super) const MAX_SHEETS: usize = 64;
/// Most rows of a sheet.
pub(super) const MAX_ROWS: u32 = 300_000;
/// Most columns of a sheet.
pub(super) const MAX_COLUMNS: u32 = 512;
/// Most bytes of text in all sheets together.
pub(super) const MAX_TEXT: usize = 128 << 20;

/// The sheets that mean something in an XLSForm.
const KNOWN: [&str; 6] = ["survey", "choices", "settings", "external_choices", "osm", "entities"];
const EMPTY_ROWS_AT_END: u32 = 60;
const EMPTY_COLUMNS_AT_END: usize = 20;

/// One row: its number in the sheet and its cells, parallel to the headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// As the spreadsheet counts, the heading being row 1.
    pub(super) number: u32,
    /// `None` where the cell is empty.
    pub(super) cells: Vec<Option<String>>,
}

/// One sheet, its heading row split off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Its name as written.
    pub(super) name: String,
    /// Headings, trimmed; unnamed columns are left out, here and in the rows.
    pub(super) headings: Vec<String>,
    /// All rows that hold something.
    pub(super) rows: Vec<Row>,
}

/// The sheets of an XLSForm by their lower-case names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Book {
    sheets: Vec<Sheet>,
    /// Every sheet's name as written, for spelling hints.
    pub(super) names: Vec<String>,
}

impl Book {
    /// The sheet of that name, whatever its case.
    pub(super) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|s| s.name.to_lowercase() == name)
    }

    fn add(&mut self, name: &str, grid: Vec<(u32, Vec<Option<String>>)>, report: &mut Report) {
        if let Some(sheet) = Sheet::from_grid(name, grid, report) {
            self.sheets.push(sheet);
        }
    }
}

impl Sheet {
    fn from_grid(name: &str, grid: Vec<(u32, Vec<Option<String>>)>, report: &mut Report) -> Option<Self> {
        let mut rows = grid.into_iter().peekable();
        let first = match rows.peek() {
            Some((1, _)) => rows.next().map(|(_, cells)| cells).unwrap_or_default(),
            Some(_) => Vec::new(),
            None => return None,
        };
        let columns = headings(name, &first, report);
        let mut out = Vec::new();
        let mut last = 1;
        for (number, mut cells) in rows {
            if number > last + EMPTY_ROWS_AT_END + 1 {
                break;
            }
            let cells: Vec<Option<String>> =
                columns.iter().map(|(at, _)| cells.get_mut(*at).and_then(Option::take)).collect();
            if cells.iter().any(Option::is_some) {
                last = number;
                out.push(Row { number, cells });
            }
        }
        let headings = columns.into_iter().map(|(_, heading)| heading).collect();
        Some(Self { name: name.to_owned(), headings, rows: out })
    }
}

/// The named columns: where they stand and what they are called.
fn headings(sheet: &str, first: &[Option<String>], report: &mut Report) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut empty = 0;
    for (at, cell) in first.iter().enumerate() {
        let Some(text) = cell else {
            if empty == EMPTY_COLUMNS_AT_END {
                break;
            }
            empty += 1;
            continue;
        };
        empty = 0;
        let heading = collapse_spaces(text.trim());
        if found.iter().any(|(_, h)| *h == heading) {
            report.error(
                At::cell(sheet, 1, &heading),
                "header.duplicate",
                format!("The column \"{heading}\" appears twice."),
                "Remove or rename one of the two columns.",
            );
            continue;
        }
        found.push((at, heading));
    }
    found
}

/// Replaces every run of spaces by one, as pyxform does to headings and survey cells.
pub(super) fn collapse_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// Reads a workbook; what is wrong with it goes to the report, and a book comes back only if it could be read.
pub(super) fn read(bytes: &[u8], report: &mut Report) -> Option<Book> {
    if bytes.len() > MAX_FILE {
        too_large(report, "The file", &format!("{} MiB", MAX_FILE >> 20));
        return None;
    }
    let is_zip = bytes.starts_with(b"PK");
    match unpacked_size(bytes) {
        None if is_zip => {
            unreadable(report, "its directory of parts is damaged");
            return None;
        }
        Some(size) if is_zip && size > MAX_UNPACKED => {
            too_large(report, "What the workbook unpacks to", &format!("{} MiB", MAX_UNPACKED >> 20));
            return None;
        }
        _ => {}
    }
    let read = catch_unwind(AssertUnwindSafe(|| if is_zip { read_xlsx(bytes) } else { read_xls(bytes) }));
    let grids = match read {
        Ok(Ok(grids)) => grids,
        Ok(Err(Refusal::TooLarge(what, limit))) => {
            too_large(report, what, &limit);
            return None;
        }
        Ok(Err(Refusal::Unreadable(why))) => {
            unreadable(report, &why);
            return None;
        }
        Err(_) => {
            unreadable(report, "its structure is damaged");
            return None;
        }
    };
    let mut book = Book { sheets: Vec::new(), names: grids.iter().map(|(name, _)| name.clone()).collect() };
    let only_one = grids.len() == 1;
    for (name, grid) in grids {
        if KNOWN.contains(&name.to_lowercase().as_str()) {
            book.add(&name, grid, report);
        } else if only_one {
            book.add("survey", grid, report);
        }
    }
    Some(book)
}

/// Reads tables given as CSV text, one for each sheet.
pub(super) fn read_tables(tables: &[(&str, &str)], report: &mut Report) -> Book {
    let mut book = Book::default();
    for (name, text) in tables {
        book.names.push((*name).to_owned());
        let mut grid = Vec::new();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        for (at, record) in reader.records().enumerate() {
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            match record {
                Ok(record) if number <= MAX_ROWS => {
                    grid.push((number, record.iter().map(clean).collect()));
                }
                Ok(_) => {
                    too_large(report, "A table", &format!("{MAX_ROWS} rows"));
                    break;
                }
                Err(why) => {
                    let message = format!("The table can't be read: {why}.");
                    report.error(
                        At::row(name, number),
                        "table.unreadable",
                        message,
                        "Save it as UTF-8 CSV again.",
                    );
                    break;
                }
            }
        }
        book.add(name, grid, report);
    }
    book
}

type Grid = Vec<(u32, Vec<Option<String>>)>;

enum Refusal {
    Unreadable(String),
    TooLarge(&'static str, String),
}

fn too_large(report: &mut Report, what: &str, limit: &str) {
    report.error(
        At::sheet(""),
        "workbook.too-large",
        format!("{what} is larger than the {limit} that are read."),
        "Move long choice lists to a CSV file beside the form.",
    );
}

fn unreadable(report: &mut Report, why: &str) {
    report.error(
        At::sheet(""),
        "workbook.unreadable",
        format!("The file can't be read as a workbook: {why}."),
        "Open it in a spreadsheet program and save it as .xlsx.",
    );
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<(String, Grid)>, Refusal> {
    let unreadable = |e: calamine::XlsxError| Refusal::Unreadable(e.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    check_sheet_count(names.len())?;
    let only_one = names.len() == 1;
    let mut text = 0;
    let mut out = Vec::new();
    for name in names {
        let mut grid = Grid::new();
        if only_one || KNOWN.contains(&name.to_lowercase().as_str()) {
            let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
            while let Some(cell) = cells.next_cell().map_err(unreadable)? {
                let (row, column) = cell.get_position();
                let value = match cell.get_value() {
                    DataRef::Empty => None,
                    other => as_text(&other.clone().into()),
                };
                put(&mut grid, row, column, value, &mut text)?;
            }
        }
        out.push((name, grid));
    }
    Ok(out)
}

fn read_xls(bytes: &[u8]) -> Result<Vec<(String, Grid)>, Refusal> {
    let unreadable = |e: calamine::XlsError| Refusal::Unreadable(e.to_string());
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    check_sheet_count(names.len())?;
    let mut text = 0;
    let mut out = Vec::new();
    for name in names {
        let range = book.worksheet_range(&name).map_err(unreadable)?;
        let (row0, column0) = range.start().unwrap_or((0, 0));
        let mut grid = Grid::new();
        for (row, column, value) in range.used_cells() {
            let row = row0 + u32::try_from(row).unwrap_or(u32::MAX - row0);
            let column = column0 + u32::try_from(column).unwrap_or(u32::MAX - column0);
            put(&mut grid, row, column, as_text(value), &mut text)?;
        }
        out.push((name, grid));
    }
    Ok(out)
}

fn check_sheet_count(count: usize) -> Result<(), Refusal> {
    if count > MAX_SHEETS {
        return Err(Refusal::TooLarge("The number of sheets", format!("{MAX_SHEETS} sheets")));
    }
    Ok(())
}

/// Stores a cell; rows come in order, so only the last row or a new one is touched.
fn put(
    grid: &mut Grid,
    row: u32,
    column: u32,
    value: Option<String>,
    text: &mut usize,
) -> Result<(), Refusal> {
    let Some(value) = value else { return Ok(()) };
    if row >= MAX_ROWS {
        return Err(Refusal::TooLarge("A sheet", format!("{MAX_ROWS} rows")));
    }
    if column >= MAX_COLUMNS {
        return Err(Refusal::TooLarge("A sheet", format!("{MAX_COLUMNS} columns")));
    }
    *text += value.len();
    if *text > MAX_TEXT {
        return Err(Refusal::TooLarge("The text of the workbook", format!("{} MiB", MAX_TEXT >> 20)));
    }
    if grid.last().is_none_or(|(number, _)| *number != row + 1) {
        grid.push((row + 1, Vec::new()));
    }
    let Some((_, cells)) = grid.last_mut() else { return Ok(()) };
    let at = column as usize;
    if cells.len() <= at {
        cells.resize(at + 1, None);
    }
    if let Some(cell) = cells.get_mut(at) {
        *cell = Some(value);
    }
    Ok(())
}

fn clean(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.replace('\u{a0}', " "))
}

/// A cell as pyxform writes it: whole numbers without a point, dates as Python's `str()` gives them.
fn as_text(value: &Data) -> Option<String> {
    match value {
        Data::Empty => None,
        Data::String(text) => clean(text),
        Data::Bool(flag) => Some(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) => Some(number.to_string()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => clean(text),
        Data::Error(error) => Some(error.to_string()),
        Data::DateTime(serial) if (0.0..1.0).contains(&serial.as_f64()) || serial.is_duration() => {
            let seconds = (serial.as_f64() * 86_400.0).round().max(0.0);
            let (hours, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
            Some(format!("{hours:02}:{:02}:{:02}", (rest / 60.0).floor(), rest % 60.0))
        }
        Data::DateTime(serial) => {
            let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
            Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
        }
    }
}

/// The sum of the sizes that a zip file's central directory declares; `None` if it has no readable directory.
///
/// APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.3.16. Zip64 is refused: no form is that large. The zip reader holds each
/// part to the size that it declares, so a part can't unpack to more than is counted here.
fn unpacked_size(bytes: &[u8]) -> Option<u64> {
    let tail = bytes.len().saturating_sub(65_557);
    let end = tail + bytes.get(tail..)?.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    if end.checked_sub(20).and_then(|at| bytes.get(at..at + 4)) == Some(b"PK\x06\x07") {
        return None;
    }
    let entries = u16_at(bytes, end + 10)?;
    let mut at = u32_at(bytes, end + 16)? as usize;
    let mut sum = 0u64;
    for _ in 0..entries {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let size = u32_at(bytes, at + 24)?;
        if size == u32::MAX {
            return None;
        }
        sum += u64::from(size);
        at += 46 + [28, 30, 32].iter().filter_map(|o| u16_at(bytes, at + o)).map(usize::from).sum::<usize>();
    }
    Some(sum)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}
