//! The column encodings of an Automerge change: run lengths, deltas and alternating booleans.
//!
//! A few bytes can claim 2⁶² rows, and Automerge would believe them; these decoders yield one row at a time, so
//! the caller's limit on operations bounds all work.

use crate::RecordError;
use crate::bytes::Reader;

/// A value that a run-length column can hold.
pub(crate) trait Cell<'a>: Copy {
    fn read(from: &mut Reader<'a>) -> Result<Self, RecordError>;
}

impl Cell<'_> for u64 {
    fn read(from: &mut Reader<'_>) -> Result<Self, RecordError> {
        from.uleb()
    }
}

impl Cell<'_> for i64 {
    fn read(from: &mut Reader<'_>) -> Result<Self, RecordError> {
        from.ileb()
    }
}

impl<'a> Cell<'a> for &'a str {
    fn read(from: &mut Reader<'a>) -> Result<Self, RecordError> {
        let len = from.uleb()?;
        from.text(len)
    }
}

/// Run-length encoded values, `None` for null.
#[derive(Debug, Clone)]
pub(crate) struct Runs<'a, T> {
    from: Reader<'a>,
    left: u64,
    literal: bool,
    last: Option<T>,
}

impl<'a, T: Cell<'a>> Runs<'a, T> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { from: Reader::new(bytes), left: 0, literal: false, last: None }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0 && self.from.is_empty()
    }

    /// The next row; null after the end, as Automerge omits columns that are all null.
    pub(crate) fn next(&mut self) -> Result<Option<T>, RecordError> {
        if self.left == 0 {
            if self.from.is_empty() {
                return Ok(None);
            }
            self.start_run()?;
        }
        self.left -= 1;
        if self.literal {
            return Ok(Some(T::read(&mut self.from)?));
        }
        Ok(self.last)
    }

    fn start_run(&mut self) -> Result<(), RecordError> {
        let count = self.from.ileb()?;
        self.literal = count < 0;
        self.last = None;
        self.left = match count {
            0 => self.from.uleb()?,
            _ => count.unsigned_abs(),
        };
        if count > 0 {
            self.last = Some(T::read(&mut self.from)?);
        }
        if self.left == 0 {
            return Err(RecordError::Malformed("a run is empty"));
        }
        Ok(())
    }
}

/// Differences to the row before, run-length encoded.
#[derive(Debug, Clone)]
pub(crate) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    sum: i64,
}

impl<'a> Deltas<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { runs: Runs::new(bytes), sum: 0 }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.runs.is_done()
    }

    pub(crate) fn next(&mut self) -> Result<Option<u64>, RecordError> {
        let Some(delta) = self.runs.next()? else { return Ok(None) };
        self.sum = self.sum.checked_add(delta).ok_or(RecordError::Malformed("a counter overflows"))?;
        Ok(Some(u64::try_from(self.sum).map_err(|_| RecordError::Malformed("a counter is negative"))?))
    }
}

/// Lengths of alternating runs of false and true, false first.
#[derive(Debug, Clone)]
pub(crate) struct Booleans<'a> {
    from: Reader<'a>,
    left: u64,
    value: bool,
    started: bool,
}

impl<'a> Booleans<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { from: Reader::new(bytes), left: 0, value: true, started: false }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.left == 0 && self.from.is_empty()
    }

    pub(crate) fn next(&mut self) -> Result<bool, RecordError> {
        while self.left == 0 {
            if self.from.is_empty() {
                return Ok(false);
            }
            self.left = self.from.uleb()?;
            self.value = !self.value;
            if self.left == 0 && self.started {
                return Err(RecordError::Malformed("a run is empty"));
            }
            self.started = true;
        }
        self.left -= 1;
        Ok(self.value)
    }
}
