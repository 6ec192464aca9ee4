//! The shape of a part, as an allow-list of operations.
//!
//! ```text
//! root      v: 1, a: map, i: map        written by the seed, never by a change
//!           s: "c" | "i:REASON" | "d"   status
//! a         question path → text scalar | null | Automerge text
//! i         instance id (base64url) → map, created once per change, never overwritten
//! instance  a: map, in?: 16 bytes, o: order, of: repeat path     written together with the map
//!           x: removed
//! text      inserts and deletes of short strings
//! ```
//!
//! Every operation of every change is checked, so nothing outside the list exists anywhere in a part, hidden by a
//! later value or not. Within one change the keys of a map ascend.

use crate::decode::{DELETE, Decoded, Key, LocalId, MAKE_MAP, MAKE_TEXT, Op, SET, Scalar};
use crate::error::{MAX_NOTE_BYTES, MAX_PATH_BYTES, MAX_VALUE_BYTES};
use crate::seed::{ANSWERS, GENESIS_ACTOR, INSTANCES};
use crate::{RecordError, seed, status};
use baraza_model::{AnswerPath, Instance, InstanceId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::{BTreeMap, BTreeSet};

/// The longest run of bytes that one text operation inserts: a grapheme with its marks.
const MAX_TEXT_ELEMENT: usize = 64;

/// An operation, and so an object, anywhere in a part. Ordered as Automerge orders operations.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpId {
    pub(crate) ctr: u64,
    pub(crate) actor: Vec<u8>,
}

/// What an object is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The answers of the record itself, or of one instance.
    Answers(Option<InstanceId>),
    /// The map of instances.
    Instances,
    /// One instance, `removed` always false here.
    Instance(Instance),
    /// The text of one question.
    Text(AnswerPath),
}

/// All objects of a part but the root.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects(BTreeMap<OpId, Kind>);

impl Objects {
    pub(crate) fn get(&self, id: &OpId) -> Option<&Kind> {
        self.0.get(id).or_else(|| (id.actor == GENESIS_ACTOR).then(|| genesis_kind(id.ctr)).flatten())
    }

    pub(crate) fn extend(&mut self, new: Vec<(OpId, Kind)>) {
        self.0.extend(new);
    }

    /// The maps that hold an instance's answers. Usually one; several after a device was cloned.
    pub(crate) fn answer_maps(&self, instance: Option<InstanceId>) -> Vec<OpId> {
        if instance.is_none() {
            return vec![OpId { ctr: ANSWERS, actor: GENESIS_ACTOR.to_vec() }];
        }
        let wanted = Kind::Answers(instance);
        self.0.iter().filter(|(_, kind)| **kind == wanted).map(|(id, _)| id.clone()).collect()
    }

    pub(crate) fn instances(&self) -> impl Iterator<Item = (&OpId, &Instance)> {
        self.0.iter().filter_map(|(id, kind)| match kind {
            Kind::Instance(instance) => Some((id, instance)),
            _ => None,
        })
    }

    pub(crate) fn has_instance(&self, id: InstanceId) -> bool {
        self.instances().any(|(_, instance)| instance.id == id)
    }

    /// Whether the text seed of a question was planted.
    pub(crate) fn has_seeded_text(&self, question: &str) -> bool {
        self.0.keys().any(|id| seed::seeded_question(&id.actor) == Some(question))
    }

    /// All maps that hold answers, by instance.
    pub(crate) fn all_answer_maps(&self) -> BTreeMap<Option<InstanceId>, Vec<OpId>> {
        let mut maps = BTreeMap::from([(None, self.answer_maps(None))]);
        for (id, kind) in &self.0 {
            if let Kind::Answers(instance) = kind {
                maps.entry(*instance).or_insert_with(Vec::new).push(id.clone());
            }
        }
        maps
    }
}

fn genesis_kind(ctr: u64) -> Option<&'static Kind> {
    match ctr {
        ANSWERS => Some(&Kind::Answers(None)),
        INSTANCES => Some(&Kind::Instances),
        _ => None,
    }
}

pub(crate) fn instance_key(id: InstanceId) -> String {
    URL_SAFE_NO_PAD.encode(id.0)
}

pub(crate) fn instance_id(key: &str) -> Option<InstanceId> {
    let mut bytes = [0; 18];
    match URL_SAFE_NO_PAD.decode_slice(key, &mut bytes) {
        Ok(16) => bytes.first_chunk().copied().map(InstanceId),
        _ => None,
    }
}

/// Checks a question's or repeat's path.
pub(crate) fn is_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= MAX_PATH_BYTES
        && !path.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// Checks every operation of a change, and gives the objects that it makes.
pub(crate) fn check(change: &Decoded<'_>, objects: &Objects) -> Result<Vec<(OpId, Kind)>, RecordError> {
    if change.ops.is_empty() {
        return Err(RecordError::Shape("a change changes something"));
    }
    let mut checker = Checker {
        change,
        objects,
        made: Vec::new(),
        begun: BTreeMap::new(),
        begun_ids: BTreeSet::new(),
        last_keys: BTreeMap::new(),
        at: None,
    };
    for (ctr, op) in change.numbered() {
        checker.op(ctr, op)?;
    }
    if checker.begun.values().any(|b| b.of.is_none() || b.order.is_none() || !b.answers) {
        return Err(RecordError::Shape("a repeat instance is incomplete"));
    }
    let Checker { begun, mut made, .. } = checker;
    let actor = change.actor();
    for (ctr, Begun { id, of, parent, order, .. }) in begun {
        let (Some(repeat), Some(order)) = (of, order) else { continue };
        made.push((ctr, Kind::Instance(Instance { id, repeat, parent, order, removed: false })));
    }
    Ok(made.into_iter().map(|(ctr, kind)| (OpId { ctr, actor: actor.to_vec() }, kind)).collect())
}

/// An instance of which this change has not written everything yet.
struct Begun {
    id: InstanceId,
    of: Option<String>,
    parent: Option<InstanceId>,
    order: Option<u32>,
    answers: bool,
}

#[derive(Clone, Copy)]
enum Place {
    Answers(Option<InstanceId>),
    Instances,
    Instance,
    Begun(u64),
    Text,
}

struct Checker<'c, 'a> {
    change: &'c Decoded<'a>,
    objects: &'c Objects,
    made: Vec<(u64, Kind)>,
    /// By the counter of the operation that makes the instance.
    begun: BTreeMap<u64, Begun>,
    begun_ids: BTreeSet<InstanceId>,
    last_keys: BTreeMap<Option<LocalId>, (&'a str, u64)>,
    /// The object of the operation before: operations come in runs.
    at: Option<(LocalId, Place)>,
}

impl<'a> Checker<'_, 'a> {
    fn op(&mut self, ctr: u64, op: &Op<'a>) -> Result<(), RecordError> {
        let Some(obj) = op.obj else { return self.root(ctr, op) };
        match self.place(obj)? {
            Place::Text => check_text(op, self.change.preds(op).len()),
            Place::Answers(instance) => self.answer(ctr, instance, op),
            Place::Instances => self.instance(ctr, op),
            Place::Begun(instance) => self.begun(ctr, instance, op),
            Place::Instance => match (self.prop(ctr, op)?, op.action, op.value) {
                ("x", SET, Scalar::Bool(_)) => Ok(()),
                _ => Err(RecordError::Shape("only an instance's removal can change")),
            },
        }
    }

    fn place(&mut self, obj: LocalId) -> Result<Place, RecordError> {
        if let Some((_, place)) = self.at.filter(|(id, _)| *id == obj) {
            return Ok(place);
        }
        let place = self.find(obj).ok_or(RecordError::Shape("an object does not exist"))?;
        self.at = Some((obj, place));
        Ok(place)
    }

    fn find(&self, (ctr, actor): LocalId) -> Option<Place> {
        if actor == 0 && ctr >= self.change.start_op {
            if self.begun.contains_key(&ctr) {
                return Some(Place::Begun(ctr));
            }
            let index = self.made.binary_search_by_key(&ctr, |(ctr, _)| *ctr).ok()?;
            return self.made.get(index).and_then(|(_, kind)| place_of(kind));
        }
        let actor = self.change.actors.get(actor)?;
        if *actor == GENESIS_ACTOR {
            return genesis_kind(ctr).and_then(place_of);
        }
        self.objects.get(&OpId { ctr, actor: actor.to_vec() }).and_then(place_of)
    }

    /// The key of a map operation, ascending within its map. A key can come twice in a row where the second
    /// operation replaces the first and nothing else: Automerge has no other way to restate a value that stands
    /// among others.
    fn prop(&mut self, ctr: u64, op: &Op<'a>) -> Result<&'a str, RecordError> {
        let Key::Prop(key) = op.key else { return Err(RecordError::Shape("a map has keys")) };
        if op.insert {
            return Err(RecordError::Shape("a map has no order"));
        }
        match self.last_keys.insert(op.obj, (key, ctr)) {
            Some((last, at)) if last == key && self.change.preds(op) == [(at, 0)] => Ok(key),
            Some((last, _)) if last >= key => Err(RecordError::Shape("keys are not in order")),
            _ => Ok(key),
        }
    }

    fn root(&mut self, ctr: u64, op: &Op<'a>) -> Result<(), RecordError> {
        match (self.prop(ctr, op)?, op.action, op.value) {
            ("s", SET, Scalar::Str(text)) if text.len() <= MAX_NOTE_BYTES && status::read(text).is_some() => {
                Ok(())
            }
            _ => Err(RecordError::Shape("only the status can change at the root")),
        }
    }

    fn answer(&mut self, ctr: u64, instance: Option<InstanceId>, op: &Op<'a>) -> Result<(), RecordError> {
        let question = self.prop(ctr, op)?;
        if !is_path(question) {
            return Err(RecordError::Shape("a question's path is not acceptable"));
        }
        match (op.action, op.value) {
            (SET, Scalar::Null) => Ok(()),
            (SET, Scalar::Str(text)) if text.len() <= MAX_VALUE_BYTES => Ok(()),
            (MAKE_TEXT, Scalar::Null) => {
                self.made.push((ctr, Kind::Text(AnswerPath { instance, question: question.to_owned() })));
                Ok(())
            }
            _ => Err(RecordError::Shape("an answer is a text or blank")),
        }
    }

    fn instance(&mut self, ctr: u64, op: &Op<'a>) -> Result<(), RecordError> {
        let Key::Prop(key) = op.key else { return Err(RecordError::Shape("a map has keys")) };
        let id = instance_id(key).ok_or(RecordError::Shape("an instance's key is not an id"))?;
        let plain = op.action == MAKE_MAP && !op.insert && self.change.preds(op).is_empty();
        if !plain || !self.begun_ids.insert(id) {
            return Err(RecordError::Shape("an instance is made once"));
        }
        self.begun.insert(ctr, Begun { id, of: None, parent: None, order: None, answers: false });
        Ok(())
    }

    fn begun(&mut self, ctr: u64, instance: u64, op: &Op<'a>) -> Result<(), RecordError> {
        let key = self.prop(ctr, op)?;
        let fresh = self.change.preds(op).is_empty();
        let begun = self
            .begun
            .get_mut(&instance)
            .filter(|_| fresh)
            .ok_or(RecordError::Shape("an instance is made once"))?;
        match (key, op.action, op.value) {
            ("a", MAKE_MAP, Scalar::Null) => {
                begun.answers = true;
                self.made.push((ctr, Kind::Answers(Some(begun.id))));
            }
            ("in", SET, Scalar::Bytes(id)) => {
                begun.parent =
                    Some(InstanceId::from_slice(id).ok_or(RecordError::Shape("a parent is not an id"))?);
            }
            ("o", SET, Scalar::Uint(order)) => {
                begun.order =
                    Some(u32::try_from(order).map_err(|_| RecordError::Shape("an order is too large"))?);
            }
            ("of", SET, Scalar::Str(path)) if is_path(path) => begun.of = Some(path.to_owned()),
            ("x", SET, Scalar::Bool(_)) => {}
            _ => return Err(RecordError::Shape("an instance has no such field")),
        }
        Ok(())
    }
}

fn place_of(kind: &Kind) -> Option<Place> {
    Some(match kind {
        Kind::Answers(instance) => Place::Answers(*instance),
        Kind::Instances => Place::Instances,
        Kind::Instance(_) => Place::Instance,
        Kind::Text(_) => Place::Text,
    })
}

fn check_text(op: &Op<'_>, preds: usize) -> Result<(), RecordError> {
    match (op.insert, op.action, op.key, op.value) {
        (true, SET, Key::Head | Key::Elem(_), Scalar::Str(text))
            if preds == 0 && !text.is_empty() && text.len() <= MAX_TEXT_ELEMENT =>
        {
            Ok(())
        }
        (false, DELETE, Key::Elem(_), Scalar::Null) if preds > 0 => Ok(()),
        _ => Err(RecordError::Shape("a text is made of inserts and deletes")),
    }
}
