//! Sealing to a key (HPKE, RFC 9180, base mode) and under a key (ChaCha20-Poly1305, RFC 8439; HKDF, RFC 5869).
//!
//! A sealed item is `suite ‖ encapsulated key ‖ ciphertext ‖ tag`. The suite byte names X25519-HKDF-SHA256 with
//! HKDF-SHA256 and ChaCha20-Poly1305; another value makes room for a hybrid suite.

use crate::{Context, wire::opaque};
use baraza_model::Entropy;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable};
use ring::{aead, hkdf};
use secrecy::{ExposeSecret, SecretBox};
use std::convert::Infallible;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305.
const SUITE: u8 = 1;
const ENCAPPED: usize = 32;
pub(crate) const TAG: usize = 16;
pub(crate) const NONCE: usize = 12;
/// How much longer a sealed item is than what it holds.
pub(crate) const SEAL_OVERHEAD: usize = 1 + ENCAPPED + TAG;

opaque!(/// An X25519 public key to which something can be sealed.
    SealKey, 32);

/// Sealing or opening failed. Deliberately without a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key does not fit the sealed item")]
pub struct Unsealable;

impl Unsealable {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        "seal.unsealable"
    }
}

/// 32 secret bytes: zeroised when dropped, never printed, compared in constant time.
pub(crate) struct Secret32(SecretBox<[u8; 32]>);

impl Secret32 {
    pub(crate) fn new(bytes: &[u8; 32]) -> Self {
        Self(SecretBox::init_with_mut(|to: &mut [u8; 32]| to.copy_from_slice(bytes)))
    }

    pub(crate) fn random(rng: &mut impl Entropy) -> Self {
        Self(SecretBox::init_with_mut(|to: &mut [u8; 32]| rng.fill(to)))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::new)
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }

    /// HKDF-Expand of this uniformly random secret: `context ‖ 0 ‖ info`.
    pub(crate) fn derive(&self, context: Context, info: &[u8]) -> Secret32 {
        struct Length;
        impl hkdf::KeyType for Length {
            fn len(&self) -> usize {
                32
            }
        }
        let prk = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, self.expose());
        Self(SecretBox::init_with_mut(|to: &mut [u8; 32]| {
            let filled = prk.expand(&[context.as_bytes(), &[0], info], Length).and_then(|okm| okm.fill(to));
            #[allow(clippy::expect_used, reason = "32 bytes are far within HKDF's limit")]
            filled.expect("32 bytes");
        }))
    }
}

impl Clone for Secret32 {
    fn clone(&self) -> Self {
        Self::new(self.expose())
    }
}

impl PartialEq for Secret32 {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for Secret32 {}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret32(…)")
    }
}

impl<C> minicbor::Encode<C> for Secret32 {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(self.expose())?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Secret32 {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Self::from_slice(d.bytes()?).ok_or_else(|| minicbor::decode::Error::message("32 bytes expected"))
    }
}

/// The private half of a [`SealKey`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealSecret(pub(crate) Secret32);

/// Gives `hpke` the bytes that the caller's entropy draws.
struct Adapter<'a, E>(&'a mut E);

impl<E: Entropy> TryRng for Adapter<'_, E> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.0.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.0.bytes()))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(dst);
        Ok(())
    }
}

impl<E: Entropy> TryCryptoRng for Adapter<'_, E> {}

impl SealKey {
    /// Seals to this key; `aad` is not carried along.
    pub fn seal(
        &self,
        context: Context,
        aad: &[u8],
        plaintext: &[u8],
        rng: &mut impl Entropy,
    ) -> Result<Vec<u8>, Unsealable> {
        let key = <Kem as hpke::Kem>::PublicKey::from_bytes(&self.0).map_err(|_| Unsealable)?;
        let (encapped, sealed) = hpke::single_shot_seal_with_rng::<Aead, Kdf, Kem>(
            &OpModeS::Base,
            &key,
            context.as_bytes(),
            plaintext,
            aad,
            &mut Adapter(rng),
        )
        .map_err(|_| Unsealable)?;
        let mut out = Vec::with_capacity(SEAL_OVERHEAD + plaintext.len());
        out.push(SUITE);
        out.extend_from_slice(&encapped.to_bytes());
        out.extend_from_slice(&sealed);
        Ok(out)
    }
}

impl SealSecret {
    /// Takes the caller's bytes as a private key.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Secret32::new(bytes))
    }

    /// Draws a private key.
    pub fn generate(rng: &mut impl Entropy) -> Self {
        Self(Secret32::random(rng))
    }

    /// The private key's bytes, for the vault.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(*self.0.expose())
    }

    /// The public half.
    #[allow(clippy::expect_used, reason = "any 32 bytes are an X25519 private key")]
    pub fn public(&self) -> SealKey {
        let secret = <Kem as hpke::Kem>::PrivateKey::from_bytes(self.0.expose()).expect("32 bytes");
        let mut out = [0; 32];
        out.copy_from_slice(&Kem::sk_to_pk(&secret).to_bytes());
        SealKey(out)
    }

    /// Opens what was sealed to [`Self::public`] with the same context and `aad`.
    pub fn open(
        &self,
        context: Context,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (head, ciphertext) = sealed.split_at_checked(1 + ENCAPPED).ok_or(Unsealable)?;
        let (&[suite], encapped) = head.split_first_chunk::<1>().ok_or(Unsealable)?;
        if suite != SUITE {
            return Err(Unsealable);
        }
        let secret = <Kem as hpke::Kem>::PrivateKey::from_bytes(self.0.expose()).map_err(|_| Unsealable)?;
        let encapped = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapped).map_err(|_| Unsealable)?;
        hpke::single_shot_open::<Aead, Kdf, Kem>(
            &OpModeR::Base,
            &secret,
            &encapped,
            context.as_bytes(),
            ciphertext,
            aad,
        )
        .map(Zeroizing::new)
        .map_err(|_| Unsealable)
    }
}

/// Seals under a key used with random nonces only: `nonce ‖ ciphertext ‖ tag`.
pub(crate) fn aead_seal(key: &Secret32, aad: &[u8], plaintext: &[u8], rng: &mut impl Entropy) -> Vec<u8> {
    let nonce: [u8; NONCE] = rng.bytes();
    let mut out = Vec::with_capacity(NONCE + plaintext.len() + TAG);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plaintext);
    let (_, body) = out.split_at_mut(NONCE);
    let tag = aead_key(key).seal_in_place_separate_tag(
        aead::Nonce::assume_unique_for_key(nonce),
        aead::Aad::from(aad),
        body,
    );
    #[allow(clippy::expect_used, reason = "fails only beyond 256 GiB; the caps are far below")]
    out.extend_from_slice(tag.expect("short message").as_ref());
    out
}

/// Opens what [`aead_seal`] made.
pub(crate) fn aead_open(key: &Secret32, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE>().ok_or(Unsealable)?;
    let mut out = Zeroizing::new(body.to_vec());
    let nonce = aead::Nonce::assume_unique_for_key(*nonce);
    let opened =
        aead_key(key).open_in_place(nonce, aead::Aad::from(aad), &mut out).map_err(|_| Unsealable)?;
    let len = opened.len();
    out.truncate(len);
    Ok(out)
}

#[allow(clippy::expect_used, reason = "the algorithm's keys have 32 bytes")]
fn aead_key(key: &Secret32) -> aead::LessSafeKey {
    let key = aead::UnboundKey::new(&aead::CHACHA20_POLY1305, key.expose()).expect("32 bytes");
    aead::LessSafeKey::new(key)
}
