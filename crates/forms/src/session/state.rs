//! What a session knows of each node and each repeat instance.

use crate::compile::{ChoiceList, DefId, UnitId};
use baraza_model::{Entropy, InstanceId};
use baraza_xpath::NodeId;
use std::cell::OnceCell;
use std::sync::Arc;

/// The state of one node, apart from its place and its shown value (these are in the tree).
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) def: DefId,
    /// Its own relevance, that of what is around it left aside.
    pub(super) relevant: bool,
    /// Its own read-only rule.
    pub(super) readonly: bool,
    pub(super) required: bool,
    /// Whether its constraint holds; meaningful for values that are not blank.
    pub(super) satisfied: bool,
    /// Whether its value waits to be journaled.
    pub(super) pending: bool,
    /// The value kept, also where it is not relevant or not on offer.
    pub(super) stored: Option<Arc<str>>,
    /// The last result of its calculation.
    pub(super) calculated: Option<Arc<str>>,
    /// What a filtered select offers now.
    pub(super) choices: OnceCell<Arc<ChoiceList>>,
    /// The instance that it is.
    pub(super) instance: Option<InstanceId>,
}

impl State {
    pub(super) fn new(def: DefId) -> Self {
        State {
            def,
            relevant: true,
            readonly: false,
            required: false,
            satisfied: true,
            pending: false,
            stored: None,
            calculated: None,
            choices: OnceCell::new(),
            instance: None,
        }
    }
}

/// One instance of a repeat.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    pub(super) id: InstanceId,
    pub(super) parent: Option<InstanceId>,
    pub(super) order: u32,
    /// Its element.
    pub(super) node: NodeId,
    /// By definition, counted from the repeat's: the nodes in it that are in no inner repeat.
    pub(super) nodes: Vec<Option<NodeId>>,
    /// Added since rules were last evaluated.
    pub(super) fresh: bool,
}

/// Rules to evaluate, taken in order.
#[derive(Debug, Clone)]
pub(super) struct Agenda {
    /// For every node of the rule.
    all: Vec<u64>,
    /// For fresh instances, and the nodes named.
    some: Vec<u64>,
    named: Vec<(UnitId, NodeId)>,
    /// The word from which on there may be something.
    from: usize,
}

/// A rule to evaluate now.
pub(super) struct Task {
    pub(super) unit: UnitId,
    /// Only for fresh instances and these nodes; for every node if `None`.
    pub(super) only: Option<Vec<NodeId>>,
}

impl Agenda {
    pub(super) fn new(units: usize) -> Self {
        let words = units.div_ceil(64);
        Agenda { all: vec![0; words], some: vec![0; words], named: Vec::new(), from: words }
    }

    pub(super) fn everything(units: usize) -> Self {
        let mut agenda = Agenda::new(units);
        agenda.from = 0;
        for (at, word) in agenda.all.iter_mut().enumerate() {
            let left = units.saturating_sub(at * 64);
            *word = if left >= 64 { u64::MAX } else { (1 << left) - 1 };
        }
        agenda
    }

    pub(super) fn add(&mut self, unit: UnitId) {
        let at = unit.index() / 64;
        if let Some(word) = self.all.get_mut(at) {
            *word |= 1 << (unit.index() % 64);
            self.from = self.from.min(at);
        }
    }

    pub(super) fn add_fresh(&mut self, unit: UnitId) {
        let at = unit.index() / 64;
        if let Some(word) = self.some.get_mut(at) {
            *word |= 1 << (unit.index() % 64);
            self.from = self.from.min(at);
        }
    }

    pub(super) fn add_node(&mut self, unit: UnitId, node: NodeId) {
        self.named.push((unit, node));
        self.add_fresh(unit);
    }

    pub(super) fn next(&mut self) -> Option<Task> {
        while let (Some(all), Some(some)) = (self.all.get_mut(self.from), self.some.get_mut(self.from)) {
            let both = *all | *some;
            if both == 0 {
                self.from += 1;
                continue;
            }
            let bit = both.trailing_zeros();
            let mask = 1_u64 << bit;
            let every = *all & mask != 0;
            *all &= !mask;
            *some &= !mask;
            let unit = UnitId(u32::try_from(self.from * 64).unwrap_or(u32::MAX).saturating_add(bit));
            let named: Vec<NodeId> = if self.named.is_empty() {
                Vec::new()
            } else {
                let found = self.named.iter().filter(|(u, _)| *u == unit).map(|(_, n)| *n).collect();
                self.named.retain(|(u, _)| *u != unit);
                found
            };
            return Some(Task { unit, only: (!every).then_some(named) });
        }
        None
    }
}

/// Random bytes of one session, drawn from a seed: blocks of SHA-256(seed ‖ counter).
#[derive(Debug, Clone)]
pub(super) struct Draw {
    seed: [u8; 32],
    counter: u64,
}

impl Draw {
    pub(super) fn new(seed: [u8; 32]) -> Self {
        Draw { seed, counter: 0 }
    }
}

impl Entropy for Draw {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(32) {
            let mut block = self.seed.to_vec();
            block.extend(self.counter.to_be_bytes());
            self.counter += 1;
            let digest = ring::digest::digest(&ring::digest::SHA256, &block);
            chunk.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_in_order_whatever_the_order_of_asking() {
        let mut agenda = Agenda::new(200);
        for unit in [130, 3, 64] {
            agenda.add(UnitId(unit));
        }
        let mut seen = Vec::new();
        while let Some(task) = agenda.next() {
            seen.push(task.unit.0);
            if task.unit.0 == 64 {
                agenda.add(UnitId(5));
            }
        }
        assert_eq!(seen, [3, 64, 5, 130]);
        let mut all = Agenda::everything(130);
        assert_eq!(std::iter::from_fn(|| all.next()).count(), 130);
    }
}
