//! Writing: a person's edits become one change, made at the heads that the person saw.
//!
//! ```text
//!      seen ──────────── edit            the edit replaces what stood at `seen`;
//!        └── unseen ──────┘              an answer that arrived unseen still stands: a conflict
//! ```

use crate::conflict::said;
use crate::decode::{Decoded, body_of, change_id};
use crate::error::MAX_NOTE_BYTES;
use crate::graph::Node;
use crate::part::{Committed, caught, hashes};
use crate::plan::Plan;
use crate::read::{Claim, obj_id, standing};
use crate::write::{Maps, write_plan};
use crate::{Actor, ChangeId, Heads, Part, RecordError, seed, shape, wire};
use automerge::transaction::CommitOptions;
use automerge::{ActorId, ObjId, PatchLog, ReadDoc};
use baraza_model::{Answer, AnswerPath, Edit, Status, Timestamp};
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
    /// What the person saw otherwise; `None` means only `shown`, and of texts all that is here.
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
        let shown: BTreeSet<(ChangeId, &Answer)> =
            to.shown.iter().map(|claim| (claim.change, &claim.value)).collect();
        let seen = match to.at {
            Some(seen) => seen.clone(),
            // A text goes on changing after the change that made it, so that change alone does not tell what was shown.
            None if to.text => self.heads(),
            None => Heads::of(to.shown.iter().map(|claim| claim.change)),
        };
        if let Some(unknown) = self.missing_deps(&seen).first() {
            return Err(RecordError::UnknownHeads(*unknown));
        }
        let maps: Vec<ObjId> = self.objects.answer_maps(to.path.instance).iter().map(obj_id).collect();
        let there =
            self.claims_of(&said(standing(self.doc()?, &maps, &to.path.question, Some(&hashes(&seen)))));
        if there.iter().map(|claim| (claim.change, &claim.value)).collect::<BTreeSet<_>>() != shown {
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
        maps.blank = !copy.is_begun();
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
