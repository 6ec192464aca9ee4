//! Where a person was in a draft, so that opening it again shows the same page. It is no answer and never leaves.

use crate::{Device, Result};
use baraza_model::RecordId;

impl Device {
    /// Where the person was in a record, as the window noted it.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn place(&self, record: RecordId) -> Result<Option<String>> {
        let found = self.read(|r| Ok(r.record(record)?))?;
        Ok(found.map(|row| row.place).filter(|place| !place.is_empty()))
    }

    /// Notes where the person is; blank forgets it. It goes with the record, and when the record is finalised.
    ///
    /// # Errors
    /// When the record is not here, or the disk fails.
    pub fn set_place(&mut self, record: RecordId, place: &str) -> Result<()> {
        self.write(|tx, _, _| Ok(tx.set_place(record, place)?))
    }
}
