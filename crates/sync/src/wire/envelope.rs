//! Signatures around a request and its answer, independent of what transports them.
//!
//! A request's signature covers method, path, the body's hash, the hub's pinned key, time and a nonce: it can be
//! repeated at the same hub, which is harmless, and nowhere else. The time is the device's own and is not judged,
//! because clocks in the field are wrong by years. An answer's signature covers the request that it answers, so that
//! an answer given to someone else, or to an earlier request, is not taken for this one's.

use super::{SYNC_METHOD, SYNC_PATH, decode, encode};
use crate::{MAX_BODY, SyncError};
use baraza_model::{DeviceId, Entropy, Timestamp};
use baraza_oplog::{Context, DeviceSecret, HubSecret, Signature, VerifyKey};
use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};

const ANSWER: Context = Context::new("baraza/v1/hub-answer");
const ENVELOPE_VERSION: u64 = 1;

/// SHA-256 of a sealed request: what its answer must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestDigest(pub [u8; 32]);

/// A request whose signature was not checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedRequest {
    #[n(0)]
    version: u64,
    /// Who claims to have signed it.
    #[n(1)]
    pub device: DeviceId,
    /// When, by that device's clock.
    #[n(2)]
    pub time: Timestamp,
    #[cbor(n(3), with = "minicbor::bytes")]
    nonce: [u8; 12],
    #[n(4)]
    signature: Signature,
    /// The encoded [`super::SyncRequest`].
    #[cbor(n(5), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

#[derive(Encode, Decode)]
struct SealedResponse {
    #[n(0)]
    version: u64,
    #[n(1)]
    signature: Signature,
    #[cbor(n(2), with = "minicbor::bytes")]
    body: Vec<u8>,
}

/// Signs and wraps an encoded [`super::SyncRequest`] for one hub.
pub fn seal_request(
    device: &DeviceSecret,
    hub: &VerifyKey,
    now: Timestamp,
    rng: &mut impl Entropy,
    body: Vec<u8>,
) -> (Vec<u8>, RequestDigest) {
    let mut sealed = SealedRequest {
        version: ENVELOPE_VERSION,
        device: device.public().id(),
        time: now,
        nonce: rng.bytes(),
        signature: Signature([0; 64]),
        body,
    };
    sealed.signature = device.sign(Context::REQUEST, &sealed.signed_bytes(hub));
    let bytes = encode(&sealed);
    let digest = request_digest(&bytes);
    (bytes, digest)
}

impl SealedRequest {
    /// Unwraps without checking the signature.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SyncError> {
        let sealed: Self = decode(bytes)?;
        if sealed.version != ENVELOPE_VERSION {
            return Err(SyncError::UnsupportedVersion(sealed.version));
        }
        Ok(sealed)
    }

    /// Checks the signature with the key that the roster holds for [`SealedRequest::device`].
    pub fn verify(&self, device: &VerifyKey, hub: &VerifyKey) -> Result<(), SyncError> {
        device
            .verify(Context::REQUEST, &self.signed_bytes(hub), &self.signature)
            .map_err(|_| SyncError::BadSignature)
    }

    /// Every field but the body's hash has a fixed length or ends in NUL, so no two requests give the same bytes.
    fn signed_bytes(&self, hub: &VerifyKey) -> Vec<u8> {
        let time = self.time.0.to_be_bytes();
        let body = digest(&SHA256, &self.body);
        [
            SYNC_METHOD.as_bytes(),
            &[0],
            SYNC_PATH.as_bytes(),
            &[0],
            hub.as_bytes(),
            self.device.as_bytes(),
            &time,
            &self.nonce,
            body.as_ref(),
        ]
        .concat()
    }
}

/// What an answer to these bytes must name.
pub fn request_digest(sealed: &[u8]) -> RequestDigest {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, sealed).as_ref());
    RequestDigest(out)
}

/// Signs and wraps an encoded [`super::SyncResponse`] to the request with that digest.
pub fn seal_response(hub: &HubSecret, request: RequestDigest, body: Vec<u8>) -> Vec<u8> {
    let signature = hub.sign(ANSWER, &response_bytes(request, &body));
    encode(&SealedResponse { version: ENVELOPE_VERSION, signature, body })
}

/// Checks that `hub` gave this answer to this request, and gives the encoded [`super::SyncResponse`].
pub fn open_response(hub: &VerifyKey, request: RequestDigest, bytes: &[u8]) -> Result<Vec<u8>, SyncError> {
    if bytes.len() > MAX_BODY {
        return Err(SyncError::TooLarge { length: bytes.len(), limit: MAX_BODY });
    }
    let sealed: SealedResponse = decode(bytes)?;
    if sealed.version != ENVELOPE_VERSION {
        return Err(SyncError::UnsupportedVersion(sealed.version));
    }
    hub.verify(ANSWER, &response_bytes(request, &sealed.body), &sealed.signature)
        .map_err(|_| SyncError::BadSignature)?;
    Ok(sealed.body)
}

fn response_bytes(request: RequestDigest, body: &[u8]) -> Vec<u8> {
    [&request.0, digest(&SHA256, body).as_ref()].concat()
}
