//! The nodes of a form, apart from any session.

use super::choices::Select;
use super::graph::UnitId;
use super::template::Template;
use super::text::Text;
use crate::session::NodeKind;
use crate::values::ValueType;
use baraza_model::Sensitivity;
use baraza_xpath::Expr;

/// A node of the form by its place in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DefId(pub(crate) u32);

impl DefId {
    /// Of a node that belongs to no definition (a text, an attribute of the template itself).
    pub(crate) const NONE: DefId = DefId(u32::MAX);

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A rule that is true or false.
#[derive(Debug, Clone)]
pub(crate) enum Cond {
    Const(bool),
    Expr(Expr),
}

impl Cond {
    pub(crate) fn expr(&self) -> Option<&Expr> {
        match self {
            Cond::Const(_) => None,
            Cond::Expr(expr) => Some(expr),
        }
    }

    pub(crate) fn is(&self, value: bool) -> bool {
        matches!(self, Cond::Const(found) if *found == value)
    }
}

/// Where a value comes from when a record begins or is finalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preload {
    Uid,
    Start,
    End,
    Today,
    Device,
    Email,
    Phone,
    Username,
}

/// One element or attribute of the primary instance.
#[derive(Debug)]
pub(crate) struct NodeDef {
    /// As written, with prefix.
    pub(crate) name: String,
    /// `/data/g/q`, without prefixes; an attribute's ends in `/@name`.
    pub(crate) path: String,
    pub(crate) parent: Option<DefId>,
    pub(crate) children: Vec<DefId>,
    /// One past the last node of its subtree.
    pub(crate) end: u32,
    pub(crate) attribute: bool,
    pub(crate) kind: NodeKind,
    /// The number of the repeat that it is, if it repeats.
    pub(crate) repeat: Option<usize>,
    /// The innermost repeat at or above it.
    pub(crate) in_repeat: Option<usize>,
    pub(crate) datatype: String,
    pub(crate) value_type: ValueType,
    /// Smallest and largest value of a range.
    pub(crate) bounds: Option<(f64, f64)>,
    pub(crate) relevant: Cond,
    pub(crate) readonly: Cond,
    pub(crate) required: Cond,
    pub(crate) constraint: Cond,
    pub(crate) calculate: Option<Expr>,
    pub(crate) impure: bool,
    pub(crate) preload: Option<Preload>,
    pub(crate) constraint_message: Option<Text>,
    pub(crate) required_message: Option<Text>,
    pub(crate) label: Option<Text>,
    pub(crate) hint: Option<Text>,
    pub(crate) appearance: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) select: Option<Select>,
    pub(crate) sensitivity: Sensitivity,
    pub(crate) multiline: bool,
    /// Whether its value is kept in the record; others follow from the form and from those that are.
    pub(crate) stored: bool,
    /// Units of its own: relevance first.
    pub(crate) units: Vec<UnitId>,
    /// Units that read its value.
    pub(crate) readers: Vec<UnitId>,
    /// Units to run again when its relevance changes: those of its subtree and the readers of what is in it.
    pub(crate) fanout: Vec<UnitId>,
    /// Its place among the columns of its table, if it has one.
    pub(crate) column: Option<u16>,
    /// Actions that its change of value sets off.
    pub(crate) on_change: Vec<usize>,
}

impl NodeDef {
    /// The path below the root: `g/q`.
    pub(crate) fn question(&self) -> &str {
        let below = self.path.get(1..).unwrap_or_default();
        below.split_once('/').map_or("", |(_, question)| question)
    }

    /// Whether it holds a value.
    pub(crate) fn is_leaf(&self) -> bool {
        !matches!(self.kind, NodeKind::Root | NodeKind::Group | NodeKind::RepeatInstance)
    }
}

/// How the number of instances is decided.
#[derive(Debug)]
pub(crate) enum Count {
    /// By the person.
    Free,
    /// By the form, once for all.
    Fixed(usize),
    /// By an expression, seen from the repeat's parent.
    Expr(Expr),
}

/// A repeat.
#[derive(Debug)]
pub(crate) struct RepeatDef {
    pub(crate) def: DefId,
    /// The number of the enclosing repeat.
    pub(crate) parent: Option<usize>,
    pub(crate) count: Count,
    /// Whether it applies, seen from its parent.
    pub(crate) relevant: Cond,
    /// A new instance.
    pub(crate) template: Template,
    /// An instance without values and inner instances, for restoring one.
    pub(crate) bare: Template,
    /// The instances that the form writes, for a repeat whose number the form decides.
    pub(crate) initials: Vec<Template>,
    /// Actions on `odk-new-repeat`.
    pub(crate) on_new: Vec<usize>,
    /// Units that read how many there are, or anything in it.
    pub(crate) readers: Vec<UnitId>,
    /// Units of what is in it.
    pub(crate) inside: Vec<UnitId>,
}

/// What an action does.
#[derive(Debug)]
pub(crate) enum Effect {
    Clear,
    Text(String),
    Expr(Expr),
    /// Nothing that this engine can do by itself: a place, a recording.
    Outside,
}

/// Something that happens on an event.
#[derive(Debug)]
pub(crate) struct ActionDef {
    pub(crate) target: DefId,
    pub(crate) effect: Effect,
    pub(crate) first_load: bool,
    pub(crate) load: bool,
}
