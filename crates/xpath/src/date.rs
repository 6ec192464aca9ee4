//! ISO dates, times and moments: reading, writing, `format-date-time` codes.
//!
//! A moment is milliseconds since 1970-01-01T00:00Z. A text without an offset is read in the zone of the environment,
//! which is a fixed number of minutes: the caller knows the zone's rules, this crate does not.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use std::fmt::Write as _;
use std::sync::Arc;

const DAY_MS: f64 = 86_400_000.0;
const MINUTE_MS: i64 = 60_000;

/// Days since 1970 as `decimal-date-time` gives them.
pub(crate) fn days(moment_ms: i64) -> f64 {
    moment_ms as f64 / DAY_MS
}

/// The moment of a number of days, to the nearest millisecond; `None` outside the years 0 to 9999.
pub(crate) fn from_days(days: f64) -> Option<i64> {
    let ms = (days * DAY_MS).round();
    (ms.abs() < 253_402_300_800_000.0).then_some(ms as i64)
}

fn local(moment_ms: i64, zone_minutes: i32) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis(moment_ms + i64::from(zone_minutes) * MINUTE_MS).map(|at| at.naive_utc())
}

/// Local midnight of the day that a moment lies in.
pub(crate) fn midnight(moment_ms: i64, zone_minutes: i32) -> i64 {
    let zone = i64::from(zone_minutes) * MINUTE_MS;
    (moment_ms + zone).div_euclid(86_400_000) * 86_400_000 - zone
}

/// Reads `2025-03-14` or `2025-03-14T09:26:53.589+02:00` (seconds, fraction, minutes and offset may be missing).
pub(crate) fn parse(text: &str, zone_minutes: i32) -> Option<i64> {
    let date = text.get(..10)?;
    let day = parse_day(date)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(assemble(day, NaiveTime::MIN, zone_minutes));
    }
    let (time, offset) = parse_time(rest.strip_prefix('T')?)?;
    Some(assemble(day, time, offset.unwrap_or(zone_minutes)))
}

fn assemble(day: NaiveDate, time: NaiveTime, zone_minutes: i32) -> i64 {
    day.and_time(time).and_utc().timestamp_millis() - i64::from(zone_minutes) * MINUTE_MS
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let year = digits(text.get(..4)?)?;
    NaiveDate::from_ymd_opt(year as i32, digits(text.get(5..7)?)?, digits(text.get(8..)?)?)
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `hh[:mm[:ss[.fff]]]` with an optional `Z` or `±hh[:mm]`; gives the offset in minutes.
pub(crate) fn parse_time(text: &str) -> Option<(NaiveTime, Option<i32>)> {
    let split = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(split)?;
    let mut parts = clock.splitn(3, ':');
    let two = |part: &str| (part.len() == 2).then(|| digits(part)).flatten();
    let hour = two(parts.next()?)?;
    let minute = parts.next().map_or(Some(0), two)?;
    let (second, milli) = match parts.next() {
        None => (0, 0),
        Some(seconds) => {
            let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
            digits(fraction)?;
            let milli: String = fraction.chars().chain("00".chars()).take(3).collect();
            (two(whole)?, digits(&milli)?)
        }
    };
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second, milli)?;
    Some((time, parse_offset(zone)?))
}

/// Blank, `Z`, `+02:00` or `+02`; the outer `None` is what is no offset.
fn parse_offset(text: &str) -> Option<Option<i32>> {
    let sign = match text.as_bytes().first() {
        None => return Some(None),
        Some(b'Z') => return (text.len() == 1).then_some(Some(0)),
        Some(b'-') => -1,
        Some(_) => 1,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':').unwrap_or((text.get(1..)?, "00"));
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits(hours)? as i32, digits(minutes)? as i32);
    (hours <= 14 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes)))
}

/// A moment as text: the date alone at local midnight.
pub(crate) fn format_moment(moment_ms: i64, zone_minutes: i32) -> Arc<str> {
    let Some(at) = local(moment_ms, zone_minutes) else { return Arc::default() };
    if at.time() == NaiveTime::MIN {
        return at.format("%Y-%m-%d").to_string().into();
    }
    let sign = if zone_minutes < 0 { '-' } else { '+' };
    let zone = zone_minutes.unsigned_abs();
    format!("{}{sign}{:02}:{:02}", at.format("%Y-%m-%dT%H:%M:%S%.3f"), zone / 60, zone % 60).into()
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Fills in a `format-date-time` pattern. Codes that ODK does not define stay as they are.
pub(crate) fn format(moment_ms: i64, zone_minutes: i32, pattern: &str) -> String {
    let Some(at) = local(moment_ms, zone_minutes) else { return String::new() };
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let Some(code) = chars.next() else {
            out.push('%');
            break;
        };
        if !write_code(&mut out, at, code) {
            out.push('%');
            out.push(code);
        }
    }
    out
}

fn write_code(out: &mut String, at: NaiveDateTime, code: char) -> bool {
    let written = match code {
        'Y' => write!(out, "{:04}", at.year()),
        'y' => write!(out, "{:02}", at.year().rem_euclid(100)),
        'm' => write!(out, "{:02}", at.month()),
        'n' => write!(out, "{}", at.month()),
        'b' => write!(out, "{}", MONTHS.get(at.month0() as usize).unwrap_or(&"")),
        'd' => write!(out, "{:02}", at.day()),
        'e' => write!(out, "{}", at.day()),
        'a' => write!(out, "{}", DAYS.get(at.weekday().num_days_from_monday() as usize).unwrap_or(&"")),
        'H' => write!(out, "{:02}", at.hour()),
        'h' => write!(out, "{}", at.hour()),
        'M' => write!(out, "{:02}", at.minute()),
        'S' => write!(out, "{:02}", at.second()),
        '3' => write!(out, "{:03}", at.nanosecond() / 1_000_000),
        _ => return false,
    };
    written.is_ok()
}
