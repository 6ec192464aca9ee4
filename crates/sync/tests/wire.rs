//! Messages: what is signed cannot be changed, what is too much is refused, and nothing panics.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it should be"
)]

mod common;

use baraza_model::Timestamp;
use baraza_oplog::{DeviceSecret, HubSecret};
use baraza_sync::frontier::{StoreId, Token};
use baraza_sync::wire::envelope::{
    SealedRequest, open_response, request_digest, seal_request, seal_response,
};
use baraza_sync::wire::{Bytes, RosterHead, SyncRequest, SyncResponse, WIRE_VERSION};
use baraza_sync::{MAX_ITEM, SyncError};
use common::Seeded;
use proptest::prelude::*;

fn request() -> SyncRequest {
    SyncRequest {
        version: WIRE_VERSION,
        roster: RosterHead { term: 1, version: 7, digest: [3; 8] },
        token: Some(Token { store: StoreId([1; 8]), opaque: vec![9; 20] }),
        statements: vec![Bytes(vec![1; 40])],
        segments: vec![Bytes(vec![2; 400]), Bytes(vec![])],
        receipts: vec![Bytes(vec![3; 90])],
        have: vec![],
        room: 1 << 20,
        own: false,
    }
}

fn amina() -> DeviceSecret {
    DeviceSecret::generate(&mut Seeded::new(1))
}

fn hub() -> HubSecret {
    HubSecret::from_seed(&[5; 32])
}

fn sealed() -> Vec<u8> {
    seal_request(&amina(), &hub().public(), Timestamp(5), &mut Seeded::new(2), request().to_bytes()).0
}

#[test]
fn what_was_said_is_what_is_heard() {
    let opened = SealedRequest::from_bytes(&sealed()).unwrap();
    opened.verify(&amina().public().sign, &hub().public()).unwrap();
    assert_eq!(opened.device, amina().public().id());
    assert_eq!(SyncRequest::from_bytes(&opened.body).unwrap(), request());
}

#[test]
fn a_request_is_for_one_hub_and_from_one_device() {
    let opened = SealedRequest::from_bytes(&sealed()).unwrap();
    let other_hub = HubSecret::from_seed(&[6; 32]).public();
    let other_device = DeviceSecret::generate(&mut Seeded::new(9)).public().sign;
    assert_eq!(opened.verify(&amina().public().sign, &other_hub), Err(SyncError::BadSignature));
    assert_eq!(opened.verify(&other_device, &hub().public()), Err(SyncError::BadSignature));
}

#[test]
fn no_byte_of_a_request_can_be_changed() {
    let sealed = sealed();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        if let Ok(opened) = SealedRequest::from_bytes(&changed) {
            assert!(opened.verify(&amina().public().sign, &hub().public()).is_err(), "byte {at}");
        }
    }
}

#[test]
fn an_answer_fits_its_request_alone() {
    let (mine, theirs) = (request_digest(b"mine"), request_digest(b"theirs"));
    let body = SyncResponse::empty(StoreId([1; 8])).to_bytes();
    let answer = seal_response(&hub(), mine, body.clone());
    assert_eq!(open_response(&hub().public(), mine, &answer).unwrap(), body);
    assert_eq!(open_response(&hub().public(), theirs, &answer), Err(SyncError::BadSignature));
    for at in 0..answer.len() {
        let mut changed = answer.clone();
        changed[at] ^= 1;
        assert!(open_response(&hub().public(), mine, &changed).is_err(), "byte {at}");
    }
}

#[test]
fn what_is_newer_or_too_much_is_refused() {
    let newer = SyncRequest { version: 9, ..request() };
    assert_eq!(SyncRequest::from_bytes(&newer.to_bytes()), Err(SyncError::UnsupportedVersion(9)));

    let behind = [request().to_bytes(), vec![0]].concat();
    assert_eq!(SyncRequest::from_bytes(&behind), Err(SyncError::Malformed("bytes behind the end")));

    let large = SyncRequest { segments: vec![Bytes(vec![0; MAX_ITEM + 1])], ..request() };
    assert_eq!(SyncRequest::from_bytes(&large.to_bytes()).unwrap_err().code(), "sync.too-large");

    let many = SyncRequest { segments: vec![Bytes(vec![]); SyncRequest::MAX_ITEMS + 1], ..request() };
    assert!(SyncRequest::from_bytes(&many.to_bytes()).is_err());

    let long = Token { store: StoreId([1; 8]), opaque: vec![0; Token::MAX_OPAQUE + 1] };
    assert_eq!(Token::from_bytes(&long.to_bytes()).unwrap_err().code(), "sync.too-large");
    let token = Token { store: StoreId([1; 8]), opaque: vec![7; 30] };
    assert_eq!(Token::from_bytes(&token.to_bytes()).unwrap(), token);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_message_is_too_strange(spoil in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8), cut in any::<prop::sample::Index>()) {
        let mut bytes = request().to_bytes();
        for (index, byte) in spoil {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = SyncRequest::from_bytes(&bytes);
        let _ = SyncRequest::from_bytes(&bytes[..cut.index(bytes.len())]);
        let _ = SyncResponse::from_bytes(&bytes);
        let _ = SealedRequest::from_bytes(&bytes);
    }
}
