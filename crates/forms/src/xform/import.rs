//! XForm XML → [`FormDef`]. Lenient in what does not matter, and complete in what it reports.
//!
//! Bounded: document size, number of nodes and depth; document types and entities are refused.

use super::Imported;
use super::body::Body;
use super::names::{BARAZA, JAVAROSA, Prefixes, XHTML};
use crate::def::{Bind, Element, FormDef, SecondaryInstance, Text, TextPart};
use baraza_model::{Diagnostic, Place, Sensitivity, Severity};
use roxmltree::{Document, Node, ParsingOptions};
use std::collections::BTreeMap;

/// The longest document in bytes.
const MAX_SIZE: usize = 32 << 20;
/// The most nodes of a document.
const MAX_NODES: u32 = 2_000_000;
/// The deepest nesting of elements.
const MAX_DEPTH: usize = 100;

/// Reads an XForm. Bounded in size and depth; document types and entities are refused.
pub fn import(xml: &str) -> Imported {
    let mut reader = Reader::default();
    let mut def = reader.document(xml);
    let severe = |d: &&mut FormDef| d.binds.iter().any(|b| b.sensitivity == Some(Sensitivity::Severe));
    if let Some(def) = def.as_mut().filter(severe) {
        reader.diagnostics.extend(crate::sensitivity::propagate(def));
    }
    let refused = reader.diagnostics.iter().any(|d| d.severity == Severity::Error);
    Imported { def: def.filter(|_| !refused), diagnostics: reader.diagnostics, lines: reader.lines }
}

/// What is gathered while reading.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) prefixes: Prefixes,
    pub(super) lines: BTreeMap<String, u32>,
    /// Where each line of the document starts, in bytes.
    line_starts: Vec<usize>,
    /// Nodesets by the `id` of their bind, for `bind="…"` on controls and actions.
    pub(super) bind_ids: BTreeMap<String, String>,
}

impl Reader {
    /// The line of a node.
    pub(super) fn row(&self, node: Node<'_, '_>) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= node.range().start);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// Notes where a node of the instance is spoken of first.
    pub(super) fn note_line(&mut self, path: &str, node: Node<'_, '_>) {
        if !self.lines.contains_key(path) {
            let line = self.row(node);
            self.lines.insert(path.to_owned(), line);
        }
    }

    pub(super) fn say(&mut self, severity: Severity, code: &str, row: u32, message: String, fix: &str) {
        self.diagnostics.push(Diagnostic {
            code: code.to_owned(),
            severity,
            place: Place { sheet: None, row: (row > 0).then_some(row), column: None },
            message,
            fix: fix.to_owned(),
        });
    }

    pub(super) fn error(&mut self, code: &str, row: u32, message: String, fix: &str) {
        self.say(Severity::Error, code, row, message, fix);
    }

    fn document(&mut self, xml: &str) -> Option<FormDef> {
        let xml = xml.trim_start_matches('\u{feff}').trim_start();
        if xml.len() > MAX_SIZE {
            self.error("xform.too-large", 0, format!("The form has {} bytes.", xml.len()), "Split the form.");
            return None;
        }
        let options =
            ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
        let document = match Document::parse_with_options(xml, options) {
            Ok(document) => document,
            Err(error) => {
                let row = error.pos().row;
                self.error(
                    "xform.not-xml",
                    row,
                    format!("This is not XML: {error}."),
                    "Repair the file or export it again.",
                );
                return None;
            }
        };
        if too_deep(&document) {
            self.error(
                "xform.too-deep",
                0,
                format!("Elements are nested deeper than {MAX_DEPTH}."),
                "Flatten the form.",
            );
            return None;
        }
        self.line_starts = std::iter::once(0).chain(xml.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.form(&document)
    }

    fn form(&mut self, document: &Document<'_>) -> Option<FormDef> {
        let html = document.root_element();
        let head = child(html, "head");
        let models: Vec<Node<'_, '_>> = head.map(|h| children(h, "model").collect()).unwrap_or_default();
        let model = match models.as_slice() {
            [model] => *model,
            [] => {
                self.error(
                    "xform.no-model",
                    self.row(html),
                    "There is no model.".into(),
                    "Give an XForm with h:head/model.",
                );
                return None;
            }
            [_, second, ..] => {
                self.error(
                    "xform.several-models",
                    self.row(*second),
                    "There are several models.".into(),
                    "Put everything into one model.",
                );
                return None;
            }
        };
        let mut def = self.primary(model)?;
        let title = head.and_then(|h| child(h, "title")).and_then(|t| t.text()).unwrap_or_default();
        def.title = title.trim().to_owned();
        self.model(model, &mut def);
        match html.children().find(|n| n.tag_name().name() == "body") {
            Some(body) => {
                def.style = body.attribute("class").unwrap_or_default().to_owned();
                let root = format!("/{}", def.instance.name);
                def.body = Body { reader: self }.items(body, &root);
            }
            None => self.error("xform.no-body", self.row(html), "There is no body.".into(), "Add h:body."),
        }
        def.namespaces = std::mem::take(&mut self.prefixes.extra);
        Some(def)
    }

    fn primary(&mut self, model: Node<'_, '_>) -> Option<FormDef> {
        let instance = children(model, "instance").next();
        let Some(root) = instance.and_then(|i| i.children().find(Node::is_element)) else {
            self.error(
                "xform.no-instance",
                self.row(model),
                "There is no primary instance.".into(),
                "Add an instance with one root element.",
            );
            return None;
        };
        let home = root.tag_name().namespace();
        let mut element = self.element(root, home);
        let id = element.attributes.remove("id");
        if id.is_none() {
            self.say(
                Severity::Warning,
                "xform.no-id",
                self.row(root),
                "The form has no id.".into(),
                "Give the root of the primary instance an id.",
            );
        }
        let mut def =
            FormDef::new(&id.unwrap_or_else(|| home.unwrap_or(&element.name).to_owned()), &element.name);
        def.version = element.attributes.remove("version");
        def.instance_namespace = home.filter(|h| *h != super::names::XFORMS).map(str::to_owned);
        def.instance_id = instance.and_then(|i| i.attribute("id")).map(str::to_owned);
        def.instance = element;
        Some(def)
    }

    /// An element of an instance as a tree; `home` is the namespace that is written without prefix.
    fn element(&mut self, node: Node<'_, '_>, home: Option<&str>) -> Element {
        let name = self.prefixes.qualify(node, node.tag_name().namespace(), node.tag_name().name(), home);
        let attributes = self.attributes(node, &[]);
        let children: Vec<Element> =
            node.children().filter(Node::is_element).map(|child| self.element(child, home)).collect();
        let text = if children.is_empty() { own_text(node) } else { String::new() };
        Element { name, attributes, text, children }
    }

    /// All attributes by name as written, but those named.
    pub(super) fn attributes(&mut self, node: Node<'_, '_>, without: &[&str]) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for attribute in node.attributes() {
            let name = self.prefixes.qualify(node, attribute.namespace(), attribute.name(), None);
            if !without.contains(&name.as_str()) {
                found.insert(name, attribute.value().to_owned());
            }
        }
        found
    }

    fn model(&mut self, model: Node<'_, '_>, def: &mut FormDef) {
        let own = ["baraza:sharing", "baraza:retention-days", "baraza:settings", "baraza:titles"];
        def.model_attributes = self.attributes(model, &own);
        let ours = |name: &str| model.attribute((BARAZA, name));
        def.sharing = ours("sharing").and_then(|s| s.parse().ok()).unwrap_or_default();
        def.retention_days = ours("retention-days").and_then(|s| s.parse().ok());
        def.settings = ours("settings").and_then(|s| serde_json::from_str(s).ok()).unwrap_or_default();
        def.titles = ours("titles").and_then(|s| serde_json::from_str(s).ok()).unwrap_or_default();
        let root = format!("/{}", def.instance.name);
        for bind in children(model, "bind") {
            if let (Some(id), Some(nodeset)) = (bind.attribute("id"), bind.attribute("nodeset")) {
                self.bind_ids.insert(id.to_owned(), absolute(nodeset, &root));
            }
        }
        for (at, node) in model.children().filter(Node::is_element).enumerate() {
            match node.tag_name().name() {
                "bind" => def.binds.extend(self.bind(node)),
                "instance" if at > 0 => def.secondary.extend(self.secondary(node, model)),
                "itext" => self.itext(node, def),
                "submission" => def.submission = self.attributes(node, &[]),
                "setvalue" | "setgeopoint" | "recordaudio" => {
                    let action = Body { reader: self }.action(node, &root);
                    def.actions.extend(action);
                }
                _ => {}
            }
        }
    }

    fn bind(&mut self, node: Node<'_, '_>) -> Option<Bind> {
        let Some(nodeset) = node.attribute("nodeset").or_else(|| node.attribute("ref")) else {
            self.say(
                Severity::Warning,
                "xform.bind-without-nodeset",
                self.row(node),
                "A bind has no nodeset.".into(),
                "Name the node that it belongs to.",
            );
            return None;
        };
        let nodeset = nodeset.trim().to_owned();
        self.note_line(&nodeset, node);
        let mut rest = self.attributes(node, &["nodeset", "ref"]);
        let mut take = |name: &str| rest.remove(name);
        Some(Bind {
            data_type: take("type").map(|t| super::names::local(&t).to_owned()),
            relevant: take("relevant"),
            required: take("required"),
            required_message: take("jr:requiredMsg"),
            readonly: take("readonly"),
            constraint: take("constraint"),
            constraint_message: take("jr:constraintMsg"),
            calculate: take("calculate"),
            preload: take("jr:preload"),
            preload_params: take("jr:preloadParams"),
            sensitivity: take("baraza:sensitivity").and_then(|s| s.parse().ok()),
            hxl: take("baraza:hxl"),
            columns: take("baraza:columns").and_then(|s| serde_json::from_str(&s).ok()).unwrap_or_default(),
            attributes: rest,
            nodeset,
        })
    }

    fn secondary(&mut self, node: Node<'_, '_>, model: Node<'_, '_>) -> Option<SecondaryInstance> {
        if children(model, "instance").next() == Some(node) {
            return None;
        }
        let Some(id) = node.attribute("id") else {
            self.say(
                Severity::Warning,
                "xform.instance-without-id",
                self.row(node),
                "A secondary instance has no id.".into(),
                "Give it an id.",
            );
            return None;
        };
        let root = node.children().find(Node::is_element);
        let content = root.map(|r| self.element(r, r.tag_name().namespace()));
        Some(SecondaryInstance { id: id.to_owned(), src: node.attribute("src").map(str::to_owned), content })
    }

    fn itext(&mut self, node: Node<'_, '_>, def: &mut FormDef) {
        for translation in children(node, "translation") {
            let Some(language) = translation.attribute("lang") else { continue };
            if !def.languages.iter().any(|l| l == language) {
                def.languages.push(language.to_owned());
            }
            if translation.attribute("default").is_some_and(|d| d != "false()" && d != "false") {
                def.default_language = Some(language.to_owned());
            }
            let texts = def.itext.entry(language.to_owned()).or_default();
            for text in children(translation, "text") {
                let Some(id) = text.attribute("id") else { continue };
                let forms = texts.entry(id.to_owned()).or_default();
                for value in children(text, "value") {
                    forms
                        .entry(value.attribute("form").unwrap_or_default().to_owned())
                        .or_insert_with(|| rich(value));
                }
            }
        }
    }
}

/// The text of an element with its outputs.
pub(super) fn rich(node: Node<'_, '_>) -> Text {
    let mut parts = Text::new();
    gather(node, &mut parts);
    parts
}

fn gather(node: Node<'_, '_>, parts: &mut Text) {
    for child in node.children() {
        if let Some(text) = child.text().filter(|_| child.is_text()) {
            if let Some(TextPart::Literal(before)) = parts.last_mut() {
                before.push_str(text);
            } else {
                parts.push(TextPart::Literal(text.to_owned()));
            }
        } else if child.is_element() && child.tag_name().name() == "output" {
            if let Some(output) = child.attribute("value").or_else(|| child.attribute("ref")) {
                parts.push(TextPart::Output { output: output.to_owned() });
            }
        } else if child.is_element() {
            gather(child, parts);
        }
    }
}

fn own_text(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|t| t.text()).collect()
}

fn too_deep(document: &Document<'_>) -> bool {
    let mut depth: usize = 0;
    let mut at = document.root();
    loop {
        if let Some(first) = at.first_child() {
            depth += 1;
            at = first;
        } else {
            while at.next_sibling().is_none() {
                match at.parent() {
                    Some(parent) => at = parent,
                    None => return false,
                }
                depth -= 1;
            }
            match at.next_sibling() {
                Some(next) => at = next,
                None => return false,
            }
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
}

pub(super) fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'i>> + 'a {
    node.children().filter(move |c| c.is_element() && c.tag_name().name() == name)
}

fn child<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> Option<Node<'a, 'i>> {
    let xhtml =
        node.children().find(|c| c.tag_name().name() == name && c.tag_name().namespace() == Some(XHTML));
    xhtml.or_else(|| node.children().find(|c| c.is_element() && c.tag_name().name() == name))
}

/// A reference as an absolute path: relative ones start at `base`.
pub(super) fn absolute(reference: &str, base: &str) -> String {
    let reference = reference.trim();
    if reference.starts_with('/') && !reference.starts_with("//") && !reference.contains("..") {
        return reference.trim_end_matches('/').to_owned();
    }
    let relative = reference.strip_prefix("current()/").unwrap_or(reference);
    let mut steps: Vec<&str> = if relative.starts_with('/') {
        Vec::new()
    } else {
        base.split('/').filter(|s| !s.is_empty()).collect()
    };
    for step in relative.split('/') {
        match step.trim() {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            name => steps.push(name),
        }
    }
    format!("/{}", steps.join("/"))
}

/// Attribute of the JavaRosa namespace.
pub(super) fn jr<'a>(node: Node<'a, '_>, name: &'a str) -> Option<&'a str> {
    node.attribute((JAVAROSA, name))
}
