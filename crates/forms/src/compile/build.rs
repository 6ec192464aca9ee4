//! The steps of compiling, from the definition to the form.

use super::choices::{Choice, ChoiceLabel, ChoiceList, Select, Source};
use super::graph;
use super::node::{ActionDef, Cond, Count, DefId, Effect, NodeDef, Preload, RepeatDef};
use super::report::Report;
use super::schema;
use super::template::{Planter, Template, is_template};
use super::text;
use super::{Compiled, Form};
use crate::attachments::{Attachments, empty_tree};
use crate::def::{Action, Bind, BodyItem, Control, ControlKind, Element, FormDef, Label, Repeat};
use crate::session::NodeKind;
use crate::values::{ValueType, number};
use crate::xform::local;
use baraza_model::Sensitivity;
use baraza_xpath::{Axis, Context, Env, Expr, Forest, NodeRef, Origin, Sealed, Tree, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The longest chain of elements.
const MAX_DEPTH: usize = 100;

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
struct RepeatBody<'d> {
    repeat: &'d Repeat,
    label: Option<&'d Label>,
}

struct Builder<'d> {
    def: &'d FormDef,
    /// The primary instance with id, version and meta/instanceID.
    root: Element,
    binds: HashMap<String, &'d Bind>,
    controls: HashMap<String, &'d Control>,
    groups: HashMap<String, &'d Label>,
    repeats: HashMap<String, RepeatBody<'d>>,
    nested_actions: Vec<(&'d Action, Option<String>)>,
    forest: Forest,
    nodes: Vec<NodeDef>,
    by_path: HashMap<String, DefId>,
    /// Repeats found, with the elements of their template and written instances.
    found: Vec<(DefId, Option<usize>, Element, Vec<Element>)>,
}

/// A path without prefixes and blanks.
pub(super) fn plain_path(path: &str) -> String {
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
            binds: HashMap::new(),
            controls: HashMap::new(),
            groups: HashMap::new(),
            repeats: HashMap::new(),
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

    fn body(&mut self, items: &'d [BodyItem], around: Option<(&'d str, &'d Label)>) {
        for item in items {
            match item {
                BodyItem::Group(group) => {
                    let path = group.reference.as_deref();
                    if let (Some(path), Some(label)) = (path, &group.label) {
                        self.groups.insert(plain_path(path), label);
                    }
                    self.actions(&group.actions, path);
                    self.body(&group.children, path.zip(group.label.as_ref()));
                }
                BodyItem::Repeat(repeat) => {
                    let path = plain_path(&repeat.nodeset);
                    let label = around.filter(|(outer, _)| plain_path(outer) == path).map(|(_, label)| label);
                    self.actions(&repeat.actions, Some(&repeat.nodeset));
                    self.body(&repeat.children, None);
                    self.repeats.insert(path, RepeatBody { repeat, label });
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
        let counted: Vec<bool> = repeats.iter().map(|r| !matches!(r.count, Count::Free)).collect();
        let planter = Planter { nodes: &self.nodes, counted: &counted, bare: false };
        for (repeat, (def, _, template, initials)) in repeats.iter_mut().zip(&self.found) {
            let blank = !is_template(template);
            repeat.template = planter.plant(*def, Some(template), blank);
            if !matches!(repeat.count, Count::Free) {
                repeat.initials = initials.iter().map(|e| planter.plant(*def, Some(e), false)).collect();
            }
        }
        let initial = planter.plant(DefId(0), Some(&root), false);
        let all = vec![true; repeats.len()];
        let barely = Planter { nodes: &self.nodes, counted: &all, bare: true };
        let bare = barely.plant(DefId(0), Some(&root), false);
        for (repeat, (def, _, template, _)) in repeats.iter_mut().zip(&self.found) {
            repeat.bare = barely.plant(*def, Some(template), !is_template(template));
        }
        *self.forest.primary_mut() = initial.tree.clone();
        self.selects(report);
        let units = graph::build(&mut self.nodes, &mut repeats, &self.by_path, self.def, report);
        let itext = text::translations(self.def, report);
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

    /// Adds the definition of an element and of everything below it.
    fn element(
        &mut self,
        element: &Element,
        parent: Option<DefId>,
        in_repeat: Option<usize>,
        depth: usize,
        report: &mut Report,
    ) {
        let above =
            parent.and_then(|p| self.nodes.get(p.index())).map(|n| n.path.clone()).unwrap_or_default();
        let path = format!("{above}/{}", local(&element.name));
        if depth > MAX_DEPTH {
            report.error(
                "instance.too-deep",
                &path,
                "The instance is nested too deep.".into(),
                "Flatten the form.",
            );
            return;
        }
        let id = DefId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let repeats = self.repeats.contains_key(&path) && parent.is_some();
        let number = repeats.then_some(self.found.len());
        let mut node =
            self.node(&path, &element.name, !element.children.is_empty(), repeats, parent.is_none(), report);
        node.parent = parent;
        node.repeat = number;
        node.in_repeat = number.or(in_repeat);
        if repeats {
            self.found.push((id, in_repeat, element.clone(), Vec::new()));
        }
        self.push(id, node, parent);
        for name in element.attributes.keys().filter(|n| *n != "jr:template") {
            let attribute = DefId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
            let path = format!("{path}/@{}", local(name));
            let mut node = self.node(&path, name, false, false, false, report);
            node.attribute = true;
            node.parent = Some(id);
            node.in_repeat = number.or(in_repeat);
            self.push(attribute, node, Some(id));
        }
        self.below(element, id, number.or(in_repeat), depth, report);
        let end = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.end = end;
        }
    }

    fn below(
        &mut self,
        element: &Element,
        id: DefId,
        repeat: Option<usize>,
        depth: usize,
        report: &mut Report,
    ) {
        let path = self.nodes.get(id.index()).map(|n| n.path.clone()).unwrap_or_default();
        let mut seen: Vec<&str> = Vec::new();
        for child in &element.children {
            if seen.contains(&child.name.as_str()) {
                continue;
            }
            seen.push(&child.name);
            let same: Vec<&Element> = element.children.iter().filter(|c| c.name == child.name).collect();
            let below = format!("{path}/{}", local(&child.name));
            if !self.repeats.contains_key(&below) {
                if same.len() > 1 {
                    let message = format!("The node {} is written {} times.", child.name, same.len());
                    report.error("instance.twice", &below, message, "Rename one of them, or add a repeat.");
                }
                self.element(child, Some(id), repeat, depth + 1, report);
                continue;
            }
            let template = same.iter().find(|e| is_template(e)).or(same.first()).copied().unwrap_or(child);
            let number = self.found.len();
            self.element(template, Some(id), repeat, depth + 1, report);
            if let Some(found) = self.found.get_mut(number) {
                found.3 = same.into_iter().filter(|e| !is_template(e)).cloned().collect();
            }
        }
    }

    fn push(&mut self, id: DefId, node: NodeDef, parent: Option<DefId>) {
        self.by_path.entry(node.path.clone()).or_insert(id);
        self.nodes.push(node);
        if let Some(parent) = parent.and_then(|p| self.nodes.get_mut(p.index())) {
            parent.children.push(id);
        }
    }

    fn node(
        &mut self,
        path: &str,
        name: &str,
        has_children: bool,
        repeats: bool,
        is_root: bool,
        report: &mut Report,
    ) -> NodeDef {
        let blank = Bind::default();
        let bind = self.binds.get(path).copied().unwrap_or(&blank);
        let control = self.controls.get(path).copied().filter(|_| !has_children && !repeats);
        if let Some(control) = self.controls.get(path).filter(|_| has_children) {
            let message =
                format!("The question {} stands on an element that has children.", control.reference);
            report.error("control.on-group", path, message, "Point the question to a node of its own.");
        }
        let mut cond = |source: &Option<String>, default: bool, rule: &str| match source {
            Some(source) => match report.parse(source, path, rule) {
                Some(expr) => constant(&expr).map_or(Cond::Expr(expr), Cond::Const),
                None => Cond::Const(default),
            },
            None => Cond::Const(default),
        };
        let relevant = cond(&bind.relevant, true, "relevant");
        let readonly = cond(&bind.readonly, false, "readonly");
        let required = cond(&bind.required, false, "required");
        let constraint = cond(&bind.constraint, true, "constraint");
        let calculate = bind.calculate.as_ref().and_then(|c| report.parse(c, path, "calculate"));
        let datatype = bind.data_type.clone().unwrap_or_else(|| default_type(control).to_owned());
        let kind = match control {
            _ if is_root => NodeKind::Root,
            _ if repeats => NodeKind::RepeatInstance,
            _ if has_children => NodeKind::Group,
            None => NodeKind::ModelValue,
            Some(c) => control_kind(c, &readonly),
        };
        check_type(kind, &datatype, path, report);
        let group_label =
            self.repeats.get(path).and_then(|r| r.label).or_else(|| self.groups.get(path).copied());
        let label = control.map_or(group_label, |c| c.label.as_ref());
        let appearance = control.map(|c| c.appearance.clone()).unwrap_or_default();
        let value_type = match kind {
            NodeKind::Select | NodeKind::Rank | NodeKind::Trigger | NodeKind::Upload => ValueType::Text,
            _ => ValueType::of(&datatype),
        };
        NodeDef {
            name: name.to_owned(),
            path: path.to_owned(),
            parent: None,
            children: Vec::new(),
            end: u32::try_from(self.nodes.len() + 1).unwrap_or(u32::MAX),
            attribute: false,
            kind,
            repeat: None,
            in_repeat: None,
            value_type,
            bounds: control.filter(|c| c.kind == ControlKind::Range).and_then(|c| bounds(c, path, report)),
            impure: calculate.as_ref().is_some_and(Expr::is_impure),
            calculate,
            preload: preload(bind, path),
            constraint_message: text::message(bind.constraint_message.as_ref(), path, report),
            required_message: text::message(bind.required_message.as_ref(), path, report),
            label: text::label(label, path, report),
            hint: text::label(control.and_then(|c| c.hint.as_ref()), path, report),
            multiline: datatype == "string" && appearance.split_whitespace().any(|a| a == "multiline"),
            appearance,
            parameters: control.map(|c| c.attributes.clone().into_iter().collect()).unwrap_or_default(),
            select: None,
            sensitivity: bind.sensitivity.unwrap_or_else(|| default_sensitivity(kind, &datatype)),
            datatype,
            relevant,
            readonly,
            required,
            constraint,
            stored: false,
            units: Vec::new(),
            readers: Vec::new(),
            fanout: Vec::new(),
            column: None,
            on_change: Vec::new(),
        }
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
        for (def, parent, _, initials) in &self.found {
            let path = self.nodes.get(def.index()).map(|n| n.path.as_str()).unwrap_or_default();
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
                    Count::Fixed(initials.len().max(1))
                }
                None => Count::Free,
            };
            all.push(RepeatDef {
                def: *def,
                parent: *parent,
                count,
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

    fn selects(&mut self, report: &mut Report) {
        for at in 0..self.nodes.len() {
            let Some(path) = self.nodes.get(at).map(|n| n.path.clone()) else { continue };
            let Some(control) = self.controls.get(&path).copied() else { continue };
            let select = self.select(control, &path, report);
            if let (Some(node), Some(_)) = (self.nodes.get_mut(at), &select) {
                node.select = select;
            }
        }
    }

    fn select(&self, control: &Control, path: &str, report: &mut Report) -> Option<Select> {
        let (multiple, rank) = match control.kind {
            ControlKind::Select => (true, false),
            ControlKind::Select1 => (false, false),
            ControlKind::Rank => (true, true),
            _ => return None,
        };
        let Some(itemset) = &control.itemset else {
            let choice = |c: &crate::def::Choice, report: &mut Report| Choice {
                value: c.value.as_str().into(),
                label: ChoiceLabel::Text(
                    text::label(c.label.as_ref(), path, report)
                        .unwrap_or_else(|| vec![text::Part::Literal(c.value.clone())]),
                ),
            };
            let choices = control.choices.iter().map(|c| choice(c, report)).collect();
            return Some(Select {
                multiple,
                rank,
                label: None,
                source: Source::Always(Arc::new(ChoiceList::new(choices))),
            });
        };
        let nodeset = report.parse(&itemset.nodeset, path, "itemset")?;
        let value = report.parse(&itemset.value, path, "itemset value")?;
        let label = text::item_label(&itemset.label, path, report);
        let fixed = !nodeset.is_impure()
            && nodeset.paths().iter().all(|p| {
                matches!(p.origin, Origin::Instance(Some(_)) | Origin::Within { .. } | Origin::Computed)
            })
            && nodeset.references(path).iter().all(|r| r.instance.is_some())
            && nodeset.paths().iter().all(|p| !p.filtered);
        let source = if fixed { self.whole(&nodeset, &value) } else { None };
        Some(Select { multiple, rank, label, source: source.unwrap_or(Source::Filtered { nodeset, value }) })
    }

    /// The choices of an itemset that no answer changes.
    fn whole(&self, nodeset: &Expr, value: &Expr) -> Option<Source> {
        let env = Env { forest: &self.forest, host: &Sealed, now_ms: 0, zone_minutes: 0 };
        let at = Context::primary(self.forest.primary().root());
        let nodes = nodeset.eval_nodes(&env, at).ok()?;
        let choice = |node: NodeRef| {
            let value = value.eval_string(&env, Context::of(node)).ok()?;
            Some(Choice { value, label: ChoiceLabel::Item(node) })
        };
        let choices = nodes.into_iter().map(choice).collect::<Option<Vec<_>>>()?;
        Some(Source::Always(Arc::new(ChoiceList::new(choices))))
    }
}

/// Nodes by their path below the root.
fn questions(nodes: &[NodeDef]) -> HashMap<String, DefId> {
    let mut found = HashMap::new();
    for (node, id) in nodes.iter().zip(0..).filter(|(n, _)| !n.question().is_empty()) {
        found.entry(node.question().to_owned()).or_insert(DefId(id));
    }
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

fn element_tree(root: &Element) -> Tree {
    let mut tree = Tree::new(&root.name);
    let mut open = vec![(root, tree.root())];
    while let Some((from, to)) = open.pop() {
        for (name, value) in &from.attributes {
            tree.set_attribute(to, name, value.as_str());
        }
        if from.children.is_empty() {
            tree.set_text(to, from.text.as_str());
        }
        for child in &from.children {
            let node = tree.append(to, &child.name);
            open.push((child, node));
        }
    }
    tree
}

/// What an expression always is as a boolean, if that can be said.
fn constant(expr: &Expr) -> Option<bool> {
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

fn default_type(control: Option<&Control>) -> &'static str {
    match control.map(|c| c.kind) {
        Some(ControlKind::Upload) => "binary",
        _ => "string",
    }
}

fn control_kind(control: &Control, readonly: &Cond) -> NodeKind {
    match control.kind {
        ControlKind::Input | ControlKind::Secret => {
            let says = control.label.is_some() || control.hint.is_some();
            if readonly.is(true) && says && control.kind == ControlKind::Input {
                NodeKind::Note
            } else {
                NodeKind::Input
            }
        }
        ControlKind::Select | ControlKind::Select1 => NodeKind::Select,
        ControlKind::Rank => NodeKind::Rank,
        ControlKind::Range => NodeKind::Range,
        ControlKind::Trigger => NodeKind::Trigger,
        ControlKind::Upload => NodeKind::Upload,
    }
}

fn check_type(kind: NodeKind, datatype: &str, path: &str, report: &mut Report) {
    let value_type = ValueType::of(datatype);
    if matches!(kind, NodeKind::Select | NodeKind::Rank) && value_type != ValueType::Text {
        let message = format!("The question offers choices, and its type is {datatype}.");
        report.error("select.type", path, message, "Make its type string.");
    }
    if kind == NodeKind::Range && !matches!(value_type, ValueType::Int | ValueType::Decimal) {
        let message = format!("The question is a range, and its type is {datatype}.");
        report.error("range.type", path, message, "Make its type int or decimal.");
    }
}

fn bounds(control: &Control, path: &str, report: &mut Report) -> Option<(f64, f64)> {
    let part =
        |name: &str| control.attributes.get(name).filter(|t| !t.trim().is_empty()).and_then(|t| number(t));
    if let (Some(start), Some(end), Some(_)) = (part("start"), part("end"), part("step")) {
        return Some((start, end));
    }
    report.error(
        "range.bounds",
        path,
        "The range lacks its start, end or step, or they are not numbers.".into(),
        "Give start, end and step as numbers.",
    );
    None
}

fn preload(bind: &Bind, path: &str) -> Option<Preload> {
    match (bind.preload.as_deref(), bind.preload_params.as_deref()) {
        (Some("uid"), _) => Some(Preload::Uid),
        (Some("timestamp"), Some("end")) => Some(Preload::End),
        (Some("timestamp"), _) => Some(Preload::Start),
        (Some("date"), _) => Some(Preload::Today),
        (Some("property"), Some("deviceid")) => Some(Preload::Device),
        (Some("property"), Some("email")) => Some(Preload::Email),
        (Some("property"), Some("phonenumber" | "phone number")) => Some(Preload::Phone),
        (Some("property"), Some("username")) => Some(Preload::Username),
        (None, _) if path.ends_with("/meta/instanceID") && bind.nodeset.is_empty() => Some(Preload::Uid),
        _ => None,
    }
}

fn default_sensitivity(kind: NodeKind, datatype: &str) -> Sensitivity {
    let exposed = matches!(datatype, "geopoint" | "geotrace" | "geoshape" | "barcode" | "binary");
    if exposed || kind == NodeKind::Upload { Sensitivity::High } else { Sensitivity::Moderate }
}
