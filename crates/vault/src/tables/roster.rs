//! The roster's statements, and the secrets of the group epochs that this device can open.

use super::{seq, wide};
use crate::{Reader, Result, Tx};
use baraza_model::GroupId;
use zeroize::Zeroizing;

/// The private half of a group epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochSecret {
    /// The reader group.
    pub group: GroupId,
    /// Its epoch.
    pub epoch: u32,
    /// The secret.
    pub secret: Zeroizing<Vec<u8>>,
}

impl Reader<'_> {
    /// A roster statement.
    pub fn statement(&self, version: u64) -> Result<Option<Vec<u8>>> {
        self.one("SELECT bytes FROM roster_statement WHERE version = ?1", [wide(version)?], |row| {
            Ok(row.get(0)?)
        })
    }

    /// The statements from a version on, in order.
    pub fn statements(&self, from: u64) -> Result<Vec<(u64, Vec<u8>)>> {
        self.all(
            "SELECT version, bytes FROM roster_statement WHERE version >= ?1 ORDER BY version",
            [wide(from)?],
            |row| Ok((seq(row.get(0)?)?, row.get(1)?)),
        )
    }

    /// The highest version kept.
    pub fn highest_statement(&self) -> Result<Option<u64>> {
        self.one("SELECT version FROM roster_statement ORDER BY version DESC LIMIT 1", [], |row| {
            seq(row.get(0)?)
        })
    }

    /// Every epoch secret, by group and epoch.
    pub fn epoch_secrets(&self) -> Result<Vec<EpochSecret>> {
        self.all("SELECT reader_group, epoch, secret FROM epoch_secret ORDER BY 1, 2", [], |row| {
            Ok(EpochSecret {
                group: GroupId(row.get(0)?),
                epoch: row.get(1)?,
                secret: Zeroizing::new(row.get(2)?),
            })
        })
    }
}

impl Tx<'_> {
    /// Keeps a statement, in place of one with the same version (a new term can void earlier ones).
    pub fn put_statement(&self, version: u64, bytes: &[u8]) -> Result<()> {
        self.change(
            "INSERT INTO roster_statement (version, bytes) VALUES (?1, ?2)
             ON CONFLICT (version) DO UPDATE SET bytes = excluded.bytes",
            (wide(version)?, bytes),
        )?;
        Ok(())
    }

    /// Forgets the statements above a version: a new term has voided them.
    pub fn remove_statements_above(&self, version: u64) -> Result<()> {
        self.change("DELETE FROM roster_statement WHERE version > ?1", [wide(version)?])?;
        Ok(())
    }

    /// Keeps the secret of an epoch.
    pub fn put_epoch_secret(&self, group: GroupId, epoch: u32, secret: &[u8]) -> Result<()> {
        self.change(
            "INSERT INTO epoch_secret (reader_group, epoch, secret) VALUES (?1, ?2, ?3)
             ON CONFLICT (reader_group, epoch) DO UPDATE SET secret = excluded.secret",
            (group.0, epoch, secret),
        )?;
        Ok(())
    }

    /// Destroys the secret of an epoch.
    pub fn remove_epoch_secret(&self, group: GroupId, epoch: u32) -> Result<()> {
        self.change(
            "UPDATE epoch_secret SET secret = zeroblob(length(secret)) WHERE reader_group = ?1 AND epoch = ?2",
            (group.0, epoch),
        )?;
        self.change("DELETE FROM epoch_secret WHERE reader_group = ?1 AND epoch = ?2", (group.0, epoch))?;
        Ok(())
    }
}
