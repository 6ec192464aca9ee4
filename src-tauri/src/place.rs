//! The workspace folder while its window is open.
//!
//! The vault has a lock of its own, which it holds only while it is unlocked. This one is held for as long as the
//! window is: two windows on one folder would lock each other out by turns, and nobody would know why.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Says nothing about the app. It is never removed: the system drops the lock with the process, however it ends.
const LOCK: &str = ".open";

/// A folder that no other window has open.
pub(crate) struct Place {
    _lock: File,
}

/// Why a folder was not opened.
#[derive(Debug)]
pub(crate) enum Taken {
    /// Another window has it.
    ByAnother(PathBuf),
    /// It could not be made or locked.
    Io(PathBuf, std::io::Error),
}

impl std::fmt::Display for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Taken::ByAnother(folder) => write!(f, "{} is already open in another window", folder.display()),
            Taken::Io(path, why) => write!(f, "{}: {why}", path.display()),
        }
    }
}

impl std::error::Error for Taken {}

impl Place {
    /// Takes a folder, making it where it is missing, for its owner only.
    ///
    /// # Errors
    /// When another window has it, or it cannot be made or locked.
    pub(crate) fn take(folder: &Path) -> Result<Self, Taken> {
        make(folder).map_err(|why| Taken::Io(folder.to_owned(), why))?;
        let path = folder.join(LOCK);
        let lock = open(&path).map_err(|why| Taken::Io(path.clone(), why))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Taken::ByAnother(folder.to_owned())),
            Err(TryLockError::Error(why)) => Err(Taken::Io(path, why)),
        }
    }
}

fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_a_folder_and_the_next_one_after_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("tablet");
        let first = Place::take(&folder).unwrap();
        assert!(matches!(Place::take(&folder), Err(Taken::ByAnother(_))));
        drop(first);
        assert!(Place::take(&folder).is_ok());
    }
}
