//! What a device says of itself and of what is around it, without opening anything: for a window's frame.

use crate::{Device, directory};
use baraza_model::Role;
use std::path::Path;

/// Who a device is in its workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// What people call it.
    pub alias: String,
    /// What the workspace is called; blank before joining.
    pub workspace: String,
    /// Its role; `None` before joining.
    pub role: Option<Role>,
    /// The team that it belongs to.
    pub team: Option<String>,
    /// Whether it extends the roster: invites, approves, publishes.
    pub officer: bool,
    /// Whether it is a headquarters device.
    pub headquarters: bool,
}

impl Device {
    /// Who this device is. Reads nothing.
    pub fn standing(&self) -> Standing {
        let team = self.me.team().ok();
        let named = |team| directory::team_name(&self.me.membership.as_ref()?.directory, &team);
        Standing {
            alias: self.me.alias.clone(),
            workspace: self.workspace_name().unwrap_or_default(),
            role: self.me.role(),
            team: team.and_then(named),
            officer: self.me.author.is_some(),
            headquarters: self.me.is_headquarters(),
        }
    }

    /// What the teams are called, in the order in which they were made.
    pub fn teams(&self) -> Vec<String> {
        let Some(member) = &self.me.membership else { return Vec::new() };
        let teams = directory::teams(&member.directory);
        teams.filter_map(|team| directory::team_name(&member.directory, &team)).collect()
    }
}

/// Bytes that a person may still write where `folder` is; `None` where the system does not say.
pub fn free_space(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}
