//! How much goes into one request.

use crate::wire::{Bytes, SyncRequest};

/// What is left of a request's size.
pub(super) struct Budget {
    left: usize,
    any: bool,
    full: bool,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self { left: bytes, any: false, full: false }
    }

    /// Takes from the head what fits. The first item of a request always does; once one does not, nothing behind it
    /// is taken, so that the order holds.
    pub(super) fn take<'i>(&mut self, items: impl Iterator<Item = &'i Bytes>) -> Vec<Bytes> {
        let mut taken = Vec::new();
        for item in items {
            let fits = !self.any || item.0.len() <= self.left;
            if self.full || !fits || taken.len() >= SyncRequest::MAX_ITEMS / 4 {
                self.full = true;
                break;
            }
            self.any = true;
            self.left = self.left.saturating_sub(item.0.len());
            taken.push(item.clone());
        }
        taken
    }
}
