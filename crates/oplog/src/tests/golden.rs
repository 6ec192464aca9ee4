//! Bytes written by an earlier release stay readable, and the same inputs give the same bytes.
//!
//! `BARAZA_BLESS=1` rewrites the files after a deliberate change of format.

use super::world::{Seeded, World, read_all};
use crate::*;
use baraza_model::{Incarnation, Role, Timestamp};
use std::path::PathBuf;

fn same(name: &str, bytes: &[u8]) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("BARAZA_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    let golden = std::fs::read(&path).unwrap_or_default();
    assert!(golden == bytes, "{name} is no longer written as it was");
    golden
}

#[test]
fn the_formats_are_what_they_were() {
    let mut world = World::new();
    let file = same("workspace.cbor", &WorkspaceFile::of(&world.roster).encode());
    let roster = WorkspaceFile::decode(&file).unwrap().roster().unwrap();

    let mut segment = world.segment(1, None, &[b"first", b"second"]);
    segment.erase(0);
    let segment = Segment::decode(&same("segment.cbor", &segment.encode())).unwrap();
    assert_eq!(read_all(&segment, &roster, &world.keyring(&world.amina)), [b"second".to_vec()]);

    let ring = world.keyring(&world.yusuf);
    assert_eq!(Keyring::decode(&same("keyring.cbor", &ring.encode())).unwrap(), ring);

    let (yusuf, compartment) = (world.yusuf.clone(), world.hq_only());
    let batch = world.start(&yusuf, &compartment);
    assert!(OpenBatch::decode(&same("batch.cbor", &batch.encode())).unwrap().is_empty());

    let mut receipt = Receipt::new(roster.workspace(), world.amina.public().id(), Incarnation([4; 8]), 1);
    let range = Range { first: 1, last: 1, hash: segment.hash() };
    let held = Held { seq: 1, index: None, reason: 2 };
    receipt.supersedes.push(Incarnation([3; 8]));
    receipt.logs.push(LogReceipt { log: segment.log(), ranges: vec![range], held: vec![held] });
    let signed = same("receipt.cbor", &receipt.sign(&world.amina).encode());
    assert_eq!(SignedReceipt::decode(&signed).unwrap().verify(&roster).unwrap(), receipt);

    let mut rng = Seeded::new(1);
    let invitation =
        Invitation::new(&roster, Role::TeamMember, Some(world.east), None, Timestamp(9), &mut rng);
    assert_eq!(Invitation::decode(&same("invitation.cbor", &invitation.encode())).unwrap(), invitation);
    let request = Request::make(&invitation, &world.yusuf, "Yusuf", &mut rng).unwrap();
    let request = Request::open(&same("request.cbor", &request), &invitation, Timestamp(0)).unwrap();
    let approval =
        Approval::make(&world.author, &roster, &request, &world.transport, b"d", &mut rng).unwrap();
    Approval::open(&same("approval.cbor", &approval), &invitation, &world.yusuf).unwrap();
}

#[test]
fn the_words_are_what_they_were() {
    let world = World::new();
    let words = verification_words(&world.roster.authority(), &world.yusuf.public()).join(" ");
    assert_eq!(words.as_bytes(), same("words.txt", words.as_bytes()));
}
