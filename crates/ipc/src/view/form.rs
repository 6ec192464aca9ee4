//! A form on screen: one part at a time, its questions with the control that each needs.

use serde::Serialize;
use ts_rs::TS;

/// An open form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FormScreen {
    /// The record.
    pub record: String,
    /// Form id.
    pub form: String,
    /// Title of the form in the form's language.
    pub title: String,
    /// The record's name so far; blank if it has none.
    pub name: String,
    /// Version of the form.
    pub version: String,
    /// A newer published version, where there is one; this draft stays with its own.
    pub newer: Option<String>,
    /// Languages of the form.
    pub languages: Vec<LanguageView>,
    /// The parts in order, those that do not apply left out.
    pub parts: Vec<PartView>,
    /// Which of them is on screen.
    pub part: usize,
    /// What is on it.
    pub items: Vec<ItemView>,
    /// Answers that do not fit, over all parts.
    pub to_fix: usize,
    /// Questions without an answer, over all parts.
    pub left: usize,
    /// Required ones among them.
    pub required_left: usize,
    /// Severe questions that have an answer, over all parts: they are sealed when the record is finished.
    pub severe: usize,
    /// Questions in all.
    pub questions: usize,
    /// When the last answer was saved; `null` before the first.
    pub saved: Option<i64>,
    /// The question where the person was, by path.
    pub focus: Option<String>,
    /// Whether the record belongs to a team: teammates see it before it is finished.
    pub team: bool,
    /// The reason of the amendment, when a finalised record is being changed.
    pub amending: Option<String>,
}

/// A language of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LanguageView {
    /// What `speak` takes: the name as the form has it, `Français (fr)`.
    pub name: String,
    /// Its code as written by the form's author, if it has one.
    pub code: Option<String>,
    /// Its name for people: `Français`.
    pub label: String,
    /// Whether it is the one on screen.
    pub current: bool,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PartView {
    /// Its title.
    pub title: String,
    /// How it stands.
    pub state: PartState,
    /// Answers in it that do not fit.
    pub to_fix: usize,
    /// Questions in it without an answer.
    pub left: usize,
}

/// How a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PartState {
    /// Nothing in it is answered yet.
    Open,
    /// Some of it is.
    Begun,
    /// All of it is.
    Done,
    /// Something in it must be put right, or a required answer was passed by.
    Fix,
}

/// Something on a part, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", tag = "item")]
pub enum ItemView {
    /// The title of a group within the part.
    Heading {
        /// Its path.
        path: String,
        /// The title.
        text: String,
        /// 2, 3…
        level: u8,
    },
    /// A text to read silently.
    Note {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
    /// A soft warning.
    Warning {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
    /// A full-screen stop notice.
    Stop {
        /// Its path.
        path: String,
        /// The text.
        text: String,
    },
    /// A script to read aloud on a full screen.
    Script {
        /// Its path.
        path: String,
        /// The text.
        text: String,
        /// The acknowledgement that follows it, if one does: answering it says that the script was read.
        acknowledge: Option<Box<QuestionView>>,
    },
    /// A question.
    Question(Box<QuestionView>),
    /// A repeat: its entries, and whether another can be added.
    Entries(EntriesView),
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct QuestionView {
    /// What `answer` takes.
    pub path: String,
    /// Its number in the form as it stands; 0 for the acknowledgement of a script, which is not counted.
    pub number: usize,
    /// The question.
    pub label: String,
    /// Whether it is said aloud to people.
    pub voice: bool,
    /// The hint.
    pub hint: Option<String>,
    /// The guidance hint.
    pub guidance: Option<String>,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it cannot be changed by hand.
    pub readonly: bool,
    /// Whether it is severe: it cannot be read back here after finishing.
    pub severe: bool,
    /// The answer as stored; blank if there is none.
    pub value: String,
    /// The answer as people read it.
    pub text: String,
    /// What is wrong with it, if something is and the person has been there.
    pub problem: Option<ProblemView>,
    /// How it is answered.
    pub control: Control,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProblemView {
    /// `missing` or `outside`.
    pub kind: String,
    /// The form's own sentence, if it has one.
    pub text: Option<String>,
}

/// How a question is answered. The value that `answer` takes is described with each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case", tag = "control")]
pub enum Control {
    /// One line of text.
    Text,
    /// Text that grows.
    Notes,
    /// A whole number: `-?[0-9]+`.
    Integer {
        /// Whether buttons for one more and one less make sense.
        counter: bool,
    },
    /// A decimal number with a point.
    Decimal,
    /// One choice: its value.
    One {
        /// How the choices are shown.
        style: ChoiceStyle,
        /// The choices; for `search` at most the first page and the chosen one, ask `choices` for more.
        choices: Vec<ChoiceView>,
        /// How many there are.
        total: usize,
    },
    /// Several choices: values separated by spaces.
    Many {
        /// How the choices are shown.
        style: ChoiceStyle,
        /// As with one.
        choices: Vec<ChoiceView>,
        /// How many there are.
        total: usize,
    },
    /// All choices in order: values separated by spaces.
    Rank {
        /// The choices.
        choices: Vec<ChoiceView>,
    },
    /// A number on a scale.
    Range {
        /// Least.
        start: String,
        /// Greatest.
        end: String,
        /// Distance.
        step: String,
    },
    /// `2026-11-20`.
    Date,
    /// `14:05:00.000+03:00`.
    Time,
    /// `2026-11-20T14:05:00.000+03:00`.
    DateTime,
    /// `OK`.
    Acknowledge,
    /// `latitude longitude altitude accuracy`, in degrees and metres.
    Point,
    /// Points separated by `;`. Nothing is recorded until the person says so.
    Trace {
        /// Whether it closes to a shape.
        closed: bool,
    },
    /// A type that this version cannot ask yet; the record can be finished without it.
    Unsupported {
        /// Its type.
        datatype: String,
    },
}

/// How choices are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ChoiceStyle {
    /// Each a card.
    Cards,
    /// The pictorial scale: pictures in their order, what stands apart below.
    Scale,
    /// A list that opens.
    Menu,
    /// A long list with search.
    Search,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ChoiceView {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Its picture: a name that `media` takes.
    pub picture: Option<String>,
    /// Choosing it excludes all others.
    pub exclusive: bool,
    /// "Don't know" and "did not want to say" stand apart.
    pub apart: bool,
}

/// A repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EntriesView {
    /// What `add_entry` takes.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Whether the form decides their number.
    pub fixed: bool,
    /// The entries in order.
    pub entries: Vec<EntryView>,
    /// The entry that is open for writing, by index.
    pub open: Option<usize>,
}

/// An entry of a repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EntryView {
    /// What `remove_entry` and `open_entry` take.
    pub path: String,
    /// What was said or seen in it, to recognise it by: its first texts.
    pub summary: String,
    /// Further facts in a few words.
    pub facts: Vec<String>,
    /// Answers in it that do not fit, and required ones that lack after it was left.
    pub to_fix: usize,
    /// What is asked in it; filled only for the open one.
    pub items: Vec<ItemView>,
}

/// A line of the list "2 to fix, 12 left".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct JumpLine {
    /// What `go` takes.
    pub path: String,
    /// Its number; 0 for the acknowledgement of a script.
    pub number: usize,
    /// The question.
    pub label: String,
    /// Title of its part.
    pub part: String,
    /// Index of its part.
    pub part_index: usize,
    /// `fix`, `required` or `left`.
    pub kind: String,
    /// Whether it has no answer; a line to fix may have one that does not fit.
    pub missing: bool,
    /// The form's sentence.
    pub text: Option<String>,
}

/// What finishing gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FinishedView {
    /// The record as it now stands in lists.
    pub row: super::RecordRow,
    /// Severe answers that were sealed away and cannot be read here again.
    pub sealed: u64,
    /// What the form says should be opened next, by form id (an alert after a flash observation…), as far as such a
    /// form is published here.
    pub follow_up: Vec<super::FormCard>,
}

/// A file of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MediaView {
    /// `image/svg+xml`…
    pub mime: String,
    /// Base64.
    pub data: String,
}
