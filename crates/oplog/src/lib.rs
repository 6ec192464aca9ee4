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
//!
//! From founding to reading:
//!
//! ```
//! use baraza_model::{Entropy, FormHash, Incarnation, PartKind, RecordId, Role, Timestamp};
//! use baraza_oplog::*;
//! use std::sync::Arc;
//!
//! # struct Counter(u8);
//! # impl Entropy for Counter {
//! #     fn fill(&mut self, buf: &mut [u8]) {
//! #         for byte in buf {
//! #             self.0 = self.0.wrapping_mul(5).wrapping_add(1);
//! #             *byte = self.0;
//! #         }
//! #     }
//! # }
//! # let mut rng = Counter(1);
//! // Headquarters founds the workspace.
//! let authority = AuthoritySecret::generate(&mut rng);
//! let transport = TransportKey::generate(&mut rng);
//! let amina = DeviceSecret::generate(&mut rng);
//! let founding = Founding {
//!     authority: &authority,
//!     officer: OfficerSecret::generate(&mut rng),
//!     office: amina.public(),
//!     transport: &transport,
//!     recovery: None,
//! };
//! let (mut roster, mut author) = founding.found(&mut rng)?;
//! let (east, _statements) = author.create_team(&mut roster, &mut rng)?;
//!
//! // Yusuf joins by three files; both compare `verification_words` before the approval.
//! let expiry = Timestamp(1_000);
//! let invitation = Invitation::new(&roster, Role::TeamMember, Some(east), None, expiry, &mut rng);
//! let yusuf = DeviceSecret::generate(&mut rng);
//! let file = Request::make(&invitation, &yusuf, "Yusuf", &mut rng)?;
//! let request = Request::open(&file, &invitation, Timestamp(0))?;
//! author.add_device(&mut roster, request.device, &[east], &mut rng)?;
//! let directory = Codec::new().encode(&Payload::Directory(Directory::default()))?;
//! let file = Approval::make(&author, &roster, &request, &transport, &directory, &mut rng)?;
//! let (field_roster, _approval) = Approval::open(&file, &invitation, &yusuf)?;
//!
//! // He writes. State and ciphertext go into the vault in one transaction, payload by payload.
//! let form = FormHash([1; 32]);
//! let mut codec = Codec::new();
//! codec.insert_form(form, Arc::from(&b"g_start/adm1 safer_now"[..]))?;
//! let record = RecordId::new_v4(&mut rng);
//! let change = PartPayload {
//!     record,
//!     part: record.shared_part(),
//!     kind: PartKind::Shared,
//!     form,
//!     bytes: b"an Automerge change".to_vec(),
//! };
//! let frame = codec.encode(&Payload::Change(change.clone()))?;
//! let readers = [Reader::Group(east), Reader::Group(field_roster.hq())];
//! let compartment = Compartment::new(readers).expect("two readers");
//! let incarnation = Incarnation::random(&mut rng);
//! let me = yusuf.public();
//! let mut batch = OpenBatch::start(
//!     &field_roster, &me, incarnation, &compartment, Priority::Text, Timestamp(0), &mut rng,
//! )?;
//! let sealed = batch.seal(&frame, &mut rng)?;
//! let state = batch.encode();
//!
//! // Hand-over closes the batch: the first segment of its log.
//! let batch = OpenBatch::decode(&state)?;
//! let bytes = batch.close(&yusuf, 1, None, [Some(sealed.bytes)])?.encode();
//!
//! // Headquarters believes it, opens it and says so.
//! let mut keyring = Keyring::new();
//! keyring.absorb(&roster, &amina);
//! let segment = Segment::decode(&bytes)?;
//! let verified = segment.verify(&roster)?;
//! for opened in verified.open(&keyring)? {
//!     let (_index, frame) = opened?;
//!     assert_eq!(codec.decode(&frame)?, Payload::Change(change.clone()));
//! }
//! let mut chain = Chain::new();
//! let header = segment.header();
//! assert_eq!(chain.observe(segment.log(), header.seq, segment.hash(), header.previous), Observed::New);
//! let mut receipt = Receipt::new(roster.workspace(), amina.public().id(), incarnation, 1);
//! let (log, ranges) = (segment.log(), chain.ranges(&segment.log()));
//! receipt.logs.push(LogReceipt { log, ranges, held: vec![] });
//! let receipt = receipt.sign(&amina).verify(&field_roster)?;
//! assert!(receipt.covers(&log, 1, segment.hash(), &chain));
//! # Ok::<(), Error>(())
//! ```

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
