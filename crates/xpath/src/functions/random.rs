//! Functions over random bytes, which come from the host.
//!
//! `randomize(nodes, seed)` gives the same order in every ODK engine: a Park–Miller generator seeded as JavaRosa does,
//! and an inside-out Fisher–Yates shuffle. A seed that is no number is the first eight bytes of its SHA-256.

use super::{Row, impure, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::{EvalError, NodeRef, Purity, Value};
use ring::digest;

pub(super) const ROWS: &[Row] = &[
    impure(row("random", 0, 0, |e, _, _| Ok(Value::Num(unit(e)))), Purity::Random),
    impure(row("uuid", 0, 1, uuid), Purity::Random),
    impure(row("randomize", 1, 2, randomize), Purity::Random),
];

type Answer = Result<Value, EvalError>;

/// From 0 up to, not including, 1.
fn unit(e: &Evaluation<'_>) -> f64 {
    let mut bytes = [0; 8];
    e.env.host.random(&mut bytes);
    (u64::from_le_bytes(bytes) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A random UUID, version 4, in lower case.
fn uuid_text(e: &Evaluation<'_>) -> String {
    let mut bytes = [0; 16];
    e.env.host.random(&mut bytes);
    let mut number = u128::from_be_bytes(bytes);
    number = (number & !(0xf << 76)) | (0x4 << 76);
    number = (number & !(0x3 << 62)) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// The longest text `uuid(n)` gives.
const LONGEST: usize = 4096;

fn uuid(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    if call.args.is_empty() {
        return Ok(uuid_text(e).into());
    }
    let wanted = e.arg_number(call, 0, focus)?;
    if wanted.is_nan() || wanted > LONGEST as f64 {
        return Err(e.refuse(call, "the length must be a number up to 4096"));
    }
    let wanted = wanted.max(0.0) as usize;
    let mut text = uuid_text(e);
    while text.len() < wanted {
        text.push_str(&uuid_text(e));
    }
    text.truncate(wanted);
    Ok(text.into())
}

fn randomize(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let nodes = e.arg_nodes(call, 0, focus)?;
    if call.args.len() < 2 {
        return Ok(shuffle(&nodes, || unit(e)).into());
    }
    let mut generator = ParkMiller::new(seed(e, &e.arg_value(call, 1, focus)?)?);
    Ok(shuffle(&nodes, || generator.next()).into())
}

/// A number as Java's conversion to `long` reads it; a text by its hash.
fn seed(e: &Evaluation<'_>, value: &Value) -> Result<i64, EvalError> {
    let number = e.number_of(value)?;
    if !number.is_nan() {
        // `as` saturates as Java does.
        return Ok(number as i64);
    }
    let text = e.text_of(value)?;
    if text.is_empty() {
        return Ok(0);
    }
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let first: [u8; 8] = hash.as_ref().first_chunk().copied().unwrap_or_default();
    Ok(i64::from_be_bytes(first))
}

const MODULUS: i64 = 2_147_483_647;
const MULTIPLIER: i64 = 16_807;

struct ParkMiller(i64);

impl ParkMiller {
    fn new(seed: i64) -> Self {
        let seed = seed % MODULUS;
        Self(if seed <= 0 { seed + MODULUS - 1 } else { seed })
    }

    fn next(&mut self) -> f64 {
        self.0 = self.0 * MULTIPLIER % MODULUS;
        (self.0 - 1) as f64 / (MODULUS - 1) as f64
    }
}

fn shuffle(nodes: &[NodeRef], mut unit: impl FnMut() -> f64) -> Vec<NodeRef> {
    let mut out: Vec<NodeRef> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let other = ((unit() * (at + 1) as f64) as usize).min(at);
        out.push(*node);
        out.swap(other, at);
    }
    out
}
