//! Everything a person can do with Baraza, one function each; shells translate and decide nothing.
//!
//! A [`Device`] is one unlocked workspace folder. It owns the vault and the device's keys, and drives the pure
//! cores: forms fill a [`Draft`], records merge, the log seals, sync carries. A headquarters device also owns
//! the office's store.
//!
//! Invariants: an answer is acknowledged only after its commit; what came from outside is verified before it is
//! opened and applied to a copy before it is kept; only an office's receipt lets a record be pruned.

mod commit;
mod conflict;
mod device;
mod dictionary;
mod directory;
mod draft;
mod enrol;
mod error;
mod forms;
mod founding;
mod headquarters;
mod hub;
mod identity;
mod outbox;
mod package;
mod receipts;
mod receive;
mod records;
mod retention;
mod transfer;
mod view;
mod world;

pub use baraza_office::{ExportOptions, ExportReport, HeldItem, IngestReport, RecordSummary, Review};
pub use baraza_oplog::{HubAddress, HubSecret, VerifyKey};
pub use baraza_vault::harden_process;
pub use commit::Completion;
pub use conflict::{ClaimView, ConflictView, HistoryView};
pub use device::{About, Device, new_passphrase};
pub use draft::Draft;
pub use enrol::{Approved, JoinRequest, Member};
pub use error::{Error, Result};
pub use forms::{FormFile, FormView, read_form, read_form_file};
pub use founding::{Founded, found_workspace};
pub use headquarters::ImportView;
pub use hub::HubReport;
pub use package::Package;
pub use receive::{HeldView, Received};
pub use records::{RecordView, RecordsFilter};
pub use retention::Pruned;
pub use transfer::{BundleRead, BundleWritten, write_durably};
pub use view::{AnswerView, Answered, DeliveryView, Status};
pub use world::World;
