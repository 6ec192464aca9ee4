//! All SQL of headquarters' store (SQLCipher through rusqlite).
//!
//! Invariants: the key is raw bytes and never derived here; WAL with `synchronous = FULL`; temporary data stays in
//! memory; deleted content is overwritten; every table is STRICT; a batch of segments is one transaction.

mod audit;
mod held;
mod late;
mod layout;
mod page;
mod read;
mod rows;
mod sheet;
mod write;

pub use audit::AuditEntry;
pub use late::Late;
pub use read::{FormCount, OfficeCounts, RecordFilter, RecordSummary, Review};

pub(crate) use audit::append as append_audit;
pub(crate) use held::{
    HeldRow, Retry, SegmentRow, drop_bytes_if_released, insert_held, insert_segment, keep_bytes, release,
};
pub(crate) use layout::{Catalog, FormLayout};
pub(crate) use read::StoredClaim;
pub(crate) use rows::{ConflictRow, Contributor, KnownRecord, PartRow, RecordRow, ReviewRow};
pub(crate) use sheet::{Cell, Sheet, SheetColumn, SheetFilter, SheetRow};
pub(crate) use write::Writer;

use crate::error::{OfficeError, Result};
use rusqlite::{Connection, OptionalExtension, params};
use std::fmt::Write as _;
use std::path::Path;
use zeroize::Zeroizing;

/// Numbered migrations, never edited after release.
const MIGRATIONS: &[&str] = &[include_str!("../../migrations/0001_store.sql")];

/// The open database.
pub(crate) struct Store {
    pub(crate) conn: Connection,
}

impl Store {
    /// Opens or creates the store.
    pub(crate) fn open(path: &Path, key: &[u8; 32]) -> Result<Self> {
        let conn = Connection::open(path)?;
        // A wrong key is an answer here, not something to write to the terminal.
        conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
        let mut pragma = Zeroizing::new(String::with_capacity(96));
        pragma.push_str("PRAGMA key = \"x'");
        for byte in key {
            let _ = write!(pragma, "{byte:02x}");
        }
        pragma.push_str("'\"");
        conn.execute_batch(&pragma)?;
        let readable: rusqlite::Result<i64> =
            conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0));
        readable.map_err(wrong_key)?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.execute_batch(
            "PRAGMA synchronous = FULL;
             PRAGMA temp_store = MEMORY;
             PRAGMA secure_delete = ON;
             PRAGMA cache_size = -65536;
             PRAGMA wal_autocheckpoint = 4000;
             PRAGMA trusted_schema = OFF;",
        )?;
        conn.set_prepared_statement_cache_capacity(512);
        let mut store = Self { conn };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<()> {
        let found: u32 = self.conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
        if found > known {
            return Err(OfficeError::NewerSchema { found, known });
        }
        for (number, sql) in (1_u32..).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
            let tx = self.conn.transaction()?;
            tx.execute_batch(sql)?;
            tx.pragma_update(None, "user_version", number)?;
            tx.commit()?;
        }
        Ok(())
    }

    /// A fact about the store.
    pub(crate) fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let found = self
            .conn
            .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
            .query_row([name], |r| r.get(0))
            .optional()?;
        Ok(found)
    }

    /// Sets a fact about the store.
    pub(crate) fn set_meta(&self, name: &str, value: &[u8]) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
            )?
            .execute(params![name, value])?;
        Ok(())
    }
}

fn wrong_key(error: rusqlite::Error) -> OfficeError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OfficeError::WrongKey,
        _ => OfficeError::Store(error),
    }
}

/// Reads a column that holds an id of fixed length.
pub(crate) fn fixed<const N: usize>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<[u8; N]> {
    let bytes = row.get_ref(column)?.as_blob()?;
    bytes.try_into().map_err(|_| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Blob,
            format!("{} bytes where {N} were expected", bytes.len()).into(),
        )
    })
}
