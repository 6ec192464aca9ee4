//! What is asked: groups, repeats and controls of the body.

use super::aliases::type_info;
use super::choices::Lists;
use super::headings::Words;
use super::instances::is_search;
use super::question::file_of;
use super::reference::has_reference;
use super::report::{At, Report};
use super::survey::SHEET;
use super::texts::needs_itext;
use super::tree::{Id, Kind, Node, Style, Tree};
use crate::def::{Action, BodyItem, Choice, Control, ControlKind, Group, Itemset, Label, Repeat};
use std::collections::BTreeMap;

/// Trigger's name → the nodes that it sets.
type Triggered = BTreeMap<String, Vec<Id>>;

/// Builds the body of a form.
pub(super) struct Body<'a> {
    tree: &'a Tree,
    lists: &'a Lists,
    report: &'a mut Report,
    triggered: Triggered,
}

impl<'a> Body<'a> {
    /// A builder for this tree.
    pub(super) fn new(tree: &'a Tree, lists: &'a Lists, report: &'a mut Report) -> Self {
        let mut triggered = Triggered::new();
        for id in tree.below(0) {
            for name in &tree.node(id).trigger {
                triggered.entry(name.clone()).or_default().push(id);
            }
        }
        Body { tree, lists, report, triggered }
    }

    /// The items of a section.
    pub(super) fn items(&mut self, section: Id) -> Vec<BodyItem> {
        let children = self.tree.node(section).children.clone();
        children.into_iter().filter_map(|id| self.item(id)).collect()
    }

    fn item(&mut self, id: Id) -> Option<BodyItem> {
        let node = self.tree.node(id);
        match node.kind {
            Kind::Group if node.bodyless => None,
            Kind::Group => Some(BodyItem::Group(self.group(id))),
            Kind::Repeat => Some(BodyItem::Group(self.repeat(id))),
            Kind::Question => self.question(id).map(BodyItem::Control),
            _ => None,
        }
    }

    /// The attributes of a control, its appearance apart.
    fn attributes(&self, id: Id) -> (String, BTreeMap<String, String>) {
        let mut attributes = BTreeMap::new();
        let mut appearance = String::new();
        for (key, value) in &self.tree.node(id).control {
            let value = self.tree.resolve(value, Some(id), Style::default()).trim().to_owned();
            if key == "appearance" {
                appearance = value;
            } else {
                attributes.insert(key.clone(), value);
            }
        }
        (appearance, attributes)
    }

    fn group(&mut self, id: Id) -> Group {
        let node = self.tree.node(id);
        let (appearance, attributes) = self.attributes(id);
        Group {
            reference: (!node.flat).then(|| self.tree.path(id)),
            label: node.label.as_ref().and_then(|_| self.label(id)),
            appearance,
            attributes,
            actions: Vec::new(),
            children: self.items(id),
        }
    }

    fn repeat(&mut self, id: Id) -> Group {
        let (appearance, mut attributes) = self.attributes(id);
        let repeat = Repeat {
            nodeset: self.tree.path(id),
            count: attributes.remove("jr:count"),
            no_add_remove: attributes.remove("jr:noAddRemove"),
            appearance,
            attributes,
            actions: self.repeat_actions(id),
            children: self.items(id),
        };
        Group {
            reference: Some(self.tree.path(id)),
            label: self.label(id),
            children: vec![BodyItem::Repeat(repeat)],
            ..Group::default()
        }
    }

    /// What a new instance of a repeat sets: dynamic defaults of what is in it and in no inner repeat.
    fn repeat_actions(&self, repeat: Id) -> Vec<Action> {
        let inside =
            self.tree.below(repeat).into_iter().filter(|id| self.tree.repeat_around(*id) == Some(repeat));
        inside
            .flat_map(|id| {
                let actions = self.tree.node(id).actions.iter().filter(|a| a.event == "odk-new-repeat");
                actions.map(move |a| self.tree.action(id, a))
            })
            .collect()
    }

    fn label(&self, id: Id) -> Option<Label> {
        let node = self.tree.node(id);
        if needs_itext(node) {
            return Some(Label::itext(&format!("{}:label", self.tree.path(id))));
        }
        match &node.label {
            Some(Words::Plain(text)) => {
                Some(Label { text: self.tree.text(text, Some(id)), ..Label::default() })
            }
            _ => None,
        }
    }

    fn hint(&self, id: Id) -> Option<Label> {
        let node = self.tree.node(id);
        let built_in = type_info(&node.question_type).map(|i| i.hint).unwrap_or_default();
        match &node.hint {
            _ if node.guidance.is_some() => {}
            Some(Words::Languages(_)) => {}
            Some(Words::Plain(text)) => {
                return Some(Label { text: self.tree.text(text, Some(id)), ..Label::default() });
            }
            None if !built_in.is_empty() => return Some(Label::plain(built_in)),
            None => return None,
        }
        Some(Label::itext(&format!("{}:hint", self.tree.path(id))))
    }

    fn question(&mut self, id: Id) -> Option<Control> {
        let node = self.tree.node(id);
        let kind = control_kind(node);
        let hidden = node.question_type == "calculate"
            || ((node.bind_text("calculate").is_some() || !node.trigger.is_empty())
                && node.label.is_none()
                && node.hint.is_none());
        let Some(kind) = kind.filter(|_| !hidden) else {
            self.check_hidden_trigger(id);
            return None;
        };
        self.check_label(node);
        let (appearance, mut attributes) = self.attributes(id);
        let media = type_info(&node.question_type).map(|i| i.media).unwrap_or_default();
        if !media.is_empty() {
            attributes.entry("mediatype".to_owned()).or_insert_with(|| media.to_owned());
        }
        if node.question_type == "select one external"
            && let (Some(query), Some(filter)) = (&node.query, &node.choice_filter)
        {
            let style = Style { current: true, parent: false };
            let filter = self.tree.resolve(filter, Some(id), style);
            attributes.insert("query".to_owned(), format!("instance('{query}')/root/item[{filter}]"));
        }
        let label = if appearance == "label" && node.label.is_none() {
            Some(Label::plain(" "))
        } else {
            self.label(id)
        };
        let search =
            is_search(node) && matches!(kind, ControlKind::Select | ControlKind::Select1 | ControlKind::Rank);
        Some(Control {
            kind,
            reference: self.tree.path(id),
            label,
            hint: self.hint(id),
            appearance,
            attributes,
            itemset: if search { None } else { self.itemset(id) },
            choices: if search { self.choices_in_place(node) } else { Vec::new() },
            actions: self.triggered_actions(id),
        })
    }

    fn check_label(&mut self, node: &Node) {
        let at = At::cell(SHEET, node.row, "label");
        let name = &node.name;
        let labelled = node.label.is_some() || !node.media.is_empty() || node.hint.is_some();
        let built_in = type_info(&node.question_type).is_some_and(|i| !i.hint.is_empty());
        let blank = node.control_text("appearance") == Some("label");
        if !labelled && !built_in && !blank {
            let message = format!(
                "The question \"{name}\" has no label and no hint, so nobody could know what is asked."
            );
            self.report.error(at, "label.missing", message, "Write the question into the column label.");
        }
        let has = |kind: &str| node.media.iter().any(|(k, _)| k == kind);
        if has("big-image") && !has("image") {
            let message =
                format!("The question \"{name}\" has a big image, but no image that would open it.");
            self.report.error(at, "media.big-image", message, "Add the same file to the column image.");
        }
    }

    fn check_hidden_trigger(&mut self, id: Id) {
        let node = self.tree.node(id);
        for target in self.triggered.get(&node.name).into_iter().flatten() {
            let target = self.tree.node(*target);
            let message =
                format!("\"{}\" is never shown, so it can't trigger \"{}\".", node.name, target.name);
            let at = At::cell(SHEET, target.row, "trigger");
            self.report.error(at, "trigger.hidden", message, "Name a question that a person answers.");
        }
    }

    fn triggered_actions(&self, trigger: Id) -> Vec<Action> {
        let node = self.tree.node(trigger);
        let mut out = Vec::new();
        for target in self.triggered.get(&node.name).into_iter().flatten() {
            let set = self.tree.node(*target);
            let geo = set.question_type == "background-geopoint";
            let value = set.bind_text("calculate").filter(|v| !geo && !v.is_empty());
            out.push(Action {
                name: if geo { "odk:setgeopoint" } else { "setvalue" }.to_owned(),
                reference: self.tree.path(*target),
                events: vec!["xforms-value-changed".to_owned()],
                value: value.map(|v| self.tree.resolve(v, Some(trigger), Style::default()).trim().to_owned()),
                ..Action::default()
            });
        }
        out
    }

    fn choices_in_place(&self, node: &Node) -> Vec<Choice> {
        let list = node.itemset.as_deref().unwrap_or_default();
        let choices = self.lists.get(list).unwrap_or_default();
        let translated = self.lists.is_translated(list);
        let label = |(at, choice): (usize, &super::choices::Choice)| match &choice.label {
            _ if translated => Some(Label::itext(&format!("{list}-{at}"))),
            Some(Words::Plain(text)) => Some(Label { text: self.tree.text(text, None), ..Label::default() }),
            _ => None,
        };
        let in_place = |(at, choice): (usize, &super::choices::Choice)| Choice {
            value: choice.name.clone(),
            label: label((at, choice)),
        };
        choices.iter().enumerate().map(in_place).collect()
    }

    fn itemset(&self, id: Id) -> Option<Itemset> {
        let node = self.tree.node(id);
        let list = node.itemset.as_deref()?;
        let mut itemset = self.itemset_of(id, list);
        let by_reference = has_reference(list);
        let mut filter = if by_reference {
            let value =
                if node.question_type.starts_with("geo") { "geometry" } else { itemset.value.as_str() };
            Some(format!("./{value} != ''"))
        } else {
            None
        };
        if let Some(text) = &node.choice_filter {
            let style = Style { current: true, parent: by_reference };
            let mut text = self.tree.resolve(text, Some(id), style);
            if by_reference {
                text = text
                    .replace(&format!("current()/{}", itemset.nodeset), ".")
                    .replace(&itemset.nodeset, ".");
            }
            filter = Some(text);
        }
        if let Some(filter) = filter.filter(|_| node.question_type != "range") {
            itemset.nodeset = format!("{}[{filter}]", itemset.nodeset);
        }
        if node.parameters.get("randomize").is_some_and(|r| r == "true") {
            itemset.nodeset = match node.parameters.get("seed") {
                Some(seed) => {
                    let seed = self.tree.resolve(seed, Some(id), Style::default());
                    format!("randomize({}, {})", itemset.nodeset, seed.trim())
                }
                None => format!("randomize({})", itemset.nodeset),
            };
        }
        Some(itemset)
    }

    /// The items before any filter, and where their value and label are.
    fn itemset_of(&self, id: Id, list: &str) -> Itemset {
        let node = self.tree.node(id);
        if has_reference(list) {
            let path = self.tree.resolve(list, Some(id), Style { current: false, parent: true });
            let path = path.trim();
            if node.question_type.starts_with("geo") {
                return Itemset {
                    nodeset: path.to_owned(),
                    value: "geometry".into(),
                    label: "geometry".into(),
                };
            }
            let (nodeset, leaf) = path.rsplit_once('/').unwrap_or(("", path));
            return Itemset { nodeset: nodeset.to_owned(), value: leaf.to_owned(), label: leaf.to_owned() };
        }
        let items = |list: &str| format!("instance('{list}')/root/item");
        if let Some((stem, ending)) = file_of(list) {
            let (value, label) = if ending == "geojson" { ("id", "title") } else { ("name", "label") };
            let column =
                |key: &str, usual: &str| node.parameters.get(key).map_or(usual, String::as_str).to_owned();
            return Itemset {
                nodeset: items(stem),
                value: column("value", value),
                label: column("label", label),
            };
        }
        let translated = self.lists.is_translated(list);
        let label = if translated { "jr:itext(itextId)" } else { "label" };
        Itemset { nodeset: items(list), value: "name".to_owned(), label: label.to_owned() }
    }
}

fn control_kind(node: &Node) -> Option<ControlKind> {
    Some(match node.question_type.as_str() {
        "select one" => ControlKind::Select1,
        "select all that apply" => ControlKind::Select,
        "rank" => ControlKind::Rank,
        other => match type_info(other)?.control {
            "input" => ControlKind::Input,
            "range" => ControlKind::Range,
            "trigger" => ControlKind::Trigger,
            "upload" => ControlKind::Upload,
            _ => return None,
        },
    })
}
