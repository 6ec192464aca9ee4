//! What headquarters' store can refuse or fail at. Bad input is never an error here: it is held with a reason.

use thiserror::Error;

/// A failure of the store or a refused request. Nothing was changed.
#[derive(Debug, Error)]
pub enum OfficeError {
    /// SQLite or SQLCipher failed: a full disk, a lock, a damaged file.
    #[error("the store failed: {0}")]
    Store(#[from] rusqlite::Error),
    /// The file is not a store that this key opens.
    #[error("this key does not open the store, or the file is not a store")]
    WrongKey,
    /// The store was written by a newer version of the program.
    #[error("the store has schema version {found}, this program knows up to {known}")]
    NewerSchema {
        /// In the file.
        found: u32,
        /// In this program.
        known: u32,
    },
    /// A row of the store does not decode: the store is damaged.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// There is no such record.
    #[error("no such record")]
    UnknownRecord,
    /// There is no such form among the records.
    #[error("no records of form {0:?}")]
    UnknownForm(String),
    /// The conflict that was to be resolved is not there, or no longer as it was shown.
    #[error("the conflict is no longer as it was shown")]
    StaleConflict,
    /// There is nothing by that name up for review, or nothing that could be accepted.
    #[error("nothing that could be accepted is up for review under that name")]
    NotForReview,
    /// A document refused a change made here.
    #[error("the record refused the change: {0}")]
    Record(#[from] baraza_record::RecordError),
    /// The audit chain does not verify from this entry on.
    #[error("the audit trail was altered at entry {0}")]
    AuditAltered(i64),
    /// A file could not be written.
    #[error("could not write the export: {0}")]
    Write(#[from] std::io::Error),
    /// A CSV file could not be written.
    #[error("could not write the export: {0}")]
    Csv(#[from] csv::Error),
    /// A worker thread died; the batch was not committed.
    #[error("a worker thread died")]
    Worker,
}

impl OfficeError {
    /// Stable code for catalogues and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "office.store",
            Self::WrongKey => "office.wrong-key",
            Self::NewerSchema { .. } => "office.newer-schema",
            Self::Damaged(_) => "office.damaged",
            Self::UnknownRecord => "office.unknown-record",
            Self::UnknownForm(_) => "office.unknown-form",
            Self::NotForReview => "office.not-for-review",
            Self::StaleConflict => "office.stale-conflict",
            Self::Record(_) => "office.record-refused",
            Self::AuditAltered(_) => "office.audit-altered",
            Self::Write(_) | Self::Csv(_) => "office.write",
            Self::Worker => "office.worker",
        }
    }
}

/// The result of a call on the store.
pub type Result<T> = std::result::Result<T, OfficeError>;
