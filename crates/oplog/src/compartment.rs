//! Compartments (to whom a log is sealed), the ids derived from them, and how urgent a segment is.

use crate::error::Malformed;
use crate::wire::{self, hash, opaque, truncate};
use crate::{Context, Roster};
use baraza_model::{DeviceId, GroupId, Incarnation, LogId, WorkspaceId};
use minicbor::{Decode, Encode};

/// The most readers that a compartment has.
pub(crate) const MAX_READERS: usize = 8;

opaque!(/// What a hub knows a compartment by.
    CompartmentId, 16);

/// One reader of a compartment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Reader {
    /// Whoever holds the group's epoch.
    #[n(0)]
    Group(#[n(0)] GroupId),
    /// One device, for a draft shared with it alone.
    #[n(1)]
    Device(#[n(0)] DeviceId),
}

/// The key that a segment is sealed to: a group at an epoch, or a device's own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum ReaderKey {
    /// A group's epoch.
    #[n(0)]
    Group {
        /// Which group.
        #[n(0)]
        group: GroupId,
        /// Which epoch, from 1.
        #[n(1)]
        epoch: u32,
    },
    /// A device's seal key.
    #[n(1)]
    Device(#[n(0)] DeviceId),
}

impl ReaderKey {
    /// The reader apart from the epoch.
    pub fn reader(&self) -> Reader {
        match *self {
            ReaderKey::Group { group, .. } => Reader::Group(group),
            ReaderKey::Device(device) => Reader::Device(device),
        }
    }
}

/// The readers of a log: sorted, distinct, 1 to 8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Compartment(#[n(0)] Vec<Reader>);

impl Compartment {
    /// Sorts the readers and drops repetitions. `None` unless 1 to 8 remain.
    pub fn new(readers: impl IntoIterator<Item = Reader>) -> Option<Self> {
        let mut readers: Vec<Reader> = readers.into_iter().take(1 + 4 * MAX_READERS).collect();
        readers.sort_unstable();
        readers.dedup();
        (1..=MAX_READERS).contains(&readers.len()).then_some(Self(readers))
    }

    /// A compartment of groups.
    pub fn of_groups(groups: impl IntoIterator<Item = GroupId>) -> Option<Self> {
        Self::new(groups.into_iter().map(Reader::Group))
    }

    /// The readers, sorted.
    pub fn readers(&self) -> &[Reader] {
        &self.0
    }

    /// What a hub knows it by.
    pub fn id(&self, workspace: WorkspaceId) -> CompartmentId {
        CompartmentId(truncate(hash(Context::COMPARTMENT_ID, &[&workspace.0, &wire::encode(self)])))
    }

    /// Whether a device may open what is sealed to this compartment, as the roster stands.
    pub fn is_read_by(&self, device: &DeviceId, roster: &Roster) -> bool {
        let groups = roster.groups_of(device);
        self.0.iter().any(|reader| match reader {
            Reader::Group(group) => groups.contains(group),
            Reader::Device(reader) => reader == device && !roster.is_revoked(device),
        })
    }

    pub(crate) fn checked(readers: &[ReaderKey]) -> Result<Self, Malformed> {
        let compartment = Compartment(readers.iter().map(ReaderKey::reader).collect());
        let sorted = compartment.0.is_sorted_by(|a, b| a < b);
        wire::limit("readers", compartment.0.len(), MAX_READERS)?;
        if sorted && !compartment.0.is_empty() {
            Ok(compartment)
        } else {
            Err(Malformed::Inconsistent("readers"))
        }
    }
}

/// The log of a device, an incarnation and a compartment. Epochs are no part of it: rotation keeps the log.
pub fn log_id(
    workspace: WorkspaceId,
    device: DeviceId,
    incarnation: Incarnation,
    compartment: &Compartment,
) -> LogId {
    let readers = wire::encode(compartment);
    LogId(truncate(hash(Context::LOG_ID, &[&workspace.0, &device.0, &incarnation.0, &readers])))
}

/// In which order segments travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Priority {
    /// Alerts: in segments of their own, and first.
    #[n(0)]
    Alert,
    /// Answers and messages.
    #[n(1)]
    Text,
    /// Small pictures.
    #[n(2)]
    Thumbnail,
    /// Everything else.
    #[n(3)]
    Rest,
}
