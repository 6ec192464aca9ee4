//! ChaCha20-Poly1305 (RFC 8439) with a fresh random nonce in front of the ciphertext.
//!
//! Associated data names the use and the owner, so that one thing cannot stand in for another.

use crate::{Error, Result};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// A 32-byte key that is zeroed when dropped.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// Draws random bytes from the operating system.
pub(crate) fn random<const N: usize>(rng: &SystemRandom) -> Result<[u8; N]> {
    let mut out = [0; N];
    rng.fill(&mut out).map_err(|_| Error::NoRandomness)?;
    Ok(out)
}

fn cipher(key: &Key) -> Result<LessSafeKey> {
    UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).map(LessSafeKey::new).map_err(|_| Error::Cipher)
}

/// Encrypts: nonce ‖ ciphertext ‖ tag.
pub(crate) fn seal(rng: &SystemRandom, key: &Key, context: &str, owner: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = random(rng)?;
    let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + CHACHA20_POLY1305.tag_len());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let (_, body) = out.split_at_mut(NONCE_LEN);
    let tag = cipher(key)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad(context, owner), body)
        .map_err(|_| Error::Cipher)?;
    out.extend_from_slice(tag.as_ref());
    Ok(out)
}

/// Decrypts what [`seal`] made for the same context and owner.
pub(crate) fn open(key: &Key, context: &str, owner: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Error::Cipher)?;
    let mut out = Zeroizing::new(body.to_vec());
    let length = cipher(key)?
        .open_in_place(Nonce::assume_unique_for_key(*nonce), aad(context, owner), out.as_mut_slice())
        .map_err(|_| Error::Cipher)?
        .len();
    out.truncate(length);
    Ok(out)
}

fn aad(context: &str, owner: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([context.as_bytes(), &[0], owner].concat())
}
