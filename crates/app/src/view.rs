//! What shells show: plain values with stable JSON names.

use baraza_forms::{NodeKind, NodeView};
use baraza_model::{Sensitivity, Timestamp};
use baraza_vault::{Delivered, Delivery, RecordRow};
use serde::Serialize;

pub use baraza_model::Status;

/// The truth about where a record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "where")]
pub enum DeliveryView {
    /// Only on this tablet, or changed since it was handed over.
    OnlyHere,
    /// Given to a hub or a card; headquarters has not confirmed it.
    HandedOver {
        /// To whom, last.
        to: String,
        /// When.
        at: Timestamp,
    },
    /// An office signed that it has applied it.
    Received,
}

impl DeliveryView {
    pub(crate) fn of(row: &RecordRow, deliveries: &[Delivered]) -> Self {
        match (row.delivery, deliveries.last()) {
            _ if row.journalled => DeliveryView::OnlyHere,
            (Delivery::Received, _) => DeliveryView::Received,
            (Delivery::HandedOver, Some(last)) => {
                DeliveryView::HandedOver { to: last.to.clone(), at: last.at }
            }
            _ => DeliveryView::OnlyHere,
        }
    }
}

/// A record with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The record.
    pub record: crate::RecordView,
    /// Its relevant questions in the form's order.
    pub answers: Vec<AnswerView>,
}

/// One question as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerView {
    /// Path with positions of repeat instances.
    pub path: String,
    /// The question in the chosen language.
    pub label: Option<String>,
    /// The answer as it is stored.
    pub value: String,
    /// Whether an answer is required.
    pub required: bool,
    /// Whether it fits.
    pub valid: bool,
    /// Its level.
    pub sensitivity: Sensitivity,
}

impl AnswerView {
    /// Groups, notes and questions that are not asked now have no answer to show.
    pub(crate) fn of(node: NodeView) -> Option<Self> {
        let is_question = node.answer.is_some() && node.label.is_some() && node.kind != NodeKind::Note;
        if !node.relevant || !is_question {
            return None;
        }
        Some(Self {
            path: node.path,
            label: node.label,
            value: node.value,
            required: node.required,
            valid: node.valid,
            sensitivity: node.sensitivity,
        })
    }
}
