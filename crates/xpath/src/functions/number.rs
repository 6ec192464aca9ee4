//! Functions over numbers.
//!
//! Transcendental functions come from `libm`, so that every machine gives the same bits. `round` follows JavaRosa:
//! on the decimal digits, halves towards positive infinity (`round(-1.5)` is −1, `round(1.005, 2)` is 1.01).

use super::{Row, many, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::value::format_number;
use crate::{EvalError, Value};

pub(super) const ROWS: &[Row] = &[
    row("number", 0, 1, number),
    row("int", 1, 1, |e, call, focus| one(e, call, focus, f64::trunc)),
    row("sum", 1, 1, sum),
    many("max", 0, |e, call, focus| extreme(e, call, focus, f64::max)),
    many("min", 0, |e, call, focus| extreme(e, call, focus, f64::min)),
    row("round", 1, 2, round),
    row("floor", 1, 1, |e, call, focus| one(e, call, focus, f64::floor)),
    row("ceiling", 1, 1, |e, call, focus| one(e, call, focus, f64::ceil)),
    row("abs", 1, 1, |e, call, focus| one(e, call, focus, f64::abs)),
    row("sqrt", 1, 1, |e, call, focus| one(e, call, focus, f64::sqrt)),
    row("log", 1, 1, |e, call, focus| one(e, call, focus, libm::log)),
    row("log10", 1, 1, |e, call, focus| one(e, call, focus, libm::log10)),
    row("exp", 1, 1, |e, call, focus| one(e, call, focus, exponential)),
    row("exp10", 1, 1, |e, call, focus| one(e, call, focus, |x| power(10.0, x))),
    row("sin", 1, 1, |e, call, focus| one(e, call, focus, libm::sin)),
    row("cos", 1, 1, |e, call, focus| one(e, call, focus, libm::cos)),
    row("tan", 1, 1, |e, call, focus| one(e, call, focus, libm::tan)),
    row("asin", 1, 1, |e, call, focus| one(e, call, focus, libm::asin)),
    row("acos", 1, 1, |e, call, focus| one(e, call, focus, libm::acos)),
    row("atan", 1, 1, |e, call, focus| one(e, call, focus, libm::atan)),
    row("atan2", 2, 2, |e, call, focus| two(e, call, focus, libm::atan2)),
    row("pow", 2, 2, |e, call, focus| two(e, call, focus, power)),
    row("pi", 0, 0, |_, _, _| Ok(Value::Num(std::f64::consts::PI))),
];

type Answer = Result<Value, EvalError>;

fn one(e: &Evaluation<'_>, call: &CallNode, focus: Focus, f: fn(f64) -> f64) -> Answer {
    e.arg_number(call, 0, focus).map(|x| Value::Num(f(x)))
}

fn two(e: &Evaluation<'_>, call: &CallNode, focus: Focus, f: fn(f64, f64) -> f64) -> Answer {
    let (x, y) = (e.arg_number(call, 0, focus)?, e.arg_number(call, 1, focus)?);
    Ok(Value::Num(if x.is_nan() || y.is_nan() { f64::NAN } else { f(x, y) }))
}

/// `libm`'s last bit of e is wrong.
fn exponential(x: f64) -> f64 {
    if x == 1.0 { std::f64::consts::E } else { libm::exp(x) }
}

/// Powers of ten by the decimal parser, which rounds correctly; the rest by `libm`.
fn power(base: f64, exponent: f64) -> f64 {
    if base == 10.0 && exponent.fract() == 0.0 && exponent.abs() <= 300.0 {
        return format!("1e{}", exponent as i32).parse().unwrap_or(f64::NAN);
    }
    libm::pow(base, exponent)
}

/// `number()`: an ISO date counts as days and reads as whole days.
fn number(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let value = e.arg_or_context(call, focus)?;
    if let Value::Date { .. } | Value::Num(_) = value {
        return Ok(value);
    }
    let days = e.number_of(&value)?;
    let text = match &value {
        Value::Str(_) | Value::Nodes(_) => e.text_of(&value)?,
        _ => return Ok(Value::Num(days)),
    };
    let is_date = !days.is_nan() && crate::date::parse(&text, e.env.zone_minutes).is_some();
    Ok(if is_date {
        Value::Date { days, text: format_number(days.floor()).into() }
    } else {
        Value::Num(days)
    })
}

fn numbers(e: &Evaluation<'_>, value: &Value) -> Result<Vec<f64>, EvalError> {
    match value {
        Value::Nodes(set) => set.nodes.iter().map(|at| e.read_number(*at)).collect(),
        other => Ok(vec![e.number_of(other)?]),
    }
}

/// Blank where there is nothing to add or anything is no number, as in the reference engine.
fn sum(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let value = e.arg_value(call, 0, focus)?;
    Ok(Value::Num(numbers(e, &value)?.into_iter().reduce(|a, b| a + b).unwrap_or(f64::NAN)))
}

/// The largest or smallest; NaN where there is none or anything is no number.
fn extreme(e: &Evaluation<'_>, call: &CallNode, focus: Focus, pick: fn(f64, f64) -> f64) -> Answer {
    let mut best: Option<f64> = None;
    for id in &call.args {
        let value = e.value(*id, focus)?;
        for number in numbers(e, &value)? {
            if number.is_nan() {
                return Ok(Value::Num(f64::NAN));
            }
            best = Some(best.map_or(number, |best| pick(best, number)));
        }
    }
    Ok(Value::Num(best.unwrap_or(f64::NAN)))
}

fn round(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let number = e.arg_number(call, 0, focus)?;
    let places = if call.args.len() > 1 { e.arg_number(call, 1, focus)? } else { 0.0 };
    if places.is_nan() || places.abs() > 30.0 {
        return Ok(Value::Num(f64::NAN));
    }
    Ok(Value::Num(round_decimal(number, places as i32)))
}

/// Rounds the shortest decimal digits of a number; halves go towards positive infinity.
fn round_decimal(number: f64, places: i32) -> f64 {
    if !number.is_finite() || number == 0.0 {
        return number;
    }
    let shortest = format!("{:e}", number.abs());
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let keep = exponent + 1 + places;
    if keep >= digits.len() as i32 {
        return number;
    }
    if keep < 0 {
        return 0.0;
    }
    let tail = digits.split_off(keep as usize);
    let first = tail.first().copied().unwrap_or(0);
    let exact_half = first == 5 && tail.iter().skip(1).all(|digit| *digit == 0);
    let up = if exact_half { number > 0.0 } else { first >= 5 };
    let kept: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    let kept: u128 = kept.parse::<u128>().unwrap_or(0) + u128::from(up);
    let size: f64 = format!("{kept}e{}", -places).parse().unwrap_or(f64::NAN);
    if number < 0.0 { -size } else { size }
}
