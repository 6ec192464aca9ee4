//! Filling a form: a session over a record, journalled answer by answer.
//!
//! Each act is committed before it is acknowledged. A draft holds no lock on the device; it can be dropped at any
//! moment, and opening the record again resumes with every acknowledged answer.

use crate::commit::is_severe;
use crate::records::{JournalEntry, Stored, encode};
use crate::{Device, Error, Result};
use baraza_forms::Session;
use baraza_model::{Answers, Edit, PartId, PartKind, RecordId, Sharing, Status, Timestamp};
use baraza_record::{Heads, Part, actor_prefix};
use baraza_vault::{NewPart, Record};
use std::sync::Arc;

/// A record that is open for filling.
pub struct Draft {
    pub(crate) record: RecordId,
    pub(crate) session: Session,
    /// The reason of the amendment, when a finalised record is being changed.
    pub(crate) amending: Option<String>,
    /// The heads of the shared part that the person has before their eyes: edits are made at these.
    pub(crate) seen: Heads,
    /// What the device counted when `seen` was last looked at.
    generation: u64,
    /// What the session changed and no commit holds yet: empty, but after a failed save.
    unsaved: Vec<Edit>,
    shared: PartId,
    severe: Option<PartId>,
    open: bool,
    /// When lists were last told that the record changed, and under what name.
    noted: (Timestamp, String),
}

/// While somebody types, lists are told of it once a minute: a row more for each answer would halve their pace.
const NOTED_EVERY_MS: i64 = 60_000;

impl Draft {
    /// The record being filled.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// The session: what a screen shows.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A path as a person writes it (`g/q` or `/data/g/q`) in full.
    pub fn absolute(&self, path: &str) -> String {
        match path.starts_with('/') {
            true => path.to_owned(),
            false => format!("/{}/{path}", self.session.form().def().instance.name),
        }
    }

    fn value(&self, path: &str) -> String {
        self.session.find(path).map(|node| self.session.value(node)).unwrap_or_default()
    }

    /// The answers without those that skip logic has closed.
    pub(crate) fn relevant_answers(&self) -> Answers {
        let mut answers = self.session.answers();
        for path in self.session.irrelevant_stored() {
            answers.values.remove(&path);
        }
        answers
    }

    /// What lists are to be told now, if anything: its name changed, or a minute has passed.
    fn to_note(&self, now: Timestamp) -> Option<(Timestamp, String)> {
        let (last, called) = &self.noted;
        let name = Some(self.session.instance_name()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| called.clone());
        // A clock that was set back counts as well.
        let due = name != *called || now.0.abs_diff(last.0) >= NOTED_EVERY_MS.unsigned_abs();
        due.then_some((now, name))
    }

    /// After finalising, further acts need an amendment.
    pub(crate) fn closed(&mut self) {
        self.open = false;
        self.amending = None;
    }
}

impl Device {
    /// Starts a record of a published form, by form id. Its defaults are saved before it is returned.
    ///
    /// # Errors
    /// When no such form is published here, or a team form is filled on a device without a team.
    pub fn new_record(&mut self, form_id: &str) -> Result<Draft> {
        let (hash, form) = self.me.newest_form(form_id)?;
        let def = form.def();
        let team = match def.sharing {
            Sharing::Team => Some(self.me.team()?),
            Sharing::Private => None,
        };
        let record = RecordId::new_v4(&mut self.world);
        let options = self.me.options(&self.world, record, Vec::new());
        let session = Session::start(Arc::clone(&form), options, &mut self.world);
        let now = self.world.now();
        let row = Record {
            id: record,
            form: hash,
            sharing: def.sharing,
            team,
            author: self.me.id,
            created: now,
            updated: now,
            status: Status::Draft,
            summary: String::new(),
        };
        let shared = record.shared_part();
        self.write(|tx, _, _| {
            tx.put_record(&row)?;
            tx.create_part(&NewPart { id: shared, record, kind: PartKind::Shared, form: hash, own: true })?;
            let empty = Part::new();
            Ok(tx.put_document(shared, &empty.save(), &encode(&empty.heads()))?)
        })?;
        let seen = Part::new().heads();
        let mut draft = Draft {
            record,
            session,
            amending: None,
            seen,
            generation: self.generation,
            unsaved: Vec::new(),
            shared,
            severe: None,
            open: true,
            noted: (now, String::new()),
        };
        self.save(&mut draft)?;
        Ok(draft)
    }

    /// Opens a draft where it was left.
    ///
    /// # Errors
    /// When the record is not here, or was finalised.
    pub fn open_draft(&mut self, record: RecordId) -> Result<Draft> {
        let (draft, status) = self.open_record(record)?;
        match status.is_finalised() {
            true => Err(Error::Finalised(record)),
            false => Ok(draft),
        }
    }

    /// Opens a finalised record to change it, for a reason that stays with the change.
    ///
    /// # Errors
    /// When the record is not here or still a draft, or the reason is blank.
    pub fn amend(&mut self, record: RecordId, reason: &str) -> Result<Draft> {
        if reason.trim().is_empty() {
            return Err(Error::ReasonMissing);
        }
        let (mut draft, status) = self.open_record(record)?;
        if !status.is_finalised() {
            return Err(Error::NotFinalised(record));
        }
        draft.amending = Some(reason.trim().to_owned());
        Ok(draft)
    }

    /// Opens a record whatever its state, to look at it or to fill it.
    pub(crate) fn open_record(&mut self, record: RecordId) -> Result<(Draft, Status)> {
        let stored = self.read(|r| Stored::read(r, record))?;
        if stored.discarded {
            return Err(Error::UnknownRecord(record.short()));
        }
        let form = self.me.form(&stored.row.form)?;
        let answers = stored.answers_with_journal()?;
        let options = self.me.options(&self.world, record, stored.absent(&form, &self.me));
        let session = Session::restore(form, options, &answers, &mut self.world);
        let severe = stored.part(PartKind::Severe).map(|part| part.id);
        let shared = record.shared_part();
        let seen =
            stored.part(PartKind::Shared).map_or_else(|| Part::new().heads(), |part| part.seen.clone());
        let draft = Draft {
            record,
            session,
            amending: None,
            seen,
            generation: self.generation,
            unsaved: Vec::new(),
            shared,
            severe,
            open: true,
            noted: (stored.row.updated, stored.row.summary.clone()),
        };
        Ok((draft, stored.row.status))
    }

    /// Gives an answer; `""` clears it. When this returns, it is on disk.
    ///
    /// # Errors
    /// When the question does not exist, is not asked now, or the answer is not one that it can take.
    pub fn set(&mut self, draft: &mut Draft, path: &str, value: &str) -> Result<()> {
        let before = draft.value(path);
        draft.session.set(path, value)?;
        if !value.is_empty() && draft.value(path).is_empty() {
            // A form engine blanks what does not fit; a person is told, and keeps the answer that was there.
            draft.session.set(path, &before)?;
            return Err(Error::DoesNotFit(path.to_owned()));
        }
        self.save(draft)
    }

    /// Adds a repeat instance at the end. When this returns, it is on disk.
    ///
    /// # Errors
    /// When there is no such repeat, or its number is fixed by the form.
    pub fn add(&mut self, draft: &mut Draft, repeat: &str) -> Result<()> {
        draft.session.add(repeat)?;
        self.save(draft)
    }

    /// Removes a repeat instance; its answers are kept, hidden. When this returns, it is on disk.
    ///
    /// # Errors
    /// When there is no such instance, or the number is fixed by the form.
    pub fn remove(&mut self, draft: &mut Draft, instance: &str) -> Result<()> {
        draft.session.remove(instance)?;
        self.save(draft)
    }

    /// Shows the form in another of its languages, by its name or its code. Nothing is stored.
    ///
    /// # Errors
    /// When the form has no such language.
    pub fn speak(&mut self, draft: &mut Draft, language: &str) -> Result<()> {
        let form = Arc::clone(draft.session.form());
        Ok(draft.session.set_language(form.language_for(language).unwrap_or(language))?)
    }

    /// What this person wrote and handed over meanwhile counts as seen; what others wrote does not.
    fn keep_up(&self, draft: &mut Draft) -> Result<()> {
        if draft.generation == self.generation {
            return Ok(());
        }
        let stored = self.read(|r| Stored::read(r, draft.record))?;
        if stored.discarded {
            return Err(Error::UnknownRecord(draft.record.short()));
        }
        if let Some(shared) = stored.part(PartKind::Shared) {
            let own = actor_prefix(draft.record, self.me.id, self.me.incarnation);
            let newer = shared.document.changes_since(&draft.seen);
            if newer.iter().any(|(prefix, _)| *prefix == own) {
                let last = shared.document.changes().into_iter().rfind(|change| change.actor_prefix == own);
                draft.seen = Heads(last.map(|change| change.change).into_iter().collect());
            }
        }
        draft.generation = self.generation;
        Ok(())
    }

    /// Journals what the session changed since the last call, in one commit.
    pub(crate) fn save(&mut self, draft: &mut Draft) -> Result<()> {
        if !draft.open {
            return Err(Error::Finalised(draft.record));
        }
        self.keep_up(draft)?;
        draft.unsaved.extend(draft.session.take_edits());
        if draft.unsaved.is_empty() {
            return Ok(());
        }
        let (severe, shared): (Vec<Edit>, Vec<Edit>) = draft.unsaved.iter().cloned().partition(is_severe);
        let entry = |edits| JournalEntry { seen: draft.seen.clone(), edits, note: draft.amending.clone() };
        let (severe_entry, shared_entry) = (entry(severe), entry(shared));
        let record = draft.record;
        let (shared_part, known_severe) = (draft.shared, draft.severe);
        let note = draft.to_note(self.world.now());
        let indexed = !draft.seen.0.is_empty();
        draft.severe = self.write(|tx, _, world| {
            if let Some((now, name)) = &note {
                tx.touch_record(record, *now, name)?;
                if !indexed {
                    // Until its answers are in a document, a draft is found by its name.
                    tx.index_record(record, PartKind::Shared, name)?;
                }
            }
            if !shared_entry.edits.is_empty() {
                tx.append_journal(shared_part, &encode(&shared_entry))?;
            }
            if severe_entry.edits.is_empty() {
                return Ok(known_severe);
            }
            // A teammate's finalising may have sealed the part since this draft was opened.
            let open =
                tx.parts(record)?.into_iter().find(|part| Some(part.id) == known_severe && !part.sealed);
            let part = match open {
                Some(part) => part.id,
                None => Stored::start_severe_part(tx, record, world)?,
            };
            tx.append_journal(part, &encode(&severe_entry))?;
            Ok(Some(part))
        })?;
        draft.unsaved.clear();
        draft.noted = note.unwrap_or(std::mem::take(&mut draft.noted));
        Ok(())
    }
}
