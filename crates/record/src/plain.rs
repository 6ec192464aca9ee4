//! The fast path: a part of one change that fills a form once, read without building a document.
//!
//! Such a change follows the genesis alone and replaces nothing, so what it writes is what stands. Headquarters
//! reads most records only like this.

use crate::decode::{DELETE, Decoded, Key, MAKE_MAP, MAKE_TEXT, Op, SET, Scalar};
use crate::seed::{self, ANSWERS, INSTANCES};
use crate::{shape, status};
use baraza_model::{AnswerPath, Answers, Instance, InstanceId, Status};
use std::collections::BTreeMap;

/// Whether [`answers`] reads this change right. It must have passed [`shape::check`].
pub(crate) fn is_plain(change: &Decoded<'_>) -> bool {
    let mut before: Option<(u64, &Op<'_>)> = None;
    change.deps.as_slice() == [seed::genesis().id]
        && change.numbered().all(|(ctr, op)| {
            let fresh = change.preds(op).is_empty() && op.action != DELETE;
            let appended = !op.insert || before.is_some_and(|before| follows(before, op));
            before = Some((ctr, op));
            fresh && appended
        })
}

/// Whether a text operation appends to what the operation before wrote.
fn follows((ctr, before): (u64, &Op<'_>), op: &Op<'_>) -> bool {
    match op.key {
        Key::Head => before.action == MAKE_TEXT && op.obj == Some((ctr, 0)),
        Key::Elem(id) => before.insert && id == (ctr, 0) && op.obj == before.obj,
        Key::Prop(_) => false,
    }
}

enum Place {
    Answers(Option<InstanceId>),
    Instances,
    Instance(InstanceId),
    Text(AnswerPath),
}

/// The status that a plain change gives.
pub(crate) fn status(change: &Decoded<'_>) -> Status {
    let root = change.ops.iter().find(|op| op.obj.is_none());
    let text = root.and_then(|op| if let Scalar::Str(text) = op.value { status::read(text) } else { None });
    text.unwrap_or_default()
}

/// The answers of a plain change.
pub(crate) fn answers(change: &Decoded<'_>) -> Answers {
    let mut answers = Answers::default();
    let mut places: BTreeMap<u64, Place> = BTreeMap::new();
    let (top, instances) = (Place::Answers(None), Place::Instances);
    for (ctr, op) in change.numbered() {
        let place = match op.obj {
            None => None,
            Some((ctr, 0)) => places.get(&ctr),
            Some((ANSWERS, _)) => Some(&top),
            Some((INSTANCES, _)) => Some(&instances),
            Some(_) => None,
        };
        if let Some(made) = place.and_then(|place| write(&mut answers, place, op)) {
            places.insert(ctr, made);
        }
    }
    answers
}

fn write(answers: &mut Answers, place: &Place, op: &Op<'_>) -> Option<Place> {
    match (place, op.key, op.action, op.value) {
        (Place::Answers(instance), Key::Prop(question), action, value) => {
            let path = AnswerPath { instance: *instance, question: question.to_owned() };
            match (action, value) {
                (MAKE_TEXT, _) => return Some(Place::Text(path)),
                (_, Scalar::Str(text)) if !text.is_empty() => {
                    answers.values.insert(path, text.to_owned());
                }
                _ => {}
            }
        }
        (Place::Text(path), _, _, Scalar::Str(text)) => match answers.values.get_mut(path) {
            Some(value) => value.push_str(text),
            None => {
                answers.values.insert(path.clone(), text.to_owned());
            }
        },
        (Place::Instances, Key::Prop(key), MAKE_MAP, _) => {
            let id = shape::instance_id(key)?;
            let blank = Instance { id, repeat: String::new(), parent: None, order: 0, removed: false };
            answers.instances.insert(id, blank);
            return Some(Place::Instance(id));
        }
        (Place::Instance(id), Key::Prop("a"), MAKE_MAP, _) => return Some(Place::Answers(Some(*id))),
        (Place::Instance(id), Key::Prop(key), SET, value) => {
            let instance = answers.instances.get_mut(id)?;
            match (key, value) {
                ("of", Scalar::Str(path)) => instance.repeat = path.to_owned(),
                ("in", Scalar::Bytes(parent)) => instance.parent = InstanceId::from_slice(parent),
                ("o", Scalar::Uint(order)) => instance.order = u32::try_from(order).unwrap_or(u32::MAX),
                ("x", Scalar::Bool(removed)) => instance.removed = removed,
                _ => {}
            }
        }
        _ => {}
    }
    None
}
