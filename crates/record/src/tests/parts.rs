//! Creating, storing, sending and laying parts over each other.

use super::*;
use crate::{Sample, dictionary_sample, overlay};

fn survey(answers: usize) -> Vec<Edit> {
    (0..answers).map(|n| set(&format!("g_{}/question_{n:02}", n / 8), &format!("{}", n % 5))).collect()
}

#[test]
fn the_genesis_is_the_same_for_everybody_forever() {
    assert_eq!(
        Part::new().heads().0[0].to_string(),
        "add2db661dd14a0402688b88f6298adb0b6c4cd0fb72a937422224cd10f800cc",
        "a different genesis cannot read what was written before"
    );
}

#[test]
fn a_survey_travels_as_one_change_and_is_read_without_a_document() {
    let mut amina = Person::new(1);
    let edits = [
        survey(40),
        vec![text("notes", "Quiet day."), Edit::Add(contact(1, 3)), within(1, "contacts/name", "elder")],
    ]
    .concat();
    let sent = amina.write(&edits, Some(&Status::Incomplete { reason: "rain".into() }), None);
    let grace = Part::from_change(&sent.bytes, amina.prefix()).unwrap();
    assert!(grace.doc.get().is_none());
    let fast = grace.answers();
    assert_eq!((fast.values.len(), grace.status()), (42, Status::Incomplete { reason: "rain".into() }));
    assert_eq!(fast, amina.part.answers());
    assert!(
        grace.doc.get().is_none() && amina.part.doc.get().is_some(),
        "both ways of reading were compared"
    );
    assert_eq!(grace.heads(), amina.part.heads());
    assert_eq!(Part::load(&grace.save()).unwrap().state(), amina.part.state());
}

#[test]
fn parts_can_be_read_by_several_workers() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Part>();
}

#[test]
fn writing_nothing_new_writes_nothing() {
    let (mut amina, ..) = team();
    let before = amina.part.heads();
    let edits = [set("safety", "2"), clear("never_asked"), at(top("notes"), None, true)];
    let commit = Commit { edits: &edits, status: Some(&Status::Draft), ..Commit::default() };
    assert_eq!(amina.part.commit(&amina.actor, &commit), Ok(None));
    assert_eq!(amina.part.heads(), before);
}

#[test]
fn what_was_erased_before_anybody_saw_it_is_not_written() {
    let mut amina = Person::new(1);
    let (mut child, secret) = (contact(2, 0), "the informant's name");
    child.parent = Some(InstanceId([1; 16]));
    let sent = amina.write(
        &[
            set("site", "bentiu"),
            set("source", secret),
            Edit::Add(contact(1, 0)),
            within(1, "contacts/name", secret),
            Edit::Add(child),
            within(2, "contacts/child", secret),
            Edit::Remove { id: InstanceId([1; 16]), removed: true },
            clear("source"),
        ],
        None,
        None,
    );
    for bytes in [sent.bytes, amina.part.save()] {
        assert!(!bytes.windows(8).any(|w| secret.as_bytes().starts_with(w)));
    }
    assert_eq!(amina.part.answers().instances.len(), 0);
}

#[test]
fn an_answer_in_an_instance_that_the_part_lacks_is_refused() {
    let (mut amina, ..) = team();
    let edits = [within(9, "contacts/name", "x")];
    let commit = Commit { edits: &edits, ..Commit::default() };
    assert_eq!(amina.part.commit(&amina.actor, &commit), Err(RecordError::UnknownInstance));
}

#[test]
fn changes_wait_for_what_they_depend_on() {
    let (mut amina, mut deng, _) = team();
    let first = amina.answers("safety", "3");
    let second = amina.answers("safety", "4");
    let before = deng.part.heads();
    let waiting = deng.hears(&amina, &second);
    assert_eq!(waiting, Applied::Waiting { change: second.change, missing: vec![first.change] });
    assert_eq!(deng.part.heads(), before);
    assert_eq!(deng.part.missing_deps(&amina.part.heads()), [second.change]);
    assert_eq!(deng.hears(&amina, &first), Applied::New(first.change));
    assert_eq!(deng.hears(&amina, &second), Applied::New(second.change));
    assert_eq!(deng.hears(&amina, &second), Applied::Duplicate(second.change));
    assert_eq!(deng.reads("safety").as_deref(), Some("4"));
}

#[test]
fn a_snapshot_brings_a_new_reader_up_to_date() {
    let (mut amina, mut deng, _) = team();
    amina.notes("notes", "Amina's.");
    deng.notes("notes", "Deng's.");
    deng.answers("safety", "1");
    amina.meets(&deng);
    let grace = Part::from_snapshot(&amina.part.snapshot()).unwrap();
    assert_eq!((grace.answers(), grace.heads()), (amina.part.answers(), amina.part.heads()));
    assert_eq!(grace.history(), amina.part.history());
    let new = deng.part.merge_snapshot(&amina.part.snapshot()).unwrap();
    assert_eq!((new.len(), deng.part.answers()), (1, amina.part.answers()));
    assert_eq!(deng.part.merge_snapshot(&amina.part.snapshot()), Ok(vec![]));
}

#[test]
fn severe_answers_of_two_devices_are_laid_over_the_shared_part() {
    let (amina, ..) = team();
    let (mut hers, mut his) = (Person::new(1), Person::new(2));
    hers.write(&[set("perpetrator", "militia")], None, None);
    his.write(&[set("perpetrator", "army"), set("survivor_age", "15")], None, None);
    let (answers, conflicts) = overlay(&amina.part, &[&hers.part, &his.part]);
    assert_eq!(answers.values.len(), 4);
    assert_eq!(answers.values[&top("survivor_age")], "15");
    assert_eq!(conflicts.len(), 1);
    let authors: Vec<_> = conflicts[0].values.iter().map(|claim| claim.actor_prefix).collect();
    assert_eq!((conflicts[0].path.clone(), authors), (top("perpetrator"), vec![hers.prefix(), his.prefix()]));
    assert_eq!(overlay(&amina.part, &[&hers.part]).1, []);
}

#[test]
fn the_dictionary_sample_looks_like_a_change() {
    let values = || vec!["yes".to_owned(), "no".to_owned()];
    let sample = |question: &str| Sample { question: question.into(), values: values(), ..Sample::default() };
    let in_repeat = Sample { repeat: Some("contacts".into()), ..sample("contacts/name") };
    let questions = [sample("g_start/adm1"), sample("g_safety/day"), in_repeat];
    let bytes = dictionary_sample(&questions);
    assert_eq!(bytes, dictionary_sample(&questions));
    let mut amina = Person::new(1);
    let sent =
        amina.write(&[set("g_start/adm1", "yes"), set("g_safety/day", "no")], Some(&Status::Complete), None);
    let keys = b"\x0bg_safety/day\x0cg_start/adm1";
    let keys: Vec<u8> = [&[0x0c], &keys[1..]].concat();
    for bytes in [&bytes, &sent.bytes] {
        assert!(bytes.windows(keys.len()).any(|w| w == keys), "{}", String::from_utf8_lossy(bytes));
    }
}
