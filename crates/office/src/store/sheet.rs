//! Reading projected tables: which columns a sheet has, in an order that depends on the forms alone, and its rows.

use super::rows::Contributor;
use super::{Store, fixed};
use crate::error::{OfficeError, Result};
use crate::layout::{Kind, quoted};
use baraza_model::{InstanceId, RecordId};
use rusqlite::types::ValueRef;
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Which records a sheet shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct SheetFilter {
    pub(crate) form_id: String,
    pub(crate) include_severe: bool,
    pub(crate) include_drafts: bool,
    /// Only records that had arrived by then.
    pub(crate) received_by: Option<i64>,
    /// Skip this many records, and show at most so many; 0 means all.
    pub(crate) page: (u32, u32),
}

/// One table of a form over all its versions.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// The repeat's path; blank for the form itself.
    pub(crate) repeat: String,
    pub(crate) columns: Vec<SheetColumn>,
    sql: String,
}

/// One column of it.
#[derive(Debug, Clone)]
pub(crate) struct SheetColumn {
    /// The question's path; with its type where versions disagree.
    pub(crate) heading: String,
    pub(crate) question: String,
    pub(crate) kind: Kind,
    pub(crate) severe: bool,
    pub(crate) hxl: String,
}

/// One row of it.
#[derive(Debug)]
pub(crate) struct SheetRow {
    pub(crate) record: RecordId,
    pub(crate) version: String,
    pub(crate) status: String,
    pub(crate) conflicts: i64,
    pub(crate) reviews: i64,
    pub(crate) authors: Vec<Contributor>,
    /// Whether some of it came in a snapshot only.
    pub(crate) vouched: bool,
    pub(crate) as_of: i64,
    pub(crate) instance: Option<InstanceId>,
    pub(crate) parent: Option<InstanceId>,
    pub(crate) position: i64,
    pub(crate) cells: Vec<Cell>,
}

/// The value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Blank,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Cell {
    /// As text; `None` if blank.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Cell::Blank => None,
            Cell::Integer(number) => Some(number.to_string()),
            Cell::Real(number) => Some(number.to_string()),
            Cell::Text(text) => Some(text),
        }
    }
}

impl Store {
    /// The records of a form that a sheet shows: (rid, id), by id.
    pub(crate) fn sheet_records(&self, filter: &SheetFilter) -> Result<Vec<(i64, RecordId)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT rid, id FROM record WHERE form_id = ?1 AND (?2 OR status <> 'draft')
             AND (?3 IS NULL OR received <= ?3) ORDER BY id LIMIT ?4 OFFSET ?5",
        )?;
        let (offset, limit) = filter.page;
        let limit = if limit == 0 { -1 } else { i64::from(limit) };
        let rows = statement.query_map(
            params![filter.form_id, filter.include_drafts, filter.received_by, limit, offset],
            |row| Ok((row.get(0)?, RecordId(fixed(row, 1)?))),
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The sheets of a form: the form itself first, then its repeats. The newest version's columns come first, then
    /// what only older versions have.
    pub(crate) fn sheets(&self, filter: &SheetFilter) -> Result<Vec<Sheet>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.repeat, c.question, c.kind, c.severe, c.hxl FROM form_version v
             JOIN form_column c ON c.form = v.form WHERE v.form_id = ?1
             AND EXISTS (SELECT 1 FROM record r WHERE r.form = v.form)
             ORDER BY v.version DESC, v.form, c.table_place, c.place",
        )?;
        let mut rows = statement.query([&filter.form_id])?;
        let mut sheets: Vec<Sheet> = Vec::new();
        while let Some(row) = rows.next()? {
            let repeat: String = row.get(0)?;
            let kind: String = row.get(2)?;
            let question: String = row.get(1)?;
            let column = SheetColumn {
                heading: question.clone(),
                question,
                kind: Kind::parse(&kind).unwrap_or(Kind::Text),
                severe: row.get(3)?,
                hxl: row.get(4)?,
            };
            let sheet = match sheets.iter().position(|s| s.repeat == repeat) {
                Some(place) => sheets.get_mut(place),
                None => {
                    sheets.push(Sheet { repeat, columns: Vec::new(), sql: String::new() });
                    sheets.last_mut()
                }
            };
            let Some(sheet) = sheet else { continue };
            let same = |c: &SheetColumn| {
                c.question == column.question && c.kind == column.kind && c.severe == column.severe
            };
            if !sheet.columns.iter().any(same) {
                sheet.columns.push(column);
            }
        }
        if !sheets.iter().any(|s| s.repeat.is_empty()) {
            // A form whose questions are all in repeats still has one row for each record.
            sheets.insert(0, Sheet { repeat: String::new(), columns: Vec::new(), sql: String::new() });
        }
        if !filter.include_severe {
            // A repeat with severe questions only would tell by its rows what the questions hide.
            sheets.retain(|s| s.repeat.is_empty() || s.columns.iter().any(|c| !c.severe));
            for sheet in &mut sheets {
                sheet.columns.retain(|c| !c.severe);
            }
        }
        for sheet in &mut sheets {
            tell_apart(&mut sheet.columns);
            sheet.sql = self.sheet_sql(filter, sheet)?;
        }
        Ok(sheets)
    }

    /// Makes the query for the rows of one record.
    fn sheet_sql(&self, filter: &SheetFilter, sheet: &Sheet) -> Result<String> {
        let table = |severe: bool| -> Result<Option<String>> {
            let mut statement = self.conn.prepare_cached(
                "SELECT name FROM projected_table WHERE form_id = ?1 AND repeat = ?2 AND severe = ?3",
            )?;
            let mut rows = statement.query(params![filter.form_id, sheet.repeat, severe])?;
            Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
        };
        let plain = table(false)?.ok_or_else(|| OfficeError::UnknownForm(filter.form_id.clone()))?;
        let severe = if filter.include_severe { table(true)? } else { None };
        let names = self.physical_columns(&filter.form_id, &sheet.repeat)?;
        let mut sql = sheet.select_counting(&names, filter.include_severe)?;
        let _ = write!(sql, " FROM record r JOIN {} p ON p._rid = r.rid", quoted(&plain));
        if let Some(severe) = severe {
            let _ = write!(sql, " LEFT JOIN {} s ON s._rid = p._rid", quoted(&severe));
            if !sheet.repeat.is_empty() {
                sql.push_str(" AND s._instance = p._instance");
            }
        }
        sql.push_str(" WHERE r.rid = ?1");
        if !sheet.repeat.is_empty() {
            sql.push_str(" ORDER BY p._parent, p._position, p._instance");
        }
        Ok(sql)
    }

    pub(crate) fn physical_columns(
        &self,
        form_id: &str,
        repeat: &str,
    ) -> Result<BTreeMap<(String, Kind, bool), String>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT question, kind, severe, name FROM projected_column WHERE form_id = ?1 AND repeat = ?2",
        )?;
        let rows = statement.query_map(params![form_id, repeat], |row| {
            let kind: String = row.get(1)?;
            Ok(((row.get(0)?, Kind::parse(&kind).unwrap_or(Kind::Text), row.get(2)?), row.get(3)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The rows of one record in a sheet.
    pub(crate) fn sheet_rows(
        &self,
        sheet: &Sheet,
        rid: i64,
        mut each: impl FnMut(SheetRow) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.conn.prepare_cached(&sheet.sql)?;
        let mut rows = statement.query([rid])?;
        while let Some(row) = rows.next()? {
            each(sheet_row(row, sheet.columns.len())?)?;
        }
        Ok(())
    }
}

impl Sheet {
    /// What a query selects for [`sheet_row`], without severe answers and what they need.
    pub(crate) fn select(&self, names: &BTreeMap<(String, Kind, bool), String>) -> Result<String> {
        self.select_counting(names, false)
    }

    fn select_counting(
        &self,
        names: &BTreeMap<(String, Kind, bool), String>,
        with_severe: bool,
    ) -> Result<String> {
        let counted = if with_severe { "" } else { " AND severe = 0" };
        let own = if self.repeat.is_empty() { "x'', x'', 0" } else { "p._instance, p._parent, p._position" };
        let mut sql = format!(
            "SELECT r.id, r.version, r.status,
             CASE WHEN r.conflicts = 0 THEN 0
                  ELSE (SELECT count(*) FROM conflict WHERE rid = r.rid AND claim = 0{counted}) END,
             CASE WHEN r.reviews = 0 THEN 0
                  ELSE (SELECT count(*) FROM review WHERE rid = r.rid{counted}) END,
             r.authors, EXISTS (SELECT 1 FROM vouched WHERE rid = r.rid), r.as_of, {own}"
        );
        for column in &self.columns {
            match names.get(&(column.question.clone(), column.kind, column.severe)) {
                Some(name) if column.severe => write!(sql, ", s.{}", quoted(name)),
                Some(name) => write!(sql, ", p.{}", quoted(name)),
                None => write!(sql, ", NULL"),
            }
            .map_err(|_| OfficeError::Damaged("a column's name".to_owned()))?;
        }
        Ok(sql)
    }
}

/// The store's own columns before a sheet's.
pub(super) const OWN: usize = 11;

pub(super) fn sheet_row(row: &Row<'_>, columns: usize) -> Result<SheetRow> {
    let cell = |place: usize| -> Result<Cell> {
        Ok(match row.get_ref(OWN + place)? {
            ValueRef::Null | ValueRef::Blob(_) => Cell::Blank,
            ValueRef::Integer(number) => Cell::Integer(number),
            ValueRef::Real(number) => Cell::Real(number),
            ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        })
    };
    let blob = |place: usize| -> Result<&[u8]> { Ok(row.get_ref(place)?.as_blob().unwrap_or_default()) };
    Ok(SheetRow {
        record: RecordId(fixed(row, 0)?),
        version: row.get(1)?,
        status: row.get(2)?,
        conflicts: row.get(3)?,
        reviews: row.get(4)?,
        authors: Contributor::decode(blob(5)?),
        vouched: row.get(6)?,
        as_of: row.get(7)?,
        instance: InstanceId::from_slice(blob(8)?),
        parent: InstanceId::from_slice(blob(9)?),
        position: row.get(10)?,
        cells: (0..columns).map(cell).collect::<Result<_>>()?,
    })
}

/// Headings of questions that have several columns say which is which.
fn tell_apart(columns: &mut [SheetColumn]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for column in columns.iter() {
        *counts.entry(column.question.clone()).or_default() += 1;
    }
    for column in columns {
        if counts.get(&column.question).is_some_and(|count| *count > 1) {
            let severe = if column.severe { ", severe" } else { "" };
            column.heading = format!("{} ({}{severe})", column.question, column.kind.sql().to_lowercase());
        }
    }
}
