//! What a parser has to say about its input: all of it at once, each with its place and a way to put it right.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether the input can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The input is refused.
    Error,
}

/// Where in the input. Rows and lines count from 1 as a spreadsheet shows them; 0 is not used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Worksheet, or the file's own name for a text format.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Row or line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column heading, or the XML path of a node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable code, `area.problem`: `choice.duplicate`, `sensitivity.betrayed`.
    pub code: String,
    /// Whether the input can still be used.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to put it right, in one sentence.
    pub fix: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { sheet, row, column } = &self.place;
        let severity = match self.severity {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}[{}]", self.code)?;
        for part in [sheet.clone(), row.map(|r| format!("row {r}")), column.clone()].into_iter().flatten() {
            write!(f, " {part}")?;
        }
        write!(f, ": {} {}", self.message, self.fix)
    }
}
