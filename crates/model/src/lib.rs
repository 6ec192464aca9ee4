//! Words that every crate shares: ids, sensitivity, roles, answers and the edits that change them.
//!
//! Invariants: no I/O, no clock and no randomness; ids are opaque bytes and are printed as lower-case hex;
//! every type that travels or is stored has its own versioned CBOR shape (`minicbor`, see `schemas/wire.cddl`).

mod answer;
mod diagnostic;
mod entropy;
mod id;
mod policy;

pub use answer::{Answer, AnswerPath, Answers, Edit, Instance};
pub use diagnostic::{Diagnostic, Place, Severity};
pub use entropy::Entropy;
pub use id::{
    DeviceId, FormHash, GroupId, Incarnation, InstanceId, InvalidId, LogId, PartId, RecordId, SegmentHash,
    WorkspaceId,
};
pub use policy::{PartKind, Role, Sensitivity, Sharing, Status, Timestamp};
