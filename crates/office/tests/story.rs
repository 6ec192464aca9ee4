//! Two tablets, one headquarters: what they write ends up in tables, once, with every disagreement visible.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

mod common;

use baraza_model::{AnswerPath, Status};
use baraza_office::{
    Authorship, ExportOptions, HeldFilter, OfficeError, RecordFilter, Resolve, Signer, TableQuery,
    review_code,
};
use baraza_oplog::{PartPayload, Payload};
use baraza_record::Part;
use common::{NOON, World, contact, files, open, set};

#[test]
fn yusuf_and_grace_report_and_amina_reads_both() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let (mut yusuf, mut grace) = (world.tablet("Yusuf"), world.tablet("Grace"));
    let (first, second) = (world.record(), world.record());
    let market =
        yusuf.visit(&mut world, first, &[("site", "Market"), ("g/people", "40"), ("g/mood", "calm")]);
    let well = grace.visit(&mut world, second, &[("site", "Well"), ("g/people", "0")]);
    let hq = world.hq();
    let from_yusuf = yusuf.seal(&mut world, &hq, &[market]);
    let from_grace = grace.seal(&mut world, &hq, &[well]);

    let mut office = open(dir.path());
    let report = world.ingest(&mut office, &[&from_yusuf, &from_grace]);
    assert_eq!((report.applied, report.new_records), (2, 2), "{report:?}");
    assert!(report.held.is_empty());

    let again = world.ingest(&mut office, &[&from_grace, &from_yusuf]);
    assert_eq!((again.duplicates, again.applied), (2, 0));

    let record = office.record(first).unwrap();
    assert_eq!(record.summary.status, Status::Complete);
    assert_eq!(record.summary.authors, [yusuf.id()]);
    assert_eq!(record.readers, Some(world.hq()));
    let csv = export(&mut office, &world, &ExportOptions { form: "visit".into(), ..Default::default() });
    let visit = &csv["visit.csv"];
    assert!(visit.starts_with("_record,_form_version,_status,_conflicts,_reviews,_authors,site,"), "{visit}");
    assert!(visit.contains("Market,40,calm,80,"), "{visit}");
    assert!(visit.contains("Well,0,,0,"), "{visit}");
}

#[test]
fn edits_made_apart_merge_and_a_contradiction_stays_until_amina_decides() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let (mut yusuf, mut grace) = (world.tablet("Yusuf"), world.tablet("Grace"));
    let record = world.record();
    let (team, form) = (world.team(), world.visit);
    let mut on_yusufs = Part::new();
    let begun = yusuf.commit(&mut world, record, &mut on_yusufs, &[("site", "Market")], None);
    let mut on_graces = on_yusufs.clone();
    let yusufs =
        yusuf.commit(&mut world, record, &mut on_yusufs, &[("g/people", "40"), ("g/mood", "calm")], None);
    let graces =
        grace.commit(&mut world, record, &mut on_graces, &[("g/people", "60")], Some(&Status::Complete));
    let payloads = [world.shared(record, form, &begun), world.shared(record, form, &yusufs)];
    let from_yusuf = yusuf.seal(&mut world, &team, &payloads);
    let payload = world.shared(record, form, &graces);
    let from_grace = grace.seal(&mut world, &team, &[payload]);

    let mut office = open(dir.path());
    world.ingest(&mut office, &[&from_yusuf, &from_grace]);
    let summary = office.record(record).unwrap().summary;
    assert_eq!((summary.conflicts, summary.reviews, summary.status), (1, 2, Status::Complete));
    let conflicts = office.conflicts(None, &world.library).unwrap();
    let [conflict] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    assert_eq!(conflict.path.question, "g/people");
    let mut claims: Vec<_> =
        conflict.claims.iter().map(|c| (c.name.as_str(), c.value.as_deref().unwrap())).collect();
    claims.sort_unstable();
    assert_eq!(claims, [("Grace", "60"), ("Yusuf", "40")]);
    let winner = conflict.claims.iter().find(|c| c.shown).unwrap().value.clone().unwrap();
    let csv = export(&mut office, &world, &ExportOptions { form: "visit".into(), ..Default::default() });
    let row = csv["visit.csv"].lines().nth(1).unwrap();
    assert!(row.contains(&format!("1,complete,1,2,Grace; Yusuf,Market,{winner},calm")), "{row}");

    // Yusuf had not seen that Grace finalised: his two answers apply and are put up for review.
    let reviews = office.reviews(Some(record)).unwrap();
    let reviews: Vec<_> = reviews.iter().map(|r| (r.path.question.as_str(), r.code.as_str())).collect();
    assert_eq!(reviews, [("g/mood", review_code::CHANGED), ("g/people", review_code::CHANGED)]);

    let shown: Vec<_> = conflict.claims.iter().map(|c| c.change).collect();
    let signer = Signer { device: world.amina.public().id(), incarnation: baraza_model::Incarnation([9; 8]) };
    let keyring = world.keyring(&world.amina);
    let decision = Resolve {
        record,
        path: &conflict.path,
        value: Some("55"),
        shown: &shown,
        note: Some("counted again by phone"),
    };
    let mut rng = common::Seeded::new(99);
    let outgoing = office.resolve(&world.context(&keyring, NOON), &signer, &decision, &mut rng).unwrap();
    let [change] = outgoing.as_slice() else { panic!("{outgoing:?}") };
    assert_eq!(change.readers, world.team(), "the decision goes to whom the record went");
    assert_eq!(office.record(record).unwrap().summary.conflicts, 0);
    let path = AnswerPath { instance: None, question: "g/people".into() };
    assert_eq!(office.record(record).unwrap().answers.values[&path], "55");
    let table = office
        .table(&TableQuery { form_id: "visit".into(), ..TableQuery::default() }, &world.library)
        .unwrap();
    let column = table.columns.iter().position(|c| c.question == "g/people").unwrap();
    assert_eq!(table.rows[0].cells[column].as_deref(), Some("55"));
    assert!(table.columns.iter().all(|c| c.question != "source"), "severe answers are not for tables");

    // Deciding twice on what is no longer contested is refused.
    let stale = office.resolve(&world.context(&keyring, NOON), &signer, &decision, &mut rng);
    assert!(matches!(stale, Err(OfficeError::StaleConflict)));

    // A tablet that gets the decision agrees.
    on_graces
        .apply_change(&yusufs, baraza_record::actor_prefix(record, yusuf.id(), yusuf.incarnation))
        .unwrap();
    let prefix = baraza_record::actor_prefix(record, signer.device, signer.incarnation);
    on_graces.apply_change(&change.payload.bytes, prefix).unwrap();
    assert!(on_graces.conflicts().is_empty());

    let history = office.history(record, &world.library).unwrap();
    let people: Vec<_> =
        history.iter().filter(|e| e.path == path).map(|e| (&*e.name, e.after.as_deref())).collect();
    assert!(people.contains(&("Yusuf", Some("40"))) && people.contains(&("Grace", Some("60"))), "{people:?}");
    assert_eq!(people.last(), Some(&("Amina", Some("55"))));
    let last = history.iter().rfind(|e| e.path == path).unwrap();
    assert_eq!(last.note.as_deref(), Some("counted again by phone"));
    assert_eq!(last.author, Authorship::Signed { device: signer.device });
}

#[test]
fn a_rule_that_breaks_in_the_merge_needs_review_and_nothing_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let answers = [("g/people", "900"), ("g/mood", "tense")];
    let payload = yusuf.visit(&mut world, record, &answers);
    let hq = world.hq();
    let segment = yusuf.seal(&mut world, &hq, &[payload]);
    let mut office = open(dir.path());
    let report = world.ingest(&mut office, &[&segment]);
    assert_eq!(report.applied, 1);
    let reviews: Vec<_> =
        office.reviews(None).unwrap().into_iter().map(|r| (r.path.question, r.code)).collect();
    assert_eq!(
        reviews,
        [
            ("g/people".to_owned(), review_code::VIOLATED.to_owned()),
            ("site".into(), review_code::MISSING.into())
        ]
    );
    let csv = export(&mut office, &world, &ExportOptions { form: "visit".into(), ..Default::default() });
    assert!(csv["visit.csv"].contains(",900,tense,1800,"), "{}", csv["visit.csv"]);
    let with_reviews = RecordFilter { with_reviews: true, ..RecordFilter::default() };
    assert_eq!(office.records(&with_reviews).unwrap().len(), 1);
}

#[test]
fn what_does_not_apply_is_kept_and_reviewed_but_never_exported() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let payload =
        yusuf.visit(&mut world, record, &[("site", "Well"), ("g/people", "0"), ("g/mood", "tense")]);
    let hq = world.hq();
    let segment = yusuf.seal(&mut world, &hq, &[payload]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    let csv = export(&mut office, &world, &ExportOptions { form: "visit".into(), ..Default::default() });
    assert!(!csv["visit.csv"].contains("tense"), "{}", csv["visit.csv"]);
    let path = AnswerPath { instance: None, question: "g/mood".into() };
    assert_eq!(office.record(record).unwrap().answers.values[&path], "tense");
    assert_eq!(office.reviews(Some(record)).unwrap()[0].code, review_code::IRRELEVANT);
}

#[test]
fn severe_answers_are_absent_from_exports_unless_asked_for_and_then_audited() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let (mut yusuf, mut grace) = (world.tablet("Yusuf"), world.tablet("Grace"));
    let record = world.record();
    let shared = yusuf.visit(&mut world, record, &[("site", "Market")]);
    let (hq, severe) = (world.hq(), world.severe());
    let said = yusuf.severe(&mut world, record, &[("source", "the miller")]);
    let also = grace.severe(&mut world, record, &[("source", "the baker")]);
    let a = yusuf.seal(&mut world, &hq, &[shared]);
    let b = yusuf.seal(&mut world, &severe, &[said]);
    let c = grace.seal(&mut world, &severe, &[also]);

    let mut office = open(dir.path());
    world.ingest(&mut office, &[&a, &b, &c]);
    let conflicts = office.conflicts(Some(record), &world.library).unwrap();
    assert_eq!(conflicts.len(), 1, "two severe parts that differ are a conflict");
    assert!(conflicts[0].severe);

    let plain = ExportOptions { form: "visit".into(), ..ExportOptions::default() };
    let csv = export(&mut office, &world, &plain);
    let everything = csv.values().cloned().collect::<String>();
    assert!(
        !everything.contains("source") && !everything.contains("miller") && !everything.contains("baker")
    );
    assert!(csv["visit.csv"].contains("1,complete,0,0,"), "nor does the count of conflicts tell: {csv:?}");

    let csv = export(&mut office, &world, &ExportOptions { include_severe: true, ..plain });
    assert!(csv["visit.csv"].contains(",source"), "{csv:?}");
    assert!(csv["visit.csv"].contains("the miller") || csv["visit.csv"].contains("the baker"));
    let actions: Vec<String> = office.audit(0, 100).unwrap().into_iter().map(|e| e.action).collect();
    assert_eq!(actions, ["import", "export", "export-severe"]);
    office.verify_audit().unwrap();

    // Amina decides; both parts then say the same.
    let shown: Vec<_> = conflicts[0].claims.iter().map(|c| c.change).collect();
    let signer = Signer { device: world.amina.public().id(), incarnation: baraza_model::Incarnation([9; 8]) };
    let keyring = world.keyring(&world.amina);
    let decision =
        Resolve { record, path: &conflicts[0].path, value: Some("the miller"), shown: &shown, note: None };
    let mut rng = common::Seeded::new(99);
    let outgoing = office.resolve(&world.context(&keyring, NOON), &signer, &decision, &mut rng).unwrap();
    assert!(outgoing.iter().all(|change| change.readers == world.severe()));
    assert!(office.conflicts(None, &world.library).unwrap().is_empty());
}

#[test]
fn musa_the_analyst_cannot_open_severe_segments_and_his_receipt_does_not_cover_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let shared = yusuf.visit(&mut world, record, &[("site", "Market")]);
    let said = yusuf.severe(&mut world, record, &[("source", "the miller")]);
    let (hq, severe) = (world.hq(), world.severe());
    let a = yusuf.seal(&mut world, &hq, &[shared]);
    let b = yusuf.seal(&mut world, &severe, &[said]);
    let mut office = open(dir.path());
    let report = world.ingest_as(&world.musa, &mut office, &[&a, &b], NOON);
    assert_eq!(report.held["open.no_key"], 1);
    let head = baraza_office::ReceiptHead {
        workspace: world.roster.workspace(),
        office: world.musa.public().id(),
        incarnation: baraza_model::Incarnation([3; 8]),
        counter: 1,
        supersedes: vec![],
    };
    let receipt = office.receipt(head).unwrap();
    let ranged: Vec<_> = receipt.logs.iter().filter(|log| !log.ranges.is_empty()).collect();
    assert_eq!(ranged.len(), 1);
    assert_eq!(office.reviews(None).unwrap(), [], "what is not here is unknown, not missing");

    // Promoted to protection officer, he gets the epochs, and what waited is applied by the next import.
    let severe_group = world.roster.hq_severe();
    let musa = world.musa.public().id();
    world.author.add_to_group(&mut world.roster, musa, severe_group, &mut world.rng).unwrap();
    let report = world.ingest_as(&world.musa, &mut office, &[], NOON);
    assert_eq!((report.replayed, report.applied), (1, 1));
    assert!(office.held(&HeldFilter::default()).unwrap().is_empty());
    let path = AnswerPath { instance: None, question: "source".into() };
    assert_eq!(office.record(record).unwrap().answers.values[&path], "the miller");
}

#[test]
fn a_snapshot_vouches_and_the_authors_own_segment_proves() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let (mut yusuf, mut grace) = (world.tablet("Yusuf"), world.tablet("Grace"));
    let record = world.record();
    let mut part = Part::new();
    let change = yusuf.commit(&mut world, record, &mut part, &[("site", "Market")], Some(&Status::Complete));
    let (hq, form) = (world.hq(), world.visit);
    let snapshot = Payload::Snapshot(PartPayload {
        record,
        part: record.shared_part(),
        kind: baraza_model::PartKind::Shared,
        form,
        bytes: part.snapshot(),
    });
    let from_grace = grace.seal(&mut world, &hq, &[snapshot]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&from_grace]);
    let author = office.history(record, &world.library).unwrap()[0].author;
    assert_eq!(author, Authorship::Vouched { sender: grace.id(), claimed: None });
    let options = ExportOptions { form: "visit".into(), ..ExportOptions::default() };
    let csv = export(&mut office, &world, &options);
    assert!(csv["visit.csv"].contains(",(snapshot),Market"), "{csv:?}");

    let payload = world.shared(record, form, &change);
    let from_yusuf = yusuf.seal(&mut world, &hq, &[payload]);
    world.ingest(&mut office, &[&from_yusuf]);
    let author = office.history(record, &world.library).unwrap()[0].author;
    assert_eq!(author, Authorship::Signed { device: yusuf.id() });
    let csv = export(&mut office, &world, &options);
    assert!(csv["visit.csv"].contains(",Yusuf,Market"), "{csv:?}");
}

#[test]
fn repeats_have_tables_of_their_own_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let ids = [1, 2, 3].map(|n| baraza_model::InstanceId([n; 16]));
    let mut edits = vec![set("site", "Market")];
    edits.extend(contact(ids[0], 2, "soldiers", "12"));
    edits.extend(contact(ids[1], 1, "traders", "30"));
    edits.extend(contact(ids[2], 3, "children", "5"));
    let mut part = Part::new();
    let added = yusuf.commit_edits(&mut world, record, &mut part, &edits, Some(&Status::Complete));
    let gone = [baraza_model::Edit::Remove { id: ids[2], removed: true }];
    let removed = yusuf.commit_edits(&mut world, record, &mut part, &gone, None);
    let (hq, form) = (world.hq(), world.visit);
    let payloads = [world.shared(record, form, &added), world.shared(record, form, &removed)];
    let segment = yusuf.seal(&mut world, &hq, &payloads);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    let csv = export(&mut office, &world, &ExportOptions { form: "visit".into(), ..Default::default() });
    let rows: Vec<&str> = csv["visit-contacts.csv"].lines().collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[1].ends_with(",,1,1,complete,0,traders,30"), "{rows:?}");
    assert!(rows[2].ends_with(",,2,1,complete,0,soldiers,12"), "{rows:?}");
}

#[test]
fn the_store_holds_no_plaintext_and_opens_with_its_key_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let record = world.record();
    let payload = yusuf.visit(&mut world, record, &[("site", "Kibirizi market square")]);
    let hq = world.hq();
    let segment = yusuf.seal(&mut world, &hq, &[payload]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|w| w == b"Kibirizi" || w == b"SQLite f"));
    }
    drop(office);
    let wrong = baraza_office::Office::open(&dir.path().join("office.db"), &[8; 32]);
    assert!(matches!(wrong, Err(OfficeError::WrongKey)));
    assert_eq!(open(dir.path()).record_count().unwrap(), 1);
}

fn export(
    office: &mut baraza_office::Office,
    world: &World,
    options: &ExportOptions,
) -> std::collections::BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let keyring = world.keyring(&world.amina);
    let context = world.context(&keyring, NOON);
    office.export_csv(&context, dir.path(), options, world.amina.public().id()).unwrap();
    files(dir.path())
}
