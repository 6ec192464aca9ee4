//! Pages of projected tables for a screen. Severe answers are never in them: they are read record by record.

use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::store::{Cell, SheetFilter};
use baraza_model::{InstanceId, RecordId, Timestamp};
use serde::Serialize;

/// Which page of which table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableQuery {
    /// The form's id.
    pub form_id: String,
    /// The repeat's path; blank for the form itself.
    pub repeat: String,
    /// Whether records that nobody finalised are included.
    pub include_drafts: bool,
    /// Skip this many records.
    pub offset: u32,
    /// At most this many records; 0 means all.
    pub limit: u32,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The tables that the form has: blank for itself, then its repeats.
    pub repeats: Vec<String>,
    /// The columns, the newest version's first.
    pub columns: Vec<TableColumn>,
    /// The rows, by record id.
    pub rows: Vec<TableRow>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableColumn {
    /// The question's path; with its type where versions disagree.
    pub heading: String,
    /// The question's path.
    pub question: String,
    /// `integer`, `real` or `text`.
    pub kind: String,
    /// HXL hashtag, blank if none.
    pub hxl: String,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableRow {
    /// The record.
    pub record: RecordId,
    /// The repeat instance.
    pub instance: Option<InstanceId>,
    /// The instance that it is in.
    pub parent: Option<InstanceId>,
    /// Its place among its siblings, from 1.
    pub position: i64,
    /// The form's version.
    pub version: String,
    /// `draft`, `complete` or `incomplete`.
    pub status: String,
    /// Questions with more than one answer.
    pub conflicts: i64,
    /// Things that a person must look at.
    pub reviews: i64,
    /// When the row last changed.
    pub as_of: Timestamp,
    /// The answers, in the order of the columns.
    pub cells: Vec<Option<String>>,
}

impl Office {
    /// A page of a projected table.
    ///
    /// # Errors
    /// A form without records, or without such a repeat; failures of the store.
    pub fn table(&self, query: &TableQuery) -> Result<Table> {
        let filter = SheetFilter {
            form_id: query.form_id.clone(),
            include_drafts: query.include_drafts,
            page: (query.offset, query.limit),
            ..SheetFilter::default()
        };
        let sheets = self.store.sheets(&filter)?;
        let repeats = sheets.iter().map(|s| s.repeat.clone()).collect();
        let sheet = sheets
            .into_iter()
            .find(|s| s.repeat == query.repeat)
            .ok_or_else(|| OfficeError::UnknownForm(query.form_id.clone()))?;
        let mut rows = Vec::new();
        for (rid, _) in self.store.sheet_records(&filter)? {
            self.store.sheet_rows(&sheet, rid, |row| {
                rows.push(TableRow {
                    record: row.record,
                    instance: row.instance,
                    parent: row.parent,
                    position: row.position,
                    version: row.version,
                    status: row.status,
                    conflicts: row.conflicts,
                    reviews: row.reviews,
                    as_of: Timestamp(row.as_of),
                    cells: row.cells.into_iter().map(Cell::into_text).collect(),
                });
                Ok(())
            })?;
        }
        let columns = sheet.columns.into_iter().map(|column| TableColumn {
            heading: column.heading,
            question: column.question,
            kind: column.kind.sql().to_lowercase(),
            hxl: column.hxl,
        });
        Ok(Table { repeats, columns: columns.collect(), rows })
    }
}
