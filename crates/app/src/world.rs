//! What surrounds a device: its clock, its zone, randomness, and how long deriving a key may take.

use crate::Watch;
use baraza_model::{Entropy, Timestamp};
use baraza_vault::KdfCost;
use ring::rand::{SecureRandom, SystemRandom};

/// Clock, zone and randomness. A simulation passes its own.
pub struct World {
    clock: Box<dyn Fn() -> Timestamp + Send>,
    entropy: Box<dyn Entropy + Send>,
    /// Minutes east of UTC.
    pub zone_minutes: i32,
    /// Progress of long work and the wish to stop it, shared with whoever shows it.
    pub watch: Watch,
    /// `None` calibrates Argon2id on this machine when a vault is made.
    pub kdf: Option<KdfCost>,
}

impl World {
    /// The operating system's clock, local zone and randomness.
    pub fn system() -> Self {
        let zone = chrono::Local::now().offset().local_minus_utc() / 60;
        let clock = || Timestamp(chrono::Utc::now().timestamp_millis());
        Self {
            clock: Box::new(clock),
            entropy: Box::new(Os(SystemRandom::new())),
            zone_minutes: zone,
            watch: Watch::new(),
            kdf: None,
        }
    }

    /// The same world at a standing hour.
    #[must_use]
    pub fn at(mut self, now: Timestamp, zone_minutes: i32) -> Self {
        self.clock = Box::new(move || now);
        self.zone_minutes = zone_minutes;
        self
    }

    /// The same world with another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// The same world with a fixed cost of deriving a key from a passphrase.
    #[must_use]
    pub fn with_kdf(mut self, cost: KdfCost) -> Self {
        self.kdf = Some(cost);
        self
    }

    /// What the clock says. It can be wrong by years.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) fn kdf_cost(&self) -> Result<KdfCost, baraza_vault::Error> {
        match self.kdf {
            Some(cost) => Ok(cost),
            None => KdfCost::calibrate(),
        }
    }
}

impl Entropy for World {
    fn fill(&mut self, buf: &mut [u8]) {
        self.entropy.fill(buf);
    }
}

struct Os(SystemRandom);

impl Entropy for Os {
    fn fill(&mut self, buf: &mut [u8]) {
        if self.0.fill(buf).is_err() {
            // Weak keys are worse than no app: there is nothing to go on with.
            std::process::abort();
        }
    }
}
