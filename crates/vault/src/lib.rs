//! The vault: everything a field device keeps, in one SQLCipher store that opens with a passphrase.
//!
//! It owns the key slots, the store and its migrations, and one typed method for each thing that is kept.
//! Documents, journal rows, rosters, batches and segments are opaque bytes here: other crates read them.
//!
//! Invariants
//! - Nothing readable leaves this crate for a file: the store is SQLCipher with a raw random key, which only the
//!   slots hold, wrapped. Folder 0700, files 0600.
//! - [`Vault::write`] is one transaction with `synchronous = FULL`: what it returned `Ok` for survives power loss.
//! - Every part has a key of its own. [`Tx::destroy_part`] followed by [`Vault::checkpoint`] leaves neither the
//!   key, nor the document, nor its journal in any file.
//! - The search index never holds anything of a severe part.
//! - A record of one's own is pruned only when an office's receipt covers all its payloads.
//! - Deliberately absent: a clock (times are arguments), plaintext temporary files, any name of a table or column
//!   outside this crate.

mod cipher;
mod error;
mod folder;
mod harden;
mod kdf;
mod memory;
mod passphrase;
mod schema;
mod slots;
mod tables;
mod vault;

pub use error::{Error, Result};
pub use harden::harden_process;
pub use kdf::KdfCost;
pub use passphrase::{Strength, Weakness, check_passphrase, generate_passphrase};
pub use schema::Pragmas;
pub use slots::SlotKind;
pub use tables::{
    Delivered, Delivery, Document, EpochSecret, Form, FormHead, Found, Held, JournalRow, Listing, Message,
    Needs, NewHeld, NewPart, NewSegment, PartRow, Prunable, Record, RecordRow, Segment, SegmentHead, Tally,
    meta,
};
pub use vault::{Reader, Tx, Vault};

#[cfg(test)]
mod tests;
