//! Full-text search over shared parts, with FTS5's secure-delete on. Severe parts are refused.
//!
//! Answers come newest record first, straight from the index: ranking would have to look at every hit.

use crate::{Error, Reader, Result, Tx};
use baraza_model::{PartKind, RecordId};

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub record: RecordId,
    /// What lists show of it.
    pub summary: String,
    /// Where the words were found, some words around them included.
    pub snippet: String,
}

impl Reader<'_> {
    /// The newest records in which every word of `text` begins a word. No words find nothing.
    ///
    /// A single letter has to be a word by itself; otherwise a word of `text` is a beginning.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<Found>> {
        let query = match_expression(text);
        if query.is_empty() {
            return Ok(Vec::new());
        }
        self.all(
            "SELECT record.id, record.summary, found.snippet
             FROM (SELECT rowid AS row, snippet(search, 0, '', '', '…', 12) AS snippet
                   FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS found
             JOIN record ON record.row = found.row ORDER BY found.row DESC",
            (query, limit),
            |row| Ok(Found { record: RecordId(row.get(0)?), summary: row.get(1)?, snippet: row.get(2)? }),
        )
    }
}

impl Tx<'_> {
    /// Puts the text of a record's shared part in the index, in place of what was there.
    pub fn index_record(&self, record: RecordId, kind: PartKind, text: &str) -> Result<()> {
        if kind == PartKind::Severe {
            return Err(Error::SevereNotSearchable);
        }
        let row = self.record_row(record)?;
        self.unindex(row)?;
        self.change("INSERT INTO search (rowid, body) VALUES (?1, ?2)", (row, text))?;
        Ok(())
    }

    pub(super) fn unindex(&self, row: i64) -> Result<()> {
        self.change("DELETE FROM search WHERE rowid = ?1", [row])?;
        Ok(())
    }
}

/// Every word quoted, so that nothing a person types is taken for an operator.
fn match_expression(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let terms: Vec<String> = words
        .map(
            |word| if word.chars().nth(1).is_some() { format!("\"{word}\"*") } else { format!("\"{word}\"") },
        )
        .collect();
    terms.join(" ")
}
