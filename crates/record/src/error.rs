//! Why a part refuses what it was given. Every variant has a stable code; none carries an answer.

use crate::ChangeId;

/// What can be wrong with a change, a snapshot or a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Longer than any honest device writes.
    #[error("{what} is larger than the limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in bytes or items as fits `what`.
        limit: usize,
    },
    /// The bytes are not a change (or not a snapshot) in the one encoding that is accepted.
    #[error("not a well-formed change: {0}")]
    Malformed(&'static str),
    /// The version byte is of a later program.
    #[error("encoding version {0} is not known")]
    UnknownVersion(u8),
    /// The change's actor does not belong to the device that signed it.
    #[error("the change's actor is not its signer's")]
    ForeignActor,
    /// Another change of this actor has the same sequence number.
    #[error("the actor's sequence number {0} was used twice")]
    ActorReused(u64),
    /// An operation outside the shape that documents may have.
    #[error("the change leaves the shape of a record part: {0}")]
    Shape(&'static str),
    /// The change contradicts its own dependencies.
    #[error("the change contradicts its dependencies: {0}")]
    Causality(&'static str),
    /// A snapshot lacks a change that one of its changes depends on.
    #[error("the snapshot lacks a change that it depends on")]
    Incomplete,
    /// Automerge could not apply the change (it refused, or panicked and was caught).
    #[error("the change could not be applied")]
    NotApplied,
    /// An edit names a repeat instance that this part does not have.
    #[error("the repeat instance is not in this part")]
    UnknownInstance,
    /// Heads that this part has not seen.
    #[error("the part has not seen change {0}")]
    UnknownHeads(ChangeId),
    /// The values to be superseded are not what stands at the heads given.
    #[error("the values shown are no longer what the part holds there")]
    ShownDiffers,
}

impl RecordError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "record.too-large",
            Self::Malformed(_) => "record.malformed",
            Self::UnknownVersion(_) => "record.unknown-version",
            Self::ForeignActor => "record.foreign-actor",
            Self::ActorReused(_) => "record.actor-reused",
            Self::Shape(_) => "record.shape",
            Self::Causality(_) => "record.causality",
            Self::Incomplete => "record.incomplete",
            Self::NotApplied => "record.not-applied",
            Self::UnknownInstance => "record.unknown-instance",
            Self::UnknownHeads(_) => "record.unknown-heads",
            Self::ShownDiffers => "record.shown-differs",
        }
    }
}

/// The largest change on the wire or in a snapshot, in bytes.
pub(crate) const MAX_CHANGE_BYTES: usize = 1 << 20;
/// The largest snapshot or saved part, in bytes.
pub(crate) const MAX_PART_BYTES: usize = 32 << 20;
/// The most operations in one change.
pub(crate) const MAX_OPS: usize = 200_000;
/// The most changes in one part.
pub(crate) const MAX_CHANGES: usize = 20_000;
/// The longest answer that is not text, and the longest text, in bytes.
pub const MAX_VALUE_BYTES: usize = 64 << 10;
/// The longest question or repeat path, in bytes.
pub(crate) const MAX_PATH_BYTES: usize = 512;
/// The longest note or reason, in bytes.
pub const MAX_NOTE_BYTES: usize = 4 << 10;
/// The most dependencies of one change.
pub(crate) const MAX_DEPS: usize = 256;
