//! The ratchet's adversary: someone who seizes the device with the batch still open, and all its ciphertexts.

use super::world::World;
use crate::batch::{next, payload_aad, payload_key};
use crate::seal::{Secret32, aead_open};
use crate::*;
use baraza_model::Entropy;

/// Which payloads the stored state gives away, by trying every 32 bytes of it, and whatever follows from them, as
/// a key and as a secret.
fn given_away(state: &[u8], batch: &OpenBatch, sealed: &[SealedPayload], roster: &Roster) -> Vec<u32> {
    let id = batch.id();
    let mut keys = Vec::new();
    for window in state.windows(32) {
        let mut secret = Secret32::from_slice(window).unwrap();
        keys.push(secret.clone());
        for _ in 0..4 {
            keys.push(payload_key(&secret, id));
            secret = next(&secret, id);
        }
    }
    let opens = |payload: &&SealedPayload| {
        let aad = payload_aad(roster.workspace(), batch.log(), id, payload.index);
        keys.iter().any(|key| aead_open(key, &aad, &payload.bytes).is_ok())
    };
    sealed.iter().filter(opens).map(|payload| payload.index).collect()
}

fn seize(seal: fn(&mut OpenBatch, &[u8], &mut dyn Entropy) -> SealedPayload) -> Vec<u32> {
    let mut world = World::new();
    let (yusuf, compartment) = (world.yusuf.clone(), world.hq_only());
    let mut batch = world.start(&yusuf, &compartment);
    let sealed: Vec<_> =
        [&b"a name"[..], b"a place"].iter().map(|f| seal(&mut batch, f, &mut world.rng)).collect();
    given_away(&batch.encode(), &batch, &sealed, &world.roster)
}

#[test]
fn a_seized_state_opens_nothing_that_was_sealed_before() {
    let opened = seize(|batch, frame, mut rng| batch.seal(frame, &mut rng).unwrap());
    assert_eq!(opened, []);
}

/// The planted weakness: without the ratchet the same adversary reads everything, so the test above can fail.
#[test]
fn the_adversary_reads_everything_where_the_ratchet_is_left_out() {
    let opened = seize(|batch, frame, mut rng| batch.seal_without_ratchet(frame, &mut rng).unwrap());
    assert_eq!(opened, [0, 1]);
}

/// A state kept from before a payload opens that payload: why backups must not carry it.
#[test]
fn an_older_copy_of_the_state_opens_what_came_after_it() {
    let mut world = World::new();
    let (yusuf, compartment) = (world.yusuf.clone(), world.hq_only());
    let mut batch = world.start(&yusuf, &compartment);
    let before = batch.encode();
    let sealed = batch.seal(b"a name", &mut world.rng).unwrap();
    assert_eq!(given_away(&before, &batch, &[sealed], &world.roster), [0]);
}

#[test]
fn the_device_key_does_not_open_the_batch_either() {
    let mut world = World::new();
    let segment = world.segment(1, None, &[b"a name"]);
    let yusuf = world.yusuf.clone();
    for wrap in &segment.header().wraps {
        for reader in &segment.header().readers {
            let aad = crate::batch::wrap_aad(
                world.roster.workspace(),
                yusuf.public().id(),
                segment.header().batch,
                reader,
            );
            assert!(yusuf.seal_secret().open(Context::BATCH_WRAP, &aad, wrap).is_err());
        }
    }
}
