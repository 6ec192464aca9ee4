//! Reconciliation between devices that are seldom connected: what to say, never how to carry it.
//!
//! This crate owns the bundle file ([`bundle`]), the messages of the hub ([`wire`]), the token that says how far a
//! device has read a hub ([`frontier`]) and the state machine that drives one exchange ([`client`]).
//!
//! Invariants:
//! - no I/O, no clock, no randomness of its own: bytes, time and [`baraza_model::Entropy`] come in, effects go out;
//! - every step can be repeated: a lost answer costs a second sending, never a segment;
//! - nothing here opens a segment: it carries ciphertext and signed statements and trusts neither their sender nor
//!   their carrier;
//! - input is hostile: every length has a cap, memory is bounded by the input, and nothing panics.
//!
//! Source: DESIGN section 7.

pub mod bundle;
pub mod client;
mod error;
pub mod frontier;
pub mod wire;

pub use error::SyncError;

/// Largest body of one request or answer, in bytes.
pub const MAX_BODY: usize = 32 << 20;

/// Largest single item that travels (a segment, a receipt, a roster statement, a blob), in bytes.
pub const MAX_ITEM: usize = 16 << 20;
