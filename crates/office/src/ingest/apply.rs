//! From payloads to a record: apply each to its part, evaluate once. Pure and parallel, one record at a time.
//!
//! A part is loaded, changed and saved again; nothing stays in memory after the batch. A payload that is refused
//! leaves its part as it was (`baraza-record` works on a copy); should anything here panic nevertheless, the
//! payloads are tried one by one, so that only the one that panics is quarantined.

use crate::evaluate::{EvaluableForm, Problem, review_code};
use crate::reason::{HeldState, Reason, code};
use crate::store::{ConflictRow, Contributor, FormLayout, KnownRecord, PartRow, RecordRow, ReviewRow};
use baraza_model::{Answers, DeviceId, FormHash, Incarnation, PartId, PartKind, RecordId, Status, Timestamp};
use baraza_oplog::PartPayload;
use baraza_record::{Applied, ChangeId, Claim, Conflict, Part, RecordError, actor_prefix, overlay};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What all records of a batch share.
pub(crate) struct Shared<'a> {
    /// Forms ready for use.
    pub(crate) forms: &'a BTreeMap<FormHash, ReadyForm>,
    /// Every device and incarnation that ever signed a segment: names the authors of snapshots.
    pub(crate) writers: &'a [(DeviceId, Incarnation)],
    pub(crate) now: Timestamp,
    pub(crate) zone_minutes: i32,
}

/// A form with its tables; `layout` is `None` if it does not fit any.
#[derive(Debug, Clone)]
pub(crate) struct ReadyForm {
    pub(crate) evaluable: Arc<EvaluableForm>,
    pub(crate) layout: Option<Arc<FormLayout>>,
}

/// A record and what arrived for it, in order.
pub(crate) struct Work {
    pub(crate) id: RecordId,
    pub(crate) known: Option<KnownRecord>,
    pub(crate) arrivals: Vec<Arrival>,
}

/// One payload for a record.
pub(crate) struct Arrival {
    /// Which segment of the batch, and which item of it.
    pub(crate) segment: usize,
    pub(crate) item: u32,
    pub(crate) size: u64,
    pub(crate) device: DeviceId,
    pub(crate) incarnation: Incarnation,
    pub(crate) readers: Arc<[u8]>,
    pub(crate) snapshot: bool,
    pub(crate) payload: PartPayload,
}

/// What came of it.
pub(crate) struct Done {
    /// `None` if nothing changed.
    pub(crate) row: Option<RecordRow>,
    /// For each arrival, why it is held; `None` if it is applied.
    pub(crate) outcomes: Vec<Option<Reason>>,
    pub(crate) arrivals: Vec<Arrival>,
    /// Parts that got something new: what waited for it can be tried again.
    pub(crate) grown: Vec<PartId>,
}

/// Applies what arrived for one record.
pub(crate) fn apply(shared: &Shared<'_>, work: Work) -> Done {
    let everything: Vec<usize> = (0..work.arrivals.len()).collect();
    let tried = caught(|| Progress::run(shared, &work, &everything));
    let (row, outcomes, grown) = tried.unwrap_or_else(|| {
        let (good, bad): (Vec<usize>, Vec<usize>) =
            everything.iter().partition(|one| caught(|| Progress::run(shared, &work, &[**one])).is_some());
        let (row, mut outcomes, grown) = caught(|| Progress::run(shared, &work, &good))
            .unwrap_or_else(|| (None, everything.iter().map(|_| Some(panicked())).collect(), Vec::new()));
        for one in bad {
            if let Some(outcome) = outcomes.get_mut(one) {
                *outcome = Some(panicked());
            }
        }
        (row, outcomes, grown)
    });
    Done { row, outcomes, arrivals: work.arrivals, grown }
}

fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

fn panicked() -> Reason {
    Reason::new(HeldState::Quarantined, code::PANICKED, "")
}

type Outcome = (Option<RecordRow>, Vec<Option<Reason>>, Vec<PartId>);

/// A part while it is worked on.
struct Live {
    kind: PartKind,
    part: Part,
    grown: bool,
}

/// A record while it is worked on.
struct Progress<'a> {
    shared: &'a Shared<'a>,
    work: &'a Work,
    form: Option<FormHash>,
    parts: BTreeMap<PartId, Live>,
    authors: Vec<Contributor>,
    readers: Option<Arc<[u8]>>,
    vouched: Vec<(ChangeId, DeviceId)>,
    signed: Vec<ChangeId>,
    outcomes: Vec<Option<Reason>>,
}

impl<'a> Progress<'a> {
    fn run(shared: &'a Shared<'a>, work: &'a Work, chosen: &[usize]) -> Outcome {
        let mut progress = Progress {
            shared,
            work,
            form: work.known.as_ref().map(|k| k.form),
            parts: BTreeMap::new(),
            authors: work.known.as_ref().map(|k| k.authors.clone()).unwrap_or_default(),
            readers: None,
            vouched: Vec::new(),
            signed: Vec::new(),
            outcomes: work.arrivals.iter().map(|_| None).collect(),
        };
        progress.load();
        let mut waiting: Vec<usize> = chosen.to_vec();
        // What depends on a change that comes later in the same batch is tried again until nothing moves.
        loop {
            let before = waiting.len();
            waiting.retain(|number| progress.offer(*number));
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
        let grown: Vec<PartId> = progress.parts.iter().filter(|(_, l)| l.grown).map(|(id, _)| *id).collect();
        let unchanged = grown.is_empty() && progress.signed.is_empty();
        let row = if unchanged { None } else { progress.finish() };
        (row, progress.outcomes, grown)
    }

    /// Loads the documents. One that does not load any more is left out and stays in the store as it is; what
    /// arrives for it is refused by [`Self::offer`].
    fn load(&mut self) {
        for row in self.work.known.iter().flat_map(|known| &known.parts) {
            if let Ok(part) = Part::load(&row.doc) {
                self.parts.insert(row.id, Live { kind: row.kind, part, grown: false });
            }
        }
    }

    /// Tries one arrival; `true` if it waits for something that may come later in the batch.
    fn offer(&mut self, number: usize) -> bool {
        let Some(arrival) = self.work.arrivals.get(number) else { return false };
        let outcome = self.check(arrival).and_then(|()| self.apply(arrival));
        let waits = matches!(&outcome, Err(reason) if reason.code == code::MISSING_DEPENDENCY);
        if let Some(slot) = self.outcomes.get_mut(number) {
            *slot = outcome.err();
        }
        waits
    }

    fn check(&mut self, arrival: &Arrival) -> Result<(), Reason> {
        let refuse = |code, detail: &str| Err(Reason::new(HeldState::Quarantined, code, detail));
        let PartPayload { record, part, kind, form, .. } = &arrival.payload;
        if (*kind == PartKind::Shared) != (*part == record.shared_part()) {
            return refuse(code::PART_MISMATCH, "the part's id does not fit its kind");
        }
        if self.parts.get(part).is_some_and(|live| live.kind != *kind) {
            return refuse(code::PART_MISMATCH, "the part is of another kind");
        }
        if self.work.known.iter().flat_map(|k| &k.parts).any(|row| row.id == *part)
            && !self.parts.contains_key(part)
        {
            return refuse(code::PART_MISMATCH, "the part in the store does not load");
        }
        match self.shared.forms.get(form) {
            None => return Err(Reason::new(HeldState::Waiting, code::MISSING_FORM, form.to_string())),
            Some(ready) if ready.layout.is_none() => return refuse(code::FORM_TOO_WIDE, ""),
            Some(_) => {}
        }
        if self.form.is_some_and(|pinned| pinned != *form) {
            return refuse(code::FORM_MISMATCH, "the record is pinned to another form");
        }
        Ok(())
    }

    fn apply(&mut self, arrival: &Arrival) -> Result<(), Reason> {
        let PartPayload { record, part, kind, form, bytes } = &arrival.payload;
        let refused =
            |error: RecordError| Reason::new(HeldState::Quarantined, error.code(), error.to_string());
        let signer = actor_prefix(*record, arrival.device, arrival.incarnation);
        let new = match (self.parts.get_mut(part), arrival.snapshot) {
            (Some(live), true) => {
                let changes = live.part.merge_snapshot(bytes).map_err(refused)?;
                live.grown |= !changes.is_empty();
                self.vouched.extend(changes.iter().map(|change| (*change, arrival.device)));
                !changes.is_empty()
            }
            (Some(live), false) => match live.part.apply_change(bytes, signer).map_err(refused)? {
                Applied::New(_) => {
                    live.grown = true;
                    true
                }
                Applied::Duplicate(change) => {
                    self.signed.push(change);
                    false
                }
                Applied::Waiting { missing: list, .. } => return Err(missing(list.len())),
            },
            (None, true) => {
                let mut fresh = Part::new();
                let changes = fresh.merge_snapshot(bytes).map_err(refused)?;
                self.vouched.extend(changes.iter().map(|change| (*change, arrival.device)));
                self.parts.insert(*part, Live { kind: *kind, part: fresh, grown: true });
                true
            }
            (None, false) => {
                let fresh = match Part::from_change(bytes, signer) {
                    Err(RecordError::Incomplete) => return Err(missing(1)),
                    fresh => fresh.map_err(refused)?,
                };
                self.parts.insert(*part, Live { kind: *kind, part: fresh, grown: true });
                true
            }
        };
        self.form = Some(*form);
        Contributor::note(&mut self.authors, arrival.device, arrival.incarnation, !arrival.snapshot);
        if *kind == PartKind::Shared && new {
            self.readers = Some(Arc::clone(&arrival.readers));
        }
        Ok(())
    }

    /// The record's row after the batch.
    fn finish(&mut self) -> Option<RecordRow> {
        let (work, shared) = (self.work, self.shared);
        let form = self.form?;
        let ready = shared.forms.get(&form)?;
        let layout = Arc::clone(ready.layout.as_ref()?);
        let nothing = Part::new();
        let main = self.parts.get(&work.id.shared_part()).map_or(&nothing, |live| &live.part);
        let severe: Vec<&Part> =
            self.parts.values().filter(|l| l.kind == PartKind::Severe).map(|l| &l.part).collect();
        let (answers, conflicts) = laid_over(main, &severe);
        // Rules that ask for the day are asked as of the day on which the record was last written.
        let written =
            self.parts.values().flat_map(|l| l.part.changes()).map(|c| c.time).max().unwrap_or_default();
        let evaluated = ready.evaluable.evaluate(&answers, !severe.is_empty(), written, shared.zone_minutes);
        let mut reviews: Vec<ReviewRow> = Vec::new();
        let state = main.state();
        let status = state.status;
        if status.is_finalised() {
            reviews.extend(evaluated.problems.iter().filter(|p| looked_at(p, &status)).map(review_of));
        }
        let late = state.changed_after_finalising;
        let changed = u32::try_from(late.len()).unwrap_or(u32::MAX);
        // Given by someone who had not seen the finalising: they apply, and a person looks at them.
        reviews.extend(late.into_iter().map(|e| ReviewRow {
            path: e.path,
            code: review_code::CHANGED,
            severe: false,
        }));
        reviews.sort_by(|a, b| (&a.path, a.code).cmp(&(&b.path, b.code)));
        reviews.dedup_by(|a, b| (&a.path, a.code) == (&b.path, b.code));
        let conflicts = conflicts.iter().flat_map(|c| self.claims(c, &ready.evaluable)).collect();
        let parts = self.parts.iter().filter(|(_, live)| live.grown);
        let parts = parts.map(|(id, l)| PartRow { id: *id, kind: l.kind, doc: l.part.save() }).collect();
        let known = work.known.as_ref();
        Some(RecordRow {
            id: work.id,
            rid: known.map(|k| k.rid),
            form,
            layout,
            status,
            changed_after_finalising: changed,
            authors: self.authors.clone(),
            readers: self.readers.take(),
            cid: known.map_or(0, |k| k.cid),
            received: known.map_or(shared.now, |k| k.received),
            as_of: shared.now,
            parts,
            vouched: std::mem::take(&mut self.vouched),
            signed: std::mem::take(&mut self.signed),
            conflicts,
            reviews,
            evaluated,
        })
    }

    fn claims(&self, conflict: &Conflict, form: &EvaluableForm) -> Vec<ConflictRow> {
        let last = conflict.values.len().saturating_sub(1);
        let rows = conflict.values.iter().enumerate().map(|(number, claim)| {
            let part = self.parts.iter().find(|(_, live)| live.part.contains(&claim.change));
            let part = part.map_or(self.work.id.shared_part(), |(id, _)| *id);
            ConflictRow {
                path: conflict.path.clone(),
                claim: u32::try_from(number).unwrap_or(u32::MAX),
                part,
                severe: part != self.work.id.shared_part() || form.is_severe(&conflict.path.question),
                text: conflict.text,
                change: claim.change.0,
                value: claim.value.clone(),
                device: self.writer(claim),
                at: claim.time,
                shown: number == last || conflict.text,
            }
        });
        rows.collect()
    }

    /// Which device made a claim, by the prefix of its actor.
    fn writer(&self, claim: &Claim) -> Option<DeviceId> {
        let known = self.authors.iter().map(|c| (c.device, c.incarnation));
        known
            .chain(self.shared.writers.iter().copied())
            .find(|(device, incarnation)| {
                actor_prefix(self.work.id, *device, *incarnation) == claim.actor_prefix
            })
            .map(|(device, _)| device)
    }
}

/// As [`overlay`], at less cost where the parts agree, as they nearly always do.
fn laid_over(main: &Part, severe: &[&Part]) -> (Answers, Vec<Conflict>) {
    let mut answers = main.answers();
    let mut conflicts = main.conflicts();
    for part in severe {
        let more = part.answers();
        conflicts.extend(part.conflicts());
        for (id, instance) in more.instances {
            answers.instances.entry(id).or_insert(instance);
        }
        for (path, value) in more.values {
            match answers.values.entry(path) {
                Entry::Vacant(place) => drop(place.insert(value)),
                Entry::Occupied(known) if *known.get() == value => {}
                Entry::Occupied(_) => return overlay(main, severe),
            }
        }
    }
    conflicts.sort_by(|a, b| a.path.cmp(&b.path));
    if conflicts.windows(2).any(|pair| matches!(pair, [a, b] if a.path == b.path)) {
        return overlay(main, severe);
    }
    (answers, conflicts)
}

fn missing(count: usize) -> Reason {
    Reason::new(HeldState::Waiting, code::MISSING_DEPENDENCY, format!("{count} earlier changes are missing"))
}

/// What was handed over as incomplete may lack answers; it must not violate a constraint unseen.
fn looked_at(problem: &Problem, status: &Status) -> bool {
    !(matches!(status, Status::Incomplete { .. }) && problem.code == review_code::MISSING)
}

fn review_of(problem: &Problem) -> ReviewRow {
    ReviewRow { path: problem.path.clone(), code: problem.code, severe: problem.severe }
}
