//! Who changed which answer, when, from what to what.

use crate::decode::Decoded;
use crate::graph::Node;
use crate::part::hashes;
use crate::read::{obj_id, settle, standing};
use crate::shape::{Kind, OpId};
use crate::{ActorPrefix, ChangeId, Heads, Part};
use automerge::{ChangeHash, ObjId};
use baraza_model::{Answer, AnswerPath, InstanceId, Timestamp};
use std::collections::BTreeSet;

/// One change of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which question.
    pub path: AnswerPath,
    /// What its author had before them.
    pub before: Answer,
    /// What they made of it.
    pub after: Answer,
    /// Whose device.
    pub actor_prefix: ActorPrefix,
    /// What its clock said.
    pub time: Timestamp,
    /// The change.
    pub change: ChangeId,
    /// Their reason, if they gave one (an amendment has one).
    pub note: Option<String>,
}

/// One change of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeInfo {
    /// Its id.
    pub change: ChangeId,
    /// Whose device.
    pub actor_prefix: ActorPrefix,
    /// What its clock said.
    pub time: Timestamp,
    /// Their reason, if they gave one.
    pub note: Option<String>,
}

impl Event {
    fn of(node: &Node, path: AnswerPath, before: Answer, after: Answer) -> Self {
        let note = node.note.clone();
        Self { path, before, after, actor_prefix: node.prefix(), time: node.time, change: node.id, note }
    }
}

impl Part {
    /// All changes, in an order that is the same wherever the same changes are: causes first.
    pub fn changes(&self) -> Vec<ChangeInfo> {
        let info = |node: &Node| ChangeInfo {
            change: node.id,
            actor_prefix: node.prefix(),
            time: node.time,
            note: node.note.clone(),
        };
        self.graph.in_order().into_iter().map(info).collect()
    }

    /// How many changes there are.
    pub fn change_count(&self) -> usize {
        self.graph.written().count()
    }

    /// The latest time that a change gives; 0 if nothing was written. It is only what clocks said.
    pub fn last_written(&self) -> Timestamp {
        self.graph.written().map(|node| node.time).max().unwrap_or_default()
    }

    /// Every change of every answer, in the order of [`Part::changes`], then by path.
    pub fn history(&self) -> Vec<Event> {
        if let (Some(answers), Some(node)) = (self.plain_answers(), self.graph.written().next()) {
            let events =
                answers.values.into_iter().map(|(path, value)| Event::of(node, path, None, Some(value)));
            return events.collect();
        }
        let doc = self.readable();
        let mut events = Vec::new();
        for node in self.graph.in_order() {
            let before = hashes(&Heads(node.deps.clone()));
            let after = [ChangeHash(node.id.0)];
            for path in self.touched(node) {
                let maps: Vec<ObjId> = self.objects.answer_maps(path.instance).iter().map(obj_id).collect();
                let was = standing(doc, &maps, &path.question, Some(&before));
                let after = settle(&standing(doc, &maps, &path.question, Some(&after)));
                // Settling a conflict is an event even where it keeps the answer that was shown.
                if was.len() > 1 || settle(&was) != after {
                    events.push(Event::of(node, path, settle(&was), after));
                }
            }
        }
        events
    }

    /// Whether a change writes in an instance, or makes one right below it.
    pub(crate) fn touches(&self, node: &Node, id: InstanceId) -> bool {
        let below = self.objects.instances().any(|(op, instance)| {
            instance.parent == Some(id)
                && op.actor == node.actor
                && (node.start_op..=node.max_op).contains(&op.ctr)
        });
        below || self.touched(node).iter().any(|path| path.instance == Some(id))
    }

    /// The questions that a change writes.
    fn touched(&self, node: &Node) -> BTreeSet<AnswerPath> {
        let mut paths = BTreeSet::new();
        let Ok(change) = Decoded::read(&node.body) else { return paths };
        let mut last = None;
        for op in &change.ops {
            // A text's operations come by the thousand and all belong to one question.
            if op.insert && op.obj == last {
                continue;
            }
            last = op.obj;
            let object = op.obj.and_then(|(ctr, actor)| {
                let actor = change.actors.get(actor)?.to_vec();
                self.objects.get(&OpId { ctr, actor })
            });
            match (object, op.key) {
                (Some(Kind::Answers(instance)), crate::decode::Key::Prop(question)) => {
                    paths.insert(AnswerPath { instance: *instance, question: question.to_owned() });
                }
                (Some(Kind::Text(path)), _) => {
                    paths.insert(path.clone());
                }
                _ => {}
            }
        }
        paths
    }
}
