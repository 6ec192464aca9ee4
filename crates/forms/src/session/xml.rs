//! The submission: what is relevant, as XML (FORM-RUN 18).

use super::{NodeId, Session};
use crate::xform::{escape, uri_of};
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl Session {
    /// The submission (FORM-RUN 18).
    pub fn instance_xml(&self) -> String {
        let mut body = String::new();
        let mut prefixes = BTreeSet::new();
        let root = self.forest.primary().root();
        self.write_element(root, true, &mut prefixes, &mut body);
        let mut declared = String::new();
        if let Some(home) = &self.form.def.instance_namespace {
            let _ = write!(declared, " xmlns=\"{}\"", escape(home, true));
        }
        for prefix in prefixes {
            if let Some(uri) = uri_of(&prefix, &self.form.def.namespaces) {
                let _ = write!(declared, " xmlns:{prefix}=\"{}\"", escape(uri, true));
            }
        }
        let name = self.forest.primary().qualified_name(root).len() + 1;
        body.insert_str(name, &declared);
        body
    }

    fn write_element(&self, node: NodeId, is_root: bool, prefixes: &mut BTreeSet<String>, out: &mut String) {
        let tree = self.forest.primary();
        if !is_root && !tree.is_relevant(node) {
            return;
        }
        let name = tree.qualified_name(node);
        note_prefix(&name, prefixes);
        let _ = write!(out, "<{name}");
        for attribute in tree.attributes(node) {
            let name = tree.qualified_name(attribute);
            note_prefix(&name, prefixes);
            let _ = write!(out, " {name}=\"{}\"", escape(&tree.value(attribute), true));
        }
        if tree.children(node).next().is_none() {
            let value = tree.value(node);
            if value.is_empty() {
                out.push_str("/>");
            } else {
                let _ = write!(out, ">{}</{name}>", escape(&value, false));
            }
            return;
        }
        out.push('>');
        for child in tree.children(node) {
            self.write_element(child, false, prefixes, out);
        }
        let _ = write!(out, "</{name}>");
    }
}

fn note_prefix(name: &str, prefixes: &mut BTreeSet<String>) {
    if let Some((prefix, _)) = name.split_once(':') {
        prefixes.insert(prefix.to_owned());
    }
}
