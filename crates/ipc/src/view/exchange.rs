//! Handing over: by hub, card out, card in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place for files: a card, a stick, a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PlaceView {
    /// Its folder.
    pub path: String,
    /// What people call it: the volume's name.
    pub name: String,
    /// Whether it can be taken out.
    pub card: bool,
    /// Bytes free.
    pub free_bytes: Option<u64>,
    /// Bundles and papers of enrolment that lie there, newest first.
    pub files: Vec<FileView>,
}

/// A file in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FileView {
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// `bundle`, `invitation`, `request`, `approval`, `form` or `other`.
    pub kind: String,
    /// When it was written, as far as the file system knows.
    pub modified: Option<i64>,
    /// Bytes.
    pub size: u64,
}

/// A file that a person picked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Picked {
    /// As `places` listed it.
    Path(String),
    /// Its name and its bytes in base64.
    Bytes {
        /// Name.
        name: String,
        /// Base64.
        data: String,
    },
}

/// A hub as this device knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HubView {
    /// Its address; `null` if none is known.
    pub url: Option<String>,
    /// Whether its key is known.
    pub pinned: bool,
    /// The last meeting.
    pub last: Option<ExchangeView>,
}

/// What can be handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct OutboxView {
    /// Where records are.
    pub counts: super::CountsView,
    /// Finished records and changes of team records that no hub or card was given.
    pub waiting: Vec<super::RecordRow>,
    /// Past exchanges, newest first.
    pub exchanges: Vec<ExchangeView>,
    /// The hub.
    pub hub: HubView,
}

/// What an exchange did. Counts are records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ExchangeView {
    /// When.
    pub at: i64,
    /// `hub`, `card-out`, `card-in` or `import`.
    pub way: String,
    /// The hub's address, the card's or the file's name.
    pub name: String,
    /// Records of which something was given.
    pub records_out: u64,
    /// Records of which something new came.
    pub records_in: u64,
    /// Sealed items that were here already.
    pub already_had: u64,
    /// What waits for something that may still come.
    pub waiting: u64,
    /// What was set aside.
    pub set_aside: u64,
    /// Confirmations of headquarters that came or went.
    pub receipts: u64,
    /// Pieces of the file that could not be read.
    pub damaged: u64,
    /// Pieces in all.
    pub pieces: u64,
    /// The file that was written.
    pub file: Option<String>,
    /// Bytes, a detail.
    pub bytes: u64,
    /// `done`, `partly`, `cancelled` or `failed`.
    pub outcome: String,
    /// Why it failed, as a stable code.
    pub code: Option<String>,
}
