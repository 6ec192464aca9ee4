//! One unlocked workspace folder: the vault, the identity in it, and the world around it.

use crate::identity::{Identity, row};
use crate::{Error, Result, Watch, World};
use baraza_model::Role;
use baraza_office::Office;
use baraza_oplog::DeviceSecret;
use baraza_vault::{Reader, Tx, Vault};
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use zeroize::Zeroizing;

/// A device that a person has unlocked.
pub struct Device {
    pub(crate) vault: Vault,
    pub(crate) me: Identity,
    pub(crate) world: World,
    /// The office's store, opened when headquarters first needs it.
    pub(crate) office: Option<Office>,
    /// Counts what has changed documents underneath open drafts.
    pub(crate) generation: u64,
}

impl Device {
    /// Unlocks a folder.
    ///
    /// # Errors
    /// A wrong passphrase, a folder that another process has open, a folder without a vault, or damage.
    pub fn unlock(folder: &Path, passphrase: &SecretString, world: World) -> Result<Self> {
        let vault = Vault::unlock(folder, passphrase)?;
        let me = vault.read(Identity::load)?;
        let mut device = Self { vault, me, world, office: None, generation: 0 };
        device.tidy()?;
        Ok(device)
    }

    /// What was put off until now. A full disk must not keep anybody out: it is done the next time then, and what was
    /// thrown away stays out of sight meanwhile.
    fn tidy(&mut self) -> Result<()> {
        match self.remove_discarded().and_then(|()| self.count_looks()) {
            Err(Error::Vault(baraza_vault::Error::DiskFull)) => Ok(()),
            tidied => tidied,
        }
    }

    /// Progress of the long work that this device is at, and the way to stop it.
    pub fn watch(&self) -> Watch {
        self.world.watch.clone()
    }

    /// A new vault with new device keys, not yet in any workspace. A folder whose making or joining was cut off
    /// is taken up again.
    pub(crate) fn create(
        folder: &Path,
        passphrase: &SecretString,
        alias: &str,
        mut world: World,
    ) -> Result<Self> {
        let mut vault = match Vault::exists(folder) {
            true => Vault::unlock(folder, passphrase)?,
            false => Vault::create(folder, passphrase, world.kdf_cost()?)?,
        };
        if vault.read(|r| Ok::<_, Error>(r.meta(row::TRANSPORT_KEY)?.is_some()))? {
            return Err(Error::AlreadyJoined);
        }
        let mut me = match vault.read(|r| Ok::<_, Error>(r.meta(row::DEVICE_SECRET)?.is_some()))? {
            true => vault.read(Identity::load)?,
            false => Identity::fresh(DeviceSecret::generate(&mut world), alias, &mut world),
        };
        me.alias = alias.to_owned();
        vault.write(|tx| me.store_keys(tx))?;
        Ok(Self { vault, me, world, office: None, generation: 0 })
    }

    /// Removes for good what was thrown away, forgets every key in memory and closes the vault.
    ///
    /// # Errors
    /// When the vault's last checkpoint failed; the keys are gone all the same.
    pub fn lock(mut self) -> Result<()> {
        let removed = self.remove_discarded();
        drop(self.office);
        self.vault.lock()?;
        removed
    }

    /// What this device is called, its role, and how many records it holds.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn about(&self) -> Result<About> {
        Ok(About {
            alias: self.me.alias.clone(),
            role: self.me.role(),
            records: self.read(|r| Ok(r.count_records()?))?,
            headquarters: self.me.is_headquarters(),
        })
    }

    /// The database settings that durability and secrecy depend on.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn pragmas(&self) -> Result<baraza_vault::Pragmas> {
        Ok(self.vault.pragmas()?)
    }

    pub(crate) fn read<T>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T>) -> Result<T> {
        self.vault.read(f)
    }

    /// One transaction in which identity and world can be used too.
    pub(crate) fn write<T>(
        &mut self,
        f: impl FnOnce(&Tx<'_>, &mut Identity, &mut World) -> Result<T>,
    ) -> Result<T> {
        let Self { vault, me, world, .. } = self;
        vault.write(|tx| f(tx, me, world))
    }

    pub(crate) fn require_headquarters(&self) -> Result<()> {
        self.me.is_headquarters().then_some(()).ok_or(Error::NotHeadquarters)
    }
}

/// A new passphrase of six words.
///
/// # Errors
/// When the system has no randomness.
pub fn new_passphrase() -> Result<Zeroizing<String>> {
    Ok(Zeroizing::new(baraza_vault::generate_passphrase(6)?.expose_secret().to_owned()))
}

/// A device at a glance.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct About {
    /// What people call it.
    pub alias: String,
    /// Its role; `None` until joining is finished.
    pub role: Option<Role>,
    /// Records it holds.
    pub records: u64,
    /// Whether it is a headquarters device.
    pub headquarters: bool,
}
