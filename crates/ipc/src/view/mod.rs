//! What screens are told, and what they may say: plain values with stable JSON names.
//!
//! Times are milliseconds since 1970 by the writer's clock, ids are text, optional values are `null`. Sentences are
//! never in here, except those that a form or a person wrote: the interface makes its own from codes.

mod desk;
mod exchange;
mod field;
mod form;
mod headquarters;
mod member;

pub use desk::*;
pub use exchange::*;
pub use field::*;
pub use form::*;
pub use headquarters::*;
pub use member::*;
