//! Stories with named people, forgeries, and the ratchet's adversary.

mod chain;
mod enrol;
mod forgery;
mod golden;
mod hostile;
mod payload;
mod ratchet;
mod receipt;
mod roster;
mod story;
mod world;
