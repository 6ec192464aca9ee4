//! What taking something in did, segment by segment and in records.

use baraza_model::RecordId;
use baraza_office::IngestReport;
use std::collections::BTreeSet;

/// What taking something in did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Received {
    /// Roster statements that were new.
    pub statements: usize,
    /// Receipts that were new.
    pub receipts: usize,
    /// Segments that were new here.
    pub segments: usize,
    /// Segments that were here already.
    pub duplicates: usize,
    /// Segments sealed to others.
    pub not_for_us: usize,
    /// Payloads that were applied.
    pub applied: usize,
    /// Records that changed.
    pub records: BTreeSet<RecordId>,
    /// What waits or is quarantined on this device.
    pub held: Vec<HeldView>,
    /// What the office made of it, at headquarters.
    pub office: Vec<IngestReport>,
    /// Records of which something came that was here already.
    pub already: BTreeSet<RecordId>,
    /// Things that were not set aside before.
    pub set_aside: u64,
    /// Whether a person stopped it. What was taken in until then is durable; the rest is as if it had not come.
    pub cancelled: bool,
}

/// Something that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct HeldView {
    /// Why, as a stable code.
    pub code: String,
    /// Whether it is quarantined; otherwise it waits for something that may still come.
    pub quarantined: bool,
}

impl Received {
    /// Adds what a later delivery of the same exchange did.
    pub(crate) fn add(&mut self, later: Received) {
        self.statements += later.statements;
        self.receipts += later.receipts;
        self.segments += later.segments;
        self.duplicates += later.duplicates;
        self.not_for_us += later.not_for_us;
        self.applied += later.applied;
        self.records.extend(later.records);
        self.held = later.held;
        self.office.extend(later.office);
        self.already.extend(later.already);
        self.set_aside += later.set_aside;
        self.cancelled |= later.cancelled;
    }

    /// How many records are new or changed by it.
    pub fn records_in(&self) -> u64 {
        self.moved().len() as u64
    }

    /// How many records came of which all was here already.
    pub fn already_had(&self) -> u64 {
        self.already.difference(&self.moved()).count() as u64
    }

    fn moved(&self) -> BTreeSet<RecordId> {
        let office = self.office.iter().flat_map(|report| report.records.iter().copied());
        self.records.iter().copied().chain(office).collect()
    }
}
