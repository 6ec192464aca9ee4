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
        let found = self.all(
            "SELECT record.id, record.summary, found.snippet
             FROM (SELECT rowid AS row, snippet(search, 0, '', '', '…', 12) AS snippet
                   FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2) AS found
             JOIN record ON record.row = found.row AND record.discarded_ms = 0 ORDER BY found.row DESC",
            (query, limit),
            |row| Ok(Found { record: RecordId(row.get(0)?), summary: row.get(1)?, snippet: row.get(2)? }),
        );
        no_phrases(found, Vec::new)
    }
}

/// A sign inside a word that only the index takes for a gap: no record has such a word.
pub(super) fn no_phrases<T>(found: Result<T>, nothing: impl FnOnce() -> T) -> Result<T> {
    match found {
        Err(Error::Store(error)) if error.to_string().contains("phrase queries") => Ok(nothing()),
        found => found,
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
        self.change("INSERT INTO search (rowid, body) VALUES (?1, ?2)", (row, folded(text)))?;
        Ok(())
    }

    pub(super) fn unindex(&self, row: i64) -> Result<()> {
        self.change("DELETE FROM search WHERE rowid = ?1", [row])?;
        Ok(())
    }
}

/// Every word quoted, so that nothing a person types is taken for an operator.
pub(super) fn match_expression(text: &str) -> String {
    let text = folded(text);
    let words = text.split(is_gap).filter(|word| word.chars().any(char::is_alphanumeric));
    let terms: Vec<String> = words
        .map(
            |word| if word.chars().nth(1).is_some() { format!("\"{word}\"*") } else { format!("\"{word}\"") },
        )
        .collect();
    terms.join(" ")
}

/// Without Arabic vowel signs and stretching, which people write or leave out as they like.
fn folded(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}')).collect()
}

/// What stands between words. Marks that combine with letters belong to the word.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{a0}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}')
        || matches!(c, '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{965}')
}
