//! Long lists are searched, and long forms stay quick.

use crate::stage::{Screen, Stage};
use baraza_app::read_form;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

/// A form of so many questions in parts of twenty, and one list of so many villages.
fn long_form(questions: usize, villages: usize) -> String {
    let (mut model, mut binds, mut body) = (String::new(), String::new(), String::new());
    for part in 0..questions.div_ceil(20) {
        write!(model, "<p{part}>").unwrap();
        write!(body, "<group ref=\"/data/p{part}\"><label>Part {part}</label>").unwrap();
        for number in part * 20..questions.min(part * 20 + 20) {
            write!(model, "<q{number}/>").unwrap();
            let relevant = if number % 10 == 9 {
                format!(" relevant=\"/data/p{part}/q{} != 'x'\"", number - 1)
            } else {
                String::new()
            };
            write!(
                binds,
                "<bind nodeset=\"/data/p{part}/q{number}\" type=\"string\" required=\"true()\"{relevant}/>"
            )
            .unwrap();
            write!(body, "<input ref=\"/data/p{part}/q{number}\"><label>Question {number}?</label></input>")
                .unwrap();
        }
        write!(model, "</p{part}>").unwrap();
        write!(body, "</group>").unwrap();
    }
    body.push_str("<select1 ref=\"/data/village\"><label>Which village?</label>");
    for number in 0..villages {
        let name = match number % 3 {
            0 => format!("Élanda {number}"),
            1 => format!("أُمّ درمان {number}"),
            _ => format!("Kovarrin {number}"),
        };
        write!(body, "<item><label>{name}</label><value>V{number:05}</value></item>").unwrap();
    }
    body.push_str("</select1>");
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head>\
         <h:title>Long</h:title><model><instance><data id=\"long\" version=\"1\">{model}<village/></data></instance>\
         {binds}<bind nodeset=\"/data/village\" type=\"string\"/></model></h:head><h:body>{body}</h:body></h:html>"
    )
}

fn with_long_form(questions: usize, villages: usize) -> Stage {
    Stage::briefed(&[], |mission| {
        let text = long_form(questions, villages);
        mission.ines.publish(read_form("long.xml", text.as_bytes(), BTreeMap::new())).unwrap();
    })
}

fn labels(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|choice| choice["label"].as_str().unwrap()).collect()
}

#[test]
fn a_village_among_three_thousand_is_found_by_its_words() {
    let stage = with_long_form(20, 3_000);
    stage.begin("long");
    let screen = Screen(stage.call("go", json!({ "path": "/data/village" })));
    let village = &screen.question("village")["control"];
    assert_eq!((&village["style"], &village["total"]), (&json!("search"), &json!(3_000)));
    assert_eq!(village["choices"].as_array().unwrap().len(), 20);

    let look = |words: &str| stage.call("choices", json!({ "path": "/data/village", "words": words }));
    assert_eq!(labels(&look("elanda 2997")), ["Élanda 2997"]);
    assert_eq!(labels(&look("ÉLANDA 2997")), ["Élanda 2997"]);
    assert_eq!(labels(&look("ام درمان 2998")), ["أُمّ درمان 2998"]);
    assert_eq!(labels(&look("v02999")), ["Kovarrin 2999"]);
    assert_eq!(look("kovarrin").as_array().unwrap().len(), 50, "no more than a screen can show");
    assert_eq!(look("zanzibar"), json!([]));

    let screen = stage.answer("village", "V02999");
    let village = screen.question("village");
    assert_eq!(village["text"], "Kovarrin 2999");
    let choices = village["control"]["choices"].as_array().unwrap();
    assert_eq!(choices.len(), 21, "the chosen one is always there");
    assert_eq!(choices[20]["value"], "V02999");
}

#[test]
fn sites_come_from_their_file_by_area() {
    let stage = Stage::with(&["survey"]);
    stage.begin("baraza_survey");
    let screen =
        stage.fill(&[("g_start/adm1", "PSXVQM"), ("g_start/adm2", "P5J4GR"), ("g_start/adm3", "PFRG9G")]);
    assert_eq!(screen.question("g_start/adm3")["control"]["style"], "menu");
    let site = screen.question("g_start/site_code");
    assert_eq!(site["control"]["style"], "search");
    let found = stage.call("choices", json!({ "path": site["path"], "words": "KOVARR" }));
    assert_eq!(labels(&found).len(), 1);
    stage.answer("g_start/site_code", "SX3WMD");
    let screen = stage.answer("g_start/adm3", "P7QPNQ");
    assert_eq!(screen.question("g_start/site_code")["text"], "", "not in that area");
}

#[test]
fn a_form_of_a_thousand_questions_stays_quick() {
    let stage = with_long_form(1_000, 100);
    let screen = stage.begin("long");
    assert_eq!((screen.count("questions"), screen.parts().len()), (1_001, 51));
    assert_eq!(screen.parts()[50], "Long", "what stands alone has the form's title");
    let before = Instant::now();
    let rounds = 20;
    for _ in 0..rounds {
        stage.screen();
    }
    let each = before.elapsed() / rounds;
    let bound = if cfg!(debug_assertions) { 250 } else { 5 };
    assert!(each.as_millis() < bound, "{each:?}");
}
