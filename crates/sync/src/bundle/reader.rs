//! Reads a bundle, damaged or not: every item that touches no damaged frame, and a report of the rest.

use super::frame::{FRAME_LEN, Frame, FrameCipher, HEADER_LEN, cipher_for, find_header};
use super::{Item, ItemKind};
use crate::{MAX_ITEM, SyncError};
use baraza_oplog::TransportKey;

const ITEM_HEAD: usize = 5;

/// A part of the file, in bytes; the end is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub start: usize,
    /// Behind the last byte.
    pub end: usize,
}

/// What was found, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadReport {
    /// Frames looked at.
    pub frames: usize,
    /// Frames that could not be opened.
    pub damaged_frames: usize,
    /// Items given out.
    pub items: usize,
    /// Items of which a beginning was seen, but not the end. Others may be lost unseen.
    pub cut_items: usize,
    /// Items with an impossible length: the bundle's writer was wrong.
    pub malformed_items: usize,
    /// Whether the file ends before its last frame, or that frame is damaged.
    pub truncated: bool,
    /// The damaged places, in bytes of the file.
    pub lost: Vec<ByteRange>,
}

impl ReadReport {
    /// Whether every item of the bundle was given out.
    pub fn is_whole(&self) -> bool {
        self.damaged_frames == 0 && self.cut_items == 0 && self.malformed_items == 0 && !self.truncated
    }
}

/// Gives the items of a bundle one after the other. It holds one frame and one item.
pub struct BundleReader<'b> {
    file: &'b [u8],
    cipher: FrameCipher,
    start: usize,
    next: usize,
    count: usize,
    data: Vec<u8>,
    at: usize,
    in_step: bool,
    partial: Vec<u8>,
    ended: bool,
    report: ReadReport,
}

impl<'b> BundleReader<'b> {
    /// Finds the header and checks the key. Fails only where nothing at all can be read.
    pub fn open(file: &'b [u8], key: &TransportKey) -> Result<Self, SyncError> {
        let found = find_header(file)?;
        let cipher = cipher_for(&found.header, key)?;
        let mut start = found.at + HEADER_LEN;
        if found.at > HEADER_LEN && !has_frames(file, start, &cipher) {
            // This is the copy behind the last frame: the file's beginning is damaged.
            start = HEADER_LEN;
        }
        let rest = file.get(start..).unwrap_or_default();
        let copy = rest.chunks(FRAME_LEN).position(|chunk| chunk.starts_with(&found.header));
        let count = copy.unwrap_or(rest.len() / FRAME_LEN);
        Ok(Self {
            file,
            cipher,
            start,
            next: 0,
            count,
            data: Vec::new(),
            at: 0,
            in_step: false,
            partial: Vec::new(),
            ended: false,
            report: ReadReport::default(),
        })
    }

    /// The next item that is whole.
    pub fn next_item(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.item_from_frame() {
                self.report.items += 1;
                return Some(item);
            }
            if !self.next_frame() {
                return None;
            }
        }
    }

    /// What was found so far; complete once [`BundleReader::next_item`] has given `None`.
    pub fn report(&self) -> &ReadReport {
        &self.report
    }

    /// Steps to the next frame that can be opened and puts `at` where its items begin.
    fn next_frame(&mut self) -> bool {
        if self.ended {
            return false;
        }
        while self.next < self.count {
            let number = self.next;
            let from = self.start + number * FRAME_LEN;
            self.next += 1;
            self.report.frames += 1;
            let opened = self
                .file
                .get(from..from + FRAME_LEN)
                .and_then(|sealed| self.cipher.open(number as u64, sealed));
            let Some(frame) = opened else {
                self.report.damaged_frames += 1;
                self.lose(ByteRange { start: from, end: from + FRAME_LEN });
                self.drop_partial();
                continue;
            };
            if frame.last {
                self.next = self.count;
                self.ended = true;
            }
            if self.enter(frame) || self.ended {
                return true;
            }
        }
        self.end_early();
        false
    }

    /// Takes a frame in; `false` where none of its bytes can be used.
    fn enter(&mut self, frame: Frame) -> bool {
        let begin = if self.in_step || self.next == 1 { Some(0) } else { frame.first_item };
        self.in_step = begin.is_some();
        self.at = begin.unwrap_or(frame.data.len());
        self.data = frame.data;
        self.in_step
    }

    /// Takes bytes from the current frame until an item is whole or the frame is used up.
    fn item_from_frame(&mut self) -> Option<Item> {
        while let Some(rest) = self.data.get(self.at..).filter(|rest| !rest.is_empty()) {
            let wanted = match item_head(&self.partial) {
                None => ITEM_HEAD,
                Some((_, length)) if length > MAX_ITEM => {
                    self.report.malformed_items += 1;
                    self.partial.clear();
                    self.leave_frame();
                    return None;
                }
                Some((_, length)) => ITEM_HEAD + length,
            };
            let taken = rest.len().min(wanted - self.partial.len());
            self.partial.extend_from_slice(rest.get(..taken)?);
            self.at += taken;
            if let Some(item) = whole_item(&self.partial) {
                self.partial.clear();
                return Some(item);
            }
        }
        if self.ended {
            self.drop_partial();
        }
        None
    }

    fn leave_frame(&mut self) {
        self.at = self.data.len();
        self.in_step = false;
    }

    fn drop_partial(&mut self) {
        if !self.partial.is_empty() {
            self.report.cut_items += 1;
            self.partial = Vec::new();
        }
        self.leave_frame();
    }

    /// The frames are used up and none of them was the last.
    fn end_early(&mut self) {
        self.ended = true;
        self.report.truncated = true;
        self.drop_partial();
        let read = self.start + self.count * FRAME_LEN;
        let tail = self.file.len().saturating_sub(read);
        if tail > 0 && tail < FRAME_LEN && tail != HEADER_LEN {
            self.lose(ByteRange { start: read, end: self.file.len() });
        }
    }

    fn lose(&mut self, range: ByteRange) {
        match self.report.lost.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => self.report.lost.push(range),
        }
    }
}

/// Reads everything at once.
pub fn read_bundle(file: &[u8], key: &TransportKey) -> Result<(Vec<Item>, ReadReport), SyncError> {
    let mut reader = BundleReader::open(file, key)?;
    let mut items = Vec::new();
    while let Some(item) = reader.next_item() {
        items.push(item);
    }
    Ok((items, reader.report))
}

fn has_frames(file: &[u8], start: usize, cipher: &FrameCipher) -> bool {
    let rest = file.get(start..).unwrap_or_default();
    rest.chunks_exact(FRAME_LEN)
        .enumerate()
        .any(|(number, sealed)| cipher.open(number as u64, sealed).is_some())
}

fn item_head(partial: &[u8]) -> Option<(ItemKind, usize)> {
    let (&[kind, a, b, c, d], _) = partial.split_first_chunk::<ITEM_HEAD>()?;
    Some((ItemKind::from_byte(kind), usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?))
}

fn whole_item(partial: &[u8]) -> Option<Item> {
    let (kind, length) = item_head(partial)?;
    let bytes = partial.get(ITEM_HEAD..)?;
    (bytes.len() == length).then(|| Item { kind, bytes: bytes.to_vec() })
}
