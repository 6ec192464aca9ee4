//! Making a workspace: its authority, its first officer and its first office, on one headquarters device.

use crate::device::Device;
use crate::identity::{Membership, row};
use crate::{Error, Result, World, directory};
use baraza_model::{Entropy, Role, WorkspaceId};
use baraza_oplog::{
    AuthoritySecret, DirectoryGroup, Founding, Keyring, OfficerSecret, TransportKey, WorkspaceFile,
};
use baraza_vault::Vault;
use secrecy::SecretString;
use std::path::{Path, PathBuf};

/// Folder of the authority key inside the new workspace, to be moved to a safe place offline.
const AUTHORITY_FOLDER: &str = "authority-key";

/// What making a workspace gave.
#[derive(Debug)]
pub struct Founded {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Where the sealed authority key lies. It is needed only to appoint another officer.
    pub authority: PathBuf,
}

/// Makes a workspace in `folder`, which becomes its first headquarters device and holds the officer's key.
///
/// The authority key is sealed under the same passphrase in a vault of its own, so that it can be carried away.
///
/// # Errors
/// When the folder already holds a vault, or cannot be written.
pub fn found_workspace(
    folder: &Path,
    name: &str,
    passphrase: &SecretString,
    world: World,
) -> Result<(Device, Founded)> {
    let mut device = Device::create(folder, passphrase, name, world)?;
    let Device { vault, me, world, .. } = &mut device;

    let authority = AuthoritySecret::generate(world);
    let transport = TransportKey::generate(world);
    let founding = Founding {
        authority: &authority,
        officer: OfficerSecret::generate(world),
        office: me.public(),
        transport: &transport,
        recovery: None,
    };
    let (roster, author) = founding.found(world)?;
    let workspace = roster.workspace();

    let keep = folder.join(AUTHORITY_FOLDER);
    if Vault::exists(&keep) {
        // A founding that was cut off: that authority has signed nothing anybody holds.
        Vault::wipe(&keep)?;
    }
    let mut safe = Vault::create(&keep, passphrase, world.kdf_cost()?)?;
    safe.write(|tx| tx.put_meta("authority", authority.to_bytes().as_slice()))?;
    safe.lock()?;

    let now = world.now();
    let mut names = directory::new(name, now);
    let fixed = [(roster.hq(), "hq"), (roster.hq_severe(), "hq-severe"), (roster.all(), "all")];
    names.groups.extend(fixed.map(|(group, name)| DirectoryGroup { group, name: name.to_owned() }));
    directory::name_device(&mut names, now, me.id, name, Role::ProtectionOfficer);
    let mut keyring = Keyring::new();
    keyring.absorb(&roster, &me.secret);
    me.author = Some(author);
    me.membership = Some(Membership { roster, keyring, transport, directory: names });
    me.learn_names();
    let office_key: [u8; 32] = world.bytes();
    vault.write(|tx| {
        me.store_membership(tx)?;
        Ok::<_, Error>(tx.put_meta(row::OFFICE_KEY, &office_key)?)
    })?;
    Ok((device, Founded { workspace, authority: keep }))
}

/// Destroys the sealed authority key, if it still lies in its first place.
pub(crate) fn wipe_authority(folder: &Path) -> Result<()> {
    let keep = folder.join(AUTHORITY_FOLDER);
    if Vault::exists(&keep) {
        Vault::wipe(&keep)?;
    }
    Ok(())
}

impl Device {
    /// What a hub is started with: the workspace's public half. It opens nothing.
    ///
    /// # Errors
    /// When this device has not joined a workspace.
    pub fn workspace_file(&self) -> Result<Vec<u8>> {
        Ok(WorkspaceFile::of(&self.me.member()?.roster).encode())
    }
}
