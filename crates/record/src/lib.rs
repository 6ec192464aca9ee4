//! Records: one Automerge document per part, holding answers, repeats, notes, status and all of their history.
//!
//! Invariants:
//! - Nothing is silently replaced. Edits are made at the heads that their author saw; what arrived unseen stands
//!   beside them until a person settles it.
//! - Only changes of one shape, by the device that signed them, get in; a refused change leaves no trace.
//! - No panic leaves this crate, whatever the bytes.
//! - The same changes give the same answers, conflicts and history, in whatever order they came.
//! - This crate knows no log, no key, no file and no clock. Times are what devices said, and order nothing.
//!
//! Start with [`Part`].

mod bytes;
mod columns;
mod commit;
mod conflict;
mod decode;
mod dictionary;
mod error;
mod graph;
mod history;
mod ids;
mod overlay;
mod part;
mod plain;
mod plan;
mod read;
mod refs;
mod seed;
mod shape;
mod status;
#[cfg(test)]
mod tests;
mod wire;
mod write;

pub use commit::{Commit, Resolution};
pub use conflict::Conflict;
pub use dictionary::{Sample, dictionary_sample};
pub use error::{MAX_NOTE_BYTES, MAX_VALUE_BYTES, RecordError};
pub use history::{ChangeInfo, Event};
pub use ids::{Actor, ActorPrefix, ChangeId, Heads, actor_prefix};
pub use overlay::overlay;
pub use part::{Applied, Committed, Part};
pub use read::Claim;
pub use status::{Finalised, State};
