//! The peer of everything that is stored: SQLCipher with the same settings, one table, nothing else.

use baraza_testkit::Result;
use rusqlite::Connection;
use std::path::Path;

/// Whose settings it has.
pub(crate) enum Settings {
    /// The vault's: every commit is on disk.
    Vault,
    /// The office's: as the vault's, with a larger cache and rarer checkpoints.
    Office,
}

/// An open database.
pub(crate) struct Bare {
    pub(crate) conn: Connection,
}

impl Bare {
    pub(crate) fn open(path: &Path, settings: Settings) -> Result<Self> {
        let conn = Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\";
             PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;",
        )?;
        conn.execute_batch(match settings {
            Settings::Vault => "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON;",
            Settings::Office => "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000;",
        })?;
        conn.execute_batch(
            "CREATE TABLE journal (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
             CREATE TABLE record (id BLOB PRIMARY KEY, body TEXT NOT NULL) STRICT;",
        )?;
        Ok(Self { conn })
    }
}
