//! Choices on offer: their labels and pictures, what stands apart, and searching a long list.

use super::fold::fold;
use crate::view::ChoiceView;
use baraza_forms::session::ChoiceView as Choice;
use baraza_forms::{NodeKind, NodeView, Session};

/// How many choices of a long list are given before anybody searches.
const FIRST_PAGE: usize = 20;
/// How many a search gives at most.
const MOST_FOUND: usize = 50;
/// "Don't know" and "did not want to say", as the instruments and common practice write them.
const APART: [&str; 5] = ["dk", "dont_know", "refused", "rf", "not_said"];

/// The choices of a question as they are now.
pub(super) struct Offered {
    choices: Vec<Choice>,
    exclusive: Vec<String>,
}

impl Offered {
    pub(super) fn of(session: &Session, node: &NodeView) -> Self {
        let found = session.node(node.id).and_then(|node| node.choices);
        let exclusive = if node.multiple { exclusive(session, node) } else { Vec::new() };
        Self { choices: found.unwrap_or_default(), exclusive }
    }

    pub(super) fn len(&self) -> usize {
        self.choices.len()
    }

    pub(super) fn pictures(&self) -> usize {
        self.choices.iter().filter(|choice| picture(choice).is_some()).count()
    }

    pub(super) fn all(&self) -> Vec<ChoiceView> {
        self.choices.iter().map(|choice| self.view(choice)).collect()
    }

    /// The first ones, and those that are chosen.
    pub(super) fn first_page(&self, value: &str) -> Vec<ChoiceView> {
        let chosen: Vec<&str> = value.split_whitespace().collect();
        let shown = |at: usize, choice: &Choice| {
            at < FIRST_PAGE || choice.value == value || chosen.contains(&choice.value.as_str())
        };
        let page = self.choices.iter().enumerate().filter(|(at, choice)| shown(*at, choice));
        page.map(|(_, choice)| self.view(choice)).collect()
    }

    /// Those whose label or value has every word in it, whatever its case and marks.
    pub(super) fn search(&self, words: &str) -> Vec<ChoiceView> {
        let folded = fold(words);
        let words: Vec<&str> = folded.split_whitespace().collect();
        let fits = |choice: &&Choice| {
            let (label, value) = (fold(&choice.label), fold(&choice.value));
            words.iter().all(|word| label.contains(word) || value.contains(word))
        };
        self.choices.iter().filter(fits).take(MOST_FOUND).map(|choice| self.view(choice)).collect()
    }

    fn view(&self, choice: &Choice) -> ChoiceView {
        ChoiceView {
            label: if choice.label.is_empty() { choice.value.clone() } else { choice.label.clone() },
            picture: picture(choice),
            exclusive: self.exclusive.contains(&choice.value),
            apart: APART.contains(&choice.value.as_str()),
            value: choice.value.clone(),
        }
    }
}

/// The bare name of a choice's picture: forms may give it as an address, `jr://images/people_1.svg`.
fn picture(choice: &Choice) -> Option<String> {
    let named = |form: &str| choice.media.iter().find(|(known, name)| known == form && !name.is_empty());
    let (_, name) = named("image").or_else(|| named("big-image"))?;
    Some(name.rsplit('/').next().unwrap_or(name).to_owned())
}

/// The choices that exclude all others.
fn exclusive(session: &Session, node: &NodeView) -> Vec<String> {
    let column = node.answer.as_ref().and_then(|path| session.form().schema().column(&path.question));
    let choices = column.map(|column| column.choices.as_slice()).unwrap_or_default();
    let is_set =
        |flag: &String| !matches!(flag.trim().to_ascii_lowercase().as_str(), "" | "0" | "no" | "false");
    let marked = choices.iter().filter(|choice| choice.extra.get("exclusive").is_some_and(is_set));
    marked.map(|choice| choice.value.clone()).collect()
}

/// The labels of what is chosen.
pub(super) fn read(session: &Session, node: &NodeView) -> String {
    let question = node.answer.as_ref().map(|path| path.question.as_str()).unwrap_or_default();
    let known = |value: &str| {
        let label = session.form().choice_label(question, value, session.language())?;
        (!label.contains('{')).then_some(label)
    };
    let several = node.multiple || node.kind == NodeKind::Rank;
    let values: Vec<&str> = match several {
        true => node.value.split_whitespace().collect(),
        false => vec![node.value.as_str()],
    };
    if let Some(labels) = values.iter().map(|value| known(value)).collect::<Option<Vec<_>>>() {
        return labels.join(", ");
    }
    let choices = session.node(node.id).and_then(|node| node.choices).unwrap_or_default();
    let label = |value: &str| {
        let choice = choices.iter().find(|choice| choice.value == value && !choice.label.is_empty());
        choice.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
    };
    values.into_iter().map(label).collect::<Vec<_>>().join(", ")
}
