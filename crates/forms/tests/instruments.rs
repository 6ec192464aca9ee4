//! The nine instruments can be filled by the people they are for.
//!
//! Amina is a community liaison interpreter, Grace leads a patrol, Joseph interviews households. A [`Walk`] is one
//! of them with a form: it answers every question that is asked, in order, taking the answer that the story gives
//! and a plausible one otherwise, and tries every choice on the way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

use baraza_forms::def::{BodyItem, Control};
use baraza_forms::{Attachments, Form, FormDef, NodeKind, NodeView, Options, Session, xlsform};
use baraza_model::{Entropy, Sensitivity, Severity};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

const CORE: [&str; 3] = ["fgd", "survey", "patrol"];
const OTHERS: [&str; 6] = ["alert", "initiative", "jpt", "msc", "request", "verify"];
/// 2026-11-20T10:00:00Z, the day of all stories.
const NOW_MS: i64 = 1_795_168_800_000;

/// Random bytes that are the same in each run.
struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, buf: &mut [u8]) {
        for byte in buf {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 33) as u8;
        }
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas/instruments/xlsx")
}

fn attachments() -> Attachments {
    let mut found = Attachments::default();
    for entry in std::fs::read_dir(folder()).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if !name.ends_with(".xlsx") {
            found.0.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn definition(name: &str) -> (FormDef, Vec<baraza_model::Diagnostic>) {
    let attachments = attachments();
    let present: Vec<&str> = attachments.0.keys().map(String::as_str).collect();
    let book = std::fs::read(folder().join(format!("{name}.xlsx"))).unwrap();
    let import = xlsform::import(&book, name, &present);
    let errors: Vec<_> = import.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
    (import.form.unwrap(), import.diagnostics)
}

fn compiled(name: &str) -> Arc<Form> {
    let compiled = Form::compile(definition(name).0, &attachments());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
    compiled.form.unwrap()
}

fn controls(items: &[BodyItem]) -> Vec<&Control> {
    items
        .iter()
        .flat_map(|item| match item {
            BodyItem::Group(group) => controls(&group.children),
            BodyItem::Repeat(repeat) => controls(&repeat.children),
            BodyItem::Control(control) => vec![control],
        })
        .collect()
}

fn repeats(items: &[BodyItem]) -> Vec<String> {
    items
        .iter()
        .flat_map(|item| match item {
            BodyItem::Group(group) => repeats(&group.children),
            BodyItem::Repeat(repeat) => vec![repeat.nodeset.clone()],
            BodyItem::Control(_) => Vec::new(),
        })
        .collect()
}

/// The list that a select offers: the name in `instance('…')`.
fn list_of(control: &Control) -> Option<String> {
    let itemset = control.itemset.as_ref()?;
    itemset.nodeset.split('\'').nth(1).map(str::to_owned)
}

/// A person filling a form.
struct Walk {
    session: Session,
    /// What the story says, by the question's name.
    story: BTreeMap<String, String>,
    /// Questions that the person leaves out.
    skipped: BTreeSet<String>,
    /// List → the choices of it that were taken at least for a moment.
    tried: BTreeMap<String, BTreeSet<String>>,
    lists: BTreeMap<String, String>,
}

impl Walk {
    fn start(name: &str, story: &[(&str, &str)]) -> Self {
        let form = compiled(name);
        let lists = controls(&form.def().body)
            .into_iter()
            .filter_map(|c| Some((c.reference.clone(), list_of(c)?)))
            .collect();
        let options = Options {
            now_ms: NOW_MS,
            device_alias: "tablet-7".to_owned(),
            instance_id: "uuid:0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0".to_owned(),
            ..Options::default()
        };
        Walk {
            session: Session::start(form, options, &mut Seeded(7)),
            story: story.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            skipped: BTreeSet::new(),
            tried: BTreeMap::new(),
            lists,
        }
    }

    fn def(&self) -> FormDef {
        self.session.form().def().clone()
    }

    /// Answers whatever is asked and still blank, until nothing is.
    fn answer_everything(&mut self) {
        for _ in 0..2_000 {
            let asked = self.session.nodes().into_iter().find(|n| {
                let open = matches!(
                    n.kind,
                    NodeKind::Input | NodeKind::Select | NodeKind::Rank | NodeKind::Range | NodeKind::Trigger
                );
                open && n.relevant && !n.readonly && n.value.is_empty() && !self.skipped.contains(&n.path)
            });
            let Some(asked) = asked else { return };
            self.answer(&asked);
        }
        panic!("the form never ends");
    }

    fn answer(&mut self, node: &NodeView) {
        let told = self.story.get(name(&node.path)).cloned();
        self.try_choices(node);
        for value in told.into_iter().chain(plausible(node)) {
            if self.session.set(&node.path, &value).is_err() {
                continue;
            }
            let now = self.node(&node.path);
            if now.valid && !now.value.is_empty() {
                return;
            }
        }
        let _ = self.session.set(&node.path, "");
        assert!(!node.required, "nothing fits {}: {:?}", node.path, self.node(&node.path));
        self.skipped.insert(node.path.clone());
    }

    fn try_choices(&mut self, node: &NodeView) {
        let Some(list) = self.lists.get(&unindexed(&node.path)).cloned() else { return };
        for choice in node.choices.iter().flatten() {
            self.session.set(&node.path, &choice.value).unwrap();
            assert_eq!(self.node(&node.path).value, choice.value, "{}", node.path);
            assert!(!choice.label.is_empty() && choice.label != "-", "{} offers {}", node.path, choice.value);
            self.tried.entry(list.clone()).or_default().insert(choice.value.clone());
        }
        self.session.set(&node.path, "").unwrap();
    }

    /// Tries the choices of questions that came with an answer, and gives that answer back.
    fn try_answered(&mut self) {
        for node in self.session.nodes() {
            let list = self.lists.get(&unindexed(&node.path));
            let untried = list.is_some_and(|l| !self.tried.contains_key(l));
            if untried && node.relevant && !node.readonly {
                self.try_choices(&node);
                self.session.set(&node.path, &node.value).unwrap();
            }
        }
    }

    fn node(&self, path: &str) -> NodeView {
        let id = self.session.find(path).unwrap_or_else(|| panic!("no node {path}"));
        self.session.node(id).unwrap()
    }

    fn value(&self, path: &str) -> String {
        self.node(path).value
    }

    fn asked(&self, path: &str) -> bool {
        self.node(path).relevant
    }

    /// Reads the form in each of its languages; gives one label in all of them.
    fn labels(&mut self, path: &str) -> Vec<String> {
        let mut found = Vec::new();
        for language in self.def().languages {
            self.session.set_language(&language).unwrap();
            for node in self.session.nodes().into_iter().filter(|n| n.relevant) {
                for text in [&node.label, &node.hint, &node.message].into_iter().flatten() {
                    assert!(!text.trim().is_empty() && text != "-", "{language}: {} has no text", node.path);
                }
            }
            found.push(self.node(path).label.unwrap_or_default());
        }
        found
    }

    fn finalise(&mut self) {
        self.session.finalise();
        let missing: Vec<String> = self.session.missing().into_iter().map(|n| n.path).collect();
        let violations: Vec<String> = self.session.violations().into_iter().map(|n| n.path).collect();
        assert!(self.session.is_valid(), "missing {missing:?}, violated {violations:?}");
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn unindexed(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '[') && c != ']';
        if !inside && c != ']' {
            out.push(c);
        }
    }
    out
}

/// What a person might answer, most likely first.
fn plausible(node: &NodeView) -> Vec<String> {
    let of = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
    match (node.kind, node.datatype.as_str()) {
        (NodeKind::Trigger, _) => of(&["OK"]),
        (NodeKind::Select | NodeKind::Rank, _) => {
            node.choices.iter().flatten().map(|c| c.value.clone()).collect()
        }
        (_, "int") => of(&["3", "1", "0", "10", "2026"]),
        (_, "decimal") => of(&["0.5", "1", "10"]),
        (_, "date") => of(&["2026-11-20", "2026-11-19", "2026-12-20"]),
        (_, "dateTime") => {
            of(&["2026-11-20T08:00:00.000Z", "2026-11-20T09:00:00.000Z", "2026-11-20T09:30:00.000Z"])
        }
        (_, "time") => of(&["08:00:00.000Z"]),
        (_, "geotrace") => of(&["1.0 1.0 0 0;1.1 1.1 0 0"]),
        (_, "geopoint") => of(&["1.0 1.0 0 0"]),
        _ => of(&["The path to the well, before sunrise", "A-12", "0a1b2c3d"]),
    }
}

#[test]
fn all_nine_instruments_import_without_an_error_and_compile() {
    for name in CORE.iter().chain(&OTHERS) {
        let form = compiled(name);
        let def = form.def();
        assert_eq!(def.languages.len(), 4, "{name}");
        assert_eq!(def.titles.len(), if def.titles.contains_key("English (en)") { 4 } else { 3 }, "{name}");
        assert_eq!(def.id, format!("baraza_{name}"));
        assert!(def.retention_days.is_some() && def.settings.contains_key("purpose"), "{name}");
    }
}

/// A case of sexual violence is severe, and so is everything that shows whether there is one.
#[test]
fn the_verification_case_raises_what_its_severe_questions_decide() {
    let (form, findings) = definition("verify");
    let raised = findings.iter().filter(|d| d.code == "sensitivity.raised").count();
    assert!(raised >= 10, "{raised}");
    let level = |path: &str| baraza_forms::sensitivity::level(&form, path);
    assert_eq!(level("/data/g_facts/facts_read"), Sensitivity::Severe, "shown only for an open case");
    assert_eq!(level("/data/g_start/clock_ok"), Sensitivity::Low, "asked of everybody");
    for name in CORE.iter().chain(&OTHERS).filter(|n| **n != "verify") {
        let findings = definition(name).1;
        assert!(!findings.iter().any(|d| d.code.starts_with("sensitivity.")), "{name}: {findings:?}");
    }
}

#[test]
fn amina_writes_down_a_discussion_among_women() {
    let story = [
        ("sexgrp", "women"),
        ("agegrp", "a18_34"),
        ("interp_mode", "two_step_relay"),
        ("interp_sex", "male"),
        ("others_present", "armed_actor family"),
        ("consent_mode", "oral_each"),
        ("any_risk", "yes"),
        ("any_need", "yes"),
        ("nd_promise", "yes"),
        ("feedback_given", "yes"),
        ("distress", "yes"),
        ("reprisal_concern", "yes"),
    ];
    let mut amina = Walk::start("fgd", &story);
    amina.answer_everything();
    assert!(amina.asked("/data/g_group/mismatch_warn"), "a man interprets for women");
    assert!(amina.asked("/data/g_setting/present_warn"), "an armed person is near");
    assert_eq!(amina.value("/data/needs[1]/nd_spawn"), "request", "a promise must not be forgotten");
    assert!(amina.asked("/data/g_end/distress_help"));
    assert_eq!(
        amina.value("/data/g_count/n_total").parse::<u32>().unwrap_or(0),
        9,
        "three age groups of three"
    );
    amina.finalise();
}

#[test]
fn without_consent_the_discussion_ends_and_can_still_be_handed_over() {
    let mut amina = Walk::start("fgd", &[("consent_mode", "not_given")]);
    amina.answer_everything();
    assert!(amina.asked("/data/g_consent/consent_stop"));
    for page in ["g_count", "g_risk", "g_need", "g_temp", "g_end"] {
        assert!(!amina.asked(&format!("/data/{page}")), "{page} is closed");
    }
    assert!(
        amina.session.nodes().iter().filter(|n| n.path.starts_with("/data/statements")).all(|n| !n.relevant)
    );
    amina.finalise();
}

#[test]
fn a_threat_of_sexual_violence_is_named_but_never_narrated() {
    let mut amina =
        Walk::start("fgd", &[("st_topic", "sexual_violence_general"), ("consent_mode", "oral_group")]);
    amina.answer_everything();
    assert!(amina.asked("/data/statements[1]/st_sv_stop"));
    assert!(!amina.asked("/data/statements[1]/st_text"));
    amina.finalise();
}

#[test]
fn joseph_interviews_a_woman_who_is_alone() {
    let story = [
        ("doorstep", "talk"),
        ("consent", "yes"),
        ("alone", "yes"),
        ("alone_still", "yes"),
        ("ended", "complete"),
    ];
    let mut joseph = Walk::start("survey", &story);
    joseph.answer_everything();
    assert!(joseph.asked("/data/g_trust/trust_army"));
    assert_eq!(joseph.value("/data/g_result/outcome"), "complete");
    joseph.finalise();
}

#[test]
fn nobody_is_asked_about_the_army_while_others_listen() {
    let mut joseph = Walk::start(
        "survey",
        &[("doorstep", "talk"), ("consent", "yes"), ("alone", "no"), ("ended", "complete")],
    );
    joseph.answer_everything();
    assert!(!joseph.asked("/data/g_trust/trust_army") && !joseph.asked("/data/g_trust/trust_police"));
    assert!(joseph.asked("/data/g_trust/trust_skip") && joseph.asked("/data/g_trust/trust_un"));
    joseph.finalise();
}

#[test]
fn a_household_that_refuses_is_counted_and_asked_nothing_more() {
    for (story, outcome) in [
        (vec![("doorstep", "talk"), ("consent", "no")], "refused"),
        (vec![("doorstep", "not_home")], "not_home"),
        (vec![("doorstep", "refused")], "refused"),
    ] {
        let mut joseph = Walk::start("survey", &story);
        joseph.answer_everything();
        assert_eq!(joseph.value("/data/g_result/outcome"), outcome);
        for page in ["g_person", "g_safe1", "g_patrol", "g_trust", "g_end"] {
            assert!(!joseph.asked(&format!("/data/{page}")), "{page} after {story:?}");
        }
        joseph.finalise();
    }
}

#[test]
fn grace_reports_a_market_patrol_that_came_late_and_saw_something() {
    let story = [
        ("ptype", "market"),
        ("pstatus", "done_as_planned"),
        ("t_agreed", "2026-11-20T07:00:00.000Z"),
        ("t_start", "2026-11-20T06:30:00.000Z"),
        ("t_meet", "2026-11-20T07:40:00.000Z"),
        ("t_end", "2026-11-20T09:30:00.000Z"),
        ("met_anyone", "yes"),
        ("saw_anything", "yes"),
        ("ob_flash", "yes"),
        ("promised", "yes"),
        ("track_ok", "yes"),
    ];
    let mut grace = Walk::start("patrol", &story);
    grace.answer_everything();
    assert_eq!(grace.value("/data/g_times/late_min"), "40");
    assert!(grace.asked("/data/g_times/late_warn"));
    assert_eq!(grace.value("/data/observations[1]/ob_spawn"), "alert");
    assert_eq!(grace.value("/data/n_flash"), "1");
    assert_eq!(grace.value("/data/g_after/spawn"), "request");
    assert_eq!(grace.node("/data/g_times/track").sensitivity, Sensitivity::Severe);
    grace.finalise();
}

#[test]
fn a_patrol_that_was_stopped_shows_as_denied_and_asks_no_more() {
    let mut grace = Walk::start("patrol", &[("pstatus", "not_done"), ("why_not", "denied_armed")]);
    grace.answer_everything();
    assert_eq!(grace.value("/data/g_status/access_denied"), "1");
    for page in ["g_team", "g_times", "g_talk", "g_seen", "g_after"] {
        assert!(!grace.asked(&format!("/data/{page}")), "{page}");
    }
    grace.finalise();
}

/// Stories in which every repeat and every list of a form is asked for.
fn full_story(name: &str) -> Vec<(&'static str, &'static str)> {
    match name {
        "fgd" => vec![
            ("sexgrp", "mixed"),
            ("interp_mode", "two_step_relay"),
            ("others_present", "family"),
            ("consent_mode", "oral_group"),
            ("any_risk", "yes"),
            ("any_need", "yes"),
            ("nd_promise", "yes"),
            ("distress", "yes"),
        ],
        "survey" => vec![
            ("doorstep", "talk"),
            ("interp_mode", "interpreter"),
            ("consent", "yes"),
            ("alone", "no"),
            ("saw_patrol", "often"),
            ("know_hotline", "yes"),
            ("used_hotline", "no"),
            ("ended", "complete"),
        ],
        _ => vec![
            ("ptype", "escort"),
            ("pstatus", "done_altered"),
            ("t_start", "2026-11-20T06:30:00.000Z"),
            ("t_agreed", "2026-11-20T07:00:00.000Z"),
            ("met_anyone", "yes"),
            ("saw_anything", "yes"),
            ("promised", "yes"),
        ],
    }
}

#[test]
fn every_choice_of_every_list_can_be_taken() {
    for form in CORE {
        let mut walk = Walk::start(form, &full_story(form));
        walk.answer_everything();
        walk.try_answered();
        let def = walk.def();
        for control in controls(&def.body) {
            let Some(list) = list_of(control).filter(|l| l != "sites") else { continue };
            let node = &control.reference;
            let bind = def.binds.iter().find(|b| b.nodeset == *node).unwrap();
            if bind.readonly.as_deref() == Some("true()") {
                assert!(bind.calculate.is_some(), "{form}: {node} shows a result");
                continue;
            }
            assert!(walk.tried.contains_key(&list), "{form}: {node} never offered the list {list}");
            let filtered = control.itemset.as_ref().unwrap().nodeset.contains('[');
            if !filtered {
                let instance = def.secondary.iter().find(|i| i.id == list).unwrap();
                let all = instance.content.as_ref().unwrap().children.len();
                assert_eq!(walk.tried[&list].len(), all, "{form}: {list}");
            }
        }
        walk.finalise();
    }
}

#[test]
fn every_repeat_takes_a_second_instance_and_gives_it_back() {
    for form in CORE {
        let mut walk = Walk::start(form, &full_story(form));
        walk.answer_everything();
        for repeat in repeats(&walk.def().body) {
            let before = walk.session.instances(&repeat).len();
            walk.session.add(&repeat).unwrap();
            walk.answer_everything();
            walk.finalise();
            let second = format!("{repeat}[{}]", before + 1);
            let answered =
                walk.session.nodes().iter().any(|n| n.path.starts_with(&second) && !n.value.is_empty());
            assert!(answered, "{second} was asked");
            walk.session.remove(&second).unwrap();
            assert_eq!(walk.session.instances(&repeat).len(), before, "{repeat}");
        }
        walk.finalise();
    }
}

#[test]
fn the_four_languages_say_everything_and_say_it_differently() {
    for (form, question) in [
        ("fgd", "/data/g_group/sexgrp"),
        ("survey", "/data/g_door/doorstep"),
        ("patrol", "/data/g_plan/ptype"),
    ] {
        let mut walk = Walk::start(form, &full_story(form));
        walk.answer_everything();
        let labels = walk.labels(question);
        let different: BTreeSet<&String> = labels.iter().collect();
        assert_eq!(different.len(), 4, "{form}: {labels:?}");
    }
}

#[test]
fn a_wrong_answer_is_explained_in_the_language_of_the_person() {
    let mut amina = Walk::start("fgd", &[]);
    for language in amina.def().languages {
        amina.session.set_language(&language).unwrap();
        amina.session.set("/data/g_start/clock_ok", "yes").unwrap();
        amina.session.set("/data/g_start/date_activity", "2027-01-01").unwrap();
        let day = amina.node("/data/g_start/date_activity");
        assert!(!day.valid, "the future");
        assert!(day.message.as_ref().is_some_and(|m| m.len() > 10 && m != "-"), "{language}: {day:?}");
    }
}

#[test]
fn the_other_six_can_be_filled_to_the_end() {
    for form in OTHERS {
        let mut walk = Walk::start(form, &[]);
        walk.answer_everything();
        walk.finalise();
        let answered = walk
            .session
            .nodes()
            .iter()
            .filter(|n| n.kind != NodeKind::ModelValue && !n.value.is_empty())
            .count();
        assert!(answered >= 10, "{form}: only {answered} answers");
    }
}
