//! Keys, and ChaCha20-Poly1305 (RFC 8439) with a fresh random nonce in front of the ciphertext.
//!
//! Associated data names the use and the owner, so that one thing cannot stand in for another. Keys live on the
//! heap and are zeroed there; the stack that ciphers used, where expanded keys and moved values stay behind, is
//! overwritten after each use. A test searches the memory of the process for both.

use crate::{Error, Result};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::{Zeroize, Zeroizing};

/// A 32-byte key that is zeroed when dropped and is never moved out of its place.
#[derive(Clone)]
pub(crate) struct Key(Box<[u8; 32]>);

impl Key {
    /// Draws a key.
    pub(crate) fn random(rng: &SystemRandom) -> Result<Self> {
        let mut key = Self(Box::default());
        rng.fill(key.0.as_mut_slice()).map_err(|_| Error::NoRandomness)?;
        Ok(key)
    }

    /// Copies a key; `None` where it is not 32 bytes long.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Box::default());
        if bytes.len() != key.0.len() {
            return None;
        }
        key.0.copy_from_slice(bytes);
        Some(key)
    }

    /// Lets `fill` write a key in its place.
    pub(crate) fn fill<E>(fill: impl FnOnce(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self(Box::default());
        fill(key.0.as_mut_slice())?;
        Ok(key)
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Draws random bytes from the operating system.
pub(crate) fn random<const N: usize>(rng: &SystemRandom) -> Result<[u8; N]> {
    let mut out = [0; N];
    rng.fill(&mut out).map_err(|_| Error::NoRandomness)?;
    Ok(out)
}

/// Encrypts: nonce ‖ ciphertext ‖ tag.
pub(crate) fn seal(
    rng: &SystemRandom,
    key: &Key,
    context: &str,
    owner: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = random(rng)?;
    let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + CHACHA20_POLY1305.tag_len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let (_, body) = out.split_at_mut(NONCE_LEN);
    let sealed = seal_in_place(key, nonce, aad(context, owner), body);
    scrub_stack();
    if sealed.is_err() {
        out.zeroize();
    }
    out.extend_from_slice(&sealed?);
    Ok(out)
}

/// Decrypts what [`seal`] made for the same context and owner.
pub(crate) fn open(key: &Key, context: &str, owner: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Error::Cipher)?;
    let mut out = Zeroizing::new(body.to_vec());
    let length = open_in_place(key, *nonce, aad(context, owner), &mut out);
    scrub_stack();
    out.truncate(length?);
    Ok(out)
}

#[inline(never)]
fn seal_in_place(key: &Key, nonce: [u8; NONCE_LEN], aad: Aad<Vec<u8>>, body: &mut [u8]) -> Result<Vec<u8>> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = cipher(key)?.seal_in_place_separate_tag(nonce, aad, body).map_err(|_| Error::Cipher)?;
    Ok(tag.as_ref().to_vec())
}

#[inline(never)]
fn open_in_place(key: &Key, nonce: [u8; NONCE_LEN], aad: Aad<Vec<u8>>, body: &mut [u8]) -> Result<usize> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let plain = cipher(key)?.open_in_place(nonce, aad, body).map_err(|_| Error::Cipher)?;
    Ok(plain.len())
}

fn cipher(key: &Key) -> Result<LessSafeKey> {
    UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).map(LessSafeKey::new).map_err(|_| Error::Cipher)
}

fn aad(context: &str, owner: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([context.as_bytes(), &[0], owner].concat())
}

/// Overwrites the stack below the caller, as deep as the ciphers reach and some more.
#[inline(never)]
pub(crate) fn scrub_stack() {
    std::hint::black_box(&mut [0_u8; 8 * 1024]);
}
