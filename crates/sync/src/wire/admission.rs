//! What a roster says about a message: who may speak, and which statements the other side lacks.

use super::envelope::SealedRequest;
use super::{Bytes, Refusal, RosterHead, Standing};
use baraza_oplog::{Roster, StatementHash, VerifyKey};

impl RosterHead {
    /// Where a roster stands.
    pub fn of(roster: &Roster) -> Self {
        Self { term: roster.term().into(), version: roster.version(), digest: digest(&roster.head()) }
    }
}

/// The statements that a side with this head lacks, oldest first: those after it, or all where its head is not in
/// the roster's history.
pub fn statements_after(roster: &Roster, head: &RosterHead) -> Vec<Bytes> {
    let statements = roster.statements();
    let known = usize::try_from(head.version).unwrap_or(usize::MAX);
    let newest_known = known.checked_sub(1).and_then(|index| statements.get(index));
    let same_history = newest_known.is_some_and(|statement| digest(&statement.hash()) == head.digest);
    let skip = if same_history { known } else { 0 };
    statements.iter().skip(skip).map(|statement| Bytes(statement.encode())).collect()
}

/// Checks that a device of the roster signed this request for this hub, and says how the roster sees it. A revoked
/// device may speak; what it may do is for the hub to limit.
pub fn verify_request(
    roster: &Roster,
    hub: &VerifyKey,
    request: &SealedRequest,
) -> Result<Standing, Refusal> {
    let device = roster.device(&request.device).ok_or(Refusal::UnknownDevice)?;
    request.verify(&device.sign, hub).map_err(|_| Refusal::BadSignature)?;
    Ok(if roster.is_revoked(&request.device) { Standing::Revoked } else { Standing::Active })
}

fn digest(hash: &StatementHash) -> [u8; 8] {
    let mut out = [0; 8];
    out.iter_mut().zip(hash.as_bytes()).for_each(|(to, from)| *to = *from);
    out
}
