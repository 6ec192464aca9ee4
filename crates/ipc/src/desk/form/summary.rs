//! By what a person recognises an entry of a repeat: what was said or seen in it.

use super::control::read;
use super::sheet::{Entry, Sheet, Thing, looks};
use baraza_forms::{NodeKind, NodeView, Session};
use baraza_model::Sensitivity;

/// Characters of a summary, and of each fact.
const SUMMARY: usize = 120;
const FACT: usize = 40;
/// How many facts stand beside it.
const FACTS: usize = 4;

/// The first long text, else the first text, else the first other answer; and a few further answers.
///
/// Severe answers are never repeated outside their own question.
pub(super) fn summary(session: &Session, sheet: &Sheet, entry: &Entry) -> (String, Vec<String>) {
    let questions = entry.things.iter().filter_map(|thing| match thing {
        Thing::Question { node, .. } => Some(sheet.node(*node)),
        _ => None,
    });
    let telling = |node: &&NodeView| {
        let speaks =
            matches!(node.kind, NodeKind::Input | NodeKind::Select | NodeKind::Rank | NodeKind::Range);
        let place = matches!(node.datatype.as_str(), "geopoint" | "geotrace" | "geoshape");
        speaks && !place && !node.value.is_empty() && node.sensitivity != Sensitivity::Severe
    };
    let mut answers: Vec<&NodeView> = questions.filter(telling).collect();
    let is_text = |node: &&NodeView| node.kind == NodeKind::Input && node.datatype == "string";
    let is_long = |node: &&NodeView| is_text(node) && looks(node, "multiline");
    let first = answers.iter().position(is_long);
    let first = first.or_else(|| answers.iter().position(is_text)).unwrap_or_default();
    if answers.is_empty() {
        return (String::new(), Vec::new());
    }
    let summary = shorten(&read(session, answers.remove(first)), SUMMARY);
    (summary, answers.into_iter().take(FACTS).map(|node| fact(session, node)).collect())
}

/// Words speak for themselves; a number or a day needs its question.
fn fact(session: &Session, node: &NodeView) -> String {
    let text = read(session, node);
    let speaks = matches!(node.kind, NodeKind::Select | NodeKind::Rank) || node.datatype == "string";
    match (&node.label, speaks) {
        (Some(label), false) => format!("{} {text}", shorten(label, FACT)),
        _ => shorten(&text, FACT),
    }
}

/// At most so many characters, cut at a word, with an ellipsis where something is left out.
fn shorten(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(most) else { return text };
    let kept = text.get(..end).unwrap_or_default();
    let cut = kept.rfind(' ').filter(|at| at * 2 > end).unwrap_or(kept.len());
    format!("{}…", kept.get(..cut).unwrap_or_default().trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn long_texts_end_at_a_word() {
        assert_eq!(shorten("We go for wood  in tens.", 120), "We go for wood in tens.");
        assert_eq!(shorten("We go for wood in the middle of the day", 20), "We go for wood in…");
        assert_eq!(shorten("الطريق إلى الماء بعيد", 12), "الطريق إلى…");
        assert_eq!(shorten(&"x".repeat(50), 10), "xxxxxxxxxx…");
    }
}
