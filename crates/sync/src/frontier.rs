//! How far a device has read a hub.
//!
//! A [`Token`] is made by the hub and opaque to the device, but for the id of the store that it belongs to: where a
//! hub answers with another store id (it was restored, replaced, or lost its data), what the device once handed over
//! may be gone, and the device compares everything it still holds.

use crate::SyncError;
use minicbor::{Decode, Encode};

/// One life of a hub's store: random, drawn when the store is made and whenever it was set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct StoreId(#[cbor(with = "minicbor::bytes")] pub [u8; 8]);

/// How far a device has read one store of one hub.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Token {
    /// The store it belongs to.
    #[n(0)]
    pub store: StoreId,
    /// Cursors, for the hub alone.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub opaque: Vec<u8>,
}

impl Token {
    /// Longest opaque part, in bytes.
    pub const MAX_OPAQUE: usize = 1024;

    /// The bytes that a device keeps between two exchanges.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::wire::encode(self)
    }

    /// Reads what [`Token::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SyncError> {
        let token: Self = crate::wire::decode(bytes)?;
        if token.opaque.len() > Self::MAX_OPAQUE {
            return Err(SyncError::TooLarge { length: token.opaque.len(), limit: Self::MAX_OPAQUE });
        }
        Ok(token)
    }
}
