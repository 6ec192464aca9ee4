//! Amina asks a household, in Arabic.

use crate::stage::{Screen, Stage, full};
use serde_json::json;

const START: &str = "اليوم والمكان";
const DOOR: &str = "عند الباب";
const SCRIPT: &str = "يُقرأ بصوت مسموع ثم يُطرح السؤال";
const PERSON: &str = "عن الشخص";
const CLOSE: &str = "قبل الحفظ";

fn at_the_door(stage: &Stage) {
    stage.begin("baraza_survey");
    stage.call("go", json!({ "path": full("g_door/doorstep") }));
    stage.fill(&[("g_door/doorstep", "talk"), ("g_door/eligible_f", "٢"), ("g_door/eligible_m", "۱")]);
}

#[test]
fn the_form_speaks_the_language_of_the_interface_until_amina_chooses_another() {
    let stage = Stage::with(&["survey"]);
    stage.speaks("ar");
    let screen = stage.begin("baraza_survey");
    assert_eq!(screen.0["title"], "استبيان آراء المجتمع");
    assert_eq!(screen.here(), START);
    let arabic = screen.0["languages"].as_array().unwrap().iter().find(|l| l["current"] == true).unwrap();
    assert_eq!((&arabic["label"], &arabic["code"]), (&json!("العربية"), &json!("ar")));

    let record = screen.record();
    let french = Screen(stage.call("speak", json!({ "language": "Français (fr)" })));
    assert_eq!(french.here(), "Jour et lieu");
    stage.call("close_form", json!({}));
    let again = Screen(stage.call("open", json!({ "record": record })));
    assert_eq!(again.here(), "Jour et lieu", "the choice stays with the draft");
    let problem = stage.refused("speak", json!({ "language": "Latin (la)" }));
    assert_eq!(problem.code, "form.unknown-language");
}

#[test]
fn answers_open_and_close_parts() {
    let stage = Stage::with(&["survey"]);
    stage.speaks("ar");
    let screen = stage.begin("baraza_survey");
    assert_eq!(screen.parts(), [START, "هذه الزيارة", DOOR, CLOSE]);
    let asked = screen.count("questions");

    at_the_door(&stage);
    let screen = stage.screen();
    assert_eq!(screen.question("g_door/eligible_f")["value"], "2", "local digits are stored as ASCII");
    assert!(screen.part(SCRIPT).is_some() && screen.part(PERSON).is_none());
    let screen = stage.fill(&[
        ("g_door/resp_sex", "female"),
        ("g_consent/intro_read", "OK"),
        ("g_consent/limits_read", "OK"),
        ("g_consent/consent", "yes"),
    ]);
    assert_eq!(screen.parts().len(), 15);
    assert!(screen.count("questions") > asked + 30);

    // Nobody is at home after all: what was answered behind the door is not shown.
    let screen = stage.answer("g_door/doorstep", "not_home");
    assert!(screen.part(SCRIPT).is_none() && screen.part(PERSON).is_none());
    let screen = stage.answer("g_door/doorstep", "talk");
    assert!(screen.part(PERSON).is_some(), "and it is still there");
}

#[test]
fn scripts_come_before_consent_and_a_refusal_stops_everything() {
    let stage = Stage::with(&["survey"]);
    at_the_door(&stage);
    stage.speaks("ar");
    let screen = stage.turn("Read aloud, then ask");
    let scripts = screen.all("script");
    assert_eq!(scripts.len(), 2);
    assert_eq!(scripts[0]["acknowledge"]["path"], "/data/g_consent/intro_read");
    assert_eq!(scripts[0]["acknowledge"]["control"]["control"], "acknowledge");
    assert!(screen.all("question").is_empty(), "consent is asked when both scripts were read");
    let before = screen.count("questions");

    let screen = stage.fill(&[("g_consent/intro_read", "OK"), ("g_consent/limits_read", "OK")]);
    let consent = screen.question("g_consent/consent");
    assert_eq!(consent["voice"], true, "it is said aloud");
    assert_eq!(screen.count("questions"), before + 1, "acknowledgements are not counted");
    let screen = stage.answer("g_consent/consent", "no");
    assert_eq!(screen.all("stop").len(), 1);
    assert!(screen.part("About the person").is_none());
}

#[test]
fn a_scale_has_its_pictures_in_order_and_the_rest_apart() {
    let stage = Stage::with(&["survey"]);
    at_the_door(&stage);
    stage.fill(&[
        ("g_door/resp_sex", "female"),
        ("g_consent/intro_read", "OK"),
        ("g_consent/limits_read", "OK"),
        ("g_consent/consent", "yes"),
    ]);
    let screen = stage.turn("How safe you feel");
    let overall = screen.question("g_safe1/safe_overall");
    assert_eq!((&overall["control"]["style"], &overall["voice"]), (&json!("scale"), &json!(true)));
    let choices = overall["control"]["choices"].as_array().unwrap();
    let steps: Vec<&str> =
        choices.iter().filter(|c| c["apart"] == false).map(|c| c["value"].as_str().unwrap()).collect();
    assert_eq!(steps, ["very_unsafe", "unsafe", "neither", "safe", "very_safe"]);
    assert_eq!(choices.iter().filter(|c| c["apart"] == true).count(), 2);
    let picture = stage.call("media", json!({ "name": choices[0]["picture"] }));
    assert_eq!(picture["mime"], "image/svg+xml");
    assert_eq!(stage.refused("media", json!({ "name": "passwords.txt" })).code, "media.unknown");

    let screen = stage.turn("What has changed");
    let threats = screen.question("g_change/main_threats");
    assert_eq!(threats["control"]["control"], "many");
    let of = |value: &str| {
        let all = threats["control"]["choices"].as_array().unwrap();
        all.iter().find(|c| c["value"] == value).unwrap().clone()
    };
    assert_eq!(
        (of("dont_know")["exclusive"].clone(), of("dont_know")["apart"].clone()),
        (json!(true), json!(true))
    );
    assert_eq!(of("looting")["exclusive"], false);
    let screen = stage.answer("g_change/main_threats", "looting dont_know");
    assert!(screen.question("g_change/main_threats")["text"].as_str().unwrap().contains(", "));
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_lost() {
    let stage = Stage::with(&["survey"]);
    stage.begin("baraza_survey");
    stage.turn("This visit");
    stage.answer("g_visit/hh_no", "12");
    for wrong in ["many", "1,5", "12.7"] {
        let problem = stage.refused("answer", json!({ "path": full("g_visit/hh_no"), "value": wrong }));
        assert_eq!(problem.code, "answer.does-not-fit", "{wrong}");
        assert_eq!(problem.facts["path"], "/data/g_visit/hh_no");
    }
    let problem = stage.refused("answer", json!({ "path": full("g_visit/enum_sex"), "value": "bishop" }));
    assert_eq!(problem.code, "answer.does-not-fit");
    let screen = stage.screen();
    assert_eq!(screen.question("g_visit/hh_no")["value"], "12");

    // Outside its limits is said at once; that nothing was answered only when she has gone on.
    let screen = stage.answer("g_visit/hh_no", "120");
    let number = screen.question("g_visit/hh_no");
    assert_eq!(number["problem"], json!({ "kind": "outside", "text": "Give a number from 1 to 99." }));
    assert_eq!(screen.question("g_visit/cluster_id")["problem"], json!(null));
    assert_eq!(screen.state("This visit"), "fix");
    stage.turn("At the door");
    let screen = stage.turn("This visit");
    assert_eq!(screen.question("g_visit/cluster_id")["problem"]["kind"], "missing");
    let screen = stage.answer("g_visit/hh_no", " ");
    assert_eq!(screen.question("g_visit/hh_no")["value"], "", "blanks clear it");
}

#[test]
fn the_numbers_of_questions_run_through_the_form() {
    let stage = Stage::with(&["survey"]);
    at_the_door(&stage);
    let mut numbers = Vec::new();
    let parts = stage.screen().parts().len();
    for part in 0..parts {
        let screen = Screen(stage.call("turn", json!({ "part": part })));
        numbers.extend(screen.all("question").iter().map(|question| question["number"].as_u64().unwrap()));
    }
    let total = stage.screen().count("questions");
    assert_eq!(numbers, (1..=total).collect::<Vec<_>>());
    assert_eq!(stage.refused("turn", json!({ "part": parts })).code, "form.unknown-part");
}
