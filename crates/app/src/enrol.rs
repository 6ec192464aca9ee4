//! How a device becomes a member, by files alone: invitation → request → approval.

use crate::device::Device;
use crate::identity::{Membership, row};
use crate::invitations::{Issued, issued_key};
use crate::{Error, Paper, Result, World, directory};
use baraza_model::{DeviceId, GroupId, LogId, Role, Timestamp};
use baraza_oplog::{
    Approval, Cut, HubAddress, Invitation, Keyring, Payload, Request, Segment, verification_words,
};
use baraza_vault::{Reader, Tx};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::path::Path;

/// How long an invitation is good for, unless said otherwise.
const INVITATION_DAYS: i64 = 14;
const DAY_MS: i64 = 86_400_000;

/// What a joining device shows and sends.
#[derive(Debug)]
pub struct JoinRequest {
    /// The request file, for the officer.
    pub request: Vec<u8>,
    /// The words that both people compare.
    pub words: Vec<String>,
}

/// What approving gives.
#[derive(Debug)]
pub struct Approved {
    /// The approval file, sealed to the device.
    pub approval: Vec<u8>,
    /// What the new member is called.
    pub alias: String,
    /// The words that both people compare.
    pub words: Vec<String>,
}

/// A member of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Member {
    /// The device.
    pub device: DeviceId,
    /// What it is called.
    pub alias: String,
    /// Its role.
    pub role: Option<Role>,
    /// Names of the reader groups it belongs to.
    pub groups: Vec<String>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Whether it is this device.
    pub me: bool,
    /// When something that it signed last came here (by this device's clock), as far as was noted.
    pub last_seen: Option<Timestamp>,
}

impl Device {
    /// Writes an invitation for one device. A team that does not exist yet is made.
    ///
    /// # Errors
    /// When this is not the officer's device, or a team member's invitation names no team.
    pub fn invite(&mut self, role: Role, team: Option<&str>, hub: Option<HubAddress>) -> Result<Vec<u8>> {
        if role == Role::TeamMember && team.is_none() {
            return Err(Error::TeamMissing);
        }
        let now = self.world.now();
        self.write(|tx, me, world| {
            let mut author = me.author.take().ok_or(Error::NotOfficer)?;
            let made = (|| {
                let member = me.member_mut()?;
                let team = match team {
                    None => None,
                    Some(name) => Some(match directory::team(&member.directory, name) {
                        Some(known) => known,
                        None => {
                            let (group, _) = author.create_team(&mut member.roster, world)?;
                            directory::name_team(&mut member.directory, now, group, name);
                            group
                        }
                    }),
                };
                let expiry = Timestamp(now.0 + INVITATION_DAYS * DAY_MS);
                Ok::<_, Error>(Invitation::new(&member.roster, role, team, hub, expiry, world))
            })();
            me.author = Some(author);
            let invitation = made?;
            let issued = Issued { invitation: invitation.encode(), answered_by: None };
            tx.put_meta(&issued_key(&invitation.id), &crate::records::encode(&issued))?;
            me.store_membership(tx)?;
            Ok(invitation.encode())
        })
    }

    /// Makes a vault in `folder` and a request that answers an invitation.
    ///
    /// # Errors
    /// When the folder already holds a vault, or the invitation cannot be read.
    pub fn join(
        folder: &Path,
        invitation: &[u8],
        alias: &str,
        passphrase: &SecretString,
        world: World,
    ) -> Result<(Device, JoinRequest)> {
        let parsed = Invitation::decode(&Paper::Invitation.read(invitation)?)?;
        let mut device = Device::create(folder, passphrase, alias, world)?;
        let Device { vault, me, world, .. } = &mut device;
        let request = Request::make(&parsed, &me.secret, alias, world)?;
        vault.write(|tx| {
            tx.put_meta(row::OWN_INVITATION, &parsed.encode())?;
            Ok::<_, Error>(tx.put_meta(row::OWN_REQUEST, &request)?)
        })?;
        let words = words(verification_words(&parsed.authority, &me.public()));
        Ok((device, JoinRequest { request, words }))
    }

    /// Approves a request: adds the device to the roster and to its groups, and seals the approval to it.
    ///
    /// # Errors
    /// When the request answers no open invitation, has expired, was altered, or is the second for its invitation.
    pub fn approve(&mut self, request: &[u8]) -> Result<Approved> {
        let now = self.world.now();
        let request = Paper::Request.read(request)?;
        self.write(|tx, me, world| {
            let (mut issued, invitation, request) = Issued::open(tx, &request, now)?;
            let joining = request.device.id();
            let key = issued_key(&invitation.id);
            let mut author = me.author.take().ok_or(Error::NotOfficer)?;
            let sealed = me.admit(&mut author, &invitation, &request, world);
            me.author = Some(author);
            let approval = sealed?;
            issued.answered_by = Some(joining);
            tx.put_meta(&key, &crate::records::encode(&issued))?;
            me.store_membership(tx)?;
            let names = Payload::Directory(me.member()?.directory.clone());
            me.seal(tx, world, &me.everyone()?, &names, None)?;
            let words = words(verification_words(&invitation.authority, &request.device));
            Ok(Approved { approval, alias: request.alias, words })
        })
    }

    /// Takes the approval: roster, keys, names. From here on the device belongs to the workspace.
    ///
    /// # Errors
    /// When the approval is for another device or another invitation, or was altered.
    pub fn finish(&mut self, approval: &[u8]) -> Result<()> {
        if self.me.membership.is_some() {
            return Err(Error::AlreadyJoined);
        }
        let approval = Paper::Approval.read(approval)?;
        self.write(|tx, me, _| {
            let invitation = tx.meta(row::OWN_INVITATION)?.ok_or(Error::UnknownInvitation)?;
            let invitation = Invitation::decode(&invitation)?;
            let (roster, approval) = Approval::open(&approval, &invitation, &me.secret)?;
            let directory = me.read_directory(&approval.directory)?;
            let mut keyring = Keyring::new();
            keyring.absorb(&roster, &me.secret);
            me.membership = Some(Membership { roster, keyring, transport: approval.transport, directory });
            me.learn_names();
            me.store_membership(tx)?;
            if let Some(hub) = &invitation.hub {
                tx.put_meta(row::HUB_URL, hub.url.as_bytes())?;
            }
            tx.remove_meta(row::OWN_REQUEST)?;
            Ok(tx.remove_meta(row::OWN_INVITATION)?)
        })
    }

    /// Stops trusting a device: what it wrote up to what headquarters holds stays, later segments go to review, and
    /// every group that it was in gets new keys.
    ///
    /// # Errors
    /// When no device, or more than one, is called this, or this is not the officer's device.
    pub fn revoke(&mut self, alias: &str) -> Result<()> {
        let mut named =
            self.members()?.into_iter().filter(|m| !m.revoked && m.alias == alias).map(|m| m.device);
        let (Some(device), None) = (named.next(), named.next()) else {
            return Err(Error::UnknownMember(alias.to_owned()));
        };
        self.write(|tx, me, world| {
            let mut cuts: BTreeMap<LogId, Cut> = BTreeMap::new();
            for head in tx.segment_heads()? {
                let Some(kept) = tx.segment(&head.hash)? else { continue };
                let last = cuts.get(&head.log).map_or(0, |cut| cut.seq);
                if Segment::decode(&kept.bytes)?.header().device == device && head.seq > last {
                    cuts.insert(head.log, Cut { log: head.log, seq: head.seq, hash: head.hash });
                }
            }
            let author = me.author.as_mut().ok_or(Error::NotOfficer)?;
            let member = me.membership.as_mut().ok_or(Error::NotJoined)?;
            author.revoke(&mut member.roster, device, cuts.into_values().collect(), world)?;
            member.keyring.absorb(&member.roster, &me.secret);
            me.store_membership(tx)
        })
    }

    /// Everyone in the workspace.
    ///
    /// # Errors
    /// When this device has not joined.
    pub fn members(&self) -> Result<Vec<Member>> {
        let member = self.me.member()?;
        let roster = &member.roster;
        let seen = self.read(last_seen)?;
        let name = |group: &GroupId| {
            directory::group(&member.directory, group).map_or_else(|| format!("group {group}"), str::to_owned)
        };
        Ok(roster
            .devices()
            .map(|(device, _)| Member {
                device: *device,
                alias: self.me.name_of(device),
                role: directory::device(&member.directory, device).map(|person| person.role),
                groups: roster.groups_of(device).iter().map(name).collect(),
                revoked: roster.is_revoked(device),
                me: *device == self.me.id,
                last_seen: seen.get(device).copied(),
            })
            .collect())
    }
}

impl crate::identity::Identity {
    fn admit(
        &mut self,
        author: &mut baraza_oplog::Author,
        invitation: &Invitation,
        request: &Request,
        world: &mut World,
    ) -> Result<Vec<u8>> {
        let member = self.membership.as_mut().ok_or(Error::NotJoined)?;
        let roster = &mut member.roster;
        let mut groups = vec![roster.all()];
        groups.extend(invitation.team);
        match invitation.role {
            Role::Interpreter | Role::TeamMember => {}
            Role::Analyst => groups.push(roster.hq()),
            Role::ProtectionOfficer => groups.extend([roster.hq(), roster.hq_severe()]),
        }
        if roster.device(&request.device.id()).is_none() {
            author.add_device(roster, request.device, &groups, world)?;
        }
        let made = world.now();
        directory::name_device(
            &mut member.directory,
            made,
            request.device.id(),
            &request.alias,
            invitation.role,
        );
        let names = self.codec.encode(&Payload::Directory(member.directory.clone()))?;
        let sealed = Approval::make(author, &member.roster, request, &member.transport, &names, world)?;
        self.learn_names();
        Ok(sealed)
    }
}

impl crate::identity::Identity {
    /// Notes that something came that a device signed.
    pub(crate) fn saw(&self, tx: &Tx<'_>, device: &DeviceId, now: Timestamp) -> Result<()> {
        Ok(tx.put_meta(&format!("{}{device}", row::LAST_SEEN), &now.0.to_be_bytes())?)
    }
}

/// When something of each device last came.
fn last_seen(r: &Reader<'_>) -> Result<BTreeMap<DeviceId, Timestamp>> {
    let kept = r.meta_with_prefix(row::LAST_SEEN)?.into_iter();
    let entry = |(key, bytes): (String, zeroize::Zeroizing<Vec<u8>>)| {
        let device = key.strip_prefix(row::LAST_SEEN)?.parse().ok()?;
        Some((device, Timestamp(i64::from_be_bytes(bytes.as_slice().try_into().ok()?))))
    };
    Ok(kept.filter_map(entry).collect())
}

pub(crate) fn words(words: [&'static str; 6]) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}
