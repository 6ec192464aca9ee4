//! Several parts of one record read as one: what headquarters' protection officers see.

use crate::{Claim, Conflict, Part};
use baraza_model::{AnswerPath, Answers};
use std::collections::{BTreeMap, BTreeSet};

/// Lays the severe parts over the shared one. Where parts differ about a question, the last one's value is shown and
/// the question is in conflict; conflicts inside the parts are included. Instances are the shared part's where it has
/// them.
pub fn overlay(shared: &Part, severe: &[&Part]) -> (Answers, Vec<Conflict>) {
    let parts: Vec<&Part> = std::iter::once(shared).chain(severe.iter().copied()).collect();
    let mut merged = Answers::default();
    let mut holders: BTreeMap<AnswerPath, Vec<(&Part, String)>> = BTreeMap::new();
    for &part in &parts {
        let Answers { values, instances } = part.answers();
        for (id, instance) in instances {
            merged.instances.entry(id).or_insert(instance);
        }
        for (path, value) in values {
            holders.entry(path).or_default().push((part, value));
        }
    }
    let mut conflicts: BTreeMap<AnswerPath, Conflict> = BTreeMap::new();
    for (path, held) in holders {
        let distinct: BTreeSet<&String> = held.iter().map(|(_, value)| value).collect();
        if distinct.len() > 1 {
            let values: Vec<Claim> = held.iter().flat_map(|(part, _)| part.claims(&path)).collect();
            conflicts.insert(path.clone(), Conflict { path: path.clone(), values, text: false });
        }
        if let Some((_, value)) = held.into_iter().next_back() {
            merged.values.insert(path, value);
        }
    }
    for conflict in parts.iter().flat_map(|part| part.conflicts()) {
        conflicts.entry(conflict.path.clone()).or_insert(conflict);
    }
    (merged, conflicts.into_values().collect())
}
