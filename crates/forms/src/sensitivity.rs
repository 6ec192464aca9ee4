//! How sensitivity spreads through a form.
//!
//! A severe answer must not be given away by anything that is kept less well. So whatever reads one becomes severe
//! itself, through any number of steps: by its relevance (its own or that of a group around it), calculation,
//! constraint, required, read-only, choice filter, default or trigger. What can't be made severe, since it lives in
//! the shared part or leaves the record, is an error: the form is refused.
//!
//! Invariants: sensitivity is only ever raised; the result does not depend on the order of the form; a note holds no
//! answer and is left alone, since it is only shown on the device. Works on any [`FormDef`], whatever it was read
//! from. Source: the design's section on records, "Sensitivity propagates".

mod graph;

use crate::def::{Bind, FormDef};
use baraza_model::{Diagnostic, Place, Sensitivity, Severity};
use graph::{Graph, plain};

/// The level of a node: what its bind says, or the default of its type (places, media and barcodes are high).
pub fn level(form: &FormDef, nodeset: &str) -> Sensitivity {
    form.binds.iter().find(|b| b.nodeset == nodeset).map_or(Sensitivity::default(), level_of)
}

/// The level that a bind gives its node.
pub fn level_of(bind: &Bind) -> Sensitivity {
    bind.sensitivity.unwrap_or_else(|| match bind.data_type.as_deref() {
        Some("geopoint" | "geotrace" | "geoshape" | "binary" | "barcode") => Sensitivity::High,
        _ => Sensitivity::default(),
    })
}

/// Raises what reads a severe answer, and reports each raise (a warning, `sensitivity.raised`) and each thing that
/// can't be raised (an error, `sensitivity.betrayed`), with the chain that leads to the severe question.
pub fn propagate(form: &mut FormDef) -> Vec<Diagnostic> {
    let mut graph = Graph::of(form);
    if graph.severe.is_empty() {
        return Vec::new();
    }
    graph.spread();
    let mut findings = Vec::new();
    for (node, _) in graph.reasons.clone() {
        match graph.verdict(node) {
            Verdict::Nothing => {}
            Verdict::Raise => {
                raise(form, &graph, node);
                findings.push(graph.raised(node));
            }
            Verdict::Betrays(what, fix) => findings.push(graph.betrayed(node, &what, fix)),
        }
    }
    findings.extend(graph.last_saved());
    findings.extend(graph.saved_to_entities(form));
    findings
}

enum Verdict {
    /// A group or a note: nothing is stored that would tell.
    Nothing,
    Raise,
    Betrays(String, &'static str),
}

impl Graph {
    /// What follows for a node that reads a severe answer.
    fn verdict(&self, id: usize) -> Verdict {
        let Some(node) = self.node(id) else { return Verdict::Nothing };
        let path = plain(&node.written);
        let name = node.name();
        if node.is_repeat {
            let what = format!("How often \"{name}\" repeats is known to all who have the record");
            return Verdict::Betrays(
                what,
                "Ask how often without the severe answer, or put a yes/no question inside.",
            );
        }
        if path.ends_with("/meta/instanceName") {
            let what = "The name of the record is shown in lists".to_owned();
            return Verdict::Betrays(what, "Take the severe answer out of instance_name.");
        }
        if path.contains("/meta/entity") {
            let what = "An entity is shared between records".to_owned();
            return Verdict::Betrays(what, "Take the severe answer out of the entity.");
        }
        if name == "spawn" || name.ends_with("_spawn") || name.ends_with("spawn") {
            let what = format!("\"{name}\" opens another record, which others can see");
            return Verdict::Betrays(what, "Let it depend only on answers that are not severe.");
        }
        if node.has_children || self.severe.contains(&id) {
            return Verdict::Nothing;
        }
        Verdict::Raise
    }

    /// The chain from a node to the severe question, in words.
    fn chain(&self, from: usize) -> String {
        let mut clauses = Vec::new();
        let mut at = from;
        while let Some((why, next)) = self.reasons.get(&at).copied() {
            clauses.push(why.clause(self.name(at), self.name(next)));
            at = next;
            if self.severe.contains(&at) {
                break;
            }
        }
        format!("{}, and \"{}\" is severe", clauses.join(", "), self.name(at))
    }

    fn finding(&self, id: usize, severity: Severity, code: &str, message: String, fix: &str) -> Diagnostic {
        let column = self.node(id).map(|n| n.written.clone());
        let place = Place { sheet: None, row: None, column };
        Diagnostic { code: code.to_owned(), severity, place, message, fix: fix.to_owned() }
    }

    fn raised(&self, id: usize) -> Diagnostic {
        let message = format!("\"{}\" becomes severe: {}.", self.name(id), self.chain(id));
        let fix = "Write severe into its sensitivity, or let it not depend on that answer.";
        self.finding(id, Severity::Warning, "sensitivity.raised", message, fix)
    }

    fn betrayed(&self, id: usize, what: &str, fix: &str) -> Diagnostic {
        let message = format!("{what}, and it would give a severe answer away: {}.", self.chain(id));
        self.finding(id, Severity::Error, "sensitivity.betrayed", message, fix)
    }

    fn is_severe(&self, id: usize) -> bool {
        self.severe.contains(&id) || self.reasons.contains_key(&id)
    }

    /// A severe answer of the last record is gone from the device, and must be.
    fn last_saved(&self) -> Vec<Diagnostic> {
        let severe = self.saved_reads.iter().filter(|(_, read)| self.is_severe(*read));
        let finding = |(reader, read): &(usize, usize)| {
            let message = format!(
                "\"{}\" reads the severe question \"{}\" of the last saved record.",
                self.name(*reader),
                self.name(*read)
            );
            let fix = "A severe answer does not stay on the device: ask again instead.";
            self.finding(*reader, Severity::Error, "sensitivity.betrayed", message, fix)
        };
        severe.map(finding).collect()
    }

    fn saved_to_entities(&self, form: &FormDef) -> Vec<Diagnostic> {
        let is_saved = |b: &&Bind| b.attributes.keys().any(|k| k.rsplit(':').next() == Some("saveto"));
        let saved = form.binds.iter().filter(is_saved).filter_map(|b| self.find(&b.nodeset));
        let finding = |id: usize| {
            let message =
                format!("The severe answer \"{}\" is saved to an entity, which is shared.", self.name(id));
            let fix = "Leave save_to empty for this question.";
            self.finding(id, Severity::Error, "sensitivity.betrayed", message, fix)
        };
        saved.filter(|id| self.is_severe(*id)).map(finding).collect()
    }
}

/// Writes the level into the node's bind.
fn raise(form: &mut FormDef, graph: &Graph, id: usize) {
    let Some(node) = graph.node(id) else { return };
    let path = plain(&node.written);
    match form.binds.iter_mut().find(|b| plain(&b.nodeset) == path) {
        Some(bind) => bind.sensitivity = Some(Sensitivity::Severe),
        None => form.binds.push(Bind {
            nodeset: node.written.clone(),
            sensitivity: Some(Sensitivity::Severe),
            ..Bind::default()
        }),
    }
}
