//! FNV-1a: quick for short names and the same on every machine, unlike the standard library's hasher.
//!
//! Keys come from forms and their attachments, which headquarters writes; nobody gains by making them collide.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map over short keys.
pub(crate) type FnvMap<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The hash of bytes, folded.
pub(crate) fn fnv(bytes: &[u8]) -> u32 {
    let mut hasher = Fnv::default();
    hasher.write(bytes);
    (hasher.0 ^ (hasher.0 >> 32)) as u32
}
