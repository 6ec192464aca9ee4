//! Which node of a form reads which, and what of it reaches a severe answer.

use super::level_of;
use crate::def::{Action, Bind, BodyItem, Control, ControlKind, Element, FormDef, Repeat};
use baraza_model::Sensitivity;
use baraza_xpath::{Expr, RefStep, Reference};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Why a node gives away what another holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    Relevance,
    Required,
    ReadOnly,
    Constraint,
    Calculation,
    ChoiceFilter,
    Default,
    Trigger,
    Count,
    /// It stands in a group that gives it away.
    Inside,
}

impl Why {
    pub(super) fn clause(self, reader: &str, read: &str) -> String {
        let what = match self {
            Why::Inside => return format!("\"{reader}\" is in \"{read}\""),
            Why::Trigger => return format!("\"{reader}\" is set when \"{read}\" changes"),
            Why::Relevance => "relevance",
            Why::Required => "required",
            Why::ReadOnly => "read-only",
            Why::Constraint => "constraint",
            Why::Calculation => "calculation",
            Why::ChoiceFilter => "choice filter",
            Why::Default => "default",
            Why::Count => "count",
        };
        format!("the {what} of \"{reader}\" reads \"{read}\"")
    }
}

/// A node of the primary instance.
pub(super) struct Node {
    /// The path as written, for binds and findings.
    pub(super) written: String,
    pub(super) has_children: bool,
    pub(super) is_repeat: bool,
    /// Only shown: never answered, never stored.
    pub(super) is_note: bool,
}

impl Node {
    pub(super) fn name(&self) -> &str {
        self.written.rsplit('/').next().unwrap_or_default()
    }
}

/// Which node reads which.
pub(super) struct Graph {
    nodes: Vec<Node>,
    /// Path without prefixes → node.
    index: BTreeMap<String, usize>,
    /// Read node → its readers and why.
    readers: BTreeMap<usize, BTreeSet<(Why, usize)>>,
    /// Nodes that are severe of themselves.
    pub(super) severe: BTreeSet<usize>,
    /// Nodes that read a severe answer → why, and through which node.
    pub(super) reasons: BTreeMap<usize, (Why, usize)>,
    /// Reads of the last saved record: reader, node read.
    pub(super) saved_reads: Vec<(usize, usize)>,
    /// The instance that holds the last saved record.
    saved_instances: BTreeSet<String>,
}

/// A path without namespace prefixes.
pub(super) fn plain(path: &str) -> String {
    let step = |s: &str| match s.strip_prefix('@') {
        Some(name) => format!("@{}", name.rsplit(':').next().unwrap_or_default()),
        None => s.rsplit(':').next().unwrap_or_default().to_owned(),
    };
    path.trim().split('/').map(step).collect::<Vec<_>>().join("/")
}

impl Graph {
    pub(super) fn of(form: &FormDef) -> Self {
        let is_last_saved = |src: &Option<String>| src.as_deref() == Some("jr://instance/last-saved");
        let saved = form.secondary.iter().filter(|i| is_last_saved(&i.src)).map(|i| i.id.clone());
        let mut graph = Graph {
            nodes: Vec::new(),
            index: BTreeMap::new(),
            readers: BTreeMap::new(),
            severe: BTreeSet::new(),
            reasons: BTreeMap::new(),
            saved_reads: Vec::new(),
            saved_instances: saved.collect(),
        };
        graph.add_nodes(&form.instance, "", None);
        graph.add_items(&form.body);
        for bind in &form.binds {
            graph.add_bind(bind);
        }
        for action in &form.actions {
            graph.add_action(action, None);
        }
        graph.mark_notes(form);
        graph
    }

    fn add_nodes(&mut self, element: &Element, above: &str, parent: Option<usize>) {
        let written = format!("{above}/{}", element.name);
        let id = self.add_node(&written, parent, !element.children.is_empty());
        for name in element.attributes.keys().filter(|n| !n.contains(':')) {
            self.add_node(&format!("{written}/@{name}"), Some(id), false);
        }
        for child in &element.children {
            self.add_nodes(child, &written, Some(id));
        }
    }

    fn add_node(&mut self, written: &str, parent: Option<usize>, has_children: bool) -> usize {
        let id = *self.index.entry(plain(written)).or_insert(self.nodes.len());
        if id == self.nodes.len() {
            let written = written.to_owned();
            self.nodes.push(Node { written, has_children, is_repeat: false, is_note: false });
            if let Some(parent) = parent {
                self.read(id, Why::Inside, parent);
            }
        }
        id
    }

    pub(super) fn find(&self, path: &str) -> Option<usize> {
        self.index.get(&plain(path)).copied()
    }

    pub(super) fn node(&self, id: usize) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub(super) fn name(&self, id: usize) -> &str {
        self.node(id).map_or("", Node::name)
    }

    fn read(&mut self, reader: usize, why: Why, read: usize) {
        if reader != read {
            self.readers.entry(read).or_default().insert((why, reader));
        }
    }

    fn add_bind(&mut self, bind: &Bind) {
        let Some(id) = self.find(&bind.nodeset) else { return };
        let has_children = self.node(id).is_some_and(|n| n.has_children);
        if level_of(bind) == Sensitivity::Severe && !has_children {
            self.severe.insert(id);
        }
        let parts = [
            (&bind.relevant, Why::Relevance),
            (&bind.required, Why::Required),
            (&bind.readonly, Why::ReadOnly),
            (&bind.constraint, Why::Constraint),
            (&bind.calculate, Why::Calculation),
        ];
        for (text, why) in parts {
            if let Some(text) = text {
                self.add_expression(id, why, text, &bind.nodeset);
            }
        }
    }

    /// Notes have a label or a hint, can't be changed by hand and compute nothing.
    fn mark_notes(&mut self, form: &FormDef) {
        let fixed =
            |b: &&Bind| b.calculate.is_none() && b.readonly.as_deref().map(str::trim) == Some("true()");
        let fixed: BTreeSet<usize> =
            form.binds.iter().filter(fixed).filter_map(|b| self.find(&b.nodeset)).collect();
        let mut shown = BTreeSet::new();
        each_control(&form.body, &mut |control| {
            if control.kind == ControlKind::Input && (control.label.is_some() || control.hint.is_some()) {
                shown.extend(self.find(&control.reference));
            }
        });
        for id in fixed.intersection(&shown) {
            if let Some(node) = self.nodes.get_mut(*id) {
                node.is_note = true;
            }
        }
    }

    fn add_items(&mut self, items: &[BodyItem]) {
        for item in items {
            match item {
                BodyItem::Group(group) => {
                    let actions = group.actions.iter();
                    actions.for_each(|action| self.add_action(action, None));
                    self.add_items(&group.children);
                }
                BodyItem::Repeat(repeat) => self.add_repeat(repeat),
                BodyItem::Control(control) => self.add_control(control),
            }
        }
    }

    fn add_repeat(&mut self, repeat: &Repeat) {
        if let Some(id) = self.find(&repeat.nodeset) {
            if let Some(node) = self.nodes.get_mut(id) {
                node.is_repeat = true;
            }
            if let Some(count) = &repeat.count {
                self.add_expression(id, Why::Count, count, &repeat.nodeset);
            }
        }
        repeat.actions.iter().for_each(|action| self.add_action(action, None));
        self.add_items(&repeat.children);
    }

    fn add_control(&mut self, control: &Control) {
        let Some(id) = self.find(&control.reference) else { return };
        let filters = control.itemset.iter().map(|i| &i.nodeset).chain(control.attributes.get("query"));
        for text in filters {
            self.add_expression(id, Why::ChoiceFilter, text, &control.reference);
        }
        for action in &control.actions {
            self.add_action(action, Some(&control.reference));
        }
    }

    /// An action reads what its value reads and, nested in a question, tells when that question changed.
    fn add_action(&mut self, action: &Action, trigger: Option<&str>) {
        let Some(target) = self.find(&action.reference) else { return };
        if let Some(value) = &action.value {
            self.add_expression(target, Why::Default, value, trigger.unwrap_or(&action.reference));
        }
        if let Some(trigger) = trigger.and_then(|t| self.find(t)) {
            self.read(target, Why::Trigger, trigger);
        }
    }

    /// Adds what an expression of `reader`, standing at `context`, reads. One that is no XPath is reported elsewhere.
    fn add_expression(&mut self, reader: usize, why: Why, text: &str, context: &str) {
        let Ok(expression) = Expr::parse(text) else { return };
        for reference in expression.references(context) {
            let found = self.matching(&reference);
            match &reference.instance {
                None => found.into_iter().for_each(|read| self.read(reader, why, read)),
                Some(id) if self.saved_instances.contains(id.as_ref()) => {
                    self.saved_reads.extend(found.into_iter().map(|read| (reader, read)));
                }
                Some(_) => {}
            }
        }
    }

    /// The nodes that a reference can mean. One without wildcards means one node; a group or repeat then stands for
    /// its own presence, not for the answers in it.
    fn matching(&self, reference: &Reference) -> Vec<usize> {
        let mut path = String::new();
        let mut wild = false;
        for step in &reference.steps {
            match step {
                RefStep::Name(name) => path = format!("{path}/{name}"),
                RefStep::Attribute(name) => path = format!("{path}/@{name}"),
                RefStep::Any | RefStep::Descendants => {
                    wild = true;
                    break;
                }
            }
        }
        if !wild {
            return self.index.get(&path).copied().into_iter().collect();
        }
        let below = format!("{path}/");
        self.index.iter().filter(|(p, _)| p.starts_with(&below)).map(|(_, id)| *id).collect()
    }

    /// Finds every node that reads a severe answer, each by a shortest chain.
    pub(super) fn spread(&mut self) {
        let mut queue: VecDeque<usize> = self.severe.iter().copied().collect();
        while let Some(read) = queue.pop_front() {
            for (why, reader) in self.readers.get(&read).cloned().unwrap_or_default() {
                let note = self.node(reader).is_some_and(|n| n.is_note);
                if note || self.reasons.contains_key(&reader) {
                    continue;
                }
                self.reasons.insert(reader, (why, read));
                if !self.severe.contains(&reader) {
                    queue.push_back(reader);
                }
            }
        }
    }
}

fn each_control<'a>(items: &'a [BodyItem], visit: &mut dyn FnMut(&'a Control)) {
    for item in items {
        match item {
            BodyItem::Group(group) => each_control(&group.children, visit),
            BodyItem::Repeat(repeat) => each_control(&repeat.children, visit),
            BodyItem::Control(control) => visit(control),
        }
    }
}
