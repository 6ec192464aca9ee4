//! What a window offers before anything is begun: forms, teams, room on a card.

use crate::{Device, Result, directory};
use baraza_forms::Form;
use baraza_model::{FormHash, Sharing};
use baraza_vault::{Listing, Reader};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A form in its newest version.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Startable {
    /// Form id.
    pub id: String,
    /// The version that a new record gets.
    pub version: String,
    /// Title in the form's own language.
    pub title: String,
    /// Titles in other languages.
    pub titles: BTreeMap<String, String>,
    /// Private or team.
    pub sharing: Sharing,
    /// Drafts of it here, in whatever version.
    pub drafts: u64,
    /// Other versions of which records are here, the oldest first.
    pub older_versions: Vec<String>,
}

impl Device {
    /// The forms that can be begun here, in the order in which they were first published. A team's form can be begun
    /// on a team's device only.
    ///
    /// # Errors
    /// When this device has not joined, or the vault cannot be read.
    pub fn startable(&self) -> Result<Vec<Startable>> {
        let has_team = self.me.team().is_ok();
        let mut forms: Vec<Vec<(FormHash, Arc<Form>)>> = Vec::new();
        for (hash, form) in self.me.published_forms()? {
            let same = |versions: &&mut Vec<(FormHash, Arc<Form>)>| {
                versions.first().is_some_and(|(_, first)| first.def().id == form.def().id)
            };
            match forms.iter_mut().find(same) {
                Some(versions) => versions.push((hash, form)),
                None => forms.push(vec![(hash, form)]),
            }
        }
        let fits = |form: &Startable| form.sharing == Sharing::Private || has_team;
        self.read(|r| {
            let found = forms.iter().filter_map(|versions| Startable::of(r, versions).transpose());
            found.filter(|form| form.as_ref().map_or(true, fits)).collect()
        })
    }

    /// What the teams are called, in the order in which they were made.
    pub fn teams(&self) -> Vec<String> {
        let Some(member) = &self.me.membership else { return Vec::new() };
        let teams = directory::teams(&member.directory);
        teams.filter_map(|team| directory::team_name(&member.directory, &team)).collect()
    }
}

/// Bytes that a person may still write where `folder` is; `None` where the system does not say.
pub fn free_space(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

impl Startable {
    /// A form by its versions, the newest last.
    fn of(r: &Reader<'_>, versions: &[(FormHash, Arc<Form>)]) -> Result<Option<Self>> {
        let Some(((_, form), older)) = versions.split_last() else { return Ok(None) };
        let def = form.def();
        let mut older_versions = Vec::new();
        for (hash, old) in older {
            let of_it = Listing { form: Some(*hash), ..Listing::default() };
            if r.count_listed(&of_it)? > 0 {
                older_versions.push(old.def().version.clone().unwrap_or_default());
            }
        }
        let drafts = Listing { form_id: Some(def.id.clone()), finalised: Some(false), ..Listing::default() };
        Ok(Some(Self {
            id: def.id.clone(),
            version: def.version.clone().unwrap_or_default(),
            title: def.title.clone(),
            titles: def.titles.clone(),
            sharing: def.sharing,
            drafts: r.count_listed(&drafts)?,
            older_versions,
        }))
    }
}
