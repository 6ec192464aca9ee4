//! What was measured, beside its peer and its budget: one table for a person, JSON for a program.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// One line of the table. What is compared stands in the same unit.
pub(crate) struct Row {
    what: String,
    unit: &'static str,
    ours: f64,
    peer: Peer,
    budget: Option<Budget>,
}

enum Peer {
    None,
    NotRun(&'static str),
    Measured(&'static str, f64),
}

enum Budget {
    AtMost(f64),
    AtLeast(f64),
    RatioAtMost(f64),
    RatioAtLeast(f64),
}

impl Row {
    pub(crate) fn new(what: impl Into<String>, unit: &'static str, ours: f64) -> Self {
        Self { what: what.into(), unit, ours, peer: Peer::None, budget: None }
    }

    /// What was measured beside it in this run.
    pub(crate) fn beside(self, peer: &'static str, figure: f64) -> Self {
        Self { peer: Peer::Measured(peer, figure), ..self }
    }

    /// As [`Row::beside`], where the peer may not be installed.
    pub(crate) fn beside_if_run(self, peer: &'static str, figure: Option<f64>) -> Self {
        match figure {
            Some(figure) => self.beside(peer, figure),
            None => Self { peer: Peer::NotRun(peer), ..self },
        }
    }

    pub(crate) fn at_most(self, limit: f64) -> Self {
        Self { budget: Some(Budget::AtMost(limit)), ..self }
    }

    pub(crate) fn at_least(self, limit: f64) -> Self {
        Self { budget: Some(Budget::AtLeast(limit)), ..self }
    }

    pub(crate) fn ratio_at_most(self, limit: f64) -> Self {
        Self { budget: Some(Budget::RatioAtMost(limit)), ..self }
    }

    pub(crate) fn ratio_at_least(self, limit: f64) -> Self {
        Self { budget: Some(Budget::RatioAtLeast(limit)), ..self }
    }

    /// Ours by the peer's.
    fn ratio(&self) -> Option<f64> {
        match self.peer {
            Peer::Measured(_, figure) if figure > 0.0 => Some(self.ours / figure),
            _ => None,
        }
    }

    /// Whether the budget is kept; `None` where there is none or the peer was not run.
    fn met(&self) -> Option<bool> {
        match self.budget.as_ref()? {
            Budget::AtMost(limit) => Some(self.ours <= *limit),
            Budget::AtLeast(limit) => Some(self.ours >= *limit),
            Budget::RatioAtMost(limit) => self.ratio().map(|ratio| ratio <= *limit),
            Budget::RatioAtLeast(limit) => self.ratio().map(|ratio| ratio >= *limit),
        }
    }

    fn budget_text(&self) -> String {
        match &self.budget {
            None => String::new(),
            Some(Budget::AtMost(limit)) => format!("≤ {} {}", figure(*limit), self.unit),
            Some(Budget::AtLeast(limit)) => format!("≥ {} {}", figure(*limit), self.unit),
            Some(Budget::RatioAtMost(limit)) => format!("ratio ≤ {limit}"),
            Some(Budget::RatioAtLeast(limit)) => format!("ratio ≥ {limit}"),
        }
    }

    fn verdict(&self) -> &'static str {
        match self.met() {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        }
    }

    fn cells(&self) -> [String; 7] {
        let (peer, name) = match self.peer {
            Peer::None => (String::new(), ""),
            Peer::NotRun(name) => ("not run".to_owned(), name),
            Peer::Measured(name, figures) => (figure(figures), name),
        };
        [
            format!("{} [{}]", self.what, self.unit),
            figure(self.ours),
            peer,
            self.ratio().map(figure).unwrap_or_default(),
            self.budget_text(),
            self.verdict().to_owned(),
            name.to_owned(),
        ]
    }

    fn json(&self) -> Value {
        let (peer, peer_name) = match self.peer {
            Peer::None => (None, None),
            Peer::NotRun(name) => (None, Some(name)),
            Peer::Measured(name, figure) => (Some(figure), Some(name)),
        };
        json!({
            "what": self.what, "unit": self.unit, "ours": self.ours, "peer": peer, "peer_name": peer_name,
            "ratio": self.ratio(), "budget": self.budget_text(), "met": self.met(),
        })
    }
}

/// What a section measured, and what is to be said about it.
#[derive(Default)]
pub(crate) struct Section {
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

/// Everything that one run found.
pub(crate) struct Report {
    pub(crate) machine: String,
    pub(crate) sections: Vec<Section>,
}

const HEADINGS: [&str; 7] = ["what", "ours", "peer", "ours/peer", "budget", "", "peer is"];

impl Report {
    /// The table, aligned, with the notes below.
    pub(crate) fn text(&self) -> String {
        let mut lines: Vec<[String; 7]> = vec![HEADINGS.map(str::to_owned)];
        lines.extend(self.rows().map(Row::cells));
        let mut widths = [0; 7];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut out = String::new();
        for line in &lines {
            let mut text = String::new();
            for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
                // Figures stand to the right, words to the left.
                let _ = match column {
                    1..=3 => write!(text, "{cell:>width$}  "),
                    _ => write!(text, "{cell:<width$}  "),
                };
            }
            let _ = writeln!(out, "{}", text.trim_end());
        }
        for note in self.notes() {
            let _ = writeln!(out, "- {note}");
        }
        let _ = writeln!(out, "{}", self.machine);
        out
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "machine": self.machine,
            "rows": self.rows().map(Row::json).collect::<Vec<_>>(),
            "notes": self.notes().collect::<Vec<_>>(),
        })
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.sections.iter().flat_map(|section| &section.rows)
    }

    fn notes(&self) -> impl Iterator<Item = &String> {
        self.sections.iter().flat_map(|section| &section.notes)
    }
}

/// Three significant digits, and thousands set apart.
pub(crate) fn figure(value: f64) -> String {
    if value > 0.0 && value < 0.001 {
        return "< 0.001".to_owned();
    }
    let decimals = match value.abs() {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    let plain = format!("{value:.decimals$}");
    let (whole, rest) = plain.find('.').map_or((plain.as_str(), ""), |at| plain.split_at(at));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    if out.contains('.') { out.trim_end_matches('0').trim_end_matches('.').to_owned() } else { out }
}
