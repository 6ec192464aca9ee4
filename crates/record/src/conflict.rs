//! Where two people gave the same question different answers, and how a person settles it.

use crate::read::{Standing, keys, obj_id, standing};
use crate::{ChangeId, Claim, Part};
use automerge::{Automerge, ObjId, ReadDoc};
use baraza_model::AnswerPath;
use std::collections::BTreeSet;

/// A question with more than one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Which question.
    pub path: AnswerPath,
    /// The values that stand, at least two of them different, oldest operation first. The last is the one that
    /// [`Part::answers`] gives, unless all are texts: those it gives one after the other.
    pub values: Vec<Claim>,
    /// Whether the values are texts.
    pub text: bool,
}

impl Part {
    /// All questions whose answers differ, by path.
    pub fn conflicts(&self) -> Vec<Conflict> {
        if self.plain.is_some() {
            return Vec::new();
        }
        let doc = self.readable();
        let mut conflicts = Vec::new();
        for (instance, maps) in self.objects.all_answer_maps() {
            let maps: Vec<ObjId> = maps.iter().map(obj_id).collect();
            for question in contested(doc, &maps) {
                let standing = said(standing(doc, &maps, &question, None));
                if differ(&standing) {
                    conflicts.push(Conflict {
                        path: AnswerPath { instance, question },
                        text: standing.iter().all(|s| s.text),
                        values: self.claims_of(&standing),
                    });
                }
            }
        }
        conflicts
    }

    /// Whether [`Part::conflicts`] has any; costs nothing for a part of one change that fills a form once.
    pub fn has_conflicts(&self) -> bool {
        !self.conflicts().is_empty()
    }

    /// The values that stand for one question, whether or not they differ.
    pub fn claims(&self, path: &AnswerPath) -> Vec<Claim> {
        let maps: Vec<ObjId> = self.objects.answer_maps(path.instance).iter().map(obj_id).collect();
        self.claims_of(&standing(self.readable(), &maps, &path.question, None))
    }

    pub(crate) fn claims_of(&self, standing: &[Standing]) -> Vec<Claim> {
        let claims = standing.iter().filter_map(|s| {
            let node = self.graph.change_of(s.ctr, &s.actor)?;
            let (actor_prefix, time) = self.author_of_text(s).unwrap_or((node.prefix(), node.time));
            Some(Claim { value: s.value.clone(), actor_prefix, time, change: node.id })
        });
        claims.collect()
    }

    /// A seeded text is nobody's; its claim names the first who wrote after the seed.
    fn author_of_text(&self, standing: &Standing) -> Option<(crate::ActorPrefix, baraza_model::Timestamp)> {
        let seed: ChangeId = self.graph.change_of(standing.ctr, &standing.actor).filter(|node| node.seed)?.id;
        let first = self.graph.in_order().into_iter().find(|node| node.deps.contains(&seed))?;
        Some((first.prefix(), first.time))
    }
}

/// The questions with several values: told by Automerge in one map, to be looked at one by one in several.
fn contested(doc: &Automerge, maps: &[ObjId]) -> BTreeSet<String> {
    match maps {
        [only] => {
            doc.map_range(only, ..).filter(|item| item.conflict).map(|item| item.key.into_owned()).collect()
        }
        several => several.iter().flat_map(|map| keys(doc, map, None)).collect(),
    }
}

/// The values that say something: a text that nobody typed into, or that was emptied, does not.
pub(crate) fn said(standing: Vec<Standing>) -> Vec<Standing> {
    if standing.iter().all(|s| s.text) {
        return standing.into_iter().filter(|s| s.value.is_some()).collect();
    }
    standing
}

fn differ(standing: &[Standing]) -> bool {
    standing.iter().map(|s| &s.value).collect::<BTreeSet<_>>().len() > 1
}
