//! Opaque ids. They carry no time, no place and no name, so that none can be read from one.

use crate::Entropy;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A text that is not the hex form of an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} hex digits (dashes allowed), found {found:?}")]
pub struct InvalidId {
    /// How many hex digits the id has.
    pub expected: usize,
    /// What was given.
    pub found: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Draws a random id.
            pub fn random(rng: &mut impl Entropy) -> Self {
                Self(rng.bytes())
            }

            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads raw bytes of exactly the right length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = || InvalidId { expected: 2 * $len, found: text.chars().take(80).collect() };
                let digits: Vec<u8> = text
                    .chars()
                    .filter(|c| *c != '-')
                    .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()).ok_or_else(invalid))
                    .collect::<Result<_, _>>()?;
                let bytes: Vec<u8> = digits.chunks(2).map(|d| d.iter().fold(0, |n, d| n << 4 | d)).collect();
                if digits.len() != 2 * $len {
                    return Err(invalid());
                }
                Self::from_slice(&bytes).ok_or_else(invalid)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(/// A workspace: random, drawn once.
    WorkspaceId, 16);
id!(/// A device: the first 16 bytes of SHA-256 over its Ed25519 and X25519 public keys.
    DeviceId, 16);
id!(/// One life of a device's logs: drawn at install, at restore, and when the stored head disagrees with a peer's.
    Incarnation, 8);
id!(/// A reader group. The fixed groups derive theirs from the workspace; a team's is random.
    GroupId, 8);
id!(/// A log: hash of workspace, device, incarnation and compartment.
    LogId, 16);
id!(/// SHA-256 of a segment's signed header.
    SegmentHash, 32);
id!(/// SHA-256 of a form's canonical definition.
    FormHash, 32);
id!(/// One filled form: a random UUIDv4.
    RecordId, 16);
id!(/// One Automerge document of a record. The shared part has the record's own id.
    PartId, 16);
id!(/// One repeat instance: a random UUIDv4.
    InstanceId, 16);

fn uuid_v4(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

impl RecordId {
    /// Draws a UUIDv4 (RFC 9562).
    pub fn new_v4(rng: &mut impl Entropy) -> Self {
        Self(uuid_v4(rng.bytes()))
    }

    /// The id of this record's shared part.
    pub fn shared_part(self) -> PartId {
        PartId(self.0)
    }

    /// The first eight hex digits: what people read to each other.
    pub fn short(self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl InstanceId {
    /// Draws a UUIDv4 (RFC 9562).
    pub fn new_v4(rng: &mut impl Entropy) -> Self {
        Self(uuid_v4(rng.bytes()))
    }
}
