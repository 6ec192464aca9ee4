//! What headquarters needs of a stored record: values by column, instances and problems; no labels, no choices, no
//! messages, and no event is fired.

use super::{NodeId, Options, Session};
use crate::compile::{DefId, Form};
use crate::session::NodeKind;
use baraza_model::{AnswerPath, Answers, InstanceId};
use std::sync::Arc;

/// A relevant value that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The table's place in [`crate::schema::Schema::tables`].
    pub table: u16,
    /// The column's place in that table.
    pub column: u16,
    /// The instance, in a repeat's table.
    pub instance: Option<InstanceId>,
    /// The value as in a submission.
    pub value: String,
}

/// A relevant repeat instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The table's place in [`crate::schema::Schema::tables`].
    pub table: u16,
    /// Its id, unique in its record.
    pub id: InstanceId,
    /// The instance that it is in.
    pub parent: Option<InstanceId>,
    /// From 1, among its siblings.
    pub position: u32,
}

/// What a person must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Required and blank.
    Missing,
    /// Refused by its constraint.
    Violated,
    /// Stored, and not relevant.
    Irrelevant,
}

/// A stored record, evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evaluation {
    /// Values by table, column and instance.
    pub cells: Vec<Cell>,
    /// Repeat instances in document order, repeat by repeat.
    pub instances: Vec<Placed>,
    /// Answers that need review.
    pub problems: Vec<(AnswerPath, Problem)>,
    /// The name that the form gives to the record, blank if none.
    pub name: String,
}

fn small(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

impl Session {
    /// Evaluates a stored record. Deterministic: the same answers and options give the same result.
    pub fn evaluate(form: &Arc<Form>, options: Options, answers: &Answers) -> Evaluation {
        Session::stored(Arc::clone(form), options, answers, [0; 32], true).evaluation()
    }

    /// What headquarters keeps of the record as it is now.
    pub fn evaluation(&self) -> Evaluation {
        let mut found = Evaluation { name: self.instance_name(), ..Evaluation::default() };
        for (def, node) in self.forest.homes() {
            self.cell(node, DefId(def), 0, None, &mut found);
        }
        for (number, list) in self.repeats.iter().enumerate() {
            let table = small(number + 1);
            let base = self.form.repeat(number).def.0;
            let mut position = 0;
            let mut parent = None;
            for occurrence in list {
                position = if occurrence.parent == parent { position + 1 } else { 1 };
                parent = occurrence.parent;
                if self.forest.primary().is_relevant(occurrence.node) {
                    found.instances.push(Placed { table, id: occurrence.id, parent, position });
                }
                for (node, offset) in occurrence.nodes.iter().zip(0..) {
                    if let Some(node) = node {
                        self.cell(*node, DefId(base + offset), table, Some(occurrence.id), &mut found);
                    }
                }
            }
        }
        found
    }

    fn cell(
        &self,
        node: NodeId,
        id: DefId,
        table: u16,
        instance: Option<InstanceId>,
        found: &mut Evaluation,
    ) {
        let def = self.form.node(id);
        if !def.is_leaf() {
            return;
        }
        let tree = self.forest.primary();
        let problem = if !tree.is_relevant(node) {
            self.is_irrelevant_stored(node).then_some(Problem::Irrelevant)
        } else if tree.text(node).is_empty() {
            self.is_missing(node).then_some(Problem::Missing)
        } else {
            self.is_violated(node).then_some(Problem::Violated)
        };
        if let (Some(problem), Some(path)) = (problem, problem.and_then(|_| self.place(node))) {
            found.problems.push((path, problem));
        }
        if let Some(column) = def.column.filter(|_| tree.is_relevant(node) && !tree.text(node).is_empty()) {
            found.cells.push(Cell { table, column, instance, value: tree.text(node).to_string() });
        }
        debug_assert!(def.kind != NodeKind::Note || def.column.is_none());
    }
}
