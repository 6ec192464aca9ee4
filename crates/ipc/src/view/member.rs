//! Members and devices: inviting, comparing words, approving, revoking.

use serde::Serialize;
use ts_rs::TS;

/// Everybody, and what is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MembersView {
    /// Devices.
    pub members: Vec<MemberRow>,
    /// Invitations that nobody has used yet, and those that were answered.
    pub invitations: Vec<InvitationRow>,
    /// Teams by name.
    pub teams: Vec<String>,
    /// Whether this device may invite, approve and revoke.
    pub officer: bool,
    /// Whether a hub is known that an invitation can carry.
    pub hub: bool,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MemberRow {
    /// Device id.
    pub device: String,
    /// What people call it.
    pub alias: String,
    /// `interpreter`, `team-member`, `analyst` or `protection-officer`.
    pub role: Option<String>,
    /// Reader groups by name.
    pub groups: Vec<String>,
    /// Whether it was revoked.
    pub revoked: bool,
    /// Whether it is this one.
    pub mine: bool,
    /// Last sign of it.
    pub last_seen: Option<i64>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct InvitationRow {
    /// What `withdraw` takes.
    pub id: String,
    /// Role.
    pub role: String,
    /// Team.
    pub team: Option<String>,
    /// Good until.
    pub expires: i64,
    /// Whether somebody has answered it.
    pub answered: bool,
}

/// A request that was read, and not approved yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AskedView {
    /// What the joining person calls the device.
    pub alias: String,
    /// The role of its invitation.
    pub role: String,
    /// The team of its invitation.
    pub team: Option<String>,
    /// Words that both people compare before approving.
    pub words: Vec<String>,
    /// The invitation is good until.
    pub expires: i64,
}
