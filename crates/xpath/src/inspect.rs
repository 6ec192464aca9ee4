//! What an expression reads, as absolute paths: the edges of the forms crate's dependency graph.
//!
//! The answer never misses a node that an evaluation could read; where a step cannot be told (siblings, ancestors,
//! computed heads) it is wider than the truth.

use crate::expr::{Axis, Expr, Origin, RefStep, Reference, StepTest};
use std::sync::Arc;

/// A place: an instance and steps from its root element.
type Place = (Option<Arc<str>>, Vec<RefStep>);

impl Expr {
    /// What every path reads when the expression stands at `context` (an absolute path without positions, such as
    /// `/data/g/q`). A path over a computed head gives one reference for every path it can start from.
    pub fn references(&self, context: &str) -> Vec<Reference> {
        let local = |step: &str| step.split_once(':').map_or(step, |(_, name)| name).to_owned();
        let step = |step: &str| match step.strip_prefix('@') {
            Some(name) => RefStep::Attribute(local(name).into()),
            None => RefStep::Name(local(step).into()),
        };
        let steps = context.split('/').filter(|part| !part.is_empty()).map(step).collect();
        self.references_at(&Reference { instance: None, steps, offset: 0 })
    }

    /// As [`Expr::references`], standing at any place: an item of a secondary instance, for a label or a value.
    pub fn references_at(&self, context: &Reference) -> Vec<Reference> {
        let here: Place = (context.instance.clone(), context.steps.clone());
        let mut places: Vec<Vec<Place>> = Vec::with_capacity(self.paths().len());
        let mut starts: Vec<Vec<Place>> = Vec::with_capacity(self.paths().len());
        for (at, path) in self.paths().iter().enumerate() {
            let start = match &path.origin {
                Origin::Root => vec![(None, Vec::new())],
                Origin::Context | Origin::Current => vec![here.clone()],
                Origin::Instance(name) => vec![(Some(name.clone().unwrap_or_default()), Vec::new())],
                Origin::Within { path, steps } => self.walk_all(starts.get(*path), *path, *steps),
                Origin::Computed => {
                    let sources = self.program().sources.get(at).map(Vec::as_slice).unwrap_or_default();
                    sources.iter().filter_map(|source| places.get(*source)).flatten().cloned().collect()
                }
            };
            starts.push(start);
            places.push(self.walk_all(starts.last(), at, usize::MAX));
        }
        let offsets = self.paths().iter().map(|path| path.offset);
        let mut out = Vec::new();
        for (found, offset) in places.into_iter().zip(offsets) {
            out.extend(found.into_iter().map(|(instance, steps)| Reference { instance, steps, offset }));
        }
        out
    }

    fn walk_all(&self, starts: Option<&Vec<Place>>, path: usize, steps: usize) -> Vec<Place> {
        let Some(path) = self.paths().get(path) else { return Vec::new() };
        let walk = |(instance, from): &Place| {
            let mut at = from.clone();
            path.steps.iter().take(steps).for_each(|(axis, test)| take_step(&mut at, *axis, test));
            (instance.clone(), at)
        };
        starts.into_iter().flatten().map(walk).collect()
    }
}

fn target(test: &StepTest) -> Option<RefStep> {
    match test {
        StepTest::Name(name) => Some(RefStep::Name(name.clone())),
        StepTest::Any | StepTest::Node => Some(RefStep::Any),
        StepTest::Text | StepTest::Nothing => None,
    }
}

fn take_step(at: &mut Vec<RefStep>, axis: Axis, test: &StepTest) {
    match axis {
        Axis::SelfAxis | Axis::Namespace => {}
        Axis::Child => at.extend(target(test)),
        Axis::Attribute => at.push(match test {
            StepTest::Name(name) => RefStep::Attribute(name.clone()),
            _ => RefStep::Any,
        }),
        Axis::Parent => climb(at),
        Axis::Descendant => {
            descend(at);
            at.extend(target(test));
        }
        Axis::DescendantOrSelf => descend(at),
        Axis::FollowingSibling | Axis::PrecedingSibling => {
            climb(at);
            at.extend(target(test));
        }
        Axis::Ancestor | Axis::AncestorOrSelf | Axis::Following | Axis::Preceding => {
            at.clear();
            at.push(RefStep::Descendants);
            at.extend(target(test));
        }
    }
}

fn descend(at: &mut Vec<RefStep>) {
    if at.last() != Some(&RefStep::Descendants) {
        at.push(RefStep::Descendants);
    }
}

/// The parent of what any number of levels lead to may lie at any level, too.
fn climb(at: &mut Vec<RefStep>) {
    if at.last() != Some(&RefStep::Descendants) {
        at.pop();
    }
}
