//! Answers of a record, apart from how they are merged (`baraza-record`) and how they are asked (`baraza-forms`).

use crate::{InstanceId, InvalidId, Sensitivity};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Where an answer lives: a question and, inside a repeat, the innermost repeat instance.
///
/// `question` is the question's path below the root of the primary instance, without positions and without
/// namespace prefixes: `g_start/adm1`, `contacts/ct_type`. Outer instances follow from [`Instance::parent`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
pub struct AnswerPath {
    /// The innermost repeat instance, if the question is in a repeat.
    #[n(0)]
    pub instance: Option<InstanceId>,
    /// The question's path below the root.
    #[n(1)]
    pub question: String,
}

impl fmt::Display for AnswerPath {
    /// `contacts/ct_type@<instance>`, or just the question outside repeats.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.question)?;
        self.instance.map_or(Ok(()), |instance| write!(f, "@{instance}"))
    }
}

impl FromStr for AnswerPath {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Ok(match text.rsplit_once('@') {
            Some((question, instance)) => {
                Self { instance: Some(instance.parse()?), question: question.to_owned() }
            }
            None => Self { instance: None, question: text.to_owned() },
        })
    }
}

/// What was answered, as in an ODK submission (choices separated by spaces, ISO dates); `None` when cleared.
pub type Answer = Option<String>;

/// One repeat instance. It is never deleted: `removed` hides it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Instance {
    /// Its id.
    #[n(0)]
    pub id: InstanceId,
    /// The repeat's path below the root, without positions: `contacts`, `household/person`.
    #[n(1)]
    pub repeat: String,
    /// The instance of the enclosing repeat, if any.
    #[n(2)]
    pub parent: Option<InstanceId>,
    /// Position among its siblings; equal orders (two people added one apart) are settled by id.
    #[n(3)]
    pub order: u32,
    /// Whether it was removed.
    #[n(4)]
    pub removed: bool,
}

/// All stored answers of a record, of one part or of several laid over each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// The answers that are not blank.
    pub values: BTreeMap<AnswerPath, String>,
    /// The repeat instances, removed ones included.
    pub instances: BTreeMap<InstanceId, Instance>,
}

/// One change to a record, as the form session gives it and the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Edit {
    /// Gives an answer, or clears it.
    #[n(0)]
    Set {
        /// Where.
        #[n(0)]
        path: AnswerPath,
        /// What.
        #[n(1)]
        value: Answer,
        /// Whether it is long text that two people's typing may merge in, character by character.
        #[n(2)]
        text: bool,
        /// Which part it belongs to.
        #[n(3)]
        sensitivity: Sensitivity,
    },
    /// Adds a repeat instance.
    #[n(1)]
    Add(#[n(0)] Instance),
    /// Hides a repeat instance, or shows it again.
    #[n(2)]
    Remove {
        /// Which.
        #[n(0)]
        id: InstanceId,
        /// `false` undoes a removal.
        #[n(1)]
        removed: bool,
    },
}

impl Answers {
    /// Lays an edit over these answers.
    pub fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Set { path, value: Some(value), .. } if !value.is_empty() => {
                self.values.insert(path.clone(), value.clone());
            }
            Edit::Set { path, .. } => {
                self.values.remove(path);
            }
            Edit::Add(instance) => {
                self.instances.entry(instance.id).or_insert_with(|| instance.clone());
            }
            Edit::Remove { id, removed } => {
                if let Some(instance) = self.instances.get_mut(id) {
                    instance.removed = *removed;
                }
            }
        }
    }

    /// The instances of a repeat below `parent` that were not removed, in order.
    pub fn children<'a>(&'a self, repeat: &'a str, parent: Option<InstanceId>) -> Vec<&'a Instance> {
        let mut found: Vec<&Instance> = self
            .instances
            .values()
            .filter(|i| !i.removed && i.repeat == repeat && i.parent == parent)
            .collect();
        found.sort_by_key(|i| (i.order, i.id));
        found
    }
}
