//! Everything a person can do with Baraza, one function each; shells translate and decide nothing.
//!
//! A [`Device`] is one unlocked workspace folder. It owns the vault and the device's keys, and drives the pure
//! cores: forms fill a [`Draft`], records merge, the log seals, sync carries. A headquarters device also owns
//! the office's store.
//!
//! Invariants: an answer is acknowledged only after its commit; what came from outside is verified before it is
//! opened and applied to a copy before it is kept; only an office's receipt lets a record be pruned.

mod catalogue;
mod commit;
mod conflict;
mod device;
mod dictionary;
mod directory;
mod discard;
mod draft;
mod drawer;
mod enrol;
mod error;
mod exchanges;
mod filter;
mod forms;
mod founding;
mod headquarters;
mod hub;
mod identity;
mod invitations;
mod journey;
mod late;
mod look;
mod outbox;
mod overview;
mod package;
mod paper;
mod place;
mod presence;
mod receipts;
mod receive;
mod received;
mod records;
mod retention;
mod today;
mod transfer;
mod view;
mod warnings;
mod watch;
mod words;
mod world;

pub use baraza_office::{
    Alarm, AuditEntry, ExportOptions, ExportReport, Facet, Gap, HeldItem, HeldState, IngestReport, Late,
    RecordSummary, Review, Table, TableColumn, TableNeeds, TableQuery, TableRow,
};
pub use baraza_oplog::{HubAddress, HubSecret, VerifyKey};
pub use baraza_vault::harden_process;
pub use catalogue::{Startable, free_space};
pub use commit::Completion;
pub use conflict::{ChoiceName, ClaimView, ConflictView, HistoryView};
pub use device::{About, Device, new_passphrase};
pub use draft::Draft;
pub use drawer::OfficeRecord;
pub use enrol::{Approved, JoinRequest, Member};
pub use error::{Error, Result};
pub use exchanges::{Exchange, Outcome, Way};
pub use filter::{DeliveryFilter, NeedsFilter, RecordsFilter, StatusFilter};
pub use forms::{FormFile, FormView, read_form, read_form_file};
pub use founding::{Founded, found_workspace};
pub use headquarters::ImportView;
pub use hub::HubReport;
pub use invitations::{Asked, Invited};
pub use journey::Step;
pub use late::LateArrival;
pub use overview::{FormRecords, HeldCounts, OfficeHeldView, Overview};
pub use package::Package;
pub use paper::{Paper, approval_text, invitation_text, kind as paper_kind, request_text};
pub use presence::{Presence, Standing, Strength, Weakness, passphrase_strength, presence};
pub use received::{HeldView, Received};
pub use records::RecordView;
pub use retention::Pruned;
pub use today::{Counts, Today};
pub use transfer::{BundleRead, BundleWritten, write_durably};
pub use view::{AnswerView, Answered, DeliveryView, Status};
pub use warnings::Warning;
pub use watch::Watch;
pub use world::World;
