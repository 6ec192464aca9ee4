//! The messages between a device and a hub, as CBOR (RFC 8949) arrays (`schemas/sync.cddl`).
//!
//! One request pushes and pulls; its answer says of every segment what became of it. Both are wrapped in an
//! [`envelope`] that carries a signature, so that they mean the same whatever transports them.

mod admission;
mod bounded;
pub mod envelope;
mod message;

pub use admission::{statements_after, verify_request};
pub use message::{
    Bytes, LogRange, PushOutcome, Refusal, RosterHead, SegmentRef, Standing, SyncRequest, SyncResponse,
};

use crate::{MAX_BODY, SyncError};

/// Method and path of the one request of this protocol; both are covered by its signature.
pub const SYNC_METHOD: &str = "POST";
/// See [`SYNC_METHOD`].
pub const SYNC_PATH: &str = "/v1/sync";

/// The version of [`SyncRequest`] and [`SyncResponse`].
pub const WIRE_VERSION: u64 = 1;

pub(crate) fn encode<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to a `Vec` cannot fail, and none of our types fails to encode.
    let _ = minicbor::encode(value, &mut out);
    out
}

/// Decodes exactly one value: a rest behind it is an error.
pub(crate) fn decode<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, SyncError> {
    if bytes.len() > MAX_BODY {
        return Err(SyncError::TooLarge { length: bytes.len(), limit: MAX_BODY });
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| SyncError::Malformed("not the expected CBOR"))?;
    if decoder.position() != bytes.len() {
        return Err(SyncError::Malformed("bytes behind the end"));
    }
    Ok(value)
}
