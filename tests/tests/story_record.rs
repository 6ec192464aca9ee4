//! A record's life: closing it, changing it afterwards, finding it, and what a merge makes of its rules.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

use baraza_app::{Completion, ExportOptions};
use baraza_model::{RecordId, Role, Status};
use baraza_testkit::answers::{FEARED, FOCUS_GROUP, MOOD, PATROL, SURVEY};
use baraza_testkit::{Clock, Mission, Person, Sheet};
use tempfile::TempDir;

fn village(dir: &TempDir, form: &str) -> (Mission, Person) {
    let mut mission = Mission::found(dir.path(), &[form]).unwrap();
    let mut amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    (mission, amina)
}

/// Kofi and Lindiwe of team north, who both hold one patrol report.
fn team(dir: &TempDir) -> (Mission, Person, Person, RecordId) {
    let mut mission = Mission::found(dir.path(), &["patrol"]).unwrap();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let cable = mission.card("cable");
    kofi.bundle_out(&cable, "North-2").unwrap();
    lindiwe.bundle_in(&cable).unwrap();
    (mission, kofi, lindiwe, patrol)
}

/// The answers to one question at headquarters: (who, what), by name.
fn claims(mission: &mut Mission, record: RecordId, path: &str) -> Vec<(String, String)> {
    let conflicts = mission.ines.conflicts(Some(record)).unwrap();
    let of_this = conflicts.into_iter().filter(|conflict| conflict.path == path);
    let claims = of_this.flat_map(|conflict| conflict.claims);
    let mut both: Vec<(String, String)> =
        claims.map(|claim| (claim.author, claim.value.unwrap_or_default())).collect();
    both.sort_unstable();
    both
}

/// Amina's card goes to headquarters and the form's main table comes out.
fn exported(mission: &mut Mission, person: &mut Person, form: &str) -> Sheet {
    let card = mission.card("to-headquarters");
    person.bundle_out(&card, "Ines").unwrap();
    mission.ines.import(&card).unwrap();
    let folder = mission.folder("export");
    std::fs::create_dir_all(&folder).unwrap();
    let options = ExportOptions { form: form.into(), include_severe: true, ..ExportOptions::default() };
    mission.ines.export_csv(&folder, &options).unwrap();
    Sheet::read(&folder.join(format!("{form}.csv"))).unwrap()
}

#[test]
fn a_finalised_survey_changes_only_by_an_amendment_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir, "survey");
    let survey = amina.report("baraza_survey", SURVEY).unwrap();
    assert_eq!(amina.open_draft(survey).err().unwrap().code(), "record.finalised");
    assert_eq!(amina.amend(survey, "  ").err().unwrap().code(), "record.reason-missing");

    let mut draft = amina.amend(survey, "The house number was on the wrong line").unwrap();
    amina.fill(&mut draft, &[("g_visit/hh_no", "21")]).unwrap();
    amina.finalise(&mut draft, Completion::Complete).unwrap();
    let table = exported(&mut mission, &mut amina, "baraza_survey");
    assert_eq!(table.column("hh_no"), ["21"]);
    assert_eq!(table.column("reprisal_concern"), ["yes"], "what nobody here can read was not cleared by it");
    let history = mission.ines.history(survey).unwrap();
    let change = history.iter().find(|event| event.after.as_deref() == Some("21")).unwrap();
    assert_eq!(change.before.as_deref(), Some("12"));
    assert_eq!(change.reason.as_deref(), Some("The house number was on the wrong line"));
    assert_eq!(change.author, "Interpreter");
}

#[test]
fn a_record_with_something_missing_is_closed_only_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir, "survey");
    let survey = amina.begin("baraza_survey", &SURVEY[..10]).unwrap();
    let mut draft = amina.open_draft(survey).unwrap();
    let refused = amina.finalise(&mut draft, Completion::Complete).unwrap_err();
    assert_eq!(refused.code(), "record.unready");
    let mut draft = amina.open_draft(survey).unwrap();
    let why = Completion::Incomplete("The rain came through the roof".into());
    amina.finalise(&mut draft, why).unwrap();
    let status = amina.record(survey).unwrap().status;
    assert_eq!(status, Status::Incomplete { reason: "The rain came through the roof".into() });
    assert_eq!(exported(&mut mission, &mut amina, "baraza_survey").column("_status"), ["incomplete"]);
    assert_eq!(
        mission.ines.reviews(None).unwrap(),
        [],
        "nobody is asked for what was given up with a reason"
    );
}

#[test]
fn skip_logic_closes_answers_but_a_draft_discards_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut amina) = village(&dir, "survey");
    let survey = amina.begin("baraza_survey", SURVEY).unwrap();
    amina.edit(survey, &[("g_door/doorstep", "refused")]).unwrap();
    assert_eq!(amina.reads(survey, "trust_un").unwrap(), None, "not asked now");
    let bag = amina.lock().unwrap();
    let mut amina = bag.unlock().unwrap();
    amina.edit(survey, &[("g_door/doorstep", "talk")]).unwrap();
    assert_eq!(amina.reads(survey, "trust_un").unwrap().as_deref(), Some("agree"), "it was kept");
    assert_eq!(amina.reads(survey, "reprisal_concern").unwrap().as_deref(), Some("yes"));

    amina.edit(survey, &[("g_door/doorstep", "refused")]).unwrap();
    amina.close(survey).unwrap();
    let table = exported(&mut mission, &mut amina, "baraza_survey");
    assert_eq!(table.column("doorstep"), ["refused"]);
    for closed in ["trust_un", "priority_open", "reprisal_concern", "safe_overall"] {
        assert_eq!(table.column(closed), [""], "{closed} was closed, so it never left the tablet");
    }
}

#[test]
fn search_finds_shared_answers_and_never_severe_ones() {
    let dir = tempfile::tempdir().unwrap();
    let (_mission, mut amina) = village(&dir, "fgd");
    let group = amina.begin("baraza_fgd", FOCUS_GROUP).unwrap();
    amina.close(group).unwrap();
    for words in ["bridge", "market bri", "sunrise"] {
        let found = amina.search(words, 10).unwrap();
        assert_eq!(found.iter().map(|record| record.id).collect::<Vec<_>>(), [group], "{words}");
    }
    for word in FEARED.split_whitespace().filter(|word| word.len() > 7) {
        assert_eq!(amina.search(word, 10).unwrap(), [], "{word}");
    }
    assert_eq!(amina.search("neighbours", 10).unwrap(), []);
}

#[test]
fn a_rule_that_no_longer_holds_after_a_merge_is_put_up_for_review() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut kofi, mut lindiwe, patrol) = team(&dir);

    // The patrol left at 6:30 and was back at 10:15. Each corrects one end, and each is right by its own lights.
    kofi.edit(patrol, &[("g_times/t_start", "2026-11-16T09:30:00.000+02:00")]).unwrap();
    lindiwe.edit(patrol, &[("g_times/t_end", "2026-11-16T09:00:00.000+02:00")]).unwrap();
    kofi.close(patrol).unwrap();
    assert_eq!(kofi.record(patrol).unwrap().review, Vec::<String>::new());
    let (his, hers) = (mission.card("kofi"), mission.card("lindiwe"));
    kofi.bundle_out(&his, "Ines").unwrap();
    lindiwe.bundle_out(&hers, "Ines").unwrap();
    mission.ines.import(&his).unwrap();
    mission.ines.import(&hers).unwrap();

    let reviews = mission.ines.reviews(Some(patrol)).unwrap();
    let violated: Vec<String> =
        reviews.iter().filter(|r| r.code == "review.violated").map(|r| r.path.to_string()).collect();
    assert_eq!(violated, ["g_times/t_end"], "{reviews:?}");
    assert_eq!(mission.ines.conflicts(None).unwrap(), [], "no answer contradicts another");
    kofi.bundle_in(&hers).unwrap();
    lindiwe.bundle_in(&his).unwrap();
    for (name, tablet) in [("North-1", &mut kofi), ("North-2", &mut lindiwe)] {
        assert_eq!(tablet.record(patrol).unwrap().review, ["/data/g_times/t_end"], "{name}");
        let kept = tablet.reads(patrol, "t_end").unwrap();
        assert_eq!(kept.as_deref(), Some("2026-11-16T09:00:00.000+02:00"), "{name}: shown, not dropped");
    }
}

#[test]
fn an_answer_that_arrives_while_the_form_is_open_is_never_silently_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, mut kofi, mut lindiwe, patrol) = team(&dir);
    let mut open = kofi.open_draft(patrol).unwrap();
    lindiwe.edit(patrol, &[(MOOD, "worse"), ("g_team/n_civ_f", "2")]).unwrap();
    let (his, hers) = (mission.card("kofi"), mission.card("lindiwe"));
    lindiwe.bundle_out(&hers, "North-1").unwrap();
    kofi.bundle_in(&hers).unwrap();
    // The screen before Kofi still shows what it showed.
    kofi.fill(&mut open, &[(MOOD, "better")]).unwrap();
    kofi.bundle_out(&his, "Ines").unwrap();
    mission.ines.import(&his).unwrap();
    mission.ines.import(&hers).unwrap();
    let both = [("North-1", "better"), ("North-2", "worse")].map(|(who, what)| (who.into(), what.into()));
    assert_eq!(claims(&mut mission, patrol, MOOD), both);
    assert_eq!(kofi.conflicts(Some(patrol)).unwrap().len(), 1, "and he sees it as well");
    assert_eq!(kofi.reads(patrol, "n_civ_f").unwrap().as_deref(), Some("2"), "what he did not touch is hers");
}

#[test]
fn a_form_left_open_over_a_hand_over_takes_nothing_from_anybody_when_it_is_finalised() {
    let dir = tempfile::tempdir().unwrap();
    let (mission, mut kofi, mut lindiwe, patrol) = team(&dir);
    let mut open = kofi.open_draft(patrol).unwrap();
    kofi.fill(&mut open, &[("g_team/n_civ_m", "4")]).unwrap();
    // The form stays open while Kofi hands over and Lindiwe's answer comes in.
    kofi.bundle_out(&mission.card("kofi"), "North-2").unwrap();
    lindiwe.edit(patrol, &[("g_team/n_civ_f", "2")]).unwrap();
    lindiwe.bundle_out(&mission.card("lindiwe"), "North-1").unwrap();
    kofi.bundle_in(&mission.card("lindiwe")).unwrap();
    // He corrects his own answer and closes the form, without having looked again.
    kofi.fill(&mut open, &[("g_team/n_civ_m", "3")]).unwrap();
    kofi.finalise(&mut open, Completion::Incomplete("the rest is with Lindiwe".into())).unwrap();
    assert_eq!(kofi.reads(patrol, "n_civ_f").unwrap().as_deref(), Some("2"), "hers stands");
    assert_eq!(kofi.reads(patrol, "n_civ_m").unwrap().as_deref(), Some("3"), "his correction stands");
    assert_eq!(kofi.conflicts(Some(patrol)).unwrap(), [], "and he does not contradict himself");
}

#[test]
fn a_form_finalised_without_another_word_keeps_what_came_in_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let (mission, mut kofi, mut lindiwe, patrol) = team(&dir);
    let mut open = kofi.open_draft(patrol).unwrap();
    lindiwe.edit(patrol, &[("g_team/n_civ_f", "2")]).unwrap();
    lindiwe.bundle_out(&mission.card("lindiwe"), "North-1").unwrap();
    kofi.bundle_in(&mission.card("lindiwe")).unwrap();
    kofi.finalise(&mut open, Completion::Incomplete("the rest is with Lindiwe".into())).unwrap();
    assert_eq!(kofi.reads(patrol, "n_civ_f").unwrap().as_deref(), Some("2"));
}

#[test]
fn a_clock_that_is_ten_years_wrong_decides_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mut mission, kofi, mut lindiwe, patrol) = team(&dir);
    let wrong = Clock::default();
    wrong.days(-3652);
    let mut kofi = kofi.lock().unwrap().with_clock(&wrong).unlock().unwrap();
    kofi.edit(patrol, &[(MOOD, "better")]).unwrap();
    lindiwe.edit(patrol, &[(MOOD, "worse")]).unwrap();
    let (his, hers) = (mission.card("kofi"), mission.card("lindiwe"));
    kofi.bundle_out(&his, "Ines").unwrap();
    lindiwe.bundle_out(&hers, "Ines").unwrap();
    for card in [&his, &hers] {
        mission.ines.import(card).unwrap();
    }
    let both = [("North-1", "better"), ("North-2", "worse")].map(|(who, what)| (who.into(), what.into()));
    assert_eq!(claims(&mut mission, patrol, MOOD), both, "the later clock does not win");
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    assert_eq!((kofi.outbox().unwrap(), lindiwe.outbox().unwrap()), (0, 0));
    assert_eq!(kofi.heads(patrol).unwrap(), mission.ines.office_heads(patrol).unwrap());
    assert_eq!(kofi.heads(patrol).unwrap(), lindiwe.heads(patrol).unwrap());
}
