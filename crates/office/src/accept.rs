//! A person's decision on what a revoked device wrote past its cut: it never happens by itself.

use crate::context::Context;
use crate::error::{OfficeError, Result};
use crate::ingest::IngestReport;
use crate::office::Office;
use crate::reason::{HeldFilter, HeldState};
use baraza_model::DeviceId;
use baraza_oplog::{Action, Roster, Segment};
use serde_json::json;

impl Office {
    /// Applies a segment that is up for review, as if its author had not been revoked. `by` is the device on which a
    /// person decided so; the audit trail keeps it.
    ///
    /// # Errors
    /// [`OfficeError::NotForReview`] if there is no such segment up for review, or if it was written with a roster
    /// that already revoked its author; failures of the store.
    pub fn accept(&mut self, context: &Context<'_>, digest: &[u8; 32], by: DeviceId) -> Result<IngestReport> {
        let filter = HeldFilter { state: Some(HeldState::Review), ..HeldFilter::default() };
        let item = self.held(&filter)?.into_iter().find(|item| item.digest == *digest);
        let item = item.ok_or(OfficeError::NotForReview)?;
        let bytes = self.store.held_bytes(digest)?.ok_or(OfficeError::NotForReview)?;
        let earlier = before_revocation(context.roster, &item.device).ok_or(OfficeError::NotForReview)?;
        let trusted = Segment::decode(&bytes).is_ok_and(|segment| segment.verify(&earlier).is_ok());
        if !trusted {
            return Err(OfficeError::NotForReview);
        }
        let detail = json!({ "log": item.log, "seq": item.seq, "device": item.device, "by": by });
        self.note(context.now, "accept", &detail)?;
        self.retry_one(&Context { roster: &earlier, ..*context }, digest)
    }
}

/// The roster as it was before a device was revoked.
fn before_revocation(roster: &Roster, device: &DeviceId) -> Option<Roster> {
    let statements = roster.statements();
    let revokes =
        |action: &Action| matches!(action, Action::Revoke { device: revoked, .. } if revoked == device);
    let place = statements.iter().position(|signed| revokes(&signed.statement().action))?;
    Roster::replay(statements.get(..place)?).ok()
}
