//! Projected tables: which exist, which columns hold which questions, and making what a new form version lacks.

use super::Store;
use crate::error::Result;
use crate::layout::{Kind, WIDEST, column_name, quoted, table_name};
use baraza_forms::schema::{Schema, Table};
use baraza_model::{FormHash, Sensitivity};
use rusqlite::params;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// Where the columns of one form version are projected to.
#[derive(Debug)]
pub(crate) struct FormLayout {
    pub(crate) form_id: String,
    pub(crate) version: String,
    /// In the order of the form's schema.
    pub(crate) tables: Vec<TableLayout>,
}

/// The two physical tables of one table of the form.
#[derive(Debug)]
pub(crate) struct TableLayout {
    pub(crate) root: bool,
    pub(crate) plain: Physical,
    /// `None` if no column of it is severe.
    pub(crate) severe: Option<Physical>,
    /// For each column of the schema: whether it is in the severe table, its parameter number in that table's
    /// insert statement, and its type.
    pub(crate) slots: Vec<Slot>,
}

/// The place of one column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) severe: bool,
    pub(crate) parameter: usize,
    pub(crate) kind: Kind,
}

/// Statements for one physical table.
#[derive(Debug)]
pub(crate) struct Physical {
    pub(crate) insert: String,
    pub(crate) delete: String,
}

/// The store's own columns come first in every insert statement.
pub(crate) const ROOT_COLUMNS: &[&str] = &["_rid", "_version", "_as_of"];
pub(crate) const REPEAT_COLUMNS: &[&str] =
    &["_rid", "_version", "_as_of", "_instance", "_parent", "_position"];

/// Layouts known to this process. A form that does not fit a table is remembered as `None`.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    layouts: BTreeMap<FormHash, Option<Arc<FormLayout>>>,
}

impl Catalog {
    /// The layout of a form that was prepared before; `None` if it does not fit a table.
    pub(crate) fn get(&self, form: &FormHash) -> Option<&Arc<FormLayout>> {
        self.layouts.get(form).and_then(Option::as_ref)
    }

    pub(crate) fn has(&self, form: &FormHash) -> bool {
        self.layouts.contains_key(form)
    }

    /// Makes the tables and columns of a form version, in a transaction of its own.
    pub(crate) fn prepare(
        &mut self,
        store: &mut Store,
        form: FormHash,
        form_id: &str,
        version: &str,
        schema: &Schema,
    ) -> Result<()> {
        if !self.has(&form) {
            let layout = store.prepare_layout(form, form_id, version, schema)?;
            self.layouts.insert(form, layout.map(Arc::new));
        }
        Ok(())
    }
}

impl Store {
    fn prepare_layout(
        &mut self,
        form: FormHash,
        form_id: &str,
        version: &str,
        schema: &Schema,
    ) -> Result<Option<FormLayout>> {
        let tx = self.conn.transaction()?;
        let mut tables = Vec::with_capacity(schema.tables.len());
        for (place, table) in schema.tables.iter().enumerate() {
            let Some(layout) = prepare_table(&tx, form_id, table)? else { return Ok(None) };
            tables.push(layout);
            note_columns(&tx, form, place, table)?;
        }
        tx.prepare_cached("INSERT OR IGNORE INTO form_version (form, form_id, version) VALUES (?1, ?2, ?3)")?
            .execute(params![form.as_bytes(), form_id, version])?;
        tx.commit()?;
        Ok(Some(FormLayout { form_id: form_id.to_owned(), version: version.to_owned(), tables }))
    }
}

/// Remembers the order of a version's columns, so that exports need no form.
fn note_columns(
    tx: &rusqlite::Transaction<'_>,
    form: FormHash,
    table_place: usize,
    table: &Table,
) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO form_column (form, table_place, place, repeat, question, kind, severe, hxl)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (place, column) in table.columns.iter().enumerate() {
        insert.execute(params![
            form.as_bytes(),
            u32::try_from(table_place).unwrap_or(u32::MAX),
            u32::try_from(place).unwrap_or(u32::MAX),
            table.repeat,
            column.path,
            Kind::of(&column.data_type).sql(),
            column.sensitivity == Sensitivity::Severe,
            column.hxl.as_deref().unwrap_or(""),
        ])?;
    }
    Ok(())
}

fn prepare_table(
    tx: &rusqlite::Transaction<'_>,
    form_id: &str,
    table: &Table,
) -> Result<Option<TableLayout>> {
    let root = table.repeat.is_empty();
    let own = if root { ROOT_COLUMNS } else { REPEAT_COLUMNS };
    let mut slots = Vec::with_capacity(table.columns.len());
    let mut columns: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    let mut names = [table_of(tx, form_id, table, false)?, String::new()];
    if table.columns.iter().any(|c| c.sensitivity == Sensitivity::Severe) {
        names[1] = table_of(tx, form_id, table, true)?;
    }
    let mut existing =
        [columns_of(tx, form_id, &table.repeat, false)?, columns_of(tx, form_id, &table.repeat, true)?];
    for column in &table.columns {
        let (severe, kind) = (column.sensitivity == Sensitivity::Severe, Kind::of(&column.data_type));
        let side = usize::from(severe);
        let (Some(existing), Some(chosen), Some(name)) =
            (existing.get_mut(side), columns.get_mut(side), names.get(side))
        else {
            continue;
        };
        let key = (column.path.clone(), kind);
        let physical = match existing.get(&key) {
            Some(physical) => physical.clone(),
            None => {
                if existing.len() >= WIDEST {
                    return Ok(None);
                }
                let taken: BTreeSet<&String> = existing.values().collect();
                let physical = column_name(&column.path, kind, &|n| taken.contains(&n.to_owned()));
                add_column(tx, form_id, table, severe, (&column.path, kind), name, &physical)?;
                existing.insert(key, physical.clone());
                physical
            }
        };
        chosen.push(physical);
        slots.push(Slot { severe, parameter: own.len() + chosen.len(), kind });
    }
    let [plain_columns, severe_columns] = columns;
    let [plain, severe] = names;
    Ok(Some(TableLayout {
        root,
        plain: physical(&plain, own, &plain_columns),
        severe: (!severe.is_empty()).then(|| physical(&severe, own, &severe_columns)),
        slots,
    }))
}

fn table_of(tx: &rusqlite::Transaction<'_>, form_id: &str, table: &Table, severe: bool) -> Result<String> {
    let mut known = tx.prepare_cached(
        "SELECT name FROM projected_table WHERE form_id = ?1 AND repeat = ?2 AND severe = ?3",
    )?;
    let mut rows = known.query(params![form_id, table.repeat, severe])?;
    if let Some(row) = rows.next()? {
        return Ok(row.get(0)?);
    }
    let mut all = tx.prepare_cached("SELECT name FROM projected_table")?;
    let taken: BTreeSet<String> = all.query_map([], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
    let name = table_name(form_id, &table.repeat, severe, &|n| taken.contains(n));
    tx.prepare_cached("INSERT INTO projected_table (form_id, repeat, severe, name) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![form_id, table.repeat, severe, name])?;
    let sql = if table.repeat.is_empty() {
        format!(
            "CREATE TABLE {} (_rid INTEGER NOT NULL PRIMARY KEY, _version TEXT NOT NULL, _as_of INTEGER NOT NULL) STRICT",
            quoted(&name)
        )
    } else {
        format!(
            "CREATE TABLE {} (_rid INTEGER NOT NULL, _version TEXT NOT NULL, _as_of INTEGER NOT NULL,
             _instance BLOB NOT NULL, _parent BLOB NOT NULL, _position INTEGER NOT NULL,
             PRIMARY KEY (_rid, _instance)) STRICT, WITHOUT ROWID",
            quoted(&name)
        )
    };
    tx.execute_batch(&sql)?;
    Ok(name)
}

type Columns = BTreeMap<(String, Kind), String>;

fn columns_of(tx: &rusqlite::Transaction<'_>, form_id: &str, repeat: &str, severe: bool) -> Result<Columns> {
    let mut statement = tx.prepare_cached(
        "SELECT question, kind, name FROM projected_column WHERE form_id = ?1 AND repeat = ?2 AND severe = ?3",
    )?;
    let mut rows = statement.query(params![form_id, repeat, severe])?;
    let mut found = Columns::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(1)?;
        found.insert((row.get(0)?, Kind::parse(&kind).unwrap_or(Kind::Text)), row.get(2)?);
    }
    Ok(found)
}

/// A projected answer may be blank, so its column is the one kind that is not NOT NULL.
fn add_column(
    tx: &rusqlite::Transaction<'_>,
    form_id: &str,
    table: &Table,
    severe: bool,
    (question, kind): (&str, Kind),
    name: &str,
    physical: &str,
) -> Result<()> {
    tx.execute_batch(&format!(
        "ALTER TABLE {} ADD COLUMN {} {}",
        quoted(name),
        quoted(physical),
        kind.sql()
    ))?;
    tx.prepare_cached(
        "INSERT INTO projected_column (form_id, repeat, severe, question, kind, name) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![form_id, table.repeat, severe, question, kind.sql(), physical])?;
    Ok(())
}

fn physical(name: &str, own: &[&str], columns: &[String]) -> Physical {
    let mut insert = format!("INSERT INTO {} ({}", quoted(name), own.join(", "));
    for column in columns {
        let _ = write!(insert, ", {}", quoted(column));
    }
    insert.push_str(") VALUES (?1");
    for number in 2..=own.len() + columns.len() {
        let _ = write!(insert, ", ?{number}");
    }
    insert.push(')');
    Physical { insert, delete: format!("DELETE FROM {} WHERE _rid = ?1", quoted(name)) }
}
