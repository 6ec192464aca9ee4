//! Labels, hints and messages, ready to be filled in.

use super::report::Report;
use crate::def::{self, FormDef, TextPart};
use baraza_xpath::Expr;
use std::collections::HashMap;

/// A piece of a text.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Literal(String),
    /// The string value of an expression.
    Output(Expr),
    /// A translated text by its id.
    Itext(String),
    /// A translated text whose id is computed.
    ItextOf(Expr),
}

/// A text in pieces.
pub(crate) type Text = Vec<Part>;

/// What one translation says for one id.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextEntry {
    pub(crate) text: Text,
    pub(crate) guidance: Option<Text>,
    /// By form: `image`, `audio`, `video`, `big-image`; without the `jr://…/` prefix.
    pub(crate) media: Vec<(String, String)>,
}

/// The argument of `jr:itext(…)` if that is all there is.
fn itext_argument(source: &str) -> Option<&str> {
    let inner = source.trim().strip_prefix("jr:itext").or_else(|| source.trim().strip_prefix("itext"))?;
    let inner = inner.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    (!inner.contains('(')).then_some(inner)
}

fn quoted(text: &str) -> Option<&str> {
    let inner = |q: char| text.strip_prefix(q)?.strip_suffix(q).filter(|t| !t.contains(q));
    inner('\'').or_else(|| inner('"'))
}

fn reference(source: &str, path: &str, report: &mut Report) -> Text {
    if let Some(argument) = itext_argument(source) {
        if let Some(id) = quoted(argument) {
            return vec![Part::Itext(id.to_owned())];
        }
        return report.parse(argument, path, "label").map(Part::ItextOf).into_iter().collect();
    }
    report.parse(source, path, "label").map(Part::Output).into_iter().collect()
}

/// A label or hint.
pub(super) fn label(label: Option<&def::Label>, path: &str, report: &mut Report) -> Option<Text> {
    let label = label?;
    Some(match &label.reference {
        Some(source) => reference(source, path, report),
        None => parts(&label.text, path, report),
    })
}

/// The label of an itemset, relative to an item.
pub(super) fn item_label(source: &str, path: &str, report: &mut Report) -> Option<Text> {
    (!source.is_empty()).then(|| reference(source, path, report))
}

/// A message of a bind: a text, or `jr:itext('id')`.
pub(super) fn message(message: Option<&String>, path: &str, report: &mut Report) -> Option<Text> {
    let message = message?;
    Some(match itext_argument(message) {
        Some(_) => reference(message, path, report),
        None => vec![Part::Literal(message.clone())],
    })
}

fn parts(text: &def::Text, path: &str, report: &mut Report) -> Text {
    text.iter()
        .filter_map(|part| match part {
            TextPart::Literal(text) => Some(Part::Literal(text.clone())),
            TextPart::Output { output } => report.parse(output, path, "output").map(Part::Output),
        })
        .collect()
}

/// All translations, in the order of the form's languages.
pub(super) fn translations(def: &FormDef, report: &mut Report) -> Vec<HashMap<String, TextEntry>> {
    let mut all = Vec::new();
    for language in &def.languages {
        let mut texts = HashMap::new();
        for (id, forms) in def.itext.get(language).into_iter().flatten() {
            let mut entry = TextEntry::default();
            let main = forms.get("").or_else(|| forms.get("long")).or_else(|| forms.get("short"));
            entry.text = main.map(|t| parts(t, id, report)).unwrap_or_default();
            entry.guidance = forms.get("guidance").map(|t| parts(t, id, report));
            for (form, text) in forms {
                if let ("image" | "audio" | "video" | "big-image", [TextPart::Literal(file)]) =
                    (form.as_str(), text.as_slice())
                {
                    let bare = file.trim().rsplit('/').next().unwrap_or_default();
                    entry.media.push((form.clone(), bare.to_owned()));
                }
            }
            texts.insert(id.clone(), entry);
        }
        all.push(texts);
    }
    all
}
