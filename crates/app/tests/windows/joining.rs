//! Joining with windows: the request can be shown again, looked at before it is approved, and pasted as text.

use crate::{pass, team};
use baraza_app::{Paper, approval_text, invitation_text, paper_kind, request_text};
use baraza_model::Role;
use baraza_testkit::Mission;

#[test]
fn kofi_shows_his_request_again_after_the_tablet_was_locked() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let invitation = mission.ines.invite(Role::TeamMember, Some("north"), None).unwrap();
    let (kofi, asked) = mission.tablet("Kofi").join(&invitation, "North-1").unwrap();
    let mut kofi = kofi.lock().unwrap().unlock().unwrap();
    assert!(!kofi.joined());
    let again = kofi.my_request().unwrap().unwrap();
    assert_eq!((&again.request, &again.words), (&asked.request, &asked.words));

    let looked = mission.ines.examine(&again.request).unwrap();
    assert_eq!(
        (looked.alias.as_str(), looked.role, looked.team.as_deref()),
        ("North-1", Role::TeamMember, Some("north"))
    );
    assert_eq!(looked.words, asked.words);
    assert_eq!(looked.expires.0 - mission.clock.now().0, 14 * baraza_testkit::DAY_MS);
    assert_eq!(mission.ines.members().unwrap().len(), 1, "looking approves nobody");
    let approved = mission.ines.approve(&again.request).unwrap();
    kofi.finish(&approved.approval).unwrap();
    assert!(kofi.joined() && kofi.my_request().unwrap().is_none());
    assert_eq!(
        mission.ines.examine(&again.request).unwrap().device,
        looked.device,
        "a second look does no harm"
    );
}

#[test]
fn the_papers_of_joining_travel_as_text_and_are_not_mistaken_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let invitation = mission.ines.invite(Role::Interpreter, None, None).unwrap();
    let spoken = invitation_text(&invitation).unwrap();
    assert!(spoken.starts_with("BARAZA1:"));
    let pasted = format!("  {}\n {} \r\n", &spoken[..40], &spoken[40..]);
    let (mut amina, asked) = mission.tablet("Amina").join(pasted.as_bytes(), "Interpreter").unwrap();

    let request = request_text(&asked.request).unwrap();
    let (half, other) = request.split_at(70);
    let broken_up = format!("{half}\n{other}");
    assert_eq!(mission.ines.examine(broken_up.as_bytes()).unwrap().words, asked.words);
    let cut = &request[..request.len() - 3];
    assert_eq!(mission.ines.examine(cut.as_bytes()).unwrap_err().code(), "enrol.text-damaged");
    let approved = mission.ines.approve(request.as_bytes()).unwrap();
    let approval = approval_text(&approved.approval).unwrap();

    for (given, is) in [
        (invitation.clone(), Paper::Invitation),
        (spoken.clone().into_bytes(), Paper::Invitation),
        (asked.request.clone(), Paper::Request),
        (request.clone().into_bytes(), Paper::Request),
        (approved.approval.clone(), Paper::Approval),
        (approval.clone().into_bytes(), Paper::Approval),
    ] {
        assert_eq!(paper_kind(&given), Some(is));
        let wrong = |refused: baraza_app::Error| matches!(refused, baraza_app::Error::WrongKind { is: found, .. } if found == is);
        if is != Paper::Request {
            assert!(wrong(mission.ines.examine(&given).unwrap_err()), "{is}");
        }
        if is != Paper::Approval {
            let refused = amina.finish(&given).unwrap_err();
            assert_eq!(refused.code(), "enrol.wrong-kind");
            assert!(wrong(refused), "{is}");
        }
        if is != Paper::Invitation {
            assert!(wrong(mission.tablet("Nobody").join(&given, "Nobody").err().unwrap()), "{is}");
        }
    }
    assert_eq!(paper_kind(b"anything else"), None);
    amina.finish(approval.as_bytes()).unwrap();
    assert!(amina.joined());
}

#[test]
fn an_invitation_that_was_withdrawn_lets_nobody_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    let lost = mission.ines.invite(Role::Interpreter, None, None).unwrap();
    let used = mission.ines.invite(Role::TeamMember, Some("north"), None).unwrap();
    let (_kofi, his) = mission.tablet("Kofi").join(&used, "North-1").unwrap();
    mission.ines.approve(&his.request).unwrap();
    let invited = mission.ines.invitations().unwrap();
    assert_eq!(invited.len(), 2);
    let open = invited.iter().find(|invited| !invited.answered).unwrap();
    assert_eq!((open.role, open.team.as_deref()), (Role::Interpreter, None));
    let answered = invited.iter().find(|invited| invited.answered).unwrap();
    assert_eq!(answered.team.as_deref(), Some("north"));
    mission.ines.withdraw_invitation(&open.id).unwrap();
    let (_finder, theirs) = mission.tablet("Finder").join(&lost, "Interpreter").unwrap();
    assert_eq!(mission.ines.approve(&theirs.request).unwrap_err().code(), "invitation.unknown");
    assert_eq!(mission.ines.invitations().unwrap().len(), 1);
    assert_eq!(mission.ines.withdraw_invitation(&open.id).unwrap_err().code(), "invitation.unknown");
}

#[test]
fn a_field_device_neither_looks_at_requests_nor_withdraws() {
    let (_dir, mut mission, mut kofi, _) = team();
    let invitation = mission.ines.invite(Role::Interpreter, None, None).unwrap();
    let (_amina, asked) = mission.tablet("Amina").join(&invitation, "Interpreter").unwrap();
    assert_eq!(kofi.examine(&asked.request).unwrap_err().code(), "role.not-officer");
    assert_eq!(kofi.withdraw_invitation("00").unwrap_err().code(), "role.not-officer");
    assert_eq!(kofi.invitations().unwrap(), []);
}

#[test]
fn members_say_who_was_heard_of_and_when() {
    let (_dir, mut mission, mut kofi, mut lindiwe) = team();
    mission.clock.hours(5);
    let heard = mission.clock.now();
    kofi.begin("baraza_patrol", baraza_testkit::answers::PATROL).unwrap();
    pass(&mission, &mut kofi, &mut lindiwe, "cable");
    let card = mission.card("cable");
    mission.ines.import(&card).unwrap();
    for (who, device) in [("Lindiwe", &mut lindiwe), ("Ines", &mut mission.ines)] {
        let members = device.members().unwrap();
        let of = |alias: &str| members.iter().find(|member| member.alias == alias).unwrap();
        assert_eq!(of("North-1").last_seen, Some(heard), "{who}");
        assert_eq!(members.iter().filter(|member| member.me).count(), 1, "{who}");
        assert_eq!(members.iter().find(|member| member.me).unwrap().last_seen, None, "{who}");
    }
}
