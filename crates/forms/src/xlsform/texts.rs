//! The translations of a form: collects every text in every language, and fills what one language lacks.
//!
//! As in pyxform an id that has a text in one language has one in all; what is missing reads `-`.

use super::choices::Lists;
use super::headings::Words;
use super::reference::has_reference;
use super::tree::{Id, Kind, Tree};
use crate::def::{FormDef, TextPart};
use std::collections::{BTreeMap, BTreeSet};

type Forms = BTreeMap<String, Vec<TextPart>>;

/// Collects texts by language, id and form.
pub(super) struct Texts<'a> {
    tree: &'a Tree,
    default: &'a str,
    languages: Vec<String>,
    texts: BTreeMap<String, BTreeMap<String, Forms>>,
}

impl<'a> Texts<'a> {
    /// A collection for a form whose unmarked texts are in the language `default`.
    pub(super) fn new(tree: &'a Tree, default: &'a str) -> Self {
        Texts { tree, default, languages: Vec::new(), texts: BTreeMap::new() }
    }

    /// Takes the texts of all lists and all nodes.
    pub(super) fn collect(&mut self, lists: &Lists) {
        for (list, choices) in lists.iter().filter(|(list, _)| lists.is_translated(list)) {
            for (at, choice) in choices.iter().enumerate() {
                let id = format!("{list}-{at}");
                if let Some(label) = &choice.label {
                    self.add(&id, "", label, None);
                }
                self.media(&id, &choice.media);
            }
        }
        let nodes = self.tree.below(0);
        for id in &nodes {
            self.node(*id);
        }
        for id in nodes {
            let node = self.tree.node(id);
            self.media(&format!("{}:label", self.tree.path(id)), &node.media);
        }
    }

    fn node(&mut self, id: Id) {
        let node = self.tree.node(id);
        if !matches!(node.kind, Kind::Root | Kind::Group | Kind::Repeat | Kind::Question) {
            return;
        }
        let path = self.tree.path(id);
        for key in ["jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString"] {
            let Some((_, words)) = node.bind.iter().find(|(k, _)| k == key) else { continue };
            if is_message_translated(words) {
                self.add(&format!("{path}:{key}"), "", words, Some(id));
            }
        }
        if let Some(label) = node.label.as_ref().filter(|_| needs_itext(node)) {
            self.add(&format!("{path}:label"), "", label, Some(id));
        }
        if let Some(hint) = &node.hint
            && (matches!(hint, Words::Languages(_)) || node.guidance.is_some())
        {
            self.add(&format!("{path}:hint"), "", hint, Some(id));
        }
        if let Some(guidance) = &node.guidance {
            self.add(&format!("{path}:hint"), "guidance", guidance, Some(id));
        }
    }

    fn media(&mut self, id: &str, media: &[(String, Words)]) {
        for (kind, words) in media {
            let folder = if matches!(kind.as_str(), "image" | "big-image") { "images" } else { kind };
            for (language, file) in words.texts() {
                let language = language.unwrap_or(self.default).to_owned();
                let mut parts = self.tree.text(file, None);
                parts.insert(0, TextPart::Literal(format!("jr://{folder}/")));
                self.put(&language, id, kind, join(parts));
            }
        }
    }

    fn add(&mut self, id: &str, form: &str, words: &Words, context: Option<Id>) {
        for (language, text) in words.texts() {
            let language = language.unwrap_or(self.default).to_owned();
            let parts =
                if text == "-" { vec![TextPart::Literal("-".into())] } else { self.tree.text(text, context) };
            self.put(&language, id, form, parts);
        }
    }

    fn put(&mut self, language: &str, id: &str, form: &str, text: Vec<TextPart>) {
        if !self.languages.iter().any(|l| l == language) {
            self.languages.push(language.to_owned());
        }
        let ids = self.texts.entry(language.to_owned()).or_default();
        ids.entry(id.to_owned()).or_default().insert(form.to_owned(), text);
    }

    /// Puts the translations into the form, every language complete.
    pub(super) fn finish(mut self, form: &mut FormDef) {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, forms) in self.texts.values().flatten() {
            all.entry(id.clone()).or_default().extend(forms.keys().cloned());
        }
        for ids in self.texts.values_mut() {
            for (id, forms) in &all {
                let here = ids.entry(id.clone()).or_default();
                for form in forms.iter().filter(|f| matches!(f.as_str(), "" | "guidance")) {
                    here.entry(form.clone()).or_insert_with(|| vec![TextPart::Literal("-".to_owned())]);
                }
            }
        }
        form.default_language = self.languages.iter().find(|l| *l == self.default).cloned();
        form.languages = self.languages;
        form.itext = self.texts;
    }
}

/// Whether a label has to be a translation: it has languages, or media beside it.
pub(super) fn needs_itext(node: &super::tree::Node) -> bool {
    matches!(node.label, Some(Words::Languages(_))) || !node.media.is_empty()
}

/// Whether a message has to be a translation: it has languages or outputs.
pub(super) fn is_message_translated(words: &Words) -> bool {
    match words {
        Words::Languages(_) => true,
        Words::Plain(text) => has_reference(text),
    }
}

fn join(parts: Vec<TextPart>) -> Vec<TextPart> {
    let mut out: Vec<TextPart> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(TextPart::Literal(before)), TextPart::Literal(text)) => before.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}
