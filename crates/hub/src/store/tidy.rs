//! Deleting the bytes of what headquarters has receipted.

use super::Store;
use crate::{HubError, PruneReport};
use baraza_model::{LogId, SegmentHash, Timestamp};
use baraza_oplog::{Chain, ReceiptBook, Roster};
use rusqlite::params;

struct Row {
    arrival: i64,
    seq: u64,
    hash: SegmentHash,
    previous: Option<SegmentHash>,
    /// Bytes that can be deleted: 0 where they are gone or too young.
    old_bytes: u64,
}

impl Store {
    /// Deletes the bytes of segments that arrived before `before` and that `quorum` offices have applied. The rows
    /// stay, so that the same segment is known when it comes again.
    pub(crate) fn prune(
        &mut self,
        receipts: &ReceiptBook,
        roster: &Roster,
        quorum: usize,
        before: Timestamp,
    ) -> Result<PruneReport, HubError> {
        let mut report = PruneReport::default();
        for log in self.logs_with_bytes(before)? {
            let rows = self.rows_of(&log, before)?;
            let mut chain = Chain::new();
            for row in &rows {
                chain.observe(log, row.seq, row.hash, row.previous);
            }
            let covered = |row: &&Row| receipts.count(&log, row.seq, row.hash, &chain, roster) >= quorum;
            let gone: Vec<&Row> = rows.iter().filter(|row| row.old_bytes > 0).filter(covered).collect();
            let tx = self.write()?;
            for row in &gone {
                tx.execute("DELETE FROM segment_body WHERE arrival = ?1", [row.arrival])?;
                report.segments += 1;
                report.bytes += row.old_bytes;
            }
            tx.commit()?;
        }
        if report.segments > 0 {
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        }
        Ok(report)
    }

    fn logs_with_bytes(&self, before: Timestamp) -> Result<Vec<LogId>, HubError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT s.log FROM segment s JOIN segment_body b ON b.arrival = s.arrival WHERE s.arrived < ?1",
        )?;
        let rows = statement.query_map([before.0], |row| row.get::<_, [u8; 16]>(0))?;
        Ok(rows.map(|log| log.map(LogId)).collect::<Result<_, _>>()?)
    }

    fn rows_of(&self, log: &LogId, before: Timestamp) -> Result<Vec<Row>, HubError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.arrival, s.seq, s.hash, s.previous, \
                    CASE WHEN b.arrival IS NOT NULL AND s.arrived < ?2 THEN s.size ELSE 0 END \
             FROM segment s LEFT JOIN segment_body b ON b.arrival = s.arrival WHERE s.log = ?1 ORDER BY s.seq",
        )?;
        let rows = statement.query_map(params![log.as_bytes(), before.0], |row| {
            Ok(Row {
                arrival: row.get(0)?,
                seq: u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default(),
                hash: SegmentHash(row.get(2)?),
                previous: SegmentHash::from_slice(&row.get::<_, Vec<u8>>(3)?),
                old_bytes: u64::try_from(row.get::<_, i64>(4)?).unwrap_or_default(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
