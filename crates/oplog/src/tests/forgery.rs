//! Each field of a segment changed, and what then happens.

use super::world::{World, read_all};
use crate::segment::Header;
use crate::*;
use baraza_model::{DeviceId, Incarnation, SegmentHash, WorkspaceId};

fn forged(segment: &Segment, change: impl FnOnce(&mut Header)) -> Segment {
    let mut header = segment.header().clone();
    change(&mut header);
    segment.with_header(header)
}

#[test]
fn every_field_of_the_header_is_signed() {
    let mut world = World::new();
    let first = world.segment(1, None, &[b"one"]);
    let segment = world.segment(2, Some(first.hash()), &[b"one", b"two"]);
    type Change = fn(&mut Header);
    let changes: Vec<(&str, Change)> = vec![
        ("incarnation", |h| h.incarnation = Incarnation([9; 8])),
        ("readers", |h| h.readers[0] = ReaderKey::Group { group: baraza_model::GroupId([1; 8]), epoch: 1 }),
        ("epoch", |h| {
            if let ReaderKey::Group { epoch, .. } = &mut h.readers[0] {
                *epoch += 1;
            }
        }),
        ("batch", |h| h.batch.0[0] ^= 1),
        ("seq", |h| h.seq += 1),
        ("previous", |h| h.previous = Some(SegmentHash([1; 32]))),
        ("roster term", |h| h.roster_term = 0),
        ("roster version", |h| h.roster_version -= 1),
        ("wraps", |h| h.wraps[0][40] ^= 1),
        ("commitment", |h| h.commitment[0] ^= 1),
        ("payload hash", |h| h.payloads.swap(0, 1)),
        ("priority", |h| h.priority = Priority::Alert),
    ];
    for (field, change) in changes {
        let refused = forged(&segment, change).verify(&world.roster).unwrap_err();
        assert_eq!(refused, VerifyError::BadSignature, "{field}");
        assert_eq!(refused.disposition(), Disposition::Quarantine);
    }
    let elsewhere = forged(&segment, |h| h.workspace = WorkspaceId([1; 16]));
    assert_eq!(elsewhere.verify(&world.roster).unwrap_err(), VerifyError::WrongWorkspace);
    let stranger = forged(&segment, |h| h.device = DeviceId([1; 16]));
    assert_eq!(stranger.verify(&world.roster).unwrap_err(), VerifyError::UnknownDevice(DeviceId([1; 16])));
    let grace = world.grace.public().id();
    let borrowed = forged(&segment, |h| h.device = grace);
    assert_eq!(borrowed.verify(&world.roster).unwrap_err(), VerifyError::BadSignature);
}

#[test]
fn a_segment_written_with_a_newer_roster_waits() {
    let mut world = World::new();
    let behind = world.roster.clone();
    world.author.publish_form(&mut world.roster, baraza_model::FormHash([1; 32])).unwrap();
    let segment = world.segment(1, None, &[b"one"]);
    let refused = segment.verify(&behind).unwrap_err();
    assert_eq!(refused, VerifyError::NewerRoster { needed: world.roster.version(), known: behind.version() });
    assert_eq!(refused.disposition(), Disposition::Waiting);
    // So does one by a device that only the newer roster knows.
    let first = Roster::replay(&behind.statements()[..6]).unwrap();
    assert!(matches!(segment.verify(&first), Err(VerifyError::NewerRoster { .. })));
}

#[test]
fn a_damaged_payload_spoils_only_itself() {
    let mut world = World::new();
    let segment = world.segment(1, None, &[b"one", b"two", b"three"]);
    let mut bytes = segment.encode();
    let damaged = bytes.len() - segment.payload(2).unwrap().len() - 3;
    bytes[damaged] ^= 1;
    let segment = Segment::decode(&bytes).unwrap();
    let verified = segment.verify(&world.roster).unwrap();
    assert_eq!(verified.states(), [PayloadState::Whole, PayloadState::Corrupt, PayloadState::Whole]);
    let amina = world.keyring(&world.amina);
    let opened: Vec<_> = verified.open(&amina).unwrap().map(|o| o.map(|(i, b)| (i, b.to_vec()))).collect();
    let expected =
        vec![Ok((0, b"one".to_vec())), Err(OpenError::Corrupt { index: 1 }), Ok((2, b"three".to_vec()))];
    assert_eq!(opened, expected);
}

/// Every single bit of a segment: it is refused, or exactly one payload is found damaged. Nothing else is read
/// than what was written.
#[test]
fn no_flipped_bit_goes_unnoticed() {
    let mut world = World::new();
    let frames: [&[u8]; 2] = [b"one", b"two"];
    let segment = world.segment(1, None, &frames);
    let amina = world.keyring(&world.amina);
    let bytes = segment.encode();
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let Ok(segment) = Segment::decode(&flipped) else { continue };
        let Ok(verified) = segment.verify(&world.roster) else { continue };
        let corrupt = verified.states().iter().filter(|s| **s == PayloadState::Corrupt).count();
        assert_eq!(corrupt, 1, "byte {at}");
        let opened = verified.open(&amina).unwrap().flatten();
        assert!(opened.into_iter().all(|(index, frame)| *frame == frames[index as usize]));
    }
}

#[test]
fn a_payload_cannot_be_moved_within_its_batch() {
    let mut world = World::new();
    let yusuf = world.yusuf.clone();
    let compartment = world.hq_only();
    let mut batch = world.start(&yusuf, &compartment);
    let state = batch.encode();
    let first = batch.seal(b"first", &mut world.rng).unwrap();
    // The author itself signs its first ciphertext in second place: it does not open there.
    let mut other = OpenBatch::decode(&state).unwrap();
    other.adopt(&first.bytes);
    other.adopt(&first.bytes);
    let segment =
        other.close(&yusuf, 1, None, [Some(first.bytes.clone()), Some(first.bytes.clone())]).unwrap();
    let verified = segment.verify(&world.roster).unwrap();
    let opened: Vec<_> =
        verified.open(&world.keyring(&world.amina)).unwrap().map(|o| o.map(|(i, _)| i)).collect();
    assert_eq!(opened, [Ok(0), Err(OpenError::Unsealable { index: 1 })]);
}

#[test]
fn two_readers_cannot_be_given_different_secrets() {
    let mut world = World::new();
    let compartment = Compartment::of_groups([world.east, world.roster.hq()]).unwrap();
    let yusuf = world.yusuf.clone();
    let mut one = world.start(&yusuf, &compartment);
    let sealed = one.seal(b"x", &mut world.rng).unwrap();
    let segment = one.close(&yusuf, 1, None, [Some(sealed.bytes)]).unwrap();
    // The wrap for the second reader seals another secret, under the device's genuine signature.
    let header = segment.header();
    let (reader, public) = (
        header.readers[1],
        world
            .roster
            .current_epoch(&match header.readers[1] {
                ReaderKey::Group { group, .. } => group,
                ReaderKey::Device(_) => unreachable!(),
            })
            .unwrap()
            .1,
    );
    let aad = crate::batch::wrap_aad(header.workspace, header.device, header.batch, &reader);
    let other = public.seal(Context::BATCH_WRAP, &aad, &[7; 32], &mut world.rng).unwrap();
    let mut header = header.clone();
    header.wraps[1] = other.into();
    let crafted = Segment::sign(header, &yusuf, vec![segment.payload(0).map(<[u8]>::to_vec)]).unwrap();
    let verified = crafted.verify(&world.roster).unwrap();
    let ReaderKey::Group { group, epoch } = reader else { unreachable!() };
    let mut only_second = Keyring::new();
    only_second.insert(group, epoch, world.author.keyring.secret(&group, epoch).unwrap().clone());
    assert_eq!(verified.open(&only_second).unwrap_err(), OpenError::WrongKey);
}

#[test]
fn signatures_of_one_purpose_hold_for_no_other() {
    let world = World::new();
    let signature = world.yusuf.sign(Context::REQUEST, b"message");
    let key = world.yusuf.public().sign;
    assert!(key.verify(Context::REQUEST, b"message", &signature).is_ok());
    assert!(key.verify(Context::LAN, b"message", &signature).is_err());
    assert!(key.verify(Context::REQUEST, b"messages", &signature).is_err());
    assert!(world.grace.public().sign.verify(Context::REQUEST, b"message", &signature).is_err());
}

#[test]
fn a_log_is_its_device_incarnation_and_readers_but_not_their_epoch() {
    let mut world = World::new();
    let first = world.segment(1, None, &[b"one"]);
    let hq = world.roster.hq();
    world.author.rotate(&mut world.roster, hq, &mut world.rng).unwrap();
    let second = world.segment(2, Some(first.hash()), &[b"two"]);
    assert_eq!(first.log(), second.log());
    assert_ne!(first.header().readers, second.header().readers);
    let amina = world.keyring(&world.amina);
    for (segment, frame) in [(&first, b"one"), (&second, b"two")] {
        assert_eq!(read_all(segment, &world.roster, &amina), [frame.to_vec()]);
    }
    let (ws, id) = (world.roster.workspace(), world.yusuf.public().id());
    let other_life = log_id(ws, id, Incarnation([2; 8]), &world.hq_only());
    assert_ne!(first.log(), other_life);
}
