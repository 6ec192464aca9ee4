//! Records as lists show them. What was answered is in their parts.

use super::{Delivery, optional, word};
use crate::{Error, Reader, Result, Tx};
use baraza_model::{DeviceId, FormHash, GroupId, RecordId, Sharing, Status, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
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
    /// How many questions have two answers.
    pub conflicts: u64,
    /// How many questions a person must look at again.
    pub reviews: u64,
    /// Where the person was in it; blank where nothing was noted.
    pub place: String,
    /// Whether it was thrown away and waits to be removed.
    pub discarded: bool,
}

/// What a person must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    /// Some question has two answers.
    TwoAnswers,
    /// Some question is to be looked at again.
    Review,
    /// Either.
    Decision,
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
    /// Of all versions of one form only.
    pub form_id: Option<String>,
    /// Drafts (`false`) or finalised records (`true`) only.
    pub finalised: Option<bool>,
    /// Only what has come so far. A record with answers that are in no document yet is only here.
    pub delivery: Option<Delivery>,
    /// Only what a person must decide.
    pub needs: Option<Needs>,
    /// Only where the index holds all these words, or words that begin so.
    pub words: Option<String>,
}

/// How many records there are of each kind; discarded ones are in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Records.
    pub records: u64,
    /// Drafts.
    pub drafts: u64,
    /// Finalised ones of which some is only on this device.
    pub only_here: u64,
    /// Finalised ones that somebody else has.
    pub handed_over: u64,
    /// Finalised ones that an office confirmed.
    pub received: u64,
    /// Records in which a question has two answers.
    pub two_answers: u64,
    /// Records in which a question is to be looked at again.
    pub review: u64,
}

const COLUMNS: &str = "id, form, sharing, team, author, created_ms, updated_ms, state, reason, summary, handed_over, \
                       offices, received_ms, row, conflicts, reviews, place, discarded_ms > 0";

/// The rows of records with journal rows: one step along the journal's key for each part.
const JOURNALLED: &str = "(WITH RECURSIVE found (part) AS (
       SELECT min(part) FROM journal
       UNION ALL
       SELECT (SELECT min(part) FROM journal WHERE part > found.part) FROM found WHERE found.part IS NOT NULL)
     SELECT part.record FROM found JOIN part ON part.id = found.part)";

impl Reader<'_> {
    /// One record.
    pub fn record(&self, id: RecordId) -> Result<Option<RecordRow>> {
        let journalled = self.journalled_rows()?;
        self.one(&format!("SELECT {COLUMNS} FROM record WHERE id = ?1"), [id.0], |row| read(row, &journalled))
    }

    /// Records, the latest change first. One query along an index.
    pub fn records(&self, listing: &Listing) -> Result<Vec<RecordRow>> {
        let Some((conditions, mut values)) = conditions(listing) else { return Ok(Vec::new()) };
        let journalled = self.journalled_rows()?;
        let limit = if listing.limit == 0 { -1 } else { i64::from(listing.limit) };
        values.extend([Value::from(limit), Value::from(i64::from(listing.offset))]);
        let found = self.all(
            &format!(
                "SELECT {COLUMNS} FROM record WHERE {conditions} ORDER BY updated_ms DESC, row DESC LIMIT ? OFFSET ?"
            ),
            params_from_iter(values),
            |row| read(row, &journalled),
        );
        super::search::no_phrases(found, Vec::new)
    }

    /// How many records a listing would give without its bounds.
    pub fn count_listed(&self, listing: &Listing) -> Result<u64> {
        let Some((conditions, values)) = conditions(listing) else { return Ok(0) };
        let sql = format!("SELECT count(*) FROM record WHERE {conditions}");
        let found = self.number(&sql, params_from_iter(values)).and_then(super::seq);
        super::search::no_phrases(found, || 0)
    }

    /// How many records there are, discarded ones left out.
    pub fn count_records(&self) -> Result<u64> {
        super::seq(self.number("SELECT count(*) FROM record WHERE discarded_ms = 0", [])?)
    }

    /// How many records there are of each kind, in one pass.
    pub fn tally(&self) -> Result<Tally> {
        let sql = format!(
            "SELECT count(*), total(state = 0), total(state > 0 AND (journalled OR (offices = 0 AND NOT handed_over))),
               total(state > 0 AND NOT journalled AND offices = 0 AND handed_over),
               total(state > 0 AND NOT journalled AND offices > 0), total(conflicts > 0), total(reviews > 0)
             FROM (SELECT state, offices, handed_over, conflicts, reviews, row IN {JOURNALLED} AS journalled
                   FROM record WHERE discarded_ms = 0)"
        );
        let tally = self.one(&sql, [], |row| {
            // Sums of truths are whole numbers; `total` gives them as reals, and 0 where there are no rows.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of rows")]
            let count = |n: usize| row.get::<_, f64>(n).map(|sum| sum as u64);
            Ok(Tally {
                records: super::seq(row.get(0)?)?,
                drafts: count(1)?,
                only_here: count(2)?,
                handed_over: count(3)?,
                received: count(4)?,
                two_answers: count(5)?,
                review: count(6)?,
            })
        })?;
        Ok(tally.unwrap_or_default())
    }

    /// The records that were discarded and are still here, the earliest first.
    pub fn discarded(&self) -> Result<Vec<RecordId>> {
        let sql = "SELECT id FROM record WHERE discarded_ms > 0 ORDER BY discarded_ms, row";
        self.all(sql, [], |row| Ok(RecordId(row.get(0)?)))
    }

    /// The latest time that this store wrote down of a record or a segment.
    pub fn latest_time(&self) -> Result<Option<Timestamp>> {
        let latest = self.number(
            "SELECT max(coalesce((SELECT max(updated_ms) FROM record), 0),
                        coalesce((SELECT max(stored_ms) FROM segment), 0))",
            [],
        )?;
        Ok((latest > 0).then_some(Timestamp(latest)))
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
    /// Notes where a person is in a record; blank forgets it. It is no change of the record.
    pub fn set_place(&self, record: RecordId, place: &str) -> Result<()> {
        self.must_change("UPDATE record SET place = ?2 WHERE id = ?1", (record.0, place))
    }

    /// Notes that a record changed, and what it is called now; nothing else of its row.
    pub fn touch_record(&self, record: RecordId, updated: Timestamp, summary: &str) -> Result<()> {
        self.must_change(
            "UPDATE record SET updated_ms = ?2, summary = ?3 WHERE id = ?1",
            (record.0, updated.0, summary),
        )
    }

    /// Notes how many questions of a record a person must decide.
    pub fn set_needs(&self, record: RecordId, conflicts: u64, reviews: u64) -> Result<()> {
        self.must_change(
            "UPDATE record SET conflicts = ?2, reviews = ?3 WHERE id = ?1",
            (record.0, super::wide(conflicts)?, super::wide(reviews)?),
        )
    }

    /// Notes that a record was thrown away, or (`None`) that it was not after all. It is in no list meanwhile.
    pub fn set_discarded(&self, record: RecordId, at: Option<Timestamp>) -> Result<()> {
        let at = at.map_or(0, |at| at.0.max(1));
        self.must_change("UPDATE record SET discarded_ms = ?2 WHERE id = ?1", (record.0, at))
    }

    fn must_change(&self, sql: &str, params: impl rusqlite::Params) -> Result<()> {
        match self.change(sql, params)? {
            0 => Err(Error::Unknown("record")),
            _ => Ok(()),
        }
    }

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
        conflicts: super::seq(row.get(14)?)?,
        reviews: super::seq(row.get(15)?)?,
        place: row.get(16)?,
        discarded: row.get(17)?,
    })
}

/// What a listing asks of each row, and the values for it; `None` where no row can fit.
fn conditions(listing: &Listing) -> Option<(String, Vec<Value>)> {
    let (mut all, mut values) = (vec!["discarded_ms = 0".to_owned()], Vec::new());
    if let Some(form) = listing.form {
        all.push("form = ?".to_owned());
        values.push(Value::from(form.0.to_vec()));
    }
    if let Some(form_id) = &listing.form_id {
        all.push("form IN (SELECT hash FROM form WHERE form_id = ?)".to_owned());
        values.push(Value::from(form_id.clone()));
    }
    if let Some(finalised) = listing.finalised {
        all.push(if finalised { "state > 0" } else { "state = 0" }.to_owned());
    }
    all.extend(listing.delivery.map(|delivery| match delivery {
        Delivery::OnlyHere => format!("((offices = 0 AND handed_over = 0) OR row IN {JOURNALLED})"),
        Delivery::HandedOver => format!("(offices = 0 AND handed_over = 1 AND row NOT IN {JOURNALLED})"),
        Delivery::Received => format!("(offices > 0 AND row NOT IN {JOURNALLED})"),
    }));
    all.extend(listing.needs.map(|needs| {
        let needs = match needs {
            Needs::TwoAnswers => "(conflicts > 0 OR reviews > 0) AND conflicts > 0",
            Needs::Review => "(conflicts > 0 OR reviews > 0) AND reviews > 0",
            Needs::Decision => "(conflicts > 0 OR reviews > 0)",
        };
        needs.to_owned()
    }));
    if let Some(words) = &listing.words {
        let matching = super::search::match_expression(words);
        if matching.is_empty() {
            return None;
        }
        all.push("row IN (SELECT rowid FROM search WHERE search MATCH ?)".to_owned());
        values.push(Value::from(matching));
    }
    Some((all.join(" AND "), values))
}
