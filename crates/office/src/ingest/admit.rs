//! A batch between opening and writing: chains observe its segments in order, payloads are gathered by record.

use super::IngestReport;
use super::apply::{Arrival, Done, Work};
use super::intake::{Content, Intaken, Taken};
use crate::error::Result;
use crate::office::Office;
use crate::reason::{HeldState, Reason, code};
use crate::store::{self, HeldRow, RecordRow};
use baraza_model::{LogId, PartId, RecordId, Timestamp};
use baraza_oplog::{Ancestry, Observed};
use rusqlite::Connection;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One transaction's worth.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) segments: Vec<Taken>,
    pub(crate) rows: Vec<RecordRow>,
    pub(crate) held: Vec<Hold>,
    /// Parts that got something new, and logs that did.
    pub(crate) grown: BTreeSet<PartId>,
    pub(crate) logs: BTreeSet<LogId>,
    duplicates: u64,
    applied: u64,
    passed: u64,
    gaps: u64,
    forks: u64,
}

/// Something of a segment of this batch that is held.
pub(crate) struct Hold {
    segment: usize,
    item: Option<u32>,
    record: Option<(RecordId, PartId)>,
    size: u64,
    reason: Reason,
}

impl Office {
    /// Lets the chains see a segment, and decides on what only they can tell.
    pub(super) fn admit(&mut self, batch: &mut Batch, intaken: Intaken) {
        let mut taken = match intaken {
            Intaken::Duplicate => {
                batch.duplicates += 1;
                return;
            }
            Intaken::Taken(taken) => *taken,
        };
        if let Some(row) = &mut taken.segment {
            let observed = self.seen_chain.observe(row.log, row.seq, row.hash, row.previous);
            if observed == Observed::Duplicate && taken.retry.is_none() {
                batch.duplicates += 1;
                return;
            }
            match observed {
                Observed::Gap { .. } => batch.gaps += 1,
                Observed::Fork { .. } => batch.forks += 1,
                Observed::New | Observed::Duplicate => {}
            }
            if observed != Observed::Duplicate {
                batch.logs.insert(row.log);
            }
            self.writers.insert((row.device, row.incarnation));
            if let (None, Some(cut)) = (&taken.whole, taken.cut) {
                let here = (row.seq, row.hash);
                taken.whole = match self.seen_chain.descends(&row.log, here, (cut.seq, cut.hash)) {
                    Ancestry::Yes => None,
                    Ancestry::No => Some(Reason::new(HeldState::Review, code::OFF_THE_CUT, "")),
                    Ancestry::Unknown => Some(Reason::new(HeldState::Waiting, code::CUT_UNPROVEN, "")),
                };
            }
            row.opened = taken.whole.is_none();
            if row.opened {
                self.applied_chain.observe(row.log, row.seq, row.hash, row.previous);
            }
        } else if taken.retry.is_none() && batch.segments.iter().any(|known| known.digest == taken.digest) {
            batch.duplicates += 1;
            return;
        }
        if let Some(reason) = taken.whole.clone() {
            let (segment, size) = (batch.segments.len(), taken.bytes.len() as u64);
            batch.held.push(Hold { segment, item: None, record: None, size, reason });
            taken.items.clear();
        }
        batch.segments.push(taken);
    }

    /// Notes which segments arrived damaged, so that another copy is welcome.
    pub(super) fn refresh_damaged(&mut self, batch: &Batch) -> Result<()> {
        let touched =
            !self.seen.damaged.is_empty() || batch.held.iter().any(|h| h.reason.code == "open.corrupt");
        if touched {
            self.seen.damaged = self.load_damaged()?;
        }
        Ok(())
    }
}

impl Batch {
    /// Takes the payloads of the batch apart by record.
    pub(super) fn gather(&mut self) -> Vec<Work> {
        let mut work: Vec<Work> = Vec::new();
        let mut places: HashMap<RecordId, usize> = HashMap::new();
        let mut held = Vec::new();
        for (segment, taken) in self.segments.iter_mut().enumerate() {
            let Some(row) = &taken.segment else { continue };
            for item in std::mem::take(&mut taken.items) {
                match item.content {
                    Content::Other => self.passed += 1,
                    Content::Held(reason) => {
                        held.push(Hold {
                            segment,
                            item: Some(item.index),
                            record: None,
                            size: item.size,
                            reason,
                        });
                    }
                    Content::Part { snapshot, payload } => {
                        let id = payload.record;
                        let place = *places.entry(id).or_insert_with(|| {
                            work.push(Work { id, known: None, arrivals: Vec::new() });
                            work.len() - 1
                        });
                        let Some(work) = work.get_mut(place) else { continue };
                        work.arrivals.push(Arrival {
                            segment,
                            item: item.index,
                            size: item.size,
                            device: row.device,
                            incarnation: row.incarnation,
                            readers: taken.readers.clone(),
                            snapshot,
                            payload,
                        });
                    }
                }
            }
        }
        self.held.extend(held);
        work
    }

    /// The records that it changes.
    pub(super) fn records(&self) -> BTreeSet<RecordId> {
        self.rows.iter().map(|row| row.id).collect()
    }

    pub(super) fn absorb(&mut self, done: Vec<Done>) {
        for Done { row, outcomes, arrivals, grown } in done {
            self.grown.extend(grown);
            self.rows.extend(row);
            for (arrival, outcome) in arrivals.into_iter().zip(outcomes) {
                match outcome {
                    None => self.applied += 1,
                    Some(reason) => self.held.push(Hold {
                        segment: arrival.segment,
                        item: Some(arrival.item),
                        record: Some((arrival.payload.record, arrival.payload.part)),
                        size: arrival.size,
                        reason,
                    }),
                }
            }
        }
    }

    pub(super) fn write_segments(&self, conn: &Connection, now: Timestamp) -> Result<()> {
        for taken in &self.segments {
            if let Some(retry) = &taken.retry {
                store::release(conn, &retry.digest, retry.items.as_ref())?;
            }
            if let Some(row) = &taken.segment {
                store::insert_segment(conn, row, now)?;
            }
        }
        let mut kept: BTreeSet<usize> = BTreeSet::new();
        for hold in &self.held {
            let Some(taken) = self.segments.get(hold.segment) else { continue };
            let retry = taken.retry.as_ref();
            store::insert_held(
                conn,
                &HeldRow {
                    digest: taken.digest,
                    item: hold.item,
                    log: taken.log,
                    seq: taken.seq,
                    device: taken.device,
                    record: hold.record,
                    reason: hold.reason.clone(),
                    size: hold.size,
                    since: retry.and_then(|r| r.since).unwrap_or(now),
                    tries: retry.map_or(0, |r| r.tries + 1),
                },
            )?;
            if kept.insert(hold.segment) {
                store::keep_bytes(conn, &taken.digest, &taken.bytes)?;
            }
        }
        for taken in self.segments.iter().filter_map(|t| t.retry.as_ref()) {
            store::drop_bytes_if_released(conn, &taken.digest)?;
        }
        Ok(())
    }

    pub(super) fn write_audit(&self, conn: &Connection, action: &str, now: Timestamp) -> Result<()> {
        if self.segments.is_empty() {
            return Ok(());
        }
        let detail = json!({
            "segments": self.segments.len(),
            "applied": self.applied,
            "records": self.rows.len(),
            "held": self.held_by_code(),
        });
        store::append_audit(conn, now, action, &detail)
    }

    fn held_by_code(&self) -> BTreeMap<String, u64> {
        let mut codes = BTreeMap::new();
        for hold in &self.held {
            *codes.entry(hold.reason.code.to_owned()).or_default() += 1;
        }
        codes
    }

    pub(super) fn count(&self, report: &mut IngestReport) {
        report.duplicates += self.duplicates;
        report.applied += self.applied;
        report.passed += self.passed;
        report.gaps += self.gaps;
        report.forks += self.forks;
        report.new_records += self.rows.iter().filter(|row| row.rid.is_none()).count() as u64;
        report.changed_records += self.rows.iter().filter(|row| row.rid.is_some()).count() as u64;
        report.records.extend(self.rows.iter().map(|row| row.id));
        for (code, count) in self.held_by_code() {
            *report.held.entry(code).or_default() += count;
        }
    }
}
