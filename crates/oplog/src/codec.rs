//! How a payload becomes the bytes that are sealed, as few as can be.
//!
//! A frame is `head ‖ ids ‖ body ‖ 0x80 ‖ 0x00…`:
//! - head: kind in bits 0–3, codec in bits 4–5 (0 plain, 1 zstd, 2 zstd with the form's dictionary, 3 plain, of a form
//!   whose tag is known), bits 6–7 zero;
//! - ids of a part: the form's tag (8 bytes) with codecs 2 and 3, else its hash (32); the record (16); a severe part's
//!   own id (16);
//! - body: the part's Automerge bytes, or CBOR of the other kinds, under the codec;
//! - padding (ISO 7816-4) to a multiple of 16 bytes up to 512, beyond to Padmé lengths (Nikitin et al., PURBs,
//!   PETS 2019), so that lengths tell little.
//!
//! Severe parts are not compressed: zstd keeps pieces of what it compresses in memory that is not wiped.
//! zstd frames have no magic number, checksum, content size or dictionary id: the seal protects them.

use crate::Context;
use crate::error::Malformed;
use crate::payload::{Directory, PartPayload, Payload, PayloadError};
use crate::wire::{self, hash, opaque, truncate};
use baraza_model::{FormHash, PartId, PartKind, RecordId};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};
use zstd::zstd_safe::{CCtx, CParameter, DCtx, DDict, DParameter, FrameFormat};

/// The longest frame, in bytes, padding included.
pub const MAX_FRAME: usize = 1 << 20;
/// The most bytes that a body decompresses to.
const MAX_BODY: usize = 4 << 20;
const MAX_DICTIONARY: usize = 256 << 10;
const LEVEL: i32 = 19;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
const ZSTD_FORM: u8 = 2;
const PLAIN_FORM: u8 = 3;

opaque!(/// Names a form together with its dictionary, in 8 bytes.
    FormTag, 8);

impl FormTag {
    /// The tag of a form whose records are compressed with this dictionary.
    pub fn of(form: &FormHash, dictionary: &[u8]) -> Self {
        Self(truncate(hash(Context::FORM_TAG, &[&form.0, dictionary])))
    }
}

/// Encodes and decodes payloads with the dictionaries of the forms it was given. Keep one a thread.
pub struct Codec {
    forms: BTreeMap<FormTag, Form>,
    tags: BTreeMap<FormHash, FormTag>,
    decompressor: DCtx<'static>,
    scratch: Zeroizing<Vec<u8>>,
}

struct Form {
    hash: FormHash,
    dictionary: Arc<[u8]>,
    prepared: DDict<'static>,
}

#[derive(Encode, Decode)]
struct FormBody {
    #[n(0)]
    hash: FormHash,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    package: Vec<u8>,
}

#[derive(Encode, Decode)]
struct ReviewBody {
    #[n(0)]
    record: RecordId,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    body: Vec<u8>,
}

/// Kinds, as in the head.
mod kind {
    pub(super) const CHANGE_SHARED: u8 = 0;
    pub(super) const CHANGE_SEVERE: u8 = 1;
    pub(super) const SNAPSHOT_SHARED: u8 = 2;
    pub(super) const SNAPSHOT_SEVERE: u8 = 3;
    pub(super) const FORM: u8 = 4;
    pub(super) const DIRECTORY: u8 = 5;
    pub(super) const REVIEW: u8 = 6;
    pub(super) const FIRST_OTHER: u8 = 7;
    pub(super) const LAST_OTHER: u8 = 15;
}

impl Default for Codec {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Codec").field("forms", &self.tags).finish_non_exhaustive()
    }
}

impl Codec {
    /// A codec that knows no form.
    pub fn new() -> Self {
        let mut decompressor = DCtx::create();
        // Refused only by a zstd without experimental features; decoding then fails as damaged data.
        let _ = decompressor.set_parameter(DParameter::Format(FrameFormat::Magicless));
        Self { forms: BTreeMap::new(), tags: BTreeMap::new(), decompressor, scratch: Zeroizing::default() }
    }

    /// Makes a form's dictionary known, for its records from now on: raw content, or one in zstd's own format.
    /// Refuses one that is too long.
    pub fn insert_form(&mut self, form: FormHash, dictionary: Arc<[u8]>) -> Result<FormTag, PayloadError> {
        wire::limit("dictionary bytes", dictionary.len(), MAX_DICTIONARY)?;
        let tag = FormTag::of(&form, &dictionary);
        let prepared =
            DDict::try_create(&dictionary).ok_or(PayloadError::Inconsistent("damaged dictionary"))?;
        self.forms.insert(tag, Form { hash: form, dictionary, prepared });
        self.tags.insert(form, tag);
        Ok(tag)
    }

    /// Whether a form's dictionary is known.
    pub fn knows(&self, form: &FormHash) -> bool {
        self.tags.contains_key(form)
    }

    /// The frame of a payload, padded, at most [`MAX_FRAME`] bytes.
    pub fn encode(&self, payload: &Payload) -> Result<Zeroizing<Vec<u8>>, PayloadError> {
        match payload {
            Payload::Change(part) => self.encode_part(kind::CHANGE_SHARED, part),
            Payload::Snapshot(part) => self.encode_part(kind::SNAPSHOT_SHARED, part),
            Payload::Form { hash, package } => {
                let body = FormBody { hash: *hash, package: package.clone() };
                frame(kind::FORM, &[], &wire::encode(&body))
            }
            Payload::Directory(directory) => frame(kind::DIRECTORY, &[], &wire::encode(directory)),
            Payload::Review { record, body } => {
                let body = ReviewBody { record: *record, body: body.clone() };
                frame(kind::REVIEW, &[], &wire::encode(&body))
            }
            Payload::Other { kind, body } => match *kind {
                kind::FIRST_OTHER..=kind::LAST_OTHER => frame(*kind, &[], body),
                _ => Err(PayloadError::Inconsistent("kind")),
            },
        }
    }

    /// Reads a frame.
    pub fn decode(&mut self, frame: &[u8]) -> Result<Payload, PayloadError> {
        let (head, rest) = unpad(frame)?.split_first().ok_or(Malformed::Syntax)?;
        let (kind, codec) = (head & 0x0f, head >> 4);
        match kind {
            kind::CHANGE_SHARED | kind::CHANGE_SEVERE => {
                self.decode_part(kind == kind::CHANGE_SEVERE, codec, rest).map(Payload::Change)
            }
            kind::SNAPSHOT_SHARED | kind::SNAPSHOT_SEVERE => {
                self.decode_part(kind == kind::SNAPSHOT_SEVERE, codec, rest).map(Payload::Snapshot)
            }
            _ => decode_message(kind, &self.decompress(codec, None, rest)?),
        }
    }

    fn encode_part(
        &self,
        shared_kind: u8,
        payload: &PartPayload,
    ) -> Result<Zeroizing<Vec<u8>>, PayloadError> {
        let PartPayload { record, part, kind, form, bytes } = payload;
        if (*kind == PartKind::Shared) != (*part == record.shared_part()) {
            return Err(PayloadError::Inconsistent("only the shared part has the record's id"));
        }
        wire::limit("payload bytes", bytes.len(), MAX_BODY)?;
        let known = self.tags.get(form).and_then(|tag| self.forms.get(tag).map(|form| (tag, form)));
        let packed = match kind {
            PartKind::Severe => None,
            PartKind::Shared => Some(compress(bytes, known.map(|(_, form)| &*form.dictionary))?),
        };
        let (codec, body): (u8, &[u8]) = match (&packed, known) {
            (Some(packed), Some(_)) if packed.len() < bytes.len() => (ZSTD_FORM, packed),
            (Some(packed), None) if packed.len() < bytes.len() => (ZSTD, packed),
            (_, Some(_)) => (PLAIN_FORM, bytes),
            _ => (PLAIN, bytes),
        };
        let mut ids = Vec::with_capacity(64);
        match known {
            Some((tag, _)) => ids.extend_from_slice(&tag.0),
            None => ids.extend_from_slice(&form.0),
        }
        ids.extend_from_slice(&record.0);
        if *kind == PartKind::Severe {
            ids.extend_from_slice(&part.0);
        }
        assemble(shared_kind + u8::from(*kind == PartKind::Severe), codec, &ids, body)
    }

    fn decode_part(&mut self, severe: bool, codec: u8, rest: &[u8]) -> Result<PartPayload, PayloadError> {
        let (tag, form, rest) = if matches!(codec, ZSTD_FORM | PLAIN_FORM) {
            let (tag, rest) = rest.split_first_chunk().ok_or(Malformed::Syntax)?;
            let tag = FormTag(*tag);
            let form = self.forms.get(&tag).ok_or(PayloadError::MissingForm(tag))?;
            (Some(tag), form.hash, rest)
        } else {
            let (form, rest) = rest.split_first_chunk().ok_or(Malformed::Syntax)?;
            (None, FormHash(*form), rest)
        };
        let (record, rest) = rest.split_first_chunk().ok_or(Malformed::Syntax)?;
        let record = RecordId(*record);
        let (part, kind, rest) = if severe {
            let (part, rest) = rest.split_first_chunk().ok_or(Malformed::Syntax)?;
            (PartId(*part), PartKind::Severe, rest)
        } else {
            (record.shared_part(), PartKind::Shared, rest)
        };
        if severe && part == record.shared_part() {
            return Err(PayloadError::Inconsistent("only the shared part has the record's id"));
        }
        let bytes = self.decompress(codec, tag, rest)?.to_vec();
        Ok(PartPayload { record, part, kind, form, bytes })
    }

    fn decompress(
        &mut self,
        codec: u8,
        tag: Option<FormTag>,
        body: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, PayloadError> {
        let prepared = match (codec, tag) {
            (PLAIN, None) | (PLAIN_FORM, Some(_)) => return Ok(Zeroizing::new(body.to_vec())),
            (ZSTD, None) => None,
            (ZSTD_FORM, Some(tag)) => {
                Some(&self.forms.get(&tag).ok_or(PayloadError::MissingForm(tag))?.prepared)
            }
            _ => return Err(Malformed::Syntax.into()),
        };
        // Almost every body fits the small buffer; only one that does not is tried again at the limit.
        for limit in [64 << 10, MAX_BODY] {
            self.scratch.clear();
            self.scratch.reserve_exact(limit);
            let done = match prepared {
                Some(dictionary) => {
                    self.decompressor.decompress_using_ddict(&mut *self.scratch, body, dictionary)
                }
                None => self.decompressor.decompress(&mut *self.scratch, body),
            };
            let opened = (done.is_ok() && self.scratch.len() <= MAX_BODY)
                .then(|| Zeroizing::new(self.scratch.to_vec()));
            self.scratch.as_mut_slice().zeroize();
            if limit == MAX_BODY {
                self.scratch = Zeroizing::default();
            }
            if let Some(opened) = opened {
                return Ok(opened);
            }
        }
        Err(PayloadError::Compression)
    }
}

fn decode_message(kind: u8, body: &[u8]) -> Result<Payload, PayloadError> {
    match kind {
        kind::FORM => {
            let FormBody { hash, package } = wire::decode(body, MAX_BODY)?;
            Ok(Payload::Form { hash, package })
        }
        kind::DIRECTORY => Ok(Payload::Directory(wire::decode::<Directory>(body, MAX_BODY)?)),
        kind::REVIEW => {
            let ReviewBody { record, body } = wire::decode(body, MAX_BODY)?;
            Ok(Payload::Review { record, body })
        }
        kind => Ok(Payload::Other { kind, body: body.to_vec() }),
    }
}

fn frame(kind: u8, ids: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, PayloadError> {
    wire::limit("payload bytes", body.len(), MAX_BODY)?;
    let packed = compress(body, None)?;
    if packed.len() < body.len() {
        assemble(kind, ZSTD, ids, &packed)
    } else {
        assemble(kind, PLAIN, ids, body)
    }
}

fn assemble(kind: u8, codec: u8, ids: &[u8], body: &[u8]) -> Result<Zeroizing<Vec<u8>>, PayloadError> {
    let length = padded_len(1 + ids.len() + body.len() + 1);
    if length > MAX_FRAME {
        return Err(PayloadError::TooLong { most: MAX_FRAME });
    }
    let mut out = Zeroizing::new(Vec::with_capacity(length));
    out.push(kind | codec << 4);
    out.extend_from_slice(ids);
    out.extend_from_slice(body);
    out.push(0x80);
    out.resize(length, 0);
    Ok(out)
}

fn compress(body: &[u8], dictionary: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, PayloadError> {
    let mut out = Zeroizing::new(Vec::with_capacity(zstd::zstd_safe::compress_bound(body.len())));
    let mut context = CCtx::create();
    let settings = [
        CParameter::CompressionLevel(LEVEL),
        CParameter::Format(FrameFormat::Magicless),
        CParameter::ContentSizeFlag(false),
        CParameter::ChecksumFlag(false),
        CParameter::DictIdFlag(false),
    ];
    let done = (|| {
        for setting in settings {
            context.set_parameter(setting)?;
        }
        if let Some(dictionary) = dictionary {
            context.load_dictionary(dictionary)?;
        }
        context.compress2(&mut *out, body)
    })();
    done.map_err(|_| PayloadError::Compression)?;
    Ok(out)
}

/// The length to which a frame is padded: a multiple of 16 up to 512, then Padmé (at most 12 % more).
pub fn padded_len(length: usize) -> usize {
    if length <= 512 {
        return length.next_multiple_of(16);
    }
    let exponent = length.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1 << exponent.saturating_sub(kept_bits)) - 1;
    (length + mask) & !mask
}

fn unpad(frame: &[u8]) -> Result<&[u8], Malformed> {
    wire::limit("frame bytes", frame.len(), MAX_FRAME)?;
    let end = frame.iter().rposition(|b| *b != 0).ok_or(Malformed::Syntax)?;
    match frame.split_at_checked(end) {
        Some((content, [0x80, ..])) if padded_len(end + 1) == frame.len() => Ok(content),
        _ => Err(Malformed::Syntax),
    }
}
