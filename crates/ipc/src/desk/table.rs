//! The table at headquarters: which forms have one, which columns are worth showing first, its rows and filters.

use super::exchange::office;
use super::{Desk, field, rows};
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{Device, Table, TableColumn, TableNeeds, TableQuery, TableRow};
use std::collections::BTreeMap;

/// Columns that are shown unless the person chooses otherwise.
const MAIN: usize = 6;
/// A heading is no longer, in characters.
const HEADING: usize = 42;
/// What a hashtag begins with, in the order of columns worth showing: group, size, safety, kind of event.
const WORTH: [&str; 9] = [
    "#loc+code",
    "#respondee+group",
    "#group",
    "#respondee+sex",
    "#respondee+age",
    "#respondee+type",
    "#activity",
    "#indicator",
    "#event",
];
const NOON_MS: i64 = 12 * 3_600_000;

impl Desk {
    pub(crate) fn tables(&self) -> Result<Vec<TableForm>> {
        let mut open = self.lock_open();
        forms(office(&mut open)?, &self.language())
    }

    pub(crate) fn table(&self, query: TableQueryView) -> Result<TableView> {
        let language = self.language();
        let world = self.world();
        let mut open = self.lock_open();
        let device = office(&mut open)?;
        let form = forms(device, &language)?.into_iter().find(|form| form.id == query.form);
        let form = form.ok_or_else(|| Problem::new("form.unknown").with("form", &query.form))?;
        let asked = asked(device, &query, &language)?;
        let Some(asked) = asked else { return Ok(empty(form, world.now().0)) };
        let table = device.office_table(&asked)?;
        let order = order(&table.columns);
        let day = day_column(&table.columns).map(|(at, _)| at);
        let zone = world.zone_minutes;
        let pick = |row: &TableRow| table_row(row, &order, day, zone);
        Ok(TableView {
            matching: table.matching,
            total: table.total,
            as_of: world.now().0,
            rows: table.rows.iter().map(pick).collect(),
            columns: columns(&table, &order),
            repeats: table.repeats.clone(),
            form,
        })
    }

    pub(crate) fn facets(&self, form: String, column: String) -> Result<Vec<Facet>> {
        let language = self.language();
        let mut open = self.lock_open();
        let found = office(&mut open)?.office_facets(&form, question(&column), Some(&language))?;
        let facet =
            |found: baraza_app::Facet| Facet { value: found.value, label: found.label, count: found.count };
        Ok(found.into_iter().map(facet).collect())
    }
}

/// The forms that have a table: all that are published, in the order of the tiles.
pub(super) fn forms(device: &mut Device, language: &str) -> Result<Vec<TableForm>> {
    let counts: BTreeMap<String, u64> = device
        .office_overview()?
        .records_by_form
        .into_iter()
        .map(|form| (form.form, form.finalised + form.drafts))
        .collect();
    let mut forms: Vec<TableForm> = Vec::new();
    for published in device.forms()? {
        let title = rows::title(&published.title, &published.titles, language);
        match forms.iter_mut().find(|form| form.id == published.id) {
            Some(form) => {
                form.versions.push(published.version.clone());
                (form.version, form.title) = (published.version, title);
            }
            None => forms.push(TableForm {
                title,
                icon: rows::icon(&published.id).to_owned(),
                versions: vec![published.version.clone()],
                version: published.version,
                records: counts.get(&published.id).copied().unwrap_or(0),
                convenience: is_convenience(&published.id),
                id: published.id,
            }),
        }
    }
    forms.sort_by_key(|form| rows::tile(&form.id));
    Ok(forms)
}

/// Whether a form's counts must not be read as representative: only the survey draws a sample.
pub(super) fn is_convenience(form: &str) -> bool {
    form != "baraza_survey"
}

/// The page that was asked for; `None` where no record of the form has come.
fn asked(device: &mut Device, query: &TableQueryView, language: &str) -> Result<Option<TableQuery>> {
    let needs = match query.needs.as_str() {
        "" => None,
        "two-answers" => Some(TableNeeds::TwoAnswers),
        "review" => Some(TableNeeds::Review),
        _ => return Err(Problem::new("call.arguments")),
    };
    let root = TableQuery {
        form_id: query.form.clone(),
        include_drafts: true,
        language: Some(language.to_owned()),
        limit: 1,
        ..TableQuery::default()
    };
    // A form without records has no table yet.
    let Ok(first) = device.office_table(&root) else { return Ok(None) };
    let filters = query.filters.iter().filter(|filter| !filter.values.is_empty());
    Ok(Some(TableQuery {
        repeat: query.repeat.clone(),
        include_drafts: query.drafts,
        filters: filters.map(|f| (question(&f.column).to_owned(), f.values.clone())).collect(),
        date_column: day_column(&first.columns).map(|(_, c)| c.question.clone()).unwrap_or_default(),
        since: query.since.clone(),
        until: query.until.clone(),
        needs,
        words: query.words.clone(),
        offset: query.offset,
        limit: field::page(query.limit),
        ..root
    }))
}

fn empty(form: TableForm, now: i64) -> TableView {
    TableView {
        form,
        matching: 0,
        total: 0,
        as_of: now,
        repeats: vec![String::new()],
        columns: Vec::new(),
        rows: Vec::new(),
    }
}

/// The question of a column, whose heading names the type too where versions of the form disagree on it.
fn question(heading: &str) -> &str {
    heading.split(" (").next().unwrap_or(heading)
}

/// The day that a record is about, as far as its form asks for one.
fn day_column(columns: &[TableColumn]) -> Option<(usize, &TableColumn)> {
    let dates = || columns.iter().enumerate().filter(|(_, column)| column.data_type == "date");
    let named = dates().find(|(_, column)| column.question.ends_with("date_activity"));
    named.or_else(|| dates().find(|(_, column)| column.hxl.starts_with("#date+occurred")))
}

/// Indexes of the columns: those worth showing, then the others as the form has them.
fn order(columns: &[TableColumn]) -> Vec<usize> {
    let worth = |column: &TableColumn| WORTH.iter().position(|tag| column.hxl.starts_with(tag));
    let mut main: Vec<usize> = day_column(columns).map(|(at, _)| at).into_iter().collect();
    let mut tagged: Vec<(usize, usize)> =
        columns.iter().enumerate().filter_map(|(at, column)| Some((worth(column)?, at))).collect();
    tagged.sort_unstable();
    main.extend(tagged.into_iter().map(|(_, at)| at));
    // What stands beside the day only leads to the place, which is worth showing by itself.
    let beside = day_column(columns).and_then(|(_, day)| Some(day.question.split_once('/')?.0));
    let chosen = |column: &TableColumn| {
        kind(column) == "choice" && column.question.split_once('/').map(|(group, _)| group) != beside
    };
    main.extend(columns.iter().enumerate().filter(|(_, column)| chosen(column)).map(|(at, _)| at));
    let mut seen = Vec::new();
    for at in main.into_iter().filter(|at| columns.get(*at).is_some_and(named)) {
        if !seen.contains(&at) && seen.len() < MAIN {
            seen.push(at);
        }
    }
    let rest: Vec<usize> = (0..columns.len()).filter(|at| !seen.contains(at)).collect();
    seen.extend(rest);
    seen
}

/// Whether the form gives a column a label: calculations have none.
fn named(column: &TableColumn) -> bool {
    column.question.rsplit('/').next() != Some(column.label.as_str())
}

fn columns(table: &Table, order: &[usize]) -> Vec<TableColumnView> {
    let main = order.iter().take(MAIN).filter(|at| table.columns.get(**at).is_some_and(named)).count();
    let found = order.iter().enumerate().filter_map(|(place, at)| Some((place, table.columns.get(*at)?)));
    found
        .map(|(place, column)| TableColumnView {
            column: column.heading.clone(),
            label: heading(&column.label),
            kind: kind(column).to_owned(),
            main: place < main,
            filterable: kind(column) == "choice",
        })
        .collect()
}

fn kind(column: &TableColumn) -> &str {
    match column.data_type.as_str() {
        "select1" | "select" | "rank" => "choice",
        kind @ ("date" | "dateTime") => kind,
        _ => &column.kind,
    }
}

/// A question as a heading.
fn heading(label: &str) -> String {
    let label = label.trim().trim_end_matches(['?', '؟', ':', '.']).trim_end();
    if label.chars().count() <= HEADING {
        return label.to_owned();
    }
    let cut: String = label.chars().take(HEADING).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ' ']))
}

fn table_row(row: &TableRow, order: &[usize], day: Option<usize>, zone_minutes: i32) -> TableRowView {
    let told = day.and_then(|at| row.cells.get(at)?.as_deref()).and_then(|day| noon(day, zone_minutes));
    TableRowView {
        record: row.record.to_string(),
        day: told.unwrap_or(row.received.0),
        version: row.version.clone(),
        status: row.status.clone(),
        author: row.authors.join(", "),
        conflicts: u64::try_from(row.conflicts).unwrap_or(0),
        reviews: u64::try_from(row.reviews).unwrap_or(0),
        cells: order.iter().map(|at| row.display.get(*at).cloned().flatten()).collect(),
        contested: row.contested.clone(),
    }
}

/// Noon of a day where this device is: the same day however it is shown there.
pub(super) fn noon(day: &str, zone_minutes: i32) -> Option<i64> {
    let date: chrono::NaiveDate = day.get(..10)?.parse().ok()?;
    let midnight = date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis();
    Some(midnight + NOON_MS - i64::from(zone_minutes) * 60_000)
}
