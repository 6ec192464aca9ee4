//! Writes the vault that the migration test opens: `cargo run -p baraza-vault --example fixture -- FOLDER`.
//!
//! Run it once for each version of the store, before that version is released, into `tests/fixtures/vN`; a fixture
//! that is committed is never written again. Its passphrase is public: `acid bread canal drum elbow ferry`.

use baraza_model::{DeviceId, FormHash, PartId, PartKind, RecordId, Sharing, Status, Timestamp};
use baraza_vault::{Error, KdfCost, NewPart, Record, Vault};
use secrecy::SecretString;

fn main() -> Result<(), Error> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "fixture".to_owned());
    let passphrase = SecretString::from("acid bread canal drum elbow ferry");
    let mut vault = Vault::create(folder.as_ref(), &passphrase, KdfCost::floor())?;
    let (form, id) = (FormHash([7; 32]), RecordId([0x42; 16]));
    let (shared, severe) = (id.shared_part(), PartId([0x43; 16]));
    vault.write(|tx| {
        tx.put_record(&Record {
            id,
            form,
            sharing: Sharing::Team,
            team: None,
            author: DeviceId([1; 16]),
            created: Timestamp(1_795_000_000_000),
            updated: Timestamp(1_795_000_100_000),
            status: Status::Draft,
            summary: "Focus group in Boga".to_owned(),
        })?;
        for (part, kind) in [(shared, PartKind::Shared), (severe, PartKind::Severe)] {
            tx.create_part(&NewPart { id: part, record: id, kind, form, own: true })?;
        }
        tx.put_document(shared, b"a document", b"heads")?;
        tx.append_journal(shared, b"an answer")?;
        tx.index_record(id, PartKind::Shared, "Women of Boga asked for a second borehole")?;
        tx.set_place(id, "/data/g_need")?;
        tx.set_needs(id, 1, 2)?;
        tx.append_exchange(b"a card", 50)?;
        tx.destroy_part(severe)
    })?;
    vault.checkpoint()?;
    vault.lock()
}
