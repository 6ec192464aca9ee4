//! Functions over coordinates: `lat lon [altitude [accuracy]]`, lines with `;` between points.
//!
//! `area` is the reference engine's, rounded to 0.01 m². `distance` is the spherical law of cosines that both engines
//! use, not rounded, as in JavaRosa. `geofence` is W. R. Franklin's point-in-polygon test.

use super::{Row, many, row};
use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::value::parse_number;
use crate::{EvalError, Value};

pub(super) const ROWS: &[Row] =
    &[row("area", 1, 1, area), many("distance", 1, distance), row("geofence", 2, 2, geofence)];

type Answer = Result<Value, EvalError>;

/// Metres, as both ODK engines have it.
const EARTH_RADIUS: f64 = 6_378_100.0;

#[derive(Clone, Copy, PartialEq)]
struct Point {
    latitude: f64,
    longitude: f64,
}

fn point(text: &str) -> Option<Point> {
    let parts: Vec<f64> = text.split_whitespace().map(parse_number).collect();
    let [latitude, longitude, ..] = *parts else { return None };
    let possible = parts.len() <= 4 && latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    possible.then_some(Point { latitude, longitude })
}

/// At least two points, from one text or one text a point.
fn line(texts: &[impl AsRef<str>]) -> Option<Vec<Point>> {
    let points: Option<Vec<Point>> = match texts {
        [one] => one.as_ref().trim().trim_end_matches([';', ' ']).split(';').map(point).collect(),
        many => many.iter().map(|text| point(text.as_ref())).collect(),
    };
    points.filter(|points| points.len() >= 2)
}

/// Pairs of adjacent points.
fn segments(points: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    points.iter().copied().zip(points.iter().copied().skip(1))
}

fn area(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let Some(mut points) = line(&e.arg_texts(call, 0, focus)?).filter(|points| points.len() > 2) else {
        return Ok(Value::Num(0.0));
    };
    if points.first() != points.last() {
        points.extend(points.first().copied());
    }
    let strip = |(a, b): (Point, Point)| {
        let width = (b.longitude - a.longitude).to_radians();
        width * (2.0 + libm::sin(b.latitude.to_radians()) + libm::sin(a.latitude.to_radians()))
    };
    let total: f64 = segments(&points).map(strip).sum();
    let square_metres = total * EARTH_RADIUS * EARTH_RADIUS / 2.0;
    Ok(Value::Num(((square_metres * 100.0 + 0.5).floor() / 100.0).abs()))
}

/// Metres along the line; blank where there is none yet.
fn distance(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let Some(points) = line(&e.arg_texts(call, 0, focus)?) else { return Ok(Value::Num(f64::NAN)) };
    let metres = |(a, b): (Point, Point)| {
        let (phi_a, phi_b) = (a.latitude.to_radians(), b.latitude.to_radians());
        let turn = libm::cos((a.longitude - b.longitude).to_radians());
        let cosine = libm::sin(phi_a) * libm::sin(phi_b) + libm::cos(phi_a) * libm::cos(phi_b) * turn;
        // Rounding can carry the cosine of two equal points past 1, which has no arc.
        libm::acos(cosine.clamp(-1.0, 1.0)) * EARTH_RADIUS
    };
    Ok(Value::Num(segments(&points).map(metres).sum()))
}

fn geofence(e: &Evaluation<'_>, call: &CallNode, focus: Focus) -> Answer {
    let (place, shape) = (e.arg_text(call, 0, focus)?, e.arg_text(call, 1, focus)?);
    let (Some(place), Some(shape)) = (point(&place), line(&[shape])) else { return Ok(Value::Bool(false)) };
    let closed = shape.first() == shape.last();
    let (x, y) = (place.longitude, place.latitude);
    let crossed = |(a, b): &(Point, Point)| {
        (b.latitude > y) != (a.latitude > y)
            && x < (a.longitude - b.longitude) * (y - b.latitude) / (a.latitude - b.latitude) + b.longitude
    };
    Ok(Value::Bool(closed && segments(&shape).filter(crossed).count() % 2 == 1))
}
