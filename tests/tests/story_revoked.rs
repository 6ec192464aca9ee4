//! A tablet is stolen, with its passphrase. What it wrote before stays; what comes from it now goes to a person.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]

use baraza_model::Role;
use baraza_testkit::Mission;
use baraza_testkit::answers::PATROL;

#[test]
fn a_stolen_tablet_may_push_for_review_and_learns_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &["patrol"]).unwrap();
    let hub = mission.open_hub().unwrap();
    let mut kofi = mission.enrol("Kofi", "North-1", Role::TeamMember, Some("north")).unwrap();
    let mut lindiwe = mission.enrol("Lindiwe", "North-2", Role::TeamMember, Some("north")).unwrap();
    mission.brief(&mut [&mut kofi, &mut lindiwe]).unwrap();
    let hub = mission.ines.hub_address(&hub.url, None).map(|address| (hub, address)).unwrap();
    let (_serving, hub) = hub;
    mission.ines.sync_with_hub(&hub).unwrap();
    let honest = kofi.report("baraza_patrol", PATROL).unwrap();
    kofi.sync_with_hub(&hub).unwrap();
    mission.ines.sync_with_hub(&hub).unwrap();
    mission.ines.sync_with_hub(&hub).unwrap();
    lindiwe.sync_with_hub(&hub).unwrap();
    assert_eq!(lindiwe.heads(honest).unwrap(), kofi.heads(honest).unwrap());

    // On the road to the bridge somebody takes Kofi's tablet. He calls Ines.
    mission.ines.revoke("North-1").unwrap();
    mission.ines.sync_with_hub(&hub).unwrap();
    mission.brief(&mut [&mut lindiwe]).unwrap();
    let mut thief = kofi;
    let planted = thief.report("baraza_patrol", PATROL).unwrap();
    let _ = thief.sync_with_hub(&hub);
    mission.ines.sync_with_hub(&hub).unwrap();
    let there: Vec<_> = mission.ines.office_records().unwrap().into_iter().map(|record| record.id).collect();
    assert_eq!(there, [honest], "what he wrote before is trusted, what the thief wrote is not");
    let held = mission.ines.held().unwrap();
    assert_eq!(held.len(), 1, "and it is not lost either: {held:?}");
    assert_eq!((held[0].state.as_str(), held[0].code.as_str()), ("review", "segment.past_cut"));

    // The card reaches Lindiwe, too: her tablet does not believe it.
    let card = mission.card("thief");
    thief.bundle_out(&card, "North-2").unwrap();
    let got = lindiwe.bundle_in(&card).unwrap().received;
    assert!(lindiwe.record(planted).is_err() && got.held.iter().all(|held| held.quarantined), "{got:?}");

    // What the team writes from now on is sealed with keys that the stolen tablet never gets.
    let secret = lindiwe.report("baraza_patrol", PATROL).unwrap();
    let card = mission.card("lindiwe");
    lindiwe.bundle_out(&card, "Ines").unwrap();
    lindiwe.sync_with_hub(&hub).unwrap();
    let _ = thief.sync_with_hub(&hub);
    assert!(thief.record(secret).is_err(), "the hub gives a revoked device nothing");
    let got = thief.bundle_in(&card).unwrap().received;
    assert!(thief.record(secret).is_err(), "and the card cannot be opened: {got:?}");
    mission.ines.import(&card).unwrap();
    assert_eq!(mission.ines.office_heads(secret).unwrap(), lindiwe.heads(secret).unwrap());
}
