//! People, tablets, cards, a hub and a clock, for stories that run the real use cases in temporary folders.
//!
//! Everything here is invented: the places, the people, what they say. Nothing here is in a release; `baraza` has it
//! behind its feature `dev` only.
//!
//! - [`Mission`] is a workspace with its headquarters; it enrols people by files, as they would.
//! - [`Person`] is somebody with an unlocked device. [`Locked`] is the device with nobody before it.
//! - [`Relay`] is the real hub on loopback.
//! - [`Seized`] is what an attacker has who holds a tablet and its passphrase.
//! - [`Sheet`] is an exported CSV file, read back.
//! - [`Clock`] stands still until a story moves it.

pub mod answers;
mod clock;
pub mod demo;
mod mission;
mod person;
mod relay;
mod seized;
mod sheet;

pub use clock::{Clock, DAY_MS};
pub use mission::{FORMS, Mission, form_path};
pub use person::{Locked, PASSPHRASE, Person};
pub use relay::Relay;
pub use seized::Seized;
pub use sheet::Sheet;

/// A story ends at its first surprise, whatever it is.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
