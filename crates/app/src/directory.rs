//! Names of devices and groups, as the sealed directory gives them.

use baraza_model::{DeviceId, GroupId, Role, Timestamp};
use baraza_oplog::{Directory, DirectoryDevice, DirectoryGroup};

/// What a team's group is called in the directory, before its own name.
const TEAM: &str = "team:";

/// A directory of a new workspace.
pub(crate) fn new(workspace_name: &str, made: Timestamp) -> Directory {
    Directory {
        serial: 0,
        made,
        workspace_name: workspace_name.to_owned(),
        devices: Vec::new(),
        groups: Vec::new(),
    }
}

/// The entry of a device.
pub(crate) fn device<'a>(directory: &'a Directory, id: &DeviceId) -> Option<&'a DirectoryDevice> {
    directory.devices.iter().find(|entry| entry.device == *id)
}

/// The name of a group: `hq`, `team:north`.
pub(crate) fn group<'a>(directory: &'a Directory, id: &GroupId) -> Option<&'a str> {
    directory.groups.iter().find(|entry| entry.group == *id).map(|entry| entry.name.as_str())
}

/// The group of the team of this name.
pub(crate) fn team(directory: &Directory, name: &str) -> Option<GroupId> {
    let wanted = format!("{TEAM}{name}");
    directory.groups.iter().find(|entry| entry.name == wanted).map(|entry| entry.group)
}

/// What the team of this group is called; `None` for groups that are no team.
pub(crate) fn team_name(directory: &Directory, id: &GroupId) -> Option<String> {
    group(directory, id)?.strip_prefix(TEAM).map(str::to_owned)
}

/// The groups that are teams.
pub(crate) fn teams(directory: &Directory) -> impl Iterator<Item = GroupId> {
    directory.groups.iter().filter(|entry| entry.name.starts_with(TEAM)).map(|entry| entry.group)
}

/// A new edition that names a device.
pub(crate) fn name_device(directory: &mut Directory, made: Timestamp, id: DeviceId, alias: &str, role: Role) {
    directory.devices.retain(|entry| entry.device != id);
    directory.devices.push(DirectoryDevice { device: id, alias: alias.to_owned(), role });
    (directory.serial, directory.made) = (directory.serial + 1, made);
}

/// A new edition that names a team.
pub(crate) fn name_team(directory: &mut Directory, made: Timestamp, id: GroupId, name: &str) {
    directory.groups.push(DirectoryGroup { group: id, name: format!("{TEAM}{name}") });
    (directory.serial, directory.made) = (directory.serial + 1, made);
}
