//! The journal: each saved answer, one row and one commit, until a document takes it up.
//!
//! Bodies are encrypted under their part's key, so that they go where the key goes.

use crate::cipher;
use crate::{Reader, Result, Tx};
use baraza_model::PartId;
use zeroize::Zeroizing;

const JOURNAL: &str = "baraza/vault/journal/v1";

/// One saved answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// Its place in the order of writing, over all parts.
    pub id: i64,
    /// What was saved; zeroed when dropped.
    pub body: Zeroizing<Vec<u8>>,
}

impl Reader<'_> {
    /// The rows of a part, in the order of writing.
    pub fn journal(&self, part: PartId) -> Result<Vec<JournalRow>> {
        let key = self.part_key(part)?;
        self.all("SELECT n, body FROM journal WHERE part = ?1 ORDER BY n", [part.0], |row| {
            let sealed = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            Ok(JournalRow { id: row.get(0)?, body: cipher::open(&key, JOURNAL, &part.0, sealed)? })
        })
    }

    /// The parts that have rows, each found by one step along the index: the bodies between are not read.
    pub fn journalled_parts(&self) -> Result<Vec<PartId>> {
        self.all(
            "WITH RECURSIVE found (part) AS (
               SELECT min(part) FROM journal
               UNION ALL
               SELECT (SELECT min(part) FROM journal WHERE part > found.part) FROM found WHERE found.part IS NOT NULL)
             SELECT part FROM found WHERE part IS NOT NULL",
            [],
            |row| Ok(PartId(row.get(0)?)),
        )
    }
}

impl Tx<'_> {
    /// Saves one answer; answers its place in the order of writing.
    pub fn append_journal(&self, part: PartId, body: &[u8]) -> Result<i64> {
        let sealed = cipher::seal(&self.state.rng, &self.part_key(part)?, JOURNAL, &part.0, body)?;
        let n = self.state.next_row.get();
        self.change("INSERT INTO journal (part, n, body) VALUES (?1, ?2, ?3)", (part.0, n, sealed))?;
        self.state.next_row.set(n + 1);
        Ok(n)
    }

    /// Removes the rows of a part: a document has taken them up, or the part is destroyed.
    pub fn clear_journal(&self, part: PartId) -> Result<()> {
        self.change("DELETE FROM journal WHERE part = ?1", [part.0])?;
        Ok(())
    }
}
