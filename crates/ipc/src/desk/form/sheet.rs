//! A form as it stands now: what the body asks, in parts, laid over the session's outline.
//!
//! The outline is walked once for each call. What does not apply is not in here; numbers run over the whole form.

use super::reading::Reading;
use baraza_forms::{NodeView, Session};

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
pub(super) struct At(pub(super) usize);

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
        let (parts, questions) = Reading::of(session, &nodes, title).sheet(def);
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
