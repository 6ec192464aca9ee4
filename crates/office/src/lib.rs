//! Headquarters: what arrives is verified, opened, applied, projected to tables, and receipted.
//!
//! - [`Office::ingest`] is idempotent and streaming; a batch of segments is one transaction.
//! - Nothing is dropped: what cannot be applied is held with a stable reason and its bytes ([`HeldItem`]), and
//!   replayed when what it lacks arrives or a person asks ([`Office::replay`]).
//! - Form logic is evaluated again on every import; what no longer holds is listed for review.
//! - Edits made apart are all kept; [`Office::conflicts`] shows every claim until [`Office::resolve`].
//! - [`Office::export_csv`] gives byte-identical files for the same inputs, whatever the order they came in.
//!
//! Deliberately absent: no clock, no randomness and no network of its own; no plaintext file but the exports that a
//! person asks for; no key derivation (the caller gives 32 random bytes).

mod accept;
mod context;
mod error;
mod evaluate;
mod export;
mod ingest;
mod layout;
mod office;
mod query;
mod reason;
mod receipt;
mod resolve;
mod store;
mod table;
mod wording;

pub use context::{Context, Library, LibraryForm};
pub use error::{OfficeError, Result};
pub use evaluate::review_code;
pub use export::{ExportOptions, ExportReport, ExportedFile, RowOrder};
pub use ingest::IngestReport;
pub use office::Office;
pub use query::{Authorship, HistoryEntry, RecordConflict, RecordDetail, ShownClaim};
pub use reason::{Alarm, Gap, HeldFilter, HeldItem, HeldState, Reason, code};
pub use receipt::ReceiptHead;
pub use resolve::{OutgoingChange, Resolve, Signer};
pub use store::{AuditEntry, FormCount, Late, OfficeCounts, RecordFilter, RecordSummary, Review};
pub use table::{Facet, Table, TableColumn, TableNeeds, TableQuery, TableRow};
pub use wording::Wording;
