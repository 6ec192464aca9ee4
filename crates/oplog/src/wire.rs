//! Bounded, canonical CBOR (RFC 8949 §4.2.1) and the opaque byte strings of this crate.
//!
//! Invariant: [`decode`] accepts exactly the bytes that [`encode`] produces, so nothing can travel in unknown
//! fields, in longer integers or behind the value.

use crate::error::Malformed;
use minicbor::{Decode, Decoder, Encode};
use ring::digest::{Context as Digest, SHA256};
use zeroize::{Zeroize, Zeroizing};

/// Encodes a value whose encoding holds no secret.
#[allow(
    clippy::expect_used,
    reason = "writing to a Vec cannot fail, and no encoder of this crate raises errors"
)]
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("encoding to memory")
}

/// Encodes a secret into one allocation of `capacity` bytes, so that growing leaves no copies behind.
#[allow(
    clippy::expect_used,
    reason = "writing to a Vec cannot fail, and no encoder of this crate raises errors"
)]
pub(crate) fn encode_secret<T: Encode<()>>(value: &T, capacity: usize) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(capacity));
    minicbor::encode(value, &mut *out).expect("encoding to memory");
    out
}

/// Decodes a value of at most `cap` bytes that was encoded by [`encode`], and nothing else.
pub(crate) fn decode<T>(bytes: &[u8], cap: usize) -> Result<T, Malformed>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > cap {
        return Err(Malformed::TooLong { cap });
    }
    let mut decoder = Decoder::new(bytes);
    let value: T = decoder.decode().map_err(|_| Malformed::Syntax)?;
    if decoder.position() != bytes.len() {
        return Err(Malformed::Trailing);
    }
    let mut again = encode_secret(&value, bytes.len());
    let canonical = again.as_slice() == bytes;
    again.zeroize();
    if canonical { Ok(value) } else { Err(Malformed::NotCanonical) }
}

/// Checks a version number.
pub(crate) fn version(found: u8, known: u8) -> Result<(), Malformed> {
    if found == known { Ok(()) } else { Err(Malformed::Version { found }) }
}

/// Checks a number of items or a length.
pub(crate) fn limit(what: &'static str, found: usize, most: usize) -> Result<(), Malformed> {
    if found <= most { Ok(()) } else { Err(Malformed::Limit { what, most }) }
}

/// Decodes an array of at most `N` items; the length that the array claims reserves no memory.
pub(crate) fn list<'b, C, T, const N: usize>(
    d: &mut Decoder<'b>,
    ctx: &mut C,
) -> Result<Vec<T>, minicbor::decode::Error>
where
    T: Decode<'b, C>,
{
    let count = d.array()?.ok_or_else(|| minicbor::decode::Error::message("indefinite length"))?;
    if count > N as u64 {
        return Err(minicbor::decode::Error::message("too many items"));
    }
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(d.decode_with(ctx)?);
    }
    Ok(items)
}

/// SHA-256 over a context string, a zero byte and the given pieces. Context strings hold no zero byte.
pub(crate) fn hash(context: crate::Context, pieces: &[&[u8]]) -> [u8; 32] {
    let mut digest = Digest::new(&SHA256);
    digest.update(context.as_bytes());
    digest.update(&[0]);
    for piece in pieces {
        digest.update(piece);
    }
    let mut out = [0; 32];
    out.copy_from_slice(digest.finish().as_ref());
    out
}

/// The first `N` bytes of a hash.
pub(crate) fn truncate<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    const { assert!(N <= 32) };
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(hash) {
        *to = from;
    }
    out
}

/// An opaque, public byte string of fixed length, encoded as a CBOR byte string and printed as hex.
macro_rules! opaque {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads raw bytes of exactly the right length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}
pub(crate) use opaque;
