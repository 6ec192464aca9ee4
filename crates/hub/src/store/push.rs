//! Taking in segments and receipts.

use super::{Store, author_key, reader_key};
use crate::HubError;
use baraza_model::{DeviceId, SegmentHash, Timestamp};
use baraza_oplog::Reader;
use baraza_sync::wire::{PushOutcome, SegmentRef};
use rusqlite::{OptionalExtension, Transaction, params};

/// Where an admitted segment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placed {
    /// To its readers.
    ForReaders,
    /// Apart, at the cost of this revoked device.
    Apart {
        /// Whose quota it uses.
        quota_of: DeviceId,
    },
}

/// A segment that was verified.
pub(crate) struct Admitted<'b> {
    pub(crate) id: SegmentRef,
    pub(crate) previous: Option<SegmentHash>,
    pub(crate) author: DeviceId,
    pub(crate) class: i64,
    pub(crate) readers: Vec<Reader>,
    /// How many of its payloads are missing.
    pub(crate) erased: i64,
    pub(crate) placed: Placed,
    pub(crate) bytes: &'b [u8],
}

impl Store {
    /// Stores all of these in one transaction and says what became of each.
    pub(crate) fn put_segments(
        &mut self,
        segments: &[Result<Admitted<'_>, PushOutcome>],
        quota: u64,
        now: Timestamp,
    ) -> Result<Vec<PushOutcome>, HubError> {
        if segments.iter().all(Result::is_err) {
            return Ok(segments.iter().filter_map(|segment| segment.as_ref().err().copied()).collect());
        }
        let tx = self.write()?;
        let outcomes = segments.iter().map(|segment| match segment {
            Ok(admitted) => put_segment(&tx, admitted, quota, now),
            Err(refused) => Ok(*refused),
        });
        let outcomes = outcomes.collect::<Result<Vec<_>, HubError>>()?;
        tx.commit()?;
        Ok(outcomes)
    }

    /// Stores the newest receipt of an office in place of its last.
    pub(crate) fn put_receipt(&mut self, office: &DeviceId, bytes: &[u8]) -> Result<(), HubError> {
        let tx = self.write()?;
        tx.execute("DELETE FROM receipt WHERE office = ?1", [office.as_bytes()])?;
        tx.execute("INSERT INTO receipt (office, bytes) VALUES (?1, ?2)", params![office.as_bytes(), bytes])?;
        Ok(tx.commit()?)
    }
}

fn put_segment(
    tx: &Transaction<'_>,
    segment: &Admitted<'_>,
    quota: u64,
    now: Timestamp,
) -> Result<PushOutcome, HubError> {
    let known: Option<(i64, i64, bool)> = tx
        .prepare_cached("SELECT arrival, erased, quota_of <> x'' FROM segment WHERE hash = ?1")?
        .query_row([segment.id.hash.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((arrival, erased, apart)) = known {
        let released = apart && segment.placed == Placed::ForReaders;
        if segment.erased > erased || (segment.erased == erased && !released) {
            return Ok(PushOutcome::Duplicate);
        }
        // This copy has payloads that ours lacks, or comes from someone who is trusted: it arrives anew.
        forget(tx, arrival)?;
    }
    let size = i64::try_from(segment.bytes.len()).unwrap_or(i64::MAX);
    let (quota_of, outcome) = match segment.placed {
        Placed::ForReaders => (Vec::new(), PushOutcome::Stored),
        Placed::Apart { quota_of } => {
            let used: i64 = tx
                .prepare_cached(
                    "SELECT COALESCE(SUM(size), 0) FROM segment WHERE quota_of = ?1 AND quota_of <> x''",
                )?
                .query_row([quota_of.as_bytes()], |row| row.get(0))?;
            if used.saturating_add(size) > i64::try_from(quota).unwrap_or(i64::MAX) {
                return Ok(PushOutcome::QuotaExceeded);
            }
            (quota_of.as_bytes().to_vec(), PushOutcome::Quarantined)
        }
    };
    let arrival = insert(tx, segment, size, &quota_of, now)?;
    for key in segment.readers.iter().map(reader_key).chain([author_key(&segment.author)]) {
        let reader = reader_number(tx, &key)?;
        tx.prepare_cached(
            "INSERT OR IGNORE INTO segment_reader (reader, class, arrival) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![reader, segment.class, arrival])?;
    }
    Ok(outcome)
}

fn insert(
    tx: &Transaction<'_>,
    segment: &Admitted<'_>,
    size: i64,
    quota_of: &[u8],
    now: Timestamp,
) -> Result<i64, HubError> {
    let previous = segment.previous.map(|hash| hash.as_bytes().to_vec()).unwrap_or_default();
    tx.prepare_cached(
        "INSERT INTO segment (hash, log, seq, previous, author, class, size, erased, arrived, quota_of) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        segment.id.hash.as_bytes(),
        segment.id.log.as_bytes(),
        i64::try_from(segment.id.seq).unwrap_or(i64::MAX),
        previous,
        segment.author.as_bytes(),
        segment.class,
        size,
        segment.erased,
        now.0,
        quota_of,
    ])?;
    let arrival = tx.last_insert_rowid();
    tx.prepare_cached("INSERT INTO segment_body (arrival, bytes) VALUES (?1, ?2)")?
        .execute(params![arrival, segment.bytes])?;
    Ok(arrival)
}

fn forget(tx: &Transaction<'_>, arrival: i64) -> Result<(), HubError> {
    for sql in [
        "DELETE FROM segment_reader WHERE arrival = ?1",
        "DELETE FROM segment_body WHERE arrival = ?1",
        "DELETE FROM segment WHERE arrival = ?1",
    ] {
        tx.execute(sql, [arrival])?;
    }
    Ok(())
}

fn reader_number(tx: &Transaction<'_>, key: &[u8]) -> Result<i64, HubError> {
    tx.prepare_cached("INSERT OR IGNORE INTO reader (key) VALUES (?1)")?.execute([key])?;
    Ok(tx.prepare_cached("SELECT id FROM reader WHERE key = ?1")?.query_row([key], |row| row.get(0))?)
}
