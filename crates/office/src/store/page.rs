//! One page of a projected table: what a screen asks, as one bounded query.

use super::sheet::{OWN, Sheet, sheet_row};
use super::{SheetRow, Store};
use crate::error::{OfficeError, Result};
use crate::layout::{Kind, quoted};
use crate::table::{TableNeeds, TableQuery};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};

/// Different values of one column that are looked at for a menu.
const MOST_VALUES: u32 = 20_000;

/// A page of rows.
pub(crate) struct Page {
    /// For each row: its record's place in the store, when that first arrived, and the row.
    pub(crate) rows: Vec<(i64, i64, SheetRow)>,
    pub(crate) rids: BTreeSet<i64>,
    pub(crate) matching: u64,
    pub(crate) total: u64,
}

/// A condition with its values.
#[derive(Default)]
struct Conditions {
    all: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, condition: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.all.push(condition.into());
        self.values.extend(values);
    }

    fn sql(&self) -> String {
        self.all.join(" AND ")
    }
}

impl Store {
    /// The rows of a sheet that a query asks for: the latest day first, where the query names a column of days;
    /// otherwise those that changed last.
    pub(crate) fn page(
        &self,
        sheet: &Sheet,
        query: &TableQuery,
        several: &BTreeSet<String>,
        told: &BTreeSet<String>,
    ) -> Result<Page> {
        let form = &query.form_id;
        let names = self.physical_columns(form, &sheet.repeat)?;
        let plain = self.plain_table(form, &sheet.repeat)?;
        let mut from = format!(" FROM record r JOIN {} p ON p._rid = r.rid", quoted(&plain));
        let root_names = match sheet.repeat.is_empty() {
            true => BTreeMap::new(),
            false => {
                from.push_str(&format!(" JOIN {} q ON q._rid = r.rid", quoted(&self.plain_table(form, "")?)));
                self.physical_columns(form, "")?
            }
        };
        let column = |question: &str| -> Vec<(String, Kind)> {
            let of = |names: &BTreeMap<(String, Kind, bool), String>, table: &str| {
                let same = names.iter().filter(|((path, _, severe), _)| path == question && !severe);
                same.map(|((_, kind, _), name)| (format!("{table}.{}", quoted(name)), *kind))
                    .collect::<Vec<_>>()
            };
            let own = of(&names, "p");
            if own.is_empty() { of(&root_names, "q") } else { own }
        };
        let mut asked = Conditions::default();
        asked.add("r.form_id = ?", [Value::from(form.clone())]);
        if !query.include_drafts {
            asked.add("r.status <> 'draft'", []);
        }
        let everything = (asked.sql(), asked.values.clone());
        for (question, values) in &query.filters {
            let columns = column(question);
            if columns.is_empty() {
                return Err(OfficeError::UnknownForm(format!("{form}: {question}")));
            }
            if !values.is_empty() {
                filter(&mut asked, &columns, values, several.contains(question));
            }
        }
        span(&mut asked, query, &column)?;
        match query.needs {
            Some(TableNeeds::TwoAnswers) => asked.add(
                "r.conflicts > 0 AND EXISTS (SELECT 1 FROM conflict c WHERE c.rid = r.rid AND c.severe = 0)",
                [],
            ),
            Some(TableNeeds::Review) => asked.add(
                "r.reviews > 0 AND EXISTS (SELECT 1 FROM review v WHERE v.rid = r.rid AND v.severe = 0)",
                [],
            ),
            None => {}
        }
        let read = sheet.columns.iter().filter(|c| !told.contains(&c.question));
        let texts: Vec<String> = read.flat_map(|c| column(&c.question)).map(|(c, _)| c).collect();
        for word in query.words.split_whitespace() {
            if texts.is_empty() {
                break;
            }
            let body =
                texts.iter().map(|c| format!("coalesce({c}, '')")).collect::<Vec<_>>().join(" || ' ' || ");
            asked.add(format!("instr(lower({body}), ?) > 0"), [Value::from(word.to_lowercase())]);
        }
        let count = |conditions: &str, values: &[Value]| -> Result<u64> {
            let sql = format!("SELECT count(*){from} WHERE {conditions}");
            let found: i64 = self.conn.query_row(&sql, params_from_iter(values), |row| row.get(0))?;
            Ok(u64::try_from(found).unwrap_or(0))
        };
        let matching = count(&asked.sql(), &asked.values)?;
        let total = count(&everything.0, &everything.1)?;
        // Where records have a day, the latest day comes first, as the column of days is read.
        let days = if query.date_column.is_empty() { Vec::new() } else { column(&query.date_column) };
        let day = days.first().map_or_else(|| "''".to_owned(), |(name, _)| format!("substr({name}, 1, 10)"));
        let (instance, same, then) = match sheet.repeat.is_empty() {
            true => ("", "", ""),
            false => (
                ", p._instance AS instance",
                " AND p._instance = k.instance",
                ", p._parent, p._position, p._instance",
            ),
        };
        // The page is chosen by its keys first: what is sorted is small, whatever the form asks.
        let sql = format!(
            "{select}, r.rid, r.received
             FROM (SELECT r.rid AS rid, {day} AS day{instance}{from} WHERE {asked}
                   ORDER BY day DESC, r.as_of DESC, r.id{then} LIMIT ? OFFSET ?) k
             JOIN record r ON r.rid = k.rid JOIN {plain} p ON p._rid = r.rid{same}
             ORDER BY k.day DESC, r.as_of DESC, r.id{then}",
            select = sheet.select(&names)?,
            asked = asked.sql(),
            plain = quoted(&plain),
        );
        let limit = if query.limit == 0 { -1 } else { i64::from(query.limit) };
        asked.values.extend([Value::from(limit), Value::from(i64::from(query.offset))]);
        let mut statement = self.conn.prepare(&sql)?;
        let mut found = statement.query(params_from_iter(&asked.values))?;
        let mut page = Page { rows: Vec::new(), rids: BTreeSet::new(), matching, total };
        let columns = sheet.columns.len();
        while let Some(row) = found.next()? {
            let rid: i64 = row.get(OWN + columns)?;
            page.rids.insert(rid);
            page.rows.push((rid, row.get(OWN + columns + 1)?, sheet_row(row, columns)?));
        }
        Ok(page)
    }

    /// Which questions of these records have more than one answer, severe ones left out.
    pub(crate) fn contested(&self, rids: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<String>>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT question FROM conflict WHERE rid = ?1 AND severe = 0 ORDER BY question",
        )?;
        let mut found = BTreeMap::new();
        for rid in rids {
            let questions: Vec<String> =
                statement.query_map([rid], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            if !questions.is_empty() {
                found.insert(*rid, questions);
            }
        }
        Ok(found)
    }

    /// The values of a column in finalised records with how many rows have each, the most frequent first.
    pub(crate) fn values(&self, sheet: &Sheet, form_id: &str, question: &str) -> Result<Vec<(String, u64)>> {
        let table = quoted(&self.plain_table(form_id, &sheet.repeat)?);
        let names = self.physical_columns(form_id, &sheet.repeat)?;
        let mut values = Vec::new();
        for (_, name) in names.iter().filter(|((path, _, severe), _)| path == question && !severe) {
            let column = format!("p.{}", quoted(name));
            let mut statement = self.conn.prepare(&format!(
                "SELECT CAST({column} AS TEXT), count(*) FROM {table} p JOIN record r ON r.rid = p._rid
                 WHERE r.status <> 'draft' AND {column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?1"
            ))?;
            let rows =
                statement.query_map(params![MOST_VALUES], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            for row in rows {
                let (value, count): (String, i64) = row?;
                values.push((value, u64::try_from(count).unwrap_or(0)));
            }
        }
        Ok(values)
    }

    /// The name of the table with what is not severe of a form or repeat.
    pub(crate) fn plain_table(&self, form_id: &str, repeat: &str) -> Result<String> {
        let mut statement = self.conn.prepare_cached(
            "SELECT name FROM projected_table WHERE form_id = ?1 AND repeat = ?2 AND severe = 0",
        )?;
        let mut rows = statement.query(params![form_id, repeat])?;
        let name = rows.next()?.map(|row| row.get(0)).transpose()?;
        name.ok_or_else(|| OfficeError::UnknownForm(form_id.to_owned()))
    }
}

/// One of these values in one of these columns.
fn filter(asked: &mut Conditions, columns: &[(String, Kind)], values: &[String], several: bool) {
    let mut any = Vec::new();
    let mut bound = Vec::new();
    for (column, _) in columns {
        for value in values {
            any.push(match several {
                true => format!("instr(' ' || {column} || ' ', ' ' || ? || ' ') > 0"),
                false => format!("CAST({column} AS TEXT) = ?"),
            });
            bound.push(Value::from(value.clone()));
        }
    }
    asked.add(format!("({})", any.join(" OR ")), bound);
}

/// Not before `since`, not after `until`.
fn span(
    asked: &mut Conditions,
    query: &TableQuery,
    column: &impl Fn(&str) -> Vec<(String, Kind)>,
) -> Result<()> {
    if query.date_column.is_empty() {
        if let Ok(since) = query.since.parse::<i64>() {
            asked.add("r.as_of >= ?", [Value::from(since)]);
        }
        if let Ok(until) = query.until.parse::<i64>() {
            asked.add("r.as_of <= ?", [Value::from(until)]);
        }
        return Ok(());
    }
    let found = column(&query.date_column);
    let Some((name, _)) = found.first() else {
        return Err(OfficeError::UnknownForm(format!("{}: {}", query.form_id, query.date_column)));
    };
    // Dates and times begin with the day, so the day's text decides.
    if !query.since.is_empty() {
        asked.add(format!("substr({name}, 1, 10) >= ?"), [Value::from(query.since.clone())]);
    }
    if !query.until.is_empty() {
        asked.add(format!("substr({name}, 1, 10) <= ?"), [Value::from(query.until.clone())]);
    }
    Ok(())
}
