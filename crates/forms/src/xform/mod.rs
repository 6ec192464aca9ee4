//! ODK XForm XML, read and written (ODK XForms specification).

mod body;
mod export;
mod import;
mod names;

pub(crate) use export::escape;
pub use export::export;
pub use import::import;
pub(crate) use names::{local, uri_of};

use crate::def::FormDef;
use baraza_model::{Diagnostic, Severity};
use std::collections::BTreeMap;

/// What reading a form gave: everything there is to say about it, and the definition unless it is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The form; `None` if a diagnostic is an error.
    pub def: Option<FormDef>,
    /// All findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The line of each bind and control, by the path of its node: where compiling places its findings.
    pub lines: BTreeMap<String, u32>,
}

impl Imported {
    /// Whether some finding refuses the input.
    pub fn refused(&self) -> bool {
        self.def.is_none() || self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Gives findings of compiling, which name the path of a node, its line in the file.
    pub fn locate(&self, diagnostics: &mut [Diagnostic]) {
        for place in diagnostics.iter_mut().map(|d| &mut d.place).filter(|p| p.row.is_none()) {
            place.row = place.column.as_ref().and_then(|path| self.lines.get(path)).copied();
        }
    }
}
