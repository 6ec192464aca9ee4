//! Lists: filters that the store answers, names, groups and labels as people read them.

use crate::{team, village};
use baraza_app::{DeliveryFilter, NeedsFilter, RecordsFilter, StatusFilter};
use baraza_testkit::answers::{FOCUS_GROUP, PATROL, SURVEY};

#[test]
fn kofi_finds_what_he_looks_for_by_state_by_way_and_by_word() {
    let (_dir, mission, mut kofi, _) = team();
    let open = kofi.begin("baraza_patrol", PATROL).unwrap();
    let given = kofi.begin("baraza_patrol", PATROL).unwrap();
    kofi.edit(given, &[("g_after/mood", "better")]).unwrap();
    kofi.close(given).unwrap();
    kofi.bundle_out(&mission.card("kofi"), "Ines").unwrap();
    let later = kofi.begin("baraza_patrol", &PATROL[..8]).unwrap();
    let all = RecordsFilter::default();
    let found = |filter: RecordsFilter| -> Vec<_> {
        let records: Vec<_> = kofi.records(&filter).unwrap().into_iter().map(|record| record.id).collect();
        assert_eq!(kofi.count_records(&filter).unwrap(), records.len() as u64);
        records
    };
    assert_eq!(found(all.clone()).len(), 3);
    let drafts = found(RecordsFilter { status: Some(StatusFilter::Draft), ..all.clone() });
    assert!(drafts.contains(&open) && drafts.contains(&later) && drafts.len() == 2);
    assert_eq!(found(RecordsFilter { status: Some(StatusFilter::Finalised), ..all.clone() }), [given]);
    assert_eq!(found(RecordsFilter { delivery: Some(DeliveryFilter::OnlyHere), ..all.clone() }), [later]);
    let handed = found(RecordsFilter { delivery: Some(DeliveryFilter::HandedOver), ..all.clone() });
    assert_eq!(handed.len(), 2, "a team's draft goes along");
    assert_eq!(found(RecordsFilter { delivery: Some(DeliveryFilter::Received), ..all.clone() }), []);
    assert_eq!(found(RecordsFilter { needs: Some(NeedsFilter::Review), ..all.clone() }), []);
    assert_eq!(found(RecordsFilter { words: Some("baobabs bri".into()), ..all.clone() }).len(), 2);
    assert_eq!(found(RecordsFilter { form_id: Some("baraza_survey".into()), ..all.clone() }), []);
    let page = RecordsFilter { limit: 1, offset: 1, ..all };
    assert_eq!((kofi.records(&page).unwrap().len(), kofi.count_records(&page).unwrap()), (1, 3));
}

#[test]
fn answers_are_shown_with_the_words_of_the_form_and_severe_ones_are_sealed() {
    let (_dir, _mission, mut amina) = village("fgd");
    let group = amina.report("baraza_fgd", FOCUS_GROUP).unwrap();
    let answers = amina.answers(group, Some("en")).unwrap().answers;
    let of = |path: &str| answers.iter().find(|answer| answer.path.ends_with(path)).unwrap();
    let sex = of("/sexgrp");
    assert_eq!((sex.value.as_str(), sex.kind.as_str()), ("women", "select1"));
    assert!(sex.display != "women" && !sex.display.is_empty() && sex.group.is_some(), "{sex:?}");
    let lists = of("/popgrp");
    assert_eq!((lists.kind.as_str(), lists.display.matches(", ").count()), ("select", 1), "{lists:?}");
    let said = of("/st_text");
    assert!(said.voice && said.display == said.value && said.display.starts_with("On market days"));
    let severe = of("/reprisal_note");
    assert!(severe.sealed && severe.value.is_empty() && severe.display.is_empty());
    let french = amina.answers(group, Some("fr")).unwrap().answers;
    assert!(french.iter().zip(&answers).any(|(fr, en)| fr.label != en.label), "the form speaks French");
    amina.answers(group, Some("xx")).unwrap();
}

#[test]
fn history_reads_as_people_speak() {
    let (_dir, _mission, mut amina) = village("survey");
    let survey = amina.report("baraza_survey", SURVEY).unwrap();
    let history = amina.history_in(survey, Some("fr")).unwrap();
    let trust = history.iter().find(|change| change.path.ends_with("trust_un")).unwrap();
    assert_eq!(trust.after.as_deref(), Some("agree"));
    assert!(trust.after_display.as_deref().is_some_and(|shown| shown != "agree"), "{trust:?}");
    assert!(trust.label.is_some());
}

#[test]
fn the_pictures_of_a_form_come_with_it() {
    let (_dir, _mission, amina) = village("survey");
    let form = amina.forms().unwrap()[0].hash;
    let picture = amina.form_media(form, "people_1.svg").unwrap();
    assert!(picture.is_some_and(|bytes| bytes.starts_with(b"<")), "the scale has its pictures");
    assert_eq!(amina.form_media(form, "nobody.png").unwrap(), None);
}
