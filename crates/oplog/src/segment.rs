//! The segment: a signed header and the sealed payloads that it commits to.
//!
//! On the wire: `[version, header, signature, [index of an erased payload…], payloads]`, the payloads one after
//! another. The header (canonical CBOR) is what is signed and hashed; it holds length and SHA-256 of every
//! payload's ciphertext, so a payload can be erased, or be damaged, without harm to the others or the chain.

use crate::batch::BatchId;
use crate::compartment::{Compartment, Priority, ReaderKey, log_id};
use crate::error::Malformed;
use crate::keys::DeviceSecret;
use crate::wire::{self, hash};
use crate::{Context, Roster, Signature, VerifyError};
use baraza_model::{DeviceId, Incarnation, LogId, SegmentHash, WorkspaceId};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use std::collections::BTreeSet;

/// The most payloads of a segment.
pub const MAX_PAYLOADS: usize = 4_096;
/// The most bytes of a segment.
pub const MAX_SEGMENT: usize = 16 << 20;
const MAX_HEADER: usize = 512 << 10;
const VERSION: u8 = 1;

/// What a segment's author signed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// Version of this encoding: 1.
    #[n(0)]
    pub version: u8,
    /// The workspace.
    #[n(1)]
    pub workspace: WorkspaceId,
    /// The author.
    #[n(2)]
    pub device: DeviceId,
    /// The author's incarnation.
    #[n(3)]
    pub incarnation: Incarnation,
    /// To whom it is sealed, sorted by reader; 1 to 8.
    #[cbor(n(4), decode_with = "wire::list::<_, _, 8>")]
    pub readers: Vec<ReaderKey>,
    /// Names the batch in associated data.
    #[n(5)]
    pub batch: BatchId,
    /// Place in the log, from 1.
    #[n(6)]
    pub seq: u64,
    /// Hash of the segment before it; `None` at 1 only.
    #[n(7)]
    pub previous: Option<SegmentHash>,
    /// Term of the author's roster when the batch started.
    #[n(8)]
    pub roster_term: u32,
    /// Version of the author's roster when the batch started.
    #[n(9)]
    pub roster_version: u64,
    /// The batch secret, sealed to each reader in turn.
    #[cbor(n(10), decode_with = "wire::list::<_, _, 8>")]
    pub wraps: Vec<ByteVec>,
    /// Commits to the batch secret.
    #[n(11)]
    #[cbor(with = "minicbor::bytes")]
    pub commitment: [u8; 32],
    /// The payloads.
    #[cbor(n(12), decode_with = "wire::list::<_, _, MAX_PAYLOADS>")]
    pub payloads: Vec<PayloadEntry>,
    /// How urgent it is.
    #[n(13)]
    pub priority: Priority,
}

/// Length and SHA-256 of a sealed payload: one byte string of 3 + 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadEntry {
    len: u32,
    hash: [u8; 32],
}

/// A signed batch of payloads. Nothing is believed until [`Segment::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    bytes: Vec<u8>,
    header: Header,
    signature: Signature,
    log: LogId,
    hash: SegmentHash,
    payloads: Vec<Option<Vec<u8>>>,
}

#[derive(Encode, Decode)]
struct Wire {
    #[n(0)]
    version: u8,
    #[n(1)]
    header: ByteVec,
    #[n(2)]
    signature: Signature,
    #[cbor(n(3), decode_with = "wire::list::<_, _, MAX_PAYLOADS>")]
    erased: Vec<u32>,
    #[n(4)]
    payloads: ByteVec,
}

impl PayloadEntry {
    /// The entry of a sealed payload.
    pub fn of(sealed: &[u8]) -> Self {
        let len = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
        Self { len, hash: hash(Context::PAYLOAD_HASH, &[sealed]) }
    }

    /// Length of the sealed payload.
    pub fn bytes(&self) -> usize {
        self.len as usize
    }

    /// Its SHA-256 (with a context).
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }
}

impl Segment {
    pub(crate) fn sign(
        header: Header,
        device: &DeviceSecret,
        payloads: Vec<Option<Vec<u8>>>,
    ) -> Result<Self, Malformed> {
        let bytes = wire::encode(&header);
        wire::limit("header bytes", bytes.len(), MAX_HEADER)?;
        let signature = device.sign(Context::SEGMENT, &bytes);
        Self::assemble(bytes, header, signature, payloads)
    }

    fn assemble(
        bytes: Vec<u8>,
        header: Header,
        signature: Signature,
        payloads: Vec<Option<Vec<u8>>>,
    ) -> Result<Self, Malformed> {
        let log = log_id(header.workspace, header.device, header.incarnation, &header.compartment()?);
        let hash = SegmentHash(hash(Context::SEGMENT_HASH, &[&bytes]));
        Ok(Self { bytes, header, signature, log, hash, payloads })
    }

    /// What a forger can do: another header under the old signature.
    #[cfg(test)]
    pub(crate) fn with_header(&self, header: Header) -> Self {
        let bytes = wire::encode(&header);
        Self::assemble(bytes, header, self.signature, self.payloads.clone()).unwrap()
    }

    /// Reads a segment; neither its signature nor its payloads are looked at yet.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let Wire { version, header: signed, signature, erased, payloads } = wire::decode(bytes, MAX_SEGMENT)?;
        wire::version(version, VERSION)?;
        let signed = Vec::from(signed);
        let header: Header = wire::decode(&signed, MAX_HEADER)?;
        header.check()?;
        let count = erased.len();
        let erased: BTreeSet<u32> = erased.into_iter().collect();
        let in_range = erased.last().is_none_or(|last| (*last as usize) < header.payloads.len());
        if erased.len() != count || !in_range {
            return Err(Malformed::Inconsistent("erased payloads"));
        }
        let mut rest: &[u8] = &payloads;
        let mut split = Vec::with_capacity(header.payloads.len());
        for (index, entry) in (0u32..).zip(&header.payloads) {
            if erased.contains(&index) {
                split.push(None);
                continue;
            }
            let (payload, after) =
                rest.split_at_checked(entry.bytes()).ok_or(Malformed::Inconsistent("payload lengths"))?;
            split.push(Some(payload.to_vec()));
            rest = after;
        }
        if !rest.is_empty() {
            return Err(Malformed::Inconsistent("payload lengths"));
        }
        Self::assemble(signed, header, signature, split)
    }

    /// The bytes that [`Self::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        let erased = (0..).zip(&self.payloads).filter(|(_, p)| p.is_none()).map(|(i, _)| i).collect();
        let payloads: Vec<&[u8]> = self.payloads.iter().flatten().map(Vec::as_slice).collect();
        wire::encode(&Wire {
            version: VERSION,
            header: self.bytes.clone().into(),
            signature: self.signature,
            erased,
            payloads: payloads.concat().into(),
        })
    }

    /// What was signed.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header's hash: what the next segment of the log names.
    pub fn hash(&self) -> SegmentHash {
        self.hash
    }

    /// Its log.
    pub fn log(&self) -> LogId {
        self.log
    }

    /// How many payloads it has, erased ones included.
    pub fn len(&self) -> usize {
        self.payloads.len()
    }

    /// Whether it has no payload.
    pub fn is_empty(&self) -> bool {
        self.payloads.is_empty()
    }

    /// Checks workspace, author and signature only: what whoever carries or stores it can know, also of a revoked
    /// device's segment. To believe what it says takes [`Segment::verify`].
    pub fn verify_author(&self, roster: &Roster) -> Result<(), VerifyError> {
        let Header { workspace, device, .. } = self.header;
        if workspace != roster.workspace() {
            return Err(VerifyError::WrongWorkspace);
        }
        let Some(author) = roster.device(&device) else {
            return Err(self.needs_newer(roster).unwrap_or(VerifyError::UnknownDevice(device)));
        };
        let holds = author.sign.verify(Context::SEGMENT, &self.bytes, &self.signature);
        holds.map_err(|_| VerifyError::BadSignature)
    }

    /// Whether the author's roster was newer than this one: of a later term, or of this term and further.
    pub(crate) fn needs_newer(&self, roster: &Roster) -> Option<VerifyError> {
        let Header { roster_term, roster_version: needed, .. } = self.header;
        let known = roster.version();
        ((roster_term, needed) > (roster.term(), known)).then_some(VerifyError::NewerRoster { needed, known })
    }

    /// A sealed payload; `None` if it was erased or never was.
    pub fn payload(&self, index: u32) -> Option<&[u8]> {
        self.payloads.get(index as usize)?.as_deref()
    }

    /// Erases a payload; the segment still verifies. `false` if there was none.
    pub fn erase(&mut self, index: u32) -> bool {
        self.payloads.get_mut(index as usize).is_some_and(|payload| payload.take().is_some())
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (u32, &PayloadEntry, Option<&[u8]>)> {
        (0..).zip(self.header.payloads.iter().zip(&self.payloads)).map(|(i, (e, p))| (i, e, p.as_deref()))
    }
}

impl Header {
    /// To whom it is sealed, apart from epochs.
    pub fn compartment(&self) -> Result<Compartment, Malformed> {
        Compartment::checked(&self.readers)
    }

    fn check(&self) -> Result<(), Malformed> {
        wire::version(self.version, VERSION)?;
        if self.seq == 0 || (self.seq == 1) != self.previous.is_none() {
            return Err(Malformed::Inconsistent("seq and previous"));
        }
        if self.wraps.len() != self.readers.len() {
            return Err(Malformed::Inconsistent("readers and wraps"));
        }
        self.compartment().map(|_| ())
    }
}

impl<C> Encode<C> for PayloadEntry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let [_, length @ ..] = self.len.to_be_bytes();
        let mut out = [0; 35];
        let (head, tail) = out.split_at_mut(3);
        head.copy_from_slice(&length);
        tail.copy_from_slice(&self.hash);
        e.bytes(&out)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for PayloadEntry {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = || minicbor::decode::Error::message("35 bytes expected");
        let ([a, b, c], rest) = d.bytes()?.split_first_chunk().ok_or_else(wrong)?;
        let hash = rest.try_into().map_err(|_| wrong())?;
        Ok(Self { len: u32::from_be_bytes([0, *a, *b, *c]), hash })
    }
}
