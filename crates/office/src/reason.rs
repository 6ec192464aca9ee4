//! Why something was not applied. The codes are stable: catalogues, tests and receipts use them.

use baraza_model::{DeviceId, LogId, RecordId, Timestamp};
use serde::Serialize;

/// What happens to something that was not applied. Nothing of it is ever dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldState {
    /// It lacks something that may still come; it is replayed when that arrives.
    Waiting,
    /// It cannot be trusted or read; it is replayed when a person asks, after a fix.
    Quarantined,
    /// A person must decide: it was written by a revoked device past the cut.
    Review,
}

impl HeldState {
    /// The word stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Quarantined => "quarantined",
            Self::Review => "review",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Quarantined, Self::Review].into_iter().find(|s| s.as_str() == word)
    }
}

/// Why an item or a segment is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What happens to it.
    pub state: HeldState,
    /// Stable code: one of [`code`], or the code of the crate that refused it (`oplog.…`, `record.…`).
    pub code: &'static str,
    /// For people who look into it; holds no answers.
    pub detail: String,
}

/// Codes of this crate.
pub mod code {
    /// A revoked device wrote it below its cut, but the segments between are missing.
    pub const CUT_UNPROVEN: &str = "office.cut-unproven";
    /// A revoked device wrote it on another branch than the one that the cut names.
    pub const OFF_THE_CUT: &str = "office.off-the-cut";
    /// The form, or its dictionary, has not arrived.
    pub const MISSING_FORM: &str = "office.missing-form";
    /// Changes that this one builds on have not arrived.
    pub const MISSING_DEPENDENCY: &str = "office.missing-dependency";
    /// The part's id does not belong to the record, or its kind does not fit.
    pub const PART_MISMATCH: &str = "office.part-mismatch";
    /// It names another form than the document that it changes.
    pub const FORM_MISMATCH: &str = "office.form-mismatch";
    /// The form is too wide for a table.
    pub const FORM_TOO_WIDE: &str = "office.form-too-wide";
    /// Applying it made the program panic; the document is as it was.
    pub const PANICKED: &str = "office.panicked";
}

impl Reason {
    pub(crate) fn new(state: HeldState, code: &'static str, detail: impl Into<String>) -> Self {
        Self { state, code, detail: detail.into() }
    }
}

/// Something held, as quarantine lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldItem {
    /// The segment's hash; SHA-256 of the bytes where no signed header could be read.
    #[serde(serialize_with = "hex")]
    pub digest: [u8; 32],
    /// Which payload; `None` for the whole segment.
    pub item: Option<u32>,
    /// Its log, zeros where unknown.
    pub log: LogId,
    /// Its place in the log, 0 where unknown.
    pub seq: u64,
    /// Who claims to have written it, zeros where unknown.
    pub device: DeviceId,
    /// The record that it belongs to, where it could be opened.
    pub record: Option<RecordId>,
    /// What happens to it.
    pub state: HeldState,
    /// Why.
    pub code: String,
    /// More on why.
    pub detail: String,
    /// Bytes held.
    pub size: u64,
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried again.
    pub tries: u32,
}

fn hex<S: serde::Serializer>(digest: &[u8; 32], s: S) -> Result<S::Ok, S::Error> {
    s.collect_str(&baraza_model::SegmentHash(*digest))
}

/// Which held items to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldFilter {
    /// Only this state.
    pub state: Option<HeldState>,
    /// Only this code.
    pub code: Option<String>,
    /// At most this many; 0 means all.
    pub limit: u32,
}

/// Segments that were never seen although later ones of their log were.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Gap {
    /// The log.
    pub log: LogId,
    /// Whose log.
    pub device: DeviceId,
    /// First missing place.
    pub first: u64,
    /// Last missing place.
    pub last: u64,
}

/// Two different segments in one place of a log: a restored backup, a cloned tablet or a seized key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// The log.
    pub log: LogId,
    /// Whose log.
    pub device: DeviceId,
    /// The place where it forks.
    pub seq: u64,
    /// The segments that claim it. All were processed.
    pub hashes: Vec<baraza_model::SegmentHash>,
}
