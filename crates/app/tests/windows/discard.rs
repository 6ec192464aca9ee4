//! Throwing a draft away, changing one's mind, and what cannot be thrown away.

use crate::{pass, team, village};
use baraza_app::{RecordsFilter, StatusFilter};
use baraza_testkit::answers::{FEARED, FOCUS_GROUP, PATROL};

#[test]
fn a_draft_thrown_away_is_gone_from_every_list_until_amina_takes_it_back() {
    let (_dir, _mission, mut amina) = village("fgd");
    let draft = amina.begin("baraza_fgd", &FOCUS_GROUP[..12]).unwrap();
    assert!(amina.discardable(draft).unwrap());
    amina.discard(draft).unwrap();
    assert_eq!(amina.records(&RecordsFilter::default()).unwrap(), []);
    assert_eq!(amina.today().unwrap().counts.records, 0);
    assert_eq!(amina.record(draft).unwrap_err().code(), "record.unknown");
    assert_eq!(amina.open_draft(draft).err().unwrap().code(), "record.unknown");

    amina.bring_back(draft).unwrap();
    assert_eq!(amina.today().unwrap().counts.drafts, 1);
    assert_eq!(amina.reads(draft, "sexgrp").unwrap().as_deref(), Some("women"), "nothing of it was lost");
}

#[test]
fn what_was_thrown_away_is_removed_when_the_tablet_is_locked() {
    let (_dir, _mission, mut amina) = village("fgd");
    let kept = amina.begin("baraza_fgd", &FOCUS_GROUP[..12]).unwrap();
    let draft = amina.begin("baraza_fgd", FOCUS_GROUP).unwrap();
    amina.set_place(draft, "/data/g_end").unwrap();
    amina.discard(draft).unwrap();
    let mut amina = amina.lock().unwrap().unlock().unwrap();
    assert_eq!(amina.bring_back(draft).unwrap_err().code(), "record.unknown");
    let bag = amina.lock().unwrap();
    let vault = baraza_vault::Vault::unlock(&bag.folder, &bag.passphrase.as_str().into()).unwrap();
    vault
        .read(|r| {
            assert_eq!(r.records(&baraza_vault::Listing::default())?.len(), 1);
            assert!(r.record(draft)?.is_none() && r.record(kept)?.is_some());
            assert!(r.parts(draft)?.is_empty() && r.document(draft.shared_part())?.is_none());
            assert!(r.journal(draft.shared_part()).is_err(), "its key is gone");
            Ok::<_, baraza_vault::Error>(())
        })
        .unwrap();
}

#[test]
fn a_crash_after_throwing_away_leaves_nothing_to_find_after_the_next_unlock() {
    let (_dir, _mission, mut amina) = village("fgd");
    let draft = amina.begin("baraza_fgd", FOCUS_GROUP).unwrap();
    amina.discard(draft).unwrap();
    let bag = amina.bag().clone();
    drop(amina);
    let mut amina = bag.unlock().unwrap();
    assert_eq!(amina.bring_back(draft).unwrap_err().code(), "record.unknown");
    assert_eq!(amina.search(FEARED, 5).unwrap(), []);
}

#[test]
fn a_form_that_is_still_open_does_not_go_on_over_a_draft_thrown_away() {
    let (_dir, _mission, mut amina) = village("fgd");
    let draft = amina.begin("baraza_fgd", &FOCUS_GROUP[..6]).unwrap();
    let mut open = amina.open_draft(draft).unwrap();
    amina.discard(draft).unwrap();
    let refused = amina.fill(&mut open, &FOCUS_GROUP[6..7]).unwrap_err();
    assert!(refused.to_string().contains("no record"), "{refused}");
}

#[test]
fn what_a_teammate_has_cannot_be_thrown_away_and_what_was_thrown_away_is_never_handed_over() {
    let (_dir, mission, mut kofi, mut lindiwe) = team();
    let shared = kofi.begin("baraza_patrol", PATROL).unwrap();
    pass(&mission, &mut kofi, &mut lindiwe, "cable");
    assert_eq!(kofi.discard(shared).unwrap_err().code(), "record.already-shared");
    assert_eq!(lindiwe.discard(shared).unwrap_err().code(), "record.already-shared");
    assert!(!kofi.discardable(shared).unwrap());

    let own = kofi.begin("baraza_patrol", PATROL).unwrap();
    kofi.discard(own).unwrap();
    let got = pass(&mission, &mut kofi, &mut lindiwe, "cable-2");
    assert_eq!(got.records_in, 0, "{got:?}");
    assert!(lindiwe.record(own).is_err());

    let done = lindiwe.report("baraza_patrol", &[]).err().map(|e| e.to_string());
    assert!(done.is_some(), "an empty patrol cannot be closed");
    let drafts = RecordsFilter { status: Some(StatusFilter::Draft), ..RecordsFilter::default() };
    let left: Vec<_> = lindiwe.records(&drafts).unwrap();
    assert_eq!(left.len(), 2);
}

#[test]
fn a_finalised_record_is_not_thrown_away() {
    let (_dir, _mission, mut amina) = village("fgd");
    let group = amina.report("baraza_fgd", FOCUS_GROUP).unwrap();
    assert_eq!(amina.discard(group).unwrap_err().code(), "record.finalised");
    assert_eq!(amina.today().unwrap().counts.only_here, 1);
}
