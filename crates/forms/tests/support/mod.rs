//! People fill forms: what the stories share.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail where it stands"
)]
#![allow(dead_code, reason = "each test file uses a part of it")]

use baraza_forms::{Attachments, Compiled, Form, NodeView, Options, Session, xform};
use baraza_model::Entropy;
use std::sync::Arc;

/// A noon in March.
pub(crate) const NOON: i64 = 1_741_953_600_000;

/// Bytes that are the same in every run.
pub(crate) struct Dice(pub(crate) u8);

impl Entropy for Dice {
    fn fill(&mut self, buf: &mut [u8]) {
        for byte in buf {
            self.0 = self.0.wrapping_mul(31).wrapping_add(7);
            *byte = self.0;
        }
    }
}

pub(crate) fn compile(xml: &str) -> Compiled {
    let imported = xform::import(xml);
    assert!(!imported.refused(), "{:?}", imported.diagnostics);
    Form::compile(imported.def.unwrap(), &Attachments::default())
}

pub(crate) fn form(xml: &str) -> Arc<Form> {
    let compiled = compile(xml);
    compiled.form.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

pub(crate) fn household() -> Arc<Form> {
    form(include_str!("../forms/household.xml"))
}

/// A form of a model and a body.
pub(crate) fn small(model: &str, body: &str) -> String {
    format!(
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"><h:head><h:title>T</h:title><model>{model}</model></h:head><h:body>{body}</h:body></h:html>"#
    )
}

pub(crate) fn options() -> Options {
    Options {
        now_ms: NOON,
        device_alias: "tablet-7".into(),
        instance_id: "uuid:story".into(),
        ..Options::default()
    }
}

pub(crate) fn start(form: &Arc<Form>) -> Session {
    Session::start(Arc::clone(form), options(), &mut Dice(1))
}

/// The node at a path as it is now.
pub(crate) fn at(session: &Session, path: &str) -> NodeView {
    session.node(session.find(path).unwrap_or_else(|| panic!("no {path}"))).unwrap()
}

pub(crate) fn value(session: &Session, path: &str) -> String {
    at(session, path).value
}

pub(crate) fn choices(session: &Session, path: &str) -> Vec<String> {
    at(session, path).choices.unwrap().into_iter().map(|c| c.value).collect()
}

/// Everything that a person could see, as one text.
pub(crate) fn picture(session: &Session) -> String {
    let nodes = session.nodes();
    let lines: Vec<String> = nodes
        .iter()
        .map(|n| {
            let offered: Option<Vec<&str>> =
                n.choices.as_ref().map(|c| c.iter().map(|c| c.value.as_str()).collect::<Vec<_>>());
            format!(
                "{} rel={} req={} ro={} {:?} ok={} {:?} {:?} {offered:?}",
                n.path, n.relevant, n.required, n.readonly, n.value, n.valid, n.message, n.label
            )
        })
        .collect();
    lines.join("\n")
}
