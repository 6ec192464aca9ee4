//! Headquarters: tables with words, filters and pages; one record with what is severe in it; what is set aside.

use crate::{team, village};
use baraza_app::{HeldState, TableNeeds, TableQuery};
use baraza_testkit::answers::{FEARED, FOCUS_GROUP, MOOD, PATROL, SURVEY};
use baraza_testkit::{Mission, Person};

/// Amina's card goes to Ines.
fn deliver(mission: &mut Mission, person: &mut Person) {
    let card = mission.card("to-headquarters");
    person.bundle_out(&card, "Ines").unwrap();
    mission.ines.import(&card).unwrap();
}

fn surveys() -> (tempfile::TempDir, Mission, Person, Vec<baraza_model::RecordId>) {
    let (dir, mut mission, mut amina) = village("survey");
    let mut records = Vec::new();
    for (household, safe) in [("1", "unsafe"), ("2", "safe"), ("3", "safe"), ("4", "very_unsafe")] {
        let record = amina.begin("baraza_survey", SURVEY).unwrap();
        amina.edit(record, &[("g_visit/hh_no", household), ("g_safe1/safe_overall", safe)]).unwrap();
        amina.close(record).unwrap();
        deliver(&mut mission, &mut amina);
        mission.clock.hours(1);
        records.push(record);
    }
    (dir, mission, amina, records)
}

#[test]
fn a_table_speaks_the_readers_language_and_shows_what_changed_last_first() {
    let (_dir, mut mission, _amina, records) = surveys();
    let query =
        TableQuery { form_id: "baraza_survey".into(), language: Some("en".into()), ..TableQuery::default() };
    let table = mission.ines.office_table(&query).unwrap();
    assert_eq!((table.total, table.matching, table.rows.len()), (4, 4, 4));
    let order: Vec<_> = table.rows.iter().map(|row| row.record).collect();
    assert_eq!(order, records.iter().rev().copied().collect::<Vec<_>>());
    let place = table.columns.iter().position(|c| c.question == "g_safe1/safe_overall").unwrap();
    let column = &table.columns[place];
    assert!(column.data_type == "select1" && column.label.len() > 10, "{column:?}");
    let newest = &table.rows[0];
    assert_eq!(newest.cells[place].as_deref(), Some("very_unsafe"));
    let shown = newest.display[place].as_deref().unwrap();
    assert!(shown != "very_unsafe" && shown.len() > 4, "{shown}");
    assert_eq!(newest.authors, ["Interpreter"]);
    assert!(
        table.columns.iter().all(|c| c.question != "g_end/reprisal_concern"),
        "severe answers are in no table"
    );
    // A place is named although other answers decide which places are on offer.
    let site = table.columns.iter().position(|c| c.question == "g_start/site_code").unwrap();
    assert_eq!(newest.cells[site].as_deref(), Some("SX3WMD"));
    assert_ne!(newest.display[site].as_deref(), Some("SX3WMD"));
    let french = TableQuery { language: Some("fr".into()), ..query };
    let french = mission.ines.office_table(&french).unwrap();
    assert_ne!(french.columns[place].label, column.label);
    assert_ne!(french.rows[0].display[place].as_deref(), Some(shown));
}

#[test]
fn a_table_is_asked_by_value_by_word_and_by_page() {
    let (_dir, mut mission, _amina, records) = surveys();
    let all = TableQuery { form_id: "baraza_survey".into(), ..TableQuery::default() };
    let ines = &mut mission.ines;
    let mut found = |query: &TableQuery| -> (u64, Vec<_>) {
        let table = ines.office_table(query).unwrap();
        assert_eq!(table.total, 4);
        (table.matching, table.rows.into_iter().map(|row| row.record).collect())
    };
    let filter = |column: &str, values: &[&str]| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        TableQuery { filters: vec![(column.to_owned(), values)], ..all.clone() }
    };
    assert_eq!(found(&filter("g_safe1/safe_overall", &["safe"])), (2, vec![records[2], records[1]]));
    assert_eq!(found(&filter("g_safe1/safe_overall", &["unsafe", "very_unsafe"])).0, 2);
    assert_eq!(found(&filter("g_visit/hh_no", &["4"])), (1, vec![records[3]]));
    assert_eq!(found(&filter("g_change/main_threats", &["looting"])).0, 4, "one choice of several");
    assert_eq!(found(&filter("g_change/main_threats", &["loot"])).0, 0);
    assert_eq!(found(&TableQuery { words: "lamp GIRLS".into(), ..all.clone() }).0, 4);
    assert_eq!(found(&TableQuery { words: "lamp camel".into(), ..all.clone() }).0, 0);
    let page = TableQuery { limit: 2, offset: 2, ..all.clone() };
    assert_eq!(found(&page), (4, vec![records[1], records[0]]));
    assert_eq!(found(&TableQuery { needs: Some(TableNeeds::TwoAnswers), ..all.clone() }).0, 0);
    let since = TableQuery { since: i64::MAX.to_string(), ..all.clone() };
    assert_eq!(found(&since).0, 0);
    assert!(mission.ines.office_table(&filter("g_end/reprisal_concern", &["yes"])).is_err());

    let facets = mission.ines.office_facets("baraza_survey", "g_safe1/safe_overall", Some("en")).unwrap();
    let values: Vec<_> = facets.iter().map(|facet| (&*facet.value, facet.count)).collect();
    assert_eq!(values, [("safe", 2), ("unsafe", 1), ("very_unsafe", 1)]);
    assert!(facets.iter().all(|facet| facet.label != facet.value));
    let threats = mission.ines.office_facets("baraza_survey", "g_change/main_threats", None).unwrap();
    assert_eq!(threats.iter().map(|facet| facet.count).collect::<Vec<_>>(), [4, 4], "each choice by itself");
    let severe = mission.ines.office_facets("baraza_survey", "g_end/reprisal_concern", None);
    assert!(severe.is_err(), "nobody counts reprisals in a menu");
}

#[test]
fn a_repeat_is_a_table_of_its_own_and_days_of_a_date_bound_it() {
    let (_dir, mut mission, mut kofi, _) = team();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    kofi.edit(patrol, &[(MOOD, "better")]).unwrap();
    kofi.close(patrol).unwrap();
    deliver(&mut mission, &mut kofi);
    let contacts =
        TableQuery { form_id: "baraza_patrol".into(), repeat: "contacts".into(), ..TableQuery::default() };
    let table = mission.ines.office_table(&contacts).unwrap();
    assert_eq!((table.rows.len(), table.matching, table.rows[0].position), (1, 1, 1));
    let by_form =
        TableQuery { filters: vec![("g_plan/ptype".into(), vec!["market".into()])], ..contacts.clone() };
    assert_eq!(mission.ines.office_table(&by_form).unwrap().matching, 1, "a column of the form itself");
    let days = |since: &str, until: &str| TableQuery {
        repeat: String::new(),
        date_column: "g_times/t_start".into(),
        since: since.into(),
        until: until.into(),
        ..contacts.clone()
    };
    assert_eq!(mission.ines.office_table(&days("2026-11-16", "2026-11-16")).unwrap().matching, 1);
    assert_eq!(mission.ines.office_table(&days("2026-11-17", "")).unwrap().matching, 0);
    assert_eq!(mission.ines.office_table(&days("", "2026-11-15")).unwrap().matching, 0);
}

#[test]
fn what_is_severe_is_sealed_in_the_drawer_until_ines_asks_and_asking_is_written_down() {
    let (_dir, mut mission, mut amina) = village("fgd");
    let group = amina.report("baraza_fgd", FOCUS_GROUP).unwrap();
    deliver(&mut mission, &mut amina);
    let closed = mission.ines.office_record(group, Some("en"), false).unwrap();
    let note = |record: &baraza_app::OfficeRecord| {
        record.answers.iter().find(|answer| answer.path.ends_with("/reprisal_note")).unwrap().clone()
    };
    assert!(closed.has_severe && note(&closed).sealed && note(&closed).value.is_empty());
    let everything = serde_json_of(&closed);
    assert!(!everything.contains("neighbours"), "nothing of it is anywhere in the view");
    assert_eq!((closed.authors, closed.form.id.as_str()), (vec!["Interpreter".to_owned()], "baraza_fgd"));
    assert!(closed.answers.iter().any(|answer| answer.group.is_some() && answer.display != answer.value));
    let opened = mission.ines.office_record(group, Some("en"), true).unwrap();
    assert_eq!((note(&opened).value.as_str(), note(&opened).sealed), (FEARED, false));
    let audit = mission.ines.office_audit(50).unwrap();
    let opened: Vec<_> = audit.iter().filter(|entry| entry.action == "open-severe").collect();
    assert_eq!(opened.len(), 1, "{audit:?}");
    assert!(opened[0].detail.contains(&group.to_string()));
}

fn serde_json_of(record: &baraza_app::OfficeRecord) -> String {
    format!("{record:?}")
}

#[test]
fn the_overview_counts_what_came_today_and_which_receipts_have_not_gone_back() {
    let (_dir, mut mission, mut amina, _) = surveys();
    let overview = mission.ines.office_overview().unwrap();
    assert_eq!((overview.records, overview.applied, overview.new_today), (4, 4, 4));
    // Each card carried what was not confirmed yet: Ines gave nothing back all day.
    assert_eq!((overview.already_had, overview.arrived_today), (6, 10));
    assert_eq!((overview.receipts_ready, overview.two_answers, overview.review), (4, 0, 0));
    assert_eq!((overview.held.waiting, overview.held.quarantined, overview.held.review), (0, 0, 0));
    let [form] = overview.records_by_form.try_into().unwrap();
    assert_eq!((form.form.as_str(), form.finalised, form.drafts), ("baraza_survey", 4, 0));
    assert_eq!(form.newest.unwrap().id, "baraza_survey");
    mission.clock.hours(1);
    mission.brief(&mut [&mut amina]).unwrap();
    assert_eq!(mission.ines.office_overview().unwrap().receipts_ready, 0);
    mission.clock.days(1);
    let tomorrow = mission.ines.office_overview().unwrap();
    assert_eq!((tomorrow.records, tomorrow.arrived_today, tomorrow.applied), (4, 0, 0));
}

#[test]
fn what_a_stolen_tablet_wrote_is_named_and_let_in_by_a_person_only() {
    let (_dir, mut mission, mut kofi, _) = team();
    deliver(&mut mission, &mut kofi);
    // Kofi wrote this before his tablet was taken; it comes in after Ines had it revoked.
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    kofi.edit(patrol, &[(MOOD, "better")]).unwrap();
    kofi.close(patrol).unwrap();
    mission.ines.revoke("North-1").unwrap();
    deliver(&mut mission, &mut kofi);
    let held = mission.ines.held_views().unwrap();
    assert!(!held.is_empty());
    assert!(held.iter().all(|held| held.state == HeldState::Review && held.device == "North-1"), "{held:?}");
    assert_eq!(mission.ines.office_overview().unwrap().held.review, held.len() as u64);
    assert_eq!(mission.ines.exchanges(1).unwrap()[0].held, held.len() as u64);
    assert_eq!(mission.ines.accept_held("beef").unwrap_err().code(), "held.unknown");
    for item in &held {
        mission.ines.accept_held(&item.digest).unwrap();
    }
    assert_eq!(mission.ines.held_views().unwrap(), []);
    assert_eq!(mission.ines.office_record(patrol, None, false).unwrap().summary.id, patrol);
}
