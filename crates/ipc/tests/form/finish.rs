//! The end of a form: refused, incomplete, complete, and what comes after.

use crate::stage::{Screen, Stage};
use baraza_testkit::answers;
use serde_json::{Value, json};

#[test]
fn a_refused_finish_says_how_much_is_missing_and_shows_where() {
    let stage = Stage::with(&["survey"]);
    let screen = stage.begin("baraza_survey");
    assert_eq!((screen.count("to_fix"), screen.0["saved"].clone()), (0, Value::Null));
    let required = screen.count("required_left");
    stage.answer("g_start/clock_ok", "yes");

    let problem = stage.refused("finish_form", json!({ "reason": null }));
    assert_eq!(problem.code, "record.unready");
    assert_eq!(problem.facts["missing"], (required - 1).to_string());
    assert_eq!(problem.facts["violations"], "0");
    let screen = stage.screen();
    assert_eq!(screen.count("to_fix"), required - 1);
    assert_eq!(screen.state("This visit"), "fix");
    let lines = stage.call("jump_list", Value::Null);
    let fix = lines.as_array().unwrap().iter().filter(|line| line["kind"] == "fix").count();
    assert_eq!(fix as u64, required - 1);

    let problem = stage.refused("finish_form", json!({ "reason": "  " }));
    assert_eq!(problem.code, "record.reason-missing");
    let done = stage.call("finish_form", json!({ "reason": "They had to leave for the market" }));
    assert_eq!((&done["row"]["status"], &done["sealed"]), (&json!("incomplete"), &json!(0)));
    assert_eq!(done["row"]["reason"], "They had to leave for the market");
    assert_eq!(stage.refused("screen", Value::Null).code, "form.not-open");
    let again = stage.refused("open", json!({ "record": done["row"]["id"] }));
    assert_eq!(again.code, "record.finalised");
}

#[test]
fn a_whole_survey_is_finished_and_its_severe_answer_is_sealed_away() {
    let stage = Stage::with(&["survey"]);
    stage.begin("baraza_survey");
    let screen = stage.fill(answers::SURVEY);
    assert_eq!((screen.count("to_fix"), screen.count("required_left"), screen.count("severe")), (0, 0, 1));
    let done = stage.call("finish_form", json!({ "reason": null }));
    assert_eq!((&done["row"]["status"], &done["sealed"]), (&json!("complete"), &json!(1)));
    assert_eq!(done["follow_up"], json!([]));

    // An amendment: the sealed answer is not asked for again, and its reason is shown.
    let record = done["row"]["id"].clone();
    let screen =
        Screen(stage.call("amend", json!({ "record": record, "reason": " The cluster was wrong " })));
    assert_eq!(screen.0["amending"], "The cluster was wrong");
    assert_eq!(screen.count("required_left"), 0);
    stage.answer("g_visit/cluster_id", "K-08");
    let done = stage.call("finish_form", json!({ "reason": null }));
    assert_eq!(done["row"]["status"], "complete");
    assert_eq!(
        stage.refused("amend", json!({ "record": record, "reason": "" })).code,
        "record.reason-missing"
    );
}

#[test]
fn a_flash_observation_leads_to_an_alert_and_a_promise_to_a_request() {
    let stage = Stage::with(&["patrol", "alert"]);
    stage.begin("baraza_patrol");
    let screen = stage.fill(answers::PATROL);
    assert_eq!(screen.0["team"], true);
    stage.fill(&[
        ("g_seen/saw_anything", "yes"),
        ("observations[1]/ob_flash", "yes"),
        ("g_after/promised", "yes"),
    ]);
    let done = stage.call("finish_form", json!({ "reason": "Dark" }));
    let next: Vec<&str> =
        done["follow_up"].as_array().unwrap().iter().map(|card| card["id"].as_str().unwrap()).collect();
    assert_eq!(next, ["baraza_alert"], "a request is not published here");
}

#[test]
fn the_form_opens_where_it_was_left() {
    let stage = Stage::with(&["survey"]);
    let record = stage.begin("baraza_survey").record();
    stage.turn("At the door");
    stage.answer("g_door/doorstep", "talk");
    stage.call("stay", json!({ "path": "/data/g_door/eligible_m" }));
    stage.hours(1);
    let stage = stage.restart();
    let screen = Screen(stage.call("open", json!({ "record": record })));
    assert_eq!((screen.here(), &screen.0["focus"]), ("At the door", &json!("/data/g_door/eligible_m")));
    assert_eq!(screen.question("g_door/doorstep")["text"], "Someone agrees to hear us");
    assert_eq!(screen.state("Day and place"), "fix", "what was passed by is still remembered");
}
