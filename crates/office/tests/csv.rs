//! What a spreadsheet gets to see.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

mod common;

use baraza_model::{Status, Timestamp};
use baraza_office::{ExportOptions, OfficeError, RowOrder};
use baraza_record::Part;
use common::{NOON, World, files, open};

#[test]
fn cells_that_look_like_formulas_are_defused_and_quotes_survive() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("=Yusuf");
    let hq = world.hq();
    let record = world.record();
    let answers =
        [("site", "=HYPERLINK(\"http://x\",\"a\")"), ("g/people", "-4"), ("notes", "one,\ntwo \"three\"")];
    let payload = yusuf.visit(&mut world, record, &answers);
    let segment = yusuf.seal(&mut world, &hq, &[payload]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    let out = tempfile::tempdir().unwrap();
    let keyring = world.keyring(&world.amina);
    let options = ExportOptions { form: "visit".into(), hxl_row: true, ..ExportOptions::default() };
    let by = world.amina.public().id();
    let report = office.export_csv(&world.context(&keyring, NOON), out.path(), &options, by).unwrap();
    let csv = files(out.path());
    assert_eq!(
        csv["visit.csv"],
        format!(
            "_record,_form_version,_status,_conflicts,_reviews,_authors,site,g/people,g/mood,double,notes,\
             meta/instanceID\r\n,,,,,,#loc +name,#affected,,,,\r\n\
             {record},1,complete,0,0,'=Yusuf,\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\",-4,,-8,\
             \"one,\ntwo \"\"three\"\"\",\r\n"
        )
    );
    assert_eq!((report.files[0].rows, report.files[1].rows), (1, 0));
    let sha = ring::digest::digest(&ring::digest::SHA256, csv["visit.csv"].as_bytes());
    let sha: String = sha.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(report.files[0].sha256, sha);
    assert!(office.audit(0, 10).unwrap().last().unwrap().detail.contains(&sha));
}

#[test]
fn versions_of_a_form_share_a_table_and_a_changed_type_gets_its_own_column() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let hq = world.hq();
    let (old, new) = (world.record(), world.record());
    let first = yusuf.visit(&mut world, old, &[("site", "Market"), ("g/people", "4")]);
    let answers = [("site", "Well"), ("g/people", "4.5"), ("road", "flooded")];
    let bytes = yusuf.commit(&mut world, new, &mut Part::new(), &answers, Some(&Status::Complete));
    let second = world.shared(new, world.visit2, &bytes);
    let segment = yusuf.seal(&mut world, &hq, &[first, second]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    let out = tempfile::tempdir().unwrap();
    let keyring = world.keyring(&world.amina);
    let options = ExportOptions { form: "visit".into(), ..ExportOptions::default() };
    office.export_csv(&world.context(&keyring, NOON), out.path(), &options, yusuf.id()).unwrap();
    let csv = files(out.path());
    let mut lines: Vec<&str> = csv["visit.csv"].lines().collect();
    assert_eq!(
        lines.remove(0),
        "_record,_form_version,_status,_conflicts,_reviews,_authors,site,g/people (real),g/mood,double,notes,road,\
         meta/instanceID,g/people (integer)"
    );
    lines.sort_by_key(|line| line.contains("Well"));
    assert!(lines[0].ends_with(",1,complete,0,0,Yusuf,Market,,,8,,,,4"), "{lines:?}");
    assert!(lines[1].ends_with(",2,complete,0,0,Yusuf,Well,4.5,,9,,flooded,,"), "{lines:?}");
}

#[test]
fn drafts_stay_out_the_order_can_be_shuffled_and_late_changes_are_marked() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new();
    let mut yusuf = world.tablet("Yusuf");
    let hq = world.hq();
    let mut payloads = Vec::new();
    for n in 0..8 {
        let record = world.record();
        payloads.push(yusuf.visit(&mut world, record, &[("site", &format!("Site {n}"))]));
    }
    let draft = world.record();
    let mut part = Part::new();
    let begun = yusuf.commit(&mut world, draft, &mut part, &[("site", "Draft")], None);
    payloads.push(world.shared(draft, world.visit, &begun));
    let segment = yusuf.seal(&mut world, &hq, &payloads);
    let done = yusuf.commit(&mut world, draft, &mut part, &[("g/people", "1")], Some(&Status::Complete));
    let payload = world.shared(draft, world.visit, &done);
    let later = yusuf.seal(&mut world, &hq, &[payload]);
    let mut office = open(dir.path());
    world.ingest(&mut office, &[&segment]);
    let keyring = world.keyring(&world.amina);
    let mut sites = |options: ExportOptions| {
        let out = tempfile::tempdir().unwrap();
        office.export_csv(&world.context(&keyring, NOON), out.path(), &options, yusuf.id()).unwrap();
        files(out.path())["visit.csv"].lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let usual = ExportOptions { form: "visit".into(), ..ExportOptions::default() };
    let by_id = sites(usual.clone());
    assert_eq!(by_id.len(), 8);
    assert_eq!(sites(ExportOptions { include_drafts: true, ..usual.clone() }).len(), 9);
    let shuffled = sites(ExportOptions { order: RowOrder::Keyed([1; 32]), ..usual.clone() });
    assert_ne!(shuffled, by_id);
    assert_eq!(shuffled, sites(ExportOptions { order: RowOrder::Keyed([1; 32]), ..usual.clone() }));
    assert_ne!(shuffled, sites(ExportOptions { order: RowOrder::Keyed([2; 32]), ..usual.clone() }));
    let as_of = ExportOptions { as_of: Some(NOON), ..usual.clone() };
    world.ingest_as(&world.amina, &mut office, &[&later], Timestamp(NOON.0 + 1));
    let out = tempfile::tempdir().unwrap();
    office.export_csv(&world.context(&keyring, NOON), out.path(), &as_of, yusuf.id()).unwrap();
    let csv = files(out.path());
    let restated: Vec<&str> = csv["visit.csv"].lines().filter(|line| line.contains(",Yusuf,1,")).collect();
    assert_eq!(restated.len(), 1, "{csv:?}");
    assert!(restated[0].contains("Draft"));
    let earlier = ExportOptions { as_of: Some(Timestamp(NOON.0 - 1)), ..usual };
    let out = tempfile::tempdir().unwrap();
    let report = office.export_csv(&world.context(&keyring, NOON), out.path(), &earlier, yusuf.id()).unwrap();
    assert_eq!(report.records, 0);
}

#[test]
fn a_form_without_records_is_refused_and_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::new();
    let mut office = open(dir.path());
    let out = tempfile::tempdir().unwrap();
    let keyring = world.keyring(&world.amina);
    let options = ExportOptions { form: "nothing".into(), ..ExportOptions::default() };
    let refused =
        office.export_csv(&world.context(&keyring, NOON), out.path(), &options, world.musa.public().id());
    assert!(matches!(refused, Err(OfficeError::UnknownForm(_))));
    assert!(files(out.path()).is_empty());
}
