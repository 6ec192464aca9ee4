//! Why something a person wanted could not be done. Sentences say what to do next; codes are stable.

use baraza_model::{Diagnostic, RecordId};
use std::path::PathBuf;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case failed. Nothing is half-done when one is returned.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each variant's message says what it means")]
pub enum Error {
    #[error(transparent)]
    Vault(#[from] baraza_vault::Error),
    #[error(transparent)]
    Oplog(#[from] baraza_oplog::Error),
    #[error(transparent)]
    Record(#[from] baraza_record::RecordError),
    #[error(transparent)]
    Sync(#[from] baraza_sync::SyncError),
    #[error(transparent)]
    Office(#[from] baraza_office::OfficeError),
    #[error(transparent)]
    Step(#[from] baraza_forms::StepError),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("the form was refused; {} to put right", findings(.0))]
    FormRefused(Vec<Diagnostic>),
    #[error(
        "{file} is {size} bytes; a form with its attachments may have at most {limit}. Make its media smaller."
    )]
    FormTooLarge { file: String, size: usize, limit: usize },
    #[error("this device has not joined a workspace yet; finish joining with the approval file")]
    NotJoined,
    #[error("this device already belongs to a workspace; use another folder to join a second one")]
    AlreadyJoined,
    #[error("only the workspace's officer can do this; it is the device on which the workspace was made")]
    NotOfficer,
    #[error("only a headquarters device can do this")]
    NotHeadquarters,
    #[error("no team is called {0}; teams are made when their first member is invited")]
    UnknownTeam(String),
    #[error("no single device is called {0}; `member list` shows the names")]
    UnknownMember(String),
    #[error(
        "this device belongs to no team, so a team form cannot be filled on it; ask the officer to add it"
    )]
    NoTeam,
    #[error("a team member's invitation names the team: add --team NAME")]
    TeamMissing,
    #[error("the request answers no invitation of this workspace, or one that was already used or withdrawn")]
    UnknownInvitation,
    #[error(
        "two devices answered the same invitation ({invitation}); approve neither until you know who holds the second"
    )]
    InvitationUsedTwice { invitation: String },
    #[error("no form {0} is published here; run `form publish` at headquarters, then sync")]
    UnknownForm(String),
    #[error("no record {0} on this device")]
    UnknownRecord(String),
    #[error("{0} records begin with these signs; give more of them")]
    AmbiguousRecord(usize),
    #[error("record {} is finalised; its answers change only by an amendment with a reason", .0.short())]
    Finalised(RecordId),
    #[error("record {} is not finalised yet; there is nothing to amend", .0.short())]
    NotFinalised(RecordId),
    #[error(
        "{missing} required questions have no answer and {violations} answers are outside their limits; put them right, or hand over as incomplete with a reason"
    )]
    Unready { missing: usize, violations: usize, places: Vec<String> },
    #[error(
        "{0} cannot take this answer; `record show` and the form say what it takes. The answer before it is kept"
    )]
    DoesNotFit(String),
    #[error("a reason is needed, in a few words")]
    ReasonMissing,
    #[error("{0} has no conflict here")]
    NoConflict(String),
    #[error("the roster pins no hub, or several; give the key of this one with --hub-key")]
    HubKeyNeeded,
    #[error("a hub key has 64 hex digits, as `hub serve` prints it")]
    HubKeyMalformed,
    #[error("hub {url}: {why}")]
    Hub { url: String, why: String },
    #[error("{0} is damaged inside this vault: {1}")]
    Damaged(&'static str, String),
    #[error("these words are too easily guessed; take more of them, or have six drawn")]
    WeakPassphrase(Vec<crate::Weakness>),
    #[error("something of record {} has left this device or is sealed to leave; it cannot be thrown away", .0.short())]
    AlreadyShared(RecordId),
    #[error("this is {is}; here {wanted} is needed")]
    WrongKind { is: crate::Paper, wanted: crate::Paper },
    #[error("the text is not complete, or was changed on the way; copy all of it again")]
    TextDamaged,
    #[error("nothing that can be decided on is set aside under {0}")]
    UnknownHeld(String),
}

impl Error {
    /// The stable code, `area.problem`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Vault(e) => e.code(),
            Error::Oplog(e) => e.code(),
            Error::Record(e) => e.code(),
            Error::Sync(e) => e.code(),
            Error::Office(e) => e.code(),
            Error::Step(e) => e.code(),
            Error::File { .. } => "file.io",
            Error::FormRefused(_) => "form.refused",
            Error::FormTooLarge { .. } => "form.too-large",
            Error::NotJoined => "device.not-joined",
            Error::AlreadyJoined => "device.already-joined",
            Error::NotOfficer => "role.not-officer",
            Error::NotHeadquarters => "role.not-headquarters",
            Error::UnknownTeam(_) => "team.unknown",
            Error::UnknownMember(_) => "member.unknown",
            Error::NoTeam => "team.none",
            Error::TeamMissing => "team.missing",
            Error::UnknownInvitation => "invitation.unknown",
            Error::InvitationUsedTwice { .. } => "invitation.used-twice",
            Error::UnknownForm(_) => "form.unknown",
            Error::UnknownRecord(_) => "record.unknown",
            Error::AmbiguousRecord(_) => "record.ambiguous",
            Error::Finalised(_) => "record.finalised",
            Error::NotFinalised(_) => "record.not-finalised",
            Error::Unready { .. } => "record.unready",
            Error::DoesNotFit(_) => "answer.does-not-fit",
            Error::ReasonMissing => "record.reason-missing",
            Error::NoConflict(_) => "conflict.none",
            Error::HubKeyNeeded => "hub.key-needed",
            Error::HubKeyMalformed => "hub.key-malformed",
            Error::Hub { .. } => "hub.unreachable",
            Error::Damaged(..) => "vault.damaged",
            Error::WeakPassphrase(_) => "passphrase.weak",
            Error::AlreadyShared(_) => "record.already-shared",
            Error::WrongKind { .. } => "enrol.wrong-kind",
            Error::TextDamaged => "enrol.text-damaged",
            Error::UnknownHeld(_) => "held.unknown",
        }
    }
}

/// Any error enum of the log becomes one of ours.
macro_rules! from_oplog {
    ($($name:ident),+ $(,)?) => {
        $(impl From<baraza_oplog::$name> for Error {
            fn from(error: baraza_oplog::$name) -> Self {
                Error::Oplog(error.into())
            }
        })+
    };
}

from_oplog!(BatchError, EnrolError, Malformed, PayloadError, ReceiptError, RosterError);

fn findings(all: &[Diagnostic]) -> String {
    match all.iter().filter(|d| d.severity == baraza_model::Severity::Error).count() {
        1 => "one thing".into(),
        n => format!("{n} things"),
    }
}
