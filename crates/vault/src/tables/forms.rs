//! Forms, by the hash of their definition, with the dictionary and the attachments that travel with them.

use super::word;
use crate::{Reader, Result, Tx};
use baraza_model::{FormHash, Sharing};
use rusqlite::Row;
use std::collections::BTreeMap;

/// A form, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// SHA-256 of the definition.
    pub hash: FormHash,
    /// The form's id, the same for all its versions.
    pub form_id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// Who sees a record before headquarters does.
    pub sharing: Sharing,
    /// Days that a record stays after its receipt.
    pub retention_days: u32,
    /// The definition.
    pub definition: Vec<u8>,
    /// The dictionary its payloads are compressed with.
    pub dictionary: Vec<u8>,
    /// Attached files, by name.
    pub attachments: BTreeMap<String, Vec<u8>>,
}

/// A form in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormHead {
    /// SHA-256 of the definition.
    pub hash: FormHash,
    /// The form's id, the same for all its versions.
    pub form_id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// Who sees a record before headquarters does.
    pub sharing: Sharing,
    /// Days that a record stays after its receipt.
    pub retention_days: u32,
}

impl Reader<'_> {
    /// A form with its attachments.
    pub fn form(&self, hash: &FormHash) -> Result<Option<Form>> {
        let found = self.one(
            "SELECT hash, form_id, version, title, sharing, retention_days, definition, dictionary
             FROM form WHERE hash = ?1",
            [hash.0],
            |row| Ok((head(row)?, row.get(6)?, row.get(7)?)),
        )?;
        let Some((
            FormHead { hash, form_id, version, title, sharing, retention_days },
            definition,
            dictionary,
        )) = found
        else {
            return Ok(None);
        };
        let attachments = self
            .all("SELECT name, bytes FROM form_attachment WHERE form = ?1", [hash.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .into_iter()
            .collect();
        Ok(Some(Form {
            hash,
            form_id,
            version,
            title,
            sharing,
            retention_days,
            definition,
            dictionary,
            attachments,
        }))
    }

    /// Every form, by title, later arrivals of the same title last.
    pub fn forms(&self) -> Result<Vec<FormHead>> {
        self.all(
            "SELECT hash, form_id, version, title, sharing, retention_days FROM form ORDER BY title, rowid",
            [],
            head,
        )
    }

    /// One attachment.
    pub fn form_attachment(&self, hash: &FormHash, name: &str) -> Result<Option<Vec<u8>>> {
        self.one("SELECT bytes FROM form_attachment WHERE form = ?1 AND name = ?2", (hash.0, name), |row| {
            Ok(row.get(0)?)
        })
    }
}

impl Tx<'_> {
    /// Keeps a form; one with the same hash is the same form, and its attachments are replaced.
    pub fn put_form(&self, form: &Form) -> Result<()> {
        self.change(
            "INSERT INTO form (hash, form_id, version, title, sharing, retention_days, definition, dictionary)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (hash) DO UPDATE SET
               form_id = excluded.form_id, version = excluded.version, title = excluded.title,
               sharing = excluded.sharing, retention_days = excluded.retention_days,
               definition = excluded.definition, dictionary = excluded.dictionary",
            (
                form.hash.0,
                &form.form_id,
                &form.version,
                &form.title,
                form.sharing.to_string(),
                form.retention_days,
                &form.definition,
                &form.dictionary,
            ),
        )?;
        self.change("DELETE FROM form_attachment WHERE form = ?1", [form.hash.0])?;
        for (name, bytes) in &form.attachments {
            self.change(
                "INSERT INTO form_attachment (form, name, bytes) VALUES (?1, ?2, ?3)",
                (form.hash.0, name, bytes),
            )?;
        }
        Ok(())
    }
}

fn head(row: &Row<'_>) -> Result<FormHead> {
    Ok(FormHead {
        hash: FormHash(row.get(0)?),
        form_id: row.get(1)?,
        version: row.get(2)?,
        title: row.get(3)?,
        sharing: word(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?,
        retention_days: row.get(5)?,
    })
}
