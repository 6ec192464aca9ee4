//! What lets a device prune, and what does not.

use super::world::World;
use crate::*;
use baraza_model::{Incarnation, LogId, SegmentHash};

struct Log {
    chain: Chain,
    log: LogId,
    hashes: Vec<SegmentHash>,
}

fn three_segments(world: &mut World) -> Log {
    let (mut chain, mut hashes, mut log) = (Chain::new(), Vec::new(), LogId([0; 16]));
    for seq in 1..=3 {
        let segment = world.segment(seq, hashes.last().copied(), &[b"x", b"y"]);
        log = segment.log();
        chain.observe(log, seq, segment.hash(), hashes.last().copied());
        hashes.push(segment.hash());
    }
    Log { chain, log, hashes }
}

fn receipt(world: &World, counter: u64, log: LogId, ranges: Vec<Range>, held: Vec<Held>) -> Receipt {
    let office = world.amina.public().id();
    let mut receipt = Receipt::new(world.roster.workspace(), office, Incarnation([1; 8]), counter);
    receipt.logs = vec![LogReceipt { log, ranges, held }];
    receipt
}

#[test]
fn a_receipt_covers_what_leads_to_the_end_of_its_range_and_is_not_held() {
    let mut world = World::new();
    let Log { chain, log, hashes } = three_segments(&mut world);
    let range = Range { first: 1, last: 2, hash: hashes[1] };
    let held = vec![Held { seq: 2, index: Some(1), reason: Held::reason_of(Disposition::Waiting) }];
    let receipt = receipt(&world, 1, log, vec![range], held);
    let believed =
        SignedReceipt::decode(&receipt.sign(&world.amina).encode()).unwrap().verify(&world.roster).unwrap();
    assert_eq!(believed, receipt);

    assert!(believed.covers(&log, 1, hashes[0], &chain));
    assert!(!believed.covers(&log, 2, hashes[1], &chain), "a payload of it is held");
    assert!(believed.covers_payload(&log, 2, hashes[1], 0, &chain));
    assert!(!believed.covers_payload(&log, 2, hashes[1], 1, &chain));
    assert!(!believed.covers(&log, 3, hashes[2], &chain), "beyond the range");
    assert!(!believed.covers(&log, 1, SegmentHash([5; 32]), &chain), "another branch with the same seq");
    assert!(!believed.covers(&LogId([5; 16]), 1, hashes[0], &chain));
    assert!(!believed.covers(&log, 1, hashes[0], &Chain::new()), "nothing shows that it leads to the end");
}

#[test]
fn only_headquarters_signs_receipts() {
    let mut world = World::new();
    let Log { log, hashes, .. } = three_segments(&mut world);
    let mut receipt = receipt(&world, 1, log, vec![Range { first: 1, last: 3, hash: hashes[2] }], vec![]);
    let forged = receipt.sign(&world.yusuf).verify(&world.roster);
    assert_eq!(forged, Err(ReceiptError::BadSignature));
    receipt.office = world.yusuf.public().id();
    let presumed = receipt.sign(&world.yusuf).verify(&world.roster);
    assert_eq!(presumed, Err(ReceiptError::NotAnOffice(receipt.office)));
    receipt.workspace.0[0] ^= 1;
    assert_eq!(receipt.sign(&world.yusuf).verify(&world.roster), Err(ReceiptError::WrongWorkspace));
}

#[test]
fn the_latest_receipt_wins_and_a_restored_office_starts_anew() {
    let mut world = World::new();
    let Log { chain, log, hashes } = three_segments(&mut world);
    let all = vec![Range { first: 1, last: 3, hash: hashes[2] }];
    let mut book = ReceiptBook::new();
    assert!(book.admit(receipt(&world, 2, log, all.clone(), vec![])));
    assert!(!book.admit(receipt(&world, 1, log, vec![], vec![])), "an older one comes late");
    assert_eq!(book.count(&log, 3, hashes[2], &chain, &world.roster), 1);

    // The office is restored from a backup made before segment 3.
    let mut restored = receipt(&world, 1, log, vec![Range { first: 1, last: 2, hash: hashes[1] }], vec![]);
    restored.incarnation = Incarnation([2; 8]);
    restored.supersedes = vec![Incarnation([1; 8])];
    assert!(book.admit(restored.clone()));
    assert_eq!(book.count(&log, 3, hashes[2], &chain, &world.roster), 0);
    assert_eq!(book.count(&log, 2, hashes[1], &chain, &world.roster), 1);
    assert!(!book.admit(receipt(&world, 99, log, all.clone(), vec![])), "its old life no longer counts");

    // Also for someone who hears of the restored office first.
    let mut late = ReceiptBook::new();
    assert!(late.admit(restored));
    assert!(!late.admit(receipt(&world, 99, log, all, vec![])));
}

#[test]
fn an_office_that_was_revoked_counts_no_more() {
    let mut world = World::new();
    let Log { chain, log, hashes } = three_segments(&mut world);
    let mut book = ReceiptBook::new();
    book.admit(receipt(&world, 1, log, vec![Range { first: 1, last: 3, hash: hashes[2] }], vec![]));
    let amina = world.amina.public().id();
    world.author.revoke(&mut world.roster, amina, vec![], &mut world.rng).unwrap();
    assert_eq!(book.count(&log, 3, hashes[2], &chain, &world.roster), 0);
}
