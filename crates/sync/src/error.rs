//! What can go wrong before the content of an item is even looked at.

/// A failure of this crate. [`SyncError::code`] is stable; sentences for people are made elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyncError {
    /// No header of a bundle was found: another kind of file, or both copies of the header are lost.
    #[error("this is not a bundle, or its header is lost")]
    NotABundle,
    /// The bundle is whole, but it was made with another workspace's transport key.
    #[error("the bundle belongs to another workspace")]
    WrongKey,
    /// The format is newer than this program.
    #[error("version {0} is newer than this program understands")]
    UnsupportedVersion(u64),
    /// Longer than [`crate::MAX_BODY`] or [`crate::MAX_ITEM`].
    #[error("{length} bytes are more than the limit of {limit}")]
    TooLarge {
        /// How long it is.
        length: usize,
        /// The limit that applies.
        limit: usize,
    },
    /// The bytes are not a message of this protocol.
    #[error("malformed message: {0}")]
    Malformed(&'static str),
    /// The signature does not fit the content, the key or the addressee.
    #[error("the signature is not valid")]
    BadSignature,
    /// The key material cannot be used.
    #[error("the key cannot be used")]
    BadKey,
}

impl SyncError {
    /// Stable code, `sync.problem`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotABundle => "sync.not-a-bundle",
            Self::WrongKey => "sync.wrong-key",
            Self::UnsupportedVersion(_) => "sync.unsupported-version",
            Self::TooLarge { .. } => "sync.too-large",
            Self::Malformed(_) => "sync.malformed",
            Self::BadSignature => "sync.bad-signature",
            Self::BadKey => "sync.bad-key",
        }
    }
}
