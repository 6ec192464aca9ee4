//! The findings of one import, collected so that the author sees all of them at once.
//!
//! Owns: how a finding names its place (sheet, row, column heading) and how a near name is suggested.

use baraza_model::{Diagnostic, Place, Severity};
use std::collections::BTreeSet;

/// A place in a workbook. Rows count from 1, the heading being row 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    sheet: &'a str,
    row: u32,
    column: &'a str,
}

impl<'a> At<'a> {
    /// A whole sheet.
    pub(super) fn sheet(sheet: &'a str) -> Self {
        Self { sheet, row: 0, column: "" }
    }

    /// A row.
    pub(super) fn row(sheet: &'a str, row: u32) -> Self {
        Self { sheet, row, column: "" }
    }

    /// A cell, by the heading of its column.
    pub(super) fn cell(sheet: &'a str, row: u32, column: &'a str) -> Self {
        Self { sheet, row, column }
    }

    fn place(self) -> Place {
        Place {
            sheet: (!self.sheet.is_empty()).then(|| self.sheet.to_owned()),
            row: (self.row > 0).then_some(self.row),
            column: (!self.column.is_empty()).then(|| self.column.to_owned()),
        }
    }
}

/// Collects findings in the order in which they were made, each once.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: Vec<Diagnostic>,
    seen: BTreeSet<String>,
}

impl Report {
    fn add(&mut self, severity: Severity, at: At<'_>, code: &str, message: String, fix: String) {
        let finding = Diagnostic { code: code.to_owned(), severity, place: at.place(), message, fix };
        self.extend([finding]);
    }

    /// The form can't be used.
    pub(super) fn error(
        &mut self,
        at: At<'_>,
        code: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Error, at, code, message.into(), fix.into());
    }

    /// Probably not what was meant.
    pub(super) fn warning(
        &mut self,
        at: At<'_>,
        code: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Warning, at, code, message.into(), fix.into());
    }

    /// Worth knowing.
    pub(super) fn info(
        &mut self,
        at: At<'_>,
        code: &str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Info, at, code, message.into(), fix.into());
    }

    /// Takes over findings of another part of the crate.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        for finding in findings {
            if self.seen.insert(finding.to_string()) {
                self.found.push(finding);
            }
        }
    }

    /// Whether the form has to be refused.
    pub(super) fn refused(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// All findings, in the order in which they were made.
    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        self.found
    }
}

/// A clause that names the candidate nearest to `word`, or nothing if none is near: ` Did you mean "age"?`.
pub(super) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|c| (distance(&word.to_lowercase(), &c.to_lowercase()), c))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map_or_else(String::new, |(_, c)| format!(" Did you mean \"{c}\"?"))
}

/// Levenshtein distance in characters.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, cb) in b.iter().enumerate() {
            let left = next.last().copied().unwrap_or(0) + 1;
            let above = row.get(j + 1).copied().unwrap_or(0) + 1;
            let diagonal = row.get(j).copied().unwrap_or(0) + usize::from(ca != *cb);
            next.push(left.min(above).min(diagonal));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("agegrp2", ["sex", "agegrp"]), " Did you mean \"agegrp\"?");
        assert_eq!(did_you_mean("village", ["sex", "agegrp"]), "");
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
