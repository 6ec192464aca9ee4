//! From text to tokens, with the disambiguation rules of XPath 1.0, section 3.7.

use crate::ParseError;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Number(f64),
    /// A quoted string; the token's range is what stands between the quotes.
    Text,
    /// `name` or `prefix:name`.
    Name,
    /// `prefix:*`.
    PrefixStar,
    Star,
    Variable,
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Plus,
    Minus,
    Multiply,
    Div,
    Mod,
    Pipe,
    Slash,
    DoubleSlash,
    Dot,
    DoubleDot,
    At,
    Comma,
    Axis,
    Open,
    Close,
    OpenSquare,
    CloseSquare,
    End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

pub(crate) fn tokenize(source: &str) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer { source, at: 0, tokens: Vec::with_capacity(source.len() / 4 + 2) };
    while let Some(token) = lexer.next()? {
        lexer.tokens.push(token);
    }
    let end = source.len();
    lexer.tokens.push(Token { kind: Kind::End, start: end, end });
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || (!c.is_ascii() && c.is_alphabetic())
}

fn continues_name(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '_' | '-' | '.')
        || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn next(&mut self) -> Result<Option<Token>, ParseError> {
        let blank = self.rest().len() - self.rest().trim_start().len();
        self.at += blank;
        let Some(first) = self.rest().chars().next() else { return Ok(None) };
        let start = self.at;
        if first == '"' || first == '\'' {
            return self.text(first).map(Some);
        }
        if first.is_ascii_digit()
            || (first == '.' && self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit))
        {
            return self.number().map(Some);
        }
        if starts_name(first) {
            return self.name().map(Some);
        }
        if first == '$' {
            return self.variable().map(Some);
        }
        let (kind, length) = self
            .symbol(first)
            .ok_or_else(|| ParseError { offset: start, message: format!("{first:?} has no meaning here") })?;
        self.at += length;
        Ok(Some(Token { kind, start, end: self.at }))
    }

    fn symbol(&self, first: char) -> Option<(Kind, usize)> {
        let second = self.rest().as_bytes().get(1).copied();
        let pair = |next: u8, two: Kind, one: Kind| if second == Some(next) { (two, 2) } else { (one, 1) };
        Some(match first {
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            '[' => (Kind::OpenSquare, 1),
            ']' => (Kind::CloseSquare, 1),
            ',' => (Kind::Comma, 1),
            '@' => (Kind::At, 1),
            '|' => (Kind::Pipe, 1),
            '+' => (Kind::Plus, 1),
            '-' => (Kind::Minus, 1),
            '=' => (Kind::Eq, 1),
            '*' if self.after_operand() => (Kind::Multiply, 1),
            '*' => (Kind::Star, 1),
            '/' => pair(b'/', Kind::DoubleSlash, Kind::Slash),
            '.' => pair(b'.', Kind::DoubleDot, Kind::Dot),
            '<' => pair(b'=', Kind::Le, Kind::Lt),
            '>' => pair(b'=', Kind::Ge, Kind::Gt),
            '!' if second == Some(b'=') => (Kind::Ne, 2),
            ':' if second == Some(b':') => (Kind::Axis, 2),
            _ => return None,
        })
    }

    /// Whether an operator is due: the token before ends an operand.
    fn after_operand(&self) -> bool {
        self.tokens.last().is_some_and(|token| {
            matches!(
                token.kind,
                Kind::Number(_)
                    | Kind::Text
                    | Kind::Name
                    | Kind::PrefixStar
                    | Kind::Star
                    | Kind::Variable
                    | Kind::Dot
                    | Kind::DoubleDot
                    | Kind::Close
                    | Kind::CloseSquare
            )
        })
    }

    fn text(&mut self, quote: char) -> Result<Token, ParseError> {
        let start = self.at + 1;
        let inner = self.source.get(start..).unwrap_or("");
        let Some(length) = inner.find(quote) else {
            return Err(ParseError { offset: self.at, message: "this text has no closing quote".into() });
        };
        self.at = start + length + 1;
        Ok(Token { kind: Kind::Text, start, end: start + length })
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(self.rest());
        let mut length = whole;
        if let Some(fraction) = self.rest().get(whole..).and_then(|rest| rest.strip_prefix('.')) {
            length += 1 + digits(fraction);
        }
        self.at += length;
        let text = self.source.get(start..self.at).unwrap_or("");
        let number =
            text.parse().map_err(|_| ParseError { offset: start, message: "this is not a number".into() })?;
        Ok(Token { kind: Kind::Number(number), start, end: self.at })
    }

    fn name_length(&self, from: usize) -> usize {
        let rest = self.source.get(from..).unwrap_or("");
        if !rest.chars().next().is_some_and(starts_name) {
            return 0;
        }
        rest.find(|c| !continues_name(c)).unwrap_or(rest.len())
    }

    fn name(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        self.at += self.name_length(start);
        let word = self.source.get(start..self.at).unwrap_or("");
        if self.after_operand() {
            let kind = match word {
                "or" => Kind::Or,
                "and" => Kind::And,
                "div" => Kind::Div,
                "mod" => Kind::Mod,
                _ => {
                    let message = format!("an operator is needed before {word}");
                    return Err(ParseError { offset: start, message });
                }
            };
            return Ok(Token { kind, start, end: self.at });
        }
        let mut kind = Kind::Name;
        if self.rest().starts_with(':') && !self.rest().starts_with("::") {
            let local = self.name_length(self.at + 1);
            if local > 0 {
                self.at += 1 + local;
            } else if self.rest().starts_with(":*") {
                self.at += 2;
                kind = Kind::PrefixStar;
            }
        }
        Ok(Token { kind, start, end: self.at })
    }

    fn variable(&mut self) -> Result<Token, ParseError> {
        let start = self.at + 1;
        let mut length = self.name_length(start);
        if length == 0 {
            return Err(ParseError { offset: self.at, message: "a name is needed behind $".into() });
        }
        let colon = self.source.get(start + length..).is_some_and(|rest| rest.starts_with(':'));
        let local = if colon { self.name_length(start + length + 1) } else { 0 };
        if local > 0 {
            length += 1 + local;
        }
        self.at = start + length;
        Ok(Token { kind: Kind::Variable, start, end: self.at })
    }
}
