//! From answers to rows: the form's own logic decides what applies, what is computed, and what no longer holds.
//!
//! Pure. The clock that rules see is the record's own (when it was last written), never the office's: the same
//! record gives the same rows whenever it is imported.

use baraza_forms::{Evaluation, Form, Options, Problem as Finding, Session};
use baraza_model::{AnswerPath, Answers, InstanceId, Sensitivity, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Most rows that one record may project: a hostile record must not fill the store.
pub(crate) const MOST_ROWS: usize = 10_000;

/// A form made ready for evaluation.
#[derive(Debug)]
pub(crate) struct EvaluableForm {
    form: Arc<Form>,
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
}

/// The codes of what an evaluation finds wrong.
pub mod review_code {
    /// A required question that applies has no answer.
    pub const MISSING: &str = "review.missing";
    /// An answer that is kept but does not apply any more; it is not exported.
    pub const IRRELEVANT: &str = "review.irrelevant";
    /// A constraint refuses the answer.
    pub const VIOLATED: &str = "review.violated";
    /// The record was written to by somebody who had not seen that it was finalised.
    pub const CHANGED: &str = "review.changed-after-finalising";
    /// More repeat instances than a record may have: only the first are projected.
    pub const TOO_LARGE: &str = "review.too-large";
}

impl EvaluableForm {
    pub(crate) fn new(form: Arc<Form>) -> Self {
        let columns = form.schema().tables.iter().flat_map(|table| &table.columns);
        let severe =
            columns.filter(|c| c.sensitivity == Sensitivity::Severe).map(|c| c.path.clone()).collect();
        Self { form, severe }
    }

    pub(crate) fn is_severe(&self, question: &str) -> bool {
        self.severe.contains(question)
    }

    /// Evaluates a record. `severe_here` says whether its severe parts are among the answers, or it has none.
    pub(crate) fn evaluate(
        &self,
        answers: &Answers,
        severe_here: bool,
        at: Timestamp,
        zone_minutes: i32,
    ) -> Evaluated {
        let options = Options {
            now_ms: at.0,
            zone_minutes,
            absent: if severe_here { BTreeSet::new() } else { self.severe.clone() },
            ..Options::default()
        };
        let Evaluation { cells, instances, problems, .. } = Session::evaluate(&self.form, options, answers);
        let mut evaluated = Evaluated::default();
        evaluated.rows.reserve(1 + instances.len().min(MOST_ROWS));
        evaluated.rows.push(Row { table: 0, instance: None, parent: None, position: 0, cells: Vec::new() });
        let mut places: HashMap<InstanceId, usize> = HashMap::with_capacity(instances.len());
        for placed in &instances {
            let table = usize::from(placed.table);
            if evaluated.rows.len() > MOST_ROWS {
                let question =
                    self.form.schema().tables.get(table).map(|t| t.repeat.clone()).unwrap_or_default();
                let path = AnswerPath { instance: None, question };
                evaluated.problems.push(Problem { path, code: review_code::TOO_LARGE, severe: false });
                break;
            }
            places.insert(placed.id, evaluated.rows.len());
            let (instance, parent, position) = (Some(placed.id), placed.parent, placed.position);
            evaluated.rows.push(Row { table, instance, parent, position, cells: Vec::new() });
        }
        for cell in cells {
            let place = match cell.instance {
                None => Some(0),
                Some(instance) => places.get(&instance).copied(),
            };
            if let Some(row) = place.and_then(|place| evaluated.rows.get_mut(place)) {
                row.cells.push((usize::from(cell.column), cell.value));
            }
        }
        evaluated.problems.extend(problems.into_iter().map(|(path, finding)| Problem {
            severe: self.is_severe(&path.question),
            path,
            code: match finding {
                Finding::Missing => review_code::MISSING,
                Finding::Violated => review_code::VIOLATED,
                Finding::Irrelevant => review_code::IRRELEVANT,
            },
        }));
        evaluated
    }
}
