//! What the app's windows ask of a device, told as stories. Ines is at headquarters; Amina interprets; Kofi and
//! Lindiwe are team north.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

mod discard;
mod exchange;
mod joining;
mod lists;
mod office;
mod passphrase;
mod today;
mod versions;
mod watch;

use baraza_model::Role;
use baraza_testkit::{Mission, Person};
use tempfile::TempDir;

/// Amina with a form, and headquarters that published it.
fn village(form: &str) -> (TempDir, Mission, Person) {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[form]).unwrap();
    let mut amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    (dir, mission, amina)
}

/// Kofi and Lindiwe of team north with the patrol form.
fn team() -> (TempDir, Mission, Person, Person) {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &["patrol"]).unwrap();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    (dir, mission, kofi, lindiwe)
}

/// A card from one person to the other.
fn pass(mission: &Mission, from: &mut Person, to: &mut Person, name: &str) -> baraza_app::BundleRead {
    let card = mission.card(name);
    from.bundle_out(&card, name).unwrap();
    to.bundle_in(&card).unwrap()
}
