//! Bundles: what goes on a card or a cable, and what comes back from one.

use crate::receive::Parcel;
use crate::received::Received;
use crate::{Device, Error, Exchange, Result, Way};
use baraza_model::{RecordId, SegmentHash};
use baraza_oplog::{Priority, Reader as ReaderGroup, Segment};
use baraza_sync::bundle::{Item, ItemKind, ReadReport, read_bundle, write_bundle};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// What was put on a card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BundleWritten {
    /// Sealed segments in it.
    pub segments: usize,
    /// Records of which something is in it that had not been given to the same recipient before.
    pub records_out: u64,
    /// Receipts in it.
    pub receipts: usize,
    /// Size of the file in bytes.
    pub bytes: usize,
}

/// What was read from a card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BundleRead {
    /// Frames of 4 KiB in the file.
    pub frames: usize,
    /// Frames that were damaged; the rest was used.
    pub damaged_frames: usize,
    /// Whether the file ends before its end mark.
    pub truncated: bool,
    /// Records that are new or changed by it.
    pub records_in: u64,
    /// Records in it of which all was here already.
    pub already_had: u64,
    /// Whether a person stopped it: reading the file again goes on with the rest.
    pub cancelled: bool,
    /// What came of it.
    pub received: Received,
}

impl Device {
    /// Writes everything that headquarters has not confirmed to a bundle file, whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written; nothing counts as handed over then.
    pub fn bundle_out(&mut self, path: &Path, to: &str) -> Result<BundleWritten> {
        let done = self.write_card(path, to);
        self.log_exchange(Exchange::written(path, &done));
        done
    }

    fn write_card(&mut self, path: &Path, to: &str) -> Result<BundleWritten> {
        self.close_outbox()?;
        let (items, handed, fresh) = self.read(|r| {
            let mut items = Vec::new();
            let statements = r.statements(0)?.into_iter();
            items.extend(statements.map(|(_, bytes)| Item { kind: ItemKind::RosterStatement, bytes }));
            items.extend(r.receipts()?.into_iter().map(|(_, bytes)| Item { kind: ItemKind::Receipt, bytes }));
            let known = r.handed_to(to)?;
            let mut handed: Vec<SegmentHash> = Vec::new();
            let mut fresh: Vec<Segment> = Vec::new();
            for head in r.segment_heads()? {
                let Some(kept) = r.segment(&head.hash)? else { continue };
                let bytes = kept.bytes;
                if (head.own && head.offices == 0) || self.forwards(&bytes)? {
                    if !known.contains(&head.hash) {
                        fresh.push(Segment::decode(&bytes)?);
                    }
                    handed.push(head.hash);
                    items.push(Item { kind: kind_of(&bytes)?, bytes });
                }
            }
            Ok((items, handed, fresh))
        })?;
        let receipts = items.iter().filter(|item| item.kind == ItemKind::Receipt).count();
        let transport = &self.me.membership.as_ref().ok_or(Error::NotJoined)?.transport;
        let file = write_bundle(transport, items, &mut self.world)?;
        write_durably(path, &file)?;
        let records = self.write(|tx, me, world| {
            let mut records: BTreeSet<RecordId> = BTreeSet::new();
            for segment in &fresh {
                records.extend(me.records_of(tx, segment)?);
            }
            me.receipts_left(tx, world.now())?;
            tx.mark_handed_over(&handed, to, world.now())?;
            Ok(records)
        })?;
        let records_out = records.len() as u64;
        Ok(BundleWritten { segments: handed.len(), records_out, receipts, bytes: file.len() })
    }

    /// Reads a bundle file; a damaged one gives everything that no damaged frame touches.
    ///
    /// # Errors
    /// When the file is no bundle of this workspace, or cannot be read at all.
    pub fn bundle_in(&mut self, path: &Path) -> Result<BundleRead> {
        self.card_in(path, Way::CardIn)
    }

    /// Reads a bundle that a window was given as bytes; `name` is for the log.
    ///
    /// # Errors
    /// As [`Device::bundle_in`].
    pub fn bundle_in_bytes(&mut self, name: &str, bytes: &[u8]) -> Result<BundleRead> {
        self.take_card(Path::new(name), Way::CardIn, |_| Ok(bytes.to_vec()))
    }

    /// Reads a bundle file and writes that down, whatever came of it.
    pub(crate) fn card_in(&mut self, path: &Path, way: Way) -> Result<BundleRead> {
        self.take_card(path, way, |path| {
            std::fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source })
        })
    }

    pub(crate) fn take_card(
        &mut self,
        path: &Path,
        way: Way,
        read: impl FnOnce(&Path) -> Result<Vec<u8>>,
    ) -> Result<BundleRead> {
        let done = read(path).and_then(|file| self.read_card(&file));
        self.log_exchange(Exchange::read(way, path, &done));
        done
    }

    fn read_card(&mut self, file: &[u8]) -> Result<BundleRead> {
        let (items, report) = read_bundle(file, &self.me.member()?.transport)?;
        let mut parcel = Parcel::default();
        for item in items {
            match item.kind {
                ItemKind::RosterStatement => parcel.statements.push(item.bytes),
                ItemKind::Receipt => parcel.receipts.push(item.bytes),
                kind if kind.is_segment() => parcel.segments.push(item.bytes),
                _ => {}
            }
        }
        let received = self.receive(parcel)?;
        let ReadReport { frames, damaged_frames, truncated, .. } = report;
        Ok(BundleRead {
            frames,
            damaged_frames,
            truncated,
            records_in: received.records_in(),
            already_had: received.already_had(),
            cancelled: received.cancelled,
            received,
        })
    }

    /// Whether headquarters passes a segment on: forms and names for all, and what a team's members wrote.
    pub(crate) fn forwards(&self, bytes: &[u8]) -> Result<bool> {
        if !self.me.is_headquarters() {
            return Ok(false);
        }
        let roster = &self.me.member()?.roster;
        let ours = [ReaderGroup::Group(roster.hq()), ReaderGroup::Group(roster.hq_severe())];
        let segment = Segment::decode(bytes)?;
        Ok(segment.header().readers.iter().any(|key| !ours.contains(&key.reader())))
    }

    /// Commits what waits in team drafts, closes the batches, and lets the own office see its own segments.
    pub(crate) fn close_outbox(&mut self) -> Result<()> {
        self.commit_team_drafts()?;
        self.seal_severe_left_open()?;
        let closed = self.write(|tx, me, world| me.close_batches(tx, world))?;
        if self.me.is_headquarters() && !closed.is_empty() {
            let segments: Vec<Vec<u8>> = closed.iter().map(Segment::encode).collect();
            self.feed_office(&segments, &mut Received::default())?;
        }
        Ok(())
    }

    /// Own segments that no office has confirmed, and answers that are not in one yet.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn outbox(&self) -> Result<usize> {
        self.read(|r| {
            let waiting = r.segment_heads()?.iter().filter(|head| head.own && head.offices == 0).count();
            Ok(waiting + r.batches()?.len())
        })
    }
}

fn kind_of(segment: &[u8]) -> Result<ItemKind> {
    Ok(match Segment::decode(segment)?.header().priority {
        Priority::Alert => ItemKind::AlertSegment,
        _ => ItemKind::Segment,
    })
}

/// Writes beside the target, syncs, renames: a card pulled out early holds the old file or the new one.
///
/// # Errors
/// When the folder cannot be written; the old file, if any, is still there.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("part");
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)?;
        match path.parent().filter(|p| !p.as_os_str().is_empty()) {
            Some(folder) => std::fs::File::open(folder)?.sync_all(),
            None => std::fs::File::open(".")?.sync_all(),
        }
    };
    write().map_err(|source| {
        let _ = std::fs::remove_file(&partial);
        Error::File { path: path.to_owned(), source }
    })
}
