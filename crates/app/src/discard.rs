//! Throwing a draft away, and taking that back for as long as the device stays unlocked.

use crate::{Device, Error, Result};
use baraza_model::RecordId;
use baraza_vault::Tx;

impl Device {
    /// Throws a draft away of which nothing has left this device. It disappears from lists, from search and from
    /// what waits; it is removed for good when the device is locked, or at the latest when it is unlocked again.
    ///
    /// # Errors
    /// [`Error::AlreadyShared`] when something of it was handed over or is sealed to be; [`Error::Finalised`] when
    /// it is no draft any more.
    pub fn discard(&mut self, record: RecordId) -> Result<()> {
        self.write(|tx, _, world| {
            let row = tx.record(record)?.ok_or_else(|| Error::UnknownRecord(record.short()))?;
            if row.record.status.is_finalised() {
                return Err(Error::Finalised(record));
            }
            if tx.sealed_payloads(record)? > 0 {
                return Err(Error::AlreadyShared(record));
            }
            Ok(tx.set_discarded(record, Some(world.now()))?)
        })?;
        // A session over it that is still open must not go on as if nothing had happened.
        self.generation += 1;
        Ok(())
    }

    /// Whether [`Device::discard`] would throw a record away.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn discardable(&self, record: RecordId) -> Result<bool> {
        self.read(|r| {
            let draft =
                r.record(record)?.is_some_and(|row| !row.record.status.is_finalised() && !row.discarded);
            Ok(draft && r.sealed_payloads(record)? == 0)
        })
    }

    /// Takes back that a draft was thrown away.
    ///
    /// # Errors
    /// When it is not here any more.
    pub fn bring_back(&mut self, record: RecordId) -> Result<()> {
        self.write(|tx, _, _| {
            let row = tx.record(record)?.ok_or_else(|| Error::UnknownRecord(record.short()))?;
            if !row.discarded {
                return Ok(());
            }
            Ok(tx.set_discarded(record, None)?)
        })
    }

    /// Removes what was thrown away: rows, journal, document, the severe part's key, search.
    pub(crate) fn remove_discarded(&mut self) -> Result<()> {
        if self.read(|r| Ok(r.discarded()?))?.is_empty() {
            return Ok(());
        }
        self.write(|tx, _, _| tx.discarded()?.into_iter().try_for_each(|record| erase(tx, record)))?;
        Ok(self.vault.checkpoint()?)
    }
}

/// Removes a record with all that is derived from it.
pub(crate) fn erase(tx: &Tx<'_>, record: RecordId) -> Result<()> {
    crate::look::Look::forget(tx, record)?;
    Ok(tx.erase_record(record)?)
}
