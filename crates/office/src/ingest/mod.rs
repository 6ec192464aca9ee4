//! Import: verify → open → apply → project → receipt, idempotent and streaming.
//!
//! Segments go through in batches. A batch is one transaction, so a crash loses at most the batch, and doing it
//! again is harmless. Decoding, opening, applying and evaluating run on all workers; one thread writes ([`pipeline`]).
//!
//! Invariants: nothing in the input is an error of the call (P7); what is not applied is held with a stable reason
//! and its bytes; in-memory indexes are rebuilt from the store if a write fails.

mod admit;
pub(crate) mod apply;
mod intake;
mod parallel;
mod pipeline;

pub(crate) use intake::Seen;

use crate::context::Context;
use crate::error::Result;
use crate::office::Office;
use crate::store::{Retry, Store};
use apply::ReadyForm;
use baraza_model::RecordId;
use intake::Intake;
use ring::digest::{SHA256, digest};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Bounds of a batch: segments, and bytes.
const BATCH_SEGMENTS: usize = 64;
const BATCH_BYTES: usize = 8 << 20;

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct IngestReport {
    /// Segments looked at, replayed ones not included.
    pub segments: u64,
    /// Segments that were seen before and had nothing new.
    pub duplicates: u64,
    /// Payloads applied for the first time or again, those replayed included.
    pub applied: u64,
    /// Payloads that headquarters' store has no use for: forms, the directory, messages.
    pub passed: u64,
    /// Records that are new.
    pub new_records: u64,
    /// Records that were known and changed.
    pub changed_records: u64,
    /// Things put on hold or still on hold, by code.
    pub held: BTreeMap<String, u64>,
    /// Held segments that were tried again.
    pub replayed: u64,
    /// Segments before which others are missing.
    pub gaps: u64,
    /// Segments that fork a log.
    pub forks: u64,
    /// Whether the caller stopped it: what was taken in until then is durable, the rest can be given again.
    pub cancelled: bool,
    /// The records that are new or changed.
    #[serde(skip)]
    pub records: BTreeSet<RecordId>,
}

impl Office {
    /// Imports segments. What waited for something that this call brings is applied as well.
    ///
    /// # Errors
    /// Only failures of the store; what was committed before stays, and the same segments can be given again.
    pub fn ingest<B>(
        &mut self,
        context: &Context<'_>,
        segments: impl IntoIterator<Item = B>,
    ) -> Result<IngestReport>
    where
        B: Into<Vec<u8>>,
    {
        let surroundings = surroundings(context);
        let same = self.store.meta("surroundings")?.as_deref() == Some(surroundings.as_slice());
        let retries = if same { VecDeque::new() } else { self.store.retry_waiting()?.into() };
        let report =
            self.run("import", context, Source { fresh: segments.into_iter().map(Into::into), retries })?;
        if !same {
            self.store.set_meta("surroundings", &surroundings)?;
        }
        Ok(report)
    }

    /// Tries everything again that waits or is quarantined: after a fix, or when what it lacked has come. What is up
    /// for review stays there.
    ///
    /// # Errors
    /// Only failures of the store.
    pub fn replay(&mut self, context: &Context<'_>) -> Result<IngestReport> {
        self.replay_while(context, &mut |_| true)
    }

    /// As [`Self::replay`], asking before each batch whether to go on and telling how many held segments are left. A
    /// batch is one transaction; what was not tried stays held.
    ///
    /// # Errors
    /// As [`Self::replay`].
    pub fn replay_while(
        &mut self,
        context: &Context<'_>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Result<IngestReport> {
        let mut left: VecDeque<Retry> = self.store.retry_all()?.into();
        let mut report = IngestReport::default();
        while !left.is_empty() {
            if !go_on(left.len()) {
                report.cancelled = true;
                break;
            }
            let now: VecDeque<Retry> = left.drain(..left.len().min(BATCH_SEGMENTS)).collect();
            report.add(self.run("replay", context, Source { fresh: std::iter::empty(), retries: now })?);
        }
        Ok(report)
    }

    /// Tries one held segment again.
    pub(crate) fn retry_one(&mut self, context: &Context<'_>, digest: &[u8; 32]) -> Result<IngestReport> {
        let retry = Retry { digest: *digest, items: None, since: None, tries: 0 };
        self.run("replay", context, Source { fresh: std::iter::empty(), retries: VecDeque::from([retry]) })
    }

    fn run<I: Iterator<Item = Vec<u8>>>(
        &mut self,
        action: &str,
        context: &Context<'_>,
        mut source: Source<I>,
    ) -> Result<IngestReport> {
        self.prepare_forms(context)?;
        let mut report = IngestReport::default();
        let outcome = self.batches(action, context, &mut source, &mut report);
        if outcome.is_err() {
            self.reload()?;
        }
        outcome.map(|()| report)
    }

    /// Makes the tables of forms that are new to this process.
    pub(crate) fn prepare_forms(&mut self, context: &Context<'_>) -> Result<()> {
        for (hash, entry) in context.library.forms() {
            if !self.forms.contains_key(hash) {
                let def = entry.form.def();
                let version = def.version.as_deref().unwrap_or("");
                self.catalog.prepare(&mut self.store, *hash, &def.id, version, entry.form.schema())?;
                let evaluable = std::sync::Arc::new(crate::evaluate::EvaluableForm::new(entry.form.clone()));
                let layout = self.catalog.get(hash).cloned();
                self.forms.insert(*hash, ReadyForm { evaluable, layout });
            }
        }
        Ok(())
    }
}

impl IngestReport {
    /// Adds what a later call did.
    pub fn add(&mut self, later: IngestReport) {
        self.segments += later.segments;
        self.duplicates += later.duplicates;
        self.applied += later.applied;
        self.passed += later.passed;
        self.new_records += later.new_records;
        self.changed_records += later.changed_records;
        for (code, count) in later.held {
            *self.held.entry(code).or_default() += count;
        }
        self.replayed += later.replayed;
        self.gaps += later.gaps;
        self.forks += later.forks;
        self.cancelled |= later.cancelled;
        self.records.extend(later.records);
    }
}

/// Stands for roster, keys and forms: when it changes, what waits is tried again.
fn surroundings(context: &Context<'_>) -> Vec<u8> {
    let mut stamp = context.roster.head().0.to_vec();
    for (group, epoch) in context.keyring.epochs() {
        stamp.extend_from_slice(group.as_bytes());
        stamp.extend_from_slice(&epoch.to_be_bytes());
    }
    for (hash, _) in context.library.forms() {
        stamp.extend_from_slice(hash.as_bytes());
    }
    digest(&SHA256, &stamp).as_ref().to_vec()
}

/// Fresh segments and held ones to be tried again, the latter first.
struct Source<I> {
    fresh: I,
    retries: VecDeque<Retry>,
}

impl<I: Iterator<Item = Vec<u8>>> Source<I> {
    fn next_batch(&mut self, store: &Store) -> Result<Vec<Intake>> {
        let mut batch: Vec<Intake> = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_SEGMENTS && bytes < BATCH_BYTES {
            let intake = if let Some(retry) = self.retries.pop_front() {
                // One segment at a time: two retries of the same one would count it twice.
                if batch.iter().any(|i| i.retry.as_ref().is_some_and(|r| r.digest == retry.digest)) {
                    continue;
                }
                let Some(bytes) = store.held_bytes(&retry.digest)? else { continue };
                Intake { bytes, retry: Some(retry) }
            } else if let Some(bytes) = self.fresh.next() {
                Intake { bytes, retry: None }
            } else {
                break;
            };
            bytes += intake.bytes.len();
            batch.push(intake);
        }
        Ok(batch)
    }
}
