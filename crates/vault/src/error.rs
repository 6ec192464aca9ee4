//! What can go wrong in the vault. [`Error::code`] is stable: the interface picks its sentence by it.

use baraza_model::PartId;
use std::path::{Path, PathBuf};

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong in the vault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The secret opens no slot of the kind asked for.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// Another process has the folder open.
    #[error(
        "{} is open in another Baraza process; close the other window, or wait for the running command to end",
        folder.display()
    )]
    Locked {
        /// The workspace folder.
        folder: PathBuf,
    },
    /// The folder holds no vault.
    #[error("{} holds no vault", .0.display())]
    NoVault(PathBuf),
    /// The folder already holds a vault.
    #[error("{} already holds a vault", .0.display())]
    Exists(PathBuf),
    /// Both copies of the key slots are missing or damaged.
    #[error("both copies of the key slots are damaged; restore them from a backup")]
    SlotsDamaged,
    /// The key slots, or the store, were written by a newer version of the program.
    #[error("this vault was written by a newer version of Baraza (format {found}, known up to {known})")]
    TooNew {
        /// The version found.
        found: u32,
        /// The highest version this program knows.
        known: u32,
    },
    /// The store is not readable with its key, or says something impossible.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The disk is full: nothing of the last transaction was kept, everything before it was.
    #[error("the disk is full; the last change was not saved")]
    DiskFull,
    /// The journal of the store could not be emptied, so an earlier state may still be in a file.
    #[error(
        "the write-ahead log could not be emptied; close other programs that read this folder and try again"
    )]
    CheckpointIncomplete,
    /// A part that the vault does not hold.
    #[error("the vault holds no part {0}")]
    UnknownPart(PartId),
    /// A part whose key was destroyed.
    #[error("part {0} was sealed and can no longer be read on this device")]
    PartSealed(PartId),
    /// A record, form, segment or batch that is not there.
    #[error("the vault holds no such {0}")]
    Unknown(&'static str),
    /// Severe answers are never indexed.
    #[error("severe answers are never put in the search index")]
    SevereNotSearchable,
    /// Pruning waits for a receipt from headquarters.
    #[error("headquarters has not confirmed this record; it stays on this device")]
    NotReceived,
    /// The key derivation cost is outside what the vault accepts.
    #[error("key derivation needs at least 64 MiB of memory and reasonable bounds")]
    KdfCost,
    /// Encryption or decryption of a part failed: wrong key, or altered bytes.
    #[error("a part could not be decrypted")]
    Cipher,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database engine refused.
    #[error("the store refused: {0}")]
    Store(rusqlite::Error),
}

impl Error {
    /// The stable code, `vault.problem`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::WrongPassphrase => "vault.wrong-passphrase",
            Error::Locked { .. } => "vault.locked",
            Error::NoVault(_) => "vault.missing",
            Error::Exists(_) => "vault.exists",
            Error::SlotsDamaged => "vault.slots-damaged",
            Error::TooNew { .. } => "vault.too-new",
            Error::Damaged(_) => "vault.damaged",
            Error::DiskFull => "vault.disk-full",
            Error::CheckpointIncomplete => "vault.checkpoint",
            Error::UnknownPart(_) => "vault.unknown-part",
            Error::PartSealed(_) => "vault.part-sealed",
            Error::Unknown(_) => "vault.unknown",
            Error::SevereNotSearchable => "vault.severe-search",
            Error::NotReceived => "vault.not-received",
            Error::KdfCost => "vault.kdf-cost",
            Error::Cipher => "vault.cipher",
            Error::NoRandomness => "vault.randomness",
            Error::Io { .. } => "vault.io",
            Error::Store(_) => "vault.store",
        }
    }

    /// Names the path in an I/O error; a full disk keeps its own code.
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull => Error::DiskFull,
            _ => Error::Io { path: path.to_owned(), source },
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
        match error.sqlite_error_code() {
            Some(DiskFull) => Error::DiskFull,
            Some(NotADatabase | DatabaseCorrupt) => Error::Damaged(error.to_string()),
            _ => Error::Store(error),
        }
    }
}
