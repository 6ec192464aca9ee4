//! Re-evaluation: an answer runs the rules that read it, in the order of the form, and nothing else.

use super::Session;
use super::state::Task;
use crate::compile::initial_value;
use crate::compile::{
    Choice, ChoiceLabel, ChoiceList, Cond, Count, DefId, Filter, Form, NodeDef, Select, Source, UnitKind,
};
use baraza_xpath::{Context, Expr, NodeId, NodeRef};
use std::cell::OnceCell;
use std::fmt::Write as _;
use std::sync::Arc;

/// Evaluations of each rule, on average, after which a form that keeps changing itself is left alone.
const MAX_ROUNDS: usize = 50;
/// Actions in a row that set each other off.
const MAX_ACTIONS: usize = 1_000;

impl Session {
    /// Runs what is on the agenda, and the actions that changes set off, until nothing is left.
    pub(super) fn settle(&mut self) {
        let form = Arc::clone(&self.form);
        let mut actions = 0;
        loop {
            self.evaluate_agenda(&form);
            actions += 1;
            if actions > MAX_ACTIONS {
                self.fired.clear();
                self.newborn.clear();
            }
            if let Some((number, instance)) = self.newborn.pop() {
                self.new_instance_actions(&form, number, instance);
            } else if let Some((source, action)) = self.fired.pop_front() {
                self.fire(&form, source, action);
            } else {
                break;
            }
        }
    }

    pub(super) fn evaluate_agenda(&mut self, form: &Form) {
        let mut tasks = 0;
        while let Some(task) = self.agenda.next() {
            tasks += 1;
            if tasks > 1_000 + MAX_ROUNDS * form.units.len() {
                self.agenda = super::state::Agenda::new(form.units.len());
                break;
            }
            self.run(form, &task);
        }
        for occurrence in self.repeats.iter_mut().flatten() {
            occurrence.fresh = false;
        }
    }

    fn run(&mut self, form: &Form, task: &Task) {
        let Some(unit) = form.units.get(task.unit.index()) else { return };
        if self.unknown.get(task.unit.index()) == Some(&true) {
            return;
        }
        let def = form.node(unit.def);
        let at = if unit.kind == UnitKind::Count { def.parent.unwrap_or(unit.def) } else { unit.def };
        if let Some(node) = self.forest.home(at.0) {
            self.apply(form, unit.kind, unit.def, def, node);
            return;
        }
        let nodes = match &task.only {
            None => self.nodes_of(form, at),
            Some(named) => {
                let mut nodes = self.fresh_nodes_of(form, at);
                nodes.extend(named.iter().filter(|n| !nodes.contains(n)).copied().collect::<Vec<_>>());
                nodes
            }
        };
        for node in nodes {
            self.apply(form, unit.kind, unit.def, def, node);
        }
    }

    fn apply(&mut self, form: &Form, kind: UnitKind, id: DefId, def: &NodeDef, node: NodeId) {
        if self.only_read && !self.shows(kind, node) {
            return;
        }
        match kind {
            UnitKind::Count => self.apply_count(form, def, node),
            UnitKind::Relevant => {
                let value = self.test(&def.relevant, node, true);
                self.set_relevant(form, id, node, value);
            }
            UnitKind::Calculate => self.apply_calculation(form, def, node),
            UnitKind::Choices => self.apply_choices(form, def, node),
            UnitKind::Readonly => {
                let value = self.test(&def.readonly, node, false);
                self.state_mut(node).readonly = value;
            }
            UnitKind::Required => {
                let value = self.test(&def.required, node, false);
                self.state_mut(node).required = value;
            }
            UnitKind::Constraint => {
                let tree = self.forest.primary();
                let blank = !tree.is_relevant(node) || tree.text(node).is_empty();
                let value = blank || self.test(&def.constraint, node, true);
                self.state_mut(node).satisfied = value;
            }
        }
    }

    /// Whether the result of a rule can be seen where nobody edits. What becomes relevant runs its rules again; what
    /// is required is asked in the end, of blank answers only.
    fn shows(&self, kind: UnitKind, node: NodeId) -> bool {
        let tree = self.forest.primary();
        match kind {
            UnitKind::Readonly | UnitKind::Required => false,
            UnitKind::Relevant => tree.parent(node).is_none_or(|p| tree.is_relevant(p)),
            UnitKind::Constraint => tree.is_relevant(node),
            UnitKind::Count | UnitKind::Calculate | UnitKind::Choices => true,
        }
    }

    pub(super) fn test(&self, cond: &Cond, node: NodeId, otherwise: bool) -> bool {
        match cond {
            Cond::Const(value) => *value,
            Cond::Expr(expr) => {
                self.with_env(|env| expr.eval_bool(env, Context::primary(node))).unwrap_or(otherwise)
            }
        }
    }

    pub(super) fn string(&self, expr: &Expr, context: Context) -> Arc<str> {
        self.with_env(|env| expr.eval_string(env, context)).unwrap_or_default()
    }

    fn apply_calculation(&mut self, form: &Form, def: &NodeDef, node: NodeId) {
        let Some(expr) = &def.calculate else { return };
        let relevant = self.forest.primary().is_relevant(node);
        if !relevant && !def.impure {
            self.state_mut(node).calculated = None;
            return;
        }
        let stored = self.state(node).stored.clone();
        if let Some(kept) = stored.filter(|_| self.restoring && def.impure) {
            self.state_mut(node).calculated = Some(kept);
            return;
        }
        let result = self.string(expr, Context::primary(node));
        if self.state(node).calculated.as_ref() == Some(&result) {
            return;
        }
        self.state_mut(node).calculated = Some(Arc::clone(&result));
        let keeps = self.restoring && def.stored && !def.impure;
        if relevant && !keeps {
            self.write(form, def, node, &initial_value(def, &result));
        }
    }

    fn apply_choices(&mut self, form: &Form, def: &NodeDef, node: NodeId) {
        self.state_mut(node).choices = OnceCell::new();
        if let Some(stored) = self.state(node).stored.clone() {
            self.show(form, def, node, &stored);
        }
    }

    fn apply_count(&mut self, form: &Form, def: &NodeDef, parent: NodeId) {
        let Some(number) = def.repeat else { return };
        let Count::Expr(expr) = &form.repeat(number).count else { return };
        let Ok(wanted) = self.with_env(|env| expr.eval_number(env, Context::primary(parent))) else { return };
        if wanted.is_nan() {
            return;
        }
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to a small range"
        )]
        let wanted = wanted.clamp(0.0, super::repeat::MAX_INSTANCES as f64) as usize;
        self.set_count(form, number, parent, wanted);
    }

    /// Sets a node's own relevance, and with it that of what is below.
    pub(super) fn set_relevant(&mut self, form: &Form, id: DefId, node: NodeId, value: bool) {
        if self.state(node).relevant == value {
            return;
        }
        self.state_mut(node).relevant = value;
        let tree = self.forest.primary();
        let around = tree.parent(node).is_none_or(|p| tree.is_relevant(p));
        let now = around && value;
        if tree.is_relevant(node) == now {
            return;
        }
        self.spread(form, node, now);
        for unit in &form.node(id).fanout {
            self.agenda.add(*unit);
        }
    }

    fn spread(&mut self, form: &Form, node: NodeId, now: bool) {
        let mut open = vec![(node, now)];
        while let Some((at, now)) = open.pop() {
            let tree = self.forest.primary_mut();
            if tree.is_relevant(at) == now {
                continue;
            }
            tree.set_relevant(at, now);
            let tree = self.forest.primary();
            for child in tree.children(at).chain(tree.attributes(at)) {
                open.push((child, now && self.state(child).relevant));
            }
            let id = self.state(at).def;
            if id == DefId::NONE || !form.node(id).is_leaf() {
                continue;
            }
            let def = form.node(id);
            if !self.forest.primary().text(at).is_empty() {
                self.fired
                    .extend(def.on_change.iter().filter(|_| !self.beginning).map(|action| (at, *action)));
            }
            if now && def.calculate.is_some() {
                match self.state(at).calculated.clone().filter(|_| def.impure) {
                    Some(kept) => self.write(form, def, at, &initial_value(def, &kept)),
                    None => self.state_mut(at).calculated = None,
                }
            }
        }
    }

    /// Keeps a value for a node, and runs what follows from it.
    pub(super) fn write(&mut self, form: &Form, def: &NodeDef, node: NodeId, value: &str) {
        let state = self.state_mut(node);
        if state.stored.as_deref().unwrap_or_default() == value {
            return;
        }
        let value: Option<Arc<str>> = (!value.is_empty()).then(|| value.into());
        state.stored.clone_from(&value);
        if def.stored && !state.pending {
            state.pending = true;
            self.pending.push(node);
        }
        self.show(form, def, node, value.as_ref().unwrap_or(&Arc::default()));
    }

    /// Makes of a kept value what the tree shows: for selects, what is on offer of it.
    pub(super) fn show(&mut self, form: &Form, def: &NodeDef, node: NodeId, stored: &Arc<str>) {
        let shown: Arc<str> = match &def.select {
            // Where a choice filter reads an absent severe answer, nothing is known about what is on offer.
            Some(select) if !stored.is_empty() && !self.is_unknown(def, UnitKind::Choices) => {
                let offered = select.offered(self.choices(select, node), stored);
                if offered == **stored { Arc::clone(stored) } else { offered.into() }
            }
            _ => Arc::clone(stored),
        };
        let tree = self.forest.primary_mut();
        if *tree.text(node) == shown {
            return;
        }
        tree.set_text(node, shown);
        self.changed(form, def, node);
    }

    /// Whether a node's rule of this kind depends on an absent severe answer.
    fn is_unknown(&self, def: &NodeDef, kind: UnitKind) -> bool {
        !self.options.absent.is_empty()
            && def.units.iter().any(|u| {
                self.unknown.get(u.index()) == Some(&true)
                    && self.form.units.get(u.index()).is_some_and(|u| u.kind == kind)
            })
    }

    /// Whether a node must be answered.
    pub(super) fn is_required(&self, node: NodeId, def: &NodeDef) -> bool {
        let asked_now = || !self.is_unknown(def, UnitKind::Required) && self.test(&def.required, node, false);
        self.state(node).required || (self.only_read && asked_now())
    }

    fn changed(&mut self, form: &Form, def: &NodeDef, node: NodeId) {
        for unit in &def.readers {
            let reader = form.units.get(unit.index());
            match reader.filter(|u| u.impure && form.node(u.def).in_repeat.is_some()) {
                Some(reader) => {
                    for near in self.nodes_near(form, reader.def, node) {
                        self.agenda.add_node(*unit, near);
                    }
                }
                None => self.agenda.add(*unit),
            }
        }
        if !self.beginning && self.forest.primary().is_relevant(node) {
            self.fired.extend(def.on_change.iter().map(|action| (node, *action)));
        }
    }

    /// What a select offers now.
    pub(super) fn choices<'s>(&'s self, select: &'s Select, node: NodeId) -> &'s ChoiceList {
        match &select.source {
            Source::Always(list) => list,
            Source::Filtered(filter) => {
                let known = &self.state(node).choices;
                // Made outside the cell: a filter may ask for the names of its own choices.
                known.get().unwrap_or_else(|| {
                    let list = self.filtered_list(filter, node);
                    known.get_or_init(|| list)
                })
            }
        }
    }

    fn filtered_list(&self, filter: &Filter, node: NodeId) -> Arc<ChoiceList> {
        let list = || {
            let items = self.with_env(|env| filter.nodeset.eval_nodes(env, Context::primary(node)));
            let choice = |item: NodeRef| Choice {
                value: self.string(&filter.value, Context::of(item)),
                label: ChoiceLabel::Item(item),
            };
            ChoiceList::new(items.unwrap_or_default().into_iter().map(choice).collect())
        };
        match filter.inputs().and_then(|inputs| self.values_read(inputs, node)) {
            Some(values) => filter.list(values, list),
            None => Arc::new(list()),
        }
    }

    /// All that an itemset reads, as a text: the zone, and the values of every input with their lengths.
    fn values_read(&self, inputs: &[Expr], node: NodeId) -> Option<String> {
        let mut text = self.options.zone_minutes.to_string();
        for input in inputs {
            let nodes = self.with_env(|env| input.eval_nodes(env, Context::primary(node))).ok()?;
            let _ = write!(text, "/{}", nodes.len());
            for at in nodes {
                let value = self.forest.value(at);
                let _ = write!(text, " {}:{value}", value.len());
            }
        }
        Some(text)
    }
}
