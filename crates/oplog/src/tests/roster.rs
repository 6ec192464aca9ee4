//! Terms, forks, groups and epochs, revocation.

use super::world::{World, read_all};
use crate::statement::Statement;
use crate::*;
use baraza_model::{FormHash, GroupId, LogId, SegmentHash};

#[test]
fn every_replica_of_the_statements_is_the_same_roster() {
    let world = World::new();
    let file = WorkspaceFile::decode(&WorkspaceFile::of(&world.roster).encode()).unwrap();
    let copy = file.roster().unwrap();
    assert_eq!(copy.position(), world.roster.position());
    assert_eq!(copy.members(&copy.all()), world.roster.members(&world.roster.all()));
    assert_eq!(copy.groups_of(&world.amina.public().id()).len(), 3);
    assert!(copy.is_office(&world.amina.public().id()) && !copy.is_office(&world.yusuf.public().id()));
    assert_eq!(copy.statements_after(copy.version()), []);
    assert_eq!(copy.statements_after(0).len() as u64, copy.version());
}

#[test]
fn statements_out_of_order_wait_and_repeated_ones_are_known() {
    let world = World::new();
    let statements = world.roster.statements();
    let mut copy = Roster::found(&statements[0]).unwrap();
    assert_eq!(copy.apply(&statements[1]), Ok(Applied::Extended));
    let early = copy.apply(&statements[4]).unwrap_err();
    assert_eq!(early, RosterError::Gap { expected: 3, found: 5 });
    assert_eq!(early.disposition(), Disposition::Waiting);
    assert_eq!(copy.apply(&statements[2]), Ok(Applied::Extended));
    assert_eq!(copy.apply(&statements[1]), Ok(Applied::Known));
}

#[test]
fn an_officer_restored_from_a_backup_forks_and_is_caught() {
    let mut world = World::new();
    let mut backup = world.roster.clone();
    world.author.publish_form(&mut world.roster, FormHash([1; 32])).unwrap();
    let rival = world.author.publish_form(&mut backup, FormHash([2; 32])).unwrap();
    let version = backup.version();
    let fork = world.roster.apply(&rival[0]).unwrap_err();
    assert_eq!(fork, RosterError::Fork { version });
    assert_eq!(fork.disposition(), Disposition::Review);
    assert!(
        world.roster.form_published(&FormHash([1; 32])) && !world.roster.form_published(&FormHash([2; 32]))
    );
}

#[test]
fn a_new_term_voids_what_the_old_officer_said_after_the_last_accepted_statement() {
    let mut world = World::new();
    let accepted = world.roster.version();
    let behind = world.roster.clone();
    // A stolen officer key publishes a form and adds a device of its own.
    let stolen = world.author.publish_form(&mut world.roster, FormHash([6; 32])).unwrap();
    let all = world.roster.all();
    let spy = DeviceSecret::generate(&mut world.rng).public();
    world.author.add_device(&mut world.roster, spy, &[all], &mut world.rng).unwrap();

    let deborah = OfficerSecret::generate(&mut world.rng);
    let mut field = world.roster.clone();
    let dropped = (field.version() - accepted) as usize;
    let mut authority_copy = behind.clone();
    let term = appoint_officer(&world.authority, &mut authority_copy, deborah.public(), accepted).unwrap();
    assert_eq!(field.apply(&term), Ok(Applied::Rewound { dropped }));
    assert_eq!(field.position(), authority_copy.position());
    assert!(field.device(&spy.id()).is_none() && !field.form_published(&FormHash([6; 32])));
    assert_eq!(field.term(), 2);

    let void = field.apply(&stolen[0]).unwrap_err();
    assert_eq!(void, RosterError::Void { term: 1, current: 2 });
    let late = world.author.publish_form(&mut field, FormHash([7; 32])).unwrap_err();
    assert_eq!(late, RosterError::NotInOffice);
    let mut author = Author::new(deborah, world.keyring(&world.amina));
    author.publish_form(&mut field, FormHash([8; 32])).unwrap();
    assert!(field.form_published(&FormHash([8; 32])));
    // Whoever kept up gets there as well, and whoever was at the old head is told apart by position.
    assert!(field.position() > world.roster.position());
}

#[test]
fn a_second_appointment_for_a_term_is_a_fork_and_strangers_appoint_nobody() {
    let mut world = World::new();
    let mut other = world.roster.clone();
    let version = world.roster.version();
    let [one, two] = std::array::from_fn(|_| OfficerSecret::generate(&mut world.rng).public());
    appoint_officer(&world.authority, &mut world.roster, one, version).unwrap();
    let rival = appoint_officer(&world.authority, &mut other, two, version).unwrap();
    assert_eq!(world.roster.apply(&rival), Err(RosterError::Fork { version: version + 1 }));
    let stranger = AuthoritySecret::generate(&mut world.rng);
    let refused = appoint_officer(&stranger, &mut world.roster, two, version).unwrap_err();
    assert_eq!(refused, RosterError::BadSignature);
}

#[test]
fn an_officers_signature_is_checked_and_bound_to_workspace_and_place() {
    let mut world = World::new();
    let statement = |roster: &Roster, action| Statement {
        encoding: 1,
        workspace: roster.workspace(),
        version: roster.version() + 1,
        previous: Some(roster.head()),
        term: roster.term(),
        action,
    };
    let publish = Action::PublishForm { form: FormHash([1; 32]) };
    let mallory = OfficerSecret::generate(&mut world.rng);
    let forged = statement(&world.roster, publish.clone()).by_officer(&mallory).unwrap();
    assert_eq!(world.roster.apply(&forged), Err(RosterError::BadSignature));

    let officer = &world.author.officer;
    let mut elsewhere = statement(&world.roster, publish.clone());
    elsewhere.workspace.0[0] ^= 1;
    assert_eq!(world.roster.apply(&elsewhere.by_officer(officer).unwrap()), Err(RosterError::WrongWorkspace));
    let mut astray = statement(&world.roster, publish);
    astray.previous = Some(StatementHash([9; 32]));
    let version = astray.version;
    assert_eq!(world.roster.apply(&astray.by_officer(officer).unwrap()), Err(RosterError::Fork { version }));

    // An officer cannot appoint itself, and not with the authority's context either.
    let mut coup = statement(&world.roster, Action::AppointOfficer { officer: mallory.public() });
    coup.term += 1;
    assert_eq!(world.roster.apply(&coup.by_officer(officer).unwrap()), Err(RosterError::BadSignature));
    let recast = AuthoritySecret::from_seed(&officer.to_bytes());
    let again = statement(&world.roster, Action::PublishForm { form: FormHash([2; 32]) });
    assert_eq!(world.roster.apply(&again.by_authority(&recast).unwrap()), Err(RosterError::BadSignature));
}

#[test]
fn groups_cannot_contain_themselves_and_keys_go_to_members_only() {
    let mut world = World::new();
    let (hq, severe, all, east) =
        (world.roster.hq(), world.roster.hq_severe(), world.roster.all(), world.east);
    let mut say = |action: Action| {
        let statement = Statement {
            encoding: 1,
            workspace: world.roster.workspace(),
            version: world.roster.version() + 1,
            previous: Some(world.roster.head()),
            term: world.roster.term(),
            action,
        };
        world.roster.apply(&statement.by_officer(&world.author.officer).unwrap())
    };
    let set = |group, member| Action::SetMember { group, member: Member::Group(member), present: true };
    assert_eq!(say(set(severe, all)), Err(RosterError::Cycle));
    assert_eq!(say(set(hq, hq)), Err(RosterError::Cycle));
    let nobody = GroupId([3; 8]);
    assert_eq!(say(set(hq, nobody)), Err(RosterError::UnknownGroup(nobody)));
    let target = WrapTarget::Device(world.grace.public().id());
    let wraps = vec![EpochWrap { epoch: 1, target, sealed: vec![0; 81] }];
    assert_eq!(say(Action::ShareEpochs { group: east, wraps }), Err(RosterError::NotAMember));
}

#[test]
fn who_holds_epoch_one_cannot_open_epoch_two_after_removal() {
    let mut world = World::new();
    let halima = DeviceSecret::generate(&mut world.rng);
    world.author.add_device(&mut world.roster, halima.public(), &[world.east], &mut world.rng).unwrap();
    let mut halimas = world.keyring(&halima);
    assert!(halimas.has(&world.east, 1));
    let id = halima.public().id();
    world.author.remove_from_group(&mut world.roster, id, world.east, &mut world.rng).unwrap();
    assert_eq!(halimas.absorb(&world.roster, &halima), Absorbed::default());
    assert!(!halimas.has(&world.east, 2) && !halimas.has(&world.roster.all(), 2));

    let compartment = Compartment::of_groups([world.east]).unwrap();
    let yusuf = world.yusuf.clone();
    let mut batch = world.start(&yusuf, &compartment);
    let sealed = batch.seal(b"after", &mut world.rng).unwrap();
    let segment = batch.close(&yusuf, 1, None, [Some(sealed.bytes)]).unwrap();
    let refused = segment.verify(&world.roster).unwrap().open(&halimas).unwrap_err();
    assert_eq!(refused, OpenError::NoKey { groups: vec![(world.east, 2)] });
    assert_eq!(read_all(&segment, &world.roster, &world.keyring(&world.yusuf)), [b"after".to_vec()]);
    // Even by pretending that the segment was sealed to the epoch that she holds.
    let mut relabelled = Keyring::new();
    relabelled.insert(world.east, 2, halimas.secret(&world.east, 1).unwrap().clone());
    let refused = segment.verify(&world.roster).unwrap().open(&relabelled).unwrap_err();
    assert_eq!(refused, OpenError::WrongKey);
}

#[test]
fn a_new_team_member_gets_the_current_epoch_and_a_new_analyst_gets_all() {
    let mut world = World::new();
    for group in [world.east, world.roster.hq(), world.roster.all()] {
        world.author.rotate(&mut world.roster, group, &mut world.rng).unwrap();
    }
    let [peter, asha] = std::array::from_fn(|_| DeviceSecret::generate(&mut world.rng));
    let hq = world.roster.hq();
    world.author.add_device(&mut world.roster, peter.public(), &[world.east], &mut world.rng).unwrap();
    world.author.add_device(&mut world.roster, asha.public(), &[hq], &mut world.rng).unwrap();
    let (peter, asha, all) = (world.keyring(&peter), world.keyring(&asha), world.roster.all());
    assert!(!peter.has(&world.east, 1) && peter.has(&world.east, 2), "earlier team epochs come as snapshots");
    assert!(peter.has(&all, 1) && peter.has(&all, 2), "forms and directory are for every member");
    assert!(asha.has(&hq, 1) && asha.has(&hq, 2) && asha.has(&all, 1) && asha.has(&all, 2));
    assert!(!asha.has(&world.roster.hq_severe(), 1) && !asha.has(&world.east, 2));
    // Those who were there before follow every rotation.
    for device in [&world.amina, &world.yusuf, &world.grace] {
        assert!(world.keyring(device).has(&all, 2));
    }
}

#[test]
fn recovery_is_a_member_of_every_group() {
    let mut world = World::new();
    world.author.rotate(&mut world.roster, world.east, &mut world.rng).unwrap();
    let mut ring = Keyring::new();
    ring.absorb_recovery(&world.roster, &world.recovery);
    for group in world.roster.groups() {
        let (current, _) = world.roster.current_epoch(group).unwrap();
        assert!((1..=current).all(|epoch| ring.has(group, epoch)));
    }
}

#[test]
fn an_officer_without_the_teams_key_rotates_it() {
    let mut world = World::new();
    world.author.keyring = world.keyring(&world.amina);
    let peter = DeviceSecret::generate(&mut world.rng);
    world.author.add_device(&mut world.roster, peter.public(), &[world.east], &mut world.rng).unwrap();
    assert_eq!(world.roster.current_epoch(&world.east).unwrap().0, 2);
    assert!(world.keyring(&peter).has(&world.east, 2) && world.keyring(&world.yusuf).has(&world.east, 2));
}

#[test]
fn a_wrong_key_from_the_officer_is_reported_and_not_kept() {
    let mut world = World::new();
    let wrong = SealSecret::generate(&mut world.rng);
    world.author.keyring.insert(world.east, 1, wrong);
    let peter = DeviceSecret::generate(&mut world.rng);
    world.author.add_device(&mut world.roster, peter.public(), &[world.east], &mut world.rng).unwrap();
    let mut ring = Keyring::new();
    let absorbed = ring.absorb(&world.roster, &peter);
    assert_eq!(absorbed.failed, [(world.east, 1)]);
    assert!(!ring.has(&world.east, 1));
}

#[test]
fn a_failed_act_changes_nothing() {
    let mut world = World::new();
    let before = world.roster.position();
    let (keys, nobody) = (world.author.keyring.clone(), GroupId([3; 8]));
    let device = DeviceSecret::generate(&mut world.rng).public();
    let all = world.roster.all();
    world.author.add_device(&mut world.roster, device, &[all, nobody], &mut world.rng).unwrap_err();
    assert_eq!(world.roster.position(), before);
    assert_eq!(world.author.keyring, keys);
}

#[test]
fn a_keyring_survives_the_vault() {
    let world = World::new();
    let ring = world.keyring(&world.amina);
    assert_eq!(Keyring::decode(&ring.encode()).unwrap(), ring);
}

#[test]
fn a_revoked_device_is_believed_up_to_its_cut() {
    let mut world = World::new();
    let first = world.segment(1, None, &[b"one"]);
    let second = world.segment(2, Some(first.hash()), &[b"two"]);
    let beside = world.segment(2, Some(first.hash()), &[b"two, by the thief"]);
    let third = world.segment(3, Some(second.hash()), &[b"three"]);
    let id = world.yusuf.public().id();
    let cut = Cut { log: first.log(), seq: 2, hash: second.hash() };
    world.author.revoke(&mut world.roster, id, vec![cut], &mut world.rng).unwrap();

    assert_eq!(first.verify(&world.roster).unwrap().cut(), Some(cut));
    assert!(second.verify(&world.roster).is_ok());
    for segment in [&beside, &third] {
        let refused = segment.verify(&world.roster).unwrap_err();
        assert_eq!(refused, VerifyError::PastCut { device: id, cut: Some(cut) });
        assert_eq!(refused.disposition(), Disposition::Review);
        assert!(segment.verify_author(&world.roster).is_ok(), "a hub still knows whose it is");
    }
    // A branch below the cut is told by the chain.
    let mut chain = Chain::new();
    for segment in [&first, &second] {
        let header = segment.header();
        chain.observe(segment.log(), header.seq, segment.hash(), header.previous);
    }
    let to_cut = (cut.seq, cut.hash);
    assert_eq!(chain.descends(&cut.log, (1, first.hash()), to_cut), Ancestry::Yes);
    assert_eq!(chain.descends(&cut.log, (1, SegmentHash([7; 32])), to_cut), Ancestry::No);
    // A log that is not named is cut at zero; rotation shuts the device out.
    assert!(world.roster.is_past_cut(&id, &LogId([5; 16]), 1, &first.hash()));
    assert!(world.roster.groups_of(&id).is_empty());
    let mut ring = world.keyring(&world.yusuf);
    assert!(!ring.has(&world.east, 2) && ring.absorb(&world.roster, &world.yusuf).new.is_empty());
    assert!(world.keyring(&world.grace).has(&world.roster.all(), 2));
    let again = world.author.revoke(&mut world.roster, id, vec![], &mut world.rng).unwrap_err();
    assert_eq!(again, RosterError::UnknownDevice(id));
}

#[test]
fn severe_parts_go_to_hq_severe_and_never_to_oneself() {
    let world = World::new();
    let severe = Compartment::of_groups([world.roster.hq_severe()]).unwrap();
    let [amina, yusuf] = [&world.amina, &world.yusuf].map(|device| device.public().id());
    assert!(world.roster.may_seal_severe(&yusuf, &severe));
    assert!(world.roster.may_seal_severe(&amina, &severe), "members of hq-severe are excepted");
    assert!(!world.roster.may_seal_severe(&yusuf, &world.hq_only()));
    let widened = Compartment::of_groups([world.roster.hq_severe(), world.east]).unwrap();
    assert!(!world.roster.may_seal_severe(&yusuf, &widened));
}

#[test]
fn after_an_officers_fork_the_next_term_decides_between_the_branches() {
    let mut world = World::new();
    let mut other = world.roster.clone();
    world.author.publish_form(&mut world.roster, FormHash([1; 32])).unwrap();
    world.author.publish_form(&mut other, FormHash([2; 32])).unwrap();
    let same_term = world.roster.adopt(other.statements()).unwrap_err();
    assert_eq!(same_term, RosterError::Fork { version: other.version() });

    let deborah = OfficerSecret::generate(&mut world.rng).public();
    let accepted = other.version();
    let term = appoint_officer(&world.authority, &mut other, deborah, accepted).unwrap();
    // The appointment alone does not say how to get there; the whole line does.
    let lost = world.roster.apply(&term).unwrap_err();
    assert_eq!(lost, RosterError::Gap { expected: 1, found: term.statement().version });
    let left = world.roster.clone();
    assert_eq!(world.roster.adopt(other.statements()), Ok(Applied::Rewound { dropped: 1 }));
    assert_eq!(world.roster.position(), other.position());
    assert!(
        world.roster.form_published(&FormHash([2; 32])) && !world.roster.form_published(&FormHash([1; 32]))
    );
    assert_eq!(world.roster.adopt(left.statements()), Err(RosterError::Void { term: 1, current: 2 }));
    assert_eq!(world.roster.adopt(&other.statements()[..5]), Ok(Applied::Known));
    assert_eq!(
        world.roster.adopt(World::founded(8).roster.statements()).unwrap_err(),
        RosterError::WrongWorkspace
    );
}

#[test]
fn a_segment_of_a_voided_term_does_not_wait_for_versions_that_will_not_come() {
    let mut world = World::new();
    let accepted = world.roster.version();
    for form in 1..9 {
        world.author.publish_form(&mut world.roster, FormHash([form; 32])).unwrap();
    }
    let segment = world.segment(1, None, &[b"written in term one"]);
    let deborah = OfficerSecret::generate(&mut world.rng).public();
    appoint_officer(&world.authority, &mut world.roster, deborah, accepted).unwrap();
    assert!(world.roster.version() < segment.header().roster_version);
    assert!(segment.verify(&world.roster).is_ok());
}
