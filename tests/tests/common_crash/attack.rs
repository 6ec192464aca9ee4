//! Trying every byte of a seized store as a key to one sealed payload.
//!
//! It repeats the derivations of the log (its contexts, associated data and HKDF steps) from their description, so
//! that it fails when they change; its own test opens a payload by each of the three ways.

use super::seized::{Value, aead_open};
use baraza_oplog::{Context, SealSecret, Segment};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk};
use std::collections::BTreeSet;

const PAYLOAD_KEY: &str = "baraza/v1/payload-key";
const PAYLOAD_NEXT: &str = "baraza/v1/payload-next";
const PAYLOAD_AAD: &str = "baraza/v1/payload-aad";
const BATCH_WRAP: Context = Context::new("baraza/v1/batch-wrap");

type Key = [u8; 32];

/// One payload as it lies in the outbox, on a card or on a hub.
pub(crate) struct Target {
    batch: Vec<u8>,
    index: u32,
    aad: Vec<u8>,
    sealed: Vec<u8>,
    /// The batch secret sealed to each reader, with its associated data.
    wraps: Vec<(Vec<u8>, Vec<u8>)>,
}

/// By what a payload was opened, where that stood, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Broken {
    pub(crate) by: &'static str,
    pub(crate) place: String,
    pub(crate) frame: Vec<u8>,
}

/// How much was tried.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tried {
    pub(crate) symmetric: usize,
    pub(crate) private: usize,
}

impl Target {
    pub(crate) fn of(segment: &Segment, index: u32) -> Self {
        let header = segment.header();
        let batch = header.batch.as_bytes().to_vec();
        let aad = [
            PAYLOAD_AAD.as_bytes(),
            &[0],
            &header.workspace.0,
            &segment.log().0,
            &batch,
            &index.to_be_bytes(),
        ];
        let wrap_aad =
            |reader| minicbor::to_vec((header.workspace, header.device, header.batch, reader)).unwrap();
        let wraps =
            header.readers.iter().zip(&header.wraps).map(|(r, wrap)| (wrap_aad(r), wrap.to_vec())).collect();
        let sealed = segment.payload(index).expect("the payload is there").to_vec();
        Self { aad: aad.concat(), batch, index, sealed, wraps }
    }

    /// As the payload's own key.
    pub(crate) fn by_payload_key(&self, key: &Key) -> Option<Vec<u8>> {
        aead_open(key, &self.aad, &self.sealed)
    }

    /// As the secret of this batch at this payload, or at any before it.
    pub(crate) fn by_batch_secret(&self, secret: &Key) -> Option<Vec<u8>> {
        let mut secret = *secret;
        for step in 0..=self.index {
            if step > 0 {
                secret = derive(&secret, PAYLOAD_NEXT, &self.batch);
            }
            if let Some(frame) = self.by_payload_key(&derive(&secret, PAYLOAD_KEY, &self.batch)) {
                return Some(frame);
            }
        }
        None
    }

    /// As the private key of one of its readers.
    pub(crate) fn by_private_key(&self, key: &Key) -> Option<Vec<u8>> {
        self.first_secret(key).and_then(|first| self.by_batch_secret(&first))
    }

    /// The secret that the batch started with, for a reader.
    pub(crate) fn first_secret(&self, key: &Key) -> Option<Key> {
        let key = SealSecret::from_bytes(key);
        let opened = self.wraps.iter().find_map(|(aad, wrap)| key.open(BATCH_WRAP, aad, wrap).ok())?;
        opened.as_slice().try_into().ok()
    }

    /// Tries all that is stored: every 32 bytes as a symmetric secret, and as a private key whatever stands where a
    /// field can begin or end.
    pub(crate) fn attack(&self, values: &[Value]) -> (BTreeSet<Broken>, Tried) {
        let (mut broken, mut tried) = (BTreeSet::new(), Tried::default());
        let mut symmetric: std::collections::HashSet<Key> = std::collections::HashSet::new();
        let mut private: std::collections::HashSet<Key> = std::collections::HashSet::new();
        for value in values {
            let place = format!("{}.{}", value.table, value.column);
            let mut note = |by, frame: Option<Vec<u8>>| {
                broken.extend(frame.map(|frame| Broken { by, place: place.clone(), frame }));
            };
            for window in value.bytes.windows(32) {
                let key: Key = window.try_into().unwrap();
                if symmetric.insert(key) {
                    note("payload key", self.by_payload_key(&key));
                    note("batch secret", self.by_batch_secret(&key));
                }
            }
            // A form is public inside the workspace and far larger than all the rest.
            let fields = if value.table == "form" { Vec::new() } else { fields(&value.bytes) };
            for key in fields {
                if private.insert(key) {
                    note("private key", self.by_private_key(&key));
                }
            }
        }
        tried.symmetric = symmetric.len();
        tried.private = private.len();
        (broken, tried)
    }
}

/// Where a key of 32 bytes can stand: at the ends of a value, every 32 bytes of a short one, and behind the heads of
/// CBOR byte strings of 32 or 64 bytes.
fn fields(bytes: &[u8]) -> Vec<Key> {
    let mut starts = vec![0, bytes.len().saturating_sub(32)];
    if bytes.len() <= 128 {
        starts.extend((0..bytes.len()).step_by(32));
    }
    for (at, pair) in bytes.windows(2).enumerate() {
        match pair {
            [0x58, 0x20] => starts.push(at + 2),
            [0x58, 0x40] => starts.extend([at + 2, at + 34]),
            _ => {}
        }
    }
    starts.into_iter().filter_map(|at| bytes.get(at..at + 32)?.try_into().ok()).collect()
}

/// HKDF-Expand (RFC 5869) with `context ‖ 0 ‖ info`.
pub(crate) fn derive(secret: &Key, context: &str, info: &[u8]) -> Key {
    struct Length;
    impl KeyType for Length {
        fn len(&self) -> usize {
            32
        }
    }
    let mut out = [0; 32];
    let prk = Prk::new_less_safe(HKDF_SHA256, secret);
    prk.expand(&[context.as_bytes(), &[0], info], Length).and_then(|okm| okm.fill(&mut out)).unwrap();
    out
}

/// The key of the payload, for the attack's own test.
pub(crate) fn payload_key(target: &Target, secret: &Key) -> Key {
    derive(secret, PAYLOAD_KEY, &target.batch)
}
