//! Functions over strings.
//!
//! Lengths and positions count UTF-16 units, as both ODK engines do. `regex` matches the whole text, as JavaRosa's
//! does, with Java's ASCII meaning of `\d`, `\w` and `\s`. `substring-after` follows XPath 1.0.

use super::{Row, many, row};
use crate::ast::{Ast, CallNode};
use crate::eval::{Evaluation, Focus};
use crate::{EvalError, Value};
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    row("string", 0, 1, string),
    many("concat", 0, concat),
    many("join", 1, join),
    row("substr", 2, 3, substr),
    row("substring", 2, 3, substring),
    row("substring-before", 2, 2, substring_before),
    row("substring-after", 2, 2, substring_after),
    row("translate", 3, 3, translate),
    row("string-length", 0, 1, string_length),
    row("normalize-space", 0, 1, normalize_space),
    row("contains", 2, 2, contains),
    row("starts-with", 2, 2, starts_with),
    row("ends-with", 2, 2, ends_with),
    row("coalesce", 2, 2, coalesce),
    row("regex", 2, 2, regex),
];

type Answer = Result<Value, EvalError>;

fn string(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(Value::Str(e.text_of(&e.arg_or_context(call, focus)?)?))
}

fn concat(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(e.arg_texts(call, 0, focus)?.concat().into())
}

fn join(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let glue = e.arg_text(call, 0, focus)?;
    Ok(e.arg_texts(call, 1, focus)?.join(&glue).into())
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The part of a text between two UTF-16 positions, both inside it. A pair cut in half is replaced.
fn slice(text: &str, from: usize, to: usize) -> Value {
    let wanted = to.saturating_sub(from);
    if text.is_ascii() {
        return Value::text(text.get(from..from + wanted).unwrap_or(""));
    }
    let part: Vec<u16> = text.encode_utf16().skip(from).take(wanted).collect();
    String::from_utf16_lossy(&part).into()
}

/// A position: the whole number that an argument's text begins with, NaN where it begins with none.
pub(super) fn whole(e: &Evaluation<'_>, call: &CallNode, at: usize, focus: Focus) -> Result<f64, EvalError> {
    let text = match e.arg_value(call, at, focus)? {
        Value::Num(number) => return Ok(number.trunc()),
        other => e.text_of(&other)?,
    };
    let text = text.trim_start();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let number = unsigned.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(f64::NAN);
    Ok(if text.starts_with('-') { -number } else { number })
}

/// `substr(text, start, end?)`: from 0, negative from the end, `end` excluded.
fn substr(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let text = e.arg_text(call, 0, focus)?;
    let length = units(&text) as f64;
    let place = |number: f64| (if number < 0.0 { length + number } else { number }).clamp(0.0, length);
    let start = place(whole(e, call, 1, focus)?);
    let end = if call.args.len() > 2 { place(whole(e, call, 2, focus)?) } else { length };
    if start.is_nan() || end.is_nan() {
        return Ok(Value::text(""));
    }
    Ok(slice(&text, start as usize, end as usize))
}

/// `substring(text, start, length?)` of XPath: from 1, with its rounding.
fn substring(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let text = e.arg_text(call, 0, focus)?;
    let nearest = |number: f64| (number + 0.5).floor();
    let start = nearest(e.arg_number(call, 1, focus)?);
    let end =
        if call.args.len() > 2 { start + nearest(e.arg_number(call, 2, focus)?) } else { f64::INFINITY };
    if start.is_nan() || end.is_nan() {
        return Ok(Value::text(""));
    }
    let length = units(&text) as f64;
    let (from, to) = ((start - 1.0).clamp(0.0, length), (end - 1.0).clamp(0.0, length));
    Ok(slice(&text, from as usize, to as usize))
}

fn substring_before(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (text, mark) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    Ok(Value::text(text.split_once(&*mark).map_or("", |(before, _)| before)))
}

fn substring_after(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (text, mark) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    Ok(Value::text(text.split_once(&*mark).map_or("", |(_, after)| after)))
}

fn translate(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let text = e.arg_text(call, 0, focus)?;
    let from: Vec<char> = e.arg_text(call, 1, focus)?.chars().collect();
    let to: Vec<char> = e.arg_text(call, 2, focus)?.chars().collect();
    let swap = |c: char| match from.iter().position(|known| *known == c) {
        Some(at) => to.get(at).copied(),
        None => Some(c),
    };
    Ok(text.chars().filter_map(swap).collect::<String>().into())
}

fn string_length(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(Value::Num(units(&e.text_of(&e.arg_or_context(call, focus)?)?) as f64))
}

fn normalize_space(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let text = e.text_of(&e.arg_or_context(call, focus)?)?;
    let words: Vec<&str> = super::select::words(&text).collect();
    Ok(words.join(" ").into())
}

fn contains(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(Value::Bool(e.arg_text(call, 0, focus)?.contains(&*e.arg_text(call, 1, focus)?)))
}

fn starts_with(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(Value::Bool(e.arg_text(call, 0, focus)?.starts_with(&*e.arg_text(call, 1, focus)?)))
}

fn ends_with(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    Ok(Value::Bool(e.arg_text(call, 0, focus)?.ends_with(&*e.arg_text(call, 1, focus)?)))
}

fn coalesce(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let first = e.arg_text(call, 0, focus)?;
    Ok(Value::Str(if first.is_empty() { e.arg_text(call, 1, focus)? } else { first }))
}

/// A compiled pattern of `regex()`.
#[derive(Debug)]
pub(crate) struct Pattern(fancy_regex::Regex);

/// How often a pattern with look-around may backtrack before the answer is "no".
const BACKTRACKS: usize = 200_000;

impl Pattern {
    fn new(source: &str) -> Option<Self> {
        let whole = format!(r"\A(?:{})\z", ascii_classes(source));
        fancy_regex::RegexBuilder::new(&whole).backtrack_limit(BACKTRACKS).build().ok().map(Self)
    }

    fn matches(&self, text: &str) -> bool {
        self.0.is_match(text).unwrap_or(false)
    }
}

/// Writes out the classes that mean ASCII in Java, and escapes a `[` that stands inside brackets as itself.
fn ascii_classes(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[A-Za-z0-9_]"),
            Some('W') => out.push_str("[^A-Za-z0-9_]"),
            Some('s') => out.push_str(r"[ \t\n\x0B\f\r]"),
            Some('S') => out.push_str(r"[^ \t\n\x0B\f\r]"),
            // Escaping what needs no escape is fine in Java and an error here.
            Some(plain)
                if matches!(
                    plain,
                    '<' | '>' | '\'' | '"' | '/' | '@' | '%' | '_' | '=' | ':' | ';' | ',' | '!'
                ) =>
            {
                out.push(plain);
            }
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

fn regex(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let text = e.arg_text(call, 0, focus)?;
    let source = e.arg(call, 1)?;
    let refused = || e.refuse(call, "the pattern cannot be read");
    if let Ast::Str(literal) = e.node(source)? {
        let pattern = call.pattern.get_or_init(|| Pattern::new(literal).map(Arc::new));
        return Ok(Value::Bool(pattern.as_ref().ok_or_else(refused)?.matches(&text)));
    }
    let pattern = Pattern::new(&e.text(source, focus)?).ok_or_else(refused)?;
    Ok(Value::Bool(pattern.matches(&text)))
}
