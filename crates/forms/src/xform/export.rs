//! [`FormDef`] → XForm XML. Everything that the definition holds is written, ours in a namespace of its own, so
//! that reading it again gives an equal definition.

use super::names::KNOWN;
use crate::def::{
    Action, Bind, BodyItem, Choice, Control, ControlKind, Element, FormDef, Group, Itemset, Label, Repeat,
    Text, TextPart,
};
use baraza_model::Sharing;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Writes an XForm that ODK's engine and JavaRosa accept; reading it again gives an equal definition.
pub fn export(def: &FormDef) -> String {
    let mut out = Writer { text: String::from("<?xml version=\"1.0\"?>\n"), depth: 0 };
    let mut html: Vec<(String, String)> = KNOWN
        .iter()
        .map(|(prefix, uri)| match *prefix {
            "" => ("xmlns".to_owned(), (*uri).to_owned()),
            p => (format!("xmlns:{p}"), (*uri).to_owned()),
        })
        .collect();
    html.extend(def.namespaces.iter().map(|(prefix, uri)| (format!("xmlns:{prefix}"), uri.clone())));
    out.open("h:html", &html);
    out.open("h:head", &[]);
    out.leaf("h:title", &[], &def.title);
    out.model(def);
    out.close("h:head");
    let class = attribute("class", Some(&def.style).filter(|s| !s.is_empty()));
    out.open("h:body", &class);
    out.items(&def.body);
    out.close("h:body");
    out.close("h:html");
    out.text
}

type Attributes = Vec<(String, String)>;

fn attribute(name: &str, value: Option<&String>) -> Attributes {
    value.map(|v| (name.to_owned(), v.clone())).into_iter().collect()
}

fn all(map: &BTreeMap<String, String>) -> impl Iterator<Item = (String, String)> + '_ {
    map.iter().map(|(name, value)| (name.clone(), value.clone()))
}

fn json<T: serde::Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

/// Escapes a text for content or for an attribute in double quotes.
pub(crate) fn escape(text: &str, in_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\n' | '\t' if in_attribute => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\r' => out.push_str("&#13;"),
            c if (c as u32) < 0x20 && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

struct Writer {
    text: String,
    depth: usize,
}

impl Writer {
    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn start(&mut self, name: &str, attributes: &[(String, String)], end: &str) {
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            let _ = write!(self.text, " {key}=\"{}\"", escape(value, true));
        }
        self.text.push_str(end);
    }

    fn open(&mut self, name: &str, attributes: &[(String, String)]) {
        self.indent();
        self.start(name, attributes, ">\n");
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        let _ = writeln!(self.text, "</{name}>");
    }

    fn leaf(&mut self, name: &str, attributes: &[(String, String)], text: &str) {
        self.indent();
        if text.is_empty() {
            self.start(name, attributes, "/>\n");
        } else {
            self.start(name, attributes, ">");
            let _ = writeln!(self.text, "{}</{name}>", escape(text, false));
        }
    }

    fn rich(&mut self, name: &str, attributes: &[(String, String)], text: &Text) {
        self.indent();
        self.start(name, attributes, ">");
        for part in text {
            match part {
                TextPart::Literal(text) => self.text.push_str(&escape(text, false)),
                TextPart::Output { output } => {
                    self.start("output", &[("value".to_owned(), output.clone())], "/>");
                }
            }
        }
        let _ = writeln!(self.text, "</{name}>");
    }

    fn model(&mut self, def: &FormDef) {
        let mut attributes: Attributes = all(&def.model_attributes).collect();
        if def.sharing != Sharing::default() {
            attributes.push(("baraza:sharing".into(), def.sharing.to_string()));
        }
        attributes.extend(def.retention_days.map(|d| ("baraza:retention-days".into(), d.to_string())));
        for (name, map) in [("baraza:settings", &def.settings), ("baraza:titles", &def.titles)] {
            if !map.is_empty() {
                attributes.extend(json(map).map(|j| (name.to_owned(), j)));
            }
        }
        self.open("model", &attributes);
        self.itext(def);
        self.primary(def);
        for instance in &def.secondary {
            let mut attributes = vec![("id".to_owned(), instance.id.clone())];
            attributes.extend(attribute("src", instance.src.as_ref()));
            self.open("instance", &attributes);
            if let Some(content) = &instance.content {
                self.element(content, &[]);
            }
            self.close("instance");
        }
        if !def.submission.is_empty() {
            self.leaf("submission", &all(&def.submission).collect::<Attributes>(), "");
        }
        for bind in &def.binds {
            self.leaf("bind", &bind_attributes(bind), "");
        }
        self.actions(&def.actions);
        self.close("model");
    }

    fn itext(&mut self, def: &FormDef) {
        if def.languages.is_empty() {
            return;
        }
        self.open("itext", &[]);
        for language in &def.languages {
            let mut attributes = Vec::new();
            if def.default_language.as_ref() == Some(language) {
                attributes.push(("default".to_owned(), "true()".to_owned()));
            }
            attributes.push(("lang".to_owned(), language.clone()));
            self.open("translation", &attributes);
            for (id, forms) in def.itext.get(language).into_iter().flatten() {
                self.open("text", &[("id".to_owned(), id.clone())]);
                for (form, text) in forms {
                    self.rich("value", &attribute("form", Some(form).filter(|f| !f.is_empty())), text);
                }
                self.close("text");
            }
            self.close("translation");
        }
        self.close("itext");
    }

    fn primary(&mut self, def: &FormDef) {
        self.open("instance", &attribute("id", def.instance_id.as_ref()));
        let mut own = Vec::new();
        own.extend(attribute("xmlns", def.instance_namespace.as_ref()));
        own.push(("id".to_owned(), def.id.clone()));
        own.extend(attribute("version", def.version.as_ref()));
        self.element(&def.instance, &own);
        self.close("instance");
    }

    fn element(&mut self, element: &Element, first: &[(String, String)]) {
        let attributes: Attributes = first.iter().cloned().chain(all(&element.attributes)).collect();
        if element.children.is_empty() {
            self.leaf(&element.name, &attributes, &element.text);
            return;
        }
        self.open(&element.name, &attributes);
        for child in &element.children {
            self.element(child, &[]);
        }
        self.close(&element.name);
    }

    fn actions(&mut self, actions: &[Action]) {
        for action in actions {
            let mut attributes = vec![("ref".to_owned(), action.reference.clone())];
            attributes.push(("event".to_owned(), action.events.join(" ")));
            attributes.extend(attribute("value", action.value.as_ref()));
            attributes.extend(all(&action.attributes));
            self.leaf(&action.name, &attributes, &action.text);
        }
    }

    fn items(&mut self, items: &[BodyItem]) {
        for item in items {
            match item {
                BodyItem::Group(group) => self.group(group),
                BodyItem::Repeat(repeat) => self.repeat(repeat),
                BodyItem::Control(control) => self.control(control),
            }
        }
    }

    fn label(&mut self, name: &str, label: Option<&Label>) {
        let Some(label) = label else { return };
        let mut attributes = attribute("ref", label.reference.as_ref());
        attributes.extend(all(&label.attributes));
        if label.reference.is_some() {
            self.leaf(name, &attributes, "");
        } else {
            self.rich(name, &attributes, &label.text);
        }
    }

    fn group(&mut self, group: &Group) {
        let mut attributes = attribute("ref", group.reference.as_ref());
        attributes.extend(attribute("appearance", Some(&group.appearance).filter(|a| !a.is_empty())));
        attributes.extend(all(&group.attributes));
        self.open("group", &attributes);
        self.label("label", group.label.as_ref());
        self.actions(&group.actions);
        self.items(&group.children);
        self.close("group");
    }

    fn repeat(&mut self, repeat: &Repeat) {
        let mut attributes = vec![("nodeset".to_owned(), repeat.nodeset.clone())];
        attributes.extend(attribute("jr:count", repeat.count.as_ref()));
        attributes.extend(attribute("jr:noAddRemove", repeat.no_add_remove.as_ref()));
        attributes.extend(attribute("appearance", Some(&repeat.appearance).filter(|a| !a.is_empty())));
        attributes.extend(all(&repeat.attributes));
        self.open("repeat", &attributes);
        self.actions(&repeat.actions);
        self.items(&repeat.children);
        self.close("repeat");
    }

    fn control(&mut self, control: &Control) {
        let name = element_name(control.kind);
        let mut attributes = vec![("ref".to_owned(), control.reference.clone())];
        attributes.extend(attribute("appearance", Some(&control.appearance).filter(|a| !a.is_empty())));
        attributes.extend(all(&control.attributes));
        self.open(name, &attributes);
        self.label("label", control.label.as_ref());
        self.label("hint", control.hint.as_ref());
        if let Some(itemset) = &control.itemset {
            self.itemset(itemset);
        }
        for choice in &control.choices {
            self.choice(choice);
        }
        self.actions(&control.actions);
        self.close(name);
    }

    fn itemset(&mut self, itemset: &Itemset) {
        self.open("itemset", &[("nodeset".to_owned(), itemset.nodeset.clone())]);
        self.leaf("value", &[("ref".to_owned(), itemset.value.clone())], "");
        if !itemset.label.is_empty() {
            self.leaf("label", &[("ref".to_owned(), itemset.label.clone())], "");
        }
        self.close("itemset");
    }

    fn choice(&mut self, choice: &Choice) {
        self.open("item", &[]);
        self.label("label", choice.label.as_ref());
        self.rich("value", &[], &vec![TextPart::Literal(choice.value.clone())]);
        self.close("item");
    }
}

fn bind_attributes(bind: &Bind) -> Attributes {
    let known = [
        ("type", &bind.data_type),
        ("relevant", &bind.relevant),
        ("required", &bind.required),
        ("jr:requiredMsg", &bind.required_message),
        ("readonly", &bind.readonly),
        ("constraint", &bind.constraint),
        ("jr:constraintMsg", &bind.constraint_message),
        ("calculate", &bind.calculate),
        ("jr:preload", &bind.preload),
        ("jr:preloadParams", &bind.preload_params),
        ("baraza:hxl", &bind.hxl),
    ];
    let mut attributes = vec![("nodeset".to_owned(), bind.nodeset.clone())];
    for (name, value) in known {
        let value = match (name, value) {
            ("type", Some(t)) if t == "rank" => Some("odk:rank".to_owned()),
            (_, value) => value.clone(),
        };
        attributes.extend(attribute(name, value.as_ref()));
    }
    attributes.extend(bind.sensitivity.map(|s| ("baraza:sensitivity".to_owned(), s.to_string())));
    if !bind.columns.is_empty() {
        attributes.extend(json(&bind.columns).map(|j| ("baraza:columns".to_owned(), j)));
    }
    attributes.extend(all(&bind.attributes));
    attributes
}

fn element_name(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::Input => "input",
        ControlKind::Select1 => "select1",
        ControlKind::Select => "select",
        ControlKind::Rank => "odk:rank",
        ControlKind::Range => "range",
        ControlKind::Trigger => "trigger",
        ControlKind::Upload => "upload",
        ControlKind::Secret => "secret",
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::{BARAZA, XFORMS};
    use super::*;

    #[test]
    fn namespaces_of_ours_are_declared() {
        let xml = export(&FormDef::new("f", "data"));
        assert!(
            xml.contains(&format!("xmlns:baraza=\"{BARAZA}\""))
                && xml.contains(&format!("xmlns=\"{XFORMS}\""))
        );
    }
}
