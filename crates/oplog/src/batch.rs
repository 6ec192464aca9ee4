//! The open batch: payloads are sealed one by one, and no later state can open an earlier payload.
//!
//! A batch starts with a random secret s₀, sealed by HPKE to each reader. Payload i is sealed with
//! ChaCha20-Poly1305 under HKDF(sᵢ, "key") with a random nonce; then sᵢ₊₁ = HKDF(sᵢ, "next") replaces sᵢ. The
//! caller commits the state, the ciphertext and the removal of the plaintext in one transaction; if that fails,
//! the batch is to be decoded anew from the state that is stored.
//!
//! Invariants:
//! - The state holds one secret, sᵢ for the next i, and nothing from which an earlier one follows: s₀ is
//!   readable only by the readers, the ephemeral HPKE key is gone, and HKDF is one-way.
//! - A state restored from a backup seals under a key that may have been used before, never under a nonce that
//!   was (96 random bits). Both branches still open, and the fork is seen by their hashes. Backups should not
//!   carry the state all the same: it opens what was sealed after it.

use crate::compartment::{Compartment, Priority, Reader, ReaderKey, log_id};
use crate::error::Malformed;
use crate::keys::DeviceSecret;
use crate::seal::{Secret32, aead_seal};
use crate::segment::{Header, MAX_PAYLOADS, MAX_SEGMENT, PayloadEntry, Segment};
use crate::wire::{self, opaque};
use crate::{Context, DevicePublic, MAX_FRAME, Roster};
use baraza_model::{DeviceId, Entropy, GroupId, Incarnation, LogId, SegmentHash, Timestamp, WorkspaceId};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// The most bytes of a state: what is fixed, and each payload's length and hash.
const STATE_BYTES: usize = 4_096;
const ENTRY_BYTES: usize = 48;
/// A batch keeps below this, so that the segment with its header stays below the segment's cap.
const MAX_BATCH: usize = MAX_SEGMENT - (1 << 20);

opaque!(/// Names a batch inside associated data; random.
    BatchId, 16);

/// A batch under way. [`Self::encode`] is its whole state.
#[derive(Debug, Encode, Decode)]
pub struct OpenBatch {
    #[n(0)]
    version: u8,
    #[n(1)]
    workspace: WorkspaceId,
    #[n(2)]
    device: DeviceId,
    #[n(3)]
    incarnation: Incarnation,
    #[n(4)]
    readers: Vec<ReaderKey>,
    #[n(5)]
    batch: BatchId,
    #[n(6)]
    priority: Priority,
    #[n(7)]
    roster_term: u32,
    #[n(8)]
    roster_version: u64,
    #[n(9)]
    started: Timestamp,
    #[n(10)]
    wraps: Vec<minicbor::bytes::ByteVec>,
    #[n(11)]
    #[cbor(with = "minicbor::bytes")]
    commitment: [u8; 32],
    #[n(12)]
    payloads: Vec<PayloadEntry>,
    #[n(13)]
    secret: Secret32,
}

/// One sealed payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPayload {
    /// Its place in the batch, from 0.
    pub index: u32,
    /// What to keep until the batch is closed.
    pub bytes: Vec<u8>,
}

/// Why a batch could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// A stored state that is damaged.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A reader group without an epoch.
    #[error("group {0} has no epoch")]
    NoEpoch(GroupId),
    /// A reader that is not in the roster, or was revoked.
    #[error("device {0} is not known")]
    UnknownDevice(DeviceId),
    /// A reader's key is not a valid key.
    #[error("a reader's key is not valid")]
    BadKey,
    /// The batch has as many payloads or bytes as a segment takes: close it first.
    #[error("the batch is full")]
    Full,
    /// A frame longer than [`MAX_FRAME`].
    #[error("the frame is too long")]
    TooLong,
    /// The payloads handed to `close` are not the ones that were sealed.
    #[error("payload {0} is not the one that was sealed")]
    WrongPayload(u32),
    /// The key handed to `close` is another device's, or seq and previous hash contradict each other.
    #[error("not this batch's device or place in the log")]
    WrongPlace,
}

impl BatchError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            BatchError::Malformed(e) => e.code(),
            BatchError::NoEpoch(_) => "batch.no_epoch",
            BatchError::UnknownDevice(_) => "batch.unknown_device",
            BatchError::BadKey => "batch.bad_key",
            BatchError::Full => "batch.full",
            BatchError::TooLong => "batch.too_long",
            BatchError::WrongPayload(_) => "batch.wrong_payload",
            BatchError::WrongPlace => "batch.wrong_place",
        }
    }
}

impl OpenBatch {
    /// Starts a batch for a compartment, sealed to the current epochs of its groups.
    pub fn start(
        roster: &Roster,
        device: &DevicePublic,
        incarnation: Incarnation,
        compartment: &Compartment,
        priority: Priority,
        now: Timestamp,
        rng: &mut impl Entropy,
    ) -> Result<Self, BatchError> {
        let (workspace, batch) = (roster.workspace(), BatchId(rng.bytes()));
        let secret = Secret32::random(rng);
        let (mut readers, mut wraps) = (Vec::new(), Vec::new());
        for reader in compartment.readers() {
            let (reader, key) = match *reader {
                Reader::Group(group) => {
                    let (epoch, key) = roster.current_epoch(&group).ok_or(BatchError::NoEpoch(group))?;
                    (ReaderKey::Group { group, epoch }, key)
                }
                Reader::Device(id) => {
                    let known = roster.device(&id).filter(|_| !roster.is_revoked(&id));
                    (ReaderKey::Device(id), known.ok_or(BatchError::UnknownDevice(id))?.seal)
                }
            };
            let aad = wrap_aad(workspace, device.id(), batch, &reader);
            let sealed = key.seal(Context::BATCH_WRAP, &aad, secret.expose(), rng);
            wraps.push(sealed.map_err(|_| BatchError::BadKey)?.into());
            readers.push(reader);
        }
        Ok(Self {
            version: VERSION,
            workspace,
            device: device.id(),
            incarnation,
            readers,
            batch,
            priority,
            roster_term: roster.term(),
            roster_version: roster.version(),
            started: now,
            wraps,
            commitment: commitment(&secret, batch),
            payloads: Vec::new(),
            secret,
        })
    }

    /// Seals a frame (of [`crate::Codec::encode`]) and forgets the key.
    pub fn seal(&mut self, frame: &[u8], rng: &mut impl Entropy) -> Result<SealedPayload, BatchError> {
        let sealed = self.seal_next(frame, rng)?;
        self.secret = next(&self.secret, self.batch);
        Ok(sealed)
    }

    fn seal_next(&mut self, frame: &[u8], rng: &mut impl Entropy) -> Result<SealedPayload, BatchError> {
        if frame.len() > MAX_FRAME {
            return Err(BatchError::TooLong);
        }
        if self.payloads.len() >= MAX_PAYLOADS || self.bytes() + frame.len() > MAX_BATCH {
            return Err(BatchError::Full);
        }
        let index = u32::try_from(self.payloads.len()).map_err(|_| BatchError::Full)?;
        let aad = payload_aad(self.workspace, self.log(), self.batch, index);
        let bytes = aead_seal(&payload_key(&self.secret, self.batch), &aad, frame, rng);
        self.payloads.push(PayloadEntry::of(&bytes));
        Ok(SealedPayload { index, bytes })
    }

    /// A planted weakness: seals and keeps the key. The ratchet test must catch it.
    #[cfg(test)]
    pub(crate) fn seal_without_ratchet(
        &mut self,
        frame: &[u8],
        rng: &mut impl Entropy,
    ) -> Result<SealedPayload, BatchError> {
        self.seal_next(frame, rng)
    }

    /// What a lying author can do: claims a ciphertext as its next payload.
    #[cfg(test)]
    pub(crate) fn adopt(&mut self, sealed: &[u8]) {
        self.payloads.push(PayloadEntry::of(sealed));
    }

    #[cfg(test)]
    pub(crate) fn id(&self) -> BatchId {
        self.batch
    }

    /// Closes the batch at its place in the log (seq from 1; `previous` is `None` at 1 only) and destroys its
    /// secret. `payloads` are the sealed ones in order, `None` where one was erased meanwhile.
    pub fn close(
        self,
        device: &DeviceSecret,
        seq: u64,
        previous: Option<SegmentHash>,
        payloads: impl IntoIterator<Item = Option<Vec<u8>>>,
    ) -> Result<Segment, BatchError> {
        if device.public().id() != self.device || seq == 0 || (seq == 1) != previous.is_none() {
            return Err(BatchError::WrongPlace);
        }
        let mut given = payloads.into_iter();
        let mut kept = Vec::with_capacity(self.payloads.len());
        for (index, entry) in (0..).zip(&self.payloads) {
            let payload = given.next().ok_or(BatchError::WrongPayload(index))?;
            if payload.as_deref().is_some_and(|bytes| PayloadEntry::of(bytes) != *entry) {
                return Err(BatchError::WrongPayload(index));
            }
            kept.push(payload);
        }
        if given.next().is_some() {
            return Err(BatchError::WrongPayload(self.len()));
        }
        let header = Header {
            version: VERSION,
            workspace: self.workspace,
            device: self.device,
            incarnation: self.incarnation,
            readers: self.readers,
            batch: self.batch,
            seq,
            previous,
            roster_term: self.roster_term,
            roster_version: self.roster_version,
            wraps: self.wraps,
            commitment: self.commitment,
            payloads: self.payloads,
            priority: self.priority,
        };
        Ok(Segment::sign(header, device, kept)?)
    }

    /// The state as the vault keeps it, to be committed together with what was sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        wire::encode_secret(self, STATE_BYTES + ENTRY_BYTES * self.payloads.len())
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, BatchError> {
        let state: Self = wire::decode(bytes, STATE_BYTES + ENTRY_BYTES * MAX_PAYLOADS)?;
        wire::version(state.version, VERSION)?;
        wire::limit("payloads", state.payloads.len(), MAX_PAYLOADS)?;
        Compartment::checked(&state.readers)?;
        Ok(state)
    }

    /// The log that the batch will become a segment of.
    pub fn log(&self) -> LogId {
        log_id(self.workspace, self.device, self.incarnation, &self.compartment())
    }

    /// To whom it is sealed.
    pub fn compartment(&self) -> Compartment {
        let readers = Compartment::new(self.readers.iter().map(ReaderKey::reader));
        #[allow(clippy::expect_used, reason = "start and decode admit nothing else")]
        readers.expect("1 to 8 readers")
    }

    /// How urgent it is.
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// How many payloads it has.
    pub fn len(&self) -> u32 {
        u32::try_from(self.payloads.len()).unwrap_or(u32::MAX)
    }

    /// Whether it has no payload yet.
    pub fn is_empty(&self) -> bool {
        self.payloads.is_empty()
    }

    /// How many bytes its payloads have.
    pub fn bytes(&self) -> usize {
        self.payloads.iter().map(PayloadEntry::bytes).sum()
    }

    /// Whether a payload of this length still fits; if not, close the batch first.
    pub fn fits(&self, frame: usize) -> bool {
        self.payloads.len() < MAX_PAYLOADS
            && self.bytes() + frame + crate::seal::TAG + crate::seal::NONCE <= MAX_BATCH
    }

    /// Whether a day has passed since it started (or the clock was set back): it is to be closed.
    pub fn is_due(&self, now: Timestamp) -> bool {
        !(self.started.0..self.started.0.saturating_add(DAY)).contains(&now.0)
    }

    /// Whether it is sealed to epochs that are no longer current: it is to be closed.
    pub fn is_outdated(&self, roster: &Roster) -> bool {
        self.readers.iter().any(|reader| match reader {
            ReaderKey::Group { group, epoch } => roster.current_epoch(group).is_none_or(|(n, _)| n != *epoch),
            ReaderKey::Device(id) => roster.is_revoked(id),
        })
    }
}

pub(crate) fn wrap_aad(
    workspace: WorkspaceId,
    device: DeviceId,
    batch: BatchId,
    reader: &ReaderKey,
) -> Vec<u8> {
    wire::encode(&(workspace, device, batch, reader))
}

/// What the header says of s₀, so that no two readers can be given different secrets.
pub(crate) fn commitment(first: &Secret32, batch: BatchId) -> [u8; 32] {
    *first.derive(Context::BATCH_COMMITMENT, &batch.0).expose()
}

pub(crate) fn payload_key(secret: &Secret32, batch: BatchId) -> Secret32 {
    secret.derive(Context::PAYLOAD_KEY, &batch.0)
}

pub(crate) fn next(secret: &Secret32, batch: BatchId) -> Secret32 {
    secret.derive(Context::PAYLOAD_NEXT, &batch.0)
}

pub(crate) fn payload_aad(workspace: WorkspaceId, log: LogId, batch: BatchId, index: u32) -> Vec<u8> {
    [Context::PAYLOAD_AAD.as_bytes(), &[0], &workspace.0, &log.0, &batch.0, &index.to_be_bytes()].concat()
}
