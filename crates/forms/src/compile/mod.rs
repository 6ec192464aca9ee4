//! [`FormDef`] → [`Form`]: parsed expressions, resolved references, the dependency graph and its order.
//!
//! Invariants: a form never changes after compiling, so sessions share it; its units (one rule of one node each)
//! are numbered in an order in which every unit comes after what it reads, cycles through predicates excepted.

mod build;
mod choices;
mod define;
mod filter;
mod graph;
mod node;
mod order;
mod report;
mod schema;
mod select;
mod template;
mod text;

pub(crate) use choices::{Choice, ChoiceLabel, ChoiceList, Select, Source};
pub(crate) use filter::Filter;
pub(crate) use graph::{Unit, UnitId, UnitKind};
pub(crate) use node::{ActionDef, Cond, Count, DefId, Effect, NodeDef, Preload, RepeatDef};
pub(crate) use template::{Template, initial_value, walk};
pub(crate) use text::{Part, Text, TextEntry};

use crate::attachments::Attachments;
use crate::def::FormDef;
use crate::schema::Schema;
use baraza_model::{Diagnostic, FormHash};
use baraza_xpath::{Expr, Forest, NameMap};
use std::collections::HashMap;
use std::sync::Arc;

/// A compiled form: immutable, shared by all sessions.
#[derive(Debug)]
pub struct Form {
    pub(crate) def: FormDef,
    pub(crate) hash: FormHash,
    pub(crate) schema: Schema,
    /// Nodes in document order; the subtree of one is a range.
    pub(crate) nodes: Vec<NodeDef>,
    pub(crate) repeats: Vec<RepeatDef>,
    /// Rules in order of evaluation.
    pub(crate) units: Vec<Unit>,
    pub(crate) actions: Vec<ActionDef>,
    /// The secondary instances; sessions put their own primary instance in.
    pub(crate) forest: Forest,
    pub(crate) initial: Template,
    /// A record without answers and without instances of repeats, for restoring one.
    pub(crate) bare: Template,
    pub(crate) by_question: NameMap<String, DefId>,
    /// By language.
    pub(crate) itext: Vec<HashMap<String, TextEntry>>,
    pub(crate) instance_name: Option<DefId>,
    pub(crate) now: Expr,
    pub(crate) today: Expr,
}

/// What compiling gave.
#[derive(Debug)]
pub struct Compiled {
    /// The form; `None` if a diagnostic is an error.
    pub form: Option<Arc<Form>>,
    /// All findings. Their place names the node's path as column.
    pub diagnostics: Vec<Diagnostic>,
}

impl Form {
    /// Compiles a definition with its attachments; a missing attachment is a warning and counts as empty.
    pub fn compile(def: FormDef, attachments: &Attachments) -> Compiled {
        build::compile(def, attachments)
    }

    /// The definition that it was compiled from.
    pub fn def(&self) -> &FormDef {
        &self.def
    }

    /// The hash of the definition.
    pub fn hash(&self) -> FormHash {
        self.hash
    }

    /// What headquarters stores of its records.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(crate) fn node(&self, id: DefId) -> &NodeDef {
        #[allow(clippy::indexing_slicing, reason = "a DefId is only made from an index of this vector")]
        &self.nodes[id.0 as usize]
    }

    pub(crate) fn repeat(&self, at: usize) -> &RepeatDef {
        #[allow(
            clippy::indexing_slicing,
            reason = "repeat numbers are only made from indexes of this vector"
        )]
        &self.repeats[at]
    }

    /// The number of a language; the first of the form is 0.
    pub(crate) fn language(&self, name: &str) -> Option<usize> {
        self.def.languages.iter().position(|l| l == name)
    }

    /// The language that a session starts in.
    pub(crate) fn default_language(&self) -> usize {
        self.def.default_language.as_deref().and_then(|l| self.language(l)).unwrap_or_default()
    }
}
