//! One part of a record.
//!
//! A part is its changes; the Automerge document is built from them when a question needs it. The commonest case,
//! one change that fills a form once and is only read, never builds one.
//!
//! Invariants: every change here passed [`shape::check`] and [`Graph::check`]; `doc`, where present, holds exactly
//! the changes of `graph`; a refused change leaves no trace.

use crate::decode::{Decoded, change_id};
use crate::graph::{Graph, Node};
use crate::shape::Objects;
use crate::{ActorPrefix, ChangeId, Heads, RecordError, plain, seed, shape, wire};
use automerge::{Automerge, ChangeHash, ReadDoc};
use baraza_model::Status;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// One Automerge document of a record: the shared part, or one device's severe answers.
///
/// It knows neither its own id nor its record's: whoever frames its changes does, and the actors' prefixes bind them
/// to the record.
#[derive(Debug, Clone)]
pub struct Part {
    pub(crate) graph: Graph,
    pub(crate) objects: Objects,
    pub(crate) doc: OnceLock<Automerge>,
    /// The status, if all there is is one plain change from elsewhere: such a part is read without its document.
    pub(crate) plain: Option<Status>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It is now part of the part.
    New(ChangeId),
    /// It was there already.
    Duplicate(ChangeId),
    /// It was not applied because what it depends on is not here; offer it again when that has come.
    Waiting {
        /// The change.
        change: ChangeId,
        /// What must come first.
        missing: Vec<ChangeId>,
    },
}

/// A change that [`Part::commit`] or [`Part::resolve`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its id.
    pub change: ChangeId,
    /// Its bytes for [`Part::apply_change`] elsewhere: to be compressed, sealed and sent.
    pub bytes: Vec<u8>,
}

impl Default for Part {
    fn default() -> Self {
        Self::new()
    }
}

impl Part {
    /// A part without answers.
    pub fn new() -> Self {
        Self { graph: Graph::new(), objects: Objects::default(), doc: OnceLock::new(), plain: None }
    }

    /// Reads what [`Part::save`] wrote. Not less careful than [`Part::from_snapshot`], only without a trial run of
    /// Automerge.
    ///
    /// # Errors
    /// Bytes that are not a saved part.
    pub fn load(saved: &[u8]) -> Result<Self, RecordError> {
        let mut part = Self::new();
        for body in wire::unpack_part(saved)? {
            if let Admitted::Waiting { .. } = part.admit(body.to_vec())? {
                return Err(RecordError::Incomplete);
            }
        }
        Ok(part)
    }

    /// All changes, for the device's own store.
    pub fn save(&self) -> Vec<u8> {
        let bodies: Vec<&[u8]> = self.graph.written().map(|node| node.body.as_slice()).collect();
        wire::pack_part(bodies.into_iter())
    }

    /// All changes, for readers who were added later.
    pub fn snapshot(&self) -> Vec<u8> {
        self.save()
    }

    /// Reads a snapshot that somebody sent. It proves only its sender: the authors are vouched for by them.
    ///
    /// # Errors
    /// Whatever [`Part::apply_change`] refuses; [`RecordError::Incomplete`] if a dependency is not in it.
    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut part = Self::new();
        part.merge_snapshot(bytes)?;
        Ok(part)
    }

    /// Takes in what a snapshot has and this part has not, all of it or nothing; gives the new changes.
    ///
    /// # Errors
    /// As [`Part::from_snapshot`].
    pub fn merge_snapshot(&mut self, bytes: &[u8]) -> Result<Vec<ChangeId>, RecordError> {
        let mut copy = self.clone();
        copy.doc = OnceLock::new();
        let mut new = Vec::new();
        for body in wire::unpack_part(bytes)? {
            match copy.admit(body.to_vec())? {
                Admitted::New { change, .. } => new.push(change),
                Admitted::Duplicate(_) => {}
                Admitted::Waiting { .. } => return Err(RecordError::Incomplete),
            }
        }
        if !new.is_empty() {
            copy.doc()?;
            *self = copy;
        }
        Ok(new)
    }

    /// A part that starts with a change received. Fast where the change only fills in a form.
    ///
    /// # Errors
    /// As [`Part::apply_change`]; [`RecordError::Incomplete`] if the change depends on others.
    pub fn from_change(bytes: &[u8], signer: ActorPrefix) -> Result<Self, RecordError> {
        let mut part = Self::new();
        match part.receive(wire::unpack_change(bytes, signer)?)? {
            Applied::Waiting { .. } => Err(RecordError::Incomplete),
            Applied::New(_) | Applied::Duplicate(_) => Ok(part),
        }
    }

    /// Takes in a change that `signer` signed for this record.
    ///
    /// The change is read by our own bounded decoder, checked against the shape and the graph, tried on a copy of the
    /// part where a panic is caught, and only then kept.
    ///
    /// # Errors
    /// A change that must be quarantined; the part is then as it was.
    pub fn apply_change(&mut self, bytes: &[u8], signer: ActorPrefix) -> Result<Applied, RecordError> {
        let body = wire::unpack_change(bytes, signer)?;
        let id = change_id(&body);
        if self.graph.contains(&id) {
            return Ok(Applied::Duplicate(id));
        }
        let mut copy = self.clone();
        let applied = copy.receive(body)?;
        if let Applied::New(_) = applied {
            *self = copy;
        }
        Ok(applied)
    }

    /// Takes in a change; leaves the part in ruins if it fails.
    fn receive(&mut self, body: Vec<u8>) -> Result<Applied, RecordError> {
        let doc = self.doc.take();
        match self.admit(body)? {
            Admitted::Duplicate(change) => Ok(Applied::Duplicate(change)),
            Admitted::Waiting { change, missing } => Ok(Applied::Waiting { change, missing }),
            Admitted::New { change, plain: true } => Ok(Applied::New(change)),
            Admitted::New { change, plain: false } => {
                match doc {
                    Some(doc) => self.continue_doc(doc)?,
                    None => drop(self.doc()?),
                }
                Ok(Applied::New(change))
            }
        }
    }

    /// What nothing here follows: keep it with what a person is shown, and commit their edits at it.
    pub fn heads(&self) -> Heads {
        self.graph.heads()
    }

    /// Whether a change is here.
    pub fn contains(&self, change: &ChangeId) -> bool {
        self.graph.contains(change)
    }

    /// Whether anything was ever written.
    pub fn is_begun(&self) -> bool {
        self.graph.written().next().is_some()
    }

    /// The changes that `heads` had not seen, each for [`Part::apply_change`] with its author as signer.
    pub fn changes_since(&self, heads: &Heads) -> Vec<(ActorPrefix, Vec<u8>)> {
        let seen = self.graph.seen_by(&heads.0);
        let new = self.graph.written().filter(|node| !seen.contains(&node.id));
        new.filter_map(|node| Some((node.prefix(), wire::pack_change(&node.body).ok()?))).collect()
    }

    /// Which of these are not here.
    pub fn missing_deps(&self, heads: &Heads) -> Vec<ChangeId> {
        self.graph.missing(&heads.0)
    }

    /// The Automerge document.
    pub(crate) fn doc(&self) -> Result<&Automerge, RecordError> {
        if let Some(doc) = self.doc.get() {
            return Ok(doc);
        }
        let doc = caught(|| {
            let changes = self.graph.nodes().iter().skip(1).map(seed::change_of);
            let changes: Vec<automerge::Change> = changes.collect::<Result<_, _>>()?;
            let mut doc = seed::genesis_doc().clone();
            doc.apply_changes(changes).map_err(|_| RecordError::NotApplied)?;
            holds(&doc, &self.graph.heads()).then_some(doc).ok_or(RecordError::NotApplied)
        })?;
        Ok(self.doc.get_or_init(|| doc))
    }

    /// The document for reading. Every change was checked, and tried unless plain, so it can be built; if Automerge
    /// nevertheless fails, the part reads as blank rather than taking the program down.
    pub(crate) fn readable(&self) -> &Automerge {
        self.doc().unwrap_or_else(|_| seed::genesis_doc())
    }

    /// Adds the text seed of a question, and gives its change.
    pub(crate) fn plant_text(&mut self, question: &str) -> Result<ChangeId, RecordError> {
        let node = seed::text_seed(question);
        let id = node.id;
        if !self.graph.contains(&id) {
            let objects = seed::seeded_text(question, &Decoded::read(&node.body)?);
            self.take_in(node, objects);
        }
        Ok(id)
    }

    /// The text seeds that a change names and this part lacks.
    fn seeds_of(&self, change: &Decoded<'_>) -> Vec<(String, ChangeId)> {
        let named = change.actors.iter().skip(1).filter_map(|actor| seed::seeded_question(actor));
        let lacking = named.filter(|question| !self.objects.has_seeded_text(question));
        lacking.map(|question| (question.to_owned(), seed::text_seed(question).id)).collect()
    }

    /// Decodes a change, checks it, and takes it in without building the document.
    fn admit(&mut self, body: Vec<u8>) -> Result<Admitted, RecordError> {
        let id = change_id(&body);
        if self.graph.contains(&id) {
            return Ok(Admitted::Duplicate(id));
        }
        let change = Decoded::read(&body)?;
        if change.actor().len() != 16 {
            return Err(RecordError::ForeignActor);
        }
        if change.deps.is_empty() {
            return Err(RecordError::Causality("it does not start from the genesis"));
        }
        let seeds = self.seeds_of(&change);
        let mut missing = self.graph.missing(&change.deps);
        missing.retain(|id| !seeds.iter().any(|(_, seed)| seed == id));
        if !missing.is_empty() {
            return Ok(Admitted::Waiting { change: id, missing });
        }
        for (question, seed) in seeds {
            // Each is followed by the change that names it first, so no seed is left as a head.
            if !change.deps.contains(&seed) {
                return Err(RecordError::Causality("it names a text that it does not follow"));
            }
            self.plant_text(&question)?;
        }
        let mut node = Node::new(id, &change, Vec::new());
        self.graph.check(&node, &change)?;
        let objects = shape::check(&change, &self.objects)?;
        let plain = (!self.is_begun() && plain::is_plain(&change)).then(|| plain::status(&change));
        node.body = body;
        self.take_in(node, objects);
        self.plain = plain;
        Ok(Admitted::New { change: id, plain: self.plain.is_some() })
    }

    /// Brings a document up to the graph.
    pub(crate) fn continue_doc(&mut self, mut doc: Automerge) -> Result<(), RecordError> {
        let nodes = self.graph.nodes();
        let doc = caught(move || {
            let known = |node: &&Node| doc.get_change_meta_by_hash(&ChangeHash(node.id.0)).is_none();
            let new: Vec<&Node> = nodes.iter().rev().take_while(|n| known(n)).collect();
            let changes: Vec<automerge::Change> =
                new.into_iter().rev().map(seed::change_of).collect::<Result<_, _>>()?;
            doc.apply_changes(changes).map_err(|_| RecordError::NotApplied)?;
            Ok(doc)
        })?;
        if !holds(&doc, &self.graph.heads()) {
            return Err(RecordError::NotApplied);
        }
        self.doc = OnceLock::from(doc);
        Ok(())
    }

    pub(crate) fn take_in(&mut self, node: Node, objects: Vec<(shape::OpId, shape::Kind)>) {
        self.plain = None;
        self.graph.add(node);
        self.objects.extend(objects);
    }
}

enum Admitted {
    New { change: ChangeId, plain: bool },
    Duplicate(ChangeId),
    Waiting { change: ChangeId, missing: Vec<ChangeId> },
}

/// Whether the document holds all of these changes.
fn holds(doc: &Automerge, heads: &Heads) -> bool {
    heads.0.iter().all(|id| doc.get_change_meta_by_hash(&ChangeHash(id.0)).is_some())
        && doc.get_missing_deps(&[]).is_empty()
}

/// Runs Automerge on bytes that a stranger wrote.
pub(crate) fn caught<T>(run: impl FnOnce() -> Result<T, RecordError>) -> Result<T, RecordError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(RecordError::NotApplied))
}

pub(crate) fn hashes(heads: &Heads) -> Vec<ChangeHash> {
    heads.0.iter().map(|id| ChangeHash(id.0)).collect()
}
