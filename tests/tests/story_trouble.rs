//! What goes wrong on the way ends as the design says, and nothing that is right is held up by it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

use baraza_app::{Completion, DeliveryView, ExportOptions, HeldItem};
use baraza_model::{AnswerPath, Edit, FormHash, PartKind, RecordId, Role, Sensitivity};
use baraza_oplog::{Compartment, PartPayload, Payload, Reader, Segment};
use baraza_record::{Actor, Commit, Part};
use baraza_testkit::answers::{PATROL, SURVEY};
use baraza_testkit::{Mission, Person, Seized, Sheet};
use std::path::Path;
use tempfile::TempDir;

/// Ines and Amina; Amina has the survey.
fn village(dir: &TempDir) -> (Mission, Person) {
    let mut mission = Mission::found(dir.path(), &["survey"]).unwrap();
    let mut amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    (mission, amina)
}

/// Ines, and Kofi and Lindiwe of team north; both have the patrol report.
fn team(dir: &TempDir) -> (Mission, Person, Person) {
    let mut mission = Mission::found(dir.path(), &["patrol"]).unwrap();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    (mission, kofi, lindiwe)
}

/// What somebody has who copies the device's folder and knows its passphrase.
fn seized(mission: &Mission, person: &Person, name: &str) -> Seized {
    person.bag().clone_to(mission.folder(name)).unwrap().seize().unwrap()
}

fn records_at(ines: &mut Person) -> usize {
    ines.office_records().unwrap().len()
}

fn held(ines: &mut Person) -> Vec<(&'static str, String)> {
    let items: Vec<HeldItem> = ines.held().unwrap();
    items.into_iter().map(|item| (item.state.as_str(), item.code)).collect()
}

fn take_receipts(mission: &mut Mission, people: &mut [&mut Person]) {
    mission.brief(people).unwrap();
}

fn seq(segment: &[u8]) -> u64 {
    Segment::decode(segment).unwrap().header().seq
}

#[test]
fn a_card_is_lost_and_the_gap_is_shown_until_a_later_one_closes_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir);
    let (lost, later, gap) = (mission.card("lost"), mission.card("later"), mission.card("gap"));
    let first = amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&lost, "a courier").unwrap();
    let second = amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&later, "Ines").unwrap();
    let keys = seized(&mission, &amina, "copy");
    let all = keys.segments_on(&later).unwrap();
    let new: Vec<Vec<u8>> = all.iter().filter(|bytes| seq(bytes) == 2).cloned().collect();
    assert_eq!((all.len(), new.len()), (4, 2), "the shared and the severe log, two segments each");
    keys.write_card(&gap, &new, &mut mission.clock.world()).unwrap();

    mission.ines.import(&gap).unwrap();
    assert_eq!(records_at(&mut mission.ines), 1, "what came is processed without what came before");
    let (gaps, alarms) = mission.ines.gaps_and_alarms().unwrap();
    assert_eq!(gaps.iter().map(|g| (g.device, g.first, g.last)).collect::<Vec<_>>(), [(keys.id(), 1, 1); 2]);
    assert_eq!(alarms, []);
    take_receipts(&mut mission, &mut [&mut amina]);
    assert_eq!(amina.outbox().unwrap(), 2, "what is missing is not receipted");
    assert_eq!(amina.record(second).unwrap().delivery, DeliveryView::Received);
    assert!(matches!(amina.record(first).unwrap().delivery, DeliveryView::HandedOver { .. }));

    amina.bundle_out(&later, "Ines").unwrap();
    mission.ines.import(&later).unwrap();
    assert_eq!(mission.ines.gaps_and_alarms().unwrap().0, []);
    assert_eq!(records_at(&mut mission.ines), 2);
    take_receipts(&mut mission, &mut [&mut amina]);
    assert_eq!(amina.outbox().unwrap(), 0);
    assert_eq!(amina.record(first).unwrap().delivery, DeliveryView::Received);
}

#[test]
fn a_tablet_is_cloned_and_both_go_on_both_branches_are_kept_and_headquarters_is_alarmed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir);
    let card = mission.card("amina");
    amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&card, "Ines").unwrap();
    mission.ines.import(&card).unwrap();

    let bag = amina.lock().unwrap();
    let mut double = bag.clone_to(mission.folder("clone")).unwrap().unlock().unwrap();
    let mut amina = bag.unlock().unwrap();
    for (name, person) in [("one", &mut amina), ("other", &mut double)] {
        person.report("baraza_survey", SURVEY).unwrap();
        let card = mission.card(name);
        person.bundle_out(&card, "Ines").unwrap();
        mission.ines.import(&card).unwrap();
    }
    assert_eq!(records_at(&mut mission.ines), 3, "both branches are applied");
    assert_eq!(held(&mut mission.ines), []);
    let (gaps, alarms) = mission.ines.gaps_and_alarms().unwrap();
    assert_eq!(gaps, []);
    let forks: Vec<(u64, usize)> = alarms.iter().map(|alarm| (alarm.seq, alarm.hashes.len())).collect();
    assert_eq!(forks, [(2, 2), (2, 2)], "the shared and the severe log continue in two ways");
    take_receipts(&mut mission, &mut [&mut amina, &mut double]);
    assert_eq!((amina.outbox().unwrap(), double.outbox().unwrap()), (0, 0), "each branch has its receipt");
}

#[test]
fn a_record_of_a_form_that_has_not_arrived_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &["patrol"]).unwrap();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut kofi]).unwrap();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let cable = mission.card("cable");
    kofi.bundle_out(&cable, "North-2").unwrap();
    let early = lindiwe.bundle_in(&cable).unwrap().received;
    assert_eq!(early.held.len(), 1, "{early:?}");
    assert!(!early.held[0].quarantined, "it waits: {:?}", early.held[0].code);
    assert!(lindiwe.record(patrol).is_err());

    mission.brief(&mut [&mut lindiwe]).unwrap();
    assert_eq!(lindiwe.heads(patrol).unwrap(), kofi.heads(patrol).unwrap(), "the form came, and it moved on");
    assert_eq!(lindiwe.reads(patrol, "followups").unwrap().as_deref(), Some("Come back on Thursday."));
}

#[test]
fn headquarters_keeps_what_is_of_an_unknown_form_waiting_and_gives_no_receipt_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir);
    let grace = mission.enrol("Grace", "Interpreter-2", Role::Interpreter, None).unwrap();
    let mut keys = seized(&mission, &grace, "copy");
    let unknown = FormHash([0x5a; 32]);
    keys.invent_form(unknown, b"g_start/adm1 g_end/nobody_published_this").unwrap();
    let mut world = mission.clock.world();
    let record = RecordId::new_v4(&mut world);
    let actor = Actor::new(record, keys.id(), keys.incarnation, &mut world);
    let payload = written(record, unknown, &actor, "PSXVQM");
    let hq = Compartment::new([Reader::Group(keys.roster.hq())]).unwrap();
    let strange = keys.segment(&hq, &[payload], 1, None, &mut world).unwrap();
    let card = mission.card("strange");
    keys.write_card(&card, &[strange.encode()], &mut world).unwrap();

    mission.ines.import(&card).unwrap();
    let now = held(&mut mission.ines);
    assert_eq!(now.len(), 1);
    assert_eq!(now[0].0, "waiting", "{now:?}");
    assert_eq!(mission.ines.replay().unwrap().applied, 0, "trying again does not help");
    assert_eq!(held(&mut mission.ines), now);

    amina.report("baraza_survey", SURVEY).unwrap();
    let card = mission.card("amina");
    amina.bundle_out(&card, "Ines").unwrap();
    mission.ines.import(&card).unwrap();
    assert_eq!(records_at(&mut mission.ines), 1, "one bad record blocks nothing");
    take_receipts(&mut mission, &mut [&mut amina]);
    assert_eq!(amina.outbox().unwrap(), 0);
}

#[test]
fn a_segment_whose_bytes_were_changed_is_held_and_an_honest_copy_is_welcome() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir);
    let mut grace = mission.enrol("Grace", "Interpreter-2", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut grace]).unwrap();
    let (card, forged, hers) = (mission.card("amina"), mission.card("forged"), mission.card("grace"));
    amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&card, "a courier").unwrap();
    grace.report("baraza_survey", SURVEY).unwrap();
    grace.bundle_out(&hers, "a courier").unwrap();
    let keys = seized(&mission, &amina, "copy");

    // The courier holds the workspace's transport key, and changes one bit of every signed header, and of every
    // payload; Grace's segments travel in between.
    let honest = keys.segments_on(&card).unwrap();
    let mut parcel: Vec<Vec<u8>> = honest.iter().map(|bytes| flipped(bytes, bytes.len() / 4)).collect();
    parcel.extend(keys.segments_on(&hers).unwrap());
    parcel.extend(honest.iter().map(|bytes| flipped(bytes, bytes.len() - 1)));
    keys.write_card(&forged, &parcel, &mut mission.clock.world()).unwrap();
    mission.ines.import(&forged).unwrap();
    assert_eq!(records_at(&mut mission.ines), 1, "Grace's record, and nothing that was changed");
    let now = held(&mut mission.ines);
    assert_eq!(now.len(), 2 * honest.len(), "{now:?}");
    assert!(now.iter().all(|(state, _)| *state != "review"), "{now:?}");
    assert!(now.iter().any(|(state, code)| *state == "quarantined" && code == "open.corrupt"), "{now:?}");
    take_receipts(&mut mission, &mut [&mut amina, &mut grace]);
    assert_eq!((amina.outbox().unwrap(), grace.outbox().unwrap()), (honest.len(), 0));

    mission.ines.import(&card).unwrap();
    assert_eq!(records_at(&mut mission.ines), 2);
    take_receipts(&mut mission, &mut [&mut amina]);
    assert_eq!(amina.outbox().unwrap(), 0);
}

#[test]
fn forged_changes_are_their_signers_or_quarantined_and_never_somebody_elses() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut kofi, mut lindiwe) = team(&dir);
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let (cable, card) = (mission.card("cable"), mission.card("forged"));
    kofi.bundle_out(&cable, "North-2").unwrap();
    lindiwe.bundle_in(&cable).unwrap();
    let (thief, victim) = (seized(&mission, &kofi, "kofi-copy"), seized(&mission, &lindiwe, "lindiwe-copy"));

    // Somebody has Kofi's tablet. They write in Lindiwe's name; they write nonsense; they say two things at once.
    let mut world = mission.clock.world();
    let form = thief.form("baraza_patrol").unwrap();
    let [hers, nonsense, double] = [(); 3].map(|()| RecordId::new_v4(&mut world));
    let as_lindiwe = Actor::new(hers, victim.id(), victim.incarnation, &mut world);
    let as_kofi = Actor::new(double, thief.id(), thief.incarnation, &mut world);
    let forged = [
        written(hers, form, &as_lindiwe, "PSXVQM"),
        change(nonsense, form, b"\x01 this is no change of anything, but it is well signed"),
        written(double, form, &as_kofi, "PSXVQM"),
        written(double, form, &as_kofi, "PRW5NN"),
    ];
    let mut parcel = thief.segments_on(&cable).unwrap();
    let last = Segment::decode(parcel.last().unwrap()).unwrap();
    let (readers, next, last) =
        (last.header().compartment().unwrap(), last.header().seq + 1, Some(last.hash()));
    parcel.push(thief.segment(&readers, &forged, next, last, &mut world).unwrap().encode());
    thief.write_card(&card, &parcel, &mut world).unwrap();

    mission.ines.import(&card).unwrap();
    let now = held(&mut mission.ines);
    let states: Vec<&str> = now.iter().map(|(state, _)| *state).collect();
    assert_eq!(states, ["quarantined"; 2], "the nonsense and the second tongue: {now:?}");
    assert!(now.iter().all(|(_, code)| code.starts_with("record.")), "{now:?}");
    let mut there: Vec<RecordId> = mission.ines.office_records().unwrap().iter().map(|r| r.id).collect();
    there.sort_unstable();
    let mut expected = vec![patrol, hers, double];
    expected.sort_unstable();
    assert_eq!(there, expected, "what could be applied was");
    for event in mission.ines.history(hers).unwrap() {
        assert_eq!(event.author, "North-1", "a change is its signer's, whoever it claims to be");
    }
    let said = mission.ines.history(double).unwrap();
    assert_eq!(said.iter().filter_map(|event| event.after.as_deref()).collect::<Vec<_>>(), ["PSXVQM"]);

    let got = lindiwe.bundle_in(&card).unwrap().received;
    assert!(got.held.len() == 1 && got.held[0].quarantined, "{got:?}");
    assert_eq!(lindiwe.reads(patrol, "followups").unwrap().as_deref(), Some("Come back on Thursday."));
    let events = lindiwe.history(hers).unwrap();
    assert!(!events.is_empty() && events.iter().all(|event| event.author == "North-1"), "{events:?}");
}

#[test]
fn a_bundle_that_comes_half_a_year_late_restates_the_past_visibly() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir);
    let mut grace = mission.enrol("Grace", "Interpreter-2", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut grace]).unwrap();
    let [first, both, amended, late] = ["first", "both", "amended", "late"].map(|name| mission.card(name));
    let changed = amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&first, "a courier").unwrap();
    amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&both, "Ines").unwrap();
    let mut draft = amina.amend(changed, "The house number was on the wrong line").unwrap();
    amina.fill(&mut draft, &[("g_visit/hh_no", "21")]).unwrap();
    amina.finalise(&mut draft, Completion::Complete).unwrap();
    amina.bundle_out(&amended, "a courier").unwrap();
    grace.report("baraza_survey", SURVEY).unwrap();
    grace.bundle_out(&late, "a courier").unwrap();

    mission.ines.import(&both).unwrap();
    let reported = mission.clock.now();
    let before = surveys(&mut mission, "before", reported);
    assert_eq!(
        (before.column("_restated"), before.column("hh_no")),
        (vec!["".into(); 2], vec!["12".into(); 2])
    );
    mission.clock.days(183);
    let again = mission.ines.import(&first).unwrap().read.received;
    assert_eq!(again.office[0].applied, 0, "the older card of Amina has nothing new");
    assert_eq!(surveys(&mut mission, "between", reported), before, "the same numbers, byte for byte");

    mission.ines.import(&late).unwrap();
    assert_eq!(
        surveys(&mut mission, "late", reported),
        before,
        "what came later is not in the report of then"
    );
    mission.ines.import(&amended).unwrap();
    let after = surveys(&mut mission, "after", reported);
    let row = after.column("hh_no").iter().position(|number| number == "21").unwrap();
    assert_eq!(after.column("_restated")[row], "1", "what was reported has changed, and says so");
    assert_eq!(after.column("_restated").concat(), "1");
    let today = mission.clock.now();
    assert_eq!(surveys(&mut mission, "today", today).rows.len(), 3);
}

fn surveys(mission: &mut Mission, name: &str, as_of: baraza_model::Timestamp) -> Sheet {
    let folder = mission.folder(name);
    std::fs::create_dir_all(&folder).unwrap();
    let options =
        ExportOptions { form: "baraza_survey".into(), as_of: Some(as_of), ..ExportOptions::default() };
    mission.ines.export_csv(&folder, &options).unwrap();
    Sheet::read(Path::new(&folder.join("baraza_survey.csv"))).unwrap()
}

/// The first change of a record, under whatever name.
fn written(record: RecordId, form: FormHash, actor: &Actor, value: &str) -> Payload {
    let path = AnswerPath { instance: None, question: "g_start/adm1".into() };
    let edit = Edit::Set { path, value: Some(value.into()), text: false, sensitivity: Sensitivity::Low };
    let commit = Commit { edits: &[edit], ..Commit::default() };
    change(record, form, &Part::new().commit(actor, &commit).unwrap().unwrap().bytes)
}

fn change(record: RecordId, form: FormHash, bytes: &[u8]) -> Payload {
    let part = record.shared_part();
    Payload::Change(PartPayload { record, part, kind: PartKind::Shared, form, bytes: bytes.to_vec() })
}

fn flipped(bytes: &[u8], place: usize) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    copy[place] ^= 0x10;
    copy
}
