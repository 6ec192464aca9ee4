//! The forms engine: form definitions, XLSForm and XForm import, XForm export, and the headless fill session.
//!
//! Invariants: no I/O, no clock and no randomness of its own (they come in as arguments); a [`def::FormDef`] is
//! data and can be hashed; what parsers find wrong is returned as all diagnostics at once.

pub mod def;
pub mod sensitivity;
pub mod xlsform;
