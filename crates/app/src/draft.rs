//! Filling a form: a session over a record, journalled answer by answer.
//!
//! Each act is committed before it is acknowledged. A draft holds no lock on the device; it can be dropped at any
//! moment, and opening the record again resumes with every acknowledged answer.

use crate::records::{JournalEntry, Stored, encode};
use crate::{Device, Error, Result};
use baraza_forms::Session;
use baraza_model::{Answers, Edit, PartId, PartKind, RecordId, Sensitivity, Sharing, Status};
use baraza_record::{Heads, Part};
use baraza_vault::{NewPart, Record};
use std::sync::Arc;

/// A record that is open for filling.
pub struct Draft {
    pub(crate) record: RecordId,
    pub(crate) session: Session,
    /// The reason of the amendment, when a finalised record is being changed.
    pub(crate) amending: Option<String>,
    /// The heads of the shared part that the person has before their eyes: edits are made at these.
    seen: Heads,
    shared: PartId,
    severe: Option<PartId>,
    open: bool,
}

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

    /// The answers without those that skip logic has closed.
    pub(crate) fn relevant_answers(&self) -> Answers {
        let mut answers = self.session.answers();
        for path in self.session.irrelevant_stored() {
            answers.values.remove(&path);
        }
        answers
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
        let mut draft = Draft { record, session, amending: None, seen, shared, severe: None, open: true };
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
        let form = self.me.form(&stored.row.form)?;
        let answers = stored.answers_with_journal()?;
        let options = self.me.options(&self.world, record, stored.absent(&form, &self.me));
        let session = Session::restore(form, options, &answers, &mut self.world);
        let severe = stored.part(PartKind::Severe).map(|part| part.id);
        let shared = record.shared_part();
        let seen =
            stored.part(PartKind::Shared).map_or_else(|| Part::new().heads(), |part| part.seen.clone());
        let draft = Draft { record, session, amending: None, seen, shared, severe, open: true };
        Ok((draft, stored.row.status))
    }

    /// Gives an answer; `""` clears it. When this returns, it is on disk.
    ///
    /// # Errors
    /// When the question does not exist, is not asked now, or cannot be answered.
    pub fn set(&mut self, draft: &mut Draft, path: &str, value: &str) -> Result<()> {
        draft.session.set(path, value)?;
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

    /// Shows the form in another of its languages. Nothing is stored.
    ///
    /// # Errors
    /// When the form has no such language.
    pub fn speak(&mut self, draft: &mut Draft, language: &str) -> Result<()> {
        Ok(draft.session.set_language(language)?)
    }

    /// Journals what the session changed since the last call, in one commit.
    pub(crate) fn save(&mut self, draft: &mut Draft) -> Result<()> {
        if !draft.open {
            return Err(Error::Finalised(draft.record));
        }
        let edits = draft.session.take_edits();
        if edits.is_empty() {
            return Ok(());
        }
        let (severe, shared): (Vec<Edit>, Vec<Edit>) =
            edits.into_iter().partition(|e| matches!(e, Edit::Set { sensitivity: Sensitivity::Severe, .. }));
        let record = draft.record;
        let (shared_part, known_severe) = (draft.shared, draft.severe);
        let seen = draft.seen.clone();
        draft.severe = self.write(|tx, _, world| {
            if !shared.is_empty() {
                tx.append_journal(shared_part, &encode(&JournalEntry { seen: seen.clone(), edits: shared }))?;
            }
            if severe.is_empty() {
                return Ok(known_severe);
            }
            // A teammate's finalising may have sealed the part since this draft was opened.
            let open =
                tx.parts(record)?.into_iter().find(|part| Some(part.id) == known_severe && !part.sealed);
            let part = match open {
                Some(part) => part.id,
                None => Stored::start_severe_part(tx, record, world)?,
            };
            tx.append_journal(part, &encode(&JournalEntry { seen, edits: severe }))?;
            Ok(Some(part))
        })?;
        Ok(())
    }
}
