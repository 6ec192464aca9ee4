//! Joining and unlocking: what an invitation is good for, and what a wrong passphrase or a second hand gets.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

use baraza_model::Role;
use baraza_testkit::Mission;

#[test]
fn an_invitation_that_two_devices_answer_is_refused_the_second_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let invitation = mission.ines.invite(Role::Interpreter, None, None).unwrap();
    let (mut amina, hers) = mission.tablet("Amina").join(&invitation, "Interpreter").unwrap();
    let (mut thief, theirs) = mission.tablet("Thief").join(&invitation, "Interpreter").unwrap();
    let approved = mission.ines.approve(&hers.request).unwrap();
    let refused = mission.ines.approve(&theirs.request).unwrap_err();
    assert_eq!(refused.code(), "invitation.used-twice");
    assert_eq!(mission.ines.members().unwrap().len(), 2, "Ines and Amina");
    assert!(thief.finish(&approved.approval).is_err(), "the approval is sealed to Amina's device");
    amina.finish(&approved.approval).unwrap();
    assert_eq!(amina.about().unwrap().role, Some(Role::Interpreter));
    // A second copy of the same request is harmless: the card was read twice.
    mission.ines.approve(&hers.request).unwrap();
    assert_eq!(mission.ines.members().unwrap().len(), 2);
}

#[test]
fn an_invitation_expires_after_fourteen_days() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let invitation = mission.ines.invite(Role::Interpreter, None, None).unwrap();
    let (_amina, asked) = mission.tablet("Amina").join(&invitation, "Interpreter").unwrap();
    mission.clock.days(15);
    assert_eq!(mission.ines.approve(&asked.request).unwrap_err().code(), "enrol.expired");
    assert_eq!(mission.ines.members().unwrap().len(), 1);
}

#[test]
fn a_request_that_was_changed_on_the_way_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let invitation = mission.ines.invite(Role::TeamMember, Some("north"), None).unwrap();
    let (_kofi, asked) = mission.tablet("Kofi").join(&invitation, "North-1").unwrap();
    for place in (0..asked.request.len()).step_by(11) {
        let mut changed = asked.request.clone();
        changed[place] ^= 0x04;
        assert!(mission.ines.approve(&changed).is_err(), "byte {place}");
    }
    let approved = mission.ines.approve(&asked.request).unwrap();
    assert_eq!(approved.words, asked.words, "the honest request is still welcome");
}

#[test]
fn a_wrong_passphrase_opens_nothing_and_breaks_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    let bag = amina.lock().unwrap();
    let mut guess = bag.clone();
    guess.passphrase.push_str(" perhaps");
    assert_eq!(guess.unlock().err().unwrap().code(), "vault.wrong-passphrase");
    assert_eq!(bag.unlock().unwrap().about().unwrap().alias, "Interpreter");
}

#[test]
fn a_folder_that_is_open_cannot_be_opened_a_second_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    let second = amina.bag().clone().unlock().err().unwrap();
    assert_eq!(second.code(), "vault.locked");
    let bag = amina.lock().unwrap();
    bag.unlock().unwrap();
}
