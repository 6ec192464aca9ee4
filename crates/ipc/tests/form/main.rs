//! Stories of people who fill forms, told through the calls that a window makes, on the real core.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic"
)]

mod controls;
mod entries;
mod finish;
mod instruments;
mod lists;
mod stage;
mod survey;
