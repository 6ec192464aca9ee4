//! The values of expressions and their conversions.
//!
//! Source: XPath 1.0, section 4, with what ODK engines do beside it: a text that is an ISO date is a number of days,
//! a number that is none reads as blank, and numbers are written as ECMAScript writes them.

use crate::{Env, Forest, NodeRef, date};
use std::sync::Arc;

/// Nodes of one evaluation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeSet {
    /// In document order, without repetition; after `randomize()` in its order.
    pub nodes: Vec<NodeRef>,
}

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Str(Arc<str>),
    /// A number.
    Num(f64),
    /// A boolean.
    Bool(bool),
    /// Nodes.
    Nodes(NodeSet),
    /// A date or a moment: a number of days where a number is wanted, an ISO text where a string is.
    Date {
        /// Days since 1970-01-01T00:00Z; NaN where the date does not exist.
        days: f64,
        /// `2025-03-14` at local midnight, otherwise `2025-03-14T09:26:53.589+00:00`.
        text: Arc<str>,
    },
}

impl Value {
    /// As `string()`: of nodes the first one's; NaN reads as blank.
    pub fn to_text(&self, forest: &Forest) -> Arc<str> {
        match self {
            Self::Str(text) | Self::Date { text, .. } => text.clone(),
            Self::Num(number) if number.is_nan() => Arc::default(),
            Self::Num(number) => format_number(*number).into(),
            Self::Bool(true) => Arc::from("true"),
            Self::Bool(false) => Arc::from("false"),
            Self::Nodes(set) => set.nodes.first().map(|at| forest.text(*at)).unwrap_or_default(),
        }
    }

    /// As `number()`: blank is NaN, an ISO date its days since 1970.
    pub fn to_number(&self, env: &Env<'_>) -> f64 {
        match self {
            Self::Str(text) => to_number(text, env.zone_minutes),
            Self::Num(number) | Self::Date { days: number, .. } => *number,
            Self::Bool(truth) => f64::from(u8::from(*truth)),
            Self::Nodes(set) => {
                set.nodes.first().map_or(f64::NAN, |at| to_number(&env.forest.value(*at), env.zone_minutes))
            }
        }
    }

    /// As `boolean()`: nodes are true when there are any, blank or not.
    pub fn to_bool(&self) -> bool {
        match self {
            Self::Str(text) => !text.is_empty(),
            Self::Num(number) | Self::Date { days: number, .. } => *number != 0.0 && !number.is_nan(),
            Self::Bool(truth) => *truth,
            Self::Nodes(set) => !set.nodes.is_empty(),
        }
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Str(Arc::from(text))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Num(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<Vec<NodeRef>> for Value {
    fn from(nodes: Vec<NodeRef>) -> Self {
        Self::Nodes(NodeSet { nodes })
    }
}

/// A text as a number where dates count as days.
pub(crate) fn to_number(text: &str, zone_minutes: i32) -> f64 {
    let number = parse_number(text);
    if number.is_nan() && text.as_bytes().get(4) == Some(&b'-') {
        return date::parse(text, zone_minutes).map_or(f64::NAN, date::days);
    }
    number
}

/// A number as ECMAScript writes it: `5`, `0.3333333333333333`, `NaN`, `Infinity`, `-Infinity`; an exponent only
/// from 1e21 on and below 1e-6.
pub fn format_number(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity".into() } else { "-Infinity".into() };
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{}", number as i64);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    // The shortest digits that read back as the same number, `d.ddde±x`.
    let shortest = format!("{:e}", number.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let count = digits.len() as i32;
    let point = exponent + 1;
    if (1..=21).contains(&point) {
        if count <= point {
            return format!("{sign}{digits}{}", "0".repeat((point - count) as usize));
        }
        let (whole, fraction) = digits.split_at(point as usize);
        return format!("{sign}{whole}.{fraction}");
    }
    if (-5..=0).contains(&point) {
        return format!("{sign}0.{}{digits}", "0".repeat(-point as usize));
    }
    let (lead, tail) = digits.split_at(1);
    let dot = if tail.is_empty() { "" } else { "." };
    let plus = if exponent < 0 { "" } else { "+" };
    format!("{sign}{lead}{dot}{tail}e{plus}{exponent}")
}

/// A string as a number: blanks around it are ignored; what is no number is NaN. Exponents are read, so that every
/// number that [`format_number`] writes reads back.
pub fn parse_number(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned == "Infinity" {
        return if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') && unsigned.chars().all(numeric) {
        return text.parse().unwrap_or(f64::NAN);
    }
    f64::NAN
}
