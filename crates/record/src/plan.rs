//! A person's edits, coalesced into what must be written.
//!
//! Of several edits to one question the last counts, and an instance that was added and removed before anybody else
//! saw it is not written at all, so nothing erased earlier leaves the device.

use crate::error::{MAX_NOTE_BYTES, MAX_VALUE_BYTES};
use crate::shape::is_path;
use crate::{Commit, Part, RecordError, status};
use baraza_model::{Answer, AnswerPath, Edit, Instance, InstanceId, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Edits after coalescing.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    pub(crate) answers: BTreeMap<AnswerPath, (Answer, bool)>,
    /// New instances in the order in which they are written.
    pub(crate) added: Vec<Instance>,
    pub(crate) removals: BTreeMap<InstanceId, bool>,
    pub(crate) status: Option<&'a Status>,
}

impl<'a> Plan<'a> {
    pub(crate) fn of(commit: &Commit<'a>, part: &Part) -> Result<Self, RecordError> {
        let mut plan = Self { status: commit.status, ..Self::default() };
        for edit in commit.edits {
            match edit {
                Edit::Set { path, value, text, .. } => {
                    let value = value.clone().filter(|value| !value.is_empty());
                    plan.answers.insert(path.clone(), (value, *text));
                }
                Edit::Add(instance) => {
                    if !part.objects.has_instance(instance.id) && !plan.adds(Some(instance.id)) {
                        plan.added.push(instance.clone());
                    }
                }
                Edit::Remove { id, removed } => {
                    plan.removals.insert(*id, *removed);
                }
            }
        }
        plan.forget_erased();
        plan.added.sort_by(|a, b| (&a.repeat, a.order, a.id).cmp(&(&b.repeat, b.order, b.id)));
        plan.check()?;
        Ok(plan)
    }

    /// Drops what was added and removed again, with all below it.
    fn forget_erased(&mut self) {
        let mut erased: BTreeSet<InstanceId> = BTreeSet::new();
        loop {
            let gone = |i: &Instance| {
                let removed = self.removals.get(&i.id).copied().unwrap_or(i.removed);
                removed || i.parent.is_some_and(|parent| erased.contains(&parent))
            };
            let more: Vec<InstanceId> = self.added.iter().filter(|i| gone(i)).map(|i| i.id).collect();
            if more.is_empty() {
                break;
            }
            self.added.retain(|i| !more.contains(&i.id));
            erased.extend(more);
        }
        self.answers.retain(|path, _| path.instance.is_none_or(|id| !erased.contains(&id)));
        self.removals.retain(|id, _| !erased.contains(id) && !self.added.iter().any(|i| i.id == *id));
    }

    pub(crate) fn adds(&self, instance: Option<InstanceId>) -> bool {
        instance.is_some_and(|id| self.added.iter().any(|i| i.id == id))
    }

    pub(crate) fn check(&self) -> Result<(), RecordError> {
        let paths = self.answers.keys().map(|path| path.question.as_str());
        if !paths.chain(self.added.iter().map(|i| i.repeat.as_str())).all(is_path) {
            return Err(RecordError::Shape("a question's path is not acceptable"));
        }
        if self.answers.values().any(|(value, _)| value.as_ref().is_some_and(|v| v.len() > MAX_VALUE_BYTES)) {
            return Err(RecordError::TooLarge { what: "an answer", limit: MAX_VALUE_BYTES });
        }
        if self.status.is_some_and(|status| status::write(status).len() > MAX_NOTE_BYTES) {
            return Err(RecordError::TooLarge { what: "a reason", limit: MAX_NOTE_BYTES });
        }
        Ok(())
    }
}
