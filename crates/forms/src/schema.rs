//! The tables that a form's records fill: one for the form, one for each repeat.

use baraza_model::Sensitivity;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tables of a form, the root's first, then the repeats' in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// The tables.
    pub tables: Vec<Table>,
}

/// The columns that occur once per record, or once per instance of a repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The repeat's path below the root (`household/person`); blank for the root table.
    pub repeat: String,
    /// The enclosing repeat's path; blank if that is the root table. `None` for the root table.
    pub parent: Option<String>,
    /// Columns in document order.
    pub columns: Vec<Column>,
}

/// Where a column's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A person answers it; stored.
    Answer,
    /// Computed once and stored (`once`, `uuid`, `now`, `today`, `random`, metadata).
    StoredCalculation,
    /// Recomputed everywhere, never stored.
    PureCalculation,
}

/// One question or calculation. Notes are not columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The question's path below the root, without positions and prefixes: `g_start/adm1`.
    pub path: String,
    /// The bind's type without prefix: `string`, `int`, `decimal`, `date`, `geopoint`, `select1`, `select`, `rank`…
    /// Selects say so whatever their bind says.
    pub data_type: String,
    /// The sensitivity, the author's or the type's default.
    pub sensitivity: Sensitivity,
    /// HXL tag.
    pub hxl: Option<String>,
    /// Long text that merges character by character.
    pub multiline: bool,
    /// Where the value comes from.
    pub source: Source,
    /// The question per language (`""` where the form has no languages), outputs as `{…}`.
    pub labels: BTreeMap<String, String>,
    /// The choices that can be listed without an answer (inline, or an unfiltered instance), for selects.
    /// Questions share them.
    pub choices: Arc<Vec<SchemaChoice>>,
    /// Further columns of the form: `score`, `closed`…
    pub extra: BTreeMap<String, String>,
}

/// A choice with its labels per language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaChoice {
    /// The value stored.
    pub value: String,
    /// Its label per language.
    pub labels: BTreeMap<String, String>,
    /// Further columns of the choice list.
    pub extra: BTreeMap<String, String>,
}

impl Schema {
    /// The column of a question path.
    pub fn column(&self, path: &str) -> Option<&Column> {
        self.tables.iter().flat_map(|t| &t.columns).find(|c| c.path == path)
    }
}
