//! The compiled form: a flat arena of nodes, so that dropping and cloning never recurse.
//!
//! Chains of operators of one precedence are one node (`a + b - c`), so the height of the tree is bounded by the
//! nesting of brackets, which the parser bounds, and not by the length of the source.

use crate::expr::{Axis, StepTest};
use crate::functions::Row;
use std::sync::{Arc, OnceLock};

/// Index of a node in [`Program::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Cmp {
    /// The operator with its operands exchanged.
    pub(crate) fn flipped(self) -> Self {
        match self {
            Self::Eq | Self::Ne => self,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arith {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

#[derive(Debug)]
pub(crate) enum Ast {
    Num(f64),
    Str(Arc<str>),
    Variable(Arc<str>),
    /// One or more minus signs; `odd` if the sign changes.
    Negate {
        odd: bool,
        of: Id,
    },
    Or(Box<[Id]>),
    And(Box<[Id]>),
    Compare {
        first: Id,
        rest: Box<[(Cmp, Id)]>,
    },
    Arith {
        first: Id,
        rest: Box<[(Arith, Id)]>,
    },
    Union(Box<[Id]>),
    Path(Path),
    Call(CallNode),
}

/// Where a path starts.
#[derive(Debug)]
pub(crate) enum Head {
    Root,
    Context,
    Current,
    Instance(Arc<str>),
    Expr { of: Id, predicates: Box<[Predicate]> },
}

#[derive(Debug)]
pub(crate) struct Path {
    pub head: Head,
    pub steps: Box<[Step]>,
    /// `(self|parent)* (child|attribute)*` without predicates: can be walked without collecting nodes.
    pub simple: bool,
    /// The number of the home that it leads to; see [`Expr::bind`](crate::Expr::bind).
    pub home: OnceLock<u32>,
}

impl Path {
    /// The absolute path, if it is one of child names only.
    pub(crate) fn plain(&self) -> Option<String> {
        let name = |step: &Step| match (&step.test, step.axis) {
            (StepTest::Name(name), Axis::Child) if step.predicates.is_empty() => Some(format!("/{name}")),
            _ => None,
        };
        let absolute = self.simple && matches!(self.head, Head::Root) && !self.steps.is_empty();
        if absolute { self.steps.iter().map(name).collect() } else { None }
    }
}

/// Most steps of a simple path.
pub(crate) const SIMPLE_STEPS: usize = 12;

#[derive(Debug)]
pub(crate) struct Step {
    pub axis: Axis,
    pub test: StepTest,
    pub predicates: Box<[Predicate]>,
}

#[derive(Debug)]
pub(crate) struct Predicate {
    pub of: Id,
    /// A filter that an index can answer.
    pub equality: Option<Equality>,
}

/// `column = value`, where the value is the same for every item.
#[derive(Debug)]
pub(crate) struct Equality {
    pub column: Arc<str>,
    pub attribute: bool,
    pub value: Id,
}

#[derive(Debug)]
pub(crate) struct CallNode {
    /// As written.
    pub name: Arc<str>,
    /// `None`: unknown, an error when evaluated.
    pub row: Option<&'static Row>,
    pub args: Box<[Id]>,
    /// The compiled pattern of `regex(x, 'literal')`; `None` inside if it does not compile.
    pub pattern: OnceLock<Option<Arc<crate::functions::Pattern>>>,
}

impl Ast {
    /// The nodes that this one is made of and that are evaluated where it is: predicates are not.
    pub(crate) fn operands(&self) -> Box<dyn Iterator<Item = Id> + '_> {
        match self {
            Self::Num(_) | Self::Str(_) | Self::Variable(_) => Box::new(std::iter::empty()),
            Self::Negate { of, .. } => Box::new(std::iter::once(*of)),
            Self::Or(parts) | Self::And(parts) | Self::Union(parts) => Box::new(parts.iter().copied()),
            Self::Compare { first, rest } => {
                Box::new(std::iter::once(*first).chain(rest.iter().map(|(_, id)| *id)))
            }
            Self::Arith { first, rest } => {
                Box::new(std::iter::once(*first).chain(rest.iter().map(|(_, id)| *id)))
            }
            Self::Call(call) => Box::new(call.args.iter().copied()),
            Self::Path(path) => match &path.head {
                Head::Expr { of, .. } => Box::new(std::iter::once(*of)),
                _ => Box::new(std::iter::empty()),
            },
        }
    }
}
