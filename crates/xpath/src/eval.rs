//! Evaluation of a compiled expression.
//!
//! Every question ("which text", "is it true", "which number") has its own entry, so that a plain path is read from
//! its first node without collecting a set. Recursion follows the nesting of brackets only, which the parser bounds;
//! a budget of visited nodes ends what a hostile form would make endless.

mod compare;
mod path;
mod step;

use crate::ast::{Arith, Ast, CallNode, Id};
use crate::expr::Program;
use crate::value::to_number;
use crate::{Context, Env, EvalError, NodeRef, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

/// How many nodes one evaluation may visit: a hundred scans of the largest choice list.
const BUDGET: u64 = 10_000_000;

/// The context node with its place among the nodes being filtered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Focus {
    pub node: NodeRef,
    pub position: u32,
    pub size: u32,
}

impl From<Context> for Focus {
    fn from(context: Context) -> Self {
        Self { node: context.node, position: context.position, size: context.size }
    }
}

pub(crate) struct Evaluation<'a> {
    pub program: &'a Program,
    pub env: &'a Env<'a>,
    /// What `current()` gives.
    pub current: NodeRef,
    budget: Cell<u64>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(program: &'a Program, env: &'a Env<'a>, context: Context) -> Self {
        Self { program, env, current: context.node, budget: Cell::new(BUDGET) }
    }

    /// Pays for visiting nodes.
    pub(crate) fn spend(&self, nodes: usize) -> Result<(), EvalError> {
        let left = self.budget.get().checked_sub(nodes as u64).ok_or(EvalError::TooCostly)?;
        self.budget.set(left);
        Ok(())
    }

    pub(crate) fn node(&self, id: Id) -> Result<&'a Ast, EvalError> {
        // Ids come from the parser and always have their node.
        self.program.node(id).ok_or(EvalError::TooCostly)
    }

    pub(crate) fn value(&self, id: Id, focus: Focus) -> Result<Value, EvalError> {
        match self.node(id)? {
            Ast::Num(number) => Ok(Value::Num(*number)),
            Ast::Str(text) => Ok(Value::Str(text.clone())),
            Ast::Call(call) => self.call(call, focus),
            Ast::Path(path) => Ok(self.path(path, focus)?.into()),
            Ast::Compare { first, rest } => self.comparison(*first, rest, focus).map(Value::Bool),
            Ast::Or(parts) => self.any(parts, focus).map(Value::Bool),
            Ast::And(parts) => self.every(parts, focus).map(Value::Bool),
            Ast::Negate { odd, of } => {
                let number = self.number(*of, focus)?;
                Ok(Value::Num(if *odd { -number } else { number }))
            }
            Ast::Arith { first, rest } => self.arithmetic(*first, rest, focus).map(Value::Num),
            Ast::Union(parts) => self.union(parts, focus),
            Ast::Variable(name) => Err(EvalError::UnknownVariable(name.to_string())),
        }
    }

    /// As `string()`.
    pub(crate) fn text(&self, id: Id, focus: Focus) -> Result<Arc<str>, EvalError> {
        match self.node(id)? {
            Ast::Str(text) => Ok(text.clone()),
            Ast::Path(path) if path.simple => {
                let first = self.first(path, focus)?;
                first.map_or_else(|| Ok(Arc::default()), |at| self.read_shared(at))
            }
            _ => self.text_of(&self.value(id, focus)?),
        }
    }

    /// As `number()`.
    pub(crate) fn number(&self, id: Id, focus: Focus) -> Result<f64, EvalError> {
        match self.node(id)? {
            Ast::Num(number) => Ok(*number),
            Ast::Path(path) if path.simple => {
                let first = self.first(path, focus)?;
                first.map_or(Ok(f64::NAN), |at| self.read_number(at))
            }
            _ => self.number_of(&self.value(id, focus)?),
        }
    }

    /// As `boolean()`.
    pub(crate) fn truth(&self, id: Id, focus: Focus) -> Result<bool, EvalError> {
        match self.node(id)? {
            Ast::Path(path) if path.simple => Ok(self.first(path, focus)?.is_some()),
            _ => Ok(self.value(id, focus)?.to_bool()),
        }
    }

    /// Nodes, or an error that names who wanted them.
    pub(crate) fn nodes(&self, id: Id, focus: Focus, wanted_by: &str) -> Result<Vec<NodeRef>, EvalError> {
        match self.value(id, focus)? {
            Value::Nodes(set) => Ok(set.nodes),
            _ => Err(EvalError::NotNodes(wanted_by.to_owned())),
        }
    }

    /// The string-value of a node, paid for by the nodes it is made of.
    pub(crate) fn read(&self, at: NodeRef) -> Result<Cow<'a, str>, EvalError> {
        let (text, visited) =
            self.env.forest.tree(at.tree).map(|tree| tree.weighed_value(at.node)).unwrap_or_default();
        self.spend(visited)?;
        Ok(text)
    }

    /// As [`Evaluation::read`], sharing the text of a leaf instead of copying it.
    pub(crate) fn read_shared(&self, at: NodeRef) -> Result<Arc<str>, EvalError> {
        match self.read(at)? {
            Cow::Borrowed(_) => Ok(self.env.forest.text(at)),
            Cow::Owned(text) => Ok(text.into()),
        }
    }

    pub(crate) fn read_number(&self, at: NodeRef) -> Result<f64, EvalError> {
        Ok(to_number(&self.read(at)?, self.env.zone_minutes))
    }

    /// A value as `string()`.
    pub(crate) fn text_of(&self, value: &Value) -> Result<Arc<str>, EvalError> {
        match value {
            Value::Nodes(set) => {
                set.nodes.first().map_or_else(|| Ok(Arc::default()), |at| self.read_shared(*at))
            }
            other => Ok(other.to_text(self.env.forest)),
        }
    }

    /// A value as `number()`.
    pub(crate) fn number_of(&self, value: &Value) -> Result<f64, EvalError> {
        match value {
            Value::Nodes(set) => set.nodes.first().map_or(Ok(f64::NAN), |at| self.read_number(*at)),
            other => Ok(other.to_number(self.env)),
        }
    }

    fn any(&self, parts: &[Id], focus: Focus) -> Result<bool, EvalError> {
        for part in parts {
            if self.truth(*part, focus)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn every(&self, parts: &[Id], focus: Focus) -> Result<bool, EvalError> {
        for part in parts {
            if !self.truth(*part, focus)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn arithmetic(&self, first: Id, rest: &[(Arith, Id)], focus: Focus) -> Result<f64, EvalError> {
        let mut left = self.number(first, focus)?;
        for (operator, id) in rest {
            let right = self.number(*id, focus)?;
            left = match operator {
                Arith::Add => left + right,
                Arith::Sub => left - right,
                Arith::Mul => left * right,
                Arith::Div => left / right,
                Arith::Mod => left % right,
            };
        }
        Ok(left)
    }

    fn call(&self, call: &'a CallNode, focus: Focus) -> Result<Value, EvalError> {
        let row = call.row.ok_or_else(|| EvalError::UnknownFunction(call.name.to_string()))?;
        let given = call.args.len();
        if given < usize::from(row.min) || row.max.is_some_and(|max| given > usize::from(max)) {
            return Err(EvalError::Arity { name: call.name.to_string(), given });
        }
        (row.run)(self, call, focus)
    }
}

/// Arguments of a call, by position.
impl Evaluation<'_> {
    pub(crate) fn arg(&self, call: &CallNode, at: usize) -> Result<Id, EvalError> {
        let missing = || EvalError::Arity { name: call.name.to_string(), given: call.args.len() };
        call.args.get(at).copied().ok_or_else(missing)
    }

    pub(crate) fn arg_text(&self, call: &CallNode, at: usize, focus: Focus) -> Result<Arc<str>, EvalError> {
        self.text(self.arg(call, at)?, focus)
    }

    pub(crate) fn arg_number(&self, call: &CallNode, at: usize, focus: Focus) -> Result<f64, EvalError> {
        self.number(self.arg(call, at)?, focus)
    }

    pub(crate) fn arg_value(&self, call: &CallNode, at: usize, focus: Focus) -> Result<Value, EvalError> {
        self.value(self.arg(call, at)?, focus)
    }

    pub(crate) fn arg_nodes(
        &self,
        call: &CallNode,
        at: usize,
        focus: Focus,
    ) -> Result<Vec<NodeRef>, EvalError> {
        self.nodes(self.arg(call, at)?, focus, &call.name)
    }

    /// An argument, or the context node where it is left out.
    pub(crate) fn arg_or_context(&self, call: &CallNode, focus: Focus) -> Result<Value, EvalError> {
        if call.args.is_empty() { Ok(vec![focus.node].into()) } else { self.arg_value(call, 0, focus) }
    }

    /// The texts of arguments from `from` on: of nodes every one's, of other values one.
    pub(crate) fn arg_texts(
        &self,
        call: &CallNode,
        from: usize,
        focus: Focus,
    ) -> Result<Vec<Arc<str>>, EvalError> {
        let mut out = Vec::new();
        for id in call.args.iter().skip(from) {
            match self.value(*id, focus)? {
                Value::Nodes(set) => {
                    for at in set.nodes {
                        out.push(self.read_shared(at)?);
                    }
                }
                other => out.push(self.text_of(&other)?),
            }
        }
        Ok(out)
    }

    /// A refusal of an argument.
    pub(crate) fn refuse(&self, call: &CallNode, message: impl Into<String>) -> EvalError {
        EvalError::Argument { name: call.name.to_string(), message: message.into() }
    }
}
