//! Forms of other people: every control, groups in groups, repeats in repeats, newer versions.

use crate::stage::{Screen, Stage, full};
use baraza_app::read_form;
use baraza_testkit::Mission;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn form(id: &str, version: &str, instance: &str, binds: &str, body: &str) -> String {
    format!(
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:odk=\"http://www.opendatakit.org/xforms\"><h:head>\
         <h:title>Form {id}</h:title><model><instance><data id=\"{id}\" version=\"{version}\">{instance}</data>\
         </instance>{binds}</model></h:head><h:body>{body}</h:body></h:html>"
    )
}

fn with(text: &str) -> Stage {
    Stage::briefed(&[], |mission| publish(mission, text))
}

fn publish(mission: &mut Mission, text: &str) {
    let file = read_form("other.xml", text.as_bytes(), BTreeMap::new());
    assert!(file.def.is_some(), "{:?}", file.diagnostics);
    mission.ines.publish(file).unwrap();
}

fn bind(name: &str, kind: &str) -> String {
    format!("<bind nodeset=\"/data/{name}\" type=\"{kind}\"/>")
}

fn input(name: &str, appearance: &str) -> String {
    format!("<input ref=\"/data/{name}\" appearance=\"{appearance}\"><label>{name}?</label></input>")
}

const ITEMS: &str = "<item><label>One</label><value>a</value></item><item><label>Two</label><value>b</value></item>\
                     <item><label>Not said</label><value>refused</value></item>";

#[test]
fn each_type_has_its_control() {
    let types = [
        ("text", "string", "", json!({ "control": "text" })),
        ("long", "string", "multiline", json!({ "control": "notes" })),
        ("count", "int", "", json!({ "control": "integer", "counter": true })),
        ("code", "int", "numbers", json!({ "control": "integer", "counter": false })),
        ("share", "decimal", "", json!({ "control": "decimal" })),
        ("day", "date", "", json!({ "control": "date" })),
        ("hour", "time", "", json!({ "control": "time" })),
        ("moment", "dateTime", "", json!({ "control": "date-time" })),
        ("here", "geopoint", "", json!({ "control": "point" })),
        ("way", "geotrace", "", json!({ "control": "trace", "closed": false })),
        ("area", "geoshape", "", json!({ "control": "trace", "closed": true })),
        ("label", "barcode", "", json!({ "control": "unsupported", "datatype": "barcode" })),
    ];
    let (mut instance, mut binds, mut body) = (String::new(), String::new(), String::new());
    for (name, kind, appearance, _) in &types {
        instance.push_str(&format!("<{name}/>"));
        binds.push_str(&bind(name, kind));
        body.push_str(&input(name, appearance));
    }
    instance.push_str("<photo/><hard/><order/><pick/><read/>");
    binds.push_str(&[bind("photo", "binary"), bind("hard", "int"), bind("order", "odk:rank")].concat());
    body.push_str(&format!(
        "<upload ref=\"/data/photo\" mediatype=\"image/*\"><label>Photo?</label></upload>\
         <range ref=\"/data/hard\" start=\"1\" end=\"5\" step=\"1\"><label>How hard?</label></range>\
         <odk:rank ref=\"/data/order\"><label>Order?</label>{ITEMS}</odk:rank>\
         <select ref=\"/data/pick\" appearance=\"minimal\"><label>Pick?</label>{ITEMS}</select>\
         <trigger ref=\"/data/read\"><label>Read?</label></trigger>"
    ));
    let stage = with(&form("other", "1", &instance, &binds, &body));
    let screen = stage.begin("other");
    assert_eq!(screen.parts(), ["Form other"], "one flat list is one part with the form's title");
    for (name, _, _, control) in &types {
        assert_eq!(screen.question(name)["control"], *control, "{name}");
    }
    assert_eq!(
        screen.question("photo")["control"],
        json!({ "control": "unsupported", "datatype": "binary" })
    );
    let range = json!({ "control": "range", "start": "1", "end": "5", "step": "1" });
    assert_eq!(screen.question("hard")["control"], range);
    let rank = &screen.question("order")["control"];
    assert_eq!((&rank["control"], rank["choices"].as_array().unwrap().len()), (&json!("rank"), 3));
    let pick = &screen.question("pick")["control"];
    assert_eq!(
        (&pick["control"], &pick["style"], &pick["total"]),
        (&json!("many"), &json!("menu"), &json!(3))
    );
    assert_eq!(pick["choices"][2]["apart"], true);
    assert_eq!(screen.question("read")["control"]["control"], "acknowledge");

    let screen = stage.fill(&[
        ("share", "٣٫٥"),
        ("here", "-0.7 -0.5 0 10"),
        ("moment", "2026-11-20T14:05:00.000+03:00"),
        ("hard", "٤"),
        ("order", "b a refused"),
        ("pick", "b a"),
        ("read", "OK"),
    ]);
    assert_eq!(
        (&screen.question("share")["value"], &screen.question("hard")["value"]),
        (&json!("3.5"), &json!("4"))
    );
    assert_eq!(screen.question("order")["text"], "Two, One, Not said");
    assert_eq!(
        (&screen.question("pick")["value"], &screen.question("pick")["text"]),
        (&json!("a b"), &json!("One, Two"))
    );
    let partial = stage.refused("answer", json!({ "path": full("order"), "value": "b" }));
    assert_eq!(partial.code, "form.partial-rank");
    stage.call("finish_form", json!({ "reason": null }));
}

#[test]
fn groups_in_groups_have_headings_and_repeats_in_repeats_their_own_entries() {
    let instance = "<g><inner><q/></inner><closed><x/></closed></g>\
                    <house jr:template=\"\"><name/><person jr:template=\"\"><age/></person></house><last/>";
    let binds = "<bind nodeset=\"/data/g/closed\" relevant=\"/data/g/inner/q = 'open'\"/>\
                 <bind nodeset=\"/data/house/person/age\" type=\"int\" constraint=\". &lt; 120\" required=\"true()\"/>";
    let body = "<group ref=\"/data/g\"><label>Around</label><group ref=\"/data/g/inner\"><label>Inside</label>\
                <input ref=\"/data/g/inner/q\"><label>Q?</label></input></group>\
                <group ref=\"/data/g/closed\"><label>Closed</label><input ref=\"/data/g/closed/x\"><label>X?</label>\
                </input></group></group>\
                <group ref=\"/data/house\"><label>Houses</label><repeat nodeset=\"/data/house\">\
                <input ref=\"/data/house/name\"><label>Name?</label></input>\
                <group ref=\"/data/house/person\"><label>People</label><repeat nodeset=\"/data/house/person\">\
                <input ref=\"/data/house/person/age\"><label>Age?</label></input></repeat></group>\
                </repeat></group>\
                <group><label>No node of its own</label><input ref=\"/data/last\"><label>Last?</label></input></group>";
    let stage = with(&form("nested", "1", instance, binds, body));
    let screen = stage.begin("nested");
    assert_eq!(screen.parts(), ["Around", "Houses", "No node of its own"]);
    let headings = |screen: &Screen| -> Vec<Value> {
        screen.all("heading").iter().map(|h| json!([h["text"], h["level"]])).collect()
    };
    assert_eq!(headings(&screen), [json!(["Inside", 2])]);
    let screen = stage.answer("g/inner/q", "open");
    assert_eq!(headings(&screen), [json!(["Inside", 2]), json!(["Closed", 2])]);

    stage.turn("Houses");
    let screen = stage.fill(&[
        ("+house", ""),
        ("house[1]/name", "By the well"),
        ("+house[1]/person", ""),
        ("house[1]/person[1]/age", "40"),
    ]);
    let repeats = screen.all("entries");
    assert_eq!(repeats.len(), 2);
    assert_eq!(
        (&repeats[1]["title"], &repeats[1]["path"]),
        (&json!("People"), &json!("/data/house[1]/person"))
    );
    assert_eq!((&repeats[0]["open"], &repeats[1]["open"]), (&json!(0), &json!(0)), "both are open");
    let screen = stage.fill(&[("+house[1]/person", "")]);
    assert_eq!(screen.all("entries")[1]["open"], 1);
    let screen = Screen(stage.call("open_entry", json!({ "path": "" })));
    assert_eq!(
        (&screen.all("entries")[0]["open"], &screen.all("entries")[1]["open"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(screen.all("entries")[1]["entries"][1]["to_fix"], 1, "an age was passed by");
    assert_eq!(screen.all("entries")[0]["entries"][0]["to_fix"], 1, "and counts for the house too");
    let screen = stage.answer("house[1]/person[1]/age", "140");
    assert_eq!(screen.count("to_fix"), 2);
    let facts = &screen.all("entries")[1]["entries"][0];
    assert_eq!((&facts["summary"], &facts["facts"]), (&json!("140"), &json!([])));
    let screen = Screen(stage.call("go", json!({ "path": "/data/house[1]/person[2]/age" })));
    assert_eq!(screen.all("entries")[1]["open"], 1);
    let screen = Screen(stage.call("remove_entry", json!({ "path": "/data/house[1]" })));
    assert_eq!((screen.count("to_fix"), screen.all("entries")[0]["open"].clone()), (0, Value::Null));
}

#[test]
fn a_draft_stays_with_its_version_and_says_that_there_is_a_newer_one() {
    let body = input("q", "");
    let stage = with(&form("moving", "1", "<q/>", "", &body));
    let screen = stage.begin("moving");
    assert_eq!(screen.0["newer"], Value::Null);
    let newer = form("moving", "2", "<q/><more/>", "", &(body + &input("more", "")));
    let stage = stage.meanwhile(|mission| publish(mission, &newer));
    let screen = Screen(stage.call("open", json!({ "record": screen.record() })));
    assert_eq!((&screen.0["version"], &screen.0["newer"]), (&json!("1"), &json!("2")));
    assert!(screen.asks("more").is_none());
    let screen = stage.begin("moving");
    assert_eq!((&screen.0["version"], &screen.0["newer"]), (&json!("2"), &Value::Null));
}
