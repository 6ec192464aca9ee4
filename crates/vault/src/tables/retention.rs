//! Pruning: forgetting a record after its receipt, with everything that is kept of it. Counts stay.
//!
//! The app decides when (days, quorum, clock); the vault refuses to prune what no office has confirmed.

use super::{seq, word};
use crate::{Error, Reader, Result, Tx};
use baraza_model::{FormHash, PartId, RecordId, Sharing, Timestamp};

/// A finalised record that offices have confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prunable {
    /// The record.
    pub record: RecordId,
    /// Its form.
    pub form: FormHash,
    /// Who shares it.
    pub sharing: Sharing,
    /// When the first receipt that covers all of it came.
    pub received: Timestamp,
    /// The days its form gives it, if the form is here.
    pub retention_days: Option<u32>,
}

impl Reader<'_> {
    /// Finalised records with nothing unsaved that at least `quorum` offices have confirmed whole.
    pub fn prunable(&self, quorum: u32) -> Result<Vec<Prunable>> {
        self.all(
            "SELECT record.id, record.form, record.sharing, record.received_ms, form.retention_days
             FROM record LEFT JOIN form ON form.hash = record.form
             WHERE record.offices >= max(?1, 1) AND record.offices > 0 AND record.state > 0
               AND NOT EXISTS (SELECT 1 FROM part JOIN journal ON journal.part = part.id
                               WHERE part.record = record.row)
             ORDER BY record.received_ms, record.row",
            [quorum],
            |row| {
                Ok(Prunable {
                    record: RecordId(row.get(0)?),
                    form: FormHash(row.get(1)?),
                    sharing: word(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
                    received: Timestamp(row.get(3)?),
                    retention_days: row.get(4)?,
                })
            },
        )
    }

    /// How many records were ever pruned.
    pub fn pruned_total(&self) -> Result<u64> {
        seq(self.number("SELECT coalesce(sum(count), 0) FROM pruned", [])?)
    }

    /// How many records were pruned, by form and day.
    pub fn pruned_counts(&self) -> Result<Vec<(FormHash, String, u64)>> {
        self.all("SELECT form, day, count FROM pruned ORDER BY form, day", [], |row| {
            Ok((FormHash(row.get(0)?), row.get(1)?, seq(row.get(2)?)?))
        })
    }
}

impl Tx<'_> {
    /// Forgets a record that at least one office has confirmed, and counts it under its form and `day`.
    pub fn prune_record(&self, record: RecordId, day: &str) -> Result<()> {
        let form = self.one("SELECT form, offices FROM record WHERE id = ?1", [record.0], |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, row.get::<_, u32>(1)?))
        })?;
        let (form, offices) = form.ok_or(Error::Unknown("record"))?;
        if offices == 0 {
            return Err(Error::NotReceived);
        }
        self.change(
            "INSERT INTO pruned (form, day, count) VALUES (?1, ?2, 1)
             ON CONFLICT (form, day) DO UPDATE SET count = count + 1",
            (form, day),
        )?;
        self.erase_record(record)
    }

    /// Forgets a record, received or not, and counts nothing: a draft its author throws away, or a tombstone.
    ///
    /// Segments go when every payload in them belonged to forgotten records. One that others share stays, with its
    /// ciphertext: see [`Reader::items_of`] and [`Tx::replace_segment_bytes`] for cutting payloads out before.
    pub fn erase_record(&self, record: RecordId) -> Result<()> {
        let row = self.record_row(record)?;
        let parts =
            self.all("SELECT id FROM part WHERE record = ?1", [row], |row| Ok(PartId(row.get(0)?)))?;
        for part in parts {
            self.destroy_part(part)?;
        }
        self.change(
            "UPDATE segment SET pruned = pruned + (SELECT count(*) FROM item WHERE item.segment = segment.row AND item.record = ?1)
             WHERE row IN (SELECT segment FROM item WHERE record = ?1)",
            [record.0],
        )?;
        self.change(
            "DELETE FROM segment WHERE pruned >= payloads AND row IN (SELECT segment FROM item WHERE record = ?1)",
            [record.0],
        )?;
        self.change("DELETE FROM item WHERE record = ?1", [record.0])?;
        self.change("UPDATE batch_payload SET record = X'' WHERE record = ?1", [record.0])?;
        self.change("DELETE FROM message WHERE record = ?1", [record.0])?;
        self.unindex(row)?;
        self.change("DELETE FROM record WHERE row = ?1", [row])?;
        Ok(())
    }
}
