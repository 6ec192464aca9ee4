//! A hub of forty lines: it believes everyone and keeps what it is given. The real one has its own tests.

use baraza_oplog::HubSecret;
use baraza_sync::frontier::{StoreId, Token};
use baraza_sync::wire::envelope::{SealedRequest, request_digest, seal_response};
use baraza_sync::wire::{Bytes, PushOutcome, Refusal, RosterHead, SegmentRef, SyncRequest, SyncResponse};
use std::collections::BTreeMap;

pub(crate) struct FakeHub {
    pub(crate) secret: HubSecret,
    pub(crate) store: StoreId,
    pub(crate) held: BTreeMap<SegmentRef, Bytes>,
    pub(crate) order: Vec<SegmentRef>,
    pub(crate) refuse: BTreeMap<SegmentRef, PushOutcome>,
    /// What everyone may pull.
    pub(crate) readable: Vec<Bytes>,
    pub(crate) roster: RosterHead,
    /// The statement without which nobody is known.
    pub(crate) admits_after: Option<Bytes>,
    pub(crate) always_more: bool,
}

impl FakeHub {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            secret: HubSecret::from_seed(&[seed; 32]),
            store: StoreId([seed; 8]),
            held: BTreeMap::new(),
            order: Vec::new(),
            refuse: BTreeMap::new(),
            readable: Vec::new(),
            roster: RosterHead::default(),
            admits_after: None,
            always_more: false,
        }
    }

    /// Bytes that name a segment, so that this hub can tell which one it was given.
    pub(crate) fn bytes_of(id: &SegmentRef, length: usize) -> Vec<u8> {
        let mut bytes = minicbor::to_vec(id).unwrap();
        bytes.resize(bytes.len() + length, 0);
        bytes
    }

    /// How far a token of this hub has read.
    pub(crate) fn position(token: &Token) -> usize {
        token.opaque.first().map_or(0, |n| usize::from(*n))
    }

    pub(crate) fn burn_down(&mut self, store: StoreId) {
        self.held.clear();
        self.store = store;
    }

    pub(crate) fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        let sealed = SealedRequest::from_bytes(bytes).unwrap();
        let request = SyncRequest::from_bytes(&sealed.body).unwrap();
        let answer = self.respond(request);
        seal_response(&self.secret, request_digest(bytes), answer.to_bytes())
    }

    fn respond(&mut self, request: SyncRequest) -> SyncResponse {
        let mut answer = SyncResponse::empty(self.store);
        answer.roster = self.roster;
        if let Some(needed) = &self.admits_after {
            if !request.statements.contains(needed) {
                answer.refused = Some(Refusal::UnknownDevice);
                return answer;
            }
            self.roster = request.roster;
            answer.roster = self.roster;
            self.admits_after = None;
        }
        for bytes in request.segments {
            let id: SegmentRef = minicbor::decode(&bytes.0).unwrap();
            let outcome = match self.refuse.get(&id) {
                Some(outcome) => *outcome,
                None if self.held.insert(id, bytes).is_some() => PushOutcome::Duplicate,
                None => PushOutcome::Stored,
            };
            self.order.push(id);
            answer.segment_outcomes.push(outcome);
        }
        answer.receipt_outcomes = request.receipts.iter().map(|_| PushOutcome::Stored).collect();
        let has = |hash| self.held.keys().any(|id| id.hash == hash);
        answer.want = request.have.into_iter().filter(|range| !has(range.hash)).collect();
        let mut at = request.token.filter(|t| t.store == self.store).map_or(0, |t| Self::position(&t));
        let mut room = request.room as usize;
        while let Some(next) = self.readable.get(at) {
            if next.0.len() > room && !answer.segments.is_empty() {
                break;
            }
            room = room.saturating_sub(next.0.len());
            answer.segments.push(next.clone());
            at += 1;
        }
        answer.more = self.always_more || at < self.readable.len();
        answer.token.opaque = vec![at as u8];
        answer
    }
}
