//! Stories told through the desk: people call commands by name, as their windows do, on the real core.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

mod coming_in;
#[cfg(feature = "demo")]
mod demo;
mod handing_over;
mod headquarters;
mod records;
mod refusals;
mod stage;
