//! What a payload says once it is opened: changes and snapshots of parts, forms, the directory, messages.

use crate::error::{Disposition, Malformed};
use crate::{FormTag, wire};
use baraza_model::{DeviceId, FormHash, GroupId, PartId, PartKind, RecordId, Role, Timestamp};
use minicbor::{Decode, Encode};
use zeroize::Zeroize;

const MAX_DIRECTORY: usize = 65_536;

/// One payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// One Automerge change of a part.
    Change(PartPayload),
    /// A whole Automerge document of a part, vouched for by its sender.
    Snapshot(PartPayload),
    /// A form with all that belongs to it (definition, dictionary, attachments), packed by the app.
    Form {
        /// The form's hash. The receiver checks it against the package.
        hash: FormHash,
        /// The package.
        package: Vec<u8>,
    },
    /// Names and roles; the highest serial wins.
    Directory(Directory),
    /// A review message of headquarters about a record; its body is the office's to define.
    Review {
        /// Which record.
        record: RecordId,
        /// The message.
        body: Vec<u8>,
    },
    /// A message of a kind that this crate leaves to others (7 to 15).
    Other {
        /// Its kind.
        kind: u8,
        /// The message.
        body: Vec<u8>,
    },
}

/// A change or a snapshot of one part.
#[derive(Clone, PartialEq, Eq)]
pub struct PartPayload {
    /// The record.
    pub record: RecordId,
    /// The part; the shared part has the record's own id (and is then not sent).
    pub part: PartId,
    /// Which kind of part.
    pub kind: PartKind,
    /// The form that the record is pinned to.
    pub form: FormHash,
    /// Automerge's bytes, uncompressed by Automerge itself.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for PartPayload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "PartPayload({:?}, {:?}, {:?}, {} bytes)",
            self.part,
            self.kind,
            self.form,
            self.bytes.len()
        )
    }
}

impl Drop for PartPayload {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

/// Who is who. It travels sealed to `all`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Directory {
    /// Counts up with every edition.
    #[n(0)]
    pub serial: u64,
    /// When the edition was made, by its author's clock.
    #[n(1)]
    pub made: Timestamp,
    /// The workspace's name.
    #[n(2)]
    pub workspace_name: String,
    /// The devices.
    #[cbor(n(3), decode_with = "wire::list::<_, _, MAX_DIRECTORY>")]
    pub devices: Vec<DirectoryDevice>,
    /// The groups.
    #[cbor(n(4), decode_with = "wire::list::<_, _, MAX_DIRECTORY>")]
    pub groups: Vec<DirectoryGroup>,
}

/// One device of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DirectoryDevice {
    /// Which device.
    #[n(0)]
    pub device: DeviceId,
    /// The name or alias of the person who uses it.
    #[n(1)]
    pub alias: String,
    /// What the person does.
    #[n(2)]
    pub role: Role,
}

/// One group of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DirectoryGroup {
    /// Which group.
    #[n(0)]
    pub group: GroupId,
    /// Its name.
    #[n(1)]
    pub name: String,
}

/// Why a payload was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// Not a frame, or not the structure it claims to hold.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Compressed with the dictionary of a form that is not known yet.
    #[error("form {0} is not known yet")]
    MissingForm(FormTag),
    /// Compressed data that does not decompress, or to more than is allowed.
    #[error("compressed data is damaged or too large")]
    Compression,
    /// Longer than a payload may be.
    #[error("payload longer than {most} bytes")]
    TooLong {
        /// The most bytes.
        most: usize,
    },
    /// A payload that cannot be written, such as a shared part with a foreign id.
    #[error("the payload contradicts itself: {0}")]
    Inconsistent(&'static str),
}

impl PayloadError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PayloadError::Malformed(e) => e.code(),
            PayloadError::MissingForm(_) => "payload.missing_form",
            PayloadError::Compression => "payload.compression",
            PayloadError::TooLong { .. } => "payload.too_long",
            PayloadError::Inconsistent(_) => "payload.inconsistent",
        }
    }

    /// What becomes of the payload.
    pub fn disposition(&self) -> Disposition {
        match self {
            PayloadError::MissingForm(_) => Disposition::Waiting,
            _ => Disposition::Quarantine,
        }
    }
}
