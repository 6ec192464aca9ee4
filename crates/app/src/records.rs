//! Records as the vault holds them: reading one with its parts and journal, listing, finding.

use crate::identity::Identity;
use crate::look::Look;
use crate::view::{AnswerView, Answered, DeliveryView};
use crate::{Device, Error, RecordsFilter, Result, World};
use baraza_forms::{Form, Options, Session};
use baraza_model::{
    Answers, Edit, FormHash, PartId, PartKind, RecordId, Sensitivity, Sharing, Status, Timestamp,
};
use baraza_record::{Heads, Part};
use baraza_vault::{Listing, NewPart, Reader, Record, RecordRow, Tx};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One journal row: edits, and the heads of the shared part that the person saw when making them.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct JournalEntry {
    #[n(0)]
    pub(crate) seen: Heads,
    #[n(1)]
    pub(crate) edits: Vec<Edit>,
    /// Why a finalised record is being amended.
    #[n(2)]
    pub(crate) note: Option<String>,
}

/// A record with what this device can read of it.
pub(crate) struct Stored {
    pub(crate) row: Record,
    parts: Vec<StoredPart>,
    /// Whether a severe part was written here and sealed away.
    sealed: bool,
    /// Whether it was thrown away and waits to be removed.
    pub(crate) discarded: bool,
}

/// One part with its journal.
pub(crate) struct StoredPart {
    pub(crate) id: PartId,
    kind: PartKind,
    pub(crate) document: Part,
    /// The heads at which the journal was written; the document's own where the journal is empty.
    pub(crate) seen: Heads,
    journal: Vec<Edit>,
    /// The reason that the journal gives, if it amends.
    pub(crate) note: Option<String>,
}

impl Stored {
    pub(crate) fn read(r: &Reader<'_>, id: RecordId) -> Result<Self> {
        let found = r.record(id)?.ok_or_else(|| Error::UnknownRecord(id.short()))?;
        let (row, discarded) = (found.record, found.discarded);
        let (mut parts, mut sealed) = (Vec::new(), false);
        for held in r.parts(id)? {
            sealed |= held.sealed;
            if !held.sealed {
                parts.push(StoredPart::read(r, held.id, held.kind)?);
            }
        }
        Ok(Self { row, parts, sealed, discarded })
    }

    pub(crate) fn part(&self, kind: PartKind) -> Option<&StoredPart> {
        self.parts.iter().find(|part| part.kind == kind)
    }

    /// The same record as somebody sees it who has had it open since `seen`.
    pub(crate) fn seen_at(mut self, seen: &Heads) -> Self {
        for part in self.parts.iter_mut().filter(|part| part.kind == PartKind::Shared) {
            part.seen = seen.clone();
        }
        self
    }

    pub(crate) fn is_team(&self) -> bool {
        self.row.sharing == Sharing::Team
    }

    /// The documents as the journal's writer saw them, without the journal.
    pub(crate) fn committed(&self) -> Result<Answers> {
        let mut answers = Answers::default();
        for part in &self.parts {
            let own = match part.seen == part.document.heads() {
                true => part.document.answers(),
                false => part.document.answers_at(&part.seen)?,
            };
            answers.values.extend(own.values);
            answers.instances.extend(own.instances);
        }
        Ok(answers)
    }

    /// What the person sees: the documents with the journal laid over them.
    pub(crate) fn answers_with_journal(&self) -> Result<Answers> {
        let mut answers = self.committed()?;
        // Instances are made in the shared part, so its journal comes first.
        for kind in [PartKind::Shared, PartKind::Severe] {
            let journals = self.parts.iter().filter(|part| part.kind == kind).flat_map(|part| &part.journal);
            journals.for_each(|edit| answers.apply(edit));
        }
        Ok(answers)
    }

    /// Severe questions that may have been answered where this device cannot see it.
    pub(crate) fn absent(&self, form: &Form, me: &Identity) -> Vec<String> {
        if !self.sealed && self.row.author == me.id {
            return Vec::new();
        }
        let columns = form.schema().tables.iter().flat_map(|table| &table.columns);
        columns.filter(|c| c.sensitivity == Sensitivity::Severe).map(|c| c.path.clone()).collect()
    }

    /// Makes the severe part of a record on this device, with a key of its own.
    pub(crate) fn start_severe_part(tx: &Tx<'_>, record: RecordId, world: &mut World) -> Result<PartId> {
        let form = tx.record(record)?.ok_or_else(|| Error::UnknownRecord(record.short()))?.record.form;
        let id = PartId::random(world);
        tx.create_part(&NewPart { id, record, kind: PartKind::Severe, form, own: true })?;
        let empty = Part::new();
        tx.put_document(id, &empty.save(), &encode(&empty.heads()))?;
        Ok(id)
    }

    /// Writes the record's row with a new status and name.
    pub(crate) fn save_row(&self, tx: &Tx<'_>, world: &World, status: &Status, name: &str) -> Result<()> {
        let summary = if name.is_empty() { self.row.summary.clone() } else { name.to_owned() };
        Ok(tx.put_record(&Record {
            status: status.clone(),
            updated: world.now(),
            summary,
            ..self.row.clone()
        })?)
    }
}

impl StoredPart {
    fn read(r: &Reader<'_>, id: PartId, kind: PartKind) -> Result<Self> {
        let document = match r.document(id)? {
            Some(stored) => Part::load(&stored.bytes)?,
            None => Part::new(),
        };
        let (mut seen, mut journal, mut note) = (None, Vec::new(), None);
        for stored in r.journal(id)? {
            let entry: JournalEntry =
                minicbor::decode(&stored.body).map_err(|e| Error::Damaged("journal row", e.to_string()))?;
            if kind == PartKind::Shared {
                seen.get_or_insert(entry.seen);
            }
            journal.extend(entry.edits);
            note = note.or(entry.note);
        }
        let seen = seen.unwrap_or_else(|| document.heads());
        Ok(Self { id, kind, document, seen, journal, note })
    }
}

impl Identity {
    /// Brings what is derived from a record up to date: name, search, and what a person must look at.
    ///
    /// Form logic holds after every merge: what no longer holds goes to "needs review", it is not dropped.
    pub(crate) fn refresh(&self, tx: &Tx<'_>, world: &mut World, record: RecordId) -> Result<()> {
        let stored = Stored::read(tx, record)?;
        let Ok(form) = self.form(&stored.row.form) else { return Ok(()) };
        let Some(shared) = stored.part(PartKind::Shared) else { return Ok(()) };
        let answers = stored.answers_with_journal()?;
        let options = self.options(world, record, stored.absent(&form, self));
        let session = Session::restore(form, options, &answers, world);
        let status = shared.document.status();
        stored.save_row(tx, world, &status, &session.instance_name())?;

        let words: Vec<String> = shared.document.answers().values.into_values().collect();
        tx.index_record(record, PartKind::Shared, &words.join("\n"))?;

        let mut places: Vec<String> = Vec::new();
        if status.is_finalised() {
            places.extend(session.violations().into_iter().map(|node| node.path));
            if status == Status::Complete {
                places.extend(session.missing().into_iter().map(|node| node.path));
            }
        }
        let late = shared.document.state().changed_after_finalising;
        let late = late.iter().filter_map(|event| session.find_answer(&event.path));
        places.extend(late.map(|node| session.path(node)));
        places.sort();
        places.dedup();
        Look { conflicts: shared.document.conflicts().len() as u64, places }.write(tx, record)
    }

    /// What a session of a record is told about this device.
    pub(crate) fn options(&self, world: &World, record: RecordId, absent: Vec<String>) -> Options {
        Options {
            now_ms: world.now().0,
            zone_minutes: world.zone_minutes,
            device_alias: self.alias.clone(),
            instance_id: format!("uuid:{}", uuid::Uuid::from_bytes(record.0)),
            absent: absent.into_iter().collect(),
            ..Options::default()
        }
    }

    /// The version of a form that new records are filled with: the one that headquarters published last, of those
    /// that have come.
    pub(crate) fn newest_form(&self, form_id: &str) -> Result<(FormHash, Arc<Form>)> {
        let newest = self.published_forms()?.into_iter().rfind(|(_, form)| form.def().id == form_id);
        newest.ok_or_else(|| Error::UnknownForm(form_id.to_owned()))
    }
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RecordView {
    /// Its id.
    pub id: RecordId,
    /// Form id.
    pub form: String,
    /// Form version.
    pub version: String,
    /// Title of the form, in its own language.
    pub form_title: String,
    /// Titles of the form in other languages.
    pub form_titles: BTreeMap<String, String>,
    /// Its name, as the form makes it.
    pub name: String,
    /// Draft, complete or incomplete.
    #[serde(flatten)]
    pub status: Status,
    /// Private or team.
    pub sharing: Sharing,
    /// Who made it.
    pub author: String,
    /// Whether that is this device.
    pub author_is_me: bool,
    /// When it was made, by this device's clock.
    pub created: Timestamp,
    /// When it last changed here, by this device's clock.
    pub changed: Timestamp,
    /// Where the person was in it.
    pub place: Option<String>,
    /// How far it has travelled.
    pub delivery: DeliveryView,
    /// How many questions have two answers.
    pub conflicts: u64,
    /// Questions that a person must look at again.
    pub review: Vec<String>,
}

impl Device {
    /// Lists records, the latest change first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn records(&self, filter: &RecordsFilter) -> Result<Vec<RecordView>> {
        self.read(|r| r.records(&filter.listing())?.iter().map(|found| self.record_view(r, found)).collect())
    }

    /// How many records a filter gives, its bounds apart.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn count_records(&self, filter: &RecordsFilter) -> Result<u64> {
        self.read(|r| Ok(r.count_listed(&filter.listing())?))
    }

    /// One record at a glance.
    ///
    /// # Errors
    /// When it is not here.
    pub fn record(&self, id: RecordId) -> Result<RecordView> {
        self.read(|r| {
            let found = r.record(id)?.filter(|found| !found.discarded);
            self.record_view(r, &found.ok_or_else(|| Error::UnknownRecord(id.short()))?)
        })
    }

    /// Every answer of a record that this device can read, in the form's order, with its question. `language` is one
    /// of the form, by its name or its code; the form's own is taken where it has not got it.
    ///
    /// # Errors
    /// When it is not here.
    pub fn answers(&mut self, id: RecordId, language: Option<&str>) -> Result<Answered> {
        let absent = {
            let stored = self.read(|r| Stored::read(r, id))?;
            stored.absent(&*self.me.form(&stored.row.form)?, &self.me)
        };
        let (mut draft, _) = self.open_record(id)?;
        let form = Arc::clone(draft.session.form());
        if let Some(language) = language.and_then(|asked| form.language_for(asked)) {
            draft.session.set_language(language)?;
        }
        let answers = AnswerView::all(&draft.session, &absent);
        Ok(Answered { record: self.record(id)?, answers })
    }

    /// Records whose shared answers contain all the words (beginnings of words suffice).
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn search(&self, words: &str, limit: u32) -> Result<Vec<RecordView>> {
        self.read(|r| {
            let found = r.search(words, limit)?;
            let rows = found.into_iter().filter_map(|hit| r.record(hit.record).transpose());
            rows.map(|found| self.record_view(r, &found?)).collect()
        })
    }

    /// The record whose id begins with these hex digits.
    ///
    /// # Errors
    /// When none or several do.
    pub fn find_record(&self, prefix: &str) -> Result<RecordId> {
        if let Ok(id) = prefix.parse() {
            return Ok(id);
        }
        let wanted = prefix.replace('-', "").to_lowercase();
        let all = self.read(|r| Ok(r.records(&Listing::default())?))?;
        let mut found =
            all.into_iter().map(|row| row.record.id).filter(|id| id.to_string().starts_with(&wanted));
        match (found.next(), found.count()) {
            (Some(id), 0) if !wanted.is_empty() => Ok(id),
            (Some(_), more) => Err(Error::AmbiguousRecord(more + 1)),
            (None, _) => Err(Error::UnknownRecord(prefix.to_owned())),
        }
    }

    pub(crate) fn record_view(&self, r: &Reader<'_>, found: &RecordRow) -> Result<RecordView> {
        let record = &found.record;
        let form = self.me.form(&record.form).ok();
        let look = Look::read(r, record.id)?;
        Ok(RecordView {
            id: record.id,
            form: form.as_ref().map_or_else(|| record.form.to_string(), |f| f.def().id.clone()),
            form_titles: form.as_ref().map_or_else(BTreeMap::new, |f| f.def().titles.clone()),
            form_title: form.as_ref().map_or_else(String::new, |f| f.def().title.clone()),
            version: form.map_or_else(String::new, |f| f.def().version.clone().unwrap_or_default()),
            name: record.summary.clone(),
            status: record.status.clone(),
            sharing: record.sharing,
            author: self.me.name_of(&record.author),
            author_is_me: record.author == self.me.id,
            created: record.created,
            changed: record.updated,
            place: Some(found.place.clone()).filter(|place| !place.is_empty()),
            delivery: DeliveryView::of(found, &r.deliveries(record.id)?),
            conflicts: look.conflicts,
            review: look.places,
        })
    }

    /// The heads of a record's shared part: equal wherever the same changes have arrived.
    ///
    /// # Errors
    /// When it is not here.
    pub fn heads(&self, id: RecordId) -> Result<Heads> {
        let stored = self.read(|r| Stored::read(r, id))?;
        Ok(stored.part(PartKind::Shared).map_or_else(|| Part::new().heads(), |part| part.document.heads()))
    }
}

/// CBOR of one of our own values; writing to memory cannot fail.
pub(crate) fn encode(value: &impl Encode<()>) -> Vec<u8> {
    minicbor::to_vec(value).unwrap_or_default()
}
