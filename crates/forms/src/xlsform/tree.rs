//! The form as a tree of nodes, and how a reference in one node becomes a path to another.
//!
//! Inside a repeat `${name}` becomes a relative path, so that it means the same instance; everywhere else it is
//! absolute. The rules are those of pyxform 4.5.0 (`survey.py`), `indexed-repeat()` and `instance()` included.

use super::headings::Words;
use super::parameters::Parameters;
use super::reference::{Reference, references};
use crate::def::{Action, TextPart};
use std::collections::BTreeMap;
use std::ops::Range;

/// A node's place in its [`Tree`].
pub(super) type Id = usize;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The root of the instance.
    Root,
    /// A group.
    Group,
    /// A repeat.
    Repeat,
    /// A question or a value.
    Question,
    /// `xml-external`, `csv-external`: only a secondary instance.
    External,
    /// The element of an entity declaration.
    Entity,
    /// An attribute of that element.
    Attribute,
}

/// An action of a node on itself, as its question type or its default ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnAction {
    /// `setvalue`, `odk:setgeopoint`, `odk:recordaudio`.
    pub(super) element: &'static str,
    /// The event.
    pub(super) event: &'static str,
    /// The value; a dynamic default takes its place.
    pub(super) value: Option<String>,
    /// Further attributes.
    pub(super) attributes: BTreeMap<String, String>,
}

/// A row of the survey sheet, or a node that pyxform would add of its own.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The question type after its aliases.
    pub(super) question_type: String,
    pub(super) name: String,
    /// Its row; generated nodes have that of the row they come from.
    pub(super) row: u32,
    pub(super) label: Option<Words>,
    pub(super) hint: Option<Words>,
    pub(super) guidance: Option<Words>,
    /// `image`, `audio`… → file name.
    pub(super) media: Vec<(String, Words)>,
    pub(super) bind: Vec<(String, Words)>,
    pub(super) control: Vec<(String, String)>,
    /// Attributes of the instance element.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) default: Option<String>,
    pub(super) dynamic_default: bool,
    pub(super) trigger: Vec<String>,
    pub(super) choice_filter: Option<String>,
    pub(super) parameters: Parameters,
    /// The list, file or reference that choices come from.
    pub(super) itemset: Option<String>,
    /// The list of `itemsets.csv`.
    pub(super) query: Option<String>,
    pub(super) actions: Vec<OwnAction>,
    /// Not in the instance: its children stand in its parent's place (setting `flat`).
    pub(super) flat: bool,
    /// Not in the body.
    pub(super) bodyless: bool,
    /// Columns that are ours or nobody's, by heading.
    pub(super) columns: BTreeMap<String, String>,
    pub(super) children: Vec<Id>,
    pub(super) parent: Option<Id>,
}

impl Node {
    /// A bare node.
    pub(super) fn new(kind: Kind, question_type: &str, name: &str, row: u32) -> Self {
        Node {
            kind,
            question_type: question_type.to_owned(),
            name: name.to_owned(),
            row,
            label: None,
            hint: None,
            guidance: None,
            media: Vec::new(),
            bind: Vec::new(),
            control: Vec::new(),
            attributes: Vec::new(),
            default: None,
            dynamic_default: false,
            trigger: Vec::new(),
            choice_filter: None,
            parameters: Parameters::new(),
            itemset: None,
            query: None,
            actions: Vec::new(),
            flat: false,
            bodyless: false,
            columns: BTreeMap::new(),
            children: Vec::new(),
            parent: None,
        }
    }

    /// A calculated value.
    pub(super) fn calculation(name: &str, expression: &str, row: u32) -> Self {
        let mut node = Node::new(Kind::Question, "calculate", name, row);
        node.set_bind("calculate", expression);
        node
    }

    /// The text of a bind attribute.
    pub(super) fn bind_text(&self, key: &str) -> Option<&str> {
        self.bind.iter().find(|(k, _)| k == key).and_then(|(_, w)| w.texts().first().map(|(_, t)| *t))
    }

    /// Sets a bind attribute.
    pub(super) fn set_bind(&mut self, key: &str, value: &str) {
        self.bind.retain(|(k, _)| k != key);
        self.bind.push((key.to_owned(), Words::Plain(value.to_owned())));
    }

    /// The text of a control attribute.
    pub(super) fn control_text(&self, key: &str) -> Option<&str> {
        self.control.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// Sets a control attribute.
    pub(super) fn set_control(&mut self, key: &str, value: &str) {
        self.control.retain(|(k, _)| k != key);
        self.control.push((key.to_owned(), value.to_owned()));
    }

    /// Whether it holds other nodes.
    pub(super) fn is_section(&self) -> bool {
        matches!(self.kind, Kind::Root | Kind::Group | Kind::Repeat | Kind::Entity)
    }
}

/// All nodes; the root is node 0.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    names: BTreeMap<String, Vec<Id>>,
}

/// How a reference is to be written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    /// Begin a relative path with `current()/`.
    pub(super) current: bool,
    /// Go one step further up, so that a predicate can be put on the repeat (`select_one ${name}`).
    pub(super) parent: bool,
}

impl Tree {
    /// A tree that holds only its root.
    pub(super) fn new(root: &str) -> Self {
        Tree { nodes: vec![Node::new(Kind::Root, "survey", root, 0)], names: BTreeMap::new() }
    }

    /// A node. Ids come only from this tree, and nodes are never removed.
    #[expect(clippy::indexing_slicing, reason = "ids are made by `add` and nodes are never removed")]
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// A node, to change it.
    #[expect(clippy::indexing_slicing, reason = "ids are made by `add` and nodes are never removed")]
    pub(super) fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id]
    }

    /// Adds a node as the last child of another.
    pub(super) fn add(&mut self, parent: Id, mut node: Node) -> Id {
        let id = self.nodes.len();
        node.parent = Some(parent);
        self.nodes.push(node);
        self.node_mut(parent).children.push(id);
        id
    }

    /// Copies a node and all below it to another parent; `change` sees each copy of the top node.
    pub(super) fn copy(&mut self, id: Id, parent: Id, change: &dyn Fn(&mut Node)) -> Id {
        let mut node = self.node(id).clone();
        let children = std::mem::take(&mut node.children);
        change(&mut node);
        let copy = self.add(parent, node);
        for child in children {
            self.copy(child, copy, &|_| ());
        }
        copy
    }

    /// All nodes below and including `id`, in document order.
    pub(super) fn below(&self, id: Id) -> Vec<Id> {
        let mut out = Vec::new();
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            out.push(id);
            stack.extend(self.node(id).children.iter().rev());
        }
        out
    }

    /// Makes the index of names; references resolve only afterwards.
    pub(super) fn index(&mut self) {
        self.names.clear();
        for id in self.below(0) {
            let node = self.node(id);
            let of_entity = node.parent.is_some_and(|p| self.node(p).kind == Kind::Entity);
            if matches!(node.kind, Kind::Group | Kind::Repeat | Kind::Question) && !of_entity {
                let name = node.name.clone();
                self.names.entry(name).or_default().push(id);
            }
        }
    }

    /// The one node of that name.
    pub(super) fn named(&self, name: &str) -> Option<Id> {
        match self.names.get(name).map(Vec::as_slice) {
            Some([id]) => Some(*id),
            _ => None,
        }
    }

    /// The ancestors of a node, nearest first, the node itself not among them.
    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.node(id).parent, |id| self.node(*id).parent)
    }

    /// The nearest repeat around a node.
    pub(super) fn repeat_around(&self, id: Id) -> Option<Id> {
        self.ancestors(id).find(|a| self.node(*a).kind == Kind::Repeat)
    }

    /// The path of a node from the root: `/data/group/age`.
    pub(super) fn path(&self, id: Id) -> String {
        self.path_below(id, None)
    }

    fn path_below(&self, id: Id, top: Option<Id>) -> String {
        let step = |id: Id| match self.node(id) {
            node if node.flat => String::new(),
            node if node.kind == Kind::Attribute => format!("/@{}", node.name),
            node => format!("/{}", node.name),
        };
        let above: Vec<Id> = self.ancestors(id).take_while(|a| Some(*a) != top).collect();
        above.into_iter().rev().chain([id]).map(step).collect()
    }

    /// The nearest common ancestor that satisfies `fits`.
    fn common(&self, a: Id, b: Id, fits: impl Fn(Kind) -> bool) -> Option<Id> {
        let above: Vec<Id> = self.ancestors(b).collect();
        self.ancestors(a).find(|id| fits(self.node(*id).kind) && above.contains(id))
    }

    fn steps_up(&self, from: Id, to: Id) -> usize {
        1 + self.ancestors(from).take_while(|a| *a != to).count()
    }

    /// Replaces every reference of an expression by a path. A reference that names nothing is left as it is (it has
    /// been reported by then).
    pub(super) fn resolve(&self, text: &str, context: Option<Id>, style: Style) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for (reference, at) in references(text) {
            out.push_str(text.get(from..at.start).unwrap_or_default());
            match self.reference_path(reference, &at, text, context, style) {
                Some(path) => {
                    out.push(' ');
                    out.push_str(&path);
                    out.push(' ');
                }
                None => out.push_str(text.get(at.clone()).unwrap_or_default()),
            }
            from = at.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        out
    }

    /// The parts of a label: characters, references and `instance()` expressions.
    pub(super) fn text(&self, text: &str, context: Option<Id>) -> Vec<TextPart> {
        let mut outputs: Vec<Range<usize>> =
            if text.contains("instance(") { super::tokens::instance_expressions(text) } else { Vec::new() };
        for (_, at) in references(text) {
            if !outputs.iter().any(|o| o.start <= at.start && at.end <= o.end) {
                outputs.push(at);
            }
        }
        outputs.sort_by_key(|o| o.start);
        let mut parts = Vec::new();
        let mut from = 0;
        for at in outputs {
            let before = text.get(from..at.start).unwrap_or_default();
            if !before.is_empty() {
                parts.push(TextPart::Literal(before.to_owned()));
            }
            let inner = text.get(at.clone()).unwrap_or_default();
            let output = self.resolve(inner, context, Style::default()).trim().to_owned();
            parts.push(TextPart::Output { output });
            from = at.end;
        }
        let rest = text.get(from..).unwrap_or_default();
        if !rest.is_empty() {
            parts.push(TextPart::Literal(rest.to_owned()));
        }
        parts
    }

    fn reference_path(
        &self,
        reference: Reference<'_>,
        at: &Range<usize>,
        text: &str,
        context: Option<Id>,
        style: Style,
    ) -> Option<String> {
        let target = self.named(reference.name)?;
        let absolute = self.path(target);
        if reference.last_saved {
            return Some(format!("instance('__last-saved'){absolute}"));
        }
        let Some(context) = context.filter(|_| !must_be_absolute(reference.name, at, text)) else {
            return Some(absolute);
        };
        let Some(repeat) = self.common(context, target, |k| k == Kind::Repeat) else { return Some(absolute) };
        let (steps, below) = self.relative(context, target, repeat, style.parent);
        let up = vec![".."; steps].join("/");
        let current = style.current || is_in_instance_predicate(at, text);
        Some(format!("{}{up}{below}", if current { "current()/" } else { "" }))
    }

    /// Steps up from the context, and the path down to the target.
    fn relative(&self, context: Id, target: Id, repeat: Id, parent: bool) -> (usize, String) {
        if parent {
            let outermost = self.repeat_around(repeat).is_none();
            let is_targets = self.repeat_around(target) == Some(repeat);
            if is_targets && (outermost || self.repeat_around(context) != Some(repeat)) {
                let top = self.node(repeat).parent;
                return (self.steps_up(context, repeat) + 1, self.path_below(target, top));
            }
        }
        let common =
            self.common(context, target, |k| matches!(k, Kind::Repeat | Kind::Group)).unwrap_or(repeat);
        (self.steps_up(context, common), self.path_below(target, Some(common)))
    }

    /// An action on a node, its value resolved.
    pub(super) fn action(&self, id: Id, own: &OwnAction) -> Action {
        let node = self.node(id);
        let dynamic = node.default.as_ref().filter(|_| node.dynamic_default);
        let value = match dynamic {
            Some(default) => Some(self.resolve(default, Some(id), Style::default())),
            None => node.default.clone().or_else(|| own.value.clone()),
        };
        Action {
            name: own.element.to_owned(),
            reference: self.path(id),
            events: vec![own.event.to_owned()],
            value: value.map(|v| v.trim().to_owned()).filter(|_| own.element == "setvalue"),
            text: String::new(),
            attributes: own.attributes.clone(),
        }
    }
}

/// Whether a reference stands in a predicate after `instance(…)`, where `.` is the item.
fn is_in_instance_predicate(at: &Range<usize>, text: &str) -> bool {
    if !text.contains("instance(") {
        return false;
    }
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|t| t.find('[')).map(|o| o + from) {
        let Some(close) = text.get(open + 1..).and_then(|t| t.find(']')).map(|c| c + open + 1) else { break };
        if at.start >= open && at.end <= close + 1 {
            return true;
        }
        from = close + 1;
    }
    false
}

/// Whether a reference is one of the arguments of `indexed-repeat()` that name a repeat or its node.
fn must_be_absolute(name: &str, at: &Range<usize>, text: &str) -> bool {
    const CALL: &str = "indexed-repeat(";
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|t| t.find(CALL)).map(|s| s + from) {
        let inner = start + CALL.len();
        let end = text.get(inner..).and_then(|t| t.find(')')).map_or(text.len(), |e| e + inner);
        if at.start >= inner && at.end <= end {
            let wanted = format!("${{{name}}}");
            let arguments = text.get(inner..end).unwrap_or_default();
            let index =
                arguments.split(',').enumerate().filter(|(_, a)| a.contains(&wanted)).map(|(i, _)| i).last();
            return index.is_none_or(|i| matches!(i, 0 | 1 | 3 | 5));
        }
        from = end;
    }
    false
}
