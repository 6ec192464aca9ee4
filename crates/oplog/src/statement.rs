//! Roster statements: what the authority and its officers say, one at a time, each naming the one before.

use crate::error::Malformed;
use crate::keys::{AuthoritySecret, BadSignature, OfficerSecret};
use crate::wire::{self, hash, opaque};
use crate::{Context, DevicePublic, SealKey, Signature, TransportKeyId, VerifyKey};
use baraza_model::{DeviceId, FormHash, GroupId, LogId, SegmentHash, WorkspaceId};
use minicbor::{Decode, Encode};

/// The longest statement, in bytes.
pub(crate) const MAX_STATEMENT: usize = 4 << 20;
const MAX_WRAPS: usize = 16_384;
const MAX_CUTS: usize = 16_384;
const MAX_SEALED_KEY: usize = 2_048;
const VERSION: u8 = 1;

opaque!(/// SHA-256 of a statement's body.
    StatementHash, 32);

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Statement {
    /// Version of this encoding: 1.
    #[n(0)]
    pub encoding: u8,
    /// The workspace it speaks of.
    #[n(1)]
    pub workspace: WorkspaceId,
    /// Its place in the roster, from 1.
    #[n(2)]
    pub version: u64,
    /// The statement before it; `None` for the founding only.
    #[n(3)]
    pub previous: Option<StatementHash>,
    /// The term in which it is made: 0 for the founding, the new term for an appointment.
    #[n(4)]
    pub term: u32,
    /// What it says.
    #[n(5)]
    pub action: Action,
}

/// What a statement says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Action {
    /// By the authority: the workspace begins.
    #[n(0)]
    Found {
        /// The authority's key.
        #[n(0)]
        authority: VerifyKey,
        /// The transport key's name.
        #[n(1)]
        transport: TransportKeyId,
        /// The recovery key, a permanent member of every group.
        #[n(2)]
        recovery: Option<SealKey>,
    },
    /// By the authority: a new term. The statement before it is the last one that stays accepted.
    #[n(1)]
    AppointOfficer {
        /// The officer's key.
        #[n(0)]
        officer: VerifyKey,
    },
    /// A device is known from now on.
    #[n(2)]
    AddDevice {
        /// Its keys.
        #[n(0)]
        device: DevicePublic,
    },
    /// A member joins a group or leaves it. A group begins with its first member or its first epoch.
    #[n(3)]
    SetMember {
        /// Which group.
        #[n(0)]
        group: GroupId,
        /// Which member.
        #[n(1)]
        member: Member,
        /// Whether it is a member from now on.
        #[n(2)]
        present: bool,
    },
    /// A group's next epoch.
    #[n(4)]
    Epoch {
        /// Which group.
        #[n(0)]
        group: GroupId,
        /// Its number: one more than the epoch before; the first is 1.
        #[n(1)]
        number: u32,
        /// The epoch's public key.
        #[n(2)]
        public: SealKey,
        /// A known text sealed to the public key, by which a member checks the private half it was given.
        #[n(3)]
        #[cbor(with = "minicbor::bytes")]
        canary: Vec<u8>,
        /// The private half, sealed to the members.
        #[cbor(n(4), decode_with = "wire::list::<_, _, MAX_WRAPS>")]
        wraps: Vec<EpochWrap>,
    },
    /// Private halves of epochs that exist, for a member that came later.
    #[n(5)]
    ShareEpochs {
        /// Which group.
        #[n(0)]
        group: GroupId,
        /// Which epochs, sealed to whom.
        #[cbor(n(1), decode_with = "wire::list::<_, _, MAX_WRAPS>")]
        wraps: Vec<EpochWrap>,
    },
    /// A form may be used.
    #[n(6)]
    PublishForm {
        /// Its hash.
        #[n(0)]
        form: FormHash,
    },
    /// A hub is known by this pinned key.
    #[n(7)]
    AddHub {
        /// The key.
        #[n(0)]
        key: VerifyKey,
    },
    /// A device is no longer trusted.
    #[n(8)]
    Revoke {
        /// Which device.
        #[n(0)]
        device: DeviceId,
        /// The last trusted segment of each of its logs. A log that is not named is cut at zero.
        #[cbor(n(1), decode_with = "wire::list::<_, _, MAX_CUTS>")]
        cuts: Vec<Cut>,
    },
}

/// A member of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Member {
    /// A device.
    #[n(0)]
    Device(#[n(0)] DeviceId),
    /// Whoever is a member of another group.
    #[n(1)]
    Group(#[n(0)] GroupId),
}

/// To whom the private half of an epoch is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum WrapTarget {
    /// A device's seal key.
    #[n(0)]
    Device(#[n(0)] DeviceId),
    /// A member group's epoch.
    #[n(1)]
    Group {
        /// Which group.
        #[n(0)]
        group: GroupId,
        /// Which epoch of it.
        #[n(1)]
        epoch: u32,
    },
    /// The recovery key.
    #[n(2)]
    Recovery,
}

/// The private half of an epoch, sealed to one target.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EpochWrap {
    /// Number of the epoch.
    #[n(0)]
    pub epoch: u32,
    /// To whom.
    #[n(1)]
    pub target: WrapTarget,
    /// The sealed private half.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// The last segment of a log that is still trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Cut {
    /// Which log.
    #[n(0)]
    pub log: LogId,
    /// Number of the segment.
    #[n(1)]
    pub seq: u64,
    /// Its hash.
    #[n(2)]
    pub hash: SegmentHash,
}

/// A statement with the signature of whoever may make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    body: Vec<u8>,
    signature: Signature,
    statement: Statement,
    hash: StatementHash,
}

#[derive(Encode, Decode)]
struct Wire {
    #[n(0)]
    encoding: u8,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    body: Vec<u8>,
    #[n(2)]
    signature: Signature,
}

impl Statement {
    fn check(&self) -> Result<(), Malformed> {
        wire::version(self.encoding, VERSION)?;
        let wraps = match &self.action {
            Action::Epoch { wraps, canary, .. } => {
                wire::limit("canary bytes", canary.len(), MAX_SEALED_KEY)?;
                wraps
            }
            Action::ShareEpochs { wraps, .. } => wraps,
            _ => return Ok(()),
        };
        wraps.iter().try_for_each(|wrap| wire::limit("wrap bytes", wrap.sealed.len(), MAX_SEALED_KEY))
    }

    fn signed(self, sign: impl FnOnce(&[u8]) -> Signature) -> Result<SignedStatement, Malformed> {
        self.check()?;
        let body = wire::encode(&self);
        wire::limit("statement bytes", body.len(), MAX_STATEMENT)?;
        let signature = sign(&body);
        let hash = StatementHash(hash(Context::STATEMENT_HASH, &[&body]));
        Ok(SignedStatement { body, signature, statement: self, hash })
    }

    pub(crate) fn by_authority(self, key: &AuthoritySecret) -> Result<SignedStatement, Malformed> {
        self.signed(|body| key.sign(Context::STATEMENT_BY_AUTHORITY, body))
    }

    pub(crate) fn by_officer(self, key: &OfficerSecret) -> Result<SignedStatement, Malformed> {
        self.signed(|body| key.sign(Context::STATEMENT_BY_OFFICER, body))
    }
}

impl SignedStatement {
    /// Reads a statement. Its signature is checked when a roster applies it.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let Wire { encoding, body, signature } = wire::decode(bytes, MAX_STATEMENT + 128)?;
        wire::version(encoding, VERSION)?;
        let statement: Statement = wire::decode(&body, MAX_STATEMENT)?;
        statement.check()?;
        let hash = StatementHash(hash(Context::STATEMENT_HASH, &[&body]));
        Ok(Self { body, signature, statement, hash })
    }

    /// The bytes that [`Self::decode`] reads.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(&Wire { encoding: VERSION, body: self.body.clone(), signature: self.signature })
    }

    /// What it says.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The hash that the next statement names.
    pub fn hash(&self) -> StatementHash {
        self.hash
    }

    pub(crate) fn verify(&self, context: Context, key: &VerifyKey) -> Result<(), BadSignature> {
        key.verify(context, &self.body, &self.signature)
    }
}

/// Statements travel in lists as byte strings of their own encoding.
impl<C> Encode<C> for SignedStatement {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&SignedStatement::encode(self))?.ok()
    }
}

impl<'b, C> Decode<'b, C> for SignedStatement {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        SignedStatement::decode(d.bytes()?).map_err(minicbor::decode::Error::custom)
    }
}
