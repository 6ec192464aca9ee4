//! CSV for people inside the protected tier: RFC 4180, UTF-8, one file for the form and one for each repeat.
//!
//! Invariants:
//! - the same records give byte-identical files, whatever the order in which they came;
//! - severe columns are absent, not blank, unless asked for, and every export is in the audit trail before its files
//!   have their names;
//! - a text cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage
//!   return) is written with `'` before it. Number columns hold numbers only and are left alone.

use crate::context::{Context, Library};
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::store::{Cell, Sheet, SheetFilter, SheetRow, append_audit};
use baraza_model::{DeviceId, InstanceId, RecordId, Timestamp};
use ring::hmac;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What to export.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// The form's id.
    pub form: String,
    /// Whether severe answers are written out. Two people should have agreed; the audit trail keeps who asked.
    pub include_severe: bool,
    /// Whether records that nobody finalised are included.
    pub include_drafts: bool,
    /// Whether a row of HXL hashtags follows the headings.
    pub hxl_row: bool,
    /// Only records that had arrived by then; those that changed since are marked in `_restated`.
    pub as_of: Option<Timestamp>,
    /// In which order.
    pub order: RowOrder,
}

/// The order of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowOrder {
    /// By record id.
    #[default]
    RecordId,
    /// Shuffled in a way that depends only on this key: nothing can be read from the order.
    Keyed([u8; 32]),
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// How many records.
    pub records: u64,
    /// The files: the form's first, then its repeats'.
    pub files: Vec<ExportedFile>,
    /// Whether the caller stopped it: nothing was written then, and files of the same names are as they were.
    pub cancelled: bool,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    /// Its name in the folder.
    pub name: String,
    /// Rows below the headings.
    pub rows: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl Office {
    /// Writes the records of a form to CSV files in a folder, replacing files of the same names. `by` is the device
    /// on which a person asked for it.
    ///
    /// # Errors
    /// A form without records; a folder that cannot be written; failures of the store.
    pub fn export_csv(
        &mut self,
        context: &Context<'_>,
        dir: &Path,
        options: &ExportOptions,
        by: DeviceId,
    ) -> Result<ExportReport> {
        self.export_csv_while(context, dir, options, by, &mut |_, _| true)
    }

    /// As [`Self::export_csv`], asking before each record whether to go on and telling how many were written and how
    /// many there are, each counted once for every file. One that is stopped writes nothing.
    ///
    /// # Errors
    /// As [`Self::export_csv`].
    pub fn export_csv_while(
        &mut self,
        context: &Context<'_>,
        dir: &Path,
        options: &ExportOptions,
        by: DeviceId,
        go_on: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<ExportReport> {
        let filter = SheetFilter {
            form_id: options.form.clone(),
            include_severe: options.include_severe,
            include_drafts: options.include_drafts,
            received_by: options.as_of.map(|at| at.0),
            page: (0, 0),
        };
        let sheets = self.store.sheets(&filter)?;
        let mut records = self.store.sheet_records(&filter)?;
        if let RowOrder::Keyed(key) = &options.order {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key);
            records.sort_by_cached_key(|(_, id)| hmac::sign(&key, id.as_bytes()).as_ref().to_vec());
        }
        fs::create_dir_all(dir)?;
        let mut taken = BTreeSet::new();
        let mut written: Vec<Unnamed> = Vec::new();
        let (mut done, all) = (0, sheets.len() * records.len());
        let mut next = || {
            done += 1;
            go_on(done - 1, all)
        };
        for sheet in &sheets {
            let file = Unnamed::create(dir, file_name(&options.form, &sheet.repeat, &mut taken))?;
            match self.write_sheet(file, sheet, &records, options, context.library, &mut next)? {
                Some(file) => written.push(file),
                None => return Ok(ExportReport { records: 0, files: Vec::new(), cancelled: true }),
            }
        }
        let files: Vec<ExportedFile> = written.iter().map(|file| file.report.clone()).collect();
        let report = ExportReport { records: records.len() as u64, files, cancelled: false };
        let action = if options.include_severe { "export-severe" } else { "export" };
        let detail = json!({
            "form": options.form,
            "by": by,
            "drafts": options.include_drafts,
            "as_of": options.as_of,
            "records": report.records,
            "files": report.files,
        });
        append_audit(&self.store.conn, context.now, action, &detail)?;
        for file in written {
            file.name_it()?;
        }
        Ok(report)
    }

    fn write_sheet(
        &self,
        mut file: Unnamed,
        sheet: &Sheet,
        records: &[(i64, RecordId)],
        options: &ExportOptions,
        library: &Library,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Unnamed>> {
        let repeat = !sheet.repeat.is_empty();
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Hashing::new(BufWriter::new(&mut file.file)));
        let mut headings: Vec<String> =
            own_headings(repeat, options.as_of.is_some()).map(str::to_owned).collect();
        let own = headings.len();
        headings.extend(sheet.columns.iter().map(|c| text(&c.heading)));
        writer.write_record(&headings)?;
        if options.hxl_row {
            let tags = std::iter::repeat_n("", own).chain(sheet.columns.iter().map(|c| c.hxl.as_str()));
            writer.write_record(tags)?;
        }
        let mut rows = 0;
        for (rid, _) in records {
            if !go_on() {
                return Ok(None);
            }
            self.store.sheet_rows(sheet, *rid, |row| {
                rows += 1;
                Ok(writer.write_record(cells(&row, repeat, options.as_of, library))?)
            })?;
        }
        let mut hashing =
            writer.into_inner().map_err(|e| OfficeError::Write(io::Error::other(e.to_string())))?;
        hashing.flush()?;
        file.report.rows = rows;
        file.report.sha256 = hashing.hex();
        drop(hashing);
        file.file.sync_all()?;
        Ok(Some(file))
    }
}

fn own_headings(repeat: bool, restated: bool) -> impl Iterator<Item = &'static str> {
    let own: &[&str] = if repeat {
        &["_record", "_instance", "_parent", "_position", "_form_version", "_status", "_conflicts"]
    } else {
        &["_record", "_form_version", "_status", "_conflicts", "_reviews", "_authors"]
    };
    own.iter().copied().chain(restated.then_some("_restated"))
}

fn cells(row: &SheetRow, repeat: bool, as_of: Option<Timestamp>, library: &Library) -> Vec<String> {
    let id = |id: &Option<InstanceId>| id.as_ref().map(InstanceId::to_string).unwrap_or_default();
    let mut cells = vec![row.record.to_string()];
    if repeat {
        cells.extend([id(&row.instance), id(&row.parent), row.position.to_string()]);
        cells.extend([text(&row.version), row.status.clone(), row.conflicts.to_string()]);
    } else {
        cells.extend([
            text(&row.version),
            row.status.clone(),
            row.conflicts.to_string(),
            row.reviews.to_string(),
        ]);
        cells.push(text(&authors(row, library)));
    }
    cells.extend(as_of.map(|at| if row.as_of > at.0 { "1".to_owned() } else { String::new() }));
    cells.extend(row.cells.iter().map(|cell| match cell {
        Cell::Blank => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(number) => number.to_string(),
        Cell::Text(value) => text(value),
    }));
    cells
}

/// Who signed what is in a record, by name; `(snapshot)` if some of it is only vouched for. Who sent snapshots that
/// brought nothing is not told: that would depend on the order in which they came.
fn authors(row: &SheetRow, library: &Library) -> String {
    let signed = row.authors.iter().filter(|c| c.proven);
    let mut names: BTreeSet<String> = signed.map(|c| library.device_name(&c.device)).collect();
    if row.vouched {
        names.insert("(snapshot)".to_owned());
    }
    names.into_iter().collect::<Vec<_>>().join("; ")
}

/// A text cell that no spreadsheet takes for a formula.
fn text(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{value}") } else { value.to_owned() }
}

/// `patrol.csv`, `patrol-contacts.csv`; other characters than letters, digits, `.`, `-` and `_` become `_`.
fn file_name(form: &str, repeat: &str, taken: &mut BTreeSet<String>) -> String {
    let safe = |text: &str| -> String {
        let keep = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        text.chars()
            .map(|c| {
                if c == '/' {
                    '-'
                } else if keep(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect()
    };
    let stem = if repeat.is_empty() { safe(form) } else { format!("{}-{}", safe(form), safe(repeat)) };
    let mut name = format!("{stem}.csv");
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem}_{number}.csv");
        number += 1;
    }
    name
}

/// A file that gets its name when all of the export is written; it disappears if that never happens.
struct Unnamed {
    file: File,
    partial: PathBuf,
    target: PathBuf,
    report: ExportedFile,
    named: bool,
}

impl Unnamed {
    fn create(dir: &Path, name: String) -> Result<Self> {
        let partial = dir.join(format!(".{name}.partial"));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial)?;
        let target = dir.join(&name);
        let report = ExportedFile { name, rows: 0, sha256: String::new() };
        Ok(Self { file, partial, target, report, named: false })
    }

    fn name_it(mut self) -> Result<()> {
        fs::rename(&self.partial, &self.target)?;
        self.named = true;
        Ok(())
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.named {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Hashes what is written through it.
struct Hashing<W: Write> {
    inner: W,
    hash: ring::digest::Context,
}

impl<W: Write> Hashing<W> {
    fn new(inner: W) -> Self {
        Self { inner, hash: ring::digest::Context::new(&ring::digest::SHA256) }
    }

    fn hex(&self) -> String {
        self.hash.clone().finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
