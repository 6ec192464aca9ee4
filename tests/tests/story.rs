//! The main job, end to end: from a village to headquarters and back.
//!
//! Amina interprets; she fills a focus group and a survey offline. Kofi (tablet North-1) and Lindiwe (tablet
//! North-2) write one patrol report apart. Kofi meets a hub; Lindiwe's bundle travels on Amina's card and arrives
//! damaged once and whole twice. Ines at headquarters sees both answers, settles them and exports.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

use baraza_app::{DeliveryView, ExportOptions, RecordsFilter};
use baraza_model::{RecordId, Role, Status};
use baraza_testkit::answers::{FEARED, FOCUS_GROUP, MOOD, NOTES, PATROL, SURVEY, TRACK};
use baraza_testkit::{FORMS, Mission, Person, Relay, Sheet};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const KOFI_NOTES: &str = "Come back on Thursday. Bring a lamp for the bridge.";
const LINDIWE_NOTES: &str =
    "Tell the school first. Come back on Thursday. Ask the market women about the bridge.";

struct Cast {
    mission: Mission,
    hub: Relay,
    amina: Person,
    kofi: Person,
    lindiwe: Person,
    focus_group: RecordId,
    survey: RecordId,
    patrol: RecordId,
    /// Lindiwe's own surveys, private like Amina's.
    households: Vec<RecordId>,
}

#[test]
fn one_real_path_from_a_village_to_headquarters() {
    let dir = tempfile::tempdir().unwrap();
    let mut cast = amina_fills_a_focus_group_and_a_survey(dir.path());
    two_tablets_write_one_report_apart(&mut cast);
    kofi_meets_the_hub(&mut cast);
    the_card_arrives_damaged_and_then_whole_twice(&mut cast);
    receipts_return_for_the_first_time(&mut cast);
    ines_sees_both_answers_and_settles_them(&mut cast);
    what_came_after_the_finalising_is_shown(&mut cast);
    ines_exports(&mut cast);
    the_decision_returns(&mut cast);
    private_records_are_pruned_and_the_teams_stay(&mut cast);
}

fn amina_fills_a_focus_group_and_a_survey(dir: &Path) -> Cast {
    let mut mission = Mission::found(dir, &FORMS).unwrap();
    let hub = mission.open_hub().unwrap();
    let mut amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut amina, &mut kofi, &mut lindiwe]).unwrap();
    let pinned = mission.ines.hub_address(&hub.url, None).unwrap();
    mission.ines.sync_with_hub(&pinned).unwrap();

    let focus_group = amina.begin("baraza_fgd", FOCUS_GROUP).unwrap();
    assert_eq!(amina.reads(focus_group, "reprisal_note").unwrap().as_deref(), Some(FEARED));
    amina.close(focus_group).unwrap();
    let survey = amina.report("baraza_survey", SURVEY).unwrap();
    assert_eq!(amina.reads(focus_group, "reprisal_note").unwrap(), None, "severe means gone");
    assert_eq!(amina.reads(survey, "reprisal_concern").unwrap(), None);
    assert_eq!(
        amina.reads(survey, "trust_army").unwrap().as_deref(),
        Some("disagree"),
        "all else can be read"
    );
    assert_eq!(amina.record(survey).unwrap().delivery, DeliveryView::OnlyHere);

    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let cable = mission.card("cable");
    kofi.bundle_out(&cable, "North-2").unwrap();
    lindiwe.bundle_in(&cable).unwrap();
    assert_eq!(lindiwe.heads(patrol).unwrap(), kofi.heads(patrol).unwrap());
    assert_eq!(lindiwe.reads(patrol, "followups").unwrap().as_deref(), Some("Come back on Thursday."));
    let mut households = Vec::new();
    for _ in 0..3 {
        households.push(lindiwe.report("baraza_survey", SURVEY).unwrap());
        lindiwe.bundle_out(&mission.card("lindiwe"), "Amina's card").unwrap();
    }
    Cast { mission, hub, amina, kofi, lindiwe, focus_group, survey, patrol, households }
}

fn two_tablets_write_one_report_apart(cast: &mut Cast) {
    let (kofi, lindiwe, patrol) = (&mut cast.kofi, &mut cast.lindiwe, cast.patrol);
    let card = cast.mission.card("lindiwe");
    cast.mission.clock.days(1);
    lindiwe
        .edit(patrol, &contact("youth", "The boys say the path by the river is empty after dark."))
        .unwrap();
    lindiwe.bundle_out(&card, "Amina's card").unwrap();

    cast.mission.clock.days(1);
    let mut open = kofi.open_draft(patrol).unwrap();
    kofi.fill(&mut open, &contact("leader_m", "He wants to know the day of the next patrol.")).unwrap();
    let track =
        [("g_times/track_ok", "yes"), ("g_times/track", TRACK), (MOOD, "worse"), (NOTES, LINDIWE_NOTES)];
    lindiwe.edit(patrol, &track).unwrap();
    lindiwe.close(patrol).unwrap();
    kofi.fill(&mut open, &[(MOOD, "better"), (NOTES, KOFI_NOTES)]).unwrap();

    assert_eq!(lindiwe.record(patrol).unwrap().status, Status::Complete);
    assert_eq!(kofi.record(patrol).unwrap().status, Status::Draft, "Kofi cannot know");
    assert_eq!(lindiwe.reads(patrol, "track").unwrap(), None, "severe means gone");
    assert_ne!(lindiwe.heads(patrol).unwrap(), kofi.heads(patrol).unwrap());
}

fn kofi_meets_the_hub(cast: &mut Cast) {
    let hub = cast.kofi.hub_address(&cast.hub.url, None).unwrap();
    let met = cast.kofi.sync_with_hub(&hub).unwrap();
    assert_eq!((met.requests, met.refused), (1, 0), "one request in the common case");
    assert!(met.handed_over >= 2, "{met:?}");
    assert!(matches!(cast.kofi.record(cast.patrol).unwrap().delivery, DeliveryView::HandedOver { .. }));
    assert!(cast.kofi.outbox().unwrap() > 0, "a hub's word is no receipt");
    assert_eq!(cast.kofi.prune().unwrap().records, []);

    let taken = cast.mission.ines.sync_with_hub(&hub).unwrap();
    assert_eq!(office_records(cast), 1, "{taken:?}");
    cast.mission.ines.sync_with_hub(&hub).unwrap();
    let again = cast.kofi.sync_with_hub(&hub).unwrap();
    assert_eq!(again.requests, 1);
    assert_eq!(cast.kofi.outbox().unwrap(), 0, "the receipt came back through the hub");
}

fn the_card_arrives_damaged_and_then_whole_twice(cast: &mut Cast) {
    cast.mission.clock.days(1);
    let (hers, lindiwes) = (cast.mission.card("amina"), cast.mission.card("lindiwe"));
    cast.amina.bundle_out(&hers, "Amina's card").unwrap();
    cast.lindiwe.bundle_out(&lindiwes, "Amina's card").unwrap();
    let damaged = damage(&lindiwes);

    let copy = cast.lindiwe.bag().clone_to(cast.mission.folder("copy")).unwrap();
    let keys = copy.seize().unwrap();
    let (whole, left) = (keys.segments_on(&lindiwes).unwrap(), keys.segments_on(&damaged).unwrap());
    let lost: Vec<usize> = (0..whole.len()).filter(|at| !left.contains(&whole[*at])).collect();
    assert!(!lost.is_empty() && !left.is_empty(), "{} of {} are left", left.len(), whole.len());
    assert!(lost.windows(2).all(|pair| pair[1] == pair[0] + 1), "only one place is damaged: {lost:?}");

    let first = cast.mission.ines.import(&damaged).unwrap();
    assert_eq!(first.read.damaged_frames, 1);
    assert_eq!(first.read.received.office[0].segments, left.len() as u64, "everything that was not touched");
    assert!(cast.lindiwe.outbox().unwrap() > 0);
    cast.mission.ines.import(&hers).unwrap();
    let second = cast.mission.ines.import(&lindiwes).unwrap();
    assert_eq!((second.read.damaged_frames, second.read.truncated), (0, false));
    let records = office_records(cast);
    let third = cast.mission.ines.import(&lindiwes).unwrap();
    let report = &third.read.received.office[0];
    assert_eq!((report.applied, report.duplicates), (0, whole.len() as u64), "a replay is harmless");
    assert_eq!((records, office_records(cast)), (6, 6), "nothing is lost, nothing is there twice");
    assert_eq!(cast.mission.ines.held().unwrap(), []);
    assert_eq!(cast.mission.ines.gaps_and_alarms().unwrap(), (vec![], vec![]));
}

fn receipts_return_for_the_first_time(cast: &mut Cast) {
    let card = cast.mission.card("receipts");
    cast.mission.ines.bundle_out(&card, "Amina's card").unwrap();
    for person in [&mut cast.amina, &mut cast.lindiwe] {
        person.bundle_in(&card).unwrap();
        assert_eq!(person.outbox().unwrap(), 0);
        let records = person.records(&RecordsFilter::default()).unwrap();
        assert!(records.iter().all(|record| record.delivery == DeliveryView::Received), "{records:#?}");
    }
    for record in [cast.focus_group, cast.survey] {
        let here = cast.amina.heads(record).unwrap();
        assert_eq!(here, cast.mission.ines.office_heads(record).unwrap());
    }
    assert_eq!(cast.amina.prune().unwrap().records, [], "their days have not passed");
}

fn ines_sees_both_answers_and_settles_them(cast: &mut Cast) {
    cast.mission.clock.days(5);
    let (ines, patrol) = (&mut cast.mission.ines, cast.patrol);
    let conflicts = ines.conflicts(Some(patrol)).unwrap();
    let [conflict] = conflicts.as_slice() else { panic!("one question, not {conflicts:#?}") };
    assert_eq!(conflict.path, MOOD);
    let mut claims: Vec<(&str, &str)> = conflict
        .claims
        .iter()
        .map(|claim| (claim.author.as_str(), claim.value.as_deref().unwrap_or_default()))
        .collect();
    claims.sort_unstable();
    assert_eq!(claims, [("North-1", "better"), ("North-2", "worse")]);

    let shown: Vec<String> = conflict.claims.iter().map(|claim| claim.claim.clone()).collect();
    ines.resolve(patrol, &conflict.path.parse().unwrap(), Some("worse"), &shown).unwrap();
    assert_eq!(ines.conflicts(None).unwrap(), []);
    let history = ines.history(patrol).unwrap();
    let moods: Vec<&str> = history.iter().filter(|e| e.path == MOOD).map(|e| e.author.as_str()).collect();
    assert_eq!(moods.len(), 3, "who said what, and who settled it: {moods:?}");
    assert!(moods.contains(&"Headquarters"));
}

/// Kofi wrote on without having seen that Lindiwe finalised: what he wrote applies, and a person is asked to look.
fn what_came_after_the_finalising_is_shown(cast: &mut Cast) {
    let reviews = cast.mission.ines.reviews(None).unwrap();
    assert!(reviews.iter().all(|r| r.code == "review.changed-after-finalising" && r.record == cast.patrol));
    let questions: BTreeSet<String> = reviews.into_iter().map(|review| review.path.question).collect();
    let his = [MOOD, NOTES, "contacts/ct_type", "contacts/ct_n_f", "contacts/ct_n_m"];
    let his = his.into_iter().chain(["contacts/ct_language", "contacts/ct_summary"]);
    assert_eq!(questions, his.map(str::to_owned).collect());
}

fn ines_exports(cast: &mut Cast) {
    let plain = export(cast, "plain", "baraza_patrol", false);
    let patrols = Sheet::read(&plain.join("baraza_patrol.csv")).unwrap();
    assert_eq!(patrols.column("_status"), ["complete"]);
    assert_eq!(patrols.column(MOOD), ["worse"]);
    let notes = patrols.column(NOTES).remove(0);
    for sentence in KOFI_NOTES.split_inclusive('.').chain(LINDIWE_NOTES.split_inclusive('.')) {
        assert!(notes.contains(sentence.trim()), "{sentence:?} is missing in {notes:?}");
    }
    assert_eq!(notes.matches("Thursday").count(), 1, "what both had is there once: {notes:?}");
    let written = [KOFI_NOTES, LINDIWE_NOTES].concat().len() - "Come back on Thursday.".len();
    assert_eq!(notes.len(), written, "every character of both, and no other: {notes:?}");
    let contacts = Sheet::read(&plain.join("baraza_patrol-contacts.csv")).unwrap();
    let mut kinds = contacts.column("ct_type");
    kinds.sort_unstable();
    assert_eq!(kinds, ["leader_m", "women_group", "youth"], "both new meetings are there");

    assert!(!text_of(&plain).contains("-0.8 -0.5"), "severe answers need the flag");
    assert!(patrols.column("track").is_empty());
    let severe = export(cast, "severe", "baraza_patrol", true);
    assert!(text_of(&severe).contains(TRACK), "{}", text_of(&severe));
    assert!(!text_of(&export(cast, "plain-fgd", "baraza_fgd", false)).contains(FEARED));
    assert!(text_of(&export(cast, "severe-fgd", "baraza_fgd", true)).contains(FEARED));
    let surveys = export(cast, "surveys", "baraza_survey", true);
    let surveys = Sheet::read(&surveys.join("baraza_survey.csv")).unwrap();
    assert_eq!(surveys.column("reprisal_concern"), ["yes", "yes", "yes", "yes"]);
}

fn the_decision_returns(cast: &mut Cast) {
    let hub = cast.kofi.hub_address(&cast.hub.url, None).unwrap();
    cast.mission.ines.sync_with_hub(&hub).unwrap();
    cast.kofi.sync_with_hub(&hub).unwrap();
    let card = cast.mission.card("decision");
    cast.mission.ines.bundle_out(&card, "Amina's card").unwrap();
    cast.amina.bundle_in(&card).unwrap();
    cast.lindiwe.bundle_in(&card).unwrap();

    let office = cast.mission.ines.office_heads(cast.patrol).unwrap();
    for (name, tablet) in [("North-1", &mut cast.kofi), ("North-2", &mut cast.lindiwe)] {
        assert_eq!(tablet.heads(cast.patrol).unwrap(), office, "{name}");
        assert_eq!(tablet.conflicts(None).unwrap(), [], "{name}");
        assert_eq!(tablet.reads(cast.patrol, "mood").unwrap().as_deref(), Some("worse"), "{name}");
        assert_eq!(tablet.record(cast.patrol).unwrap().status, Status::Complete, "{name}");
        assert_eq!(tablet.reads(cast.patrol, "track").unwrap(), None, "{name}");
    }
    for person in [&cast.mission.ines, &cast.amina, &cast.kofi, &cast.lindiwe] {
        assert_eq!(person.outbox().unwrap(), 0, "{}", person.about().unwrap().alias);
    }
}

fn private_records_are_pruned_and_the_teams_stay(cast: &mut Cast) {
    // Receipts came on the third day and fourteen days are the forms'; the report was settled five days later.
    cast.mission.clock.days(10);
    let mut pruned = cast.amina.prune().unwrap().records;
    pruned.sort_unstable();
    let mut hers = vec![cast.focus_group, cast.survey];
    hers.sort_unstable();
    assert_eq!(pruned, hers);
    let mut pruned = cast.lindiwe.prune().unwrap().records;
    pruned.sort_unstable();
    cast.households.sort_unstable();
    assert_eq!(pruned, cast.households, "of both kinds on one tablet, only the private ones go");
    assert_eq!(cast.kofi.prune().unwrap().records, []);
    for tablet in [&mut cast.kofi, &mut cast.lindiwe] {
        let office = cast.mission.ines.office_heads(cast.patrol).unwrap();
        assert_eq!(tablet.heads(cast.patrol).unwrap(), office);
        assert_eq!(tablet.search("lamp bridge", 10).unwrap().len(), 1, "the team's report stays");
    }
    assert!(cast.amina.record(cast.survey).is_err() && cast.lindiwe.record(cast.households[0]).is_err());
    assert_eq!(cast.lindiwe.search("lamp water", 10).unwrap(), [], "the pruned surveys are in no index");
    assert_eq!(office_records(cast), 6, "headquarters keeps all");
    cast.mission.clock.days(10);
    assert_eq!(cast.kofi.prune().unwrap().records, [cast.patrol], "in the end the team's days pass too");
}

fn contact(kind: &'static str, said: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("+contacts", ""),
        ("contacts[2]/ct_type", kind),
        ("contacts[2]/ct_n_f", "0"),
        ("contacts[2]/ct_n_m", "3"),
        ("contacts[2]/ct_language", "swc"),
        ("contacts[2]/ct_summary", said),
    ]
}

/// A copy of a card with a scratch in its middle.
fn damage(card: &Path) -> PathBuf {
    let mut file = std::fs::read(card).unwrap();
    let middle = file.len() / 2;
    file[middle..middle + 16].fill(0xaa);
    let damaged = card.with_extension("damaged");
    std::fs::write(&damaged, file).unwrap();
    damaged
}

fn office_records(cast: &mut Cast) -> usize {
    cast.mission.ines.office_records().unwrap().len()
}

fn export(cast: &mut Cast, name: &str, form: &str, include_severe: bool) -> PathBuf {
    let folder = cast.mission.folder(name);
    std::fs::create_dir_all(&folder).unwrap();
    let options = ExportOptions { form: form.into(), include_severe, ..ExportOptions::default() };
    cast.mission.ines.export_csv(&folder, &options).unwrap();
    folder
}

fn text_of(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
}
