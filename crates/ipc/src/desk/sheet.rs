//! A record to read: answers, two answers, who changed what. The same on a tablet and at headquarters.

use crate::view::{AnswerLine, ChoiceView, ClaimCard, ConflictCard, HistoryLine};
use baraza_app::{AnswerView, ConflictView, HistoryView};

/// A question as it stands.
pub(super) fn answer(view: AnswerView) -> AnswerLine {
    let repeated = view.path.contains('[') && view.kind == "string";
    AnswerLine {
        label: view.label.unwrap_or_default(),
        part: view.group,
        text: view.display,
        voice: view.voice || repeated,
        kind: view.kind,
        sealed: view.sealed,
        valid: view.valid,
        path: view.path,
    }
}

/// A question with more than one answer.
pub(super) fn conflict(view: ConflictView) -> ConflictCard {
    let choice = |choice: baraza_app::ChoiceName| ChoiceView {
        value: choice.value,
        label: choice.label,
        picture: None,
        exclusive: false,
        apart: false,
    };
    let claim = |claim: baraza_app::ClaimView| ClaimCard {
        claim: claim.claim,
        text: claim.display.or_else(|| claim.value.clone()).unwrap_or_default(),
        value: claim.value,
        author: claim.author,
        mine: claim.mine,
        at: claim.at.0,
    };
    ConflictCard {
        record: view.record.to_string(),
        label: view.label.unwrap_or_else(|| last_step(&view.path)),
        path: view.path,
        kind: view.kind,
        choices: view.choices.into_iter().map(choice).collect(),
        claims: view.claims.into_iter().map(claim).collect(),
    }
}

/// Changes of answers, newest first. What the form itself writes has no label, and is no change that a person made.
pub(super) fn history(views: Vec<HistoryView>) -> Vec<HistoryLine> {
    let line = |view: HistoryView| {
        Some(HistoryLine {
            label: view.label?,
            before: view.before_display.or(view.before),
            after: view.after_display.or(view.after),
            author: view.author,
            at: view.at.0,
            reason: view.reason,
        })
    };
    views.into_iter().rev().filter_map(line).collect()
}

/// The last step of a question's path, where a form gives no label.
pub(super) fn last_step(path: &str) -> String {
    let question = path.split('@').next().unwrap_or(path);
    question.rsplit('/').next().unwrap_or(question).to_owned()
}
