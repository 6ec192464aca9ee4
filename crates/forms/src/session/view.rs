//! What an interface sees of a node.

use super::{NodeId, Session};
use crate::compile::{Choice, Count, DefId, Form, NodeDef, Text};
use baraza_model::{AnswerPath, Sensitivity};
use baraza_xpath::Context;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// The root element.
    Root,
    /// An element with children.
    Group,
    /// One instance of a repeat.
    RepeatInstance,
    /// A value without a question: calculations, metadata, hidden ones.
    ModelValue,
    /// Text, number, date, place, barcode…
    Input,
    /// A text to read.
    Note,
    /// One or several choices.
    Select,
    /// Choices put in order.
    Rank,
    /// A number picked from a scale.
    Range,
    /// An acknowledgement.
    Trigger,
    /// A file.
    Upload,
}

impl NodeKind {
    /// The word used by `baraza form run`.
    pub fn as_str(self) -> &'static str {
        match self {
            NodeKind::Root => "root",
            NodeKind::Group => "group",
            NodeKind::RepeatInstance => "repeat-instance",
            NodeKind::ModelValue => "model-value",
            NodeKind::Input => "input",
            NodeKind::Note => "note",
            NodeKind::Select => "select",
            NodeKind::Rank => "rank",
            NodeKind::Range => "range",
            NodeKind::Trigger => "trigger",
            NodeKind::Upload => "upload",
        }
    }
}

/// A choice on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceView {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Media of the label by form: `image`, `audio`, `video`, `big-image`.
    pub media: Vec<(String, String)>,
}

/// A node as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeView {
    /// The node.
    pub id: NodeId,
    /// Positional path: `/data/p[1]/q`.
    pub path: String,
    /// Where its answer is stored; `None` for groups, instances and the root.
    pub answer: Option<AnswerPath>,
    /// What it is.
    pub kind: NodeKind,
    /// The bind's type.
    pub datatype: String,
    /// Whether it applies.
    pub relevant: bool,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it cannot be changed by hand.
    pub readonly: bool,
    /// The value as in a submission; blank if not relevant.
    pub value: String,
    /// Whether the value is allowed.
    pub valid: bool,
    /// The form's own sentence on why not.
    pub message: Option<String>,
    /// The question.
    pub label: Option<String>,
    /// Media of the label by form: `image`, `audio`, `video`, `big-image`.
    pub media: Vec<(String, String)>,
    /// The hint.
    pub hint: Option<String>,
    /// The guidance hint.
    pub guidance: Option<String>,
    /// Appearances, separated by spaces.
    pub appearance: String,
    /// Sensitivity, the author's or the type's default.
    pub sensitivity: Sensitivity,
    /// Whether several choices may be taken (select).
    pub multiple: bool,
    /// The choices on offer now, for selects and ranks.
    pub choices: Option<Vec<ChoiceView>>,
    /// Parameters of the control as written: `start`, `end`, `step`, `mediatype`, `rows`…
    pub parameters: Vec<(String, String)>,
}

/// A repeat of a group, root or instance, whether it has instances or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatView {
    /// What [`Session::add`] takes: `/data/p`, `/data/p[2]/pet`.
    pub path: String,
    /// Whether it applies.
    pub relevant: bool,
    /// Whether the form decides the number of instances.
    pub fixed: bool,
    /// Its instances in order.
    pub instances: Vec<NodeId>,
    /// The label of the group around it, as far as it can be filled in without an instance.
    pub label: Option<String>,
}

impl Session {
    /// The repeats directly in a group, the root or an instance, in document order.
    pub fn repeats(&self, parent: NodeId) -> Vec<RepeatView> {
        let def = self.state(parent).def;
        if def == DefId::NONE {
            return Vec::new();
        }
        let above = self.path(parent);
        let children = self.form.node(def).children.iter().map(|c| self.form.node(*c));
        children
            .filter_map(|child| {
                let number = child.repeat?;
                Some(RepeatView {
                    path: format!("{above}/{}", child.name),
                    relevant: self.offers(&self.form, number, parent),
                    fixed: !matches!(self.form.repeat(number).count, Count::Free),
                    instances: self.occurrences(number, parent).map(|o| o.node).collect(),
                    label: self.filled(child.label.as_ref(), parent),
                })
            })
            .collect()
    }

    /// Whether a repeat applies, even an empty one.
    pub(super) fn offers(&self, form: &Form, number: usize, parent: NodeId) -> bool {
        self.forest.primary().is_relevant(parent) && self.test(&form.repeat(number).relevant, parent, true)
    }

    /// Every element of the record, in document order.
    pub(super) fn element_nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        let tree = self.forest.primary();
        tree.descendants(tree.root())
    }

    /// Every node in document order (FORM-RUN 1).
    pub fn nodes(&self) -> Vec<NodeView> {
        self.all_views(true)
    }

    /// Every node in document order, choices left out: what an interface redraws after each answer. Lists of choices
    /// can be long; ask [`Session::node`] for those of the question in sight.
    pub fn outline(&self) -> Vec<NodeView> {
        self.all_views(false)
    }

    fn all_views(&self, with_choices: bool) -> Vec<NodeView> {
        let mut found = Vec::new();
        let root = self.forest.primary().root();
        let mut path = String::new();
        self.gather(root, &mut path, with_choices, &mut found);
        found
    }

    fn gather(&self, node: NodeId, path: &mut String, with_choices: bool, found: &mut Vec<NodeView>) {
        let length = path.len();
        self.push_step(node, path);
        found.extend(self.view(node, path.clone(), with_choices));
        for child in self.forest.primary().children(node) {
            self.gather(child, path, with_choices, found);
        }
        path.truncate(length);
    }

    /// One node.
    pub fn node(&self, node: NodeId) -> Option<NodeView> {
        self.view(node, self.path(node), true)
    }

    /// The children of a group, root or instance that have a definition, in document order.
    pub fn children(&self, node: NodeId) -> Vec<NodeId> {
        self.forest.primary().children(node).collect()
    }

    /// The value of a question as in a submission; blank if it is not relevant, or not a question.
    pub fn value(&self, node: NodeId) -> String {
        let state = self.state(node);
        match state.def != DefId::NONE && self.form.node(state.def).is_leaf() {
            true => self.forest.primary().value(node).into_owned(),
            false => String::new(),
        }
    }

    fn view(&self, node: NodeId, path: String, with_choices: bool) -> Option<NodeView> {
        let state = self.state(node);
        if state.def == DefId::NONE {
            return None;
        }
        let def = self.form.node(state.def);
        let tree = self.forest.primary();
        let here = Context::primary(node);
        let entry = def.label.as_ref().and_then(|l| self.entry_of(l, here));
        let hint = def.hint.as_ref();
        let guidance = hint.and_then(|h| self.entry_of(h, here)).and_then(|e| e.guidance.as_ref());
        let violated = self.is_violated(node);
        let missing = !violated && self.is_missing(node);
        Some(NodeView {
            id: node,
            answer: self.place(node),
            kind: def.kind,
            datatype: def.datatype.clone(),
            relevant: tree.is_relevant(node),
            required: state.required,
            readonly: self.is_readonly(node),
            value: self.value(node),
            valid: !violated && !missing,
            message: self.message(def, node, violated, missing),
            label: self.filled(def.label.as_ref(), node),
            media: entry.map(|e| e.media.clone()).unwrap_or_default(),
            hint: self.filled(hint, node),
            guidance: self.filled(guidance, node),
            appearance: def.appearance.clone(),
            sensitivity: def.sensitivity,
            multiple: def.select.as_ref().is_some_and(|s| s.multiple),
            choices: if with_choices { self.choice_views(def, node) } else { None },
            parameters: def.parameters.clone(),
            path,
        })
    }

    fn filled(&self, text: Option<&Text>, node: NodeId) -> Option<String> {
        text.map(|t| self.fill_in(t, Context::primary(node)))
    }

    fn message(&self, def: &NodeDef, node: NodeId, violated: bool, missing: bool) -> Option<String> {
        match (violated, missing) {
            (true, _) => self.filled(def.constraint_message.as_ref(), node),
            (_, true) => self.filled(def.required_message.as_ref(), node),
            _ => None,
        }
    }

    fn choice_views(&self, def: &NodeDef, node: NodeId) -> Option<Vec<ChoiceView>> {
        let list = self.choices(def.select.as_ref()?, node);
        let view = |choice: &Choice| ChoiceView {
            value: choice.value.to_string(),
            label: self.choice_label(def, node, choice),
            media: self.choice_media(def, node, choice),
        };
        Some(list.choices.iter().map(view).collect())
    }
}
