//! Header and frames: how a bundle lies on the card. No items here.

use crate::SyncError;
use baraza_oplog::TransportKey;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::Zeroizing;

/// Bytes of a frame in the file.
pub(super) const FRAME_LEN: usize = 4096;
/// Bytes of items that a frame has room for.
pub(super) const DATA_LEN: usize = FRAME_LEN - 16 - FRAME_HEAD;
/// Bytes of the header.
pub(super) const HEADER_LEN: usize = 64;
const FRAME_HEAD: usize = 5;
const FLAG_LAST: u8 = 1;
const NO_ITEM: u16 = u16::MAX;

/// Not valid UTF-8, and broken by the usual text conversions, as PNG's is.
const MAGIC: [u8; 8] = *b"\x89BRZ\r\n\x1a\n";
const VERSION: u8 = 1;

pub(super) type Header = [u8; HEADER_LEN];

/// A frame, opened.
pub(super) struct Frame {
    pub(super) last: bool,
    pub(super) first_item: Option<usize>,
    pub(super) data: Vec<u8>,
}

/// Seals and opens the frames of one file.
pub(super) struct FrameCipher {
    key: LessSafeKey,
    key_check: [u8; 8],
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(
    key: &TransportKey,
    file_nonce: &[u8; 32],
    info: &[u8],
) -> Result<[u8; N], SyncError> {
    let mut out = [0; N];
    Salt::new(HKDF_SHA256, file_nonce)
        .extract(key.as_bytes())
        .expand(&[info], Length(N))
        .and_then(|okm| okm.fill(&mut out))
        .map_err(|_| SyncError::BadKey)?;
    Ok(out)
}

fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes[4..].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

impl FrameCipher {
    pub(super) fn new(key: &TransportKey, file_nonce: &[u8; 32]) -> Result<Self, SyncError> {
        let bytes = Zeroizing::new(derive::<32>(key, file_nonce, b"baraza bundle frame v1")?);
        let key_check = derive(key, file_nonce, b"baraza bundle key check v1")?;
        let unbound = UnboundKey::new(&CHACHA20_POLY1305, &*bytes).map_err(|_| SyncError::BadKey)?;
        Ok(Self { key: LessSafeKey::new(unbound), key_check })
    }

    /// The header of a file with this key and nonce.
    pub(super) fn header(&self, file_nonce: &[u8; 32]) -> Header {
        let mut header = [0; HEADER_LEN];
        header[..8].copy_from_slice(&MAGIC);
        header[8] = VERSION;
        header[16..48].copy_from_slice(file_nonce);
        header[48..56].copy_from_slice(&self.key_check);
        let sum = checksum(&header);
        header[56..].copy_from_slice(&sum);
        header
    }

    /// Seals one frame. `data` is at most [`DATA_LEN`] bytes, `first_item` lies inside of it.
    pub(super) fn seal(
        &self,
        number: u64,
        last: bool,
        first_item: Option<u16>,
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SyncError> {
        let used = u16::try_from(data.len()).map_err(|_| SyncError::Malformed("frame too long"))?;
        let mut plain = Vec::with_capacity(FRAME_LEN);
        plain.push(if last { FLAG_LAST } else { 0 });
        plain.extend_from_slice(&used.to_le_bytes());
        plain.extend_from_slice(&first_item.unwrap_or(NO_ITEM).to_le_bytes());
        plain.extend_from_slice(data);
        plain.resize(FRAME_HEAD + DATA_LEN, 0);
        self.key
            .seal_in_place_append_tag(nonce(number), Aad::from(MAGIC), &mut plain)
            .map_err(|_| SyncError::BadKey)?;
        out.extend_from_slice(&plain);
        Ok(())
    }

    /// Opens the frame at place `number`; `None` where it is damaged or out of its place.
    pub(super) fn open(&self, number: u64, sealed: &[u8]) -> Option<Frame> {
        let mut buffer = sealed.to_vec();
        let plain = self.key.open_in_place(nonce(number), Aad::from(MAGIC), &mut buffer).ok()?;
        let (head, data) = plain.split_first_chunk::<FRAME_HEAD>()?;
        let [flags, used_0, used_1, first_0, first_1] = *head;
        let data = data.get(..usize::from(u16::from_le_bytes([used_0, used_1])))?;
        let first = u16::from_le_bytes([first_0, first_1]);
        let first_item = (first != NO_ITEM).then_some(usize::from(first));
        if first_item.is_some_and(|at| at >= data.len()) {
            return None;
        }
        Some(Frame { last: flags & FLAG_LAST != 0, first_item, data: data.to_vec() })
    }
}

fn checksum(header: &Header) -> [u8; 8] {
    let mut out = [0; 8];
    let (content, _) = header.split_at(56);
    out.iter_mut().zip(digest(&SHA256, content).as_ref()).for_each(|(o, d)| *o = *d);
    out
}

/// A header that was found, and where.
pub(super) struct FoundHeader {
    pub(super) header: Header,
    pub(super) at: usize,
}

/// The first header in the file that is whole.
pub(super) fn find_header(file: &[u8]) -> Result<FoundHeader, SyncError> {
    let mut newer = None;
    for (at, window) in file.windows(HEADER_LEN).enumerate() {
        if !window.starts_with(&MAGIC) {
            continue;
        }
        let Ok(header) = Header::try_from(window) else { continue };
        if header[56..] != checksum(&header) {
            continue;
        }
        if header[8] == VERSION {
            return Ok(FoundHeader { header, at });
        }
        newer.get_or_insert(u64::from(header[8]));
    }
    Err(newer.map_or(SyncError::NotABundle, SyncError::UnsupportedVersion))
}

/// Makes the cipher that fits a header, and tells a wrong key from damage.
pub(super) fn cipher_for(header: &Header, key: &TransportKey) -> Result<FrameCipher, SyncError> {
    let mut file_nonce = [0; 32];
    file_nonce.copy_from_slice(&header[16..48]);
    let cipher = FrameCipher::new(key, &file_nonce)?;
    if header[48..56] == cipher.key_check { Ok(cipher) } else { Err(SyncError::WrongKey) }
}
