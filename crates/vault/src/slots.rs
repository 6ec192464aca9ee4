//! Key slots: the vault key, wrapped once for each secret that opens the vault.
//!
//! A sidecar kept twice (`slots.a`, `slots.b`), each copy CBOR ‖ SHA-256. A copy is replaced by write, fsync,
//! rename, fsync of the folder, one after the other, so that one is whole at any instant; of two whole copies the
//! later generation counts, and the other is brought up to date at the next unlock.

use crate::cipher::{self, Key, random};
use crate::folder::{Folder, SLOTS};
use crate::{Error, KdfCost, Result};
use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::fs;

const VERSION: u32 = 1;
const CHECKSUM: usize = 32;
const MAX_FILE: u64 = 64 * 1024;
const MAX_SLOTS: usize = 16;
const CONTEXT: &str = "baraza/vault/slot/v1";

/// What kind of secret opens a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum SlotKind {
    /// The person's passphrase.
    #[n(0)]
    Passphrase,
    /// A secret kept elsewhere for the day the passphrase is lost.
    #[n(1)]
    Recovery,
    /// A secret that the platform's keystore gives out.
    #[n(2)]
    Keystore,
    /// Reserved: a secret that destroys the vault. Off, and not acted upon by this version.
    #[n(3)]
    Wipe,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Slot {
    #[n(0)]
    kind: SlotKind,
    #[n(1)]
    cost: KdfCost,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(3), with = "minicbor::bytes")]
    wrapped: Vec<u8>,
}

/// Both copies agree on this, or one of them is out of date.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Slots {
    #[n(0)]
    version: u32,
    #[n(1)]
    generation: u64,
    #[n(2)]
    slots: Vec<Slot>,
}

impl Slots {
    /// No slot yet.
    pub(crate) fn empty() -> Self {
        Self { version: VERSION, generation: 0, slots: Vec::new() }
    }

    /// Reads the later of the two copies that are whole.
    pub(crate) fn read(folder: &Folder) -> Result<Self> {
        let copies: Vec<Result<Option<Self>>> =
            SLOTS.iter().map(|name| Self::read_copy(folder, name)).collect();
        let mut newer = None;
        let mut whole: Vec<Self> = Vec::new();
        for copy in copies {
            match copy {
                Ok(Some(slots)) => whole.push(slots),
                Err(error @ Error::TooNew { .. }) => newer = Some(error),
                Ok(None) | Err(_) => {}
            }
        }
        match (newer, whole.into_iter().max_by_key(|slots| slots.generation)) {
            (Some(error), _) => Err(error),
            (None, Some(slots)) => Ok(slots),
            (None, None) => Err(Error::SlotsDamaged),
        }
    }

    /// A copy, `None` where it is missing or torn.
    fn read_copy(folder: &Folder, name: &str) -> Result<Option<Self>> {
        let path = folder.file(name);
        match fs::metadata(&path) {
            Ok(found) if found.len() <= MAX_FILE => {}
            _ => return Ok(None),
        }
        let bytes = fs::read(&path).map_err(Error::io(&path))?;
        let Some((body, sum)) = bytes.split_last_chunk::<CHECKSUM>() else { return Ok(None) };
        if digest(&SHA256, body).as_ref() != sum {
            return Ok(None);
        }
        let mut decoder = minicbor::Decoder::new(body);
        let version = decoder.array().and_then(|_| decoder.u32()).map_err(|_| Error::SlotsDamaged)?;
        if version != VERSION {
            return Err(Error::TooNew { found: version, known: VERSION });
        }
        let slots: Self = minicbor::decode(body).map_err(|_| Error::SlotsDamaged)?;
        Ok((slots.slots.len() <= MAX_SLOTS).then_some(slots))
    }

    /// Replaces both copies, with a generation later than any before.
    pub(crate) fn write(&mut self, folder: &Folder) -> Result<()> {
        self.generation += 1;
        let bytes = self.to_bytes()?;
        SLOTS.iter().try_for_each(|name| folder.replace(name, &bytes))
    }

    /// Brings a missing, torn or older copy up to date, so that a changed passphrase does not live on in it.
    pub(crate) fn repair(&self, folder: &Folder) -> Result<()> {
        let bytes = self.to_bytes()?;
        for name in SLOTS {
            if fs::read(folder.file(name)).ok().as_deref() != Some(bytes.as_slice()) {
                folder.replace(name, &bytes)?;
            }
        }
        Ok(())
    }

    fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = minicbor::to_vec(self).map_err(|error| Error::Damaged(error.to_string()))?;
        let sum = digest(&SHA256, &bytes);
        bytes.extend_from_slice(sum.as_ref());
        Ok(bytes)
    }

    /// Wraps the vault key for a secret, in place of whatever slots of that kind there were.
    pub(crate) fn set(
        &mut self,
        rng: &SystemRandom,
        kind: SlotKind,
        secret: &SecretString,
        cost: KdfCost,
        vault_key: &Key,
    ) -> Result<()> {
        let salt: [u8; 16] = random(rng)?;
        let kek = cost.derive(secret, &salt)?;
        let wrapped = cipher::seal(rng, &kek, CONTEXT, &owner(kind, &salt), vault_key.as_slice())?;
        self.slots.retain(|slot| slot.kind != kind);
        self.slots.push(Slot { kind, cost, salt, wrapped });
        Ok(())
    }

    /// Unwraps the vault key. One answer for every secret that does not fit.
    pub(crate) fn open(&self, kind: SlotKind, secret: &SecretString) -> Result<Key> {
        for slot in self.slots.iter().filter(|slot| slot.kind == kind) {
            let kek = slot.cost.derive(secret, &slot.salt)?;
            if let Ok(plain) = cipher::open(&kek, CONTEXT, &owner(kind, &slot.salt), &slot.wrapped) {
                return Key::from_slice(&plain).ok_or(Error::SlotsDamaged);
            }
        }
        Err(Error::WrongPassphrase)
    }

    /// Which kinds of secret open this vault.
    pub(crate) fn kinds(&self) -> BTreeSet<SlotKind> {
        self.slots.iter().map(|slot| slot.kind).collect()
    }

    /// Forgets the slots of a kind.
    pub(crate) fn remove(&mut self, kind: SlotKind) {
        self.slots.retain(|slot| slot.kind != kind);
    }
}

fn owner(kind: SlotKind, salt: &[u8; 16]) -> Vec<u8> {
    let mut owner = vec![kind as u8];
    owner.extend_from_slice(salt);
    owner
}
