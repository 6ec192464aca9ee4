//! Open batches: what is sealed and not yet signed, by compartment.
//!
//! The state is the ratchet's one secret. Replacing it is what makes the payload before unreadable, so it is
//! overwritten in place, and gone from the files after the next checkpoint.

use super::segments::NewSegment;
use crate::{Error, Reader, Result, Tx};
use baraza_model::RecordId;
use zeroize::Zeroizing;

impl Reader<'_> {
    /// The state of the open batch of a compartment.
    pub fn batch(&self, compartment: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.one("SELECT state FROM batch WHERE compartment = ?1", [compartment], |row| {
            Ok(Zeroizing::new(row.get(0)?))
        })
    }

    /// The compartments that have an open batch.
    pub fn batches(&self) -> Result<Vec<Vec<u8>>> {
        self.all("SELECT compartment FROM batch ORDER BY compartment", [], |row| Ok(row.get(0)?))
    }

    /// The sealed payloads of an open batch, in order.
    pub fn batch_payloads(&self, compartment: &[u8]) -> Result<Vec<Vec<u8>>> {
        self.all(
            "SELECT sealed FROM batch_payload WHERE compartment = ?1 ORDER BY idx",
            [compartment],
            |row| Ok(row.get(0)?),
        )
    }
}

impl Tx<'_> {
    /// Opens a batch, or replaces the state of the open one.
    pub fn put_batch(&self, compartment: &[u8], state: &[u8]) -> Result<()> {
        self.change(
            "INSERT INTO batch (compartment, state) VALUES (?1, ?2)
             ON CONFLICT (compartment) DO UPDATE SET state = excluded.state",
            (compartment, state),
        )?;
        Ok(())
    }

    /// Adds a sealed payload. `record` is the record it belongs to, if it belongs to one.
    pub fn append_payload(
        &self,
        compartment: &[u8],
        index: u32,
        sealed: &[u8],
        record: Option<RecordId>,
    ) -> Result<()> {
        self.change(
            "INSERT INTO batch_payload (compartment, idx, record, sealed) VALUES (?1, ?2, ?3, ?4)",
            (compartment, index, record.map_or(Vec::new(), |id| id.0.to_vec()), sealed),
        )?;
        record.map_or(Ok(()), |id| self.refresh_delivery(id))
    }

    /// Closes a batch: its state is destroyed, and its payloads become those of the segment made of them.
    pub fn close_batch(&self, compartment: &[u8], segment: &NewSegment) -> Result<()> {
        if self.number("SELECT count(*) FROM batch WHERE compartment = ?1", [compartment])? == 0 {
            return Err(Error::Unknown("open batch"));
        }
        self.put_segment(segment)?;
        let row = self.segment_row(&segment.hash)?;
        self.change(
            "INSERT INTO item (segment, idx, record)
             SELECT ?2, idx, record FROM batch_payload WHERE compartment = ?1 AND record <> X''",
            (compartment, row),
        )?;
        self.discard_batch(compartment)?;
        self.records_in(&segment.hash)?.into_iter().try_for_each(|id| self.refresh_delivery(id))
    }

    /// Destroys an open batch, payloads and all: the device's logs start over, and it seals them again.
    pub fn discard_batch(&self, compartment: &[u8]) -> Result<()> {
        self.change(
            "UPDATE batch SET state = zeroblob(length(state)) WHERE compartment = ?1",
            [compartment],
        )?;
        self.change("DELETE FROM batch WHERE compartment = ?1", [compartment])?;
        self.change("DELETE FROM batch_payload WHERE compartment = ?1", [compartment])?;
        Ok(())
    }
}
