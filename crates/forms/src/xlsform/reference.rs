//! `${name}`: finding references in a text and checking that each names exactly one row of the survey sheet.
//!
//! How a reference becomes a path depends on where it stands; that is `paths`.

use super::report::{At, Report, did_you_mean};
use std::collections::BTreeMap;

/// One `${name}` or `${last-saved#name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    /// The name in it.
    pub(super) name: &'a str,
    /// Whether it means the last saved record.
    pub(super) last_saved: bool,
}

/// The length in bytes of a name (an XML NCName) at the start of a text; 0 if there is none.
pub(super) fn name_length(text: &str) -> usize {
    let mut chars = text.char_indices();
    match chars.next() {
        Some((_, c)) if is_name_start(c) => {}
        _ => return 0,
    }
    chars.find(|(_, c)| !is_name_char(*c)).map_or(text.len(), |(at, _)| at)
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c == '_'
        || matches!(c, '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
            | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
            | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || c.is_ascii_digit()
        || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// Whether a text can be the name of an element: a name, or two with a colon between them.
pub(super) fn is_element_name(text: &str) -> bool {
    let whole = |t: &str| !t.is_empty() && name_length(t) == t.len();
    match text.split_once(':') {
        Some((prefix, local)) => whole(prefix) && whole(local),
        None => whole(text),
    }
}

/// The reference at the start of a text, and its length in bytes.
pub(super) fn reference_at(text: &str) -> Option<(Reference<'_>, usize)> {
    let inner = text.strip_prefix("${")?;
    let (last_saved, named) = match inner.strip_prefix("last-saved#") {
        Some(rest) => (true, rest),
        None => (false, inner),
    };
    let length = name_length(named);
    let name = named.get(..length).filter(|n| !n.is_empty())?;
    if !named.get(length..)?.starts_with('}') {
        return None;
    }
    Some((Reference { name, last_saved }, text.len() - named.len() + length + 1))
}

/// All references of a text with the place where each begins and ends.
pub(super) fn references(text: &str) -> Vec<(Reference<'_>, std::ops::Range<usize>)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|t| t.find("${")).map(|at| at + from) {
        match text.get(at..).and_then(reference_at) {
            Some((reference, length)) => {
                out.push((reference, at..at + length));
                from = at + length;
            }
            None => from = at + 2,
        }
    }
    out
}

/// Whether a text is one reference and nothing else.
pub(super) fn is_reference(text: &str) -> bool {
    reference_at(text).is_some_and(|(_, length)| length == text.len())
}

/// Whether a text holds a reference, and no broken one before it.
pub(super) fn has_reference(text: &str) -> bool {
    text.find("${").is_some_and(|at| text.get(at..).and_then(reference_at).is_some())
}

/// Whether each `${` of a text begins a proper reference; an empty pair of braces is plain text.
fn is_sound(text: &str) -> bool {
    text.match_indices("${").all(|(at, _)| {
        let rest = text.get(at..).unwrap_or_default();
        rest.starts_with("${}") || reference_at(rest).is_some()
    })
}

/// How often each name was given to a question, a group or a repeat.
pub(super) type Names = BTreeMap<String, u32>;

/// Reports what is wrong with the references of a cell. In a column that means nothing to us it is only a warning.
pub(super) fn check(text: &str, names: &Names, at: At<'_>, fatal: bool, report: &mut Report) {
    if !text.contains("${") {
        return;
    }
    let mut add = |code, message: String, fix: String| {
        if fatal { report.error(at, code, message, fix) } else { report.warning(at, code, message, fix) }
    };
    if !is_sound(text) {
        let message = format!("A reference in \"{}\" is not written as it should be.", shorten(text));
        add("reference.malformed", message, "Write ${name} with the name of a question.".to_owned());
    }
    for (reference, _) in references(text) {
        let name = reference.name;
        match names.get(name) {
            Some(1) => {}
            Some(count) => {
                let message = format!("${{{name}}} is ambiguous: {count} rows have the name \"{name}\".");
                add("reference.ambiguous", message, "Give each of these rows a name of its own.".to_owned());
            }
            None => {
                let hint = did_you_mean(name, names.keys().map(String::as_str));
                let message = format!("There is no question or group named \"{name}\".{hint}");
                add("reference.unknown", message, "Correct the name between the braces.".to_owned());
            }
        }
    }
}

/// The beginning of a long cell, for a message.
pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(60).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_with_their_places() {
        let text = "if(${a} > 1, ${last-saved#b_2}, ${bad name})";
        let found: Vec<(&str, bool)> = references(text).iter().map(|(r, _)| (r.name, r.last_saved)).collect();
        assert_eq!(found, [("a", false), ("b_2", true)]);
        assert!(is_reference("${a}") && !is_reference("${a} "));
        assert!(!is_sound(text));
    }

    #[test]
    fn an_element_name_is_an_xml_name() {
        for good in ["age", "_x", "q1.a-b", "orx:x", "мир"] {
            assert!(is_element_name(good), "{good}");
        }
        for bad in ["", "1st", "a b", "a:b:c", "q#", ":a"] {
            assert!(!is_element_name(bad), "{bad}");
        }
    }
}
