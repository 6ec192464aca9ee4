//! What an evaluation can see: the trees of a form, the time, and the hooks into the forms engine.

use crate::{NodeId, Tree};
use std::borrow::Cow;
use std::sync::Arc;

/// Number of the primary instance's tree in every [`Forest`].
pub const PRIMARY: u32 = 0;

/// A node of a tree of a [`Forest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeRef {
    /// Number of the tree; [`PRIMARY`] is the live instance.
    pub tree: u32,
    /// The node in it.
    pub node: NodeId,
}

impl NodeRef {
    /// A node of the primary instance.
    pub fn primary(node: NodeId) -> Self {
        Self { tree: PRIMARY, node }
    }
}

/// The primary instance and the named secondary instances of one form session.
#[derive(Clone, Debug)]
pub struct Forest {
    primary: Tree,
    primary_name: Option<Arc<str>>,
    /// Shared by the sessions of a form: a copy of a forest costs what its primary instance costs.
    secondary: Arc<Vec<(Arc<str>, Arc<Tree>)>>,
    /// By number: see [`Forest::home`].
    homes: Vec<Option<NodeId>>,
}

impl Forest {
    /// A forest with a primary instance only.
    pub fn new(primary: Tree) -> Self {
        Self { primary, primary_name: None, secondary: Arc::default(), homes: Vec::new() }
    }

    /// Gives the primary instance an id, for `instance('id')`.
    pub fn name_primary(&mut self, name: &str) {
        self.primary_name = Some(name.into());
    }

    /// Adds or replaces a secondary instance and gives its number. Trees can be shared between sessions.
    pub fn insert(&mut self, name: &str, tree: Arc<Tree>) -> u32 {
        let secondary = Arc::make_mut(&mut self.secondary);
        if let Some(at) = secondary.iter().position(|(n, _)| &**n == name) {
            if let Some(slot) = secondary.get_mut(at) {
                slot.1 = tree;
            }
            return at as u32 + 1;
        }
        secondary.push((name.into(), tree));
        secondary.len() as u32
    }

    /// The node of the primary instance that stands alone at one path for good, by the number which the caller gave
    /// to that path.
    pub fn home(&self, number: u32) -> Option<NodeId> {
        self.homes.get(number as usize).copied().flatten()
    }

    /// All homes by their number.
    pub fn homes(&self) -> impl Iterator<Item = (u32, NodeId)> + '_ {
        (0..).zip(&self.homes).filter_map(|(number, node)| node.map(|node| (number, node)))
    }

    /// Makes room for numbers below `count`; copies of the forest have it, too.
    pub fn make_room(&mut self, count: usize) {
        self.homes.resize(count.max(self.homes.len()), None);
    }

    /// Gives a number to a node of the primary instance.
    pub fn set_home(&mut self, number: u32, node: NodeId) {
        let at = number as usize;
        self.make_room(at + 1);
        if let Some(slot) = self.homes.get_mut(at) {
            *slot = Some(node);
        }
    }

    /// The live instance.
    pub fn primary(&self) -> &Tree {
        &self.primary
    }

    /// The live instance, to change it.
    pub fn primary_mut(&mut self) -> &mut Tree {
        &mut self.primary
    }

    /// A tree by its number.
    pub fn tree(&self, number: u32) -> Option<&Tree> {
        match number.checked_sub(1) {
            None => Some(&self.primary),
            Some(at) => self.secondary.get(at as usize).map(|(_, tree)| &**tree),
        }
    }

    /// The number of an instance by its id.
    pub fn find(&self, name: &str) -> Option<u32> {
        if self.primary_name.as_deref() == Some(name) {
            return Some(PRIMARY);
        }
        self.secondary.iter().position(|(n, _)| &**n == name).map(|at| at as u32 + 1)
    }

    /// The string-value of a node, borrowed where it is the text of one node.
    pub fn value(&self, at: NodeRef) -> Cow<'_, str> {
        self.tree(at.tree).map(|tree| tree.value(at.node)).unwrap_or_default()
    }

    /// The string-value of a node: its text, or the texts of its descendants; blank where not relevant.
    pub fn text(&self, at: NodeRef) -> Arc<str> {
        self.tree(at.tree).map(|tree| tree.string_value(at.node)).unwrap_or_default()
    }
}

/// What belongs to the forms engine. Every method has a default that knows nothing.
pub trait Host {
    /// Fills a buffer with random bytes, for `random()`, `uuid()` and `randomize(x)`. The default gives zeros.
    fn random(&self, buf: &mut [u8]) {
        buf.fill(0);
    }

    /// `jr:itext(id)`: the text in the active language.
    fn itext(&self, id: &str) -> Option<Arc<str>> {
        let _ = id;
        None
    }

    /// `jr:choice-name(value, path)`: the label of a choice of the select question at `path`, which is the second
    /// argument as a string, resolved as seen from `context`.
    fn choice_name(&self, value: &str, path: &str, context: NodeRef) -> Option<Arc<str>> {
        let _ = (value, path, context);
        None
    }
}

/// A host that gives nothing: no labels, no translations, zeros for random bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sealed;

impl Host for Sealed {}

/// Everything an evaluation can read besides its context node.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The trees.
    pub forest: &'a Forest,
    /// The forms engine.
    pub host: &'a dyn Host,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub now_ms: i64,
    /// Minutes east of UTC.
    pub zone_minutes: i32,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The node that `.` and relative paths start from, and what `current()` gives.
    pub node: NodeRef,
    /// `position()` without arguments, from 1.
    pub position: u32,
    /// `last()`.
    pub size: u32,
}

impl Context {
    /// A node alone.
    pub fn of(node: NodeRef) -> Self {
        Self { node, position: 1, size: 1 }
    }

    /// A node of the primary instance alone.
    pub fn primary(node: NodeId) -> Self {
        Self::of(NodeRef::primary(node))
    }
}
