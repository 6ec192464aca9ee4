//! A change read by our own bounded decoder, before and without Automerge.
//!
//! On the wire and in snapshots a change has no chunk header: we write Automerge's header ourselves, always of type
//! "change", so compressed chunks, documents and bundles cannot be expressed. What is read here is the body:
//! dependencies, actor, sequence number, first operation, time, message, other actors, columns.
//! Source: the Automerge binary format, "change chunks"; `automerge` 0.12 `storage/change.rs`.

use crate::bytes::{Reader, put_uleb};
use crate::columns::{Booleans, Deltas, Runs};
use crate::error::{MAX_CHANGE_BYTES, MAX_DEPS, MAX_NOTE_BYTES, MAX_OPS};
use crate::{ChangeId, RecordError};
use ring::digest::{Context, SHA256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;

pub(crate) const MAKE_MAP: u64 = 0;
pub(crate) const SET: u64 = 1;
pub(crate) const DELETE: u64 = 3;
pub(crate) const MAKE_TEXT: u64 = 4;

/// An operation's id inside a change: its counter, and the index of its actor among [`Decoded::actors`].
pub(crate) type LocalId = (u64, usize);

/// Where in its object an operation applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Prop(&'a str),
    Head,
    Elem(LocalId),
}

/// The scalars that a part may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    Uint(u64),
    Str(&'a str),
    Bytes(&'a [u8]),
}

#[derive(Debug, Clone)]
pub(crate) struct Op<'a> {
    pub(crate) obj: Option<LocalId>,
    pub(crate) key: Key<'a>,
    pub(crate) insert: bool,
    pub(crate) action: u64,
    pub(crate) value: Scalar<'a>,
    /// Range in [`Decoded::preds`].
    first_pred: usize,
    pred_count: usize,
}

/// The body of a change.
#[derive(Debug, Clone)]
pub(crate) struct Decoded<'a> {
    pub(crate) deps: Vec<ChangeId>,
    /// The author first, then the other actors that operations refer to.
    pub(crate) actors: Vec<&'a [u8]>,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) time: i64,
    pub(crate) note: &'a str,
    pub(crate) ops: Vec<Op<'a>>,
    preds: Vec<LocalId>,
}

impl<'a> Decoded<'a> {
    pub(crate) fn preds(&self, op: &Op<'_>) -> &[LocalId] {
        self.preds.get(op.first_pred..op.first_pred + op.pred_count).unwrap_or_default()
    }

    pub(crate) fn actor(&self) -> &'a [u8] {
        self.actors.first().copied().unwrap_or_default()
    }

    /// The operations with their counters.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u64, &Op<'a>)> {
        (self.start_op..).zip(&self.ops)
    }

    /// Reads a whole body.
    pub(crate) fn read(body: &'a [u8]) -> Result<Self, RecordError> {
        if body.len() > MAX_CHANGE_BYTES {
            return Err(RecordError::TooLarge { what: "a change", limit: MAX_CHANGE_BYTES });
        }
        let mut from = Reader::new(body);
        let deps = read_deps(&mut from)?;
        let mut actors = vec![read_actor(&mut from)?];
        let seq = from.uleb()?;
        let start_op = from.uleb()?;
        let time = from.ileb()?;
        let len = from.uleb()?;
        if len > MAX_NOTE_BYTES as u64 {
            return Err(RecordError::TooLarge { what: "a change's note", limit: MAX_NOTE_BYTES });
        }
        let note = from.text(len)?;
        for _ in 0..bounded(from.uleb()?, MAX_DEPS, "a change's list of actors")? {
            actors.push(read_actor(&mut from)?);
        }
        let columns = Columns::read(&mut from)?;
        if !from.is_empty() {
            return Err(RecordError::Malformed("bytes follow the change"));
        }
        let (ops, preds) = columns.rows(actors.len())?;
        let end = start_op.checked_add(ops.len() as u64);
        if seq == 0 || start_op == 0 || end.is_none_or(|end| end > u64::from(u32::MAX)) {
            return Err(RecordError::Malformed("a sequence number is out of range"));
        }
        Ok(Self { deps, actors, seq, start_op, time, note, ops, preds })
    }
}

/// Reads the dependencies: ascending, so that one change has one encoding.
pub(crate) fn read_deps(from: &mut Reader<'_>) -> Result<Vec<ChangeId>, RecordError> {
    let count = bounded(from.uleb()?, MAX_DEPS, "a change's list of dependencies")?;
    let mut deps = Vec::with_capacity(count);
    for _ in 0..count {
        deps.push(ChangeId(from.array()?));
    }
    if !deps.is_sorted_by(|a, b| a < b) {
        return Err(RecordError::Malformed("the dependencies are not in order"));
    }
    Ok(deps)
}

fn read_actor<'a>(from: &mut Reader<'a>) -> Result<&'a [u8], RecordError> {
    let len = from.uleb()?;
    from.take(len)
}

fn bounded(count: u64, limit: usize, what: &'static str) -> Result<usize, RecordError> {
    usize::try_from(count).ok().filter(|n| *n <= limit).ok_or(RecordError::TooLarge { what, limit })
}

#[derive(Debug, Default)]
struct Columns<'a> {
    obj_actor: &'a [u8],
    obj_ctr: &'a [u8],
    key_actor: &'a [u8],
    key_ctr: &'a [u8],
    key_str: &'a [u8],
    insert: &'a [u8],
    action: &'a [u8],
    value_meta: &'a [u8],
    value: &'a [u8],
    pred_count: &'a [u8],
    pred_actor: &'a [u8],
    pred_ctr: &'a [u8],
}

impl<'a> Columns<'a> {
    /// Reads the list of columns and their bytes. Marks, and deflated columns, are not in the list of what is known.
    fn read(from: &mut Reader<'a>) -> Result<Self, RecordError> {
        let count = bounded(from.uleb()?, 12, "a change's list of columns")?;
        let mut lengths = [(0, 0); 12];
        for entry in lengths.iter_mut().take(count) {
            *entry = (from.uleb()?, from.uleb()?);
        }
        let mut columns = Self::default();
        let mut before = None;
        for (spec, len) in lengths.into_iter().take(count) {
            let column = match spec {
                0x01 => &mut columns.obj_actor,
                0x02 => &mut columns.obj_ctr,
                0x11 => &mut columns.key_actor,
                0x13 => &mut columns.key_ctr,
                0x15 => &mut columns.key_str,
                0x34 => &mut columns.insert,
                0x42 => &mut columns.action,
                0x56 => &mut columns.value_meta,
                0x57 => &mut columns.value,
                0x70 => &mut columns.pred_count,
                0x71 => &mut columns.pred_actor,
                0x73 => &mut columns.pred_ctr,
                _ => return Err(RecordError::Malformed("a column is not known")),
            };
            *column = from.take(len)?;
            if before.replace(spec).is_some_and(|before| before >= spec) {
                return Err(RecordError::Malformed("the columns are not in order"));
            }
        }
        Ok(columns)
    }

    fn rows(&self, actors: usize) -> Result<(Vec<Op<'a>>, Vec<LocalId>), RecordError> {
        let mut rows = Rows {
            obj_actor: Runs::new(self.obj_actor),
            obj_ctr: Runs::new(self.obj_ctr),
            key_actor: Runs::new(self.key_actor),
            key_ctr: Deltas::new(self.key_ctr),
            key_str: Runs::new(self.key_str),
            insert: Booleans::new(self.insert),
            action: Runs::new(self.action),
            value_meta: Runs::new(self.value_meta),
            value: Reader::new(self.value),
            pred_count: Runs::new(self.pred_count),
            pred_actor: Runs::new(self.pred_actor),
            pred_ctr: Deltas::new(self.pred_ctr),
            actors,
        };
        let mut ops = Vec::new();
        let mut preds = Vec::new();
        while !rows.action.is_done() {
            if ops.len() >= MAX_OPS {
                return Err(RecordError::TooLarge { what: "a change's list of operations", limit: MAX_OPS });
            }
            ops.push(rows.next(&mut preds)?);
        }
        if !rows.is_done() {
            return Err(RecordError::Malformed("the columns differ in length"));
        }
        Ok((ops, preds))
    }
}

struct Rows<'a> {
    obj_actor: Runs<'a, u64>,
    obj_ctr: Runs<'a, u64>,
    key_actor: Runs<'a, u64>,
    key_ctr: Deltas<'a>,
    key_str: Runs<'a, &'a str>,
    insert: Booleans<'a>,
    action: Runs<'a, u64>,
    value_meta: Runs<'a, u64>,
    value: Reader<'a>,
    pred_count: Runs<'a, u64>,
    pred_actor: Runs<'a, u64>,
    pred_ctr: Deltas<'a>,
    actors: usize,
}

impl<'a> Rows<'a> {
    fn next(&mut self, preds: &mut Vec<LocalId>) -> Result<Op<'a>, RecordError> {
        let obj = match (self.obj_actor.next()?, self.obj_ctr.next()?) {
            (None, None) => None,
            (Some(actor), Some(ctr)) => Some(self.id(ctr, actor)?),
            _ => return Err(RecordError::Malformed("an object id is halved")),
        };
        let key = match (self.key_str.next()?, self.key_actor.next()?, self.key_ctr.next()?) {
            (Some(prop), None, None) => Key::Prop(prop),
            (None, None, Some(0)) => Key::Head,
            (None, Some(actor), Some(ctr)) => Key::Elem(self.id(ctr, actor)?),
            _ => return Err(RecordError::Malformed("a key is halved")),
        };
        let insert = self.insert.next()?;
        let action = self.action.next()?.ok_or(RecordError::Malformed("an action is missing"))?;
        let value = self.value()?;
        let first_pred = preds.len();
        let count =
            self.pred_count.next()?.ok_or(RecordError::Malformed("a list of predecessors is missing"))?;
        let pred_count = bounded(count, MAX_OPS, "an operation's list of predecessors")?;
        if first_pred + pred_count > 2 * MAX_OPS {
            return Err(RecordError::TooLarge { what: "a change's list of predecessors", limit: MAX_OPS });
        }
        for _ in 0..pred_count {
            let (Some(actor), Some(ctr)) = (self.pred_actor.next()?, self.pred_ctr.next()?) else {
                return Err(RecordError::Malformed("a predecessor is halved"));
            };
            preds.push(self.id(ctr, actor)?);
        }
        Ok(Op { obj, key, insert, action, value, first_pred, pred_count })
    }

    fn id(&self, ctr: u64, actor: u64) -> Result<LocalId, RecordError> {
        match usize::try_from(actor) {
            Ok(actor) if actor < self.actors && ctr > 0 && ctr <= u64::from(u32::MAX) => Ok((ctr, actor)),
            _ => Err(RecordError::Malformed("an operation id is out of range")),
        }
    }

    fn value(&mut self) -> Result<Scalar<'a>, RecordError> {
        let meta = self.value_meta.next()?.ok_or(RecordError::Malformed("a value is missing"))?;
        let bytes = self.value.take(meta >> 4)?;
        match (meta & 15, bytes) {
            (0, []) => Ok(Scalar::Null),
            (1, []) => Ok(Scalar::Bool(false)),
            (2, []) => Ok(Scalar::Bool(true)),
            (3, _) => {
                let mut number = Reader::new(bytes);
                let value = number.uleb()?;
                if number.is_empty() {
                    Ok(Scalar::Uint(value))
                } else {
                    Err(RecordError::Malformed("a number has a tail"))
                }
            }
            (6, _) => Reader::new(bytes).text(bytes.len() as u64).map(Scalar::Str),
            (7, _) => Ok(Scalar::Bytes(bytes)),
            _ => Err(RecordError::Shape("a value of this type is not allowed")),
        }
    }

    fn is_done(&self) -> bool {
        self.obj_actor.is_done()
            && self.obj_ctr.is_done()
            && self.key_actor.is_done()
            && self.key_ctr.is_done()
            && self.key_str.is_done()
            && self.insert.is_done()
            && self.value_meta.is_done()
            && self.value.is_empty()
            && self.pred_count.is_done()
            && self.pred_actor.is_done()
            && self.pred_ctr.is_done()
    }
}

/// The id that Automerge gives to a change with this body.
pub(crate) fn change_id(body: &[u8]) -> ChangeId {
    let mut head = vec![CHANGE_CHUNK];
    put_uleb(&mut head, body.len() as u64);
    let mut context = Context::new(&SHA256);
    context.update(&head);
    context.update(body);
    let mut id = [0; 32];
    for (to, from) in id.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    ChangeId(id)
}

/// The chunk as Automerge reads it.
pub(crate) fn chunk(id: &ChangeId, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 16);
    out.extend_from_slice(&MAGIC);
    out.extend(id.0.iter().take(4));
    out.push(CHANGE_CHUNK);
    put_uleb(&mut out, body.len() as u64);
    out.extend_from_slice(body);
    out
}

/// The body of an uncompressed change chunk that Automerge wrote.
pub(crate) fn body_of(chunk: &[u8]) -> Result<&[u8], RecordError> {
    let mut from = Reader::new(chunk);
    let (magic, _checksum, kind) = (from.array::<4>()?, from.array::<4>()?, from.byte()?);
    let len = from.uleb()?;
    if magic != MAGIC || kind != CHANGE_CHUNK || len != from.rest().len() as u64 {
        return Err(RecordError::Malformed("not one uncompressed change chunk"));
    }
    Ok(from.rest())
}
