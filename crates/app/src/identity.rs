//! Who this device is: its keys, the roster it trusts, the epochs it can open, the names it was told.
//!
//! All of it lives in the vault and is loaded once at unlock; [`Identity::store`] writes what changed in the
//! caller's transaction, so that a roster and what was done under it are durable together.

use crate::package::Package;
use crate::{Error, Result, World, directory};
use baraza_forms::Form;
use baraza_model::{DeviceId, FormHash, GroupId, Incarnation, RecordId, Role, WorkspaceId};
use baraza_office::Library;
use baraza_oplog::{
    Author, Codec, DevicePublic, DeviceSecret, Directory, Keyring, OfficerSecret, Payload, Roster,
    SignedStatement, TransportKey,
};
use baraza_record::{ActorPrefix, actor_prefix};
use baraza_vault::{Reader, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Keys of our rows in the vault's `meta` table, beside the vault's own names.
pub(crate) mod row {
    pub(crate) const DEVICE_SECRET: &str = baraza_vault::meta::DEVICE_SECRET;
    pub(crate) const INCARNATION: &str = baraza_vault::meta::INCARNATION;
    pub(crate) const TRANSPORT_KEY: &str = baraza_vault::meta::TRANSPORT_KEY;
    pub(crate) const ALIAS: &str = baraza_vault::meta::ALIAS;
    pub(crate) const DIRECTORY: &str = baraza_vault::meta::DIRECTORY;
    pub(crate) const OFFICE_KEY: &str = baraza_vault::meta::OFFICE_KEY;
    pub(crate) const OFFICER: &str = "officer/secret";
    pub(crate) const OFFICER_KEYRING: &str = "officer/keyring";
    pub(crate) const INVITATION: &str = "invitation/";
    pub(crate) const OWN_INVITATION: &str = "own-invitation";
    pub(crate) const INCARNATION_SEEN: &str = "seen/";
    pub(crate) const HUB_TOKEN: &str = "hub/";
    pub(crate) const HUB_RECEIPT: &str = "hub-receipt/";
    pub(crate) const REVIEW: &str = "review/";
    pub(crate) const RECEIPT_COUNTER: &str = "receipt-counter";
    pub(crate) const OWN_REQUEST: &str = "own-request";
    /// When what an office confirmed last left it.
    pub(crate) const RECEIPT_LEFT: &str = "receipt-left";
    pub(crate) const HUB_URL: &str = "hub-url";
    pub(crate) const LAST_TIMES: &str = "last-times";
    pub(crate) const LAST_SEEN: &str = "last-seen/";
    pub(crate) const LOOKS_COUNTED: &str = "looks-counted";
}

/// What an unlocked device knows of itself and of its workspace.
pub(crate) struct Identity {
    pub(crate) secret: DeviceSecret,
    pub(crate) id: DeviceId,
    pub(crate) incarnation: Incarnation,
    pub(crate) alias: String,
    /// What only members of a workspace have; `None` until joining is finished.
    pub(crate) membership: Option<Membership>,
    /// Present on the officer's device.
    pub(crate) author: Option<Author>,
    pub(crate) codec: Codec,
    /// Compiled forms with their dictionaries, and the names of devices.
    pub(crate) library: Library,
    forms: BTreeMap<FormHash, Arc<Form>>,
    prefixes: Vec<(DeviceId, Incarnation)>,
}

/// What a device has by being in the roster.
pub(crate) struct Membership {
    pub(crate) roster: Roster,
    pub(crate) keyring: Keyring,
    pub(crate) transport: TransportKey,
    pub(crate) directory: Directory,
}

impl Identity {
    /// A device that has just been made.
    pub(crate) fn fresh(secret: DeviceSecret, alias: &str, world: &mut World) -> Self {
        Self::with_keys(secret, Incarnation::random(world), alias.to_owned())
    }

    fn with_keys(secret: DeviceSecret, incarnation: Incarnation, alias: String) -> Self {
        let id = secret.public().id();
        Self {
            secret,
            id,
            incarnation,
            alias,
            membership: None,
            author: None,
            codec: Codec::new(),
            library: Library::new(),
            forms: BTreeMap::new(),
            prefixes: vec![(id, incarnation)],
        }
    }

    /// Reads everything at unlock.
    pub(crate) fn load(r: &Reader<'_>) -> Result<Self> {
        let need = |key: &'static str| -> Result<_> {
            r.meta(key)?.ok_or_else(|| Error::Damaged(key, "the row is missing".into()))
        };
        let secret: [u8; 64] = fixed(&need(row::DEVICE_SECRET)?, "device keys")?;
        let incarnation = Incarnation(fixed(&need(row::INCARNATION)?, "incarnation")?);
        let alias = String::from_utf8_lossy(&need(row::ALIAS)?).into_owned();
        let mut me = Self::with_keys(DeviceSecret::from_bytes(&secret), incarnation, alias);
        for head in r.forms()? {
            if let Some(stored) = r.form(&head.hash)? {
                me.add_form(head.hash, &Package::decode(&stored.definition)?)?;
            }
        }
        for (key, _) in r.meta_with_prefix(row::INCARNATION_SEEN)? {
            if let Some((device, incarnation)) = parse_seen(&key) {
                me.prefixes.push((device, incarnation));
            }
        }
        if let Some(transport) = r.meta(row::TRANSPORT_KEY)? {
            me.load_membership(r, &fixed(&transport, "transport key")?)?;
        }
        Ok(me)
    }

    fn load_membership(&mut self, r: &Reader<'_>, transport: &[u8; 32]) -> Result<()> {
        let statements = r
            .statements(0)?
            .into_iter()
            .map(|(_, bytes)| Ok(SignedStatement::decode(&bytes)?))
            .collect::<Result<Vec<_>>>()?;
        let roster = Roster::replay(statements.iter())?;
        let mut keyring = Keyring::new();
        keyring.absorb(&roster, &self.secret);
        let directory = match r.meta(row::DIRECTORY)? {
            Some(frame) => self.read_directory(&frame)?,
            None => directory::new("", baraza_model::Timestamp::default()),
        };
        if let Some(seed) = r.meta(row::OFFICER)? {
            let officer = OfficerSecret::from_seed(&fixed(&seed, "officer key")?);
            let held = match r.meta(row::OFFICER_KEYRING)? {
                Some(bytes) => Keyring::decode(&bytes)?,
                None => Keyring::new(),
            };
            self.author = Some(Author::new(officer, held));
        }
        let transport = TransportKey::from_bytes(transport);
        self.membership = Some(Membership { roster, keyring, transport, directory });
        self.learn_names();
        Ok(())
    }

    /// Writes keys, incarnation and alias of a new device.
    pub(crate) fn store_keys(&self, tx: &Tx<'_>) -> Result<()> {
        tx.put_meta(row::DEVICE_SECRET, self.secret.to_bytes().as_slice())?;
        tx.put_meta(row::INCARNATION, self.incarnation.as_bytes())?;
        tx.put_meta(row::ALIAS, self.alias.as_bytes())?;
        Ok(())
    }

    /// Writes roster, transport key, directory and the officer's state.
    pub(crate) fn store_membership(&self, tx: &Tx<'_>) -> Result<()> {
        let Some(member) = &self.membership else { return Ok(()) };
        for (version, statement) in (1_u64..).zip(member.roster.statements()) {
            tx.put_statement(version, &statement.encode())?;
        }
        tx.put_meta(row::TRANSPORT_KEY, member.transport.as_bytes())?;
        let frame = self.codec.encode(&Payload::Directory(member.directory.clone()))?;
        tx.put_meta(row::DIRECTORY, &frame)?;
        if let Some(author) = &self.author {
            tx.put_meta(row::OFFICER, author.officer.to_bytes().as_slice())?;
            tx.put_meta(row::OFFICER_KEYRING, &author.keyring.encode())?;
        }
        Ok(())
    }

    pub(crate) fn read_directory(&mut self, frame: &[u8]) -> Result<Directory> {
        match self.codec.decode(frame)? {
            Payload::Directory(directory) => Ok(directory),
            _ => Err(Error::Damaged("directory", "another kind of payload".into())),
        }
    }

    pub(crate) fn member(&self) -> Result<&Membership> {
        self.membership.as_ref().ok_or(Error::NotJoined)
    }

    pub(crate) fn member_mut(&mut self) -> Result<&mut Membership> {
        self.membership.as_mut().ok_or(Error::NotJoined)
    }

    pub(crate) fn workspace(&self) -> Result<WorkspaceId> {
        Ok(self.member()?.roster.workspace())
    }

    pub(crate) fn public(&self) -> DevicePublic {
        self.secret.public()
    }

    /// Makes a form known: to filling, to projections and to the payload codec.
    pub(crate) fn add_form(&mut self, hash: FormHash, package: &Package) -> Result<Arc<Form>> {
        let form = package.compile()?;
        let dictionary: Arc<[u8]> = Arc::from(package.dictionary.as_slice());
        self.codec.insert_form(hash, dictionary.clone())?;
        self.library.insert_form(hash, form.clone(), dictionary);
        self.forms.insert(hash, form.clone());
        Ok(form)
    }

    pub(crate) fn form(&self, hash: &FormHash) -> Result<Arc<Form>> {
        self.forms.get(hash).cloned().ok_or_else(|| Error::UnknownForm(hash.to_string()))
    }

    /// Takes over names that the directory gives, for screens and exports.
    pub(crate) fn learn_names(&mut self) {
        let Some(member) = &self.membership else { return };
        for entry in &member.directory.devices {
            self.library.name_device(entry.device, &entry.alias);
        }
    }

    /// Remembers under which incarnation a device writes, so that authors of merged answers can be named.
    pub(crate) fn see_incarnation(
        &mut self,
        tx: &Tx<'_>,
        device: DeviceId,
        incarnation: Incarnation,
    ) -> Result<()> {
        if !self.prefixes.contains(&(device, incarnation)) {
            self.prefixes.push((device, incarnation));
            tx.put_meta(&format!("{}{device}/{incarnation}", row::INCARNATION_SEEN), &[])?;
        }
        Ok(())
    }

    /// Who wrote under an actor prefix of a record, as far as this device knows.
    pub(crate) fn author_of(&self, record: RecordId, prefix: ActorPrefix) -> String {
        let device =
            self.prefixes.iter().find(|(d, i)| actor_prefix(record, *d, *i) == prefix).map(|(d, _)| *d);
        device.map_or_else(|| "a device not known here".into(), |device| self.name_of(&device))
    }

    /// Whether this device wrote under an actor prefix of a record, in this incarnation or an earlier one.
    pub(crate) fn is_mine(&self, record: RecordId, prefix: ActorPrefix) -> bool {
        let own = self.prefixes.iter().filter(|(device, _)| *device == self.id);
        own.into_iter().any(|(device, incarnation)| actor_prefix(record, *device, *incarnation) == prefix)
    }

    /// What a device is called.
    pub(crate) fn name_of(&self, device: &DeviceId) -> String {
        let told = self
            .membership
            .as_ref()
            .and_then(|m| directory::device(&m.directory, device))
            .map(|p| p.alias.clone());
        match told {
            Some(alias) => alias,
            None if *device == self.id => self.alias.clone(),
            None => format!("device {}", device.to_string().get(..8).unwrap_or_default()),
        }
    }

    /// The team this device files team records for: the first group of its own that is a team.
    pub(crate) fn team(&self) -> Result<GroupId> {
        let member = self.member()?;
        let groups = member.roster.groups_of(&self.id);
        directory::teams(&member.directory).find(|id| groups.contains(id)).ok_or(Error::NoTeam)
    }

    pub(crate) fn is_headquarters(&self) -> bool {
        self.in_group(Roster::hq)
    }

    /// Whether this device can open severe answers that others sealed.
    pub(crate) fn reads_severe(&self) -> bool {
        self.in_group(Roster::hq_severe)
    }

    fn in_group(&self, group: fn(&Roster) -> GroupId) -> bool {
        self.membership.as_ref().is_some_and(|m| m.roster.groups_of(&self.id).contains(&group(&m.roster)))
    }

    pub(crate) fn role(&self) -> Option<Role> {
        self.membership
            .as_ref()
            .and_then(|m| directory::device(&m.directory, &self.id))
            .map(|person| person.role)
    }
}

fn parse_seen(key: &str) -> Option<(DeviceId, Incarnation)> {
    let (device, incarnation) = key.strip_prefix(row::INCARNATION_SEEN)?.split_once('/')?;
    Some((device.parse().ok()?, incarnation.parse().ok()?))
}

pub(crate) fn fixed<const N: usize>(bytes: &[u8], what: &'static str) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| Error::Damaged(what, format!("{} bytes instead of {N}", bytes.len())))
}
