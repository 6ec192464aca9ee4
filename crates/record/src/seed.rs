//! Changes that everybody can make alike, so that nobody sends them.
//!
//! - The **genesis** makes the containers. Every part starts with the same one; two devices that create the same
//!   part apart (a cloned tablet, a restored backup) therefore write into the same maps, and their answers merge.
//! - A **text seed** makes the empty text of one question of a part that others already hold. Its actor is the
//!   question's path, so it is the same change wherever it is made: two people who start the same notes apart type
//!   into one text, and every character of both stays. It is not needed where a text is made by a part's first
//!   change, nor possible for questions inside repeat instances, where two texts made apart become a conflict that
//!   shows both.
//!
//! The change that a receiver lacks is rebuilt from the actors that the received change names.

use crate::decode::{Decoded, MAKE_TEXT};
use crate::graph::Node;
use crate::shape::{Kind, OpId, is_path};
use crate::{ChangeId, RecordError, decode};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, TextEncoding};
use baraza_model::AnswerPath;
use std::sync::OnceLock;

/// The version of the shape, at root key `v`.
pub(crate) const SHAPE_VERSION: u64 = 1;
/// The actor of the genesis.
pub(crate) const GENESIS_ACTOR: &[u8] = b"g";
/// The counter of the operation that makes the map of answers.
pub(crate) const ANSWERS: u64 = 2;
/// The counter of the operation that makes the map of instances.
pub(crate) const INSTANCES: u64 = 3;

const TEXT_ACTOR: u8 = b't';

/// The genesis as a node of the graph.
pub(crate) fn genesis() -> &'static Node {
    static GENESIS: OnceLock<Node> = OnceLock::new();
    GENESIS.get_or_init(|| {
        let mut doc = blank();
        doc.set_actor(ActorId::from(GENESIS_ACTOR));
        commit(&mut doc, |tx| {
            tx.put(ROOT, "v", SHAPE_VERSION)?;
            tx.put_object(ROOT, "a", ObjType::Map)?;
            tx.put_object(ROOT, "i", ObjType::Map)?;
            Ok(())
        })
    })
}

/// The text seed of a question.
pub(crate) fn text_seed(question: &str) -> Node {
    let mut doc = genesis_doc().clone();
    let mut actor = vec![TEXT_ACTOR];
    actor.extend_from_slice(question.as_bytes());
    doc.set_actor(ActorId::from(actor));
    let answers = automerge::ObjId::Id(ANSWERS, ActorId::from(GENESIS_ACTOR), 0);
    commit(&mut doc, |tx| tx.put_object(answers, question, ObjType::Text).map(drop))
}

/// The question whose text seed has this actor.
pub(crate) fn seeded_question(actor: &[u8]) -> Option<&str> {
    let (kind, question) = actor.split_first()?;
    let question = std::str::from_utf8(question).ok()?;
    (*kind == TEXT_ACTOR && is_path(question) && actor.len() != 16).then_some(question)
}

/// The text that a seed makes.
pub(crate) fn seeded_text(question: &str, seed: &Decoded<'_>) -> Vec<(OpId, Kind)> {
    let made = seed.numbered().filter(|(_, op)| op.action == MAKE_TEXT);
    let path = AnswerPath { instance: None, question: question.to_owned() };
    made.map(|(ctr, _)| (OpId { ctr, actor: seed.actor().to_vec() }, Kind::Text(path.clone()))).collect()
}

/// A document that holds the genesis only.
pub(crate) fn genesis_doc() -> &'static Automerge {
    static DOC: OnceLock<Automerge> = OnceLock::new();
    DOC.get_or_init(|| {
        let mut doc = blank();
        let applied = change_of(genesis()).map(|change| doc.apply_changes([change]));
        debug_assert!(matches!(applied, Ok(Ok(()))), "the genesis is our own");
        doc
    })
}

/// Reads a node for Automerge.
pub(crate) fn change_of(node: &Node) -> Result<Change, RecordError> {
    Change::from_bytes(decode::chunk(&node.id, &node.body)).map_err(|_| RecordError::NotApplied)
}

fn blank() -> Automerge {
    Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint)
}

fn commit(
    doc: &mut Automerge,
    write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<(), automerge::AutomergeError>,
) -> Node {
    let mut tx = doc.transaction();
    let written = write(&mut tx);
    debug_assert!(written.is_ok(), "a seed is our own");
    tx.commit_with(CommitOptions::default().with_time(0));
    let node = doc.get_last_local_change().and_then(|change| {
        let body = decode::body_of(change.raw_bytes()).ok()?.to_vec();
        let decoded = Decoded::read(&body).ok()?;
        let mut node = Node::new(ChangeId(change.hash().0), &decoded, Vec::new());
        node.body = body;
        node.seed = true;
        Some(node)
    });
    debug_assert!(node.is_some(), "a seed is our own");
    node.unwrap_or_default()
}
