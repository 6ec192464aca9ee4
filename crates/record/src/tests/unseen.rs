//! An answer that arrived unseen is never replaced.

use super::*;
use crate::commit::EditMode;

/// Amina has the form open. Deng's answer arrives underneath. Amina, who does not see it, answers too.
/// Gives the values that stand then.
fn deng_answers_while_amina_looks_elsewhere(mode: EditMode) -> Vec<String> {
    let (mut amina, mut deng, _) = team();
    let shown = amina.part.heads();
    deng.answers("safety", "1");
    amina.meets(&deng);
    let edits = [set("safety", "4")];
    let commit = Commit { edits: &edits, at: Some(&shown), time: Timestamp(1), ..Commit::default() };
    amina.part.commit_as(&amina.actor, &commit, mode).unwrap().unwrap();
    amina.part.claims(&top("safety")).into_iter().filter_map(|claim| claim.value).collect()
}

#[test]
fn an_answer_that_arrived_unseen_is_never_replaced() {
    let mut values = deng_answers_while_amina_looks_elsewhere(EditMode::Isolated);
    values.sort();
    assert_eq!(values, ["1", "4"]);
}

#[test]
fn the_test_above_notices_when_edits_are_not_isolated() {
    assert_eq!(deng_answers_while_amina_looks_elsewhere(EditMode::PlantedBug), ["4"]);
}

#[test]
fn an_answer_seen_is_replaced() {
    let (mut amina, mut deng, _) = team();
    deng.answers("safety", "1");
    amina.meets(&deng);
    let seen = amina.part.heads();
    amina.write(&[set("safety", "4")], None, Some(&seen));
    assert_eq!(amina.part.claims(&top("safety")).len(), 1);
}

#[test]
fn edits_at_old_heads_by_one_person_stay_provable_as_theirs() {
    let (mut amina, mut deng, _) = team();
    let shown = amina.part.heads();
    let mut last = None;
    for value in ["3", "4", "5"] {
        // Each edit is made at the same old heads, as when three drafts were opened at once.
        last = Some(amina.write(&[set("safety", value)], None, Some(&shown)));
    }
    for (signer, _) in amina.part.changes_since(&shown) {
        assert_eq!(signer, amina.prefix());
    }
    deng.meets(&amina);
    assert!(deng.part.contains(&last.unwrap().change));
    assert_eq!(deng.part.conflicts()[0].values.len(), 3);
    assert_eq!(deng.part.answers_at(&shown).unwrap().values[&top("safety")], "2");
}

#[test]
fn text_typed_at_old_heads_merges_with_what_came_since() {
    let (mut amina, mut deng, _) = team();
    let first = amina.notes("notes", "Water is scarce.");
    deng.hears(&amina, &first);
    let shown = amina.part.heads();
    deng.notes("notes", "Water is scarce. Food too.");
    amina.meets(&deng);
    amina.write(&[text("notes", "Clean water is scarce.")], None, Some(&shown));
    let notes = amina.reads("notes").unwrap();
    assert!(notes.starts_with("Clean water") && notes.ends_with("Food too."), "{notes}");
}

#[test]
fn an_edit_at_heads_that_are_not_here_is_refused() {
    let (mut amina, mut deng, _) = team();
    let unknown = deng.answers("safety", "1").change;
    let at = Heads(vec![unknown]);
    let commit = Commit { edits: &[set("safety", "4")], at: Some(&at), ..Commit::default() };
    assert_eq!(amina.part.commit(&amina.actor, &commit), Err(RecordError::UnknownHeads(unknown)));
}
