//! What becomes of answers given apart.

use super::*;
use crate::{Claim, Resolution};

#[test]
fn answers_to_different_questions_merge() {
    let (mut amina, mut deng, _) = team();
    amina.answers("safety", "3");
    deng.answers("site", "rubkona");
    amina.meets(&deng);
    deng.meets(&amina);
    assert_eq!(amina.part.answers(), deng.part.answers());
    assert_eq!(
        (amina.reads("safety").as_deref(), amina.reads("site").as_deref()),
        (Some("3"), Some("rubkona"))
    );
    assert_eq!(amina.part.conflicts(), []);
    assert_eq!(amina.part.heads(), deng.part.heads());
}

#[test]
fn different_answers_to_one_question_are_both_shown_until_resolved() {
    let (mut amina, mut deng, mut achol) = team();
    amina.answers("safety", "4");
    deng.answers("safety", "1");
    amina.meets(&deng);
    deng.meets(&amina);
    assert_eq!(amina.part.conflicts(), deng.part.conflicts());
    let conflicts = amina.part.conflicts();
    let [conflict] = conflicts.as_slice() else { panic!("one conflict, not {conflicts:?}") };
    let claimed: Vec<_> =
        conflict.values.iter().map(|c| (c.value.as_deref().unwrap(), c.actor_prefix)).collect();
    assert_eq!(conflict.path, top("safety"));
    assert!(claimed.contains(&("4", amina.prefix())) && claimed.contains(&("1", deng.prefix())));
    assert_eq!(conflict.values.last().unwrap().value, amina.reads("safety"));

    let resolution = Resolution {
        path: &conflict.path,
        value: Some("1"),
        shown: &conflict.values,
        at: None,
        text: false,
        time: Timestamp(5),
        note: Some("Deng spoke to her again"),
    };
    amina.part.resolve(&amina.actor, &resolution).unwrap().unwrap();
    achol.meets(&amina);
    for person in [&amina, &achol] {
        assert_eq!(person.part.conflicts(), []);
        assert_eq!(person.reads("safety").as_deref(), Some("1"));
    }
    assert_eq!(achol.part.history().last().unwrap().note.as_deref(), Some("Deng spoke to her again"));
}

#[test]
fn an_answer_that_arrives_while_a_conflict_is_being_resolved_stays_in_conflict() {
    let (mut amina, mut deng, mut achol) = team();
    amina.answers("safety", "4");
    deng.answers("safety", "1");
    achol.answers("safety", "5");
    amina.meets(&deng);
    let shown = amina.part.conflicts().remove(0);
    amina.meets(&achol);
    let resolution = Resolution {
        path: &shown.path,
        value: Some("4"),
        shown: &shown.values,
        at: None,
        text: false,
        time: Timestamp(5),
        note: None,
    };
    amina.part.resolve(&amina.actor, &resolution).unwrap().unwrap();
    let left: Vec<Option<String>> =
        amina.part.conflicts().remove(0).values.into_iter().map(|c| c.value).collect();
    assert_eq!(left.len(), 2, "the two shown became one, and Achol's remains: {left:?}");
    assert!(left.contains(&Some("5".into())) && left.contains(&Some("4".into())));
}

#[test]
fn two_decisions_made_apart_are_a_conflict_again() {
    for choices in [["4", "1"], ["1", "4"]] {
        let (mut amina, mut deng, _) = team();
        amina.answers("safety", "4");
        deng.answers("safety", "1");
        amina.meets(&deng);
        deng.meets(&amina);
        let shown = amina.part.conflicts().remove(0);
        for (person, choice) in [&mut amina, &mut deng].into_iter().zip(choices) {
            let (path, shown) = (&shown.path, shown.values.as_slice());
            let value = Some(choice);
            let to = Resolution { path, value, shown, at: None, text: false, time: Timestamp(5), note: None };
            person.part.resolve(&person.actor, &to).unwrap().unwrap();
        }
        amina.meets(&deng);
        assert_eq!(amina.part.conflicts().len(), 1, "neither decision is lost");
    }
}

#[test]
fn a_resolution_of_values_that_were_not_there_is_refused() {
    let (mut amina, mut deng, _) = team();
    amina.answers("safety", "4");
    let lone = deng.answers("safety", "1");
    amina.meets(&deng);
    let mut shown = amina.part.conflicts().remove(0).values;
    shown.retain(|claim| claim.change == lone.change);
    let heads = amina.part.heads();
    let resolve = |shown: &[Claim], amina: &mut Person| {
        let path = top("safety");
        let at = Some(&heads);
        let to =
            Resolution { path: &path, value: None, shown, at, text: false, time: Timestamp(5), note: None };
        amina.part.resolve(&amina.actor, &to)
    };
    assert_eq!(resolve(&shown, &mut amina), Err(RecordError::ShownDiffers));
    let all = amina.part.conflicts().remove(0).values;
    resolve(&all, &mut amina).unwrap().unwrap();
    assert_eq!((amina.reads("safety"), amina.part.conflicts().len()), (None, 0));
}

#[test]
fn the_same_answer_given_twice_is_no_conflict() {
    let (mut amina, mut deng, _) = team();
    amina.answers("safety", "4");
    deng.answers("safety", "4");
    amina.meets(&deng);
    assert_eq!(amina.part.conflicts(), []);
    assert_eq!(amina.part.claims(&top("safety")).len(), 2);
}

#[test]
fn clearing_an_answer_conflicts_with_changing_it() {
    let (mut amina, mut deng, _) = team();
    amina.write(&[clear("safety")], None, None);
    deng.answers("safety", "1");
    amina.meets(&deng);
    let values: Vec<_> = amina.part.conflicts().remove(0).values.into_iter().map(|c| c.value).collect();
    assert!(values.contains(&None) && values.contains(&Some("1".into())), "{values:?}");
}

#[test]
fn two_people_type_into_the_same_notes() {
    let (mut amina, mut deng, mut achol) = team();
    let first = amina.notes("notes", "Women fetch water at dawn.");
    deng.hears(&amina, &first);
    achol.hears(&amina, &first);
    amina.notes("notes", "Six women fetch water at dawn.");
    deng.notes("notes", "Women fetch water at dawn. The road is mined.");
    achol.notes("notes", "Women fetch water before dawn.");
    amina.meets(&deng);
    amina.meets(&achol);
    deng.meets(&achol);
    deng.meets(&amina);
    let notes = amina.reads("notes").unwrap();
    assert_eq!(Some(&notes), deng.reads("notes").as_ref());
    assert!(
        notes.starts_with("Six ") && notes.ends_with("The road is mined.") && notes.contains("before dawn"),
        "{notes}"
    );
    assert_eq!(amina.part.conflicts(), []);
}

#[test]
fn two_people_who_start_the_same_notes_apart_type_into_one_text() {
    let (mut amina, mut deng, mut achol) = team();
    amina.notes("notes", "Amina heard shots.");
    deng.notes("notes", "Deng saw three men.");
    amina.meets(&deng);
    deng.meets(&amina);
    let notes = amina.reads("notes").unwrap();
    assert!(notes.contains("Amina heard shots.") && notes.contains("Deng saw three men."), "{notes}");
    assert_eq!(deng.reads("notes").as_ref(), Some(&notes));
    assert_eq!(amina.part.conflicts(), []);
    achol.meets(&amina);
    assert_eq!(achol.reads("notes"), Some(notes));
    assert_eq!(Part::load(&achol.part.save()).unwrap().answers(), amina.part.answers());
}

#[test]
fn notes_started_apart_inside_a_repeat_are_a_conflict_that_shows_both() {
    let (mut amina, mut deng, _) = team();
    let first = amina.write(&[Edit::Add(contact(1, 0))], None, None);
    deng.hears(&amina, &first);
    let path = AnswerPath { instance: Some(InstanceId([1; 16])), question: "contacts/notes".into() };
    amina.write(&[at(path.clone(), Some("Amina heard shots."), true)], None, None);
    deng.write(&[at(path.clone(), Some("Deng saw three men."), true)], None, None);
    amina.meets(&deng);
    deng.meets(&amina);
    let notes = amina.part.answers().values.remove(&path).unwrap();
    assert!(notes.contains("Amina heard shots.") && notes.contains("Deng saw three men."), "{notes}");
    assert_eq!(amina.part.answers(), deng.part.answers());
    let conflict = amina.part.conflicts().remove(0);
    assert!(conflict.text);
    let value = Some("Shots; three men.");
    let shown = &conflict.values;
    let to = Resolution { path: &path, value, shown, at: None, text: true, time: Timestamp(5), note: None };
    let mut stale = shown.clone();
    stale[0].value = Some("Something else.".into());
    let unseen = Resolution { shown: &stale, ..to };
    assert_eq!(amina.part.resolve(&amina.actor, &unseen), Err(RecordError::ShownDiffers));
    amina.part.resolve(&amina.actor, &to).unwrap().unwrap();
    assert_eq!(amina.part.conflicts(), []);
    assert_eq!(amina.part.answers().values.remove(&path).as_deref(), value);

    // Deng, who has not seen the resolution, types on. Nothing of it is lost.
    let more = format!("{notes} They wore boots.");
    deng.write(&[at(path.clone(), Some(&more), true)], None, None);
    amina.meets(&deng);
    let notes = amina.part.answers().values.remove(&path).unwrap();
    assert!(notes.contains("They wore boots."), "{notes}");
}

#[test]
fn typing_into_notes_that_someone_settles_meanwhile_is_not_lost() {
    let (mut amina, mut deng, _) = team();
    let first = amina.write(&[Edit::Add(contact(1, 0))], None, None);
    deng.hears(&amina, &first);
    let path = AnswerPath { instance: Some(InstanceId([1; 16])), question: "contacts/notes".into() };
    amina.write(&[at(path.clone(), Some("Shots."), true)], None, None);
    deng.write(&[at(path.clone(), Some("Three men."), true)], None, None);
    amina.meets(&deng);
    let conflict = amina.part.conflicts().remove(0);
    deng.write(&[at(path.clone(), Some("Three men. Boots."), true)], None, None);
    let (value, shown) = (Some("Settled."), conflict.values.as_slice());
    let to = Resolution { path: &path, value, shown, at: None, text: true, time: Timestamp(5), note: None };
    amina.part.resolve(&amina.actor, &to).unwrap().unwrap();
    amina.meets(&deng);
    deng.meets(&amina);
    let notes = amina.part.answers().values.remove(&path).unwrap();
    assert!(notes.contains("Settled.") && notes.contains("Boots."), "{notes}");
    assert_eq!(deng.part.answers(), amina.part.answers());
}

#[test]
fn clearing_notes_keeps_what_someone_else_adds_meanwhile() {
    let (mut amina, mut deng, _) = team();
    let first = amina.notes("notes", "Old.");
    deng.hears(&amina, &first);
    amina.write(&[at(top("notes"), None, true)], None, None);
    deng.notes("notes", "Old. New.");
    amina.meets(&deng);
    assert_eq!(amina.reads("notes").as_deref(), Some(" New."));
}

#[test]
fn repeat_instances_merge_and_a_removal_is_seen() {
    let (mut amina, mut deng, _) = team();
    let add = [Edit::Add(contact(1, 0)), within(1, "contacts/name", "elder"), set("site", "malakal")];
    let first = amina.write(&add, None, None);
    deng.hears(&amina, &first);
    amina.write(&[Edit::Add(contact(2, 1)), within(2, "contacts/name", "chief")], None, None);
    deng.write(&[Edit::Add(contact(3, 1)), within(3, "contacts/name", "teacher")], None, None);
    deng.write(&[Edit::Remove { id: InstanceId([1; 16]), removed: true }], None, None);
    amina.meets(&deng);
    deng.meets(&amina);
    let answers = amina.part.answers();
    assert_eq!(answers, deng.part.answers());
    let names: Vec<&str> = answers
        .children("contacts", None)
        .into_iter()
        .map(|i| {
            answers.values[&AnswerPath { instance: Some(i.id), question: "contacts/name".into() }].as_str()
        })
        .collect();
    assert_eq!(names, ["chief", "teacher"]);
    assert_eq!(answers.instances.len(), 3, "the removed one is kept");
    deng.write(&[Edit::Remove { id: InstanceId([1; 16]), removed: false }], None, None);
    assert_eq!(deng.part.answers().children("contacts", None).len(), 3);
}

#[test]
fn an_instance_removed_while_someone_writes_in_it_stays_until_a_person_decides() {
    for decision in [true, false] {
        let (mut amina, mut deng, _) = team();
        let first = amina.write(&[Edit::Add(contact(1, 0)), within(1, "contacts/name", "elder")], None, None);
        deng.hears(&amina, &first);
        let (id, remove) =
            (InstanceId([1; 16]), |removed| [Edit::Remove { id: InstanceId([1; 16]), removed }]);
        amina.write(&remove(true), None, None);
        deng.write(&[within(1, "contacts/name", "the elder's brother")], None, None);
        amina.meets(&deng);
        deng.meets(&amina);
        assert!(!amina.part.answers().instances[&id].removed, "Deng's answer is not lost");
        assert!(amina.part.contested_removals().contains(&id));
        deng.write(&remove(decision), None, None);
        amina.meets(&deng);
        assert_eq!(amina.part.answers().instances[&id].removed, decision);
        assert!(amina.part.contested_removals().is_empty());
        assert_eq!(amina.part.answers(), deng.part.answers());
    }
}

#[test]
fn finalising_wins_over_drafting_and_late_edits_are_told_from_amendments() {
    let (mut amina, mut deng, mut achol) = team();
    let done = amina.write(&[set("safety", "5")], Some(&Status::Complete), None);
    deng.answers("site", "leer");
    achol.hears(&amina, &done);
    achol.answers("safety", "4");
    amina.meets(&deng);
    amina.meets(&achol);
    let state = amina.part.state();
    assert_eq!((state.status, amina.part.status()), (Status::Complete, Status::Complete));
    assert_eq!((state.finalised[0].actor_prefix, state.finalised[0].change), (amina.prefix(), done.change));
    let told = |events: &[crate::Event]| {
        events.iter().map(|e| (e.path.question.clone(), e.actor_prefix)).collect::<Vec<_>>()
    };
    assert_eq!(told(&state.changed_after_finalising), [("site".to_owned(), deng.prefix())]);
    assert_eq!(told(&state.amended), [("safety".to_owned(), achol.prefix())]);
}

#[test]
fn what_one_handed_over_as_incomplete_is_not_shown_as_complete() {
    let (mut amina, mut deng, _) = team();
    amina.write(&[], Some(&Status::Complete), None);
    deng.write(&[], Some(&Status::Incomplete { reason: "she left".into() }), None);
    amina.meets(&deng);
    assert_eq!(amina.part.status(), Status::Incomplete { reason: "she left".into() });
    assert_eq!(amina.part.state().finalised.len(), 2);
}

#[test]
fn whoever_settles_a_conflict_is_named_even_if_the_shown_answer_stays() {
    let (mut amina, mut deng, _) = team();
    amina.answers("safety", "4");
    deng.answers("safety", "1");
    amina.meets(&deng);
    let conflict = amina.part.conflicts().remove(0);
    let shown = amina.reads("safety");
    let resolution = Resolution {
        path: &conflict.path,
        value: shown.as_deref(),
        shown: &conflict.values,
        at: None,
        text: false,
        time: Timestamp(7),
        note: None,
    };
    amina.part.resolve(&amina.actor, &resolution).unwrap().unwrap();
    let last = amina.part.history().pop().unwrap();
    assert_eq!((last.actor_prefix, last.time, last.after), (amina.prefix(), Timestamp(7), shown));
}

#[test]
fn history_tells_before_and_after() {
    let (mut amina, mut deng, _) = team();
    let first = amina.answers("safety", "3");
    deng.hears(&amina, &first);
    deng.write(&[clear("safety")], None, None);
    amina.meets(&deng);
    let told: Vec<_> = amina
        .part
        .history()
        .into_iter()
        .filter(|e| e.path == top("safety"))
        .map(|e| (e.before, e.after, e.actor_prefix, e.time))
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(told[0].1, some("2"));
    assert_eq!((&told[1].0, &told[1].1, told[1].3), (&some("2"), &some("3"), Timestamp(amina.clock)));
    assert_eq!((&told[2].0, &told[2].1, told[2].2), (&some("3"), &None, deng.prefix()));
    assert_eq!(amina.part.history(), deng.part.history());
}

#[test]
fn a_cloned_tablet_that_finalises_the_same_draft_merges_with_the_original() {
    let draft = [Edit::Add(contact(1, 0)), within(1, "contacts/name", "elder"), set("site", "bentiu")];
    let (mut amina, mut clone) = (Person::new(1), Person::new(4));
    amina.write(&draft, Some(&Status::Complete), None);
    let changed = [&draft[..], &[within(1, "contacts/name", "chief"), set("site", "rubkona")]].concat();
    clone.write(&changed, Some(&Status::Complete), None);
    amina.meets(&clone);
    clone.meets(&amina);
    assert_eq!(amina.part.answers(), clone.part.answers());
    assert_eq!(amina.part.answers().instances.len(), 1);
    let contested: Vec<_> = amina.part.conflicts().into_iter().map(|c| c.path.question).collect();
    assert_eq!(contested, ["site", "contacts/name"]);
}

#[test]
fn dates_of_clocks_ten_years_off_change_nothing() {
    let (mut amina, mut deng, _) = team();
    amina.clock -= 315_000_000_000;
    let first = amina.answers("safety", "3");
    deng.hears(&amina, &first);
    deng.clock = -5;
    deng.answers("safety", "4");
    amina.meets(&deng);
    assert_eq!((amina.reads("safety").as_deref(), amina.part.conflicts().len()), (Some("4"), 0));
    assert_eq!(amina.part.history().last().unwrap().time, Timestamp(995));
}
