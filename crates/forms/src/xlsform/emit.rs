//! The tree of an XLSForm as a form definition: primary instance, binds, actions and settings.

use super::aliases::{type_info, yes_no};
use super::body::Body;
use super::choices::Lists;
use super::entities::Entities;
use super::headings::Words;
use super::instances;
use super::report::Report;
use super::settings::Settings;
use super::texts::{Texts, is_message_translated};
use super::tree::{Id, Kind, Style, Tree};
use crate::def::{Bind, Element, FormDef};
use std::collections::BTreeMap;

/// Attributes of a bind where `yes` and `no` mean `true()` and `false()`.
const CONVERTED: [&str; 5] = ["readonly", "required", "relevant", "constraint", "calculate"];

/// Builds the definition.
pub(super) fn form(
    tree: &Tree,
    lists: &Lists,
    settings: &Settings,
    entities: &Entities,
    report: &mut Report,
) -> FormDef {
    let mut form = FormDef::new(&settings.id, &settings.root);
    let mut texts = Texts::new(tree, &settings.default_language);
    texts.collect(lists);
    texts.finish(&mut form);
    form.instance = Instance { tree }.section(0, false);
    for (key, value) in &settings.attributes {
        form.instance.attributes.insert(key.clone(), value.clone());
    }
    for id in tree.below(0) {
        form.binds.extend(bind(tree, id));
        let node = tree.node(id);
        let model = node.actions.iter().filter(|a| a.event != "odk-new-repeat");
        form.actions.extend(model.map(|a| tree.action(id, a)));
    }
    let searched = instances::searched(tree, report);
    form.secondary = instances::collect(tree, lists, &searched, report);
    form.body = Body::new(tree, lists, report).items(0);
    put_settings(&mut form, settings);
    form.model_attributes.insert("odk:xforms-version".to_owned(), "1.0.0".to_owned());
    if !entities.is_empty() {
        let version = entities.version(tree).to_owned();
        form.model_attributes.insert("entities:entities-version".to_owned(), version);
    }
    form
}

fn put_settings(form: &mut FormDef, settings: &Settings) {
    form.version.clone_from(&settings.version);
    form.title = settings.id.clone();
    form.titles = BTreeMap::new();
    match &settings.title {
        Some(Words::Plain(title)) => form.title.clone_from(title),
        Some(Words::Languages(titles)) => {
            let default = form.default_language.as_deref().unwrap_or(&settings.default_language);
            let main = titles.iter().find(|(l, _)| l == default).or(titles.first());
            form.title = main.map(|(_, t)| t.clone()).unwrap_or_default();
            form.titles = titles.iter().cloned().collect();
        }
        None => {}
    }
    form.style.clone_from(&settings.style);
    form.namespaces.clone_from(&settings.namespaces);
    form.instance_namespace.clone_from(&settings.instance_namespace);
    form.submission.clone_from(&settings.submission);
    form.sharing = settings.sharing;
    form.retention_days = settings.retention_days;
    for (key, value) in &settings.others {
        let language = key.strip_prefix("form_title_").and_then(|code| language_of(&form.languages, code));
        match language {
            Some(language) => {
                form.titles.insert(language, value.clone());
            }
            None => {
                form.settings.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The language whose code in parentheses, or whose whole name, is `code`.
fn language_of(languages: &[String], code: &str) -> Option<String> {
    let wanted = format!("({code})");
    languages.iter().find(|l| l.ends_with(&wanted) || l.eq_ignore_ascii_case(code)).cloned()
}

struct Instance<'a> {
    tree: &'a Tree,
}

impl Instance<'_> {
    fn attributes(&self, id: Id) -> BTreeMap<String, String> {
        let resolved = |text: &str| self.tree.resolve(text, Some(id), Style::default());
        self.tree.node(id).attributes.iter().map(|(k, v)| (k.clone(), resolved(v))).collect()
    }

    /// A section with its children. The template of a repeat stands before its first instance, but not again in
    /// the first instance of an outer repeat (`inside`).
    fn section(&self, id: Id, inside: bool) -> Element {
        let mut element = Element {
            name: self.tree.node(id).name.clone(),
            attributes: self.attributes(id),
            ..Element::default()
        };
        for child in &self.tree.node(id).children {
            let node = self.tree.node(*child);
            match node.kind {
                Kind::External => {}
                Kind::Attribute => {
                    let value = node.attributes.first().map(|(_, v)| v.clone()).unwrap_or_default();
                    element.attributes.insert(node.name.clone(), value);
                }
                _ if node.flat => self.flat(*child, &mut element.children),
                Kind::Repeat if !inside => {
                    element.children.push(self.template(*child));
                    element.children.push(self.section(*child, true));
                }
                _ => element.children.push(self.node(*child, inside)),
            }
        }
        element
    }

    fn node(&self, id: Id, inside: bool) -> Element {
        let node = self.tree.node(id);
        if node.is_section() {
            return self.section(id, inside);
        }
        let text = node.default.clone().filter(|_| !node.dynamic_default).unwrap_or_default();
        Element { name: node.name.clone(), attributes: self.attributes(id), text, children: Vec::new() }
    }

    fn template(&self, id: Id) -> Element {
        let node = self.tree.node(id);
        let mut element = Element { name: node.name.clone(), ..Element::default() };
        element.attributes.insert("jr:template".to_owned(), String::new());
        for child in &node.children {
            match self.tree.node(*child).kind {
                Kind::External | Kind::Attribute => {}
                Kind::Repeat => element.children.push(self.template(*child)),
                _ => element.children.push(self.node(*child, false)),
            }
        }
        element
    }

    fn flat(&self, id: Id, out: &mut Vec<Element>) {
        for child in &self.tree.node(id).children {
            let node = self.tree.node(*child);
            match node.kind {
                Kind::External => {}
                _ if node.flat => self.flat(*child, out),
                _ => out.push(self.node(*child, false)),
            }
        }
    }
}

/// The bind of a node, if it has one.
fn bind(tree: &Tree, id: Id) -> Option<Bind> {
    let node = tree.node(id);
    if node.flat || matches!(node.kind, Kind::Root | Kind::External) {
        return None;
    }
    let mut attributes: BTreeMap<String, String> = BTreeMap::new();
    let question = node.kind == Kind::Question;
    if question {
        own_attributes(&node.question_type, &mut attributes);
    }
    if !question && node.bind.is_empty() && node.columns.is_empty() {
        return None;
    }
    for (key, words) in &node.bind {
        if key == "calculate" && !node.trigger.is_empty() {
            continue;
        }
        let value = bind_value(tree, id, key, words);
        attributes.insert(key.clone(), value);
    }
    let mut bind = Bind { nodeset: tree.path(id), ..Bind::default() };
    let mut take = |key: &str| attributes.remove(key).filter(|v| !v.is_empty());
    bind.data_type = take("type").map(|t| t.rsplit(':').next().unwrap_or_default().to_owned());
    bind.relevant = take("relevant");
    bind.required = take("required");
    bind.required_message = take("jr:requiredMsg");
    bind.readonly = take("readonly");
    bind.constraint = take("constraint");
    bind.constraint_message = take("jr:constraintMsg");
    bind.calculate = take("calculate");
    bind.preload = take("jr:preload");
    bind.preload_params = take("jr:preloadParams");
    bind.attributes = attributes;
    bind.columns.clone_from(&node.columns);
    bind.sensitivity = bind.columns.remove("sensitivity").and_then(|s| s.trim().to_lowercase().parse().ok());
    bind.hxl = bind.columns.remove("hxl");
    Some(bind)
}

/// What the question type itself brings.
fn own_attributes(question_type: &str, attributes: &mut BTreeMap<String, String>) {
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            attributes.insert(key.to_owned(), value.to_owned());
        }
    };
    match question_type {
        "select one" | "select all that apply" => put("type", "string"),
        "rank" => put("type", "odk:rank"),
        other => {
            let Some(info) = type_info(other) else { return };
            put("type", info.data_type);
            if let Some((preload, params)) = info.preload {
                put("jr:preload", preload);
                put("jr:preloadParams", params);
            }
            for (key, value) in info.bind {
                put(key, value);
            }
        }
    }
}

fn bind_value(tree: &Tree, id: Id, key: &str, words: &Words) -> String {
    if key.starts_with("jr:") && key.ends_with("Msg") && is_message_translated(words)
        || key == "jr:noAppErrorString" && matches!(words, Words::Languages(_))
    {
        return format!("jr:itext('{}:{key}')", tree.path(id));
    }
    let text = words.texts().first().map(|(_, t)| (*t).to_owned()).unwrap_or_default();
    if CONVERTED.contains(&key)
        && let Some(flag) = yes_no(&text)
    {
        return if flag { "true()" } else { "false()" }.to_owned();
    }
    tree.resolve(&text, Some(id), Style::default()).trim().to_owned()
}
