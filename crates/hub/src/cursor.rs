//! What a token holds: per reader (group, device) how far its segments were given, alerts apart.
//!
//! Readers whose cursors agree share an entry, which is the rule once a device has caught up; so the token stays
//! small. It is authenticated, so that its [`Mark`] proves that a store was set back.

use baraza_model::DeviceId;
use baraza_sync::frontier::{StoreId, Token};
use baraza_sync::wire::envelope::RequestDigest;
use minicbor::{Decode, Encode};
use ring::hmac;
use std::collections::BTreeMap;

const TAG: usize = 8;

/// How far one reader's segments were given: alerts, and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
pub(crate) struct Cursor {
    #[n(0)]
    pub(crate) alerts: i64,
    #[n(1)]
    pub(crate) rest: i64,
}

impl Cursor {
    /// The cursor of a class: 0 for alerts.
    pub(crate) fn of(&self, class: i64) -> i64 {
        if class == 0 { self.alerts } else { self.rest }
    }

    /// Moves forward, never back.
    pub(crate) fn advance(&mut self, class: i64, to: i64) {
        let cursor = if class == 0 { &mut self.alerts } else { &mut self.rest };
        *cursor = (*cursor).max(to);
    }
}

/// The newest segment of the store when a token was made: arrival number and the beginning of its hash. Where another
/// segment has that number, or none ever had, the store was set back to a backup since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Mark {
    #[n(0)]
    pub(crate) arrival: i64,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) hash: [u8; 4],
}

/// A device's cursors, by the store's numbers of its readers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Cursors {
    pub(crate) mark: Option<Mark>,
    pub(crate) receipts: i64,
    pub(crate) readers: BTreeMap<i64, Cursor>,
}

#[derive(Encode, Decode)]
struct Packed {
    #[n(0)]
    mark: Option<Mark>,
    #[n(1)]
    receipts: i64,
    #[n(2)]
    entries: Vec<Entry>,
}

#[derive(Encode, Decode)]
struct Entry {
    #[n(0)]
    cursor: Cursor,
    #[n(1)]
    readers: Vec<i64>,
}

/// Seals and opens tokens with a key that only this hub has.
pub(crate) struct TokenSeal(hmac::Key);

impl TokenSeal {
    pub(crate) fn new(hub_seed: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, hub_seed);
        Self(hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, b"baraza/v1/hub-token").as_ref()))
    }

    pub(crate) fn seal(&self, store: StoreId, device: &DeviceId, cursors: &Cursors) -> Token {
        let mut by_cursor: BTreeMap<Cursor, Vec<i64>> = BTreeMap::new();
        for (reader, cursor) in &cursors.readers {
            by_cursor.entry(*cursor).or_default().push(*reader);
        }
        let entries = by_cursor.into_iter().map(|(cursor, readers)| Entry { cursor, readers }).collect();
        let mut opaque = Vec::new();
        // Writing to a `Vec` cannot fail.
        let _ =
            minicbor::encode(Packed { mark: cursors.mark, receipts: cursors.receipts, entries }, &mut opaque);
        let tag = self.tag(store, device, &opaque);
        opaque.extend_from_slice(&tag);
        Token { store, opaque }
    }

    /// `None` for a token that this hub did not give this device.
    pub(crate) fn open(&self, device: &DeviceId, token: &Token) -> Option<Cursors> {
        let (packed, tag) = token.opaque.split_last_chunk::<TAG>()?;
        if self.tag(token.store, device, packed) != *tag {
            return None;
        }
        let packed: Packed = minicbor::decode(packed).ok()?;
        let readers = packed.entries.iter().flat_map(|e| e.readers.iter().map(|reader| (*reader, e.cursor)));
        Some(Cursors { mark: packed.mark, receipts: packed.receipts, readers: readers.collect() })
    }

    /// The id of a new life of a store; `request` is one that is never made twice (it carries a random nonce).
    pub(crate) fn fresh_store_id(&self, old: StoreId, request: &RequestDigest) -> StoreId {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&old.0);
        context.update(&request.0);
        let mut id = [0; 8];
        id.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        StoreId(id)
    }

    fn tag(&self, store: StoreId, device: &DeviceId, packed: &[u8]) -> [u8; TAG] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&store.0);
        context.update(device.as_bytes());
        context.update(packed);
        let mut tag = [0; TAG];
        tag.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMINA: DeviceId = DeviceId([1; 16]);

    fn caught_up(readers: i64) -> Cursors {
        let cursor = Cursor { alerts: 70_000, rest: 70_000 };
        let mark = Some(Mark { arrival: 70_000, hash: [3; 4] });
        Cursors { mark, receipts: 12, readers: (1..=readers).map(|id| (id, cursor)).collect() }
    }

    #[test]
    fn a_token_comes_back_as_it_was() {
        let seal = TokenSeal::new(&[7; 32]);
        let mut cursors = caught_up(4);
        cursors.readers.insert(9, Cursor { alerts: 1, rest: 0 });
        let token = seal.seal(StoreId([1; 8]), &AMINA, &cursors);
        assert_eq!(seal.open(&AMINA, &token), Some(cursors));
    }

    #[test]
    fn a_token_of_someone_else_or_changed_is_none() {
        let seal = TokenSeal::new(&[7; 32]);
        let token = seal.seal(StoreId([1; 8]), &AMINA, &caught_up(4));
        assert_eq!(seal.open(&DeviceId([2; 16]), &token), None);
        assert_eq!(TokenSeal::new(&[8; 32]).open(&AMINA, &token), None);
        assert_eq!(seal.open(&AMINA, &Token { store: StoreId([2; 8]), ..token.clone() }), None);
        for at in 0..token.opaque.len() {
            let mut changed = token.clone();
            changed.opaque[at] ^= 1;
            assert_eq!(seal.open(&AMINA, &changed), None);
        }
        assert_eq!(seal.open(&AMINA, &Token { store: StoreId([1; 8]), opaque: vec![] }), None);
    }

    #[test]
    fn a_caught_up_token_is_small() {
        let token = TokenSeal::new(&[7; 32]).seal(StoreId([1; 8]), &AMINA, &caught_up(6));
        assert!(token.opaque.len() <= 48, "{}", token.opaque.len());
    }
}
