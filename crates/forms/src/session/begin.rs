//! How a session begins: a new record, or a stored one.

use super::state::{Agenda, Draw, State};
use super::{Options, Session};
use crate::compile::initial_value;
use crate::compile::{Count, DefId, Effect, Form, NodeDef, Preload, Source, Template, UnitKind};
use baraza_model::{Answers, Instance, InstanceId};
use baraza_xpath::{Context, NodeId};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

impl Session {
    /// A session over a planted instance, nothing evaluated yet.
    fn over(form: Arc<Form>, options: Options, template: &Template, seed: [u8; 32]) -> Self {
        let mut forest = form.forest.clone();
        *forest.primary_mut() = template.tree.clone();
        let language = options.language.as_deref().and_then(|l| form.language(l));
        let mut session = Session {
            language: language.unwrap_or_else(|| form.default_language()),
            agenda: Agenda::everything(form.units.len()),
            repeats: vec![Vec::new(); form.repeats.len()],
            states: Vec::with_capacity(template.tree.len()),
            unknown: unknown(&form, &options),
            draw: RefCell::new(Draw::new(seed)),
            nested: Cell::new(0),
            forest,
            options,
            fired: VecDeque::new(),
            newborn: Vec::new(),
            pending: Vec::new(),
            structure: Vec::new(),
            removed: BTreeMap::new(),
            foreign: BTreeMap::new(),
            beginning: true,
            restoring: false,
            only_read: false,
            form: Arc::clone(&form),
        };
        session.enter(&form, &template.slots, &template.defs, None);
        session
    }

    pub(super) fn fresh(form: Arc<Form>, options: Options, seed: [u8; 32]) -> Self {
        let mut session = Session::over(Arc::clone(&form), options, &form.initial, seed);
        session.count_fixed(&form);
        let top: Vec<(usize, InstanceId)> = session.top_instances();
        for (number, id) in top {
            session.announce(&form, number, id);
        }
        session.show_all(&form);
        let homes: Vec<NodeId> = session.forest.homes().map(|(_, node)| node).collect();
        for node in homes {
            session.announce_value(&form, node);
        }
        session.preload(&form, false);
        session.settle();
        session.beginning = false;
        session.load_actions(&form, true);
        session
    }

    /// `only_read`: the session is thrown away after reading.
    pub(super) fn stored(
        form: Arc<Form>,
        options: Options,
        answers: &Answers,
        seed: [u8; 32],
        only_read: bool,
    ) -> Self {
        let mut session = Session::over(Arc::clone(&form), options, &form.bare, seed);
        session.restoring = true;
        session.only_read = only_read;
        session.take_up(&form, answers);
        session.count_fixed(&form);
        session.show_all(&form);
        session.settle();
        session.restoring = false;
        session.beginning = false;
        session
    }

    /// What follows when a person opens a stored record.
    pub(super) fn reopen(&mut self) {
        let form = Arc::clone(&self.form);
        self.preload(&form, true);
        self.settle();
        self.load_actions(&form, false);
    }

    fn top_instances(&self) -> Vec<(usize, InstanceId)> {
        let all = self.repeats.iter().enumerate();
        all.flat_map(|(n, list)| list.iter().filter(|o| o.parent.is_none()).map(move |o| (n, o.id))).collect()
    }

    /// Repeats whose number the form fixes once for all.
    fn count_fixed(&mut self, form: &Form) {
        for (number, repeat) in form.repeats.iter().enumerate() {
            let Count::Fixed(wanted) = repeat.count else { continue };
            let Some(parent) = form.node(repeat.def).parent else { continue };
            for node in self.nodes_of(form, parent) {
                let have = self.occurrences(number, node).count();
                self.set_count(form, number, node, wanted.max(have));
            }
        }
    }

    /// Brings the shown value of selects whose choices never change in line with them; a rule sees to the others.
    fn show_all(&mut self, form: &Form) {
        let always = |d: &NodeDef| d.select.as_ref().is_some_and(|s| matches!(s.source, Source::Always(_)));
        for (def, id) in form.nodes.iter().zip(0..).filter(|(d, _)| always(d)) {
            for node in self.nodes_of(form, DefId(id)) {
                if let Some(stored) = self.state(node).stored.clone() {
                    self.show(form, def, node, &stored);
                }
            }
        }
    }

    fn preload(&mut self, form: &Form, again: bool) {
        for (def, id) in form.nodes.iter().zip(0..).filter(|(d, _)| d.preload.is_some()) {
            let Some(preload) = def.preload else { continue };
            let identity = preload == Preload::Uid && def.path.ends_with("/meta/instanceID");
            if preload == Preload::End || (again && !identity) {
                continue;
            }
            for node in self.nodes_of(form, DefId(id)) {
                let blank = self.state(node).stored.is_none();
                if !identity || blank || !again {
                    let value = self.preloaded(form, preload, identity);
                    if !value.is_empty() {
                        self.write(form, def, node, &initial_value(def, &value));
                    }
                }
            }
        }
    }

    fn preloaded(&self, form: &Form, preload: Preload, identity: bool) -> String {
        let root = Context::primary(self.forest.primary().root());
        match preload {
            Preload::Uid if identity && !self.options.instance_id.is_empty() => {
                self.options.instance_id.clone()
            }
            Preload::Uid => {
                let id = InstanceId::new_v4(&mut *self.draw.borrow_mut());
                format!("uuid:{}", uuid::Uuid::from_bytes(id.0).hyphenated())
            }
            Preload::Start | Preload::End => self.string(&form.now, root).to_string(),
            Preload::Today => self.string(&form.today, root).to_string(),
            Preload::Device => self.options.device_alias.clone(),
            Preload::Email => self.options.email.clone(),
            Preload::Phone => self.options.phone.clone(),
            Preload::Username => self.options.username.clone(),
        }
    }

    /// Sets the end timestamp.
    pub(super) fn end(&mut self) {
        let form = Arc::clone(&self.form);
        for (def, id) in form.nodes.iter().zip(0..).filter(|(d, _)| d.preload == Some(Preload::End)) {
            for node in self.nodes_of(&form, DefId(id)) {
                let value = self.preloaded(&form, Preload::End, false);
                self.write(&form, def, node, &initial_value(def, &value));
            }
        }
        self.settle();
    }

    fn load_actions(&mut self, form: &Form, first: bool) {
        for (at, action) in form.actions.iter().enumerate() {
            if !(action.load || (first && action.first_load)) {
                continue;
            }
            for node in self.nodes_of(form, action.target) {
                self.act(form, at, node, true);
                self.settle();
            }
        }
    }

    /// The actions of a repeat on a new instance.
    pub(super) fn new_instance_actions(&mut self, form: &Form, number: usize, instance: NodeId) {
        for inner in number..form.repeats.len() {
            for action in &form.repeat(inner).on_new {
                let Some(target) = form.actions.get(*action).map(|a| a.target) else { continue };
                for node in self.nodes_of(form, target) {
                    if self.ancestors(node).any(|a| a == instance) {
                        self.act(form, *action, node, true);
                        self.evaluate_agenda(form);
                    }
                }
            }
        }
    }

    /// An action that a change of `source` sets off.
    pub(super) fn fire(&mut self, form: &Form, source: NodeId, action: usize) {
        let Some(target) = form.actions.get(action).map(|a| a.target) else { return };
        for node in self.nodes_near(form, target, source) {
            self.act(form, action, node, false);
        }
    }

    fn act(&mut self, form: &Form, action: usize, node: NodeId, if_relevant: bool) {
        let Some(action) = form.actions.get(action) else { return };
        if if_relevant && !self.forest.primary().is_relevant(node) {
            return;
        }
        let value = match &action.effect {
            Effect::Outside => return,
            Effect::Clear => String::new(),
            Effect::Text(text) => text.clone(),
            Effect::Expr(expr) => self.string(expr, Context::primary(node)).to_string(),
        };
        let def = form.node(action.target);
        self.write(form, def, node, &initial_value(def, &value));
    }

    /// Takes up stored instances and answers.
    fn take_up(&mut self, form: &Form, answers: &Answers) {
        let mut by_place: BTreeMap<(&str, Option<InstanceId>), Vec<&Instance>> = BTreeMap::new();
        for instance in answers.instances.values().filter(|i| !i.removed) {
            by_place.entry((&instance.repeat, instance.parent)).or_default().push(instance);
        }
        let mut nodes: BTreeMap<InstanceId, (usize, usize)> = BTreeMap::new();
        for (number, repeat) in form.repeats.iter().enumerate() {
            let question = form.node(repeat.def).question();
            let Some(parent) = form.node(repeat.def).parent else { continue };
            for place in self.nodes_of(form, parent) {
                let mut found = by_place.remove(&(question, self.instance_of(place))).unwrap_or_default();
                found.sort_by_key(|i| (i.order, i.id));
                for instance in found {
                    self.grow(form, number, place, &repeat.bare, instance.id);
                    if let Some(o) =
                        self.repeats.get_mut(number).and_then(|l| l.iter_mut().find(|o| o.id == instance.id))
                    {
                        o.order = instance.order;
                    }
                }
            }
            for (at, occurrence) in self.repeats.get(number).into_iter().flatten().enumerate() {
                nodes.insert(occurrence.id, (number, at));
            }
        }
        for instance in answers.instances.values().filter(|i| !nodes.contains_key(&i.id)) {
            self.removed.insert(instance.id, instance.clone());
        }
        for (path, value) in &answers.values {
            let def = form.by_question.get(&path.question).copied();
            let node = def.and_then(|def| match path.instance {
                None => self.forest.home(def.0),
                Some(instance) => {
                    let (number, at) = nodes.get(&instance)?;
                    let offset = def.index().checked_sub(form.repeat(*number).def.index())?;
                    *self.repeats.get(*number)?.get(*at)?.nodes.get(offset)?
                }
            });
            let known = node.zip(def).filter(|(_, def)| form.node(*def).stored);
            let Some((node, _)) = known else {
                let gone = path.instance.is_some_and(|i| !nodes.contains_key(&i));
                if !gone {
                    self.foreign.insert(path.clone(), value.clone());
                }
                continue;
            };
            let value: Arc<str> = value.as_str().into();
            self.forest.primary_mut().set_text(node, Arc::clone(&value));
            self.state_mut(node).stored = Some(value);
        }
    }

    /// Puts a state at a node's place.
    pub(super) fn put(&mut self, node: NodeId, state: State) {
        let at = node.index();
        if at >= self.states.len() {
            self.states.resize_with(at, || State::new(DefId::NONE));
            self.states.push(state);
        } else if let Some(slot) = self.states.get_mut(at) {
            *slot = state;
        }
    }
}

/// The rules that read an absent severe answer, directly or through a calculation.
fn unknown(form: &Form, options: &Options) -> Vec<bool> {
    if options.absent.is_empty() {
        return Vec::new();
    }
    let mut absent: Vec<bool> = form.nodes.iter().map(|n| options.absent.contains(n.question())).collect();
    let mut unknown = vec![false; form.units.len()];
    for (unit, flag) in form.units.iter().zip(&mut unknown) {
        let own = unit.kind == UnitKind::Constraint || unit.kind == UnitKind::Calculate;
        let reads = unit.reads.iter().any(|d| absent.get(d.index()) == Some(&true));
        *flag = reads || (own && absent.get(unit.def.index()) == Some(&true));
        if let Some(slot) =
            absent.get_mut(unit.def.index()).filter(|_| reads && unit.kind == UnitKind::Calculate)
        {
            *slot = true;
        }
    }
    unknown
}
