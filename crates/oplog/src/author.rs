//! The roster officer's side: produces the next statements and keeps the keys of the epochs it makes.
//!
//! Every act is all or nothing: the roster is extended by all statements of the act or by none.
//!
//! Who gets which epochs: members of `hq`, `hq-severe` and `all` get every epoch (those are never deleted, and
//! what is sealed to `all`, forms and the directory, is meant for every member); members of a team get the
//! current one and snapshots. A group that leaves an epoch behind rotates, members before the groups they are
//! in; a group above that need not rotate seals its epochs to the member group's new epoch.

use crate::keyring::Keyring;
use crate::keys::{AuthoritySecret, OfficerSecret};
use crate::seal::{SealKey, SealSecret};
use crate::statement::{Action, Cut, EpochWrap, Member, SignedStatement, Statement, WrapTarget};
use crate::{Context, DevicePublic, Roster, RosterError, VerifyKey, wire};
use baraza_model::{DeviceId, Entropy, FormHash, GroupId, WorkspaceId};
use std::collections::BTreeSet;

/// A roster officer with the epoch keys at hand.
#[derive(Debug)]
pub struct Author {
    /// The key of the term.
    pub officer: OfficerSecret,
    /// Private halves of epochs. Keep its encoding with the officer's key: a team whose key is lost is rotated
    /// when the next member joins, but a fixed group whose key is lost can take no members.
    pub keyring: Keyring,
}

impl Author {
    /// An officer, and the epoch keys that it knows (the keyring of its device will do).
    pub fn new(officer: OfficerSecret, keyring: Keyring) -> Self {
        Self { officer, keyring }
    }

    /// Makes a team without members; members of `all` include it from now on.
    pub fn create_team(
        &mut self,
        roster: &mut Roster,
        rng: &mut impl Entropy,
    ) -> Result<(GroupId, Vec<SignedStatement>), RosterError> {
        let team = GroupId::random(rng);
        let statements = self.act(roster, |act| {
            act.begin_epoch(team, rng)?;
            act.join(act.roster.all(), Member::Group(team), rng)
        })?;
        Ok((team, statements))
    }

    /// Adds a device as a direct member of the groups, and gives it their epochs.
    pub fn add_device(
        &mut self,
        roster: &mut Roster,
        device: DevicePublic,
        groups: &[GroupId],
        rng: &mut impl Entropy,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| {
            act.say(Action::AddDevice { device })?;
            groups.iter().try_for_each(|group| act.join(*group, Member::Device(device.id()), rng))
        })
    }

    /// Adds a known device to one more group.
    pub fn add_to_group(
        &mut self,
        roster: &mut Roster,
        device: DeviceId,
        group: GroupId,
        rng: &mut impl Entropy,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| act.join(group, Member::Device(device), rng))
    }

    /// Removes a device from a group, and rotates every group that it is no longer in.
    pub fn remove_from_group(
        &mut self,
        roster: &mut Roster,
        device: DeviceId,
        group: GroupId,
        rng: &mut impl Entropy,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| {
            let before = act.roster.groups_of(&device);
            act.say(Action::SetMember { group, member: Member::Device(device), present: false })?;
            let after = act.roster.groups_of(&device);
            act.rotate(&before.difference(&after).copied().collect(), rng)
        })
    }

    /// Begins a new epoch of a group.
    pub fn rotate(
        &mut self,
        roster: &mut Roster,
        group: GroupId,
        rng: &mut impl Entropy,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| act.rotate(&BTreeSet::from([group]), rng))
    }

    /// Stops trusting a device after the given cuts, and rotates every group that it was in.
    pub fn revoke(
        &mut self,
        roster: &mut Roster,
        device: DeviceId,
        cuts: Vec<Cut>,
        rng: &mut impl Entropy,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| {
            let before = act.roster.groups_of(&device);
            act.say(Action::Revoke { device, cuts })?;
            act.rotate(&before, rng)
        })
    }

    /// Lets a form be used.
    pub fn publish_form(
        &mut self,
        roster: &mut Roster,
        form: FormHash,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| act.say(Action::PublishForm { form }))
    }

    /// Pins a hub's key.
    pub fn add_hub(
        &mut self,
        roster: &mut Roster,
        key: VerifyKey,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| act.say(Action::AddHub { key }))
    }

    /// What a founding says after the first appointment.
    pub(crate) fn set_up(
        &mut self,
        roster: &mut Roster,
        office: DevicePublic,
        rng: &mut impl Entropy,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        self.act(roster, |act| {
            let (severe, hq, all) = (act.roster.hq_severe(), act.roster.hq(), act.roster.all());
            act.say(Action::AddDevice { device: office })?;
            for (group, member) in
                [(severe, Member::Device(office.id())), (hq, Member::Group(severe)), (all, Member::Group(hq))]
            {
                act.say(Action::SetMember { group, member, present: true })?;
                act.begin_epoch(group, rng)?;
            }
            Ok(())
        })
    }

    fn act(
        &mut self,
        roster: &mut Roster,
        body: impl FnOnce(&mut Act<'_>) -> Result<(), RosterError>,
    ) -> Result<Vec<SignedStatement>, RosterError> {
        if roster.officer() != Some(self.officer.public()) {
            return Err(RosterError::NotInOffice);
        }
        let said_before = roster.statements().len();
        let mut act = Act { officer: &self.officer, keyring: self.keyring.clone(), roster: roster.clone() };
        body(&mut act)?;
        let Act { keyring, roster: extended, .. } = act;
        self.keyring = keyring;
        *roster = extended;
        Ok(roster.statements().iter().skip(said_before).cloned().collect())
    }
}

/// The authority begins a new term. Statements after `last_accepted` (a version) become void.
pub fn appoint_officer(
    authority: &AuthoritySecret,
    roster: &mut Roster,
    officer: VerifyKey,
    last_accepted: u64,
) -> Result<SignedStatement, RosterError> {
    let mut versions = (1..).zip(roster.statements());
    let previous = versions.find(|(version, _)| *version == last_accepted).map(|(_, s)| s.hash());
    let statement = Statement {
        encoding: 1,
        workspace: roster.workspace(),
        version: last_accepted.saturating_add(1),
        previous: Some(previous.ok_or(RosterError::OutOfPlace)?),
        term: roster.term().checked_add(1).ok_or(RosterError::OutOfPlace)?,
        action: Action::AppointOfficer { officer },
    };
    let signed = statement.by_authority(authority)?;
    roster.apply(&signed)?;
    Ok(signed)
}

/// One act under way, on copies.
struct Act<'a> {
    officer: &'a OfficerSecret,
    keyring: Keyring,
    roster: Roster,
}

impl Act<'_> {
    fn say(&mut self, action: Action) -> Result<(), RosterError> {
        let statement = Statement {
            encoding: 1,
            workspace: self.roster.workspace(),
            version: self.roster.version() + 1,
            previous: Some(self.roster.head()),
            term: self.roster.term(),
            action,
        };
        self.roster.apply(&statement.by_officer(self.officer)?).map(|_| ())
    }

    fn join(&mut self, group: GroupId, member: Member, rng: &mut impl Entropy) -> Result<(), RosterError> {
        self.say(Action::SetMember { group, member, present: true })?;
        let (current, _) = self.roster.current_epoch(&group).ok_or(RosterError::UnknownGroup(group))?;
        if !self.roster.is_fixed(&group) && !self.keyring.has(&group, current) {
            return self.rotate(&BTreeSet::from([group]), rng);
        }
        self.share(group, member, rng)
    }

    /// Gives a direct member the epochs that it is entitled to.
    fn share(&mut self, group: GroupId, member: Member, rng: &mut impl Entropy) -> Result<(), RosterError> {
        let (current, _) = self.roster.current_epoch(&group).ok_or(RosterError::UnknownGroup(group))?;
        let first = if self.roster.is_fixed(&group) { 1 } else { current };
        let (target, key) = self.target(member)?;
        let mut wraps = Vec::new();
        for epoch in first..=current {
            let secret = self.keyring.secret(&group, epoch);
            let secret = secret.ok_or(RosterError::MissingEpochKey { group, epoch })?;
            let sealed = wrap(self.roster.workspace(), group, epoch, target, key, secret, rng)?;
            wraps.push(EpochWrap { epoch, target, sealed });
        }
        self.say(Action::ShareEpochs { group, wraps })
    }

    fn rotate(&mut self, groups: &BTreeSet<GroupId>, rng: &mut impl Entropy) -> Result<(), RosterError> {
        for group in self.roster.graph.bottom_up(groups) {
            self.begin_epoch(group, rng)?;
            for above in self.roster.graph.parents(&group).difference(groups) {
                self.share(*above, Member::Group(group), rng)?;
            }
        }
        Ok(())
    }

    fn begin_epoch(&mut self, group: GroupId, rng: &mut impl Entropy) -> Result<(), RosterError> {
        let workspace = self.roster.workspace();
        let last = self.roster.current_epoch(&group).map_or(0, |(number, _)| number);
        let number = last.checked_add(1).ok_or(RosterError::WrongEpoch { group, number: last })?;
        let secret = SealSecret::generate(rng);
        let public = secret.public();
        let mut targets = Vec::new();
        for member in self.roster.direct_members(&group) {
            targets.push(self.target(member)?);
        }
        targets.extend(self.roster.recovery().map(|key| (WrapTarget::Recovery, key)));
        let mut wraps = Vec::new();
        for (target, key) in targets {
            let sealed = wrap(workspace, group, number, target, key, &secret, rng)?;
            wraps.push(EpochWrap { epoch: number, target, sealed });
        }
        let canary = public
            .seal(Context::EPOCH_CANARY, &epoch_aad(workspace, group, number, None), CANARY, rng)
            .map_err(|_| RosterError::BadKey)?;
        self.say(Action::Epoch { group, number, public, canary, wraps })?;
        self.keyring.insert(group, number, secret);
        Ok(())
    }

    fn target(&self, member: Member) -> Result<(WrapTarget, SealKey), RosterError> {
        match member {
            Member::Device(id) => {
                let device = self.roster.device(&id).ok_or(RosterError::UnknownDevice(id))?;
                Ok((WrapTarget::Device(id), device.seal))
            }
            Member::Group(group) => {
                let current = self.roster.current_epoch(&group);
                let (epoch, key) = current.ok_or(RosterError::UnknownGroup(group))?;
                Ok((WrapTarget::Group { group, epoch }, key))
            }
        }
    }
}

/// What an epoch's canary says.
pub(crate) const CANARY: &[u8] = b"baraza canary";

pub(crate) fn epoch_aad(
    workspace: WorkspaceId,
    group: GroupId,
    epoch: u32,
    target: Option<WrapTarget>,
) -> Vec<u8> {
    wire::encode(&(workspace, group, epoch, target))
}

fn wrap(
    workspace: WorkspaceId,
    group: GroupId,
    epoch: u32,
    target: WrapTarget,
    key: SealKey,
    secret: &SealSecret,
    rng: &mut impl Entropy,
) -> Result<Vec<u8>, RosterError> {
    let aad = epoch_aad(workspace, group, epoch, Some(target));
    key.seal(Context::EPOCH_WRAP, &aad, &*secret.to_bytes(), rng).map_err(|_| RosterError::BadKey)
}
