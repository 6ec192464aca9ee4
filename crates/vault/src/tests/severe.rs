//! P2 and P3: nothing readable in any file; severe means gone, from the files, their free pages and the memory.

use super::scan::Needle;
use super::{amina, battery_out, draft, passphrase};
use crate::{Error, Vault};
use baraza_model::{PartId, PartKind};
use rusqlite::{Connection, ffi};
use zeroize::{Zeroize, Zeroizing};

const SAID: &str = "Three men in uniform came to the well at night and took my sister";

/// Every page of the store as SQLCipher decrypts it, free pages included.
fn decrypted_pages(conn: &Connection) -> Vec<u8> {
    let mut size = 0_i64;
    #[allow(unsafe_code, reason = "rusqlite's own wrapper is behind a feature that nothing else needs")]
    // SAFETY: the connection is open, `main` is a C string, and `size` outlives the call. The result is `size`
    // bytes long, is copied before it is freed, and is freed once.
    unsafe {
        let pages = ffi::sqlite3_serialize(conn.handle(), c"main".as_ptr(), &raw mut size, 0);
        assert!(!pages.is_null());
        let copy = std::slice::from_raw_parts(pages, usize::try_from(size).unwrap()).to_vec();
        ffi::sqlite3_free(pages.cast());
        copy
    }
}

/// All that the store keeps of a part, as it stands in the store: its key, its document, its journal.
fn traces(vault: &Vault, part: PartId) -> Vec<Needle> {
    let mut found = Vec::new();
    for sql in [
        "SELECT key FROM part_key WHERE part = ?1",
        "SELECT document FROM part WHERE id = ?1",
        "SELECT heads FROM part WHERE id = ?1",
        "SELECT substr(body, 1, 60) FROM journal WHERE part = ?1",
    ] {
        let mut statement = vault.conn.prepare(sql).unwrap();
        let mut rows = statement.query([part.0]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let bytes: Vec<u8> = row.get(0).unwrap();
            found.push(Needle::bytes(&bytes[..bytes.len().min(60)]));
        }
    }
    found
}

/// Every value of every table, full-text shadow tables included.
fn every_value(conn: &Connection) -> Vec<u8> {
    let mut tables =
        conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL").unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(names.len() > 20, "{names:?}");
    let mut out = Vec::new();
    for name in names {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                match row.get_ref(column).unwrap() {
                    rusqlite::types::ValueRef::Blob(bytes) | rusqlite::types::ValueRef::Text(bytes) => {
                        out.extend_from_slice(bytes);
                    }
                    _ => {}
                }
                out.push(0);
            }
        }
    }
    out
}

/// Amina writes a severe answer, changes it a few times, and goes on to other records.
fn write_down(vault: &mut Vault) -> PartId {
    let (_, shared, severe) = vault.write(|tx| draft(tx, 1)).unwrap();
    for end in ["", ".", " by the arm."] {
        let body = format!("{SAID}{end}");
        vault.write(|tx| tx.append_journal(severe, body.as_bytes())).unwrap();
        vault.write(|tx| tx.append_journal(shared, b"14 women, 3 men")).unwrap();
    }
    let document = SAID.repeat(300);
    vault.write(|tx| tx.put_document(severe, document.as_bytes(), b"these heads are hashes of it")).unwrap();
    for n in 2..30 {
        vault.write(|tx| draft(tx, n)).unwrap();
    }
    severe
}

#[test]
fn what_was_severe_is_in_no_file_after_finalising() {
    let (_home, mut vault) = amina();
    let severe = write_down(&mut vault);
    let traces = traces(&vault, severe);
    assert_eq!(traces.len(), 6, "key, document, heads, three journal rows");
    let before = decrypted_pages(&vault.conn);
    assert!(traces.iter().all(|trace| trace.find(&before).is_some()), "the search finds what is there");

    vault.write(|tx| tx.destroy_part(severe)).unwrap();
    vault.checkpoint().unwrap();

    let after = decrypted_pages(&vault.conn);
    let said = Needle::sentence(SAID);
    for trace in traces.iter().chain([&said]) {
        assert_eq!(trace.find(&after), None, "in a page of the store");
        assert_eq!(trace.find(&every_value(&vault.conn)), None, "in a table");
        assert_eq!(trace.find_in(vault.folder()), Vec::<String>::new());
    }
    assert_eq!(std::fs::metadata(vault.folder().join("vault.store-wal")).unwrap().len(), 0);
    assert!(matches!(vault.read(|r| r.document(severe)), Err(Error::PartSealed(_))));
    assert!(matches!(vault.read(|r| r.journal(severe)), Err(Error::PartSealed(_))));
    assert!(matches!(vault.write(|tx| tx.append_journal(severe, b"more")), Err(Error::PartSealed(_))));
}

/// The test above rests on `secure_delete`: without it, the same search finds what was deleted.
#[test]
fn without_secure_delete_the_search_would_find_it() {
    let (_home, mut vault) = amina();
    let severe = write_down(&mut vault);
    let traces = traces(&vault, severe);
    vault.conn.execute_batch("PRAGMA secure_delete = OFF").unwrap();
    vault.write(|tx| tx.destroy_part(severe)).unwrap();
    vault.checkpoint().unwrap();
    let after = decrypted_pages(&vault.conn);
    assert!(traces.iter().any(|trace| trace.find(&after).is_some()));
}

#[test]
fn a_battery_out_between_commit_and_checkpoint_is_made_good_at_the_next_unlock() {
    let (_home, mut vault) = amina();
    let severe = write_down(&mut vault);
    let traces = traces(&vault, severe);
    vault.write(|tx| tx.destroy_part(severe)).unwrap();

    let disk = battery_out(vault.folder());
    let log = disk.path().join("vault.store-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0, "not checkpointed yet");
    let found = Vault::unlock(disk.path(), &passphrase()).unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
    let pages = decrypted_pages(&found.conn);
    assert!(traces.iter().all(|trace| trace.find(&pages).is_none()));
}

#[test]
fn finalising_is_all_or_nothing() {
    let (_home, mut vault) = amina();
    let severe = write_down(&mut vault);
    let finalise = |vault: &mut Vault, fails: bool| {
        vault.write(|tx| {
            tx.append_payload(b"hq-severe", 0, b"sealed", Some(super::record_id(1)))?;
            tx.put_batch(b"hq-severe", b"next secret")?;
            tx.destroy_part(severe)?;
            if fails { Err(Error::DiskFull) } else { Ok(()) }
        })
    };
    assert!(finalise(&mut vault, true).is_err());
    assert_eq!(vault.read(|r| r.journal(severe)).unwrap().len(), 3, "nothing was lost");
    assert!(vault.read(|r| r.batch_payloads(b"hq-severe")).unwrap().is_empty());
    finalise(&mut vault, false).unwrap();
    assert_eq!(vault.read(|r| r.batch_payloads(b"hq-severe")).unwrap().len(), 1);
}

#[test]
fn nothing_a_person_writes_can_be_read_in_any_file() {
    let (_home, mut vault) = amina();
    write_down(&mut vault);
    let mut row = super::record(1);
    row.summary = format!("Boga: {SAID}");
    vault
        .write(|tx| {
            tx.put_record(&row)?;
            tx.put_document(row.id.shared_part(), SAID.as_bytes(), SAID.as_bytes())?;
            tx.index_record(row.id, PartKind::Shared, SAID)?;
            tx.put_meta("directory", SAID.as_bytes())
        })
        .unwrap();
    let said = Needle::sentence(SAID);
    assert_eq!(said.find_in(vault.folder()), Vec::<String>::new(), "while open, with a log");
    let folder = vault.folder().to_owned();
    vault.lock().unwrap();
    assert_eq!(said.find_in(&folder), Vec::<String>::new(), "after locking");

    std::fs::write(folder.join("thumbnail.tmp"), format!("{{\"note\":\"{SAID}\"}}")).unwrap();
    assert_eq!(said.find_in(&folder), ["plain in thumbnail.tmp"], "a leak is found");
}

/// What is looked for in memory, masked while compiling so that the program does not contain it.
const SPOKEN: [u8; 40] = {
    let mut text = *b"they burned the granary of Mama Furaha! ";
    let mut n = 0;
    while n < text.len() {
        text[n] ^= 0x5b;
        n += 1;
    }
    text
};

fn spoken() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(SPOKEN.iter().map(|byte| byte ^ 0x5b).collect())
}

/// Where a needle stands in the writable memory of this process.
#[cfg(target_os = "linux")]
fn in_memory(needle: &Needle) -> Vec<String> {
    use std::os::unix::fs::FileExt;
    const STEP: usize = 64 * 1024;
    const OVERLAP: usize = 128;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let memory = std::fs::File::open("/proc/self/mem").unwrap();
    // Read into the middle of a wide buffer: what is skipped around that place is all of this buffer.
    let mut buffer = vec![0_u8; 4 * STEP];
    let page = &mut buffer[2 * STEP..3 * STEP + OVERLAP];
    let own = page.as_ptr() as usize;
    let mut found = Vec::new();
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = line.split_once(' ').unwrap();
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) =
            (usize::from_str_radix(start, 16).unwrap(), usize::from_str_radix(end, 16).unwrap());
        for at in (start..end).step_by(STEP) {
            let length = (STEP + OVERLAP).min(end - at);
            let skipped = at < own + page.len() && own < at + length;
            if !skipped
                && memory.read_exact_at(&mut page[..length], at as u64).is_ok()
                && needle.find(&page[..length]).is_some()
            {
                found.push(format!("near {at:x} in {line}"));
            }
            page.zeroize();
        }
    }
    found
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_forgets_the_answer_and_the_key() {
    let (_home, mut vault) = amina();
    let (_, _, severe) = vault.write(|tx| draft(tx, 1)).unwrap();
    let needle = {
        let said = spoken();
        vault.write(|tx| tx.append_journal(severe, &said)).unwrap();
        let document = Zeroizing::new(said.repeat(50));
        vault.write(|tx| tx.put_document(severe, &document, b"heads")).unwrap();
        Needle::plain(&said)
    };
    let read_back = vault.read(|r| r.journal(severe)).unwrap();
    assert!(!in_memory(&needle).is_empty(), "the search finds what is there");
    drop(read_back);
    let key = Needle::plain(vault.read(|r| r.part_key(severe)).unwrap().as_slice());

    let sealed = {
        let mut statement = vault.conn.prepare("SELECT body FROM journal WHERE part = ?1").unwrap();
        statement.query_row([severe.0], |row| Ok(Needle::plain(row.get_ref(0)?.as_blob()?))).unwrap()
    };
    assert!(!in_memory(&sealed).is_empty());

    vault.write(|tx| tx.destroy_part(severe)).unwrap();
    vault.checkpoint().unwrap();
    assert_eq!(in_memory(&needle), Vec::<String>::new(), "the answer");
    assert_eq!(in_memory(&key), Vec::<String>::new(), "the key");
    assert_eq!(in_memory(&sealed), Vec::<String>::new(), "its ciphertext, which SQLite held");
}
