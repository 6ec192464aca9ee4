//! Compares a save of one answer with SQLCipher's own single-row commit, in the same run, and times the two other
//! budgets of the vault: `cargo run --release -p baraza-vault --example save_rate`.
//!
//! Saves of both alternate one by one and percentiles are compared, so that a busy disk weighs on both alike. The bare insert has the same pragmas, the
//! same length of row, a cached prepared statement and nothing else.

#![allow(clippy::print_stdout, reason = "printing is what this example is for")]

use baraza_model::{DeviceId, FormHash, PartKind, RecordId, Sharing, Status, Timestamp};
use baraza_vault::{Error, KdfCost, Listing, NewPart, Record, Vault};
use rusqlite::Connection;
use secrecy::SecretString;
use std::path::Path;
use std::time::{Duration, Instant};

const SAVES: u32 = 3000;
/// A journal row of one answer, and what encrypting adds to it.
const BODY: usize = 90;
const SEALED: usize = BODY + 28;
const WORDS: [&str; 40] = [
    "market",
    "water",
    "borehole",
    "school",
    "road",
    "patrol",
    "bridge",
    "river",
    "women",
    "men",
    "youth",
    "elders",
    "chief",
    "meeting",
    "night",
    "morning",
    "soldiers",
    "checkpoint",
    "cattle",
    "goats",
    "harvest",
    "fields",
    "path",
    "clinic",
    "medicine",
    "radio",
    "rumour",
    "promise",
    "latrine",
    "firewood",
    "fear",
    "safe",
    "unsafe",
    "return",
    "camp",
    "boga",
    "bunia",
    "komanda",
    "mahagi",
    "djugu",
];

fn main() -> Result<(), Error> {
    let home = std::env::temp_dir().join(format!("baraza-save-rate-{}", std::process::id()));
    let done = run(&home);
    let cleared = std::fs::remove_dir_all(&home);
    println!("temporary folder removed: {}", cleared.is_ok());
    done
}

fn run(home: &Path) -> Result<(), Error> {
    let passphrase = SecretString::from("acid bread canal drum elbow ferry");
    let started = Instant::now();
    let cost = KdfCost::calibrate()?;
    println!("calibrated in {:?}: {} MiB, {} passes", started.elapsed(), cost.memory_mib(), cost.passes());
    let mut vault = Vault::create(&home.join("ours"), &passphrase, cost)?;
    let bare = bare(&home.join("bare.store"))?;
    save_rate(&mut vault, &bare)?;
    fill(&mut vault, 10_000)?;
    vault.lock()?;
    let started = Instant::now();
    let mut vault = Vault::unlock(&home.join("ours"), &passphrase)?;
    let unlocked = started.elapsed();
    let started = Instant::now();
    let rows = vault.read(|r| r.records(&Listing::default()))?;
    println!(
        "unlock {unlocked:?} (key derivation included), then a list of {} records {:?}",
        rows.len(),
        started.elapsed()
    );
    drop(vault);
    vault = Vault::unlock(&home.join("ours"), &passphrase)?;
    fill(&mut vault, 100_000)?;
    for text in ["market", "ma", "mar wat bor", "m", "village99999", "village9", "water borehole school road"]
    {
        let started = Instant::now();
        let hits = vault.read(|r| r.search(text, 50))?;
        println!("search {text:?}: {} hits in {:?}", hits.len(), started.elapsed());
    }
    Ok(())
}

/// A store with the same settings and one table.
fn bare(path: &Path) -> Result<Connection, Error> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA key = \"x'2DD29CA851E7B56E4697B0E1F08507293D761A05CE4D1B628663F411A8086D99'\";
         PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON;
         CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
    )?;
    Ok(conn)
}

fn save_rate(vault: &mut Vault, bare: &Connection) -> Result<(), Error> {
    let record = put(vault, 0)?;
    let (ours_body, bare_body) = (vec![0x61; BODY], vec![0x61; SEALED]);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..SAVES {
        let started = Instant::now();
        vault.write(|tx| tx.append_journal(record.shared_part(), &ours_body))?;
        ours.push(started.elapsed());
        let started = Instant::now();
        bare.prepare_cached("INSERT INTO row (body) VALUES (?1)")?.execute([&bare_body])?;
        theirs.push(started.elapsed());
    }
    ours.sort();
    theirs.sort();
    // The tenth percentile is what a save costs when no other process takes the processor in between.
    for (name, percent) in [("tenth percentile", 10), ("median", 50)] {
        let (ours, theirs) = (at(&ours, percent), at(&theirs, percent));
        let rate = 100.0 * theirs.as_secs_f64() / ours.as_secs_f64();
        println!(
            "one save ({name} of {SAVES}): ours {ours:?}, bare insert {theirs:?}: {rate:.1} % of its rate"
        );
    }
    Ok(())
}

fn at(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
}

fn put(vault: &mut Vault, n: u32) -> Result<RecordId, Error> {
    vault.write(|tx| {
        let id = id(n);
        let form = FormHash([7; 32]);
        tx.put_record(&Record {
            id,
            form,
            sharing: Sharing::Private,
            team: None,
            author: DeviceId([1; 16]),
            created: Timestamp(0),
            updated: Timestamp(i64::from(n)),
            status: Status::Complete,
            summary: format!("Focus group {n}"),
        })?;
        tx.create_part(&NewPart {
            id: id.shared_part(),
            record: id,
            kind: PartKind::Shared,
            form,
            own: true,
        })?;
        Ok(id)
    })
}

fn id(n: u32) -> RecordId {
    let mut id = [0x40; 16];
    for (to, from) in id.iter_mut().zip(n.to_be_bytes()) {
        *to = from;
    }
    RecordId(id)
}

/// Records up to a number, each with sixty words, in transactions of a thousand.
fn fill(vault: &mut Vault, until: u32) -> Result<(), Error> {
    let from = u32::try_from(vault.read(|r| r.count_records())?).unwrap_or(0);
    let started = Instant::now();
    let mut chance = 88_172_645_463_325_252_u64;
    for first in (from..until).step_by(1000) {
        vault.write(|tx| {
            for n in first..(first + 1000).min(until) {
                tx.put_record(&Record {
                    id: id(n),
                    form: FormHash([7; 32]),
                    sharing: Sharing::Private,
                    team: None,
                    author: DeviceId([1; 16]),
                    created: Timestamp(0),
                    updated: Timestamp(i64::from(n)),
                    status: Status::Complete,
                    summary: format!("Focus group {n}"),
                })?;
                let mut text = format!("village{n}");
                for _ in 0..60 {
                    chance ^= chance << 13;
                    chance ^= chance >> 7;
                    chance ^= chance << 17;
                    // Some words are in almost every record, some in a few.
                    let word = usize::try_from((chance >> 20) % 40 * ((chance >> 40) % 40) / 40).unwrap_or(0);
                    text.push(' ');
                    text.push_str(WORDS.get(word).copied().unwrap_or("none"));
                }
                tx.index_record(id(n), PartKind::Shared, &text)?;
            }
            Ok::<_, Error>(())
        })?;
    }
    println!("{} records in the store, the last of them in {:?}", until, started.elapsed());
    Ok(())
}
