//! One record at headquarters in full, and pages of tables.

use crate::conflict::{ConflictView, HistoryView};
use crate::view::AnswerView;
use crate::{Device, FormView, Result};
use baraza_forms::{Options, Session};
use baraza_model::{DeviceId, PartKind, RecordId, Sensitivity, Timestamp};
use baraza_office::{AuditEntry, Facet, RecordSummary, Review, Table, TableQuery};
use serde_json::json;
use std::sync::Arc;

/// A record at headquarters.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OfficeRecord {
    /// As in lists.
    pub summary: RecordSummary,
    /// Its name, as the form makes it.
    pub name: String,
    /// Names of those who wrote to it.
    pub authors: Vec<String>,
    /// The form's version that it was filled with.
    pub form: FormView,
    /// The answers in the form's order. A severe one is `sealed`, with nothing in it, unless it was asked for.
    pub answers: Vec<AnswerView>,
    /// Questions with more than one answer. Claims of severe ones have no values unless they were asked for.
    pub conflicts: Vec<ConflictView>,
    /// What a person must look at.
    pub reviews: Vec<Review>,
    /// Every change of every answer, causes first. Severe changes have no values unless they were asked for.
    pub history: Vec<HistoryView>,
    /// Whether severe answers of it are here.
    pub has_severe: bool,
    /// When it first arrived.
    pub received: Timestamp,
}

impl Device {
    /// A record in full. Reading severe answers is written into the audit trail before they are given.
    ///
    /// # Errors
    /// When this is not a headquarters device, or the record or its form is not here.
    pub fn office_record(
        &mut self,
        id: RecordId,
        language: Option<&str>,
        with_severe: bool,
    ) -> Result<OfficeRecord> {
        let by = self.me.id;
        let (office, _, world) = self.office()?;
        let detail = office.record(id)?;
        if with_severe && detail.parts.iter().any(|(_, kind)| *kind == PartKind::Severe) {
            office.note(world.now(), "open-severe", &json!({ "record": id, "by": by }))?;
        }
        let reviews = office.reviews(Some(id))?;
        let mut conflicts = self.conflicts_in(Some(id), language)?;
        let mut history = self.history_in(id, language)?;
        if !with_severe {
            let severe = conflicts.iter_mut().filter(|conflict| conflict.severe);
            severe.flat_map(|conflict| &mut conflict.claims).for_each(|claim| {
                (claim.value, claim.display) = (None, None);
            });
            for change in history.iter_mut().filter(|change| change.severe) {
                (change.before, change.after, change.reason) = (None, None, None);
                (change.before_display, change.after_display) = (None, None);
            }
        }
        let form = self.me.form(&detail.summary.form)?;
        let columns = form.schema().tables.iter().flat_map(|table| &table.columns);
        let severe = columns.filter(|column| column.sensitivity == Sensitivity::Severe);
        let severe: Vec<String> = severe.map(|column| column.path.clone()).collect();
        let absent = if self.me.reads_severe() { Vec::new() } else { severe.clone() };
        let left_out = if with_severe { absent.clone() } else { severe };
        let options = Options {
            absent: absent.into_iter().collect(),
            now_ms: detail.summary.as_of.0,
            zone_minutes: self.world.zone_minutes,
            language: language.and_then(|asked| form.language_for(asked)).map(str::to_owned),
            instance_id: format!("uuid:{}", uuid::Uuid::from_bytes(id.0)),
            ..Options::default()
        };
        let view = FormView::of(detail.summary.form, form.def());
        let session = Session::restore(Arc::clone(&form), options, &detail.answers, &mut self.world);
        let has_severe = detail.parts.iter().any(|(_, kind)| *kind == PartKind::Severe);
        Ok(OfficeRecord {
            name: session.instance_name(),
            authors: self.names(&detail.summary.authors),
            form: view,
            answers: AnswerView::all(&session, &left_out),
            conflicts,
            reviews,
            history,
            has_severe,
            received: detail.summary.received,
            summary: detail.summary,
        })
    }

    /// A page of a table. Severe answers are in none.
    ///
    /// # Errors
    /// When this is not a headquarters device, or no record of the form has come.
    pub fn office_table(&mut self, query: &TableQuery) -> Result<Table> {
        let (office, me, _) = self.office()?;
        Ok(office.table(query, &me.library)?)
    }

    /// The values of a column (a question's path) in finalised records, the most frequent first, at most a hundred.
    ///
    /// # Errors
    /// As [`Device::office_table`], and when there is no such column.
    pub fn office_facets(&mut self, form: &str, column: &str, language: Option<&str>) -> Result<Vec<Facet>> {
        let (office, me, _) = self.office()?;
        Ok(office.facets(form, column, language, &me.library)?)
    }

    /// The newest entries of the audit trail, oldest of them first: who opened or exported what.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn office_audit(&mut self, limit: u32) -> Result<Vec<AuditEntry>> {
        let (office, ..) = self.office()?;
        Ok(office.newest_audit(limit)?)
    }

    fn names(&self, devices: &[DeviceId]) -> Vec<String> {
        devices.iter().map(|device| self.me.name_of(device)).collect()
    }
}
