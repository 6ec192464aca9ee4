//! The forms engine: form definitions, XLSForm and XForm import, XForm export, and the headless fill session.
//!
//! Invariants: no I/O, no clock and no randomness of its own (they come in as arguments); a [`def::FormDef`] is
//! data and can be hashed; what parsers find wrong is returned as all diagnostics at once.
//!
//! # Where ODK's implementations differ
//!
//! | what | here |
//! |---|---|
//! | a bind whose nodeset is not absolute (`age`) | counts for nothing, with a warning, as in ODK Web Forms; JavaRosa resolves it |
//! | a calculation that reads its own node | allowed, as in ODK Web Forms; JavaRosa refuses it. Longer circles are refused |
//! | a question that has a calculation and can be answered | keeps the person's answer until the calculated result changes |
//! | `now()` and the like in a repeat | evaluated again only in the instance where something that they read changed |
//! | a calculation with `jr:itext()` | not evaluated again when the language changes; one with `jr:choice-name()` is |
//! | `odk-instance-first-load`, `odk-instance-load` | after the first evaluation of all rules, in the order of the form |
//! | several texts for one itext id | the plain one is the label; media and guidance stand beside it |
//! | distances, `regex`, `round`, date-time offsets | as JavaRosa; see `baraza-xpath` |

pub mod attachments;
pub mod compile;
pub mod def;
pub mod error;
pub mod run;
pub mod schema;
pub mod sensitivity;
pub mod session;
pub(crate) mod values;
pub mod xform;
pub mod xlsform;

pub use attachments::Attachments;
pub use compile::{Compiled, Form};
pub use def::FormDef;
pub use error::StepError;
pub use session::{Evaluation, NodeKind, NodeView, Options, Problem, Session};
