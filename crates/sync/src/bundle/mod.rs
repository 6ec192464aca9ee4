//! The bundle: a file that carries segments, blobs, receipts and the roster where there is no network.
//!
//! ```text
//! header (64 bytes)  magic 8 | version 1 | 0×7 | file nonce 32 | key check 8 | checksum 8
//! frame 0 … n-1      4,096 bytes each: ChaCha20-Poly1305 (RFC 8439) under HKDF-SHA-256 (RFC 5869) of the
//!                    transport key and the file nonce, with the frame's number as nonce
//! header again       so that a card that is damaged where the file begins can still be read
//!
//! frame, opened      flags 1 (bit 0: last) | used u16 | first item u16 (0xFFFF: none begins here) | 4,075 bytes
//! item               kind 1 | length u32 | bytes         integers are little-endian
//! ```
//!
//! There is no central index: each frame says where its first item begins, so a damaged bundle yields every item
//! that touches no damaged frame. The last frame is marked and padded: a missing end is noticed, and the size
//! tells little. Nothing outside the frames says which workspace the file belongs to.
//!
//! The transport key never rotates: it hides structure (how many, how long, whose) from whoever finds the card; the
//! content is sealed on its own.

mod frame;
mod item;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

pub use item::{Item, ItemKind, order_items};
pub use reader::{BundleReader, ByteRange, ReadReport, read_bundle};
pub use writer::{BundleWriter, write_bundle};
