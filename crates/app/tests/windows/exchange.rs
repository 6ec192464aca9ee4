//! Hand-overs are reported in records, and what was exchanged is remembered, failures too.

use crate::{pass, team, village};
use baraza_app::{Outcome, Way};
use baraza_testkit::Person;
use baraza_testkit::answers::{MOOD, PATROL, SURVEY};

#[test]
fn a_card_says_how_many_records_it_carries_and_nothing_new_is_none() {
    let (_dir, mut mission, mut amina) = village("survey");
    for _ in 0..3 {
        amina.report("baraza_survey", SURVEY).unwrap();
    }
    let card = mission.card("amina");
    let written = amina.bundle_out(&card, "Ines").unwrap();
    assert_eq!(written.records_out, 3, "severe and shared parts of a record are one record");
    assert_eq!(amina.bundle_out(&card, "Ines").unwrap().records_out, 0, "nothing new for her");
    assert_eq!(amina.bundle_out(&mission.card("courier"), "a courier").unwrap().records_out, 3);

    let read = mission.ines.import(&card).unwrap().read;
    assert_eq!((read.records_in, read.already_had, read.cancelled), (3, 0, false));
    amina.report("baraza_survey", SURVEY).unwrap();
    assert_eq!(amina.bundle_out(&card, "Ines").unwrap().records_out, 1);
    let read = mission.ines.import(&card).unwrap().read;
    assert_eq!((read.records_in, read.already_had), (1, 3));

    let log = amina.exchanges(10).unwrap();
    let out: Vec<_> =
        log.iter().filter(|e| e.way == Way::CardOut).map(|e| (&*e.name, e.records_out)).collect();
    assert_eq!(out, [("amina.baraza", 1), ("courier.baraza", 3), ("amina.baraza", 0), ("amina.baraza", 3)]);
    let [last, first, ..] = mission.ines.exchanges(10).unwrap().try_into().unwrap_or_else(|all: Vec<_>| {
        let mut all = all.into_iter();
        [all.next().unwrap(), all.next().unwrap()]
    });
    assert_eq!(
        (last.way, last.records_in, last.already_had, last.outcome),
        (Way::Import, 1, 3, Outcome::Done)
    );
    assert_eq!((first.records_in, first.frames > 0, first.damaged_frames), (3, true, 0));
}

#[test]
fn a_teammates_card_is_counted_once() {
    let (_dir, mission, mut kofi, mut lindiwe) = team();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let first = pass(&mission, &mut kofi, &mut lindiwe, "cable");
    assert_eq!((first.records_in, first.already_had), (1, 0));
    let again = lindiwe.bundle_in(&mission.card("cable")).unwrap();
    assert_eq!((again.records_in, again.already_had), (0, 1));
    kofi.edit(patrol, &[(MOOD, "better")]).unwrap();
    let more = pass(&mission, &mut kofi, &mut lindiwe, "cable");
    assert_eq!((more.records_in, more.already_had), (1, 0), "it changed, so it is not among what was here");
}

#[test]
fn what_failed_is_remembered_with_its_reason() {
    let (_dir, mission, mut amina) = village("survey");
    let torn = mission.card("torn");
    std::fs::write(&torn, b"not a card of anybody").unwrap();
    let refused = amina.bundle_in(&torn).unwrap_err();
    let [log] = amina.exchanges(1).unwrap().try_into().unwrap();
    assert_eq!((log.way, log.name.as_str()), (Way::CardIn, "torn.baraza"));
    assert_eq!(log.outcome, Outcome::Failed(refused.code().to_owned()));
    assert!(amina.bundle_in(&mission.card("nowhere")).is_err());
    assert_eq!(amina.exchanges(1).unwrap()[0].outcome, Outcome::Failed("file.io".into()));
    let nobody =
        baraza_app::HubAddress { url: "http://127.0.0.1:9".into(), pin: baraza_app::VerifyKey([1; 32]) };
    assert!(amina.sync_with_hub(&nobody).is_err());
    let hub = &amina.exchanges(1).unwrap()[0];
    assert_eq!((hub.way, &hub.outcome), (Way::Hub, &Outcome::Failed("hub.unreachable".into())));
}

#[test]
fn a_damaged_card_is_read_in_part_and_says_so() {
    let (_dir, mut mission, mut amina) = village("survey");
    for _ in 0..6 {
        amina.report("baraza_survey", SURVEY).unwrap();
        amina.bundle_out(&mission.card("amina"), "Ines").unwrap();
    }
    let card = mission.card("amina");
    let mut file = std::fs::read(&card).unwrap();
    let middle = file.len() / 2;
    file[middle..middle + 40].fill(0);
    std::fs::write(&card, &file).unwrap();
    let read = mission.ines.import(&card).unwrap().read;
    assert!(read.damaged_frames > 0 && read.records_in > 0, "{read:?}");
    let log = &mission.ines.exchanges(1).unwrap()[0];
    assert_eq!((log.outcome.clone(), log.records_in), (Outcome::Partly, read.records_in));
    assert_eq!(log.damaged_frames, read.damaged_frames as u64);
}

#[test]
fn a_hub_is_counted_in_records_both_ways() {
    let (_dir, mut mission, mut kofi, mut lindiwe) = team();
    let hub = mission.open_hub().unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    let address = mission.ines.hub_address(&hub.url, None).unwrap();
    mission.ines.sync_with_hub(&address).unwrap();
    kofi.begin("baraza_patrol", PATROL).unwrap();
    kofi.begin("baraza_patrol", PATROL).unwrap();
    let meet = |person: &mut Person| {
        let report = person.sync_with_hub(&address).unwrap();
        (report.records_out, report.records_in, report.already_had)
    };
    assert_eq!(meet(&mut kofi), (2, 0, 0));
    assert_eq!(meet(&mut kofi), (0, 0, 0), "a second time says nothing new");
    assert_eq!(meet(&mut lindiwe), (0, 2, 0));
    assert_eq!(meet(&mut mission.ines), (0, 2, 0));
    let log = &kofi.exchanges(2).unwrap();
    assert_eq!((log[0].records_out, log[1].records_out, log[0].name.as_str()), (0, 2, hub.url.as_str()));
    kofi.set_hub_url(&hub.url).unwrap();
    assert_eq!(kofi.lock().unwrap().unlock().unwrap().hub_url().unwrap(), Some(hub.url.clone()));
}
