//! Writing a batch: one transaction, prepared statements, small integer keys.

use super::layout::{FormLayout, Physical, Slot};
use super::rows::{ConflictRow, Contributor, PartRow, RecordRow, ReviewRow, status_word};
use crate::error::Result;
use crate::evaluate::{Evaluated, Row};
use crate::layout::Kind;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Writes inside the transaction that the caller has open.
pub(crate) struct Writer<'a> {
    conn: &'a Connection,
    compartments: BTreeMap<Arc<[u8]>, i64>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(conn: &'a Connection) -> Self {
        Self { conn, compartments: BTreeMap::new() }
    }

    /// Stores a record as a batch left it.
    pub(crate) fn record(&mut self, row: &RecordRow) -> Result<()> {
        let cid = match &row.readers {
            Some(readers) => self.compartment(readers)?,
            None => row.cid,
        };
        let rid = self.record_row(row, cid)?;
        for part in &row.parts {
            self.part(rid, part)?;
        }
        self.authorship(rid, row)?;
        let fresh = row.rid.is_none();
        self.project(rid, &row.layout, row.as_of.0, &row.evaluated, fresh)?;
        if !fresh {
            self.conn.prepare_cached("DELETE FROM conflict WHERE rid = ?1")?.execute([rid])?;
            self.conn.prepare_cached("DELETE FROM review WHERE rid = ?1")?.execute([rid])?;
        }
        for conflict in &row.conflicts {
            self.conflict(rid, conflict)?;
        }
        for review in &row.reviews {
            self.review(rid, review, row.as_of.0)?;
        }
        Ok(())
    }

    fn compartment(&mut self, readers: &Arc<[u8]>) -> Result<i64> {
        if let Some(cid) = self.compartments.get(readers) {
            return Ok(*cid);
        }
        let known: Option<i64> = self
            .conn
            .prepare_cached("SELECT cid FROM compartment WHERE readers = ?1")?
            .query_row([&readers[..]], |r| r.get(0))
            .optional()?;
        let cid = match known {
            Some(cid) => cid,
            None => {
                self.conn
                    .prepare_cached("INSERT INTO compartment (readers) VALUES (?1)")?
                    .execute([&readers[..]])?;
                self.conn.last_insert_rowid()
            }
        };
        self.compartments.insert(Arc::clone(readers), cid);
        Ok(cid)
    }

    fn record_row(&self, row: &RecordRow, cid: i64) -> Result<i64> {
        let (status, reason) = status_word(&row.status);
        let authors = Contributor::encode(&row.authors);
        let conflicts = count(row.conflicts.iter().filter(|c| c.claim == 0).count());
        let reviews = count(row.reviews.len());
        if let Some(rid) = row.rid {
            self.conn
                .prepare_cached(
                    "UPDATE record SET form = ?2, form_id = ?3, version = ?4, status = ?5, reason = ?6, changed = ?7,
                     authors = ?8, cid = ?9, conflicts = ?10, reviews = ?11, as_of = ?12 WHERE rid = ?1",
                )?
                .execute(params![
                    rid,
                    row.form.as_bytes(),
                    row.layout.form_id,
                    row.layout.version,
                    status,
                    reason,
                    row.changed_after_finalising,
                    authors,
                    cid,
                    conflicts,
                    reviews,
                    row.as_of.0,
                ])?;
            return Ok(rid);
        }
        self.conn
            .prepare_cached(
                "INSERT INTO record (id, form, form_id, version, status, reason, changed, authors, cid, conflicts,
                 reviews, received, as_of) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                row.id.as_bytes(),
                row.form.as_bytes(),
                row.layout.form_id,
                row.layout.version,
                status,
                reason,
                row.changed_after_finalising,
                authors,
                cid,
                conflicts,
                reviews,
                row.received.0,
                row.as_of.0,
            ])?;
        Ok(self.conn.last_insert_rowid())
    }

    fn part(&self, rid: i64, part: &PartRow) -> Result<()> {
        let kind = match part.kind {
            baraza_model::PartKind::Shared => "shared",
            baraza_model::PartKind::Severe => "severe",
        };
        self.conn
            .prepare_cached(
                "INSERT INTO part (rid, id, kind, doc) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (rid, id) DO UPDATE SET doc = ?4",
            )?
            .execute(params![rid, part.id.as_bytes(), kind, part.doc])?;
        Ok(())
    }

    /// Which changes only a snapshot vouches for.
    fn authorship(&self, rid: i64, row: &RecordRow) -> Result<()> {
        for (change, by) in &row.vouched {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO vouched (rid, change, device) VALUES (?1, ?2, ?3)")?
                .execute(params![rid, change.0, by.as_bytes()])?;
        }
        for change in &row.signed {
            self.conn
                .prepare_cached("DELETE FROM vouched WHERE rid = ?1 AND change = ?2")?
                .execute(params![rid, change.0])?;
        }
        Ok(())
    }

    /// Writes the rows of a record, in place of those that it had.
    fn project(
        &self,
        rid: i64,
        layout: &FormLayout,
        as_of: i64,
        evaluated: &Evaluated,
        fresh: bool,
    ) -> Result<()> {
        if !fresh {
            for table in &layout.tables {
                for physical in std::iter::once(&table.plain).chain(&table.severe) {
                    self.conn.prepare_cached(&physical.delete)?.execute([rid])?;
                }
            }
        }
        for row in &evaluated.rows {
            let Some(table) = layout.tables.get(row.table) else { continue };
            let own = Own { rid, version: &layout.version, as_of, root: table.root };
            self.insert(&table.plain, &own, row, &table.slots, false)?;
            let is_severe =
                |(column, _): &(usize, String)| table.slots.get(*column).is_some_and(|s| s.severe);
            if let Some(severe) = &table.severe
                && row.cells.iter().any(is_severe)
            {
                self.insert(severe, &own, row, &table.slots, true)?;
            }
        }
        Ok(())
    }

    fn insert(
        &self,
        physical: &Physical,
        own: &Own<'_>,
        row: &Row,
        slots: &[Slot],
        severe: bool,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(&physical.insert)?;
        statement.clear_bindings();
        statement.raw_bind_parameter(1, own.rid)?;
        statement.raw_bind_parameter(2, own.version)?;
        statement.raw_bind_parameter(3, own.as_of)?;
        if !own.root {
            statement
                .raw_bind_parameter(4, row.instance.as_ref().map_or(&[][..], |i| i.as_bytes().as_slice()))?;
            statement
                .raw_bind_parameter(5, row.parent.as_ref().map_or(&[][..], |i| i.as_bytes().as_slice()))?;
            statement.raw_bind_parameter(6, i64::from(row.position))?;
        }
        for (column, value) in &row.cells {
            let Some(slot) = slots.get(*column) else { continue };
            if slot.severe != severe {
                continue;
            }
            match slot.kind {
                Kind::Text => statement.raw_bind_parameter(slot.parameter, value.as_str())?,
                Kind::Integer => statement.raw_bind_parameter(slot.parameter, value.parse::<i64>().ok())?,
                Kind::Real => {
                    let number = value.parse::<f64>().ok().filter(|n| n.is_finite());
                    statement.raw_bind_parameter(slot.parameter, number)?;
                }
            }
        }
        statement.raw_execute()?;
        Ok(())
    }

    fn conflict(&self, rid: i64, row: &ConflictRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO conflict
                 (rid, question, instance, claim, part, severe, text, change, value, blank, device, at, shown)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(params![
                rid,
                row.path.question,
                row.path.instance.as_ref().map_or(&[][..], |i| i.as_bytes().as_slice()),
                row.claim,
                row.part.as_bytes(),
                row.severe,
                row.text,
                row.change,
                row.value.as_deref().unwrap_or(""),
                row.value.is_none(),
                row.device.as_ref().map_or(&[][..], |d| d.as_bytes().as_slice()),
                row.at.0,
                row.shown,
            ])?;
        Ok(())
    }

    fn review(&self, rid: i64, row: &ReviewRow, now: i64) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO review (rid, question, instance, code, severe, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                rid,
                row.path.question,
                row.path.instance.as_ref().map_or(&[][..], |i| i.as_bytes().as_slice()),
                row.code,
                row.severe,
                now,
            ])?;
        Ok(())
    }
}

/// The values of the store's own columns.
struct Own<'a> {
    rid: i64,
    version: &'a str,
    as_of: i64,
    root: bool,
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
