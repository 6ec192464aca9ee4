//! A form as it stands now: what the body asks, in parts, laid over the session's outline.
//!
//! The outline is walked once for each call. What does not apply is not in here; numbers run over the whole form.

use baraza_forms::def::{BodyItem, FormDef, Group, Label, TextPart};
use baraza_forms::session::RepeatView;
use baraza_forms::{NodeKind, NodeView, Session};
use std::borrow::Cow;
use std::collections::HashMap;

/// Every part of a form that applies and has something to show.
pub(super) struct Sheet {
    nodes: Vec<NodeView>,
    /// The parts in order.
    pub(super) parts: Vec<Part>,
    /// How many questions are asked; the acknowledgements of scripts are not counted.
    pub(super) questions: usize,
}

/// A part.
pub(super) struct Part {
    /// Stays the same while the form is open: the path of its group, repeat or first question.
    pub(super) key: String,
    pub(super) title: String,
    pub(super) things: Vec<Thing>,
}

/// Something on a part, in order.
pub(super) enum Thing {
    /// The title of a group within the part.
    Heading { node: At, level: u8 },
    /// A text to read.
    Text { node: At, tone: Tone },
    /// A text to read aloud, and the acknowledgement that directly follows it.
    Script { node: At, acknowledge: Option<At> },
    /// A question with its number.
    Question { node: At, number: usize },
    /// A repeat.
    Entries(Entries),
}

/// A place in the outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct At(usize);

/// How a text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Note,
    Warning,
    Stop,
}

/// A repeat with its entries.
pub(super) struct Entries {
    pub(super) path: String,
    pub(super) title: String,
    pub(super) fixed: bool,
    pub(super) entries: Vec<Entry>,
}

/// An entry of a repeat.
pub(super) struct Entry {
    /// Stays the same when entries before it go: the id of the instance.
    pub(super) key: String,
    pub(super) path: String,
    pub(super) things: Vec<Thing>,
}

impl Entries {
    /// The entry that has this key or holds the one that has it.
    pub(super) fn holding(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.holds(key))
    }
}

impl Entry {
    /// Whether it has this key, or an entry in it does.
    pub(super) fn holds(&self, key: &str) -> bool {
        self.key == key || self.repeats().any(|inner| inner.holding(key).is_some())
    }

    fn repeats(&self) -> impl Iterator<Item = &Entries> {
        repeats(&self.things)
    }
}

/// The repeats directly among things.
pub(super) fn repeats(things: &[Thing]) -> impl Iterator<Item = &Entries> {
    things.iter().filter_map(|thing| match thing {
        Thing::Entries(entries) => Some(entries),
        _ => None,
    })
}

impl Sheet {
    /// Lays the form's body over the session's outline.
    pub(super) fn read(session: &Session, title: &str) -> Self {
        let def = session.form().def();
        let nodes = session.outline();
        let by_path = nodes.iter().enumerate().map(|(at, node)| (node.path.as_str(), at)).collect();
        let mut reading = Reading { session, nodes: &nodes, by_path, title, questions: 0 };
        let parts = reading.parts(def);
        let questions = reading.questions;
        Self { parts, questions, nodes }
    }

    /// The node at a place.
    pub(super) fn node(&self, at: At) -> &NodeView {
        #[allow(clippy::indexing_slicing, reason = "places are made from this very outline")]
        &self.nodes[at.0]
    }

    /// Every node of the form, calculations among them.
    pub(super) fn nodes(&self) -> &[NodeView] {
        &self.nodes
    }

    /// The index of a part by its key.
    pub(super) fn part(&self, key: &str) -> Option<usize> {
        self.parts.iter().position(|part| part.key == key)
    }

    /// The entries around a path, from the outside in; the one at the path itself is the last.
    pub(super) fn around(&self, path: &str) -> Vec<&Entry> {
        self.chain(|entry| is_at_or_in(path, &entry.path))
    }

    /// The entry with a key after those around it.
    pub(super) fn holding(&self, key: &str) -> Vec<&Entry> {
        self.chain(|entry| entry.holds(key))
    }

    /// The part that a question, an entry or a repeat is on.
    pub(super) fn part_of(&self, path: &str) -> Option<usize> {
        self.parts.iter().position(|part| self.shows(&part.things, path))
    }

    fn chain(&self, holds: impl Fn(&Entry) -> bool) -> Vec<&Entry> {
        let mut chain = Vec::new();
        let mut next = self.parts.iter().find_map(|part| inner(&part.things, &holds));
        while let Some(entry) = next {
            chain.push(entry);
            next = inner(&entry.things, &holds);
        }
        chain
    }

    fn shows(&self, things: &[Thing], path: &str) -> bool {
        let is = |at: &At| self.node(*at).path == path;
        things.iter().any(|thing| match thing {
            Thing::Heading { node, .. } | Thing::Text { node, .. } | Thing::Question { node, .. } => is(node),
            Thing::Script { node, acknowledge } => is(node) || acknowledge.as_ref().is_some_and(is),
            Thing::Entries(repeat) => {
                let inside = |entry: &Entry| entry.path == path || self.shows(&entry.things, path);
                repeat.path == path || repeat.entries.iter().any(inside)
            }
        })
    }
}

fn inner(things: &[Thing], holds: impl Fn(&Entry) -> bool) -> Option<&Entry> {
    repeats(things).flat_map(|repeat| &repeat.entries).find(|entry| holds(entry))
}

/// Whether a path is this place, or inside it.
pub(super) fn is_at_or_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether an appearance is among those of a node.
pub(super) fn looks(node: &NodeView, appearance: &str) -> bool {
    node.appearance.split_whitespace().any(|word| word == appearance)
}

struct Reading<'a> {
    session: &'a Session,
    nodes: &'a [NodeView],
    by_path: HashMap<&'a str, usize>,
    title: &'a str,
    questions: usize,
}

/// The innermost instance around: the repeat's path in the body, and its own in the outline.
#[derive(Clone, Copy)]
struct Around<'a> {
    repeat: &'a str,
    instance: &'a str,
}

impl Around<'_> {
    fn place<'p>(&self, reference: &'p str) -> Cow<'p, str> {
        match reference.strip_prefix(self.repeat) {
            Some(rest) if !self.repeat.is_empty() && (rest.is_empty() || rest.starts_with('/')) => {
                Cow::Owned(format!("{}{rest}", self.instance))
            }
            _ => Cow::Borrowed(reference),
        }
    }
}

impl Reading<'_> {
    fn parts(&mut self, def: &FormDef) -> Vec<Part> {
        let outside = Around { repeat: "", instance: "" };
        let mut parts: Vec<Part> = Vec::new();
        let mut loose = false;
        for item in &def.body {
            if let BodyItem::Control(control) = item {
                if !loose {
                    parts.push(self.part(control.reference.clone(), String::new()));
                }
                loose = true;
                if let Some(part) = parts.last_mut() {
                    self.thing(item, outside, 2, &mut part.things);
                }
                continue;
            }
            loose = false;
            let mut things = Vec::new();
            let (key, title) = match item {
                BodyItem::Group(group) if !is_shell(group) => {
                    let node = group.reference.as_deref().and_then(|reference| self.find(reference));
                    if node.is_some_and(|at| !self.at(at).relevant) {
                        continue;
                    }
                    for child in &group.children {
                        self.thing(child, outside, 2, &mut things);
                    }
                    (group.reference.clone().or_else(|| first_reference(group)), self.name(group, node))
                }
                _ => {
                    self.thing(item, outside, 2, &mut things);
                    let repeat = repeats(&things).next();
                    (repeat.map(|r| r.path.clone()), repeat.map_or_else(String::new, |r| r.title.clone()))
                }
            };
            let mut part = self.part(key.unwrap_or_default(), title);
            part.things = things;
            parts.push(part);
        }
        parts.retain(|part| !part.things.is_empty());
        parts
    }

    fn part(&self, key: String, title: String) -> Part {
        let title = if title.is_empty() { self.title.to_owned() } else { title };
        Part { key, title, things: Vec::new() }
    }

    fn thing(&mut self, item: &BodyItem, around: Around<'_>, level: u8, into: &mut Vec<Thing>) {
        match item {
            BodyItem::Control(control) => {
                if let Some(at) = self.find(&around.place(&control.reference)) {
                    self.control(at, into);
                }
            }
            BodyItem::Group(group) => self.group(group, around, level, into),
            BodyItem::Repeat(repeat) => self.repeat(&repeat.nodeset, &repeat.children, around, into),
        }
    }

    fn group(&mut self, group: &Group, around: Around<'_>, level: u8, into: &mut Vec<Thing>) {
        let place = group.reference.as_deref().map(|reference| around.place(reference));
        let node = place.and_then(|place| self.find(&place));
        if node.is_some_and(|at| !self.at(at).relevant) {
            return;
        }
        let before = into.len();
        let heading = node.filter(|at| self.at(*at).label.as_ref().is_some_and(|l| !l.trim().is_empty()));
        into.extend(heading.map(|node| Thing::Heading { node, level }));
        let first = into.len();
        for child in &group.children {
            self.thing(child, around, level.saturating_add(1), into);
        }
        if into.len() == first {
            into.truncate(before);
        }
    }

    fn control(&mut self, at: At, into: &mut Vec<Thing>) {
        let node = self.at(at);
        if !node.relevant {
            return;
        }
        match node.kind {
            NodeKind::Note => {
                let says = node.label.as_ref().or(node.hint.as_ref()).is_some_and(|t| !t.trim().is_empty());
                if says {
                    into.push(text(at, node));
                }
            }
            NodeKind::Trigger => match into.last_mut() {
                Some(Thing::Script { acknowledge, .. }) if acknowledge.is_none() => *acknowledge = Some(at),
                _ => self.question(at, into),
            },
            NodeKind::Input | NodeKind::Select | NodeKind::Rank | NodeKind::Range | NodeKind::Upload => {
                self.question(at, into);
            }
            NodeKind::Root | NodeKind::Group | NodeKind::RepeatInstance | NodeKind::ModelValue => {}
        }
    }

    fn question(&mut self, node: At, into: &mut Vec<Thing>) {
        self.questions += 1;
        into.push(Thing::Question { node, number: self.questions });
    }

    fn repeat(&mut self, nodeset: &str, children: &[BodyItem], around: Around<'_>, into: &mut Vec<Thing>) {
        let Some(view) = self.repeat_view(&around.place(nodeset)) else { return };
        let mut entries = Vec::new();
        for instance in &view.instances {
            let path = self.session.path(*instance);
            let inside = Around { repeat: nodeset, instance: &path };
            let mut things = Vec::new();
            for child in children {
                self.thing(child, inside, 3, &mut things);
            }
            entries.push(Entry { key: self.key(&path), things, path });
        }
        if !(view.fixed && entries.is_empty()) {
            let title = view.label.unwrap_or_default();
            into.push(Thing::Entries(Entries { path: view.path, title, fixed: view.fixed, entries }));
        }
    }

    fn repeat_view(&self, path: &str) -> Option<RepeatView> {
        let (above, _) = path.rsplit_once('/')?;
        let parent = self.at(self.find(above)?).id;
        self.session.repeats(parent).into_iter().find(|view| view.path == path && view.relevant)
    }

    /// The id of an instance, as the answers in it name it; its path where it has none.
    fn key(&self, path: &str) -> String {
        let inside = self.by_path.get(path).and_then(|at| self.nodes.get(at + 1..)).unwrap_or_default();
        let mut inside = inside.iter().take_while(|node| is_at_or_in(&node.path, path));
        let id = inside.find_map(|node| node.answer.as_ref()?.instance);
        id.map_or_else(|| path.to_owned(), |id| id.to_string())
    }

    fn find(&self, path: &str) -> Option<At> {
        self.by_path.get(path).copied().map(At)
    }

    fn at(&self, at: At) -> &NodeView {
        #[allow(clippy::indexing_slicing, reason = "places are made from this very outline")]
        &self.nodes[at.0]
    }

    fn name(&self, group: &Group, node: Option<At>) -> String {
        match node {
            Some(at) => self.at(at).label.clone().unwrap_or_default().trim().to_owned(),
            None => group.label.as_ref().map(|label| self.plain(label)).unwrap_or_default(),
        }
    }

    /// A label of a group that no node stands for: its words, without what would be filled in.
    fn plain(&self, label: &Label) -> String {
        let def = self.session.form().def();
        let id = label.reference.as_deref().and_then(|r| r.strip_prefix("jr:itext('")?.strip_suffix("')"));
        let translated = || def.itext.get(self.session.language()?)?.get(id?)?.get("");
        let words = translated().unwrap_or(&label.text).iter().map(|part| match part {
            TextPart::Literal(text) => text.as_str(),
            TextPart::Output { .. } => "",
        });
        words.collect::<String>().trim().to_owned()
    }
}

/// XForms write a repeat as a group that carries its label, with the repeat in it.
fn is_shell(group: &Group) -> bool {
    match group.children.as_slice() {
        [BodyItem::Repeat(repeat)] => group.reference.as_ref().is_none_or(|r| *r == repeat.nodeset),
        _ => false,
    }
}

fn first_reference(group: &Group) -> Option<String> {
    group.children.iter().find_map(|item| match item {
        BodyItem::Group(inner) => inner.reference.clone().or_else(|| first_reference(inner)),
        BodyItem::Repeat(repeat) => Some(repeat.nodeset.clone()),
        BodyItem::Control(control) => Some(control.reference.clone()),
    })
}

fn text(at: At, node: &NodeView) -> Thing {
    let tone = match node {
        _ if looks(node, "x-script") => return Thing::Script { node: at, acknowledge: None },
        _ if looks(node, "x-stop") => Tone::Stop,
        _ if looks(node, "x-warning") => Tone::Warning,
        _ => Tone::Note,
    };
    Thing::Text { node: at, tone }
}
