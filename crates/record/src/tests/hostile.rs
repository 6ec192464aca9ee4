//! A signed change can still be hostile. Nothing here may panic, and nothing refused may leave a trace.

use super::*;
use crate::bytes::put_uleb;
use crate::{decode, seed, wire};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ROOT, ScalarValue};
use proptest::prelude::*;

/// A change that Mallory, who has a key and no scruples, writes with Automerge itself on top of a document.
fn mallory(
    doc: &Automerge,
    write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
) -> Vec<u8> {
    let mut doc = doc.clone();
    doc.set_actor(ActorId::from(Person::new(6).actor.bytes()));
    let mut tx = doc.transaction();
    write(&mut tx).unwrap();
    tx.commit_with(CommitOptions::default().with_time(1));
    let change = doc.get_last_local_change().unwrap();
    wire::pack_change(decode::body_of(change.raw_bytes()).unwrap()).unwrap()
}

fn refused(part: &Part, bytes: &[u8]) -> &'static str {
    let mut copy = part.clone();
    let code = refusal(copy.apply_change(bytes, Person::new(6).prefix()));
    assert_eq!((copy.heads(), copy.answers(), copy.save()), (part.heads(), part.answers(), part.save()));
    code
}

fn answers_map() -> ObjId {
    ObjId::Id(seed::ANSWERS, ActorId::from(seed::GENESIS_ACTOR), 0)
}

fn instances_map() -> ObjId {
    ObjId::Id(seed::INSTANCES, ActorId::from(seed::GENESIS_ACTOR), 0)
}

#[test]
fn only_the_shape_gets_in() {
    let (mut amina, ..) = team();
    amina.write(&[Edit::Add(contact(1, 0)), text("notes", "Some.")], None, None);
    let part = &amina.part;
    let doc = part.doc().unwrap();
    let id = crate::shape::instance_key(InstanceId([1; 16]));
    let new = crate::shape::instance_key(InstanceId([2; 16]));
    let (_, instance) = automerge::ReadDoc::get(doc, instances_map(), id.as_str()).unwrap().unwrap();
    let (_, notes) = automerge::ReadDoc::get(doc, answers_map(), "notes").unwrap().unwrap();
    type Write<'w> = Box<dyn Fn(&mut Transaction<'_>) -> Result<(), AutomergeError> + 'w>;
    let attempts: Vec<(&str, Write<'_>)> = vec![
        ("a key at the root", Box::new(|tx| tx.put(ROOT, "z", 1))),
        ("another version", Box::new(|tx| tx.put(ROOT, "v", 2_u64))),
        ("hiding all answers", Box::new(|tx| tx.put_object(ROOT, "a", ObjType::Map).map(drop))),
        ("deleting all answers", Box::new(|tx| tx.delete(ROOT, "a"))),
        ("a status of its own", Box::new(|tx| tx.put(ROOT, "s", "erased"))),
        ("deleting an answer", Box::new(|tx| tx.delete(answers_map(), "safety"))),
        ("a number for an answer", Box::new(|tx| tx.put(answers_map(), "safety", 7))),
        ("a counter for an answer", Box::new(|tx| tx.put(answers_map(), "safety", ScalarValue::counter(1)))),
        (
            "a map for an answer",
            Box::new(|tx| tx.put_object(answers_map(), "safety", ObjType::Map).map(drop)),
        ),
        (
            "a list for an answer",
            Box::new(|tx| tx.put_object(answers_map(), "safety", ObjType::List).map(drop)),
        ),
        ("a path of spaces", Box::new(|tx| tx.put(answers_map(), "a b", "1"))),
        ("an answer too long", Box::new(|tx| tx.put(answers_map(), "q", "x".repeat(70_000)))),
        (
            "hiding an instance",
            Box::new(|tx| tx.put_object(instances_map(), id.as_str(), ObjType::Map).map(drop)),
        ),
        (
            "an instance without a repeat",
            Box::new(|tx| tx.put_object(instances_map(), new.as_str(), ObjType::Map).map(drop)),
        ),
        (
            "an instance that is no id",
            Box::new(|tx| tx.put_object(instances_map(), "one", ObjType::Map).map(drop)),
        ),
        ("moving an instance", Box::new(|tx| tx.put(&instance, "of", "elsewhere"))),
        (
            "a marked text",
            Box::new(|tx| {
                let mark = automerge::marks::Mark::new("bold".to_owned(), true, 0, 2);
                tx.mark(&notes, mark, automerge::marks::ExpandMark::Both)
            }),
        ),
        ("a map in a text", Box::new(|tx| tx.insert_object(&notes, 0, ObjType::Map).map(drop))),
        ("a number in a text", Box::new(|tx| tx.insert(&notes, 0, 3))),
    ];
    for (what, write) in attempts {
        let code = refused(part, &mallory(doc, write));
        assert!(["record.shape", "record.malformed"].contains(&code), "{what}: {code}");
    }
    let honest = mallory(doc, |tx| tx.put(answers_map(), "safety", "3"));
    assert!(matches!(part.clone().apply_change(&honest, Person::new(6).prefix()), Ok(Applied::New(_))));
}

#[test]
fn a_change_of_another_device_or_record_is_refused() {
    let (mut amina, deng, _) = team();
    let sent = amina.answers("safety", "5");
    // Signed by Deng: the rebuilt change is another one, without Amina's previous changes behind it.
    let code = refusal(deng.part.clone().apply_change(&sent.bytes, deng.prefix()));
    assert_eq!(code, "record.causality");
    let elsewhere = crate::actor_prefix(RecordId([8; 16]), DeviceId([1; 16]), Incarnation([1; 8]));
    assert_ne!(elsewhere, amina.prefix());
    assert_eq!(refusal(deng.part.clone().apply_change(&sent.bytes, elsewhere)), "record.causality");
}

#[test]
fn a_sequence_number_used_twice_is_refused() {
    let (mut amina, mut deng, _) = team();
    let mut twin = amina.clone();
    let (one, other) = (amina.answers("safety", "3"), twin.answers("safety", "4"));
    deng.hears(&amina, &one);
    assert_eq!(refusal(deng.part.apply_change(&other.bytes, twin.prefix())), "record.actor-reused");
}

#[test]
fn chunks_of_automerges_other_kinds_are_refused() {
    let (mut amina, ..) = team();
    amina.notes("notes", &"long enough to be compressed ".repeat(100));
    let doc = amina.part.doc().unwrap();
    let mut changes = doc.get_changes(&[]);
    let compressed = changes.last_mut().unwrap().bytes().into_owned();
    assert_eq!(compressed[8], 2, "a compressed chunk");
    let hashes = changes.iter().map(automerge::Change::hash);
    let bundle = doc.bundle(hashes).unwrap().bytes().to_vec();
    let raw = changes[1].raw_bytes().to_vec();
    for bytes in [compressed, bundle, doc.save(), doc.save_nocompress(), raw] {
        assert_eq!(refused(&amina.part, &bytes), "record.unknown-version");
        assert_eq!(Part::load(&bytes).unwrap_err().code(), "record.unknown-version");
        assert_eq!(Part::from_snapshot(&bytes).unwrap_err().code(), "record.unknown-version");
    }
}

/// A body with the given action column, which decides how many operations it claims.
fn claiming(action: &[u8], value_meta: &[u8]) -> Vec<u8> {
    let mut body = vec![1];
    body.extend_from_slice(&seed::genesis().id.0);
    body.push(16);
    body.extend_from_slice(&Person::new(6).actor.bytes());
    body.extend_from_slice(&[1, 4, 0, 0, 0]);
    let key: &[u8] = &[0x7f, 1, b's'];
    let columns = [(0x15, key), (0x34, &[1][..]), (0x42, action), (0x56, value_meta), (0x70, &[0x7f, 0][..])];
    put_uleb(&mut body, columns.len() as u64);
    for (spec, bytes) in columns {
        put_uleb(&mut body, spec);
        put_uleb(&mut body, bytes.len() as u64);
    }
    for (_, bytes) in columns {
        body.extend_from_slice(bytes);
    }
    wire::pack_change(&body).unwrap()
}

#[test]
fn a_few_bytes_that_claim_billions_of_operations_cost_nothing() {
    let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 1];
    let nulls = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f];
    for action in [&huge[..], &nulls[..]] {
        let code = refused(&Part::new(), &claiming(action, &huge));
        assert!(["record.too-large", "record.malformed", "record.shape"].contains(&code), "{code}");
    }
    let code = refused(&Part::new(), &claiming(&[0x7f, 1], &[0x7f, 0xf6, 0xff, 0xff, 0xff, 0xff, 0x0f]));
    assert_eq!(code, "record.malformed");
}

#[test]
fn a_change_that_names_a_text_it_does_not_follow_is_refused() {
    let (mut amina, mut deng, _) = team();
    let sent = deng.notes("notes", "Deng's.");
    let body = wire::unpack_change(&sent.bytes, deng.prefix()).unwrap();
    let (count, deps) = (body[0], body[1..65].chunks(32));
    assert_eq!(count, 2, "it follows the survey and the seed of its text");
    let survey: Vec<&[u8]> = deps.filter(|dep| **dep != seed::text_seed("notes").id.0).collect();
    let forged = [&[1], survey[0], &body[65..]].concat();
    let forged = wire::pack_change(&forged).unwrap();
    assert_eq!(refusal(amina.part.clone().apply_change(&forged, deng.prefix())), "record.causality");
    assert_eq!(amina.hears(&deng, &sent), Applied::New(sent.change));
}

#[test]
fn operations_numbered_from_nowhere_are_refused() {
    let mut amina = Person::new(1);
    let sent = amina.answers("safety", "3");
    let body = wire::unpack_change(&sent.bytes, amina.prefix()).unwrap();
    // deps (33), actor (17), seq (1), then the first operation's number.
    let forged = [&body[..51], &[0xff, 0xff, 0xff, 0x7f], &body[52..]].concat();
    assert_eq!(refused(&Part::new(), &wire::pack_change(&forged).unwrap()), "record.causality");
    let forged = [&body[..51], &[3], &body[52..]].concat();
    assert_eq!(refused(&Part::new(), &wire::pack_change(&forged).unwrap()), "record.causality");
}

#[test]
fn replacing_an_answer_to_another_question_is_refused() {
    let (amina, ..) = team();
    let mut forged = mallory(amina.part.doc().unwrap(), |tx| tx.put(answers_map(), "safety", "5"));
    let pred = forged.last_mut().unwrap();
    assert_eq!(*pred, 4, "the operation that answered `safety`");
    *pred = 5;
    assert_eq!(refused(&amina.part, &forged), "record.causality");
}

#[test]
fn operations_on_text_that_nobody_wrote_are_refused() {
    let (mut amina, ..) = team();
    amina.notes("notes", "abc");
    let doc = amina.part.doc().unwrap();
    let (_, notes) = automerge::ReadDoc::get(doc, answers_map(), "notes").unwrap().unwrap();
    let honest = mallory(doc, |tx| tx.splice_text(&notes, 2, 1, ""));
    assert!(matches!(amina.part.clone().apply_change(&honest, Person::new(6).prefix()), Ok(Applied::New(_))));
    let (last, rest) = honest.split_last().unwrap();
    for ctr in [last - 1, last + 1, 60] {
        assert_eq!(refused(&amina.part, &[rest, &[ctr]].concat()), "record.causality");
    }
}

fn rich() -> (Person, Vec<Vec<u8>>) {
    let (mut amina, mut deng, _) = team();
    let mut sent = vec![
        amina.write(
            &[Edit::Add(contact(1, 0)), within(1, "contacts/name", "elder"), text("notes", "Some text.")],
            None,
            None,
        ),
        amina.notes("notes", "Some more text."),
        amina.write(
            &[clear("safety"), Edit::Remove { id: InstanceId([1; 16]), removed: true }],
            Some(&Status::Complete),
            None,
        ),
    ];
    deng.meets(&amina);
    sent.push(deng.notes("other", "Deng's"));
    amina.meets(&deng);
    (amina, sent.into_iter().map(|c| c.bytes).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Damaged anywhere, a change is refused or is another change; the API never panics, and after a refusal the
    /// part reads and saves as before.
    #[test]
    fn damaged_changes_never_panic(which in 0..4usize, hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4), cut in any::<Option<prop::sample::Index>>()) {
        let (amina, sent) = rich();
        let (start, ..) = team();
        let mut part = start.part;
        for bytes in sent.iter().take(which.min(3)) {
            part.apply_change(bytes, amina.prefix()).unwrap();
        }
        let mut bytes = sent[which].clone();
        for (index, value) in hits {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()) + 1);
        }
        let before = (part.heads(), part.answers(), part.save());
        let signer = if which == 3 { Person::new(2).prefix() } else { amina.prefix() };
        match part.apply_change(&bytes, signer) {
            Ok(Applied::New(_)) => {
                let _ = (part.answers(), part.conflicts(), part.history(), part.state());
                let again = Part::load(&part.save()).unwrap();
                prop_assert!(again.doc().is_ok(), "what was taken in can be built again");
                prop_assert_eq!(again.answers(), part.answers());
            }
            Ok(_) | Err(_) => prop_assert_eq!((part.heads(), part.answers(), part.save()), before),
        }
    }

    #[test]
    fn damaged_snapshots_never_panic(hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let (amina, _) = rich();
        let mut bytes = amina.part.snapshot();
        for (index, value) in hits {
            let at = index.index(bytes.len());
            bytes[at] = value;
        }
        let (mut part, ..) = team();
        let before = part.part.save();
        if part.part.merge_snapshot(&bytes).is_err() {
            prop_assert_eq!(part.part.save(), before);
        }
        let _ = Part::load(&bytes).map(|part| (part.answers(), part.conflicts(), part.history(), part.state()));
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), version in 0..3u8, flags in 0..2u8) {
        let bytes = [&[version, flags][..], &bytes].concat();
        let mut part = Part::new();
        let _ = part.apply_change(&bytes, Person::new(1).prefix());
        let _ = Part::load(&bytes);
        let _ = Part::from_snapshot(&bytes);
    }
}
