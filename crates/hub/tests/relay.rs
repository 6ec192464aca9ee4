//! What passes through the hub, and to whom.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it should be"
)]

mod common;

use baraza_hub::{Hub, HubError, Options};
use baraza_model::Timestamp;
use baraza_oplog::{HubSecret, Priority, WorkspaceFile};
use baraza_sync::client::Ending;
use baraza_sync::wire::{PushOutcome, Refusal, Standing};
use common::{DAY, NOW, Seeded, World, all_bytes};

#[test]
fn amina_writes_and_headquarters_reads() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["the well in Bongo is dry", "people ask for escorts"]);
    amina.write(&[world.roster.hq()], &["the school has reopened"]);

    let report = amina.sync(&hub);
    assert_eq!((report.ending, report.requests, report.handed_over), (Ending::Complete, 1, 2));
    assert_eq!(report.standing, Some(Standing::Active));

    let report = hana.sync(&hub);
    assert_eq!((report.ending, report.pulled), (Ending::Complete, 2));
    assert_eq!(
        hana.sentences(),
        ["the well in Bongo is dry", "people ask for escorts", "the school has reopened"]
    );

    assert_eq!(hana.sync(&hub).pulled, 0, "and only once");
    assert!(amina.pulled.is_empty(), "what she sealed to headquarters does not come back");
}

#[test]
fn nothing_new_takes_at_most_200_bytes_each_way() {
    let (mut world, mut hana) = World::new();
    let team = world.team();
    let mut amina = world.join(&[world.roster.all(), team]);
    let hub = world.hub();
    let (hq, severe, all) = (world.roster.hq(), world.roster.hq_severe(), world.roster.all());
    for n in 0..300 {
        amina.write(&[[hq, severe, all, team][n % 4]], &["one more"]);
    }
    for person in [&mut amina, &mut hana] {
        person.sync(&hub);
        person.sync(&hub);
        let report = person.sync(&hub);
        assert_eq!((report.ending, report.requests, report.pulled), (Ending::Complete, 1, 0));
        println!("no-op: {} up, {} down", report.bytes_up, report.bytes_down);
        assert!(report.bytes_up <= 200, "{} up", report.bytes_up);
        assert!(report.bytes_down <= 200, "{} down", report.bytes_down);
    }
}

#[test]
fn everyone_is_given_what_they_may_read_and_no_more() {
    let (mut world, mut hana) = World::new();
    let (north, south) = (world.team(), world.team());
    let mut amina = world.join(&[world.roster.all()]);
    let mut joseph = world.join(&[north]);
    let mut grace = world.join(&[south]);
    let hub = world.hub();
    let (hq, severe, all) = (world.roster.hq(), world.roster.hq_severe(), world.roster.all());
    // Amina was the first to join; she learns from the hub that there are others.
    amina.sync(&hub);
    amina.write(&[severe], &["for protection officers"]);
    amina.write(&[hq], &["for headquarters"]);
    amina.write(&[all], &["for everyone"]);
    amina.write(&[north, hq], &["for the north and headquarters"]);
    amina.write(&[south], &["for the south"]);
    amina.sync(&hub);
    for person in [&mut hana, &mut joseph, &mut grace] {
        person.sync(&hub);
    }
    assert_eq!(
        hana.sentences(),
        ["for protection officers", "for headquarters", "for everyone", "for the north and headquarters"]
    );
    assert_eq!(
        joseph.sentences(),
        ["for everyone", "for the north and headquarters"],
        "through `all`, which holds the team"
    );
    assert_eq!(grace.sentences(), ["for everyone", "for the south"]);
    assert_eq!(joseph.pulled.len(), 2, "ciphertext for others is not handed out either");
    assert_eq!(grace.pulled.len(), 2);
}

#[test]
fn a_new_member_is_given_what_came_before() {
    let (mut world, _) = World::new();
    let north = world.team();
    let mut amina = world.join(&[north]);
    let mut joseph = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[north], &["the north, last week"]);
    amina.sync(&hub);
    joseph.sync(&hub);
    assert_eq!(joseph.sentences(), [""; 0]);
    // Joseph is moved to the team. The officer's device brings the statement; his cursor for `all` stays.
    let mut officer = world.join(&[world.roster.all()]);
    world.add_to_group(&joseph, north);
    officer.roster = world.roster.clone();
    officer.sync(&hub);
    joseph.sync(&hub);
    joseph.sync(&hub);
    assert_eq!(joseph.sentences(), ["the north, last week"]);
}

#[test]
fn an_alert_is_given_first() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let hq = world.roster.hq();
    amina.write(&[hq], &["a long survey"]);
    amina.sync(&hub);
    amina.write_with(&[hq], &["armed men on the road to Pibor"], Priority::Alert);
    amina.sync(&hub);
    hana.sync(&hub);
    assert_eq!(hana.sentences(), ["armed men on the road to Pibor", "a long survey"]);
}

#[test]
fn pages_give_everything_once() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let (hq, severe) = (world.roster.hq(), world.roster.hq_severe());
    // Random letters do not compress: about nine megabytes in all, three pages.
    let mut rng = Seeded::new(77);
    let long = |rng: &mut Seeded| -> String {
        use baraza_model::Entropy;
        let mut bytes = vec![0; 750_000];
        rng.fill(&mut bytes);
        bytes.into_iter().map(|byte| char::from(b'!' + byte % 90)).collect()
    };
    for n in 0..12 {
        let text = long(&mut rng);
        amina.write(&[if n % 3 == 0 { severe } else { hq }], &[&text]);
    }
    amina.write_with(&[hq], &["alert"], Priority::Alert);
    let pushed = amina.sync(&hub);
    assert_eq!((pushed.ending, pushed.handed_over), (Ending::Complete, 13));
    assert!(pushed.requests > 1);
    let report = hana.sync(&hub);
    assert_eq!((report.ending, report.pulled), (Ending::Complete, 13));
    assert!(report.requests > 1, "{} requests", report.requests);
    let mut unique = hana.pulled.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), 13, "nothing twice");
    assert_eq!(hana.sentences()[0], "alert");
}

#[test]
fn a_request_sent_twice_changes_nothing() {
    let (mut world, _) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["once"]);
    let public = hub.public();
    let mut captured = Vec::new();
    amina.sync_through(&public, |bytes| {
        captured = bytes.to_vec();
        Some(hub.handle_sync(bytes, NOW))
    });
    let before = all_rows(&world);
    for _ in 0..3 {
        hub.handle_sync(&captured, NOW);
    }
    assert_eq!(all_rows(&world), before);
}

#[test]
fn a_restart_keeps_cursors_and_a_cut_answer_loses_nothing() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["before the restart"]);
    amina.sync(&hub);
    hana.sync(&hub);
    let store = hub.store_id();
    drop(hub);

    let hub = world.hub();
    assert_eq!(hub.store_id(), store);
    amina.write(&[world.roster.hq()], &["after the restart"]);
    // The answer is lost three times and the exchange given up; the next one finds everything stored.
    let public = hub.public();
    let report = amina.sync_through(&public, |bytes| {
        hub.handle_sync(bytes, NOW);
        None
    });
    assert_eq!((report.ending, report.handed_over), (Ending::Interrupted, 0));
    let report = amina.sync(&hub);
    assert_eq!((report.handed_over, report.duplicates), (0, 1));
    let report = hana.sync(&hub);
    assert_eq!(report.pulled, 1, "what was given before the restart is not given again");
    assert_eq!(hana.sentences(), ["before the restart", "after the restart"]);
    assert_eq!((hana.replaced, amina.replaced), (0, 0));
}

#[test]
fn a_lost_store_is_filled_again_by_those_who_still_hold_it() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["one"]);
    amina.write(&[world.roster.hq()], &["two"]);
    amina.sync(&hub);
    drop(hub);
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    let hub = world.hub();
    hana.sync(&hub);
    assert!(hana.sentences().is_empty());
    let report = amina.sync(&hub);
    assert_eq!((amina.replaced, report.handed_over), (1, 2));
    hana.sync(&hub);
    assert_eq!(hana.sentences(), ["one", "two"]);
}

#[test]
fn a_store_set_back_to_a_backup_begins_a_new_life_by_itself() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["in the backup"]);
    amina.sync(&hub);
    let store = hub.store_id();
    drop(hub);
    let backup = std::fs::read(world.store()).unwrap();

    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["after the backup"]);
    amina.sync(&hub);
    drop(hub);
    for name in ["hub.db-wal", "hub.db-shm"] {
        let _ = std::fs::remove_file(world.folder.path().join(name));
    }
    std::fs::write(world.store(), backup).unwrap();

    let mut joseph = world.join(&[world.roster.all()]);
    let hub = world.hub();
    assert_eq!(hub.store_id(), store, "the file alone does not tell");
    // Joseph is the first to come back; his segment gets the number that Amina's had.
    joseph.write(&[world.roster.hq()], &["by Joseph"]);
    joseph.sync(&hub);
    let report = amina.sync(&hub);
    assert_ne!(hub.store_id(), store);
    assert_eq!((amina.replaced, report.handed_over), (1, 1), "only what the backup lacks is brought");
    hana.sync(&hub);
    assert_eq!(hana.sentences(), ["in the backup", "by Joseph", "after the backup"]);
}

#[test]
fn a_tablet_set_up_anew_asks_for_its_own() {
    let (mut world, _) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let mut joseph = world.join(&[world.roster.all()]);
    let hub = world.hub();
    amina.write(&[world.roster.hq()], &["to headquarters"]);
    amina.write(&[world.roster.all()], &["to all"]);
    amina.sync(&hub);
    assert!(amina.pulled.is_empty());
    amina.lose_everything();
    amina.own = true;
    amina.sync(&hub);
    assert_eq!(amina.pulled.len(), 2, "also those that she cannot open");
    joseph.own = true;
    joseph.sync(&hub);
    assert_eq!(joseph.sentences(), ["to all"], "`own` gives nobody another's");
    assert_eq!(joseph.pulled.len(), 1);
}

#[test]
fn receipts_reach_devices_and_bytes_go_when_their_time_has_come() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let one = amina.write(&[world.roster.hq()], &["one"]);
    let two = amina.write(&[world.roster.hq()], &["two"]);
    let three = amina.write(&[world.roster.hq()], &["three, which is held"]);
    amina.sync(&hub);
    hana.sync(&hub);
    assert_eq!(hub.prune(Timestamp(NOW.0 + 365 * DAY)).unwrap().segments, 0, "without receipts nothing goes");

    hana.receipt_for(&[one, two], 1);
    hana.sync(&hub);
    assert_eq!(hana.receipt_outcomes, [PushOutcome::Stored]);
    amina.sync(&hub);
    assert_eq!(amina.pulled_receipts.len(), 1);
    amina.sync(&hub);
    assert_eq!(amina.pulled_receipts.len(), 1, "and only once");

    assert_eq!(hub.prune(Timestamp(NOW.0 + 29 * DAY)).unwrap().segments, 0, "not before its days are over");
    let report = hub.prune(Timestamp(NOW.0 + 31 * DAY)).unwrap();
    assert_eq!(report.segments, 2);
    assert!(report.bytes > 0);
    let bytes = all_bytes(world.folder.path());
    let holds = |id| {
        let segment: &baraza_sync::client::OutboxSegment = &amina.handed_over[id];
        let tail = &segment.bytes.0[segment.bytes.0.len() - 48..];
        bytes.windows(48).any(|window| window == tail)
    };
    assert_eq!((holds(&one), holds(&two), holds(&three)), (false, false, true));

    // Someone else brings a pruned segment once more: it is known, and is not stored again.
    let mut courier = world.join(&[world.roster.all()]);
    courier.outbox.push(amina.handed_over[&one].clone());
    courier.sync(&hub);
    assert_eq!(courier.outcomes[&one], PushOutcome::Duplicate);
}

#[test]
fn two_offices_are_needed_where_there_are_two() {
    let (mut world, mut hana) = World::new();
    let mut omar = world.join(&[world.roster.hq()]);
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub_with(Options { prune_quorum: 2, keep_days: 0, ..Options::default() });
    let one = amina.write(&[world.roster.hq()], &["one"]);
    amina.sync(&hub);
    hana.receipt_for(&[one], 1);
    hana.sync(&hub);
    let later = Timestamp(NOW.0 + DAY);
    assert_eq!(hub.prune(later).unwrap().segments, 0);
    omar.receipt_for(&[one], 1);
    omar.sync(&hub);
    assert_eq!(hub.prune(later).unwrap().segments, 1);
}

#[test]
fn a_receipt_of_someone_who_is_no_office_counts_for_nothing() {
    let (mut world, _) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub_with(Options { keep_days: 0, ..Options::default() });
    let one = amina.write(&[world.roster.hq()], &["one"]);
    amina.receipt_for(&[one], 1);
    amina.sync(&hub);
    assert_eq!(amina.receipt_outcomes, [PushOutcome::WaitsForRoster]);
    assert_eq!(hub.prune(Timestamp(NOW.0 + DAY)).unwrap().segments, 0);
}

#[test]
fn two_people_push_at_the_same_time() {
    let (mut world, mut hana) = World::new();
    let mut people: Vec<_> = (0..2).map(|_| world.join(&[world.roster.all()])).collect();
    let hub = world.hub();
    let hq = world.roster.hq();
    std::thread::scope(|scope| {
        for (n, person) in people.iter_mut().enumerate() {
            let hub = &hub;
            scope.spawn(move || {
                for round in 0..15 {
                    person.write(&[hq], &[&format!("{n}-{round}")]);
                    assert_eq!(person.sync(hub).handed_over, 1);
                }
            });
        }
        // Headquarters pulls meanwhile: its cursor must never pass a row that is not there yet.
        for _ in 0..20 {
            hana.sync(&hub);
        }
    });
    hana.sync(&hub);
    let mut sentences = hana.sentences();
    assert_eq!(sentences.len(), 30);
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), 30);
}

#[test]
fn two_processes_share_one_store() {
    let (mut world, mut hana) = World::new();
    let (left, right) = (world.hub(), world.hub());
    let mut amina = world.join(&[world.roster.all()]);
    assert_eq!(left.store_id(), right.store_id());
    // The left one learns of Amina from headquarters, the right one from the store.
    hana.roster = world.roster.clone();
    hana.sync(&left);
    amina.write(&[world.roster.hq()], &["by the other door"]);
    assert_eq!(amina.sync(&right).handed_over, 1);
    hana.sync(&left);
    assert_eq!(hana.sentences(), ["by the other door"]);
}

#[test]
fn the_store_belongs_to_one_workspace() {
    let (mut world, _) = World::new();
    drop(world.hub());
    let stranger = WorkspaceFile::of(&other_workspace()).encode();
    let secret = HubSecret::from_seed(&[1; 32]);
    let error = Hub::open(&world.store(), &stranger, secret.clone(), Options::default(), &mut Seeded::new(5));
    assert_eq!(error.err().unwrap().code(), "hub.wrong-workspace");
    let error = Hub::open(&world.store(), b"nonsense", secret, Options::default(), &mut Seeded::new(5));
    assert!(matches!(error.err().unwrap(), HubError::Workspace(_)));
}

#[test]
fn the_files_hold_no_sentence() {
    let (mut world, mut hana) = World::new();
    let mut amina = world.join(&[world.roster.all()]);
    let hub = world.hub();
    let sentences = [
        "the commander's brother runs the checkpoint",
        "three families left for Juba on Monday night",
        "she asked us not to write her name: Nyakim",
    ];
    amina.write(&[world.roster.hq()], &sentences);
    amina.write(&[world.roster.all()], &["g_consent/name=Nyakim Deng", "form perception_survey v3"]);
    amina.sync(&hub);
    hana.sync(&hub);
    assert_eq!(hana.sentences().len(), 5, "headquarters can read them");
    let bytes = all_bytes(world.folder.path());
    assert!(bytes.len() > 20_000);
    let found = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    for sentence in sentences.iter().chain(&["Nyakim", "perception_survey", "g_consent"]) {
        let utf16: Vec<u8> = sentence.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!found(sentence.as_bytes()) && !found(&utf16), "{sentence}");
    }
    // The search itself works: what the hub does hold is found.
    assert!(found(&amina.id().0));
    // A planted leak is found too.
    let mut leak = bytes.clone();
    leak.extend_from_slice(sentences[0].as_bytes());
    assert!(leak.windows(sentences[0].len()).any(|window| window == sentences[0].as_bytes()));
}

#[test]
fn who_is_not_in_the_roster_is_refused() {
    let (mut world, _) = World::new();
    let hub = world.hub();
    let mut late = world.join(&[world.roster.all()]);
    // He knows a roster without himself, as a stranger who found the workspace's file would.
    late.roster = WorkspaceFile::of(&world.roster).roster().unwrap();
    let mut stranger =
        common::Person::new(baraza_oplog::DeviceSecret::generate(&mut Seeded::new(999)), &world.roster, 999);
    let report = stranger.sync(&hub);
    assert_eq!(report.ending, Ending::Refused(Refusal::UnknownDevice));
    assert!(stranger.pulled.is_empty());
    // The newcomer brings the statements that make him known, signed by the officer.
    late.write(&[world.roster.hq()], &["I am new here"]);
    let report = late.sync(&hub);
    assert_eq!((report.ending, report.handed_over), (Ending::Complete, 1));
}

fn other_workspace() -> baraza_oplog::Roster {
    let mut rng = Seeded::new(4242);
    baraza_oplog::Founding {
        authority: &baraza_oplog::AuthoritySecret::generate(&mut rng),
        officer: baraza_oplog::OfficerSecret::generate(&mut rng),
        office: baraza_oplog::DeviceSecret::generate(&mut rng).public(),
        transport: &baraza_oplog::TransportKey::generate(&mut rng),
        recovery: None,
    }
    .found(&mut rng)
    .unwrap()
    .0
}

fn all_rows(world: &World) -> Vec<(String, i64)> {
    let connection = rusqlite::Connection::open(world.store()).unwrap();
    ["statement", "reader", "segment", "segment_body", "segment_reader", "receipt"]
        .map(|table| {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            (table.to_owned(), connection.query_row(&sql, [], |row| row.get(0)).unwrap())
        })
        .into()
}
