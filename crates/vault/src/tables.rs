//! One file for each thing that is kept: its type, its reads on `Reader`, its writes on `Tx`.

mod batches;
mod delivery;
mod exchanges;
mod forms;
mod journal;
pub mod meta;
mod parts;
mod receipts;
mod records;
mod retention;
mod roster;
mod search;
mod segments;
mod waiting;

pub use delivery::{Delivered, Delivery};
pub use forms::{Form, FormHead};
pub use journal::JournalRow;
pub use parts::{Document, NewPart, PartRow};
pub use records::{Listing, Needs, Record, RecordRow, Tally};
pub use retention::Prunable;
pub use roster::EpochSecret;
pub use search::Found;
pub use segments::{NewSegment, Segment, SegmentHead};
pub use waiting::{Held, Message, NewHeld};

use crate::{Error, Reader, Result, Tx};
use rusqlite::{OptionalExtension, Params, Row};
use std::str::FromStr;

impl Reader<'_> {
    /// The first row, if any. Statements stay compiled.
    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(read).transpose()
    }

    /// Every row.
    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(read(row)?);
        }
        Ok(out)
    }

    /// The one number a query answers.
    fn number(&self, sql: &str, params: impl Params) -> Result<i64> {
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row(params, |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

impl Tx<'_> {
    /// Changes rows; answers how many.
    fn change(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }
}

/// Reads a column that holds one of a few words.
fn word<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| Error::Damaged("a word that is none of its kind".to_owned()))
}

/// Reads an id, where an empty blob stands for none.
fn optional<const N: usize>(blob: &[u8]) -> Result<Option<[u8; N]>> {
    match blob {
        [] => Ok(None),
        bytes => {
            bytes.try_into().map(Some).map_err(|_| Error::Damaged("an id of the wrong length".to_owned()))
        }
    }
}

/// A number the store keeps as 64 signed bits.
fn wide(n: u64) -> Result<i64> {
    i64::try_from(n).map_err(|_| Error::Damaged("a number out of range".to_owned()))
}

/// A sequence number from the store.
fn seq(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| Error::Damaged("a number out of range".to_owned()))
}
