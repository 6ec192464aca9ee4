//! What can be wrong with received bytes, what follows from it, and the crate's one error for callers.

use crate::{
    BatchError, EnrolError, OpenError, PayloadError, ReceiptError, RosterError, Unsealable, VerifyError,
};

/// Bytes that are not what they should be, before any signature is looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Longer than anything this decoder accepts.
    #[error("longer than {cap} bytes")]
    TooLong {
        /// The most bytes that are accepted.
        cap: usize,
    },
    /// Not the expected CBOR.
    #[error("not the expected structure")]
    Syntax,
    /// Bytes follow the value.
    #[error("bytes follow the value")]
    Trailing,
    /// Not the one canonical encoding of its value.
    #[error("not in canonical form")]
    NotCanonical,
    /// Written by a newer release.
    #[error("version {found} is not known")]
    Version {
        /// The version found.
        found: u8,
    },
    /// Too many items, or an item too long.
    #[error("{what}: more than {most}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        most: usize,
    },
    /// Parts that contradict each other.
    #[error("{0} do not agree")]
    Inconsistent(&'static str),
    /// A text form with a wrong letter or checksum.
    #[error("mistyped or damaged text")]
    Text,
}

impl Malformed {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Malformed::TooLong { .. } => "wire.too_long",
            Malformed::Syntax => "wire.syntax",
            Malformed::Trailing => "wire.trailing",
            Malformed::NotCanonical => "wire.not_canonical",
            Malformed::Version { .. } => "wire.version",
            Malformed::Limit { .. } => "wire.limit",
            Malformed::Inconsistent(_) => "wire.inconsistent",
            Malformed::Text => "wire.text",
        }
    }
}

/// What becomes of an item that could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Lacks something that may still come: a newer roster, an epoch, a form.
    Waiting,
    /// Cannot be trusted or read.
    Quarantine,
    /// A person must look.
    Review,
}

/// Any error of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A roster statement was refused.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// A batch could not be written.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A segment was not believed.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// A payload was not opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A payload was not understood.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A receipt was not believed.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// Enrolment was refused.
    #[error(transparent)]
    Enrol(#[from] EnrolError),
    /// HPKE refused.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
}

impl Error {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Malformed(e) => e.code(),
            Error::Roster(e) => e.code(),
            Error::Batch(e) => e.code(),
            Error::Verify(e) => e.code(),
            Error::Open(e) => e.code(),
            Error::Payload(e) => e.code(),
            Error::Receipt(e) => e.code(),
            Error::Enrol(e) => e.code(),
            Error::Unsealable(e) => e.code(),
        }
    }
}
