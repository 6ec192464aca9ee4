//! Amina writes down what a group says, one entry for each thing said.

use crate::stage::{Screen, Stage, full};
use serde_json::{Value, json};

const SAID: &str = "What the group said";
const WOOD: &str = "We go for wood in the middle of the day now, in tens, because the morning path is not safe any more \
                    since the rains, and the older girls come with us.";

fn agreed() -> Stage {
    let stage = Stage::with(&["fgd"]);
    stage.begin("baraza_fgd");
    stage.fill(&[
        ("g_group/sexgrp", "women"),
        ("g_group/agegrp", "mixed_adult"),
        ("g_consent/intro_read", "OK"),
        ("g_consent/limits_read", "OK"),
        ("g_consent/consent_mode", "oral_group"),
    ]);
    stage
}

fn repeat(screen: &Screen) -> Value {
    screen.all("entries")[0].clone()
}

#[test]
fn entries_are_added_told_apart_and_removed() {
    let stage = agreed();
    let screen = stage.turn(SAID);
    let first = repeat(&screen);
    assert_eq!((&first["title"], &first["fixed"], &first["open"]), (&json!(SAID), &json!(false), &json!(0)));
    assert_eq!(first["entries"].as_array().unwrap().len(), 1, "the one that nobody has written in is open");

    let screen = stage.fill(&[
        ("statements[1]/st_topic", "illegal_tax_roadblock"),
        ("statements[1]/st_text", WOOD),
        ("statements[1]/st_strength", "most"),
    ]);
    assert_eq!(screen.question("statements[1]/st_text")["control"]["control"], "notes");
    let said = repeat(&screen)["entries"][0].clone();
    let summary = said["summary"].as_str().unwrap();
    assert!(summary.starts_with("We go for wood") && summary.ends_with('…'), "{summary}");
    assert!(summary.chars().count() <= 121);
    assert!(said["facts"].as_array().unwrap().contains(&json!("Most agreed")), "{:?}", said["facts"]);
    assert_eq!(said["to_fix"], 0, "it is still being written");

    let screen = Screen(stage.call("add_entry", json!({ "path": full("statements") })));
    let two = repeat(&screen);
    assert_eq!((two["entries"].as_array().unwrap().len(), &two["open"]), (2, &json!(1)));
    assert_eq!(two["entries"][0]["items"], json!([]), "only the open one is spelt out");
    assert_eq!(two["entries"][0]["to_fix"], 2, "who said it and in which language was passed by");
    assert_eq!(two["entries"][1]["to_fix"], 0, "a new one reproaches nobody");
    stage.fill(&[("statements[2]/st_text", "The patrol comes after dark only.")]);

    let screen = Screen(stage.call("remove_entry", json!({ "path": full("statements[1]") })));
    let left = repeat(&screen);
    assert_eq!(
        (left["entries"].as_array().unwrap().len(), &left["open"]),
        (1, &json!(0)),
        "the same one is open"
    );
    assert_eq!(left["entries"][0]["summary"], "The patrol comes after dark only.");

    let screen = Screen(stage.call("open_entry", json!({ "path": "" })));
    assert_eq!(repeat(&screen)["open"], Value::Null);
    let problem = stage.refused("remove_entry", json!({ "path": full("statements[7]") }));
    assert_eq!(problem.code, "form.unknown-path");
}

#[test]
fn a_subject_that_must_not_be_told_stops_the_writing_in_its_entry_only() {
    let stage = agreed();
    stage.turn(SAID);
    let screen = stage.fill(&[("statements[1]/st_topic", "sexual_violence_general")]);
    assert_eq!(screen.all("stop").len(), 1);
    assert!(screen.asks("statements[1]/st_text").is_none());
    let screen = stage.fill(&[("+statements", "")]);
    assert!(screen.all("stop").is_empty());
    assert!(screen.asks("statements[2]/st_text").is_some());
}

#[test]
fn the_place_inside_an_entry_is_found_again_after_the_battery_ended() {
    let stage = agreed();
    stage.turn(SAID);
    let screen = stage.fill(&[("statements[1]/st_text", "The road."), ("+statements", "")]);
    let record = screen.record();
    stage.answer("statements[2]/st_text", "The well.");
    stage.call("stay", json!({ "path": full("statements[2]/st_lang") }));

    let stage = stage.restart();
    assert_eq!(stage.refused("screen", Value::Null).code, "form.not-open");
    let screen = Screen(stage.call("open", json!({ "record": record })));
    assert_eq!(screen.here(), SAID);
    assert_eq!(screen.0["focus"], full("statements[2]/st_lang"));
    assert_eq!(repeat(&screen)["open"], 1);
    assert_eq!(screen.question("statements[2]/st_text")["value"], "The well.");
    assert!(screen.0["saved"].as_i64().unwrap() > 0);
}

#[test]
fn the_list_of_what_is_left_leads_into_the_entry() {
    let stage = agreed();
    stage.turn(SAID);
    stage.fill(&[("statements[1]/st_text", "The road."), ("+statements", "")]);
    stage.turn("Dangers");
    let lines = stage.call("jump_list", Value::Null);
    let to_fix: Vec<&Value> = lines.as_array().unwrap().iter().filter(|line| line["kind"] == "fix").collect();
    let first = to_fix.iter().find(|line| line["path"] == full("statements[1]/st_lang").as_str()).unwrap();
    assert_eq!(first["part"], SAID);
    assert!(first["number"].as_u64().unwrap() > 0);
    let screen = Screen(stage.call("go", json!({ "path": full("statements[1]/st_lang") })));
    assert_eq!((screen.here(), &repeat(&screen)["open"]), (SAID, &json!(0)));
    assert_eq!(screen.question("statements[1]/st_lang")["problem"]["kind"], "missing");
    assert_eq!(screen.0["focus"], full("statements[1]/st_lang"));
    assert_eq!(stage.refused("go", json!({ "path": "/data/nowhere" })).code, "form.unknown-path");
}
