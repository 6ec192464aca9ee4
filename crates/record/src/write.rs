//! Automerge operations for a plan, in the one order that the shape allows.

use crate::plan::Plan;
use crate::read::{Standing, standing_in};
use crate::shape::instance_key;
use crate::{seed, status};
use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use baraza_model::{InstanceId, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Beyond this many comparisons, a text's changed middle is replaced whole instead of compared letter by letter.
const MAX_DIFF: usize = 4_000_000;

/// The objects that exist already and are written into.
#[derive(Default)]
pub(crate) struct Maps {
    pub(crate) answers: BTreeMap<Option<InstanceId>, Vec<ObjId>>,
    pub(crate) instances: BTreeMap<InstanceId, Vec<ObjId>>,
    /// Whether the part was blank, so that nothing stands that could be read first.
    pub(crate) blank: bool,
    /// Instances whose removal is to be decided anew.
    pub(crate) contested: BTreeSet<InstanceId>,
}

/// Writes in the canonical order: answers, instances with theirs, removals, status.
pub(crate) fn write_plan(
    tx: &mut Transaction<'_>,
    plan: &Plan<'_>,
    maps: &Maps,
) -> Result<(), AutomergeError> {
    let none = Vec::new();
    for (path, (value, text)) in plan.answers.iter().filter(|(path, _)| !plan.adds(path.instance)) {
        let into = maps.answers.get(&path.instance).unwrap_or(&none);
        write_answer(tx, into, maps.blank, &path.question, value.as_deref(), *text)?;
    }
    for instance in &plan.added {
        let instances = ObjId::Id(seed::INSTANCES, ActorId::from(seed::GENESIS_ACTOR), 0);
        let map = tx.put_object(instances, instance_key(instance.id), ObjType::Map)?;
        let answers = tx.put_object(&map, "a", ObjType::Map)?;
        if let Some(parent) = instance.parent {
            tx.put(&map, "in", ScalarValue::Bytes(parent.0.to_vec()))?;
        }
        tx.put(&map, "o", ScalarValue::Uint(u64::from(instance.order)))?;
        tx.put(&map, "of", instance.repeat.as_str())?;
        let into = [answers];
        for (path, (value, text)) in
            plan.answers.iter().filter(|(path, _)| path.instance == Some(instance.id))
        {
            write_answer(tx, &into, true, &path.question, value.as_deref(), *text)?;
        }
    }
    for (id, removed) in &plan.removals {
        for map in maps.instances.get(id).unwrap_or(&none) {
            let says: Vec<Option<bool>> =
                tx.get_all(map, "x")?.iter().map(|(value, _)| value.as_bool()).collect();
            let contested = maps.contested.contains(id);
            let stands = says.as_slice() == [Some(*removed)] || (says.is_empty() && !removed);
            if !stands || contested {
                if says.len() > 1 || contested {
                    tx.put(map, "x", !*removed)?;
                }
                tx.put(map, "x", *removed)?;
            }
        }
    }
    if let Some(status) = plan.status {
        let (text, says) = (status::write(status), standing_in(tx, &[ROOT], "s"));
        let stands = match says.as_slice() {
            [] => *status == Status::Draft,
            [only] => only.value.as_deref() == Some(text.as_str()),
            _ => false,
        };
        if !stands {
            if says.last().is_some_and(|last| last.value.as_deref() == Some(text.as_str())) {
                tx.put(ROOT, "s", if text == "d" { "c" } else { "d" })?;
            }
            tx.put(ROOT, "s", text)?;
        }
    }
    Ok(())
}

/// Writes one answer wherever a value of it stands, so that all that its author saw is superseded.
fn write_answer(
    tx: &mut Transaction<'_>,
    maps: &[ObjId],
    blank: bool,
    question: &str,
    value: Option<&str>,
    text: bool,
) -> Result<(), AutomergeError> {
    let says = if blank { Vec::new() } else { standing_in(tx, maps, question) };
    match says.as_slice() {
        [] if value.is_none() => Ok(()),
        [] => maps.last().map_or(Ok(()), |map| put(tx, map, question, value, text)),
        [Standing { value: stands, .. }] if stands.as_deref() == value => Ok(()),
        [only] if only.text && text => update_text(tx, only, value.unwrap_or_default()),
        // Texts are emptied, not replaced: what somebody else is typing into one meanwhile stays visible.
        [others @ .., last] if text && says.iter().all(|s| s.text) => {
            others.iter().try_for_each(|other| restate_text(tx, other, ""))?;
            restate_text(tx, last, value.unwrap_or_default())
        }
        several => {
            let maps: BTreeMap<Vec<u8>, &ObjId> =
                several.iter().map(|s| (s.map.to_bytes(), &s.map)).collect();
            for map in maps.into_values() {
                // Where the value stands already, among others, Automerge would delete the others instead: then a
                // different decision made apart would silently win over this one. So the value is written anew.
                match value {
                    Some(_) => tx.put(map, question, ScalarValue::Null)?,
                    None => tx.put(map, question, "")?,
                }
                put(tx, map, question, value, text)?;
            }
            Ok(())
        }
    }
}

fn put(
    tx: &mut Transaction<'_>,
    map: &ObjId,
    question: &str,
    value: Option<&str>,
    text: bool,
) -> Result<(), AutomergeError> {
    match value {
        Some(value) if text => {
            let object = tx.put_object(map, question, ObjType::Text)?;
            tx.splice_text(object, 0, 0, value)
        }
        Some(value) => tx.put(map, question, value),
        None => tx.put(map, question, ScalarValue::Null),
    }
}

/// Turns a text into another as a whole: two people who settle the same texts apart leave two readable sentences, not
/// letters of both in turn.
fn restate_text(tx: &mut Transaction<'_>, text: &Standing, new: &str) -> Result<(), AutomergeError> {
    if text.value.as_deref().unwrap_or_default() == new {
        return Ok(());
    }
    let len = text.value.as_deref().unwrap_or_default().chars().count();
    tx.splice_text(&text.id, 0, isize::try_from(len).unwrap_or(isize::MAX), new)
}

/// Turns a text into another by the smallest change, so that what others type meanwhile merges with it.
fn update_text(tx: &mut Transaction<'_>, text: &Standing, new: &str) -> Result<(), AutomergeError> {
    let old: Vec<char> = text.value.as_deref().unwrap_or_default().chars().collect();
    let new_chars: Vec<char> = new.chars().collect();
    let start = old.iter().zip(&new_chars).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new_chars.len()) - start;
    let end = old.iter().rev().zip(new_chars.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (gone, come) = (old.len() - start - end, new_chars.len() - start - end);
    if gone.saturating_mul(come) <= MAX_DIFF && gone > 0 && come > 0 {
        return tx.update_text(&text.id, new);
    }
    let come: String = new_chars.iter().skip(start).take(come).collect();
    tx.splice_text(&text.id, start, isize::try_from(gone).unwrap_or(isize::MAX), &come)
}
