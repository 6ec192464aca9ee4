//! What can go wrong: an expression that cannot be parsed, or one that cannot be evaluated.

/// Why a text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at byte {offset})")]
pub struct ParseError {
    /// Byte offset in the source, never past its end.
    pub offset: usize,
    /// One sentence in English, for form authors.
    pub message: String,
}

impl ParseError {
    /// Stable code, for diagnostics.
    pub fn code(&self) -> &'static str {
        "xpath-syntax"
    }
}

/// Why a well-formed expression has no value here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The function is not in the table of this crate.
    #[error("there is no function {0}()")]
    UnknownFunction(String),
    /// The number of arguments does not fit the function.
    #[error("{name}() does not take {given} arguments")]
    Arity {
        /// The function as written.
        name: String,
        /// How many arguments were written.
        given: usize,
    },
    /// A set of nodes is needed, and the value is something else.
    #[error("{0} needs a path here, not a value")]
    NotNodes(String),
    /// An argument has a value that the function refuses (a regular expression that does not compile, a digest
    /// algorithm that does not exist, a time that cannot be read).
    #[error("{name}(): {message}")]
    Argument {
        /// The function as written.
        name: String,
        /// What is wrong, one clause in English.
        message: String,
    },
    /// A `$variable`: XForms defines none.
    #[error("there is no variable ${0}")]
    UnknownVariable(String),
    /// The evaluation took more steps than any real form needs.
    #[error("the expression is too costly to evaluate")]
    TooCostly,
}

impl EvalError {
    /// Stable code, for diagnostics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownFunction(_) => "xpath-unknown-function",
            Self::Arity { .. } => "xpath-arity",
            Self::NotNodes(_) => "xpath-not-nodes",
            Self::Argument { .. } => "xpath-argument",
            Self::UnknownVariable(_) => "xpath-unknown-variable",
            Self::TooCostly => "xpath-too-costly",
        }
    }
}
