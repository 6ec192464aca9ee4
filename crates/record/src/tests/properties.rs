//! Three replicas, random edits, random deliveries: the same changes give the same part.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Answer { who: usize, question: u8, value: Option<u8>, stale: bool },
    Type { who: usize, notes: u8, at: prop::sample::Index, text: u8 },
    Add { who: usize, instance: u8 },
    Within { who: usize, instance: u8, value: u8 },
    Remove { who: usize, instance: u8, removed: bool },
    Finalise { who: usize, complete: bool },
    Meet { who: usize, whom: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3usize;
    prop_oneof![
        4 => (who.clone(), 0..4u8, prop::option::of(0..3u8), any::<bool>())
            .prop_map(|(who, question, value, stale)| Step::Answer { who, question, value, stale }),
        3 => (who.clone(), 0..2u8, any::<prop::sample::Index>(), any::<u8>())
            .prop_map(|(who, notes, at, text)| Step::Type { who, notes, at, text }),
        1 => (who.clone(), 0..3u8).prop_map(|(who, instance)| Step::Add { who, instance }),
        2 => (who.clone(), 0..3u8, 0..3u8).prop_map(|(who, instance, value)| Step::Within { who, instance, value }),
        1 => (who.clone(), 0..3u8, any::<bool>()).prop_map(|(who, instance, removed)| Step::Remove { who, instance, removed }),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, complete)| Step::Finalise { who, complete }),
        3 => (who.clone(), who).prop_map(|(who, whom)| Step::Meet { who, whom }),
    ]
}

/// Does a step; gives what must be heard of it.
fn act(people: &mut [Person], step: &Step, stale: &Heads) -> Option<Committed> {
    let (who, edits, status, at_heads) = match step {
        Step::Answer { who, question, value, stale: old } => {
            let value = value.map(|v| v.to_string());
            let edit = at(top(&format!("q{question}")), value.as_deref(), false);
            (*who, vec![edit], None, old.then_some(stale))
        }
        Step::Type { who, notes, at: place, text: more } => {
            let question = format!("notes{notes}");
            let mut chars: Vec<char> = people[*who].reads(&question).unwrap_or_default().chars().collect();
            let place = place.index(chars.len() + 1);
            if *more > 200 && place < chars.len() {
                chars.remove(place);
            } else {
                chars.splice(place..place, format!("<{more}é>").chars());
            }
            (*who, vec![text(&question, &chars.into_iter().collect::<String>())], None, None)
        }
        Step::Add { who, instance } => (*who, vec![Edit::Add(contact(*instance, 0))], None, None),
        Step::Within { who, instance, value } => {
            (*who, vec![within(*instance, "contacts/name", &value.to_string())], None, None)
        }
        Step::Remove { who, instance, removed } => {
            (*who, vec![Edit::Remove { id: InstanceId([*instance; 16]), removed: *removed }], None, None)
        }
        Step::Finalise { who, complete } => {
            let reason = format!("reason {who}");
            (
                *who,
                vec![],
                Some(if *complete { Status::Complete } else { Status::Incomplete { reason } }),
                None,
            )
        }
        Step::Meet { who, whom } => {
            let other = people[*whom].clone();
            people[*who].meets(&other);
            return None;
        }
    };
    let person = &mut people[who];
    person.clock += 1;
    let commit = Commit {
        edits: &edits,
        status: status.as_ref(),
        at: at_heads,
        time: Timestamp(person.clock),
        note: None,
    };
    match person.part.commit(&person.actor, &commit) {
        Ok(committed) => committed,
        Err(RecordError::UnknownInstance) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Delivers changes in any order, some twice, offering those that wait again.
fn deliver(sent: &[(ActorPrefix, Vec<u8>)], order: &[prop::sample::Index]) -> Part {
    let mut part = Part::new();
    let mut left: Vec<_> = sent.iter().chain(sent.iter().take(3)).collect();
    let mut shuffled = Vec::new();
    for index in order.iter().cycle() {
        if left.is_empty() {
            break;
        }
        shuffled.push(left.swap_remove(index.index(left.len())));
    }
    while !shuffled.is_empty() {
        let before = shuffled.len();
        shuffled.retain(|(signer, bytes)| {
            matches!(part.apply_change(bytes, *signer).unwrap(), Applied::Waiting { .. })
        });
        assert!(shuffled.len() < before, "nothing waits forever");
    }
    part
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_changes_give_the_same_part(
        steps in prop::collection::vec(step(), 1..40),
        one in prop::collection::vec(any::<prop::sample::Index>(), 20),
        other in prop::collection::vec(any::<prop::sample::Index>(), 20),
    ) {
        let (amina, deng, achol) = team();
        let stale = amina.part.heads();
        let mut sent = amina.part.changes_since(&Part::new().heads());
        let mut people = [amina, deng, achol];
        for step in &steps {
            if let Some(committed) = act(&mut people, step, &stale) {
                let who = people.iter().find(|p| p.part.contains(&committed.change)).unwrap();
                sent.push((who.prefix(), committed.bytes));
            }
        }
        let (left, right) = (deliver(&sent, &one), deliver(&sent, &other));
        prop_assert_eq!(left.heads(), right.heads());
        prop_assert_eq!(left.answers(), right.answers());
        prop_assert_eq!(left.conflicts(), right.conflicts());
        prop_assert_eq!(left.history(), right.history());
        prop_assert_eq!(left.contested_removals(), right.contested_removals());
        prop_assert_eq!(left.state(), right.state());
        for from in 0..3 {
            for to in 0..3 {
                let other = people[from].clone();
                people[to].meets(&other);
            }
        }
        let everything = people[2].clone();
        for person in &mut people {
            person.meets(&everything);
            prop_assert_eq!(person.part.heads(), left.heads());
            prop_assert_eq!(person.part.answers(), left.answers());
        }
        let loaded = Part::load(&left.save()).unwrap();
        prop_assert_eq!((loaded.answers(), loaded.heads()), (left.answers(), left.heads()));
    }

    #[test]
    fn answers_to_different_questions_never_conflict(values in prop::collection::vec((0..3usize, 0..5u8), 1..20)) {
        let (amina, deng, achol) = team();
        let mut people = [amina, deng, achol];
        for (who, value) in values {
            act(&mut people, &Step::Answer { who, question: u8::try_from(who).unwrap(), value: Some(value), stale: false }, &Heads::default());
        }
        let (deng, achol) = (people[1].clone(), people[2].clone());
        people[0].meets(&deng);
        people[0].meets(&achol);
        prop_assert_eq!(people[0].part.conflicts(), vec![]);
        for (who, question) in ["q0", "q1", "q2"].iter().enumerate() {
            prop_assert_eq!(people[0].reads(question), people[who].reads(question));
        }
    }
}
