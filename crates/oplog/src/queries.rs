//! What a roster can be asked.

use crate::roster::{Position, Roster};
use crate::statement::{Cut, Member, SignedStatement, StatementHash};
use crate::wire::{hash, truncate};
use crate::{Compartment, Context, DevicePublic, Reader, SealKey, TransportKeyId, VerifyKey};
use baraza_model::{DeviceId, FormHash, GroupId, LogId, SegmentHash, WorkspaceId};
use std::collections::BTreeSet;

impl Roster {
    /// The workspace.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// The authority's key.
    pub fn authority(&self) -> VerifyKey {
        self.authority
    }

    /// The transport key's name.
    pub fn transport_key_id(&self) -> TransportKeyId {
        self.transport
    }

    /// The key of the officer in office; `None` before the first appointment.
    pub fn officer(&self) -> Option<VerifyKey> {
        self.officers.last_key_value().map(|(_, key)| *key)
    }

    /// The current term; 0 before the first appointment.
    pub fn term(&self) -> u32 {
        self.officers.last_key_value().map_or(0, |(term, _)| *term)
    }

    /// The version of the head: how many statements there are.
    pub fn version(&self) -> u64 {
        self.statements.len() as u64
    }

    /// The hash of the last statement.
    pub fn head(&self) -> StatementHash {
        self.statements.last().map_or(StatementHash([0; 32]), SignedStatement::hash)
    }

    /// Term, version and head.
    pub fn position(&self) -> Position {
        Position { term: self.term(), version: self.version(), head: self.head() }
    }

    /// All statements, the founding first.
    pub fn statements(&self) -> &[SignedStatement] {
        &self.statements
    }

    /// The statements after a version.
    pub fn statements_after(&self, version: u64) -> &[SignedStatement] {
        usize::try_from(version).ok().and_then(|from| self.statements.get(from..)).unwrap_or_default()
    }

    /// A device's keys, also if it was revoked.
    pub fn device(&self, id: &DeviceId) -> Option<&DevicePublic> {
        self.graph.devices.get(id)
    }

    /// All devices, revoked ones included.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceId, &DevicePublic)> {
        self.graph.devices.iter()
    }

    /// Whether a device was revoked.
    pub fn is_revoked(&self, id: &DeviceId) -> bool {
        self.graph.revoked.contains_key(id)
    }

    /// The last trusted segment of a revoked device's log; `None` also if the device was not revoked.
    pub fn cut(&self, id: &DeviceId, log: &LogId) -> Option<Cut> {
        self.graph.revoked.get(id)?.get(log).copied()
    }

    /// Whether a segment is by a revoked device and past the last trusted segment of its log, or beside it. Of a
    /// segment below the cut this tells nothing: see [`crate::Segment::verify`].
    pub fn is_past_cut(&self, id: &DeviceId, log: &LogId, seq: u64, hash: &SegmentHash) -> bool {
        let trusted = |cut: Cut| seq < cut.seq || (seq == cut.seq && *hash == cut.hash);
        self.is_revoked(id) && !self.cut(id, log).is_some_and(trusted)
    }

    /// Whether a device is a member of `hq`: what it signs as a receipt counts.
    pub fn is_office(&self, id: &DeviceId) -> bool {
        self.groups_of(id).contains(&self.hq())
    }

    /// The devices of a group, those of its member groups included.
    pub fn members(&self, group: &GroupId) -> BTreeSet<DeviceId> {
        self.graph.members(group)
    }

    /// The members of a group as they were set.
    pub fn direct_members(&self, group: &GroupId) -> BTreeSet<Member> {
        self.graph.groups.get(group).map(|g| g.members.clone()).unwrap_or_default()
    }

    /// The groups that a device is in, directly or through other groups.
    pub fn groups_of(&self, device: &DeviceId) -> BTreeSet<GroupId> {
        self.graph.groups_of(device)
    }

    /// All groups.
    pub fn groups(&self) -> impl Iterator<Item = &GroupId> {
        self.graph.groups.keys()
    }

    /// The number and public key of a group's current epoch.
    pub fn current_epoch(&self, group: &GroupId) -> Option<(u32, SealKey)> {
        self.graph.groups.get(group)?.current().map(|(number, epoch)| (number, epoch.public))
    }

    /// The recovery key.
    pub fn recovery(&self) -> Option<SealKey> {
        self.graph.recovery
    }

    /// Whether a form was published.
    pub fn form_published(&self, form: &FormHash) -> bool {
        self.graph.forms.contains(form)
    }

    /// The published forms.
    pub fn forms(&self) -> impl Iterator<Item = &FormHash> {
        self.graph.forms.iter()
    }

    /// The pinned keys of the hubs.
    pub fn hubs(&self) -> impl Iterator<Item = &VerifyKey> {
        self.graph.hubs.iter()
    }

    /// Whether a device may seal a severe part to this compartment: never to itself, unless it is a member of
    /// `hq-severe`.
    pub fn may_seal_severe(&self, device: &DeviceId, compartment: &Compartment) -> bool {
        let severe = Reader::Group(self.hq_severe());
        let only_severe = compartment.readers() == [severe];
        let member = self.groups_of(device).contains(&self.hq_severe());
        only_severe && (member || !compartment.is_read_by(device, self))
    }

    /// The group `hq`.
    pub fn hq(&self) -> GroupId {
        fixed_group(self.workspace, "hq")
    }

    /// The group `hq-severe`.
    pub fn hq_severe(&self) -> GroupId {
        fixed_group(self.workspace, "hq-severe")
    }

    /// The group `all`.
    pub fn all(&self) -> GroupId {
        fixed_group(self.workspace, "all")
    }

    /// Whether a group is one of the three that every workspace has. All others are teams.
    pub fn is_fixed(&self, group: &GroupId) -> bool {
        [self.hq(), self.hq_severe(), self.all()].contains(group)
    }
}

fn fixed_group(workspace: WorkspaceId, name: &str) -> GroupId {
    GroupId(truncate(hash(Context::GROUP_ID, &[&workspace.0, name.as_bytes()])))
}
