//! The first screen: what waits, where each record is, what the clock and the storage say.

use crate::{pass, team, village};
use baraza_app::{Completion, Warning};
use baraza_testkit::DAY_MS;
use baraza_testkit::answers::{MOOD, PATROL, SURVEY};
use std::time::{Duration, Instant};

#[test]
fn a_record_is_counted_where_it_is_from_the_first_answer_to_the_day_it_is_forgotten() {
    let (_dir, mut mission, mut amina) = village("survey");
    let draft = amina.begin("baraza_survey", &SURVEY[..6]).unwrap();
    let done = amina.report("baraza_survey", SURVEY).unwrap();
    let today = amina.today().unwrap();
    let counts = today.counts;
    assert_eq!((counts.records, counts.drafts, counts.only_here), (2, 1, 1));
    assert_eq!((counts.handed_over, counts.received, counts.pruned), (0, 0, 0));
    assert_eq!(today.drafts.iter().map(|record| record.id).collect::<Vec<_>>(), [draft]);
    assert_eq!((today.alias.as_str(), today.workspace.as_str()), ("Interpreter", "Headquarters"));
    assert_eq!((today.last_handed_over, today.last_received, today.team), (None, None, None));

    mission.clock.hours(1);
    let handed = mission.clock.now();
    let card = mission.card("amina");
    amina.bundle_out(&card, "Ines").unwrap();
    assert_eq!(amina.today().unwrap().counts.handed_over, 1);
    assert_eq!(amina.today().unwrap().last_handed_over, Some(handed));

    mission.ines.import(&card).unwrap();
    mission.clock.hours(1);
    let received = mission.clock.now();
    mission.brief(&mut [&mut amina]).unwrap();
    let today = amina.today().unwrap();
    assert_eq!((today.counts.received, today.counts.handed_over, today.counts.drafts), (1, 0, 1));
    assert_eq!(today.last_received, Some(received));

    mission.clock.days(90);
    assert_eq!(amina.prune().unwrap().records, [done]);
    let today = amina.today().unwrap();
    assert_eq!((today.counts.records, today.counts.received, today.counts.pruned), (1, 0, 1));
    assert_eq!((today.last_handed_over, today.last_received), (Some(handed), Some(received)), "times stay");
}

#[test]
fn an_amendment_that_is_not_finished_is_only_here_again() {
    let (_dir, mut mission, mut amina) = village("survey");
    let survey = amina.report("baraza_survey", SURVEY).unwrap();
    amina.bundle_out(&mission.card("amina"), "Ines").unwrap();
    let mut open = amina.amend(survey, "The house number was wrong").unwrap();
    amina.fill(&mut open, &[("g_visit/hh_no", "21")]).unwrap();
    assert_eq!(amina.today().unwrap().counts.only_here, 1);
    amina.finalise(&mut open, Completion::Complete).unwrap();
    assert_eq!(amina.today().unwrap().counts.only_here, 1, "what is new was not handed over");
    amina.bundle_out(&mission.card("amina"), "Ines").unwrap();
    assert_eq!(amina.today().unwrap().counts.handed_over, 1);
    let card = mission.card("amina");
    mission.ines.import(&card).unwrap();
}

#[test]
fn two_answers_wait_for_a_decision_and_the_place_in_a_draft_is_kept() {
    let (_dir, mission, mut kofi, mut lindiwe) = team();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    pass(&mission, &mut kofi, &mut lindiwe, "cable");
    kofi.edit(patrol, &[(MOOD, "better")]).unwrap();
    lindiwe.edit(patrol, &[(MOOD, "worse")]).unwrap();
    pass(&mission, &mut lindiwe, &mut kofi, "back");
    let today = kofi.today().unwrap();
    assert_eq!((today.two_answers, today.review, today.team.as_deref()), (1, 0, Some("north")));
    assert_eq!(today.decide.iter().map(|record| record.id).collect::<Vec<_>>(), [patrol]);
    let [conflict] = kofi.conflicts_in(Some(patrol), Some("en")).unwrap().try_into().unwrap();
    assert_eq!((conflict.kind.as_str(), conflict.choices.len() > 2), ("select1", true));
    assert!(conflict.label.is_some_and(|label| label.len() > 5));
    let mut shown: Vec<_> = conflict.claims.iter().map(|c| (c.mine, c.display.clone().unwrap())).collect();
    shown.sort();
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|(_, display)| display != "better" && display != "worse"), "labels: {shown:?}");
    assert_eq!(shown.iter().filter(|(mine, _)| *mine).count(), 1);

    kofi.set_place(patrol, "/data/g_after").unwrap();
    let bag = kofi.lock().unwrap();
    // A vault of the version before knew of the two answers only beside the record.
    let mut vault = baraza_vault::Vault::unlock(&bag.folder, &bag.passphrase.as_str().into()).unwrap();
    let forgotten = vault.write(|tx| {
        tx.set_needs(patrol, 0, 0)?;
        tx.remove_meta("looks-counted")
    });
    forgotten.and_then(|()| vault.lock()).unwrap();
    let mut kofi = bag.unlock().unwrap();
    assert_eq!(kofi.today().unwrap().two_answers, 1);
    let path = conflict.path.parse().unwrap();
    kofi.resolve(patrol, &path, Some("better"), &[]).unwrap();
    let today = kofi.today().unwrap();
    assert_eq!((today.two_answers, today.decide), (0, vec![]), "decided");
    assert_eq!(kofi.place(patrol).unwrap().as_deref(), Some("/data/g_after"));
    assert_eq!(kofi.record(patrol).unwrap().place.as_deref(), Some("/data/g_after"));
    let mut open = kofi.open_draft(patrol).unwrap();
    kofi.finalise(&mut open, Completion::Incomplete("the rain".into())).unwrap();
    assert_eq!(kofi.place(patrol).unwrap(), None, "a finished record has no place to go on from");
}

#[test]
fn a_clock_that_was_set_back_is_spoken_of_and_one_that_is_right_is_not() {
    let (_dir, mission, mut amina) = village("survey");
    let clock = |warnings: Vec<Warning>| {
        warnings.into_iter().find(|warning| matches!(warning, Warning::ClockBehind { .. }))
    };
    let record = amina.begin("baraza_survey", &SURVEY[..4]).unwrap();
    assert_eq!(clock(amina.warnings().unwrap()), None);
    let latest = amina.record(record).unwrap().changed;
    mission.clock.days(-3);
    let told = clock(amina.warnings().unwrap());
    assert_eq!(told, Some(Warning::ClockBehind { now: mission.clock.now(), latest }));
    assert_eq!(latest.0 - mission.clock.now().0, 3 * DAY_MS);
}

#[test]
fn a_draft_is_listed_by_its_latest_change_while_somebody_types() {
    let (_dir, mission, mut amina) = village("survey");
    let first = amina.begin("baraza_survey", &SURVEY[..4]).unwrap();
    mission.clock.hours(1);
    let second = amina.begin("baraza_survey", &SURVEY[..4]).unwrap();
    let order = |amina: &baraza_testkit::Person| -> Vec<_> {
        amina.today().unwrap().drafts.into_iter().map(|record| record.id).collect()
    };
    assert_eq!(order(&amina), [second, first]);
    mission.clock.hours(1);
    amina.edit(first, &SURVEY[4..6]).unwrap();
    assert_eq!(order(&amina), [first, second]);
    let seen = amina.record(first).unwrap();
    assert_eq!(seen.changed, mission.clock.now());
    assert!(seen.author_is_me && !seen.form_title.is_empty());
}

/// Ten thousand finalised records are written straight into the vault: today must not open them.
#[test]
fn today_is_there_at_once_with_ten_thousand_records() {
    let (_dir, _mission, amina) = village("survey");
    let bag = amina.lock().unwrap();
    let passphrase = bag.passphrase.as_str().into();
    let mut vault = baraza_vault::Vault::unlock(&bag.folder, &passphrase).unwrap();
    let form = vault.read(|r| r.forms()).unwrap()[0].hash;
    vault
        .write(|tx| {
            for n in 0..10_000_u32 {
                let mut id = [7; 16];
                id[..4].copy_from_slice(&n.to_be_bytes());
                let id = baraza_model::RecordId(id);
                tx.put_record(&baraza_vault::Record {
                    id,
                    form,
                    sharing: baraza_model::Sharing::Private,
                    team: None,
                    author: baraza_model::DeviceId([1; 16]),
                    created: baraza_model::Timestamp(i64::from(n)),
                    updated: baraza_model::Timestamp(i64::from(n)),
                    status: if n % 100 == 0 {
                        baraza_model::Status::Draft
                    } else {
                        baraza_model::Status::Complete
                    },
                    summary: format!("Household {n} of the northern quarter, interviewed at the door"),
                })?;
                tx.set_needs(id, u64::from(n % 500 == 1), 0)?;
            }
            Ok::<_, baraza_vault::Error>(())
        })
        .unwrap();
    vault.lock().unwrap();
    let amina = bag.unlock().unwrap();
    amina.today().unwrap();
    let quickest = (0..5).map(|_| {
        let began = Instant::now();
        let today = amina.today().unwrap();
        assert_eq!((today.counts.records, today.counts.drafts, today.two_answers), (10_000, 100, 20));
        assert_eq!((today.drafts.len(), today.decide.len()), (20, 20));
        began.elapsed()
    });
    let quickest = quickest.min().unwrap();
    assert!(quickest < Duration::from_millis(100), "{quickest:?}");
}
