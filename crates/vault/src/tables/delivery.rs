//! How far a record has come: only here, handed over, received. Derived, never told.
//!
//! A record's payloads are in open batches (only here) or in segments. It is handed over when no payload is left in
//! a batch and every segment of it was taken by somebody; received when at least one office's receipt covers every
//! payload of it. The result is kept in the record's row, and recomputed by whatever changes one of its causes.

use crate::{Reader, Result, Tx};
use baraza_model::{RecordId, SegmentHash, Timestamp};

/// What the person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// Some of it is only on this device.
    OnlyHere,
    /// All of it was taken by a hub, a courier or another device.
    HandedOver,
    /// Headquarters has confirmed all of it.
    Received,
}

impl Delivery {
    pub(super) fn of(handed_over: bool, offices: u32) -> Self {
        match (offices, handed_over) {
            (1.., _) => Delivery::Received,
            (0, true) => Delivery::HandedOver,
            (0, false) => Delivery::OnlyHere,
        }
    }
}

/// Who took a segment of a record, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Who.
    pub to: String,
    /// When, by this device's clock.
    pub at: Timestamp,
}

/// How many offices have applied each payload of a record; held payloads do not count.
const OFFICES: &str = "
    SELECT coalesce(min(offices), 0) FROM (
        SELECT (SELECT count(*) FROM receipt_segment AS r
                WHERE r.segment = segment.hash
                  AND NOT EXISTS (SELECT 1 FROM receipt_held AS h
                                  WHERE h.segment = r.segment AND h.idx = item.idx AND h.office = r.office)) AS offices
        FROM item JOIN segment ON segment.row = item.segment WHERE item.record = ?1)";

impl Reader<'_> {
    /// Who took any segment of a record, the earliest first.
    pub fn deliveries(&self, record: RecordId) -> Result<Vec<Delivered>> {
        self.all(
            "SELECT recipient, min(at_ms) FROM item JOIN handed_over ON handed_over.segment = item.segment
             WHERE item.record = ?1 GROUP BY recipient ORDER BY 2, 1",
            [record.0],
            |row| Ok(Delivered { to: row.get(0)?, at: Timestamp(row.get(1)?) }),
        )
    }

    /// The records that have payloads in a segment.
    pub fn records_in(&self, segment: &SegmentHash) -> Result<Vec<RecordId>> {
        self.all(
            "SELECT DISTINCT item.record FROM item JOIN segment ON segment.row = item.segment
             WHERE segment.hash = ?1 ORDER BY 1",
            [segment.0],
            |row| Ok(RecordId(row.get(0)?)),
        )
    }

    /// How many payloads of a record were sealed to leave, in segments and in open batches.
    pub fn sealed_payloads(&self, record: RecordId) -> Result<u64> {
        let sql = "SELECT (SELECT count(*) FROM item WHERE record = ?1)
                        + (SELECT count(*) FROM batch_payload WHERE record = ?1)";
        super::seq(self.number(sql, [record.0])?)
    }

    /// When somebody last took a segment of this device's own.
    pub fn last_handed_over(&self) -> Result<Option<Timestamp>> {
        let latest = self.number(
            "SELECT coalesce(max(at_ms), 0) FROM handed_over JOIN segment ON segment.row = handed_over.segment
             WHERE segment.own = 1",
            [],
        )?;
        Ok((latest > 0).then_some(Timestamp(latest)))
    }

    /// When an office's receipt last confirmed a record that is still here.
    pub fn last_received(&self) -> Result<Option<Timestamp>> {
        let latest = self.number("SELECT coalesce(max(received_ms), 0) FROM record WHERE offices > 0", [])?;
        Ok((latest > 0).then_some(Timestamp(latest)))
    }

    /// Where the payloads of a record are.
    pub fn items_of(&self, record: RecordId) -> Result<Vec<(SegmentHash, u32)>> {
        self.all(
            "SELECT segment.hash, item.idx FROM item JOIN segment ON segment.row = item.segment
             WHERE item.record = ?1 ORDER BY segment.row, item.idx",
            [record.0],
            |row| Ok((SegmentHash(row.get(0)?), row.get(1)?)),
        )
    }
}

impl Tx<'_> {
    /// Recomputes what a record's row says about its delivery.
    pub(super) fn refresh_delivery(&self, record: RecordId) -> Result<()> {
        self.refresh_delivery_at(record, Timestamp(0))
    }

    /// The same, noting `at` where the record is received from now on.
    pub(super) fn refresh_delivery_at(&self, record: RecordId, at: Timestamp) -> Result<()> {
        let open = self.number("SELECT count(*) FROM batch_payload WHERE record = ?1", [record.0])? > 0;
        let missing = self.number(
            "SELECT count(*) FROM item JOIN segment ON segment.row = item.segment
             WHERE item.record = ?1 AND segment.handed_over = 0",
            [record.0],
        )?;
        let sealed = self.number("SELECT count(*) FROM item WHERE record = ?1", [record.0])?;
        let handed_over = !open && sealed > 0 && missing == 0;
        let offices = if open { 0 } else { self.number(OFFICES, [record.0])? };
        self.change(
            "UPDATE record SET handed_over = ?2, offices = ?3,
               received_ms = CASE WHEN ?3 = 0 THEN 0 WHEN offices = 0 THEN ?4 ELSE received_ms END
             WHERE id = ?1",
            (record.0, handed_over, offices, at.0),
        )?;
        Ok(())
    }
}
