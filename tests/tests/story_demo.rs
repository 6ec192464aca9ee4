//! The demo plays to its end, leaves what it says, replaces itself and touches nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

use baraza_app::{DeliveryView, Device, RecordView, RecordsFilter, Status, World};
use baraza_model::Timestamp;
use baraza_testkit::answers::FEARED;
use baraza_testkit::{PASSPHRASE, Sheet, demo};
use secrecy::SecretString;

#[test]
fn the_demo_leaves_a_workspace_to_look_at_and_can_be_played_again() {
    let dir = tempfile::tempdir().unwrap();
    let demo_dir = dir.path().join("demo");
    let mut told = Vec::new();
    demo::play_to(&demo_dir, &mut told).unwrap();
    let told = String::from_utf8(told).unwrap();
    for line in [
        "after finalising: nobody can read it here any more, not even unlocked",
        "g_after/mood: North-1 says \"better\"",
        "g_after/mood: North-2 says \"worse\"",
        "North-1, North-2 and headquarters hold the same document, change for change.",
        "Amina forgets 2 received records and keeps 0.",
        "North-2 forgets 3 received records and keeps 1.",
    ] {
        assert!(told.contains(line), "{line:?} is not in\n{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 130), "short lines");
    assert!(told.contains("record list") && told.contains("record show") && told.contains("record history"));

    for name in ["amina", "headquarters", "north-1", "north-2"] {
        assert!(demo_dir.join("devices").join(name).join("vault.store").exists(), "{name}");
    }
    for card in ["briefing", "cable", "amina", "north-2", "north-2-damaged", "receipts", "decision"] {
        assert!(demo_dir.join(format!("cards/{card}.baraza")).exists(), "{card}");
    }
    let readme = std::fs::read_to_string(demo_dir.join("README.txt")).unwrap();
    assert!(readme.contains("invented") && readme.contains("demo/passphrase.txt"));
    let group = std::fs::read_to_string(demo_dir.join("exports/baraza_fgd.csv")).unwrap();
    assert!(group.contains("women") && !group.contains(FEARED));
    assert_eq!(Sheet::read(&demo_dir.join("exports/baraza_patrol-contacts.csv")).unwrap().rows.len(), 3);

    demo::play_to(&demo_dir, &mut Vec::new()).unwrap();
}

#[test]
fn the_demo_never_replaces_somebodys_files() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("thesis.txt"), "three years of work").unwrap();
    let refused = demo::play_to(dir.path(), &mut Vec::new()).unwrap_err();
    assert!(refused.to_string().contains("no earlier demo"), "{refused}");
    assert_eq!(std::fs::read_to_string(dir.path().join("thesis.txt")).unwrap(), "three years of work");
}

#[test]
fn the_demo_of_the_windows_is_in_the_middle_of_its_work() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("demo");
    let now = Timestamp(1_795_200_000_000);
    demo::window::make(&dir, now).unwrap();
    let open = |folder: &str| {
        let world = World::system().at(now, 120);
        Device::unlock(&dir.join("devices").join(folder), &SecretString::from(PASSPHRASE), world).unwrap()
    };

    let reed = open("reed");
    let records = reed.records(&RecordsFilter::default()).unwrap();
    let count = |wanted: fn(&RecordView) -> bool| records.iter().filter(|record| wanted(record)).count();
    assert_eq!(count(|r| r.status == Status::Draft), 1);
    assert_eq!(count(|r| r.status != Status::Draft && r.delivery == DeliveryView::OnlyHere), 2);
    assert_eq!(count(|r| matches!(r.delivery, DeliveryView::HandedOver { .. })), 1);
    assert_eq!(count(|r| r.delivery == DeliveryView::Received), 14);

    assert_eq!(open("kite").conflicts(None).unwrap().len(), 1);

    let mut ines = open("headquarters");
    assert_eq!(ines.conflicts(None).unwrap().len(), 1);
    let held: Vec<String> = ines.held().unwrap().into_iter().map(|item| item.code).collect();
    assert_eq!(held, ["open.corrupt"]);
    let before = ines.office_records().unwrap().len();
    let late = ines.import(&dir.join("cards/card-ibis.baraza")).unwrap();
    assert!(late.read.received.office.iter().map(|report| report.applied).sum::<u64>() > 0);
    assert!(ines.office_records().unwrap().len() > before, "the late card brings records");
}
