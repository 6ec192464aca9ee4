//! What shells show: plain values with stable JSON names.

use baraza_forms::{NodeKind, NodeView, Session};
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
    /// The answer as people read it: labels of choices for their values; everything else as it is stored.
    pub display: String,
    /// The nearest group or repeat instance around it that has a label.
    pub group: Option<String>,
    /// Whether an answer is required.
    pub required: bool,
    /// Whether it fits.
    pub valid: bool,
    /// Its level.
    pub sensitivity: Sensitivity,
    /// The type of the value: `string`, `int`, `date`, `dateTime`, `geopoint`, `select1`, `select`, `rank`…
    pub kind: String,
    /// Whether it is a long text: something that people said.
    pub voice: bool,
    /// Whether it is severe and left out here: sealed away on this device, or not asked for at headquarters. Whether
    /// it was answered is not told then.
    pub sealed: bool,
}

impl AnswerView {
    /// What a session shows, in the form's order. Groups, notes and questions that are not asked now have no answer
    /// to show.
    ///
    /// Answers to the questions in `absent` are left out and marked so.
    pub(crate) fn all(session: &Session, absent: &[String]) -> Vec<Self> {
        let mut around: Vec<(String, String)> = Vec::new();
        let mut answers = Vec::new();
        for node in session.nodes() {
            around.retain(|(path, _)| node.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')));
            if matches!(node.kind, NodeKind::Group | NodeKind::RepeatInstance) {
                around.extend(node.label.filter(|label| !label.is_empty()).map(|label| (node.path, label)));
                continue;
            }
            let is_question = node.answer.is_some() && node.label.is_some() && node.kind != NodeKind::Note;
            if node.relevant && is_question {
                let question = node.answer.as_ref().map(|path| path.question.clone()).unwrap_or_default();
                let column = session.form().schema().column(&question);
                let mut answer = Self::of(node, around.last().map(|(_, label)| label.clone()));
                if let Some(column) = column {
                    answer.kind.clone_from(&column.data_type);
                    answer.voice = column.multiline;
                }
                if absent.contains(&question) {
                    answer.sealed = true;
                    (answer.value, answer.display) = (String::new(), String::new());
                }
                answers.push(answer);
            }
        }
        answers
    }

    fn of(node: NodeView, group: Option<String>) -> Self {
        Self {
            display: display(&node, &node.value),
            path: node.path,
            label: node.label,
            value: node.value,
            group,
            required: node.required,
            valid: node.valid,
            sensitivity: node.sensitivity,
            kind: node.datatype,
            voice: false,
            sealed: false,
        }
    }
}

/// A value of a question as people read it.
pub(crate) fn display(node: &NodeView, value: &str) -> String {
    let Some(choices) = &node.choices else { return value.to_owned() };
    let named = |value: &str| {
        let choice = choices.iter().find(|choice| choice.value == value && !choice.label.is_empty());
        choice.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    };
    match node.multiple || node.kind == NodeKind::Rank {
        true => value.split_whitespace().map(named).collect::<Vec<_>>().join(", "),
        false => named(value),
    }
}
