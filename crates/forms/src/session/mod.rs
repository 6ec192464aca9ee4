//! The headless fill session: the state of one form being filled, and what follows from each answer.

mod begin;
mod evaluate;
mod host;
mod journal;
mod locate;
mod repeat;
mod settle;
mod state;
#[cfg(test)]
mod tests;
mod view;
mod xml;

pub use evaluate::{Cell, Evaluation, Placed, Problem};
pub use view::{ChoiceView, NodeKind, NodeView, RepeatView};

use crate::compile::{Count, DefId, Form, Select};
use crate::error::StepError;
use baraza_model::{AnswerPath, Answers, Edit, Entropy, Instance, InstanceId};
use baraza_xpath::{Forest, NodeId as TreeNode};
use state::{Agenda, Draw, Occurrence, State};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// A node of a session. Stays valid while the node exists.
pub type NodeId = TreeNode;

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
    /// What `meta/instanceID` gives (`uuid:` and the record's id); drawn at random and stored if blank.
    pub instance_id: String,
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
    options: Options,
    language: usize,
    /// Its homes are the nodes in no repeat, by definition.
    forest: Forest,
    /// By the index of a tree node.
    states: Vec<State>,
    /// By repeat: its instances in document order.
    repeats: Vec<Vec<Occurrence>>,
    agenda: Agenda,
    /// By rule: whether it reads an absent severe answer. Empty if nothing is absent.
    unknown: Vec<bool>,
    /// Actions that changes have set off: the changed node, the action.
    fired: VecDeque<(TreeNode, usize)>,
    /// Instances whose `odk-new-repeat` has not happened yet.
    newborn: Vec<(usize, TreeNode)>,
    /// Nodes whose value waits to be journaled.
    pending: Vec<TreeNode>,
    /// Instances added and removed, waiting to be journaled.
    structure: Vec<Edit>,
    /// Instances removed, and those that were in them.
    removed: BTreeMap<InstanceId, Instance>,
    /// Stored answers that this form has no question for.
    foreign: BTreeMap<AnswerPath, String>,
    draw: RefCell<Draw>,
    /// How many expressions wait for a text or name that they asked for.
    nested: std::cell::Cell<u8>,
    /// Until the first evaluation of all rules is done: changes set off no actions.
    beginning: bool,
    /// While stored answers are taken up: what is stored wins over what is computed.
    restoring: bool,
    /// Only evaluated, never filled: rules whose result cannot be seen are left out.
    only_read: bool,
}

impl Session {
    /// Begins a new record: defaults, metadata, `odk-instance-first-load`.
    pub fn start(form: Arc<Form>, options: Options, rng: &mut impl Entropy) -> Self {
        Session::fresh(form, options, rng.bytes())
    }

    /// Takes up a stored record: its answers and repeat instances, then `odk-instance-load`.
    pub fn restore(form: Arc<Form>, options: Options, answers: &Answers, rng: &mut impl Entropy) -> Self {
        let mut session = Session::stored(form, options, answers, rng.bytes(), false);
        session.reopen();
        session
    }

    /// The form.
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// Answers a question by positional path (`/data/p[1]/q`); a value that does not fit leaves it blank.
    pub fn set(&mut self, path: &str, value: &str) -> Result<(), StepError> {
        let node = self.find(path).ok_or_else(|| StepError::UnknownPath(path.to_owned()))?;
        self.set_node(node, value)
    }

    /// Answers a question.
    pub fn set_node(&mut self, node: NodeId, value: &str) -> Result<(), StepError> {
        let form = Arc::clone(&self.form);
        let id = self.state(node).def;
        if id == DefId::NONE {
            return Err(StepError::UnknownPath(self.path(node)));
        }
        let def = form.node(id);
        let asked = matches!(
            def.kind,
            NodeKind::Input
                | NodeKind::Select
                | NodeKind::Rank
                | NodeKind::Range
                | NodeKind::Trigger
                | NodeKind::Upload
        );
        if !asked {
            return Err(StepError::NoAnswer(self.path(node)));
        }
        if !self.forest.primary().is_relevant(node) {
            return Err(StepError::NotRelevant(self.path(node)));
        }
        if self.is_readonly(node) {
            return Err(StepError::ReadOnly(self.path(node)));
        }
        let value = match &def.select {
            Some(select) if select.rank => {
                let list = self.choices(select, node);
                if !value.trim().is_empty() && !Select::names_all(list, value) {
                    return Err(StepError::PartialRank(self.path(node)));
                }
                crate::compile::initial_value(def, value)
            }
            Some(select) => select.chosen(self.choices(select, node), value),
            None => crate::compile::initial_value(def, value),
        };
        self.write(&form, def, node, &value);
        self.settle();
        Ok(())
    }

    /// Appends an instance to a repeat (`/data/p`, `/data/p[2]/pet`).
    pub fn add(&mut self, path: &str) -> Result<NodeId, StepError> {
        let form = Arc::clone(&self.form);
        let (number, parent) =
            self.find_repeat(path).ok_or_else(|| StepError::UnknownPath(path.to_owned()))?;
        if !matches!(form.repeat(number).count, Count::Free) {
            return Err(StepError::FixedRepeat(path.to_owned()));
        }
        if !self.offers(&form, number, parent) {
            return Err(StepError::NotRelevant(path.to_owned()));
        }
        let id = InstanceId::new_v4(&mut *self.draw.borrow_mut());
        let node = self.grow(&form, number, parent, &form.repeat(number).template, id);
        self.announce(&form, number, id);
        self.newborn.push((number, node));
        self.settle();
        Ok(node)
    }

    /// Removes a repeat instance (`/data/p[2]`).
    pub fn remove(&mut self, path: &str) -> Result<(), StepError> {
        let node = self.find(path).ok_or_else(|| StepError::UnknownPath(path.to_owned()))?;
        self.remove_node(node)
    }

    /// Removes a repeat instance.
    pub fn remove_node(&mut self, node: NodeId) -> Result<(), StepError> {
        let form = Arc::clone(&self.form);
        let id = self.state(node).def;
        let number = (id != DefId::NONE).then(|| form.node(id).repeat).flatten();
        let number = number.ok_or_else(|| StepError::UnknownPath(self.path(node)))?;
        if !matches!(form.repeat(number).count, Count::Free) {
            return Err(StepError::FixedRepeat(self.path(node)));
        }
        self.drop_instance(&form, number, node);
        self.settle();
        Ok(())
    }

    /// Changes the language of labels and messages.
    pub fn set_language(&mut self, language: &str) -> Result<(), StepError> {
        let form = Arc::clone(&self.form);
        self.language =
            form.language(language).ok_or_else(|| StepError::UnknownLanguage(language.to_owned()))?;
        for (unit, id) in form.units.iter().zip(0..).filter(|(u, _)| u.translated && !u.impure) {
            let _ = unit;
            self.agenda.add(crate::compile::UnitId(id));
        }
        self.settle();
        Ok(())
    }

    /// Moves the clock; recomputes nothing by itself.
    pub fn set_now(&mut self, now_ms: i64, zone_minutes: i32) {
        self.options.now_ms = now_ms;
        self.options.zone_minutes = zone_minutes;
    }

    /// `xforms-revalidate`: the end timestamp. The record can be edited further.
    pub fn finalise(&mut self) {
        self.end();
    }

    /// What must be journaled since the last call (or since start or restore): answers, impure calculated values,
    /// added and removed instances, in the order in which to apply them.
    pub fn take_edits(&mut self) -> Vec<Edit> {
        self.edits()
    }

    /// Everything stored: `Session::restore` of it gives an equal session.
    pub fn answers(&self) -> Answers {
        self.all_answers()
    }

    /// Relevant required questions without an answer (absent severe ones count as answered).
    pub fn missing(&self) -> Vec<NodeView> {
        self.element_nodes().filter(|n| self.is_missing(*n)).filter_map(|n| self.node(n)).collect()
    }

    /// Relevant answers that their constraint refuses.
    pub fn violations(&self) -> Vec<NodeView> {
        self.element_nodes().filter(|n| self.is_violated(*n)).filter_map(|n| self.node(n)).collect()
    }

    /// Whether nothing is missing and nothing violated.
    pub fn is_valid(&self) -> bool {
        !self.leaves().any(|n| self.is_missing(n) || self.is_violated(n))
    }

    /// Stored answers that are not relevant now; they are removed at finalising.
    pub fn irrelevant_stored(&self) -> Vec<AnswerPath> {
        self.leaves().filter(|n| self.is_irrelevant_stored(*n)).filter_map(|n| self.place(n)).collect()
    }

    /// The name that the form gives to this record, blank if none.
    pub fn instance_name(&self) -> String {
        let node = self.form.instance_name.and_then(|d| self.forest.home(d.0));
        node.map(|n| self.forest.primary().value(n).into_owned()).unwrap_or_default()
    }

    /// What a node is.
    pub fn kind(&self, node: NodeId) -> Option<NodeKind> {
        let def = self.state(node).def;
        (def != DefId::NONE).then(|| self.form.node(def).kind)
    }

    /// The active language; `None` if the form has none.
    pub fn language(&self) -> Option<&str> {
        self.form.def.languages.get(self.language).map(String::as_str)
    }

    fn state(&self, node: TreeNode) -> &State {
        #[allow(
            clippy::indexing_slicing,
            reason = "every node of the tree was given a state when it was entered"
        )]
        self.states.get(node.index()).unwrap_or(&self.states[0])
    }

    fn state_mut(&mut self, node: TreeNode) -> &mut State {
        let at = if node.index() < self.states.len() { node.index() } else { 0 };
        #[allow(
            clippy::indexing_slicing,
            reason = "every node of the tree was given a state when it was entered"
        )]
        &mut self.states[at]
    }

    fn is_readonly(&self, node: TreeNode) -> bool {
        let note = |d: DefId| d != DefId::NONE && self.form.node(d).kind == NodeKind::Note;
        note(self.state(node).def) || self.ancestors(node).any(|a| self.state(a).readonly)
    }

    fn is_missing(&self, node: TreeNode) -> bool {
        let tree = self.forest.primary();
        let def = self.form.nodes.get(self.state(node).def.index());
        tree.is_relevant(node)
            && tree.text(node).is_empty()
            && def.is_some_and(|d| d.is_leaf() && self.is_required(node, d) && !self.is_absent(d.question()))
    }

    fn is_violated(&self, node: TreeNode) -> bool {
        let tree = self.forest.primary();
        !self.state(node).satisfied && tree.is_relevant(node) && !tree.text(node).is_empty()
    }

    fn is_irrelevant_stored(&self, node: TreeNode) -> bool {
        let state = self.state(node);
        state.stored.is_some() && !self.forest.primary().is_relevant(node) && self.form.node(state.def).stored
    }

    fn is_absent(&self, question: &str) -> bool {
        !self.options.absent.is_empty() && self.options.absent.contains(question)
    }
}
