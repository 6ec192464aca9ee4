//! Forgetting, on the word of headquarters only: a record goes when an office has received all of it and its
//! form's days have passed.

use crate::look::Look;
use crate::today::LastTimes;
use crate::{Device, Result};
use baraza_model::{RecordId, Sharing, Timestamp};
use baraza_oplog::Segment;
use baraza_vault::Tx;

/// How many offices must have received a record before a device forgets it.
const PRUNE_QUORUM: u32 = 1;
const DAY_MS: i64 = 86_400_000;

/// What was forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pruned {
    /// The records that are gone from this device.
    pub records: Vec<RecordId>,
    /// Records received at headquarters whose days have not passed yet.
    pub kept: usize,
}

impl Device {
    /// Forgets what headquarters has received and whose days have passed.
    ///
    /// A private record's days count from its receipt; a team's from its last change, since the team works on it.
    ///
    /// # Errors
    /// When the vault cannot be written.
    pub fn prune(&mut self) -> Result<Pruned> {
        let now = self.world.now();
        let day = chrono::DateTime::from_timestamp_millis(now.0)
            .map_or_else(String::new, |t| t.date_naive().to_string());
        let pruned = self.write(|tx, me, _| {
            let mut pruned = Pruned::default();
            LastTimes::keep(tx)?;
            for due in tx.prunable(PRUNE_QUORUM)? {
                let days = me.form(&due.form).ok().and_then(|form| form.def().retention_days);
                let days = i64::from(days.unwrap_or(crate::forms::DEFAULT_RETENTION_DAYS));
                let changed = tx.record(due.record)?.map_or(due.received, |row| row.record.updated);
                let since = match due.sharing {
                    Sharing::Private => due.received,
                    Sharing::Team => due.received.max(changed),
                };
                match Timestamp(since.0 + days * DAY_MS) <= now {
                    true => {
                        forget(tx, due.record, &day)?;
                        pruned.records.push(due.record);
                    }
                    false => pruned.kept += 1,
                }
            }
            Ok(pruned)
        })?;
        self.vault.checkpoint()?;
        Ok(pruned)
    }
}

/// Forgets a record and cuts its ciphertext out of segments that carry other records too.
fn forget(tx: &Tx<'_>, record: RecordId, day: &str) -> Result<()> {
    let items = tx.items_of(record)?;
    tx.prune_record(record, day)?;
    Look::forget(tx, record)?;
    for (hash, index) in items {
        let Some(kept) = tx.segment(&hash)? else { continue };
        let mut segment = Segment::decode(&kept.bytes)?;
        if segment.erase(index) {
            tx.replace_segment_bytes(&hash, &segment.encode())?;
        }
    }
    Ok(())
}
