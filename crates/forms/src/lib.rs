//! The forms engine: form definitions, XLSForm and XForm import, XForm export, and the headless fill session.
//!
//! Invariants: no I/O, no clock and no randomness of its own (they come in as arguments); a [`def::FormDef`] is
//! data and can be hashed; what parsers find wrong is returned as all diagnostics at once.

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
