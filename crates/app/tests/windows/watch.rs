//! Long work is followed and stopped between two steps, and goes on where it stopped.

use crate::{team, village};
use baraza_app::{ExportOptions, Outcome};
use baraza_testkit::answers::{PATROL, SURVEY};
use baraza_testkit::{Mission, Person};
use tempfile::TempDir;

/// Amina fills surveys and closes a batch after each, so that her card holds many segments.
fn many(count: usize) -> (TempDir, Mission, Person) {
    let (dir, mission, mut amina) = village("survey");
    for _ in 0..count {
        amina.report("baraza_survey", SURVEY).unwrap();
        amina.bundle_out(&mission.card("amina"), "Ines").unwrap();
    }
    (dir, mission, amina)
}

#[test]
fn an_import_counts_its_steps_to_the_end() {
    let (_dir, mut mission, _amina) = many(3);
    let watch = mission.ines.watch();
    watch.reset();
    let card = mission.card("amina");
    mission.ines.import(&card).unwrap();
    assert!(watch.total() > 0);
    assert_eq!(watch.done(), watch.total());
    assert!(!watch.cancelled());
}

#[test]
fn an_import_that_was_stopped_says_so_and_the_same_card_brings_the_rest() {
    let (_dir, mut mission, _amina) = many(4);
    let watch = mission.ines.watch();
    watch.reset();
    watch.cancel();
    let card = mission.card("amina");
    let read = mission.ines.import(&card).unwrap().read;
    assert!(read.cancelled && read.records_in == 0, "{read:?}");
    let log = mission.ines.exchanges(1).unwrap().remove(0);
    assert_eq!((log.cancelled, log.outcome, log.records_in), (true, Outcome::Partly, 0));
    assert_eq!(mission.ines.office_records().unwrap(), []);

    watch.reset();
    let card = mission.card("amina");
    let read = mission.ines.import(&card).unwrap().read;
    assert_eq!((read.cancelled, read.records_in), (false, 4));
}

#[test]
fn an_import_stopped_in_the_middle_keeps_what_it_took_and_nothing_half() {
    let (_dir, mut mission, _amina) = many(16);
    let watch = mission.ines.watch();
    watch.reset();
    let stopper = {
        let watch = watch.clone();
        std::thread::spawn(move || {
            while watch.done() < 4 {
                std::thread::yield_now();
            }
            watch.cancel();
        })
    };
    let card = mission.card("amina");
    let read = mission.ines.import(&card).unwrap().read;
    stopper.join().unwrap();
    assert!(read.cancelled, "{} of {}", watch.done(), watch.total());
    let there = mission.ines.office_records().unwrap().len() as u64;
    assert_eq!(there, read.records_in, "the report says what is there");
    watch.reset();
    mission.ines.import(&card).unwrap();
    assert_eq!(mission.ines.office_records().unwrap().len(), 16);
    let held = mission.ines.held_views().unwrap();
    assert_eq!(held, []);
}

#[test]
fn a_meeting_with_a_hub_that_was_stopped_loses_nothing() {
    let (_dir, mut mission, mut kofi, mut lindiwe) = team();
    let hub = mission.open_hub().unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    let address = mission.ines.hub_address(&hub.url, None).unwrap();
    mission.ines.sync_with_hub(&address).unwrap();
    kofi.begin("baraza_patrol", PATROL).unwrap();
    let watch = kofi.watch();
    watch.cancel();
    let report = kofi.sync_with_hub(&address).unwrap();
    assert!(report.cancelled && report.records_out == 0, "{report:?}");
    watch.reset();
    let report = kofi.sync_with_hub(&address).unwrap();
    assert_eq!((report.cancelled, report.records_out, watch.done()), (false, 1, watch.total()));

    let watch = lindiwe.watch();
    watch.cancel();
    assert!(lindiwe.sync_with_hub(&address).unwrap().cancelled);
    watch.reset();
    assert_eq!(lindiwe.sync_with_hub(&address).unwrap().records_in, 1);
}

#[test]
fn an_export_that_was_stopped_leaves_no_file() {
    let (dir, mut mission, _amina) = many(2);
    let card = mission.card("amina");
    mission.ines.import(&card).unwrap();
    let folder = dir.path().join("export");
    let options = ExportOptions { form: "baraza_survey".into(), ..ExportOptions::default() };
    let watch = mission.ines.watch();
    watch.reset();
    watch.cancel();
    let report = mission.ines.export_csv(&folder, &options).unwrap();
    assert!(report.cancelled && report.files.is_empty());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    watch.reset();
    let report = mission.ines.export_csv(&folder, &options).unwrap();
    assert_eq!((report.cancelled, report.records, watch.done()), (false, 2, watch.total()));
}

#[test]
fn trying_again_what_is_set_aside_is_stopped_and_taken_up_later() {
    let (_dir, mut mission, mut kofi, _) = team();
    let patrol = kofi.begin("baraza_patrol", PATROL).unwrap();
    let (whole, rest) = (mission.card("whole"), mission.card("rest"));
    kofi.bundle_out(&whole, "a courier").unwrap();
    kofi.edit(patrol, &[("g_team/n_civ_f", "2")]).unwrap();
    kofi.bundle_out(&rest, "a courier").unwrap();
    // Of the second card only what was new on it can be read.
    let seized = kofi.bag().clone();
    kofi.lock().unwrap();
    let seized = seized.seize().unwrap();
    let last = seized.segments_on(&rest).unwrap().pop().unwrap();
    seized.write_card(&rest, &[last], &mut mission.clock.world()).unwrap();
    mission.ines.import(&rest).unwrap();
    assert_eq!(mission.ines.held_views().unwrap().len(), 1, "it builds on what has not come");

    let watch = mission.ines.watch();
    watch.reset();
    watch.cancel();
    let report = mission.ines.replay().unwrap();
    assert!(report.cancelled && report.replayed == 0, "{report:?}");
    watch.reset();
    let report = mission.ines.replay().unwrap();
    assert_eq!((report.cancelled, report.replayed, watch.done()), (false, 1, watch.total()));
    assert_eq!(mission.ines.held_views().unwrap().len(), 1, "trying again is not enough");
    mission.ines.import(&whole).unwrap();
    assert_eq!(mission.ines.held_views().unwrap(), []);
}
