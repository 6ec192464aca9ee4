//! An exported CSV file, read back as a person's spreadsheet would (RFC 4180).

use crate::Result;
use std::path::Path;

/// Headings and rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The first row.
    pub headings: Vec<String>,
    /// All others.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut rows = parse(&text).into_iter();
        Ok(Self { headings: rows.next().unwrap_or_default(), rows: rows.collect() })
    }

    /// The column whose heading ends so (`g_after/mood`, or `mood`), row by row; empty where there is none.
    pub fn column(&self, heading: &str) -> Vec<String> {
        let ends = |own: &String| own == heading || own.ends_with(&format!("/{heading}"));
        let place = self.headings.iter().position(ends);
        let cell = |row: &Vec<String>| place.and_then(|at| row.get(at)).cloned();
        self.rows.iter().filter_map(cell).collect()
    }
}

fn parse(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match (sign, quoted) {
            ('"', true) if signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\n', false) => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            ('\r', false) => {}
            (other, _) => cell.push(other),
        }
    }
    rows
}
