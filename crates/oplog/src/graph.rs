//! The state that statements add up to: devices, groups as a graph without cycles, epochs, forms, hubs.
//!
//! Pure bookkeeping: signatures, terms and order are the [`crate::Roster`]'s to check.

use crate::statement::{Action, Cut, EpochWrap, Member, WrapTarget};
use crate::{DevicePublic, RosterError, SealKey, VerifyKey};
use baraza_model::{DeviceId, FormHash, GroupId, LogId};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    pub(crate) recovery: Option<SealKey>,
    pub(crate) devices: BTreeMap<DeviceId, DevicePublic>,
    pub(crate) revoked: BTreeMap<DeviceId, BTreeMap<LogId, Cut>>,
    pub(crate) groups: BTreeMap<GroupId, Group>,
    pub(crate) forms: BTreeSet<FormHash>,
    pub(crate) hubs: BTreeSet<VerifyKey>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    pub(crate) members: BTreeSet<Member>,
    pub(crate) epochs: BTreeMap<u32, Epoch>,
}

#[derive(Debug, Clone)]
pub(crate) struct Epoch {
    pub(crate) public: SealKey,
    pub(crate) canary: Vec<u8>,
    pub(crate) wraps: BTreeMap<WrapTarget, Vec<u8>>,
}

impl Group {
    pub(crate) fn current(&self) -> Option<(u32, &Epoch)> {
        self.epochs.last_key_value().map(|(number, epoch)| (*number, epoch))
    }
}

impl Graph {
    /// Applies an officer's statement, or leaves everything as it was.
    pub(crate) fn apply(&mut self, action: &Action) -> Result<(), RosterError> {
        match action {
            Action::Found { .. } | Action::AppointOfficer { .. } => Err(RosterError::OutOfPlace),
            Action::AddDevice { device } => self.add_device(*device),
            Action::SetMember { group, member, present } => self.set_member(*group, *member, *present),
            Action::Epoch { group, number, public, canary, wraps } => {
                let next = Epoch { public: *public, canary: canary.clone(), wraps: BTreeMap::new() };
                self.add_epoch(*group, *number, next, wraps)
            }
            Action::ShareEpochs { group, wraps } => self.share(*group, wraps),
            Action::PublishForm { form } => {
                self.forms.insert(*form);
                Ok(())
            }
            Action::AddHub { key } => {
                self.hubs.insert(*key);
                Ok(())
            }
            Action::Revoke { device, cuts } => self.revoke(*device, cuts),
        }
    }

    fn add_device(&mut self, device: DevicePublic) -> Result<(), RosterError> {
        let id = device.id();
        if self.devices.contains_key(&id) {
            return Err(RosterError::KnownDevice(id));
        }
        self.devices.insert(id, device);
        Ok(())
    }

    fn set_member(&mut self, group: GroupId, member: Member, present: bool) -> Result<(), RosterError> {
        if !present {
            let members = self.groups.get_mut(&group).map(|g| &mut g.members);
            let left = members.is_some_and(|members| members.remove(&member));
            return if left { Ok(()) } else { Err(RosterError::NotAMember) };
        }
        match member {
            Member::Device(id) if !self.is_active(&id) => return Err(RosterError::UnknownDevice(id)),
            Member::Group(id) if !self.groups.contains_key(&id) => return Err(RosterError::UnknownGroup(id)),
            Member::Group(id) if id == group || self.groups_within(&id).contains(&group) => {
                return Err(RosterError::Cycle);
            }
            _ => {}
        }
        self.groups.entry(group).or_default().members.insert(member);
        Ok(())
    }

    fn add_epoch(
        &mut self,
        group: GroupId,
        number: u32,
        mut next: Epoch,
        wraps: &[EpochWrap],
    ) -> Result<(), RosterError> {
        let unborn = Group::default();
        let known = self.groups.get(&group).unwrap_or(&unborn);
        let expected = known.current().map_or(0, |(n, _)| n).checked_add(1);
        if expected != Some(number) {
            return Err(RosterError::WrongEpoch { group, number });
        }
        for wrap in wraps {
            if wrap.epoch != number {
                return Err(RosterError::WrongEpoch { group, number: wrap.epoch });
            }
            self.check_target(known, &wrap.target)?;
            next.wraps.insert(wrap.target, wrap.sealed.clone());
        }
        self.groups.entry(group).or_default().epochs.insert(number, next);
        Ok(())
    }

    fn share(&mut self, group: GroupId, wraps: &[EpochWrap]) -> Result<(), RosterError> {
        let known = self.groups.get(&group).ok_or(RosterError::UnknownGroup(group))?;
        for wrap in wraps {
            if !known.epochs.contains_key(&wrap.epoch) {
                return Err(RosterError::WrongEpoch { group, number: wrap.epoch });
            }
            self.check_target(known, &wrap.target)?;
        }
        let Some(known) = self.groups.get_mut(&group) else { return Ok(()) };
        for wrap in wraps {
            if let Some(epoch) = known.epochs.get_mut(&wrap.epoch) {
                epoch.wraps.insert(wrap.target, wrap.sealed.clone());
            }
        }
        Ok(())
    }

    /// A key goes to direct members and to recovery only.
    fn check_target(&self, group: &Group, target: &WrapTarget) -> Result<(), RosterError> {
        let fits = match *target {
            WrapTarget::Recovery => self.recovery.is_some(),
            WrapTarget::Device(id) => group.members.contains(&Member::Device(id)),
            WrapTarget::Group { group: id, epoch } => {
                group.members.contains(&Member::Group(id))
                    && self.groups.get(&id).is_some_and(|g| g.epochs.contains_key(&epoch))
            }
        };
        if fits { Ok(()) } else { Err(RosterError::NotAMember) }
    }

    fn revoke(&mut self, device: DeviceId, cuts: &[Cut]) -> Result<(), RosterError> {
        if !self.is_active(&device) {
            return Err(RosterError::UnknownDevice(device));
        }
        for group in self.groups.values_mut() {
            group.members.remove(&Member::Device(device));
        }
        self.revoked.insert(device, cuts.iter().map(|cut| (cut.log, *cut)).collect());
        Ok(())
    }

    pub(crate) fn is_active(&self, device: &DeviceId) -> bool {
        self.devices.contains_key(device) && !self.revoked.contains_key(device)
    }

    /// The groups below a group, itself included.
    pub(crate) fn groups_within(&self, group: &GroupId) -> BTreeSet<GroupId> {
        let mut found = BTreeSet::from([*group]);
        let mut open = vec![*group];
        while let Some(next) = open.pop() {
            for member in self.groups.get(&next).into_iter().flat_map(|g| &g.members) {
                if let Member::Group(id) = member
                    && found.insert(*id)
                {
                    open.push(*id);
                }
            }
        }
        found
    }

    /// The devices of a group and of the groups below it.
    pub(crate) fn members(&self, group: &GroupId) -> BTreeSet<DeviceId> {
        let within = self.groups_within(group);
        let direct = within.iter().filter_map(|id| self.groups.get(id)).flat_map(|g| &g.members);
        direct.filter_map(|m| if let Member::Device(id) = m { Some(*id) } else { None }).collect()
    }

    /// The groups that have this one as a direct member.
    pub(crate) fn parents(&self, group: &GroupId) -> BTreeSet<GroupId> {
        let member = Member::Group(*group);
        self.groups.iter().filter(|(_, g)| g.members.contains(&member)).map(|(id, _)| *id).collect()
    }

    /// The groups that a device is in, directly or through other groups.
    pub(crate) fn groups_of(&self, device: &DeviceId) -> BTreeSet<GroupId> {
        let member = Member::Device(*device);
        let mut open: Vec<GroupId> =
            self.groups.iter().filter(|(_, g)| g.members.contains(&member)).map(|(id, _)| *id).collect();
        let mut found = BTreeSet::new();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(self.parents(&next));
            }
        }
        found
    }

    /// The given groups, members before the groups they are in.
    pub(crate) fn bottom_up(&self, groups: &BTreeSet<GroupId>) -> Vec<GroupId> {
        let mut order: Vec<GroupId> = groups.iter().copied().collect();
        // Of two groups, the one below has strictly fewer groups within.
        order.sort_by_key(|id| (self.groups_within(id).len(), *id));
        order
    }
}
