//! Functions over the answers of select questions.

use super::{Row, impure, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::{EvalError, Purity, Value};

pub(super) const ROWS: &[Row] = &[
    row("selected", 2, 2, selected),
    row("selected-at", 2, 2, selected_at),
    row("count-selected", 1, 1, count_selected),
    impure(row("jr:choice-name", 2, 2, choice_name), Purity::Language),
    impure(row("jr:itext", 1, 1, itext), Purity::Language),
];

type Answer = Result<Value, EvalError>;

/// The words between XML white space.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty())
}

/// A blank choice is selected when nothing is.
fn selected(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (list, wanted) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    let wanted = wanted.trim_matches([' ', '\t', '\r', '\n']);
    let mut list = words(&list).peekable();
    Ok(Value::Bool(if wanted.is_empty() { list.peek().is_none() } else { list.any(|word| word == wanted) }))
}

fn selected_at(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (list, index) = (e.arg_text(call, 0, focus)?, super::text::whole(e, call, 1, focus)?);
    let word = if index >= 0.0 { words(&list).nth(index as usize) } else { None };
    Ok(Value::text(word.unwrap_or("")))
}

fn count_selected(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(Value::Num(words(&e.arg_text(call, 0, focus)?).count() as f64))
}

fn choice_name(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (value, path) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    Ok(Value::Str(e.env.host.choice_name(&value, &path, focus.node).unwrap_or_default()))
}

fn itext(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let id = e.arg_text(call, 0, focus)?;
    Ok(Value::Str(e.env.host.itext(&id).unwrap_or_default()))
}
