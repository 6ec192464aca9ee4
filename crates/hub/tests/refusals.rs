//! Whom the hub does not believe, and what becomes of what they bring.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it should be"
)]

mod common;

use baraza_hub::{Hub, Options};
use baraza_model::Timestamp;
use baraza_oplog::{Cut, HubSecret, Segment};
use baraza_sync::client::{Ending, OutboxSegment};
use baraza_sync::wire::envelope::{open_response, request_digest, seal_request};
use baraza_sync::wire::{
    Bytes, PushOutcome, Refusal, RosterHead, Standing, SyncRequest, SyncResponse, WIRE_VERSION,
};
use common::{DAY, NOW, Person, Seeded, World};

fn ask(hub: &Hub, bytes: &[u8]) -> SyncResponse {
    let answer = hub.handle_sync(bytes, NOW);
    let body = open_response(&hub.public(), request_digest(bytes), &answer).expect("every answer is signed");
    SyncResponse::from_bytes(&body).unwrap()
}

fn request(person: &Person) -> SyncRequest {
    SyncRequest {
        version: WIRE_VERSION,
        roster: RosterHead::of(&person.roster),
        token: None,
        statements: vec![],
        segments: person.outbox.iter().map(|s| s.bytes.clone()).collect(),
        receipts: vec![],
        have: vec![],
        room: 1 << 20,
        own: false,
    }
}

fn seal(person: &Person, hub: &Hub, request: &SyncRequest) -> Vec<u8> {
    seal_request(&person.secret, &hub.public(), NOW, &mut Seeded::new(8), request.to_bytes()).0
}

#[test]
fn a_changed_request_is_refused_whole() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["untouched"]);
    let bytes = seal(&amina, &hub, &request(&amina));
    for at in (0..bytes.len()).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        let answer = ask(&hub, &changed);
        assert!(answer.refused.is_some(), "byte {at}");
        assert!(
            answer.segments.is_empty() && answer.statements.is_empty() && answer.segment_outcomes.is_empty()
        );
    }
    hana.sync(&hub);
    assert!(hana.pulled.is_empty());
    assert_eq!(ask(&hub, &bytes).segment_outcomes, [PushOutcome::Stored]);
}

#[test]
fn a_request_for_another_hub_or_by_another_key_is_refused() {
    let (mut world, _) = World::new();
    let amina = world.join(&[world.roster.all()]);
    let joseph = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let other = HubSecret::from_seed(&[3; 32]).public();
    let (bytes, _) =
        seal_request(&amina.secret, &other, NOW, &mut Seeded::new(8), request(&amina).to_bytes());
    assert_eq!(ask(&hub, &bytes).refused, Some(Refusal::BadSignature));

    // Joseph's key under Amina's name: the device id lies at the same place in both.
    let hers = seal(&amina, &hub, &request(&amina));
    let his = seal(&joseph, &hub, &request(&joseph));
    let at = hers.windows(16).position(|w| w == amina.id().0).unwrap();
    let mut forged = his.clone();
    forged[at..at + 16].copy_from_slice(&amina.id().0);
    assert_eq!(ask(&hub, &forged).refused, Some(Refusal::BadSignature));
    assert_eq!(ask(&hub, &his).refused, None);
}

#[test]
fn nonsense_is_refused_with_a_reason() {
    let (mut world, _) = World::new();
    let amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    for nonsense in [&b""[..], b"GET / HTTP/1.1", &[0xFF; 300]] {
        assert_eq!(ask(&hub, nonsense).refused, Some(Refusal::Malformed));
    }
    let newer = SyncRequest { version: 2, ..request(&amina) };
    assert_eq!(ask(&hub, &seal(&amina, &hub, &newer)).refused, Some(Refusal::UnsupportedVersion));
}

#[test]
fn each_segment_is_judged_by_itself() {
    let (mut world, _) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let hq = world.roster.hq();
    let good = amina.seal(&[hq], &["good"], baraza_oplog::Priority::Text);
    let mut forged = amina.seal(&[hq], &["forged"], baraza_oplog::Priority::Text).encode();
    let middle = forged.len() / 2;
    forged[middle] ^= 1;
    let mut unknown_author =
        Person::new(baraza_oplog::DeviceSecret::generate(&mut Seeded::new(50)), &world.roster, 50);
    let stranger = unknown_author.seal(&[hq], &["who am I"], baraza_oplog::Priority::Text);
    let items = [Bytes(b"junk".to_vec()), Bytes(forged), Bytes(stranger.encode()), Bytes(good.encode())];
    let answer = ask(&hub, &seal(&amina, &hub, &SyncRequest { segments: items.to_vec(), ..request(&amina) }));
    assert_eq!(answer.refused, None);
    let [junk, forged, stranger, good] = answer.segment_outcomes[..] else { panic!("one outcome each") };
    assert_eq!(junk, PushOutcome::Malformed);
    assert!(matches!(forged, PushOutcome::Malformed | PushOutcome::BadSignature));
    assert_eq!(stranger, PushOutcome::WaitsForRoster);
    assert_eq!(good, PushOutcome::Stored);
}

#[test]
fn a_damaged_copy_does_not_shut_the_door_on_the_good_one() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let segment = amina.seal(&[world.roster.hq()], &["first", "second"], baraza_oplog::Priority::Text);
    let whole = segment.encode();

    // A courier's card flipped a bit of the last payload; the header's signature still holds.
    let mut damaged = whole.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    // Another courier's copy has the first payload erased.
    let mut erased = segment.clone();
    erased.erase(0);

    let push = |bytes: Vec<u8>| {
        let request = SyncRequest { segments: vec![Bytes(bytes)], ..request(&amina) };
        ask(&hub, &seal(&amina, &hub, &request)).segment_outcomes[0]
    };
    assert_eq!(push(damaged), PushOutcome::BadSignature);
    assert_eq!(push(erased.encode()), PushOutcome::Stored);
    assert_eq!(push(whole), PushOutcome::Stored, "it has more than the copy that is there");
    assert_eq!(push(erased.encode()), PushOutcome::Duplicate);
    hana.sync(&hub);
    assert_eq!(hana.sentences(), ["first", "second"]);
}

#[test]
fn a_revoked_tablet_may_hand_over_and_is_given_nothing() {
    let (mut world, mut hana) = World::new();
    let mut lost = world.join(&[world.roster.all()]);
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub_with(Options { revoked_quota: 6_000, ..Options::default() });
    let before = lost.write(&[world.roster.hq()], &["before it was lost"]);
    lost.sync(&hub);
    amina.write(&[world.roster.all()], &["for everyone, but not for a thief"]);
    amina.sync(&hub);

    let cut = Cut { log: before.log, seq: before.seq, hash: before.hash };
    world.revoke(&lost, vec![cut]);
    hana.roster = world.roster.clone();
    hana.sync(&hub);

    let after = lost.write(&[world.roster.hq()], &["after it was lost"]);
    let report = lost.sync(&hub);
    assert_eq!(report.standing, Some(Standing::Revoked));
    assert_eq!(lost.outcomes[&after], PushOutcome::Quarantined);
    assert_eq!((report.pulled, report.receipts), (0, 0));
    assert!(lost.pulled.is_empty());
    assert!(lost.roster.is_revoked(&lost.id()), "the roster reaches it: it may know that it was revoked");

    // Its quota ends before the disk does.
    for _ in 0..20 {
        lost.write(&[world.roster.hq()], &["flood"]);
    }
    lost.sync(&hub);
    assert!(lost.outcomes.values().any(|outcome| *outcome == PushOutcome::QuotaExceeded));
    assert!(lost.outcomes.values().filter(|outcome| **outcome == PushOutcome::Quarantined).count() > 2);

    // Headquarters gets it for review, and its own verification says so.
    hana.pulled.clear();
    hana.token = None;
    hana.sync(&hub);
    let codes: Vec<&str> = (hana.pulled.iter())
        .filter_map(|bytes| Segment::decode(&bytes.0).unwrap().verify(&hana.roster).err().map(|e| e.code()))
        .collect();
    assert!(codes.contains(&"segment.past_cut"));

    // What it wrote past the cut and someone else carries is held apart too.
    let carried = lost.seal(&[world.roster.hq()], &["carried by Amina"], baraza_oplog::Priority::Text);
    amina.sync(&hub);
    amina.outbox.push(OutboxSegment::of(&carried));
    amina.sync(&hub);
    assert_eq!(amina.outcomes[&OutboxSegment::of(&carried).id], PushOutcome::QuotaExceeded);
}

#[test]
fn what_is_held_apart_is_not_given_to_teams() {
    let (mut world, mut hana) = World::new();
    let north = world.team();
    let mut lost = world.join(&[north]);
    let mut joseph = world.join(&[north]);
    let hub = world.hub();
    world.revoke(&lost, vec![]);
    hana.roster = world.roster.clone();
    hana.sync(&hub);
    lost.write(&[north, world.roster.hq()], &["poison"]);
    lost.sync(&hub);
    joseph.sync(&hub);
    assert!(joseph.pulled.is_empty());
    hana.sync(&hub);
    assert_eq!(hana.pulled.len(), 1);
}

#[test]
fn what_a_thief_brought_first_is_set_free_by_a_colleague_who_has_it_too() {
    let (mut world, mut hana) = World::new();
    let north = world.team();
    let mut lost = world.join(&[north]);
    let mut amina = world.join(&[north]);
    let mut joseph = world.join(&[north]);
    let hub = world.hub();
    let id = lost.write(&[north], &["written long before the tablet was lost"]);
    let copy = lost.outbox[0].clone();
    world.revoke(&lost, vec![Cut { log: id.log, seq: id.seq, hash: id.hash }]);
    hana.roster = world.roster.clone();
    hana.sync(&hub);
    lost.sync(&hub);
    joseph.sync(&hub);
    assert!(joseph.pulled.is_empty());
    amina.sync(&hub);
    amina.outbox.push(copy);
    amina.sync(&hub);
    assert_eq!(amina.outcomes[&id], PushOutcome::Stored);
    joseph.sync(&hub);
    assert_eq!(joseph.sentences(), ["written long before the tablet was lost"]);
}

#[test]
fn a_segment_by_a_newer_roster_waits_for_it_within_one_exchange() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let newcomer = world.join(&[world.roster.all()]);
    amina.roster = world.roster.clone();
    amina.write(&[world.roster.hq()], &["written with a newer roster"]);
    let report = amina.sync(&hub);
    assert_eq!((report.ending, report.handed_over, report.not_taken), (Ending::Complete, 1, 0));
    hana.sync(&hub);
    assert!(hana.roster.device(&newcomer.id()).is_some());
    assert_eq!(hana.sentences(), ["written with a newer roster"]);
}

#[test]
fn a_wrong_clock_hinders_nobody() {
    let (mut world, _) = World::new();
    let amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    for time in [Timestamp(0), Timestamp(-1), Timestamp(NOW.0 + 4_000 * DAY)] {
        let body = request(&amina).to_bytes();
        let (bytes, _) = seal_request(&amina.secret, &hub.public(), time, &mut Seeded::new(8), body);
        assert_eq!(ask(&hub, &bytes).refused, None);
    }
}
