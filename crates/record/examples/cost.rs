//! Prints what a record costs: bytes on the wire and microseconds at headquarters.
//!
//! `cargo run --release -p baraza-record --example cost`

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "an example that prints a table"
)]

use baraza_model::{
    AnswerPath, DeviceId, Edit, Entropy, Incarnation, Instance, InstanceId, RecordId, Sensitivity, Status,
    Timestamp,
};
use baraza_record::{Actor, Applied, Commit, Part, Sample, actor_prefix, dictionary_sample};
use std::hint::black_box;
use std::time::Instant;

struct Counter(u64);

impl Entropy for Counter {
    fn fill(&mut self, buf: &mut [u8]) {
        for byte in buf {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

impl Counter {
    fn below(&mut self, n: usize) -> usize {
        usize::from(u16::from_be_bytes(self.bytes())) % n
    }
}

const CHOICES: [&str; 6] = ["yes", "no", "very_safe", "somewhat_safe", "unsafe", "prefer_not_to_say"];

fn questions(n: usize) -> Vec<Sample> {
    let groups = ["g_start", "g_consent", "g_safety", "g_movement", "g_services", "g_end"];
    let question = |i: usize| Sample {
        question: format!(
            "{}/{}_{i}",
            groups[i * groups.len() / n],
            ["feels_safe", "who_helps", "distance_km"][i % 3]
        ),
        values: CHOICES.iter().map(|c| (*c).to_owned()).collect(),
        ..Sample::default()
    };
    (0..n).map(question).collect()
}

fn fill(questions: &[Sample], rng: &mut Counter) -> Vec<Edit> {
    let set = |q: &Sample, value: String| Edit::Set {
        path: AnswerPath { instance: None, question: q.question.clone() },
        value: Some(value),
        text: false,
        sensitivity: Sensitivity::Moderate,
    };
    questions
        .iter()
        .enumerate()
        .map(|(i, q)| match i % 3 {
            2 => set(q, rng.below(500).to_string()),
            _ => set(q, CHOICES[rng.below(CHOICES.len())].to_owned()),
        })
        .collect()
}

fn micros<T>(what: &str, times: u32, mut run: impl FnMut() -> T) {
    (0..times / 10).for_each(|_| drop(black_box(run())));
    let start = Instant::now();
    (0..times).for_each(|_| drop(black_box(run())));
    println!("{what:<58} {:>9.1} µs", start.elapsed().as_secs_f64() * 1e6 / f64::from(times));
}

fn main() {
    let mut rng = Counter(1);
    let (record, device, incarnation) = (RecordId([1; 16]), DeviceId([2; 16]), Incarnation([3; 8]));
    let prefix = actor_prefix(record, device, incarnation);
    for n in [40, 60] {
        let questions = questions(n);
        let dictionary = dictionary_sample(&questions);
        let mut compressor = zstd::bulk::Compressor::with_dictionary(19, &dictionary).unwrap();
        let (mut raw, mut packed, mut json) = (0, 0, 0);
        let mut last = Vec::new();
        for _ in 0..100 {
            let edits = fill(&questions, &mut rng);
            let actor = Actor::new(record, device, incarnation, &mut rng);
            let time = Timestamp(1_790_000_000_000 + i64::try_from(rng.below(60_000)).unwrap() * 1000);
            let commit = Commit { edits: &edits, status: Some(&Status::Complete), time, ..Commit::default() };
            let mut part = Part::new();
            last = part.commit(&actor, &commit).unwrap().unwrap().bytes;
            raw += last.len();
            packed += compressor.compress(&last).unwrap().len();
            let answers = part.answers();
            let fields: Vec<String> =
                answers.values.iter().map(|(p, v)| format!("{:?}:{v:?}", p.question)).collect();
            json += zstd::bulk::compress(format!("{{{}}}", fields.join(",")).as_bytes(), 19).unwrap().len();
        }
        println!(
            "{n} answers: change {} B, zstd-19 with the dictionary ({} B) {} B, flat JSON alone zstd-19 {} B",
            raw / 100,
            dictionary.len(),
            packed / 100,
            json / 100
        );
        let edits = fill(&questions, &mut rng);
        let actor = Actor::new(record, device, incarnation, &mut rng);
        let commit = Commit { edits: &edits, status: Some(&Status::Complete), ..Commit::default() };
        micros("commit as one change", 2_000, || Part::new().commit(&actor, &commit).unwrap());
        micros("from_change", 20_000, || Part::from_change(&last, prefix).unwrap());
        micros("from_change + answers", 20_000, || Part::from_change(&last, prefix).unwrap().answers());
        micros("from_change + answers + status + save", 20_000, || {
            let part = Part::from_change(&last, prefix).unwrap();
            (part.answers(), part.status(), part.save())
        });
        let part = Part::from_change(&last, prefix).unwrap();
        let saved = part.save();
        micros("load (one change) + answers", 20_000, || Part::load(&saved).unwrap().answers());
        part.history();
        micros("answers of a built document", 5_000, || part.answers());
        let mut two = part.clone();
        let edits = fill(&questions, &mut rng);
        let second =
            two.commit(&actor, &Commit { edits: &edits[..3], ..Commit::default() }).unwrap().unwrap();
        micros("load + apply a second change + answers", 2_000, || {
            let mut part = Part::load(&saved).unwrap();
            assert!(matches!(part.apply_change(&second.bytes, prefix).unwrap(), Applied::New(_)));
            part.answers()
        });
        let saved = two.save();
        micros("load (two changes) + answers", 2_000, || Part::load(&saved).unwrap().answers());
    }
    notes(&mut rng, prefix, record, device, incarnation);
}

fn notes(
    rng: &mut Counter,
    prefix: baraza_record::ActorPrefix,
    record: RecordId,
    device: DeviceId,
    incarnation: Incarnation,
) {
    let words = ["water", "the", "women", "fear", "road", "night", "market", "said", "that", "patrol"];
    let text: Vec<&str> = (0..1500).map(|_| words[rng.below(words.len())]).collect();
    let mut edits = vec![Edit::Set {
        path: AnswerPath { instance: None, question: "notes".into() },
        value: Some(text.join(" ")),
        text: true,
        sensitivity: Sensitivity::Moderate,
    }];
    for n in 0..10 {
        let id = InstanceId::new_v4(rng);
        edits.push(Edit::Add(Instance {
            id,
            repeat: "commitments".into(),
            parent: None,
            order: n,
            removed: false,
        }));
        edits.push(Edit::Set {
            path: AnswerPath { instance: Some(id), question: "commitments/who".into() },
            value: Some("unmiss".into()),
            text: false,
            sensitivity: Sensitivity::Moderate,
        });
    }
    let actor = Actor::new(record, device, incarnation, rng);
    let commit = Commit { edits: &edits, status: Some(&Status::Complete), ..Commit::default() };
    let sent = Part::new().commit(&actor, &commit).unwrap().unwrap().bytes;
    println!("notes of {} letters and 10 commitments: change {} B", text.join(" ").len(), sent.len());
    micros("commit", 50, || Part::new().commit(&actor, &commit).unwrap());
    micros("from_change + answers", 500, || Part::from_change(&sent, prefix).unwrap().answers());
}
