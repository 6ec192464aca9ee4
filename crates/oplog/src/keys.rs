//! Keys of devices, of the authority, of roster officers and of hubs, and the contexts they sign in.
//!
//! Keys are made from bytes that the caller gives, so that a simulation can repeat them. Signatures are Ed25519
//! (RFC 8032) over `context ‖ 0 ‖ message`.

use crate::seal::{SealKey, SealSecret, Secret32};
use crate::wire::{hash, opaque, truncate};
use baraza_model::{DeviceId, Entropy};
use minicbor::{Decode, Encode};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use zeroize::Zeroizing;

/// What a signature or a derivation is for. No two purposes share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context(&'static str);

impl Context {
    /// A request of a device to a hub.
    pub const REQUEST: Context = Context::new("baraza/v1/hub-request");
    /// A device's proof of identity over a LAN connection's TLS exporter.
    pub const LAN: Context = Context::new("baraza/v1/lan-exporter");
    /// An order to carry another device's ciphertext.
    pub const CARRY: Context = Context::new("baraza/v1/carry-order");

    pub(crate) const DEVICE_ID: Context = Context::new("baraza/v1/device-id");
    pub(crate) const TRANSPORT_ID: Context = Context::new("baraza/v1/transport-key-id");
    pub(crate) const WORDS: Context = Context::new("baraza/v1/verification-words");
    pub(crate) const GROUP_ID: Context = Context::new("baraza/v1/group-id");
    pub(crate) const COMPARTMENT_ID: Context = Context::new("baraza/v1/compartment-id");
    pub(crate) const LOG_ID: Context = Context::new("baraza/v1/log-id");
    pub(crate) const STATEMENT_BY_AUTHORITY: Context = Context::new("baraza/v1/statement-by-authority");
    pub(crate) const STATEMENT_BY_OFFICER: Context = Context::new("baraza/v1/statement-by-officer");
    pub(crate) const STATEMENT_HASH: Context = Context::new("baraza/v1/statement-hash");
    pub(crate) const EPOCH_WRAP: Context = Context::new("baraza/v1/epoch-wrap");
    pub(crate) const EPOCH_CANARY: Context = Context::new("baraza/v1/epoch-canary");
    pub(crate) const BATCH_WRAP: Context = Context::new("baraza/v1/batch-wrap");
    pub(crate) const BATCH_COMMITMENT: Context = Context::new("baraza/v1/batch-commitment");
    pub(crate) const PAYLOAD_KEY: Context = Context::new("baraza/v1/payload-key");
    pub(crate) const PAYLOAD_NEXT: Context = Context::new("baraza/v1/payload-next");
    pub(crate) const PAYLOAD_AAD: Context = Context::new("baraza/v1/payload-aad");
    pub(crate) const PAYLOAD_HASH: Context = Context::new("baraza/v1/payload-hash");
    pub(crate) const SEGMENT: Context = Context::new("baraza/v1/segment");
    pub(crate) const SEGMENT_HASH: Context = Context::new("baraza/v1/segment-hash");
    pub(crate) const FORM_TAG: Context = Context::new("baraza/v1/form-tag");
    pub(crate) const RECEIPT: Context = Context::new("baraza/v1/receipt");
    pub(crate) const REQUEST_KEY: Context = Context::new("baraza/v1/enrol-request-key");
    pub(crate) const REQUEST_SIGNATURE: Context = Context::new("baraza/v1/enrol-request");
    pub(crate) const APPROVAL_SEAL: Context = Context::new("baraza/v1/enrol-approval-seal");
    pub(crate) const APPROVAL_SIGNATURE: Context = Context::new("baraza/v1/enrol-approval");
    pub(crate) const INVITATION_CHECK: Context = Context::new("baraza/v1/invitation-checksum");

    /// A context of another crate, `baraza/v1/purpose`. It must hold no zero byte (checked when compiled as a
    /// constant) and be unique in the product.
    pub const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let mut rest = bytes;
        while let [first, tail @ ..] = rest {
            assert!(*first != 0, "a context string holds no zero byte");
            rest = tail;
        }
        Self(text)
    }

    pub(crate) fn as_bytes(self) -> &'static [u8] {
        self.0.as_bytes()
    }

    fn frame(self, message: &[u8]) -> Vec<u8> {
        [self.as_bytes(), &[0], message].concat()
    }
}

opaque!(/// An Ed25519 public key.
    VerifyKey, 32);
opaque!(/// An Ed25519 signature.
    Signature, 64);
opaque!(/// Names the workspace's transport key without telling it.
    TransportKeyId, 8);

/// The signature is not this key's over this message in this context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

impl VerifyKey {
    /// Checks a signature.
    pub fn verify(
        &self,
        context: Context,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(&context.frame(message), &signature.0)
            .map_err(|_| BadSignature)
    }
}

#[allow(clippy::expect_used, reason = "any 32 bytes are an Ed25519 seed")]
fn pair(seed: &Secret32) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("32 bytes")
}

fn public_of(seed: &Secret32) -> VerifyKey {
    let mut out = [0; 32];
    out.copy_from_slice(pair(seed).public_key().as_ref());
    VerifyKey(out)
}

fn sign_with(seed: &Secret32, context: Context, message: &[u8]) -> Signature {
    let mut out = [0; 64];
    out.copy_from_slice(pair(seed).sign(&context.frame(message)).as_ref());
    Signature(out)
}

macro_rules! signer {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(Secret32);

        impl $name {
            /// Takes the caller's bytes as the Ed25519 seed.
            pub fn from_seed(seed: &[u8; 32]) -> Self {
                Self(Secret32::new(seed))
            }

            /// Draws a key.
            pub fn generate(rng: &mut impl Entropy) -> Self {
                Self(Secret32::random(rng))
            }

            /// The seed, to be stored.
            pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
                Zeroizing::new(*self.0.expose())
            }

            /// The public half.
            pub fn public(&self) -> VerifyKey {
                public_of(&self.0)
            }

            /// Signs.
            pub fn sign(&self, context: Context, message: &[u8]) -> Signature {
                sign_with(&self.0, context, message)
            }
        }
    };
}

signer!(/// The workspace's root key. It is kept offline and only appoints officers.
    AuthoritySecret);
signer!(/// The key that extends the roster during one term.
    OfficerSecret);
signer!(/// The key by which a hub proves that it is the one that was pinned.
    HubSecret);

/// A device's two private keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSecret {
    sign: Secret32,
    seal: SealSecret,
}

/// A device's two public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct DevicePublic {
    /// Checks what the device signs.
    #[n(0)]
    pub sign: VerifyKey,
    /// Seals to the device.
    #[n(1)]
    pub seal: SealKey,
}

impl DeviceSecret {
    /// Takes 64 bytes: the Ed25519 seed, then the X25519 private key.
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        let (sign, seal) = bytes.split_at(32);
        let mut halves = Zeroizing::new([[0; 32]; 2]);
        let [first, second] = &mut *halves;
        first.copy_from_slice(sign);
        second.copy_from_slice(seal);
        Self { sign: Secret32::new(first), seal: SealSecret::from_bytes(second) }
    }

    /// Draws both keys.
    pub fn generate(rng: &mut impl Entropy) -> Self {
        let bytes = Zeroizing::new(rng.bytes());
        Self::from_bytes(&bytes)
    }

    /// The bytes that [`Self::from_bytes`] takes, for the vault.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 64]> {
        let mut out = Zeroizing::new([0; 64]);
        let (sign, seal) = out.split_at_mut(32);
        sign.copy_from_slice(self.sign.expose());
        seal.copy_from_slice(self.seal.0.expose());
        out
    }

    /// The public halves.
    pub fn public(&self) -> DevicePublic {
        DevicePublic { sign: public_of(&self.sign), seal: self.seal.public() }
    }

    /// Signs.
    pub fn sign(&self, context: Context, message: &[u8]) -> Signature {
        sign_with(&self.sign, context, message)
    }

    /// The key that opens what is sealed to this device.
    pub fn seal_secret(&self) -> &SealSecret {
        &self.seal
    }
}

impl DevicePublic {
    /// The first 16 bytes of a hash of both keys.
    pub fn id(&self) -> DeviceId {
        DeviceId(truncate(hash(Context::DEVICE_ID, &[&self.sign.0, &self.seal.0])))
    }
}

/// The key under which bundles hide their structure. It never rotates and protects no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportKey(pub(crate) Secret32);

impl TransportKey {
    /// Takes the caller's bytes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Secret32::new(bytes))
    }

    /// Draws a key.
    pub fn generate(rng: &mut impl Entropy) -> Self {
        Self(Secret32::random(rng))
    }

    /// The key itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Its public name.
    pub fn id(&self) -> TransportKeyId {
        TransportKeyId(truncate(hash(Context::TRANSPORT_ID, &[self.0.expose()])))
    }
}
