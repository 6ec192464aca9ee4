//! Pages of projected tables for a screen. Severe answers are never in them: they are read record by record.

use crate::context::Library;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::store::{Cell, Contributor, Late, SheetColumn, SheetFilter, SheetRow};
use crate::wording::Wording;
use baraza_forms::Form;
use baraza_model::{InstanceId, RecordId, Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which page of which table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableQuery {
    /// The form's id.
    pub form_id: String,
    /// The repeat's path; blank for the form itself.
    pub repeat: String,
    /// Whether records that nobody finalised are included.
    pub include_drafts: bool,
    /// The language of labels; the form's own if it has not got this one.
    pub language: Option<String>,
    /// Columns (by question) that must have one of these values; a question with several choices must have one of
    /// them among its own. Columns of the repeat, or of the form itself.
    pub filters: Vec<(String, Vec<String>)>,
    /// The column (by question) that `since` and `until` look at, a date; blank for when the row last changed.
    pub date_column: String,
    /// Not before this: a day, `2026-11-01`, for a column; milliseconds since 1970 otherwise. Blank: from the start.
    pub since: String,
    /// Not after this, written as `since`; a day counts to its end. Blank: without end.
    pub until: String,
    /// Only records that a person must decide on.
    pub needs: Option<TableNeeds>,
    /// Only rows whose texts and numbers contain each of these words, in capitals or not where letters are ASCII.
    /// Values of choices, dates and places are not looked at.
    pub words: String,
    /// Skip this many rows.
    pub offset: u32,
    /// At most this many rows; 0 means all.
    pub limit: u32,
}

/// What a person must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableNeeds {
    /// Some question has two answers.
    TwoAnswers,
    /// Something no longer fits a rule.
    Review,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The tables that the form has: blank for itself, then its repeats.
    pub repeats: Vec<String>,
    /// The columns, the newest version's first.
    pub columns: Vec<TableColumn>,
    /// The rows: the latest day first where the query names a column of days, otherwise those that changed last.
    pub rows: Vec<TableRow>,
    /// How many rows match, on all pages.
    pub matching: u64,
    /// How many rows there are if nothing is asked of them (drafts as asked).
    pub total: u64,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableColumn {
    /// The question's path; with its type where versions disagree.
    pub heading: String,
    /// The question's path.
    pub question: String,
    /// The question; its path's last step where the form gives it no label.
    pub label: String,
    /// `integer`, `real` or `text`.
    pub kind: String,
    /// The question's own type: `string`, `int`, `date`, `select1`, `select`…
    pub data_type: String,
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
    /// Names of those who wrote to the record, as far as signatures or snapshots say.
    pub authors: Vec<String>,
    /// Questions with more than one answer.
    pub conflicts: i64,
    /// Which ones they are, severe ones left out.
    pub contested: Vec<String>,
    /// Things that a person must look at.
    pub reviews: i64,
    /// When the record first arrived.
    pub received: Timestamp,
    /// When the row last changed.
    pub as_of: Timestamp,
    /// The answers as they are stored, in the order of the columns.
    pub cells: Vec<Option<String>>,
    /// The answers as people read them, in the order of the columns.
    pub display: Vec<Option<String>>,
}

/// A value of a column, for a filter menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet {
    /// The value.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Rows that have it.
    pub count: u64,
}

/// At most this many values are offered in a menu.
const MOST_FACETS: usize = 100;

impl Office {
    /// A page of a projected table.
    ///
    /// # Errors
    /// A form without records, or without such a repeat or column; failures of the store.
    pub fn table(&self, query: &TableQuery, library: &Library) -> Result<Table> {
        let form = newest(library, &query.form_id);
        let mut wording = form.as_deref().map(|form| Wording::new(form, query.language.as_deref()));
        let filter = SheetFilter {
            form_id: query.form_id.clone(),
            include_drafts: query.include_drafts,
            ..SheetFilter::default()
        };
        let sheets = self.store.sheets(&filter)?;
        let repeats = sheets.iter().map(|s| s.repeat.clone()).collect();
        let sheet = sheets
            .into_iter()
            .find(|s| s.repeat == query.repeat)
            .ok_or_else(|| OfficeError::UnknownForm(query.form_id.clone()))?;
        let several = several(form.as_deref());
        let page = self.store.page(&sheet, query, &several, &told(form.as_deref()))?;
        let contested = self.store.contested(&page.rids)?;
        let rows = page.rows.into_iter().map(|(rid, received, row)| {
            let contested = contested.get(&rid).cloned().unwrap_or_default();
            table_row(row, received, contested, &sheet.columns, wording.as_mut(), library)
        });
        let rows = rows.collect();
        let columns = sheet.columns.iter().map(|column| table_column(column, wording.as_ref())).collect();
        Ok(Table { repeats, columns, rows, matching: page.matching, total: page.total })
    }

    /// The values that a column has in finalised records, the most frequent first, at most a hundred.
    ///
    /// # Errors
    /// A form without records, or without such a column (severe ones are none); failures of the store.
    pub fn facets(
        &self,
        form_id: &str,
        question: &str,
        language: Option<&str>,
        library: &Library,
    ) -> Result<Vec<Facet>> {
        let form = newest(library, form_id);
        let mut wording = form.as_deref().map(|form| Wording::new(form, language));
        let filter = SheetFilter { form_id: form_id.to_owned(), ..SheetFilter::default() };
        let has = |columns: &[SheetColumn]| columns.iter().any(|c| c.question == question);
        let sheets = self.store.sheets(&filter)?;
        let sheet = sheets.into_iter().find(|sheet| has(&sheet.columns));
        let sheet = sheet.ok_or_else(|| OfficeError::UnknownForm(form_id.to_owned()))?;
        let several = several(form.as_deref()).contains(question);
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (value, count) in self.store.values(&sheet, form_id, question)? {
            match several {
                true => value.split_whitespace().for_each(|one| {
                    *counts.entry(one.to_owned()).or_default() += count;
                }),
                false => *counts.entry(value).or_default() += count,
            }
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts.truncate(MOST_FACETS);
        let facet = |(value, count): (String, u64)| {
            let label = wording.as_mut().map_or_else(|| value.clone(), |w| w.answer(question, &value));
            Facet { value, label, count }
        };
        Ok(counts.into_iter().map(facet).collect())
    }
}

impl Office {
    /// Records of a form that arrived since a time about a month that had ended before, by arrival, the newest first.
    /// `question` asks for the day that a record is about.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn late(
        &self,
        form_id: &str,
        question: &str,
        since: Timestamp,
        zone_minutes: i32,
    ) -> Result<Vec<Late>> {
        self.store.late(form_id, question, since, zone_minutes)
    }
}

/// The newest version of a form that is here.
fn newest(library: &Library, form_id: &str) -> Option<Arc<Form>> {
    let versions = library.forms().map(|(_, entry)| &entry.form).filter(|form| form.def().id == form_id);
    versions.max_by_key(|form| form.def().version.clone()).cloned()
}

/// The questions that take several choices.
fn several(form: Option<&Form>) -> BTreeSet<String> {
    let tables = form.into_iter().flat_map(|form| &form.schema().tables);
    let columns = tables.flat_map(|table| &table.columns);
    columns.filter(|c| matches!(c.data_type.as_str(), "select" | "rank")).map(|c| c.path.clone()).collect()
}

/// The questions whose answers are no words of anybody: choices, dates, places, files. A search passes them over.
fn told(form: Option<&Form>) -> BTreeSet<String> {
    const WRITTEN: [&str; 6] = ["string", "int", "integer", "long", "decimal", "barcode"];
    let tables = form.into_iter().flat_map(|form| &form.schema().tables);
    let columns = tables.flat_map(|table| &table.columns);
    columns.filter(|c| !WRITTEN.contains(&c.data_type.as_str())).map(|c| c.path.clone()).collect()
}

fn table_column(column: &SheetColumn, wording: Option<&Wording<'_>>) -> TableColumn {
    let last = column.question.rsplit('/').next().unwrap_or(&column.question);
    let label = wording.and_then(|w| w.question(&column.question));
    TableColumn {
        heading: column.heading.clone(),
        question: column.question.clone(),
        label: label.unwrap_or_else(|| last.to_owned()),
        kind: column.kind.sql().to_lowercase(),
        data_type: wording.map(|w| w.data_type(&column.question)).unwrap_or_default(),
        hxl: column.hxl.clone(),
    }
}

fn table_row(
    row: SheetRow,
    received: i64,
    contested: Vec<String>,
    columns: &[SheetColumn],
    mut wording: Option<&mut Wording<'_>>,
    library: &Library,
) -> TableRow {
    let cells: Vec<Option<String>> = row.cells.into_iter().map(Cell::into_text).collect();
    let shown = |(column, cell): (&SheetColumn, &Option<String>)| {
        let cell = cell.as_ref()?;
        Some(wording.as_mut().map_or_else(|| cell.clone(), |w| w.answer(&column.question, cell)))
    };
    let display = columns.iter().zip(&cells).map(shown).collect();
    TableRow {
        record: row.record,
        instance: row.instance,
        parent: row.parent,
        position: row.position,
        version: row.version,
        status: row.status,
        authors: names(&row.authors, library),
        conflicts: row.conflicts,
        contested,
        reviews: row.reviews,
        received: Timestamp(received),
        as_of: Timestamp(row.as_of),
        cells,
        display,
    }
}

/// Names of authors; those whose signature was seen first.
fn names(authors: &[Contributor], library: &Library) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let proven = authors.iter().filter(|a| a.proven).chain(authors.iter().filter(|a| !a.proven));
    for author in proven {
        let name = library.device_name(&author.device);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
