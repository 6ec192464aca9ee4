//! The hub's store: one SQLite file (WAL, `synchronous = FULL`, strict tables, numbered migrations).
//!
//! Invariants:
//! - what a transaction did is on disk before a device is told of it;
//! - arrival numbers grow with every committed segment and are never used twice, and writers take turns, so a cursor
//!   at the highest number seen has passed only committed rows;
//! - rows of segments are kept when their bytes are deleted, so what was deleted is not taken in again.

mod pull;
mod push;
mod tidy;

pub(crate) use pull::{Page, PullRequest};
pub(crate) use push::{Admitted, Placed};

use crate::HubError;
use crate::cursor::Mark;
use baraza_model::{DeviceId, Entropy, WorkspaceId};
use baraza_oplog::Reader;
use baraza_sync::frontier::StoreId;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::Path;
use std::time::Duration;

const MIGRATIONS: &[&str] = &[include_str!("../../migrations/0001_store.sql")];

/// One connection to the store.
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    /// Opens the store, making it if there is none.
    pub(crate) fn open(
        path: &Path,
        workspace: WorkspaceId,
        rng: &mut impl Entropy,
    ) -> Result<Self, HubError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        migrate(&mut connection)?;
        let mut store = Self { connection };
        store.claim(workspace, StoreId(rng.bytes()))?;
        Ok(store)
    }

    fn claim(&mut self, workspace: WorkspaceId, fresh: StoreId) -> Result<(), HubError> {
        let tx = self.write()?;
        let known: Option<Vec<u8>> =
            tx.query_row("SELECT workspace FROM store WHERE id = 1", [], |row| row.get(0)).optional()?;
        match known {
            Some(known) if known == workspace.0 => {}
            Some(_) => return Err(HubError::WrongWorkspace),
            None => {
                tx.execute(
                    "INSERT INTO store (id, store_id, workspace) VALUES (1, ?1, ?2)",
                    params![fresh.0, workspace.0],
                )?;
            }
        }
        Ok(tx.commit()?)
    }

    /// The id of this life of the store.
    pub(crate) fn store_id(&self) -> Result<StoreId, HubError> {
        Ok(StoreId(
            self.connection.query_row("SELECT store_id FROM store WHERE id = 1", [], |row| row.get(0))?,
        ))
    }

    /// Begins a new life: every device will compare all that it holds.
    pub(crate) fn renew_store_id(&mut self, fresh: StoreId) -> Result<StoreId, HubError> {
        self.connection.execute("UPDATE store SET store_id = ?1 WHERE id = 1", [fresh.0])?;
        Ok(fresh)
    }

    /// Changes whenever another process has written to the store.
    pub(crate) fn data_version(&self) -> Result<i64, HubError> {
        Ok(self.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// The highest arrival number there ever was; 0 in a new store.
    pub(crate) fn last_arrival(&self) -> Result<i64, HubError> {
        let sql = "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'segment'";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// The newest segment.
    pub(crate) fn mark(&self) -> Result<Option<Mark>, HubError> {
        let sql = "SELECT arrival, hash FROM segment ORDER BY arrival DESC LIMIT 1";
        let newest = self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?)));
        Ok(newest.optional()?.map(|(arrival, hash)| Mark { arrival, hash: beginning(&hash) }))
    }

    /// Whether the store was set back since a token with this mark was made.
    pub(crate) fn was_set_back(&self, mark: &Mark) -> Result<bool, HubError> {
        if mark.arrival > self.last_arrival()? {
            return Ok(true);
        }
        let mut statement = self.connection.prepare_cached("SELECT hash FROM segment WHERE arrival = ?1")?;
        let hash = statement.query_row([mark.arrival], |row| row.get::<_, [u8; 32]>(0)).optional()?;
        Ok(hash.is_some_and(|hash| beginning(&hash) != mark.hash))
    }

    /// All roster statements, oldest first.
    pub(crate) fn statements(&self) -> Result<Vec<Vec<u8>>, HubError> {
        self.blobs("SELECT bytes FROM statement ORDER BY version")
    }

    /// Replaces the statements from `first` on (a new term voids what it does not accept).
    pub(crate) fn put_statements(&mut self, first: u64, statements: &[Vec<u8>]) -> Result<(), HubError> {
        let tx = self.write()?;
        let first = i64::try_from(first).unwrap_or(i64::MAX);
        tx.execute("DELETE FROM statement WHERE version >= ?1", [first])?;
        for (version, bytes) in (first..).zip(statements) {
            tx.execute("INSERT INTO statement (version, bytes) VALUES (?1, ?2)", params![version, bytes])?;
        }
        Ok(tx.commit()?)
    }

    /// The newest receipt of every office, oldest arrival first.
    pub(crate) fn receipts(&self) -> Result<Vec<Vec<u8>>, HubError> {
        self.blobs("SELECT bytes FROM receipt ORDER BY arrival")
    }

    fn blobs(&self, sql: &str) -> Result<Vec<Vec<u8>>, HubError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn write(&mut self) -> Result<Transaction<'_>, HubError> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// How a reader is told apart in the table of readers.
fn reader_key(reader: &Reader) -> Vec<u8> {
    match reader {
        Reader::Group(group) => [&b"g"[..], group.as_bytes()].concat(),
        Reader::Device(device) => [&b"d"[..], device.as_bytes()].concat(),
    }
}

fn beginning(hash: &[u8; 32]) -> [u8; 4] {
    let [a, b, c, d, ..] = *hash;
    [a, b, c, d]
}

/// The author of segments, as a reader who may ask for them back.
fn author_key(device: &DeviceId) -> Vec<u8> {
    [&b"a"[..], device.as_bytes()].concat()
}

fn migrate(connection: &mut Connection) -> Result<(), HubError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(HubError::NewerStore { found, known });
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        tx.execute_batch(migration)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}
