//! Judging what a device brings, by its signatures alone. Pure: a roster and bytes in, a judgement out.

use crate::store::{Admitted, Placed};
use baraza_model::DeviceId;
use baraza_oplog::{
    PayloadEntry, Priority, Reader, Receipt, ReceiptError, Roster, Segment, SignedReceipt, VerifyError,
};
use baraza_sync::wire::{PushOutcome, SegmentRef};

/// Judges a segment that a device of the roster brought. `revoked`: the device that brings it, if it was revoked;
/// then everything it brings is held apart, which
/// means that it is given to headquarters only, for review.
pub(crate) fn admit<'b>(
    roster: &Roster,
    revoked: Option<DeviceId>,
    bytes: &'b [u8],
) -> Result<Admitted<'b>, PushOutcome> {
    let segment = Segment::decode(bytes).map_err(|_| PushOutcome::Malformed)?;
    let header = segment.header();
    let past_cut = match segment.verify(roster) {
        Ok(_) => None,
        Err(VerifyError::PastCut { device, .. }) => Some(device),
        Err(VerifyError::WrongWorkspace) => return Err(PushOutcome::WrongWorkspace),
        Err(VerifyError::BadSignature) => return Err(PushOutcome::BadSignature),
        Err(VerifyError::UnknownDevice(_) | VerifyError::NewerRoster { .. }) => {
            return Err(PushOutcome::WaitsForRoster);
        }
    };
    let compartment = header.compartment().map_err(|_| PushOutcome::Malformed)?;
    let apart = revoked.or(past_cut);
    let headquarters = [Reader::Group(roster.hq()), Reader::Group(roster.hq_severe())];
    let readers =
        compartment.readers().iter().filter(|reader| apart.is_none() || headquarters.contains(reader));
    Ok(Admitted {
        id: SegmentRef { log: segment.log(), seq: header.seq, hash: segment.hash() },
        previous: header.previous,
        author: header.device,
        class: i64::from(header.priority != Priority::Alert),
        readers: readers.copied().collect(),
        erased: erased_payloads(&segment)?,
        placed: match apart {
            Some(quota_of) => Placed::Apart { quota_of },
            None => Placed::ForReaders,
        },
        bytes,
    })
}

/// How many payloads are missing. A damaged one refuses the segment: were it kept, the good copy that comes by
/// another way would be taken for a duplicate.
fn erased_payloads(segment: &Segment) -> Result<i64, PushOutcome> {
    let mut erased = 0;
    for (index, entry) in (0u32..).zip(&segment.header().payloads) {
        match segment.payload(index) {
            None => erased += 1,
            Some(bytes) if PayloadEntry::of(bytes) == *entry => {}
            Some(_) => return Err(PushOutcome::BadSignature),
        }
    }
    Ok(erased)
}

/// Judges a receipt.
pub(crate) fn admit_receipt(roster: &Roster, bytes: &[u8]) -> Result<Receipt, PushOutcome> {
    let signed = SignedReceipt::decode(bytes).map_err(|_| PushOutcome::Malformed)?;
    signed.verify(roster).map_err(|error| match error {
        ReceiptError::Malformed(_) => PushOutcome::Malformed,
        ReceiptError::WrongWorkspace => PushOutcome::WrongWorkspace,
        ReceiptError::NotAnOffice(_) => PushOutcome::WaitsForRoster,
        ReceiptError::BadSignature => PushOutcome::BadSignature,
    })
}
