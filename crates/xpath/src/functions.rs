//! The table of functions: names, numbers of arguments, purity and code, as rows by kind.
//!
//! Source: XPath 1.0, section 4; ODK XForms specification, "XPath functions". `fn:`, `xf:` and `enk:` are accepted
//! before a name, as in the reference engine. Where engines disagree, the module of the function says which is followed.

mod boolean;
mod geo;
mod moment;
mod nodes;
mod number;
mod opaque;
mod random;
mod select;
mod text;

use crate::ast::CallNode;
use crate::eval::{Evaluation, Focus};
use crate::{EvalError, Purity, Value};
pub(crate) use text::Pattern;

pub(crate) type Run = fn(&Evaluation<'_>, &CallNode, Focus) -> Result<Value, EvalError>;

/// One function.
#[derive(Debug)]
pub(crate) struct Row {
    pub name: &'static str,
    pub min: u8,
    /// `None`: any number.
    pub max: Option<u8>,
    pub purity: Purity,
    pub run: Run,
}

const fn row(name: &'static str, min: u8, max: u8, run: Run) -> Row {
    Row { name, min, max: Some(max), purity: Purity::Pure, run }
}

const fn many(name: &'static str, min: u8, run: Run) -> Row {
    Row { name, min, max: None, purity: Purity::Pure, run }
}

const fn impure(row: Row, purity: Purity) -> Row {
    Row { name: row.name, min: row.min, max: row.max, purity, run: row.run }
}

const TABLES: [&[Row]; 9] = [
    text::ROWS,
    boolean::ROWS,
    number::ROWS,
    nodes::ROWS,
    moment::ROWS,
    select::ROWS,
    geo::ROWS,
    opaque::ROWS,
    random::ROWS,
];

/// The function of a name as written, with its prefix.
pub(crate) fn find(name: &str) -> Option<&'static Row> {
    let bare = match name.split_once(':') {
        Some(("fn" | "xf" | "enk", local)) => local,
        _ => name,
    };
    TABLES.iter().flat_map(|table| table.iter()).find(|row| row.name == bare)
}

/// The purity of a call: `randomize()` with a seed is pure.
pub(crate) fn purity(row: &Row, args: usize) -> Purity {
    if row.name == "randomize" && args > 1 { Purity::Pure } else { row.purity }
}

/// Every function with its fewest and most arguments, for documentation and completion.
pub fn known_functions() -> impl Iterator<Item = (&'static str, usize, Option<usize>, Purity)> {
    let entry = |row: &Row| (row.name, usize::from(row.min), row.max.map(usize::from), row.purity);
    TABLES.iter().flat_map(|table| table.iter()).map(entry)
}
