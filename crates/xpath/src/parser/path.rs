//! Location paths: heads, steps, predicates, and the record of each path for [`Expr::paths`](crate::Expr::paths).

use super::Parser;
use crate::ast::{Ast, Cmp, Equality, Head, Id, Path, Predicate, SIMPLE_STEPS, Step};
use crate::expr::{Axis, Origin, PathUse, Purity, StepTest};
use crate::lexer::Kind;
use crate::{ParseError, functions};
use std::sync::OnceLock;

/// The path that a predicate filters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    path: usize,
    steps: usize,
}

const NODE_TYPES: [&str; 4] = ["node", "text", "comment", "processing-instruction"];

impl Parser<'_> {
    pub(super) fn path(&mut self) -> Result<Id, ParseError> {
        let start = self.token().start;
        match self.kind() {
            Kind::Slash | Kind::DoubleSlash => self.absolute(start),
            Kind::Dot | Kind::DoubleDot | Kind::At | Kind::Star | Kind::PrefixStar => self.relative(start),
            Kind::Name if self.kind_after() == Kind::Open && !self.is_node_type() => self.filtered(start),
            Kind::Name => self.relative(start),
            _ => self.filtered(start),
        }
    }

    fn is_node_type(&self) -> bool {
        NODE_TYPES.contains(&self.slice(self.token()))
    }

    fn absolute(&mut self, start: usize) -> Result<Id, ParseError> {
        let slot = self.open_path(Origin::Root, start);
        let mut steps = Vec::new();
        if self.kind() == Kind::DoubleSlash {
            self.steps(slot, &mut steps)?;
        } else {
            self.at += 1;
            if self.starts_step() {
                self.step(slot, &mut steps)?;
                self.steps(slot, &mut steps)?;
            }
        }
        Ok(self.close_path(slot, Head::Root, steps))
    }

    fn relative(&mut self, start: usize) -> Result<Id, ParseError> {
        let origin = match self.scopes.last() {
            None => Origin::Context,
            Some(scope) => Origin::Within { path: scope.path, steps: scope.steps },
        };
        let slot = self.open_path(origin, start);
        let mut steps = Vec::new();
        self.step(slot, &mut steps)?;
        self.steps(slot, &mut steps)?;
        Ok(self.close_path(slot, Head::Context, steps))
    }

    /// A primary expression with predicates and steps behind it, or neither.
    fn filtered(&mut self, start: usize) -> Result<Id, ParseError> {
        let paths_before = self.program.paths.len();
        let inner = self.primary()?;
        let head = self.known_head(inner);
        if head.is_none() && !matches!(self.kind(), Kind::OpenSquare | Kind::Slash | Kind::DoubleSlash) {
            return Ok(inner);
        }
        let origin = match &head {
            Some(Head::Current) => Origin::Current,
            Some(Head::Instance(name)) => Origin::Instance(Some(name.clone())),
            _ if self.is_computed_instance(inner) => Origin::Instance(None),
            _ => Origin::Computed,
        };
        let slot = self.open_path(origin, start);
        if let Some(sources) = self.program.sources.get_mut(slot) {
            sources.extend(paths_before..slot);
        }
        let mut steps = Vec::new();
        let predicates = self.predicates(slot, 0)?;
        let head = match head {
            Some(head) if predicates.is_empty() => head,
            _ => Head::Expr { of: inner, predicates },
        };
        self.steps(slot, &mut steps)?;
        Ok(self.close_path(slot, head, steps))
    }

    fn known_head(&self, id: Id) -> Option<Head> {
        let Some(Ast::Call(call)) = self.program.node(id) else { return None };
        match (&*call.name, &*call.args) {
            ("current", []) => Some(Head::Current),
            ("instance", [name]) => match self.program.node(*name) {
                Some(Ast::Str(name)) => Some(Head::Instance(name.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_computed_instance(&self, id: Id) -> bool {
        matches!(self.program.node(id), Some(Ast::Call(call)) if &*call.name == "instance")
    }

    fn open_path(&mut self, origin: Origin, offset: usize) -> usize {
        let predicate_depth = self.scopes.len();
        let entry =
            PathUse { origin, steps: Vec::new(), offset, end: offset, predicate_depth, filtered: false };
        self.program.paths.push(entry);
        self.program.sources.push(Vec::new());
        self.program.paths.len() - 1
    }

    fn close_path(&mut self, slot: usize, head: Head, steps: Vec<Step>) -> Id {
        let end = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.end);
        let filtered = steps.iter().any(|step| !step.predicates.is_empty())
            || matches!(&head, Head::Expr { predicates, .. } if !predicates.is_empty());
        if let Some(entry) = self.program.paths.get_mut(slot) {
            entry.end = end;
            entry.filtered = filtered;
        }
        let steps = shorten(steps);
        let simple = is_simple(&head, &steps);
        self.push(Ast::Path(Path { head, steps: steps.into(), simple, home: OnceLock::new() }))
    }

    fn starts_step(&self) -> bool {
        matches!(
            self.kind(),
            Kind::Dot | Kind::DoubleDot | Kind::At | Kind::Star | Kind::PrefixStar | Kind::Name
        )
    }

    /// `/step` and `//step` as long as they come.
    fn steps(&mut self, slot: usize, steps: &mut Vec<Step>) -> Result<(), ParseError> {
        loop {
            if self.take(Kind::DoubleSlash) {
                self.record(slot, steps, Axis::DescendantOrSelf, StepTest::Node);
            } else if !self.take(Kind::Slash) {
                return Ok(());
            }
            self.step(slot, steps)?;
        }
    }

    fn record(&mut self, slot: usize, steps: &mut Vec<Step>, axis: Axis, test: StepTest) {
        if let Some(entry) = self.program.paths.get_mut(slot) {
            entry.steps.push((axis, test.clone()));
        }
        steps.push(Step { axis, test, predicates: Box::default() });
    }

    fn step(&mut self, slot: usize, steps: &mut Vec<Step>) -> Result<(), ParseError> {
        let (axis, test) = if self.take(Kind::Dot) {
            (Axis::SelfAxis, StepTest::Node)
        } else if self.take(Kind::DoubleDot) {
            (Axis::Parent, StepTest::Node)
        } else {
            let axis = self.axis()?;
            (axis, self.node_test()?)
        };
        self.record(slot, steps, axis, test);
        let reached = self.program.paths.get(slot).map_or(0, |entry| entry.steps.len());
        let predicates = self.predicates(slot, reached)?;
        if let Some(step) = steps.last_mut() {
            step.predicates = predicates;
        }
        Ok(())
    }

    fn axis(&mut self) -> Result<Axis, ParseError> {
        if self.take(Kind::At) {
            return Ok(Axis::Attribute);
        }
        if self.kind() != Kind::Name || self.kind_after() != Kind::Axis {
            return Ok(Axis::Child);
        }
        let axis = match self.slice(self.token()) {
            "child" => Axis::Child,
            "descendant" => Axis::Descendant,
            "parent" => Axis::Parent,
            "ancestor" => Axis::Ancestor,
            "following-sibling" => Axis::FollowingSibling,
            "preceding-sibling" => Axis::PrecedingSibling,
            "following" => Axis::Following,
            "preceding" => Axis::Preceding,
            "attribute" => Axis::Attribute,
            "namespace" => Axis::Namespace,
            "self" => Axis::SelfAxis,
            "descendant-or-self" => Axis::DescendantOrSelf,
            "ancestor-or-self" => Axis::AncestorOrSelf,
            _ => return Err(self.error("there is no such axis")),
        };
        self.at += 2;
        Ok(axis)
    }

    fn node_test(&mut self) -> Result<StepTest, ParseError> {
        match self.kind() {
            Kind::Star | Kind::PrefixStar => {
                self.at += 1;
                Ok(StepTest::Any)
            }
            Kind::Name if self.kind_after() == Kind::Open => self.node_type(),
            Kind::Name => {
                let name = self.slice(self.token());
                self.at += 1;
                let local = name.split_once(':').map_or(name, |(_, local)| local);
                Ok(StepTest::Name(local.into()))
            }
            _ => Err(self.error("the name of a node is needed")),
        }
    }

    fn node_type(&mut self) -> Result<StepTest, ParseError> {
        let test = match self.slice(self.token()) {
            "node" => StepTest::Node,
            "text" => StepTest::Text,
            "comment" | "processing-instruction" => StepTest::Nothing,
            _ => return Err(self.error("a function cannot stand inside a path")),
        };
        self.at += 2;
        if test == StepTest::Nothing {
            self.take(Kind::Text);
        }
        self.expect(Kind::Close, "a closing bracket is needed")?;
        Ok(test)
    }

    fn predicates(&mut self, slot: usize, reached: usize) -> Result<Box<[Predicate]>, ParseError> {
        let mut predicates = Vec::new();
        while self.take(Kind::OpenSquare) {
            self.scopes.push(Scope { path: slot, steps: reached });
            let of = self.expression()?;
            self.scopes.pop();
            self.expect(Kind::CloseSquare, "a closing ] is needed")?;
            predicates.push(Predicate { of, equality: self.equality(of) });
        }
        Ok(predicates.into())
    }

    /// Finds `column = value` in a predicate, alone or among conjuncts, where an index can serve it.
    fn equality(&self, of: Id) -> Option<Equality> {
        if !self.all(of, &|node| !is_positional(node)) {
            return None;
        }
        match self.program.node(of)? {
            Ast::And(parts) => parts.iter().find_map(|part| self.one_equality(*part)),
            _ => self.one_equality(of),
        }
    }

    fn one_equality(&self, of: Id) -> Option<Equality> {
        let Ast::Compare { first, rest } = self.program.node(of)? else { return None };
        let [(Cmp::Eq, second)] = &**rest else { return None };
        [(*first, *second), (*second, *first)].into_iter().find_map(|(column, value)| {
            let Ast::Path(path) = self.program.node(column)? else { return None };
            let ([step], Head::Context) = (&*path.steps, &path.head) else { return None };
            let StepTest::Name(name) = &step.test else { return None };
            let plain = step.predicates.is_empty() && matches!(step.axis, Axis::Child | Axis::Attribute);
            let free = plain && self.all(value, &|node| !needs_context(node));
            let attribute = step.axis == Axis::Attribute;
            free.then(|| Equality { column: name.clone(), attribute, value })
        })
    }

    /// Whether a rule holds for every node of an expression, predicates left out: they have other context nodes.
    /// The recursion is bounded by the nesting of brackets.
    fn all(&self, id: Id, rule: &dyn Fn(&Ast) -> bool) -> bool {
        let Some(node) = self.program.node(id) else { return false };
        rule(node) && node.operands().all(|part| self.all(part, rule))
    }
}

fn is_positional(node: &Ast) -> bool {
    matches!(node, Ast::Call(call) if matches!(&*call.name, "position" | "last"))
}

/// Whether a node's value depends on the filtered node, or differs from one evaluation to the next.
fn needs_context(node: &Ast) -> bool {
    match node {
        Ast::Path(path) => matches!(path.head, Head::Context),
        Ast::Call(call) => match call.row {
            Some(row) => {
                call.args.is_empty()
                    && row.min == 0
                    && !matches!(&*call.name, "true" | "false" | "pi" | "today" | "now")
                    || functions::purity(row, call.args.len()) == Purity::Random
                    || matches!(&*call.name, "position" | "last" | "once" | "lang" | "jr:choice-name")
            }
            None => true,
        },
        _ => false,
    }
}

/// `//name` without predicates is one step along `descendant`.
fn shorten(steps: Vec<Step>) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::with_capacity(steps.len());
    for mut step in steps {
        let plain_child = step.axis == Axis::Child && step.predicates.is_empty();
        let any_depth = out.last().is_some_and(|last| {
            last.axis == Axis::DescendantOrSelf && last.test == StepTest::Node && last.predicates.is_empty()
        });
        if plain_child && any_depth {
            out.pop();
            step.axis = Axis::Descendant;
        }
        out.push(step);
    }
    out
}

fn is_simple(head: &Head, steps: &[Step]) -> bool {
    let up = |step: &&Step| matches!(step.axis, Axis::SelfAxis | Axis::Parent) && step.test == StepTest::Node;
    let down = |step: &Step| {
        matches!(step.axis, Axis::Child | Axis::Attribute)
            && matches!(step.test, StepTest::Name(_) | StepTest::Any)
    };
    let lead = steps.iter().take_while(up).count();
    !matches!(head, Head::Expr { .. })
        && steps.len() <= SIMPLE_STEPS
        && steps.iter().all(|step| step.predicates.is_empty())
        && steps.iter().skip(lead).all(down)
}
