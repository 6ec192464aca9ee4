//! Everything that goes wrong on the way ends as it should, and nothing that is right is held up by it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

mod common;

use baraza_model::{Incarnation, PartKind, Status};
use baraza_office::{
    Alarm, Authorship, ExportOptions, Gap, HeldFilter, HeldState, Office, ReceiptHead, code,
};
use baraza_oplog::{Chain, Cut, PartPayload, Payload, Receipt, Segment};
use baraza_record::Part;
use common::{NOON, Tablet, World, files, open};
use std::path::Path;

/// What is held: (item, state, code).
fn held(office: &Office) -> Vec<(Option<u32>, HeldState, String)> {
    let items = office.held(&HeldFilter::default()).unwrap();
    items.into_iter().map(|h| (h.item, h.state, h.code)).collect()
}

fn export(office: &mut Office, world: &World) -> std::collections::BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let keyring = world.keyring(&world.amina);
    let options = ExportOptions {
        form: "visit".into(),
        include_severe: true,
        include_drafts: true,
        ..Default::default()
    };
    let context = world.context(&keyring, NOON);
    office.export_csv(&context, dir.path(), &options, world.amina.public().id()).unwrap();
    files(dir.path())
}

fn visits(world: &mut World, tablet: &mut Tablet, sites: &[&str]) -> Vec<u8> {
    let payloads: Vec<Payload> = sites
        .iter()
        .map(|site| {
            let record = world.record();
            tablet.visit(world, record, &[("site", site), ("g/people", "3"), ("g/mood", "calm")])
        })
        .collect();
    let hq = world.hq();
    tablet.seal(world, &hq, &payloads)
}

fn receipt(world: &World, office: &Office) -> Receipt {
    let head = ReceiptHead {
        workspace: world.roster.workspace(),
        office: world.amina.public().id(),
        incarnation: Incarnation([3; 8]),
        counter: 1,
        supersedes: vec![],
    };
    let signed = office.receipt(head).unwrap().sign(&world.amina);
    signed.verify(&world.roster).unwrap()
}

/// Whether a receipt covers a segment, as the device that wrote it would ask.
fn covers(receipt: &Receipt, chain: &Chain, segment: &[u8]) -> bool {
    let segment = Segment::decode(segment).unwrap();
    receipt.covers(&segment.log(), segment.header().seq, segment.hash(), chain)
}

fn chain(segments: &[&Vec<u8>]) -> Chain {
    let mut chain = Chain::new();
    for segment in segments.iter().map(|s| Segment::decode(s).unwrap()) {
        chain.observe(segment.log(), segment.header().seq, segment.hash(), segment.header().previous);
    }
    chain
}

#[test]
fn a_flipped_bit_anywhere_is_held_and_spoils_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let mut grace = world.tablet("Grace");
    let whole = visits(&mut world, &mut yusuf, &["Market"]);
    let good = visits(&mut world, &mut grace, &["Well"]);
    let mut office = open(dir.path());
    let mut damaged: Vec<Vec<u8>> = (0..whole.len())
        .step_by(7)
        .map(|place| {
            let mut copy = whole.clone();
            copy[place] ^= 0x10;
            copy
        })
        .collect();
    damaged.insert(damaged.len() / 2, good);
    damaged.push(b"not a segment at all".to_vec());
    damaged.push(Vec::new());
    world.ingest(&mut office, &damaged.iter().collect::<Vec<_>>());
    assert_eq!(office.record_count().unwrap(), 1, "Grace's record is in, and none of the damaged ones");
    let held = held(&office);
    assert!(held.len() >= damaged.len() / 2, "{} of {} held", held.len(), damaged.len());
    assert!(held.iter().all(|(_, state, _)| *state != HeldState::Review));
    // The undamaged copy is welcome whatever came before it.
    world.ingest(&mut office, &[&whole]);
    assert_eq!(office.record_count().unwrap(), 2);
}

#[test]
fn a_payload_damaged_on_the_way_is_repaired_by_another_copy() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let whole = visits(&mut world, &mut yusuf, &["Market", "Well"]);
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&damaged]);
    assert_eq!(office.record_count().unwrap(), 1);
    assert_eq!(held(&office), [(Some(1), HeldState::Quarantined, "open.corrupt".to_owned())]);
    let chain = chain(&[&whole]);
    let segment = Segment::decode(&whole).unwrap();
    let before = receipt(&world, &office);
    assert!(!before.covers(&segment.log(), 1, segment.hash(), &chain), "what is held is not receipted");
    assert!(before.covers_payload(&segment.log(), 1, segment.hash(), 0, &chain));
    world.ingest(&mut office, &[&whole]);
    assert_eq!(office.record_count().unwrap(), 2);
    assert_eq!(held(&office), []);
    assert!(covers(&receipt(&world, &office), &chain, &whole));
}

#[test]
fn a_malformed_change_is_quarantined_and_its_neighbours_are_applied() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let (record, other) = (world.record(), world.record());
    let good = yusuf.visit(&mut world, other, &[("site", "Well")]);
    let (form, hq) = (world.visit, world.hq());
    let bad = world.shared(record, form, b"\x01 this is no change of anything, but it is signed");
    let unreadable = [0xff_u8; 32];
    let first = yusuf.seal(&mut world, &hq, &[bad, good]);
    let second = yusuf.seal_frames(&mut world, &hq, &[&unreadable]).encode();
    let mut office = open(dir.path());
    let report = world.ingest(&mut office, &[&first, &second]);
    assert_eq!((report.applied, office.record_count().unwrap()), (1, 1));
    let items = office.held(&HeldFilter::default()).unwrap();
    let codes: Vec<&str> = items.iter().map(|i| i.code.as_str()).collect();
    assert!(codes[0].starts_with("record.") && codes[1].starts_with("wire."), "{codes:?}");
    assert_eq!(items[0].record, Some(record));
    // Trying again changes nothing but the count of tries.
    let keyring = world.keyring(&world.amina);
    office.replay(&world.context(&keyring, NOON)).unwrap();
    let items = office.held(&HeldFilter::default()).unwrap();
    assert_eq!(
        items.iter().map(|i| (i.state, i.tries)).collect::<Vec<_>>(),
        [(HeldState::Quarantined, 1); 2]
    );
    assert!(items.iter().all(|i| i.since == NOON && i.size > 0));
}

#[test]
fn a_change_taken_from_yusuf_and_sealed_by_grace_is_graces() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let (yusuf, mut grace) = (world.tablet("Yusuf"), world.tablet("Grace"));
    let record = world.record();
    let stolen = yusuf.visit(&mut world, record, &[("site", "Market")]);
    let hq = world.hq();
    let segment = grace.seal(&mut world, &hq, &[stolen]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    for entry in office.history(record, &world.library).unwrap() {
        assert_eq!(entry.author, Authorship::Signed { device: grace.id() }, "never Yusuf's");
    }
}

#[test]
fn a_payload_of_an_unknown_form_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let segment = visits(&mut world, &mut yusuf, &["Market"]);
    let library = std::mem::take(&mut world.library);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    assert_eq!(held(&office), [(Some(0), HeldState::Waiting, "payload.missing_form".to_owned())]);
    world.library = library;
    let report = world.ingest(&mut office, &[]);
    assert_eq!((report.replayed, report.applied, office.record_count().unwrap()), (1, 1, 1));
    assert_eq!(held(&office), []);
}

#[test]
fn a_change_waits_for_what_it_builds_on_in_whatever_order_they_come() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let (form, team, hq) = (world.visit, world.team(), world.hq());
    let mut part = Part::new();
    let first = yusuf.commit(&mut world, record, &mut part, &[("site", "Market")], None);
    let second = yusuf.commit(&mut world, record, &mut part, &[("g/people", "4")], None);
    let third = yusuf.commit(&mut world, record, &mut part, &[("g/mood", "calm")], Some(&Status::Complete));
    let payload = world.shared(record, form, &first);
    let a = yusuf.seal(&mut world, &team, &[payload]);
    let payload = world.shared(record, form, &second);
    let b = yusuf.seal(&mut world, &team, &[payload]);
    let payload = world.shared(record, form, &third);
    let c = yusuf.seal(&mut world, &hq, &[payload]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&c]);
    world.ingest(&mut office, &[&b]);
    let waiting = (Some(0), HeldState::Waiting, code::MISSING_DEPENDENCY.to_owned());
    assert_eq!(held(&office), [waiting.clone(), waiting]);
    let report = world.ingest(&mut office, &[&a]);
    assert_eq!(held(&office), [], "{report:?}");
    let record = office.record(record).unwrap();
    assert_eq!((record.answers.values.len(), record.summary.status), (3, Status::Complete));
}

#[test]
fn a_gap_is_shown_and_what_follows_it_is_applied() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let a = visits(&mut world, &mut yusuf, &["Market"]);
    let b = visits(&mut world, &mut yusuf, &["Well"]);
    let c = visits(&mut world, &mut yusuf, &["School"]);
    let mut office = open(dir.path());
    let report = world.ingest(&mut office, &[&a, &c]);
    assert_eq!((report.gaps, office.record_count().unwrap()), (1, 2));
    let log = Segment::decode(&a).unwrap().log();
    assert_eq!(office.gaps(), [Gap { log, device: yusuf.id(), first: 2, last: 2 }]);
    let chain = chain(&[&a, &b, &c]);
    let receipted: Vec<bool> =
        [&a, &b, &c].iter().map(|s| covers(&receipt(&world, &office), &chain, s)).collect();
    assert_eq!(receipted, [true, false, true], "exactly what was applied");
    world.ingest(&mut office, &[&b]);
    assert_eq!(office.gaps(), []);
    assert!([&a, &b, &c].iter().all(|s| covers(&receipt(&world, &office), &chain, s)));
}

#[test]
fn both_branches_of_a_fork_are_applied_and_headquarters_is_alarmed() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let mut clone =
        Tablet { secret: yusuf.secret.clone(), incarnation: yusuf.incarnation, logs: yusuf.logs.clone() };
    let a = visits(&mut world, &mut yusuf, &["Market"]);
    let b = visits(&mut world, &mut clone, &["Well"]);
    let c = visits(&mut world, &mut clone, &["School"]);
    let mut office = open(dir.path());
    let report = world.ingest(&mut office, &[&a, &b, &c]);
    assert_eq!((report.forks, office.record_count().unwrap()), (1, 3));
    let alarms = office.alarms().unwrap();
    let mut hashes = [&a, &b].map(|s| Segment::decode(s).unwrap().hash());
    hashes.sort_unstable();
    let log = Segment::decode(&a).unwrap().log();
    assert_eq!(alarms, [Alarm { log, device: yusuf.id(), seq: 1, hashes: hashes.to_vec() }]);
    // It is still known, and still receipted, after a restart.
    drop(office);
    let office = open(dir.path());
    assert_eq!(office.alarms().unwrap().len(), 1);
    let chain = chain(&[&a, &b, &c]);
    assert!([&a, &b, &c].iter().all(|s| covers(&receipt(&world, &office), &chain, s)));
}

#[test]
fn a_roster_that_is_too_old_waits_and_an_unknown_device_is_never_applied() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let old = world.roster.clone();
    let mut yusuf = world.tablet("Yusuf");
    let segment = visits(&mut world, &mut yusuf, &["Market"]);
    let newer = std::mem::replace(&mut world.roster, old);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    assert_eq!(held(&office), [(None, HeldState::Waiting, "segment.newer_roster".to_owned())]);
    assert!(
        receipt(&world, &office).logs.is_empty(),
        "what an unverified segment claims is no receipt's matter"
    );
    world.roster = newer;
    world.ingest(&mut office, &[]);
    assert_eq!((held(&office), office.record_count().unwrap()), (vec![], 1));

    let mut stranger = World::new();
    let mut thief = stranger.tablet("Thief");
    let foreign = visits(&mut stranger, &mut thief, &["Lie"]);
    let report = world.ingest(&mut office, &[&foreign]);
    assert_eq!(report.applied, 0);
    assert_eq!(office.record_count().unwrap(), 1);
}

#[test]
fn past_the_cut_of_a_revoked_device_a_person_must_look() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let a = visits(&mut world, &mut yusuf, &["Market"]);
    let b = visits(&mut world, &mut yusuf, &["Well"]);
    let seized = visits(&mut world, &mut yusuf, &["Lie"]);
    let trusted = Segment::decode(&b).unwrap();
    let cut = Cut { log: trusted.log(), seq: 2, hash: trusted.hash() };
    world.author.revoke(&mut world.roster, yusuf.id(), vec![cut], &mut world.rng).unwrap();
    let mut office = open(dir.path());
    // What leads to the cut is trusted only once the way there is seen.
    world.ingest(&mut office, &[&seized, &a]);
    let mut states: Vec<_> = held(&office).into_iter().map(|(_, state, code)| (state, code)).collect();
    states.sort();
    assert_eq!(
        states,
        [(HeldState::Waiting, code::CUT_UNPROVEN.to_owned()), (HeldState::Review, "segment.past_cut".into())]
    );
    world.ingest(&mut office, &[&b]);
    assert_eq!(held(&office), [(None, HeldState::Review, "segment.past_cut".to_owned())]);
    assert_eq!(office.record_count().unwrap(), 2);
    let keyring = world.keyring(&world.amina);
    office.replay(&world.context(&keyring, NOON)).unwrap();
    assert_eq!(office.record_count().unwrap(), 2, "never accepted by itself");
    let chain = chain(&[&a, &b, &seized]);
    let receipted: Vec<bool> =
        [&a, &b, &seized].iter().map(|s| covers(&receipt(&world, &office), &chain, s)).collect();
    assert_eq!(receipted, [true, true, false]);

    // Amina calls Yusuf: he did write that one, the day before the tablet was taken.
    let item = office.held(&HeldFilter::default()).unwrap().remove(0);
    let by = world.amina.public().id();
    office.accept(&world.context(&keyring, NOON), &item.digest, by).unwrap();
    assert_eq!((held(&office), office.record_count().unwrap()), (vec![], 3));
    assert!(covers(&receipt(&world, &office), &chain, &seized));
    assert!(office.audit(0, 100).unwrap().iter().any(|entry| entry.action == "accept"));
    let again = office.accept(&world.context(&keyring, NOON), &item.digest, by);
    assert!(matches!(again, Err(baraza_office::OfficeError::NotForReview)));
}

#[test]
fn a_part_that_claims_another_form_or_record_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let mut part = Part::new();
    let first = yusuf.commit(&mut world, record, &mut part, &[("site", "Market")], None);
    let second = yusuf.commit(&mut world, record, &mut part, &[("site", "Well")], None);
    let (hq, visit, visit2) = (world.hq(), world.visit, world.visit2);
    let payloads = [world.shared(record, visit, &first), world.shared(record, visit2, &second)];
    let segment = yusuf.seal(&mut world, &hq, &payloads);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    assert_eq!(held(&office), [(Some(1), HeldState::Quarantined, code::FORM_MISMATCH.to_owned())]);
}

#[test]
fn a_record_changed_in_every_batch_is_whole_in_the_end_forwards_and_backwards() {
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let (form, team) = (world.visit, world.team());
    let mut part = Part::new();
    let segments: Vec<Vec<u8>> = (0..200)
        .map(|n| {
            let change = yusuf.commit(&mut world, record, &mut part, &[("g/people", &n.to_string())], None);
            let payload = world.shared(record, form, &change);
            yusuf.seal(&mut world, &team, &[payload])
        })
        .collect();
    let forwards: Vec<&Vec<u8>> = segments.iter().collect();
    let backwards: Vec<&Vec<u8>> = segments.iter().rev().collect();
    for order in [forwards, backwards] {
        let dir = tempfile::tempdir().unwrap();
        let mut office = open(dir.path());
        world.ingest(&mut office, &order);
        assert_eq!(held(&office), []);
        assert_eq!((office.gaps(), office.alarms().unwrap()), (vec![], vec![]));
        let history = office.history(record, &world.library).unwrap();
        let told: Vec<String> = history.into_iter().filter_map(|e| e.after).collect();
        assert_eq!(told, (0..200).map(|n| n.to_string()).collect::<Vec<_>>());
        assert!(export(&mut office, &world)["visit.csv"].contains(",199,"));
    }
}

/// Three tablets, thirty segments: team records edited apart, severe parts, repeats, a snapshot.
fn busy_month(world: &mut World) -> Vec<Vec<u8>> {
    let mut tablets = [world.tablet("Yusuf"), world.tablet("Grace"), world.tablet("Noor")];
    let (hq, team, severe) = (world.hq(), world.team(), world.severe());
    let mut segments = Vec::new();
    for day in 0..6_u8 {
        let record = world.record();
        let mut part = Part::new();
        let [yusuf, grace, noor] = &mut tablets;
        let site = format!("Site {day}");
        let begun = yusuf.commit(world, record, &mut part, &[("site", &site), ("notes", "We met. ")], None);
        let (mut left, mut right) = (part.clone(), part.clone());
        let one = yusuf.commit(world, record, &mut left, &[("g/people", "4"), ("g/mood", "calm")], None);
        let mut edits = vec![common::set("g/people", &(5 + day).to_string())];
        edits.extend(common::contact(baraza_model::InstanceId([day + 1; 16]), 1, "traders", "9"));
        let two = grace.commit_edits(world, record, &mut right, &edits, Some(&Status::Complete));
        for (by_grace, change) in [(false, begun), (true, two), (false, one)] {
            let payload = world.shared(record, world.visit, &change);
            let tablet = if by_grace { &mut *grace } else { &mut *yusuf };
            segments.push(tablet.seal(world, &team, &[payload]));
        }
        let said = yusuf.severe(world, record, &[("source", "the miller")]);
        let also =
            grace.severe(world, record, &[("source", if day % 2 == 0 { "the baker" } else { "the miller" })]);
        segments.push(yusuf.seal(world, &severe, &[said]));
        segments.push(grace.seal(world, &severe, &[also]));
        let snapshot = Payload::Snapshot(PartPayload {
            record,
            part: record.shared_part(),
            kind: PartKind::Shared,
            form: world.visit,
            bytes: left.snapshot(),
        });
        let own = world.record();
        let visit = noor.visit(world, own, &[("site", &site), ("g/people", "0")]);
        segments.push(noor.seal(world, &hq, &[visit, snapshot]));
    }
    segments
}

#[test]
fn the_same_segments_in_any_order_give_byte_identical_files() {
    let mut world = World::new();
    let segments = busy_month(&mut world);
    let import = |order: Vec<&Vec<u8>>, at_once: usize| {
        let dir = tempfile::tempdir().unwrap();
        let mut office = open(dir.path());
        for some in order.chunks(at_once) {
            world.ingest(&mut office, some);
        }
        assert_eq!(held(&office), []);
        (export(&mut office, &world), office.conflicts(None, &world.library).unwrap().len())
    };
    let (expected, conflicts) = import(segments.iter().collect(), 100);
    assert_eq!(conflicts, 9, "six about people, three about who said so");
    assert_eq!(expected.len(), 2);
    assert!(expected["visit.csv"].lines().count() == 13, "{}", expected["visit.csv"]);
    assert_eq!(import(segments.iter().rev().collect(), 100).0, expected);
    assert_eq!(import(segments.iter().rev().collect(), 1).0, expected);
    let mut shuffled: Vec<&Vec<u8>> = segments.iter().collect();
    shuffled.sort_by_key(|s| ring::digest::digest(&ring::digest::SHA256, s).as_ref().to_vec());
    assert_eq!(import(shuffled, 5).0, expected);
}

#[test]
fn a_crash_between_batches_loses_nothing_and_doubles_nothing() {
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let segments: Vec<Vec<u8>> =
        (0..300).map(|n| visits(&mut world, &mut yusuf, &[&format!("Site {n}")])).collect();
    let keyring = world.keyring(&world.amina);
    let (calm, stormy, image) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut office = open(calm.path());
    office.ingest(&world.context(&keyring, NOON), segments.clone()).unwrap();
    let expected = export(&mut office, &world);

    // The power goes while the fifth batch is read: what the disk holds then is all there is.
    let mut office = open(stormy.path());
    let storm = segments.iter().enumerate().map(|(number, segment)| {
        if number == 290 {
            copy(stormy.path(), image.path());
        }
        segment.clone()
    });
    office.ingest(&world.context(&keyring, NOON), storm).unwrap();
    let mut office = open(image.path());
    let survived = office.record_count().unwrap();
    assert!(survived > 0 && survived < 300, "{survived} records were durable");
    let receipt = receipt(&world, &office);
    let applied: u64 = receipt.logs.iter().flat_map(|l| &l.ranges).map(|r| r.last - r.first + 1).sum();
    assert_eq!(applied, survived, "a receipt covers what is durable, not more");
    let report = office.ingest(&world.context(&keyring, NOON), segments).unwrap();
    assert_eq!((report.duplicates, report.new_records), (survived, 300 - survived));
    assert_eq!(export(&mut office, &world), expected);
    office.verify_audit().unwrap();
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn an_altered_audit_trail_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let segment = visits(&mut world, &mut yusuf, &["Market"]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    export(&mut office, &world);
    let head = office.verify_audit().unwrap();
    assert_ne!(head, [0; 32]);
    drop(office);
    let key: String = common::KEY.iter().map(|b| format!("{b:02x}")).collect();
    let conn = rusqlite::Connection::open(dir.path().join("office.db")).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{key}'\"")).unwrap();
    assert!(conn.execute("UPDATE audit SET action = 'import' WHERE action = 'export-severe'", []).is_err());
    conn.execute_batch("DROP TRIGGER audit_is_append_only_update").unwrap();
    assert_eq!(
        conn.execute("UPDATE audit SET action = 'import' WHERE action = 'export-severe'", []).unwrap(),
        1
    );
    drop(conn);
    assert!(matches!(open(dir.path()).verify_audit(), Err(baraza_office::OfficeError::AuditAltered(2))));
}
