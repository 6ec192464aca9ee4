//! Records that arrived in a later month than the one that they are about: figures of that month move.

use super::Store;
use crate::error::{OfficeError, Result};
use crate::layout::quoted;
use baraza_model::Timestamp;
use rusqlite::params;

/// So many arrivals are told of.
const MOST: u32 = 20;

/// Records of one form that arrived on one day about an earlier month.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Late {
    /// When the last of them arrived.
    pub at: Timestamp,
    /// How many.
    pub records: u64,
    /// The earliest day that they are about: `2026-10-31`.
    pub earliest: String,
}

impl Store {
    /// By a form's question for the day, what arrived late since a time; the newest arrival first. Days begin at
    /// midnight of the zone.
    pub(crate) fn late(
        &self,
        form_id: &str,
        question: &str,
        since: Timestamp,
        zone_minutes: i32,
    ) -> Result<Vec<Late>> {
        let table = match self.plain_table(form_id, "") {
            Err(OfficeError::UnknownForm(_)) => return Ok(Vec::new()),
            found => quoted(&found?),
        };
        let names = self.physical_columns(form_id, "")?;
        let Some((_, name)) = names.iter().find(|((path, _, severe), _)| path == question && !severe) else {
            return Ok(Vec::new());
        };
        let day = format!("substr(p.{}, 1, 10)", quoted(name));
        let mut statement = self.conn.prepare(&format!(
            "SELECT max(r.received), count(*), min({day}) FROM record r JOIN {table} p ON p._rid = r.rid
             WHERE r.form_id = ?1 AND r.status <> 'draft' AND r.received >= ?2
             AND {day} < strftime('%Y-%m-01', (r.received + ?3) / 1000, 'unixepoch')
             GROUP BY (r.received + ?3) / 86400000 ORDER BY 1 DESC LIMIT ?4"
        ))?;
        let zone = i64::from(zone_minutes) * 60_000;
        let rows = statement.query_map(params![form_id, since.0, zone, MOST], |row| {
            let records: i64 = row.get(1)?;
            Ok(Late {
                at: Timestamp(row.get(0)?),
                records: u64::try_from(records).unwrap_or(0),
                earliest: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
