//! The audit trail: append-only, each entry's hash covers the one before.

use super::{Store, fixed};
use crate::error::{OfficeError, Result};
use baraza_model::Timestamp;
use ring::digest::{Context, SHA256};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

/// Who did what with the protected data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub seq: i64,
    /// The office's clock.
    pub at: Timestamp,
    /// `import`, `replay`, `accept`, `export`, `export-severe`, `resolve`, `open-severe`.
    pub action: String,
    /// What exactly, as JSON.
    pub detail: String,
}

fn entry_hash(previous: &[u8; 32], seq: i64, at: Timestamp, action: &str, detail: &str) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(b"baraza/v1/office-audit");
    context.update(previous);
    context.update(&seq.to_be_bytes());
    context.update(&at.0.to_be_bytes());
    for text in [action, detail] {
        context.update(&(text.len() as u64).to_be_bytes());
        context.update(text.as_bytes());
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// Appends an entry inside the caller's transaction.
pub(crate) fn append(
    conn: &Connection,
    at: Timestamp,
    action: &str,
    detail: &serde_json::Value,
) -> Result<()> {
    let last: Option<(i64, [u8; 32])> = conn
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok((r.get(0)?, fixed(r, 1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, [0; 32]), |(seq, hash)| (seq + 1, hash));
    let detail = detail.to_string();
    let hash = entry_hash(&previous, seq, at, action, &detail);
    conn.prepare_cached(
        "INSERT INTO audit (seq, at, action, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![seq, at.0, action, detail, previous, hash])?;
    Ok(())
}

impl Store {
    /// Entries after `after`, oldest first.
    pub(crate) fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditEntry>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT seq, at, action, detail FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let rows = statement.query_map(params![after, limit], |r| {
            Ok(AuditEntry { seq: r.get(0)?, at: Timestamp(r.get(1)?), action: r.get(2)?, detail: r.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The newest entries, the oldest of them first.
    pub(crate) fn newest_audit(&self, limit: u32) -> Result<Vec<AuditEntry>> {
        let last: i64 = self.conn.query_row("SELECT coalesce(max(seq), 0) FROM audit", [], |r| r.get(0))?;
        self.audit(last - i64::from(limit), limit)
    }

    /// Walks the whole chain; names the first entry that does not follow from the one before. What an insider cut
    /// off at the end shows only against a head that was written down elsewhere, which is returned.
    pub(crate) fn verify_audit(&self) -> Result<[u8; 32]> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT seq, at, action, detail, previous, hash FROM audit ORDER BY seq")?;
        let mut rows = statement.query([])?;
        let (mut head, mut number) = ([0; 32], 1_i64);
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            let (action, detail): (String, String) = (row.get(2)?, row.get(3)?);
            let previous: [u8; 32] = fixed(row, 4)?;
            let hash: [u8; 32] = fixed(row, 5)?;
            let expected = entry_hash(&head, seq, Timestamp(row.get(1)?), &action, &detail);
            if seq != number || previous != head || hash != expected {
                return Err(OfficeError::AuditAltered(seq));
            }
            head = hash;
            number += 1;
        }
        Ok(head)
    }
}
