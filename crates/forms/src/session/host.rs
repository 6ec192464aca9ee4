//! What expressions and texts ask of a session: random bytes, translations, names of choices, filled-in labels.

use super::Session;
use crate::compile::{Choice, ChoiceLabel, NodeDef, Part, Text, TextEntry};
use baraza_model::Entropy;
use baraza_xpath::{Context, Env, Expr, Host, NodeId, NodeRef};
use std::sync::Arc;

/// How deep texts may refer to texts.
const MAX_DEPTH: usize = 8;
/// How deep expressions may ask for texts and names whose own expressions ask again: a circle ends with a blank.
const MAX_NESTED: u8 = 4;

/// The session as expressions see it.
struct Ear<'s>(&'s Session);

impl Host for Ear<'_> {
    fn random(&self, buf: &mut [u8]) {
        self.0.draw.borrow_mut().fill(buf);
    }

    fn itext(&self, id: &str) -> Option<Arc<str>> {
        let entry = self.0.text_entry(id)?;
        let root = self.0.forest.primary().root();
        self.0.nested(|| Some(self.0.fill_in(&entry.text, Context::primary(root)).into()))
    }

    fn choice_name(&self, value: &str, path: &str, context: NodeRef) -> Option<Arc<str>> {
        let expr = Expr::parse(path).ok()?;
        let found = self.0.with_env(|env| expr.eval_nodes(env, Context::of(context))).ok()?;
        let node = found.first()?.node;
        let def = self.0.form.nodes.get(self.0.state(node).def.index())?;
        self.0.nested(|| {
            let choice = self.0.choices(def.select.as_ref()?, node).get(value)?;
            Some(self.0.choice_label(def, node, choice).into())
        })
    }
}

impl Session {
    /// Runs an evaluation with this session as its surroundings.
    pub(super) fn with_env<T>(&self, evaluate: impl FnOnce(&Env<'_>) -> T) -> T {
        let ear = Ear(self);
        evaluate(&Env {
            forest: &self.forest,
            host: &ear,
            now_ms: self.options.now_ms,
            zone_minutes: self.options.zone_minutes,
        })
    }

    /// Does what an expression asks for, unless too many others wait for it.
    fn nested<T>(&self, work: impl FnOnce() -> Option<T>) -> Option<T> {
        let depth = self.nested.get();
        if depth >= MAX_NESTED {
            return None;
        }
        self.nested.set(depth + 1);
        let found = work();
        self.nested.set(depth);
        found
    }

    pub(super) fn text_entry(&self, id: &str) -> Option<&TextEntry> {
        self.form.itext.get(self.language)?.get(id)
    }

    /// A text with its outputs, in the active language.
    pub(super) fn fill_in(&self, text: &Text, context: Context) -> String {
        let mut out = String::new();
        self.append(text, context, 0, &mut out);
        out
    }

    fn append(&self, text: &Text, context: Context, depth: usize, out: &mut String) {
        if depth > MAX_DEPTH {
            return;
        }
        for part in text {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Output(expr) => out.push_str(&self.string(expr, context)),
                Part::Itext(id) => {
                    if let Some(entry) = self.text_entry(id) {
                        self.append(&entry.text, context, depth + 1, out);
                    }
                }
                Part::ItextOf(expr) => {
                    if let Some(entry) = self.text_entry(&self.string(expr, context)) {
                        self.append(&entry.text, context, depth + 1, out);
                    }
                }
            }
        }
    }

    /// The translation that a text consists of, if it is one.
    pub(super) fn entry_of(&self, text: &Text, context: Context) -> Option<&TextEntry> {
        match text.as_slice() {
            [Part::Itext(id)] => self.text_entry(id),
            [Part::ItextOf(expr)] => self.text_entry(&self.string(expr, context)),
            _ => None,
        }
    }

    /// How a choice is called in the active language.
    pub(super) fn choice_label(&self, def: &NodeDef, node: NodeId, choice: &Choice) -> String {
        match &choice.label {
            ChoiceLabel::Text(text) => self.fill_in(text, Context::primary(node)),
            ChoiceLabel::Item(item) => match def.select.as_ref().and_then(|s| s.label.as_ref()) {
                Some(label) => self.fill_in(label, Context::of(*item)),
                None => choice.value.to_string(),
            },
        }
    }

    /// Media of a choice by form.
    pub(super) fn choice_media(&self, def: &NodeDef, node: NodeId, choice: &Choice) -> Vec<(String, String)> {
        let entry = match &choice.label {
            ChoiceLabel::Text(text) => self.entry_of(text, Context::primary(node)),
            ChoiceLabel::Item(item) => {
                let label = def.select.as_ref().and_then(|s| s.label.as_ref());
                label.and_then(|l| self.entry_of(l, Context::of(*item)))
            }
        };
        entry.map(|e| e.media.clone()).unwrap_or_default()
    }
}
