//! `baraza form run`: a session driven by steps, one JSON object a line.

use crate::compile::Form;
use crate::session::Options;
use baraza_model::Entropy;
use std::sync::Arc;

/// A step that cannot be taken, by its line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct RunError {
    /// Counted from 1.
    pub line: usize,
    /// Why.
    pub reason: String,
}

/// Takes the steps in order. The lines are the dumps made before the first step that cannot be taken.
pub fn run_steps(
    _form: &Arc<Form>,
    _steps: &str,
    _options: Options,
    _rng: &mut impl Entropy,
) -> (Vec<String>, Result<(), RunError>) {
    todo!()
}
