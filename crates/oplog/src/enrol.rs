//! Enrolment with files alone: an invitation goes out, a request comes back, an approval answers it.
//!
//! - The **invitation** holds a one-time secret and the authority's key; whoever carries it can ask.
//! - The **request** is signed by the new device and sealed under a key derived from the secret, which also
//!   authenticates it (the AEAD's tag is the MAC). Only the approving side checks the expiry: a tablet's clock
//!   may be years off.
//! - The **approval** ([`crate::Approval`]) is signed by the officer in office and sealed to the new device.
//!
//! Both people compare [`crate::verification_words`] before the approval is made. Two requests for one
//! invitation carry the same [`InvitationId`]; holding both for a decision is the caller's part.

use crate::error::Malformed;
use crate::keys::DeviceSecret;
use crate::seal::{Secret32, aead_open, aead_seal};
use crate::text::{base32, unbase32};
use crate::wire::{self, hash, opaque};
use crate::{Context, DevicePublic, Roster, RosterError, Signature, VerifyKey};
use baraza_model::{DeviceId, Entropy, GroupId, Role, Timestamp, WorkspaceId};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

const VERSION: u8 = 1;
const MAX_INVITATION: usize = 2_048;
const MAX_REQUEST: usize = 4_096;
const MAX_URL: usize = 512;
const MAX_ALIAS: usize = 256;
const TEXT_PREFIX: &str = "BARAZA1:";

opaque!(/// An invitation.
    InvitationId, 16);

/// What a person who is to join is handed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Invitation {
    #[n(0)]
    version: u8,
    /// Its id.
    #[n(1)]
    pub id: InvitationId,
    /// Until when it may be used, by the approving side's clock.
    #[n(2)]
    pub expiry: Timestamp,
    /// What the person will do.
    #[n(3)]
    pub role: Role,
    /// The team to join.
    #[n(4)]
    pub team: Option<GroupId>,
    /// The workspace.
    #[n(5)]
    pub workspace: WorkspaceId,
    /// Its authority.
    #[n(6)]
    pub authority: VerifyKey,
    /// Where to hand over, if there is a hub.
    #[n(7)]
    pub hub: Option<HubAddress>,
    #[n(8)]
    secret: Secret32,
}

/// A hub and the key by which it is known.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HubAddress {
    /// Its address, at most 512 bytes.
    #[n(0)]
    pub url: String,
    /// Its pinned key.
    #[n(1)]
    pub pin: VerifyKey,
}

/// What a new device asks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Request {
    #[n(0)]
    version: u8,
    /// The invitation that it answers.
    #[n(1)]
    pub invitation: InvitationId,
    /// The device's keys.
    #[n(2)]
    pub device: DevicePublic,
    /// How the person wants to be called, at most 256 bytes.
    #[n(3)]
    pub alias: String,
}

/// Why enrolment was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// Not such a file, or a mistyped text.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The invitation is no longer valid.
    #[error("the invitation has expired")]
    Expired,
    /// The file answers another invitation.
    #[error("the file belongs to another invitation")]
    WrongInvitation,
    /// Made without the invitation's secret, or changed on the way.
    #[error("the request was not made with this invitation")]
    WrongSecret,
    /// The device's, or the officer's, signature does not hold.
    #[error("the signature does not hold")]
    BadSignature,
    /// Sealed to another device, or changed on the way.
    #[error("the approval is not for this device")]
    WrongDevice,
    /// Of another workspace or authority than the invitation's.
    #[error("the approval is of another workspace")]
    WrongWorkspace,
    /// The transport key is not the workspace's.
    #[error("the transport key is not the workspace's")]
    WrongTransportKey,
    /// The roster does not know the device (yet), or has revoked it.
    #[error("device {0} is not in the roster")]
    NotInRoster(DeviceId),
    /// The roster does not hold.
    #[error(transparent)]
    Roster(#[from] RosterError),
}

impl EnrolError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            EnrolError::Malformed(e) => e.code(),
            EnrolError::Expired => "enrol.expired",
            EnrolError::WrongInvitation => "enrol.wrong_invitation",
            EnrolError::WrongSecret => "enrol.wrong_secret",
            EnrolError::BadSignature => "enrol.bad_signature",
            EnrolError::WrongDevice => "enrol.wrong_device",
            EnrolError::WrongWorkspace => "enrol.wrong_workspace",
            EnrolError::WrongTransportKey => "enrol.wrong_transport_key",
            EnrolError::NotInRoster(_) => "enrol.not_in_roster",
            EnrolError::Roster(e) => e.code(),
        }
    }
}

impl Invitation {
    /// Makes an invitation with a fresh id and secret.
    pub fn new(
        roster: &Roster,
        role: Role,
        team: Option<GroupId>,
        hub: Option<HubAddress>,
        expiry: Timestamp,
        rng: &mut impl Entropy,
    ) -> Self {
        Self {
            version: VERSION,
            id: InvitationId(rng.bytes()),
            expiry,
            role,
            team,
            workspace: roster.workspace(),
            authority: roster.authority(),
            hub,
            secret: Secret32::random(rng),
        }
    }

    /// The file's bytes. They hold the secret.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a file.
    pub fn decode(bytes: &[u8]) -> Result<Self, EnrolError> {
        let invitation: Self = wire::decode(bytes, MAX_INVITATION)?;
        wire::version(invitation.version, VERSION)?;
        wire::limit("address bytes", invitation.hub.as_ref().map_or(0, |hub| hub.url.len()), MAX_URL)?;
        Ok(invitation)
    }

    /// The invitation as a text to type, read out or draw as a QR code: capitals and digits, with a checksum.
    pub fn to_text(&self) -> String {
        let mut bytes = self.encode();
        bytes.extend_from_slice(&checksum(&bytes));
        format!("{TEXT_PREFIX}{}", base32(&bytes))
    }

    /// Reads [`Self::to_text`]; case, spaces, line breaks and dashes do not matter, and O, I and L are understood.
    pub fn from_text(text: &str) -> Result<Self, EnrolError> {
        let wrong = EnrolError::Malformed(Malformed::Text);
        let text: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(2 * MAX_INVITATION).collect();
        let digits = text.get(..TEXT_PREFIX.len()).filter(|p| p.eq_ignore_ascii_case(TEXT_PREFIX));
        let digits = digits.and_then(|_| text.get(TEXT_PREFIX.len()..)).ok_or(wrong.clone())?;
        let bytes = unbase32(digits).ok_or(wrong.clone())?;
        match bytes.split_last_chunk::<4>() {
            Some((bytes, sum)) if *sum == checksum(bytes) => Self::decode(bytes),
            _ => Err(wrong),
        }
    }

    /// A key for this invitation's request and no other.
    fn request_key(&self) -> Secret32 {
        self.secret.derive(Context::REQUEST_KEY, &self.id.0)
    }
}

#[derive(Encode, Decode)]
struct SealedRequest {
    #[n(0)]
    version: u8,
    #[n(1)]
    invitation: InvitationId,
    #[n(2)]
    sealed: ByteVec,
}

#[derive(Encode, Decode)]
pub(crate) struct Signed {
    #[n(0)]
    pub(crate) body: ByteVec,
    #[n(1)]
    pub(crate) signature: Signature,
}

impl Request {
    /// Asks to join.
    pub fn make(
        invitation: &Invitation,
        device: &DeviceSecret,
        alias: &str,
        rng: &mut impl Entropy,
    ) -> Result<Vec<u8>, EnrolError> {
        wire::limit("alias bytes", alias.len(), MAX_ALIAS)?;
        let request = Self {
            version: VERSION,
            invitation: invitation.id,
            device: device.public(),
            alias: alias.to_owned(),
        };
        let body = wire::encode(&request);
        let signature = device.sign(Context::REQUEST_SIGNATURE, &request_message(invitation, &body));
        let signed = wire::encode(&Signed { body: body.into(), signature });
        let sealed = aead_seal(&invitation.request_key(), &invitation.id.0, &signed, rng).into();
        Ok(wire::encode(&SealedRequest { version: VERSION, invitation: invitation.id, sealed }))
    }

    /// Which invitation a request answers, before it is opened.
    pub fn invitation_of(file: &[u8]) -> Result<InvitationId, EnrolError> {
        Ok(Self::read(file)?.invitation)
    }

    /// Opens a request on the approving side.
    pub fn open(file: &[u8], invitation: &Invitation, now: Timestamp) -> Result<Self, EnrolError> {
        let file = Self::read(file)?;
        if file.invitation != invitation.id {
            return Err(EnrolError::WrongInvitation);
        }
        if now > invitation.expiry {
            return Err(EnrolError::Expired);
        }
        let signed = aead_open(&invitation.request_key(), &invitation.id.0, &file.sealed);
        let Signed { body, signature } =
            wire::decode(&signed.map_err(|_| EnrolError::WrongSecret)?, MAX_REQUEST)?;
        let request: Self = wire::decode(&body, MAX_REQUEST)?;
        wire::version(request.version, VERSION)?;
        wire::limit("alias bytes", request.alias.len(), MAX_ALIAS)?;
        if request.invitation != invitation.id {
            return Err(EnrolError::WrongInvitation);
        }
        let message = request_message(invitation, &body);
        let holds = request.device.sign.verify(Context::REQUEST_SIGNATURE, &message, &signature);
        holds.map_err(|_| EnrolError::BadSignature)?;
        Ok(request)
    }

    fn read(file: &[u8]) -> Result<SealedRequest, Malformed> {
        let file: SealedRequest = wire::decode(file, MAX_REQUEST)?;
        wire::version(file.version, VERSION)?;
        Ok(file)
    }
}

/// The request is bound to the workspace and authority that the device was told of.
fn request_message(invitation: &Invitation, body: &[u8]) -> Vec<u8> {
    [&invitation.workspace.0, &invitation.authority.0[..], body].concat()
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    wire::truncate(hash(Context::INVITATION_CHECK, &[bytes]))
}
