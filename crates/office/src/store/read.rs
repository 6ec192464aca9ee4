//! Reading records, conflicts and reviews.

use super::rows::{Contributor, KnownRecord, PartRow, status_of};
use super::{Store, fixed};
use crate::error::{OfficeError, Result};
use baraza_model::{
    AnswerPath, DeviceId, FormHash, InstanceId, PartId, PartKind, RecordId, Status, Timestamp,
};
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

/// A record in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordSummary {
    /// Its id.
    pub id: RecordId,
    /// The form's opaque hash.
    pub form: FormHash,
    /// The form's id.
    pub form_id: String,
    /// The form's version.
    pub version: String,
    /// How far its author took it.
    pub status: Status,
    /// Who wrote to it, as far as signatures or snapshots say.
    pub authors: Vec<DeviceId>,
    /// Questions with more than one answer.
    pub conflicts: u32,
    /// Things that a person must look at.
    pub reviews: u32,
    /// Answers given by somebody who had not seen that it was finalised.
    pub changed_after_finalising: u32,
    /// When it first arrived.
    pub received: Timestamp,
    /// When what is shown of it last changed.
    pub as_of: Timestamp,
}

/// Which records to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Only this form.
    pub form_id: Option<String>,
    /// Only `draft`, `complete` or `incomplete` ones.
    pub status: Option<String>,
    /// Only those with unresolved conflicts.
    pub with_conflicts: bool,
    /// Only those that need review.
    pub with_reviews: bool,
    /// Skip this many.
    pub offset: u32,
    /// At most this many; 0 means all.
    pub limit: u32,
}

/// Something that a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Which record.
    pub record: RecordId,
    /// Which answer.
    pub path: AnswerPath,
    /// One of [`crate::review_code`].
    pub code: String,
    /// Whether the answer is severe.
    pub severe: bool,
    /// Since when.
    pub since: Timestamp,
}

/// A claim as stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredClaim {
    pub(crate) record: RecordId,
    pub(crate) path: AnswerPath,
    pub(crate) part: PartId,
    pub(crate) severe: bool,
    pub(crate) text: bool,
    pub(crate) change: [u8; 32],
    pub(crate) value: Option<String>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) at: Timestamp,
    pub(crate) shown: bool,
}

const SUMMARY: &str =
    "id, form, form_id, version, status, reason, authors, conflicts, reviews, changed, received, as_of";

fn summary(row: &Row<'_>) -> rusqlite::Result<RecordSummary> {
    let status: String = row.get(4)?;
    let mut authors: Vec<DeviceId> =
        Contributor::decode(row.get_ref(6)?.as_blob()?).into_iter().map(|c| c.device).collect();
    authors.dedup();
    Ok(RecordSummary {
        id: RecordId(fixed(row, 0)?),
        form: FormHash(fixed(row, 1)?),
        form_id: row.get(2)?,
        version: row.get(3)?,
        status: status_of(&status, row.get(5)?),
        authors,
        conflicts: row.get(7)?,
        reviews: row.get(8)?,
        changed_after_finalising: row.get(9)?,
        received: Timestamp(row.get(10)?),
        as_of: Timestamp(row.get(11)?),
    })
}

fn path(question: String, instance: &[u8]) -> AnswerPath {
    AnswerPath { instance: InstanceId::from_slice(instance), question }
}

impl Store {
    /// What the store knows of a record, its documents included.
    pub(crate) fn known_record(&self, id: &RecordId) -> Result<Option<KnownRecord>> {
        let found = self
            .conn
            .prepare_cached("SELECT rid, form, authors, received, cid FROM record WHERE id = ?1")?
            .query_row([id.as_bytes()], |row| {
                Ok(KnownRecord {
                    rid: row.get(0)?,
                    form: FormHash(fixed(row, 1)?),
                    authors: Contributor::decode(row.get_ref(2)?.as_blob()?),
                    received: Timestamp(row.get(3)?),
                    cid: row.get(4)?,
                    parts: Vec::new(),
                })
            })
            .optional()?;
        let Some(mut known) = found else { return Ok(None) };
        let mut statement =
            self.conn.prepare_cached("SELECT id, kind, doc FROM part WHERE rid = ?1 ORDER BY id")?;
        let rows = statement.query_map([known.rid], |row| {
            let kind = row.get_ref(1)?.as_str()?;
            let kind = if kind == "severe" { PartKind::Severe } else { PartKind::Shared };
            Ok(PartRow { id: PartId(fixed(row, 0)?), kind, doc: row.get(2)? })
        })?;
        known.parts = rows.collect::<rusqlite::Result<_>>()?;
        Ok(Some(known))
    }

    /// Records, in the order in which they first arrived.
    pub(crate) fn records(&self, filter: &RecordFilter) -> Result<Vec<RecordSummary>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {SUMMARY} FROM record WHERE (?1 = '' OR form_id = ?1) AND (?2 = '' OR status = ?2)
             AND (NOT ?3 OR conflicts > 0) AND (NOT ?4 OR reviews > 0) ORDER BY rid LIMIT ?5 OFFSET ?6"
        ))?;
        let limit = if filter.limit == 0 { -1 } else { i64::from(filter.limit) };
        let rows = statement.query_map(
            params![
                filter.form_id.as_deref().unwrap_or(""),
                filter.status.as_deref().unwrap_or(""),
                filter.with_conflicts,
                filter.with_reviews,
                limit,
                filter.offset,
            ],
            summary,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// One record.
    pub(crate) fn record_summary(&self, id: &RecordId) -> Result<RecordSummary> {
        self.conn
            .prepare_cached(&format!("SELECT {SUMMARY} FROM record WHERE id = ?1"))?
            .query_row([id.as_bytes()], summary)
            .optional()?
            .ok_or(OfficeError::UnknownRecord)
    }

    /// How many records there are.
    pub(crate) fn record_count(&self) -> Result<u64> {
        let count: i64 = self.conn.query_row("SELECT count(*) FROM record", [], |r| r.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The encoded readers of the newest segment that carried the record's shared part.
    pub(crate) fn readers(&self, cid: i64) -> Result<Vec<u8>> {
        let found = self
            .conn
            .prepare_cached("SELECT readers FROM compartment WHERE cid = ?1")?
            .query_row([cid], |r| r.get(0))
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// Unresolved conflicts, of one record or of all: claims of one question follow each other.
    pub(crate) fn claims(&self, record: Option<&RecordId>) -> Result<Vec<StoredClaim>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, c.question, c.instance, c.part, c.severe, c.text, c.change, c.value, c.blank, c.device, c.at,
             c.shown FROM conflict c JOIN record r ON r.rid = c.rid WHERE ?1 IS NULL OR r.id = ?1
             ORDER BY c.rid, c.question, c.instance, c.claim",
        )?;
        let rows = statement.query_map([record.map(|r| r.as_bytes().as_slice())], |row| {
            let blank: bool = row.get(8)?;
            let value: String = row.get(7)?;
            Ok(StoredClaim {
                record: RecordId(fixed(row, 0)?),
                path: path(row.get(1)?, row.get_ref(2)?.as_blob()?),
                part: PartId(fixed(row, 3)?),
                severe: row.get(4)?,
                text: row.get(5)?,
                change: fixed(row, 6)?,
                value: (!blank).then_some(value),
                device: DeviceId::from_slice(row.get_ref(9)?.as_blob()?),
                at: Timestamp(row.get(10)?),
                shown: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What needs review, of one record or of all.
    pub(crate) fn reviews(&self, record: Option<&RecordId>) -> Result<Vec<Review>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.id, v.question, v.instance, v.code, v.severe, v.since
             FROM review v JOIN record r ON r.rid = v.rid WHERE ?1 IS NULL OR r.id = ?1
             ORDER BY v.rid, v.question, v.instance, v.code",
        )?;
        let rows = statement.query_map([record.map(|r| r.as_bytes().as_slice())], |row| {
            Ok(Review {
                record: RecordId(fixed(row, 0)?),
                path: path(row.get(1)?, row.get_ref(2)?.as_blob()?),
                code: row.get(3)?,
                severe: row.get(4)?,
                since: Timestamp(row.get(5)?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Store {
    /// Changes of a record that only a snapshot vouches for, and who sent it.
    pub(crate) fn vouched(&self, rid: i64) -> Result<std::collections::BTreeMap<[u8; 32], DeviceId>> {
        let mut statement = self.conn.prepare_cached("SELECT change, device FROM vouched WHERE rid = ?1")?;
        let rows = statement.query_map([rid], |row| Ok((fixed(row, 0)?, DeviceId(fixed(row, 1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// How many records of a form there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormCount {
    /// The form's id.
    pub form_id: String,
    /// Finalised records.
    pub finalised: u64,
    /// Records that nobody finalised.
    pub drafts: u64,
}

/// Counts over the whole store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OfficeCounts {
    /// Records.
    pub records: u64,
    /// Records that first arrived since then.
    pub new_since: u64,
    /// Records of which something was applied since then.
    pub changed_since: u64,
    /// Records in which a question has more than one answer.
    pub two_answers: u64,
    /// Records with something that a person must look at.
    pub review: u64,
    /// By form, by its id.
    pub forms: Vec<FormCount>,
}

impl Store {
    /// Counts over the whole store; `since` is for what is new or changed.
    pub(crate) fn counts(&self, since: Timestamp) -> Result<OfficeCounts> {
        let count = |row: &Row<'_>, column: usize| -> rusqlite::Result<u64> {
            Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
        };
        let mut counts = self.conn.query_row(
            "SELECT count(*), count(*) FILTER (WHERE received >= ?1), count(*) FILTER (WHERE as_of >= ?1),
             count(*) FILTER (WHERE conflicts > 0), count(*) FILTER (WHERE reviews > 0) FROM record",
            [since.0],
            |row| {
                Ok(OfficeCounts {
                    records: count(row, 0)?,
                    new_since: count(row, 1)?,
                    changed_since: count(row, 2)?,
                    two_answers: count(row, 3)?,
                    review: count(row, 4)?,
                    forms: Vec::new(),
                })
            },
        )?;
        let mut statement = self.conn.prepare_cached(
            "SELECT form_id, count(*) FILTER (WHERE status <> 'draft'), count(*) FILTER (WHERE status = 'draft')
             FROM record GROUP BY form_id ORDER BY form_id",
        )?;
        let forms = statement.query_map([], |row| {
            Ok(FormCount { form_id: row.get(0)?, finalised: count(row, 1)?, drafts: count(row, 2)? })
        })?;
        counts.forms = forms.collect::<rusqlite::Result<_>>()?;
        Ok(counts)
    }

    /// How many things are held, by the word of their state.
    pub(crate) fn held_counts(&self) -> Result<std::collections::BTreeMap<String, u64>> {
        let mut statement = self.conn.prepare_cached("SELECT state, count(*) FROM held GROUP BY state")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        let rows = rows.map(|row| row.map(|(state, n)| (state, u64::try_from(n).unwrap_or(0))));
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The form of a record that is here.
    pub(crate) fn form_of(&self, record: &RecordId) -> Result<Option<FormHash>> {
        let found = self
            .conn
            .prepare_cached("SELECT form FROM record WHERE id = ?1")?
            .query_row([record.as_bytes()], |row| Ok(FormHash(fixed(row, 0)?)))
            .optional()?;
        Ok(found)
    }
}
