//! The office on a headquarters device: import, what waits, what is wrong, and exports.

use crate::identity::{Identity, fixed, row};
use crate::received::Received;
use crate::{BundleRead, Device, Error, Result, Way, World};
use baraza_model::RecordId;
use baraza_office::{
    Alarm, Context, ExportOptions, ExportReport, Gap, HeldFilter, HeldItem, IngestReport, Office,
    RecordSummary, Review,
};
use std::path::Path;

/// Name of the office's store inside a headquarters folder.
const OFFICE_STORE: &str = "office.db";
/// Between so many segments an import can be stopped. A multiple of the office's own batch.
const STEP_SEGMENTS: usize = 256;

/// What an import did, per file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ImportView {
    /// The file's name.
    pub file: String,
    /// What was in it and what came of it.
    #[serde(flatten)]
    pub read: BundleRead,
}

impl Device {
    /// Imports a bundle that a card or cable brought, then signs a receipt for all that was applied.
    ///
    /// # Errors
    /// When this is not a headquarters device, or the file is no bundle of this workspace.
    pub fn import(&mut self, path: &Path) -> Result<ImportView> {
        self.require_headquarters()?;
        let read = self.card_in(path, Way::Import)?;
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(ImportView { file, read })
    }

    /// Imports a bundle that a window was given as bytes; `name` is for the log.
    ///
    /// # Errors
    /// As [`Device::import`].
    pub fn import_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<ImportView> {
        self.require_headquarters()?;
        let read = self.take_card(Path::new(name), Way::Import, |_| Ok(bytes.to_vec()))?;
        Ok(ImportView { file: name.to_owned(), read })
    }

    /// Lets the office see segments and signs a receipt for what it has applied.
    pub(crate) fn feed_office(&mut self, segments: &[Vec<u8>], received: &mut Received) -> Result<()> {
        let watch = self.watch();
        let (office, me, world) = self.office()?;
        let held = |office: &Office| -> Result<u64> { Ok(office.held_counts()?.values().sum()) };
        let before = held(office)?;
        // Nothing to import is an import all the same: a newer roster or form frees what is held.
        let mut report = office.ingest(&me.office_context(world)?, std::iter::empty::<Vec<u8>>())?;
        for some in segments.chunks(STEP_SEGMENTS) {
            if watch.cancelled() {
                report.cancelled = true;
                break;
            }
            report.add(office.ingest(&me.office_context(world)?, some.iter().cloned())?);
            some.iter().for_each(|_| watch.step());
        }
        received.set_aside += held(office)?.saturating_sub(before);
        received.cancelled |= report.cancelled;
        let moved = report.segments + report.replayed > 0;
        received.office.push(report);
        if !moved {
            return Ok(());
        }
        self.issue_receipt()
    }

    /// The office's store, opened on first use, with what it needs beside it.
    pub(crate) fn office(&mut self) -> Result<(&mut Office, &mut Identity, &mut World)> {
        self.require_headquarters()?;
        let Self { vault, me, world, office, .. } = self;
        let office = match office {
            Some(open) => open,
            empty => {
                let path = vault.folder().join(OFFICE_STORE);
                let key = vault.write(|tx| office_key(tx, world))?;
                empty.insert(Office::open(&path, &key)?)
            }
        };
        Ok((office, me, world))
    }

    /// What waits, is quarantined or needs a decision.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn held(&mut self) -> Result<Vec<HeldItem>> {
        let (office, ..) = self.office()?;
        Ok(office.held(&HeldFilter::default())?)
    }

    /// Tries again what is held, after a fix.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn replay(&mut self) -> Result<IngestReport> {
        let watch = self.watch();
        let (office, me, world) = self.office()?;
        let (mut known, mut last) = (false, 0);
        let mut go_on = |left: usize| {
            if !std::mem::replace(&mut known, true) {
                watch.expect(left);
                last = left;
            }
            (left..last).for_each(|_| watch.step());
            last = left;
            !watch.cancelled()
        };
        let report = office.replay_while(&me.office_context(world)?, &mut go_on)?;
        if !report.cancelled {
            go_on(0);
        }
        self.issue_receipt()?;
        Ok(report)
    }

    /// Missing stretches of logs, and logs that continue in two ways.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn gaps_and_alarms(&mut self) -> Result<(Vec<Gap>, Vec<Alarm>)> {
        let (office, ..) = self.office()?;
        Ok((office.gaps(), office.alarms()?))
    }

    /// Records at headquarters.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn office_records(&mut self) -> Result<Vec<RecordSummary>> {
        let (office, ..) = self.office()?;
        Ok(office.records(&baraza_office::RecordFilter::default())?)
    }

    /// The heads of a record's shared part at headquarters.
    ///
    /// # Errors
    /// When the record is not there.
    pub fn office_heads(&mut self, record: RecordId) -> Result<baraza_record::Heads> {
        let (office, ..) = self.office()?;
        office.heads(record)?.ok_or_else(|| Error::UnknownRecord(record.short()))
    }

    /// What no longer holds after a merge and needs a person.
    ///
    /// # Errors
    /// When this is not a headquarters device.
    pub fn reviews(&mut self, record: Option<RecordId>) -> Result<Vec<Review>> {
        let (office, ..) = self.office()?;
        Ok(office.reviews(record)?)
    }

    /// Writes the CSV files of one form into a folder, inside the protected tier. One that is stopped writes nothing.
    ///
    /// # Errors
    /// When this is not a headquarters device, the form is unknown, or the folder cannot be written.
    pub fn export_csv(&mut self, folder: &Path, options: &ExportOptions) -> Result<ExportReport> {
        let watch = self.watch();
        let mut known = false;
        let mut go_on = |done: usize, all: usize| {
            match std::mem::replace(&mut known, true) {
                false => watch.expect(all),
                true if done > 0 => watch.step(),
                true => {}
            }
            !watch.cancelled()
        };
        let (office, me, world) = self.office()?;
        let report =
            office.export_csv_while(&me.office_context(world)?, folder, options, me.id, &mut go_on)?;
        if !report.cancelled && self.world.watch.done() < self.world.watch.total() {
            self.world.watch.step();
        }
        Ok(report)
    }
}

/// Removes the office's store, whose key went with the vault.
pub(crate) fn remove_store(folder: &Path) -> Result<()> {
    ["", "-wal", "-shm", "-journal"].iter().try_for_each(|suffix| {
        let path = folder.join(format!("{OFFICE_STORE}{suffix}"));
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Error::File { path, source }),
            _ => Ok(()),
        }
    })
}

impl Identity {
    pub(crate) fn office_context(&self, world: &World) -> Result<Context<'_>> {
        let member = self.member()?;
        Ok(Context {
            roster: &member.roster,
            keyring: &member.keyring,
            library: &self.library,
            now: world.now(),
            zone_minutes: world.zone_minutes,
        })
    }
}

/// The key of the office's store, drawn on first use and kept in the vault.
fn office_key(tx: &baraza_vault::Tx<'_>, world: &mut World) -> Result<[u8; 32]> {
    use baraza_model::Entropy;
    if let Some(key) = tx.meta(row::OFFICE_KEY)? {
        return fixed(&key, "office key");
    }
    let key: [u8; 32] = world.bytes();
    tx.put_meta(row::OFFICE_KEY, &key)?;
    Ok(key)
}
