//! Opening the database: the raw key, the pragmas that the promises rest on, the numbered migrations.
//!
//! Every pragma is set and then read back: a build of SQLite that ignores one must not open a vault.

use crate::cipher::Key;
use crate::{Error, Result, memory};
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi};
use std::ffi::{c_int, c_void};
use std::fmt::Write;
use std::path::Path;
use zeroize::Zeroizing;

/// The migrations, in order; the store's `user_version` is how many of them it has.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_store.sql"), include_str!("../migrations/0002_desk.sql")];

/// How many statements are kept compiled; more than the vault has.
const STATEMENTS: usize = 128;

/// What the store runs with, read back from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pragmas {
    /// `wal`.
    pub journal_mode: String,
    /// 2 is FULL: every commit reaches the disk.
    pub synchronous: i64,
    /// 1: what is deleted is overwritten with zeros.
    pub secure_delete: i64,
    /// 2 is MEMORY: no temporary files.
    pub temp_store: i64,
    /// 1: references are enforced.
    pub foreign_keys: i64,
    /// `exclusive`: no shared-memory file.
    pub locking_mode: String,
    /// Whether SQLite zeroes memory that it frees. Not so where other code of the process used SQLite before the
    /// first vault was opened and before [`crate::harden_process`].
    pub wipes_memory: bool,
    /// The version of SQLCipher.
    pub cipher_version: String,
    /// 1 where FTS5 overwrites what it deletes.
    pub search_secure_delete: i64,
    /// How many migrations the store has.
    pub user_version: u32,
}

/// Opens a store whose file exists (empty when new), brings it up to date and empties its write-ahead log.
pub(crate) fn open(path: &Path, key: &Key) -> Result<Connection> {
    memory::install();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags(path, flags)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    no_lookaside(&conn)?;
    conn.execute_batch(&key_pragma(key))?;
    conn.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    migrate(&mut conn)?;
    let found = pragmas(&conn)?;
    let agreed = found.journal_mode == "wal"
        && found.synchronous == 2
        && found.secure_delete == 1
        && found.temp_store == 2
        && found.foreign_keys == 1
        && found.search_secure_delete == 1
        && !found.cipher_version.is_empty();
    if !agreed {
        return Err(Error::Damaged(format!("the store did not accept its settings: {found:?}")));
    }
    checkpoint(&conn)?;
    Ok(conn)
}

/// Moves every committed page into the store and cuts the write-ahead log to nothing; memory that held pages is
/// given back, which wipes it.
pub(crate) fn checkpoint(conn: &Connection) -> Result<()> {
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy != 0 {
        return Err(Error::CheckpointIncomplete);
    }
    Ok(conn.execute_batch("PRAGMA shrink_memory")?)
}

/// Reads the pragmas back.
pub(crate) fn pragmas(conn: &Connection) -> Result<Pragmas> {
    let number = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let text = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, String>(0));
    Ok(Pragmas {
        journal_mode: text("journal_mode")?,
        synchronous: number("synchronous")?,
        secure_delete: number("secure_delete")?,
        temp_store: number("temp_store")?,
        foreign_keys: number("foreign_keys")?,
        locking_mode: text("locking_mode")?,
        wipes_memory: memory::install(),
        cipher_version: text("cipher_version")?,
        search_secure_delete: conn.query_row(
            "SELECT v FROM search_config WHERE k = 'secure-delete'",
            [],
            |row| row.get(0),
        )?,
        user_version: u32::try_from(number("user_version")?).unwrap_or(u32::MAX),
    })
}

/// Has SQLite take all memory from the allocator, which wipes what it frees; the pool of small pieces
/// that each connection has by default is never wiped.
fn no_lookaside(conn: &Connection) -> Result<()> {
    let (size, count): (c_int, c_int) = (0, 0);
    #[allow(unsafe_code, reason = "rusqlite wraps only the options of sqlite3_db_config that are switches")]
    // SAFETY: the connection is open and used by nobody else; this option takes a buffer, which may be null, and
    // two ints.
    let code = unsafe {
        let nothing = std::ptr::null_mut::<c_void>();
        ffi::sqlite3_db_config(conn.handle(), ffi::SQLITE_DBCONFIG_LOOKASIDE, nothing, size, count)
    };
    match code {
        ffi::SQLITE_OK => Ok(()),
        code => Err(Error::Damaged(format!("the store did not accept its settings: lookaside, {code}"))),
    }
}

/// `PRAGMA key` with a raw key, in a string that is zeroed.
fn key_pragma(key: &Key) -> Zeroizing<String> {
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in key.as_slice() {
        // Writing to a string cannot fail.
        let _ = write!(pragma, "{byte:02x}");
    }
    pragma.push_str("'\";");
    pragma
}

fn migrate(conn: &mut Connection) -> Result<()> {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(Error::TooNew { found, known });
    }
    for (number, sql) in (1..=known).zip(MIGRATIONS).filter(|(number, _)| *number > found) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}
