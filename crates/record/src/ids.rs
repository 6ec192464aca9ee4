//! Who wrote a change, and which change.
//!
//! An Automerge actor is 16 bytes: eight derived from the record and the signing device's incarnation, so that a
//! signed change cannot be moved to another record or pass as another device's, and eight drawn at each unlock, so
//! that a restored backup cannot continue a sequence that it has forgotten.

use baraza_model::{DeviceId, Entropy, Incarnation, RecordId};
use minicbor::{Decode, Encode};
use ring::digest::{Context, SHA256};
use std::fmt;

const ACTOR_CONTEXT: &[u8] = b"baraza record actor v1";
const BRANCH_CONTEXT: &[u8] = b"baraza record actor branch v1";

/// The half of an actor that names record, device and incarnation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ActorPrefix(#[cbor(with = "minicbor::bytes")] pub [u8; 8]);

/// One change of a part. Opaque, and secret: it must not be seen outside ciphertext.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ChangeId(#[cbor(with = "minicbor::bytes")] pub [u8; 32]);

/// The changes that nothing known follows: "what the person saw". Sorted, without repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Heads(#[n(0)] pub Vec<ChangeId>);

/// Writes changes: one per record and unlock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    prefix: ActorPrefix,
    suffix: [u8; 8],
}

/// The first eight bytes of every actor of this device and incarnation in this record.
pub fn actor_prefix(record: RecordId, device: DeviceId, incarnation: Incarnation) -> ActorPrefix {
    ActorPrefix(digest8(&[ACTOR_CONTEXT, record.as_bytes(), device.as_bytes(), incarnation.as_bytes()]))
}

impl Actor {
    /// Draws the actor of one unlock.
    pub fn new(record: RecordId, device: DeviceId, incarnation: Incarnation, rng: &mut impl Entropy) -> Self {
        Self { prefix: actor_prefix(record, device, incarnation), suffix: rng.bytes() }
    }

    /// The half that names record, device and incarnation.
    pub fn prefix(&self) -> ActorPrefix {
        self.prefix
    }

    pub(crate) fn bytes(&self) -> [u8; 16] {
        let mut out = [0; 16];
        let (head, tail) = out.split_at_mut(8);
        head.copy_from_slice(&self.prefix.0);
        tail.copy_from_slice(&self.suffix);
        out
    }

    /// The `n`th other actor of this unlock. An actor's changes must form a chain, so an edit at heads that do not
    /// include the actor's own latest change is written by a branch of it.
    pub(crate) fn branch(&self, n: u32) -> Self {
        Self { prefix: self.prefix, suffix: digest8(&[BRANCH_CONTEXT, &self.bytes(), &n.to_be_bytes()]) }
    }
}

impl Heads {
    /// Sorts and removes repeats.
    pub fn of(ids: impl IntoIterator<Item = ChangeId>) -> Self {
        let set: std::collections::BTreeSet<ChangeId> = ids.into_iter().collect();
        Self(set.into_iter().collect())
    }
}

fn digest8(parts: &[&[u8]]) -> [u8; 8] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 8];
    for (to, from) in out.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    out
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChangeId({self})")
    }
}

impl fmt::Display for ActorPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
