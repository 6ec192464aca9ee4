//! All nine instruments can be asked: nothing in them needs a control that is not there.

use crate::stage::{Screen, Stage};
use serde_json::{Value, json};

const NINE: [&str; 9] = ["alert", "fgd", "initiative", "jpt", "msc", "patrol", "request", "survey", "verify"];

#[test]
fn every_question_of_the_nine_has_a_control() {
    let stage = Stage::with(&NINE);
    for name in NINE {
        let mut screen = stage.begin(&format!("baraza_{name}"));
        // Whatever opens something is answered, until nothing more opens.
        loop {
            let asked = screen.count("questions");
            for part in 0..screen.parts().len() {
                let Ok(there) = stage.desk.call("turn", json!({ "part": part })) else { break };
                answer_all(&stage, &Screen(there));
            }
            screen = stage.screen();
            if screen.count("questions") <= asked {
                break;
            }
        }
        assert!(screen.count("questions") > 15, "{name}: {}", screen.count("questions"));
        stage.call("close_form", Value::Null);
    }
}

fn answer_all(stage: &Stage, screen: &Screen) {
    for question in screen.questions() {
        let control = &question["control"];
        let label = question["label"].as_str().unwrap();
        assert_ne!(control["control"], "unsupported", "{label}");
        assert!(!label.is_empty(), "{question}");
        let value = match control["control"].as_str().unwrap() {
            _ if question["value"] != "" => continue,
            "acknowledge" => "OK",
            "integer" => "2",
            "one" | "many" => first(control),
            _ => continue,
        };
        if question["readonly"] == false {
            // An answer before it may have closed this one.
            drop(stage.desk.call("answer", json!({ "path": question["path"], "value": value })));
        }
    }
}

fn first(control: &Value) -> &str {
    control["choices"][0]["value"].as_str().unwrap_or_default()
}
