//! The status register: how it is written, and how concurrent statuses and late edits are told.

use crate::graph::Node;
use crate::history::Event;
use crate::read::scalar_claims;
use crate::{ActorPrefix, ChangeId, Part};
use automerge::{ObjId, ROOT};
use baraza_model::{Status, Timestamp};
use std::collections::BTreeSet;

/// Who finalised, when and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finalised {
    /// Complete, or incomplete with a reason.
    pub status: Status,
    /// Whose device.
    pub actor_prefix: ActorPrefix,
    /// What its clock said.
    pub time: Timestamp,
    /// The finalising change.
    pub change: ChangeId,
}

/// The status with its circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// What stands: finalised wins over draft, incomplete over complete.
    pub status: Status,
    /// The finalisings that stand: several if it was finalised apart.
    pub finalised: Vec<Finalised>,
    /// Answers changed by someone who had not seen any finalising. They apply.
    pub changed_after_finalising: Vec<Event>,
    /// Answers changed by someone who knew that it was finalised.
    pub amended: Vec<Event>,
}

impl Finalised {
    fn by(node: &Node, status: Status) -> Self {
        Self { status, actor_prefix: node.prefix(), time: node.time, change: node.id }
    }
}

/// The register's text.
pub(crate) fn write(status: &Status) -> String {
    match status {
        Status::Draft => "d".to_owned(),
        Status::Complete => "c".to_owned(),
        Status::Incomplete { reason } => format!("i:{reason}"),
    }
}

/// Reads the register's text.
pub(crate) fn read(text: &str) -> Option<Status> {
    match text {
        "d" => Some(Status::Draft),
        "c" => Some(Status::Complete),
        _ => text.strip_prefix("i:").map(|reason| Status::Incomplete { reason: reason.to_owned() }),
    }
}

/// One status from those that stand. Incomplete wins over complete, so that nobody takes for complete what somebody
/// handed over as incomplete; its reasons are all given.
fn settle(stand: &[Finalised]) -> Status {
    let reasons: BTreeSet<&str> = stand
        .iter()
        .filter_map(|f| match &f.status {
            Status::Incomplete { reason } => Some(reason.as_str()),
            _ => None,
        })
        .collect();
    if !reasons.is_empty() {
        return Status::Incomplete { reason: reasons.into_iter().collect::<Vec<_>>().join("; ") };
    }
    if stand.is_empty() { Status::Draft } else { Status::Complete }
}

impl Part {
    /// How far the part was taken.
    pub fn status(&self) -> Status {
        self.plain.clone().unwrap_or_else(|| settle(&self.finalised()))
    }

    /// The status, who finalised and when, and what was changed after.
    pub fn state(&self) -> State {
        let finalised = self.finalised();
        let mut state = State { status: settle(&finalised), ..State::default() };
        if !finalised.is_empty() && self.graph.written().nth(1).is_some() {
            let ids: Vec<ChangeId> = finalised.iter().map(|f| f.change).collect();
            let before = self.graph.seen_by(&ids);
            for event in self.history() {
                if before.contains(&event.change) {
                    continue;
                }
                let seen = self.graph.seen_by(&[event.change]);
                let list = match ids.iter().any(|id| seen.contains(id)) {
                    true => &mut state.amended,
                    false => &mut state.changed_after_finalising,
                };
                list.push(event);
            }
        }
        state.finalised = finalised;
        state
    }

    fn finalised(&self) -> Vec<Finalised> {
        if let Some(status) = &self.plain {
            let only = self.graph.written().next().filter(|_| status.is_finalised());
            return only.map(|node| Finalised::by(node, status.clone())).into_iter().collect();
        }
        let root: ObjId = ROOT;
        let claims = scalar_claims(self.readable(), &root, "s");
        let claims = claims.into_iter().filter_map(|(text, ctr, actor)| {
            let status = read(&text?).filter(Status::is_finalised)?;
            Some(Finalised::by(self.graph.change_of(ctr, &actor)?, status))
        });
        claims.collect()
    }
}
