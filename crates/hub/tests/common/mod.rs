//! A workspace of named people with real keys, logs and sealed segments, and a hub between them.

#![allow(dead_code, reason = "each test file uses a part of it")]

use baraza_hub::{Hub, Options};
use baraza_model::{DeviceId, Entropy, GroupId, Incarnation, LogId, SegmentHash, Timestamp};
use baraza_oplog::{
    Author, AuthoritySecret, Codec, Compartment, Cut, DeviceSecret, Founding, HubSecret, Keyring, LogReceipt,
    OfficerSecret, OpenBatch, Payload, Priority, Range, Receipt, Roster, Segment, SignedReceipt,
    SignedStatement, TransportKey, WorkspaceFile,
};
use baraza_sync::client::{Client, Effect, Event, OutboxSegment, Report, Start};
use baraza_sync::frontier::Token;
use baraza_sync::wire::{Bytes, LogRange, PushOutcome, RosterHead, SegmentRef, statements_after};
use ring::digest::{SHA256, digest};
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

pub(crate) const DAY: i64 = 24 * 3_600_000;
pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Bytes that follow from a seed.
pub(crate) struct Seeded(u64, u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed, 0)
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(32) {
            let input = [self.0.to_be_bytes(), self.1.to_be_bytes()].concat();
            chunk.copy_from_slice(&digest(&SHA256, &input).as_ref()[..chunk.len()]);
            self.1 += 1;
        }
    }
}

/// The workspace, its officer and its hub.
pub(crate) struct World {
    pub(crate) rng: Seeded,
    pub(crate) roster: Roster,
    author: Author,
    pub(crate) hub_secret: HubSecret,
    pub(crate) folder: tempfile::TempDir,
}

impl World {
    /// A workspace with headquarters (the office device of Hana).
    pub(crate) fn new() -> (Self, Person) {
        let mut rng = Seeded::new(1);
        let office = DeviceSecret::generate(&mut rng);
        let (roster, author) = Founding {
            authority: &AuthoritySecret::generate(&mut rng),
            officer: OfficerSecret::generate(&mut rng),
            office: office.public(),
            transport: &TransportKey::generate(&mut rng),
            recovery: None,
        }
        .found(&mut rng)
        .unwrap();
        let hub_secret = HubSecret::generate(&mut rng);
        let world = Self { rng, roster, author, hub_secret, folder: tempfile::tempdir().unwrap() };
        let hana = Person::new(office, &world.roster, 100);
        (world, hana)
    }

    pub(crate) fn team(&mut self) -> GroupId {
        self.author.create_team(&mut self.roster, &mut self.rng).unwrap().0
    }

    /// Someone new joins, and knows the roster as it then is.
    pub(crate) fn join(&mut self, groups: &[GroupId]) -> Person {
        let secret = DeviceSecret::generate(&mut self.rng);
        self.author.add_device(&mut self.roster, secret.public(), groups, &mut self.rng).unwrap();
        let seed = u64::from(secret.public().id().0[0]) + 1_000;
        Person::new(secret, &self.roster, seed)
    }

    pub(crate) fn revoke(&mut self, person: &Person, cuts: Vec<Cut>) -> Vec<SignedStatement> {
        self.author.revoke(&mut self.roster, person.id(), cuts, &mut self.rng).unwrap()
    }

    pub(crate) fn add_to_group(&mut self, person: &Person, group: GroupId) {
        self.author.add_to_group(&mut self.roster, person.id(), group, &mut self.rng).unwrap();
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.folder.path().join("hub.db")
    }

    /// Opens the hub's store, as a restart does.
    pub(crate) fn hub(&mut self) -> Hub {
        self.hub_with(Options::default())
    }

    pub(crate) fn hub_with(&mut self, options: Options) -> Hub {
        let file = WorkspaceFile::of(&self.roster).encode();
        let (store, secret) = (self.store(), self.hub_secret.clone());
        Hub::open(&store, &file, secret, options, &mut self.rng).unwrap()
    }
}

struct Head {
    seq: u64,
    hash: SegmentHash,
}

/// A person and their device.
pub(crate) struct Person {
    pub(crate) secret: DeviceSecret,
    pub(crate) roster: Roster,
    pub(crate) keyring: Keyring,
    incarnation: Incarnation,
    heads: BTreeMap<LogId, Head>,
    pub(crate) outbox: Vec<OutboxSegment>,
    pub(crate) handed_over: BTreeMap<SegmentRef, OutboxSegment>,
    pub(crate) outcomes: BTreeMap<SegmentRef, PushOutcome>,
    pub(crate) receipts: Vec<Bytes>,
    pub(crate) receipt_outcomes: Vec<PushOutcome>,
    pub(crate) token: Option<Token>,
    pub(crate) pulled: Vec<Bytes>,
    pub(crate) pulled_receipts: Vec<Bytes>,
    pub(crate) own: bool,
    pub(crate) replaced: usize,
    pub(crate) rng: Seeded,
}

impl Person {
    pub(crate) fn new(secret: DeviceSecret, roster: &Roster, seed: u64) -> Self {
        let mut rng = Seeded::new(seed);
        let mut keyring = Keyring::new();
        keyring.absorb(roster, &secret);
        Self {
            incarnation: Incarnation::random(&mut rng),
            secret,
            roster: roster.clone(),
            keyring,
            heads: BTreeMap::new(),
            outbox: Vec::new(),
            handed_over: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            receipts: Vec::new(),
            receipt_outcomes: Vec::new(),
            token: None,
            pulled: Vec::new(),
            pulled_receipts: Vec::new(),
            own: false,
            replaced: 0,
            rng,
        }
    }

    pub(crate) fn id(&self) -> DeviceId {
        self.secret.public().id()
    }

    /// Seals sentences to groups as one closed segment and puts it into the outbox.
    pub(crate) fn write(&mut self, groups: &[GroupId], sentences: &[&str]) -> SegmentRef {
        self.write_with(groups, sentences, Priority::Text)
    }

    pub(crate) fn write_with(
        &mut self,
        groups: &[GroupId],
        sentences: &[&str],
        priority: Priority,
    ) -> SegmentRef {
        let segment = self.seal(groups, sentences, priority);
        let entry = OutboxSegment::of(&segment);
        let id = entry.id;
        self.outbox.push(entry);
        id
    }

    pub(crate) fn seal(&mut self, groups: &[GroupId], sentences: &[&str], priority: Priority) -> Segment {
        let compartment = Compartment::of_groups(groups.iter().copied()).unwrap();
        let public = self.secret.public();
        let mut batch = OpenBatch::start(
            &self.roster,
            &public,
            self.incarnation,
            &compartment,
            priority,
            NOW,
            &mut self.rng,
        )
        .unwrap();
        let codec = Codec::new();
        let payloads: Vec<Option<Vec<u8>>> = (sentences.iter())
            .map(|text| {
                let frame =
                    codec.encode(&Payload::Other { kind: 7, body: text.as_bytes().to_vec() }).unwrap();
                Some(batch.seal(&frame, &mut self.rng).unwrap().bytes)
            })
            .collect();
        let head = self.heads.get(&batch.log());
        let (seq, previous) = head.map_or((1, None), |head| (head.seq + 1, Some(head.hash)));
        let log = batch.log();
        let segment = batch.close(&self.secret, seq, previous, payloads).unwrap();
        self.heads.insert(log, Head { seq, hash: segment.hash() });
        segment
    }

    /// A receipt of an office for everything that it has pulled and that these logs hold.
    pub(crate) fn receipt_for(&mut self, segments: &[SegmentRef], counter: u64) {
        let mut receipt = Receipt::new(self.roster.workspace(), self.id(), self.incarnation, counter);
        let mut logs: BTreeMap<LogId, Vec<SegmentRef>> = BTreeMap::new();
        for segment in segments {
            logs.entry(segment.log).or_default().push(*segment);
        }
        for (log, refs) in logs {
            let (first, last) =
                (refs.iter().map(|r| r.seq).min().unwrap(), refs.iter().max_by_key(|r| r.seq).unwrap());
            let ranges = vec![Range { first, last: last.seq, hash: last.hash }];
            receipt.logs.push(LogReceipt { log, ranges, held: Vec::new() });
        }
        self.receipts.push(Bytes(receipt.sign(&self.secret).encode()));
    }

    /// One exchange with the hub.
    pub(crate) fn sync(&mut self, hub: &Hub) -> Report {
        self.sync_through(&hub.public(), |bytes| Some(hub.handle_sync(bytes, NOW)))
    }

    /// One exchange over any transport; `None` is a failed one.
    pub(crate) fn sync_through(
        &mut self,
        hub: &baraza_oplog::VerifyKey,
        mut transport: impl FnMut(&[u8]) -> Option<Vec<u8>>,
    ) -> Report {
        let secret = self.secret.clone();
        let mut client = Client::new(&secret, *hub);
        let held =
            self.handed_over.keys().map(|s| LogRange { log: s.log, first: s.seq, last: s.seq, hash: s.hash });
        let start = Start {
            roster: RosterHead::of(&self.roster),
            token: self.token.clone(),
            outbox: self.outbox.clone(),
            receipts: std::mem::take(&mut self.receipts),
            held: held.collect(),
            own: self.own,
        };
        let mut rng = Seeded::new(u64::from_be_bytes(self.rng.bytes()));
        let mut events = VecDeque::from([Event::Start(Box::new(start))]);
        while let Some(event) = events.pop_front() {
            for effect in client.handle(event, NOW, &mut rng) {
                match effect {
                    Effect::Request { bytes, .. } => {
                        events.push_back(transport(&bytes).map_or(Event::Failed, Event::Response));
                    }
                    Effect::Done(report) => return report,
                    other => self.carry_out(other, &mut events),
                }
            }
        }
        panic!("the exchange neither ended nor asked for anything");
    }

    fn carry_out(&mut self, effect: Effect, events: &mut VecDeque<Event>) {
        match effect {
            Effect::Deliver { statements, segments, receipts } => {
                for bytes in statements {
                    self.roster.apply(&SignedStatement::decode(&bytes.0).unwrap()).unwrap();
                }
                self.keyring.absorb(&self.roster, &self.secret);
                self.pulled.extend(segments);
                self.pulled_receipts.extend(receipts);
            }
            Effect::StoreToken(token) => self.token = Some(token),
            Effect::MarkHandedOver { segment, outcome, .. } => {
                self.outcomes.insert(segment, outcome);
                if let Some(at) = self.outbox.iter().position(|s| s.id == segment) {
                    let done = self.outbox.remove(at);
                    self.handed_over.insert(segment, done);
                }
            }
            Effect::MarkRefused { segment, outcome } => {
                self.outcomes.insert(segment, outcome);
            }
            Effect::MarkReceipt { outcome, .. } => self.receipt_outcomes.push(outcome),
            Effect::StoreReplaced { .. } => self.replaced += 1,
            Effect::NeedSegments(ranges) => {
                let lost: Vec<SegmentRef> = (self.handed_over.keys())
                    .filter(|s| ranges.iter().any(|r| r.hash == s.hash))
                    .copied()
                    .collect();
                let lost: Vec<OutboxSegment> =
                    lost.iter().filter_map(|id| self.handed_over.remove(id)).collect();
                self.outbox.extend(lost.iter().cloned());
                events.push_back(Event::Segments(lost));
            }
            Effect::NeedStatements { hub } => {
                events.push_back(Event::Statements(statements_after(&self.roster, &hub)));
            }
            Effect::Request { .. } | Effect::Done(_) => unreachable!("handled above"),
        }
    }

    /// The sentences that this person can read of what was pulled, in the order of arrival.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut codec = Codec::new();
        let mut found = Vec::new();
        for bytes in &self.pulled {
            let segment = Segment::decode(&bytes.0).unwrap();
            let verified = segment.verify(&self.roster).unwrap();
            let Ok(opened) = verified.open(&self.keyring) else { continue };
            for payload in opened {
                let Payload::Other { body, .. } = codec.decode(&payload.unwrap().1).unwrap() else {
                    continue;
                };
                found.push(String::from_utf8(body).unwrap());
            }
        }
        found
    }

    /// Forgets everything but the keys: a tablet that was set up anew.
    pub(crate) fn lose_everything(&mut self) {
        self.outbox.clear();
        self.handed_over.clear();
        self.pulled.clear();
        self.token = None;
    }
}

/// Every byte of every file in a folder.
pub(crate) fn all_bytes(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

pub(crate) fn decode_receipt(bytes: &Bytes) -> SignedReceipt {
    SignedReceipt::decode(&bytes.0).unwrap()
}
