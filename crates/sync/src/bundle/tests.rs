//! What only a member who holds the transport key could write: well-sealed frames that lie.

use super::frame::{DATA_LEN, FrameCipher};
use super::read_bundle;
use baraza_oplog::TransportKey;

/// A file of well-sealed frames with these contents.
fn forged(frames: &[(Option<u16>, Vec<u8>)]) -> Vec<u8> {
    let cipher = FrameCipher::new(&key(), &[3; 32]).unwrap();
    let mut file = cipher.header(&[3; 32]).to_vec();
    for (number, (first, data)) in frames.iter().enumerate() {
        cipher.seal(number as u64, number + 1 == frames.len(), *first, data, &mut file).unwrap();
    }
    file
}

fn key() -> TransportKey {
    TransportKey::from_bytes(&[1; 32])
}

fn item(length: u32, bytes: &[u8]) -> Vec<u8> {
    [&[5][..], &length.to_le_bytes(), bytes].concat()
}

#[test]
fn an_impossible_length_costs_one_frame() {
    let file = forged(&[
        (Some(0), item(u32::MAX, &[0; 100])),
        (Some(0), item(2, b"ok")),
        (Some(0), item(9, b"too short")),
    ]);
    let (items, report) = read_bundle(&file, &key()).unwrap();
    assert_eq!(items.iter().map(|i| i.bytes.as_slice()).collect::<Vec<_>>(), [&b"ok"[..], b"too short"]);
    assert_eq!((report.malformed_items, report.cut_items, report.damaged_frames), (1, 0, 0));
}

#[test]
fn a_length_beyond_the_end_is_a_cut_item() {
    let file = forged(&[(Some(0), item(1_000_000, &vec![0; DATA_LEN - 5])), (None, item(5, b"12345"))]);
    let (items, report) = read_bundle(&file, &key()).unwrap();
    assert!(items.is_empty());
    assert_eq!((report.cut_items, report.truncated), (1, false));
}

#[test]
fn a_first_item_outside_of_the_frame_is_damage() {
    let file = forged(&[(Some(4_000), item(2, b"ok")), (Some(0), item(2, b"ok"))]);
    let (items, report) = read_bundle(&file, &key()).unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(report.damaged_frames, 1);
}
