//! Laying a form's body over the session's outline: which part, group, repeat or text each thing on screen is.

use super::sheet::{At, Entries, Entry, Part, Thing, Tone, is_at_or_in, looks, repeats};
use baraza_forms::def::{BodyItem, FormDef, Group, Label, TextPart};
use baraza_forms::session::RepeatView;
use baraza_forms::{NodeKind, NodeView, Session};
use std::borrow::Cow;
use std::collections::HashMap;

/// Walks the body once.
pub(super) struct Reading<'a> {
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

impl<'a> Reading<'a> {
    /// A reading of a body over an outline; parts without a title of their own get the form's.
    pub(super) fn of(session: &'a Session, nodes: &'a [NodeView], title: &'a str) -> Self {
        let by_path = nodes.iter().enumerate().map(|(at, node)| (node.path.as_str(), at)).collect();
        Self { session, nodes, by_path, title, questions: 0 }
    }

    /// The parts, and how many questions are in them.
    pub(super) fn sheet(mut self, def: &FormDef) -> (Vec<Part>, usize) {
        (self.parts(def), self.questions)
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
