//! How changes travel and how parts are kept.
//!
//! A change on its way is the body of Automerge's change chunk without what its receiver knows:
//!
//! ```text
//! change    = version(1) flags  [deps, unless flag 1: "the genesis only"]  suffix(8)  the body from `seq` on
//! part      = version(2) count  (len body)*        in causal order, without genesis and seeds
//! ```
//!
//! Gone are magic, checksum (the payload is authenticated), the constant dependency and the actor's prefix, which
//! follows from the signer: 56 incompressible bytes of a record. A part names actors in full, since whoever sends
//! a snapshot is not the author of all of it.

use crate::bytes::{Reader, put_uleb};
use crate::decode::read_deps;
use crate::error::{MAX_CHANGE_BYTES, MAX_CHANGES, MAX_PART_BYTES};
use crate::{ActorPrefix, RecordError, seed};

const CHANGE_VERSION: u8 = 1;
const PART_VERSION: u8 = 2;
const AFTER_GENESIS: u8 = 1;
const ACTOR_LEN: u8 = 16;

/// Packs a body for its way.
pub(crate) fn pack_change(body: &[u8]) -> Result<Vec<u8>, RecordError> {
    let mut from = Reader::new(body);
    let deps = read_deps(&mut from)?;
    let deps_len = body.len() - from.rest().len();
    let (len, _prefix, suffix) = (from.byte()?, from.array::<8>()?, from.array::<8>()?);
    if len != ACTOR_LEN {
        return Err(RecordError::ForeignActor);
    }
    let mut out = vec![CHANGE_VERSION];
    if deps.as_slice() == [seed::genesis().id] {
        out.push(AFTER_GENESIS);
    } else {
        out.push(0);
        out.extend(body.iter().take(deps_len));
    }
    out.extend_from_slice(&suffix);
    out.extend_from_slice(from.rest());
    Ok(out)
}

/// Rebuilds the body that `signer` packed.
pub(crate) fn unpack_change(bytes: &[u8], signer: ActorPrefix) -> Result<Vec<u8>, RecordError> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(RecordError::TooLarge { what: "a change", limit: MAX_CHANGE_BYTES });
    }
    let mut from = Reader::new(bytes);
    let [version, flags] = from.array()?;
    if version != CHANGE_VERSION {
        return Err(RecordError::UnknownVersion(version));
    }
    let mut body = Vec::with_capacity(bytes.len() + 56);
    match flags {
        AFTER_GENESIS => {
            body.push(1);
            body.extend_from_slice(&seed::genesis().id.0);
        }
        0 => {
            let start = from.rest();
            let deps = read_deps(&mut from)?;
            if deps.as_slice() == [seed::genesis().id] {
                return Err(RecordError::Malformed("the dependencies are not in their shortest form"));
            }
            body.extend(start.iter().take(start.len() - from.rest().len()));
        }
        _ => return Err(RecordError::Malformed("a flag is not known")),
    }
    body.push(ACTOR_LEN);
    body.extend_from_slice(&signer.0);
    body.extend_from_slice(&from.array::<8>()?);
    body.extend_from_slice(from.rest());
    Ok(body)
}

/// Packs a part's bodies.
pub(crate) fn pack_part<'a>(bodies: impl ExactSizeIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut out = vec![PART_VERSION];
    put_uleb(&mut out, bodies.len() as u64);
    for body in bodies {
        put_uleb(&mut out, body.len() as u64);
        out.extend_from_slice(body);
    }
    out
}

/// Reads a part's bodies.
pub(crate) fn unpack_part(bytes: &[u8]) -> Result<Vec<&[u8]>, RecordError> {
    if bytes.len() > MAX_PART_BYTES {
        return Err(RecordError::TooLarge { what: "a part", limit: MAX_PART_BYTES });
    }
    let mut from = Reader::new(bytes);
    let version = from.byte()?;
    if version != PART_VERSION {
        return Err(RecordError::UnknownVersion(version));
    }
    let count = from.uleb()?;
    let mut bodies = Vec::new();
    for _ in 0..count {
        if bodies.len() >= MAX_CHANGES {
            return Err(RecordError::TooLarge { what: "a part's list of changes", limit: MAX_CHANGES });
        }
        let len = from.uleb()?;
        bodies.push(from.take(len)?);
    }
    if !from.is_empty() {
        return Err(RecordError::Malformed("bytes follow the part"));
    }
    Ok(bodies)
}
