//! Functions over dates and times.
//!
//! Moments come from the environment. Texts without an offset are local. `format-date` takes the codes of
//! `format-date-time`, in English.

use super::{Row, impure, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::{EvalError, Purity, Value, date};
use chrono::Timelike;
use std::sync::Arc;

pub(super) const ROWS: &[Row] = &[
    impure(row("today", 0, 0, today), Purity::Clock),
    impure(row("now", 0, 0, |e, _, _| Ok(moment(e, e.env.now_ms))), Purity::Clock),
    row("date", 1, 1, to_date),
    row("date-time", 1, 1, to_date),
    row("format-date", 2, 2, format),
    row("format-date-time", 2, 2, format),
    row("decimal-date-time", 1, 1, decimal_date_time),
    row("decimal-time", 1, 1, decimal_time),
];

type Answer = Result<Value, EvalError>;

fn moment(e: &Evaluation<'_>, ms: i64) -> Value {
    Value::Date { days: date::days(ms), text: date::format_moment(ms, e.env.zone_minutes) }
}

/// What is no date: no number, and a text that a date question refuses.
fn invalid() -> Value {
    Value::Date { days: f64::NAN, text: Arc::from("Invalid Date") }
}

fn today(e: &Evaluation<'_>, _: &CallNode, _: Focus) -> Answer {
    Ok(moment(e, date::midnight(e.env.now_ms, e.env.zone_minutes)))
}

fn to_date(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let value = e.arg_value(call, 0, focus)?;
    let ms = match &value {
        Value::Bool(_) => return Ok(Value::text("")),
        Value::Num(days) | Value::Date { days, .. } => date::from_days(*days),
        Value::Str(_) | Value::Nodes(_) => {
            let text = e.text_of(&value)?;
            if text.is_empty() {
                return Ok(Value::Str(text));
            }
            date::parse(&text, e.env.zone_minutes)
                .or_else(|| date::parse(&padded(&text)?, e.env.zone_minutes))
        }
    };
    Ok(ms.map_or_else(invalid, |ms| moment(e, ms)))
}

/// `2025-3-4` with its zeros.
fn padded(text: &str) -> Option<String> {
    let (day, time) = text.split_at(text.find('T').unwrap_or(text.len()));
    let mut parts = day.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    (parts.next().is_none() && month.len() <= 2 && day.len() <= 2)
        .then(|| format!("{year}-{month:0>2}-{day:0>2}{time}"))
}

fn format(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (text, pattern) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    let ms = date::parse(&text, e.env.zone_minutes);
    Ok(ms.map(|ms| date::format(ms, e.env.zone_minutes, &pattern)).unwrap_or_default().into())
}

fn decimal_date_time(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let value = e.arg_value(call, 0, focus)?;
    let days = match &value {
        Value::Num(days) | Value::Date { days, .. } => date::from_days(*days).map_or(f64::NAN, date::days),
        Value::Bool(_) => f64::NAN,
        Value::Str(_) | Value::Nodes(_) => {
            date::parse(&e.text_of(&value)?, e.env.zone_minutes).map_or(f64::NAN, date::days)
        }
    };
    Ok(Value::Num(days))
}

/// The part of the local day that a time such as `06:00` (or a moment such as `now()`) has reached.
fn decimal_time(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let value = e.arg_value(call, 0, focus)?;
    if let Value::Date { days, .. } = value {
        let local = days + f64::from(e.env.zone_minutes) / 1440.0;
        return Ok(Value::Num(local - local.floor()));
    }
    let text = e.text_of(&value)?;
    let minutes_given = text.as_bytes().get(2) == Some(&b':');
    let Some((time, offset)) = date::parse_time(&text).filter(|_| minutes_given) else {
        return Ok(Value::Num(f64::NAN));
    };
    let ms = i64::from(time.num_seconds_from_midnight()) * 1000 + i64::from(time.nanosecond() / 1_000_000);
    let shift = offset.map_or(0, |offset| i64::from(e.env.zone_minutes - offset) * 60_000);
    Ok(Value::Num((ms + shift).rem_euclid(86_400_000) as f64 / 86_400_000.0))
}
