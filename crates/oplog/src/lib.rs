//! What is signed, sealed and chained: keys, roster, reader groups and their epochs, batches and segments.
//!
//! Invariants:
//! - Pure: no I/O, no clock, no randomness of its own. Random bytes come in as [`baraza_model::Entropy`].
//! - Every signature and every derivation has a context string of its own ([`Context`]).
//! - A received byte string is decoded only below a length cap, must be canonical CBOR of a known version and
//!   must end where its value ends.
//! - Secrets are zeroised when dropped, are never printed, and are compared in constant time. (ring and hpke
//!   keep short-lived copies inside a call, which this crate cannot wipe.)
//! - A key is found by group id and epoch and then checked by commitment; nothing is decrypted on trial.
//! - Deliberately absent: names and roles outside ciphertext, Automerge hashes, ids ordered by time.

mod approval;
mod author;
mod batch;
mod chain;
mod codec;
mod compartment;
mod enrol;
mod error;
mod founding;
mod graph;
mod keyring;
mod keys;
mod payload;
mod queries;
mod receipt;
mod roster;
mod seal;
mod segment;
mod statement;
mod text;
mod verify;
mod wire;
mod words;

pub use approval::Approval;
pub use author::{Author, appoint_officer};
pub use batch::{BatchError, OpenBatch, SealedPayload};
pub use chain::{Ancestry, Chain, Observed, Range};
pub use codec::{Codec, FormTag, MAX_FRAME, padded_len};
pub use compartment::{Compartment, CompartmentId, Priority, Reader, ReaderKey, log_id};
pub use enrol::{EnrolError, HubAddress, Invitation, InvitationId, Request};
pub use error::{Disposition, Error, Malformed};
pub use founding::{Founding, WorkspaceFile};
pub use keyring::{Absorbed, Keyring};
pub use keys::{
    AuthoritySecret, BadSignature, Context, DevicePublic, DeviceSecret, HubSecret, OfficerSecret, Signature,
    TransportKey, TransportKeyId, VerifyKey,
};
pub use payload::{Directory, DirectoryDevice, DirectoryGroup, PartPayload, Payload, PayloadError};
pub use receipt::{Held, LogReceipt, Receipt, ReceiptBook, ReceiptError, SignedReceipt};
pub use roster::{Applied, Position, Roster, RosterError};
pub use seal::{SealKey, SealSecret, Unsealable};
pub use segment::{Header, MAX_PAYLOADS, MAX_SEGMENT, PayloadEntry, Segment};
pub use statement::{Action, Cut, EpochWrap, Member, SignedStatement, Statement, StatementHash, WrapTarget};
pub use verify::{OpenError, Opened, PayloadState, Verified, VerifyError};
pub use words::{WORDS, verification_words};

#[cfg(test)]
mod tests;
