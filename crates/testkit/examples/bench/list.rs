//! From the passphrase to the list, and finding words, with many records on the device.
//!
//! The records are put into a joined tablet's vault as rows with their search text; lists and searches open no
//! document. Deriving the key is measured apart and taken off: it is slow on purpose.

use crate::Run;
use crate::survey::{MONDAY_MS, Survey};
use crate::table::{Row, Section};
use crate::timing::Times;
use argon2::{Algorithm, Argon2, Params, Version};
use baraza_app::RecordsFilter;
use baraza_model::{
    Answers, DeviceId, Entropy, FormHash, PartKind, RecordId, Role, Sharing, Status, Timestamp,
};
use baraza_testkit::{Locked, Mission, Result};
use baraza_vault::{KdfCost, NewPart, Record, Vault};
use secrecy::SecretString;
use std::path::Path;

/// Records in one transaction while filling.
const CHUNK: usize = 1_000;
/// What people look for: a rare word, frequent ones, beginnings, several at once.
const WORDS: [&str; 6] = ["carrefour", "bridge", "mar", "water girls", "puits pluies", "usiku"];
/// Most records that a search shows.
const SHOWN: u32 = 50;

/// A tablet with its records, locked, in a folder of `folder`.
pub(crate) fn tablet(run: &Run, survey: &Survey, folder: &Path) -> Result<Locked> {
    let mut mission = Mission::found(folder, &["survey"])?;
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None)?;
    mission.brief(&mut [&mut amina])?;
    let bag = amina.lock()?;
    put_records(&bag, &survey.fill_many(0..run.scale.listed, run.cores)?)?;
    Ok(bag)
}

pub(crate) fn measure(run: &Run, survey: &Survey) -> Result<Section> {
    let count = run.scale.listed;
    let mut bag = tablet(run, survey, &run.folder.join("list"))?;

    let [mut unlock, mut list, mut page] = std::array::from_fn(|_| Times::default());
    let mut search = Times::default();
    let mut found = 0;
    for _ in 0..run.scale.unlocks {
        let mut opened = None;
        unlock.add(|| bag.clone().unlock().map(|person| opened = Some(person)))?;
        let person = opened.ok_or("the tablet did not open")?;
        list.add(|| person.records(&RecordsFilter::default()).map(|rows| found = rows.len()))?;
        let first = RecordsFilter { limit: SHOWN, ..RecordsFilter::default() };
        page.add(|| person.records(&first))?;
        for words in WORDS {
            search.add(|| person.search(words, SHOWN))?;
        }
        bag = person.lock()?;
    }
    if found != count {
        return Err(format!("the list has {found} of {count} records").into());
    }
    let derive = Times::of(run.scale.unlocks, |_| derive())?.median_ms();
    let after = (unlock.median_ms() - derive).max(0.0);
    Ok(Section {
        rows: vec![
            Row::new(
                format!("unlock to list of {count} records, key derived"),
                "ms",
                after + list.median_ms(),
            )
            .at_most(100.0),
            Row::new(format!("  first {SHOWN} of the list instead"), "ms", after + page.median_ms()),
            Row::new(format!("search in {count} records, median"), "ms", search.median_ms()).at_most(50.0),
            Row::new("  slowest", "ms", search.percentile_ms(1.0)),
        ],
        notes: vec![format!(
            "List: unlocking takes {:.0} ms, of which Argon2id at the vault's floor (64 MiB, one pass) takes {derive:.0} ms, \
             measured apart and taken off; the whole list then takes {:.0} ms. Search shows at most {SHOWN}.",
            unlock.median_ms(),
            list.median_ms()
        )],
    })
}

fn put_records(bag: &Locked, filled: &[Answers]) -> Result<()> {
    let passphrase = SecretString::from(bag.passphrase.as_str());
    let mut vault = Vault::unlock(&bag.folder, &passphrase)?;
    let forms = vault.read(|r| r.forms())?;
    let form = forms.first().ok_or("the tablet has no form")?.hash;
    let mut dice = crate::dice::Dice::new(7);
    for (chunk, answers) in filled.chunks(CHUNK).enumerate() {
        vault.write(|tx| {
            for (place, answers) in answers.iter().enumerate() {
                let minutes = i64::try_from(chunk * CHUNK + place).unwrap_or(0);
                let record = row(RecordId(dice.bytes()), form, Timestamp(MONDAY_MS + minutes * 60_000));
                let (id, part) = (record.id, record.id.shared_part());
                tx.put_record(&record)?;
                tx.create_part(&NewPart { id: part, record: id, kind: PartKind::Shared, form, own: true })?;
                let words: Vec<&str> = answers.values.values().map(String::as_str).collect();
                tx.index_record(id, PartKind::Shared, &words.join("\n"))?;
            }
            Ok::<_, baraza_vault::Error>(())
        })?;
    }
    vault.lock()?;
    Ok(())
}

fn row(id: RecordId, form: FormHash, at: Timestamp) -> Record {
    Record {
        id,
        form,
        sharing: Sharing::Private,
        team: None,
        author: DeviceId([1; 16]),
        created: at,
        updated: at,
        status: Status::Complete,
        summary: format!("Survey {}", id.short()),
    }
}

/// What one derivation costs, with the parameters of the tablets here.
fn derive() -> Result<()> {
    let floor = KdfCost::floor();
    let params =
        Params::new(floor.memory_mib() * 1024, floor.passes(), 1, Some(32)).map_err(|e| e.to_string())?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(b"how long does one guess take", &[0; 16], &mut key)
        .map_err(|e| e.to_string())?;
    std::hint::black_box(key);
    Ok(())
}
