//! Halima joins with files alone, and the ways in which that goes wrong.

use super::world::World;
use crate::*;
use baraza_model::{Role, Timestamp};

const TOMORROW: Timestamp = Timestamp(86_400_000);

fn invite(world: &mut World) -> Invitation {
    let pin = HubSecret::generate(&mut world.rng).public();
    let hub = HubAddress { url: "https://hub.example.org".into(), pin };
    Invitation::new(&world.roster, Role::TeamMember, Some(world.east), Some(hub), TOMORROW, &mut world.rng)
}

#[test]
fn halima_joins_with_three_files() {
    let mut world = World::new();
    let invitation = invite(&mut world);
    let halima = DeviceSecret::generate(&mut world.rng);
    let received = Invitation::decode(&invitation.encode()).unwrap();
    let request = Request::make(&received, &halima, "Halima", &mut world.rng).unwrap();

    assert_eq!(Request::invitation_of(&request).unwrap(), invitation.id);
    let opened = Request::open(&request, &invitation, Timestamp(0)).unwrap();
    assert_eq!((opened.alias.as_str(), opened.device), ("Halima", halima.public()));
    let told = verification_words(&world.roster.authority(), &opened.device);
    assert_eq!(told, verification_words(&received.authority, &halima.public()));

    let early = Approval::make(&world.author, &world.roster, &opened, &world.transport, b"", &mut world.rng);
    assert_eq!(early.unwrap_err(), EnrolError::NotInRoster(halima.public().id()));
    let team = invitation.team.unwrap();
    world.author.add_device(&mut world.roster, opened.device, &[team], &mut world.rng).unwrap();
    let approval =
        Approval::make(&world.author, &world.roster, &opened, &world.transport, b"directory", &mut world.rng)
            .unwrap();

    let (roster, approved) = Approval::open(&approval, &received, &halima).unwrap();
    assert_eq!(roster.position(), world.roster.position());
    assert_eq!((approved.transport, approved.directory), (world.transport.clone(), b"directory".to_vec()));
    let mut ring = Keyring::new();
    ring.absorb(&roster, &halima);
    assert!(ring.has(&team, 1) && ring.has(&roster.all(), 1));
}

#[test]
fn an_invitation_can_be_typed() {
    let mut world = World::new();
    let invitation = invite(&mut world);
    let text = invitation.to_text();
    assert!(text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ':'), "{text}");
    let sloppy = text.to_lowercase().replacen('0', "o", 3).replacen('1', "l", 1);
    let sloppy = format!(" {}\n{} ", &sloppy[..40], &sloppy[40..].replace('1', "I"));
    // The prefix itself holds a 1; only the digits after it are read leniently.
    let sloppy = sloppy.replacen("barazal:", "baraza1:", 1);
    assert_eq!(Invitation::from_text(&sloppy).unwrap(), invitation);
    let typo = if text.ends_with('7') { "8" } else { "7" };
    let mistyped = format!("{}{typo}", &text[..text.len() - 1]);
    assert_eq!(Invitation::from_text(&mistyped), Err(EnrolError::Malformed(Malformed::Text)));
    assert_eq!(Invitation::from_text("hello"), Err(EnrolError::Malformed(Malformed::Text)));
}

#[test]
fn requests_that_are_late_foreign_or_forged_are_told_apart() {
    let mut world = World::new();
    let (invitation, other) = (invite(&mut world), invite(&mut world));
    let halima = DeviceSecret::generate(&mut world.rng);
    let request = Request::make(&invitation, &halima, "Halima", &mut world.rng).unwrap();
    assert_eq!(Request::open(&request, &invitation, Timestamp(TOMORROW.0 + 1)), Err(EnrolError::Expired));
    assert_eq!(Request::open(&request, &other, Timestamp(0)), Err(EnrolError::WrongInvitation));

    // Someone who saw the invitation's id but not its secret.
    let mut guess = other.clone();
    guess.id = invitation.id;
    let forged = Request::make(&guess, &halima, "Halima", &mut world.rng).unwrap();
    assert_eq!(Request::open(&forged, &invitation, Timestamp(0)), Err(EnrolError::WrongSecret));
    let mut damaged = request.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(Request::open(&damaged, &invitation, Timestamp(0)), Err(EnrolError::WrongSecret));

    // A device that was told of another authority signs for that one.
    let mut swapped = invitation.clone();
    swapped.authority = AuthoritySecret::generate(&mut world.rng).public();
    let misled = Request::make(&swapped, &halima, "Halima", &mut world.rng).unwrap();
    assert_eq!(Request::open(&misled, &invitation, Timestamp(0)), Err(EnrolError::BadSignature));
}

#[test]
fn approvals_for_others_or_by_others_are_refused() {
    let mut world = World::new();
    let (invitation, other) = (invite(&mut world), invite(&mut world));
    let halima = DeviceSecret::generate(&mut world.rng);
    let request = Request::make(&invitation, &halima, "Halima", &mut world.rng).unwrap();
    let request = Request::open(&request, &invitation, Timestamp(0)).unwrap();
    world.author.add_device(&mut world.roster, request.device, &[world.east], &mut world.rng).unwrap();
    let mut make = |author: &Author, roster: &Roster, transport: &TransportKey| {
        Approval::make(author, roster, &request, transport, b"", &mut world.rng)
    };
    let approval = make(&world.author, &world.roster, &world.transport).unwrap();
    assert_eq!(Approval::open(&approval, &invitation, &world.grace).unwrap_err(), EnrolError::WrongDevice);
    assert_eq!(Approval::open(&approval, &other, &halima).unwrap_err(), EnrolError::WrongInvitation);

    let mallory = Author::new(OfficerSecret::from_seed(&[6; 32]), Keyring::new());
    let forged = make(&mallory, &world.roster, &world.transport).unwrap();
    assert_eq!(Approval::open(&forged, &invitation, &halima).unwrap_err(), EnrolError::BadSignature);
    let wrong_key = make(&world.author, &world.roster, &TransportKey::from_bytes(&[1; 32]));
    assert_eq!(wrong_key.unwrap_err(), EnrolError::WrongTransportKey);

    let mut elsewhere = invitation.clone();
    elsewhere.authority = AuthoritySecret::from_seed(&[1; 32]).public();
    assert_eq!(Approval::open(&approval, &elsewhere, &halima).unwrap_err(), EnrolError::WrongWorkspace);
}
