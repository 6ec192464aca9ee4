//! What is on the part in sight.

use super::control::{control, is_voice, read};
use super::sheet::{At, Entries, Entry, Sheet, Thing, Tone};
use super::summary::summary;
use super::tally::{self, Left};
use crate::view::{EntriesView, EntryView, ItemView, QuestionView};
use baraza_forms::Session;
use baraza_model::Sensitivity;

/// Turns the things of a part into what a screen shows.
pub(super) struct Items<'a> {
    pub(super) session: &'a Session,
    pub(super) sheet: &'a Sheet,
    pub(super) left: &'a Left,
    /// The entry that is open for writing, by key.
    pub(super) open: Option<&'a str>,
}

impl Items<'_> {
    /// Everything on a part, in order.
    pub(super) fn of_part(&self, index: usize) -> Vec<ItemView> {
        let Some(part) = self.sheet.parts.get(index) else { return Vec::new() };
        self.all(&part.things, self.left.contains(&part.key))
    }

    fn all(&self, things: &[Thing], passed: bool) -> Vec<ItemView> {
        things.iter().map(|thing| self.item(thing, passed)).collect()
    }

    fn item(&self, thing: &Thing, passed: bool) -> ItemView {
        match thing {
            Thing::Heading { node, level } => {
                let (path, text) = self.text(*node);
                ItemView::Heading { path, text, level: *level }
            }
            Thing::Text { node, tone } => {
                let (path, text) = self.text(*node);
                match tone {
                    Tone::Note => ItemView::Note { path, text },
                    Tone::Warning => ItemView::Warning { path, text },
                    Tone::Stop => ItemView::Stop { path, text },
                }
            }
            Thing::Script { node, acknowledge } => {
                let (path, text) = self.text(*node);
                let acknowledge = acknowledge.map(|at| Box::new(self.question(at, 0, passed)));
                ItemView::Script { path, text, acknowledge }
            }
            Thing::Question { node, number } => {
                ItemView::Question(Box::new(self.question(*node, *number, passed)))
            }
            Thing::Entries(entries) => ItemView::Entries(self.entries(entries)),
        }
    }

    fn text(&self, at: At) -> (String, String) {
        let node = self.sheet.node(at);
        let label = node.label.clone().filter(|label| !label.trim().is_empty());
        (node.path.clone(), label.or_else(|| node.hint.clone()).unwrap_or_default())
    }

    fn question(&self, at: At, number: usize, passed: bool) -> QuestionView {
        let node = self.sheet.node(at);
        let control = control(self.session, node);
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        QuestionView {
            path: node.path.clone(),
            number,
            label: node.label.clone().unwrap_or_default(),
            voice: is_voice(node, &control),
            hint: given(&node.hint),
            guidance: given(&node.guidance),
            required: node.required,
            readonly: node.readonly,
            severe: node.sensitivity == Sensitivity::Severe,
            value: node.value.clone(),
            text: read(self.session, node),
            problem: tally::problem(node, passed),
            control,
        }
    }

    fn entries(&self, repeat: &Entries) -> EntriesView {
        let open = self.open.and_then(|key| repeat.holding(key));
        let entries = repeat.entries.iter().enumerate();
        EntriesView {
            path: repeat.path.clone(),
            title: repeat.title.clone(),
            fixed: repeat.fixed,
            entries: entries.map(|(at, entry)| self.entry(entry, open == Some(at))).collect(),
            open,
        }
    }

    fn entry(&self, entry: &Entry, open: bool) -> EntryView {
        let passed = self.left.contains(&entry.key);
        let (summary, facts) = summary(self.session, self.sheet, entry);
        EntryView {
            path: entry.path.clone(),
            summary,
            facts,
            to_fix: tally::to_fix(self.sheet, entry, self.left),
            items: if open { self.all(&entry.things, passed) } else { Vec::new() },
        }
    }
}
