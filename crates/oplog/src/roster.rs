//! The roster: who belongs to the workspace, as one line of signed statements tells it.
//!
//! Invariants:
//! - Statements are linear: each carries the version after its predecessor's and its predecessor's hash.
//! - The founding and appointments are signed by the authority, everything else by the officer of the term.
//! - The highest term wins. An appointment names, as its predecessor, the last statement that stays accepted;
//!   later statements of older terms are void, and the roster is rewound to it.
//! - A statement that is refused leaves the roster as it was.

use crate::error::{Disposition, Malformed};
use crate::graph::Graph;
use crate::keys::BadSignature;
use crate::statement::{Action, SignedStatement, Statement, StatementHash};
use crate::{Context, TransportKeyId, VerifyKey};
use baraza_model::{DeviceId, GroupId, WorkspaceId};
use std::collections::BTreeMap;

/// Who belongs to the workspace.
#[derive(Debug, Clone)]
pub struct Roster {
    pub(crate) workspace: WorkspaceId,
    pub(crate) authority: VerifyKey,
    pub(crate) transport: TransportKeyId,
    pub(crate) statements: Vec<SignedStatement>,
    pub(crate) officers: BTreeMap<u32, VerifyKey>,
    pub(crate) graph: Graph,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is the new head.
    Extended,
    /// It was in the roster already.
    Known,
    /// It begins a new term and is the new head; so many statements of older terms were dropped.
    Rewound {
        /// How many.
        dropped: usize,
    },
}

/// Where a roster stands. Of two rosters the one with the greater term, then version, is the newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The term.
    pub term: u32,
    /// The version of the head.
    pub version: u64,
    /// The head's hash.
    pub head: StatementHash,
}

/// Why a statement was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// Not a statement at all.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Of another workspace.
    #[error("the statement is of another workspace")]
    WrongWorkspace,
    /// Not signed by the authority, or by the officer of its term.
    #[error("the statement's signature does not hold")]
    BadSignature,
    /// Statements before it, or its term's appointment, are missing.
    #[error("statement {found} came before statement {expected}")]
    Gap {
        /// The version that would come next; 1 if the whole line is needed ([`Roster::adopt`]).
        expected: u64,
        /// The version that came.
        found: u64,
    },
    /// Signed rightly, but another statement holds its place: an officer (or the authority) said two things.
    #[error("two statements claim version {version}")]
    Fork {
        /// The version at which they part.
        version: u64,
    },
    /// Of an older term, and not among what the newer term accepts.
    #[error("term {term} was superseded by term {current}")]
    Void {
        /// The statement's term.
        term: u32,
        /// The roster's term.
        current: u32,
    },
    /// A founding in the middle, a roster that does not begin with one, or an authority's statement by an officer.
    #[error("the statement is out of place")]
    OutOfPlace,
    /// The device is not in the roster, or no longer.
    #[error("device {0} is not known")]
    UnknownDevice(DeviceId),
    /// The device is in the roster already.
    #[error("device {0} is known already")]
    KnownDevice(DeviceId),
    /// The group is not in the roster.
    #[error("group {0} is not known")]
    UnknownGroup(GroupId),
    /// The group would contain itself.
    #[error("the group would contain itself")]
    Cycle,
    /// Someone who is not a direct member of the group.
    #[error("not a member of the group")]
    NotAMember,
    /// An epoch that does not exist, or is not the next.
    #[error("epoch {number} of group {group} does not fit")]
    WrongEpoch {
        /// The group.
        group: GroupId,
        /// The epoch.
        number: u32,
    },
    /// The author does not hold the private half of an epoch that a member must be given.
    #[error("the key of epoch {epoch} of group {group} is not at hand")]
    MissingEpochKey {
        /// The group.
        group: GroupId,
        /// The epoch.
        epoch: u32,
    },
    /// A member's seal key is not a valid key.
    #[error("a member's key is not valid")]
    BadKey,
    /// The officer's key is not the one of the current term.
    #[error("the officer is not in office")]
    NotInOffice,
}

impl RosterError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RosterError::Malformed(e) => e.code(),
            RosterError::WrongWorkspace => "roster.wrong_workspace",
            RosterError::BadSignature => "roster.bad_signature",
            RosterError::Gap { .. } => "roster.gap",
            RosterError::Fork { .. } => "roster.fork",
            RosterError::Void { .. } => "roster.void",
            RosterError::OutOfPlace => "roster.out_of_place",
            RosterError::UnknownDevice(_) => "roster.unknown_device",
            RosterError::KnownDevice(_) => "roster.known_device",
            RosterError::UnknownGroup(_) => "roster.unknown_group",
            RosterError::Cycle => "roster.cycle",
            RosterError::NotAMember => "roster.not_a_member",
            RosterError::WrongEpoch { .. } => "roster.wrong_epoch",
            RosterError::MissingEpochKey { .. } => "roster.missing_epoch_key",
            RosterError::BadKey => "roster.bad_key",
            RosterError::NotInOffice => "roster.not_in_office",
        }
    }

    /// What becomes of the statement.
    pub fn disposition(&self) -> Disposition {
        match self {
            RosterError::Gap { .. } => Disposition::Waiting,
            RosterError::Fork { .. } => Disposition::Review,
            _ => Disposition::Quarantine,
        }
    }
}

impl From<BadSignature> for RosterError {
    fn from(_: BadSignature) -> Self {
        RosterError::BadSignature
    }
}

impl Roster {
    /// Builds a roster from its statements, the founding first.
    pub fn replay<'a>(
        statements: impl IntoIterator<Item = &'a SignedStatement>,
    ) -> Result<Self, RosterError> {
        let mut statements = statements.into_iter();
        let mut roster = Self::found(statements.next().ok_or(RosterError::OutOfPlace)?)?;
        for statement in statements {
            roster.apply(statement)?;
        }
        Ok(roster)
    }

    /// Begins a roster with its founding. Whether its authority is the right one is the caller's to compare.
    pub fn found(founding: &SignedStatement) -> Result<Self, RosterError> {
        let Statement { workspace, version, previous, term, action, .. } = founding.statement();
        let Action::Found { authority, transport, recovery } = action else {
            return Err(RosterError::OutOfPlace);
        };
        if (*version, *previous, *term) != (1, None, 0) {
            return Err(RosterError::OutOfPlace);
        }
        founding.verify(Context::STATEMENT_BY_AUTHORITY, authority)?;
        Ok(Self {
            workspace: *workspace,
            authority: *authority,
            transport: *transport,
            statements: vec![founding.clone()],
            officers: BTreeMap::new(),
            graph: Graph { recovery: *recovery, ..Graph::default() },
        })
    }

    /// Applies a statement; see the module for the rules.
    pub fn apply(&mut self, signed: &SignedStatement) -> Result<Applied, RosterError> {
        let statement = signed.statement();
        if statement.workspace != self.workspace {
            return Err(RosterError::WrongWorkspace);
        }
        if self.at(statement.version).is_some_and(|known| known.hash() == signed.hash()) {
            return Ok(Applied::Known);
        }
        match &statement.action {
            Action::Found { .. } => Err(RosterError::OutOfPlace),
            Action::AppointOfficer { officer } => self.appoint(signed, *officer),
            action => self.extend(signed, action),
        }
    }

    /// Takes another line of the same workspace, the founding first, if it is newer: it continues this one, or it
    /// parts from this one and is of a later term. This is how a roster on the wrong branch of an officer's fork
    /// comes to the branch that the next term accepts.
    pub fn adopt<'a>(
        &mut self,
        line: impl IntoIterator<Item = &'a SignedStatement>,
    ) -> Result<Applied, RosterError> {
        let other = Self::replay(line)?;
        let hashes = |roster: &Self| roster.statements.iter().map(SignedStatement::hash).collect::<Vec<_>>();
        let (ours, theirs) = (hashes(self), hashes(&other));
        let shared = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        if shared == 0 {
            return Err(RosterError::WrongWorkspace);
        }
        let dropped = ours.len() - shared;
        let (term, current) = (other.term(), self.term());
        if shared == theirs.len() {
            return Ok(Applied::Known);
        }
        if dropped > 0 && term < current {
            return Err(RosterError::Void { term, current });
        }
        if dropped > 0 && term == current {
            return Err(RosterError::Fork { version: shared as u64 + 1 });
        }
        *self = other;
        Ok(if dropped > 0 { Applied::Rewound { dropped } } else { Applied::Extended })
    }

    fn extend(&mut self, signed: &SignedStatement, action: &Action) -> Result<Applied, RosterError> {
        let Statement { version, term, .. } = *signed.statement();
        let (current, expected) = (self.term(), self.version() + 1);
        if term < current {
            return Err(RosterError::Void { term, current });
        }
        if term > current {
            return Err(RosterError::Gap { expected, found: version });
        }
        signed.verify(Context::STATEMENT_BY_OFFICER, &self.officer().ok_or(RosterError::NotInOffice)?)?;
        if version > expected {
            return Err(RosterError::Gap { expected, found: version });
        }
        if version < expected || signed.statement().previous != Some(self.head()) {
            return Err(RosterError::Fork { version });
        }
        self.graph.apply(action)?;
        self.statements.push(signed.clone());
        Ok(Applied::Extended)
    }

    fn appoint(&mut self, signed: &SignedStatement, officer: VerifyKey) -> Result<Applied, RosterError> {
        let Statement { version, term, previous, .. } = *signed.statement();
        let (current, expected) = (self.term(), self.version() + 1);
        signed.verify(Context::STATEMENT_BY_AUTHORITY, &self.authority)?;
        if term < current {
            return Err(RosterError::Void { term, current });
        }
        if term == current {
            return Err(RosterError::Fork { version });
        }
        if version > expected {
            return Err(RosterError::Gap { expected, found: version });
        }
        let last_accepted = self.at(version.saturating_sub(1)).map(SignedStatement::hash);
        if last_accepted.is_none() || last_accepted != previous {
            // The authority accepted another line than this one: it has to be adopted from its beginning.
            return Err(RosterError::Gap { expected: 1, found: version });
        }
        let kept = usize::try_from(version - 1).unwrap_or(usize::MAX);
        let dropped = self.statements.len().saturating_sub(kept);
        if dropped > 0 {
            *self = self.rewound(kept)?;
        }
        self.officers.insert(term, officer);
        self.statements.push(signed.clone());
        Ok(if dropped > 0 { Applied::Rewound { dropped } } else { Applied::Extended })
    }

    /// The roster as it was when it had `kept` statements.
    fn rewound(&self, kept: usize) -> Result<Self, RosterError> {
        let mut earlier = Self {
            statements: self.statements.iter().take(kept).cloned().collect(),
            officers: BTreeMap::new(),
            graph: Graph { recovery: self.graph.recovery, ..Graph::default() },
            ..*self
        };
        for signed in earlier.statements.iter().skip(1) {
            match &signed.statement().action {
                Action::AppointOfficer { officer } => {
                    earlier.officers.insert(signed.statement().term, *officer);
                }
                action => earlier.graph.apply(action)?,
            }
        }
        Ok(earlier)
    }

    fn at(&self, version: u64) -> Option<&SignedStatement> {
        self.statements.get(usize::try_from(version.checked_sub(1)?).ok()?)
    }
}
