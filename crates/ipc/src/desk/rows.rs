//! Forms and records as lists show them: titles in the interface's language, icons by the form's id.

use crate::problem::Result;
use crate::view::{CountsView, DeliveryFact, FormCard, RecordRow};
use baraza_app::{Counts, DeliveryView, Device, RecordView, Status};
use baraza_model::Sharing;
use std::collections::BTreeMap;

/// Icons by the form's id without its prefix, in the order of the tiles. Other forms come after these.
const TILES: [(&str, &str); 10] = [
    ("fgd", "group"),
    ("survey", "survey"),
    ("patrol", "patrol"),
    ("alert", "bell"),
    ("request", "request"),
    ("verify", "check"),
    ("initiative", "promise"),
    ("jpt", "map"),
    ("msc", "speak"),
    ("matrix", "matrix"),
];

/// The icon of a form.
pub(super) fn icon(form: &str) -> &'static str {
    TILES.iter().find(|(id, _)| *id == bare(form)).map_or("form", |(_, icon)| icon)
}

pub(super) fn tile(form: &str) -> usize {
    TILES.iter().position(|(id, _)| *id == bare(form)).unwrap_or(TILES.len())
}

fn bare(form: &str) -> &str {
    form.strip_prefix("baraza_").unwrap_or(form)
}

/// A title in a language given by its code; a form names its languages `Français (fr)`.
pub(super) fn title(own: &str, titles: &BTreeMap<String, String>, language: &str) -> String {
    let ending = format!("({language})");
    let found = titles.iter().find(|(name, _)| *name == language || name.ends_with(&ending));
    found.map_or(own, |(_, title)| title).to_owned()
}

/// The forms that can be begun here, in the order of the tiles.
pub(super) fn form_cards(device: &Device, language: &str) -> Result<Vec<FormCard>> {
    let mut forms = device.startable()?;
    forms.sort_by_key(|form| tile(&form.id));
    let card = |form: baraza_app::Startable| FormCard {
        title: title(&form.title, &form.titles, language),
        icon: icon(&form.id).to_owned(),
        sharing: sharing(form.sharing),
        id: form.id,
        version: form.version,
        drafts: form.drafts,
        older_versions: form.older_versions,
    };
    Ok(forms.into_iter().map(card).collect())
}

/// A record in a list.
pub(super) fn row(view: &RecordView, language: &str) -> RecordRow {
    let delivery = match (&view.status, &view.delivery) {
        (Status::Draft, _) => DeliveryFact::Draft,
        (_, DeliveryView::OnlyHere) => DeliveryFact::OnlyHere,
        (_, DeliveryView::HandedOver { to, at }) => DeliveryFact::HandedOver { to: to.clone(), at: at.0 },
        (_, DeliveryView::Received) => DeliveryFact::Received,
    };
    let (status, reason) = status(&view.status);
    RecordRow {
        id: view.id.to_string(),
        form_title: title(&view.form_title, &view.form_titles, language),
        icon: icon(&view.form).to_owned(),
        form: view.form.clone(),
        version: view.version.clone(),
        name: view.name.clone(),
        status,
        reason,
        sharing: sharing(view.sharing),
        author: view.author.clone(),
        mine: view.author_is_me,
        created: view.created.0,
        changed: view.changed.0,
        delivery,
        conflicts: view.conflicts,
        review: view.review.len() as u64,
    }
}

/// The stable word of a status, and the reason why a record is incomplete.
pub(super) fn status(status: &Status) -> (String, Option<String>) {
    match status {
        Status::Draft => ("draft".to_owned(), None),
        Status::Complete => ("complete".to_owned(), None),
        Status::Incomplete { reason } => ("incomplete".to_owned(), Some(reason.clone())),
    }
}

pub(super) fn counts(counts: &Counts) -> CountsView {
    CountsView {
        drafts: counts.drafts,
        only_here: counts.only_here,
        handed_over: counts.handed_over,
        received: counts.received,
        pruned: counts.pruned,
    }
}

fn sharing(sharing: Sharing) -> String {
    match sharing {
        Sharing::Private => "private",
        Sharing::Team => "team",
    }
    .to_owned()
}

/// A record's id as a window gives it back.
pub(super) fn record_id(text: &str) -> Result<baraza_model::RecordId> {
    text.parse().map_err(|_| crate::Problem::new("record.unknown"))
}
