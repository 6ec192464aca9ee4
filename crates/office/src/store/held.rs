//! Segments seen and items held: what chains, receipts and quarantine lists are made from.

use super::{Store, fixed};
use crate::error::Result;
use crate::reason::{HeldFilter, HeldItem, HeldState, Reason};
use baraza_model::{DeviceId, Incarnation, LogId, PartId, RecordId, SegmentHash, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// A well-signed segment.
#[derive(Debug, Clone)]
pub(crate) struct SegmentRow {
    pub(crate) hash: SegmentHash,
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) previous: Option<SegmentHash>,
    pub(crate) device: DeviceId,
    pub(crate) incarnation: Incarnation,
    pub(crate) items: u32,
    pub(crate) opened: bool,
}

/// Something to hold.
#[derive(Debug, Clone)]
pub(crate) struct HeldRow {
    pub(crate) digest: [u8; 32],
    pub(crate) item: Option<u32>,
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) device: DeviceId,
    pub(crate) record: Option<(RecordId, PartId)>,
    pub(crate) reason: Reason,
    pub(crate) size: u64,
    pub(crate) since: Timestamp,
    pub(crate) tries: u32,
}

/// Where something is held, for receipts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeldPlace {
    pub(crate) log: LogId,
    pub(crate) seq: u64,
    pub(crate) item: Option<u32>,
    pub(crate) state: HeldState,
}

/// SQLite's integers are signed; places in a log never get near the limit.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn insert_segment(conn: &Connection, row: &SegmentRow, now: Timestamp) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO segment (hash, log, seq, previous, device, incarnation, items, opened, received)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (hash) DO UPDATE SET opened = max(opened, ?8)",
    )?
    .execute(params![
        row.hash.as_bytes(),
        row.log.as_bytes(),
        signed(row.seq),
        row.previous.as_ref().map_or(&[][..], |p| p.as_bytes().as_slice()),
        row.device.as_bytes(),
        row.incarnation.as_bytes(),
        row.items,
        row.opened,
        now.0,
    ])?;
    Ok(())
}

pub(crate) fn insert_held(conn: &Connection, row: &HeldRow) -> Result<()> {
    let (record, part) = match &row.record {
        Some((record, part)) => (&record.as_bytes()[..], &part.as_bytes()[..]),
        None => (&[][..], &[][..]),
    };
    conn.prepare_cached(
        "INSERT INTO held (digest, item, log, seq, device, record, part, state, code, detail, size, since, tries)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (digest, item) DO UPDATE SET state = ?8, code = ?9, detail = ?10, tries = max(tries, ?13)",
    )?
    .execute(params![
        row.digest,
        row.item.map_or(-1, i64::from),
        row.log.as_bytes(),
        signed(row.seq),
        row.device.as_bytes(),
        record,
        part,
        row.reason.state.as_str(),
        row.reason.code,
        row.reason.detail,
        signed(row.size),
        row.since.0,
        row.tries,
    ])?;
    Ok(())
}

/// Keeps the bytes of a segment with something held; the newest copy wins, since an older one may be damaged.
pub(crate) fn keep_bytes(conn: &Connection, digest: &[u8; 32], bytes: &[u8]) -> Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO held_segment (digest, bytes) VALUES (?1, ?2)")?
        .execute(params![digest, bytes])?;
    Ok(())
}

/// Forgets what was held of a segment, before it is tried again.
pub(crate) fn release(conn: &Connection, digest: &[u8; 32], items: Option<&BTreeSet<u32>>) -> Result<()> {
    match items {
        None => {
            conn.prepare_cached("DELETE FROM held WHERE digest = ?1")?.execute([digest])?;
        }
        Some(items) => {
            let mut delete = conn.prepare_cached("DELETE FROM held WHERE digest = ?1 AND item = ?2")?;
            for item in items {
                delete.execute(params![digest, item])?;
            }
        }
    }
    Ok(())
}

/// Deletes the bytes of a segment of which nothing is held any more.
pub(crate) fn drop_bytes_if_released(conn: &Connection, digest: &[u8; 32]) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM held_segment WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM held WHERE digest = ?1)",
    )?
    .execute([digest])?;
    Ok(())
}

/// A held segment to be tried again: which items (`None`: all of it), since when, how often.
#[derive(Debug, Clone)]
pub(crate) struct Retry {
    pub(crate) digest: [u8; 32],
    pub(crate) items: Option<BTreeSet<u32>>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) tries: u32,
}

impl Store {
    /// All segments, in an order in which chains can observe them.
    pub(crate) fn segments(&self, mut each: impl FnMut(SegmentRow)) -> Result<()> {
        let mut statement = self.conn.prepare(
            "SELECT hash, log, seq, previous, device, incarnation, items, opened FROM segment ORDER BY log, seq, hash",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(SegmentRow {
                hash: SegmentHash(fixed(row, 0)?),
                log: LogId(fixed(row, 1)?),
                seq: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                previous: SegmentHash::from_slice(row.get_ref(3)?.as_blob().unwrap_or_default()),
                device: DeviceId(fixed(row, 4)?),
                incarnation: Incarnation(fixed(row, 5)?),
                items: row.get(6)?,
                opened: row.get(7)?,
            });
        }
        Ok(())
    }

    /// What is held, oldest first.
    pub(crate) fn held(&self, filter: &HeldFilter) -> Result<Vec<HeldItem>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT digest, item, log, seq, device, record, state, code, detail, size, since, tries FROM held
             WHERE (?1 = '' OR state = ?1) AND (?2 = '' OR code = ?2)
             ORDER BY since, log, seq, item LIMIT ?3",
        )?;
        let state = filter.state.map_or("", HeldState::as_str);
        let limit = if filter.limit == 0 { -1 } else { i64::from(filter.limit) };
        let rows =
            statement.query_map(params![state, filter.code.as_deref().unwrap_or(""), limit], |row| {
                let word: String = row.get(6)?;
                Ok(HeldItem {
                    digest: fixed(row, 0)?,
                    item: u32::try_from(row.get::<_, i64>(1)?).ok(),
                    log: LogId(fixed(row, 2)?),
                    seq: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                    device: DeviceId(fixed(row, 4)?),
                    record: RecordId::from_slice(row.get_ref(5)?.as_blob()?),
                    state: HeldState::parse(&word).unwrap_or(HeldState::Quarantined),
                    code: row.get(7)?,
                    detail: row.get(8)?,
                    size: u64::try_from(row.get::<_, i64>(9)?).unwrap_or(0),
                    since: Timestamp(row.get(10)?),
                    tries: row.get(11)?,
                })
            })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Held segments that match a condition on `held`, grouped, oldest first.
    fn retries(&self, condition: &str, key: &[u8]) -> Result<Vec<Retry>> {
        let sql = format!(
            "SELECT digest, item, since, tries FROM held WHERE {condition} ORDER BY since, log, seq, digest, item"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([key])?;
        let mut found: Vec<Retry> = Vec::new();
        while let Some(row) = rows.next()? {
            let digest: [u8; 32] = fixed(row, 0)?;
            let item = u32::try_from(row.get::<_, i64>(1)?).ok();
            let (since, tries) = (Some(Timestamp(row.get(2)?)), row.get(3)?);
            let same = match found.last_mut() {
                Some(last) if last.digest == digest => last,
                _ => {
                    found.push(Retry { digest, items: Some(BTreeSet::new()), since, tries });
                    let Some(last) = found.last_mut() else { continue };
                    last
                }
            };
            same.tries = same.tries.max(tries);
            match (item, &mut same.items) {
                (Some(item), Some(items)) => drop(items.insert(item)),
                _ => same.items = None,
            }
        }
        Ok(found)
    }

    /// Everything held but what a person must decide on.
    pub(crate) fn retry_all(&self) -> Result<Vec<Retry>> {
        self.retries("?1 IS NOT NULL AND state <> 'review'", &[])
    }

    /// Everything that waits, and what an unknown device wrote: a newer roster may know it.
    pub(crate) fn retry_waiting(&self) -> Result<Vec<Retry>> {
        self.retries("?1 IS NOT NULL AND (state = 'waiting' OR code = 'segment.unknown_device')", &[])
    }

    /// What waits for changes of a part.
    pub(crate) fn retry_part(&self, part: &PartId) -> Result<Vec<Retry>> {
        self.retries("part = ?1 AND code = 'office.missing-dependency'", part.as_bytes())
    }

    /// What waits for segments of a log.
    pub(crate) fn retry_log(&self, log: &LogId) -> Result<Vec<Retry>> {
        self.retries("log = ?1 AND code = 'office.cut-unproven'", log.as_bytes())
    }

    /// The bytes of a held segment.
    pub(crate) fn held_bytes(&self, digest: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        let found = self
            .conn
            .prepare_cached("SELECT bytes FROM held_segment WHERE digest = ?1")?
            .query_row([digest], |r| r.get(0))
            .optional()?;
        Ok(found)
    }

    /// Whether anything waits for a dependency or for its log: lets a batch skip looking.
    pub(crate) fn anything_held(&self) -> Result<bool> {
        Ok(self.conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM held)")?.query_row([], |r| r.get(0))?)
    }

    /// Segments of which a payload was damaged on the way; another copy of them is welcome.
    pub(crate) fn damaged(&self) -> Result<Vec<([u8; 32], u32)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT digest, item FROM held WHERE state = 'quarantined' AND code = 'open.corrupt'",
        )?;
        let rows = statement.query_map([], |r| Ok((fixed(r, 0)?, r.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Store {
    /// Places of logs where segments contradict each other: two in one place, or one that names another before it
    /// than the one that is there.
    pub(crate) fn forks(&self) -> Result<Vec<(LogId, u64, Vec<SegmentHash>)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT log, seq, hash FROM (
                 SELECT log, seq, hash FROM segment
                 UNION
                 SELECT log, seq - 1, previous FROM segment WHERE length(previous) = 32
             ) ORDER BY log, seq, hash",
        )?;
        let mut rows = statement.query([])?;
        let mut places: Vec<(LogId, u64, Vec<SegmentHash>)> = Vec::new();
        while let Some(row) = rows.next()? {
            let (log, hash) = (LogId(fixed(row, 0)?), SegmentHash(fixed(row, 2)?));
            let seq = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
            match places.last_mut() {
                Some((last, at, hashes)) if *last == log && *at == seq => hashes.push(hash),
                _ => places.push((log, seq, vec![hash])),
            }
        }
        places.retain(|(_, _, hashes)| hashes.len() > 1);
        Ok(places)
    }

    /// Items held of segments that are well signed.
    pub(crate) fn held_places(&self) -> Result<Vec<HeldPlace>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT h.log, h.seq, h.item, h.state FROM held h JOIN segment s ON s.hash = h.digest
             ORDER BY h.log, h.seq, h.item",
        )?;
        let rows = statement.query_map([], |row| {
            let word: String = row.get(3)?;
            Ok(HeldPlace {
                log: LogId(fixed(row, 0)?),
                seq: u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                item: u32::try_from(row.get::<_, i64>(2)?).ok(),
                state: HeldState::parse(&word).unwrap_or(HeldState::Quarantined),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
