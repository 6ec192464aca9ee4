//! Today, records, two answers.

use super::{Desk, rows, sheet};
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{DeliveryFilter, Device, NeedsFilter, RecordsFilter, StatusFilter, Step, Warning};
use baraza_model::RecordId;

/// Rows of a page, unless asked otherwise.
const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 500;

impl Desk {
    pub(crate) fn today(&self) -> Result<TodayView> {
        let language = self.language();
        let mut open = self.lock_open();
        let device = open.joined()?;
        let today = device.today()?;
        let list =
            |views: &[baraza_app::RecordView]| views.iter().map(|view| rows::row(view, &language)).collect();
        Ok(TodayView {
            now: self.now(),
            counts: rows::counts(&today.counts),
            forms: rows::form_cards(device, &language)?,
            drafts: list(&today.drafts),
            decide: list(&today.decide),
            two_answers: today.two_answers,
            review: today.review,
            last_handed_over: today.last_handed_over.map(|at| at.0),
            last_received: today.last_received.map(|at| at.0),
            warnings: device.warnings()?.into_iter().map(warning).collect(),
        })
    }

    pub(crate) fn forms(&self) -> Result<Vec<FormCard>> {
        rows::form_cards(self.lock_open().joined()?, &self.language())
    }

    pub(crate) fn records(&self, query: RecordsQuery) -> Result<RecordList> {
        let filter = filter(&query)?;
        let language = self.language();
        let mut open = self.lock_open();
        let device = open.joined()?;
        Ok(RecordList {
            total: device.count_records(&filter)?,
            rows: device.records(&filter)?.iter().map(|view| rows::row(view, &language)).collect(),
            counts: rows::counts(&device.today()?.counts),
        })
    }

    pub(crate) fn record(&self, id: String) -> Result<RecordSheet> {
        let id = rows::record_id(&id)?;
        let language = self.language();
        let mut open = self.lock_open();
        let device = open.joined()?;
        let answered = device.answers(id, Some(&language))?;
        let conflicts = device.conflicts_in(Some(id), Some(&language))?;
        let history = device.history_in(id, Some(&language))?;
        let row = rows::row(&answered.record, &language);
        Ok(RecordSheet {
            journey: journey(device, id, &row)?,
            discardable: device.discardable(id)?,
            answers: answered.answers.into_iter().map(sheet::answer).collect(),
            conflicts: conflicts.into_iter().map(sheet::conflict).collect(),
            history: sheet::history(history),
            review: answered.record.review,
            row,
        })
    }

    pub(crate) fn discard(&self, id: String) -> Result<()> {
        let id = rows::record_id(&id)?;
        Ok(self.lock_open().joined()?.discard(id)?)
    }

    pub(crate) fn bring_back(&self, id: String) -> Result<RecordRow> {
        let id = rows::record_id(&id)?;
        let mut open = self.lock_open();
        let device = open.joined()?;
        device.bring_back(id)?;
        Ok(rows::row(&device.record(id)?, &self.language()))
    }

    pub(crate) fn resolve(
        &self,
        record: String,
        path: String,
        value: Option<String>,
        shown: Vec<String>,
    ) -> Result<()> {
        let id = rows::record_id(&record)?;
        let path = path.parse().map_err(|_| Problem::new("conflict.none"))?;
        Ok(self.lock_open().joined()?.resolve(id, &path, value.as_deref(), &shown)?)
    }

    pub(crate) fn prune(&self) -> Result<u64> {
        Ok(self.lock_open().joined()?.prune()?.records.len() as u64)
    }
}

fn filter(query: &RecordsQuery) -> Result<RecordsFilter> {
    let finalised = Some(StatusFilter::Finalised);
    let (status, delivery) = match query.place.as_str() {
        "" => (None, None),
        "draft" => (Some(StatusFilter::Draft), None),
        "only-here" => (finalised, Some(DeliveryFilter::OnlyHere)),
        "handed-over" => (finalised, Some(DeliveryFilter::HandedOver)),
        "received" => (finalised, Some(DeliveryFilter::Received)),
        _ => return Err(Problem::new("call.arguments")),
    };
    let needs = match query.needs.as_str() {
        "" => None,
        "two-answers" => Some(NeedsFilter::TwoAnswers),
        "review" => Some(NeedsFilter::Review),
        _ => return Err(Problem::new("call.arguments")),
    };
    Ok(RecordsFilter {
        form_id: Some(query.form.clone()).filter(|form| !form.is_empty()),
        status,
        delivery,
        needs,
        words: Some(query.words.clone()).filter(|words| !words.trim().is_empty()),
        limit: page(query.limit),
        offset: query.offset,
    })
}

/// Rows of a page: 0 means the usual number.
pub(super) fn page(asked: u32) -> u32 {
    if asked == 0 { PAGE } else { asked.min(LONGEST_PAGE) }
}

fn journey(device: &Device, id: RecordId, row: &RecordRow) -> Result<Vec<DeliveryFact>> {
    let first = if row.status == "draft" { DeliveryFact::Draft } else { DeliveryFact::OnlyHere };
    let steps = device.journey(id)?.into_iter().map(|step| match step {
        Step::HandedOver { to, at } => DeliveryFact::HandedOver { to, at: at.0 },
        Step::Received { .. } => DeliveryFact::Received,
    });
    Ok(std::iter::once(first).chain(steps).collect())
}

fn warning(warning: Warning) -> WarningView {
    match warning {
        Warning::ClockBehind { now, latest } => WarningView::ClockBehind { now: now.0, latest: latest.0 },
        Warning::StorageLow { free_bytes } => WarningView::StorageLow { free_bytes },
        Warning::StorageFull { free_bytes } => WarningView::StorageFull { free_bytes },
    }
}
