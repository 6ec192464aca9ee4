//! Writing: a person's edits become one change, made at the heads that the person saw.
//!
//! ```text
//!      seen ──────────── edit            the edit replaces what stood at `seen`;
//!        └── unseen ──────┘              an answer that arrived unseen still stands: a conflict
//! ```
//!
//! Edits are coalesced first: of several to one question the last counts, and an instance that was added and removed
//! before anybody else saw it is not written at all, so nothing erased earlier leaves the device.

use crate::decode::{Decoded, body_of, change_id};
use crate::error::{MAX_NOTE_BYTES, MAX_VALUE_BYTES};
use crate::graph::Node;
use crate::part::{Committed, caught, hashes};
use crate::read::{Claim, Standing, obj_id, standing, standing_in};
use crate::shape::{self, instance_key, is_path};
use crate::{Actor, ChangeId, Heads, Part, RecordError, seed, status, wire};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, AutomergeError, ObjId, ObjType, PatchLog, ROOT, ReadDoc, ScalarValue};
use baraza_model::{Answer, AnswerPath, Edit, Instance, InstanceId, Status, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Commit<'a> {
    /// The edits, oldest first. An answer inside a repeat needs its instance in this part: give [`Edit::Add`] to
    /// every part that holds answers of the instance.
    pub edits: &'a [Edit],
    /// The new status, if it changes.
    pub status: Option<&'a Status>,
    /// What the person saw; `None` means all that is here.
    pub at: Option<&'a Heads>,
    /// What the device's clock says.
    pub time: Timestamp,
    /// Why: the reason of an amendment.
    pub note: Option<&'a str>,
}

/// Which of several answers holds, or a new one.
#[derive(Debug, Clone, Copy)]
pub struct Resolution<'a> {
    /// The question.
    pub path: &'a AnswerPath,
    /// What holds.
    pub value: Option<&'a str>,
    /// The values that the person was shown: exactly these are superseded.
    pub shown: &'a [Claim],
    /// What the person saw otherwise; `None` means only `shown`.
    pub at: Option<&'a Heads>,
    /// Whether the answer is a text.
    pub text: bool,
    /// What the device's clock says.
    pub time: Timestamp,
    /// Why.
    pub note: Option<&'a str>,
}

/// At which heads edits are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EditMode {
    /// At those that the person saw.
    Isolated,
    /// At whatever is here by now: the bug that the design forbids, planted to prove that tests notice.
    #[cfg(test)]
    PlantedBug,
}

/// Beyond this many comparisons, a text's changed middle is replaced whole instead of compared letter by letter.
const MAX_DIFF: usize = 4_000_000;

impl Part {
    /// Writes edits as one change; `None` if they change nothing.
    ///
    /// # Errors
    /// Edits outside the shape or its limits, instances or heads that are not here; the part is then as it was.
    pub fn commit(&mut self, actor: &Actor, commit: &Commit<'_>) -> Result<Option<Committed>, RecordError> {
        self.commit_as(actor, commit, EditMode::Isolated)
    }

    pub(crate) fn commit_as(
        &mut self,
        actor: &Actor,
        commit: &Commit<'_>,
        mode: EditMode,
    ) -> Result<Option<Committed>, RecordError> {
        let seen = match mode {
            EditMode::Isolated => commit.at.cloned().unwrap_or_else(|| self.heads()),
            #[cfg(test)]
            EditMode::PlantedBug => self.heads(),
        };
        let plan = Plan::of(commit, self)?;
        self.write(actor, &plan, seen, commit.time, commit.note)
    }

    /// Settles a conflict: supersedes exactly the values shown.
    ///
    /// # Errors
    /// [`RecordError::ShownDiffers`] if those are not the values that stood at the heads given; as
    /// [`Part::commit`] otherwise.
    pub fn resolve(&mut self, actor: &Actor, to: &Resolution<'_>) -> Result<Option<Committed>, RecordError> {
        let shown: BTreeSet<ChangeId> = to.shown.iter().map(|claim| claim.change).collect();
        let seen = to.at.cloned().unwrap_or_else(|| Heads::of(shown.iter().copied()));
        if let Some(unknown) = self.missing_deps(&seen).first() {
            return Err(RecordError::UnknownHeads(*unknown));
        }
        let maps: Vec<ObjId> = self.objects.answer_maps(to.path.instance).iter().map(obj_id).collect();
        let there = standing(self.doc()?, &maps, &to.path.question, Some(&hashes(&seen)));
        let there: BTreeSet<ChangeId> =
            self.claims_of(&there).into_iter().map(|claim| claim.change).collect();
        if there != shown {
            return Err(RecordError::ShownDiffers);
        }
        let edit = (to.value.map(str::to_owned), to.text);
        let plan = Plan { answers: BTreeMap::from([(to.path.clone(), edit)]), ..Plan::default() };
        plan.check()?;
        self.write(actor, &plan, seen, to.time, to.note)
    }

    fn write(
        &mut self,
        actor: &Actor,
        plan: &Plan<'_>,
        mut seen: Heads,
        time: Timestamp,
        note: Option<&str>,
    ) -> Result<Option<Committed>, RecordError> {
        if let Some(unknown) = self.missing_deps(&seen).first() {
            return Err(RecordError::UnknownHeads(*unknown));
        }
        if note.is_some_and(|note| note.len() > MAX_NOTE_BYTES) {
            return Err(RecordError::TooLarge { what: "a note", limit: MAX_NOTE_BYTES });
        }
        let mut copy = self.clone();
        copy.doc()?;
        copy.plant_texts(plan, &mut seen)?;
        let ground = copy.graph.seen_by(&seen.0);
        let mut maps = copy.visible_maps(plan, &ground)?;
        if !plan.removals.is_empty() {
            maps.contested = copy.contested_at(copy.doc()?, Some(&seen));
        }
        let mut doc = copy.doc.take().ok_or(RecordError::NotApplied)?;
        let actor = copy.free_actor(actor, &ground).bytes();
        doc.set_actor(ActorId::from(actor.as_slice()));
        // Where everything was seen there is nothing to isolate from. (Automerge would add the actor's previous
        // change to the dependencies if it is not among the heads, which only makes the change longer.)
        let current =
            seen == copy.heads() && copy.graph.latest_of(&actor).is_none_or(|n| seen.0.contains(&n.id));
        let chunk = caught(|| {
            let mut tx = match current {
                true => doc.transaction(),
                false => doc
                    .transaction_at(PatchLog::inactive(), &hashes(&seen))
                    .map_err(|_| RecordError::NotApplied)?,
            };
            write_plan(&mut tx, plan, &maps).map_err(|_| RecordError::NotApplied)?;
            let mut options = CommitOptions::default().with_time(time.0);
            options.message = note.filter(|note| !note.is_empty()).map(str::to_owned);
            let Some(hash) = tx.commit_with(options).0 else { return Ok(None) };
            let change = doc.get_change_by_hash(&hash).ok_or(RecordError::NotApplied)?;
            Ok(Some(change.raw_bytes().to_vec()))
        })?;
        let Some(chunk) = chunk else { return Ok(None) };
        let body = body_of(&chunk)?.to_vec();
        let change = Decoded::read(&body)?;
        let mut node = Node::new(change_id(&body), &change, Vec::new());
        copy.graph.check(&node, &change)?;
        let objects = shape::check(&change, &copy.objects)?;
        node.body = body;
        let committed = Committed { change: node.id, bytes: wire::pack_change(&node.body)? };
        copy.take_in(node, objects);
        copy.doc = doc.into();
        *self = copy;
        Ok(Some(committed))
    }

    /// Makes the texts that others may be making too: those of a part that others already have.
    fn plant_texts(&mut self, plan: &Plan<'_>, seen: &mut Heads) -> Result<(), RecordError> {
        if seen.0.as_slice() == [seed::genesis().id] {
            return Ok(());
        }
        let maps: Vec<ObjId> = self.objects.answer_maps(None).iter().map(obj_id).collect();
        let mut planted = Vec::new();
        for (path, (value, text)) in &plan.answers {
            let wanted = *text && path.instance.is_none() && value.is_some();
            if wanted && standing(self.doc()?, &maps, &path.question, Some(&hashes(seen))).is_empty() {
                planted.push(self.plant_text(&path.question)?);
            }
        }
        if !planted.is_empty() {
            if let Some(doc) = self.doc.take() {
                self.continue_doc(doc)?;
            }
            *seen = Heads::of(seen.0.iter().copied().chain(planted));
        }
        Ok(())
    }

    /// An actor of this unlock whose changes so far were all seen: Automerge wants an actor's changes in a chain.
    fn free_actor(&self, actor: &Actor, ground: &BTreeSet<ChangeId>) -> Actor {
        let free = |a: &Actor| self.graph.latest_of(&a.bytes()).is_none_or(|node| ground.contains(&node.id));
        let mut candidate = *actor;
        let mut n = 0;
        while !free(&candidate) {
            candidate = actor.branch(n);
            n += 1;
        }
        candidate
    }

    /// The maps that the plan writes into, by instance: those that its author had seen.
    fn visible_maps(&self, plan: &Plan<'_>, ground: &BTreeSet<ChangeId>) -> Result<Maps, RecordError> {
        let seen = |op: &shape::OpId| {
            self.graph.change_of(op.ctr, &op.actor).is_some_and(|n| ground.contains(&n.id))
        };
        let mut maps = Maps::default();
        for path in plan.answers.keys().filter(|path| !plan.adds(path.instance)) {
            let found: Vec<ObjId> =
                self.objects.answer_maps(path.instance).iter().filter(|op| seen(op)).map(obj_id).collect();
            if found.is_empty() {
                return Err(RecordError::UnknownInstance);
            }
            maps.answers.insert(path.instance, found);
        }
        for id in plan.removals.keys().filter(|id| !plan.adds(Some(**id))) {
            let found = self.objects.instances().filter(|(op, instance)| instance.id == *id && seen(op));
            let found: Vec<ObjId> = found.map(|(op, _)| obj_id(op)).collect();
            if found.is_empty() {
                return Err(RecordError::UnknownInstance);
            }
            maps.instances.insert(*id, found);
        }
        Ok(maps)
    }
}

#[derive(Default)]
struct Maps {
    answers: BTreeMap<Option<InstanceId>, Vec<ObjId>>,
    instances: BTreeMap<InstanceId, Vec<ObjId>>,
    /// Instances whose removal is to be decided anew.
    contested: BTreeSet<InstanceId>,
}

/// Edits after coalescing.
#[derive(Debug, Default)]
struct Plan<'a> {
    answers: BTreeMap<AnswerPath, (Answer, bool)>,
    /// New instances in the order in which they are written.
    added: Vec<Instance>,
    removals: BTreeMap<InstanceId, bool>,
    status: Option<&'a Status>,
}

impl<'a> Plan<'a> {
    fn of(commit: &Commit<'a>, part: &Part) -> Result<Self, RecordError> {
        let mut plan = Self { status: commit.status, ..Self::default() };
        for edit in commit.edits {
            match edit {
                Edit::Set { path, value, text, .. } => {
                    let value = value.clone().filter(|value| !value.is_empty());
                    plan.answers.insert(path.clone(), (value, *text));
                }
                Edit::Add(instance) => {
                    if !part.objects.has_instance(instance.id) && !plan.adds(Some(instance.id)) {
                        plan.added.push(instance.clone());
                    }
                }
                Edit::Remove { id, removed } => {
                    plan.removals.insert(*id, *removed);
                }
            }
        }
        plan.forget_erased();
        plan.added.sort_by(|a, b| (&a.repeat, a.order, a.id).cmp(&(&b.repeat, b.order, b.id)));
        plan.check()?;
        Ok(plan)
    }

    /// Drops what was added and removed again, with all below it.
    fn forget_erased(&mut self) {
        let mut erased: BTreeSet<InstanceId> = BTreeSet::new();
        loop {
            let gone = |i: &Instance| {
                let removed = self.removals.get(&i.id).copied().unwrap_or(i.removed);
                removed || i.parent.is_some_and(|parent| erased.contains(&parent))
            };
            let more: Vec<InstanceId> = self.added.iter().filter(|i| gone(i)).map(|i| i.id).collect();
            if more.is_empty() {
                break;
            }
            self.added.retain(|i| !more.contains(&i.id));
            erased.extend(more);
        }
        self.answers.retain(|path, _| path.instance.is_none_or(|id| !erased.contains(&id)));
        self.removals.retain(|id, _| !erased.contains(id) && !self.added.iter().any(|i| i.id == *id));
    }

    fn adds(&self, instance: Option<InstanceId>) -> bool {
        instance.is_some_and(|id| self.added.iter().any(|i| i.id == id))
    }

    fn check(&self) -> Result<(), RecordError> {
        let paths = self.answers.keys().map(|path| path.question.as_str());
        if !paths.chain(self.added.iter().map(|i| i.repeat.as_str())).all(is_path) {
            return Err(RecordError::Shape("a question's path is not acceptable"));
        }
        if self.answers.values().any(|(value, _)| value.as_ref().is_some_and(|v| v.len() > MAX_VALUE_BYTES)) {
            return Err(RecordError::TooLarge { what: "an answer", limit: MAX_VALUE_BYTES });
        }
        if self.status.is_some_and(|status| status::write(status).len() > MAX_NOTE_BYTES) {
            return Err(RecordError::TooLarge { what: "a reason", limit: MAX_NOTE_BYTES });
        }
        Ok(())
    }
}

/// Writes in the canonical order: answers, instances with theirs, removals, status.
fn write_plan(tx: &mut Transaction<'_>, plan: &Plan<'_>, maps: &Maps) -> Result<(), AutomergeError> {
    let none = Vec::new();
    for (path, (value, text)) in plan.answers.iter().filter(|(path, _)| !plan.adds(path.instance)) {
        let maps = maps.answers.get(&path.instance).unwrap_or(&none);
        write_answer(tx, maps, &path.question, value.as_deref(), *text)?;
    }
    for instance in &plan.added {
        let instances = ObjId::Id(seed::INSTANCES, ActorId::from(seed::GENESIS_ACTOR), 0);
        let map = tx.put_object(instances, instance_key(instance.id), ObjType::Map)?;
        let answers = tx.put_object(&map, "a", ObjType::Map)?;
        if let Some(parent) = instance.parent {
            tx.put(&map, "in", ScalarValue::Bytes(parent.0.to_vec()))?;
        }
        tx.put(&map, "o", ScalarValue::Uint(u64::from(instance.order)))?;
        tx.put(&map, "of", instance.repeat.as_str())?;
        let maps = [answers];
        for (path, (value, text)) in
            plan.answers.iter().filter(|(path, _)| path.instance == Some(instance.id))
        {
            write_answer(tx, &maps, &path.question, value.as_deref(), *text)?;
        }
    }
    for (id, removed) in &plan.removals {
        for map in maps.instances.get(id).unwrap_or(&none) {
            let says: Vec<Option<bool>> =
                tx.get_all(map, "x")?.iter().map(|(value, _)| value.as_bool()).collect();
            let contested = maps.contested.contains(id);
            let stands = says.as_slice() == [Some(*removed)] || (says.is_empty() && !removed);
            if !stands || contested {
                if says.len() > 1 || contested {
                    tx.put(map, "x", !*removed)?;
                }
                tx.put(map, "x", *removed)?;
            }
        }
    }
    if let Some(status) = plan.status {
        let (text, says) = (status::write(status), standing_in(tx, &[ROOT], "s"));
        let stands = match says.as_slice() {
            [] => *status == Status::Draft,
            [only] => only.value.as_deref() == Some(text.as_str()),
            _ => false,
        };
        if !stands {
            if says.last().is_some_and(|last| last.value.as_deref() == Some(text.as_str())) {
                tx.put(ROOT, "s", if text == "d" { "c" } else { "d" })?;
            }
            tx.put(ROOT, "s", text)?;
        }
    }
    Ok(())
}

/// Writes one answer wherever a value of it stands, so that all that its author saw is superseded.
fn write_answer(
    tx: &mut Transaction<'_>,
    maps: &[ObjId],
    question: &str,
    value: Option<&str>,
    text: bool,
) -> Result<(), AutomergeError> {
    let says = standing_in(tx, maps, question);
    match says.as_slice() {
        [] if value.is_none() => Ok(()),
        [] => maps.last().map_or(Ok(()), |map| put(tx, map, question, value, text)),
        [Standing { value: stands, .. }] if stands.as_deref() == value => Ok(()),
        [only] if only.text && text => update_text(tx, only, value.unwrap_or_default()),
        several => {
            let maps: BTreeMap<Vec<u8>, &ObjId> =
                several.iter().map(|s| (s.map.to_bytes(), &s.map)).collect();
            for map in maps.into_values() {
                // Where the value stands already, among others, Automerge would delete the others instead: then a
                // different decision made apart would silently win over this one. So the value is written anew.
                match value {
                    Some(_) => tx.put(map, question, ScalarValue::Null)?,
                    None => tx.put(map, question, "")?,
                }
                put(tx, map, question, value, text)?;
            }
            Ok(())
        }
    }
}

fn put(
    tx: &mut Transaction<'_>,
    map: &ObjId,
    question: &str,
    value: Option<&str>,
    text: bool,
) -> Result<(), AutomergeError> {
    match value {
        Some(value) if text => {
            let object = tx.put_object(map, question, ObjType::Text)?;
            tx.splice_text(object, 0, 0, value)
        }
        Some(value) => tx.put(map, question, value),
        None => tx.put(map, question, ScalarValue::Null),
    }
}

/// Turns a text into another by the smallest change, so that what others type meanwhile merges with it.
fn update_text(tx: &mut Transaction<'_>, text: &Standing, new: &str) -> Result<(), AutomergeError> {
    let old: Vec<char> = text.value.as_deref().unwrap_or_default().chars().collect();
    let new_chars: Vec<char> = new.chars().collect();
    let start = old.iter().zip(&new_chars).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new_chars.len()) - start;
    let end = old.iter().rev().zip(new_chars.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (gone, come) = (old.len() - start - end, new_chars.len() - start - end);
    if gone.saturating_mul(come) <= MAX_DIFF && gone > 0 && come > 0 {
        return tx.update_text(&text.id, new);
    }
    let come: String = new_chars.iter().skip(start).take(come).collect();
    tx.splice_text(&text.id, start, isize::try_from(gone).unwrap_or(isize::MAX), &come)
}
