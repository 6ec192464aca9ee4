//! What arrived and cannot be used yet (waiting) or cannot be trusted (quarantined), and messages for the person.
//!
//! Held items are kept as they came, so that they can be replayed when what they lack arrives.

use super::{optional, seq, wide};
use crate::{Reader, Result, Tx};
use baraza_model::{LogId, RecordId, SegmentHash, Timestamp};
use rusqlite::Row;

/// An item to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHeld {
    /// What it is: `segment`, `payload`, whatever the app calls it.
    pub kind: String,
    /// A stable reason code.
    pub reason: String,
    /// Quarantined (`true`), or only waiting.
    pub quarantined: bool,
    /// Its log.
    pub log: LogId,
    /// Its place in the log.
    pub seq: u64,
    /// Its segment.
    pub hash: SegmentHash,
    /// Its place in the segment; 0 for a whole segment.
    pub index: u32,
    /// When it came.
    pub at: Timestamp,
    /// As it came.
    pub bytes: Vec<u8>,
}

/// A held item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its number here.
    pub id: i64,
    /// The item.
    pub item: NewHeld,
}

/// A message to the person: a review, a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: [u8; 16],
    /// The record it is about.
    pub record: Option<RecordId>,
    /// What it is.
    pub kind: String,
    /// What it says.
    pub body: Vec<u8>,
    /// When it was written.
    pub at: Timestamp,
    /// Whether the person saw it.
    pub seen: bool,
}

const HELD: &str = "row, kind, reason, quarantined, log, seq, hash, idx, at_ms, bytes";

impl Reader<'_> {
    /// Every held item, in the order of arrival.
    pub fn held(&self) -> Result<Vec<Held>> {
        self.all(&format!("SELECT {HELD} FROM held ORDER BY row"), [], read_held)
    }

    /// One held item.
    pub fn held_item(&self, id: i64) -> Result<Option<Held>> {
        self.one(&format!("SELECT {HELD} FROM held WHERE row = ?1"), [id], read_held)
    }

    /// Messages, about one record or all of them, the oldest first.
    pub fn messages(&self, record: Option<RecordId>) -> Result<Vec<Message>> {
        self.all(
            "SELECT id, record, kind, body, at_ms, seen FROM message
             WHERE (?1 = X'' OR record = ?1) ORDER BY at_ms, id",
            [record.map_or(Vec::new(), |id| id.0.to_vec())],
            |row| {
                Ok(Message {
                    id: row.get(0)?,
                    record: optional(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?
                        .map(RecordId),
                    kind: row.get(2)?,
                    body: row.get(3)?,
                    at: Timestamp(row.get(4)?),
                    seen: row.get(5)?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Holds an item; one that is held already gets the new reason. Answers its number.
    pub fn hold(&self, item: &NewHeld) -> Result<i64> {
        self.change(
            "INSERT INTO held (kind, reason, quarantined, log, seq, hash, idx, at_ms, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (kind, hash, idx) DO UPDATE SET
               reason = excluded.reason, quarantined = excluded.quarantined",
            (
                &item.kind,
                &item.reason,
                item.quarantined,
                item.log.0,
                wide(item.seq)?,
                item.hash.0,
                item.index,
                item.at.0,
                &item.bytes,
            ),
        )?;
        self.number(
            "SELECT row FROM held WHERE kind = ?1 AND hash = ?2 AND idx = ?3",
            (&item.kind, item.hash.0, item.index),
        )
    }

    /// Gives a held item another reason.
    pub fn set_held_reason(&self, id: i64, reason: &str, quarantined: bool) -> Result<()> {
        self.change(
            "UPDATE held SET reason = ?2, quarantined = ?3 WHERE row = ?1",
            (id, reason, quarantined),
        )?;
        Ok(())
    }

    /// Lets go of an item: it was applied, or a person dismissed it.
    pub fn release(&self, id: i64) -> Result<()> {
        self.change("DELETE FROM held WHERE row = ?1", [id])?;
        Ok(())
    }

    /// Keeps a message; one that is here stays as it is, seen or not.
    pub fn put_message(&self, message: &Message) -> Result<()> {
        self.change(
            "INSERT INTO message (id, record, kind, body, at_ms, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO NOTHING",
            (
                message.id,
                message.record.map_or(Vec::new(), |id| id.0.to_vec()),
                &message.kind,
                &message.body,
                message.at.0,
                message.seen,
            ),
        )?;
        Ok(())
    }

    /// Notes that the person saw a message.
    pub fn mark_seen(&self, message: &[u8; 16]) -> Result<()> {
        self.change("UPDATE message SET seen = 1 WHERE id = ?1", [message])?;
        Ok(())
    }
}

fn read_held(row: &Row<'_>) -> Result<Held> {
    Ok(Held {
        id: row.get(0)?,
        item: NewHeld {
            kind: row.get(1)?,
            reason: row.get(2)?,
            quarantined: row.get(3)?,
            log: LogId(row.get(4)?),
            seq: seq(row.get(5)?)?,
            hash: SegmentHash(row.get(6)?),
            index: row.get(7)?,
            at: Timestamp(row.get(8)?),
            bytes: row.get(9)?,
        },
    })
}
