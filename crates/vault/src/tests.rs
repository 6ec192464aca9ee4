//! Stories about one tablet. Amina is an interpreter; the tablet is hers.

mod delivery;
mod scan;
mod search;
mod severe;
mod slots;
mod store;

use crate::{Error, KdfCost, NewPart, Record, Tx, Vault};
use baraza_model::{DeviceId, FormHash, PartId, PartKind, RecordId, Sharing, Status, Timestamp};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub(crate) const FORM: FormHash = FormHash([7; 32]);

pub(crate) fn passphrase() -> SecretString {
    SecretString::from("acid bread canal drum elbow ferry")
}

/// Amina's new tablet, switched on and unlocked.
pub(crate) fn amina() -> (TempDir, Vault) {
    let home = TempDir::new().unwrap();
    let vault = Vault::create(&home.path().join("workspace"), &passphrase(), KdfCost::floor()).unwrap();
    (home, vault)
}

/// What is on the disk at this instant, as if the battery were pulled out now: a copy of every file.
pub(crate) fn battery_out(folder: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

pub(crate) fn record_id(n: u16) -> RecordId {
    let mut id = [0x40; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    RecordId(id)
}

pub(crate) fn severe_id(n: u16) -> PartId {
    let mut id = [0x5e; 16];
    id[..2].copy_from_slice(&n.to_be_bytes());
    PartId(id)
}

pub(crate) fn record(n: u16) -> Record {
    Record {
        id: record_id(n),
        form: FORM,
        sharing: Sharing::Private,
        team: None,
        author: DeviceId([1; 16]),
        created: Timestamp(1000 + i64::from(n)),
        updated: Timestamp(2000 + i64::from(n)),
        status: Status::Draft,
        summary: format!("Focus group {n}"),
    }
}

/// A draft with a shared part and a severe part.
pub(crate) fn draft(tx: &Tx<'_>, n: u16) -> Result<(RecordId, PartId, PartId), Error> {
    let id = record_id(n);
    let (shared, severe) = (id.shared_part(), severe_id(n));
    tx.put_record(&record(n))?;
    for (id, kind) in [(shared, PartKind::Shared), (severe, PartKind::Severe)] {
        tx.create_part(&NewPart { id, record: record_id(n), kind, form: FORM, own: true })?;
    }
    Ok((id, shared, severe))
}
