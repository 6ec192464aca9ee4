//! The vault of one device: create, unlock, read, write, checkpoint, lock, wipe.

use crate::cipher::{Key, random};
use crate::folder::{Folder, SLOTS, STORE};
use crate::schema::{self, Pragmas};
use crate::slots::{SlotKind, Slots};
use crate::{Error, KdfCost, Result};
use ring::rand::SystemRandom;
use rusqlite::Connection;
use secrecy::SecretString;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;

/// An unlocked vault. Dropping it closes the store, zeroes the vault key and releases the folder.
pub struct Vault {
    // Dropped in this order: the store closes before the folder's lock goes.
    pub(crate) conn: Connection,
    state: State,
    pub(crate) key: Key,
    slots: Slots,
    folder: Folder,
}

/// What reads and writes need besides the connection.
pub(crate) struct State {
    pub(crate) rng: SystemRandom,
    /// The number the next journal row gets.
    pub(crate) next_row: Cell<i64>,
}

/// Reads. See the methods by subject; also reachable from [`Tx`].
pub struct Reader<'v> {
    pub(crate) conn: &'v Connection,
    pub(crate) state: &'v State,
}

/// Writes of one transaction, and every read of [`Reader`] as of it.
pub struct Tx<'v>(Reader<'v>);

impl<'v> std::ops::Deref for Tx<'v> {
    type Target = Reader<'v>;

    fn deref(&self) -> &Reader<'v> {
        &self.0
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("folder", &self.folder.path()).finish_non_exhaustive()
    }
}

/// Ends a transaction that is still open when it is dropped, by an error or a panic.
struct Rollback<'v>(&'v Connection);

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // A rollback that fails leaves nothing to try: the next transaction is refused, and says why.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

impl Vault {
    /// Whether a folder holds a vault, or what is left of one.
    pub fn exists(folder: &Path) -> bool {
        SLOTS.iter().any(|name| folder.join(name).exists())
    }

    /// Makes a vault with a fresh random key, opened by `passphrase`.
    ///
    /// The slots are written last: a folder with a store and no slots is an attempt that was cut short, and is
    /// started over.
    pub fn create(folder: &Path, passphrase: &SecretString, cost: KdfCost) -> Result<Self> {
        let folder = Folder::create(folder)?;
        if Self::exists(folder.path()) {
            return Err(Error::Exists(folder.path().to_owned()));
        }
        let rng = SystemRandom::new();
        let key = Key::random(&rng)?;
        let mut slots = Slots::empty();
        slots.set(&rng, SlotKind::Passphrase, passphrase, cost, &key)?;
        remove_store(&folder)?;
        folder.touch(STORE)?;
        let vault = Self::open_store(folder, slots, key)?;
        vault.save_slots()
    }

    /// Opens a vault with its passphrase.
    pub fn unlock(folder: &Path, passphrase: &SecretString) -> Result<Self> {
        Self::unlock_with(folder, SlotKind::Passphrase, passphrase)
    }

    /// Opens a vault with another kind of secret.
    pub fn unlock_with(folder: &Path, kind: SlotKind, secret: &SecretString) -> Result<Self> {
        if !Self::exists(folder) {
            return Err(Error::NoVault(folder.to_owned()));
        }
        let folder = Folder::lock(folder)?;
        let slots = Slots::read(&folder)?;
        let key = slots.open(kind, secret)?;
        if !folder.file(STORE).exists() {
            return Err(Error::Damaged("the store's file is missing".to_owned()));
        }
        slots.repair(&folder)?;
        Self::open_store(folder, slots, key)
    }

    fn open_store(folder: Folder, slots: Slots, key: Key) -> Result<Self> {
        let conn = schema::open(&folder.file(STORE), &key)?;
        let last: i64 = conn.query_row("SELECT coalesce(max(n), 0) FROM journal", [], |row| row.get(0))?;
        let state = State { rng: SystemRandom::new(), next_row: Cell::new(last + 1) };
        Ok(Self { conn, state, key, slots, folder })
    }

    fn save_slots(mut self) -> Result<Self> {
        self.slots.write(&self.folder)?;
        Ok(self)
    }

    /// The folder this vault lives in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the store runs with.
    pub fn pragmas(&self) -> Result<Pragmas> {
        schema::pragmas(&self.conn)
    }

    /// Reads. Nothing else can write meanwhile, so what is read is of one moment.
    pub fn read<T, E: From<Error>>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
        work(&Reader { conn: &self.conn, state: &self.state })
    }

    /// Runs one transaction. `Ok` means that it is on the disk; an error, or a panic, means that nothing of it is.
    pub fn write<T, E: From<Error>>(&mut self, work: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        self.statement("BEGIN IMMEDIATE")?;
        let unless_committed = Rollback(&self.conn);
        let out = work(&Tx(Reader { conn: &self.conn, state: &self.state }))?;
        self.statement("COMMIT")?;
        drop(unless_committed);
        Ok(out)
    }

    /// Runs a statement that stays compiled: a save is one commit, and compiling would be a tenth of it.
    fn statement(&self, sql: &str) -> Result<()> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Empties the write-ahead log. After this returned `Ok`, no file holds what was replaced or destroyed before:
    /// finalising a severe part reports success only then. It is repeated when the vault opens.
    pub fn checkpoint(&self) -> Result<()> {
        schema::checkpoint(&self.conn)
    }

    /// Which kinds of secret open this vault.
    pub fn slot_kinds(&self) -> BTreeSet<SlotKind> {
        self.slots.kinds()
    }

    /// Replaces the passphrase; the old one must fit.
    pub fn change_passphrase(&mut self, old: &SecretString, new: &SecretString, cost: KdfCost) -> Result<()> {
        self.slots.open(SlotKind::Passphrase, old)?;
        self.set_slot(SlotKind::Passphrase, new, cost)
    }

    /// Lets another secret open this vault, in place of an earlier one of its kind.
    pub fn set_slot(&mut self, kind: SlotKind, secret: &SecretString, cost: KdfCost) -> Result<()> {
        let mut slots = self.slots.clone();
        slots.set(&self.state.rng, kind, secret, cost, &self.key)?;
        slots.write(&self.folder)?;
        self.slots = slots;
        Ok(())
    }

    /// Removes the slots of a kind. The passphrase's stays, or nobody could open the vault.
    pub fn remove_slot(&mut self, kind: SlotKind) -> Result<()> {
        if kind == SlotKind::Passphrase {
            return Err(Error::Unknown("slot to remove: a vault keeps its passphrase"));
        }
        let mut slots = self.slots.clone();
        slots.remove(kind);
        slots.write(&self.folder)?;
        self.slots = slots;
        Ok(())
    }

    /// Closes the store and zeroes the key. Dropping does the same; this one reports what the store said.
    pub fn lock(self) -> Result<()> {
        let Self { conn, key, folder, .. } = self;
        let closed = conn.close().map_err(|(_, error)| Error::from(error));
        drop(key);
        drop(folder);
        closed
    }

    /// Destroys the vault in a folder: the key slots first, since without them the rest is noise, then the files.
    /// Needs no passphrase: a person in a hurry has no time for one.
    pub fn wipe(folder: &Path) -> Result<()> {
        let folder = Folder::lock(folder)?;
        wipe_files(&folder)
    }

    /// Destroys this open vault.
    pub fn wipe_now(self) -> Result<()> {
        let Self { conn, key, folder, .. } = self;
        for name in SLOTS {
            folder.destroy(name, &random::<4096>(&SystemRandom::new())?)?;
        }
        drop(key);
        drop(conn);
        wipe_files(&folder)
    }
}

fn wipe_files(folder: &Folder) -> Result<()> {
    let noise: [u8; 4096] = random(&SystemRandom::new())?;
    for name in SLOTS {
        folder.destroy(name, &noise)?;
        folder.destroy(&format!("{name}.new"), &noise)?;
    }
    remove_store(folder)
}

fn remove_store(folder: &Folder) -> Result<()> {
    let noise = [0; 4096];
    ["-wal", "-shm", "-journal", ""]
        .iter()
        .try_for_each(|suffix| folder.destroy(&format!("{STORE}{suffix}"), &noise))
}
