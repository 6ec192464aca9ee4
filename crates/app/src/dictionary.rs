//! The compression dictionary of a form, trained on records that nobody filled.
//!
//! A form's records resemble each other: the same questions in the same order, few choices each. Walking the form
//! as an indifferent respondent would, with a fixed seed, gives changes that look like real ones; zstd learns from
//! them what is common. Nothing of any real record is in a dictionary, and the same form gives the same one.

use crate::commit::{Questions, difference, is_severe};
use baraza_forms::schema::Source;
use baraza_forms::{Form, NodeKind, Options, Session};
use baraza_model::{Answers, DeviceId, Entropy, Incarnation, RecordId, Status, Timestamp};
use baraza_record::{Actor, Commit, Part, Sample, dictionary_sample};
use std::sync::Arc;

/// Enough to learn the common shapes; publishing waits for them to be written.
const RECORDS: u64 = 150;
/// Longer dictionaries gained less than they cost in memory.
const DICTIONARY_BYTES: usize = 16 * 1024;
/// An hour of an ordinary working day: dates of records look like it.
const WORKING_DAY: Timestamp = Timestamp(1_795_680_000_000);

/// The dictionary that a form's payloads are compressed against.
pub(crate) fn train(form: &Arc<Form>) -> Vec<u8> {
    let questions = Questions::of(form);
    let changes: Vec<Vec<u8>> = (1..=RECORDS).filter_map(|seed| change(form, &questions, seed)).collect();
    // A form too small to learn from has little to compress.
    zstd::dict::from_samples(&changes, DICTIONARY_BYTES).unwrap_or_else(|_| dictionary_sample(&samples(form)))
}

fn change(form: &Arc<Form>, questions: &Questions, seed: u64) -> Option<Vec<u8>> {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let record = RecordId::new_v4(&mut dice);
    let answers = indifferent(form, record, &mut dice);
    let mut edits = difference(&Answers::default(), &answers, questions);
    edits.retain(|edit| !is_severe(edit));
    let actor = Actor::new(record, DeviceId::random(&mut dice), Incarnation::random(&mut dice), &mut dice);
    let commit =
        Commit { edits: &edits, status: Some(&Status::Complete), time: WORKING_DAY, ..Commit::default() };
    Some(Part::new().commit(&actor, &commit).ok()??.bytes)
}

/// Answers everything that is asked, mostly with the first choice.
fn indifferent(form: &Arc<Form>, record: RecordId, dice: &mut Dice) -> Answers {
    let options = Options {
        now_ms: WORKING_DAY.0,
        device_alias: "Tablet 1".into(),
        instance_id: format!("uuid:{}", uuid::Uuid::from_bytes(record.0)),
        ..Options::default()
    };
    let mut session = Session::start(Arc::clone(form), options, dice);
    // What an answer opens can stand before it: a second walk finds it.
    for _ in 0..2 {
        for node in session.nodes() {
            let Some(node) = session.node(node.id) else { continue };
            if !node.relevant || node.readonly || !node.value.is_empty() {
                continue;
            }
            let answer = match node.kind {
                NodeKind::Trigger => "OK".to_owned(),
                NodeKind::Select | NodeKind::Rank => {
                    let choices = node.choices.unwrap_or_default();
                    let at = if dice.below(10) < 6 { 0 } else { dice.below(choices.len()) };
                    choices.into_iter().nth(at).map(|choice| choice.value).unwrap_or_default()
                }
                NodeKind::Input if node.datatype == "int" => (1 + dice.below(9)).to_string(),
                NodeKind::Input if node.datatype == "string" => "the".to_owned(),
                NodeKind::Input if node.datatype == "date" => "2026-11-26".to_owned(),
                _ => continue,
            };
            // A question that takes no such answer stays blank.
            let _ = session.set(&node.path, &answer);
        }
    }
    session.finalise();
    let mut answers = session.answers();
    session.irrelevant_stored().iter().for_each(|path| {
        answers.values.remove(path);
    });
    answers
}

fn samples(form: &Form) -> Vec<Sample> {
    let tables = form.schema().tables.iter();
    let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    columns
        .filter(|(_, column)| column.source != Source::PureCalculation)
        .map(|(table, column)| Sample {
            question: column.path.clone(),
            repeat: Some(table.repeat.clone()).filter(|repeat| !repeat.is_empty()),
            text: column.multiline,
            values: column.choices.iter().map(|choice| choice.value.clone()).collect(),
        })
        .collect()
}

/// A fixed sequence (xorshift64*): the same form must give the same dictionary. Never used for keys.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from((self.next() >> 16) % limit).unwrap_or(0)
    }
}

impl Entropy for Dice {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(8) {
            let bytes = self.next().to_le_bytes();
            chunk.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        }
    }
}
