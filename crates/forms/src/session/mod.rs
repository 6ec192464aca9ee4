//! The headless fill session: the state of one form being filled, and what follows from each answer.

mod view;

pub use view::{ChoiceView, NodeId, NodeKind, NodeView};

use crate::compile::Form;
use crate::error::StepError;
use baraza_model::{AnswerPath, Answers, Edit, Entropy};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a session is told about its surroundings.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Milliseconds since 1970 (UTC).
    pub now_ms: i64,
    /// Offset of the local time zone in minutes east of UTC.
    pub zone_minutes: i32,
    /// What `deviceid` gives: an alias, never a hardware id.
    pub device_alias: String,
    /// What `username` gives.
    pub username: String,
    /// What `email` gives.
    pub email: String,
    /// What `phonenumber` gives.
    pub phone: String,
    /// The language to start in; the form's default otherwise.
    pub language: Option<String>,
    /// Question paths of severe answers that exist but are not here: rules that read them are unknown (left as they
    /// are: relevant, satisfied) and their `required` counts as met.
    pub absent: BTreeSet<String>,
}

/// A form being filled.
#[derive(Debug, Clone)]
pub struct Session {
    form: Arc<Form>,
}

impl Session {
    /// Begins a new record: defaults, metadata, `odk-instance-first-load`.
    pub fn start(_form: Arc<Form>, _options: Options, _rng: &mut impl Entropy) -> Self {
        todo!()
    }

    /// Takes up a stored record: its answers and repeat instances, then `odk-instance-load`.
    pub fn restore(_form: Arc<Form>, _options: Options, _answers: &Answers, _rng: &mut impl Entropy) -> Self {
        todo!()
    }

    /// The form.
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// Answers a question by positional path (`/data/p[1]/q`); a value that does not fit leaves it blank.
    pub fn set(&mut self, _path: &str, _value: &str) -> Result<(), StepError> {
        todo!()
    }

    /// Appends an instance to a repeat (`/data/p`, `/data/p[2]/pet`).
    pub fn add(&mut self, _path: &str) -> Result<(), StepError> {
        todo!()
    }

    /// Removes a repeat instance (`/data/p[2]`).
    pub fn remove(&mut self, _path: &str) -> Result<(), StepError> {
        todo!()
    }

    /// Changes the language of labels and messages.
    pub fn set_language(&mut self, _language: &str) -> Result<(), StepError> {
        todo!()
    }

    /// Moves the clock; recomputes nothing by itself.
    pub fn set_now(&mut self, _now_ms: i64, _zone_minutes: i32) {
        todo!()
    }

    /// `xforms-revalidate`: the end timestamp. The record can be edited further.
    pub fn finalise(&mut self) {
        todo!()
    }

    /// What must be journaled since the last call (or since start or restore): answers, impure calculated values,
    /// added and removed instances, in the order in which to apply them.
    pub fn take_edits(&mut self) -> Vec<Edit> {
        todo!()
    }

    /// Everything stored: `Session::restore` of it gives an equal session.
    pub fn answers(&self) -> Answers {
        todo!()
    }

    /// Every node in document order (FORM-RUN 1).
    pub fn nodes(&self) -> Vec<NodeView> {
        todo!()
    }

    /// One node.
    pub fn node(&self, _id: NodeId) -> Option<NodeView> {
        todo!()
    }

    /// The node at a positional path.
    pub fn find(&self, _path: &str) -> Option<NodeId> {
        todo!()
    }

    /// The node that holds an answer.
    pub fn find_answer(&self, _path: &AnswerPath) -> Option<NodeId> {
        todo!()
    }

    /// The positional path of a node.
    pub fn path(&self, _id: NodeId) -> String {
        todo!()
    }

    /// Where a node's answer is stored; `None` for groups and the root.
    pub fn answer_path(&self, _id: NodeId) -> Option<AnswerPath> {
        todo!()
    }

    /// Relevant required questions without an answer (absent severe ones count as answered).
    pub fn missing(&self) -> Vec<NodeView> {
        todo!()
    }

    /// Relevant answers that their constraint refuses.
    pub fn violations(&self) -> Vec<NodeView> {
        todo!()
    }

    /// Whether nothing is missing and nothing violated.
    pub fn is_valid(&self) -> bool {
        todo!()
    }

    /// Stored answers that are not relevant now; they are removed at finalising.
    pub fn irrelevant_stored(&self) -> Vec<AnswerPath> {
        todo!()
    }

    /// The name that the form gives to this record, blank if none.
    pub fn instance_name(&self) -> String {
        todo!()
    }

    /// The active language; `None` if the form has none.
    pub fn language(&self) -> Option<&str> {
        todo!()
    }

    /// The submission (FORM-RUN 18).
    pub fn instance_xml(&self) -> String {
        todo!()
    }
}
