//! From bytes to payloads: decode, verify, open, understand. Pure and parallel; touches no store.
//!
//! Nothing here fails: what cannot be used becomes a [`Reason`], for the segment or for one item of it.

use crate::reason::{HeldState, Reason};
use crate::store::{Retry, SegmentRow};
use baraza_model::{DeviceId, LogId, SegmentHash};
use baraza_oplog::{
    Codec, Cut, Disposition, Header, Keyring, OpenError, PartPayload, Payload, Roster, Segment,
};
use ring::digest::{SHA256, digest};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A segment as it came.
pub(crate) struct Intake {
    pub(crate) bytes: Vec<u8>,
    /// Set when it is tried again.
    pub(crate) retry: Option<Retry>,
}

/// What is known of segments that came before.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) segments: HashMap<SegmentHash, bool>,
    /// Segments of which payloads were damaged on the way, and which.
    pub(crate) damaged: HashMap<SegmentHash, BTreeSet<u32>>,
}

/// What came of one segment.
pub(crate) enum Intaken {
    /// It was seen before and has nothing new.
    Duplicate,
    /// Something to process or to hold.
    Taken(Box<Taken>),
}

/// A segment that is new, or tried again.
pub(crate) struct Taken {
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: [u8; 32],
    pub(crate) retry: Option<Retry>,
    /// Who claims to have written it, and where; zeros where not even that could be read.
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) device: DeviceId,
    /// Set once the signature was verified.
    pub(crate) segment: Option<SegmentRow>,
    pub(crate) cut: Option<Cut>,
    pub(crate) readers: Arc<[u8]>,
    /// Why the whole segment is held.
    pub(crate) whole: Option<Reason>,
    pub(crate) items: Vec<Item>,
}

/// One payload.
pub(crate) struct Item {
    pub(crate) index: u32,
    pub(crate) size: u64,
    pub(crate) content: Content,
}

/// What a payload is.
pub(crate) enum Content {
    /// A change or a snapshot of a part.
    Part { snapshot: bool, payload: PartPayload },
    /// Something that headquarters' store has no use for: forms, the directory, messages. It counts as applied.
    Other,
    /// It could not be read.
    Held(Reason),
}

/// Decodes, verifies and opens one segment.
pub(crate) fn take_in(
    roster: &Roster,
    keyring: &Keyring,
    codec: &mut Codec,
    seen: &Seen,
    intake: Intake,
) -> Intaken {
    let Intake { bytes, mut retry } = intake;
    let segment = match Segment::decode(&bytes) {
        Ok(segment) => segment,
        Err(error) => {
            let mut taken = blank(bytes, retry);
            taken.whole = Some(Reason::new(HeldState::Quarantined, error.code(), error.to_string()));
            return Intaken::Taken(Box::new(taken));
        }
    };
    let hash = segment.hash();
    if retry.is_none() && seen.segments.contains_key(&hash) {
        let Some(items) = seen.damaged.get(&hash) else { return Intaken::Duplicate };
        retry = Some(Retry { digest: hash.0, items: Some(items.clone()), since: None, tries: 0 });
    }
    let header = segment.header();
    let mut taken = blank(bytes, retry);
    (taken.log, taken.seq, taken.device) = (segment.log(), header.seq, header.device);
    let verified = match segment.verify(roster) {
        Ok(verified) => verified,
        Err(error) => {
            taken.whole = Some(Reason::new(state(error.disposition()), error.code(), error.to_string()));
            return Intaken::Taken(Box::new(taken));
        }
    };
    taken.digest = hash.0;
    taken.cut = verified.cut();
    taken.readers = encoded_readers(header).into();
    taken.segment = Some(SegmentRow {
        hash,
        log: segment.log(),
        seq: header.seq,
        previous: header.previous,
        device: header.device,
        incarnation: header.incarnation,
        items: u32::try_from(segment.len()).unwrap_or(u32::MAX),
        opened: true,
    });
    let items = taken.retry.as_ref().and_then(|r| r.items.clone());
    let wanted = |item: &Item| items.as_ref().is_none_or(|items| items.contains(&item.index));
    match verified.open(keyring) {
        Ok(opened) => {
            let items = opened.filter_map(|frame| match frame {
                Ok((index, frame)) => Some(understand(codec, index, &frame)),
                Err(error) => damaged(&error),
            });
            taken.items = items.filter(wanted).collect();
        }
        Err(error) => {
            taken.whole = Some(Reason::new(state(error.disposition()), error.code(), error.to_string()))
        }
    }
    Intaken::Taken(Box::new(taken))
}

fn understand(codec: &mut Codec, index: u32, frame: &[u8]) -> Item {
    let content = match codec.decode(frame) {
        Ok(Payload::Change(payload)) => Content::Part { snapshot: false, payload },
        Ok(Payload::Snapshot(payload)) => Content::Part { snapshot: true, payload },
        Ok(_) => Content::Other,
        Err(error) => Content::Held(Reason::new(state(error.disposition()), error.code(), error.to_string())),
    };
    Item { index, size: frame.len() as u64, content }
}

/// A payload that did not open; the others are none the worse.
fn damaged(error: &OpenError) -> Option<Item> {
    let reason = Reason::new(state(error.disposition()), error.code(), error.to_string());
    Some(Item { index: error.index()?, size: 0, content: Content::Held(reason) })
}

/// A segment of which nothing is known yet but its bytes.
fn blank(bytes: Vec<u8>, retry: Option<Retry>) -> Taken {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, &bytes).as_ref());
    Taken {
        bytes,
        digest: hash,
        retry,
        log: LogId([0; 16]),
        seq: 0,
        device: DeviceId([0; 16]),
        segment: None,
        cut: None,
        readers: Arc::from([]),
        whole: None,
        items: Vec::new(),
    }
}

/// Whom a segment is sealed to, as the store keeps it.
fn encoded_readers(header: &Header) -> Vec<u8> {
    header.compartment().ok().and_then(|c| minicbor::to_vec(&c).ok()).unwrap_or_default()
}

fn state(disposition: Disposition) -> HeldState {
    match disposition {
        Disposition::Waiting => HeldState::Waiting,
        Disposition::Quarantine => HeldState::Quarantined,
        Disposition::Review => HeldState::Review,
    }
}
