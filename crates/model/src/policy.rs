//! Sensitivity, sharing, roles and the states of a record.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How much harm an answer can do in the wrong hands, per question (OCHA information-sensitivity levels).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// May be seen widely.
    #[n(0)]
    Low,
    /// The default.
    #[n(1)]
    #[default]
    Moderate,
    /// Places, media, sources.
    #[n(2)]
    High,
    /// Sealed to `hq-severe` when the record is finalised, and gone from the device.
    #[n(3)]
    Severe,
}

/// Who sees a record before headquarters does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Sharing {
    /// Only its author until finalised, then headquarters.
    #[n(0)]
    #[default]
    Private,
    /// Team members co-edit it and keep its shared part.
    #[n(1)]
    Team,
}

/// What a person does. Access follows from reader groups; the role chooses which groups and which face.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Community liaison interpreter: a member of `all`.
    #[n(0)]
    Interpreter,
    /// Joint Protection Team member: a member of `all` and one team.
    #[n(1)]
    TeamMember,
    /// Headquarters analyst: a member of `all` and `hq`.
    #[n(2)]
    Analyst,
    /// Headquarters protection officer: a member of `all`, `hq` and `hq-severe`.
    #[n(3)]
    ProtectionOfficer,
}

/// Which document of a record.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// Everything but severe answers.
    #[n(0)]
    Shared,
    /// The severe answers of one device and amendment.
    #[n(1)]
    Severe,
}

/// How far its author has taken a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum Status {
    /// Still being written.
    #[default]
    Draft,
    /// Finalised with every required answer given and no constraint violated.
    Complete,
    /// Handed over as incomplete.
    Incomplete {
        /// What the person gave as the reason.
        reason: String,
    },
}

impl Status {
    /// Whether the record was finalised, complete or not.
    pub fn is_finalised(&self) -> bool {
        !matches!(self, Status::Draft)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z, as the device's clock said. Clocks are wrong by years in the field:
/// never order by it where an order by cause exists.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Timestamp(#[n(0)] pub i64);

macro_rules! words {
    ($name:ident { $($word:literal => $value:ident),+ $(,)? }) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($name::$value => $word),+ })
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok($name::$value),)+
                    _ => Err([$($word),+].join(", ")),
                }
            }
        }
    };
}

words!(Sensitivity { "low" => Low, "moderate" => Moderate, "high" => High, "severe" => Severe });
words!(Sharing { "private" => Private, "team" => Team });
words!(PartKind { "shared" => Shared, "severe" => Severe });
words!(Role {
    "interpreter" => Interpreter,
    "team-member" => TeamMember,
    "analyst" => Analyst,
    "protection-officer" => ProtectionOfficer,
});
