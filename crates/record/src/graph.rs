//! The changes of one part and what each had seen.
//!
//! Kept beside Automerge's own graph because a part's questions are answered from it without building a document:
//! what is missing, who wrote when, who had seen the finalising.

use crate::decode::Decoded;
use crate::error::MAX_CHANGES;
use crate::{ActorPrefix, ChangeId, Heads, RecordError, refs, seed};
use baraza_model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// One change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) id: ChangeId,
    pub(crate) body: Vec<u8>,
    pub(crate) deps: Vec<ChangeId>,
    pub(crate) actor: Vec<u8>,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) max_op: u64,
    pub(crate) time: Timestamp,
    pub(crate) note: Option<String>,
    /// Everybody can make it, so it is neither stored nor sent.
    pub(crate) seed: bool,
}

impl Node {
    pub(crate) fn new(id: ChangeId, change: &Decoded<'_>, body: Vec<u8>) -> Self {
        Self {
            id,
            body,
            deps: change.deps.clone(),
            actor: change.actor().to_vec(),
            seq: change.seq,
            start_op: change.start_op,
            max_op: change.start_op + (change.ops.len() as u64).saturating_sub(1),
            time: Timestamp(change.time),
            note: (!change.note.is_empty()).then(|| change.note.to_owned()),
            seed: false,
        }
    }

    pub(crate) fn prefix(&self) -> ActorPrefix {
        ActorPrefix(self.actor.first_chunk().copied().unwrap_or_default())
    }
}

/// All changes in an order in which each follows what it depends on. The genesis comes first.
#[derive(Debug, Clone)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    index: BTreeMap<ChangeId, usize>,
    /// Each actor's changes, which follow one another.
    by_actor: BTreeMap<Vec<u8>, Vec<usize>>,
    heads: BTreeSet<ChangeId>,
}

impl Graph {
    pub(crate) fn new() -> Self {
        let genesis = seed::genesis();
        Self {
            index: BTreeMap::from([(genesis.id, 0)]),
            by_actor: BTreeMap::from([(genesis.actor.clone(), vec![0])]),
            heads: BTreeSet::from([genesis.id]),
            nodes: vec![genesis.clone()],
        }
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The changes that were written by somebody.
    pub(crate) fn written(&self) -> impl DoubleEndedIterator<Item = &Node> {
        self.nodes.iter().filter(|node| !node.seed)
    }

    pub(crate) fn get(&self, id: &ChangeId) -> Option<&Node> {
        self.nodes.get(*self.index.get(id)?)
    }

    pub(crate) fn contains(&self, id: &ChangeId) -> bool {
        self.index.contains_key(id)
    }

    pub(crate) fn heads(&self) -> Heads {
        Heads(self.heads.iter().copied().collect())
    }

    pub(crate) fn missing(&self, ids: &[ChangeId]) -> Vec<ChangeId> {
        ids.iter().filter(|id| !self.contains(id)).copied().collect()
    }

    pub(crate) fn add(&mut self, node: Node) {
        for dep in &node.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(node.id);
        self.index.insert(node.id, self.nodes.len());
        self.by_actor.entry(node.actor.clone()).or_default().push(self.nodes.len());
        self.nodes.push(node);
    }

    /// The changes that `ids` had seen, themselves included. Unknown ids count for nothing.
    pub(crate) fn seen_by(&self, ids: &[ChangeId]) -> BTreeSet<ChangeId> {
        let mut seen = BTreeSet::new();
        let mut left = ids.to_vec();
        while let Some(id) = left.pop() {
            if let Some(node) = self.get(&id)
                && seen.insert(id)
            {
                left.extend(&node.deps);
            }
        }
        seen
    }

    /// The latest change of an actor.
    pub(crate) fn latest_of(&self, actor: &[u8]) -> Option<&Node> {
        self.nodes.get(*self.by_actor.get(actor)?.last()?)
    }

    /// The change that holds an operation.
    pub(crate) fn change_of(&self, ctr: u64, actor: &[u8]) -> Option<&Node> {
        self.nodes.get(self.place_of(ctr, actor)?)
    }

    /// Where in [`Graph::nodes`] the change is that holds an operation.
    pub(crate) fn place_of(&self, ctr: u64, actor: &[u8]) -> Option<usize> {
        let places = self.by_actor.get(actor)?;
        let starts_by = |place: &usize| self.nodes.get(*place).is_some_and(|node| node.start_op <= ctr);
        let place = *places.get(places.partition_point(starts_by).checked_sub(1)?)?;
        self.nodes.get(place).is_some_and(|node| ctr <= node.max_op).then_some(place)
    }

    /// In an order that is the same wherever the same changes are: by cause, ties by id.
    pub(crate) fn in_order(&self) -> Vec<&Node> {
        let mut nodes: Vec<&Node> = self.written().collect();
        nodes.sort_by_key(|node| (node.start_op, node.id));
        nodes
    }

    /// Checks that a change whose dependencies are here can follow them.
    pub(crate) fn check(&self, node: &Node, change: &Decoded<'_>) -> Result<(), RecordError> {
        if self.nodes.len() >= MAX_CHANGES {
            return Err(RecordError::TooLarge { what: "a part's list of changes", limit: MAX_CHANGES });
        }
        let reached = node.deps.iter().filter_map(|id| self.get(id)).map(|dep| dep.max_op).max();
        let Some(reached) = reached.filter(|reached| node.start_op > *reached) else {
            return Err(RecordError::Causality("its operations do not come after what it has seen"));
        };
        // An author can have counted on from changes that this one does not follow, but not by this much.
        if node.start_op > reached + MAX_AHEAD {
            return Err(RecordError::Causality("its operations are numbered from nowhere"));
        }
        let latest = self.latest_of(&node.actor);
        let reached = latest.map_or(0, |latest| latest.seq);
        if node.seq <= reached {
            return Err(RecordError::ActorReused(node.seq));
        }
        if node.seq != reached + 1 {
            return Err(RecordError::Causality("its actor's previous change is not among its dependencies"));
        }
        let follows =
            |latest: &Node| node.deps.contains(&latest.id) || self.seen_by(&node.deps).contains(&latest.id);
        if latest.is_some_and(|latest| !follows(latest)) {
            return Err(RecordError::Causality("its actor's previous change is not among its dependencies"));
        }
        refs::check(self, node, change)
    }
}

/// How far a change's first operation may lie past those that it follows.
const MAX_AHEAD: u64 = 1 << 22;
