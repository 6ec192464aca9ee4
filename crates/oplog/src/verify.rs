//! Believing a segment, and opening it: one signature and one HPKE opening a segment, whatever it holds.
//!
//! Invariants: every refusal says whether the segment waits, is quarantined or goes to a person; a payload that
//! is damaged, or that does not open, spoils only itself; a key is found by group id and epoch and checked
//! against the header's commitment before anything is decrypted with it.

use crate::batch::{commitment, next, payload_aad, payload_key, wrap_aad};
use crate::error::Disposition;
use crate::keyring::Keyring;
use crate::seal::{Secret32, aead_open};
use crate::segment::{PayloadEntry, Segment};
use crate::statement::Cut;
use crate::{Context, Roster};
use baraza_model::{DeviceId, GroupId, SegmentHash};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A segment whose signature holds, by a device that the roster knows.
#[derive(Debug)]
pub struct Verified<'a> {
    segment: &'a Segment,
    states: Vec<PayloadState>,
    cut: Option<Cut>,
}

/// What is there of a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadState {
    /// As it was signed.
    Whole,
    /// Erased; only its length and hash are left.
    Erased,
    /// Not what was signed.
    Corrupt,
}

/// Why a segment is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Of another workspace.
    #[error("the segment is of another workspace")]
    WrongWorkspace,
    /// By a device that is not in the roster, although the roster is as new as the author's.
    #[error("device {0} is not known")]
    UnknownDevice(DeviceId),
    /// The signature is not the device's.
    #[error("the segment's signature does not hold")]
    BadSignature,
    /// Written with a newer roster than this one.
    #[error("needs version {needed} of the roster; this is {known}")]
    NewerRoster {
        /// The author's version.
        needed: u64,
        /// The version here.
        known: u64,
    },
    /// By a revoked device, and past the last segment of the log that is still trusted, or beside it.
    #[error("device {device} was revoked before this segment")]
    PastCut {
        /// The device.
        device: DeviceId,
        /// The log's last trusted segment; `None` if nothing of the log is trusted.
        cut: Option<Cut>,
    },
}

impl VerifyError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            VerifyError::WrongWorkspace => "segment.wrong_workspace",
            VerifyError::UnknownDevice(_) => "segment.unknown_device",
            VerifyError::BadSignature => "segment.bad_signature",
            VerifyError::NewerRoster { .. } => "segment.newer_roster",
            VerifyError::PastCut { .. } => "segment.past_cut",
        }
    }

    /// What becomes of the segment.
    pub fn disposition(&self) -> Disposition {
        match self {
            VerifyError::NewerRoster { .. } => Disposition::Waiting,
            VerifyError::PastCut { .. } => Disposition::Review,
            _ => Disposition::Quarantine,
        }
    }
}

/// Why a segment or one of its payloads was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// None of the readers' keys is at hand.
    #[error("no key of the segment's readers is at hand")]
    NoKey {
        /// The groups it is sealed to, with their epochs.
        groups: Vec<(GroupId, u32)>,
    },
    /// The reader's key is at hand, but does not give the secret that the header commits to.
    #[error("the segment's key is not the one it commits to")]
    WrongKey,
    /// A payload that is not what was signed.
    #[error("payload {index} is damaged")]
    Corrupt {
        /// Which payload.
        index: u32,
    },
    /// A payload that was signed but does not open: its author's doing.
    #[error("payload {index} does not open")]
    Unsealable {
        /// Which payload.
        index: u32,
    },
}

impl OpenError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            OpenError::NoKey { .. } => "open.no_key",
            OpenError::WrongKey => "open.wrong_key",
            OpenError::Corrupt { .. } => "open.corrupt",
            OpenError::Unsealable { .. } => "open.unsealable",
        }
    }

    /// What becomes of the segment or payload. For [`OpenError::NoKey`] this holds for a reader; whoever is in
    /// none of the groups just carries the segment.
    pub fn disposition(&self) -> Disposition {
        match self {
            OpenError::NoKey { .. } => Disposition::Waiting,
            _ => Disposition::Quarantine,
        }
    }

    /// The payload concerned, if only one is.
    pub fn index(&self) -> Option<u32> {
        match self {
            OpenError::Corrupt { index } | OpenError::Unsealable { index } => Some(*index),
            _ => None,
        }
    }
}

impl Segment {
    /// Checks workspace, author, signature, roster version and revocation, and every payload's hash.
    ///
    /// For a revoked device's segment below its cut the result names the cut ([`Verified::cut`]): the segment is
    /// to be trusted only if [`crate::Chain::descends`] leads from it to the cut, else a seized key could slip
    /// in a branch; whoever cannot tell yet sends it to review.
    pub fn verify(&self, roster: &Roster) -> Result<Verified<'_>, VerifyError> {
        self.verify_author(roster)?;
        let cut = self.check_revocation(roster)?;
        if let Some(newer) = self.needs_newer(roster) {
            return Err(newer);
        }
        let states = self.entries().map(|(_, entry, payload)| match payload {
            None => PayloadState::Erased,
            Some(bytes) if PayloadEntry::of(bytes) == *entry => PayloadState::Whole,
            Some(_) => PayloadState::Corrupt,
        });
        Ok(Verified { segment: self, states: states.collect(), cut })
    }

    fn check_revocation(&self, roster: &Roster) -> Result<Option<Cut>, VerifyError> {
        let (device, log) = (self.header().device, self.log());
        let cut = roster.cut(&device, &log);
        if roster.is_past_cut(&device, &log, self.header().seq, &self.hash()) {
            return Err(VerifyError::PastCut { device, cut });
        }
        Ok(cut)
    }
}

impl<'a> Verified<'a> {
    /// The segment.
    pub fn segment(&self) -> &'a Segment {
        self.segment
    }

    /// Its hash.
    pub fn hash(&self) -> SegmentHash {
        self.segment.hash()
    }

    /// What is there of a payload; `None` beyond the last.
    pub fn state(&self, index: u32) -> Option<PayloadState> {
        self.states.get(index as usize).copied()
    }

    /// All payloads' states.
    pub fn states(&self) -> &[PayloadState] {
        &self.states
    }

    /// The cut of its log if its device was revoked; see [`Segment::verify`].
    pub fn cut(&self) -> Option<Cut> {
        self.cut
    }

    /// Finds the key and opens the batch secret; payloads are opened one by one by the iterator.
    pub fn open(&self, keyring: &Keyring) -> Result<Opened<'_>, OpenError> {
        let header = self.segment.header();
        let mut found = false;
        for (reader, wrap) in header.readers.iter().zip(&header.wraps) {
            let Some(key) = keyring.secret_for(reader) else { continue };
            found = true;
            let aad = wrap_aad(header.workspace, header.device, header.batch, reader);
            let secret = key.open(Context::BATCH_WRAP, &aad, wrap).ok();
            let secret = secret.and_then(|bytes| Secret32::from_slice(&bytes));
            let fits = |s: &Secret32| commitment(s, header.batch).ct_eq(&header.commitment).into();
            if let Some(secret) = secret.filter(fits) {
                return Ok(Opened { verified: self, secret, at: 0 });
            }
        }
        if found {
            return Err(OpenError::WrongKey);
        }
        let groups = header.readers.iter().filter_map(|reader| match *reader {
            crate::ReaderKey::Group { group, epoch } => Some((group, epoch)),
            crate::ReaderKey::Device(_) => None,
        });
        Err(OpenError::NoKey { groups: groups.collect() })
    }
}

/// Opens payloads in order: `(index, frame)`, or what is wrong with that one. Erased ones are passed over.
#[derive(Debug)]
pub struct Opened<'a> {
    verified: &'a Verified<'a>,
    secret: Secret32,
    at: u32,
}

impl Iterator for Opened<'_> {
    type Item = Result<(u32, Zeroizing<Vec<u8>>), OpenError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Verified { segment, .. } = *self.verified;
        let header = segment.header();
        loop {
            let index = self.at;
            let state = self.verified.state(index)?;
            self.at += 1;
            let key = payload_key(&self.secret, header.batch);
            self.secret = next(&self.secret, header.batch);
            let payload = match (state, segment.payload(index)) {
                (PayloadState::Whole, Some(payload)) => payload,
                (PayloadState::Corrupt, _) => return Some(Err(OpenError::Corrupt { index })),
                _ => continue,
            };
            let aad = payload_aad(header.workspace, segment.log(), header.batch, index);
            let opened = aead_open(&key, &aad, payload).map_err(|_| OpenError::Unsealable { index });
            return Some(opened.map(|frame| (index, frame)));
        }
    }
}
