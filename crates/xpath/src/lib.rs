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
//! ```
//! use baraza_xpath::{Context, Env, Expr, Forest, Sealed, Tree};
//!
//! let mut tree = Tree::new("data");
//! let age = tree.append_text(tree.root(), "age", "20");
//! let forest = Forest::new(tree);
//! let env = Env { forest: &forest, host: &Sealed, now_ms: 0, zone_minutes: 0 };
//! let adult = Expr::parse(". >= 18 and /data/age < 100").unwrap();
//! assert!(adult.eval_bool(&env, Context::primary(age)).unwrap());
//! assert_eq!(adult.references("/data/age").len(), 2);
//! ```
//!
//! # Which behaviour is followed
//!
//! XPath 1.0 (W3C, 1999) and the ODK XForms specification; where those leave it open, ODK's own engine
//! (`@getodk/xforms-engine`), in particular: NaN reads as blank, `sum`, `min` and `max` of nothing or of a blank are
//! blank, texts that are ISO dates count as days, nodes that are not relevant are counted and read blank, absolute
//! paths are not narrowed to the surrounding repeat instance, `/` is the primary instance everywhere.
//!
//! Where implementations split, JavaRosa is followed: `regex` matches the whole text; `round` sends halves up, on the
//! decimal digits (`round(-1.5)` is −1); `boolean-from-string("TRUE")` is true; distances are not rounded; an offset
//! may be written `+02`.
//!
//! Against ODK's engine XPath 1.0 is followed in: positional predicates count for each parent, also behind brackets;
//! `and` and `or` give booleans; `substring-after` skips the whole mark; unions come in document order. Sundays have a
//! name in `%a`; the distance between equal points is 0; impossible dates and lines that are none yet are blank
//! rather than failures; `decimal-time` also takes `now()`.

mod ast;
mod date;
mod error;
mod eval;
mod expr;
mod forest;
mod functions;
mod hash;
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
pub use hash::{NameHasher, NameMap};
pub use tree::{Children, Descendants, NodeId, NodeKind, Tree};
pub use value::{NodeSet, Value, format_number, parse_number};
