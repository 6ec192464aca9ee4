//! Invitations that are out, and the requests that answer them, looked at before anybody is approved.

use crate::enrol::words;
use crate::identity::row;
use crate::{Device, Error, Paper, Result, directory};
use baraza_model::{DeviceId, GroupId, Role, Timestamp};
use baraza_oplog::{Invitation, InvitationId, Request, verification_words};
use baraza_vault::Reader;
use minicbor::{Decode, Encode};

/// What a request asks, before anybody says yes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Asked {
    /// How the person wants to be called.
    pub alias: String,
    /// What the invitation lets the person do.
    pub role: Role,
    /// The team that the invitation is for.
    pub team: Option<String>,
    /// The words that both people compare.
    pub words: Vec<String>,
    /// The device that asks.
    pub device: DeviceId,
    /// Until when the invitation is good.
    pub expires: Timestamp,
}

/// An invitation that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Invited {
    /// Its id.
    pub id: String,
    /// What it lets the person do.
    pub role: Role,
    /// The team that it is for.
    pub team: Option<String>,
    /// Until when it is good.
    pub expires: Timestamp,
    /// Whether a device was approved on it.
    pub answered: bool,
}

/// An invitation that was handed out, and who has answered it.
#[derive(Encode, Decode)]
pub(crate) struct Issued {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub(crate) invitation: Vec<u8>,
    #[n(1)]
    pub(crate) answered_by: Option<DeviceId>,
}

impl Device {
    /// What a request asks, and the words to compare with the person who made it. Nobody is approved by looking.
    ///
    /// # Errors
    /// As [`Device::approve`].
    pub fn examine(&mut self, request: &[u8]) -> Result<Asked> {
        if self.me.author.is_none() {
            return Err(Error::NotOfficer);
        }
        let request = Paper::Request.read(request)?;
        let (_, invitation, request) = self.read(|r| Issued::open(r, &request, self.world.now()))?;
        Ok(Asked {
            words: words(verification_words(&invitation.authority, &request.device)),
            device: request.device.id(),
            alias: request.alias,
            role: invitation.role,
            team: self.team_called(invitation.team),
            expires: invitation.expiry,
        })
    }

    /// The invitations that were handed out and not withdrawn, those that end last first.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn invitations(&self) -> Result<Vec<Invited>> {
        let kept = self.read(|r| Ok(r.meta_with_prefix(row::INVITATION)?))?;
        let mut invited = Vec::new();
        for (_, bytes) in kept {
            let issued = Issued::decode(&bytes)?;
            let invitation = Invitation::decode(&issued.invitation)?;
            invited.push(Invited {
                id: invitation.id.to_string(),
                role: invitation.role,
                team: self.team_called(invitation.team),
                expires: invitation.expiry,
                answered: issued.answered_by.is_some(),
            });
        }
        invited.sort_by(|a, b| b.expires.cmp(&a.expires).then_with(|| a.id.cmp(&b.id)));
        Ok(invited)
    }

    /// Withdraws an invitation: no request answers it from now on. A device that was approved on it stays a member.
    ///
    /// # Errors
    /// When this is not the officer's device, or there is no such invitation.
    pub fn withdraw_invitation(&mut self, id: &str) -> Result<()> {
        self.write(|tx, me, _| {
            me.author.as_ref().ok_or(Error::NotOfficer)?;
            let key = format!("{}{id}", row::INVITATION);
            tx.meta(&key)?.ok_or(Error::UnknownInvitation)?;
            Ok(tx.remove_meta(&key)?)
        })
    }

    fn team_called(&self, team: Option<GroupId>) -> Option<String> {
        directory::team_name(&self.me.membership.as_ref()?.directory, &team?)
    }
}

impl Issued {
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        minicbor::decode(bytes).map_err(|e| Error::Damaged("invitation", e.to_string()))
    }

    /// The invitation that a request answers, and the request, verified.
    pub(crate) fn open(
        r: &Reader<'_>,
        request: &[u8],
        now: Timestamp,
    ) -> Result<(Self, Invitation, Request)> {
        let key = issued_key(&Request::invitation_of(request)?);
        let issued = Self::decode(&r.meta(&key)?.ok_or(Error::UnknownInvitation)?)?;
        let invitation = Invitation::decode(&issued.invitation)?;
        let request = Request::open(request, &invitation, now)?;
        if issued.answered_by.is_some_and(|first| first != request.device.id()) {
            return Err(Error::InvitationUsedTwice { invitation: invitation.id.to_string() });
        }
        Ok((issued, invitation, request))
    }
}

pub(crate) fn issued_key(id: &InvitationId) -> String {
    format!("{}{id}", row::INVITATION)
}
