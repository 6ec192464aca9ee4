//! Functions over booleans.
//!
//! `boolean-from-string` takes "TRUE" for true, as JavaRosa does.

use super::{Row, many, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::value::to_number;
use crate::{EvalError, NodeRef, Value};

pub(super) const ROWS: &[Row] = &[
    row("true", 0, 0, |_, _, _| Ok(Value::Bool(true))),
    row("false", 0, 0, |_, _, _| Ok(Value::Bool(false))),
    row("boolean", 1, 1, boolean),
    row("not", 1, 1, not),
    row("if", 3, 3, if_),
    row("boolean-from-string", 1, 1, boolean_from_string),
    many("checklist", 2, checklist),
    many("weighted-checklist", 2, weighted_checklist),
    row("lang", 1, 1, lang),
];

type Answer = Result<Value, EvalError>;

fn boolean(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    e.truth(e.arg(call, 0)?, focus).map(Value::Bool)
}

fn not(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    e.truth(e.arg(call, 0)?, focus).map(|truth| Value::Bool(!truth))
}

fn if_(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let branch = if e.truth(e.arg(call, 0)?, focus)? { 1 } else { 2 };
    e.arg_value(call, branch, focus)
}

fn boolean_from_string(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let text = e.arg_text(call, 0, focus)?;
    Ok(Value::Bool(&*text == "1" || text.eq_ignore_ascii_case("true")))
}

/// Every value of an argument, as truth (a node is true when it is not blank) and as number.
fn values(e: &Evaluation<'_>, value: &Value) -> Result<Vec<(bool, f64)>, EvalError> {
    let Value::Nodes(set) = value else { return Ok(vec![(value.to_bool(), e.number_of(value)?)]) };
    let each = |at: &NodeRef| {
        let text = e.read(*at)?;
        Ok((!text.trim().is_empty(), to_number(&text, e.env.zone_minutes)))
    };
    set.nodes.iter().map(each).collect()
}

/// The least and the most. −1 as the most, or what is no number, means "no limit"; a least that is no number is
/// never reached.
struct Bounds {
    min: f64,
    max: f64,
}

impl Bounds {
    fn of(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Result<Self, EvalError> {
        let (min, max) = (e.arg_number(call, 0, focus)?, e.arg_number(call, 1, focus)?);
        Ok(Self { min, max: if max == -1.0 || max.is_nan() { f64::INFINITY } else { max } })
    }

    fn hold(&self, sum: f64) -> Value {
        Value::Bool(sum >= self.min && sum <= self.max)
    }
}

fn checklist(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let bounds = Bounds::of(e, call, focus)?;
    let mut count = 0.0;
    for id in call.args.iter().skip(2) {
        let value = e.value(*id, focus)?;
        count += values(e, &value)?.iter().filter(|(truth, _)| *truth).count() as f64;
    }
    Ok(bounds.hold(count))
}

fn weighted_checklist(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let bounds = Bounds::of(e, call, focus)?;
    let mut sum = 0.0;
    for pair in call.args.get(2..).unwrap_or_default().chunks(2) {
        let [factor, weight] = pair else {
            return Err(e.refuse(call, "every factor needs a weight"));
        };
        let (factor, weight) = (e.value(*factor, focus)?, e.value(*weight, focus)?);
        let (factors, weights) = (values(e, &factor)?, values(e, &weight)?);
        if factors.len() < weights.len() {
            return Ok(Value::Bool(false));
        }
        sum +=
            factors.iter().zip(&weights).filter(|((truth, _), _)| *truth).map(|(_, (_, w))| w).sum::<f64>();
    }
    Ok(bounds.hold(sum))
}

/// `lang('sw')`: whether the context node lies in a part marked `xml:lang="sw"` or `"sw-…"`.
fn lang(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let wanted = e.arg_text(call, 0, focus)?.to_ascii_lowercase();
    let Some(tree) = e.env.forest.tree(focus.node.tree) else { return Ok(Value::Bool(false)) };
    let mut here = Some(focus.node.node);
    while let Some(at) = here {
        if let Some(found) = tree.attribute(at, "lang") {
            let found = found.to_ascii_lowercase();
            let under =
                found.strip_prefix(&wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
            return Ok(Value::Bool(!wanted.is_empty() && under));
        }
        here = tree.parent(at);
    }
    Ok(Value::Bool(false))
}
