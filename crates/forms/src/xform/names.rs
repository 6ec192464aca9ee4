//! Namespaces: one canonical prefix for each known URI, so that equal forms have equal definitions.

use std::collections::BTreeMap;

pub(super) const XHTML: &str = "http://www.w3.org/1999/xhtml";
pub(super) const XFORMS: &str = "http://www.w3.org/2002/xforms";
pub(super) const JAVAROSA: &str = "http://openrosa.org/javarosa";
pub(super) const BARAZA: &str = "http://baraza.example/xforms";

/// Known prefixes; the XForms namespace has none because it is the default one.
pub(super) const KNOWN: [(&str, &str); 9] = [
    ("", XFORMS),
    ("h", XHTML),
    ("jr", JAVAROSA),
    ("orx", "http://openrosa.org/xforms"),
    ("odk", "http://www.opendatakit.org/xforms"),
    ("entities", "http://www.opendatakit.org/xforms/entities"),
    ("ev", "http://www.w3.org/2001/xml-events"),
    ("xsd", "http://www.w3.org/2001/XMLSchema"),
    ("baraza", BARAZA),
];

/// Gives out prefixes while a document is read.
#[derive(Debug, Default)]
pub(super) struct Prefixes {
    /// Those beyond [`KNOWN`]: prefix → URI.
    pub(super) extra: BTreeMap<String, String>,
}

impl Prefixes {
    /// `prefix:local` for a name in a namespace; `home` is the namespace that needs no prefix here.
    pub(super) fn qualify(
        &mut self,
        node: roxmltree::Node<'_, '_>,
        uri: Option<&str>,
        local: &str,
        home: Option<&str>,
    ) -> String {
        let Some(uri) = uri.filter(|u| Some(*u) != home) else { return local.to_owned() };
        let prefix = match KNOWN.iter().find(|(_, known)| *known == uri) {
            Some((prefix, _)) => (*prefix).to_owned(),
            None => self.unknown(node, uri),
        };
        if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
    }

    fn unknown(&mut self, node: roxmltree::Node<'_, '_>, uri: &str) -> String {
        if let Some((prefix, _)) = self.extra.iter().find(|(_, known)| *known == uri) {
            return prefix.clone();
        }
        let taken = |p: &str, extra: &BTreeMap<String, String>| {
            p.is_empty() || extra.contains_key(p) || KNOWN.iter().any(|(known, _)| *known == p)
        };
        let mut prefix = node.lookup_prefix(uri).unwrap_or_default().to_owned();
        let mut number = 0;
        while taken(&prefix, &self.extra) {
            number += 1;
            prefix = format!("ns{number}");
        }
        self.extra.insert(prefix.clone(), uri.to_owned());
        prefix
    }
}

/// A name without its prefix.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The namespace of a prefix in a form.
pub(crate) fn uri_of<'a>(prefix: &str, extra: &'a BTreeMap<String, String>) -> Option<&'a str> {
    let known = KNOWN.iter().find(|(p, _)| *p == prefix).map(|(_, uri)| *uri);
    known.or_else(|| extra.get(prefix).map(String::as_str))
}
