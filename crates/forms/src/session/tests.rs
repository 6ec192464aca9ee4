//! What holds for every way of filling a form.

use super::state::Agenda;
use super::{Options, Session};
use crate::{Attachments, Form, xform};
use baraza_model::{Answers, Edit, Entropy};
use proptest::prelude::*;
use std::sync::Arc;

struct Dice(u8);

impl Entropy for Dice {
    fn fill(&mut self, buf: &mut [u8]) {
        for byte in buf {
            self.0 = self.0.wrapping_mul(77).wrapping_add(13);
            *byte = self.0;
        }
    }
}

fn household() -> Arc<Form> {
    let def = xform::import(include_str!("../../tests/forms/household.xml")).def.unwrap();
    Form::compile(def, &Attachments::default()).form.unwrap()
}

/// One thing that a person does.
#[derive(Debug, Clone)]
enum Deed {
    Set(usize, &'static str),
    Add(usize),
    Remove(usize),
    Speak(&'static str),
}

const WORDS: [&str; 12] =
    ["", "yes", "no", "3", "1", "0", "18", "44", "farmer", "trader student", "2025-03-14", "Otieno"];

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        8 => (0_usize..40, prop::sample::select(&WORDS[..])).prop_map(|(at, word)| Deed::Set(at, word)),
        2 => (0_usize..6).prop_map(Deed::Add),
        1 => (0_usize..6).prop_map(Deed::Remove),
        1 => prop::sample::select(&["English (en)", "Kiswahili (sw)"][..]).prop_map(Deed::Speak),
    ];
    prop::collection::vec(deed, 1..40)
}

/// Does it if it can be done; people try what they see.
fn attempt(session: &mut Session, deed: &Deed) {
    let nodes = session.nodes();
    match deed {
        Deed::Set(at, value) => {
            let asked = |k| matches!(k, super::NodeKind::Input | super::NodeKind::Select);
            let open: Vec<_> = nodes.iter().filter(|n| n.relevant && !n.readonly && asked(n.kind)).collect();
            if let Some(node) = open.get(at % open.len().max(1)) {
                let _ = session.set_node(node.id, value);
            }
        }
        Deed::Add(at) => {
            let paths = ["/data/talk/person", "/data/talk/person[1]/tool", "/data/talk/person[2]/tool"];
            let _ = session.add(paths[at % paths.len()]);
        }
        Deed::Remove(at) => {
            let instances: Vec<_> =
                nodes.iter().filter(|n| n.kind == super::NodeKind::RepeatInstance).collect();
            if let Some(node) = instances.get(at % instances.len().max(1)) {
                let _ = session.remove_node(node.id);
            }
        }
        Deed::Speak(language) => session.set_language(language).unwrap(),
    }
}

fn options() -> Options {
    Options { now_ms: 1_741_953_600_000, instance_id: "uuid:1".into(), ..Options::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_leads_where_evaluating_everything_leads(deeds in deeds()) {
        let form = household();
        let mut session = Session::start(Arc::clone(&form), options(), &mut Dice(5));
        session.set("/data/consent", "yes").unwrap();
        for deed in &deeds {
            attempt(&mut session, deed);
        }
        let before = session.nodes();
        session.agenda = Agenda::everything(form.units.len());
        session.settle();
        prop_assert_eq!(session.nodes(), before);
    }

    #[test]
    fn a_restored_record_and_its_journal_are_the_record(deeds in deeds()) {
        let form = household();
        let mut session = Session::start(Arc::clone(&form), options(), &mut Dice(5));
        session.set("/data/consent", "yes").unwrap();
        let mut journal: Vec<Edit> = session.take_edits();
        for deed in &deeds {
            attempt(&mut session, deed);
            journal.extend(session.take_edits());
        }
        let held = session.answers();
        let language = session.language().map(str::to_owned);
        let mut again = Session::restore(form, Options { language, ..options() }, &held, &mut Dice(6));
        prop_assert_eq!(again.take_edits(), vec![]);
        prop_assert_eq!(&again.answers(), &held);
        let seen = |s: &Session| {
            let nodes = s.nodes().into_iter();
            nodes.map(|n| (n.path, n.value, n.relevant, n.valid, n.label, n.choices)).collect::<Vec<_>>()
        };
        prop_assert_eq!(seen(&again), seen(&session));
        let read = Session::evaluate(session.form(), Options { language: again.language().map(str::to_owned), ..options() }, &held);
        prop_assert_eq!(read, session.evaluation());

        let mut journaled = Answers::default();
        journal.iter().for_each(|edit| journaled.apply(edit));
        let gone = |id| journaled.instances.get(&id).is_none_or(|i| i.removed);
        journaled.values.retain(|path, _| path.instance.is_none_or(|id| held.instances.get(&id).is_some_and(|_| !gone(id))));
        for (path, value) in &held.values {
            prop_assert_eq!(journaled.values.get(path), Some(value));
        }
        prop_assert_eq!(journaled.instances, held.instances);
    }
}
