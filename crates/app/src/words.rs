//! Conflicts and changes with the words of their form.

use crate::conflict::{ChoiceName, ClaimView, ConflictView, HistoryView};
use baraza_model::{AnswerPath, RecordId, Timestamp};
use baraza_office::Wording;

/// What questions and answers are called, as far as the form is here.
pub(crate) struct Words<'a>(pub(crate) Option<Wording<'a>>);

impl Words<'_> {
    fn answer(&mut self, question: &str, value: Option<&str>) -> Option<String> {
        let value = value?;
        Some(self.0.as_mut().map_or_else(|| value.to_owned(), |words| words.answer(question, value)))
    }

    pub(crate) fn conflict(
        &mut self,
        record: RecordId,
        path: &AnswerPath,
        severe: bool,
        mut claims: Vec<ClaimView>,
    ) -> ConflictView {
        for claim in &mut claims {
            claim.display = self.answer(&path.question, claim.value.as_deref());
        }
        let words = self.0.as_ref();
        let choices = words.map(|words| words.choices(&path.question)).unwrap_or_default();
        ConflictView {
            record,
            path: path.to_string(),
            label: words.and_then(|words| words.question(&path.question)),
            kind: words.map(|words| words.data_type(&path.question)).unwrap_or_default(),
            choices: choices.into_iter().map(|(value, label)| ChoiceName { value, label }).collect(),
            severe,
            claims,
        }
    }

    pub(crate) fn change(
        &mut self,
        path: &AnswerPath,
        (before, after): (Option<String>, Option<String>),
        author: String,
        at: Timestamp,
        reason: Option<String>,
    ) -> HistoryView {
        HistoryView {
            path: path.to_string(),
            label: self.0.as_ref().and_then(|words| words.question(&path.question)),
            before_display: self.answer(&path.question, before.as_deref()),
            after_display: self.answer(&path.question, after.as_deref()),
            before,
            after,
            severe: false,
            author,
            at,
            reason,
        }
    }
}
