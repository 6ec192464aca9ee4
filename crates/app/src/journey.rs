//! The way of a record: who took it when, as far as this device knows.

use crate::{Device, Result};
use baraza_model::{RecordId, Timestamp};

/// One step of a record's way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// Somebody took something of it.
    HandedOver {
        /// Who: a hub's address, or what the card was called.
        to: String,
        /// When first, by this device's clock.
        at: Timestamp,
    },
    /// An office confirmed all of it.
    Received {
        /// When its receipt came here, by this device's clock.
        at: Timestamp,
    },
}

impl Device {
    /// The steps of a record, the earliest first. A receipt comes last: it confirms what was taken before.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn journey(&self, record: RecordId) -> Result<Vec<Step>> {
        self.read(|r| {
            let taken = r.deliveries(record)?.into_iter();
            let mut steps: Vec<Step> =
                taken.map(|taken| Step::HandedOver { to: taken.to, at: taken.at }).collect();
            let received = r.record(record)?.and_then(|row| row.received);
            steps.extend(received.map(|at| Step::Received { at }));
            Ok(steps)
        })
    }
}
