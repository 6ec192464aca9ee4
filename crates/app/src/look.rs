//! What a person must decide in a record: kept beside it, and counted in its row, so that lists open no document.

use crate::identity::row;
use crate::records::encode;
use crate::{Device, Result};
use baraza_model::RecordId;
use baraza_vault::{Reader, Tx};
use minicbor::{Decode, Encode};

/// What a person must look at in a record, kept so that lists need not open documents.
#[derive(Debug, Default, Encode, Decode)]
pub(crate) struct Look {
    #[n(0)]
    pub(crate) conflicts: u64,
    #[n(1)]
    pub(crate) places: Vec<String>,
}

impl Look {
    pub(crate) fn read(r: &Reader<'_>, record: RecordId) -> Result<Self> {
        let kept = r.meta(&Self::key(record))?;
        Ok(kept.and_then(|bytes| minicbor::decode(&bytes).ok()).unwrap_or_default())
    }

    pub(crate) fn write(&self, tx: &Tx<'_>, record: RecordId) -> Result<()> {
        tx.set_needs(record, self.conflicts, self.places.len() as u64)?;
        match self.conflicts == 0 && self.places.is_empty() {
            true => tx.remove_meta(&Self::key(record))?,
            false => tx.put_meta(&Self::key(record), &encode(self))?,
        }
        Ok(())
    }

    /// Forgets it, with the record.
    pub(crate) fn forget(tx: &Tx<'_>, record: RecordId) -> Result<()> {
        Ok(tx.remove_meta(&Self::key(record))?)
    }

    fn key(record: RecordId) -> String {
        format!("{}{record}", row::REVIEW)
    }
}

impl Device {
    /// Counts once, in the rows of records, what an earlier version kept beside them only.
    pub(crate) fn count_looks(&mut self) -> Result<()> {
        if self.read(|r| Ok(r.meta(row::LOOKS_COUNTED)?.is_some()))? {
            return Ok(());
        }
        self.write(|tx, _, _| {
            for (key, _) in tx.meta_with_prefix(row::REVIEW)? {
                let record = key.strip_prefix(row::REVIEW).and_then(|id| id.parse().ok());
                let Some(record) = record else { continue };
                match tx.record(record)?.is_some() {
                    true => Look::read(tx, record)?.write(tx, record)?,
                    false => Look::forget(tx, record)?,
                }
            }
            Ok(tx.put_meta(row::LOOKS_COUNTED, &[])?)
        })
    }
}
