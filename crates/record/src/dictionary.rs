//! A sample of what a form's changes contain, to compress them with.

use crate::{Actor, Commit, Part};
use baraza_model::{
    AnswerPath, DeviceId, Edit, Entropy, Incarnation, Instance, InstanceId, RecordId, Sensitivity, Status,
    Timestamp,
};
use std::collections::BTreeMap;

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// The question's path.
    pub question: String,
    /// The innermost repeat around it, by path.
    pub repeat: Option<String>,
    /// Whether it is long text.
    pub text: bool,
    /// Values that are likely: the choices' names, or an example of a number or a date.
    pub values: Vec<String>,
}

/// Bytes that look like what a change of this form contains, as a raw zstd dictionary. Depends on nothing but the
/// questions, so that everybody derives the same; what comes last is nearest, so whole changes end it.
pub fn dictionary_sample(questions: &[Sample]) -> Vec<u8> {
    let mut out = Vec::new();
    for value in questions.iter().flat_map(|q| &q.values) {
        out.extend_from_slice(value.as_bytes());
    }
    for turn in [1, 0] {
        out.extend(sample_change(questions, turn));
    }
    out
}

/// A change that answers every question, with each question's `turn`th value.
fn sample_change(questions: &[Sample], turn: usize) -> Vec<u8> {
    let mut edits = Vec::new();
    let mut instances: BTreeMap<&str, InstanceId> = BTreeMap::new();
    for repeat in questions.iter().filter_map(|q| q.repeat.as_deref()) {
        let id = InstanceId([u8::try_from(instances.len()).unwrap_or(u8::MAX); 16]);
        let id = *instances.entry(repeat).or_insert(id);
        edits.push(Edit::Add(Instance {
            id,
            repeat: repeat.to_owned(),
            parent: None,
            order: 0,
            removed: false,
        }));
    }
    for Sample { question, repeat, text, values } in questions {
        let value = if *text { Some(" ") } else { values.get(turn).or(values.first()).map(String::as_str) };
        edits.push(Edit::Set {
            path: AnswerPath {
                instance: repeat.as_deref().and_then(|repeat| instances.get(repeat)).copied(),
                question: question.clone(),
            },
            value: Some(value.unwrap_or("1").to_owned()),
            text: *text,
            sensitivity: Sensitivity::default(),
        });
    }
    let actor = Actor::new(RecordId([0; 16]), DeviceId([0; 16]), Incarnation([0; 8]), &mut Zeros);
    let commit = Commit {
        edits: &edits,
        status: Some(&Status::Complete),
        time: Timestamp(1_800_000_000_000),
        ..Commit::default()
    };
    // A form with impossible paths gets a dictionary without changes, which compresses less and is still right.
    let committed = Part::new().commit(&actor, &commit).ok().flatten();
    committed.map(|committed| committed.bytes).unwrap_or_default()
}

struct Zeros;

impl Entropy for Zeros {
    fn fill(&mut self, buf: &mut [u8]) {
        buf.fill(0);
    }
}
