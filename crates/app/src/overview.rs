//! What arrived at headquarters today, what is set aside, and what waits for a person.

use crate::exchanges::Way;
use crate::identity::row;
use crate::{Device, Error, Exchange, FormView, Result};
use baraza_model::{RecordId, Timestamp};
use baraza_office::{HeldFilter, HeldItem, HeldState, IngestReport};
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// The state of headquarters.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Overview {
    /// Records in the office's store.
    pub records: u64,
    /// Records of which something arrived today: applied, here already, or set aside.
    pub arrived_today: u64,
    /// Records that are new or changed today.
    pub applied: u64,
    /// Of these, records that were not here before.
    pub new_today: u64,
    /// Records that came today and were here already, added up over the exchanges of today that are kept.
    pub already_had: u64,
    /// Things set aside, by state.
    pub held: HeldCounts,
    /// Things that were set aside today.
    pub held_today: u64,
    /// Records applied since a receipt last left this office by hub or card; all, if none ever did.
    pub receipts_ready: u64,
    /// When a receipt last left this office.
    pub receipts_left: Option<Timestamp>,
    /// Records in which a question has two answers.
    pub two_answers: u64,
    /// Records with something to look at again.
    pub review: u64,
    /// Records by form, by the form's id.
    pub records_by_form: Vec<FormRecords>,
}

/// Things set aside, by what happens to them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct HeldCounts {
    /// They lack something that may still come.
    pub waiting: u64,
    /// They cannot be trusted or read.
    pub quarantined: u64,
    /// A person must decide.
    pub review: u64,
}

/// Records of one form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FormRecords {
    /// Form id.
    pub form: String,
    /// The newest version that is here, if one is.
    pub newest: Option<FormView>,
    /// Finalised records.
    pub finalised: u64,
    /// Drafts that a team has handed over.
    pub drafts: u64,
}

/// Something set aside at headquarters, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OfficeHeldView {
    /// Names it, in hex; what [`Device::accept_held`] takes.
    pub digest: String,
    /// Which payload of the segment; `None` for all of it.
    pub item: Option<u32>,
    /// Why, as a stable code.
    pub code: String,
    /// `waiting`, `quarantined` or `review`.
    pub state: HeldState,
    /// Who claims to have written it; blank where unknown.
    pub device: String,
    /// The record, where it could be opened.
    pub record: Option<RecordId>,
    /// Title of the record's form, where both are known.
    pub form_title: Option<String>,
    /// For people who look into it; holds no answers.
    pub detail: String,
    /// Bytes held.
    pub size: u64,
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried again.
    pub tries: u32,
}

impl Device {
    /// What arrived, what is set aside, what waits for a person.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn office_overview(&mut self) -> Result<Overview> {
        let (now, zone) = (self.world.now(), i64::from(self.world.zone_minutes) * MINUTE_MS);
        let midnight = Timestamp((now.0 + zone).div_euclid(DAY_MS) * DAY_MS - zone);
        let came = |exchange: &&Exchange| exchange.at >= midnight && exchange.way != Way::CardOut;
        let today: Vec<Exchange> = self.exchanges(u32::MAX)?.iter().filter(came).cloned().collect();
        let left = self.read(|r| Ok(r.meta(row::RECEIPT_LEFT)?))?;
        let left = left.and_then(|bytes| Some(i64::from_be_bytes(bytes.as_slice().try_into().ok()?)));
        let titles = self.newest_forms();
        let (office, ..) = self.office()?;
        let counts = office.counts(midnight)?;
        // What changed in the very moment in which a receipt left may have missed it.
        let ready = office.counts(Timestamp(left.unwrap_or(i64::MIN)))?.changed_since;
        let held = office.held_counts()?;
        let held = |state: HeldState| held.get(state.as_str()).copied().unwrap_or(0);
        let already_had = today.iter().map(|exchange| exchange.already_had).sum();
        let held_today = today.iter().map(|exchange| exchange.held).sum();
        let by_form = counts.forms.into_iter().map(|form| FormRecords {
            newest: titles.get(&form.form_id).cloned(),
            form: form.form_id,
            finalised: form.finalised,
            drafts: form.drafts,
        });
        Ok(Overview {
            records: counts.records,
            arrived_today: counts.changed_since + already_had + held_today,
            applied: counts.changed_since,
            new_today: counts.new_since,
            already_had,
            held: HeldCounts {
                waiting: held(HeldState::Waiting),
                quarantined: held(HeldState::Quarantined),
                review: held(HeldState::Review),
            },
            held_today,
            receipts_ready: ready,
            receipts_left: left.map(Timestamp),
            two_answers: counts.two_answers,
            review: counts.review,
            records_by_form: by_form.collect(),
        })
    }

    fn newest_forms(&self) -> BTreeMap<String, FormView> {
        let forms = self.forms().unwrap_or_default().into_iter();
        forms.map(|form| (form.id.clone(), form)).collect()
    }

    /// What is set aside, for people: the oldest first.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn held_views(&mut self) -> Result<Vec<OfficeHeldView>> {
        let (office, me, _) = self.office()?;
        let mut views = Vec::new();
        for item in office.held(&HeldFilter::default())? {
            let form = item.record.map(|record| office.form_of(&record)).transpose()?.flatten();
            let form_title = form.and_then(|hash| Some(me.form(&hash).ok()?.def().title.clone()));
            let known = item.device.0 != [0; 16];
            let device = if known { me.name_of(&item.device) } else { String::new() };
            views.push(OfficeHeldView::of(item, device, form_title));
        }
        Ok(views)
    }

    /// Applies what a revoked device wrote past its cut, on a person's decision; the audit trail keeps it. `digest` is
    /// what [`OfficeHeldView`] names it by.
    ///
    /// # Errors
    /// When this is not a headquarters device, or nothing of that name can be decided on.
    pub fn accept_held(&mut self, digest: &str) -> Result<IngestReport> {
        let hash: baraza_model::SegmentHash =
            digest.trim().parse().map_err(|_| Error::UnknownHeld(digest.to_owned()))?;
        let (office, me, world) = self.office()?;
        let report = office.accept(&me.office_context(world)?, hash.as_bytes(), me.id)?;
        self.issue_receipt()?;
        Ok(report)
    }
}

impl OfficeHeldView {
    fn of(item: HeldItem, device: String, form_title: Option<String>) -> Self {
        Self {
            digest: baraza_model::SegmentHash(item.digest).to_string(),
            item: item.item,
            code: item.code,
            state: item.state,
            device,
            record: item.record,
            form_title,
            detail: item.detail,
            size: item.size,
            since: item.since,
            tries: item.tries,
        }
    }
}
