//! The approval: what a new device is given, signed by the officer in office and sealed to the device alone.
//!
//! Invariant: what comes out of [`Approval::open`] belongs to the invitation's workspace and authority, its roster
//! knows the device, and the roster's officer vouches for the transport key and the directory.

use crate::author::Author;
use crate::enrol::{EnrolError, Invitation, InvitationId, Request, Signed};
use crate::founding::{MAX_FILE, WorkspaceFile};
use crate::keys::{DeviceSecret, TransportKey};
use crate::seal::Secret32;
use crate::{Context, Roster, wire};
use baraza_model::{DeviceId, Entropy};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

const VERSION: u8 = 1;
const MAX_APPROVAL: usize = MAX_FILE + (2 << 20);
const MAX_DIRECTORY: usize = 1 << 20;

/// What a new device is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The workspace's public side, with the device in its roster.
    pub workspace: WorkspaceFile,
    /// The key of bundles.
    pub transport: TransportKey,
    /// The directory, as a frame of [`crate::Codec`].
    pub directory: Vec<u8>,
}

#[derive(Encode, Decode)]
struct ApprovalBody {
    #[n(0)]
    version: u8,
    #[n(1)]
    invitation: InvitationId,
    #[n(2)]
    device: DeviceId,
    #[n(3)]
    workspace: WorkspaceFile,
    #[n(4)]
    transport: Secret32,
    #[n(5)]
    directory: ByteVec,
}

#[derive(Encode, Decode)]
struct SealedApproval {
    #[n(0)]
    version: u8,
    #[n(1)]
    invitation: InvitationId,
    #[n(2)]
    sealed: ByteVec,
}

impl Approval {
    /// Signs and seals the approval of a request whose device is in the roster already.
    pub fn make(
        author: &Author,
        roster: &Roster,
        request: &Request,
        transport: &TransportKey,
        directory: &[u8],
        rng: &mut impl Entropy,
    ) -> Result<Vec<u8>, EnrolError> {
        let device = request.device.id();
        if roster.groups_of(&device).is_empty() {
            return Err(EnrolError::NotInRoster(device));
        }
        if transport.id() != roster.transport_key_id() {
            return Err(EnrolError::WrongTransportKey);
        }
        wire::limit("directory bytes", directory.len(), MAX_DIRECTORY)?;
        let invitation = request.invitation;
        let body = wire::encode(&ApprovalBody {
            version: VERSION,
            invitation,
            device,
            workspace: WorkspaceFile::of(roster),
            transport: transport.0.clone(),
            directory: directory.to_vec().into(),
        });
        let signature = author.officer.sign(Context::APPROVAL_SIGNATURE, &body);
        let signed = wire::encode(&Signed { body: body.into(), signature });
        let sealed = request.device.seal.seal(Context::APPROVAL_SEAL, &invitation.0, &signed, rng);
        let sealed = sealed.map_err(|_| EnrolError::WrongDevice)?.into();
        Ok(wire::encode(&SealedApproval { version: VERSION, invitation, sealed }))
    }

    /// Opens and checks an approval on the new device: the roster is of the invitation's workspace and
    /// authority, knows the device, and its officer signed the rest.
    pub fn open(
        file: &[u8],
        invitation: &Invitation,
        device: &DeviceSecret,
    ) -> Result<(Roster, Self), EnrolError> {
        let file: SealedApproval = wire::decode(file, MAX_APPROVAL)?;
        wire::version(file.version, VERSION)?;
        if file.invitation != invitation.id {
            return Err(EnrolError::WrongInvitation);
        }
        let signed = device.seal_secret().open(Context::APPROVAL_SEAL, &invitation.id.0, &file.sealed);
        let Signed { body, signature } =
            wire::decode(&signed.map_err(|_| EnrolError::WrongDevice)?, MAX_APPROVAL)?;
        let approved: ApprovalBody = wire::decode(&body, MAX_APPROVAL)?;
        wire::version(approved.version, VERSION)?;
        let id = device.public().id();
        if approved.invitation != invitation.id {
            return Err(EnrolError::WrongInvitation);
        }
        if approved.device != id {
            return Err(EnrolError::WrongDevice);
        }
        let ApprovalBody { workspace, transport, directory, .. } = approved;
        if workspace.workspace != invitation.workspace || workspace.authority != invitation.authority {
            return Err(EnrolError::WrongWorkspace);
        }
        let roster = workspace.roster()?;
        let officer = roster.officer().ok_or(EnrolError::BadSignature)?;
        let holds = officer.verify(Context::APPROVAL_SIGNATURE, &body, &signature);
        holds.map_err(|_| EnrolError::BadSignature)?;
        if roster.groups_of(&id).is_empty() {
            return Err(EnrolError::NotInRoster(id));
        }
        let transport = TransportKey(transport);
        if transport.id() != roster.transport_key_id() {
            return Err(EnrolError::WrongTransportKey);
        }
        Ok((roster, Self { workspace, transport, directory: directory.into() }))
    }
}
