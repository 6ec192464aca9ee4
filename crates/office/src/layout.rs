//! Names and types of projected tables and columns. Pure: what exists in the store is given.
//!
//! Names use lower-case ASCII letters, digits and `_`, at most 60 bytes, so that they are the same in SQLite and in
//! PostgreSQL and need no case folding. Columns that begin with `_` are the store's own.

use ring::digest::{SHA256, digest};
use std::fmt::Write as _;

/// Longest name of a table or column: PostgreSQL cuts at 63 bytes.
const LONGEST: usize = 60;

/// Most columns of one table that this crate creates (SQLite's limit is 2,000).
pub(crate) const WIDEST: usize = 1_900;

/// The type of a projected column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Integer,
    Real,
    Text,
}

impl Kind {
    /// The kind that holds answers of a form's data type.
    pub(crate) fn of(data_type: &str) -> Self {
        match data_type {
            "int" | "integer" | "long" => Self::Integer,
            "decimal" | "double" | "float" => Self::Real,
            _ => Self::Text,
        }
    }

    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Text => "TEXT",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Integer, Self::Real, Self::Text].into_iter().find(|k| k.sql() == word)
    }
}

/// Turns a path or an id into a name: `g_start/adm1` → `g_start_adm1`.
fn sanitise(text: &str) -> String {
    let mut name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'q');
    }
    name
}

/// Shortens a name and makes it different from all that are `taken`, by a piece of the hash of what it stands for.
fn distinct(name: String, stands_for: &str, taken: &dyn Fn(&str) -> bool) -> String {
    if name.len() <= LONGEST && !taken(&name) {
        return name;
    }
    let hash = digest(&SHA256, stands_for.as_bytes());
    let mut tail = String::from("_");
    for byte in hash.as_ref().iter().take(4) {
        let _ = write!(tail, "{byte:02x}");
    }
    let head: String = name.chars().take(LONGEST - tail.len()).collect();
    let mut candidate = format!("{head}{tail}");
    let mut count = 2;
    while taken(&candidate) {
        let head: String = name.chars().take(LONGEST - tail.len() - 4).collect();
        candidate = format!("{head}{tail}_{count}");
        count += 1;
    }
    candidate
}

/// The name of the table of a form (`repeat` blank) or of one of its repeats.
pub(crate) fn table_name(form_id: &str, repeat: &str, severe: bool, taken: &dyn Fn(&str) -> bool) -> String {
    let prefix = if severe { "severe_" } else { "form_" };
    let mut name = format!("{prefix}{}", sanitise(form_id));
    if !repeat.is_empty() {
        name.push_str("__");
        name.push_str(&sanitise(repeat));
    }
    distinct(name, &format!("{severe}\0{form_id}\0{repeat}"), taken)
}

/// The name of the column of a question.
pub(crate) fn column_name(question: &str, kind: Kind, taken: &dyn Fn(&str) -> bool) -> String {
    distinct(sanitise(question), &format!("{question}\0{}", kind.sql()), taken)
}

/// Quotes a name for SQL. Names made here need no quoting; this guards against keywords.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_stay_readable_short_and_apart() {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let questions =
            ["g_start/adm1", "g-start/adm1", "G_START/ADM1", "7th", "_record", &"x".repeat(90), "الاسم"];
        for question in questions {
            let name = column_name(question, Kind::Text, &|n| taken.contains(n));
            assert!(name.len() <= 63 && name.is_ascii() && !name.starts_with('_'), "{name}");
            assert!(taken.insert(name.clone()), "{name} twice");
        }
        assert!(taken.contains("g_start_adm1") && taken.contains("q7th"));
    }

    #[test]
    fn a_severe_table_never_shares_a_name_with_the_plain_one() {
        let free = |_: &str| false;
        assert_ne!(
            table_name("patrol", "contacts", false, &free),
            table_name("patrol", "contacts", true, &free)
        );
        assert_eq!(table_name("patrol", "contacts", false, &free), "form_patrol__contacts");
    }
}
