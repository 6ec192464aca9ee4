//! Amina fills the household form at a doorstep; each story follows one rule of the form.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail where it stands"
)]

mod support;

use baraza_forms::{NodeKind, Session};
use baraza_model::{Edit, Sensitivity};
use std::collections::BTreeSet;
use support::{Dice, at, choices, form, household, options, small, start, value};

#[test]
fn a_new_record_begins_with_what_the_form_and_the_tablet_know() {
    let session = start(&household());
    assert_eq!(value(&session, "/data/begun"), "2025-03-14T12:00:00.000+00:00");
    assert_eq!(value(&session, "/data/device"), "tablet-7");
    assert_eq!(value(&session, "/data/origin"), "patrol 2", "set on the first load");
    assert_eq!(value(&session, "/data/meta/instanceID"), "uuid:story");
    assert_eq!(value(&session, "/data/ended"), "");
    assert!(session.instances("/data/talk/person").is_empty(), "a template is not an instance");
}

#[test]
fn without_consent_nothing_is_asked_and_with_it_the_answers_come_back() {
    let mut session = start(&household());
    assert!(!at(&session, "/data/talk/head").relevant);
    assert_eq!(session.set("/data/talk/head", "Wanjiru").unwrap_err().code(), "form.not-relevant");

    session.set("/data/consent", "yes").unwrap();
    session.set("/data/talk/head", "Wanjiru").unwrap();
    assert_eq!(session.instance_name(), "House of Wanjiru");

    session.set("/data/consent", "no").unwrap();
    assert_eq!(value(&session, "/data/talk/head"), "");
    assert_eq!(session.instance_name(), "House of ");
    let hidden: Vec<String> = session.irrelevant_stored().into_iter().map(|p| p.question).collect();
    assert_eq!(hidden, ["talk/head"]);
    assert!(!session.instance_xml().contains("<talk>"));

    session.set("/data/consent", "yes").unwrap();
    assert_eq!(value(&session, "/data/talk/head"), "Wanjiru");
}

#[test]
fn a_missing_name_and_a_wrong_number_are_told_in_the_forms_words() {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    let head = at(&session, "/data/talk/head");
    assert!(head.required && !head.valid);
    assert_eq!(head.message.as_deref(), Some("A name, please."));
    assert_eq!(session.missing().iter().map(|n| n.path.as_str()).collect::<Vec<_>>(), ["/data/talk/head"]);

    session.set("/data/talk/head", "W").unwrap();
    let head = at(&session, "/data/talk/head");
    assert_eq!((head.value.as_str(), head.message.as_deref()), ("W", Some("Too short.")));
    assert_eq!(session.violations().len(), 1);

    session.set("/data/talk/head", "Wanjiru").unwrap();
    assert!(session.is_valid());
}

#[test]
fn three_people_are_added_and_one_was_a_mistake() {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    for (name, age) in [("Wanjiru", "41"), ("Otieno", "17"), ("Njeri", "70")] {
        let person = session.add("/data/talk/person").unwrap();
        let path = session.path(person);
        session.set(&format!("{path}/name"), name).unwrap();
        session.set(&format!("{path}/age"), age).unwrap();
    }
    assert_eq!(value(&session, "/data/talk/adults"), "2");
    assert_eq!(value(&session, "/data/talk/oldest"), "70");
    assert_eq!(at(&session, "/data/talk/person[3]").label.as_deref(), Some("Person 3"));
    assert_eq!(at(&session, "/data/talk/person[2]/age").label.as_deref(), Some("Age of Otieno"));
    assert_eq!(at(&session, "/data/talk/person[1]").kind, NodeKind::RepeatInstance);

    session.add("/data/talk/person[3]/tool").unwrap();
    session.set("/data/talk/person[3]/tool[1]/what", "hoe").unwrap();
    session.remove("/data/talk/person[1]").unwrap();
    assert_eq!(value(&session, "/data/talk/adults"), "1");
    assert_eq!(value(&session, "/data/talk/person[1]/name"), "Otieno");
    assert_eq!(value(&session, "/data/talk/person[2]/tool[1]/what"), "hoe");
    assert_eq!(session.set("/data/talk/person[3]/name", "x").unwrap_err().code(), "form.unknown-path");
}

#[test]
fn an_empty_repeat_is_offered_where_it_applies() {
    let xml = small(
        r#"<instance><data id="t"><any/><child jr:template=""><name/></child></data></instance>
           <bind nodeset="/data/child" relevant="../any = 'yes'"/>"#,
        r#"<input ref="/data/any"><label>Any?</label></input>
           <group ref="/data/child"><label>Child</label><repeat nodeset="/data/child" appearance="field-list">
             <input ref="/data/child/name"><label>Name</label></input></repeat></group>"#,
    );
    let mut session = start(&form(&xml));
    let root = session.find("/data").unwrap();
    assert!(!session.repeats(root)[0].relevant);
    assert_eq!(session.add("/data/child").unwrap_err().code(), "form.not-relevant");

    session.set("/data/any", "yes").unwrap();
    let child = session.add("/data/child").unwrap();
    let repeat = &session.repeats(root)[0];
    assert_eq!((repeat.path.as_str(), repeat.relevant, repeat.fixed), ("/data/child", true, false));
    assert_eq!(repeat.instances, [child]);
    assert_eq!(at(&session, "/data/child[1]").appearance, "field-list");
}

#[test]
fn the_work_on_offer_follows_the_age_and_what_was_chosen_waits() {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    session.add("/data/talk/person").unwrap();
    let role = "/data/talk/person[1]/role";
    session.set("/data/talk/person[1]/age", "30").unwrap();
    session.set(role, "student farmer nobody").unwrap();
    assert_eq!(value(&session, role), "farmer student", "in the order of the list, unknown ones dropped");

    session.set("/data/talk/person[1]/age", "10").unwrap();
    assert_eq!(choices(&session, role), ["student"]);
    assert_eq!(value(&session, role), "student");

    session.set("/data/talk/person[1]/age", "16").unwrap();
    assert_eq!(value(&session, role), "farmer student");
    assert_eq!(at(&session, role).choices.unwrap()[0].media, [("image".to_owned(), "farmer.png".to_owned())]);
}

#[test]
fn the_language_changes_labels_messages_and_named_choices() {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    session.add("/data/talk/person").unwrap();
    session.set("/data/talk/person[1]/age", "30").unwrap();
    session.set("/data/talk/person[1]/role", "trader").unwrap();
    assert_eq!(value(&session, "/data/talk/person[1]/role_name"), "Trader");
    assert_eq!(session.language(), Some("English (en)"));

    session.set_language("Kiswahili (sw)").unwrap();
    assert_eq!(value(&session, "/data/talk/person[1]/role_name"), "Mfanyabiashara");
    assert_eq!(at(&session, "/data/talk/head").message.as_deref(), Some("Jina, tafadhali."));
    assert_eq!(at(&session, "/data/talk/person[1]").label.as_deref(), Some("Mtu 1"));
    assert_eq!(session.set_language("Klingon").unwrap_err().code(), "form.unknown-language");
}

#[test]
fn the_form_counts_the_visits() {
    let mut session = start(&household());
    session.set("/data/visits", "3").unwrap();
    session.set("/data/visit[3]/day", "2025-03-14").unwrap();
    assert_eq!(value(&session, "/data/visit[3]/number"), "3");
    assert_eq!(session.add("/data/visit").unwrap_err().code(), "form.fixed-repeat");
    assert_eq!(session.remove("/data/visit[1]").unwrap_err().code(), "form.fixed-repeat");

    session.set("/data/visits", "").unwrap();
    assert_eq!(session.instances("/data/visit").len(), 3, "a blank count changes nothing");
    session.set("/data/visits", "-4").unwrap();
    assert_eq!(session.instances("/data/visit").len(), 0);
    session.set("/data/visits", "1").unwrap();
    assert_eq!(value(&session, "/data/visit[1]/day"), "");
}

#[test]
fn a_time_that_was_noted_stays_when_others_are_added() {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    session.add("/data/talk/person").unwrap();
    session.set("/data/talk/person[1]/name", "Wanjiru").unwrap();
    let seen = value(&session, "/data/talk/person[1]/seen");
    assert!(seen.starts_with("2025-03-14T12:00"));

    session.set_now(support::NOON + 3_600_000, 0);
    session.add("/data/talk/person").unwrap();
    session.set("/data/talk/person[2]/name", "Otieno").unwrap();
    session.remove("/data/talk/person[2]").unwrap();
    session.add("/data/talk/person").unwrap();
    session.set("/data/talk/person[2]/name", "Otieno").unwrap();
    assert_eq!(value(&session, "/data/talk/person[1]/seen"), seen);
    assert!(value(&session, "/data/talk/person[2]/seen").starts_with("2025-03-14T13:00"));
}

#[test]
fn an_action_follows_a_change_and_the_end_is_stamped_at_finalising() {
    let mut session = start(&household());
    session.set("/data/consent", "yes").unwrap();
    session.set("/data/talk/head", "Wanjiru").unwrap();
    session.add("/data/talk/person").unwrap();
    assert_eq!(value(&session, "/data/stamp"), "");
    session.set("/data/talk/person[1]/name", "Otieno").unwrap();
    assert_eq!(value(&session, "/data/stamp"), "named Wanjiru");

    session.set_now(support::NOON + 60_000, 0);
    session.finalise();
    assert_eq!(value(&session, "/data/ended"), "2025-03-14T12:01:00.000+00:00");
}

#[test]
fn what_is_journaled_is_what_cannot_be_computed_again() {
    let mut session = start(&household());
    let first: Vec<String> = questions(&session.take_edits());
    assert_eq!(first, ["origin", "begun", "device", "meta/instanceID", "ticket"].map(str::to_owned));

    session.set("/data/consent", "yes").unwrap();
    session.set("/data/talk/head", "Wanjiru").unwrap();
    session.set("/data/talk/notes", "They came\nat night.").unwrap();
    session.set("/data/afraid", "yes").unwrap();
    let edits = session.take_edits();
    assert_eq!(questions(&edits), ["consent", "talk/head", "talk/notes", "afraid"]);
    let of = |question: &str| {
        edits.iter().find_map(|e| match e {
            Edit::Set { path, text, sensitivity, .. } if path.question == question => {
                Some((*text, *sensitivity))
            }
            _ => None,
        })
    };
    assert_eq!(of("talk/notes"), Some((true, Sensitivity::Moderate)));
    assert_eq!(of("talk/head"), Some((false, Sensitivity::High)));
    assert_eq!(of("afraid"), Some((false, Sensitivity::Severe)));

    session.set("/data/talk/head", "").unwrap();
    let edits = session.take_edits();
    assert!(matches!(edits.as_slice(), [Edit::Set { value: None, .. }]), "clearing writes null: {edits:?}");
    session.set("/data/talk/head", "").unwrap();
    assert!(session.take_edits().is_empty());
}

#[test]
fn where_a_severe_answer_is_absent_its_rules_are_left_alone() {
    let mut filled = start(&household());
    filled.set("/data/consent", "yes").unwrap();
    filled.set("/data/talk/head", "Wanjiru").unwrap();
    filled.set("/data/afraid", "yes").unwrap();
    filled.set("/data/afraid_of", "a neighbour").unwrap();
    let mut answers = filled.answers();
    answers.values.retain(|path, _| !path.question.starts_with("afraid"));

    let absent = BTreeSet::from(["afraid".to_owned(), "afraid_of".to_owned()]);
    let reopened = |absent| {
        let options = baraza_forms::Options { absent, ..options() };
        Session::restore(household(), options, &answers, &mut Dice(9))
    };
    assert!(reopened(absent.clone()).missing().is_empty());
    assert!(at(&reopened(absent), "/data/afraid_of").relevant);
    assert!(!at(&reopened(BTreeSet::new()), "/data/afraid_of").relevant);
}

#[test]
fn a_note_is_read_and_a_range_keeps_its_bounds() {
    let xml = small(
        r#"<instance><data id="t"><n/><r/><k/><d>7</d></data></instance>
           <bind nodeset="/data/n" readonly="true()"/><bind nodeset="/data/r" type="int"/>
           <bind nodeset="/data/k" type="string"/><bind nodeset="/data/d" type="int" readonly="/data/r = 3"/>"#,
        r#"<input ref="/data/n"><label>Read this</label></input>
           <range ref="/data/r" start="1" end="5" step="1"><label>How safe?</label></range>
           <trigger ref="/data/k"><label>Done</label></trigger><input ref="/data/d"><label>D</label></input>"#,
    );
    let mut session = start(&form(&xml));
    assert_eq!(at(&session, "/data/n").kind, NodeKind::Note);
    assert_eq!(session.set("/data/n", "x").unwrap_err().code(), "form.no-answer");
    session.set("/data/r", "9").unwrap();
    assert_eq!(value(&session, "/data/r"), "");
    session.set("/data/r", "3").unwrap();
    assert_eq!(session.set("/data/d", "8").unwrap_err().code(), "form.read-only");
    session.set("/data/k", "OK").unwrap();
    assert_eq!(value(&session, "/data/k"), "OK");
    session.set("/data/k", "yes").unwrap();
    assert_eq!(value(&session, "/data/k"), "");
}

#[test]
fn a_ranking_names_every_choice() {
    let xml = small(
        r#"<instance><data id="t"><r/></data></instance><bind nodeset="/data/r" type="odk:rank"/>"#,
        r#"<odk:rank ref="/data/r"><label>R</label><item><label>A</label><value>a</value></item><item><label>B</label><value>b</value></item></odk:rank>"#,
    );
    let mut session = start(&form(&xml));
    assert_eq!(session.set("/data/r", "b").unwrap_err().code(), "form.partial-rank");
    session.set("/data/r", "b a").unwrap();
    assert_eq!(value(&session, "/data/r"), "b a");
}

fn questions(edits: &[Edit]) -> Vec<String> {
    edits
        .iter()
        .filter_map(|e| match e {
            Edit::Set { path, .. } => Some(path.question.clone()),
            _ => None,
        })
        .collect()
}
