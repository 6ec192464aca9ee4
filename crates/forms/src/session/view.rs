//! What an interface sees of a node.

use baraza_model::{AnswerPath, Sensitivity};

/// A node of a session. Stays valid while the node exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

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
