//! The pipeline of an import: three batches in flight, one writer.
//!
//! ```text
//!               workers                         this thread
//!  turn k   apply n+1, then take in n+2      write n
//!  turn k+1 apply n+2, then take in n+3      write n+1
//! ```
//!
//! Invariant: a record is looked up only when no earlier batch that touches it is still unwritten; work on such
//! records ([`Current::late`]) waits for the write.

use super::admit::Batch;
use super::apply::{self, Done, Shared, Work};
use super::intake::{self, Intake, Intaken, Seen};
use super::{IngestReport, Source, parallel};
use crate::context::Context;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::store::{Retry, Store, Writer};
use baraza_model::{DeviceId, Incarnation};
use baraza_oplog::Codec;

/// A batch that was admitted and is to be applied.
struct Current {
    batch: Batch,
    /// Records that no unwritten batch touches.
    ready: Vec<Work>,
    /// Records that the batch before touches as well.
    late: Vec<Work>,
}

impl Office {
    pub(super) fn batches<I: Iterator<Item = Vec<u8>>>(
        &mut self,
        action: &str,
        context: &Context<'_>,
        source: &mut Source<I>,
        report: &mut IngestReport,
    ) -> Result<()> {
        let mut current: Option<Current> = None;
        let mut pending: Option<Batch> = None;
        loop {
            let next = source.next_batch(&self.store)?;
            if next.is_empty() && current.is_none() && pending.is_none() {
                return Ok(());
            }
            report.segments += next.iter().filter(|i| i.retry.is_none()).count() as u64;
            report.replayed += next.iter().filter(|i| i.retry.is_some()).count() as u64;
            let ready =
                current.as_mut().map(|current| std::mem::take(&mut current.ready)).unwrap_or_default();
            let (done, taken) = self.turn(action, context, pending.as_ref(), ready, next)?;
            if let Some(batch) = pending.take() {
                source.retries.extend(self.settle(&batch, report)?);
            }
            if let Some(Current { mut batch, late, .. }) = current.take() {
                batch.absorb(done);
                let late = self.look_up(late)?;
                let writers = self.writers();
                let shared = self.shared(context, &writers);
                batch.absorb(parallel::map(
                    self.workers,
                    late,
                    || (),
                    |(), work| apply::apply(&shared, work),
                )?);
                pending = Some(batch);
            }
            if !taken.is_empty() {
                current = Some(self.admit_all(taken, pending.as_ref())?);
            }
        }
    }

    /// Writes one batch while the workers apply the next and take in the one after.
    fn turn(
        &mut self,
        action: &str,
        context: &Context<'_>,
        pending: Option<&Batch>,
        ready: Vec<Work>,
        next: Vec<Intake>,
    ) -> Result<(Vec<Done>, Vec<Intaken>)> {
        let writers = self.writers();
        let Self { store, forms, seen, workers, .. } = self;
        let (forms, seen, workers) = (&*forms, &*seen, *workers);
        let (now, zone_minutes) = (context.now, context.zone_minutes);
        let shared = Shared { forms, writers: &writers, now, zone_minutes };
        let ahead = move || -> Result<_> {
            let done = parallel::map(workers, ready, || (), |(), work| apply::apply(&shared, work))?;
            Ok((done, take_in(workers, context, seen, next)?))
        };
        let (written, ahead) = std::thread::scope(|scope| {
            let ahead = scope.spawn(ahead);
            let written = pending.map_or(Ok(()), |batch| write(store, action, context, batch));
            (written, ahead.join().map_err(|_| OfficeError::Worker))
        });
        written?;
        ahead?
    }

    fn admit_all(&mut self, taken: Vec<Intaken>, pending: Option<&Batch>) -> Result<Current> {
        let mut batch = Batch::default();
        for one in taken {
            self.admit(&mut batch, one);
        }
        let unwritten = pending.map(Batch::records).unwrap_or_default();
        let (late, ready) = batch.gather().into_iter().partition(|work: &Work| unwritten.contains(&work.id));
        Ok(Current { batch, ready: self.look_up(ready)?, late })
    }

    /// Finds what the store knows of each record.
    fn look_up(&self, mut work: Vec<Work>) -> Result<Vec<Work>> {
        for one in &mut work {
            one.known = self.store.known_record(&one.id)?;
        }
        Ok(work)
    }

    /// Every device and incarnation that ever signed a segment.
    pub(crate) fn writers(&self) -> Vec<(DeviceId, Incarnation)> {
        self.writers.iter().copied().collect()
    }

    pub(crate) fn shared<'a>(
        &'a self,
        context: &Context<'_>,
        writers: &'a [(DeviceId, Incarnation)],
    ) -> Shared<'a> {
        Shared { forms: &self.forms, writers, now: context.now, zone_minutes: context.zone_minutes }
    }

    /// After the commit: the in-memory indexes, the report, and what can now be tried again.
    fn settle(&mut self, batch: &Batch, report: &mut IngestReport) -> Result<Vec<Retry>> {
        batch.count(report);
        for taken in &batch.segments {
            if let Some(row) = &taken.segment {
                self.seen.segments.insert(row.hash, row.opened);
                self.log_devices.insert(row.log, row.device);
            }
        }
        self.refresh_damaged(batch)?;
        if !self.store.anything_held()? {
            return Ok(Vec::new());
        }
        let mut retries = Vec::new();
        for part in &batch.grown {
            retries.extend(self.store.retry_part(part)?);
        }
        for log in &batch.logs {
            retries.extend(self.store.retry_log(log)?);
        }
        // What this batch itself put on hold was tried with all that the batch brought.
        retries.retain(|r| !batch.segments.iter().any(|taken| taken.digest == r.digest));
        Ok(retries)
    }
}

fn take_in(workers: usize, context: &Context<'_>, seen: &Seen, intake: Vec<Intake>) -> Result<Vec<Intaken>> {
    let codec = || {
        let mut codec = Codec::new();
        for (hash, entry) in context.library.forms() {
            // A dictionary that the codec refuses leaves its records waiting for a better one.
            let _ = codec.insert_form(*hash, entry.dictionary.clone());
        }
        codec
    };
    parallel::map(workers, intake, codec, |codec, one| {
        intake::take_in(context.roster, context.keyring, codec, seen, one)
    })
}

/// Writes a batch: one transaction.
fn write(store: &mut Store, action: &str, context: &Context<'_>, batch: &Batch) -> Result<()> {
    let tx = store.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    batch.write_segments(&tx, context.now)?;
    let mut writer = Writer::new(&tx);
    for row in &batch.rows {
        writer.record(row)?;
    }
    batch.write_audit(&tx, action, context.now)?;
    tx.commit()?;
    Ok(())
}
