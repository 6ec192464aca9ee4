//! Repeat instances: found, added, removed, and counted by the form.
//!
//! Instances that the form makes (those it writes, and those of `jr:count`) get ids that follow from their place, so
//! that two devices which open the same draft make the same ones; those a person adds get random ids.

use super::Session;
use super::state::{Occurrence, State};
use crate::compile::{DefId, Form, Template};
use baraza_model::{Entropy, Instance, InstanceId};
use baraza_xpath::NodeId;

/// The most instances that a form's count makes in one place.
pub(super) const MAX_INSTANCES: usize = 1_000;
/// The most instances of a record that a form's counts lead to.
const MAX_TOTAL: usize = 10_000;

impl Session {
    /// All nodes of a definition, in document order.
    pub(super) fn nodes_of(&self, form: &Form, def: DefId) -> Vec<NodeId> {
        if let Some(node) = self.forest.home(def.0) {
            return vec![node];
        }
        self.filtered(form, def, |_| true)
    }

    /// Those in instances added since rules were last evaluated.
    pub(super) fn fresh_nodes_of(&self, form: &Form, def: DefId) -> Vec<NodeId> {
        self.filtered(form, def, |o| o.fresh)
    }

    fn filtered(&self, form: &Form, def: DefId, keep: impl Fn(&Occurrence) -> bool) -> Vec<NodeId> {
        let Some(number) = form.node(def).in_repeat else { return Vec::new() };
        let offset = def.index() - form.repeat(number).def.index();
        let occurrences = self.repeats.get(number).into_iter().flatten();
        occurrences.filter(|o| keep(o)).filter_map(|o| o.nodes.get(offset).copied().flatten()).collect()
    }

    /// The nodes of a definition as seen from another node: those in the innermost instance that holds both.
    pub(super) fn nodes_near(&self, form: &Form, def: DefId, from: NodeId) -> Vec<NodeId> {
        if let Some(node) = self.forest.home(def.0) {
            return vec![node];
        }
        let mut around = Vec::new();
        let mut number = form.node(def).in_repeat;
        while let Some(at) = number {
            around.push(form.repeat(at).def);
            number = form.repeat(at).parent;
        }
        let shared = self.ancestors(from).find(|a| around.contains(&self.state(*a).def));
        let nodes = self.nodes_of(form, def);
        match shared {
            None => nodes,
            Some(shared) => nodes.into_iter().filter(|n| self.ancestors(*n).any(|a| a == shared)).collect(),
        }
    }

    /// A node and what it is in, from the inside out.
    pub(super) fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(Some(node), |at| self.forest.primary().parent(*at))
    }

    /// The innermost instance that holds a node.
    pub(super) fn instance_of(&self, node: NodeId) -> Option<InstanceId> {
        self.ancestors(node).find_map(|a| self.state(a).instance)
    }

    /// The instances of a repeat below a parent element, in order.
    pub(super) fn occurrences(&self, number: usize, parent: NodeId) -> impl Iterator<Item = &Occurrence> {
        let all = self.repeats.get(number).into_iter().flatten();
        all.filter(move |o| self.forest.primary().parent(o.node) == Some(parent))
    }

    /// Makes a repeat have so many instances, from the end.
    pub(super) fn set_count(&mut self, form: &Form, number: usize, parent: NodeId, wanted: usize) {
        let have: Vec<NodeId> = self.occurrences(number, parent).map(|o| o.node).collect();
        for node in have.iter().skip(wanted).rev() {
            self.drop_instance(form, number, *node);
        }
        for index in have.len()..wanted {
            if self.repeats.iter().map(Vec::len).sum::<usize>() >= MAX_TOTAL {
                break;
            }
            let id = self.settled_id(form, number, parent, index);
            let repeat = form.repeat(number);
            let template = repeat.initials.get(index).unwrap_or(&repeat.template);
            let node = self.grow(form, number, parent, template, id);
            self.announce(form, number, id);
            if !self.restoring {
                self.newborn.push((number, node));
            }
        }
    }

    /// An id that follows from the instance's place; a random one where that was taken and removed.
    pub(super) fn settled_id(
        &mut self,
        form: &Form,
        number: usize,
        parent: NodeId,
        index: usize,
    ) -> InstanceId {
        let mut text = b"baraza form instance".to_vec();
        text.extend(self.options.instance_id.as_bytes());
        text.extend(self.instance_of(parent).map(|i| i.0).unwrap_or_default());
        text.extend(form.node(form.repeat(number).def).path.as_bytes());
        text.extend(index.to_be_bytes());
        let digest = ring::digest::digest(&ring::digest::SHA256, &text);
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        let id = InstanceId::new_v4(&mut Given(bytes));
        let used = self.removed.contains_key(&id) || self.repeats.iter().flatten().any(|o| o.id == id);
        if used { InstanceId::new_v4(&mut *self.draw.borrow_mut()) } else { id }
    }

    /// Grafts an instance at the end of its repeat and notes it; journals nothing and evaluates nothing.
    pub(super) fn grow(
        &mut self,
        form: &Form,
        number: usize,
        parent: NodeId,
        template: &Template,
        id: InstanceId,
    ) -> NodeId {
        let def = form.repeat(number).def;
        let tree = self.forest.primary();
        let before = tree.children(parent).find(|c| {
            let other = self.state(*c).def;
            other != DefId::NONE && other > def
        });
        let node = self.forest.primary_mut().graft(parent, before, &template.tree, template.root);
        let slots = crate::compile::walk(self.forest.primary(), node);
        self.enter(form, &slots, &template.defs, Some(id));
        for repeat in &form.repeat(number).readers {
            self.agenda.add(*repeat);
        }
        for unit in &form.repeat(number).inside {
            self.agenda.add_fresh(*unit);
        }
        node
    }

    /// Takes up planted nodes: their states, and the instances among them. `first` is the id of the first instance.
    pub(super) fn enter(&mut self, form: &Form, slots: &[NodeId], defs: &[DefId], first: Option<InstanceId>) {
        let mut first = first;
        let mut open: Vec<(usize, Occurrence)> = Vec::new();
        for (node, def) in slots.iter().copied().zip(defs.iter().copied()) {
            let mut state = State::new(def);
            if def == DefId::NONE {
                self.put(node, state);
                continue;
            }
            let node_def = form.node(def);
            state.relevant = !node_def.relevant.is(false);
            let tree = self.forest.primary_mut();
            let around = tree.parent(node).is_none_or(|p| tree.is_relevant(p));
            if !(around && state.relevant) {
                tree.set_relevant(node, false);
            }
            state.readonly = node_def.readonly.is(true);
            state.required = node_def.required.is(true);
            let text = self.forest.primary().text(node);
            state.stored = (node_def.is_leaf() && !text.is_empty()).then(|| text.clone());
            self.put(node, state);
            if let Some(number) = node_def.repeat {
                self.close_until(&mut open, form.repeat(number).parent);
                let parent = self.forest.primary().parent(node).unwrap_or(node);
                let order = self.occurrences(number, parent).map(|o| o.order + 1).max().unwrap_or_default();
                let index = self.occurrences(number, parent).count();
                let id = first.take().unwrap_or_else(|| self.settled_id(form, number, parent, index));
                self.state_mut(node).instance = Some(id);
                let size = (node_def.end - def.0) as usize;
                let nodes = vec![None; size];
                let outer = self.ancestors(parent).find_map(|a| self.state(a).instance);
                open.push((number, Occurrence { id, parent: outer, order, node, nodes, fresh: true }));
            } else {
                self.close_until(&mut open, node_def.in_repeat);
            }
            match (node_def.in_repeat, open.last_mut()) {
                (Some(number), Some((_, occurrence))) => {
                    let offset = def.index() - form.repeat(number).def.index();
                    if let Some(slot) = occurrence.nodes.get_mut(offset) {
                        *slot = Some(node);
                    }
                }
                _ => self.forest.set_home(def.0, node),
            }
        }
        self.close_until(&mut open, None);
    }

    /// Files the open instances that are not of this repeat.
    fn close_until(&mut self, open: &mut Vec<(usize, Occurrence)>, number: Option<usize>) {
        while open.last().is_some_and(|(n, _)| Some(*n) != number) {
            if let Some((number, occurrence)) = open.pop() {
                self.file(number, occurrence);
            }
        }
    }

    /// Puts an instance into its repeat's list at its place in document order.
    fn file(&mut self, number: usize, occurrence: Occurrence) {
        let place = match occurrence.parent {
            None => usize::MAX,
            Some(parent) => {
                let outer = self.form.repeat(number).parent.and_then(|p| self.repeats.get(p));
                let rank = |id: Option<InstanceId>| {
                    outer.and_then(|o| o.iter().position(|x| Some(x.id) == id)).unwrap_or(usize::MAX)
                };
                let own = rank(Some(parent));
                let list = self.repeats.get(number).map(Vec::as_slice).unwrap_or_default();
                list.iter().position(|o| rank(o.parent) > own).unwrap_or(usize::MAX)
            }
        };
        if let Some(list) = self.repeats.get_mut(number) {
            let place = place.min(list.len());
            list.insert(place, occurrence);
        }
    }

    /// Journals that an instance and those in it were added, with the values that the form gives them.
    pub(super) fn announce(&mut self, form: &Form, number: usize, id: InstanceId) {
        let below: Vec<(usize, Instance)> = self.instances_in(form, number, id);
        for (number, instance) in below {
            let nodes: Vec<NodeId> = self
                .repeats
                .get(number)
                .into_iter()
                .flatten()
                .filter(|o| o.id == instance.id)
                .flat_map(|o| o.nodes.iter().flatten().copied())
                .collect();
            self.structure.push(baraza_model::Edit::Add(instance));
            for node in nodes {
                self.announce_value(form, node);
            }
        }
    }

    pub(super) fn announce_value(&mut self, form: &Form, node: NodeId) {
        let state = self.state_mut(node);
        if state.def != DefId::NONE && form.node(state.def).stored && state.stored.is_some() && !state.pending
        {
            state.pending = true;
            self.pending.push(node);
        }
    }

    /// An instance and those in it, outer ones first.
    fn instances_in(&self, form: &Form, number: usize, id: InstanceId) -> Vec<(usize, Instance)> {
        let mut ids = vec![id];
        let mut found = Vec::new();
        for at in number..form.repeats.len() {
            for occurrence in self.repeats.get(at).into_iter().flatten() {
                let inside = occurrence.parent.is_some_and(|p| ids.contains(&p));
                if occurrence.id == id || inside {
                    ids.push(occurrence.id);
                    found.push((at, self.instance(form, at, occurrence)));
                }
            }
        }
        found
    }

    pub(super) fn instance(&self, form: &Form, number: usize, occurrence: &Occurrence) -> Instance {
        Instance {
            id: occurrence.id,
            repeat: form.node(form.repeat(number).def).question().to_owned(),
            parent: occurrence.parent,
            order: occurrence.order,
            removed: false,
        }
    }

    /// Takes an instance away and journals it.
    pub(super) fn drop_instance(&mut self, form: &Form, number: usize, node: NodeId) {
        let Some(id) = self.state(node).instance else { return };
        let gone = self.instances_in(form, number, id);
        let nodes = crate::compile::walk(self.forest.primary(), node);
        self.pending.retain(|n| !nodes.contains(n));
        self.fired.retain(|(n, _)| !nodes.contains(n));
        self.newborn.retain(|(_, n)| !nodes.contains(n));
        for (at, mut instance) in gone {
            if let Some(list) = self.repeats.get_mut(at) {
                list.retain(|o| o.id != instance.id);
            }
            instance.removed = instance.id == id;
            self.removed.insert(instance.id, instance);
        }
        self.structure.push(baraza_model::Edit::Remove { id, removed: true });
        self.forest.primary_mut().remove(node);
        for unit in &form.repeat(number).readers {
            self.agenda.add(*unit);
        }
    }
}

/// Gives back the bytes that it was made from.
struct Given([u8; 16]);

impl Entropy for Given {
    fn fill(&mut self, buf: &mut [u8]) {
        buf.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
    }
}
