//! The hour in a story: the same on all devices, standing still until the story moves it.

use baraza_app::World;
use baraza_model::Timestamp;
use baraza_vault::KdfCost;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// One day in milliseconds.
pub const DAY_MS: i64 = 86_400_000;
/// 2026-11-16T06:00:00Z, a Monday: eight in the morning where the stories play.
const MONDAY_MS: i64 = 1_794_808_800_000;
/// Two hours east of UTC.
const ZONE_MINUTES: i32 = 120;

/// A clock that a story holds in its hand.
#[derive(Debug, Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Default for Clock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(MONDAY_MS)))
    }
}

impl Clock {
    /// A clock that stands at another hour.
    pub fn at(hour: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(hour.0)))
    }

    /// What it says.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    /// Hours pass.
    pub fn hours(&self, hours: i64) {
        self.0.fetch_add(hours * DAY_MS / 24, Ordering::SeqCst);
    }

    /// Days pass.
    pub fn days(&self, days: i64) {
        self.0.fetch_add(days * DAY_MS, Ordering::SeqCst);
    }

    /// A device's world under this clock. Deriving keys costs the least that a vault accepts.
    pub fn world(&self) -> World {
        let clock = self.clone();
        let mut world = World::system().with_clock(move || clock.now()).with_kdf(KdfCost::floor());
        world.zone_minutes = ZONE_MINUTES;
        world
    }
}
