//! What must be kept: edits for the journal, and all answers at once.

use super::Session;
use crate::compile::DefId;
use baraza_model::{AnswerPath, Answers, Edit};
use baraza_xpath::NodeId;

impl Session {
    pub(super) fn edits(&mut self) -> Vec<Edit> {
        let mut edits = std::mem::take(&mut self.structure);
        for node in std::mem::take(&mut self.pending) {
            self.state_mut(node).pending = false;
            edits.extend(self.edit(node));
        }
        edits
    }

    fn edit(&self, node: NodeId) -> Option<Edit> {
        let state = self.state(node);
        let def = self.form.node(state.def);
        Some(Edit::Set {
            path: self.place(node)?,
            value: state.stored.as_deref().map(str::to_owned),
            text: def.multiline,
            sensitivity: def.sensitivity,
        })
    }

    /// Where a node's value is kept.
    pub(super) fn place(&self, node: NodeId) -> Option<AnswerPath> {
        let def = self.state(node).def;
        let def = (def != DefId::NONE).then(|| self.form.node(def)).filter(|d| d.is_leaf())?;
        let instance = def.in_repeat.and_then(|_| self.instance_of(node));
        Some(AnswerPath { instance, question: def.question().to_owned() })
    }

    pub(super) fn all_answers(&self) -> Answers {
        let mut answers = Answers { values: self.foreign.clone(), instances: self.removed.clone() };
        for (number, list) in self.repeats.iter().enumerate() {
            for occurrence in list {
                answers.instances.insert(occurrence.id, self.instance(&self.form, number, occurrence));
            }
        }
        for node in self.leaves() {
            let state = self.state(node);
            let kept = state.stored.as_ref().filter(|_| self.form.node(state.def).stored);
            if let (Some(path), Some(value)) = (kept.and_then(|_| self.place(node)), kept) {
                answers.values.insert(path, value.to_string());
            }
        }
        answers
    }

    /// Every node that holds a value, attributes included.
    pub(super) fn leaves(&self) -> impl Iterator<Item = NodeId> + '_ {
        let inside = self.repeats.iter().flatten().flat_map(|o| o.nodes.iter().flatten());
        let all = self.forest.homes().map(|(_, node)| node).chain(inside.copied());
        all.filter(|n| {
            let def = self.state(*n).def;
            def != DefId::NONE && self.form.node(def).is_leaf()
        })
    }
}
