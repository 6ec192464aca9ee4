//! Segments, whole and signed, one's own and others', and the state of each log's chain.
//!
//! Keyed by hash: both branches of a fork are kept.

use super::{seq, wide};
use crate::{Error, Reader, Result, Tx};
use baraza_model::{LogId, RecordId, SegmentHash, Timestamp};
use rusqlite::Row;
use std::collections::BTreeSet;

/// A segment to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSegment {
    /// Hash of its header.
    pub hash: SegmentHash,
    /// Its log.
    pub log: LogId,
    /// Its place in the log.
    pub seq: u64,
    /// Whether this device made it.
    pub own: bool,
    /// How many payloads it has.
    pub payloads: u32,
    /// When it was stored.
    pub stored: Timestamp,
    /// The whole of it.
    pub bytes: Vec<u8>,
}

/// A segment in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentHead {
    /// Hash of its header.
    pub hash: SegmentHash,
    /// Its log.
    pub log: LogId,
    /// Its place in the log.
    pub seq: u64,
    /// Whether this device made it.
    pub own: bool,
    /// How many payloads it has.
    pub payloads: u32,
    /// When it was stored.
    pub stored: Timestamp,
    /// Its length in bytes.
    pub size: u64,
    /// Whether anybody else has it, as far as this device knows.
    pub handed_over: bool,
    /// How many offices' receipts name it (payloads that one holds back included).
    pub offices: u32,
}

/// A segment with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// What lists show.
    pub head: SegmentHead,
    /// The whole of it.
    pub bytes: Vec<u8>,
}

const HEAD: &str = "hash, log, seq, own, payloads, stored_ms, length(bytes), handed_over,
                    (SELECT count(*) FROM receipt_segment AS r WHERE r.segment = segment.hash)";

impl Reader<'_> {
    /// A segment.
    pub fn segment(&self, hash: &SegmentHash) -> Result<Option<Segment>> {
        self.one(&format!("SELECT {HEAD}, bytes FROM segment WHERE hash = ?1"), [hash.0], |row| {
            Ok(Segment { head: head(row)?, bytes: row.get(9)? })
        })
    }

    /// Whether a segment is here.
    pub fn has_segment(&self, hash: &SegmentHash) -> Result<bool> {
        Ok(self.number("SELECT count(*) FROM segment WHERE hash = ?1", [hash.0])? > 0)
    }

    /// The segments of a log from a place on, in order; both branches of a fork.
    pub fn segments_of(&self, log: &LogId, from: u64) -> Result<Vec<SegmentHead>> {
        self.all(
            &format!("SELECT {HEAD} FROM segment WHERE log = ?1 AND seq >= ?2 ORDER BY seq, hash"),
            (log.0, wide(from)?),
            head,
        )
    }

    /// Every segment, by log and place.
    pub fn segment_heads(&self) -> Result<Vec<SegmentHead>> {
        self.all(&format!("SELECT {HEAD} FROM segment ORDER BY log, seq, hash"), [], head)
    }

    /// The segments that nobody else has, in the order in which they were made.
    pub fn not_handed_over(&self) -> Result<Vec<SegmentHead>> {
        self.all(&format!("SELECT {HEAD} FROM segment WHERE handed_over = 0 ORDER BY row"), [], head)
    }

    /// The segments that `to` took.
    pub fn handed_to(&self, to: &str) -> Result<BTreeSet<SegmentHash>> {
        let sql = "SELECT hash FROM segment JOIN handed_over ON handed_over.segment = segment.row WHERE recipient = ?1";
        Ok(self.all(sql, [to], |row| Ok(SegmentHash(row.get(0)?)))?.into_iter().collect())
    }

    /// The state of a log's chain.
    pub fn chain(&self, log: &LogId) -> Result<Option<Vec<u8>>> {
        self.one("SELECT state FROM chain WHERE log = ?1", [log.0], |row| Ok(row.get(0)?))
    }

    /// The state of every log's chain.
    pub fn chains(&self) -> Result<Vec<(LogId, Vec<u8>)>> {
        self.all("SELECT log, state FROM chain ORDER BY log", [], |row| Ok((LogId(row.get(0)?), row.get(1)?)))
    }

    pub(super) fn segment_row(&self, hash: &SegmentHash) -> Result<i64> {
        self.one("SELECT row FROM segment WHERE hash = ?1", [hash.0], |row| Ok(row.get(0)?))?
            .ok_or(Error::Unknown("segment"))
    }
}

impl Tx<'_> {
    /// Keeps a segment; `false` where it was here already. Another device's counts as handed over: it is elsewhere.
    pub fn put_segment(&self, segment: &NewSegment) -> Result<bool> {
        let added = self.change(
            "INSERT INTO segment (hash, log, seq, own, payloads, handed_over, stored_ms, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (hash) DO NOTHING",
            (
                segment.hash.0,
                segment.log.0,
                wide(segment.seq)?,
                segment.own,
                segment.payloads,
                !segment.own,
                segment.stored.0,
                &segment.bytes,
            ),
        )?;
        Ok(added == 1)
    }

    /// Notes that a payload of a segment belongs to a record.
    pub fn link_payload(&self, hash: &SegmentHash, index: u32, record: RecordId) -> Result<()> {
        self.change(
            "INSERT INTO item (segment, idx, record) VALUES (?1, ?2, ?3) ON CONFLICT (segment, idx) DO NOTHING",
            (self.segment_row(hash)?, index, record.0),
        )?;
        self.refresh_delivery(record)
    }

    /// Replaces a segment's bytes: a payload was cut out of it, and its chain still verifies.
    pub fn replace_segment_bytes(&self, hash: &SegmentHash, bytes: &[u8]) -> Result<()> {
        match self.change("UPDATE segment SET bytes = ?2 WHERE hash = ?1", (hash.0, bytes))? {
            0 => Err(Error::Unknown("segment")),
            _ => Ok(()),
        }
    }

    /// Notes that somebody took segments. Segments that are not here any more are passed over.
    pub fn mark_handed_over(&self, segments: &[SegmentHash], to: &str, at: Timestamp) -> Result<()> {
        for hash in segments {
            self.change(
                "INSERT INTO handed_over (segment, recipient, at_ms) SELECT row, ?2, ?3 FROM segment WHERE hash = ?1
                 ON CONFLICT (segment, recipient) DO NOTHING",
                (hash.0, to, at.0),
            )?;
            if self
                .change("UPDATE segment SET handed_over = 1 WHERE hash = ?1 AND handed_over = 0", [hash.0])?
                == 1
            {
                self.records_in(hash)?.into_iter().try_for_each(|id| self.refresh_delivery(id))?;
            }
        }
        Ok(())
    }

    /// Takes back that somebody took segments: a hub says that its store no longer has them.
    pub fn take_back_handed_over(&self, segments: &[SegmentHash], to: &str) -> Result<()> {
        for hash in segments {
            let row = self.segment_row(hash)?;
            self.change("DELETE FROM handed_over WHERE segment = ?1 AND recipient = ?2", (row, to))?;
            self.change(
                "UPDATE segment SET handed_over = EXISTS (SELECT 1 FROM handed_over WHERE segment = ?1) WHERE row = ?1",
                [row],
            )?;
            self.records_in(hash)?.into_iter().try_for_each(|id| self.refresh_delivery(id))?;
        }
        Ok(())
    }

    /// Removes a segment.
    pub fn remove_segment(&self, hash: &SegmentHash) -> Result<()> {
        self.change("DELETE FROM segment WHERE hash = ?1", [hash.0])?;
        Ok(())
    }

    /// Keeps the state of a log's chain.
    pub fn put_chain(&self, log: &LogId, state: &[u8]) -> Result<()> {
        self.change(
            "INSERT INTO chain (log, state) VALUES (?1, ?2) ON CONFLICT (log) DO UPDATE SET state = excluded.state",
            (log.0, state),
        )?;
        Ok(())
    }
}

fn head(row: &Row<'_>) -> Result<SegmentHead> {
    Ok(SegmentHead {
        hash: SegmentHash(row.get(0)?),
        log: LogId(row.get(1)?),
        seq: seq(row.get(2)?)?,
        own: row.get(3)?,
        payloads: row.get(4)?,
        stored: Timestamp(row.get(5)?),
        size: seq(row.get(6)?)?,
        handed_over: row.get(7)?,
        offices: row.get(8)?,
    })
}
