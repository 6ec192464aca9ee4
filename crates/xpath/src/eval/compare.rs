//! Comparisons, existential over nodes.
//!
//! Source: XPath 1.0, section 3.4. A simple path on one side is compared while it is walked, without a set.

use super::{Evaluation, Focus};
use crate::ast::{Ast, Cmp, Id, Path};
use crate::value::to_number;
use crate::{EvalError, NodeRef, Value};
use std::borrow::Cow;
use std::ops::ControlFlow;

/// One value of a comparison.
enum Atom<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Truth(bool),
}

/// One side of a comparison.
enum Side<'a> {
    One(Atom<'a>),
    Nodes(&'a [NodeRef]),
}

impl<'a> Side<'a> {
    fn of(value: &'a Value) -> Self {
        Self::One(match value {
            Value::Str(text) => Atom::Text(Cow::Borrowed(text)),
            Value::Num(number) | Value::Date { days: number, .. } => Atom::Number(*number),
            Value::Bool(truth) => Atom::Truth(*truth),
            Value::Nodes(set) => return Self::Nodes(&set.nodes),
        })
    }
}

impl<'a> Evaluation<'a> {
    pub(super) fn comparison(&self, first: Id, rest: &[(Cmp, Id)], focus: Focus) -> Result<bool, EvalError> {
        let [(operator, second), more @ ..] = rest else { return self.truth(first, focus) };
        let mut result = self.pair(*operator, first, *second, focus)?;
        // `a < b < c` compares the truth of `a < b` with c.
        for (operator, id) in more {
            let right = self.value(*id, focus)?;
            result = self.values(*operator, &Value::Bool(result), &right)?;
        }
        Ok(result)
    }

    fn pair(&self, operator: Cmp, left: Id, right: Id, focus: Focus) -> Result<bool, EvalError> {
        match (self.node(left)?, self.node(right)?) {
            (Ast::Path(path), _) if path.simple => self.walked_against(operator, path, right, focus),
            (_, Ast::Path(path)) if path.simple => self.walked_against(operator.flipped(), path, left, focus),
            _ => {
                let left = self.value(left, focus)?;
                let right = self.value(right, focus)?;
                self.values(operator, &left, &right)
            }
        }
    }

    /// Compares a simple path with an operand; a literal is read in place.
    fn walked_against(
        &self,
        operator: Cmp,
        path: &'a Path,
        with: Id,
        focus: Focus,
    ) -> Result<bool, EvalError> {
        match self.node(with)? {
            Ast::Str(text) => self.walked(operator, path, &Side::One(Atom::Text(Cow::Borrowed(text))), focus),
            Ast::Num(number) => self.walked(operator, path, &Side::One(Atom::Number(*number)), focus),
            _ => self.walked(operator, path, &Side::of(&self.value(with, focus)?), focus),
        }
    }

    /// Compares the nodes of a simple path on the left as they are found.
    fn walked(
        &self,
        operator: Cmp,
        path: &'a Path,
        right: &Side<'_>,
        focus: Focus,
    ) -> Result<bool, EvalError> {
        let is_equality = matches!(operator, Cmp::Eq | Cmp::Ne);
        if let (Side::One(Atom::Truth(truth)), true) = (right, is_equality) {
            let any = self.first(path, focus)?.is_some();
            return Ok((any == *truth) == (operator == Cmp::Eq));
        }
        let mut hit = Ok(false);
        self.walk(path, focus, &mut |at| {
            hit = self.node_against(operator, at, right);
            if matches!(hit, Ok(false)) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        hit
    }

    fn node_against(&self, operator: Cmp, at: NodeRef, right: &Side<'_>) -> Result<bool, EvalError> {
        let left = Atom::Text(self.read(at)?);
        let nodes = match right {
            Side::One(right) => return Ok(self.atoms(operator, &left, right)),
            Side::Nodes(nodes) => *nodes,
        };
        for other in nodes {
            if self.atoms(operator, &left, &Atom::Text(self.read(*other)?)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn any_against(&self, operator: Cmp, nodes: &[NodeRef], right: &Side<'_>) -> Result<bool, EvalError> {
        for at in nodes {
            if self.node_against(operator, *at, right)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn values(&self, operator: Cmp, left: &Value, right: &Value) -> Result<bool, EvalError> {
        let is_equality = matches!(operator, Cmp::Eq | Cmp::Ne);
        match (Side::of(left), Side::of(right)) {
            (Side::Nodes(_), Side::One(Atom::Truth(_))) | (Side::One(Atom::Truth(_)), Side::Nodes(_))
                if is_equality =>
            {
                Ok((left.to_bool() == right.to_bool()) == (operator == Cmp::Eq))
            }
            (Side::Nodes(nodes), right) => self.any_against(operator, nodes, &right),
            (left, Side::Nodes(nodes)) => self.any_against(operator.flipped(), nodes, &left),
            (Side::One(left), Side::One(right)) => Ok(self.atoms(operator, &left, &right)),
        }
    }

    fn atoms(&self, operator: Cmp, left: &Atom<'_>, right: &Atom<'_>) -> bool {
        let number = |atom: &Atom<'_>| match atom {
            Atom::Text(text) => to_number(text, self.env.zone_minutes),
            Atom::Number(number) => *number,
            Atom::Truth(truth) => f64::from(u8::from(*truth)),
        };
        let equal = || match (left, right) {
            (Atom::Truth(truth), other) | (other, Atom::Truth(truth)) => *truth == truth_of(other),
            (Atom::Number(_), _) | (_, Atom::Number(_)) => number(left) == number(right),
            (Atom::Text(a), Atom::Text(b)) => a == b,
        };
        match operator {
            Cmp::Eq => equal(),
            Cmp::Ne => !equal(),
            Cmp::Lt => number(left) < number(right),
            Cmp::Le => number(left) <= number(right),
            Cmp::Gt => number(left) > number(right),
            Cmp::Ge => number(left) >= number(right),
        }
    }
}

fn truth_of(atom: &Atom<'_>) -> bool {
    match atom {
        Atom::Text(text) => !text.is_empty(),
        Atom::Number(number) => *number != 0.0 && !number.is_nan(),
        Atom::Truth(truth) => *truth,
    }
}
