//! The app's windows as data: one function for each thing that a screen may ask.
//!
//! A [`Desk`] is one workspace folder on a device, locked or unlocked, with at most one open form. Two shells carry
//! calls to it by name: the Tauri window, and for tests a bridge that a browser reaches over loopback. Each command
//! makes one call of `baraza-app` and turns what it gives into a view; the table in `table.rs` is the complete list
//! of what a window can reach, and the TypeScript in `ui/src/lib/ipc` is generated from it.
//!
//! Invariants: before unlocking nothing is named and nothing is counted; what a form asks, and how, is decided here
//! and in the core, never in the interface; no path, secret or answer is ever part of a [`Problem`].

mod desk;
mod problem;
mod secret;
mod table;
mod typescript;
pub mod view;

#[cfg(feature = "demo")]
pub use desk::{Demo, DemoDevice};
pub use desk::{Desk, Setup};
pub use problem::Problem;
pub use secret::Secret;
pub use typescript::{commands as typescript_commands, types as typescript_types};
