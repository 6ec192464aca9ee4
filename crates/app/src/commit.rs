//! From journal to change: what a person typed becomes one Automerge change per part, sealed for its readers.
//!
//! A record is journalled answer by answer; only the difference between the document and the answers as they stand
//! is committed, so what was typed and erased again never leaves the device. Finalising is one transaction: change,
//! sealing, ratchet, the end of the severe part's key, and the new status.

use crate::draft::Draft;
use crate::identity::Identity;
use crate::records::{Stored, encode};
use crate::{Device, Error, Result, World};
use baraza_forms::Form;
use baraza_forms::schema::Source;
use baraza_model::{AnswerPath, Answers, Edit, PartKind, RecordId, Sensitivity, Status};
use baraza_oplog::{PartPayload, Payload};
use baraza_record::{Actor, Commit};
use baraza_vault::Tx;
use std::collections::BTreeMap;

/// How a person closes a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completion {
    /// Everything required is there and nothing is outside its limits.
    Complete,
    /// Handed over as it is, with a reason.
    Incomplete(String),
}

impl Device {
    /// Finalises a record: seals it for headquarters (a team's record for the team too) and, if it has severe
    /// answers, destroys the only key with which this device could read them.
    ///
    /// Success is reported only when nothing of a severe answer is left in the vault's files.
    ///
    /// # Errors
    /// [`Error::Unready`] when something required is missing and no reason was given.
    pub fn finalise(&mut self, draft: &mut Draft, completion: Completion) -> Result<Status> {
        draft.session.finalise();
        self.save(draft)?;
        let status = closing_status(draft, completion)?;
        let target = draft.relevant_answers();
        self.write(|tx, me, world| {
            let stored = Stored::read(tx, draft.record)?.seen_at(&draft.seen);
            let closing = Closing { status: Some(&status), note: draft.amending.as_deref() };
            me.commit(tx, world, &stored, &target, &closing)?;
            stored.save_row(tx, world, &status, &draft.session.instance_name())?;
            tx.set_place(draft.record, "")?;
            me.refresh(tx, world, draft.record)
        })?;
        self.vault.checkpoint()?;
        draft.closed();
        Ok(status)
    }

    /// A teammate who finalises closes the record for everybody: severe answers that wait in the journal of another
    /// tablet are sealed there as if it had finalised itself, and its key to them is destroyed.
    pub(crate) fn seal_severe_left_open(&mut self) -> Result<()> {
        let sealed = self.write(|tx, me, world| {
            let mut sealed = 0;
            for part in tx.journalled_parts()? {
                let Some(record) = tx.record_of(part)? else { continue };
                let stored = Stored::read(tx, record)?;
                if part != record.shared_part() && stored.is_team() && stored.row.status.is_finalised() {
                    let closing = Closing { status: Some(&stored.row.status), note: None };
                    me.commit_severe(tx, world, &stored, &stored.answers_with_journal()?, &closing)?;
                    sealed += 1;
                }
            }
            Ok(sealed)
        })?;
        if sealed > 0 {
            self.vault.checkpoint()?;
        }
        Ok(())
    }

    /// Turns what was journalled of a team record's shared part into a change, so that teammates and headquarters
    /// get it although nobody has finalised. Severe answers stay in the journal until somebody finalises.
    pub(crate) fn commit_team_drafts(&mut self) -> Result<Vec<RecordId>> {
        self.generation += 1;
        self.write(|tx, me, world| {
            let mut handed = Vec::new();
            for part in tx.journalled_parts()? {
                let Some(record) = tx.record_of(part)? else { continue };
                let stored = Stored::read(tx, record)?;
                if part == record.shared_part() && stored.is_team() && !stored.discarded {
                    let target = stored.answers_with_journal()?;
                    me.commit(tx, world, &stored, &target, &Closing::handing_over())?;
                    me.refresh(tx, world, record)?;
                    handed.push(record);
                }
            }
            Ok(handed)
        })
    }
}

/// What a commit says besides answers.
pub(crate) struct Closing<'a> {
    /// The new status, when the record is finalised.
    pub(crate) status: Option<&'a Status>,
    /// Why a finalised record was amended.
    pub(crate) note: Option<&'a str>,
}

impl Closing<'_> {
    pub(crate) fn handing_over() -> Self {
        Self { status: None, note: None }
    }
}

impl Identity {
    /// Commits the difference between a record's documents and `target`, seals it, and empties the journal.
    pub(crate) fn commit(
        &self,
        tx: &Tx<'_>,
        world: &mut World,
        stored: &Stored,
        target: &Answers,
        closing: &Closing<'_>,
    ) -> Result<()> {
        let (_, shared) = self.changed(stored, target)?;
        self.commit_part(tx, world, stored, PartKind::Shared, &shared, closing)?;
        match closing.status {
            Some(_) => self.commit_severe(tx, world, stored, target, closing),
            None => Ok(()),
        }
    }

    /// Seals a record's severe answers and destroys the key to them.
    fn commit_severe(
        &self,
        tx: &Tx<'_>,
        world: &mut World,
        stored: &Stored,
        target: &Answers,
        closing: &Closing<'_>,
    ) -> Result<()> {
        let (severe, _) = self.changed(stored, target)?;
        self.commit_part(tx, world, stored, PartKind::Severe, &with_containers(severe, target), closing)
    }

    /// What `target` changes of a record's documents: severe answers, and the rest.
    fn changed(&self, stored: &Stored, target: &Answers) -> Result<(Vec<Edit>, Vec<Edit>)> {
        let form = self.form(&stored.row.form)?;
        let edits = difference(&stored.committed()?, target, &Questions::of(&form));
        Ok(edits.into_iter().partition(is_severe))
    }

    fn commit_part(
        &self,
        tx: &Tx<'_>,
        world: &mut World,
        stored: &Stored,
        kind: PartKind,
        edits: &[Edit],
        closing: &Closing<'_>,
    ) -> Result<()> {
        let Some(held) = stored.part(kind) else { return Ok(()) };
        let mut part = held.document.clone();
        let actor = Actor::new(stored.row.id, self.id, self.incarnation, world);
        let status = closing.status.filter(|_| kind == PartKind::Shared);
        let commit = Commit {
            edits,
            status,
            at: Some(&held.seen),
            time: world.now(),
            note: closing.note.or(held.note.as_deref()),
        };
        if let Some(change) = part.commit(&actor, &commit)? {
            let body = PartPayload {
                record: stored.row.id,
                part: held.id,
                kind,
                form: stored.row.form,
                bytes: change.bytes,
            };
            let readers = self.readers(kind, stored.row.sharing, stored.row.team)?;
            self.seal(tx, world, &readers, &Payload::Change(body), Some(stored.row.id))?;
        }
        match kind {
            PartKind::Severe => tx.destroy_part(held.id)?,
            PartKind::Shared => {
                tx.put_document(held.id, &part.save(), &encode(&part.heads()))?;
                tx.clear_journal(held.id)?;
            }
        }
        Ok(())
    }
}

fn closing_status(draft: &Draft, completion: Completion) -> Result<Status> {
    match completion {
        Completion::Incomplete(reason) if reason.trim().is_empty() => Err(Error::ReasonMissing),
        Completion::Incomplete(reason) => Ok(Status::Incomplete { reason: reason.trim().to_owned() }),
        Completion::Complete => {
            let (missing, violated) = (draft.session.missing(), draft.session.violations());
            if missing.is_empty() && violated.is_empty() {
                return Ok(Status::Complete);
            }
            let places = missing.iter().chain(&violated).map(|node| node.path.clone()).collect();
            Err(Error::Unready { missing: missing.len(), violations: violated.len(), places })
        }
    }
}

/// What an edit needs to know of each question: whether it is long text, and how sensitive it is.
pub(crate) struct Questions(BTreeMap<String, (bool, Sensitivity)>);

impl Questions {
    pub(crate) fn of(form: &Form) -> Self {
        let columns = form.schema().tables.iter().flat_map(|table| &table.columns);
        let stored = columns.filter(|column| column.source != Source::PureCalculation);
        Self(stored.map(|c| (c.path.clone(), (c.multiline, c.sensitivity))).collect())
    }

    /// A question that the form does not know keeps the most careful treatment short of hiding it.
    fn get(&self, path: &AnswerPath) -> (bool, Sensitivity) {
        self.0.get(&path.question).copied().unwrap_or((false, Sensitivity::High))
    }
}

/// The edits that turn `from` into `to`. Instances that came and went meanwhile leave no trace.
pub(crate) fn difference(from: &Answers, to: &Answers, questions: &Questions) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (id, instance) in &to.instances {
        match from.instances.get(id) {
            None if !instance.removed => edits.push(Edit::Add(instance.clone())),
            Some(old) if old.removed != instance.removed => {
                edits.push(Edit::Remove { id: *id, removed: instance.removed });
            }
            _ => {}
        }
    }
    let lives = |path: &AnswerPath| {
        path.instance.is_none_or(|id| {
            from.instances.contains_key(&id) || to.instances.get(&id).is_some_and(|i| !i.removed)
        })
    };
    let set = |path: &AnswerPath, value: Option<String>| {
        let (text, sensitivity) = questions.get(path);
        Edit::Set { path: path.clone(), value, text, sensitivity }
    };
    for (path, value) in &to.values {
        if lives(path) && from.values.get(path) != Some(value) {
            edits.push(set(path, Some(value.clone())));
        }
    }
    edits
        .extend(from.values.keys().filter(|path| !to.values.contains_key(*path)).map(|path| set(path, None)));
    edits
}

pub(crate) fn is_severe(edit: &Edit) -> bool {
    matches!(edit, Edit::Set { sensitivity: Sensitivity::Severe, .. })
}

/// Severe answers inside repeats need their instances in the severe document too.
fn with_containers(edits: Vec<Edit>, target: &Answers) -> Vec<Edit> {
    let mut instances = BTreeMap::new();
    for edit in &edits {
        let Edit::Set { path, .. } = edit else { continue };
        let mut next = path.instance;
        while let Some(instance) = next.and_then(|id| target.instances.get(&id)) {
            instances.insert(instance.id, instance.clone());
            next = instance.parent;
        }
    }
    instances.into_values().map(Edit::Add).chain(edits).collect()
}
