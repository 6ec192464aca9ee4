//! One request, from its bytes to its answer.
//!
//! Order: the signature is judged before anything is believed; roster statements come before everything else (they
//! carry their own signatures, and may be what makes the device known); then what the device brings is stored;
//! then it is given what it may read. Signatures are checked outside of the lock.

use crate::admit::{admit, admit_receipt};
use crate::cursor::Cursors;
use crate::store::{Page, PullRequest};
use crate::{Hub, HubError};
use baraza_model::Timestamp;
use baraza_oplog::{Reader, Roster, SignedStatement};
use baraza_sync::frontier::{StoreId, Token};
use baraza_sync::wire::envelope::{RequestDigest, SealedRequest, request_digest, seal_response};
use baraza_sync::wire::{
    Bytes, LogRange, PushOutcome, Refusal, RosterHead, Standing, SyncRequest, SyncResponse, statements_after,
    verify_request,
};
use baraza_sync::{MAX_BODY, SyncError};
use std::sync::Arc;

/// Bytes of an answer that are never filled, for its frame.
const SPARE: usize = 1 << 20;

/// Statements taken from a device that is not known, whose signatures must be checked while others wait.
const STATEMENTS_OF_STRANGERS: usize = 1_024;

/// Answers a request, whatever it is.
pub(crate) fn answer(hub: &Hub, request: &[u8], now: Timestamp) -> Vec<u8> {
    let response = exchange(hub, request, now).unwrap_or_else(|_| {
        let mut response = SyncResponse::empty(hub.store_id());
        response.refused = Some(Refusal::Unavailable);
        response
    });
    seal_response(&hub.secret, request_digest(request), response.to_bytes())
}

fn exchange(hub: &Hub, bytes: &[u8], now: Timestamp) -> Result<SyncResponse, HubError> {
    let (sealed, request) = match open(bytes) {
        Ok(opened) => opened,
        Err(refusal) => return Ok(refused(hub.store_id(), refusal)),
    };
    let (store, roster, judged) = meet(hub, &sealed, &request)?;
    let mut response = SyncResponse::empty(store);
    response.roster = RosterHead::of(&roster);
    response.token = echo(&request, store);
    let standing = match judged {
        Ok(standing) => standing,
        Err(refusal) => {
            response.refused = Some(refusal);
            return Ok(response);
        }
    };
    response.standing = standing;
    response.statements = fitting_statements(&roster, &request.roster);
    push(hub, &sealed, &request, &roster, standing, now, &mut response)?;
    if standing == Standing::Active {
        pull(hub, &sealed, &request_digest(bytes), &request, &mut response)?;
    }
    Ok(response)
}

fn open(bytes: &[u8]) -> Result<(SealedRequest, SyncRequest), Refusal> {
    let reason = |error: SyncError| match error {
        SyncError::UnsupportedVersion(_) => Refusal::UnsupportedVersion,
        _ => Refusal::Malformed,
    };
    let sealed = SealedRequest::from_bytes(bytes).map_err(reason)?;
    let request = SyncRequest::from_bytes(&sealed.body).map_err(reason)?;
    Ok((sealed, request))
}

fn refused(store: StoreId, refusal: Refusal) -> SyncResponse {
    SyncResponse { refused: Some(refusal), ..SyncResponse::empty(store) }
}

/// The device's own token, where it belongs to this store: what a device gets that may not pull.
fn echo(request: &SyncRequest, store: StoreId) -> Token {
    let own = request.token.clone().filter(|token| token.store == store);
    own.unwrap_or(Token { store, opaque: Vec::new() })
}

/// Judges who speaks. Statements are taken from a device that is known, and from an unknown one if they make it
/// known or are otherwise valid: an officer's signature is on each of them.
#[allow(clippy::type_complexity, reason = "used once")]
fn meet(
    hub: &Hub,
    sealed: &SealedRequest,
    request: &SyncRequest,
) -> Result<(StoreId, Arc<Roster>, Result<Standing, Refusal>), HubError> {
    let mut state = hub.state();
    state.refresh()?;
    let mut judged = verify_request(&state.roster, &hub.public(), sealed);
    if judged != Err(Refusal::BadSignature) && !request.statements.is_empty() {
        let most = if judged.is_ok() { usize::MAX } else { STATEMENTS_OF_STRANGERS };
        let statements = request.statements.iter().take(most);
        let decoded = statements.filter_map(|bytes| SignedStatement::decode(&bytes.0).ok());
        state.take_statements(&decoded.collect::<Vec<_>>())?;
        judged = verify_request(&state.roster, &hub.public(), sealed);
    }
    Ok((state.store_id, state.roster.clone(), judged))
}

fn fitting_statements(roster: &Roster, head: &RosterHead) -> Vec<Bytes> {
    let mut left = MAX_BODY / 8;
    let fits = |item: &Bytes| {
        left = left.saturating_sub(item.0.len());
        left > 0
    };
    statements_after(roster, head).into_iter().take_while(fits).collect()
}

fn push(
    hub: &Hub,
    sealed: &SealedRequest,
    request: &SyncRequest,
    roster: &Roster,
    standing: Standing,
    now: Timestamp,
    response: &mut SyncResponse,
) -> Result<(), HubError> {
    let revoked = (standing == Standing::Revoked).then_some(sealed.device);
    let segments: Vec<_> = request.segments.iter().map(|bytes| admit(roster, revoked, &bytes.0)).collect();
    let receipts: Vec<_> = request.receipts.iter().map(|bytes| admit_receipt(roster, &bytes.0)).collect();
    let mut state = hub.state();
    response.segment_outcomes = state.store.put_segments(&segments, hub.options.revoked_quota, now)?;
    for (receipt, bytes) in receipts.into_iter().zip(&request.receipts) {
        let outcome = match receipt {
            Err(refused) => refused,
            Ok(receipt) => {
                let office = receipt.office;
                if state.receipts.admit(receipt) {
                    // Should writing fail, the book is read again from what was written.
                    let version = std::mem::replace(&mut state.seen_version, i64::MIN);
                    state.store.put_receipt(&office, &bytes.0)?;
                    state.seen_version = version;
                    PushOutcome::Stored
                } else {
                    PushOutcome::Duplicate
                }
            }
        };
        response.receipt_outcomes.push(outcome);
    }
    response.want = lacking(&state.store, &request.have)?;
    Ok(())
}

fn lacking(store: &crate::store::Store, have: &[LogRange]) -> Result<Vec<LogRange>, HubError> {
    let lacking = have.iter().map(|range| store.lacks(range));
    lacking.filter_map(Result::transpose).collect()
}

fn pull(
    hub: &Hub,
    sealed: &SealedRequest,
    digest: &RequestDigest,
    request: &SyncRequest,
    response: &mut SyncResponse,
) -> Result<(), HubError> {
    let mut state = hub.state();
    state.refresh()?;
    let device = sealed.device;
    let cursors = cursors_of(hub, &mut state, sealed, digest, request)?;
    let mut readers: Vec<Reader> = state.roster.groups_of(&device).into_iter().map(Reader::Group).collect();
    readers.push(Reader::Device(device));
    let statements: usize = response.statements.iter().map(|item| item.0.len()).sum();
    let left = MAX_BODY.saturating_sub(SPARE + statements);
    let room = usize::try_from(request.room).unwrap_or(usize::MAX).min(left / 2);
    let page = state.store.pull(PullRequest {
        device,
        readers: &readers,
        own: request.own,
        cursors,
        room,
        receipt_room: left / 4,
    })?;
    let Page { segments, receipts, cursors, more } = page;
    response.token = hub.tokens.seal(state.store_id, &device, &cursors);
    (response.segments, response.receipts, response.more) = (segments, receipts, more);
    Ok(())
}

/// The cursors of the device's token, if it is of this store. Where its mark proves that the store was set back, the
/// store begins a new life.
fn cursors_of(
    hub: &Hub,
    state: &mut crate::State,
    sealed: &SealedRequest,
    digest: &RequestDigest,
    request: &SyncRequest,
) -> Result<Cursors, HubError> {
    let token = request.token.as_ref().filter(|token| token.store == state.store_id);
    let Some(cursors) = token.and_then(|token| hub.tokens.open(&sealed.device, token)) else {
        return Ok(Cursors::default());
    };
    let set_back = match &cursors.mark {
        Some(mark) => state.store.was_set_back(mark)?,
        None => false,
    };
    if !set_back {
        return Ok(cursors);
    }
    let fresh = hub.tokens.fresh_store_id(state.store_id, digest);
    state.store_id = state.store.renew_store_id(fresh)?;
    Ok(Cursors::default())
}
