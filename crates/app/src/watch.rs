//! Progress of long work, and a person's wish to stop it, shared between the thread that works and the one that
//! shows.
//!
//! Work stops between two durable steps only: what was counted is on disk, what was not is as it was.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What is known of the work that is going on. Clones share it.
///
/// The one who starts work calls [`Watch::reset`] before; the work counts from zero and says how many steps there
/// are as soon as it knows. One watch follows one piece of work at a time.
#[derive(Debug, Clone, Default)]
pub struct Watch(Arc<Gauges>);

#[derive(Debug, Default)]
struct Gauges {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

impl Watch {
    /// A watch of no work.
    pub fn new() -> Self {
        Self::default()
    }

    /// Steps that are durable: segments or records, as the work counts.
    pub fn done(&self) -> u64 {
        self.0.done.load(Relaxed)
    }

    /// Steps there are; 0 while that is not known.
    pub fn total(&self) -> u64 {
        self.0.total.load(Relaxed)
    }

    /// Asks the work to stop at the next place where nothing is half-done.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Relaxed);
    }

    /// Whether somebody asked.
    pub fn cancelled(&self) -> bool {
        self.0.cancelled.load(Relaxed)
    }

    /// Forgets counts and the wish to stop, before other work begins.
    pub fn reset(&self) {
        self.0.cancelled.store(false, Relaxed);
        self.0.done.store(0, Relaxed);
        self.0.total.store(0, Relaxed);
    }

    /// So many more steps are known.
    pub(crate) fn expect(&self, steps: usize) {
        self.0.total.fetch_add(u64::try_from(steps).unwrap_or(u64::MAX), Relaxed);
    }

    /// One more step is durable.
    pub(crate) fn step(&self) {
        self.0.done.fetch_add(1, Relaxed);
    }
}
