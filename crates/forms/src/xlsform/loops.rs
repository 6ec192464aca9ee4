//! What changes the tree after all rows are read: loops are unrolled (`%(name)s` and `%(label)s` stand for the
//! choice), and groups leave the instance if the setting `flat` asks for it.

use super::choices::{Choice, Lists};
use super::headings::Words;
use super::tree::{Id, Kind, Node, Tree};

/// Puts one group for each choice of the list into a loop, each with its copy of the loop's rows.
pub(super) fn unroll(tree: &mut Tree, id: Id, list: &str, lists: &Lists) {
    let template = std::mem::take(&mut tree.node_mut(id).children);
    let row = tree.node(id).row;
    for choice in lists.get(list).unwrap_or_default().iter().filter(|c| c.name != "none") {
        let mut column = Node::new(Kind::Group, "group", &choice.name, row);
        column.label.clone_from(&choice.label);
        column.media.clone_from(&choice.media);
        let column = tree.add(id, column);
        for child in &template {
            tree.copy(*child, column, &|node| substitute(node, choice));
        }
    }
}

/// Puts a choice into the texts of a node of the loop.
fn substitute(node: &mut Node, choice: &Choice) {
    let label = |language: Option<&str>| match (&choice.label, language) {
        (Some(Words::Languages(texts)), Some(language)) => {
            texts.iter().find(|(l, _)| l == language).map(|(_, t)| t.clone()).unwrap_or_default()
        }
        (Some(words), _) => words.texts().first().map(|(_, t)| (*t).to_owned()).unwrap_or_default(),
        (None, _) => String::new(),
    };
    let put = |text: &mut String, language: Option<&str>| {
        if text.contains("%(") {
            *text = text.replace("%(name)s", &choice.name).replace("%(label)s", &label(language));
        }
    };
    let put_words = |words: &mut Words| match words {
        Words::Plain(text) => put(text, None),
        Words::Languages(texts) => texts.iter_mut().for_each(|(language, text)| put(text, Some(language))),
    };
    put(&mut node.name, None);
    let own = [&mut node.label, &mut node.hint, &mut node.guidance];
    own.into_iter().flatten().for_each(put_words);
    node.media.iter_mut().chain(node.bind.iter_mut()).for_each(|(_, words)| put_words(words));
    node.control.iter_mut().for_each(|(_, text)| put(text, None));
    [&mut node.default, &mut node.choice_filter].into_iter().flatten().for_each(|text| put(text, None));
}

/// The setting `flat`: groups leave the instance and their relevance goes to what they hold.
pub(super) fn flatten(tree: &mut Tree) {
    let mut stack: Vec<(Id, String)> = vec![(0, String::new())];
    while let Some((id, above)) = stack.pop() {
        for child in tree.node(id).children.clone() {
            let own = tree.node(child).bind_text("relevant").unwrap_or_default().to_owned();
            let all = match (above.is_empty(), own.is_empty()) {
                (true, _) => own,
                (false, true) => above.clone(),
                (false, false) => format!("{above} and ({own})"),
            };
            let node = tree.node_mut(child);
            if node.children.is_empty() {
                if !all.is_empty() {
                    node.set_bind("relevant", &all);
                }
            } else {
                node.flat = true;
                stack.push((child, all));
            }
        }
    }
}
