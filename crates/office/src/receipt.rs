//! Receipts: what this store has opened, applied and made durable, and what it holds instead.
//!
//! A segment that is held as a whole (no key yet, past a cut) is in no range; single payloads that are held are
//! listed. What an unverified segment claims about its place never gets into a receipt, or a forger could keep
//! devices from pruning.

use crate::error::Result;
use crate::office::Office;
use crate::reason::HeldState;
use baraza_model::{DeviceId, Incarnation, LogId, WorkspaceId};
use baraza_oplog::{Held, LogReceipt, Receipt};
use std::collections::BTreeMap;

/// Whose receipts these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptHead {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The office's device.
    pub office: DeviceId,
    /// The incarnation of its store.
    pub incarnation: Incarnation,
    /// Counts up with every receipt of the incarnation.
    pub counter: u64,
    /// Earlier incarnations of this office, which no longer count.
    pub supersedes: Vec<Incarnation>,
}

impl Office {
    /// What was applied and is durable, as of the last import; the caller signs it.
    ///
    /// # Errors
    /// Only failures of the store.
    pub fn receipt(&self, head: ReceiptHead) -> Result<Receipt> {
        let ReceiptHead { workspace, office, incarnation, counter, supersedes } = head;
        let mut held: BTreeMap<LogId, Vec<Held>> = BTreeMap::new();
        for place in self.store.held_places()? {
            let reason = match place.state {
                HeldState::Waiting => 0,
                HeldState::Quarantined => 1,
                HeldState::Review => 2,
            };
            held.entry(place.log).or_default().push(Held { seq: place.seq, index: place.item, reason });
        }
        let mut receipt = Receipt::new(workspace, office, incarnation, counter);
        receipt.supersedes = supersedes;
        receipt.logs = self
            .seen_chain
            .logs()
            .map(|log| LogReceipt {
                log: *log,
                ranges: self.applied_chain.ranges(log),
                held: held.remove(log).unwrap_or_default(),
            })
            .filter(|log| !log.ranges.is_empty() || !log.held.is_empty())
            .collect();
        Ok(receipt)
    }
}
