//! The log of meetings with hubs and cards: bodies in order, the newest kept.

use crate::{Reader, Result, Tx};

impl Reader<'_> {
    /// The newest bodies first, at most so many.
    pub fn exchanges(&self, limit: u32) -> Result<Vec<Vec<u8>>> {
        self.all("SELECT body FROM exchange ORDER BY n DESC LIMIT ?1", [limit], |row| Ok(row.get(0)?))
    }
}

impl Tx<'_> {
    /// Adds a body and forgets all but the newest `keep`.
    pub fn append_exchange(&self, body: &[u8], keep: u32) -> Result<()> {
        self.change("INSERT INTO exchange (body) VALUES (?1)", [body])?;
        let sql = "DELETE FROM exchange WHERE n <= (SELECT max(n) FROM exchange) - ?1";
        self.change(sql, [keep])?;
        Ok(())
    }
}
