//! A compiled expression, and what can be asked about it without evaluating it.

use crate::ast::{Ast, Id};
use crate::eval::Evaluation;
use crate::{Context, Env, EvalError, NodeRef, ParseError, Value, functions, parser};
use std::sync::Arc;

/// A compiled XPath expression. Cheap to clone, `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Expr {
    program: Arc<Program>,
}

/// What the parser makes of a source.
#[derive(Debug)]
pub(crate) struct Program {
    pub source: Arc<str>,
    pub nodes: Vec<Ast>,
    pub root: Id,
    pub paths: Vec<PathUse>,
    /// For every path, the paths that a computed head is made of.
    pub sources: Vec<Vec<usize>>,
    pub calls: Vec<Call>,
    pub literals: Vec<(Literal, usize)>,
}

impl Program {
    pub(crate) fn new(source: &str) -> Self {
        Self {
            source: source.into(),
            nodes: Vec::new(),
            root: Id(0),
            paths: Vec::new(),
            sources: Vec::new(),
            calls: Vec::new(),
            literals: Vec::new(),
        }
    }

    pub(crate) fn node(&self, id: Id) -> Option<&Ast> {
        self.nodes.get(id.0 as usize)
    }
}

/// A direction of travel in a location step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// `child`, the default.
    Child,
    /// `descendant`.
    Descendant,
    /// `parent`, `..`.
    Parent,
    /// `ancestor`.
    Ancestor,
    /// `following-sibling`.
    FollowingSibling,
    /// `preceding-sibling`.
    PrecedingSibling,
    /// `following`.
    Following,
    /// `preceding`.
    Preceding,
    /// `attribute`, `@`.
    Attribute,
    /// `namespace`: always empty.
    Namespace,
    /// `self`, `.`.
    SelfAxis,
    /// `descendant-or-self`, `//`.
    DescendantOrSelf,
    /// `ancestor-or-self`.
    AncestorOrSelf,
}

/// Which nodes of an axis a step takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepTest {
    /// A local name; its prefix is not compared.
    Name(Arc<str>),
    /// `*` or `prefix:*`.
    Any,
    /// `node()`.
    Node,
    /// `text()`.
    Text,
    /// `comment()` or `processing-instruction()`: matches nothing.
    Nothing,
}

/// Where a location path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `/…`: the document of the context node.
    Root,
    /// A relative path outside any predicate: the context node.
    Context,
    /// `current()/…`: the node the whole expression is evaluated for, also inside predicates.
    Current,
    /// `instance('x')/…`; `None` when the name is computed.
    Instance(Option<Arc<str>>),
    /// A relative path inside a predicate: relative to the first `steps` steps of path number `path` in
    /// [`Expr::paths`].
    Within {
        /// Index into [`Expr::paths`].
        path: usize,
        /// How many of its steps lead to the filtered node.
        steps: usize,
    },
    /// The result of another expression, such as `randomize(…)/x` or `(a | b)/x`.
    Computed,
}

/// One location path of an expression, predicates left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathUse {
    /// Where it starts.
    pub origin: Origin,
    /// Its steps.
    pub steps: Vec<(Axis, StepTest)>,
    /// Byte offset in the source.
    pub offset: usize,
    /// Byte offset just behind it (predicates included).
    pub end: usize,
    /// Nesting in predicates: 0 outside.
    pub predicate_depth: usize,
    /// Whether any of its steps has a predicate.
    pub filtered: bool,
}

/// A step of a resolved [`Reference`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefStep {
    /// A child element.
    Name(Arc<str>),
    /// An attribute.
    Attribute(Arc<str>),
    /// Any child.
    Any,
    /// Any number of levels.
    Descendants,
}

/// What a path of an expression reads, resolved against the place the expression stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `None`: the primary instance.
    pub instance: Option<Arc<str>>,
    /// From the root element on (`data`, `g`, `q`); predicates left out.
    pub steps: Vec<RefStep>,
    /// Byte offset of the path in the source.
    pub offset: usize,
}

/// A function call in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// As written, with its prefix.
    pub name: Arc<str>,
    /// Byte offset in the source.
    pub offset: usize,
    /// How many arguments it is given.
    pub args: usize,
    /// Whether it stands inside a predicate.
    pub in_predicate: bool,
}

/// A literal in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A quoted string.
    Text(Arc<str>),
    /// A number.
    Number(f64),
}

/// A call with a number of arguments that its function does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArityError {
    /// The call.
    pub call: Call,
    /// Fewest arguments.
    pub min: usize,
    /// Most arguments; `None` where there is no limit.
    pub max: Option<usize>,
}

/// What a function's result depends on besides its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purity {
    /// Nothing else.
    Pure,
    /// The clock: `now()`, `today()`.
    Clock,
    /// Random bytes: `random()`, `uuid()`, `randomize(x)` without a seed.
    Random,
    /// The node's own stored value: `once()`.
    Once,
    /// The form's language: `jr:itext()`, `jr:choice-name()`.
    Language,
}

impl Expr {
    /// The longest source in bytes.
    pub const MAX_LENGTH: usize = 64 * 1024;
    /// The deepest nesting of parentheses, calls and predicates.
    pub const MAX_DEPTH: usize = 128;

    /// Compiles an expression. Unknown functions are no error here: ask [`Expr::unknown_functions`].
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        parser::parse(source).map(|program| Self { program: Arc::new(program) })
    }

    /// Tells plain absolute paths (`/data/g/q`) the number of their home in [`Forest`](crate::Forest), so that they
    /// need no walking. Counts once and for all copies: the expression then belongs to forests with these homes.
    pub fn bind(&self, number: impl Fn(&str) -> Option<u32>) {
        for node in &self.program.nodes {
            if let Ast::Path(path) = node
                && let Some(number) = path.plain().and_then(|plain| number(&plain))
            {
                let _ = path.home.set(number);
            }
        }
    }

    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.program.source
    }

    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// Every location path, in the order of the source; of two that start at one place, the inner first.
    pub fn paths(&self) -> &[PathUse] {
        &self.program.paths
    }

    /// Every function call, in the order of the source.
    pub fn calls(&self) -> &[Call] {
        &self.program.calls
    }

    /// Every literal with its byte offset, in the order of the source.
    pub fn literals(&self) -> &[(Literal, usize)] {
        &self.program.literals
    }

    /// The value, if the whole expression is one literal, `true()` or `false()`.
    pub fn constant(&self) -> Option<Value> {
        match self.program.node(self.program.root)? {
            Ast::Num(number) => Some(Value::Num(*number)),
            Ast::Str(text) => Some(Value::Str(text.clone())),
            Ast::Call(call) if call.args.is_empty() => match &*call.name {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Calls of functions that this crate does not know.
    pub fn unknown_functions(&self) -> Vec<&Call> {
        self.calls().iter().filter(|call| functions::find(&call.name).is_none()).collect()
    }

    /// Calls of known functions with a number of arguments that they do not take.
    pub fn arity_errors(&self) -> Vec<ArityError> {
        let wrong = |call: &Call| {
            let row = functions::find(&call.name)?;
            let max = row.max.map(usize::from);
            let fits = call.args >= usize::from(row.min) && max.is_none_or(|max| call.args <= max);
            (!fits).then(|| ArityError { call: call.clone(), min: usize::from(row.min), max })
        };
        self.calls().iter().filter_map(wrong).collect()
    }

    /// Whether the value depends on the clock, random bytes or the stored value (`once`). Such calculations are
    /// stored; all others are recomputed. The language does not count.
    pub fn is_impure(&self) -> bool {
        [Purity::Clock, Purity::Random, Purity::Once].into_iter().any(|purity| self.depends_on(purity))
    }

    /// Whether any call has this purity.
    pub fn depends_on(&self, purity: Purity) -> bool {
        self.calls().iter().any(|call| {
            functions::find(&call.name).is_some_and(|row| functions::purity(row, call.args) == purity)
        })
    }

    /// Evaluates.
    pub fn eval(&self, env: &Env<'_>, context: Context) -> Result<Value, EvalError> {
        Evaluation::new(&self.program, env, context).value(self.program.root, context.into())
    }

    /// Evaluates to a string, as `string()` would.
    pub fn eval_string(&self, env: &Env<'_>, context: Context) -> Result<Arc<str>, EvalError> {
        Evaluation::new(&self.program, env, context).text(self.program.root, context.into())
    }

    /// Evaluates to a boolean, as `boolean()` would.
    pub fn eval_bool(&self, env: &Env<'_>, context: Context) -> Result<bool, EvalError> {
        Evaluation::new(&self.program, env, context).truth(self.program.root, context.into())
    }

    /// Evaluates to a number, as `number()` would.
    pub fn eval_number(&self, env: &Env<'_>, context: Context) -> Result<f64, EvalError> {
        Evaluation::new(&self.program, env, context).number(self.program.root, context.into())
    }

    /// Evaluates to nodes in document order (the order of `randomize()` is kept).
    pub fn eval_nodes(&self, env: &Env<'_>, context: Context) -> Result<Vec<NodeRef>, EvalError> {
        Evaluation::new(&self.program, env, context).nodes(
            self.program.root,
            context.into(),
            "the expression",
        )
    }
}
