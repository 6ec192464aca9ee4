//! Giving segments and receipts: pages in order of arrival, alerts first.

use super::{Store, author_key, reader_key};
use crate::HubError;
use crate::cursor::Cursors;
use baraza_model::{DeviceId, SegmentHash};
use baraza_oplog::Reader;
use baraza_sync::wire::{Bytes, LogRange};
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, BTreeSet};

/// Candidates looked at per reader for one page.
const CANDIDATES: i64 = 1024;
const CLASSES: [i64; 2] = [0, 1];

/// What a device may be given.
pub(crate) struct PullRequest<'r> {
    pub(crate) device: DeviceId,
    /// The groups that it is in, and itself.
    pub(crate) readers: &'r [Reader],
    /// Whether it asked for its own segments.
    pub(crate) own: bool,
    /// How far it has read; readers that are missing start at the beginning.
    pub(crate) cursors: Cursors,
    /// Bytes of segments.
    pub(crate) room: usize,
    /// Bytes of receipts.
    pub(crate) receipt_room: usize,
}

/// What it is given.
pub(crate) struct Page {
    pub(crate) segments: Vec<Bytes>,
    pub(crate) receipts: Vec<Bytes>,
    pub(crate) cursors: Cursors,
    pub(crate) more: bool,
}

impl Store {
    /// One page, read from one state of the store.
    pub(crate) fn pull(&mut self, request: PullRequest<'_>) -> Result<Page, HubError> {
        let end = self.last_arrival()?;
        let mut cursors =
            Cursors { mark: self.mark()?, receipts: request.cursors.receipts, readers: BTreeMap::new() };
        let own = request.own.then(|| author_key(&request.device));
        let own = self.reader_numbers(own.into_iter())?;
        let others = self.reader_numbers(request.readers.iter().map(reader_key))?;
        for reader in own.iter().chain(&others) {
            let cursor = request.cursors.readers.get(reader).copied().unwrap_or_default();
            cursors.readers.insert(*reader, cursor);
        }
        let mut page = Page { segments: Vec::new(), receipts: Vec::new(), cursors, more: false };
        let mut left = request.room;
        for class in CLASSES {
            if !page.more {
                self.pull_class(class, &request.device, &own, end, &mut left, &mut page)?;
            }
        }
        self.pull_receipts(request.receipt_room, &mut page)?;
        Ok(page)
    }

    fn pull_class(
        &self,
        class: i64,
        device: &DeviceId,
        own: &[i64],
        end: i64,
        left: &mut usize,
        page: &mut Page,
    ) -> Result<(), HubError> {
        let mut candidates: BTreeSet<i64> = BTreeSet::new();
        let mut horizon = end;
        for (reader, cursor) in &page.cursors.readers {
            let found = self.candidates(*reader, class, cursor.of(class), device, own.contains(reader))?;
            if found.len() >= usize::try_from(CANDIDATES).unwrap_or(usize::MAX) {
                horizon = horizon.min(found.last().copied().unwrap_or(end));
            }
            candidates.extend(found);
        }
        let mut reached = None;
        let mut full = false;
        for arrival in candidates.into_iter().take_while(|arrival| *arrival <= horizon) {
            let Some(bytes) = self.body(arrival)? else { continue };
            if bytes.len() > *left && !page.segments.is_empty() {
                full = true;
                break;
            }
            *left = left.saturating_sub(bytes.len());
            page.segments.push(Bytes(bytes));
            reached = Some(arrival);
        }
        let to = if full { reached } else { Some(horizon) };
        page.more = full || horizon < end;
        for cursor in page.cursors.readers.values_mut() {
            cursor.advance(class, to.unwrap_or(cursor.of(class)));
        }
        Ok(())
    }

    /// Segments of a reader behind a cursor whose bytes are still here. A device's own come only when asked for.
    fn candidates(
        &self,
        reader: i64,
        class: i64,
        after: i64,
        device: &DeviceId,
        own: bool,
    ) -> Result<Vec<i64>, HubError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT r.arrival FROM segment_reader r \
             JOIN segment s ON s.arrival = r.arrival \
             JOIN segment_body b ON b.arrival = r.arrival \
             WHERE r.reader = ?1 AND r.class = ?2 AND r.arrival > ?3 AND (?4 OR s.author <> ?5) \
             ORDER BY r.arrival LIMIT ?6",
        )?;
        let rows = statement
            .query_map(params![reader, class, after, own, device.as_bytes(), CANDIDATES], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn body(&self, arrival: i64) -> Result<Option<Vec<u8>>, HubError> {
        let mut statement =
            self.connection.prepare_cached("SELECT bytes FROM segment_body WHERE arrival = ?1")?;
        Ok(statement.query_row([arrival], |row| row.get(0)).optional()?)
    }

    fn pull_receipts(&self, room: usize, page: &mut Page) -> Result<(), HubError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT arrival, bytes FROM receipt WHERE arrival > ?1 ORDER BY arrival")?;
        let rows = statement.query_map([page.cursors.receipts], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut used = 0usize;
        for row in rows {
            let (arrival, bytes): (i64, Vec<u8>) = row?;
            used = used.saturating_add(bytes.len());
            if used > room && !(page.receipts.is_empty() && page.segments.is_empty()) {
                page.more = true;
                break;
            }
            page.receipts.push(Bytes(bytes));
            page.cursors.receipts = arrival;
        }
        Ok(())
    }

    /// The numbers of those readers that the store has met.
    fn reader_numbers(&self, keys: impl Iterator<Item = Vec<u8>>) -> Result<Vec<i64>, HubError> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM reader WHERE key = ?1")?;
        let found = keys.map(|key| statement.query_row([key], |row| row.get(0)).optional());
        Ok(found.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// What the store lacks of a range of one branch: walks back from its end along the chain of hashes, which
    /// alone tells two branches apart.
    pub(crate) fn lacks(&self, range: &LogRange) -> Result<Option<LogRange>, HubError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT previous FROM segment WHERE log = ?1 AND seq = ?2 AND hash = ?3 AND erased = 0",
        )?;
        let mut hash = range.hash.as_bytes().to_vec();
        let mut seq = range.last;
        while seq >= range.first {
            let Ok(number) = i64::try_from(seq) else { return Ok(None) };
            let previous: Option<Vec<u8>> = statement
                .query_row(params![range.log.as_bytes(), number, hash], |row| row.get(0))
                .optional()?;
            match previous {
                None => return Ok(Some(LogRange { last: seq, hash: segment_hash(&hash), ..*range })),
                Some(_) if seq == 0 => break,
                Some(previous) => (hash, seq) = (previous, seq - 1),
            }
        }
        Ok(None)
    }
}

fn segment_hash(bytes: &[u8]) -> SegmentHash {
    SegmentHash::from_slice(bytes).unwrap_or(SegmentHash([0; 32]))
}
