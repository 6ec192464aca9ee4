//! Amina puts the tablet away and takes up the record later; headquarters reads it; forms are written and read.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail where it stands"
)]

mod support;

use baraza_forms::schema::Source;
use baraza_forms::{FormDef, Problem, Session, run, xform};
use baraza_model::{Answers, Edit, Severity, Sharing};
use support::{Dice, compile, household, options, picture, small, start, value};

fn filled() -> Session {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    session.set("/data/talk/head", "Wanjiru").unwrap();
    for name in ["Otieno", "Njeri"] {
        let path = { session.add("/data/talk/person").map(|n| session.path(n)).unwrap() };
        session.set(&format!("{path}/name"), name).unwrap();
        session.set(&format!("{path}/age"), "33").unwrap();
        session.set(&format!("{path}/role"), "trader").unwrap();
    }
    session.add("/data/talk/person[2]/tool").unwrap();
    session.set("/data/talk/person[2]/tool[1]/what", "hoe").unwrap();
    session.set("/data/visits", "2").unwrap();
    session.set("/data/visit[2]/day", "2025-03-01").unwrap();
    session.remove("/data/talk/person[1]").unwrap();
    session
}

#[test]
fn a_record_taken_up_again_is_the_same_record() {
    let before = filled();
    let later = baraza_forms::Options { now_ms: support::NOON + 86_400_000, ..options() };
    let mut after = Session::restore(household(), later, &before.answers(), &mut Dice(77));
    assert_eq!(picture(&after), picture(&before));
    assert_eq!(after.answers(), before.answers());
    assert!(after.take_edits().is_empty(), "nothing new to journal");
}

#[test]
fn the_journal_leads_to_the_answers() {
    let mut session = filled();
    let mut journaled = Answers::default();
    session.take_edits().iter().for_each(|edit| journaled.apply(edit));
    session.set("/data/visits", "1").unwrap();
    session.set("/data/visit[1]/day", "2025-03-02").unwrap();
    session.take_edits().iter().for_each(|edit| journaled.apply(edit));
    let held = session.answers();
    assert_eq!(journaled.instances, held.instances);
    for (path, value) in &held.values {
        assert_eq!(journaled.values.get(path), Some(value), "{path:?}");
    }
}

#[test]
fn two_tablets_make_the_same_counted_instances() {
    let ids = |dice: u8| {
        let mut session = Session::start(household(), options(), &mut Dice(dice));
        session.set("/data/visits", "2").unwrap();
        let edits = session.take_edits();
        edits
            .into_iter()
            .filter_map(|e| if let Edit::Add(i) = e { Some(i.id) } else { None })
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(1), ids(200));
    assert_eq!(ids(1).len(), 2);
}

#[test]
fn headquarters_reads_values_by_column_and_what_needs_review() {
    let form = household();
    let mut session = filled();
    session.set("/data/talk/size", "0").unwrap();
    let evaluation = Session::evaluate(&form, options(), &session.answers());
    let cell = |repeat: &str, path: &str| {
        let table = form.schema().tables.iter().position(|t| t.repeat == repeat).unwrap();
        let column = form.schema().tables[table].columns.iter().position(|c| c.path == path).unwrap();
        let found =
            evaluation.cells.iter().find(|c| (c.table as usize, c.column as usize) == (table, column));
        found.map(|c| c.value.clone())
    };
    assert_eq!(cell("", "talk/adults").as_deref(), Some("1"));
    assert_eq!(cell("talk/person", "talk/person/role_name").as_deref(), Some("Trader"));
    assert_eq!(cell("talk/person/tool", "talk/person/tool/what").as_deref(), Some("hoe"));
    assert_eq!(evaluation.name, "House of Wanjiru");
    let problems: Vec<(&str, Problem)> =
        evaluation.problems.iter().map(|(p, what)| (p.question.as_str(), *what)).collect();
    assert_eq!(problems, [("talk/size", Problem::Violated)]);
    assert_eq!(evaluation.instances.iter().map(|i| i.position).collect::<Vec<_>>(), [1, 1, 1, 2]);
    assert_eq!(Session::evaluate(&form, options(), &session.answers()), evaluation);
    session.take_edits();
    assert_eq!(session.evaluation(), evaluation, "as the person saw it");
}

#[test]
fn the_schema_says_what_is_stored_and_how_it_is_called() {
    let form = household();
    let schema = form.schema();
    let repeats: Vec<(&str, Option<&str>)> =
        schema.tables.iter().map(|t| (t.repeat.as_str(), t.parent.as_deref())).collect();
    assert_eq!(
        repeats,
        [
            ("", None),
            ("talk/person", Some("")),
            ("talk/person/tool", Some("talk/person")),
            ("visit", Some(""))
        ]
    );
    let source = |path: &str| schema.column(path).unwrap().source;
    assert_eq!(source("consent"), Source::Answer);
    assert_eq!(source("ticket"), Source::StoredCalculation);
    assert_eq!(source("talk/adults"), Source::PureCalculation);
    let head = schema.column("talk/head").unwrap();
    assert_eq!(head.hxl.as_deref(), Some("#contact +name"));
    assert_eq!(head.labels["Kiswahili (sw)"], "Nani anaongea kwa niaba ya nyumba hii?");
    assert!(schema.column("talk/notes").unwrap().multiline);
    let consent = schema.column("consent").unwrap();
    assert_eq!(consent.choices.iter().map(|c| c.value.as_str()).collect::<Vec<_>>(), ["yes", "no"]);
}

#[test]
fn a_form_written_and_read_again_is_equal() {
    let def = xform::import(include_str!("forms/household.xml")).def.unwrap();
    assert_eq!((def.sharing, def.retention_days), (Sharing::Team, Some(30)));
    let again = xform::import(&xform::export(&def));
    assert_eq!(again.diagnostics, []);
    assert_eq!(again.def.as_ref(), Some(&def));
    assert_eq!(FormDef::from_json(&def.to_json()).unwrap().hash(), def.hash());
}

#[test]
fn what_cannot_work_is_refused_with_a_reason() {
    let question = r#"<input ref="/data/a"><label>A</label></input>"#;
    let nodes = r#"<instance><data id="t"><a/><b/></data></instance>"#;
    for (code, model, body) in [
        (
            "cycle",
            r#"<bind nodeset="/data/a" calculate="/data/b + 1"/><bind nodeset="/data/b" calculate="/data/a + 1"/>"#,
            question,
        ),
        ("cycle", r#"<bind nodeset="/data/a" relevant="/data/a != ''"/>"#, question),
        ("expression.syntax", r#"<bind nodeset="/data/a" relevant="/data/b = "/>"#, question),
        ("expression.unknown-function", r#"<bind nodeset="/data/a" calculate="guess(1)"/>"#, question),
        (
            "select.type",
            r#"<bind nodeset="/data/a" type="int"/>"#,
            r#"<select1 ref="/data/a"><label>A</label><item><label>1</label><value>1</value></item></select1>"#,
        ),
        (
            "range.bounds",
            r#"<bind nodeset="/data/a" type="int"/>"#,
            r#"<range ref="/data/a" start="1" end="x" step="1"/>"#,
        ),
        ("repeat.unknown-node", "", r#"<repeat nodeset="/data/c"/>"#),
    ] {
        let compiled = compile(&small(&format!("{nodes}{model}"), body));
        let errors: Vec<&str> = compiled
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| d.code.as_str())
            .collect();
        assert!(compiled.form.is_none() && errors == [code], "{code}: {:?}", compiled.diagnostics);
    }
}

#[test]
fn what_is_no_form_is_refused_with_a_line() {
    let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
    let two = small(r#"<instance><data id="t"/></instance></model><model>"#, "");
    for (code, xml) in [
        ("xform.not-xml", "<h:html".to_owned()),
        ("xform.not-xml", "<!DOCTYPE x [<!ENTITY e \"boom\">]><x>&e;</x>".to_owned()),
        ("xform.too-deep", deep),
        ("xform.no-model", "<html/>".to_owned()),
        ("xform.several-models", two),
        ("xform.no-instance", small("", "")),
    ] {
        let imported = xform::import(&xml);
        assert!(imported.refused());
        assert_eq!(imported.diagnostics[0].code, code, "{xml:.80}");
    }
}

#[test]
fn steps_are_taken_until_one_cannot_be() {
    let steps = [
        r#"{"now":"2030-01-02T03:04:05.000Z"}"#,
        r#"{"set":"/data/consent","value":"yes"}"#,
        r#"{"dump":true}"#,
        r#"{"set":"/data/nobody","value":"x"}"#,
        r#"{"dump":true}"#,
    ]
    .join("\n");
    let (dumps, result) = run::run_steps(&household(), &steps, options(), &mut Dice(3));
    assert_eq!(result.unwrap_err().to_string(), "line 4: no such node: /data/nobody");
    let [dump] = dumps.as_slice() else { panic!("one dump, not {}", dumps.len()) };
    let dump: serde_json::Value = serde_json::from_str(dump).unwrap();
    assert_eq!(dump["valid"], false);
    let begun = dump["nodes"].as_array().unwrap().iter().find(|n| n["path"] == "/data/begun").unwrap();
    assert_eq!(begun["value"], "2030-01-02T03:04:05.000+00:00");
    for bad in ["{", r#"{"set":"/data/consent"}"#, r#"{"set":"/data/consent","value":1}"#, r#"{"jump":1}"#] {
        let (_, result) = run::run_steps(&household(), bad, options(), &mut Dice(3));
        assert_eq!(result.unwrap_err().line, 1, "{bad}");
    }
}

#[test]
fn a_missing_attachment_counts_as_empty_and_a_given_one_is_read() {
    let xml = small(
        r#"<instance><data id="t"><a/><b/></data></instance><instance id="sites" src="jr://file-csv/sites.csv"/>
           <bind nodeset="/data/b" calculate="instance('sites')/root/item[name = /data/a]/label"/>"#,
        r#"<select1 ref="/data/a"><label>A</label><itemset nodeset="instance('sites')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>"#,
    );
    let def = xform::import(&xml).def.unwrap();
    let compiled = compile(&xml);
    assert_eq!(
        compiled.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(),
        ["attachment.unread"]
    );
    let mut files = baraza_forms::Attachments::default();
    files
        .0
        .insert("sites.csv".into(), b"\xef\xbb\xbfname,label\nkib,\"Kibera, north\"\nmat,Mathare\n".to_vec());
    let form = baraza_forms::Form::compile(def, &files).form.unwrap();
    let mut session = start(&form);
    session.set("/data/a", "kib").unwrap();
    assert_eq!(value(&session, "/data/b"), "Kibera, north");
}

#[test]
fn what_reads_a_severe_answer_becomes_severe_on_import() {
    let xml = small(
        r#"<instance><data id="t"><a/><b/></data></instance>
           <bind xmlns:baraza="http://baraza.example/xforms" nodeset="/data/a" baraza:sensitivity="severe"/>
           <bind nodeset="/data/b" relevant="/data/a = 'yes'"/>"#,
        r#"<input ref="/data/a"><label>A</label></input><input ref="/data/b"><label>B</label></input>"#,
    );
    let compiled = compile(&xml);
    let form = compiled.form.unwrap();
    assert_eq!(form.schema().column("b").unwrap().sensitivity, baraza_model::Sensitivity::Severe);
}
