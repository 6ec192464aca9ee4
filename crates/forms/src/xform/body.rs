//! The body of an XForm: groups, repeats, controls, labels and nested actions.

use super::import::{Reader, absolute, children, jr, rich};
use crate::def::{Action, BodyItem, Choice, Control, ControlKind, Group, Itemset, Label, Repeat};
use baraza_model::Severity;
use roxmltree::Node;

/// Reads the body into a form.
pub(super) struct Body<'r> {
    pub(super) reader: &'r mut Reader,
}

impl Body<'_> {
    /// What is in a body, group or repeat whose node is at `base`.
    pub(super) fn items(&mut self, parent: Node<'_, '_>, base: &str) -> Vec<BodyItem> {
        let mut items = Vec::new();
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "group" => items.push(BodyItem::Group(self.group(node, base))),
                "repeat" => items.extend(self.repeat(node, base).map(BodyItem::Repeat)),
                "label" | "hint" | "setvalue" | "setgeopoint" | "recordaudio" => {}
                name => match kind(name) {
                    Some(kind) => items.extend(self.control(node, kind, base).map(BodyItem::Control)),
                    None => self.reader.say(
                        Severity::Warning,
                        "xform.unknown-control",
                        self.reader.row(node),
                        format!("Nothing is known about the control {name}."),
                        "Use a control of the ODK XForms specification.",
                    ),
                },
            }
        }
        items
    }

    fn reference(&mut self, node: Node<'_, '_>, base: &str) -> Option<String> {
        if let Some(reference) = node.attribute("ref").or_else(|| node.attribute("nodeset")) {
            return Some(absolute(reference, base));
        }
        let id = node.attribute("bind")?;
        let found = self.reader.bind_ids.get(id).cloned();
        if found.is_none() {
            self.reader.error(
                "xform.unknown-bind",
                self.reader.row(node),
                format!("There is no bind with id {id}."),
                "Name a bind that exists, or use ref.",
            );
        }
        found
    }

    fn group(&mut self, node: Node<'_, '_>, base: &str) -> Group {
        let reference = self.reference(node, base);
        let below = reference.clone().unwrap_or_else(|| base.to_owned());
        Group {
            label: self.label(node, "label"),
            appearance: node.attribute("appearance").unwrap_or_default().to_owned(),
            attributes: self.reader.attributes(node, &["ref", "nodeset", "bind", "appearance"]),
            actions: self.actions(node, &below),
            children: self.items(node, &below),
            reference,
        }
    }

    fn repeat(&mut self, node: Node<'_, '_>, base: &str) -> Option<Repeat> {
        let Some(nodeset) = self.reference(node, base) else {
            self.reader.error(
                "xform.repeat-without-nodeset",
                self.reader.row(node),
                "A repeat has no nodeset.".into(),
                "Name the element that repeats.",
            );
            return None;
        };
        self.reader.note_line(&nodeset, node);
        let known = ["ref", "nodeset", "bind", "appearance", "jr:count", "jr:noAddRemove"];
        Some(Repeat {
            count: jr(node, "count").map(str::to_owned),
            no_add_remove: jr(node, "noAddRemove").map(str::to_owned),
            appearance: node.attribute("appearance").unwrap_or_default().to_owned(),
            attributes: self.reader.attributes(node, &known),
            actions: self.actions(node, &nodeset),
            children: self.items(node, &nodeset),
            nodeset,
        })
    }

    fn control(&mut self, node: Node<'_, '_>, kind: ControlKind, base: &str) -> Option<Control> {
        let Some(reference) = self.reference(node, base) else {
            self.reader.error(
                "xform.control-without-ref",
                self.reader.row(node),
                "A question has no ref.".into(),
                "Name the node that it fills.",
            );
            return None;
        };
        self.reader.note_line(&reference, node);
        let itemset = children(node, "itemset").next().and_then(|i| self.itemset(i));
        Some(Control {
            kind,
            label: self.label(node, "label"),
            hint: self.label(node, "hint"),
            appearance: node.attribute("appearance").unwrap_or_default().to_owned(),
            attributes: self.reader.attributes(node, &["ref", "nodeset", "bind", "appearance"]),
            itemset,
            choices: children(node, "item").filter_map(|i| self.choice(i)).collect(),
            actions: self.actions(node, &reference),
            reference,
        })
    }

    fn itemset(&mut self, node: Node<'_, '_>) -> Option<Itemset> {
        let nodeset = node.attribute("nodeset").or_else(|| node.attribute("ref")).map(str::trim);
        let part = |name| children(node, name).next().and_then(|n| n.attribute("ref")).map(str::trim);
        let (Some(nodeset), Some(value)) = (nodeset, part("value")) else {
            self.reader.error(
                "xform.itemset",
                self.reader.row(node),
                "An itemset lacks its nodeset or value.".into(),
                "Give itemset/@nodeset and itemset/value/@ref.",
            );
            return None;
        };
        let label = part("label").unwrap_or_default().to_owned();
        Some(Itemset { nodeset: nodeset.to_owned(), value: value.to_owned(), label })
    }

    fn choice(&mut self, node: Node<'_, '_>) -> Option<Choice> {
        let Some(value) = children(node, "value").next() else {
            self.reader.error(
                "xform.choice-without-value",
                self.reader.row(node),
                "A choice has no value.".into(),
                "Add a value.",
            );
            return None;
        };
        Some(Choice { value: value.text().unwrap_or_default().to_owned(), label: self.label(node, "label") })
    }

    fn label(&mut self, node: Node<'_, '_>, name: &str) -> Option<Label> {
        let label = children(node, name).next()?;
        let reference = label.attribute("ref").map(|r| r.trim().to_owned());
        let text = if reference.is_some() { Vec::new() } else { rich(label) };
        Some(Label { reference, text, attributes: self.reader.attributes(label, &["ref"]) })
    }

    fn actions(&mut self, node: Node<'_, '_>, base: &str) -> Vec<Action> {
        node.children()
            .filter(|c| matches!(c.tag_name().name(), "setvalue" | "setgeopoint" | "recordaudio"))
            .filter_map(|c| self.action(c, base))
            .collect()
    }

    /// One action; relative references start at `base`.
    pub(super) fn action(&mut self, node: Node<'_, '_>, base: &str) -> Option<Action> {
        let tag = node.tag_name();
        let name = self.reader.prefixes.qualify(node, tag.namespace(), tag.name(), None);
        let Some(reference) = self.reference(node, base) else {
            self.reader.error(
                "xform.action-without-ref",
                self.reader.row(node),
                format!("The action {name} has no ref."),
                "Name the node that it changes.",
            );
            return None;
        };
        let mut rest =
            self.reader.attributes(node, &["ref", "nodeset", "bind", "event", "ev:event", "value"]);
        rest.remove("xmlns");
        let written = node
            .attribute("event")
            .or_else(|| node.attributes().find(|a| a.name() == "event").map(|a| a.value()));
        let events: Vec<String> = written.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        self.check_events(node, &name, &events);
        Some(Action {
            reference,
            events,
            value: node.attribute("value").map(str::to_owned),
            text: node.children().filter_map(|c| c.text()).collect(),
            attributes: rest,
            name,
        })
    }

    fn check_events(&mut self, node: Node<'_, '_>, name: &str, events: &[String]) {
        const KNOWN: [&str; 6] = [
            "odk-instance-first-load",
            "odk-instance-load",
            "odk-new-repeat",
            "xforms-value-changed",
            "xforms-revalidate",
            "xforms-ready",
        ];
        for event in events.iter().filter(|e| !KNOWN.contains(&e.as_str())) {
            self.reader.error(
                "xform.unknown-event",
                self.reader.row(node),
                format!("The action {name} waits for {event}, which never happens."),
                "Use an event of the ODK XForms specification.",
            );
        }
        let in_model = node.parent().is_some_and(|p| p.tag_name().name() == "model");
        if in_model && events.iter().any(|e| e == "odk-new-repeat") {
            self.reader.error(
                "xform.new-repeat-in-model",
                self.reader.row(node),
                format!("The action {name} waits for odk-new-repeat outside a repeat."),
                "Move it into the repeat of the body.",
            );
        }
    }
}

fn kind(name: &str) -> Option<ControlKind> {
    Some(match name {
        "input" => ControlKind::Input,
        "select1" => ControlKind::Select1,
        "select" => ControlKind::Select,
        "rank" => ControlKind::Rank,
        "range" => ControlKind::Range,
        "trigger" => ControlKind::Trigger,
        "upload" => ControlKind::Upload,
        "secret" => ControlKind::Secret,
        _ => return None,
    })
}
