//! What compiling has to say, and the parsing of expressions that it comes with.

use super::node::DefId;
use baraza_model::{Diagnostic, Place, Severity};
use baraza_xpath::Expr;
use std::collections::HashMap;

/// Collects diagnostics.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Expressions without a finding, by their text: forms repeat themselves.
    parsed: HashMap<String, Expr>,
}

impl Report {
    pub(super) fn say(&mut self, severity: Severity, code: &str, path: &str, message: String, fix: &str) {
        let place = Place { column: (!path.is_empty()).then(|| path.to_owned()), ..Place::default() };
        let found = Diagnostic { code: code.to_owned(), severity, place, message, fix: fix.to_owned() };
        if !self.diagnostics.contains(&found) {
            self.diagnostics.push(found);
        }
    }

    pub(super) fn error(&mut self, code: &str, path: &str, message: String, fix: &str) {
        self.say(Severity::Error, code, path, message, fix);
    }

    pub(super) fn warn(&mut self, code: &str, path: &str, message: String, fix: &str) {
        self.say(Severity::Warning, code, path, message, fix);
    }

    pub(super) fn failed(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// Binds the expressions parsed so far to the nodes that are in no repeat.
    pub(super) fn bind(&self, homes: &HashMap<&str, DefId>) {
        for expr in self.parsed.values() {
            expr.bind(|path| homes.get(path).map(|def| def.0));
        }
    }

    /// Parses an expression that stands at a path; blank ones are as if not written.
    pub(super) fn parse(&mut self, source: &str, path: &str, rule: &str) -> Option<Expr> {
        if source.trim().is_empty() {
            return None;
        }
        if let Some(expr) = self.parsed.get(source) {
            return Some(expr.clone());
        }
        let before = self.diagnostics.len();
        let expr = match Expr::parse(source) {
            Ok(expr) => expr,
            Err(error) => {
                let message = format!("The {rule} {source:?} is not an expression: {error}.");
                self.error("expression.syntax", path, message, "Correct the expression.");
                return None;
            }
        };
        for call in expr.unknown_functions() {
            let message = format!("The {rule} {source:?} calls {}(), which is not a function.", call.name);
            self.error(
                "expression.unknown-function",
                path,
                message,
                "Use a function of the ODK XForms specification.",
            );
        }
        for wrong in expr.arity_errors() {
            let message =
                format!("The {rule} {source:?} gives {}() {} arguments.", wrong.call.name, wrong.call.args);
            self.warn(
                "expression.arguments",
                path,
                message,
                "Look the function up and correct its arguments.",
            );
        }
        if self.diagnostics.len() == before {
            self.parsed.insert(source.to_owned(), expr.clone());
        }
        Some(expr)
    }
}
