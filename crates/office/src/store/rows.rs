//! Rows of the store as Rust values.

use crate::evaluate::Evaluated;
use baraza_model::{
    AnswerPath, DeviceId, FormHash, Incarnation, PartId, PartKind, RecordId, Status, Timestamp,
};
use baraza_record::ChangeId;
use std::sync::Arc;

use super::FormLayout;

/// A device that wrote to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Contributor {
    pub(crate) device: DeviceId,
    pub(crate) incarnation: Incarnation,
    /// Its own signature was seen on a change; otherwise it sent a snapshot of what others may have written.
    pub(crate) proven: bool,
}

impl Contributor {
    const LEN: usize = DeviceId::LEN + Incarnation::LEN + 1;

    pub(crate) fn encode(all: &[Contributor]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(all.len() * Self::LEN);
        for one in all {
            bytes.extend_from_slice(one.device.as_bytes());
            bytes.extend_from_slice(one.incarnation.as_bytes());
            bytes.push(u8::from(one.proven));
        }
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Vec<Contributor> {
        let one = |chunk: &[u8]| {
            let (device, rest) = chunk.split_at_checked(DeviceId::LEN)?;
            let (incarnation, proven) = rest.split_at_checked(Incarnation::LEN)?;
            Some(Contributor {
                device: DeviceId::from_slice(device)?,
                incarnation: Incarnation::from_slice(incarnation)?,
                proven: proven.first() == Some(&1),
            })
        };
        bytes.chunks(Self::LEN).filter_map(one).collect()
    }

    /// Notes a contribution; a proven one replaces an unproven one.
    pub(crate) fn note(all: &mut Vec<Contributor>, device: DeviceId, incarnation: Incarnation, proven: bool) {
        match all.iter_mut().find(|c| c.device == device && c.incarnation == incarnation) {
            Some(known) => known.proven |= proven,
            None => {
                all.push(Contributor { device, incarnation, proven });
                all.sort_unstable();
            }
        }
    }
}

/// A document of a record.
#[derive(Debug, Clone)]
pub(crate) struct PartRow {
    pub(crate) id: PartId,
    pub(crate) kind: PartKind,
    pub(crate) doc: Vec<u8>,
}

/// What the store knows of a record before a batch.
#[derive(Debug, Clone)]
pub(crate) struct KnownRecord {
    pub(crate) rid: i64,
    pub(crate) form: FormHash,
    pub(crate) authors: Vec<Contributor>,
    pub(crate) parts: Vec<PartRow>,
    pub(crate) received: Timestamp,
    pub(crate) cid: i64,
}

/// A record as a batch leaves it.
pub(crate) struct RecordRow {
    pub(crate) id: RecordId,
    /// `None` for a record that is new.
    pub(crate) rid: Option<i64>,
    pub(crate) form: FormHash,
    pub(crate) layout: Arc<FormLayout>,
    pub(crate) status: Status,
    pub(crate) changed_after_finalising: u32,
    pub(crate) authors: Vec<Contributor>,
    /// Readers of the newest segment with the shared part, encoded; blank leaves what is stored.
    pub(crate) readers: Option<Arc<[u8]>>,
    pub(crate) cid: i64,
    pub(crate) received: Timestamp,
    pub(crate) as_of: Timestamp,
    /// The parts that changed.
    pub(crate) parts: Vec<PartRow>,
    /// Changes that came in a snapshot, and from whom: their authors are vouched for, not proven.
    pub(crate) vouched: Vec<(ChangeId, DeviceId)>,
    /// Changes that were here before and came again signed by their author.
    pub(crate) signed: Vec<ChangeId>,
    pub(crate) conflicts: Vec<ConflictRow>,
    pub(crate) reviews: Vec<ReviewRow>,
    pub(crate) evaluated: Evaluated,
}

/// One claim of a conflict.
#[derive(Debug, Clone)]
pub(crate) struct ConflictRow {
    pub(crate) path: AnswerPath,
    pub(crate) claim: u32,
    pub(crate) part: PartId,
    pub(crate) severe: bool,
    pub(crate) text: bool,
    pub(crate) change: [u8; 32],
    pub(crate) value: Option<String>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) at: Timestamp,
    pub(crate) shown: bool,
}

/// One rule that does not hold.
#[derive(Debug, Clone)]
pub(crate) struct ReviewRow {
    pub(crate) path: AnswerPath,
    pub(crate) code: &'static str,
    pub(crate) severe: bool,
}

/// The words for a status in the store and in exports.
pub(crate) fn status_word(status: &Status) -> (&'static str, &str) {
    match status {
        Status::Draft => ("draft", ""),
        Status::Complete => ("complete", ""),
        Status::Incomplete { reason } => ("incomplete", reason),
    }
}

pub(crate) fn status_of(word: &str, reason: String) -> Status {
    match word {
        "complete" => Status::Complete,
        "incomplete" => Status::Incomplete { reason },
        _ => Status::Draft,
    }
}
