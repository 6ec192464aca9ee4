//! How sensitivity spreads through a form.
//!
//! A severe answer must not be given away by anything that is kept less well. So whatever reads one becomes severe
//! itself, through any number of steps: by its relevance (its own or that of a group around it), calculation,
//! constraint, required, read-only, choice filter, default or trigger. What can't be made severe, since it lives in
//! the shared part or leaves the record, is an error: the form is refused.
//!
//! Invariants: sensitivity is only ever raised; the result does not depend on the order of the form; a note holds no
//! answer and is left alone, since it is only shown on the device. Works on any [`FormDef`], whatever it was read
//! from. Source: the design's section on records, "Sensitivity propagates".

use crate::def::{Action, Bind, BodyItem, Control, ControlKind, Element, FormDef, Repeat};
use baraza_model::{Diagnostic, Place, Sensitivity, Severity};
use baraza_xpath::{Expr, RefStep, Reference};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The level of a node: what its bind says, or the default of its type (places, media and barcodes are high).
pub fn level(form: &FormDef, nodeset: &str) -> Sensitivity {
    form.binds.iter().find(|b| b.nodeset == nodeset).map_or(Sensitivity::default(), level_of)
}

/// The level that a bind gives its node.
pub fn level_of(bind: &Bind) -> Sensitivity {
    bind.sensitivity.unwrap_or_else(|| match bind.data_type.as_deref() {
        Some("geopoint" | "geotrace" | "geoshape" | "binary" | "barcode") => Sensitivity::High,
        _ => Sensitivity::default(),
    })
}

/// Raises what reads a severe answer, and reports each raise (a warning, `sensitivity.raised`) and each thing that
/// can't be raised (an error, `sensitivity.betrayed`), with the chain that leads to the severe question.
pub fn propagate(form: &mut FormDef) -> Vec<Diagnostic> {
    let mut graph = Graph::of(form);
    if graph.severe.is_empty() {
        return Vec::new();
    }
    graph.spread();
    let mut findings = Vec::new();
    for (node, _) in graph.reasons.clone() {
        match graph.verdict(node) {
            Verdict::Nothing => {}
            Verdict::Raise => {
                raise(form, &graph, node);
                findings.push(graph.raised(node));
            }
            Verdict::Betrays(what, fix) => findings.push(graph.betrayed(node, &what, fix)),
        }
    }
    findings.extend(graph.last_saved());
    findings.extend(graph.saved_to_entities(form));
    findings
}

/// Why a node gives away what another holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
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
    fn clause(self, reader: &str, read: &str) -> String {
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

enum Verdict {
    /// A group or a note: nothing is stored that would tell.
    Nothing,
    Raise,
    Betrays(String, &'static str),
}

/// A node of the primary instance.
struct Node {
    /// The path as written, for binds and findings.
    written: String,
    has_children: bool,
    is_repeat: bool,
    /// Only shown: never answered, never stored.
    is_note: bool,
}

impl Node {
    fn name(&self) -> &str {
        self.written.rsplit('/').next().unwrap_or_default()
    }
}

/// Which node reads which.
struct Graph {
    nodes: Vec<Node>,
    /// Path without prefixes → node.
    index: BTreeMap<String, usize>,
    /// Read node → its readers and why.
    readers: BTreeMap<usize, BTreeSet<(Why, usize)>>,
    /// Nodes that are severe of themselves.
    severe: BTreeSet<usize>,
    /// Nodes that read a severe answer → why, and through which node.
    reasons: BTreeMap<usize, (Why, usize)>,
    /// Reads of the last saved record: reader, node read.
    saved_reads: Vec<(usize, usize)>,
    /// The instance that holds the last saved record.
    saved_instances: BTreeSet<String>,
}

/// A path without namespace prefixes.
fn plain(path: &str) -> String {
    let step = |s: &str| match s.strip_prefix('@') {
        Some(name) => format!("@{}", name.rsplit(':').next().unwrap_or_default()),
        None => s.rsplit(':').next().unwrap_or_default().to_owned(),
    };
    path.trim().split('/').map(step).collect::<Vec<_>>().join("/")
}

impl Graph {
    fn of(form: &FormDef) -> Self {
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

    fn find(&self, path: &str) -> Option<usize> {
        self.index.get(&plain(path)).copied()
    }

    fn node(&self, id: usize) -> Option<&Node> {
        self.nodes.get(id)
    }

    fn name(&self, id: usize) -> &str {
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
    fn spread(&mut self) {
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

    /// What follows for a node that reads a severe answer.
    fn verdict(&self, id: usize) -> Verdict {
        let Some(node) = self.node(id) else { return Verdict::Nothing };
        let path = plain(&node.written);
        let name = node.name();
        if node.is_repeat {
            let what = format!("How often \"{name}\" repeats is known to all who have the record");
            return Verdict::Betrays(
                what,
                "Ask how often without the severe answer, or put a yes/no question inside.",
            );
        }
        if path.ends_with("/meta/instanceName") {
            let what = "The name of the record is shown in lists".to_owned();
            return Verdict::Betrays(what, "Take the severe answer out of instance_name.");
        }
        if path.contains("/meta/entity") {
            let what = "An entity is shared between records".to_owned();
            return Verdict::Betrays(what, "Take the severe answer out of the entity.");
        }
        if name == "spawn" || name.ends_with("_spawn") || name.ends_with("spawn") {
            let what = format!("\"{name}\" opens another record, which others can see");
            return Verdict::Betrays(what, "Let it depend only on answers that are not severe.");
        }
        if node.has_children || self.severe.contains(&id) {
            return Verdict::Nothing;
        }
        Verdict::Raise
    }

    /// The chain from a node to the severe question, in words.
    fn chain(&self, from: usize) -> String {
        let mut clauses = Vec::new();
        let mut at = from;
        while let Some((why, next)) = self.reasons.get(&at).copied() {
            clauses.push(why.clause(self.name(at), self.name(next)));
            at = next;
            if self.severe.contains(&at) {
                break;
            }
        }
        format!("{}, and \"{}\" is severe", clauses.join(", "), self.name(at))
    }

    fn finding(&self, id: usize, severity: Severity, code: &str, message: String, fix: &str) -> Diagnostic {
        let column = self.node(id).map(|n| n.written.clone());
        let place = Place { sheet: None, row: None, column };
        Diagnostic { code: code.to_owned(), severity, place, message, fix: fix.to_owned() }
    }

    fn raised(&self, id: usize) -> Diagnostic {
        let message = format!("\"{}\" becomes severe: {}.", self.name(id), self.chain(id));
        let fix = "Write severe into its sensitivity, or let it not depend on that answer.";
        self.finding(id, Severity::Warning, "sensitivity.raised", message, fix)
    }

    fn betrayed(&self, id: usize, what: &str, fix: &str) -> Diagnostic {
        let message = format!("{what}, and it would give a severe answer away: {}.", self.chain(id));
        self.finding(id, Severity::Error, "sensitivity.betrayed", message, fix)
    }

    fn is_severe(&self, id: usize) -> bool {
        self.severe.contains(&id) || self.reasons.contains_key(&id)
    }

    /// A severe answer of the last record is gone from the device, and must be.
    fn last_saved(&self) -> Vec<Diagnostic> {
        let severe = self.saved_reads.iter().filter(|(_, read)| self.is_severe(*read));
        let finding = |(reader, read): &(usize, usize)| {
            let message = format!(
                "\"{}\" reads the severe question \"{}\" of the last saved record.",
                self.name(*reader),
                self.name(*read)
            );
            let fix = "A severe answer does not stay on the device: ask again instead.";
            self.finding(*reader, Severity::Error, "sensitivity.betrayed", message, fix)
        };
        severe.map(finding).collect()
    }

    fn saved_to_entities(&self, form: &FormDef) -> Vec<Diagnostic> {
        let is_saved = |b: &&Bind| b.attributes.keys().any(|k| k.rsplit(':').next() == Some("saveto"));
        let saved = form.binds.iter().filter(is_saved).filter_map(|b| self.find(&b.nodeset));
        let finding = |id: usize| {
            let message =
                format!("The severe answer \"{}\" is saved to an entity, which is shared.", self.name(id));
            let fix = "Leave save_to empty for this question.";
            self.finding(id, Severity::Error, "sensitivity.betrayed", message, fix)
        };
        saved.filter(|id| self.is_severe(*id)).map(finding).collect()
    }
}

/// Writes the level into the node's bind.
fn raise(form: &mut FormDef, graph: &Graph, id: usize) {
    let Some(node) = graph.node(id) else { return };
    let path = plain(&node.written);
    match form.binds.iter_mut().find(|b| plain(&b.nodeset) == path) {
        Some(bind) => bind.sensitivity = Some(Sensitivity::Severe),
        None => form.binds.push(Bind {
            nodeset: node.written.clone(),
            sensitivity: Some(Sensitivity::Severe),
            ..Bind::default()
        }),
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
