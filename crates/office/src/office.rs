//! The open store of headquarters.

use crate::error::Result;
use crate::ingest::Seen;
use crate::ingest::apply::ReadyForm;
use crate::reason::{Alarm, Gap, HeldFilter, HeldItem};
use crate::store::{
    AuditEntry, Catalog, OfficeCounts, RecordFilter, RecordSummary, Review, SegmentRow, Store, append_audit,
};
use baraza_model::{DeviceId, FormHash, Incarnation, LogId, RecordId, SegmentHash, Timestamp};
use baraza_oplog::Chain;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Workers that decode, apply and evaluate, unless told otherwise.
const WORKERS: usize = 2;

/// Headquarters' store: what was imported, what is held, what was made of it.
pub struct Office {
    pub(crate) store: Store,
    pub(crate) catalog: Catalog,
    pub(crate) forms: BTreeMap<FormHash, ReadyForm>,
    /// Every well-signed segment: gaps, forks, ancestry.
    pub(crate) seen_chain: Chain,
    /// Segments that were opened: what receipts cover.
    pub(crate) applied_chain: Chain,
    pub(crate) seen: Seen,
    pub(crate) log_devices: BTreeMap<LogId, DeviceId>,
    pub(crate) writers: BTreeSet<(DeviceId, Incarnation)>,
    pub(crate) workers: usize,
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office").field("segments", &self.seen.segments.len()).finish_non_exhaustive()
    }
}

impl Office {
    /// Opens the store, or creates it. The key is used as it is: it must be random.
    ///
    /// # Errors
    /// A key that does not fit the file; a store written by a newer program; a failing disk.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self> {
        let mut office = Self {
            store: Store::open(path, key)?,
            catalog: Catalog::default(),
            forms: BTreeMap::new(),
            seen_chain: Chain::new(),
            applied_chain: Chain::new(),
            seen: Seen::default(),
            log_devices: BTreeMap::new(),
            writers: BTreeSet::new(),
            workers: WORKERS,
        };
        office.reload()?;
        Ok(office)
    }

    /// How many threads decode, apply and evaluate (at least one; two unless told otherwise).
    pub fn set_workers(&mut self, workers: usize) {
        self.workers = workers.max(1);
    }

    /// Rebuilds what is kept in memory: chains and the list of segments, no answers.
    pub(crate) fn reload(&mut self) -> Result<()> {
        self.seen_chain = Chain::new();
        self.applied_chain = Chain::new();
        self.seen = Seen { segments: HashMap::new(), damaged: self.load_damaged()? };
        self.writers = BTreeSet::new();
        let Self { store, seen_chain, applied_chain, seen, writers, log_devices, .. } = self;
        store.segments(|row: SegmentRow| {
            seen_chain.observe(row.log, row.seq, row.hash, row.previous);
            if row.opened {
                applied_chain.observe(row.log, row.seq, row.hash, row.previous);
            }
            seen.segments.insert(row.hash, row.opened);
            writers.insert((row.device, row.incarnation));
            log_devices.insert(row.log, row.device);
        })
    }

    pub(crate) fn load_damaged(&self) -> Result<HashMap<SegmentHash, BTreeSet<u32>>> {
        let mut damaged: HashMap<SegmentHash, BTreeSet<u32>> = HashMap::new();
        for (digest, item) in self.store.damaged()? {
            damaged.entry(SegmentHash(digest)).or_default().insert(item);
        }
        Ok(damaged)
    }

    /// What is held: waiting, quarantined, for review; oldest first.
    ///
    /// # Errors
    /// Only failures of the store, as of every method below.
    pub fn held(&self, filter: &HeldFilter) -> Result<Vec<HeldItem>> {
        self.store.held(filter)
    }

    /// Segments that are missing below ones that came.
    pub fn gaps(&self) -> Vec<Gap> {
        let logs = self.seen_chain.logs();
        let gaps = logs.flat_map(|log| self.seen_chain.gaps(log).into_iter().map(|gap| (*log, gap)));
        gaps.map(|(log, (first, last))| Gap { log, device: self.device_of(&log), first, last }).collect()
    }

    /// Logs that say two things: a clone, a restored backup, or a stolen key.
    pub fn alarms(&self) -> Result<Vec<Alarm>> {
        let forks = self.store.forks()?;
        let alarm = |(log, seq, hashes)| Alarm { log, device: self.device_of(&log), seq, hashes };
        Ok(forks.into_iter().map(alarm).collect())
    }

    fn device_of(&self, log: &LogId) -> DeviceId {
        self.log_devices.get(log).copied().unwrap_or(DeviceId([0; 16]))
    }

    /// Records, in the order in which they first arrived.
    pub fn records(&self, filter: &RecordFilter) -> Result<Vec<RecordSummary>> {
        self.store.records(filter)
    }

    /// Counts over the whole store; `since` is for what is new or changed.
    pub fn counts(&self, since: Timestamp) -> Result<OfficeCounts> {
        self.store.counts(since)
    }

    /// How many things are held, by the word of their state ([`crate::HeldState::as_str`]).
    pub fn held_counts(&self) -> Result<BTreeMap<String, u64>> {
        self.store.held_counts()
    }

    /// The form of a record, if the record is here.
    pub fn form_of(&self, record: &RecordId) -> Result<Option<FormHash>> {
        self.store.form_of(record)
    }

    /// How many records there are.
    pub fn record_count(&self) -> Result<u64> {
        self.store.record_count()
    }

    /// What needs review, of one record or of all.
    pub fn reviews(&self, record: Option<RecordId>) -> Result<Vec<Review>> {
        self.store.reviews(record.as_ref())
    }

    /// Writes an act into the audit trail that this crate does not see, such as a person opening a severe record.
    pub fn note(&self, now: Timestamp, action: &str, detail: &serde_json::Value) -> Result<()> {
        append_audit(&self.store.conn, now, action, detail)
    }

    /// Entries of the audit trail after number `after`, oldest first.
    pub fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>> {
        self.store.audit(after, limit)
    }

    /// The newest entries of the audit trail, the oldest of them first.
    pub fn newest_audit(&self, limit: u32) -> Result<Vec<AuditEntry>> {
        self.store.newest_audit(limit)
    }

    /// Checks the audit trail's chain and gives its head, to be written down elsewhere.
    ///
    /// # Errors
    /// [`crate::OfficeError::AuditAltered`] names the first entry that does not follow from the one before.
    pub fn verify_audit(&self) -> Result<[u8; 32]> {
        self.store.verify_audit()
    }
}
