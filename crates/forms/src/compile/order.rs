//! The order of evaluation: every rule after what it reads.
//!
//! Strongly connected components are found by Tarjan's algorithm (1972), without recursion.

use super::graph::{Draft, UnitKind};
use super::node::{DefId, NodeDef};
use super::report::Report;
use std::collections::HashMap;

/// Which draft has to come before which others; soft edges left out.
pub(super) fn edges(drafts: &[Draft], nodes: &[NodeDef]) -> Vec<Vec<usize>> {
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut counters: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        if let Some(list) = own.get_mut(draft.def.index()) {
            list.push(at);
        }
        for (read, _) in draft.reads.iter().filter(|(_, soft)| !soft) {
            if let Some(list) = readers.get_mut(read.index()) {
                list.push(at);
            }
        }
        for (repeat, _) in draft.counts.iter().filter(|(_, soft)| !soft) {
            counters.entry(*repeat).or_default().push(at);
        }
    }
    let below = |def: DefId, lists: &[Vec<usize>]| -> Vec<usize> {
        let end = nodes.get(def.index()).map_or(0, |n| n.end as usize);
        lists.get(def.index()..end).unwrap_or_default().iter().flatten().copied().collect()
    };
    drafts
        .iter()
        .enumerate()
        .map(|(at, draft)| {
            let mut after = match draft.kind {
                UnitKind::Calculate | UnitKind::Choices => {
                    readers.get(draft.def.index()).cloned().unwrap_or_default()
                }
                UnitKind::Relevant => {
                    let mut all = below(draft.def, &readers);
                    all.extend(below(draft.def, &own).into_iter().filter(|d| *d != at));
                    all
                }
                UnitKind::Count => {
                    let mut all = below(draft.def, &readers);
                    all.extend(below(draft.def, &own).into_iter().filter(|d| *d != at));
                    let repeat = nodes.get(draft.def.index()).and_then(|n| n.repeat);
                    all.extend(repeat.and_then(|r| counters.get(&r)).into_iter().flatten());
                    all
                }
                UnitKind::Readonly | UnitKind::Required | UnitKind::Constraint => Vec::new(),
            };
            after.sort_unstable();
            after.dedup();
            after
        })
        .collect()
}

/// The drafts in an order that follows the edges. Cycles of relevance and calculation are refused; a calculation that
/// reads only itself is not (`coalesce(., /data/default)`), nor is one through the number of instances or choices.
pub(super) fn order(
    drafts: &[Draft],
    edges: &[Vec<usize>],
    nodes: &[NodeDef],
    report: &mut Report,
) -> Vec<usize> {
    let decides = |at: usize| {
        drafts.get(at).is_some_and(|d| matches!(d.kind, UnitKind::Relevant | UnitKind::Calculate))
    };
    let calculates = |at: usize| drafts.get(at).is_some_and(|d| d.kind == UnitKind::Calculate);
    let strict: Vec<Vec<usize>> = edges
        .iter()
        .enumerate()
        .map(|(at, after)| {
            let keep = |to: &usize| decides(*to) && !(*to == at && calculates(at));
            if decides(at) { after.iter().copied().filter(keep).collect() } else { Vec::new() }
        })
        .collect();
    for component in components(&strict) {
        let itself = component.first().is_some_and(|at| strict.get(*at).is_some_and(|e| e.contains(at)));
        if component.len() < 2 && !itself {
            continue;
        }
        let rules = component.iter().filter_map(|at| drafts.get(*at));
        let mut paths: Vec<&str> =
            rules.filter_map(|d| nodes.get(d.def.index())).map(|n| n.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        let message = format!("These nodes depend on each other in a circle: {}.", paths.join(", "));
        report.error("cycle", paths.first().unwrap_or(&""), message, "Break the circle.");
    }
    let mut order: Vec<usize> = components(edges).into_iter().flatten().collect();
    order.reverse();
    order
}

/// Strongly connected components, each before those that lead to it.
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let count = edges.len();
    let (mut index, mut low) = (vec![NEW; count], vec![0; count]);
    let mut on_stack = vec![false; count];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0);
    for start in 0..count {
        let mut work: Vec<(usize, usize)> =
            if index.get(start) == Some(&NEW) { vec![(start, 0)] } else { Vec::new() };
        while let Some((at, edge)) = work.pop() {
            if edge == 0 {
                set(&mut index, at, next);
                set(&mut low, at, next);
                set(&mut on_stack, at, true);
                stack.push(at);
                next += 1;
            }
            let to = edges.get(at).and_then(|e| e.get(edge)).copied();
            if let Some(to) = to {
                work.push((at, edge + 1));
                if index.get(to) == Some(&NEW) {
                    work.push((to, 0));
                } else if on_stack.get(to) == Some(&true) {
                    let least = get(&low, at).min(get(&index, to));
                    set(&mut low, at, least);
                }
                continue;
            }
            if let Some((above, _)) = work.last().copied() {
                let least = get(&low, above).min(get(&low, at));
                set(&mut low, above, least);
            }
            if get(&low, at) == get(&index, at) {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    set(&mut on_stack, member, false);
                    component.push(member);
                    if member == at {
                        break;
                    }
                }
                found.push(component);
            }
        }
    }
    found
}

fn get(values: &[usize], at: usize) -> usize {
    values.get(at).copied().unwrap_or_default()
}

fn set<T>(values: &mut [T], at: usize, value: T) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_comes_before_those_that_lead_to_it() {
        let found = components(&[vec![1], vec![2], vec![1, 3], vec![]]);
        assert_eq!(found, vec![vec![3], vec![2, 1], vec![0]]);
    }
}
