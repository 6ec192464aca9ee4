//! Payloads as frames: what is saved, what is hidden, what is refused.

use crate::*;
use baraza_model::{DeviceId, Entropy, FormHash, GroupId, PartId, PartKind, RecordId, Role, Timestamp};
use proptest::prelude::*;
use std::sync::Arc;

const FORM: FormHash = FormHash([3; 32]);
const RECORD: RecordId = RecordId([4; 16]);

fn change(bytes: &[u8]) -> PartPayload {
    PartPayload {
        record: RECORD,
        part: RECORD.shared_part(),
        kind: PartKind::Shared,
        form: FORM,
        bytes: bytes.into(),
    }
}

fn severe(bytes: &[u8]) -> PartPayload {
    let mut payload = change(bytes);
    (payload.part, payload.kind) = (PartId([5; 16]), PartKind::Severe);
    payload
}

fn with_dictionary() -> Codec {
    let mut codec = Codec::new();
    codec
        .insert_form(FORM, Arc::from(&b"g_start/adm1 g_start/adm2 consent safer_now incident_type"[..]))
        .unwrap();
    codec
}

#[test]
fn every_kind_comes_back() {
    let directory = Directory {
        serial: 3,
        made: Timestamp(5),
        workspace_name: "Upper valley".into(),
        devices: vec![DirectoryDevice {
            device: DeviceId([1; 16]),
            alias: "Grace".into(),
            role: Role::Interpreter,
        }],
        groups: vec![DirectoryGroup { group: GroupId([2; 8]), name: "east".into() }],
    };
    let payloads = [
        Payload::Change(change(b"g_start/adm1 and more")),
        Payload::Change(severe(b"a name")),
        Payload::Snapshot(change(b"")),
        Payload::Snapshot(severe(&[7; 3_000])),
        Payload::Form { hash: FORM, package: vec![9; 40_000] },
        Payload::Directory(directory),
        Payload::Review { record: RECORD, body: b"please call back".to_vec() },
        Payload::Other { kind: 12, body: b"later".to_vec() },
    ];
    for mut codec in [Codec::new(), with_dictionary()] {
        for payload in &payloads {
            let frame = codec.encode(payload).unwrap();
            assert_eq!(padded_len(frame.len()), frame.len());
            assert_eq!(&codec.decode(&frame).unwrap(), payload);
        }
    }
}

#[test]
fn a_dictionary_saves_bytes_and_a_reader_without_it_waits() {
    let payload = Payload::Change(change(b"g_start/adm1 g_start/adm2 consent safer_now incident_type"));
    let (plain, mut short) = (Codec::new(), with_dictionary());
    let (long, frame) = (plain.encode(&payload).unwrap(), short.encode(&payload).unwrap());
    assert!(frame.len() < long.len(), "{} < {}", frame.len(), long.len());
    assert_eq!(short.decode(&frame).unwrap(), payload);
    let waits = Codec::new().decode(&frame).unwrap_err();
    assert!(matches!(waits, PayloadError::MissingForm(_)));
    assert_eq!(waits.disposition(), Disposition::Waiting);
    // The same form with a dictionary of another making is another tag, never garbage.
    let mut other = Codec::new();
    other.insert_form(FORM, Arc::from(&b"something else altogether"[..])).unwrap();
    assert!(matches!(other.decode(&frame), Err(PayloadError::MissingForm(_))));
}

#[test]
fn what_an_incompressible_change_costs() {
    let mut rng = super::world::Seeded::new(1);
    let bytes: [u8; 180] = rng.bytes();
    let frame = with_dictionary().encode(&Payload::Change(change(&bytes))).unwrap();
    // Head, tag, record and padding mark are 26 bytes.
    assert_eq!(frame.len(), padded_len(180 + 26));
}

#[test]
fn severe_answers_never_go_through_the_compressor() {
    let answers = [b'x'; 300];
    let frame = with_dictionary().encode(&Payload::Change(severe(&answers))).unwrap();
    assert!(frame.windows(300).any(|window| window == answers));
    let frame = with_dictionary().encode(&Payload::Change(change(&answers))).unwrap();
    assert!(frame.len() < 100, "the shared part is compressed");
}

#[test]
fn lengths_are_padded_to_sixteen_and_then_by_padme() {
    let lengths = [(1, 16), (16, 16), (17, 32), (512, 512), (513, 544), (1_000, 1_024), (100_000, 100_352)];
    for (length, padded) in lengths {
        assert_eq!(padded_len(length), padded);
    }
    for length in (513..2_000_000).step_by(997) {
        let padded = padded_len(length);
        assert!(padded >= length && padded * 100 <= length * 112, "{length} to {padded}");
        assert_eq!(padded_len(padded), padded);
    }
}

#[test]
fn a_bomb_goes_nowhere() {
    // Five mebibytes of zeros in a frame of a few hundred bytes.
    let mut bomb = vec![1 << 4];
    bomb.extend_from_slice(&FORM.0);
    bomb.extend_from_slice(&RECORD.0);
    let mut encoder = zstd::zstd_safe::CCtx::create();
    encoder
        .set_parameter(zstd::zstd_safe::CParameter::Format(zstd::zstd_safe::FrameFormat::Magicless))
        .unwrap();
    let mut packed = Vec::with_capacity(10_000);
    encoder.compress2(&mut packed, &vec![0; 5 << 20]).unwrap();
    bomb.extend_from_slice(&packed);
    bomb.push(0x80);
    bomb.resize(padded_len(bomb.len()), 0);
    let mut codec = Codec::new();
    assert_eq!(codec.decode(&bomb), Err(PayloadError::Compression));
    // And the codec goes on working.
    let payload = Payload::Change(change(&[b'x'; 70_000]));
    let frame = codec.encode(&payload).unwrap();
    assert_eq!(codec.decode(&frame).unwrap(), payload);
}

#[test]
fn contradictions_and_giants_are_not_written() {
    let codec = Codec::new();
    let mut astray = change(b"x");
    astray.part = PartId([9; 16]);
    assert!(matches!(codec.encode(&Payload::Change(astray)), Err(PayloadError::Inconsistent(_))));
    assert!(matches!(
        codec.encode(&Payload::Other { kind: 3, body: vec![] }),
        Err(PayloadError::Inconsistent(_))
    ));
    let mut rng = super::world::Seeded::new(1);
    let mut noise = vec![0; 2 << 20];
    rng.fill(&mut noise);
    let too_long = codec.encode(&Payload::Change(change(&noise)));
    assert_eq!(too_long, Err(PayloadError::TooLong { most: MAX_FRAME }));
    let magic = Arc::from(&[0x37, 0xa4, 0x30, 0xec, 1, 2, 3, 4][..]);
    assert!(Codec::new().insert_form(FORM, magic).is_err());
}

proptest! {
    #[test]
    fn any_change_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..3_000), is_severe: bool, known: bool) {
        let mut codec = if known { with_dictionary() } else { Codec::new() };
        let part = if is_severe { severe(&bytes) } else { change(&bytes) };
        let payload = Payload::Change(part);
        let frame = codec.encode(&payload).unwrap();
        prop_assert_eq!(codec.decode(&frame).unwrap(), payload);
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = with_dictionary().decode(&bytes);
        let mut padded = bytes;
        padded.push(0x80);
        padded.resize(padded_len(padded.len()), 0);
        let _ = with_dictionary().decode(&padded);
    }
}
