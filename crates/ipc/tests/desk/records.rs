//! Amina looks at what waits on her tablet.

use crate::stage::{Stage, Window, each};
use baraza_model::Role;
use baraza_testkit::answers::{FEARED, FOCUS_GROUP, MOOD, PATROL, SURVEY};
use serde_json::{Value, json};

/// Amina has a finished group discussion, a finished survey and a draft of another.
fn amina(stage: &Stage) -> Window {
    let mut mission = stage.mission();
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    amina.report("baraza_fgd", FOCUS_GROUP).unwrap();
    mission.clock.hours(1);
    amina.report("baraza_survey", SURVEY).unwrap();
    mission.clock.hours(1);
    amina.begin("baraza_survey", &SURVEY[..9]).unwrap();
    let clock = mission.clock.clone();
    let window = stage.window_of("amina", &amina.lock().unwrap(), &clock);
    window.unlock();
    window
}

fn list(window: &Window, query: Value) -> Value {
    window.does("records", json!({ "query": query }))
}

#[test]
fn today_says_where_records_are_and_what_can_be_begun() {
    let stage = Stage::new();
    let amina = amina(&stage);
    let today = amina.does("today", json!({}));
    assert_eq!((&today["counts"]["drafts"], &today["counts"]["only_here"]), (&json!(1), &json!(2)));
    assert_eq!(today["drafts"][0]["form"], "baraza_survey");
    assert_eq!(each(&today["forms"], "id"), ["baraza_fgd", "baraza_survey"], "a patrol needs a team");
    assert_eq!(each(&today["forms"], "icon"), ["group", "survey"]);
    assert_eq!(today["forms"][1]["drafts"], 1);
    let french = json!({ "language": "fr", "theme": "", "lock_after_minutes": 5 });
    amina.does("save_settings", json!({ "settings": french }));
    assert_eq!(amina.does("forms", json!({}))[0]["title"], "Discussion de groupe");
}

#[test]
fn records_are_listed_by_place_form_and_words() {
    let stage = Stage::new();
    let amina = amina(&stage);
    let all = list(&amina, json!({}));
    assert_eq!((&all["total"], all["rows"].as_array().unwrap().len()), (&json!(3), 3));
    let drafts = list(&amina, json!({ "place": "draft" }));
    assert_eq!(each(&drafts["rows"], "status"), ["draft"]);
    assert_eq!(drafts["rows"][0]["delivery"]["where"], "draft");
    let finished = list(&amina, json!({ "place": "only-here" }));
    assert_eq!(each(&finished["rows"], "status"), ["complete", "complete"]);
    assert_eq!(list(&amina, json!({ "place": "received" }))["total"], 0);
    assert_eq!(list(&amina, json!({ "form": "baraza_fgd" }))["total"], 1);
    assert_eq!(list(&amina, json!({ "words": "baobabs" }))["total"], 0);
    assert_eq!(list(&amina, json!({ "words": "lamp" }))["total"], 1);
    let page = list(&amina, json!({ "limit": 1, "offset": 1 }));
    assert_eq!((&page["total"], page["rows"].as_array().unwrap().len()), (&json!(3), 1));
    assert_eq!(amina.code("records", json!({ "query": { "place": "moon" } })), "call.arguments");
}

#[test]
fn a_record_is_read_in_words_and_its_severe_answer_is_gone() {
    let stage = Stage::new();
    let amina = amina(&stage);
    let id = list(&amina, json!({ "form": "baraza_fgd" }))["rows"][0]["id"].clone();
    let sheet = amina.does("record", json!({ "id": id }));
    let find = |ending: &str| {
        let lines = sheet["answers"].as_array().unwrap();
        lines.iter().find(|line| line["path"].as_str().unwrap().ends_with(ending)).unwrap().clone()
    };
    let said = find("st_text");
    assert_eq!((&said["voice"], &said["sealed"]), (&json!(true), &json!(false)));
    let safe = find("safe_now");
    assert_eq!((&safe["text"], &safe["voice"]), (&json!("Unsafe"), &json!(false)));
    assert_eq!(find("date_activity")["kind"], "date");
    let feared = find("reprisal_note");
    assert_eq!((&feared["text"], &feared["sealed"]), (&json!(""), &json!(true)));
    assert!(!sheet.to_string().contains(FEARED));
    assert_eq!((&sheet["discardable"], &sheet["journey"][0]["where"]), (&json!(false), &json!("only-here")));
    assert!(!sheet["history"].as_array().unwrap().is_empty());
    assert_eq!(amina.code("discard", json!({ "id": id })), "record.finalised");
}

#[test]
fn a_draft_is_discarded_and_brought_back_until_the_tablet_is_locked() {
    let stage = Stage::new();
    let amina = amina(&stage);
    let id = list(&amina, json!({ "place": "draft" }))["rows"][0]["id"].clone();
    assert_eq!(amina.does("record", json!({ "id": id }))["discardable"], true);
    amina.does("discard", json!({ "id": id }));
    assert_eq!(amina.does("today", json!({}))["counts"]["drafts"], 0);
    assert_eq!(amina.does("bring_back", json!({ "id": id }))["id"], id);
    assert_eq!(amina.does("today", json!({}))["counts"]["drafts"], 1);
    amina.does("discard", json!({ "id": id }));
    amina.does("lock", json!({}));
    amina.unlock();
    assert_eq!(amina.code("bring_back", json!({ "id": id })), "record.unknown");
}

#[test]
fn two_answers_stay_side_by_side_until_lindiwe_decides() {
    let stage = Stage::new();
    let mut mission = stage.mission();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let (there, back) = (mission.card("there"), mission.card("back"));
    kofi.bundle_out(&there, "North-2").unwrap();
    lindiwe.bundle_in(&there).unwrap();
    kofi.edit(patrol, &[(MOOD, "better")]).unwrap();
    lindiwe.edit(patrol, &[(MOOD, "worse")]).unwrap();
    kofi.bundle_out(&back, "North-2").unwrap();
    lindiwe.bundle_in(&back).unwrap();

    let clock = mission.clock.clone();
    let window = stage.window_of("lindiwe", &lindiwe.lock().unwrap(), &clock);
    window.unlock();
    let today = window.does("today", json!({}));
    assert_eq!((&today["two_answers"], &today["decide"][0]["conflicts"]), (&json!(1), &json!(1)));
    let id = today["decide"][0]["id"].clone();
    let card = window.does("record", json!({ "id": id }))["conflicts"][0].clone();
    let mut texts = each(&card["claims"], "text");
    texts.sort();
    assert_eq!(texts, ["Better", "Worse"]);
    assert!(card["choices"].as_array().unwrap().len() > 2, "another answer can be the outcome");
    let shown = each(&card["claims"], "claim");
    let decision = json!({ "record": id, "path": card["path"], "value": "worse", "shown": shown });
    window.does("resolve", decision.clone());
    let sheet = window.does("record", json!({ "id": id }));
    assert_eq!(sheet["conflicts"], json!([]));
    assert_eq!(window.code("resolve", decision), "conflict.none");
    assert_eq!(window.does("today", json!({}))["two_answers"], 0);
}
