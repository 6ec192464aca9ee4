//! What a change's operations refer to: only operations that it had seen, of the same object and the same key.
//!
//! Automerge takes references on trust: one that leads elsewhere can panic at once, or only when the document is next
//! built from its changes, and then the part could no longer be read. So each reference is followed here first.

use crate::RecordError;
use crate::decode::{Decoded, Key, LocalId, Op};
use crate::graph::{Graph, Node};
use crate::seed;
use std::collections::{BTreeMap, BTreeSet};

const UNSEEN: RecordError = RecordError::Causality("it refers to what it has not seen");
const ASTRAY: RecordError = RecordError::Causality("it refers to an operation elsewhere");

/// Checks all references of a change whose dependencies are here.
pub(crate) fn check(graph: &Graph, node: &Node, change: &Decoded<'_>) -> Result<(), RecordError> {
    let mut follower = Follower { graph, node, change, seen: None, decoded: BTreeMap::new() };
    for (ctr, op) in change.numbered() {
        if let Some(obj) = op.obj {
            follower.object(ctr, obj)?;
        }
        if let Key::Elem(id) = op.key {
            let (inserted, same_object) = follower.element(ctr, op, id)?;
            if !inserted || !same_object {
                return Err(ASTRAY);
            }
        }
        follower.predecessors(ctr, op)?;
    }
    Ok(())
}

struct Follower<'c, 'a> {
    graph: &'c Graph,
    node: &'c Node,
    change: &'c Decoded<'a>,
    /// What the change had seen; made when its direct dependencies do not answer.
    seen: Option<BTreeSet<crate::ChangeId>>,
    /// Changes referred to, by place in the graph.
    decoded: BTreeMap<usize, Decoded<'c>>,
}

impl<'c> Follower<'c, '_> {
    fn is_local(&self, (ctr, actor): LocalId) -> bool {
        actor == 0 && ctr >= self.change.start_op
    }

    fn actor(&self, (_, actor): LocalId) -> &[u8] {
        self.change.actors.get(actor).copied().unwrap_or_default()
    }

    /// The seen change that holds an operation of another change.
    fn holder(&mut self, id: LocalId) -> Result<usize, RecordError> {
        let place = self.graph.place_of(id.0, self.actor(id)).ok_or(UNSEEN)?;
        let holder = self.graph.nodes().get(place).ok_or(UNSEEN)?;
        let seen = self.node.deps.contains(&holder.id)
            || self.seen.get_or_insert_with(|| self.graph.seen_by(&self.node.deps)).contains(&holder.id);
        seen.then_some(place).ok_or(UNSEEN)
    }

    fn object(&mut self, ctr: u64, obj: LocalId) -> Result<(), RecordError> {
        if self.is_local(obj) {
            return if obj.0 < ctr { Ok(()) } else { Err(UNSEEN) };
        }
        if self.actor(obj) == seed::GENESIS_ACTOR && obj.0 <= seed::INSTANCES {
            return Ok(());
        }
        self.holder(obj).map(drop)
    }

    /// Whether `id` inserted an element, and into the object of `op`.
    fn element(&mut self, ctr: u64, op: &Op<'_>, id: LocalId) -> Result<(bool, bool), RecordError> {
        self.look(ctr, id, |target, same_object| (target.insert, same_object(op)))
    }

    /// A map operation replaces operations at its own key; a text operation deletes the element that it names.
    fn predecessors(&mut self, ctr: u64, op: &Op<'_>) -> Result<(), RecordError> {
        let preds = self.change.preds(op);
        if preds.len() > 1 && preds.iter().collect::<BTreeSet<_>>().len() < preds.len() {
            return Err(ASTRAY);
        }
        for pred in preds {
            let right = match op.key {
                Key::Elem(element) => *pred == element,
                Key::Head => false,
                Key::Prop(key) => self.look(ctr, *pred, |target, same_object| {
                    target.key == Key::Prop(key) && same_object(op)
                })?,
            };
            if !right {
                return Err(ASTRAY);
            }
        }
        Ok(())
    }

    /// Looks at the operation `id`, together with a way to tell whether it is of the same object as another.
    fn look<T>(
        &mut self,
        ctr: u64,
        id: LocalId,
        see: impl FnOnce(&Op<'_>, &dyn Fn(&Op<'_>) -> bool) -> T,
    ) -> Result<T, RecordError> {
        let at = |change: &Decoded<'_>| usize::try_from(id.0.checked_sub(change.start_op)?).ok();
        if self.is_local(id) {
            let target = at(self.change)
                .and_then(|at| self.change.ops.get(at))
                .filter(|_| id.0 < ctr)
                .ok_or(UNSEEN)?;
            return Ok(see(target, &|op| op.obj == target.obj));
        }
        let place = self.holder(id)?;
        if !self.decoded.contains_key(&place) {
            let body = self.graph.nodes().get(place).ok_or(UNSEEN)?.body.as_slice();
            self.decoded.insert(place, Decoded::read(body)?);
        }
        let holder = self.decoded.get(&place).ok_or(UNSEEN)?;
        let target = at(holder).and_then(|at| holder.ops.get(at)).ok_or(UNSEEN)?;
        let name = |change: &Decoded<'_>, obj: Option<LocalId>| {
            obj.map(|(ctr, actor)| (ctr, change.actors.get(actor).copied().unwrap_or_default().to_vec()))
        };
        let object = name(holder, target.obj);
        Ok(see(target, &|op| name(self.change, op.obj) == object))
    }
}
