//! The workspace folder: its files, their modes, the lock, and replacing a file so that no crash can tear it.
//!
//! The lock is `flock` on a file that is never removed: the system drops it with the process, however it ends.

use crate::{Error, Result};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The store's file name. SQLite adds `-wal`.
pub(crate) const STORE: &str = "vault.store";
/// The two copies of the key slots.
pub(crate) const SLOTS: [&str; 2] = ["slots.a", "slots.b"];
const LOCK: &str = "lock";

/// An open, locked workspace folder.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Holds the lock; dropped last.
    _lock: File,
}

impl Folder {
    /// Locks an existing folder.
    pub(crate) fn lock(path: &Path) -> Result<Self> {
        let file = path.join(LOCK);
        let lock = private().create(true).truncate(false).open(&file).map_err(Error::io(&file))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => Err(Error::Locked { folder: path.to_owned() }),
            Err(fs::TryLockError::Error(source)) => Err(Error::Io { path: file, source }),
        }
    }

    /// Makes the folder, readable by its owner only, and locks it.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(Error::io(path))?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(Error::io(path))?;
        Self::lock(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes an empty file, readable by its owner only, unless it is there.
    pub(crate) fn touch(&self, name: &str) -> Result<()> {
        let path = self.file(name);
        private().create(true).truncate(false).open(&path).map(drop).map_err(Error::io(&path))
    }

    /// Replaces a file whole: write beside it, fsync, rename, fsync the folder.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.file(name);
        let beside = self.file(&format!("{name}.new"));
        let written = private().create(true).truncate(true).open(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(Error::io(&beside))?;
        fs::rename(&beside, &path).map_err(Error::io(&path))?;
        self.sync()
    }

    /// Overwrites a file in place, then removes it. A file that is not there is done already.
    pub(crate) fn destroy(&self, name: &str, noise: &[u8]) -> Result<()> {
        let path = self.file(name);
        match OpenOptions::new().write(true).open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io(&path)(error)),
            Ok(mut file) => {
                let length = file.metadata().map_err(Error::io(&path))?.len();
                let mut left = usize::try_from(length).unwrap_or(usize::MAX);
                while left > 0 {
                    let piece = noise.get(..left.min(noise.len())).unwrap_or(noise);
                    file.write_all(piece).map_err(Error::io(&path))?;
                    left -= piece.len();
                }
                file.sync_all().map_err(Error::io(&path))?;
            }
        }
        fs::remove_file(&path).map_err(Error::io(&path))?;
        self.sync()
    }

    fn sync(&self) -> Result<()> {
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(Error::io(&self.path))
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}
