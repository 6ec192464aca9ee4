//! Turns headings into column keys and rows into nested values, whatever spelling the author chose.
//!
//! `Label : French`, `label::French` and `label:French` are one column; `media::image`, `image` another; `bind::`,
//! `body::` and `instance::` pass straight through. The rules are those of pyxform 4.5.0.

use super::report::{At, Report};
use super::workbook::{Sheet, collapse_spaces};

/// A cell, or the cells of one column in several languages or under several sub-keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// One text.
    Text(String),
    /// Sub-key (language, attribute) → value, in the order of the sheet.
    Map(Vec<(String, Value)>),
}

/// A text, perhaps in several languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Words {
    /// The same in every language.
    Plain(String),
    /// Language → text, in the order of the sheet.
    Languages(Vec<(String, String)>),
}

impl Words {
    /// Every text, with its language if it has one.
    pub(super) fn texts(&self) -> Vec<(Option<&str>, &str)> {
        match self {
            Words::Plain(text) => vec![(None, text)],
            Words::Languages(texts) => texts.iter().map(|(l, t)| (Some(l.as_str()), t.as_str())).collect(),
        }
    }
}

/// The cells of a row by column key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    /// The row's number in the sheet.
    pub(super) row: u32,
    values: Vec<(String, Value)>,
}

impl Fields {
    /// Whether the row holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of a column.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The text of a column; of several languages the first.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::first_text)
    }

    /// The text of a column in its languages.
    pub(super) fn words(&self, key: &str) -> Option<Words> {
        self.get(key).map(Value::words)
    }

    /// The sub-keys of a grouping column (`bind`, `control`, `media`, `instance`).
    pub(super) fn group(&self, key: &str) -> &[(String, Value)] {
        match self.get(key) {
            Some(Value::Map(entries)) => entries,
            _ => &[],
        }
    }

    /// The text under a sub-key of a grouping column.
    pub(super) fn nested(&self, key: &str, sub: &str) -> Option<&str> {
        self.group(key).iter().find(|(k, _)| k == sub).and_then(|(_, v)| v.first_text())
    }

    /// All columns, in the order of the sheet.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// The heading as its author would recognise it is not kept here; this is the column's key.
    pub(super) fn set(&mut self, key: &str, value: Value) {
        put(&mut self.values, key, value);
    }
}

impl Value {
    /// The text, or the first of several.
    pub(super) fn first_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Map(entries) => entries.first().and_then(|(_, v)| v.first_text()),
        }
    }

    /// The texts by language.
    pub(super) fn words(&self) -> Words {
        match self {
            Value::Text(text) => Words::Plain(text.clone()),
            Value::Map(entries) => Words::Languages(
                entries.iter().filter_map(|(k, v)| Some((k.clone(), v.first_text()?.to_owned()))).collect(),
            ),
        }
    }

    fn merge(self, other: Value, default_language: &str) -> Value {
        let entries = |value: Value, other: &Value| match value {
            Value::Map(entries) => entries,
            Value::Text(_) if matches!(other, Value::Map(m) if m.iter().any(|(k, _)| k == default_language)) => {
                Vec::new()
            }
            text @ Value::Text(_) => vec![(default_language.to_owned(), text)],
        };
        let mut out = entries(self, &other);
        let keep = Value::Map(out.clone());
        for (key, value) in entries(other, &keep) {
            match out.iter().position(|(k, _)| *k == key) {
                Some(at) => {
                    let (_, old) = out.remove(at);
                    out.insert(at, (key, old.merge(value, default_language)));
                }
                None => out.push((key, value)),
            }
        }
        Value::Map(out)
    }
}

fn put(values: &mut Vec<(String, Value)>, key: &str, value: Value) {
    match values.iter_mut().find(|(k, _)| k == key) {
        Some((_, old)) => *old = value,
        None => values.push((key.to_owned(), value)),
    }
}

/// How the headings of a sheet are read.
pub(super) struct Headings<'a> {
    /// The sheet's name, for findings.
    pub(super) sheet: &'a str,
    /// Other spellings of a heading, and the keys that they stand for.
    pub(super) aliases: &'a [(&'a str, &'a [&'a str])],
    /// Headings that are keys as they are.
    pub(super) columns: &'a [&'a str],
    /// Keys without which the sheet means nothing.
    pub(super) required: &'a [&'a str],
}

/// A column as the author named it and the keys that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// The heading as written.
    pub(super) heading: String,
    /// Its keys: `["label", "French (fr)"]`, `["bind", "relevant"]`.
    pub(super) keys: Vec<String>,
}

/// A sheet with its headings understood.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    /// Its columns.
    pub(super) columns: Vec<Column>,
    /// Its rows.
    pub(super) rows: Vec<Fields>,
}

impl Headings<'_> {
    /// Reads a sheet. `collapse` makes one space of several, in every cell.
    pub(super) fn read(&self, sheet: &Sheet, language: &str, collapse: bool, report: &mut Report) -> Table {
        let columns = self.columns_of(sheet, report);
        let mut rows = Vec::with_capacity(sheet.rows.len());
        for row in &sheet.rows {
            let mut values: Vec<(String, Value)> = Vec::new();
            for (column, cell) in columns.iter().zip(&row.cells) {
                let (Some(cell), Some((first, rest))) = (cell, column.keys.split_first()) else { continue };
                let text = clean(cell, collapse);
                let value =
                    rest.iter().rev().fold(Value::Text(text), |v, k| Value::Map(vec![(k.clone(), v)]));
                let old = if rest.is_empty() { None } else { values.iter().position(|(k, _)| k == first) };
                match old {
                    Some(at) => {
                        let (key, old) = values.remove(at);
                        values.insert(at, (key, old.merge(value, language)));
                    }
                    None => put(&mut values, first, value),
                }
            }
            rows.push(Fields { row: row.number, values });
        }
        Table { columns, rows }
    }

    fn columns_of(&self, sheet: &Sheet, report: &mut Report) -> Vec<Column> {
        let double = sheet.headings.iter().any(|h| h.contains("::"));
        let mut columns: Vec<Column> = Vec::new();
        for heading in &sheet.headings {
            let (keys, normalised) = self.keys(heading, double);
            if let Some(other) = columns.iter().find(|c| c.keys == keys)
                && normalised != *heading
            {
                let message = format!(
                    "The columns \"{}\" and \"{heading}\" are two spellings of one column.",
                    other.heading
                );
                let fix = "Keep one of the two columns.";
                report.error(At::cell(self.sheet, 1, heading), "header.same-column", message, fix);
            }
            columns.push(Column { heading: heading.clone(), keys });
        }
        for key in self.required {
            if !columns.iter().any(|c| c.keys.first().is_some_and(|k| k == key)) {
                let message = format!("The sheet \"{}\" has no column \"{key}\".", self.sheet);
                let fix = format!("Add the heading \"{key}\" to the first row of the sheet.");
                report.error(At::row(self.sheet, 1), "header.missing", message, fix);
            }
        }
        columns
    }

    /// The keys of a heading, and its first part as it was understood.
    fn keys(&self, heading: &str, double: bool) -> (Vec<String>, String) {
        let is_column = |h: &str| self.columns.contains(&h) && !self.aliases.iter().any(|(a, _)| *a == h);
        let snake = snake_case(heading);
        for exact in [heading, snake.as_str()] {
            if is_column(exact) {
                return (vec![exact.to_owned()], exact.to_owned());
            }
        }
        let mut tokens: Vec<String> = if double || heading.contains("::") {
            heading.split("::").map(|t| t.trim().to_owned()).collect()
        } else {
            heading.split(':').map(|t| t.trim().to_owned()).collect()
        };
        if let Some(at) = tokens.iter().position(|t| t == "jr")
            && at + 1 < tokens.len()
        {
            let joined = format!("jr:{}", tokens.remove(at + 1));
            if let Some(token) = tokens.get_mut(at) {
                *token = joined;
            }
        }
        let first = tokens.first().map(|t| snake_case(t)).unwrap_or_default();
        let rest = tokens.split_off(1.min(tokens.len()));
        if let Some((_, keys)) = self.aliases.iter().find(|(alias, _)| *alias == first) {
            let keys: Vec<String> = keys.iter().map(|k| (*k).to_owned()).chain(rest).collect();
            return (keys.clone(), keys.join("::"));
        }
        if self.columns.contains(&first.as_str()) {
            return (std::iter::once(first.clone()).chain(rest).collect(), first);
        }
        tokens.extend(rest);
        (tokens, heading.to_owned())
    }
}

/// `Choice  Filter` → `choice_filter`.
pub(super) fn snake_case(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// Straight quotes for curly ones and, if asked, one space for several.
fn clean(cell: &str, collapse: bool) -> String {
    let text = if collapse { collapse_spaces(cell.trim()) } else { cell.to_owned() };
    if !text.contains(['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}']) {
        return text;
    }
    text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"")
}

#[cfg(test)]
mod tests {
    use super::super::aliases::SURVEY;
    use super::*;

    fn keys(heading: &str, double: bool) -> Vec<String> {
        SURVEY.keys(heading, double).0
    }

    #[test]
    fn a_heading_may_be_spelt_in_many_ways() {
        for spelling in ["label::French (fr)", "Label :: French (fr)", "caption::French (fr)"] {
            assert_eq!(keys(spelling, true), ["label", "French (fr)"], "{spelling}");
        }
        assert_eq!(keys("label:French", false), ["label", "French"]);
        assert_eq!(keys("media::image::French", true), ["media", "image", "French"]);
        assert_eq!(keys("image::French", true), ["media", "image", "French"]);
        assert_eq!(keys("Choice Filter", false), ["choice_filter"]);
        assert_eq!(keys("relevance", false), ["bind", "relevant"]);
        assert_eq!(keys("bind:jr:constraintMsg", false), ["bind", "jr:constraintMsg"]);
        assert_eq!(keys("body::accept", true), ["control", "accept"]);
        assert_eq!(keys("Sensitivity note", false), ["Sensitivity note"]);
    }

    #[test]
    fn a_text_without_language_joins_the_default_language() {
        let en = Value::Text("Hello".to_owned());
        let fr = Value::Map(vec![("fr".to_owned(), Value::Text("Bonjour".to_owned()))]);
        let both = Words::Languages(vec![("en".into(), "Hello".into()), ("fr".into(), "Bonjour".into())]);
        assert_eq!(en.merge(fr, "en").words(), both);
    }
}
