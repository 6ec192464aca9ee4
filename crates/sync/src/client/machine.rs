//! The machine behind [`Client`]: what is waiting, what is on its way, and what each answer settles.
//!
//! Invariant: an item leaves the queue only on the hub's signed answer to the very request that carried it.

use super::budget::Budget;
use super::{Effect, Ending, Event, OutboxSegment, Report, Start};
use crate::MAX_ITEM;
use crate::frontier::Token;
use crate::wire::envelope::{RequestDigest, open_response, seal_request};
use crate::wire::{
    Bytes, LogRange, PushOutcome, Refusal, RosterHead, SyncRequest, SyncResponse, WIRE_VERSION,
};
use baraza_model::{Entropy, Timestamp};
use baraza_oplog::{DeviceSecret, VerifyKey};
use std::collections::{BTreeSet, VecDeque};

/// Bytes that one request carries while the connection holds, and how many are asked for in its answer.
const LARGEST_BATCH: usize = 4 << 20;
/// What a batch shrinks to where the connection keeps failing.
const SMALLEST_BATCH: usize = 64 << 10;
/// Repetitions of one request.
const MAX_FAILURES: u32 = 3;
const FIRST_DELAY_MS: u32 = 500;
/// Requests of one exchange; a hub that always has "more" must not hold a device for ever.
const MAX_REQUESTS: usize = 10_000;
/// Earlier requests whose late answers are still recognised.
const LATE_ANSWERS: usize = 16;
/// Ranges compared by one request.
const RANGES_A_REQUEST: usize = 16_384;

/// What the last request carried, all of it still at the head of its queue.
struct Flight {
    digest: RequestDigest,
    statements: usize,
    segments: usize,
    receipts: usize,
    ranges: usize,
}

/// What an answer turned out to be.
enum Answer {
    Taken,
    /// It answers an earlier request: nothing changes.
    Late,
    /// It is not this hub's answer to this request.
    Useless,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Running,
    Over,
}

/// The device's side of one exchange. See the text of [`super`] for what the caller owes it.
pub struct Client<'k> {
    device: &'k DeviceSecret,
    hub: VerifyKey,
    phase: Phase,
    in_flight: Option<Flight>,
    /// Requests answered or given up; their late answers are recognised and passed over.
    past: Vec<RequestDigest>,
    roster: RosterHead,
    /// How far this exchange has read.
    token: Option<Token>,
    /// What the caller has stored. While a new store is compared it stays the old store's, so that a cut exchange
    /// compares again.
    stored: Option<Token>,
    own: bool,
    statements: VecDeque<Bytes>,
    queue: VecDeque<OutboxSegment>,
    receipts: VecDeque<Bytes>,
    held: Vec<LogRange>,
    compare: VecDeque<LogRange>,
    wants_segments: bool,
    wants_statements: bool,
    asked_statements: bool,
    again: bool,
    batch: usize,
    failures: u32,
    report: Report,
}

impl<'k> Client<'k> {
    /// A machine for one exchange with the hub that has this pinned key.
    pub fn new(device: &'k DeviceSecret, hub: VerifyKey) -> Self {
        Self {
            device,
            hub,
            phase: Phase::Idle,
            in_flight: None,
            past: Vec::new(),
            roster: RosterHead::default(),
            token: None,
            stored: None,
            own: false,
            statements: VecDeque::new(),
            queue: VecDeque::new(),
            receipts: VecDeque::new(),
            held: Vec::new(),
            compare: VecDeque::new(),
            wants_segments: false,
            wants_statements: false,
            asked_statements: false,
            again: true,
            batch: LARGEST_BATCH,
            failures: 0,
            report: Report::default(),
        }
    }

    /// What happened so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Takes one event and says what to do. Events that do not fit the state (a late answer) have no effect.
    pub fn handle(&mut self, event: Event, now: Timestamp, rng: &mut impl Entropy) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Start(start) if self.phase == Phase::Idle => self.start(*start, &mut effects),
            Event::Response(bytes) if self.in_flight.is_some() => {
                match self.take_answer(&bytes, &mut effects) {
                    Answer::Taken => {}
                    Answer::Late => return effects,
                    Answer::Useless => return self.failed(now, rng),
                }
            }
            Event::Failed if self.in_flight.is_some() => return self.failed(now, rng),
            Event::Segments(segments) if self.wants_segments => {
                self.wants_segments = false;
                self.enqueue(segments, &mut effects);
                self.store_token(&mut effects);
            }
            Event::Statements(statements) if self.wants_statements => {
                self.wants_statements = false;
                self.statements.extend(statements);
            }
            _ => return effects,
        }
        self.proceed(0, now, rng, &mut effects);
        effects
    }

    fn start(&mut self, start: Start, effects: &mut Vec<Effect>) {
        self.phase = Phase::Running;
        self.roster = start.roster;
        self.stored = start.token.clone();
        self.token = start.token;
        self.receipts = start.receipts.into();
        self.held = start.held;
        self.own = start.own;
        self.enqueue(start.outbox, effects);
    }

    /// Alerts go to the front, pictures to the end; what is too large for any request is named and left out.
    fn enqueue(&mut self, segments: Vec<OutboxSegment>, effects: &mut Vec<Effect>) {
        let mut known: BTreeSet<_> = self.queue.iter().map(|s| s.id).collect();
        for segment in segments {
            if segment.bytes.0.len() > MAX_ITEM {
                self.report.not_taken += 1;
                effects.push(Effect::MarkRefused { segment: segment.id, outcome: PushOutcome::Malformed });
            } else if known.insert(segment.id) {
                self.queue.push_back(segment);
            }
        }
        self.queue.make_contiguous().sort_by_key(|segment| segment.priority);
    }

    /// Sends the next request, or ends, unless the caller still owes something.
    fn proceed(&mut self, delay_ms: u32, now: Timestamp, rng: &mut impl Entropy, effects: &mut Vec<Effect>) {
        if self.phase != Phase::Running || self.wants_segments || self.wants_statements {
            return;
        }
        let waiting = !(self.statements.is_empty()
            && self.queue.is_empty()
            && self.receipts.is_empty()
            && self.compare.is_empty());
        if !waiting && !self.again {
            self.end(Ending::Complete, effects);
        } else if self.report.requests >= MAX_REQUESTS {
            self.end(Ending::Interrupted, effects);
        } else {
            effects.push(self.request(delay_ms, now, rng));
        }
    }

    fn request(&mut self, delay_ms: u32, now: Timestamp, rng: &mut impl Entropy) -> Effect {
        let mut budget = Budget::new(self.batch);
        let statements = budget.take(self.statements.iter());
        let receipts = budget.take(self.receipts.iter());
        let segments = budget.take(self.queue.iter().map(|s| &s.bytes));
        let have: Vec<LogRange> = self.compare.iter().take(RANGES_A_REQUEST).copied().collect();
        let (counts, ranges) = ((statements.len(), segments.len(), receipts.len()), have.len());
        let request = SyncRequest {
            version: WIRE_VERSION,
            roster: self.roster,
            token: self.token.clone(),
            statements,
            segments,
            receipts,
            have,
            room: self.batch as u64,
            own: self.own,
        };
        let (bytes, digest) = seal_request(self.device, &self.hub, now, rng, request.to_bytes());
        self.in_flight =
            Some(Flight { digest, statements: counts.0, segments: counts.1, receipts: counts.2, ranges });
        self.report.requests += 1;
        self.report.bytes_up += bytes.len();
        Effect::Request { bytes, delay_ms }
    }

    fn failed(&mut self, now: Timestamp, rng: &mut impl Entropy) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(flight) = self.in_flight.take() {
            self.past.push(flight.digest);
        }
        self.failures += 1;
        self.batch = (self.batch / 4).max(SMALLEST_BATCH);
        if self.failures > MAX_FAILURES {
            self.end(Ending::Interrupted, &mut effects);
        } else {
            self.proceed(FIRST_DELAY_MS << self.failures, now, rng, &mut effects);
        }
        effects
    }

    fn end(&mut self, ending: Ending, effects: &mut Vec<Effect>) {
        self.phase = Phase::Over;
        self.report.ending = ending;
        effects.push(Effect::Done(self.report.clone()));
    }

    fn take_answer(&mut self, bytes: &[u8], effects: &mut Vec<Effect>) -> Answer {
        let Some(flight) = &self.in_flight else { return Answer::Late };
        let Ok(body) = open_response(&self.hub, flight.digest, bytes) else {
            let is_late = |digest: &RequestDigest| open_response(&self.hub, *digest, bytes).is_ok();
            let late = self.past.iter().rev().take(LATE_ANSWERS).any(is_late);
            return if late { Answer::Late } else { Answer::Useless };
        };
        let Ok(answer) = SyncResponse::from_bytes(&body) else { return Answer::Useless };
        let answered = answer.refused.is_some()
            || answer.segment_outcomes.len() == flight.segments
                && answer.receipt_outcomes.len() == flight.receipts;
        if !answered || answer.refused == Some(Refusal::Unavailable) {
            return Answer::Useless;
        }
        let Some(flight) = self.in_flight.take() else { return Answer::Late };
        self.past.push(flight.digest);
        self.failures = 0;
        self.batch = (self.batch * 2).min(LARGEST_BATCH);
        self.report.bytes_down += bytes.len();
        self.report.standing = Some(answer.standing);
        self.settle(flight, answer, effects);
        Answer::Taken
    }

    fn settle(&mut self, flight: Flight, mut answer: SyncResponse, effects: &mut Vec<Effect>) {
        let moved = self.token.as_ref() != Some(&answer.token);
        let brought = !(answer.segments.is_empty() && answer.receipts.is_empty());
        self.settle_store(&answer, effects);
        self.statements.drain(..flight.statements.min(self.statements.len()));
        let behind = self.settle_roster(&answer);
        if let Some(refusal) = answer.refused {
            self.deliver(&mut answer, effects);
            if behind && refusal == Refusal::UnknownDevice {
                effects.push(self.ask_for_statements(answer.roster));
            } else {
                self.end(Ending::Refused(refusal), effects);
            }
            return;
        }
        self.deliver(&mut answer, effects);
        self.token = Some(answer.token.clone());
        self.compare.drain(..flight.ranges.min(self.compare.len()));
        self.wants_segments = flight.ranges > 0 && !answer.want.is_empty();
        // Before the marks: a mark without a token would not be compared where the store is lost.
        self.store_token(effects);
        self.settle_pushes(flight.segments, &answer, behind, effects);
        self.settle_receipts(flight.receipts, &answer, behind, effects);
        self.again = answer.more && (moved || brought);
        if self.wants_segments {
            effects.push(Effect::NeedSegments(std::mem::take(&mut answer.want)));
        }
        if behind {
            effects.push(self.ask_for_statements(answer.roster));
        }
    }

    /// Only once nothing that the token covers, and no comparison, could still be cut.
    fn store_token(&mut self, effects: &mut Vec<Effect>) {
        if self.compare.is_empty() && !self.wants_segments && self.stored != self.token {
            self.stored = self.token.clone();
            effects.extend(self.token.clone().map(Effect::StoreToken));
        }
    }

    /// A store that is not the token's may have lost what the old one held.
    fn settle_store(&mut self, answer: &SyncResponse, effects: &mut Vec<Effect>) {
        if self.token.as_ref().is_some_and(|token| token.store != answer.token.store) {
            self.token = None;
            self.compare = self.held.iter().copied().collect();
            effects.push(Effect::StoreReplaced { store: answer.token.store });
        }
    }

    /// Whether the hub's roster lacks something of ours that we did not offer in this exchange.
    fn settle_roster(&mut self, answer: &SyncResponse) -> bool {
        let (hub, ours) = (answer.roster, self.roster);
        if hub == ours {
            return false;
        }
        if !answer.statements.is_empty() && (hub.term, hub.version) > (ours.term, ours.version) {
            self.roster = hub;
            return false;
        }
        !self.asked_statements && (ours.version > 0 || ours.term > 0)
    }

    fn ask_for_statements(&mut self, hub: RosterHead) -> Effect {
        self.asked_statements = true;
        self.wants_statements = true;
        self.again = true;
        Effect::NeedStatements { hub }
    }

    fn deliver(&mut self, answer: &mut SyncResponse, effects: &mut Vec<Effect>) {
        self.report.statements += answer.statements.len();
        self.report.pulled += answer.segments.len();
        self.report.receipts += answer.receipts.len();
        let statements = std::mem::take(&mut answer.statements);
        let segments = std::mem::take(&mut answer.segments);
        let receipts = std::mem::take(&mut answer.receipts);
        if !(statements.is_empty() && segments.is_empty() && receipts.is_empty()) {
            effects.push(Effect::Deliver { statements, segments, receipts });
        }
    }

    /// `behind`: the hub is about to get roster statements, so what waits for them may be taken in a moment.
    fn settle_pushes(&mut self, sent: usize, answer: &SyncResponse, behind: bool, effects: &mut Vec<Effect>) {
        let sent: Vec<OutboxSegment> = self.queue.drain(..sent.min(self.queue.len())).collect();
        for (segment, outcome) in sent.into_iter().zip(&answer.segment_outcomes) {
            let outcome = *outcome;
            if outcome.is_held() {
                match outcome {
                    PushOutcome::Duplicate => self.report.duplicates += 1,
                    _ => self.report.handed_over += 1,
                }
                let store = answer.token.store;
                effects.push(Effect::MarkHandedOver { segment: segment.id, store, outcome });
            } else if behind && outcome == PushOutcome::WaitsForRoster {
                self.queue.push_back(segment);
            } else {
                self.report.not_taken += 1;
                effects.push(Effect::MarkRefused { segment: segment.id, outcome });
            }
        }
    }

    fn settle_receipts(
        &mut self,
        sent: usize,
        answer: &SyncResponse,
        behind: bool,
        effects: &mut Vec<Effect>,
    ) {
        let sent: Vec<Bytes> = self.receipts.drain(..sent.min(self.receipts.len())).collect();
        for (receipt, outcome) in sent.into_iter().zip(&answer.receipt_outcomes) {
            if behind && *outcome == PushOutcome::WaitsForRoster {
                self.receipts.push_back(receipt);
            } else {
                effects.push(Effect::MarkReceipt { receipt, outcome: *outcome });
            }
        }
    }
}
