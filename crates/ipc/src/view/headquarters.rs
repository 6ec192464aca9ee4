//! Headquarters: inbox, table, record drawer, forms, exports.

use super::{AnswerLine, ConflictCard, ExchangeView, HistoryLine};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What arrived, and what needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct InboxView {
    /// The hour of the device's clock.
    pub now: i64,
    /// Records of which something arrived today.
    pub arrived_today: u64,
    /// Records applied today.
    pub applied_today: u64,
    /// Sealed items that were here already, today.
    pub already_had_today: u64,
    /// Records in all.
    pub records: u64,
    /// Held items by state.
    pub held: HeldCounts,
    /// Records that headquarters applied since a receipt last left it by hub or card.
    pub receipts_ready: u64,
    /// Exchanges, newest first.
    pub exchanges: Vec<ExchangeView>,
    /// What is set aside or waits, newest first, at most 200.
    pub set_aside: Vec<HeldLine>,
    /// Records with two answers to a question.
    pub two_answers: u64,
    /// Records with answers that a rule no longer allows.
    pub review: u64,
    /// Missing stretches and forks of logs.
    pub notes: Vec<LogNote>,
    /// What a late file moved, newest first.
    pub late: Vec<LateNote>,
}

/// Held items by state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct HeldCounts {
    /// Lacks something that may still come.
    pub waiting: u64,
    /// Cannot be trusted or read.
    pub quarantined: u64,
    /// Written by a revoked device past its cut.
    pub review: u64,
}

/// Something held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HeldLine {
    /// What `accept_held` takes.
    pub digest: String,
    /// Which item; `null` for all of it.
    pub item: Option<u32>,
    /// Whose.
    pub device: String,
    /// The record, where it could be opened.
    pub record: Option<String>,
    /// Form title, where known.
    pub form_title: Option<String>,
    /// `waiting`, `quarantined` or `review`.
    pub state: String,
    /// Why, as a stable code.
    pub code: String,
    /// For people who look into it; holds no answers.
    pub detail: String,
    /// Since when.
    pub since: i64,
    /// How often it was tried again.
    pub tries: u32,
}

/// A stretch that is missing, or a log that continues in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LogNote {
    /// `gap` or `fork`.
    pub kind: String,
    /// Whose log.
    pub device: String,
    /// First place.
    pub first: u64,
    /// Last place.
    pub last: u64,
}

/// A late arrival that changed an earlier month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LateNote {
    /// When it arrived.
    pub at: i64,
    /// Form title.
    pub form_title: String,
    /// Records in it.
    pub records: u64,
    /// The day that the earliest of them is about.
    pub earliest: i64,
}

/// A form in the menu of tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TableForm {
    /// Form id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Icon.
    pub icon: String,
    /// Newest published version.
    pub version: String,
    /// Every published version.
    pub versions: Vec<String>,
    /// Records here.
    pub records: u64,
    /// Whether its counts must not be read as representative (anything but a sample survey).
    pub convenience: bool,
}

/// Which rows of which table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
pub struct TableQueryView {
    /// Form id.
    pub form: String,
    /// Repeat's path; blank: the form itself.
    pub repeat: String,
    /// Values by column: any of them.
    pub filters: Vec<ColumnFilter>,
    /// On or after this day, `2026-11-01`; blank: all.
    pub since: String,
    /// On or before this day.
    pub until: String,
    /// `two-answers`, `review`; blank: all.
    pub needs: String,
    /// Words to look for.
    pub words: String,
    /// Also drafts that a team has handed over.
    pub drafts: bool,
    /// Skip so many.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// Values of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColumnFilter {
    /// The column's question.
    pub column: String,
    /// Any of these values.
    pub values: Vec<String>,
}

/// A page of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TableView {
    /// The form.
    pub form: TableForm,
    /// Rows that match.
    pub matching: u64,
    /// Rows in all.
    pub total: u64,
    /// As of.
    pub as_of: i64,
    /// The table's repeats: blank for the form itself.
    pub repeats: Vec<String>,
    /// The columns worth showing first, then the others.
    pub columns: Vec<TableColumnView>,
    /// The rows, newest first.
    pub rows: Vec<TableRowView>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TableColumnView {
    /// The question's path.
    pub column: String,
    /// Its label, shortened to a heading.
    pub label: String,
    /// `integer`, `real`, `text`, `date`, `dateTime` or `choice`.
    pub kind: String,
    /// Shown unless the person chooses otherwise.
    pub main: bool,
    /// Whether `facets` has values for a filter.
    pub filterable: bool,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TableRowView {
    /// The record.
    pub record: String,
    /// Its day, as far as its form has one; else the day it was begun.
    pub day: i64,
    /// Version of the form.
    pub version: String,
    /// `draft`, `complete` or `incomplete`.
    pub status: String,
    /// Who wrote it.
    pub author: String,
    /// Questions with two answers.
    pub conflicts: u64,
    /// Things to look at.
    pub reviews: u64,
    /// The answers as people read them, in the order of the columns; `null` where there is none.
    pub cells: Vec<Option<String>>,
    /// Columns whose question has two answers.
    pub contested: Vec<String>,
}

/// A value of a column for a filter menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Facet {
    /// The value.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Rows that have it.
    pub count: u64,
}

/// The drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OfficeSheet {
    /// The record.
    pub record: String,
    /// Form title.
    pub form_title: String,
    /// Version.
    pub version: String,
    /// The record's name.
    pub name: String,
    /// `draft`, `complete` or `incomplete`.
    pub status: String,
    /// Why incomplete.
    pub reason: Option<String>,
    /// Who began it.
    pub author: String,
    /// Begun.
    pub created: i64,
    /// Last change that is here.
    pub as_of: i64,
    /// The answers; severe ones say only that they are sealed, until opened.
    pub answers: Vec<AnswerLine>,
    /// Questions with two answers.
    pub conflicts: Vec<ConflictCard>,
    /// Things that a rule no longer allows.
    pub reviews: Vec<ReviewLine>,
    /// Who changed what, newest first.
    pub history: Vec<HistoryLine>,
    /// Whether severe answers are here, and may be opened by this device.
    pub severe: SevereState,
}

/// Whether a record has severe answers here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum SevereState {
    /// None.
    None,
    /// Some; not shown. Opening is written into the audit trail.
    Sealed,
    /// Shown.
    Open,
}

/// Something that a rule no longer allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReviewLine {
    /// The question.
    pub label: String,
    /// Why, as a stable code.
    pub code: String,
    /// The form's sentence.
    pub text: Option<String>,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExportView {
    /// Where.
    pub folder: String,
    /// The files.
    pub files: Vec<ExportedFileView>,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExportedFileView {
    /// Its name.
    pub name: String,
    /// Rows under the heading.
    pub rows: u64,
}

/// What checking or publishing a form file gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PublishView {
    /// The form, unless refused.
    pub form: Option<TableForm>,
    /// Whether it is now published.
    pub published: bool,
    /// Everything there is to say about the file.
    pub findings: Vec<FindingView>,
}

/// A finding in a form file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FindingView {
    /// Stable code.
    pub code: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Sheet, row and column, as far as known.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub fix: String,
}
