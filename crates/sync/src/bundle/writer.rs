//! Writes a bundle as a stream: items in, bytes out, one frame of memory.

use super::frame::{DATA_LEN, FrameCipher, Header};
use super::{Item, ItemKind, order_items};
use crate::{MAX_ITEM, SyncError};
use baraza_model::Entropy;
use baraza_oplog::TransportKey;

/// Takes items and gives the file in chunks: [`BundleWriter::take_chunk`] at any time,
/// [`BundleWriter::finish`] at the end.
pub struct BundleWriter {
    cipher: FrameCipher,
    header: Header,
    number: u64,
    data: Vec<u8>,
    first_item: Option<u16>,
    out: Vec<u8>,
}

impl BundleWriter {
    /// Begins a file. The nonce is drawn from `rng`.
    pub fn new(key: &TransportKey, rng: &mut impl Entropy) -> Result<Self, SyncError> {
        let file_nonce = rng.bytes();
        let cipher = FrameCipher::new(key, &file_nonce)?;
        let header = cipher.header(&file_nonce);
        Ok(Self { cipher, header, number: 0, data: Vec::new(), first_item: None, out: header.to_vec() })
    }

    /// Adds an item. Give them in the order of [`order_items`]: what comes first survives a cut.
    pub fn push(&mut self, kind: ItemKind, bytes: &[u8]) -> Result<(), SyncError> {
        let too_large = SyncError::TooLarge { length: bytes.len(), limit: MAX_ITEM };
        let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MAX_ITEM).ok_or(too_large)?;
        if self.data.len() == DATA_LEN {
            self.seal_frame(false)?;
        }
        if self.first_item.is_none() {
            self.first_item = u16::try_from(self.data.len()).ok();
        }
        self.append(&[kind.to_byte()])?;
        self.append(&length.to_le_bytes())?;
        self.append(bytes)
    }

    /// The bytes that are ready to be written to the file.
    pub fn take_chunk(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// Ends the file and gives the rest of its bytes.
    pub fn finish(mut self) -> Result<Vec<u8>, SyncError> {
        self.seal_frame(true)?;
        self.out.extend_from_slice(&self.header);
        Ok(self.out)
    }

    fn append(&mut self, mut bytes: &[u8]) -> Result<(), SyncError> {
        while !bytes.is_empty() {
            if self.data.len() == DATA_LEN {
                self.seal_frame(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(DATA_LEN - self.data.len()));
            self.data.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal_frame(&mut self, last: bool) -> Result<(), SyncError> {
        self.cipher.seal(self.number, last, self.first_item.take(), &self.data, &mut self.out)?;
        self.data.clear();
        self.number += 1;
        Ok(())
    }
}

/// Writes a whole bundle, its items in the order in which they should travel.
pub fn write_bundle(
    key: &TransportKey,
    mut items: Vec<Item>,
    rng: &mut impl Entropy,
) -> Result<Vec<u8>, SyncError> {
    order_items(&mut items);
    let mut writer = BundleWriter::new(key, rng)?;
    for item in &items {
        writer.push(item.kind, &item.bytes)?;
    }
    writer.finish()
}
