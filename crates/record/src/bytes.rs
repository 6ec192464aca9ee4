//! Reading bytes that a stranger wrote: every read is checked, none allocates.
//!
//! Numbers are LEB128 as in Automerge's storage format (automerge.org/automerge-binary-format-spec).

use crate::RecordError;

const SHORT: RecordError = RecordError::Malformed("it ends too early");

/// A cursor over bytes that are not trusted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, len: u64) -> Result<&'a [u8], RecordError> {
        let len = usize::try_from(len).map_err(|_| SHORT)?;
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(SHORT)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], RecordError> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(SHORT)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, RecordError> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// An unsigned number; refuses more than 63 bits and encodings that are not the shortest.
    pub(crate) fn uleb(&mut self) -> Result<u64, RecordError> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    return Err(RecordError::Malformed("a number is not in its shortest form"));
                }
                return Ok(value);
            }
        }
        Err(RecordError::Malformed("a number is too large"))
    }

    /// A signed number; refuses more than 63 bits.
    pub(crate) fn ileb(&mut self) -> Result<i64, RecordError> {
        let mut value = 0i64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64 - (shift + 7);
                return Ok(value << unused >> unused);
            }
        }
        Err(RecordError::Malformed("a number is too large"))
    }

    pub(crate) fn text(&mut self, len: u64) -> Result<&'a str, RecordError> {
        std::str::from_utf8(self.take(len)?).map_err(|_| RecordError::Malformed("a text is not UTF-8"))
    }
}

/// Appends an unsigned LEB128 number.
pub(crate) fn put_uleb(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}
