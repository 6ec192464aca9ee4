//! Exchanges between a device and a hub over a network that loses, repeats and delays.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it should be"
)]

mod common;
mod fake_hub;

use baraza_model::{LogId, SegmentHash, Timestamp};
use baraza_oplog::{DeviceSecret, HubSecret, Priority};
use baraza_sync::client::{Client, Effect, Ending, Event, OutboxSegment, Report, Start};
use baraza_sync::frontier::{StoreId, Token};
use baraza_sync::wire::envelope::{request_digest, seal_response};
use baraza_sync::wire::{
    Bytes, LogRange, PushOutcome, Refusal, RosterHead, SegmentRef, Standing, SyncResponse,
};
use common::Seeded;
use fake_hub::FakeHub;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A segment of a made-up log; these tests never look inside.
fn segment(log: u8, seq: u64, priority: Priority, length: usize) -> OutboxSegment {
    let mut hash = [log; 32];
    hash[..8].copy_from_slice(&seq.to_be_bytes());
    let id = SegmentRef { log: LogId([log; 16]), seq, hash: SegmentHash(hash) };
    OutboxSegment { id, priority, bytes: Bytes(FakeHub::bytes_of(&id, length)) }
}

/// A device with a vault that lives through cut exchanges.
struct Tablet {
    secret: DeviceSecret,
    outbox: Vec<OutboxSegment>,
    sent: BTreeMap<SegmentRef, OutboxSegment>,
    delivered: BTreeSet<Bytes>,
    token: Option<Token>,
    statements: Vec<Bytes>,
    roster: RosterHead,
}

/// What happens to one request: it is lost, its answer is lost, or both arrive; and whether an earlier answer comes
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Fine,
    RequestLost,
    AnswerLost,
    LateAnswerFirst,
    /// The app is killed before the effects of the answer are carried out.
    Killed(usize),
}

impl Tablet {
    fn new(seed: u64) -> Self {
        Self {
            secret: DeviceSecret::generate(&mut Seeded::new(seed)),
            outbox: Vec::new(),
            sent: BTreeMap::new(),
            delivered: BTreeSet::new(),
            token: None,
            statements: Vec::new(),
            roster: RosterHead::default(),
        }
    }

    fn start(&self) -> Start {
        let held =
            self.sent.keys().map(|id| LogRange { log: id.log, first: id.seq, last: id.seq, hash: id.hash });
        Start {
            roster: self.roster,
            token: self.token.clone(),
            outbox: self.outbox.clone(),
            held: held.collect(),
            ..Start::default()
        }
    }

    /// One exchange; `None` if the app was killed in it.
    fn exchange(
        &mut self,
        hub: &mut FakeHub,
        fates: &mut VecDeque<Fate>,
        rng: &mut Seeded,
    ) -> Option<Report> {
        let secret = self.secret.clone();
        let mut client = Client::new(&secret, hub.secret.public());
        let mut events = VecDeque::from([Event::Start(Box::new(self.start()))]);
        let mut last_answer: Option<Vec<u8>> = None;
        let mut survive = usize::MAX;
        while let Some(event) = events.pop_front() {
            for effect in client.handle(event, NOW, rng) {
                if survive == 0 {
                    return None;
                }
                survive = survive.saturating_sub(1);
                match effect {
                    Effect::Request { bytes, .. } => match fates.pop_front().unwrap_or(Fate::Fine) {
                        Fate::RequestLost => events.push_back(Event::Failed),
                        Fate::AnswerLost => {
                            hub.answer(&bytes);
                            events.push_back(Event::Failed);
                        }
                        Fate::LateAnswerFirst => {
                            events.extend(last_answer.take().map(Event::Response));
                            events.push_back(Event::Response(hub.answer(&bytes)));
                        }
                        Fate::Fine => {
                            let answer = hub.answer(&bytes);
                            last_answer = Some(answer.clone());
                            events.push_back(Event::Response(answer));
                        }
                        Fate::Killed(after) => {
                            survive = after;
                            events.push_back(Event::Response(hub.answer(&bytes)));
                        }
                    },
                    Effect::Done(report) => return Some(report),
                    other => self.carry_out(other, &mut events),
                }
            }
        }
        panic!("the machine neither ended nor asked for anything");
    }

    fn carry_out(&mut self, effect: Effect, events: &mut VecDeque<Event>) {
        match effect {
            Effect::Deliver { segments, statements, .. } => {
                self.delivered.extend(segments);
                self.statements.extend(statements);
            }
            Effect::StoreToken(token) => self.token = Some(token),
            Effect::MarkHandedOver { segment, .. } => {
                if let Some(at) = self.outbox.iter().position(|s| s.id == segment) {
                    let done = self.outbox.remove(at);
                    self.sent.insert(segment, done);
                }
            }
            Effect::NeedSegments(ranges) => {
                let lost: Vec<SegmentRef> =
                    self.sent.keys().filter(|id| ranges.iter().any(|r| r.hash == id.hash)).copied().collect();
                let lost: Vec<OutboxSegment> = lost.iter().filter_map(|id| self.sent.remove(id)).collect();
                self.outbox.extend(lost.iter().cloned());
                events.push_back(Event::Segments(lost));
            }
            Effect::NeedStatements { .. } => events.push_back(Event::Statements(self.statements.clone())),
            Effect::StoreReplaced { .. } | Effect::MarkRefused { .. } | Effect::MarkReceipt { .. } => {}
            Effect::Request { .. } | Effect::Done(_) => unreachable!("handled above"),
        }
    }
}

fn no_trouble() -> VecDeque<Fate> {
    VecDeque::new()
}

#[test]
fn amina_hands_over_a_week_in_one_request() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.outbox = (1..=1_000).map(|seq| segment(1, seq, Priority::Text, 300)).collect();
    let report = amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3)).unwrap();
    assert_eq!((report.ending, report.requests, report.handed_over), (Ending::Complete, 1, 1_000));
    assert_eq!(report.standing, Some(Standing::Active));
    assert!(amina.outbox.is_empty());
    assert_eq!(hub.held.len(), 1_000);
}

#[test]
fn nothing_to_say_takes_few_bytes() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.roster = RosterHead { term: 3, version: 4_000, digest: [1; 8] };
    hub.roster = amina.roster;
    amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3));
    let report = amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(4)).unwrap();
    assert_eq!(report.requests, 1);
    assert!(
        report.bytes_up <= 200 && report.bytes_down <= 200,
        "{} up, {} down",
        report.bytes_up,
        report.bytes_down
    );
}

#[test]
fn an_alert_overtakes_the_week() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.outbox = vec![
        segment(1, 1, Priority::Rest, 3 << 20),
        segment(1, 2, Priority::Text, 3 << 20),
        segment(2, 1, Priority::Alert, 500),
    ];
    let alert = amina.outbox[2].id;
    // The connection breaks before the second request gets through.
    let mut fates: VecDeque<Fate> = [Fate::Fine].into_iter().chain([Fate::RequestLost; 9]).collect();
    let report = amina.exchange(&mut hub, &mut fates, &mut Seeded::new(3)).unwrap();
    assert_eq!(report.ending, Ending::Interrupted);
    assert_eq!(hub.order.first(), Some(&alert));
    assert!(amina.sent.contains_key(&alert));
}

#[test]
fn a_bad_line_gets_smaller_requests_and_then_rest() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.outbox = (1..=40).map(|seq| segment(1, seq, Priority::Text, 100_000)).collect();
    let secret = amina.secret.clone();
    let mut client = Client::new(&secret, hub.secret.public());
    let rng = &mut Seeded::new(3);
    let mut effects = client.handle(Event::Start(Box::new(amina.start())), NOW, rng);
    let mut sizes = Vec::new();
    let mut delays = Vec::new();
    while let [Effect::Request { bytes, delay_ms }] = effects.as_slice() {
        sizes.push(bytes.len());
        delays.push(*delay_ms);
        effects = client.handle(Event::Failed, NOW, rng);
    }
    assert!(sizes.is_sorted_by(|a, b| a > b) || sizes.last() == sizes.iter().min().into_iter().next());
    assert!(sizes[0] > 3_900_000 && *sizes.last().unwrap() < 110_000, "{sizes:?}");
    assert_eq!(delays.first(), Some(&0));
    assert!(delays.is_sorted());
    assert!(matches!(
        effects.as_slice(),
        [Effect::Done(Report { ending: Ending::Interrupted, handed_over: 0, .. })]
    ));
    // Nothing is lost: the next time it all goes.
    let report = amina.exchange(&mut hub, &mut no_trouble(), rng).unwrap();
    assert_eq!(report.handed_over, 40);
}

#[test]
fn the_hub_burned_down_and_amina_brings_it_all_again() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.outbox = (1..=5).map(|seq| segment(1, seq, Priority::Text, 100)).collect();
    amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3));
    hub.burn_down(StoreId([9; 8]));
    amina.outbox = vec![segment(1, 6, Priority::Text, 100)];
    let report = amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(4)).unwrap();
    assert_eq!(report.ending, Ending::Complete);
    assert_eq!(hub.held.len(), 6, "what the old store had is there again");
    assert_eq!(amina.token.as_ref().unwrap().store, StoreId([9; 8]));
    let report = amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(5)).unwrap();
    assert_eq!((report.requests, report.handed_over + report.duplicates), (1, 0), "and only once");
}

#[test]
fn a_stranger_s_answer_marks_nothing() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.outbox = vec![segment(1, 1, Priority::Text, 100)];
    let pinned = hub.secret.public();
    hub.secret = HubSecret::from_seed(&[0xEE; 32]);
    let secret = amina.secret.clone();
    let mut client = Client::new(&secret, pinned);
    let rng = &mut Seeded::new(3);
    let mut effects = client.handle(Event::Start(Box::new(amina.start())), NOW, rng);
    let mut rounds = 0;
    while let [Effect::Request { bytes, .. }] = effects.as_slice() {
        let answer = hub.answer(bytes);
        effects = client.handle(Event::Response(answer), NOW, rng);
        rounds += 1;
    }
    assert!(rounds < 10);
    assert!(matches!(
        effects.as_slice(),
        [Effect::Done(Report { ending: Ending::Interrupted, handed_over: 0, .. })]
    ));
}

#[test]
fn an_unknown_device_brings_the_statement_that_makes_it_known() {
    let mut hub = FakeHub::new(1);
    let mut joseph = Tablet::new(2);
    hub.admits_after = Some(Bytes(b"joseph joins".to_vec()));
    joseph.roster = RosterHead { term: 1, version: 9, digest: [9; 8] };
    joseph.statements = vec![Bytes(b"joseph joins".to_vec())];
    joseph.outbox = vec![segment(1, 1, Priority::Text, 100)];
    let report = joseph.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3)).unwrap();
    assert_eq!((report.ending, report.handed_over), (Ending::Complete, 1));

    let mut stranger = Tablet::new(7);
    hub.admits_after = Some(Bytes(b"nobody joins".to_vec()));
    stranger.outbox = vec![segment(2, 1, Priority::Text, 100)];
    let report = stranger.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3)).unwrap();
    assert_eq!(report.ending, Ending::Refused(Refusal::UnknownDevice));
    assert_eq!(stranger.outbox.len(), 1);
}

#[test]
fn one_refused_segment_blocks_no_other() {
    let mut hub = FakeHub::new(1);
    let mut amina = Tablet::new(2);
    amina.outbox = (1..=3).map(|seq| segment(1, seq, Priority::Text, 100)).collect();
    hub.refuse.insert(amina.outbox[1].id, PushOutcome::QuotaExceeded);
    let report = amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3)).unwrap();
    assert_eq!((report.ending, report.handed_over, report.not_taken), (Ending::Complete, 2, 1));
    assert_eq!(amina.outbox.len(), 1, "it stays in the outbox");
}

#[test]
fn a_hub_that_always_has_more_does_not_hold_a_device() {
    let mut hub = FakeHub::new(1);
    hub.always_more = true;
    let mut amina = Tablet::new(2);
    let report = amina.exchange(&mut hub, &mut no_trouble(), &mut Seeded::new(3)).unwrap();
    assert!(report.requests < 5);
}

#[test]
fn events_out_of_turn_do_nothing() {
    let amina = Tablet::new(2);
    let mut client = Client::new(&amina.secret, HubSecret::from_seed(&[1; 32]).public());
    let rng = &mut Seeded::new(3);
    for event in [Event::Failed, Event::Response(vec![1]), Event::Segments(vec![]), Event::Statements(vec![])]
    {
        assert_eq!(client.handle(event, NOW, rng), []);
    }
    assert_eq!(client.handle(Event::Start(Box::default()), NOW, rng).len(), 1);
    assert_eq!(client.handle(Event::Start(Box::default()), NOW, rng), [], "it is running already");
}

fn any_fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Fine),
        1 => Just(Fate::RequestLost),
        1 => Just(Fate::AnswerLost),
        1 => Just(Fate::LateAnswerFirst),
        1 => (0usize..6).prop_map(Fate::Killed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Whatever the network and the battery do: nothing is marked that the hub does not hold, no token covers what was
    /// not delivered, and one quiet exchange at the end completes both sides.
    #[test]
    fn no_cut_loses_anything(
        sizes in prop::collection::vec(1usize..250_000, 0..12),
        foreign in prop::collection::vec(1usize..250_000, 0..12),
        fates in prop::collection::vec(any_fate(), 0..24),
        fires in prop::collection::btree_set(0usize..6, 0..2),
    ) {
        let mut hub = FakeHub::new(1);
        let mut amina = Tablet::new(2);
        let rng = &mut Seeded::new(3);
        let all: Vec<OutboxSegment> =
            sizes.iter().zip(1..).map(|(size, seq)| segment(1, seq, Priority::Text, *size)).collect();
        amina.outbox = all.clone();
        let theirs: Vec<Bytes> = foreign.iter().zip(1..).map(|(size, seq)| segment(2, seq, Priority::Text, *size).bytes).collect();
        hub.readable = theirs.clone();
        let mut fates: VecDeque<Fate> = fates.into();
        for round in 0..6 {
            if fires.contains(&round) {
                hub.burn_down(StoreId([round as u8 + 10; 8]));
            }
            amina.exchange(&mut hub, &mut fates, rng);
            if fires.is_empty() {
                for id in amina.sent.keys() {
                    prop_assert!(hub.held.contains_key(id), "marked, but not held");
                }
            }
            if let Some(token) = &amina.token {
                let read = FakeHub::position(token);
                prop_assert!(theirs[..read].iter().all(|s| amina.delivered.contains(s)), "token runs ahead");
            }
        }
        let report = amina.exchange(&mut hub, &mut no_trouble(), rng).unwrap();
        prop_assert_eq!(report.ending, Ending::Complete);
        prop_assert!(amina.outbox.is_empty());
        prop_assert!(all.iter().all(|s| hub.held.contains_key(&s.id)));
        prop_assert!(theirs.iter().all(|s| amina.delivered.contains(s)));
    }

    /// A hub that answers anything at all, rightly signed: the machine neither panics nor goes on for ever, and marks
    /// nothing that it did not send.
    #[test]
    fn a_hostile_hub_cannot_confuse_the_machine(
        answers in prop::collection::vec(any_answer(), 1..30),
        bring in prop::collection::vec(1u64..5, 0..4),
    ) {
        let hub = HubSecret::from_seed(&[1; 32]);
        let amina = Tablet::new(2);
        let rng = &mut Seeded::new(3);
        let outbox: Vec<OutboxSegment> = (1..5).map(|seq| segment(1, seq, Priority::Text, 50)).collect();
        let held = vec![LogRange { log: LogId([1; 16]), first: 1, last: u64::MAX, hash: SegmentHash([1; 32]) }];
        let start = Start { outbox: outbox.clone(), held, ..amina.start() };
        let mut client = Client::new(&amina.secret, hub.public());
        let mut events = VecDeque::from([Event::Start(Box::new(start))]);
        let mut answers = answers.into_iter();
        let mut ended = false;
        while let Some(event) = events.pop_front() {
            for effect in client.handle(event, NOW, rng) {
                match effect {
                    Effect::Request { bytes, .. } => events.push_back(match answers.next() {
                        Some(answer) => Event::Response(seal_response(&hub, request_digest(&bytes), answer.to_bytes())),
                        None => Event::Failed,
                    }),
                    Effect::NeedSegments(_) => {
                        events.push_back(Event::Segments(bring.iter().map(|n| segment(2, *n, Priority::Alert, 9)).collect()));
                    }
                    Effect::NeedStatements { .. } => events.push_back(Event::Statements(vec![Bytes(vec![1])])),
                    Effect::MarkHandedOver { segment, .. } => {
                        prop_assert!(segment.log == LogId([2; 16]) || outbox.iter().any(|s| s.id == segment));
                    }
                    Effect::Done(_) => ended = true,
                    _ => {}
                }
            }
        }
        prop_assert!(ended);
    }
}

fn any_answer() -> impl Strategy<Value = SyncResponse> {
    let outcome = prop_oneof![
        Just(PushOutcome::Stored),
        Just(PushOutcome::Duplicate),
        Just(PushOutcome::WaitsForRoster),
        Just(PushOutcome::Malformed)
    ];
    let refused = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Refusal::UnknownDevice)),
        1 => Just(Some(Refusal::Unavailable)),
        1 => Just(Some(Refusal::BadSignature)),
    ];
    let range = (any::<u64>(), any::<u64>()).prop_map(|(first, last)| LogRange {
        log: LogId([1; 16]),
        first,
        last,
        hash: SegmentHash([7; 32]),
    });
    let head = (0u64..3, 0u64..3).prop_map(|(term, version)| RosterHead { term, version, digest: [0; 8] });
    let lists = (
        prop::collection::vec(outcome, 0..6),
        prop::collection::vec(range, 0..3),
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9).prop_map(Bytes), 0..3),
    );
    (lists, refused, head, 0u8..3, any::<u8>(), any::<bool>()).prop_map(
        |((segment_outcomes, want, items), refused, roster, store, opaque, more)| SyncResponse {
            refused,
            roster,
            token: Token { store: StoreId([store; 8]), opaque: vec![opaque] },
            statements: items.clone(),
            segment_outcomes,
            segments: items,
            want,
            more,
            ..SyncResponse::empty(StoreId([store; 8]))
        },
    )
}
