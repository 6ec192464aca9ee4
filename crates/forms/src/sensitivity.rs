//! How sensitivity spreads through a form.

use crate::def::FormDef;
use baraza_model::{Diagnostic, Sensitivity};

/// Raises what reads a severe answer, and reports what can't be raised.
pub fn propagate(_form: &mut FormDef) -> Vec<Diagnostic> {
    Vec::new()
}

/// The level of a node: its own, or the default of its type.
pub fn level(form: &FormDef, nodeset: &str) -> Sensitivity {
    form.binds.iter().find(|b| b.nodeset == nodeset).and_then(|b| b.sensitivity).unwrap_or_default()
}
