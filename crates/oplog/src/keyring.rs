//! The private halves of epochs that a device holds, and its own seal key.
//!
//! Invariant: a key enters only if its public half is the epoch's and it opens the epoch's canary.

use crate::author::{CANARY, epoch_aad};
use crate::compartment::ReaderKey;
use crate::error::Malformed;
use crate::graph::Epoch;
use crate::keys::DeviceSecret;
use crate::seal::{SealSecret, Secret32};
use crate::statement::WrapTarget;
use crate::{Context, Roster, wire};
use baraza_model::{DeviceId, GroupId, WorkspaceId};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const MAX_KEYS: usize = 65_536;
/// The most bytes that one key takes when encoded.
const KEY_BYTES: usize = 96;

/// Private halves of epochs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyring {
    epochs: BTreeMap<(GroupId, u32), SealSecret>,
    device: Option<(DeviceId, SealSecret)>,
}

/// What [`Keyring::absorb`] found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absorbed {
    /// Epochs whose key is new in the ring.
    pub new: Vec<(GroupId, u32)>,
    /// Epochs whose key was sealed to this device (or to an epoch that it holds) but is wrong: the officer made
    /// a mistake, or lies. To be shown to a person.
    pub failed: Vec<(GroupId, u32)>,
}

#[derive(Encode, Decode)]
struct Wire {
    #[n(0)]
    version: u8,
    #[cbor(n(1), decode_with = "wire::list::<_, _, MAX_KEYS>")]
    epochs: Vec<WireKey>,
    #[n(2)]
    device: Option<WireDevice>,
}

#[derive(Encode, Decode)]
struct WireKey {
    #[n(0)]
    group: GroupId,
    #[n(1)]
    epoch: u32,
    #[n(2)]
    secret: Secret32,
}

#[derive(Encode, Decode)]
struct WireDevice {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    secret: Secret32,
}

impl Keyring {
    /// A ring without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes every key that the roster holds for this device, directly or through groups it is in.
    pub fn absorb(&mut self, roster: &Roster, device: &DeviceSecret) -> Absorbed {
        let id = device.public().id();
        self.device = Some((id, device.seal_secret().clone()));
        self.take(roster, |target| match target {
            WrapTarget::Device(to) if *to == id => Some(device.seal_secret().clone()),
            _ => None,
        })
    }

    /// Takes every key that the roster holds for the recovery key.
    pub fn absorb_recovery(&mut self, roster: &Roster, recovery: &SealSecret) -> Absorbed {
        self.take(roster, |target| (*target == WrapTarget::Recovery).then(|| recovery.clone()))
    }

    /// Whether the ring holds an epoch's key.
    pub fn has(&self, group: &GroupId, epoch: u32) -> bool {
        self.epochs.contains_key(&(*group, epoch))
    }

    /// The epochs whose keys are held.
    pub fn epochs(&self) -> impl Iterator<Item = (GroupId, u32)> {
        self.epochs.keys().copied()
    }

    /// Forgets the epochs of a group below a number. Only for teams, once snapshots cover them.
    pub fn retire(&mut self, group: &GroupId, below: u32) {
        self.epochs.retain(|(id, epoch), _| id != group || *epoch >= below);
    }

    /// The ring as the vault keeps it.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let key = |((group, epoch), secret): (&(GroupId, u32), &SealSecret)| WireKey {
            group: *group,
            epoch: *epoch,
            secret: secret.0.clone(),
        };
        let device =
            self.device.as_ref().map(|(device, s)| WireDevice { device: *device, secret: s.0.clone() });
        let wire = Wire { version: VERSION, epochs: self.epochs.iter().map(key).collect(), device };
        wire::encode_secret(&wire, KEY_BYTES * (self.epochs.len() + 2))
    }

    /// Reads what [`Self::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let Wire { version, epochs, device } = wire::decode(bytes, KEY_BYTES * (MAX_KEYS + 2))?;
        wire::version(version, VERSION)?;
        let key = |k: WireKey| ((k.group, k.epoch), SealSecret(k.secret));
        Ok(Self {
            epochs: epochs.into_iter().map(key).collect(),
            device: device.map(|d| (d.device, SealSecret(d.secret))),
        })
    }

    pub(crate) fn insert(&mut self, group: GroupId, epoch: u32, secret: SealSecret) {
        self.epochs.insert((group, epoch), secret);
    }

    pub(crate) fn secret(&self, group: &GroupId, epoch: u32) -> Option<&SealSecret> {
        self.epochs.get(&(*group, epoch))
    }

    pub(crate) fn secret_for(&self, key: &ReaderKey) -> Option<&SealSecret> {
        match key {
            ReaderKey::Group { group, epoch } => self.secret(group, *epoch),
            ReaderKey::Device(id) => {
                self.device.as_ref().filter(|(own, _)| own == id).map(|(_, secret)| secret)
            }
        }
    }

    /// Opens wraps until a round brings nothing new: keys of one round open wraps in the next.
    fn take(&mut self, roster: &Roster, own: impl Fn(&WrapTarget) -> Option<SealSecret>) -> Absorbed {
        let mut absorbed = Absorbed::default();
        loop {
            let mut found = Vec::new();
            for (group, state) in &roster.graph.groups {
                for (number, epoch) in &state.epochs {
                    let at = (*group, *number);
                    if self.epochs.contains_key(&at) || absorbed.failed.contains(&at) {
                        continue;
                    }
                    match self.unwrap_epoch(roster.workspace(), at, epoch, &own) {
                        Some(Some(secret)) => found.push((at, secret)),
                        Some(None) => absorbed.failed.push(at),
                        None => {}
                    }
                }
            }
            if found.is_empty() {
                return absorbed;
            }
            for (at, secret) in found {
                absorbed.new.push(at);
                self.epochs.insert(at, secret);
            }
        }
    }

    /// `None`: nothing here is for us. `Some(None)`: something is, but no right key came out of it.
    fn unwrap_epoch(
        &self,
        workspace: WorkspaceId,
        (group, number): (GroupId, u32),
        epoch: &Epoch,
        own: impl Fn(&WrapTarget) -> Option<SealSecret>,
    ) -> Option<Option<SealSecret>> {
        let mut addressed = false;
        for (target, sealed) in &epoch.wraps {
            let opener = own(target).or_else(|| match target {
                WrapTarget::Group { group, epoch } => self.secret(group, *epoch).cloned(),
                _ => None,
            });
            let Some(opener) = opener else { continue };
            addressed = true;
            let aad = epoch_aad(workspace, group, number, Some(*target));
            let secret = opener
                .open(Context::EPOCH_WRAP, &aad, sealed)
                .ok()
                .and_then(|bytes| Secret32::from_slice(&bytes))
                .map(SealSecret)
                .filter(|secret| fits(secret, workspace, (group, number), epoch));
            if secret.is_some() {
                return Some(secret);
            }
        }
        addressed.then_some(None)
    }
}

fn fits(secret: &SealSecret, workspace: WorkspaceId, (group, number): (GroupId, u32), epoch: &Epoch) -> bool {
    let aad = epoch_aad(workspace, group, number, None);
    secret.public() == epoch.public
        && secret.open(Context::EPOCH_CANARY, &aad, &epoch.canary).is_ok_and(|text| text.as_slice() == CANARY)
}
