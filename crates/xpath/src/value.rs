//! The values of expressions and their conversions.

use crate::{Forest, NodeRef};
use std::sync::Arc;

/// Nodes of one evaluation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeSet {
    /// In document order, without repetition; after `randomize()` in its order.
    pub nodes: Vec<NodeRef>,
}

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Str(Arc<str>),
    /// A number.
    Num(f64),
    /// A boolean.
    Bool(bool),
    /// Nodes.
    Nodes(NodeSet),
    /// A date or a moment: a number of days where a number is wanted, an ISO text where a string is.
    Date {
        /// Days since 1970-01-01 as `decimal-date-time()` gives them.
        days: f64,
        /// `2025-03-14` or `2025-03-14T09:26:53.589+00:00`.
        text: Arc<str>,
    },
}

impl Value {
    /// As `string()`.
    pub fn to_text(&self, forest: &Forest) -> Arc<str> {
        let _ = forest;
        todo!()
    }

    /// As `number()`.
    pub fn to_number(&self, forest: &Forest) -> f64 {
        let _ = forest;
        todo!()
    }

    /// As `boolean()`.
    pub fn to_bool(&self) -> bool {
        todo!()
    }
}

/// A number as XPath writes it: `5`, `0.3333333333333333`, `NaN`, `Infinity`, `-Infinity`.
pub fn format_number(number: f64) -> String {
    let _ = number;
    todo!()
}

/// A string as a number: blanks around it are ignored; what is no number is NaN.
pub fn parse_number(text: &str) -> f64 {
    let _ = text;
    todo!()
}
