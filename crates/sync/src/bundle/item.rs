//! What a bundle carries.

/// The kind of an item; the order is the order in which they should travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A roster statement.
    RosterStatement,
    /// A receipt.
    Receipt,
    /// A segment that carries an alert.
    AlertSegment,
    /// A sealed form.
    FormBlob,
    /// Any other segment.
    Segment,
    /// A sealed attachment, or one chunk of it.
    AttachmentBlob,
    /// A kind that this program does not know; carried on as it is.
    Other(u8),
}

impl ItemKind {
    /// The byte in the file.
    pub fn to_byte(self) -> u8 {
        match self {
            Self::RosterStatement => 1,
            Self::Receipt => 2,
            Self::AlertSegment => 3,
            Self::FormBlob => 4,
            Self::Segment => 5,
            Self::AttachmentBlob => 6,
            Self::Other(byte) => byte,
        }
    }

    /// Reads the byte in the file.
    pub fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::RosterStatement,
            2 => Self::Receipt,
            3 => Self::AlertSegment,
            4 => Self::FormBlob,
            5 => Self::Segment,
            6 => Self::AttachmentBlob,
            other => Self::Other(other),
        }
    }

    /// Whether it is a segment, with or without an alert.
    pub fn is_segment(self) -> bool {
        matches!(self, Self::AlertSegment | Self::Segment)
    }
}

/// One thing that a bundle carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its bytes, as they were signed or sealed.
    pub bytes: Vec<u8>,
}

/// Puts items into the order in which they should travel: roster, receipts, alerts, forms, the rest. Within a kind
/// the order stays.
pub fn order_items(items: &mut [Item]) {
    items.sort_by_key(|item| item.kind);
}
