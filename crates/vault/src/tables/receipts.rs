//! Receipts: what each office says it has applied. Cumulative, so the latest of an office replaces the one before.

use crate::{Reader, Result, Tx};
use baraza_model::{DeviceId, RecordId, SegmentHash, Timestamp};
use std::collections::BTreeSet;

impl Reader<'_> {
    /// The receipt kept of each office.
    pub fn receipts(&self) -> Result<Vec<(DeviceId, Vec<u8>)>> {
        self.all("SELECT office, bytes FROM receipt ORDER BY office", [], |row| {
            Ok((DeviceId(row.get(0)?), row.get(1)?))
        })
    }

    /// The segments an office's receipt covers, of those that are or were here.
    fn covered(&self, office: DeviceId) -> Result<BTreeSet<SegmentHash>> {
        let rows = self.all("SELECT segment FROM receipt_segment WHERE office = ?1", [office.0], |row| {
            Ok(SegmentHash(row.get(0)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    fn held_back(&self, office: DeviceId) -> Result<BTreeSet<(SegmentHash, u32)>> {
        let rows =
            self.all("SELECT segment, idx FROM receipt_held WHERE office = ?1", [office.0], |row| {
                Ok((SegmentHash(row.get(0)?), row.get(1)?))
            })?;
        Ok(rows.into_iter().collect())
    }
}

impl Tx<'_> {
    /// Keeps an office's receipt, which the caller has verified, in place of the one before.
    ///
    /// `applied` are the segments it covers, `held` the payloads in them that the office could not apply; a held
    /// payload never counts as received. Answers the records whose delivery was looked at again.
    pub fn put_receipt(
        &self,
        office: DeviceId,
        bytes: &[u8],
        applied: &[SegmentHash],
        held: &[(SegmentHash, u32)],
        at: Timestamp,
    ) -> Result<Vec<RecordId>> {
        self.change(
            "INSERT INTO receipt (office, bytes) VALUES (?1, ?2)
             ON CONFLICT (office) DO UPDATE SET bytes = excluded.bytes",
            (office.0, bytes),
        )?;
        let applied: BTreeSet<SegmentHash> = applied.iter().copied().collect();
        let held: BTreeSet<(SegmentHash, u32)> = held.iter().copied().collect();
        let (covered, held_back) = (self.covered(office)?, self.held_back(office)?);
        let mut changed: BTreeSet<SegmentHash> = applied.symmetric_difference(&covered).copied().collect();
        changed.extend(held.symmetric_difference(&held_back).map(|(hash, _)| *hash));
        for hash in covered.difference(&applied) {
            self.change(
                "DELETE FROM receipt_segment WHERE segment = ?1 AND office = ?2",
                (hash.0, office.0),
            )?;
        }
        for hash in applied.difference(&covered) {
            self.change("INSERT INTO receipt_segment (segment, office) VALUES (?1, ?2)", (hash.0, office.0))?;
        }
        for (hash, index) in held_back.difference(&held) {
            self.change(
                "DELETE FROM receipt_held WHERE segment = ?1 AND idx = ?2 AND office = ?3",
                (hash.0, index, office.0),
            )?;
        }
        for (hash, index) in held.difference(&held_back) {
            self.change(
                "INSERT INTO receipt_held (segment, idx, office) VALUES (?1, ?2, ?3)",
                (hash.0, index, office.0),
            )?;
        }
        let mut records = BTreeSet::new();
        for hash in changed {
            records.extend(self.records_in(&hash)?);
        }
        records.iter().try_for_each(|id| self.refresh_delivery_at(*id, at))?;
        Ok(records.into_iter().collect())
    }

    /// Stops counting an office's receipt: it was restored, and has to say again what it has.
    pub fn forget_receipt(&self, office: DeviceId) -> Result<Vec<RecordId>> {
        let records = self.put_receipt(office, &[], &[], &[], Timestamp(0))?;
        self.change("DELETE FROM receipt WHERE office = ?1", [office.0])?;
        Ok(records)
    }
}
