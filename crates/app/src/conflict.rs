//! Two answers to one question: shown with who and when, resolved by a person, never by us.

use crate::records::{Stored, encode};
use crate::words::Words;
use crate::{Device, Error, Result};
use baraza_model::{AnswerPath, PartKind, RecordId, Timestamp};
use baraza_office::Wording;
use baraza_oplog::{PartPayload, Payload};
use baraza_record::{Actor, ChangeId, Claim, Resolution};

/// A question with more than one answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ConflictView {
    /// The record.
    pub record: RecordId,
    /// The question: its path, and `@` with the repeat instance where it is in a repeat.
    pub path: String,
    /// The question in the chosen language.
    pub label: Option<String>,
    /// Its type: `string`, `int`, `date`, `select1`, `select`…; blank where the form is not here.
    pub kind: String,
    /// The choices that it has for every record, so that another of them can be the outcome.
    pub choices: Vec<ChoiceName>,
    /// Whether severe answers differ.
    pub severe: bool,
    /// The answers, in an order that is the same on every device.
    pub claims: Vec<ClaimView>,
}

/// A choice and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChoiceName {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// One of the answers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ClaimView {
    /// The answer; `None` where the person cleared it.
    pub value: Option<String>,
    /// The answer as people read it.
    pub display: Option<String>,
    /// Who gave it.
    pub author: String,
    /// Whether that was this device.
    pub mine: bool,
    /// When, by that device's clock.
    pub at: Timestamp,
    /// Names this claim when resolving.
    pub claim: String,
}

/// One change of one answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HistoryView {
    /// The question.
    pub path: String,
    /// The question in the chosen language.
    pub label: Option<String>,
    /// The answer before.
    pub before: Option<String>,
    /// The answer before, as people read it.
    pub before_display: Option<String>,
    /// The answer after.
    pub after: Option<String>,
    /// The answer after, as people read it.
    pub after_display: Option<String>,
    /// Whether it is a severe answer.
    pub severe: bool,
    /// Who changed it.
    pub author: String,
    /// When, by that device's clock.
    pub at: Timestamp,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
}

impl Device {
    /// The questions of a record, or of all records, that have more than one answer, in the form's own language.
    ///
    /// # Errors
    /// When the record is not here.
    pub fn conflicts(&mut self, record: Option<RecordId>) -> Result<Vec<ConflictView>> {
        self.conflicts_in(record, None)
    }

    /// As [`Device::conflicts`], with labels in a language of the forms, by its name or its code.
    ///
    /// # Errors
    /// When the record is not here.
    pub fn conflicts_in(
        &mut self,
        record: Option<RecordId>,
        language: Option<&str>,
    ) -> Result<Vec<ConflictView>> {
        if self.me.is_headquarters() {
            return self.office_conflicts(record, language);
        }
        let contested = crate::RecordsFilter {
            needs: Some(crate::NeedsFilter::TwoAnswers),
            ..crate::RecordsFilter::default()
        };
        let records = match record {
            Some(id) => vec![id],
            None => self.records(&contested)?.into_iter().map(|view| view.id).collect(),
        };
        let mut views = Vec::new();
        for id in records {
            let stored = self.read(|r| Stored::read(r, id))?;
            let form = self.me.form(&stored.row.form).ok();
            let mut words = Words(form.as_deref().map(|form| Wording::new(form, language)));
            let Some(shared) = stored.part(PartKind::Shared) else { continue };
            for conflict in shared.document.conflicts() {
                let claims = conflict.values.iter().map(|claim| self.claim_view(id, claim)).collect();
                views.push(words.conflict(id, &conflict.path, false, claims));
            }
        }
        Ok(views)
    }

    /// Settles a question with `value`, superseding exactly the claims named in `shown` (all of them if it is
    /// empty). An answer that arrives later and was not shown remains a conflict.
    ///
    /// # Errors
    /// When the question has no conflict here.
    pub fn resolve(
        &mut self,
        record: RecordId,
        path: &AnswerPath,
        value: Option<&str>,
        shown: &[String],
    ) -> Result<()> {
        if self.me.is_headquarters() {
            return self.office_resolve(record, path, value, shown);
        }
        self.write(|tx, me, world| {
            let stored = Stored::read(tx, record)?;
            let none = || Error::NoConflict(path.to_string());
            let held = stored.part(PartKind::Shared).ok_or_else(none)?;
            let conflict =
                held.document.conflicts().into_iter().find(|c| c.path == *path).ok_or_else(none)?;
            let claims: Vec<Claim> = conflict
                .values
                .into_iter()
                .filter(|claim| shown.is_empty() || shown.contains(&handle(&claim.change)))
                .collect();
            let mut part = held.document.clone();
            let actor = Actor::new(record, me.id, me.incarnation, world);
            let resolution = Resolution {
                path,
                value,
                shown: &claims,
                text: conflict.text,
                at: None,
                time: world.now(),
                note: None,
            };
            let Some(change) = part.resolve(&actor, &resolution)? else { return Ok(()) };
            tx.put_document(held.id, &part.save(), &encode(&part.heads()))?;
            let body = PartPayload {
                record,
                part: held.id,
                kind: PartKind::Shared,
                form: stored.row.form,
                bytes: change.bytes,
            };
            let readers = me.readers(PartKind::Shared, stored.row.sharing, stored.row.team)?;
            me.seal(tx, world, &readers, &Payload::Change(body), Some(record))?;
            me.refresh(tx, world, record)
        })
    }

    /// Every change of every answer of a record, causes first, in the form's own language.
    ///
    /// # Errors
    /// When the record is not here.
    pub fn history(&mut self, record: RecordId) -> Result<Vec<HistoryView>> {
        self.history_in(record, None)
    }

    /// As [`Device::history`], with labels in a language of the form, by its name or its code.
    ///
    /// # Errors
    /// When the record is not here.
    pub fn history_in(&mut self, record: RecordId, language: Option<&str>) -> Result<Vec<HistoryView>> {
        if self.me.is_headquarters() {
            return self.office_history(record, language);
        }
        let stored = self.read(|r| Stored::read(r, record))?;
        let form = self.me.form(&stored.row.form).ok();
        let mut words = Words(form.as_deref().map(|form| Wording::new(form, language)));
        let Some(shared) = stored.part(PartKind::Shared) else { return Ok(Vec::new()) };
        let events = shared.document.history().into_iter();
        let views = events.map(|event| {
            let author = self.me.author_of(record, event.actor_prefix);
            words.change(&event.path, (event.before, event.after), author, event.time, event.note)
        });
        Ok(views.collect())
    }

    fn claim_view(&self, record: RecordId, claim: &Claim) -> ClaimView {
        ClaimView {
            value: claim.value.clone(),
            display: None,
            author: self.me.author_of(record, claim.actor_prefix),
            mine: self.me.is_mine(record, claim.actor_prefix),
            at: claim.time,
            claim: handle(&claim.change),
        }
    }

    fn office_conflicts(
        &mut self,
        record: Option<RecordId>,
        language: Option<&str>,
    ) -> Result<Vec<ConflictView>> {
        let (office, me, _) = self.office()?;
        let mut views = Vec::new();
        for conflict in office.conflicts(record, &me.library)? {
            let form = office.form_of(&conflict.record)?.and_then(|hash| me.form(&hash).ok());
            let mut words = Words(form.as_deref().map(|form| Wording::new(form, language)));
            let claims = conflict.claims.into_iter().map(|claim| ClaimView {
                value: claim.value,
                display: None,
                author: claim.name,
                mine: claim.device == Some(me.id),
                at: claim.at,
                claim: handle(&claim.change),
            });
            views.push(words.conflict(conflict.record, &conflict.path, conflict.severe, claims.collect()));
        }
        Ok(views)
    }

    fn office_resolve(
        &mut self,
        record: RecordId,
        path: &AnswerPath,
        value: Option<&str>,
        shown: &[String],
    ) -> Result<()> {
        let (office, me, world) = self.office()?;
        let conflict = office
            .conflicts(Some(record), &me.library)?
            .into_iter()
            .find(|c| c.path == *path)
            .ok_or_else(|| Error::NoConflict(path.to_string()))?;
        let shown: Vec<ChangeId> = conflict
            .claims
            .iter()
            .map(|claim| claim.change)
            .filter(|change| shown.is_empty() || shown.contains(&handle(change)))
            .collect();
        let signer = baraza_office::Signer { device: me.id, incarnation: me.incarnation };
        let choice = baraza_office::Resolve { record, path, value, shown: &shown, note: None };
        let context = me.office_context(world)?;
        let changes = office.resolve(&context, &signer, &choice, world)?;
        self.write(|tx, me, world| {
            for change in changes {
                me.seal(tx, world, &change.readers, &Payload::Change(change.payload), None)?;
            }
            Ok(())
        })
    }

    fn office_history(&mut self, record: RecordId, language: Option<&str>) -> Result<Vec<HistoryView>> {
        let (office, me, _) = self.office()?;
        let form = office.form_of(&record)?.and_then(|hash| me.form(&hash).ok());
        let mut words = Words(form.as_deref().map(|form| Wording::new(form, language)));
        let entries = office.history(record, &me.library)?.into_iter();
        let views = entries.map(|entry| {
            let change =
                words.change(&entry.path, (entry.before, entry.after), entry.name, entry.at, entry.note);
            HistoryView { severe: entry.severe, ..change }
        });
        Ok(views.collect())
    }
}

fn handle(change: &ChangeId) -> String {
    change.0.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
