//! How a value takes the shape of its type: what does not fit becomes blank, never an error (FORM-RUN 8).

use baraza_xpath::format_number;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// The type of a value as far as it changes how text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueType {
    Text,
    Int,
    Decimal,
    Date,
    Time,
    DateTime,
    Point,
    Trace,
    Shape,
}

impl ValueType {
    /// The type of a bind; unknown ones are text.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "int" | "integer" => Self::Int,
            "decimal" => Self::Decimal,
            "date" => Self::Date,
            "time" => Self::Time,
            "dateTime" => Self::DateTime,
            "geopoint" => Self::Point,
            "geotrace" => Self::Trace,
            "geoshape" => Self::Shape,
            _ => Self::Text,
        }
    }
}

/// The value as its type writes it; blank if it does not fit.
pub(crate) fn fit(value_type: ValueType, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    match value_type {
        ValueType::Text => text.to_owned(),
        ValueType::Int => int(text).map(|n| n.to_string()).unwrap_or_default(),
        ValueType::Decimal => number(text).map(decimal).unwrap_or_default(),
        ValueType::Date => date(text).map(|d| d.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        ValueType::Time => keep(text, is_time(text)),
        ValueType::DateTime => keep(text, is_date_time(text)),
        ValueType::Point => point(text).map(|p| write_point(&p)).unwrap_or_default(),
        ValueType::Trace => line(text, 2).filter(|l| !closed(l)).map(|l| write_line(&l)).unwrap_or_default(),
        ValueType::Shape => line(text, 3).filter(|l| closed(l)).map(|l| write_line(&l)).unwrap_or_default(),
    }
}

/// A decimal as ODK writes one: always with a point.
fn decimal(number: f64) -> String {
    let text = format_number(number);
    if text.contains('.') { text } else { text + ".0" }
}

fn keep(text: &str, fits: bool) -> String {
    if fits { text.to_owned() } else { String::new() }
}

/// A finite number as JavaScript reads one from a string, without its hexadecimal forms.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0.0);
    }
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse::<f64>().ok().filter(|n| plain && n.is_finite())
}

fn int(text: &str) -> Option<i32> {
    let number = number(text)?.trunc();
    let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
    #[allow(clippy::cast_possible_truncation, reason = "the range was just checked")]
    fits.then_some(number as i32)
}

/// A date, or the date of a date-time without offset.
fn date(text: &str) -> Option<NaiveDate> {
    let (day, rest) = text.split_once('T').map_or((text, None), |(d, r)| (d, Some(r)));
    if rest.is_some_and(|r| parse_time(r).is_none_or(|(_, offset)| offset.is_some())) {
        return None;
    }
    parse_date(day)
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let shape = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    let digits = [year, month, day].iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    if !shape || !digits {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A time of day with what stands behind it: nothing, `Z` or an offset.
fn parse_time(text: &str) -> Option<(NaiveTime, Option<&str>)> {
    let at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, offset) = text.split_at(at);
    let format = if clock.matches(':').count() == 1 { "%H:%M" } else { "%H:%M:%S%.f" };
    let two = |p: &str| p.len() >= 2 && p.bytes().take(2).all(|b| b.is_ascii_digit());
    if !clock.split(':').all(two) {
        return None;
    }
    let time = NaiveTime::parse_from_str(clock, format).ok()?;
    Some((time, (!offset.is_empty()).then_some(offset)))
}

fn is_offset(text: &str) -> bool {
    if text == "Z" {
        return true;
    }
    let digits: String = text.chars().skip(1).filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2).unwrap_or(("99", ""));
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse().unwrap_or(99) };
    hours.parse::<u32>().is_ok_and(|h| h <= 14) && minutes < 60 && matches!(digits.len(), 2 | 4)
}

fn is_time(text: &str) -> bool {
    parse_time(text).is_some_and(|(_, offset)| offset.is_none_or(is_offset))
}

fn is_date_time(text: &str) -> bool {
    let Some((day, clock)) = text.split_once('T') else { return false };
    parse_date(day).is_some() && is_time(clock)
}

/// A date-time without offset, for tests of order and the schema.
pub(crate) fn local_date_time(text: &str) -> Option<NaiveDateTime> {
    let (day, clock) = text.split_once('T')?;
    Some(parse_date(day)?.and_time(parse_time(clock)?.0))
}

type Point = Vec<f64>;

fn point(text: &str) -> Option<Point> {
    let numbers: Vec<f64> = text.split_whitespace().map(number).collect::<Option<_>>()?;
    let (latitude, longitude) = (*numbers.first()?, *numbers.get(1)?);
    let on_earth = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let nowhere = latitude == 0.0 && longitude == 0.0;
    (on_earth && !nowhere).then(|| numbers.into_iter().take(4).collect())
}

fn write_point(point: &Point) -> String {
    point.iter().map(|n| decimal(*n)).collect::<Vec<_>>().join(" ")
}

fn line(text: &str, least: usize) -> Option<Vec<Point>> {
    let mut parts: Vec<&str> = text.split(';').collect();
    if parts.last().is_some_and(|p| p.trim().is_empty()) {
        parts.pop();
    }
    let points: Vec<Point> = parts.into_iter().map(point).collect::<Option<_>>()?;
    (points.len() >= least).then_some(points)
}

fn closed(line: &[Point]) -> bool {
    let ends = (line.first(), line.last());
    matches!(ends, (Some(a), Some(b)) if a.iter().take(2).eq(b.iter().take(2)))
}

fn write_line(line: &[Point]) -> String {
    line.iter().map(write_point).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_blank() {
        for (value_type, text) in [
            (ValueType::Int, "abc"),
            (ValueType::Int, "2147483648"),
            (ValueType::Decimal, "1e999"),
            (ValueType::Date, "2023-02-29"),
            (ValueType::Date, "2023-2-9"),
            (ValueType::Time, "25:00:00.000Z"),
            (ValueType::DateTime, "2024-13-01T00:00:00.000Z"),
            (ValueType::Point, "91 0 0 0"),
            (ValueType::Point, "0 0"),
            (ValueType::Shape, "5 1 0 0;6 1 0 0;7 2 0 0"),
            (ValueType::Trace, "5 1 0 0;6 1 0 0;5 1 0 0"),
        ] {
            assert_eq!(fit(value_type, text), "", "{value_type:?} {text}");
        }
    }

    #[test]
    fn what_fits_takes_its_types_form() {
        for (value_type, text, written) in [
            (ValueType::Int, "12.7", "12"),
            (ValueType::Int, "-12.7", "-12"),
            (ValueType::Decimal, "3.10", "3.1"),
            (ValueType::Date, "2024-02-29T10:11:12.000", "2024-02-29"),
            (ValueType::Time, "08:30:00.000+02:00", "08:30:00.000+02:00"),
            (ValueType::DateTime, "2024-06-15T08:00:00.000+02:00", "2024-06-15T08:00:00.000+02:00"),
            (ValueType::Decimal, "3", "3.0"),
            (ValueType::Point, " 5.60 -0.187 ", "5.6 -0.187"),
            (ValueType::Trace, "5 1 0 0;6 1 0 0;", "5.0 1.0 0.0 0.0;6.0 1.0 0.0 0.0"),
        ] {
            assert_eq!(fit(value_type, text), written, "{value_type:?} {text}");
        }
    }
}
