//! Members and devices.

use super::{Desk, papers};
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{Device, Invited, Member, Paper as Kind};
use baraza_model::Role;

const ROLES: [(Role, &str); 4] = [
    (Role::Interpreter, "interpreter"),
    (Role::TeamMember, "team-member"),
    (Role::Analyst, "analyst"),
    (Role::ProtectionOfficer, "protection-officer"),
];

/// No team's name is longer, in bytes.
const LONGEST_TEAM: usize = 60;

impl Desk {
    pub(crate) fn members(&self) -> Result<MembersView> {
        everybody(self.lock_open().joined()?)
    }

    pub(crate) fn invite(&self, role: String, team: Option<String>, hub: bool) -> Result<PaperView> {
        let role = ROLES.iter().find(|(_, word)| *word == role).map(|(role, _)| *role);
        let role = role.ok_or_else(|| Problem::new("call.arguments"))?;
        let team = team.map(|team| team.trim().to_owned()).filter(|team| !team.is_empty());
        if team.as_ref().is_some_and(|team| team.len() > LONGEST_TEAM) {
            return Err(Problem::new("name.too-long").with("limit", LONGEST_TEAM));
        }
        let mut open = self.lock_open();
        let device = open.joined()?;
        let hub = match hub {
            true => {
                let url = device.hub_url()?.ok_or_else(|| Problem::new("hub.none"))?;
                Some(device.hub_address(&url, None)?)
            }
            false => None,
        };
        let invitation = device.invite(role, team.as_deref(), hub)?;
        papers::view(Kind::Invitation, &invitation, team.as_deref(), Vec::new())
    }

    pub(crate) fn withdraw(&self, id: String) -> Result<MembersView> {
        let mut open = self.lock_open();
        let device = open.joined()?;
        device.withdraw_invitation(&id)?;
        everybody(device)
    }

    pub(crate) fn examine(&self, request: Paper) -> Result<AskedView> {
        let request = self.paper(request)?;
        let asked = self.lock_open().joined()?.examine(&request)?;
        Ok(AskedView {
            alias: asked.alias,
            role: word(asked.role),
            team: asked.team,
            words: asked.words,
            expires: asked.expires.0,
        })
    }

    pub(crate) fn approve(&self, request: Paper) -> Result<PaperView> {
        let request = self.paper(request)?;
        let approved = self.lock_open().joined()?.approve(&request)?;
        papers::view(Kind::Approval, &approved.approval, None, approved.words)
    }

    pub(crate) fn revoke(&self, alias: String) -> Result<MembersView> {
        let mut open = self.lock_open();
        let device = open.joined()?;
        if device.standing().alias == alias {
            return Err(Problem::new("member.this-device"));
        }
        device.revoke(&alias)?;
        everybody(device)
    }
}

/// The stable word of a role.
pub(super) fn word(role: Role) -> String {
    ROLES.iter().find(|(known, _)| *known == role).map_or("", |(_, word)| word).to_owned()
}

fn everybody(device: &Device) -> Result<MembersView> {
    Ok(MembersView {
        members: device.members()?.into_iter().map(member).collect(),
        invitations: device.invitations()?.into_iter().map(invitation).collect(),
        teams: device.teams(),
        officer: device.standing().officer,
        hub: device.hub_url()?.is_some(),
    })
}

fn member(member: Member) -> MemberRow {
    MemberRow {
        device: member.device.to_string(),
        alias: member.alias,
        role: member.role.map(word),
        groups: member.groups,
        revoked: member.revoked,
        mine: member.me,
        last_seen: member.last_seen.map(|at| at.0),
    }
}

fn invitation(invited: Invited) -> InvitationRow {
    InvitationRow {
        id: invited.id,
        role: word(invited.role),
        team: invited.team,
        expires: invited.expires.0,
        answered: invited.answered,
    }
}
