//! Parts: the documents of a record, each encrypted under a key of its own.
//!
//! The key stands in a table by itself, so that destroying it is one overwritten row. A destroyed part keeps its
//! row, marked `sealed`: the device knows that severe answers were given, and nothing of what they said. Heads go
//! with the document, because they are hashes of it.

use super::word;
use crate::cipher::{self, Key};
use crate::{Error, Reader, Result, Tx};
use baraza_model::{FormHash, PartId, PartKind, RecordId};
use zeroize::Zeroizing;

const DOCUMENT: &str = "baraza/vault/document/v1";

/// A part to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPart {
    /// Its id. The shared part has the record's.
    pub id: PartId,
    /// The record, which must be there.
    pub record: RecordId,
    /// Shared or severe.
    pub kind: PartKind,
    /// The form that its answers were given to.
    pub form: FormHash,
    /// Whether this device writes it.
    pub own: bool,
}

/// A part in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// Its id.
    pub id: PartId,
    /// The record.
    pub record: RecordId,
    /// Shared or severe.
    pub kind: PartKind,
    /// The form that its answers were given to.
    pub form: FormHash,
    /// Whether this device writes it.
    pub own: bool,
    /// Whether its key was destroyed.
    pub sealed: bool,
}

/// What a part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The document, decrypted; zeroed when dropped. Empty where none was stored yet.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Its heads.
    pub heads: Vec<u8>,
    /// The heads that the person saw when they opened it.
    pub opened_heads: Vec<u8>,
}

impl Reader<'_> {
    /// The parts of a record, the shared one first.
    pub fn parts(&self, record: RecordId) -> Result<Vec<PartRow>> {
        self.all(
            "SELECT part.id, record.id, part.kind, part.form, part.own, part.sealed
             FROM part JOIN record ON record.row = part.record WHERE record.id = ?1
             ORDER BY part.id <> record.id, part.rowid",
            [record.0],
            |row| {
                Ok(PartRow {
                    id: PartId(row.get(0)?),
                    record: RecordId(row.get(1)?),
                    kind: word(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
                    form: FormHash(row.get(3)?),
                    own: row.get(4)?,
                    sealed: row.get(5)?,
                })
            },
        )
    }

    /// The record of a part.
    pub fn record_of(&self, part: PartId) -> Result<Option<RecordId>> {
        self.one(
            "SELECT record.id FROM part JOIN record ON record.row = part.record WHERE part.id = ?1",
            [part.0],
            |row| Ok(RecordId(row.get(0)?)),
        )
    }

    /// What a part holds; an error where its key was destroyed.
    pub fn document(&self, part: PartId) -> Result<Option<Document>> {
        let found = self.one(
            "SELECT document, heads, opened_heads, sealed FROM part WHERE id = ?1",
            [part.0],
            |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?, row.get::<_, bool>(3)?)),
        )?;
        let Some((sealed, heads, opened_heads, gone)) = found else { return Ok(None) };
        if gone {
            return Err(Error::PartSealed(part));
        }
        let bytes = match sealed.as_slice() {
            [] => Zeroizing::default(),
            sealed => cipher::open(&self.part_key(part)?, DOCUMENT, &part.0, sealed)?,
        };
        Ok(Some(Document { bytes, heads, opened_heads }))
    }

    /// The key of a part that is there and not sealed.
    pub(crate) fn part_key(&self, part: PartId) -> Result<Key> {
        let found = self.one("SELECT key FROM part_key WHERE part = ?1", [part.0], |row| {
            let bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            Key::from_slice(bytes).ok_or_else(|| Error::Damaged("a key of the wrong length".to_owned()))
        })?;
        match found {
            Some(key) => Ok(key),
            None if self.number("SELECT sealed FROM part WHERE id = ?1", [part.0])? == 1 => {
                Err(Error::PartSealed(part))
            }
            None => Err(Error::UnknownPart(part)),
        }
    }
}

impl Tx<'_> {
    /// Makes a part and draws its key.
    pub fn create_part(&self, part: &NewPart) -> Result<()> {
        let record = self.record_row(part.record)?;
        self.change(
            "INSERT INTO part (id, record, kind, form, own) VALUES (?1, ?2, ?3, ?4, ?5)",
            (part.id.0, record, part.kind.to_string(), part.form.0, part.own),
        )?;
        let key = Key::random(&self.state.rng)?;
        self.change("INSERT INTO part_key (part, key) VALUES (?1, ?2)", (part.id.0, key.as_slice()))?;
        Ok(())
    }

    /// Stores a part's document and its heads.
    pub fn put_document(&self, part: PartId, document: &[u8], heads: &[u8]) -> Result<()> {
        let sealed = cipher::seal(&self.state.rng, &self.part_key(part)?, DOCUMENT, &part.0, document)?;
        self.change("UPDATE part SET document = ?2, heads = ?3 WHERE id = ?1", (part.0, sealed, heads))?;
        Ok(())
    }

    /// Notes the heads that the person saw on opening: edits are made at them.
    pub fn put_opened_heads(&self, part: PartId, heads: &[u8]) -> Result<()> {
        match self.change("UPDATE part SET opened_heads = ?2 WHERE id = ?1", (part.0, heads))? {
            0 => Err(Error::UnknownPart(part)),
            _ => Ok(()),
        }
    }

    /// Destroys what a part holds: its key is overwritten and removed, its document, heads and journal removed.
    /// What they were is in no file once [`crate::Vault::checkpoint`] has returned `Ok`.
    pub fn destroy_part(&self, part: PartId) -> Result<()> {
        let changed = self.change(
            "UPDATE part SET sealed = 1, document = X'', heads = X'', opened_heads = X'' WHERE id = ?1",
            [part.0],
        )?;
        if changed == 0 {
            return Err(Error::UnknownPart(part));
        }
        self.destroy_key(part)?;
        self.clear_journal(part)
    }

    pub(super) fn destroy_key(&self, part: PartId) -> Result<()> {
        self.change("UPDATE part_key SET key = zeroblob(32) WHERE part = ?1", [part.0])?;
        self.change("DELETE FROM part_key WHERE part = ?1", [part.0])?;
        Ok(())
    }
}
