//! Why a command was refused: a stable code, and facts that the interface may put into its sentence.

use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Why something could not be done. Nothing is half-done when one is returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Problem {
    /// Stable code, `area.problem`; the interface has a sentence for each in its catalogue.
    pub code: String,
    /// Numbers and names for that sentence: never an answer, a secret or a path.
    pub facts: BTreeMap<String, String>,
}

/// What a command gives.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    /// A problem without facts.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), facts: BTreeMap::new() }
    }

    /// The same with a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<baraza_app::Error> for Problem {
    fn from(error: baraza_app::Error) -> Self {
        use baraza_app::Error;
        let problem = Problem::new(error.code());
        match error {
            Error::Unready { missing, violations, .. } => {
                problem.with("missing", missing).with("violations", violations)
            }
            Error::UnknownMember(name) | Error::UnknownTeam(name) => problem.with("name", name),
            Error::UnknownForm(form) => problem.with("form", form),
            Error::WrongKind { is, wanted } => {
                problem.with("given", is.as_str()).with("wanted", wanted.as_str())
            }
            _ => problem,
        }
    }
}
