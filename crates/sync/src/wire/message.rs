//! Request and answer.

use super::{WIRE_VERSION, decode, encode};
use crate::frontier::{StoreId, Token};
use crate::{MAX_BODY, MAX_ITEM, SyncError};
use baraza_model::{LogId, SegmentHash};
use minicbor::{Decode, Encode};

/// An item as it was signed: a segment, a receipt or a roster statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Bytes(#[cbor(with = "minicbor::bytes")] pub Vec<u8>);

/// The newest roster statement that a side holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode)]
pub struct RosterHead {
    /// The officer's term.
    #[n(0)]
    pub term: u64,
    /// Number of the statement; 0 for none.
    #[n(1)]
    pub version: u64,
    /// First bytes of the statement's hash: tells two histories apart.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub digest: [u8; 8],
}

/// Names one segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct SegmentRef {
    /// Its log.
    #[n(0)]
    pub log: LogId,
    /// Its number in the log.
    #[n(1)]
    pub seq: u64,
    /// Hash of its signed header.
    #[n(2)]
    pub hash: SegmentHash,
}

/// Consecutive segments of one branch of a log; the hash of the last commits to all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct LogRange {
    /// The log.
    #[n(0)]
    pub log: LogId,
    /// Number of the first segment.
    #[n(1)]
    pub first: u64,
    /// Number of the last segment.
    #[n(2)]
    pub last: u64,
    /// Hash of the last segment's signed header.
    #[n(3)]
    pub hash: SegmentHash,
}

/// What a device says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncRequest {
    /// [`WIRE_VERSION`].
    #[n(0)]
    pub version: u64,
    /// The newest roster statement that the device holds.
    #[n(1)]
    pub roster: RosterHead,
    /// How far it has read this hub; `None` reads from the beginning.
    #[n(2)]
    pub token: Option<Token>,
    /// Roster statements that the hub lacks, oldest first.
    #[cbor(n(3), with = "super::bounded")]
    pub statements: Vec<Bytes>,
    /// Segments to hand over, alerts first.
    #[cbor(n(4), with = "super::bounded")]
    pub segments: Vec<Bytes>,
    /// Receipts to hand over.
    #[cbor(n(5), with = "super::bounded")]
    pub receipts: Vec<Bytes>,
    /// Full comparison: what the device holds. The hub answers with what it lacks of that.
    #[cbor(n(6), with = "super::bounded")]
    pub have: Vec<LogRange>,
    /// About how many bytes of segments the answer may carry (at least one segment is sent).
    #[n(7)]
    pub room: u64,
    /// Whether to be given the device's own segments too (a tablet that was set up anew).
    #[n(8)]
    pub own: bool,
}

/// Why a hub refuses a whole request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Refusal {
    /// Not a request, or too large.
    #[n(0)]
    Malformed,
    /// A version that the hub does not speak.
    #[n(1)]
    UnsupportedVersion,
    /// The device is not in the roster that the hub holds.
    #[n(2)]
    UnknownDevice,
    /// The signature does not fit the device's key, the content or this hub's key.
    #[n(3)]
    BadSignature,
    /// The hub cannot work at the moment (its disk is full, it is closing); try again later.
    #[n(4)]
    Unavailable,
}

/// How the hub's roster sees the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// It pushes and pulls.
    #[n(0)]
    Active,
    /// It was revoked: what it pushes is held apart, and it is given nothing but the roster.
    #[n(1)]
    Revoked,
}

/// What became of one pushed segment or receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum PushOutcome {
    /// Stored and on disk.
    #[n(0)]
    Stored,
    /// The hub had it, or headquarters has already receipted it.
    #[n(1)]
    Duplicate,
    /// Stored apart, for headquarters to review (its author was revoked).
    #[n(2)]
    Quarantined,
    /// Not an item of this kind, or too large. Final.
    #[n(3)]
    Malformed,
    /// Its signature does not fit. Final.
    #[n(4)]
    BadSignature,
    /// It belongs to another workspace. Final.
    #[n(5)]
    WrongWorkspace,
    /// The hub's roster is older than the item's, or does not know its author; keep it and offer it again.
    #[n(6)]
    WaitsForRoster,
    /// The quota of a revoked device is used up; keep it.
    #[n(7)]
    QuotaExceeded,
}

impl PushOutcome {
    /// Whether the hub now holds the item.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Stored | Self::Duplicate | Self::Quarantined)
    }

    /// Whether offering the same bytes again can never succeed.
    pub fn is_final_refusal(self) -> bool {
        matches!(self, Self::Malformed | Self::BadSignature | Self::WrongWorkspace)
    }
}

/// What a hub answers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SyncResponse {
    /// [`WIRE_VERSION`].
    #[n(0)]
    pub version: u64,
    /// Set when the whole request was refused. Statements are taken in and given even then.
    #[n(1)]
    pub refused: Option<Refusal>,
    /// How the hub's roster sees the device.
    #[n(2)]
    pub standing: Standing,
    /// The store that answers, and how far the device has now read it.
    #[n(3)]
    pub token: Token,
    /// The newest roster statement that the hub holds, after this request.
    #[n(4)]
    pub roster: RosterHead,
    /// Roster statements that the device lacks, oldest first. Apply them before anything else.
    #[cbor(n(5), with = "super::bounded")]
    pub statements: Vec<Bytes>,
    /// What became of the pushed segments, in their order.
    #[cbor(n(6), with = "super::bounded")]
    pub segment_outcomes: Vec<PushOutcome>,
    /// What became of the pushed receipts, in their order.
    #[cbor(n(7), with = "super::bounded")]
    pub receipt_outcomes: Vec<PushOutcome>,
    /// Segments that the device may read, alerts first, then by arrival.
    #[cbor(n(8), with = "super::bounded")]
    pub segments: Vec<Bytes>,
    /// Receipts newer than the device has seen.
    #[cbor(n(9), with = "super::bounded")]
    pub receipts: Vec<Bytes>,
    /// What the hub lacks of [`SyncRequest::have`].
    #[cbor(n(10), with = "super::bounded")]
    pub want: Vec<LogRange>,
    /// Whether there is more to pull.
    #[n(11)]
    pub more: bool,
}

impl SyncRequest {
    /// Most roster statements, segments and receipts in one request together, and most ranges.
    pub const MAX_ITEMS: usize = 65_536;

    /// Encodes it. Wrap it with [`super::envelope::seal_request`].
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Decodes and checks version, counts and lengths.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SyncError> {
        check_version(bytes)?;
        let request: Self = decode(bytes)?;
        check_items([&request.statements, &request.segments, &request.receipts], request.have.len())?;
        check_token(request.token.as_ref())?;
        Ok(request)
    }
}

impl SyncResponse {
    /// An answer that says nothing yet.
    pub fn empty(store: StoreId) -> Self {
        Self {
            version: WIRE_VERSION,
            refused: None,
            standing: Standing::Active,
            token: Token { store, opaque: Vec::new() },
            roster: RosterHead::default(),
            statements: Vec::new(),
            segment_outcomes: Vec::new(),
            receipt_outcomes: Vec::new(),
            segments: Vec::new(),
            receipts: Vec::new(),
            want: Vec::new(),
            more: false,
        }
    }

    /// Encodes it. Wrap it with [`super::envelope::seal_response`].
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Decodes and checks version, counts and lengths.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SyncError> {
        check_version(bytes)?;
        let response: Self = decode(bytes)?;
        check_items([&response.statements, &response.segments, &response.receipts], response.want.len())?;
        check_token(Some(&response.token))?;
        Ok(response)
    }
}

/// The version leads, so that it can be told from a message whose rest cannot be read.
fn check_version(bytes: &[u8]) -> Result<(), SyncError> {
    if bytes.len() > MAX_BODY {
        return Err(SyncError::TooLarge { length: bytes.len(), limit: MAX_BODY });
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let version = decoder.array().and_then(|_| decoder.u64());
    match version {
        Ok(WIRE_VERSION) => Ok(()),
        Ok(other) => Err(SyncError::UnsupportedVersion(other)),
        Err(_) => Err(SyncError::Malformed("no version")),
    }
}

fn check_items(items: [&Vec<Bytes>; 3], ranges: usize) -> Result<(), SyncError> {
    let count = items.iter().map(|list| list.len()).sum::<usize>().max(ranges);
    if count > SyncRequest::MAX_ITEMS {
        return Err(SyncError::TooLarge { length: count, limit: SyncRequest::MAX_ITEMS });
    }
    match items.into_iter().flatten().find(|item| item.0.len() > MAX_ITEM) {
        Some(item) => Err(SyncError::TooLarge { length: item.0.len(), limit: MAX_ITEM }),
        None => Ok(()),
    }
}

fn check_token(token: Option<&Token>) -> Result<(), SyncError> {
    match token {
        Some(t) if t.opaque.len() > Token::MAX_OPAQUE => {
            Err(SyncError::TooLarge { length: t.opaque.len(), limit: Token::MAX_OPAQUE })
        }
        _ => Ok(()),
    }
}
