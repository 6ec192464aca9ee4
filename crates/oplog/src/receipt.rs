//! Receipts: what an office says it has opened, applied and made durable. Devices prune on nothing else.
//!
//! A receipt is cumulative and the latest of its office wins. It is readable by hubs: it names logs, seqs and
//! hashes only. Within an incarnation the counter orders receipts; a restored office begins a new incarnation
//! and names the ones before it, whose receipts no longer count.
//!
//! Invariant: a receipt covers a segment only if the segment leads, by hashes, to the last segment of a range
//! that the office applied. A fork with the same seqs is not covered, nor is anything that is held.

use crate::chain::{Ancestry, Chain, Range};
use crate::error::{Disposition, Malformed};
use crate::keys::DeviceSecret;
use crate::{Context, Roster, Signature, wire};
use baraza_model::{DeviceId, Incarnation, LogId, SegmentHash, WorkspaceId};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};

const VERSION: u8 = 1;
const MAX_RECEIPT: usize = 16 << 20;
const MAX_LOGS: usize = 65_536;
const MAX_RANGES: usize = 4_096;
const MAX_HELD: usize = 65_536;
const MAX_SUPERSEDED: usize = 1_024;

/// What an office applied, as of now.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// Version of this encoding: 1.
    #[n(0)]
    pub version: u8,
    /// The workspace.
    #[n(1)]
    pub workspace: WorkspaceId,
    /// The office's device, a member of `hq`.
    #[n(2)]
    pub office: DeviceId,
    /// The office's incarnation.
    #[n(3)]
    pub incarnation: Incarnation,
    /// Counts up with every receipt of the incarnation.
    #[n(4)]
    pub counter: u64,
    /// Earlier incarnations of the office's store. What it said in them no longer counts.
    #[cbor(n(5), decode_with = "wire::list::<_, _, MAX_SUPERSEDED>")]
    pub supersedes: Vec<Incarnation>,
    /// By log: what was applied.
    #[cbor(n(6), decode_with = "wire::list::<_, _, MAX_LOGS>")]
    pub logs: Vec<LogReceipt>,
}

/// What an office applied of one log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LogReceipt {
    /// The log.
    #[n(0)]
    pub log: LogId,
    /// Runs of segments that were opened, applied and made durable, payloads in `held` excepted.
    #[cbor(n(1), decode_with = "wire::list::<_, _, MAX_RANGES>")]
    pub ranges: Vec<Range>,
    /// Payloads that the office has but did not apply.
    #[cbor(n(2), decode_with = "wire::list::<_, _, MAX_HELD>")]
    pub held: Vec<Held>,
}

/// A payload that an office has but did not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Held {
    /// Seq of its segment.
    #[n(0)]
    pub seq: u64,
    /// Its index; `None` for the whole segment.
    #[n(1)]
    pub index: Option<u32>,
    /// 0 waiting, 1 quarantined, 2 needs review.
    #[n(2)]
    pub reason: u8,
}

impl Held {
    /// The number of a disposition in [`Held::reason`].
    pub fn reason_of(disposition: Disposition) -> u8 {
        match disposition {
            Disposition::Waiting => 0,
            Disposition::Quarantine => 1,
            Disposition::Review => 2,
        }
    }
}

/// A receipt as it travels. Nothing is believed until [`SignedReceipt::verify`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedReceipt {
    #[n(0)]
    version: u8,
    #[n(1)]
    body: ByteVec,
    #[n(2)]
    signature: Signature,
}

/// Why a receipt is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not a receipt.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Of another workspace.
    #[error("the receipt is of another workspace")]
    WrongWorkspace,
    /// By a device that is not, or no longer, a member of `hq`, as far as this roster tells.
    #[error("device {0} is no office")]
    NotAnOffice(DeviceId),
    /// The signature is not the office's.
    #[error("the receipt's signature does not hold")]
    BadSignature,
}

impl ReceiptError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ReceiptError::Malformed(e) => e.code(),
            ReceiptError::WrongWorkspace => "receipt.wrong_workspace",
            ReceiptError::NotAnOffice(_) => "receipt.not_an_office",
            ReceiptError::BadSignature => "receipt.bad_signature",
        }
    }
}

impl Receipt {
    /// A receipt that says nothing yet.
    pub fn new(workspace: WorkspaceId, office: DeviceId, incarnation: Incarnation, counter: u64) -> Self {
        let (supersedes, logs) = (Vec::new(), Vec::new());
        Self { version: VERSION, workspace, office, incarnation, counter, supersedes, logs }
    }

    /// Signs.
    pub fn sign(&self, office: &DeviceSecret) -> SignedReceipt {
        let body = wire::encode(self);
        let signature = office.sign(Context::RECEIPT, &body);
        SignedReceipt { version: VERSION, body: body.into(), signature }
    }

    /// Whether the office applied this segment and all its payloads. `chain` must know the segments between it
    /// and the end of the office's range.
    pub fn covers(&self, log: &LogId, seq: u64, hash: SegmentHash, chain: &Chain) -> bool {
        self.applied(log, seq, hash, chain).is_some_and(|receipt| receipt.held.iter().all(|h| h.seq != seq))
    }

    /// Whether the office applied this payload of a segment.
    pub fn covers_payload(
        &self,
        log: &LogId,
        seq: u64,
        hash: SegmentHash,
        index: u32,
        chain: &Chain,
    ) -> bool {
        self.applied(log, seq, hash, chain).is_some_and(|receipt| {
            receipt.held.iter().all(|h| h.seq != seq || h.index.is_some_and(|held| held != index))
        })
    }

    fn applied(&self, log: &LogId, seq: u64, hash: SegmentHash, chain: &Chain) -> Option<&LogReceipt> {
        self.logs.iter().filter(|receipt| receipt.log == *log).find(|receipt| {
            let mut ranges = receipt.ranges.iter().filter(|r| (r.first..=r.last).contains(&seq));
            ranges.any(|r| chain.descends(log, (seq, hash), (r.last, r.hash)) == Ancestry::Yes)
        })
    }
}

impl SignedReceipt {
    /// The bytes that [`Self::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a receipt.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let signed: Self = wire::decode(bytes, MAX_RECEIPT)?;
        wire::version(signed.version, VERSION)?;
        signed.read().map(|_| signed)
    }

    /// What it says, not yet believed: whose it is and which is the latest, for those who only pass it on.
    pub fn unverified(&self) -> Result<Receipt, Malformed> {
        self.read()
    }

    /// Checks workspace, office and signature.
    pub fn verify(&self, roster: &Roster) -> Result<Receipt, ReceiptError> {
        let receipt = self.read()?;
        if receipt.workspace != roster.workspace() {
            return Err(ReceiptError::WrongWorkspace);
        }
        let office =
            roster.device(&receipt.office).filter(|_| roster.members(&roster.hq()).contains(&receipt.office));
        let office = office.ok_or(ReceiptError::NotAnOffice(receipt.office))?;
        let holds = office.sign.verify(Context::RECEIPT, &self.body, &self.signature);
        holds.map_err(|_| ReceiptError::BadSignature)?;
        Ok(receipt)
    }

    fn read(&self) -> Result<Receipt, Malformed> {
        let receipt: Receipt = wire::decode(&self.body, MAX_RECEIPT)?;
        wire::version(receipt.version, VERSION)?;
        Ok(receipt)
    }
}

/// The latest receipt of every office.
#[derive(Debug, Clone, Default)]
pub struct ReceiptBook {
    latest: BTreeMap<DeviceId, Receipt>,
    superseded: BTreeSet<(DeviceId, Incarnation)>,
}

impl ReceiptBook {
    /// An empty book.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a verified receipt if it is the latest of its office; `false` if it is old.
    ///
    /// Of two incarnations that do not name each other (one backup restored twice) the one that came last counts.
    pub fn admit(&mut self, receipt: Receipt) -> bool {
        let office = receipt.office;
        if self.superseded.contains(&(office, receipt.incarnation)) {
            return false;
        }
        if let Some(known) = self.latest.get(&office) {
            if known.incarnation == receipt.incarnation && known.counter >= receipt.counter {
                return false;
            }
            if known.incarnation != receipt.incarnation {
                self.superseded.insert((office, known.incarnation));
            }
        }
        self.superseded.extend(receipt.supersedes.iter().map(|earlier| (office, *earlier)));
        self.latest.insert(office, receipt);
        true
    }

    /// The latest receipts.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.latest.values()
    }

    /// How many offices that are still offices applied this segment: to be compared with the prune quorum.
    pub fn count(&self, log: &LogId, seq: u64, hash: SegmentHash, chain: &Chain, roster: &Roster) -> usize {
        let offices = roster.members(&roster.hq());
        let counted = self.latest.values().filter(|r| offices.contains(&r.office));
        counted.filter(|receipt| receipt.covers(log, seq, hash, chain)).count()
    }
}
