//! The steps of compiling, from the definition to the form.

use super::graph;
use super::node::{ActionDef, Cond, Count, DefId, Effect, NodeDef, RepeatDef};
use super::report::Report;
use super::schema;
use super::template::{Planter, Template, is_template};
use super::text;
use super::{Compiled, Form};
use crate::attachments::{Attachments, element_tree, empty_tree};
use crate::def::{Action, Bind, BodyItem, Control, Element, FormDef, Group, Repeat};
use crate::session::NodeKind;
use crate::xform::local;
use baraza_xpath::{Axis, Expr, Forest, NameMap, Origin, Tree, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub(super) fn compile(def: FormDef, attachments: &Attachments) -> Compiled {
    let mut report = Report::default();
    let form = Builder::new(&def, attachments, &mut report).and_then(|b| b.build(&mut report));
    let form = form.filter(|_| !report.failed()).map(|mut form| {
        form.hash = def.hash();
        form.def = def;
        form.schema = schema::of(&mut form);
        Arc::new(form)
    });
    Compiled { form, diagnostics: report.diagnostics }
}

/// A repeat of the body with what is around it.
pub(super) struct RepeatBody<'d> {
    pub(super) repeat: &'d Repeat,
    /// The group around it that presents the same element: its label is that of the instances.
    pub(super) group: Option<&'d Group>,
}

/// A repeat of the instance.
pub(super) struct Found {
    pub(super) def: DefId,
    /// The number of the enclosing repeat.
    pub(super) parent: Option<usize>,
    pub(super) template: Element,
    /// The instances that the form writes.
    pub(super) written: Vec<Element>,
}

/// The form in the making.
pub(super) struct Builder<'d> {
    pub(super) def: &'d FormDef,
    /// The primary instance with id, version and meta/instanceID.
    pub(super) root: Element,
    pub(super) binds: BTreeMap<String, &'d Bind>,
    pub(super) controls: BTreeMap<String, &'d Control>,
    pub(super) groups: BTreeMap<String, &'d Group>,
    pub(super) repeats: BTreeMap<String, RepeatBody<'d>>,
    pub(super) nested_actions: Vec<(&'d Action, Option<String>)>,
    pub(super) forest: Forest,
    pub(super) nodes: Vec<NodeDef>,
    pub(super) by_path: HashMap<String, DefId>,
    pub(super) found: Vec<Found>,
}

/// A path without prefixes and blanks.
pub(super) fn plain_path(path: &str) -> String {
    if !path.contains([':', '[', ' ', '\n']) {
        return path.to_owned();
    }
    path.split('/').map(|step| plain_step(step.trim())).collect::<Vec<_>>().join("/")
}

fn plain_step(step: &str) -> String {
    let step = step.split('[').next().unwrap_or(step);
    match step.strip_prefix('@') {
        Some(name) => format!("@{}", local(name)),
        None => local(step).to_owned(),
    }
}

impl<'d> Builder<'d> {
    fn new(def: &'d FormDef, attachments: &Attachments, report: &mut Report) -> Option<Self> {
        let mut root = def.instance.clone();
        root.attributes.insert("id".into(), def.id.clone());
        if let Some(version) = &def.version {
            root.attributes.insert("version".into(), version.clone());
        }
        add_instance_id(&mut root);
        let mut forest = Forest::new(Tree::new(&root.name));
        if let Some(id) = &def.instance_id {
            forest.name_primary(id);
        }
        for instance in &def.secondary {
            let tree = secondary_tree(instance, attachments, report);
            forest.insert(&instance.id, Arc::new(tree));
        }
        let mut builder = Builder {
            def,
            root,
            binds: BTreeMap::new(),
            controls: BTreeMap::new(),
            groups: BTreeMap::new(),
            repeats: BTreeMap::new(),
            nested_actions: Vec::new(),
            forest,
            nodes: Vec::new(),
            by_path: HashMap::new(),
            found: Vec::new(),
        };
        for bind in &def.binds {
            if !bind.nodeset.starts_with('/') {
                report.warn(
                    "bind.relative",
                    &bind.nodeset,
                    "The bind's nodeset is not absolute, so the bind counts for nothing.".into(),
                    "Write the path from the root: /data/….",
                );
                continue;
            }
            let path = plain_path(&bind.nodeset);
            if builder.binds.insert(path.clone(), bind).is_some() {
                report.warn(
                    "bind.twice",
                    &path,
                    "The node has two binds; the last one counts.".into(),
                    "Join them into one.",
                );
            }
        }
        builder.body(&def.body, None);
        builder.nested_actions.extend(def.actions.iter().map(|a| (a, None)));
        Some(builder)
    }

    fn body(&mut self, items: &'d [BodyItem], around: Option<&'d Group>) {
        for item in items {
            match item {
                BodyItem::Group(group) => {
                    let path = group.reference.as_deref();
                    if let Some(path) = path {
                        self.groups.insert(plain_path(path), group);
                    }
                    self.actions(&group.actions, path);
                    self.body(&group.children, Some(group));
                }
                BodyItem::Repeat(repeat) => {
                    let path = plain_path(&repeat.nodeset);
                    let same = |g: &&Group| g.reference.as_ref().is_some_and(|r| plain_path(r) == path);
                    let group = around.filter(same);
                    self.actions(&repeat.actions, Some(&repeat.nodeset));
                    self.body(&repeat.children, None);
                    self.repeats.insert(path, RepeatBody { repeat, group });
                }
                BodyItem::Control(control) => {
                    self.actions(&control.actions, Some(&control.reference));
                    self.controls.entry(plain_path(&control.reference)).or_insert(control);
                }
            }
        }
    }

    fn actions(&mut self, actions: &'d [Action], source: Option<&str>) {
        self.nested_actions.extend(actions.iter().map(|a| (a, source.map(plain_path))));
    }

    fn build(mut self, report: &mut Report) -> Option<Form> {
        let root = self.root.clone();
        self.element(&root, None, None, 0, report);
        self.unplaced(report);
        let mut repeats = self.repeat_defs(report);
        let (actions, first) = self.action_defs(&mut repeats, report);
        for (source, action) in first {
            if let Some(node) = self.nodes.get_mut(source.index()) {
                node.on_change.push(action);
            }
        }
        self.stored(&actions);
        self.selects(report);
        let counted: Vec<bool> = repeats.iter().map(|r| !matches!(r.count, Count::Free)).collect();
        let planter = Planter { nodes: &self.nodes, counted: &counted, bare: false };
        for (repeat, found) in repeats.iter_mut().zip(&self.found) {
            let blank = !is_template(&found.template);
            repeat.template = planter.plant(found.def, Some(&found.template), blank);
            if !matches!(repeat.count, Count::Free) {
                repeat.initials =
                    found.written.iter().map(|e| planter.plant(found.def, Some(e), false)).collect();
            }
        }
        let initial = planter.plant(DefId(0), Some(&root), false);
        let all = vec![true; repeats.len()];
        let barely = Planter { nodes: &self.nodes, counted: &all, bare: true };
        let bare = barely.plant(DefId(0), Some(&root), false);
        for (repeat, found) in repeats.iter_mut().zip(&self.found) {
            repeat.bare = barely.plant(found.def, Some(&found.template), !is_template(&found.template));
        }
        let units = graph::build(&mut self.nodes, &mut repeats, &self.by_path, self.def, report);
        let itext = text::translations(self.def, report);
        report.bind(&homes(&self.nodes));
        self.forest.make_room(self.nodes.len());
        let name_path = format!("/{}/meta/instanceName", local(&root.name));
        Some(Form {
            def: FormDef::new("", ""),
            hash: baraza_model::FormHash([0; 32]),
            schema: crate::schema::Schema::default(),
            repeats,
            units,
            actions,
            forest: self.forest,
            initial,
            bare,
            by_question: questions(&self.nodes),
            itext,
            instance_name: self.by_path.get(&name_path).copied(),
            nodes: self.nodes,
            now: report.parse("now()", "", "clock")?,
            today: report.parse("today()", "", "clock")?,
        })
    }

    /// Binds, controls and repeats whose node does not exist.
    fn unplaced(&self, report: &mut Report) {
        for (path, bind) in &self.binds {
            if !self.by_path.contains_key(path) {
                report.warn(
                    "bind.unknown-node",
                    &bind.nodeset,
                    "The bind belongs to no node.".into(),
                    "Correct its nodeset, or add the node to the primary instance.",
                );
            }
        }
        for (path, control) in &self.controls {
            if !self.by_path.contains_key(path) {
                report.warn(
                    "control.unknown-node",
                    &control.reference,
                    "The question fills no node.".into(),
                    "Correct its ref, or add the node to the primary instance.",
                );
            }
        }
        for (path, body) in &self.repeats {
            if !self.by_path.contains_key(path) {
                report.error(
                    "repeat.unknown-node",
                    &body.repeat.nodeset,
                    "The repeat repeats no node.".into(),
                    "Correct its nodeset, or add the node to the primary instance.",
                );
            }
        }
    }

    fn repeat_defs(&self, report: &mut Report) -> Vec<RepeatDef> {
        let mut all = Vec::new();
        for found in &self.found {
            let path = self.nodes.get(found.def.index()).map(|n| n.path.as_str()).unwrap_or_default();
            let body = self.repeats.get(path).map(|b| b.repeat);
            let fixed = body
                .and_then(|r| r.no_add_remove.as_ref())
                .and_then(|e| report.parse(e, path, "jr:noAddRemove"));
            let count = match body
                .and_then(|r| r.count.as_ref())
                .and_then(|c| report.parse(&from_parent(c), path, "jr:count"))
            {
                Some(expr) => Count::Expr(expr),
                None if fixed.as_ref().and_then(constant) == Some(true) => {
                    Count::Fixed(found.written.len().max(1))
                }
                None => Count::Free,
            };
            all.push(RepeatDef {
                def: found.def,
                parent: found.parent,
                count,
                relevant: self.seen_from_parent(path, report),
                template: Template::empty(),
                bare: Template::empty(),
                initials: Vec::new(),
                on_new: Vec::new(),
                readers: Vec::new(),
                inside: Vec::new(),
            });
        }
        all
    }

    /// The relevance of a repeat as seen from its parent: an empty repeat has no element to see it from.
    fn seen_from_parent(&self, path: &str, report: &mut Report) -> Cond {
        let source = self.binds.get(path).and_then(|b| b.relevant.as_ref());
        let expr = source.and_then(|s| report.parse(&from_parent(s), path, "relevant"));
        expr.map_or(Cond::Const(true), |expr| constant(&expr).map_or(Cond::Expr(expr), Cond::Const))
    }

    /// All actions, and which of them follow a change of which node.
    fn action_defs(
        &self,
        repeats: &mut [RepeatDef],
        report: &mut Report,
    ) -> (Vec<ActionDef>, Vec<(DefId, usize)>) {
        let (mut all, mut on_change) = (Vec::new(), Vec::new());
        for (action, source) in &self.nested_actions {
            let path = plain_path(&action.reference);
            let Some(target) = self.by_path.get(&path).copied() else {
                report.warn(
                    "action.unknown-node",
                    &action.reference,
                    format!("The action {} changes no node.", action.name),
                    "Correct its ref.",
                );
                continue;
            };
            let effect = match (&action.value, local(&action.name)) {
                (_, "setgeopoint" | "recordaudio") => Effect::Outside,
                (Some(value), _) => report.parse(value, &path, "value").map_or(Effect::Clear, Effect::Expr),
                (None, _) if action.text.is_empty() => Effect::Clear,
                (None, _) => Effect::Text(action.text.clone()),
            };
            let on = |event: &str| action.events.iter().any(|e| e == event);
            let number = all.len();
            if let Some(source) =
                source.as_ref().and_then(|s| self.by_path.get(s)).filter(|_| on("xforms-value-changed"))
            {
                on_change.push((*source, number));
            }
            let repeat = self.nodes.get(target.index()).and_then(|n| n.in_repeat);
            if let Some(repeat) = repeat.and_then(|r| repeats.get_mut(r)).filter(|_| on("odk-new-repeat")) {
                repeat.on_new.push(number);
            }
            all.push(ActionDef {
                target,
                effect,
                first_load: on("odk-instance-first-load"),
                load: on("odk-instance-load"),
            });
        }
        (all, on_change)
    }

    /// Decides what a record keeps: answers, and values that cannot be computed again.
    fn stored(&mut self, actions: &[ActionDef]) {
        for (at, node) in self.nodes.iter_mut().enumerate() {
            let asked = !matches!(node.kind, NodeKind::ModelValue | NodeKind::Note) && node.is_leaf();
            let set = actions.iter().any(|a| a.target.index() == at);
            let follows = node.calculate.is_some() && !node.impure && (!asked || node.readonly.is(true));
            node.stored =
                node.is_leaf() && (node.impure || node.preload.is_some() || set || (asked && !follows));
        }
    }
}

/// Nodes by their path below the root.
fn questions(nodes: &[NodeDef]) -> NameMap<String, DefId> {
    let mut found = NameMap::default();
    for (node, id) in nodes.iter().zip(0..).filter(|(n, _)| !n.question().is_empty()) {
        found.entry(node.question().to_owned()).or_insert(DefId(id));
    }
    found
}

/// Nodes in no repeat whose path is theirs alone, by that path.
fn homes(nodes: &[NodeDef]) -> HashMap<&str, DefId> {
    let (mut found, mut twice) = (HashMap::new(), Vec::new());
    for (node, id) in nodes.iter().zip(0..).filter(|(n, _)| n.in_repeat.is_none() && !n.attribute) {
        if found.insert(node.path.as_str(), DefId(id)).is_some() {
            twice.push(node.path.as_str());
        }
    }
    found.retain(|path, _| !twice.contains(path));
    found
}

/// Adds meta/instanceID where the form has none.
fn add_instance_id(root: &mut Element) {
    if !root.children.iter().any(|c| local(&c.name) == "meta") {
        root.children.push(Element { name: "orx:meta".into(), ..Element::default() });
    }
    let Some(meta) = root.children.iter_mut().find(|c| local(&c.name) == "meta") else { return };
    if meta.children.iter().any(|c| local(&c.name) == "instanceID") {
        return;
    }
    let name = if meta.name.contains(':') { "orx:instanceID" } else { "instanceID" };
    meta.children.push(Element { name: name.into(), ..Element::default() });
}

fn secondary_tree(
    instance: &crate::def::SecondaryInstance,
    attachments: &Attachments,
    report: &mut Report,
) -> Tree {
    let Some(src) = instance.src.as_ref() else {
        return instance.content.as_ref().map_or_else(empty_tree, element_tree);
    };
    if src.starts_with("jr://instance/") {
        return empty_tree();
    }
    match attachments.tree(src) {
        Ok(tree) => tree,
        Err(message) => {
            report.warn("attachment.unread", &instance.id, message, "Give the attachment with the form.");
            empty_tree()
        }
    }
}

/// What an expression always is as a boolean, if that can be said.
pub(super) fn constant(expr: &Expr) -> Option<bool> {
    Some(match expr.constant()? {
        Value::Bool(value) => value,
        Value::Num(number) => number != 0.0 && !number.is_nan(),
        Value::Str(text) => !text.is_empty(),
        _ => return None,
    })
}

/// A count is written as seen from the repeat; it is evaluated from the repeat's parent, as a repeat may be empty.
fn from_parent(source: &str) -> String {
    let Ok(expr) = Expr::parse(source) else { return source.to_owned() };
    let mut text = source.to_owned();
    for path in expr.paths().iter().rev() {
        let up = matches!(path.steps.first(), Some((Axis::Parent, _)));
        if !up || !matches!(path.origin, Origin::Context | Origin::Current) {
            continue;
        }
        let written = text.get(path.offset..path.end).unwrap_or_default();
        let Some(dots) = written.find("..") else { continue };
        let from = path.offset + dots;
        text.replace_range(from..from + 2, ".");
    }
    text
}
