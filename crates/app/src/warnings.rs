//! What a person should know before it costs them work: a clock that is wrong, storage that runs out.

use crate::{Device, Error, Result};
use baraza_model::Timestamp;
use std::path::Path;

/// A clock this far behind what it once said is worth a word: ten minutes in milliseconds.
const PATIENCE_MS: i64 = 10 * 60 * 1000;
/// Free bytes below which storage is low.
const LOW_BYTES: u64 = 200 * 1024 * 1024;
/// Free bytes below which nothing new should be begun.
const FULL_BYTES: u64 = 20 * 1024 * 1024;

/// Something to know. None of it stops any work.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "warning")]
pub enum Warning {
    /// The clock says less than it once did, or than the names that headquarters sent were made at. A clock that is
    /// ahead cannot be told from one that is right, so nothing is said of it.
    ClockBehind {
        /// What the clock says.
        now: Timestamp,
        /// The latest time that is written in this vault.
        latest: Timestamp,
    },
    /// Less than 200 MiB are free.
    StorageLow {
        /// Free bytes.
        free_bytes: u64,
    },
    /// Less than 20 MiB are free.
    StorageFull {
        /// Free bytes.
        free_bytes: u64,
    },
}

impl Device {
    /// What the person should know now.
    ///
    /// # Errors
    /// When the vault cannot be read, or the system does not say how much is free.
    pub fn warnings(&self) -> Result<Vec<Warning>> {
        let mut warnings = Vec::new();
        let now = self.world.now();
        let written = self.read(|r| Ok(r.latest_time()?))?;
        let told = self.me.membership.as_ref().map(|member| member.directory.made);
        let exchanged = self.exchanges(1)?.first().map(|exchange| exchange.at);
        if let Some(latest) = [written, told, exchanged].into_iter().flatten().max()
            && now.0.saturating_add(PATIENCE_MS) < latest.0
        {
            warnings.push(Warning::ClockBehind { now, latest });
        }
        warnings.extend(storage(free_bytes(self.vault.folder())?));
        Ok(warnings)
    }
}

fn storage(free_bytes: u64) -> Option<Warning> {
    match free_bytes {
        ..FULL_BYTES => Some(Warning::StorageFull { free_bytes }),
        FULL_BYTES..LOW_BYTES => Some(Warning::StorageLow { free_bytes }),
        _ => None,
    }
}

/// Bytes that a person may still write where `folder` is.
fn free_bytes(folder: &Path) -> Result<u64> {
    let found = rustix::fs::statvfs(folder)
        .map_err(|errno| Error::File { path: folder.to_owned(), source: errno.into() })?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_is_spoken_of_before_it_is_gone() {
        assert_eq!(storage(5 << 30), None);
        assert_eq!(storage(100 << 20), Some(Warning::StorageLow { free_bytes: 100 << 20 }));
        assert_eq!(storage(3 << 20), Some(Warning::StorageFull { free_bytes: 3 << 20 }));
    }
}
