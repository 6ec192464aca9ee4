//! XPath 1.0 with the functions of ODK XForms, compiled once and evaluated over arena trees.
//!
//! An [`Expr`] is parsed and checked once; it can be inspected (which paths, functions and literals it holds) and
//! evaluated any number of times against a [`Forest`] of trees from a [`Context`].
//!
//! Invariants: no I/O, no clock, no randomness, no locale. The time, the zone and everything that belongs to the
//! form (random bytes, translations, labels of choices) come in through [`Env`]. The same inputs give the same
//! result on every machine. No input, however hostile, makes the parser or the evaluator panic or overflow its stack.
//!
//! Deliberately absent: namespaces (names match by their local part), variables (they parse, and evaluating one is
//! an error), comments and processing instructions as nodes.
//!
//! Source: XPath 1.0 (W3C, 1999); ODK XForms specification. Where implementations disagree, JavaRosa is followed.

mod ast;
mod date;
mod error;
mod eval;
mod expr;
mod forest;
mod functions;
mod inspect;
mod lexer;
mod parser;
mod tree;
mod value;

pub use error::{EvalError, ParseError};
pub use expr::{
    ArityError, Axis, Call, Expr, Literal, Origin, PathUse, Purity, RefStep, Reference, StepTest,
};
pub use forest::{Context, Env, Forest, Host, NodeRef, PRIMARY, Sealed};
pub use functions::known_functions;
pub use tree::{Children, Descendants, NodeId, NodeKind, Tree};
pub use value::{NodeSet, Value, format_number, parse_number};
