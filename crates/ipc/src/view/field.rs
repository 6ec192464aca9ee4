//! Today, lists of records, one record, two answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Finalised records by where they are, and drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct CountsView {
    /// Not finished.
    pub drafts: u64,
    /// Finished, and only on this tablet.
    pub only_here: u64,
    /// Handed over, not confirmed.
    pub handed_over: u64,
    /// Received at headquarters.
    pub received: u64,
    /// Received and forgotten here.
    pub pruned: u64,
}

/// What waits here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TodayView {
    /// The hour of the device's clock.
    pub now: i64,
    /// Where records are.
    pub counts: CountsView,
    /// Forms that can be begun here, in the order of the tiles.
    pub forms: Vec<FormCard>,
    /// Drafts, last changed first.
    pub drafts: Vec<RecordRow>,
    /// Records where a person must decide or look.
    pub decide: Vec<RecordRow>,
    /// Records with two answers to a question.
    pub two_answers: u64,
    /// Records that a rule no longer allows.
    pub review: u64,
    /// Last hand-over.
    pub last_handed_over: Option<i64>,
    /// Last confirmation of headquarters.
    pub last_received: Option<i64>,
    /// What the person should know about the device.
    pub warnings: Vec<WarningView>,
}

/// A form on a tile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormCard {
    /// Form id.
    pub id: String,
    /// Version that a new record gets.
    pub version: String,
    /// Title in the interface's language, as far as the form has it.
    pub title: String,
    /// Icon by name; `form` where none fits.
    pub icon: String,
    /// `private` or `team`.
    pub sharing: String,
    /// Drafts of it here.
    pub drafts: u64,
    /// Other versions that drafts or records still use.
    pub older_versions: Vec<String>,
}

/// Where a record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", tag = "where")]
pub enum DeliveryFact {
    /// Not finished.
    Draft,
    /// Only on this tablet.
    OnlyHere,
    /// Handed over; headquarters has not confirmed.
    HandedOver {
        /// To whom or what.
        to: String,
        /// When.
        at: i64,
    },
    /// Headquarters has it.
    Received,
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecordRow {
    /// Record id.
    pub id: String,
    /// Form id.
    pub form: String,
    /// The form's title in the interface's language.
    pub form_title: String,
    /// The form's icon.
    pub icon: String,
    /// Form version.
    pub version: String,
    /// The record's name, as its form makes it; blank if it has none yet.
    pub name: String,
    /// `draft`, `complete` or `incomplete`.
    pub status: String,
    /// Why it was handed over incomplete.
    pub reason: Option<String>,
    /// `private` or `team`.
    pub sharing: String,
    /// Who made it.
    pub author: String,
    /// Whether this device made it.
    pub mine: bool,
    /// When it was begun.
    pub created: i64,
    /// When it last changed here.
    pub changed: i64,
    /// Where it is.
    pub delivery: DeliveryFact,
    /// Questions with two answers.
    pub conflicts: u64,
    /// Questions that a person must look at.
    pub review: u64,
}

/// Which records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default)]
pub struct RecordsQuery {
    /// `draft`, `only-here`, `handed-over`, `received`; blank: all.
    pub place: String,
    /// `two-answers`, `review`; blank: all.
    pub needs: String,
    /// Form id; blank: all.
    pub form: String,
    /// Words to look for.
    pub words: String,
    /// Skip so many.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecordList {
    /// How many match in all.
    pub total: u64,
    /// This page.
    pub rows: Vec<RecordRow>,
    /// Where all records are, whatever the query.
    pub counts: CountsView,
}

/// A record to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RecordSheet {
    /// As in lists.
    pub row: RecordRow,
    /// Its relevant questions in the form's order.
    pub answers: Vec<AnswerLine>,
    /// Questions with two answers.
    pub conflicts: Vec<ConflictCard>,
    /// Who changed what, newest first.
    pub history: Vec<HistoryLine>,
    /// Its journey: finished, handed over to whom, received; oldest first.
    pub journey: Vec<DeliveryFact>,
    /// Questions that a rule no longer allows, by path.
    pub review: Vec<String>,
    /// Whether a draft of it can be discarded: nothing of it has left this device.
    pub discardable: bool,
}

/// One question as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AnswerLine {
    /// Path with positions of repeat instances.
    pub path: String,
    /// The part of the form that it is in.
    pub part: Option<String>,
    /// The question.
    pub label: String,
    /// The answer as people read it: labels of choices, not their codes.
    pub text: String,
    /// The type of the value (`string`, `int`, `date`, `dateTime`, `geotrace`…): dates are formatted by the interface.
    pub kind: String,
    /// Whether it is something that people said: shown in the voice face.
    pub voice: bool,
    /// Severe, and sealed away: it cannot be read here.
    pub sealed: bool,
    /// Whether it fits its form's rules.
    pub valid: bool,
}

/// A question with more than one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConflictCard {
    /// The record.
    pub record: String,
    /// What `resolve` takes.
    pub path: String,
    /// The question.
    pub label: String,
    /// The type of the value.
    pub kind: String,
    /// Whether the answers are choices, so that any other choice can be the outcome.
    pub choices: Vec<ChoiceView>,
    /// The answers, in an order that is the same on every device. None is the right one.
    pub claims: Vec<ClaimCard>,
}

/// One of the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClaimCard {
    /// Names this claim when resolving.
    pub claim: String,
    /// The answer as stored; `null` where the person cleared it.
    pub value: Option<String>,
    /// The answer as people read it.
    pub text: String,
    /// Who gave it.
    pub author: String,
    /// Whether this device gave it.
    pub mine: bool,
    /// When, by that device's clock.
    pub at: i64,
}

/// One change of one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HistoryLine {
    /// The question.
    pub label: String,
    /// Before, as people read it.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// Who.
    pub author: String,
    /// When, by that device's clock.
    pub at: i64,
    /// Why, where a reason was given.
    pub reason: Option<String>,
}

use super::{ChoiceView, WarningView};
