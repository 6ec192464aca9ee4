//! What a form session refuses.

use thiserror::Error;

/// A step that cannot be taken. The session is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StepError {
    /// There is no such node.
    #[error("no such node: {0}")]
    UnknownPath(String),
    /// The node takes no answer: a group, the root, a note, a model value or an upload.
    #[error("takes no answer: {0}")]
    NoAnswer(String),
    /// The node is read-only.
    #[error("read-only: {0}")]
    ReadOnly(String),
    /// The node does not apply now.
    #[error("not relevant: {0}")]
    NotRelevant(String),
    /// The repeat has its number of instances from the form.
    #[error("instances cannot be added or removed: {0}")]
    FixedRepeat(String),
    /// The form has no such language.
    #[error("no such language: {0}")]
    UnknownLanguage(String),
    /// A ranking has to name every choice once.
    #[error("a ranking must name every choice once: {0}")]
    PartialRank(String),
    /// A line of a steps file that is not a step.
    #[error("not a step: {0}")]
    Malformed(String),
}

impl StepError {
    /// Stable code for the interface's catalogues.
    pub fn code(&self) -> &'static str {
        match self {
            StepError::UnknownPath(_) => "form.unknown-path",
            StepError::NoAnswer(_) => "form.no-answer",
            StepError::ReadOnly(_) => "form.read-only",
            StepError::NotRelevant(_) => "form.not-relevant",
            StepError::FixedRepeat(_) => "form.fixed-repeat",
            StepError::UnknownLanguage(_) => "form.unknown-language",
            StepError::PartialRank(_) => "form.partial-rank",
            StepError::Malformed(_) => "form.malformed-step",
        }
    }
}
