//! From the batch to headquarters: only here, handed over, received, pruned.

use super::{FORM, amina, draft, record, record_id, severe_id};
use crate::{Delivery, Error, NewSegment, Tx, Vault};
use baraza_model::{DeviceId, LogId, PartKind, RecordId, SegmentHash, Status, Timestamp};

const HQ: &[u8] = b"compartment of hq";
const BUNIA: DeviceId = DeviceId([0xb0; 16]);
const NAIROBI: DeviceId = DeviceId([0x4a; 16]);

fn segment(n: u8, payloads: u32, own: bool) -> NewSegment {
    NewSegment {
        hash: SegmentHash([n; 32]),
        log: LogId([1; 16]),
        seq: u64::from(n),
        own,
        payloads,
        stored: Timestamp(10),
        bytes: vec![n; 400],
    }
}

/// Amina finalises a record: one payload in the open batch.
fn finalise(tx: &Tx<'_>, n: u16, index: u32) -> Result<RecordId, Error> {
    let (id, shared, severe) = draft(tx, n)?;
    tx.put_document(shared, b"document", b"heads")?;
    tx.index_record(id, PartKind::Shared, &format!("the market of village{n}"))?;
    tx.append_payload(HQ, index, &[0xcc; 200], Some(id))?;
    tx.put_batch(HQ, &[0x55; 32])?;
    tx.destroy_part(severe)?;
    let mut row = record(n);
    row.status = Status::Complete;
    tx.put_record(&row)?;
    Ok(id)
}

fn told(vault: &Vault, id: RecordId) -> (Delivery, u32) {
    let row = vault.read(|r| r.record(id)).unwrap().unwrap();
    (row.delivery, row.offices)
}

#[test]
fn a_record_is_told_truthfully_all_the_way() {
    let (_home, mut vault) = amina();
    let (one, two) = vault.write(|tx| Ok::<_, Error>((finalise(tx, 1, 0)?, finalise(tx, 2, 1)?))).unwrap();
    assert_eq!(told(&vault, one), (Delivery::OnlyHere, 0));
    assert_eq!(vault.read(|r| r.batches()).unwrap(), [HQ]);

    let sent = segment(1, 2, true);
    vault.write(|tx| tx.close_batch(HQ, &sent)).unwrap();
    assert_eq!(told(&vault, one), (Delivery::OnlyHere, 0), "closed is not handed over");
    assert!(vault.read(|r| r.batch(HQ)).unwrap().is_none(), "the ratchet's secret is gone");
    assert_eq!(vault.read(|r| r.items_of(two)).unwrap(), [(sent.hash, 1)]);
    assert_eq!(vault.read(|r| r.not_handed_over()).unwrap().len(), 1);

    vault.write(|tx| tx.mark_handed_over(&[sent.hash], "Joseph's tablet", Timestamp(50))).unwrap();
    vault.write(|tx| tx.mark_handed_over(&[sent.hash], "hub.example", Timestamp(40))).unwrap();
    assert_eq!(told(&vault, one), (Delivery::HandedOver, 0));
    assert_eq!(vault.read(|r| r.record(one)).unwrap().unwrap().received, None);
    let names: Vec<String> = vault.read(|r| r.deliveries(one)).unwrap().into_iter().map(|d| d.to).collect();
    assert_eq!(names, ["hub.example", "Joseph's tablet"], "the earliest first");

    // Bunia could not apply the second payload: it counts for the first record only.
    let looked =
        vault.write(|tx| tx.put_receipt(BUNIA, b"r1", &[sent.hash], &[(sent.hash, 1)], Timestamp(60)));
    assert_eq!(looked.unwrap(), [one, two]);
    assert_eq!(told(&vault, one), (Delivery::Received, 1));
    assert_eq!(told(&vault, two), (Delivery::HandedOver, 0));
    assert_eq!(vault.read(|r| r.record(one)).unwrap().unwrap().received, Some(Timestamp(60)));
    vault.write(|tx| tx.put_receipt(BUNIA, b"r2", &[sent.hash], &[], Timestamp(70))).unwrap();
    assert_eq!(told(&vault, two), (Delivery::Received, 1));
    assert_eq!(vault.read(|r| r.receipts()).unwrap(), [(BUNIA, b"r2".to_vec())]);

    // An amendment: until it is confirmed too, the record is not.
    vault.write(|tx| tx.append_payload(HQ, 0, &[0xdd; 200], Some(one))).unwrap();
    assert_eq!(told(&vault, one), (Delivery::OnlyHere, 0));
}

#[test]
fn a_receipt_that_no_longer_counts_takes_its_confirmation_back() {
    let (_home, mut vault) = amina();
    let one = vault.write(|tx| finalise(tx, 1, 0)).unwrap();
    let sent = segment(1, 1, true);
    vault.write(|tx| tx.close_batch(HQ, &sent)).unwrap();
    vault.write(|tx| tx.put_receipt(BUNIA, b"b", &[sent.hash], &[], Timestamp(60))).unwrap();
    vault.write(|tx| tx.put_receipt(NAIROBI, b"n", &[sent.hash], &[], Timestamp(61))).unwrap();
    assert_eq!(vault.read(|r| r.prunable(2)).unwrap()[0].received, Timestamp(60));
    vault.write(|tx| tx.forget_receipt(BUNIA)).unwrap();
    assert_eq!(told(&vault, one), (Delivery::Received, 1));
    assert!(vault.read(|r| r.prunable(2)).unwrap().is_empty());
    vault.write(|tx| tx.forget_receipt(NAIROBI)).unwrap();
    assert_eq!(told(&vault, one), (Delivery::OnlyHere, 0), "nobody ever said they took it");
}

#[test]
fn only_what_headquarters_confirmed_is_pruned_and_it_goes_whole() {
    let (_home, mut vault) = amina();
    let (one, two) = vault.write(|tx| Ok::<_, Error>((finalise(tx, 1, 0)?, finalise(tx, 2, 1)?))).unwrap();
    let sent = segment(1, 2, true);
    vault.write(|tx| tx.close_batch(HQ, &sent)).unwrap();
    vault.write(|tx| tx.mark_handed_over(&[sent.hash], "hub.example", Timestamp(40))).unwrap();
    assert!(vault.read(|r| r.prunable(0)).unwrap().is_empty(), "a hub's word is not enough");
    assert!(matches!(vault.write(|tx| tx.prune_record(one, "2026-11-20")), Err(Error::NotReceived)));

    vault.write(|tx| tx.put_receipt(BUNIA, b"r", &[sent.hash], &[], Timestamp(60))).unwrap();
    let ready: Vec<RecordId> = vault.read(|r| r.prunable(1)).unwrap().into_iter().map(|p| p.record).collect();
    assert_eq!(ready, [one, two]);
    vault.write(|tx| tx.append_journal(two.shared_part(), b"one more thing")).unwrap();
    assert_eq!(vault.read(|r| r.prunable(1)).unwrap().len(), 1, "an unsaved amendment keeps its record");

    vault.write(|tx| tx.prune_record(one, "2026-11-20")).unwrap();
    vault
        .read(|r| {
            assert!(r.record(one)?.is_none() && r.parts(one)?.is_empty() && r.items_of(one)?.is_empty());
            assert!(r.search("village1", 9)?.is_empty());
            assert!(r.segment(&sent.hash)?.is_some(), "the other record's payload is in it");
            assert_eq!(r.pruned_counts()?, [(FORM, "2026-11-20".to_owned(), 1)]);
            Ok::<_, Error>(())
        })
        .unwrap();
    vault.write(|tx| tx.prune_record(two, "2026-11-20")).unwrap();
    assert!(vault.read(|r| r.segment(&sent.hash)).unwrap().is_none(), "nobody's payload is in it any more");
    assert_eq!(vault.read(|r| r.pruned_counts()).unwrap()[0].2, 2);
    for table in ["part_key", "part", "journal", "item", "handed_over", "search_content"] {
        let rows: i64 =
            vault.conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[test]
fn a_tombstone_erases_without_counting() {
    let (_home, mut vault) = amina();
    let (id, _, _) = vault.write(|tx| draft(tx, 1)).unwrap();
    vault.write(|tx| tx.append_journal(severe_id(1), b"withdrawn")).unwrap();
    vault.write(|tx| tx.erase_record(id)).unwrap();
    assert!(vault.read(|r| r.record(id)).unwrap().is_none());
    assert!(vault.read(|r| r.journalled_parts()).unwrap().is_empty());
    assert!(vault.read(|r| r.pruned_counts()).unwrap().is_empty());
    assert!(matches!(vault.write(|tx| tx.erase_record(record_id(1))), Err(Error::Unknown("record"))));
}

#[test]
fn a_colleagues_segment_is_elsewhere_already() {
    let (_home, mut vault) = amina();
    let (id, _, _) = vault.write(|tx| draft(tx, 1)).unwrap();
    let his = segment(9, 1, false);
    assert!(vault.write(|tx| tx.put_segment(&his)).unwrap());
    assert!(!vault.write(|tx| tx.put_segment(&his)).unwrap(), "a second copy is the same segment");
    vault.write(|tx| tx.link_payload(&his.hash, 0, id)).unwrap();
    assert_eq!(told(&vault, id), (Delivery::HandedOver, 0));
    vault
        .write(|tx| {
            tx.put_chain(&his.log, b"head 9")?;
            tx.replace_segment_bytes(&his.hash, b"header only")
        })
        .unwrap();
    vault
        .read(|r| {
            assert_eq!(r.segment(&his.hash)?.unwrap().bytes, b"header only");
            assert_eq!(r.segments_of(&his.log, 9)?.len(), 1);
            assert_eq!(r.segments_of(&his.log, 10)?.len(), 0);
            assert_eq!(r.chains()?, [(his.log, b"head 9".to_vec())]);
            Ok::<_, Error>(())
        })
        .unwrap();
}
