//! The store: settings, lock, transactions, crashes, journal, lists, forms, roster, held items, migrations.

use super::{FORM, amina, battery_out, draft, passphrase, record, record_id};
use crate::{Delivery, Error, Form, Listing, Message, Needs, NewHeld, NewPart, Record, Vault};
use baraza_model::{FormHash, GroupId, LogId, PartId, PartKind, SegmentHash, Sharing, Status, Timestamp};
use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn the_settings_that_the_promises_rest_on_are_in_force() {
    let (_home, vault) = amina();
    let found = vault.pragmas().unwrap();
    assert_eq!(found.journal_mode, "wal");
    assert_eq!(found.synchronous, 2);
    assert_eq!(found.secure_delete, 1);
    assert_eq!(found.temp_store, 2);
    assert_eq!(found.foreign_keys, 1);
    assert_eq!(found.locking_mode, "exclusive");
    assert_eq!(found.search_secure_delete, 1);
    assert!(found.wipes_memory);
    assert!(found.cipher_version.starts_with('4'), "{}", found.cipher_version);
}

#[test]
fn a_second_window_is_told_what_to_do() {
    let (_home, vault) = amina();
    let second = Vault::unlock(vault.folder(), &passphrase()).unwrap_err();
    assert!(matches!(second, Error::Locked { .. }));
    assert!(second.to_string().contains("close the other window"), "{second}");
    let folder = vault.folder().to_owned();
    vault.lock().unwrap();
    drop(Vault::unlock(&folder, &passphrase()).unwrap());
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let (_home, mut vault) = amina();
    vault.write(|tx| tx.put_meta("alias", b"Amina")).unwrap();
    let failed = vault.write(|tx| {
        tx.put_meta("alias", b"Joseph")?;
        tx.append_journal(PartId([9; 16]), b"an answer to nothing")?;
        Ok::<_, Error>(())
    });
    assert!(matches!(failed, Err(Error::UnknownPart(_))));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        vault.write(|tx| -> Result<(), Error> {
            tx.put_meta("alias", b"Joseph")?;
            panic!("the form engine met something new");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(vault.read(|r| r.meta("alias")).unwrap().unwrap().as_slice(), b"Amina");
}

#[test]
fn every_saved_answer_survives_the_battery_coming_out() {
    let (_home, mut vault) = amina();
    let (_, shared, _) = vault.write(|tx| draft(tx, 1)).unwrap();
    for n in 0..40_u8 {
        let id = vault.write(|tx| tx.append_journal(shared, &[n; 90])).unwrap();
        assert_eq!(id, i64::from(n) + 1);
        if n % 8 == 7 {
            let disk = battery_out(vault.folder());
            let mut found = Vault::unlock(disk.path(), &passphrase()).unwrap();
            let rows = found.read(|r| r.journal(shared)).unwrap();
            let saved: Vec<u8> = rows.iter().map(|row| row.body[0]).collect();
            assert_eq!(saved, (0..=n).collect::<Vec<u8>>());
            let next = found.write(|tx| tx.append_journal(shared, b"goes on")).unwrap();
            assert_eq!(next, id + 1);
        }
    }
}

#[test]
fn a_full_disk_refuses_the_save_and_keeps_what_was_saved() {
    let (_home, mut vault) = amina();
    let (_, shared, _) = vault.write(|tx| draft(tx, 1)).unwrap();
    let pages: i64 = vault.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    vault.conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 10), [], |_| Ok(())).unwrap();
    let mut saved = 0;
    let refused = loop {
        match vault.write(|tx| tx.append_journal(shared, &[0x61; 3000])) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused.code(), "vault.disk-full");
    assert!(saved > 0);
    let disk = battery_out(vault.folder());
    let found = Vault::unlock(disk.path(), &passphrase()).unwrap();
    assert_eq!(found.read(|r| r.journal(shared)).unwrap().len(), saved);

    vault.conn.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap();
    vault.write(|tx| tx.append_journal(shared, b"there is room again")).unwrap();
    assert_eq!(vault.read(|r| r.journal(shared)).unwrap().len(), saved + 1);
}

#[test]
fn a_log_torn_anywhere_opens_to_a_moment_that_was() {
    let (_home, mut vault) = amina();
    let (_, shared, _) = vault.write(|tx| draft(tx, 1)).unwrap();
    vault.checkpoint().unwrap();
    for n in 0..6_u8 {
        vault.write(|tx| tx.append_journal(shared, &[n; 90])).unwrap();
    }
    let key = vault.key.clone();
    let disk = battery_out(vault.folder());
    let log = disk.path().join("vault.store-wal");
    let whole = std::fs::read(&log).unwrap();
    let store = std::fs::read(disk.path().join("vault.store")).unwrap();
    let mut least = 0;
    for cut in (0..=whole.len()).step_by(whole.len() / 23) {
        std::fs::write(disk.path().join("vault.store"), &store).unwrap();
        std::fs::write(&log, &whole[..cut]).unwrap();
        let conn = crate::schema::open(&disk.path().join("vault.store"), &key).unwrap();
        let rows: i64 = conn.query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap();
        assert!((least..=6).contains(&rows), "{rows} rows after {cut} of {} bytes", whole.len());
        least = rows;
    }
    assert!(least >= 5, "a longer log holds more");
}

#[test]
fn the_journal_keeps_its_order_over_parts_and_restarts() {
    let (_home, mut vault) = amina();
    let folder = vault.folder().to_owned();
    let (id, shared, severe) = vault.write(|tx| draft(tx, 1)).unwrap();
    vault.write(|tx| tx.append_journal(severe, b"first")).unwrap();
    vault.write(|tx| tx.append_journal(shared, b"second")).unwrap();
    drop(vault);
    let mut vault = Vault::unlock(&folder, &passphrase()).unwrap();
    vault.write(|tx| tx.append_journal(severe, b"third")).unwrap();
    let rows =
        |part| vault.read(|r| r.journal(part)).unwrap().into_iter().map(|row| (row.id, row.body.to_vec()));
    let mut all: Vec<(i64, Vec<u8>)> = rows(shared).chain(rows(severe)).collect();
    all.sort();
    assert_eq!(all, [(1, b"first".to_vec()), (2, b"second".to_vec()), (3, b"third".to_vec())]);
    assert!(vault.read(|r| r.record(id)).unwrap().unwrap().journalled);

    vault
        .write(|tx| tx.put_document(shared, b"document", b"heads").and_then(|()| tx.clear_journal(shared)))
        .unwrap();
    assert_eq!(vault.read(|r| r.journalled_parts()).unwrap(), [severe]);
    let document = vault.read(|r| r.document(shared)).unwrap().unwrap();
    assert_eq!((document.bytes.as_slice(), document.heads.as_slice()), (&b"document"[..], &b"heads"[..]));
}

#[test]
fn one_parts_bytes_are_not_taken_for_anothers() {
    let (_home, mut vault) = amina();
    let (_, shared, severe) = vault.write(|tx| draft(tx, 1)).unwrap();
    vault.write(|tx| tx.put_document(shared, b"who came", b"")).unwrap();
    vault
        .conn
        .execute("UPDATE part_key SET key = (SELECT key FROM part_key WHERE part = ?1)", [shared.0])
        .unwrap();
    vault
        .conn
        .execute("UPDATE part SET document = (SELECT document FROM part WHERE id = ?1)", [shared.0])
        .unwrap();
    assert!(vault.read(|r| r.document(shared)).is_ok());
    assert!(matches!(vault.read(|r| r.document(severe)), Err(Error::Cipher)));
}

#[test]
fn lists_show_the_latest_change_first() {
    let (_home, mut vault) = amina();
    vault
        .write(|tx| {
            for n in 0..20 {
                let mut made = record(n);
                if n % 2 == 0 {
                    made.status = Status::Incomplete { reason: "They had to leave".to_owned() };
                    made.form = FormHash([8; 32]);
                    made.team = Some(GroupId([3; 8]));
                    made.sharing = Sharing::Team;
                }
                tx.put_record(&made)?;
            }
            let mut again = record(3);
            again.updated = Timestamp(9000);
            tx.put_record(&again)
        })
        .unwrap();
    let listed = |listing: &Listing| -> Vec<_> {
        vault.read(|r| r.records(listing)).unwrap().into_iter().map(|row| row.record.id).collect()
    };
    assert_eq!(
        listed(&Listing { limit: 3, ..Listing::default() }),
        [record_id(3), record_id(19), record_id(18)]
    );
    assert_eq!(listed(&Listing { limit: 1, offset: 2, ..Listing::default() }), [record_id(18)]);
    assert_eq!(listed(&Listing { form: Some(FORM), ..Listing::default() }).len(), 10);
    assert_eq!(listed(&Listing { finalised: Some(true), ..Listing::default() }).len(), 10);
    assert_eq!(vault.read(|r| r.count_records()).unwrap(), 20);
    let found = vault.read(|r| r.record(record_id(4))).unwrap().unwrap().record;
    assert_eq!(found.status, Status::Incomplete { reason: "They had to leave".to_owned() });
    assert_eq!(found.team, Some(GroupId([3; 8])));
    let plan: String = vault
        .conn
        .query_row("EXPLAIN QUERY PLAN SELECT id FROM record ORDER BY updated_ms DESC, row DESC", [], |row| {
            row.get(3)
        })
        .unwrap();
    assert!(plan.contains("record_by_update"), "{plan}");
}

#[test]
fn forms_roster_and_keys_come_back_as_they_went_in() {
    let (_home, mut vault) = amina();
    let form = Form {
        hash: FORM,
        form_id: "focus_group".to_owned(),
        version: "3".to_owned(),
        title: "Focus group".to_owned(),
        sharing: Sharing::Team,
        retention_days: 14,
        definition: vec![1; 300],
        dictionary: vec![2; 200],
        attachments: BTreeMap::from([("villages.csv".to_owned(), b"name\nBoga\n".to_vec())]),
    };
    vault
        .write(|tx| {
            tx.put_form(&form)?;
            tx.put_form(&form)?;
            tx.put_statement(1, b"one")?;
            tx.put_statement(2, b"two")?;
            tx.put_statement(3, b"void")?;
            tx.remove_statements_above(2)?;
            tx.put_epoch_secret(GroupId([1; 8]), 0, b"old")?;
            tx.put_epoch_secret(GroupId([1; 8]), 1, b"new")?;
            tx.remove_epoch_secret(GroupId([1; 8]), 0)?;
            tx.put_meta("hub/a/token", b"t")?;
            tx.put_meta("hub%", b"no")?;
            tx.remove_meta("hub%")
        })
        .unwrap();
    vault
        .read(|r| {
            assert_eq!(r.form(&FORM)?.as_ref(), Some(&form));
            assert_eq!(r.forms()?.len(), 1);
            assert_eq!(r.form_attachment(&FORM, "villages.csv")?.unwrap(), b"name\nBoga\n");
            assert_eq!(r.statements(2)?, [(2, b"two".to_vec())]);
            assert_eq!(r.highest_statement()?, Some(2));
            let secrets = r.epoch_secrets()?;
            assert_eq!((secrets.len(), secrets[0].epoch, secrets[0].secret.as_slice()), (1, 1, &b"new"[..]));
            assert_eq!(r.meta_with_prefix("hub/")?.len(), 1);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn held_items_and_messages_wait_until_somebody_looks() {
    let (_home, mut vault) = amina();
    let item = NewHeld {
        kind: "payload".to_owned(),
        reason: "waiting.form".to_owned(),
        quarantined: false,
        log: LogId([1; 16]),
        seq: 4,
        hash: SegmentHash([2; 32]),
        index: 3,
        at: Timestamp(5),
        bytes: b"as it came".to_vec(),
    };
    let message = Message {
        id: [4; 16],
        record: Some(record_id(1)),
        kind: "review".to_owned(),
        body: b"Which well?".to_vec(),
        at: Timestamp(6),
        seen: false,
    };
    let id = vault.write(|tx| tx.hold(&item)).unwrap();
    let again = NewHeld { reason: "record.shape".to_owned(), quarantined: true, ..item.clone() };
    assert_eq!(vault.write(|tx| tx.hold(&again)).unwrap(), id, "the same item is held once");
    assert_eq!(vault.read(|r| r.held_item(id)).unwrap().unwrap().item, again);
    vault
        .write(|tx| {
            tx.put_message(&message)?;
            tx.mark_seen(&message.id)?;
            tx.put_message(&message)?;
            tx.release(id)
        })
        .unwrap();
    assert!(vault.read(|r| r.held()).unwrap().is_empty());
    assert!(vault.read(|r| r.messages(Some(record_id(1)))).unwrap()[0].seen);
    assert!(vault.read(|r| r.messages(Some(record_id(2)))).unwrap().is_empty());
}

/// A whole vault that version 1 wrote; see `examples/fixture.rs`. Every later version must open it.
#[test]
fn a_vault_of_version_1_still_opens() {
    let fixture = battery_out(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v1"));
    let mut vault = Vault::unlock(fixture.path(), &passphrase()).unwrap();
    let rows = vault.read(|r| r.records(&Listing::default())).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].record.summary, "Focus group in Boga");
    let parts = vault.read(|r| r.parts(rows[0].record.id)).unwrap();
    assert_eq!(vault.read(|r| r.document(parts[0].id)).unwrap().unwrap().bytes.as_slice(), b"a document");
    assert_eq!(vault.read(|r| r.journal(parts[0].id)).unwrap()[0].body.as_slice(), b"an answer");
    assert!(parts[1].kind == PartKind::Severe && parts[1].sealed);
    assert_eq!(vault.read(|r| r.search("bog", 5)).unwrap().len(), 1);
    let part = NewPart {
        id: PartId([9; 16]),
        record: rows[0].record.id,
        kind: PartKind::Severe,
        form: FORM,
        own: true,
    };
    vault.write(|tx| tx.create_part(&part)).unwrap();
}

/// The same of version 2: what the windows need of a record is beside it.
#[test]
fn a_vault_of_version_2_still_opens() {
    let fixture = battery_out(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v2"));
    let vault = Vault::unlock(fixture.path(), &passphrase()).unwrap();
    let rows = vault.read(|r| r.records(&Listing::default())).unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.conflicts, row.reviews, row.place.as_str()), (1, 2, "/data/g_need"));
    assert!(!row.discarded && row.journalled);
    assert_eq!(vault.read(|r| r.exchanges(5)).unwrap(), [b"a card"]);
    assert_eq!(vault.pragmas().unwrap().user_version, 2);
}

#[test]
fn lists_are_asked_in_the_store_and_a_draft_thrown_away_is_in_none() {
    let (_home, mut vault) = amina();
    let (closed, open, gone) = (record_id(1), record_id(2), record_id(3));
    vault
        .write(|tx| {
            for n in 1..=3 {
                draft(tx, n)?;
                tx.index_record(record_id(n), PartKind::Shared, &format!("women of village {n}"))?;
            }
            tx.put_record(&Record { status: Status::Complete, ..record(1) })?;
            tx.append_journal(open.shared_part(), b"an answer")?;
            tx.set_needs(closed, 1, 0)?;
            tx.set_needs(open, 0, 2)?;
            tx.set_discarded(gone, Some(Timestamp(9)))
        })
        .unwrap();
    let listed = |listing: Listing| -> Vec<_> {
        let (rows, count) =
            vault.read(|r| Ok::<_, Error>((r.records(&listing)?, r.count_listed(&listing)?))).unwrap();
        assert_eq!(rows.len() as u64, count);
        rows.into_iter().map(|row| row.record.id).collect()
    };
    let all = Listing::default();
    assert_eq!(listed(all.clone()), [open, closed]);
    assert_eq!(listed(Listing { finalised: Some(true), ..all.clone() }), [closed]);
    assert_eq!(listed(Listing { delivery: Some(Delivery::OnlyHere), ..all.clone() }), [open, closed]);
    assert_eq!(listed(Listing { delivery: Some(Delivery::Received), ..all.clone() }), []);
    assert_eq!(listed(Listing { needs: Some(Needs::TwoAnswers), ..all.clone() }), [closed]);
    assert_eq!(listed(Listing { needs: Some(Needs::Review), ..all.clone() }), [open]);
    assert_eq!(listed(Listing { needs: Some(Needs::Decision), ..all.clone() }), [open, closed]);
    assert_eq!(listed(Listing { words: Some("wom vill".into()), ..all.clone() }), [open, closed]);
    assert_eq!(listed(Listing { words: Some("village 3".into()), ..all.clone() }), []);
    assert_eq!(listed(Listing { words: Some("a'b c·d \" *".into()), ..all.clone() }), []);
    assert_eq!(listed(Listing { form_id: Some("other".into()), ..all }), []);
    assert!(vault.read(|r| r.search("village", 9)).unwrap().iter().all(|found| found.record != gone));
    let tally = vault.read(|r| r.tally()).unwrap();
    assert_eq!((tally.records, tally.drafts, tally.only_here), (2, 1, 1));
    assert_eq!((tally.two_answers, tally.review, tally.received), (1, 1, 0));
    assert_eq!(vault.read(|r| r.discarded()).unwrap(), [gone]);
    assert_eq!(vault.read(|r| r.latest_time()).unwrap(), Some(Timestamp(2003)));
}

#[test]
fn the_newest_exchanges_are_kept() {
    let (_home, mut vault) = amina();
    vault.write(|tx| (0..9_u8).try_for_each(|n| tx.append_exchange(&[n], 4))).unwrap();
    assert_eq!(vault.read(|r| r.exchanges(2)).unwrap(), [[8], [7]]);
    assert_eq!(vault.read(|r| r.exchanges(50)).unwrap().len(), 4);
}

#[test]
fn a_vault_of_a_later_version_is_left_alone() {
    let (_home, vault) = amina();
    let folder = vault.folder().to_owned();
    vault.conn.pragma_update(None, "user_version", 99).unwrap();
    drop(vault);
    let newer = Vault::unlock(&folder, &passphrase()).unwrap_err();
    assert!(matches!(newer, Error::TooNew { found: 99, .. }), "{newer}");
}
