//! Gaps that close, forks that stay, and one answer whatever the order of arrival.

use crate::*;
use baraza_model::{LogId, SegmentHash};
use proptest::prelude::*;

const LOG: LogId = LogId([1; 16]);

fn hash(branch: u8, seq: u64) -> SegmentHash {
    let mut bytes = [branch; 32];
    bytes[..8].copy_from_slice(&seq.to_be_bytes());
    SegmentHash(bytes)
}

fn observe(chain: &mut Chain, seq: u64) -> Observed {
    chain.observe(LOG, seq, hash(0, seq), (seq > 1).then(|| hash(0, seq - 1)))
}

#[test]
fn a_gap_is_seen_and_closes() {
    let mut chain = Chain::new();
    assert_eq!(observe(&mut chain, 1), Observed::New);
    assert_eq!(observe(&mut chain, 4), Observed::Gap { first: 2, last: 3 });
    assert_eq!(chain.gaps(&LOG), [(2, 3)]);
    assert_eq!(chain.ranges(&LOG).len(), 2);
    assert_eq!(observe(&mut chain, 3), Observed::Gap { first: 2, last: 2 });
    assert_eq!(observe(&mut chain, 2), Observed::New);
    assert_eq!(observe(&mut chain, 2), Observed::Duplicate);
    assert_eq!(chain.gaps(&LOG), []);
    assert_eq!(chain.ranges(&LOG), [Range { first: 1, last: 4, hash: hash(0, 4) }]);
    assert_eq!(chain.heads(&LOG), [(4, hash(0, 4))]);
}

#[test]
fn a_cloned_tablet_forks_its_log_and_both_branches_stay() {
    let mut chain = Chain::new();
    for seq in 1..=3 {
        observe(&mut chain, seq);
    }
    let twin = chain.observe(LOG, 3, hash(9, 3), Some(hash(0, 2)));
    assert_eq!(twin, Observed::Fork { seq: 3, known: hash(0, 3), found: hash(9, 3) });
    assert_eq!(chain.observe(LOG, 4, hash(9, 4), Some(hash(9, 3))), Observed::New);
    let ranges = chain.ranges(&LOG);
    assert_eq!(
        ranges,
        [Range { first: 1, last: 3, hash: hash(0, 3) }, Range { first: 1, last: 4, hash: hash(9, 4) }]
    );
    assert_eq!(chain.descends(&LOG, (2, hash(0, 2)), (4, hash(9, 4))), Ancestry::Yes);
    assert_eq!(chain.descends(&LOG, (3, hash(0, 3)), (4, hash(9, 4))), Ancestry::No);
}

#[test]
fn a_segment_that_names_an_unseen_predecessor_betrays_a_fork() {
    let mut chain = Chain::new();
    observe(&mut chain, 1);
    let fork = chain.observe(LOG, 2, hash(9, 2), Some(hash(9, 1)));
    assert_eq!(fork, Observed::Fork { seq: 1, known: hash(0, 1), found: hash(9, 1) });
    // And the other way round: the successor was here first.
    let mut chain = Chain::new();
    observe(&mut chain, 2);
    let fork = chain.observe(LOG, 1, hash(9, 1), None);
    assert_eq!(fork, Observed::Fork { seq: 1, known: hash(0, 1), found: hash(9, 1) });
}

#[test]
fn ancestry_across_a_gap_is_unknown() {
    let mut chain = Chain::new();
    observe(&mut chain, 1);
    observe(&mut chain, 4);
    assert_eq!(chain.descends(&LOG, (1, hash(0, 1)), (4, hash(0, 4))), Ancestry::Unknown);
    assert_eq!(chain.descends(&LOG, (4, hash(0, 4)), (1, hash(0, 1))), Ancestry::No);
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(mut order in Just((1u64..30).collect::<Vec<_>>()).prop_shuffle(), keep in 1usize..29) {
        order.truncate(keep);
        let mut chain = Chain::new();
        for seq in &order {
            observe(&mut chain, *seq);
        }
        let mut sorted = Chain::new();
        order.sort_unstable();
        for seq in &order {
            observe(&mut sorted, *seq);
        }
        prop_assert_eq!(&chain, &sorted);
        prop_assert_eq!(&Chain::decode(&chain.encode()).unwrap(), &sorted);
        let missing: u64 = chain.gaps(&LOG).iter().map(|(first, last)| last - first + 1).sum();
        let present: u64 = chain.ranges(&LOG).iter().map(|range| range.last - range.first + 1).sum();
        prop_assert_eq!(present, keep as u64);
        prop_assert_eq!(missing + present, *order.last().unwrap());
    }
}
