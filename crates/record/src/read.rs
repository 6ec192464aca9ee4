//! What stands in a part: its answers, and what each rests on.

use crate::decode::Decoded;
use crate::part::hashes;
use crate::shape::OpId;
use crate::{ActorPrefix, ChangeId, Heads, Part, RecordError, plain};
use automerge::{ActorId, Automerge, ChangeHash, ObjId, ObjType, ReadDoc, ScalarValueRef, Value, ValueRef};
use baraza_model::{Answer, AnswerPath, Answers, Instance, InstanceId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// One of the values that stand for a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The value; `None` if it was cleared.
    pub value: Answer,
    /// Whose device: compare with [`crate::actor_prefix`] of the record's devices.
    pub actor_prefix: ActorPrefix,
    /// What its clock said.
    pub time: Timestamp,
    /// The change that gave it.
    pub change: ChangeId,
}

/// A value that stands, with where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    pub(crate) value: Answer,
    pub(crate) text: bool,
    pub(crate) ctr: u64,
    pub(crate) actor: Vec<u8>,
    pub(crate) map: ObjId,
    pub(crate) id: ObjId,
}

impl Part {
    /// The answers and instances. Of answers in conflict, the one that Automerge prefers (the same everywhere), and of
    /// texts in conflict all, one after the other.
    pub fn answers(&self) -> Answers {
        if let Some(answers) = self.plain_answers() {
            return answers;
        }
        self.answers_of(self.readable(), None)
    }

    /// The answers as somebody saw them whose heads were these.
    ///
    /// # Errors
    /// [`RecordError::UnknownHeads`].
    pub fn answers_at(&self, heads: &Heads) -> Result<Answers, RecordError> {
        if let Some(unknown) = self.missing_deps(heads).first() {
            return Err(RecordError::UnknownHeads(*unknown));
        }
        if *heads == self.heads() {
            return Ok(self.answers());
        }
        Ok(self.answers_of(self.doc()?, Some(heads)))
    }

    /// The answers of a part of one plain change, read without its document.
    pub(crate) fn plain_answers(&self) -> Option<Answers> {
        self.plain.as_ref()?;
        Decoded::read(&self.graph.written().next()?.body).ok().map(|change| plain::answers(&change))
    }

    fn answers_of(&self, doc: &Automerge, at: Option<&Heads>) -> Answers {
        let at_hashes = at.map(hashes);
        let at = at_hashes.as_deref();
        let mut answers = Answers { values: BTreeMap::new(), instances: self.instances_of(doc, at) };
        for (instance, maps) in self.objects.all_answer_maps() {
            let visible = instance.is_none_or(|id| answers.instances.contains_key(&id));
            match maps.as_slice() {
                _ if !visible => {}
                [only] => read_map(doc, &obj_id(only), instance, at, &mut answers.values),
                several => {
                    let several: Vec<ObjId> = several.iter().map(obj_id).collect();
                    for question in several.iter().flat_map(|map| keys(doc, map, at)).collect::<BTreeSet<_>>()
                    {
                        if let Some(value) = settle(&standing(doc, &several, &question, at)) {
                            answers.values.insert(AnswerPath { instance, question }, value);
                        }
                    }
                }
            }
        }
        answers
    }

    /// The instances; with `at`, those that were there then.
    ///
    /// One is removed if nobody who had a say kept it, and nobody wrote in it unaware of the removal.
    fn instances_of(&self, doc: &Automerge, at: Option<&[ChangeHash]>) -> BTreeMap<InstanceId, Instance> {
        let seen = at.map(|at| self.graph.seen_by(&at.iter().map(|h| ChangeId(h.0)).collect::<Vec<_>>()));
        let is_seen = |id: &ChangeId| seen.as_ref().is_none_or(|seen| seen.contains(id));
        let mut says: BTreeMap<InstanceId, (Instance, Vec<(bool, ChangeId)>)> = BTreeMap::new();
        for (op, instance) in self.objects.instances() {
            if !self.graph.change_of(op.ctr, &op.actor).is_some_and(|node| is_seen(&node.id)) {
                continue;
            }
            let (_, said) = says.entry(instance.id).or_insert_with(|| (instance.clone(), Vec::new()));
            for (value, id) in all(doc, &obj_id(op), "x", at) {
                let ObjId::Id(ctr, actor, _) = id else { continue };
                let by = self.graph.change_of(ctr, actor.to_bytes()).map(|node| node.id);
                said.extend(value.as_bool().zip(by));
            }
        }
        let settled = says.into_iter().map(|(id, (mut instance, said))| {
            let by: Vec<ChangeId> = said.iter().map(|(_, by)| *by).collect();
            let all_removed = !said.is_empty() && said.iter().all(|(removed, _)| *removed);
            instance.removed = all_removed && !self.is_written_unaware(id, &by, is_seen);
            (id, instance)
        });
        settled.collect()
    }

    /// Whether somebody wrote in an instance, or below it, neither seen by nor having seen any of its removals.
    fn is_written_unaware(
        &self,
        id: InstanceId,
        removals: &[ChangeId],
        is_seen: impl Fn(&ChangeId) -> bool,
    ) -> bool {
        let aware = self.graph.seen_by(removals);
        let unaware = self.graph.written().filter(|node| is_seen(&node.id) && !aware.contains(&node.id));
        unaware.filter(|node| self.touches(node, id)).any(|node| {
            let seen = self.graph.seen_by(&[node.id]);
            !removals.iter().any(|removal| seen.contains(removal))
        })
    }

    /// The instances that somebody removed while somebody else wrote in them. They are shown; removing or restoring
    /// one again settles it.
    pub fn contested_removals(&self) -> BTreeSet<InstanceId> {
        if self.plain.is_some() {
            return BTreeSet::new();
        }
        self.contested_at(self.readable(), None)
    }

    pub(crate) fn contested_at(&self, doc: &Automerge, at: Option<&Heads>) -> BTreeSet<InstanceId> {
        let at = at.map(hashes);
        let instances = self.instances_of(doc, at.as_deref()).into_values().filter(|i| !i.removed);
        let says = |op: &OpId| all(doc, &obj_id(op), "x", at.as_deref());
        let shown: BTreeSet<InstanceId> = instances.map(|instance| instance.id).collect();
        let hidden = self
            .objects
            .instances()
            .filter(|(op, _)| says(op).iter().any(|(v, _)| v.as_bool() == Some(true)));
        hidden.map(|(_, instance)| instance.id).filter(|id| shown.contains(id)).collect()
    }
}

/// The object with this id.
pub(crate) fn obj_id(op: &OpId) -> ObjId {
    ObjId::Id(op.ctr, ActorId::from(op.actor.as_slice()), 0)
}

/// All values of a question that stand, oldest operation first.
pub(crate) fn standing(
    doc: &Automerge,
    maps: &[ObjId],
    question: &str,
    at: Option<&[ChangeHash]>,
) -> Vec<Standing> {
    standing_with(
        maps,
        |map| all(doc, map, question, at),
        |text| match at {
            Some(at) => doc.text_at(text, at),
            None => doc.text(text),
        },
    )
}

/// As [`standing`], inside a transaction.
pub(crate) fn standing_in(doc: &impl ReadDoc, maps: &[ObjId], question: &str) -> Vec<Standing> {
    standing_with(maps, |map| doc.get_all(map, question).unwrap_or_default(), |text| doc.text(text))
}

fn standing_with<'d>(
    maps: &[ObjId],
    all: impl Fn(&ObjId) -> Vec<(Value<'d>, ObjId)>,
    read_text: impl Fn(&ObjId) -> Result<String, automerge::AutomergeError>,
) -> Vec<Standing> {
    let mut found = Vec::new();
    for map in maps {
        for (value, id) in all(map) {
            let ObjId::Id(ctr, actor, _) = &id else { continue };
            let (ctr, actor) = (*ctr, actor.to_bytes().to_vec());
            let text = value.is_object();
            let value = match text {
                true => read_text(&id).ok(),
                false => value.into_string().ok(),
            };
            let value = value.filter(|value| !value.is_empty());
            found.push(Standing { value, text, ctr, actor, map: map.clone(), id });
        }
    }
    found.sort_by(|a, b| (a.ctr, &a.actor).cmp(&(b.ctr, &b.actor)));
    found
}

/// One value of those that stand: the newest operation's, or of several texts all that are not blank.
pub(crate) fn settle(standing: &[Standing]) -> Answer {
    if standing.len() > 1 && standing.iter().all(|s| s.text) {
        let mut seen = BTreeSet::new();
        let texts: Vec<&str> =
            standing.iter().filter_map(|s| s.value.as_deref()).filter(|text| seen.insert(*text)).collect();
        return (!texts.is_empty()).then(|| texts.join("\n"));
    }
    standing.last()?.value.clone()
}

/// The scalars that stand at a key, with the operation that wrote each.
pub(crate) fn scalar_claims(doc: &Automerge, map: &ObjId, key: &str) -> Vec<(Answer, u64, Vec<u8>)> {
    standing(doc, std::slice::from_ref(map), key, None)
        .into_iter()
        .map(|s| (s.value, s.ctr, s.actor))
        .collect()
}

/// The keys of a map, those written and cleared included.
pub(crate) fn keys(doc: &Automerge, map: &ObjId, at: Option<&[ChangeHash]>) -> Vec<String> {
    match at {
        Some(at) => doc.keys_at(map, at).collect(),
        None => doc.keys(map).collect(),
    }
}

fn all<'d>(doc: &'d Automerge, map: &ObjId, key: &str, at: Option<&[ChangeHash]>) -> Vec<(Value<'d>, ObjId)> {
    match at {
        Some(at) => doc.get_all_at(map, key, at),
        None => doc.get_all(map, key),
    }
    .unwrap_or_default()
}

fn read_map(
    doc: &Automerge,
    map: &ObjId,
    instance: Option<InstanceId>,
    at: Option<&[ChangeHash]>,
    into: &mut BTreeMap<AnswerPath, String>,
) {
    let range = match at {
        Some(at) => doc.map_range_at(map, .., at),
        None => doc.map_range(map, ..),
    };
    for item in range {
        let value = match &item.value {
            _ if item.conflict => settle(&standing(doc, std::slice::from_ref(map), &item.key, at)),
            ValueRef::Scalar(ScalarValueRef::Str(text)) => Some(text.as_ref().to_owned()),
            ValueRef::Object(ObjType::Text) => match at {
                Some(at) => doc.text_at(item.id(), at).ok(),
                None => doc.text(item.id()).ok(),
            },
            _ => None,
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            into.insert(AnswerPath { instance, question: item.key.into_owned() }, value);
        }
    }
}
