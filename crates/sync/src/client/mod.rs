//! One exchange between a device and a hub, as a state machine: `handle(event, now, rng) -> effects`.
//!
//! The caller carries out the effects in their order and makes each durable before the next: a token is stored only
//! after what it covers was delivered, and a segment counts as handed over only on the hub's signed answer. Cutting
//! the exchange at any point therefore loses nothing: the next one starts from the last stored token and offers the
//! rest of the outbox again, which the hub recognises.

mod budget;
mod machine;

pub use machine::Client;

use crate::frontier::{StoreId, Token};
use crate::wire::{Bytes, LogRange, PushOutcome, Refusal, RosterHead, SegmentRef, Standing};
use baraza_oplog::{Priority, Segment};

/// A closed segment that waits to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxSegment {
    /// Which.
    pub id: SegmentRef,
    /// How urgent it is: alerts go first.
    pub priority: Priority,
    /// Its signed bytes.
    pub bytes: Bytes,
}

impl OutboxSegment {
    /// The entry of a closed segment.
    pub fn of(segment: &Segment) -> Self {
        let header = segment.header();
        let id = SegmentRef { log: segment.log(), seq: header.seq, hash: segment.hash() };
        Self { id, priority: header.priority, bytes: Bytes(segment.encode()) }
    }
}

/// What the caller tells the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Begins. Given again while an exchange runs, it is ignored.
    Start(Box<Start>),
    /// The hub's answer, as it came.
    Response(Vec<u8>),
    /// The request did not get through, or no answer came.
    Failed,
    /// Answers [`Effect::NeedSegments`]: what of it the device still holds. May be empty.
    Segments(Vec<OutboxSegment>),
    /// Answers [`Effect::NeedStatements`], oldest first. May be empty.
    Statements(Vec<Bytes>),
}

/// What the device brings to an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Start {
    /// The newest roster statement that the device holds.
    pub roster: RosterHead,
    /// The token stored for this hub, if any.
    pub token: Option<Token>,
    /// What this hub has not taken yet.
    pub outbox: Vec<OutboxSegment>,
    /// Receipts to hand over (an office's own, or carried ones).
    pub receipts: Vec<Bytes>,
    /// Everything the device still holds and could hand over; used only where the hub's store is a new one.
    pub held: Vec<LogRange>,
    /// Whether to pull the device's own segments too.
    pub own: bool,
}

/// What the machine asks of the caller, to be done in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send these bytes after the delay and bring the answer as [`Event::Response`] or [`Event::Failed`].
    Request {
        /// The signed request.
        bytes: Vec<u8>,
        /// How long to wait first, in milliseconds: 0, but for repetitions.
        delay_ms: u32,
    },
    /// Take these in, statements first, and make them durable. Items may have been delivered before.
    Deliver {
        /// Roster statements, oldest first.
        statements: Vec<Bytes>,
        /// Segments.
        segments: Vec<Bytes>,
        /// Receipts.
        receipts: Vec<Bytes>,
    },
    /// Keep this token for this hub, in place of the last.
    StoreToken(Token),
    /// The hub holds this segment now: "handed over", never "received at headquarters".
    MarkHandedOver {
        /// Which.
        segment: SegmentRef,
        /// The store that holds it.
        store: StoreId,
        /// Whether it was stored, was there, or is held apart for review.
        outcome: PushOutcome,
    },
    /// The hub did not take this segment. It stays in the outbox.
    MarkRefused {
        /// Which.
        segment: SegmentRef,
        /// Why.
        outcome: PushOutcome,
    },
    /// What became of a receipt. Where it is held, this hub need not be offered it again.
    MarkReceipt {
        /// Its bytes, as they were offered.
        receipt: Bytes,
        /// What became of it.
        outcome: PushOutcome,
    },
    /// The hub's store is another than the token's: what was handed over to the old one may be lost. The machine
    /// compares what is held; there is nothing to do but to tell the person.
    StoreReplaced {
        /// The new store.
        store: StoreId,
    },
    /// The hub lacks these although they were handed over to it once: take back their "handed over" marks for this
    /// hub, and then bring them as [`Event::Segments`], so far as the device holds them.
    NeedSegments(Vec<LogRange>),
    /// The hub's roster is older or another: bring the statements after `hub` (all, where `hub` is not in the
    /// device's history) as [`Event::Statements`].
    NeedStatements {
        /// What the hub holds.
        hub: RosterHead,
    },
    /// The exchange is over.
    Done(Report),
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// Everything was exchanged.
    #[default]
    Complete,
    /// The connection failed; the rest is for the next time.
    Interrupted,
    /// The hub refused.
    Refused(Refusal),
}

/// What an exchange did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How it ended.
    pub ending: Ending,
    /// How the hub sees the device; `None` where it never answered.
    pub standing: Option<Standing>,
    /// Segments that the hub took (held apart ones included).
    pub handed_over: usize,
    /// Segments that the hub had.
    pub duplicates: usize,
    /// Segments that it did not take.
    pub not_taken: usize,
    /// Segments delivered.
    pub pulled: usize,
    /// Receipts delivered.
    pub receipts: usize,
    /// Roster statements delivered.
    pub statements: usize,
    /// Requests sent, repetitions included.
    pub requests: usize,
    /// Bytes of requests.
    pub bytes_up: usize,
    /// Bytes of answers.
    pub bytes_down: usize,
}
