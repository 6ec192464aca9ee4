//! From answers to rows: the form's own logic decides what applies, what is computed, and what no longer holds.
//!
//! Pure. The clock that rules see is the record's own (when it was last written), never the office's: the same
//! record gives the same rows whenever it is imported.

use baraza_forms::schema::Schema;
use baraza_forms::{Form, NodeKind, Options, Session};
use baraza_model::{AnswerPath, Answers, Entropy, InstanceId, Sensitivity, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Most rows that one record may project: a hostile record must not fill the store.
pub(crate) const MOST_ROWS: usize = 10_000;

/// A form made ready for evaluation.
#[derive(Debug)]
pub(crate) struct EvaluableForm {
    form: Arc<Form>,
    /// Question path → (table, column) of the schema.
    columns: HashMap<String, (usize, usize)>,
    /// Repeat path → table.
    repeats: HashMap<String, usize>,
    /// All severe questions.
    severe: BTreeSet<String>,
}

/// The rows of a record, and what a person must look at.
#[derive(Debug, Default)]
pub(crate) struct Evaluated {
    pub(crate) rows: Vec<Row>,
    pub(crate) problems: Vec<Problem>,
}

/// One row of one table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) table: usize,
    pub(crate) instance: Option<InstanceId>,
    pub(crate) parent: Option<InstanceId>,
    /// Place among the siblings, from 1; 0 for the record itself.
    pub(crate) position: u32,
    /// Column → value, only what is relevant and not blank.
    pub(crate) cells: Vec<(usize, String)>,
}

/// A rule that does not hold.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) path: AnswerPath,
    pub(crate) code: &'static str,
    pub(crate) severe: bool,
    pub(crate) message: String,
}

/// The codes of [`Problem`].
pub mod review_code {
    /// A required question that applies has no answer.
    pub const MISSING: &str = "review.missing";
    /// A constraint refuses the answer.
    pub const VIOLATED: &str = "review.violated";
    /// The record was written to by somebody who had not seen that it was finalised.
    pub const CHANGED: &str = "review.changed-after-finalising";
    /// More repeat instances than a record may have: only the first are projected.
    pub const TOO_LARGE: &str = "review.too-large";
}

/// Evaluation needs no randomness: what is random was stored. A form that asks for some gets zeros.
struct NoEntropy;

impl Entropy for NoEntropy {
    fn fill(&mut self, buf: &mut [u8]) {
        buf.fill(0);
    }
}

impl EvaluableForm {
    pub(crate) fn new(form: Arc<Form>) -> Self {
        let schema: &Schema = form.schema();
        let mut columns = HashMap::new();
        let mut repeats = HashMap::new();
        let mut severe = BTreeSet::new();
        for (place, table) in schema.tables.iter().enumerate() {
            repeats.insert(table.repeat.clone(), place);
            for (number, column) in table.columns.iter().enumerate() {
                columns.insert(column.path.clone(), (place, number));
                if column.sensitivity == Sensitivity::Severe {
                    severe.insert(column.path.clone());
                }
            }
        }
        Self { form, columns, repeats, severe }
    }

    pub(crate) fn is_severe(&self, question: &str) -> bool {
        self.severe.contains(question)
    }

    /// Evaluates a record. `severe_here` says whether its severe parts (if it has any) are among the answers.
    pub(crate) fn evaluate(&self, answers: &Answers, severe_here: bool, at: Timestamp, zone_minutes: i32) -> Evaluated {
        let options = Options {
            now_ms: at.0,
            zone_minutes,
            absent: if severe_here { BTreeSet::new() } else { self.severe.clone() },
            ..Options::default()
        };
        let session = Session::restore(Arc::clone(&self.form), options, answers, &mut NoEntropy);
        let mut evaluated = self.skeleton(answers);
        let place: HashMap<Option<InstanceId>, usize> =
            evaluated.rows.iter().enumerate().map(|(number, row)| (row.instance, number)).collect();
        let mut relevant: BTreeSet<usize> = BTreeSet::new();
        for node in session.nodes() {
            let Some(path) = node.answer else { continue };
            let Some(number) = place.get(&path.instance) else { continue };
            if node.relevant {
                relevant.insert(*number);
            }
            let Some((_, column)) = self.columns.get(&path.question) else { continue };
            if node.relevant
                && !node.value.is_empty()
                && let Some(row) = evaluated.rows.get_mut(*number)
            {
                row.cells.push((*column, node.value));
            }
        }
        let mut number = 0;
        evaluated.rows.retain(|row| {
            number += 1;
            row.instance.is_none() || relevant.contains(&(number - 1))
        });
        self.problems(&session, &mut evaluated);
        evaluated
    }

    /// One row for the record and one for each instance that was not removed, nor any that it is in.
    fn skeleton(&self, answers: &Answers) -> Evaluated {
        let mut evaluated = Evaluated::default();
        evaluated.rows.push(Row { table: 0, instance: None, parent: None, position: 0, cells: Vec::new() });
        if answers.instances.is_empty() {
            return evaluated;
        }
        let mut children: BTreeMap<Option<InstanceId>, Vec<_>> = BTreeMap::new();
        for instance in answers.instances.values().filter(|i| !i.removed) {
            children.entry(instance.parent).or_default().push(instance);
        }
        let mut waiting = vec![None];
        while let Some(parent) = waiting.pop() {
            let Some(mut found) = children.remove(&parent) else { continue };
            found.sort_by(|a, b| (&a.repeat, a.order, a.id).cmp(&(&b.repeat, b.order, b.id)));
            let mut positions: HashMap<&str, u32> = HashMap::new();
            for instance in found {
                let position = positions.entry(instance.repeat.as_str()).or_default();
                *position += 1;
                let Some(table) = self.repeats.get(&instance.repeat) else { continue };
                if evaluated.rows.len() >= MOST_ROWS {
                    let path = AnswerPath { instance: None, question: instance.repeat.clone() };
                    let message = String::new();
                    evaluated.problems.push(Problem { path, code: review_code::TOO_LARGE, severe: false, message });
                    return evaluated;
                }
                evaluated.rows.push(Row {
                    table: *table,
                    instance: Some(instance.id),
                    parent,
                    position: *position,
                    cells: Vec::new(),
                });
                waiting.push(Some(instance.id));
            }
        }
        evaluated
    }

    fn problems(&self, session: &Session, evaluated: &mut Evaluated) {
        let missing = session.missing().into_iter().map(|node| (node, review_code::MISSING));
        let violated = session.violations().into_iter().map(|node| (node, review_code::VIOLATED));
        for (node, code) in missing.chain(violated) {
            let Some(path) = node.answer else { continue };
            if node.kind == NodeKind::Note {
                continue;
            }
            evaluated.problems.push(Problem {
                severe: self.is_severe(&path.question),
                path,
                code,
                message: node.message.unwrap_or_default(),
            });
        }
    }
}
