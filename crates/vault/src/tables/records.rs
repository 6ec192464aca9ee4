//! Records as lists show them. What was answered is in their parts.

use super::{Delivery, optional, word};
use crate::{Error, Reader, Result, Tx};
use baraza_model::{DeviceId, FormHash, GroupId, RecordId, Sharing, Status, Timestamp};
use rusqlite::Row;
use std::collections::BTreeSet;

/// One filled form, apart from its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// The form it was filled with.
    pub form: FormHash,
    /// Who sees it before headquarters does.
    pub sharing: Sharing,
    /// The team that edits it together, if one does.
    pub team: Option<GroupId>,
    /// The device that made it.
    pub author: DeviceId,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// How far its author has taken it.
    pub status: Status,
    /// What a list shows: the instance name. Never made of severe answers.
    pub summary: String,
}

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// The record.
    pub record: Record,
    /// How far it has come, as far as this device knows.
    pub delivery: Delivery,
    /// How many offices have confirmed all of it.
    pub offices: u32,
    /// When the first receipt that covers all of it came.
    pub received: Option<Timestamp>,
    /// Whether answers are saved that are not in a document yet.
    pub journalled: bool,
}

/// Which records, latest change first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// At most so many; 0 is all.
    pub limit: u32,
    /// After skipping so many.
    pub offset: u32,
    /// Of one form only.
    pub form: Option<FormHash>,
    /// Drafts (`false`) or finalised records (`true`) only.
    pub finalised: Option<bool>,
}

const COLUMNS: &str = "id, form, sharing, team, author, created_ms, updated_ms, state, reason, summary, handed_over, \
                       offices, received_ms, row";

impl Reader<'_> {
    /// One record.
    pub fn record(&self, id: RecordId) -> Result<Option<RecordRow>> {
        let journalled = self.journalled_rows()?;
        self.one(&format!("SELECT {COLUMNS} FROM record WHERE id = ?1"), [id.0], |row| read(row, &journalled))
    }

    /// Records, the latest change first. One query along an index.
    pub fn records(&self, listing: &Listing) -> Result<Vec<RecordRow>> {
        let journalled = self.journalled_rows()?;
        let limit = if listing.limit == 0 { -1 } else { i64::from(listing.limit) };
        let form = listing.form.map_or(Vec::new(), |form| form.0.to_vec());
        let (from, to) = match listing.finalised {
            None => (0, 2),
            Some(false) => (0, 0),
            Some(true) => (1, 2),
        };
        self.all(
            &format!(
                "SELECT {COLUMNS} FROM record
                 WHERE (?1 = X'' OR form = ?1) AND state BETWEEN ?2 AND ?3
                 ORDER BY updated_ms DESC, row DESC LIMIT ?4 OFFSET ?5"
            ),
            (form, from, to, limit, listing.offset),
            |row| read(row, &journalled),
        )
    }

    /// How many records there are.
    pub fn count_records(&self) -> Result<u64> {
        super::seq(self.number("SELECT count(*) FROM record", [])?)
    }

    /// The records with journal rows, by row.
    fn journalled_rows(&self) -> Result<BTreeSet<i64>> {
        let mut rows = BTreeSet::new();
        for part in self.journalled_parts()? {
            rows.insert(self.number("SELECT record FROM part WHERE id = ?1", [part.0])?);
        }
        Ok(rows)
    }

    /// The row of a record that must be there.
    pub(super) fn record_row(&self, id: RecordId) -> Result<i64> {
        self.one("SELECT row FROM record WHERE id = ?1", [id.0], |row| Ok(row.get(0)?))?
            .ok_or(Error::Unknown("record"))
    }
}

impl Tx<'_> {
    /// Keeps a record, or replaces all of these fields of one that is there.
    pub fn put_record(&self, record: &Record) -> Result<()> {
        let (state, reason) = match &record.status {
            Status::Draft => (0, ""),
            Status::Complete => (1, ""),
            Status::Incomplete { reason } => (2, reason.as_str()),
        };
        self.change(
            "INSERT INTO record (id, form, sharing, team, author, created_ms, updated_ms, state, reason, summary)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET
               form = excluded.form, sharing = excluded.sharing, team = excluded.team, author = excluded.author,
               created_ms = excluded.created_ms, updated_ms = excluded.updated_ms, state = excluded.state,
               reason = excluded.reason, summary = excluded.summary",
            (
                record.id.0,
                record.form.0,
                record.sharing.to_string(),
                record.team.map_or(Vec::new(), |team| team.0.to_vec()),
                record.author.0,
                record.created.0,
                record.updated.0,
                state,
                reason,
                &record.summary,
            ),
        )?;
        Ok(())
    }
}

fn read(row: &Row<'_>, journalled: &BTreeSet<i64>) -> Result<RecordRow> {
    let state: i64 = row.get(7)?;
    let offices: u32 = row.get(11)?;
    let handed_over: bool = row.get(10)?;
    Ok(RecordRow {
        record: Record {
            id: RecordId(row.get(0)?),
            form: FormHash(row.get(1)?),
            sharing: word(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
            team: optional(row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?)?.map(GroupId),
            author: DeviceId(row.get(4)?),
            created: Timestamp(row.get(5)?),
            updated: Timestamp(row.get(6)?),
            status: match state {
                0 => Status::Draft,
                1 => Status::Complete,
                _ => Status::Incomplete { reason: row.get(8)? },
            },
            summary: row.get(9)?,
        },
        delivery: Delivery::of(handed_over, offices),
        offices,
        received: if offices > 0 { Some(Timestamp(row.get(12)?)) } else { None },
        journalled: journalled.contains(&row.get(13)?),
    })
}
