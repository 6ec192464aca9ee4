//! Stories and properties. People: Amina and Deng share a team, Achol is a third device, Grace sits at headquarters.

mod hostile;
mod merge;
mod parts;
mod properties;
mod unseen;

use crate::{Actor, ActorPrefix, Applied, Commit, Committed, Heads, Part, RecordError};
use baraza_model::{
    AnswerPath, DeviceId, Edit, Entropy, Incarnation, Instance, InstanceId, RecordId, Sensitivity, Status,
    Timestamp,
};

const RECORD: RecordId = RecordId([7; 16]);

/// Random bytes that a test can repeat.
struct Seeded(u64);

impl Entropy for Seeded {
    fn fill(&mut self, buf: &mut [u8]) {
        for byte in buf {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

/// A person with a tablet, and their copy of one part.
#[derive(Clone)]
struct Person {
    part: Part,
    actor: Actor,
    clock: i64,
}

impl Person {
    fn new(n: u8) -> Self {
        let actor = Actor::new(RECORD, DeviceId([n; 16]), Incarnation([n; 8]), &mut Seeded(n.into()));
        Self { part: Part::new(), actor, clock: 1_700_000_000_000 + i64::from(n) }
    }

    fn prefix(&self) -> ActorPrefix {
        self.actor.prefix()
    }

    fn write(&mut self, edits: &[Edit], status: Option<&Status>, at: Option<&Heads>) -> Committed {
        self.clock += 1000;
        let commit = Commit { edits, status, at, time: Timestamp(self.clock), note: None };
        self.part.commit(&self.actor, &commit).unwrap().expect("something is written")
    }

    fn answers(&mut self, question: &str, value: &str) -> Committed {
        self.write(&[set(question, value)], None, None)
    }

    fn notes(&mut self, question: &str, value: &str) -> Committed {
        self.write(&[text(question, value)], None, None)
    }

    fn hears(&mut self, from: &Person, committed: &Committed) -> Applied {
        self.part.apply_change(&committed.bytes, from.prefix()).unwrap()
    }

    /// Takes in all that the other has.
    fn meets(&mut self, other: &Person) {
        for (signer, bytes) in other.part.changes_since(&self.part.heads()) {
            self.part.apply_change(&bytes, signer).unwrap();
        }
    }

    fn reads(&self, question: &str) -> Option<String> {
        self.part.answers().values.get(&top(question)).cloned()
    }
}

fn top(question: &str) -> AnswerPath {
    AnswerPath { instance: None, question: question.to_owned() }
}

fn at(path: AnswerPath, value: Option<&str>, text: bool) -> Edit {
    Edit::Set { path, value: value.map(str::to_owned), text, sensitivity: Sensitivity::Moderate }
}

fn set(question: &str, value: &str) -> Edit {
    at(top(question), Some(value), false)
}

fn clear(question: &str) -> Edit {
    at(top(question), None, false)
}

fn text(question: &str, value: &str) -> Edit {
    at(top(question), Some(value), true)
}

fn contact(n: u8, order: u32) -> Instance {
    Instance { id: InstanceId([n; 16]), repeat: "contacts".into(), parent: None, order, removed: false }
}

fn within(n: u8, question: &str, value: &str) -> Edit {
    at(AnswerPath { instance: Some(InstanceId([n; 16])), question: question.into() }, Some(value), false)
}

/// Amina's survey on Amina's, Deng's and Achol's tablets.
fn team() -> (Person, Person, Person) {
    let (mut amina, mut deng, mut achol) = (Person::new(1), Person::new(2), Person::new(3));
    let first = amina.write(&[set("site", "bentiu"), set("safety", "2")], None, None);
    deng.hears(&amina, &first);
    achol.hears(&amina, &first);
    (amina, deng, achol)
}

fn refusal(result: Result<Applied, RecordError>) -> &'static str {
    result.expect_err("refused").code()
}
