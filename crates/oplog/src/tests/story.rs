//! From founding to reading, and who cannot read.

use super::world::{World, read_all};
use crate::*;
use baraza_model::Timestamp;

#[test]
fn yusuf_writes_what_amina_reads_and_grace_does_not() {
    let mut world = World::new();
    let segment = world.segment(1, None, &[b"the well is dry", b"we feel safer"]);
    let travelled = Segment::decode(&segment.encode()).unwrap();
    assert_eq!(travelled, segment);

    let amina = world.keyring(&world.amina);
    assert_eq!(
        read_all(&travelled, &world.roster, &amina),
        [b"the well is dry".to_vec(), b"we feel safer".to_vec()]
    );

    let grace = world.keyring(&world.grace);
    let refused = travelled.verify(&world.roster).unwrap().open(&grace).unwrap_err();
    assert_eq!(refused, OpenError::NoKey { groups: vec![(world.roster.hq(), 1)] });
    let yusuf = world.keyring(&world.yusuf);
    assert!(travelled.verify(&world.roster).unwrap().open(&yusuf).is_err(), "its author cannot read it back");
}

#[test]
fn a_team_record_opens_for_the_team_and_for_headquarters() {
    let mut world = World::new();
    let compartment = Compartment::of_groups([world.east, world.roster.hq()]).unwrap();
    let yusuf = world.yusuf.clone();
    let mut batch = world.start(&yusuf, &compartment);
    let sealed = batch.seal(b"patrol", &mut world.rng).unwrap();
    let segment = batch.close(&yusuf, 1, None, [Some(sealed.bytes)]).unwrap();
    for device in [&world.yusuf, &world.amina] {
        assert_eq!(read_all(&segment, &world.roster, &world.keyring(device)), [b"patrol".to_vec()]);
    }
    assert!(compartment.is_read_by(&world.amina.public().id(), &world.roster));
    assert!(!compartment.is_read_by(&world.grace.public().id(), &world.roster));
}

#[test]
fn a_draft_shared_with_one_device_opens_there_only() {
    let mut world = World::new();
    let compartment = Compartment::new([Reader::Device(world.grace.public().id())]).unwrap();
    let yusuf = world.yusuf.clone();
    let mut batch = world.start(&yusuf, &compartment);
    let sealed = batch.seal(b"translate this?", &mut world.rng).unwrap();
    let segment = batch.close(&yusuf, 1, None, [Some(sealed.bytes)]).unwrap();
    assert_eq!(
        read_all(&segment, &world.roster, &world.keyring(&world.grace)),
        [b"translate this?".to_vec()]
    );
    assert!(segment.verify(&world.roster).unwrap().open(&world.keyring(&world.amina)).is_err());
}

#[test]
fn an_erased_payload_leaves_the_rest_readable_and_the_hash_unchanged() {
    let mut world = World::new();
    let mut segment = world.segment(1, None, &[b"one", b"two", b"three"]);
    let hash = segment.hash();
    assert!(segment.erase(1) && !segment.erase(1) && !segment.erase(9));
    let travelled = Segment::decode(&segment.encode()).unwrap();
    assert_eq!(travelled.hash(), hash);
    assert_eq!(travelled.verify(&world.roster).unwrap().state(1), Some(PayloadState::Erased));
    let amina = world.keyring(&world.amina);
    assert_eq!(read_all(&travelled, &world.roster, &amina), [b"one".to_vec(), b"three".to_vec()]);
}

#[test]
fn the_state_survives_a_restart_between_any_two_payloads() {
    let mut world = World::new();
    let (yusuf, compartment) = (world.yusuf.clone(), world.hq_only());
    let mut batch = world.start(&yusuf, &compartment);
    let mut sealed = Vec::new();
    for frame in [b"a", b"b", b"c"] {
        batch = OpenBatch::decode(&batch.encode()).unwrap();
        sealed.push(Some(batch.seal(frame, &mut world.rng).unwrap().bytes));
    }
    let segment = batch.close(&yusuf, 1, None, sealed).unwrap();
    let amina = world.keyring(&world.amina);
    assert_eq!(read_all(&segment, &world.roster, &amina), [b"a".to_vec(), b"b".to_vec(), b"c".to_vec()]);
}

#[test]
fn a_state_restored_from_a_backup_repeats_a_key_but_no_nonce() {
    let mut world = World::new();
    let (yusuf, compartment) = (world.yusuf.clone(), world.hq_only());
    let batch = world.start(&yusuf, &compartment);
    let backup = batch.encode();
    let seals = [b"first life", b"other life"].map(|frame| {
        let mut batch = OpenBatch::decode(&backup).unwrap();
        let bytes = batch.seal(frame, &mut world.rng).unwrap().bytes;
        (batch, bytes)
    });
    assert_ne!(seals[0].1[..12], seals[1].1[..12], "nonces are drawn, not counted");
    let amina = world.keyring(&world.amina);
    let [first, other] = seals.map(|(batch, bytes)| batch.close(&yusuf, 1, None, [Some(bytes)]).unwrap());
    assert_eq!(read_all(&first, &world.roster, &amina), [b"first life".to_vec()]);
    assert_eq!(read_all(&other, &world.roster, &amina), [b"other life".to_vec()]);
    let mut chain = Chain::new();
    chain.observe(first.log(), 1, first.hash(), None);
    assert!(matches!(chain.observe(other.log(), 1, other.hash(), None), Observed::Fork { seq: 1, .. }));
}

#[test]
fn a_batch_is_due_after_a_day_or_when_the_clock_went_back() {
    let mut world = World::new();
    let (yusuf, compartment) = (world.yusuf.clone(), world.hq_only());
    let batch = world.start(&yusuf, &compartment);
    assert!(!batch.is_due(Timestamp(1_000)) && !batch.is_due(Timestamp(1_000 + 86_399_999)));
    assert!(batch.is_due(Timestamp(1_000 + 86_400_000)) && batch.is_due(Timestamp(999)));
}

#[test]
fn close_refuses_other_payloads_other_devices_and_other_places() {
    let mut world = World::new();
    let (yusuf, grace, compartment) = (world.yusuf.clone(), world.grace.clone(), world.hq_only());
    let mut batch = world.start(&yusuf, &compartment);
    let sealed = batch.seal(b"x", &mut world.rng).unwrap().bytes;
    let state = batch.encode();
    let again = || OpenBatch::decode(&state).unwrap();
    let wrong = vec![0; sealed.len()];
    assert_eq!(again().close(&yusuf, 1, None, [Some(wrong)]), Err(BatchError::WrongPayload(0)));
    assert_eq!(again().close(&yusuf, 1, None, []), Err(BatchError::WrongPayload(0)));
    assert_eq!(
        again().close(&yusuf, 1, None, [Some(sealed.clone()), None]),
        Err(BatchError::WrongPayload(1))
    );
    assert_eq!(again().close(&grace, 1, None, [Some(sealed.clone())]), Err(BatchError::WrongPlace));
    assert_eq!(again().close(&yusuf, 2, None, [Some(sealed.clone())]), Err(BatchError::WrongPlace));
    assert!(again().close(&yusuf, 1, None, [None]).is_ok(), "an erased payload may be missing");
}

#[test]
fn what_a_hundred_payloads_add_to_their_frames() {
    let mut world = World::new();
    let frame = vec![5; 256];
    let frames: Vec<&[u8]> = (0..100).map(|_| frame.as_slice()).collect();
    let size = world.segment(1, None, &frames).encode().len();
    let overhead = (size - 100 * 256) / 100;
    assert!(overhead <= 68, "{overhead} bytes for each payload");
}

#[test]
fn words_match_only_for_the_same_keys() {
    let world = World::new();
    let words = verification_words(&world.roster.authority(), &world.yusuf.public());
    assert_eq!(words, verification_words(&world.roster.authority(), &world.yusuf.public()));
    assert_ne!(words, verification_words(&world.roster.authority(), &world.grace.public()));
    let mut distinct = WORDS.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 256);
}
