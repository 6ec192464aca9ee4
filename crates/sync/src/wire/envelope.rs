//! Signatures around a request and its answer, independent of what transports them.
//!
//! A request's signature covers method, path, the body's hash, the hub's pinned key, time and a nonce: it can be
//! repeated at the same hub, which is harmless, and nowhere else. The time is the device's own and is not judged,
//! because clocks in the field are wrong by years. An answer's signature covers the request that it answers, so that
//! an answer given to someone else, or to an earlier request, is not taken for this one's.

use super::{SYNC_METHOD, SYNC_PATH, decode, encode};
use crate::{MAX_BODY, SyncError};
use baraza_model::{DeviceId, Entropy, Timestamp};
use minicbor::{Decode, Encode};
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

const REQUEST_CONTEXT: &[u8] = b"baraza sync request v1";
const RESPONSE_CONTEXT: &[u8] = b"baraza sync response v1";
const ENVELOPE_VERSION: u64 = 1;

/// A hub's pinned key (Ed25519).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HubPublic(pub [u8; 32]);

/// A hub's signing key.
pub struct HubSecret {
    pair: Ed25519KeyPair,
    public: HubPublic,
}

impl HubSecret {
    /// Makes the key of a 32-byte seed.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, SyncError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| SyncError::BadKey)?;
        let public = pair.public_key().as_ref().try_into().map(HubPublic).map_err(|_| SyncError::BadKey)?;
        Ok(Self { pair, public })
    }

    /// What devices pin.
    pub fn public(&self) -> HubPublic {
        self.public
    }
}

impl std::fmt::Debug for HubSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HubSecret").finish_non_exhaustive()
    }
}

/// Who signs a request: a device, and its Ed25519 key behind a function.
#[derive(Clone, Copy)]
pub struct Signer<'k> {
    /// The device.
    pub device: DeviceId,
    /// Signs exactly these bytes; they begin with a context string of their own.
    pub sign: &'k dyn Fn(&[u8]) -> [u8; 64],
}

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
    #[cbor(n(4), with = "minicbor::bytes")]
    signature: [u8; 64],
    /// The encoded [`super::SyncRequest`].
    #[cbor(n(5), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

#[derive(Encode, Decode)]
struct SealedResponse {
    #[n(0)]
    version: u64,
    #[cbor(n(1), with = "minicbor::bytes")]
    signature: [u8; 64],
    #[cbor(n(2), with = "minicbor::bytes")]
    body: Vec<u8>,
}

/// Signs and wraps an encoded [`super::SyncRequest`] for one hub.
pub fn seal_request(
    signer: Signer<'_>,
    hub: &HubPublic,
    now: Timestamp,
    rng: &mut impl Entropy,
    body: Vec<u8>,
) -> (Vec<u8>, RequestDigest) {
    let mut sealed = SealedRequest {
        version: ENVELOPE_VERSION,
        device: signer.device,
        time: now,
        nonce: rng.bytes(),
        signature: [0; 64],
        body,
    };
    sealed.signature = (signer.sign)(&sealed.signed_bytes(hub));
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
    pub fn verify(&self, device_key: &[u8; 32], hub: &HubPublic) -> Result<(), SyncError> {
        UnparsedPublicKey::new(&ED25519, device_key)
            .verify(&self.signed_bytes(hub), &self.signature)
            .map_err(|_| SyncError::BadSignature)
    }

    fn signed_bytes(&self, hub: &HubPublic) -> Vec<u8> {
        // Every field has a fixed length or ends in NUL, so no two requests give the same bytes.
        let mut out = Vec::with_capacity(192);
        for text in [REQUEST_CONTEXT, SYNC_METHOD.as_bytes(), SYNC_PATH.as_bytes()] {
            out.extend_from_slice(text);
            out.push(0);
        }
        out.extend_from_slice(&hub.0);
        out.extend_from_slice(self.device.as_bytes());
        out.extend_from_slice(&self.time.0.to_be_bytes());
        out.extend_from_slice(&self.nonce);
        out.extend_from_slice(digest(&SHA256, &self.body).as_ref());
        out
    }
}

/// What an answer to these bytes must name.
pub fn request_digest(sealed: &[u8]) -> RequestDigest {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, sealed).as_ref());
    RequestDigest(out)
}

/// Signs and wraps an encoded [`super::SyncResponse`] to the request with that digest.
pub fn seal_response(secret: &HubSecret, request: RequestDigest, body: Vec<u8>) -> Vec<u8> {
    let mut signature = [0; 64];
    signature.copy_from_slice(secret.pair.sign(&response_bytes(request, &body)).as_ref());
    encode(&SealedResponse { version: ENVELOPE_VERSION, signature, body })
}

/// Checks that `hub` gave this answer to this request, and gives the encoded [`super::SyncResponse`].
pub fn open_response(hub: &HubPublic, request: RequestDigest, bytes: &[u8]) -> Result<Vec<u8>, SyncError> {
    if bytes.len() > MAX_BODY {
        return Err(SyncError::TooLarge { length: bytes.len(), limit: MAX_BODY });
    }
    let sealed: SealedResponse = decode(bytes)?;
    if sealed.version != ENVELOPE_VERSION {
        return Err(SyncError::UnsupportedVersion(sealed.version));
    }
    UnparsedPublicKey::new(&ED25519, &hub.0)
        .verify(&response_bytes(request, &sealed.body), &sealed.signature)
        .map_err(|_| SyncError::BadSignature)?;
    Ok(sealed.body)
}

fn response_bytes(request: RequestDigest, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(96);
    out.extend_from_slice(RESPONSE_CONTEXT);
    out.push(0);
    out.extend_from_slice(&request.0);
    out.extend_from_slice(digest(&SHA256, body).as_ref());
    out
}
