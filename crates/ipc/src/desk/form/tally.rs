//! What is answered, what is left and what must be put right, over all parts.

use super::sheet::{At, Sheet, Thing};
use crate::view::{JumpLine, PartState, PartView, ProblemView};
use baraza_forms::NodeView;
use baraza_model::Sensitivity;
use std::collections::BTreeSet;

/// Parts and entries that the person has been in and left, by their keys.
pub(super) type Left = BTreeSet<String>;

/// A question in its place.
pub(super) struct Asked<'s> {
    pub(super) node: &'s NodeView,
    /// 0 for the acknowledgement of a script.
    pub(super) number: usize,
    /// Index of its part.
    pub(super) part: usize,
    /// Whether the person has been there and gone on: only then a missing answer is something to fix.
    passed: bool,
}

/// How a form stands.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) to_fix: usize,
    pub(super) left: usize,
    pub(super) required_left: usize,
    asked: usize,
}

impl Asked<'_> {
    /// What is wrong with its answer, as far as the person should be told now.
    pub(super) fn problem(&self) -> Option<ProblemView> {
        problem(self.node, self.passed)
    }

    /// Whether a person still has to answer it.
    fn is_left(&self) -> bool {
        // A required question that is blank and yet valid was answered and sealed away.
        let sealed = self.node.sensitivity == Sensitivity::Severe && self.node.required && self.node.valid;
        self.node.value.is_empty() && !self.node.readonly && !sealed
    }
}

/// What is wrong with an answer; missing ones only where the person has passed by.
pub(super) fn problem(node: &NodeView, passed: bool) -> Option<ProblemView> {
    let kind = match (node.valid, node.value.is_empty()) {
        (false, false) => "outside",
        (false, true) if passed => "missing",
        _ => return None,
    };
    Some(ProblemView { kind: kind.to_owned(), text: node.message.clone().filter(|text| !text.is_empty()) })
}

/// Every question in order.
pub(super) fn asked<'s>(sheet: &'s Sheet, left: &Left) -> Vec<Asked<'s>> {
    let mut all = Vec::new();
    for (part, shown) in sheet.parts.iter().enumerate() {
        gather(sheet, &shown.things, part, left.contains(&shown.key), left, &mut all);
    }
    all
}

fn gather<'s>(
    sheet: &'s Sheet,
    things: &[Thing],
    part: usize,
    passed: bool,
    left: &Left,
    into: &mut Vec<Asked<'s>>,
) {
    let ask = |at: At, number| Asked { node: sheet.node(at), number, part, passed };
    for thing in things {
        match thing {
            Thing::Question { node, number } => into.push(ask(*node, *number)),
            Thing::Script { acknowledge, .. } => into.extend(acknowledge.map(|at| ask(at, 0))),
            Thing::Entries(repeat) => {
                for entry in &repeat.entries {
                    gather(sheet, &entry.things, part, left.contains(&entry.key), left, into);
                }
            }
            Thing::Heading { .. } | Thing::Text { .. } => {}
        }
    }
}

impl<'a, 's: 'a> FromIterator<&'a Asked<'s>> for Tally {
    fn from_iter<I: IntoIterator<Item = &'a Asked<'s>>>(all: I) -> Self {
        let mut tally = Tally::default();
        for asked in all {
            let open = asked.is_left();
            tally.asked += usize::from(!asked.node.readonly);
            tally.left += usize::from(open);
            tally.required_left += usize::from(open && asked.node.required);
            tally.to_fix += usize::from(asked.problem().is_some());
        }
        tally
    }
}

impl Tally {
    fn state(&self, passed: bool) -> PartState {
        match self {
            _ if self.to_fix > 0 => PartState::Fix,
            // A part without questions is done when it was read.
            Tally { asked: 0, .. } if passed => PartState::Done,
            Tally { asked, left, .. } if asked == left => PartState::Open,
            Tally { left: 0, .. } => PartState::Done,
            _ => PartState::Begun,
        }
    }
}

/// The parts and how they stand.
pub(super) fn parts(sheet: &Sheet, all: &[Asked<'_>], left: &Left) -> Vec<PartView> {
    let mut tallies: Vec<Vec<&Asked<'_>>> = sheet.parts.iter().map(|_| Vec::new()).collect();
    for asked in all {
        tallies.get_mut(asked.part).into_iter().for_each(|part| part.push(asked));
    }
    let one = |(part, asked): (&super::sheet::Part, Vec<&Asked<'_>>)| {
        let tally: Tally = asked.into_iter().collect();
        PartView {
            title: part.title.clone(),
            state: tally.state(left.contains(&part.key)),
            to_fix: tally.to_fix,
            left: tally.left,
        }
    };
    sheet.parts.iter().zip(tallies).map(one).collect()
}

/// What is to fix and what is left, in the form's order.
pub(super) fn jump_list(sheet: &Sheet, all: &[Asked<'_>]) -> Vec<JumpLine> {
    let line = |asked: &Asked<'_>| {
        let problem = asked.problem();
        let kind = match (&problem, asked.is_left(), asked.node.required) {
            (Some(_), _, _) => "fix",
            (None, true, true) => "required",
            (None, true, false) => "left",
            (None, false, _) => return None,
        };
        Some(JumpLine {
            path: asked.node.path.clone(),
            number: asked.number,
            label: asked.node.label.clone().unwrap_or_default(),
            part: sheet.parts.get(asked.part).map(|part| part.title.clone()).unwrap_or_default(),
            part_index: asked.part,
            kind: kind.to_owned(),
            missing: asked.node.value.is_empty(),
            text: problem.and_then(|problem| problem.text),
        })
    };
    all.iter().filter_map(line).collect()
}

/// What must be put right in an entry.
pub(super) fn to_fix(sheet: &Sheet, entry: &super::sheet::Entry, left: &Left) -> usize {
    let mut inside = Vec::new();
    gather(sheet, &entry.things, 0, left.contains(&entry.key), left, &mut inside);
    inside.iter().filter(|asked| asked.problem().is_some()).count()
}
