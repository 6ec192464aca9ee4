//! Before unlocking: what a folder tells, how good words are, another passphrase, and the end of a vault.

use crate::village;
use baraza_app::{Presence, Weakness, new_passphrase, passphrase_strength, presence};
use baraza_testkit::answers::SURVEY;

#[test]
fn a_folder_tells_only_whether_something_is_locked_in_it() {
    let (dir, mission, amina) = village("survey");
    assert_eq!(presence(&dir.path().join("nowhere")), Presence::Empty);
    let folder = amina.bag().folder.clone();
    assert_eq!(presence(&folder), Presence::Locked);
    assert!(amina.joined() && amina.my_request().unwrap().is_none());
    assert_eq!(amina.workspace_name().as_deref(), Some("Headquarters"));
    let (standing, ines) = (amina.standing(), mission.ines.standing());
    assert_eq!(
        (standing.alias.as_str(), standing.headquarters, standing.officer),
        ("Interpreter", false, false)
    );
    assert_eq!((ines.headquarters, ines.officer), (true, true));
}

#[test]
fn words_that_everybody_knows_are_not_good_enough() {
    let weak = passphrase_strength("Password 2026!");
    assert!(!weak.passes && weak.weaknesses.contains(&Weakness::Common));
    assert!(passphrase_strength(&new_passphrase().unwrap()).bits > 40.0);
}

#[test]
fn amina_takes_another_passphrase_and_the_old_one_opens_nothing_any_more() {
    let (_dir, _mission, mut amina) = village("survey");
    let survey = amina.report("baraza_survey", SURVEY).unwrap();
    let old = amina.bag().passphrase.clone();
    let new = "my aunt sells mangoes behind the school";
    let refused = amina.change_passphrase(&old.as_str().into(), &"amina".into()).unwrap_err();
    assert_eq!(refused.code(), "passphrase.weak");
    let refused = amina.change_passphrase(&"not what it was".into(), &new.into()).unwrap_err();
    assert_eq!(refused.code(), "vault.wrong-passphrase");
    amina.change_passphrase(&old.as_str().into(), &new.into()).unwrap();
    let mut bag = amina.lock().unwrap();
    assert_eq!(bag.clone().unlock().err().unwrap().code(), "vault.wrong-passphrase");
    bag.passphrase = new.to_owned();
    assert_eq!(bag.unlock().unwrap().record(survey).unwrap().id, survey);
}

#[test]
fn what_is_erased_is_gone_at_headquarters_too() {
    let (_dir, mut mission, mut amina) = village("survey");
    amina.report("baraza_survey", SURVEY).unwrap();
    let card = mission.card("amina");
    amina.bundle_out(&card, "Ines").unwrap();
    mission.ines.import(&card).unwrap();
    let folder = mission.ines.bag().folder.clone();
    assert!(folder.join("office.db").exists() && folder.join("authority-key/vault.store").exists());
    mission.ines.into_device().erase().unwrap();
    assert_eq!(presence(&folder), Presence::Empty);
    let left = |folder: &std::path::Path| -> Vec<String> {
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        names.map(|name| name.to_string_lossy().into_owned()).collect()
    };
    let mut rest = left(&folder);
    rest.sort();
    assert_eq!(rest, ["authority-key", "lock"]);
    assert_eq!(left(&folder.join("authority-key")), ["lock"]);
    // The folder can be used again, for another workspace or the same one.
    let bag = amina.bag().folder.clone();
    amina.into_device().erase().unwrap();
    assert_eq!((presence(&bag), left(&bag)), (Presence::Empty, vec!["lock".to_owned()]));
}
