//! Which records a list shows: asked of the store, so that no record is read that is not shown.

use baraza_vault::{Delivery, Listing, Needs};

/// Which records to list. Records that were thrown away are in no list.
#[derive(Debug, Clone, Default)]
pub struct RecordsFilter {
    /// Only of this form id, in whatever version.
    pub form_id: Option<String>,
    /// Only drafts, or only finalised ones.
    pub status: Option<StatusFilter>,
    /// Only what has come so far.
    pub delivery: Option<DeliveryFilter>,
    /// Only what a person must decide.
    pub needs: Option<NeedsFilter>,
    /// Only where shared answers, or the name of a draft, contain all these words or words that begin so.
    pub words: Option<String>,
    /// At most so many; 0 means all.
    pub limit: u32,
    /// After so many.
    pub offset: u32,
}

/// Drafts or finalised records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusFilter {
    /// Drafts.
    Draft,
    /// Finalised, complete or not.
    Finalised,
}

/// How far a record has come; see [`crate::DeliveryView`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryFilter {
    /// Some of it is only here.
    OnlyHere,
    /// Handed over, not confirmed.
    HandedOver,
    /// Received at headquarters.
    Received,
}

/// What a person must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedsFilter {
    /// A question has two answers.
    TwoAnswers,
    /// A question is to be looked at again.
    Review,
}

impl RecordsFilter {
    pub(crate) fn listing(&self) -> Listing {
        Listing {
            limit: self.limit,
            offset: self.offset,
            form: None,
            form_id: self.form_id.clone(),
            finalised: self.status.map(|status| status == StatusFilter::Finalised),
            delivery: self.delivery.map(|delivery| match delivery {
                DeliveryFilter::OnlyHere => Delivery::OnlyHere,
                DeliveryFilter::HandedOver => Delivery::HandedOver,
                DeliveryFilter::Received => Delivery::Received,
            }),
            needs: self.needs.map(|needs| match needs {
                NeedsFilter::TwoAnswers => Needs::TwoAnswers,
                NeedsFilter::Review => Needs::Review,
            }),
            words: self.words.clone().filter(|words| !words.trim().is_empty()),
        }
    }
}
