//! Ines works at headquarters: inbox, table, drawer, revoking, publishing, exporting.

use crate::stage::{Stage, Window, each};
use baraza_model::Role;
use baraza_testkit::answers::{FEARED, FOCUS_GROUP, SURVEY};
use baraza_testkit::{Mission, form_path};
use serde_json::{Value, json};

/// Ines has a group discussion and two surveys from Amina, who is somewhere in the field.
fn ines(stage: &Stage) -> Window {
    let mut mission = stage.mission();
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    amina.report("baraza_fgd", FOCUS_GROUP).unwrap();
    for _ in 0..2 {
        amina.report("baraza_survey", SURVEY).unwrap();
    }
    let card = mission.card("amina");
    amina.bundle_out(&card, "card").unwrap();
    mission.ines.import(&card).unwrap();
    let clock = mission.clock.clone();
    let Mission { ines, .. } = mission;
    let window = stage.window_of("ines", &ines.lock().unwrap(), &clock);
    window.unlock();
    window
}

fn table(window: &Window, query: Value) -> Value {
    window.does("table", json!({ "query": query }))
}

#[test]
fn the_inbox_says_what_arrived() {
    let stage = Stage::new();
    let ines = ines(&stage);
    let inbox = ines.does("inbox", json!({}));
    assert_eq!((&inbox["records"], &inbox["arrived_today"]), (&json!(3), &json!(3)));
    assert_eq!((&inbox["held"]["waiting"], &inbox["set_aside"]), (&json!(0), &json!([])));
    assert_eq!(inbox["exchanges"][0]["way"], "import");
    assert_eq!(ines.does("replay", json!({}))["records"], 3);
    assert_eq!(ines.code("accept_held", json!({ "digest": "00" })), "held.unknown");
}

#[test]
fn the_table_shows_the_columns_worth_showing_first() {
    let stage = Stage::new();
    let ines = ines(&stage);
    let forms = ines.does("tables", json!({}));
    assert_eq!(each(&forms, "id"), ["baraza_fgd", "baraza_survey", "baraza_patrol"]);
    let survey = &forms[1];
    assert_eq!((&survey["records"], &survey["convenience"]), (&json!(2), &json!(false)));
    assert_eq!(forms[0]["convenience"], true);

    let page = table(&ines, json!({ "form": "baraza_survey" }));
    assert_eq!((&page["matching"], &page["total"]), (&json!(2), &json!(2)));
    let columns = page["columns"].as_array().unwrap();
    assert_eq!(columns[0]["kind"], "date", "the day comes first");
    assert_eq!(columns.iter().filter(|column| column["main"] == true).count(), 6);
    let safe = columns.iter().position(|column| column["column"] == "g_safe1/safe_overall").unwrap();
    assert!(safe < 6, "safety is worth showing");
    assert_eq!(page["rows"][0]["cells"][safe], "Unsafe");
    assert_eq!(page["rows"][0]["cells"].as_array().unwrap().len(), columns.len());
    assert!(!page.to_string().contains("reprisal"), "severe answers are in no table");

    let safety = json!({ "form": "baraza_survey", "column": "g_safe1/safe_overall" });
    assert_eq!(ines.does("facets", safety), json!([{ "value": "unsafe", "label": "Unsafe", "count": 2 }]));
    let filter = |value: &str| json!([{ "column": "g_safe1/safe_overall", "values": [value] }]);
    let none = table(&ines, json!({ "form": "baraza_survey", "filters": filter("safe") }));
    assert_eq!((&none["matching"], &none["total"]), (&json!(0), &json!(2)));
    let all = table(&ines, json!({ "form": "baraza_survey", "filters": filter("unsafe"), "limit": 1 }));
    assert_eq!((&all["matching"], all["rows"].as_array().unwrap().len()), (&json!(2), 1));
    let later = table(&ines, json!({ "form": "baraza_survey", "since": "2026-11-17" }));
    assert_eq!(later["matching"], 0);
    let then = table(&ines, json!({ "form": "baraza_survey", "since": "2026-11-16", "until": "2026-11-16" }));
    assert_eq!(then["matching"], 2);
    assert_eq!(table(&ines, json!({ "form": "baraza_patrol" }))["rows"], json!([]), "nobody patrolled yet");
    assert_eq!(ines.code("table", json!({ "query": { "form": "moon" } })), "form.unknown");
}

#[test]
fn what_comes_late_is_told_and_days_stand_in_order() {
    let stage = Stage::new();
    let mut mission = stage.mission();
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    for _ in 0..4 {
        amina.report("baraza_survey", SURVEY).unwrap();
        mission.clock.days(3);
    }
    let card = mission.card("amina");
    amina.bundle_out(&card, "card").unwrap();
    mission.clock.days(10);
    mission.ines.import(&card).unwrap();
    let clock = mission.clock.clone();
    let Mission { ines, .. } = mission;
    let ines = stage.window_of("ines", &ines.lock().unwrap(), &clock);
    ines.unlock();

    let late = ines.does("inbox", json!({}))["late"].clone();
    assert_eq!((each(&late, "form_title").len(), &late[0]["records"]), (1, &json!(4)));
    let page = table(&ines, json!({ "form": "baraza_survey" }));
    let days: Vec<i64> =
        page["rows"].as_array().unwrap().iter().map(|row| row["day"].as_i64().unwrap()).collect();
    let three_days = 3 * 86_400_000;
    assert!(days.windows(2).all(|pair| pair[0] - pair[1] == three_days), "{days:?}");
    assert_eq!(late[0]["earliest"], days[3]);
}

#[test]
fn severe_answers_stay_sealed_until_they_are_opened() {
    let stage = Stage::new();
    let ines = ines(&stage);
    let page = table(&ines, json!({ "form": "baraza_fgd" }));
    let id = page["rows"][0]["record"].clone();
    let sheet = ines.does("office_record", json!({ "id": id, "severe": false }));
    assert_eq!(sheet["severe"], "sealed");
    assert!(!sheet.to_string().contains(FEARED));
    let open = ines.does("office_record", json!({ "id": id, "severe": true }));
    assert_eq!(open["severe"], "open");
    assert!(open.to_string().contains(FEARED));
    assert_eq!((&open["author"], &open["status"]), (&json!("Amina"), &json!("complete")));
}

#[test]
fn a_lost_tablet_is_revoked_and_nothing_is_deleted() {
    let stage = Stage::new();
    let ines = ines(&stage);
    assert_eq!(ines.code("revoke", json!({ "alias": "Headquarters" })), "member.this-device");
    let members = ines.does("revoke", json!({ "alias": "Amina" }));
    let amina = members["members"].as_array().unwrap().iter().find(|m| m["alias"] == "Amina").unwrap();
    assert_eq!((&amina["revoked"], &amina["mine"]), (&json!(true), &json!(false)));
    assert_eq!(ines.does("inbox", json!({}))["records"], 3);
    assert_eq!(ines.refuses("revoke", json!({ "alias": "Nobody" })).facts["name"], "Nobody");
}

#[test]
fn a_form_is_checked_before_it_is_published_and_exported_as_files() {
    let stage = Stage::new();
    let ines = ines(&stage);
    let card = stage.card();
    std::fs::copy(form_path("request"), card.join("request.xlsx")).unwrap();
    std::fs::copy(form_path("request").with_file_name("sites.csv"), card.join("sites.csv")).unwrap();
    let file = json!({ "path": card.join("request.xlsx") });
    let checked = ines.does("publish", json!({ "file": file, "publish": false }));
    assert_eq!((&checked["published"], &checked["form"]["icon"]), (&json!(false), &json!("request")));
    assert_eq!(ines.does("tables", json!({})).as_array().unwrap().len(), 3);
    let published = ines.does("publish", json!({ "file": file, "publish": true }));
    assert_eq!(published["published"], true);
    assert_eq!(ines.does("tables", json!({})).as_array().unwrap().len(), 4);

    let broken = json!({ "bytes": { "name": "broken.xml", "data": "PGh0bWw+" } });
    let refused = ines.does("publish", json!({ "file": broken, "publish": true }));
    assert_eq!((&refused["form"], &refused["published"]), (&Value::Null, &json!(false)));
    assert!(!refused["findings"].as_array().unwrap().is_empty());

    let export = ines.does("export_csv", json!({ "form": "baraza_survey", "place": card }));
    assert!(export["folder"].as_str().unwrap().ends_with("baraza_survey-2026-11-16"));
    assert_eq!(export["files"][0]["rows"], 2);
    let again = ines.does("export_csv", json!({ "form": "baraza_survey", "place": card }));
    assert!(again["folder"].as_str().unwrap().ends_with("-2"), "nothing is overwritten");
}
