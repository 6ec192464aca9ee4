//! From a passphrase to the key that wraps the vault key: Argon2id (RFC 9106), calibrated on the device.
//!
//! Memory never falls below 64 MiB, whatever the device: it is what makes a copied disk expensive to attack.

use crate::cipher::Key;
use crate::{Error, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

const FLOOR_KIB: u32 = 64 * 1024;
const CEILING_KIB: u32 = 1024 * 1024;
const CALIBRATION_CEILING_KIB: u32 = 256 * 1024;
const CEILING_PASSES: u32 = 64;
const TARGET: Duration = Duration::from_millis(850);

/// What one guess costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct KdfCost {
    #[n(0)]
    memory_kib: u32,
    #[n(1)]
    passes: u32,
}

impl KdfCost {
    /// The least the vault accepts: 64 MiB, one pass. For tests, and for devices where even that takes a second.
    pub const fn floor() -> Self {
        Self { memory_kib: FLOOR_KIB, passes: 1 }
    }

    /// Measures this device and answers the cost that takes it 0.7 to 1 s (more only where the floor does).
    ///
    /// Passes come first, to four; then memory, to 256 MiB, so that a tablet with 2 GB still opens its vault;
    /// then passes again.
    pub fn calibrate() -> Result<Self> {
        let mut cost = Self::floor();
        let once = cost.measure()?;
        let units = (TARGET.as_secs_f64() / once.as_secs_f64().max(0.001)).max(1.0);
        while cost.memory_kib < CALIBRATION_CEILING_KIB && units >= f64::from(8 * cost.memory_kib / FLOOR_KIB)
        {
            cost.memory_kib *= 2;
        }
        cost.passes = whole_passes(units / f64::from(cost.memory_kib / FLOOR_KIB));
        // Larger memory misses the caches more, so the estimate is corrected once by what it really takes.
        let took = cost.measure()?;
        let ratio = TARGET.as_secs_f64() / took.as_secs_f64().max(0.001);
        cost.passes = whole_passes(f64::from(cost.passes) * ratio);
        Ok(cost)
    }

    /// Memory in MiB.
    pub fn memory_mib(self) -> u32 {
        self.memory_kib / 1024
    }

    /// Number of passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    fn measure(self) -> Result<Duration> {
        let start = Instant::now();
        self.derive(&SecretString::from("how long does one guess take"), &[0; 16])?;
        Ok(start.elapsed())
    }

    /// Derives the wrapping key. White space at the ends and repeated between words does not count.
    pub(crate) fn derive(self, secret: &SecretString, salt: &[u8; 16]) -> Result<Key> {
        let bounds = FLOOR_KIB..=CEILING_KIB;
        if !bounds.contains(&self.memory_kib) || !(1..=CEILING_PASSES).contains(&self.passes) {
            return Err(Error::KdfCost);
        }
        let params = Params::new(self.memory_kib, self.passes, 1, Some(32)).map_err(|_| Error::KdfCost)?;
        let mut typed = Zeroizing::new(String::with_capacity(secret.expose_secret().len()));
        for word in secret.expose_secret().split_whitespace() {
            if !typed.is_empty() {
                typed.push(' ');
            }
            typed.push_str(word);
        }
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Key::fill(|key| argon2.hash_password_into(typed.as_bytes(), salt, key)).map_err(|_| Error::KdfCost)
    }
}

/// The most whole passes that stay within 0.95 s, given how many would take [`TARGET`].
fn whole_passes(passes: f64) -> u32 {
    (1..=CEILING_PASSES).rev().find(|n| f64::from(*n) <= passes * 1.12).unwrap_or(1)
}
