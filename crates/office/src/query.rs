//! One record in full: answers, who wrote what and when, what is contested.

use crate::context::Library;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::store::{Contributor, KnownRecord, RecordSummary, StoredClaim};
use baraza_model::{AnswerPath, Answers, DeviceId, PartId, PartKind, RecordId, Status, Timestamp};
use baraza_oplog::Compartment;
use baraza_record::{ActorPrefix, ChangeId, Heads, Part, actor_prefix, overlay};
use serde::Serialize;
use std::collections::BTreeMap;

/// A record in full.
#[derive(Debug, Clone)]
pub struct RecordDetail {
    /// As in lists.
    pub summary: RecordSummary,
    /// The answers of all parts that are here, severe ones included.
    pub answers: Answers,
    /// Its parts.
    pub parts: Vec<(PartId, PartKind)>,
    /// To whom the newest segment with its shared part was sealed: a resolution goes to the same readers.
    pub readers: Option<Compartment>,
}

/// How sure it is who wrote something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "by")]
pub enum Authorship {
    /// The device signed it.
    Signed {
        /// Which device.
        device: DeviceId,
    },
    /// It came in another device's snapshot.
    Vouched {
        /// Who sent the snapshot.
        sender: DeviceId,
        /// Who wrote it according to the snapshot, where that is a known device.
        claimed: Option<DeviceId>,
    },
    /// The author's segments are not here.
    Unknown,
}

/// One change of one answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// Which question.
    pub path: AnswerPath,
    /// What its author had before them.
    pub before: Option<String>,
    /// What they made of it.
    pub after: Option<String>,
    /// Who.
    pub author: Authorship,
    /// Their name.
    pub name: String,
    /// What their clock said.
    pub at: Timestamp,
    /// Why, if they said.
    pub note: Option<String>,
    /// Whether it is in a severe part.
    pub severe: bool,
}

/// A question that was answered differently by people who had not seen each other's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordConflict {
    /// Which record.
    pub record: RecordId,
    /// Which question.
    pub path: AnswerPath,
    /// Whether the answers are long texts.
    pub text: bool,
    /// Whether a severe part is concerned.
    pub severe: bool,
    /// All answers.
    pub claims: Vec<ShownClaim>,
}

/// One of several answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownClaim {
    /// The change that gave it: names the claim when it is resolved.
    #[serde(serialize_with = "as_hex")]
    pub change: ChangeId,
    /// The answer; `None` if it was cleared.
    pub value: Option<String>,
    /// Whose device.
    pub device: Option<DeviceId>,
    /// Its name.
    pub name: String,
    /// What its clock said.
    pub at: Timestamp,
    /// Whether this is what tables show meanwhile.
    pub shown: bool,
    #[serde(skip)]
    pub(crate) part: PartId,
}

fn as_hex<S: serde::Serializer>(change: &ChangeId, s: S) -> std::result::Result<S::Ok, S::Error> {
    s.collect_str(change)
}

/// A record's documents, loaded.
pub(crate) struct Documents {
    pub(crate) known: KnownRecord,
    pub(crate) parts: BTreeMap<PartId, (PartKind, Part)>,
}

impl Documents {
    pub(crate) fn shared(&self, record: RecordId) -> Option<&Part> {
        self.parts.get(&record.shared_part()).map(|(_, part)| part)
    }

    pub(crate) fn severe(&self) -> Vec<&Part> {
        self.parts.values().filter(|(kind, _)| *kind == PartKind::Severe).map(|(_, part)| part).collect()
    }
}

impl Office {
    pub(crate) fn documents(&self, record: &RecordId) -> Result<Documents> {
        let known = self.store.known_record(record)?.ok_or(OfficeError::UnknownRecord)?;
        let mut parts = BTreeMap::new();
        for row in &known.parts {
            parts.insert(row.id, (row.kind, Part::load(&row.doc)?));
        }
        Ok(Documents { known, parts })
    }

    /// The heads of a record's shared part: equal wherever the same changes have arrived.
    ///
    /// # Errors
    /// An unknown record; failures of the store.
    pub fn heads(&self, record: RecordId) -> Result<Option<Heads>> {
        let documents = self.documents(&record)?;
        Ok(documents.parts.get(&record.shared_part()).map(|(_, part)| part.heads()))
    }

    /// One record in full.
    ///
    /// # Errors
    /// An unknown record; failures of the store.
    pub fn record(&self, id: RecordId) -> Result<RecordDetail> {
        let documents = self.documents(&id)?;
        let nothing = Part::new();
        let (answers, _) = overlay(documents.shared(id).unwrap_or(&nothing), &documents.severe());
        Ok(RecordDetail {
            summary: self.store.record_summary(&id)?,
            answers,
            parts: documents.parts.iter().map(|(id, (kind, _))| (*id, *kind)).collect(),
            readers: self.readers(documents.known.cid)?,
        })
    }

    pub(crate) fn readers(&self, cid: i64) -> Result<Option<Compartment>> {
        let bytes = self.store.readers(cid)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        minicbor::decode(&bytes)
            .map(Some)
            .map_err(|_| OfficeError::Damaged("readers of a compartment".to_owned()))
    }

    /// How far a record's author took it.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn status(&self, id: RecordId) -> Result<Status> {
        Ok(self.store.record_summary(&id)?.status)
    }

    /// Every change of every answer: who, when, what before. Causes first; the shared part, then the severe ones.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn history(&self, id: RecordId, library: &Library) -> Result<Vec<HistoryEntry>> {
        let documents = self.documents(&id)?;
        let vouched = self.store.vouched(documents.known.rid)?;
        let writers = self.prefixes(id, &documents.known.authors);
        let mut entries = Vec::new();
        let ordered = documents.parts.values().filter(|(kind, _)| *kind == PartKind::Shared);
        let ordered = ordered.chain(documents.parts.values().filter(|(kind, _)| *kind == PartKind::Severe));
        for (kind, part) in ordered {
            for event in part.history() {
                let claimed = writers.get(&event.actor_prefix).copied();
                let author = match (vouched.get(&event.change.0), claimed) {
                    (Some(sender), claimed) => Authorship::Vouched { sender: *sender, claimed },
                    (None, Some(device)) => Authorship::Signed { device },
                    (None, None) => Authorship::Unknown,
                };
                entries.push(HistoryEntry {
                    path: event.path,
                    before: event.before,
                    after: event.after,
                    author,
                    name: claimed.map(|device| library.device_name(&device)).unwrap_or_default(),
                    at: event.time,
                    note: event.note,
                    severe: *kind == PartKind::Severe,
                });
            }
        }
        Ok(entries)
    }

    /// Which actor prefix is whose, among those who signed anything.
    pub(crate) fn prefixes(&self, id: RecordId, authors: &[Contributor]) -> BTreeMap<ActorPrefix, DeviceId> {
        let authors = authors.iter().map(|c| (c.device, c.incarnation));
        let all = self.writers.iter().copied().chain(authors);
        all.map(|(device, incarnation)| (actor_prefix(id, device, incarnation), device)).collect()
    }

    /// Unresolved conflicts, of one record or of all, every claim with it.
    ///
    /// # Errors
    /// Only failures of the store.
    pub fn conflicts(&self, record: Option<RecordId>, library: &Library) -> Result<Vec<RecordConflict>> {
        let mut conflicts: Vec<RecordConflict> = Vec::new();
        for claim in self.store.claims(record.as_ref())? {
            let StoredClaim { record, path, part, severe, text, change, value, device, at, shown } = claim;
            let claim = ShownClaim {
                change: ChangeId(change),
                value,
                device,
                name: device.map(|device| library.device_name(&device)).unwrap_or_default(),
                at,
                shown,
                part,
            };
            match conflicts.last_mut() {
                Some(last) if last.record == record && last.path == path => {
                    last.severe |= severe;
                    last.claims.push(claim);
                }
                _ => conflicts.push(RecordConflict { record, path, text, severe, claims: vec![claim] }),
            }
        }
        Ok(conflicts)
    }
}
