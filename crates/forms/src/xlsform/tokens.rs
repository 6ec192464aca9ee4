//! The light lexer that decides what is an expression and what is a plain text.
//!
//! It is not the expression grammar (that is `baraza-xpath`): it answers the two questions that pyxform answers
//! with its lexer (`parsing/expression.py`): is this default dynamic, and where in a label does an `instance()`
//! expression begin and end.

use std::ops::Range;

/// What a token is, as far as anybody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Math,
    Union,
    Reference,
    Call,
    PredicateStart,
    PredicateEnd,
    Literal,
    CloseParen,
    PathSeparator,
    White,
    Other,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    at: Range<usize>,
}

/// Whether a default has to be computed rather than copied.
pub(super) fn is_dynamic_default(default: &str, question_type: &str) -> bool {
    let hyphenated = matches!(question_type, "date" | "dateTime" | "geopoint" | "geotrace" | "geoshape");
    for token in tokens(default) {
        let text = default.get(token.at.clone()).unwrap_or_default();
        if hyphenated && token.kind == Kind::Math && text == "-" {
            return false;
        }
        if matches!(token.kind, Kind::Math | Kind::Union | Kind::Reference | Kind::Call) {
            return true;
        }
    }
    false
}

/// Where the expressions that begin with `instance(` stand in a label.
pub(super) fn instance_expressions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut scan = Scan::default();
    for token in tokens(text) {
        if let Some(range) = scan.step(text, &token) {
            found.push(range);
        }
    }
    found.extend(scan.finish());
    found
}

#[derive(Default)]
struct Scan {
    start: Option<usize>,
    last: Option<(Kind, Range<usize>)>,
    in_path: bool,
    in_predicate: bool,
}

impl Scan {
    fn step(&mut self, text: &str, token: &Token) -> Option<Range<usize>> {
        let is_instance = token.kind == Kind::Call && text.get(token.at.clone()) == Some("instance(");
        let belongs = match self.start {
            None if is_instance => {
                self.start = Some(token.at.start);
                true
            }
            None => return None,
            Some(_) => self.continues(text, token),
        };
        if belongs {
            self.last = Some((token.kind, token.at.clone()));
            return None;
        }
        self.finish()
    }

    fn continues(&mut self, text: &str, token: &Token) -> bool {
        let Some((last, at)) = &self.last else { return false };
        let after_call = *last == Kind::Call && text.get(at.clone()) == Some("instance(");
        match token.kind {
            Kind::Literal if after_call => true,
            Kind::CloseParen if *last == Kind::Literal && !self.in_predicate && !self.in_path => true,
            Kind::PathSeparator if matches!(last, Kind::CloseParen | Kind::PredicateEnd) => {
                self.in_path = true;
                true
            }
            Kind::White if self.in_path => {
                self.in_path = false;
                false
            }
            Kind::PredicateStart if self.in_path => {
                self.in_path = false;
                self.in_predicate = true;
                true
            }
            Kind::PredicateEnd if self.in_predicate => {
                self.in_predicate = false;
                true
            }
            _ => self.in_path || self.in_predicate,
        }
    }

    fn finish(&mut self) -> Option<Range<usize>> {
        let range = self.start.take()?..self.last.take()?.1.end;
        *self = Scan::default();
        Some(range)
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let (kind, length) = next_token(rest);
        out.push(Token { kind, at: at..at + length });
        at += length;
    }
    out
}

fn next_token(rest: &str) -> (Kind, usize) {
    if let Some(length) = date_or_time(rest).or_else(|| number(rest)) {
        return (Kind::Other, length);
    }
    for word in [" mod ", " div ", "*", "+", "-"] {
        if rest.starts_with(word) {
            return (Kind::Math, word.len());
        }
    }
    for word in [" and ", " or "] {
        if rest.starts_with(word) {
            return (Kind::Other, word.len());
        }
    }
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        '|' => return (Kind::Union, 1),
        ')' => return (Kind::CloseParen, 1),
        ']' => return (Kind::PredicateEnd, 1),
        '/' => return (Kind::PathSeparator, 1),
        '"' | '\'' => {
            if let Some(end) = rest.get(1..).and_then(|r| r.find(first)) {
                return (Kind::Literal, end + 2);
            }
        }
        c if c.is_whitespace() => {
            return (Kind::White, rest.len() - rest.trim_start().len());
        }
        '$' => {
            if let Some((_, length)) = super::reference::reference_at(rest) {
                return (Kind::Reference, length);
            }
        }
        _ => {}
    }
    let name = qualified_name(rest);
    match rest.get(name..).and_then(|r| r.chars().next()) {
        Some('(') if name > 0 => (Kind::Call, name + 1),
        Some('[') if name > 0 => (Kind::PredicateStart, name + 1),
        _ if name > 0 => (Kind::Other, name),
        _ => (Kind::Other, first.len_utf8()),
    }
}

/// The length of a name at the start, with one prefix perhaps.
fn qualified_name(text: &str) -> usize {
    let first = super::reference::name_length(text);
    match text.get(first..).and_then(|r| r.strip_prefix(':')) {
        Some(rest) if first > 0 && super::reference::name_length(rest) > 0 => {
            first + 1 + super::reference::name_length(rest)
        }
        _ => first,
    }
}

fn number(text: &str) -> Option<usize> {
    let sign = usize::from(text.starts_with('-'));
    let digits = |from: usize| text.bytes().skip(from).take_while(u8::is_ascii_digit).count();
    let whole = digits(sign);
    let point = sign + whole;
    let has_point = text.as_bytes().get(point) == Some(&b'.');
    match (whole, has_point) {
        (0, true) if digits(point + 1) > 0 => Some(point + 1 + digits(point + 1)),
        (0, _) => None,
        (_, true) => Some(point + 1 + digits(point + 1)),
        (_, false) => Some(point),
    }
}

/// The length of an ISO date, time or date-time at the start, with its fraction and offset.
fn date_or_time(text: &str) -> Option<usize> {
    let sign = usize::from(text.starts_with('-'));
    if fits(text, sign, "0000-00-00") {
        let date = sign + 10;
        let time = text.get(date..).and_then(|t| t.strip_prefix('T')).and_then(time);
        return Some(time.map_or(date, |length| date + 1 + length));
    }
    time(text)
}

fn time(text: &str) -> Option<usize> {
    if !fits(text, 0, "00:00:00") {
        return None;
    }
    let mut at = 8;
    if text.as_bytes().get(at) == Some(&b'.') {
        at += 1 + text.bytes().skip(at + 1).take_while(u8::is_ascii_digit).count();
    }
    if fits(text, at, "+00:00") || fits(text, at, "-00:00") {
        at += 6;
    } else if text.as_bytes().get(at) == Some(&b'Z') {
        at += 1;
    }
    Some(at)
}

/// Whether a text has this shape from a byte on, `0` standing for any digit.
fn fits(text: &str, from: usize, shape: &str) -> bool {
    shape.bytes().enumerate().all(|(i, s)| {
        text.as_bytes().get(from + i).is_some_and(|b| if s == b'0' { b.is_ascii_digit() } else { *b == s })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_dynamic_if_it_has_to_be_computed() {
        for text in ["today()", "${age} ", "1 + 1", "a|b", "once(uuid())", "10 div 2"] {
            assert!(is_dynamic_default(text, "text"), "{text}");
        }
        for text in ["village", "42", "-3.5", "2026-11-20", "12:30:00", "12:30:00.000+01:00", "a b", "what?"]
        {
            assert!(!is_dynamic_default(text, "text"), "{text}");
        }
        assert!(!is_dynamic_default("2026-1-1", "date"));
        assert!(is_dynamic_default("today() + 1", "date"));
    }

    #[test]
    fn an_instance_expression_ends_at_the_white_space_after_its_path() {
        let text = "You chose instance('sites')/root/item[name = /data/site]/label today";
        let found: Vec<&str> = instance_expressions(text).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, ["instance('sites')/root/item[name = /data/site]/label"]);
    }
}
