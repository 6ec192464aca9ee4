//! Bytes from anywhere: whatever is decoded, nothing panics, and whatever is cut off is refused.

use super::world::World;
use crate::*;
use baraza_model::{Role, Timestamp};
use proptest::prelude::*;

fn decode_everything(bytes: &[u8], world: &World, invitation: &Invitation) {
    if let Ok(segment) = Segment::decode(bytes) {
        let _ =
            segment.verify(&world.roster).map(|verified| verified.open(&world.keyring(&world.amina)).is_ok());
    }
    if let Ok(statement) = SignedStatement::decode(bytes) {
        let _ = world.roster.clone().apply(&statement);
    }
    let _ = WorkspaceFile::decode(bytes).map(|file| file.roster().is_ok());
    let _ = SignedReceipt::decode(bytes).map(|receipt| receipt.verify(&world.roster).is_ok());
    let _ = Invitation::decode(bytes);
    let _ = Invitation::from_text(&String::from_utf8_lossy(bytes));
    let _ = Request::open(bytes, invitation, Timestamp(0));
    let _ = Approval::open(bytes, invitation, &world.grace);
    let _ = Keyring::decode(bytes);
    let _ = OpenBatch::decode(bytes);
    let _ = Chain::decode(bytes);
    let _ = Codec::new().decode(bytes);
}

fn samples(world: &mut World, invitation: &Invitation) -> Vec<Vec<u8>> {
    let grace = world.grace.clone();
    let first = world.segment(1, None, &[b"one"]);
    let mut second = world.segment(2, Some(first.hash()), &[b"one", b"two"]);
    second.erase(0);
    let request = Request::make(invitation, &grace, "Grace", &mut world.rng).unwrap();
    let opened = Request::open(&request, invitation, Timestamp(0)).unwrap();
    let approval =
        Approval::make(&world.author, &world.roster, &opened, &world.transport, b"d", &mut world.rng)
            .unwrap();
    let mut receipt =
        Receipt::new(world.roster.workspace(), world.amina.public().id(), first.header().incarnation, 1);
    let range = Range { first: 1, last: 1, hash: first.hash() };
    receipt.logs.push(LogReceipt { log: first.log(), ranges: vec![range], held: vec![] });
    let mut chain = Chain::new();
    chain.observe(first.log(), 1, first.hash(), None);
    let compartment = world.hq_only();
    vec![
        first.encode(),
        second.encode(),
        world.roster.statements()[3].encode(),
        WorkspaceFile::of(&world.roster).encode(),
        receipt.sign(&world.amina).encode(),
        invitation.encode(),
        invitation.to_text().into_bytes(),
        request,
        approval,
        world.keyring(&world.amina).encode().to_vec(),
        world.start(&grace, &compartment).encode().to_vec(),
        chain.encode(),
    ]
}

fn invitation(world: &mut World) -> Invitation {
    Invitation::new(&world.roster, Role::Interpreter, None, None, Timestamp(9), &mut world.rng)
}

#[test]
fn truncated_anywhere_nothing_panics_and_nothing_is_accepted() {
    let mut world = World::new();
    let invitation = invitation(&mut world);
    for sample in samples(&mut world, &invitation) {
        let step = sample.len() / 400 + 1;
        for end in (0..sample.len()).step_by(step) {
            let cut = &sample[..end];
            decode_everything(cut, &world, &invitation);
            assert!(Segment::decode(cut).is_err() && SignedStatement::decode(cut).is_err());
            assert!(WorkspaceFile::decode(cut).is_err() && SignedReceipt::decode(cut).is_err());
            assert!(Invitation::decode(cut).is_err() && Keyring::decode(cut).is_err());
            assert!(OpenBatch::decode(cut).is_err() && Chain::decode(cut).is_err());
            assert!(Request::open(cut, &invitation, Timestamp(0)).is_err());
        }
        let longer = [sample.as_slice(), &[0]].concat();
        decode_everything(&longer, &world, &invitation);
        assert!(Segment::decode(&longer).is_err() && WorkspaceFile::decode(&longer).is_err());
    }
}

#[test]
fn a_length_that_lies_reserves_nothing() {
    // [1, statements of 2^40 items…]
    let lie =
        [0x84, 0x01, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x9b, 0, 0, 1, 0, 0, 0, 0, 0];
    assert!(WorkspaceFile::decode(&lie).is_err());
    assert!(Chain::decode(&[0x82, 0x01, 0x9b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]).is_err());
}

#[test]
fn other_encodings_of_the_same_value_are_refused() {
    let chain = Chain::new().encode();
    assert_eq!(chain, [0x82, 0x01, 0x80]);
    assert_eq!(Chain::decode(&[0x82, 0x18, 0x01, 0x80]), Err(Malformed::NotCanonical), "a longer integer");
    assert_eq!(Chain::decode(&[0x83, 0x01, 0x80, 0x00]), Err(Malformed::NotCanonical), "an unknown field");
    assert_eq!(Chain::decode(&[0x82, 0x01, 0x80, 0x00]), Err(Malformed::Trailing));
    assert_eq!(Chain::decode(&[0x82, 0x02, 0x80]), Err(Malformed::Version { found: 2 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn mangled_bytes_never_panic(which in 0usize..12, at in any::<prop::sample::Index>(), put in any::<[u8; 3]>()) {
        let mut world = World::new();
        let invitation = invitation(&mut world);
        let mut sample = samples(&mut world, &invitation).swap_remove(which);
        let from = at.index(sample.len());
        for (to, byte) in sample.iter_mut().skip(from).zip(put) {
            *to = byte;
        }
        decode_everything(&sample, &world, &invitation);
    }
}
