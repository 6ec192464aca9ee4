//! A bundle gives back what was put in, and of a damaged one everything that the damage did not touch.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it should be"
)]

mod common;

use baraza_oplog::TransportKey;
use baraza_sync::SyncError;
use baraza_sync::bundle::{BundleWriter, ByteRange, Item, ItemKind, ReadReport, read_bundle, write_bundle};
use common::Seeded;
use proptest::prelude::*;
use std::collections::BTreeSet;

const HEADER: usize = 64;
const FRAME: usize = 4096;
const DATA: usize = 4075;

fn key(byte: u8) -> TransportKey {
    TransportKey::from_bytes(&[byte; 32])
}

fn item(kind: ItemKind, byte: u8, length: usize) -> Item {
    Item { kind, bytes: vec![byte; length] }
}

fn file_of(items: &[Item]) -> Vec<u8> {
    let mut writer = BundleWriter::new(&key(1), &mut Seeded::new(9)).unwrap();
    for item in items {
        writer.push(item.kind, &item.bytes).unwrap();
    }
    writer.finish().unwrap()
}

/// The frames that each item touches, counted from the format's description and not from the writer.
fn frames_of(items: &[Item]) -> Vec<BTreeSet<usize>> {
    let mut at = 0;
    let mut frames = Vec::new();
    for item in items {
        let end = at + 5 + item.bytes.len();
        frames.push((at / DATA..=(end - 1) / DATA).collect());
        at = end;
    }
    frames
}

fn read(file: &[u8]) -> (Vec<Item>, ReadReport) {
    read_bundle(file, &key(1)).unwrap()
}

#[test]
fn amina_s_card_is_damaged_in_the_middle() {
    // Amina hands headquarters a card with two receipts, forty segments of a week's surveys and one alert.
    let mut items = vec![item(ItemKind::Receipt, 1, 700), item(ItemKind::AlertSegment, 2, 900)];
    items.extend((0..40).map(|n| item(ItemKind::Segment, n, 3_000)));
    let mut card = file_of(&items);

    // The card lay in the sun: three frames in the middle cannot be read.
    for byte in &mut card[HEADER + 14 * FRAME..HEADER + 17 * FRAME] {
        *byte = 0xFF;
    }

    let (found, report) = read(&card);
    let damaged: BTreeSet<usize> = (14..17).collect();
    let expected: Vec<Item> = (items.iter().zip(frames_of(&items)))
        .filter(|(_, frames)| frames.is_disjoint(&damaged))
        .map(|(item, _)| item.clone())
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found[1].kind, ItemKind::AlertSegment, "the alert went first and is safe");
    assert!(found.len() >= items.len() - 6, "three frames cost {} items", items.len() - found.len());
    assert_eq!(report.damaged_frames, 3);
    assert_eq!(report.items, found.len());
    assert_eq!(report.cut_items, 1, "of one item the beginning was seen");
    assert_eq!(report.lost, [ByteRange { start: HEADER + 14 * FRAME, end: HEADER + 17 * FRAME }]);
    assert!(!report.is_whole() && !report.truncated);
}

#[test]
fn the_beginning_of_the_card_is_gone() {
    let items: Vec<Item> = (0..30).map(|n| item(ItemKind::Segment, n, 1_000)).collect();
    let mut card = file_of(&items);
    card[..HEADER + 10].fill(0);
    let (found, report) = read(&card);
    let expected: Vec<Item> = (items.iter().zip(frames_of(&items)))
        .filter(|(_, frames)| !frames.contains(&0))
        .map(|(item, _)| item.clone())
        .collect();
    assert_eq!(found, expected);
    assert_eq!(report.damaged_frames, 1);
}

#[test]
fn a_pulled_out_card_leaves_what_came_first() {
    let items: Vec<Item> = (0..30).map(|n| item(ItemKind::Segment, n, 1_000)).collect();
    let card = file_of(&items);
    for length in [HEADER, HEADER + 1, HEADER + FRAME, HEADER + FRAME + 100, HEADER + 3 * FRAME] {
        let (found, report) = read(&card[..length]);
        assert!(items.starts_with(&found));
        assert!(report.truncated, "a missing end is noticed at {length}");
        assert!(!report.is_whole());
    }
    let (found, report) = read(&card[..card.len() - HEADER]);
    assert_eq!(found, items, "only the header's copy is missing");
    assert!(report.is_whole());
}

#[test]
fn frames_out_of_their_place_are_damage() {
    let items: Vec<Item> = (0..30).map(|n| item(ItemKind::Segment, n, 1_000)).collect();
    let card = file_of(&items);
    let mut swapped = card.clone();
    let (a, b) = (HEADER + FRAME, HEADER + 2 * FRAME);
    swapped[a..b].copy_from_slice(&card[b..b + FRAME]);
    swapped[b..b + FRAME].copy_from_slice(&card[a..b]);
    let (found, report) = read(&swapped);
    assert_eq!(report.damaged_frames, 2);
    assert!(found.iter().all(|item| items.contains(item)));
    assert!(found.len() < items.len());
}

#[test]
fn another_workspace_s_card_is_told_from_a_damaged_one() {
    let mut card = file_of(&[item(ItemKind::Segment, 7, 100)]);
    assert_eq!(read_bundle(&card, &key(2)).unwrap_err(), SyncError::WrongKey);
    card[HEADER] ^= 1;
    assert_eq!(read_bundle(&card, &key(2)).unwrap_err(), SyncError::WrongKey);
    let (found, report) = read(&card);
    assert!(found.is_empty());
    assert_eq!((report.damaged_frames, report.truncated), (1, true));
}

#[test]
fn what_is_no_bundle_is_refused() {
    for file in [&b""[..], b"PK\x03\x04 a spreadsheet", &[0; 5000], b"\x89BRZ\r\n\x1a\n"] {
        assert_eq!(read_bundle(file, &key(1)).unwrap_err(), SyncError::NotABundle);
    }
    let mut newer = file_of(&[]);
    newer.truncate(HEADER);
    newer[8] = 9;
    assert_eq!(
        read_bundle(&newer, &key(1)).unwrap_err(),
        SyncError::NotABundle,
        "the checksum covers the version"
    );
}

#[test]
fn an_empty_bundle_is_whole() {
    let card = file_of(&[]);
    assert_eq!(card.len(), 2 * HEADER + FRAME);
    let (found, report) = read(&card);
    assert!(found.is_empty() && report.is_whole());
    assert_eq!(report.frames, 1);
}

#[test]
fn junk_before_and_behind_does_no_harm() {
    let items: Vec<Item> = (0..12).map(|n| item(ItemKind::Segment, n, 1_500)).collect();
    let card = file_of(&items);
    let mut long = card.clone();
    long.extend_from_slice(&[0x5A; 10_000]);
    assert_eq!(read(&long).0, items);
    assert!(read(&long).1.is_whole());
    let mut late = vec![0x5A; 1234];
    late.extend_from_slice(&card);
    assert_eq!(read(&late).0, items);
}

#[test]
fn the_file_says_nothing_and_never_the_same() {
    let sentence = b"the water point is guarded at night";
    let items = vec![Item { kind: ItemKind::Segment, bytes: sentence.to_vec() }];
    let monday = write_bundle(&key(1), items.clone(), &mut Seeded::new(1)).unwrap();
    let tuesday = write_bundle(&key(1), items, &mut Seeded::new(2)).unwrap();
    assert!(!monday.windows(8).any(|w| w == &sentence[..8]));
    let same = monday.iter().zip(&tuesday).skip(16).filter(|(a, b)| a == b).count();
    assert!(same < monday.len() / 64, "{same} bytes agree behind the magic");
}

#[test]
fn alerts_travel_first() {
    let items = vec![
        item(ItemKind::AttachmentBlob, 1, 10),
        item(ItemKind::Segment, 2, 10),
        item(ItemKind::FormBlob, 3, 10),
        item(ItemKind::Segment, 4, 10),
        item(ItemKind::AlertSegment, 5, 10),
        item(ItemKind::Other(77), 6, 0),
        item(ItemKind::Receipt, 7, 10),
        item(ItemKind::RosterStatement, 8, 10),
    ];
    let card = write_bundle(&key(1), items, &mut Seeded::new(3)).unwrap();
    let order: Vec<u8> = read(&card).0.iter().map(|item| item.bytes.first().copied().unwrap_or(6)).collect();
    assert_eq!(order, [8, 7, 5, 3, 2, 4, 1, 6]);
}

#[test]
fn an_item_beyond_the_limit_is_refused() {
    let mut writer = BundleWriter::new(&key(1), &mut Seeded::new(1)).unwrap();
    let error = writer.push(ItemKind::Segment, &vec![0; baraza_sync::MAX_ITEM + 1]).unwrap_err();
    assert_eq!(error.code(), "sync.too-large");
}

#[test]
fn chunks_are_the_file() {
    let items: Vec<Item> = (0..9).map(|n| item(ItemKind::Segment, n, 5_000)).collect();
    let mut writer = BundleWriter::new(&key(1), &mut Seeded::new(9)).unwrap();
    let mut streamed = Vec::new();
    for item in &items {
        writer.push(item.kind, &item.bytes).unwrap();
        streamed.extend(writer.take_chunk());
    }
    streamed.extend(writer.finish().unwrap());
    assert_eq!(streamed, file_of(&items));
}

fn any_items() -> impl Strategy<Value = Vec<Item>> {
    let length = prop_oneof![0usize..40, 40usize..3_000, 4_060usize..4_090, 8_000usize..13_000];
    let one =
        (1u8..9, any::<u8>(), length).prop_map(|(kind, byte, n)| item(ItemKind::from_byte(kind), byte, n));
    prop::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    /// Of a card with any bytes changed, exactly the items that touch no damaged frame are read.
    #[test]
    fn damage_costs_what_it_touches(items in any_items(), hits in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 0..6)) {
        let mut card = file_of(&items);
        let frames = (card.len() - 2 * HEADER) / FRAME;
        let mut damaged = BTreeSet::new();
        for (index, flip) in hits {
            let at = index.index(frames * FRAME);
            // The same byte hit twice could heal; a frame hit before is only hit at its own first byte again.
            if damaged.insert(at / FRAME) {
                card[HEADER + at] ^= flip;
            }
        }
        let (found, report) = read(&card);
        let expected: Vec<Item> = items.iter().zip(frames_of(&items))
            .filter(|(_, touched)| touched.is_disjoint(&damaged))
            .map(|(item, _)| item.clone())
            .collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(report.damaged_frames, damaged.len());
        prop_assert_eq!(report.truncated, damaged.contains(&(frames - 1)));
        prop_assert_eq!(report.is_whole(), damaged.is_empty());
    }

    /// Cut anywhere: what is read is the beginning of what was written, and a cut that costs anything is reported.
    #[test]
    fn a_cut_leaves_the_beginning(items in any_items(), cut in any::<prop::sample::Index>()) {
        let card = file_of(&items);
        match read_bundle(&card[..cut.index(card.len())], &key(1)) {
            Ok((found, report)) => {
                prop_assert!(items.starts_with(&found));
                prop_assert_eq!(report.is_whole(), found.len() == items.len() && !report.truncated);
                prop_assert!(report.truncated || found.len() == items.len());
            }
            Err(error) => prop_assert_eq!(error, SyncError::NotABundle),
        }
    }

    /// Whatever is read, nothing panics and nothing is made up.
    #[test]
    fn no_file_is_too_strange(items in any_items(), spoil in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..60), junk in prop::collection::vec(any::<u8>(), 0..200), swap in any::<bool>()) {
        let mut card = file_of(&items);
        for (index, byte) in spoil {
            let at = index.index(card.len());
            card[at] = byte;
        }
        let file = if swap { [junk, card].concat() } else { [card, junk].concat() };
        if let Ok((found, report)) = read_bundle(&file, &key(1)) {
            prop_assert!(found.iter().all(|item| items.contains(item)));
            prop_assert_eq!(report.items, found.len());
        }
    }

    #[test]
    fn random_bytes_are_no_bundle(bytes in prop::collection::vec(any::<u8>(), 0..9_000)) {
        prop_assert!(read_bundle(&bytes, &key(1)).is_err());
    }
}
