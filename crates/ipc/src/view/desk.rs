//! Before and around unlocking.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where this device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing is here yet: join, or make a workspace.
    Empty,
    /// A vault is here and closed.
    Locked,
    /// Unlocked, and waiting for the approval of its request.
    Waiting,
    /// Unlocked.
    Open,
}

/// Which face a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Face {
    /// Interpreters and teams.
    Field,
    /// Analysts and protection officers.
    Headquarters,
}

/// What the app says of itself at any moment. Before unlocking it names nothing and counts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DeskView {
    /// Where this device stands.
    pub stage: Stage,
    /// Which face; `null` unless open.
    pub face: Option<Face>,
    /// What this device is called; `null` unless open.
    pub alias: Option<String>,
    /// Name of the workspace; `null` unless open.
    pub workspace: Option<String>,
    /// The person's role, as a stable word (`interpreter`, `team-member`, `analyst`, `protection-officer`).
    pub role: Option<String>,
    /// Team, if it has one.
    pub team: Option<String>,
    /// Whether this device extends the roster: invites, approves, publishes.
    pub officer: bool,
    /// How the screen looks and speaks.
    pub settings: Settings,
    /// The demo's faces, where the app was started on a demo; else empty.
    pub demo: Vec<DemoFace>,
    /// Hour of the device's clock.
    pub now: i64,
    /// Minutes east of UTC.
    pub zone_minutes: i32,
    /// The app's version.
    pub version: String,
}

/// One device of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DemoFace {
    /// What `demo_switch` takes.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// Whether it is the one on screen.
    pub current: bool,
}

/// How the screen looks and speaks. Kept outside the vault, because the unlock screen needs it; says nothing of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// `en`, `fr`, `ar`, `sw`; blank: the system's, else English.
    pub language: String,
    /// `day`, `night`, `sun`; blank: by the system's preference.
    pub theme: String,
    /// Minutes without a touch after which the app locks itself; 0 never.
    pub lock_after_minutes: u32,
}

/// How strong a passphrase of a person's own is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StrengthView {
    /// Whether it is strong enough.
    pub passes: bool,
    /// Why not, as stable codes.
    pub problems: Vec<String>,
}

/// A paper of enrolment that a person gives: pasted text, or a file's bytes in base64.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// As pasted.
    Text(String),
    /// A file, base64.
    File(String),
    /// A file on a card, as `places` listed it.
    Path(String),
}

/// A paper of enrolment that the app gives: shown, copied or saved as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PaperView {
    /// `invitation`, `request` or `approval`.
    pub kind: String,
    /// Text to paste.
    pub text: String,
    /// QR code as an SVG document of black squares; `null` where the paper is too long for one.
    pub qr: Option<String>,
    /// A good name for a file of it.
    pub file_name: String,
    /// Words that both people compare, on requests and approvals.
    pub words: Vec<String>,
}

/// Something about the device that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum WarningView {
    /// The clock stands before something that has already happened.
    ClockBehind {
        /// What the clock says.
        now: i64,
        /// The latest hour that this device knows of.
        latest: i64,
    },
    /// Little room is left.
    StorageLow {
        /// Bytes free.
        free_bytes: u64,
    },
    /// Too little room to save safely.
    StorageFull {
        /// Bytes free.
        free_bytes: u64,
    },
}

/// How far long work has come. Asked for while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProgressView {
    /// Whether something runs.
    pub running: bool,
    /// Steps done.
    pub done: u64,
    /// Steps in all, as far as known; 0: not known.
    pub total: u64,
}
