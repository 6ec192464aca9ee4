//! [`FormDef`] → [`Form`]: parsed expressions, resolved references, the dependency graph and its order.

use crate::attachments::Attachments;
use crate::def::FormDef;
use crate::schema::Schema;
use baraza_model::{Diagnostic, FormHash};
use std::sync::Arc;

/// A compiled form: immutable, shared by all sessions.
#[derive(Debug)]
pub struct Form {
    def: FormDef,
    hash: FormHash,
    schema: Schema,
}

/// What compiling gave.
#[derive(Debug)]
pub struct Compiled {
    /// The form; `None` if a diagnostic is an error.
    pub form: Option<Arc<Form>>,
    /// All findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Form {
    /// Compiles a definition with its attachments; a missing attachment is a warning and counts as empty.
    pub fn compile(_def: FormDef, _attachments: &Attachments) -> Compiled {
        todo!()
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
}
