//! From tokens to a [`Program`]: recursive descent over brackets, precedence climbing over operators.
//!
//! Bounds: a source of at most 64 KiB, brackets (parentheses, calls, predicates) at most 128 deep. Nothing else
//! recurses: chains of operators, steps and minus signs are loops.
//!
//! Source: XPath 1.0, sections 2 and 3.

mod path;

use crate::ast::{Arith, Ast, CallNode, Cmp, Id};
use crate::expr::{Call, Expr, Literal, Program};
use crate::lexer::{Kind, Token, tokenize};
use crate::{ParseError, functions};
use path::Scope;
use std::sync::{Arc, OnceLock};

pub(crate) fn parse(source: &str) -> Result<Program, ParseError> {
    if source.len() > Expr::MAX_LENGTH {
        return Err(ParseError { offset: 0, message: "the expression is longer than 64 KiB".into() });
    }
    let mut parser = Parser {
        source,
        tokens: tokenize(source)?,
        at: 0,
        depth: 0,
        scopes: Vec::new(),
        program: Program::new(source),
    };
    let root = parser.expression()?;
    if parser.kind() != Kind::End {
        return Err(parser.error("nothing more is expected here"));
    }
    parser.program.root = root;
    Ok(parser.program)
}

pub(crate) struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// What relative paths start from: empty outside predicates, else the filtered path and how much of it stands.
    scopes: Vec<Scope>,
    program: Program,
}

/// A binary operator's precedence; higher binds tighter.
fn precedence(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::Or => 0,
        Kind::And => 1,
        Kind::Eq | Kind::Ne => 2,
        Kind::Lt | Kind::Le | Kind::Gt | Kind::Ge => 3,
        Kind::Plus | Kind::Minus => 4,
        Kind::Multiply | Kind::Div | Kind::Mod => 5,
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    fn token(&self) -> Token {
        let end = Token { kind: Kind::End, start: self.source.len(), end: self.source.len() };
        self.tokens.get(self.at).copied().unwrap_or(end)
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    fn kind_after(&self) -> Kind {
        self.tokens.get(self.at + 1).map_or(Kind::End, |token| token.kind)
    }

    fn slice(&self, token: Token) -> &'a str {
        self.source.get(token.start..token.end).unwrap_or("")
    }

    fn advance(&mut self) -> Token {
        let token = self.token();
        self.at += 1;
        token
    }

    fn take(&mut self, kind: Kind) -> bool {
        let hit = self.kind() == kind;
        self.at += usize::from(hit);
        hit
    }

    fn expect(&mut self, kind: Kind, what: &str) -> Result<(), ParseError> {
        if self.take(kind) { Ok(()) } else { Err(self.error(what)) }
    }

    fn error(&self, message: &str) -> ParseError {
        let token = self.token();
        let found = match self.slice(token) {
            "" => "the end".to_owned(),
            text => format!("{:?}", text.chars().take(20).collect::<String>()),
        };
        // A text's range leaves out its quotes.
        let offset = token.start.saturating_sub(usize::from(token.kind == Kind::Text));
        ParseError { offset, message: format!("{message}; found {found}") }
    }

    fn push(&mut self, node: Ast) -> Id {
        self.program.nodes.push(node);
        Id((self.program.nodes.len() - 1) as u32)
    }

    /// An expression in brackets or at the top.
    fn expression(&mut self) -> Result<Id, ParseError> {
        if self.depth >= Expr::MAX_DEPTH {
            return Err(self.error("brackets are nested more than 128 deep"));
        }
        self.depth += 1;
        let id = self.binary(0)?;
        self.depth -= 1;
        Ok(id)
    }

    fn binary(&mut self, lowest: u8) -> Result<Id, ParseError> {
        let mut left = self.unary()?;
        while let Some(level) = precedence(self.kind()).filter(|level| *level >= lowest) {
            let mut rest = Vec::new();
            while precedence(self.kind()) == Some(level) {
                let operator = self.advance().kind;
                rest.push((operator, self.binary(level + 1)?));
            }
            left = self.chain(left, rest);
        }
        Ok(left)
    }

    fn chain(&mut self, first: Id, rest: Vec<(Kind, Id)>) -> Id {
        let operands = || std::iter::once(first).chain(rest.iter().map(|(_, id)| *id)).collect();
        let node = match rest.first().map(|(kind, _)| *kind) {
            Some(Kind::Or) => Ast::Or(operands()),
            Some(Kind::And) => Ast::And(operands()),
            Some(Kind::Plus | Kind::Minus | Kind::Multiply | Kind::Div | Kind::Mod) => {
                Ast::Arith { first, rest: rest.iter().map(|(kind, id)| (arithmetic(*kind), *id)).collect() }
            }
            _ => {
                Ast::Compare { first, rest: rest.iter().map(|(kind, id)| (comparison(*kind), *id)).collect() }
            }
        };
        self.push(node)
    }

    fn unary(&mut self) -> Result<Id, ParseError> {
        let mut signs = 0;
        while self.take(Kind::Minus) {
            signs += 1;
        }
        let operand = self.union()?;
        Ok(if signs == 0 { operand } else { self.push(Ast::Negate { odd: signs % 2 == 1, of: operand }) })
    }

    fn union(&mut self) -> Result<Id, ParseError> {
        let first = self.path()?;
        if self.kind() != Kind::Pipe {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.take(Kind::Pipe) {
            parts.push(self.path()?);
        }
        Ok(self.push(Ast::Union(parts.into())))
    }

    /// A literal, a variable, brackets or a call.
    fn primary(&mut self) -> Result<Id, ParseError> {
        let token = self.token();
        match token.kind {
            Kind::Number(number) => {
                self.at += 1;
                self.program.literals.push((Literal::Number(number), token.start));
                Ok(self.push(Ast::Num(number)))
            }
            Kind::Text => {
                self.at += 1;
                let text: Arc<str> = self.slice(token).into();
                self.program.literals.push((Literal::Text(text.clone()), token.start.saturating_sub(1)));
                Ok(self.push(Ast::Str(text)))
            }
            Kind::Variable => {
                self.at += 1;
                let name = self.slice(token).into();
                Ok(self.push(Ast::Variable(name)))
            }
            Kind::Open => {
                self.at += 1;
                let inner = self.expression()?;
                self.expect(Kind::Close, "a closing bracket is needed")?;
                Ok(inner)
            }
            Kind::Name => self.call(),
            _ => Err(self.error("a value or a path is needed")),
        }
    }

    fn call(&mut self) -> Result<Id, ParseError> {
        let token = self.advance();
        let name: Arc<str> = self.slice(token).into();
        let slot = self.program.calls.len();
        let in_predicate = !self.scopes.is_empty();
        self.program.calls.push(Call { name: name.clone(), offset: token.start, args: 0, in_predicate });
        self.expect(Kind::Open, "an opening bracket is needed")?;
        let mut args = Vec::new();
        if !self.take(Kind::Close) {
            loop {
                args.push(self.expression()?);
                if !self.take(Kind::Comma) {
                    break;
                }
            }
            self.expect(Kind::Close, "a comma or a closing bracket is needed")?;
        }
        if let Some(call) = self.program.calls.get_mut(slot) {
            call.args = args.len();
        }
        let row = functions::find(&name);
        Ok(self.push(Ast::Call(CallNode { name, row, args: args.into(), pattern: OnceLock::new() })))
    }
}

fn arithmetic(kind: Kind) -> Arith {
    match kind {
        Kind::Minus => Arith::Sub,
        Kind::Multiply => Arith::Mul,
        Kind::Div => Arith::Div,
        Kind::Mod => Arith::Mod,
        _ => Arith::Add,
    }
}

fn comparison(kind: Kind) -> Cmp {
    match kind {
        Kind::Ne => Cmp::Ne,
        Kind::Lt => Cmp::Lt,
        Kind::Le => Cmp::Le,
        Kind::Gt => Cmp::Gt,
        Kind::Ge => Cmp::Ge,
        _ => Cmp::Eq,
    }
}
