//! Single values of the device, by name. Values are bytes; whoever writes one decides their shape.

use crate::{Reader, Result, Tx};
use zeroize::Zeroizing;

/// The device's own secret keys.
pub const DEVICE_SECRET: &str = "device-secret";
/// The incarnation of the device's logs.
pub const INCARNATION: &str = "incarnation";
/// The public description of the workspace.
pub const WORKSPACE: &str = "workspace";
/// The transport key of bundles.
pub const TRANSPORT_KEY: &str = "transport-key";
/// What this device calls its person.
pub const ALIAS: &str = "alias";
/// The opened directory: names and roles.
pub const DIRECTORY: &str = "directory";
/// The key of a headquarters device's store.
pub const OFFICE_KEY: &str = "office-key";
/// The highest roster version ever seen, with its hash.
pub const ROSTER_HIGHEST: &str = "roster-highest";
/// The prefix of what is kept for one hub: its token, its pin.
pub const HUB_PREFIX: &str = "hub/";

impl Reader<'_> {
    /// A value.
    pub fn meta(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        self.one("SELECT value FROM meta WHERE key = ?1", [key], |row| Ok(Zeroizing::new(row.get(0)?)))
    }

    /// The values whose names start so, by name.
    pub fn meta_with_prefix(&self, prefix: &str) -> Result<Vec<(String, Zeroizing<Vec<u8>>)>> {
        self.all(
            "SELECT key, value FROM meta WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
            [prefix],
            |row| Ok((row.get(0)?, Zeroizing::new(row.get(1)?))),
        )
    }
}

impl Tx<'_> {
    /// Sets a value.
    pub fn put_meta(&self, key: &str, value: &[u8]) -> Result<()> {
        self.change(
            "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )?;
        Ok(())
    }

    /// Removes a value, overwriting it first.
    pub fn remove_meta(&self, key: &str) -> Result<()> {
        self.change("UPDATE meta SET value = zeroblob(length(value)) WHERE key = ?1", [key])?;
        self.change("DELETE FROM meta WHERE key = ?1", [key])?;
        Ok(())
    }
}
