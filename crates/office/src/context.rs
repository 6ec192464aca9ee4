//! What ingest is told about the world: the roster, the keys, the forms, the clock. The store owns none of them.

use baraza_forms::Form;
use baraza_model::{DeviceId, FormHash, Timestamp};
use baraza_oplog::{Keyring, Roster};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Surroundings of one call.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Who may write, and until where.
    pub roster: &'a Roster,
    /// The epochs that this office can open.
    pub keyring: &'a Keyring,
    /// Forms, dictionaries and names.
    pub library: &'a Library,
    /// The office's clock: when something arrived, the "as of" of what it projects.
    pub now: Timestamp,
    /// Minutes east of UTC in which rules that ask for today's date are evaluated. Keep it the same for a
    /// workspace: numbers are reproducible only for equal inputs.
    pub zone_minutes: i32,
}

/// A form as headquarters needs it.
#[derive(Clone)]
pub struct LibraryForm {
    /// The compiled form.
    pub form: Arc<Form>,
    /// The dictionary published with it; payloads of the form are compressed against it.
    pub dictionary: Arc<[u8]>,
}

/// The forms and names that arrived so far. Forms are keyed by the opaque hash under which they were published.
#[derive(Clone, Default)]
pub struct Library {
    forms: BTreeMap<FormHash, LibraryForm>,
    names: BTreeMap<DeviceId, String>,
}

impl Library {
    /// An empty library: everything waits for its form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a published form.
    pub fn insert_form(&mut self, hash: FormHash, form: Arc<Form>, dictionary: Arc<[u8]>) {
        self.forms.insert(hash, LibraryForm { form, dictionary });
    }

    /// Gives a device the name that people know it by.
    pub fn name_device(&mut self, device: DeviceId, name: &str) {
        self.names.insert(device, name.to_owned());
    }

    /// The form published under a hash.
    pub fn form(&self, hash: &FormHash) -> Option<&LibraryForm> {
        self.forms.get(hash)
    }

    /// All forms.
    pub fn forms(&self) -> impl Iterator<Item = (&FormHash, &LibraryForm)> {
        self.forms.iter()
    }

    /// The name of a device, or the first eight digits of its id.
    pub fn device_name(&self, device: &DeviceId) -> String {
        self.names.get(device).cloned().unwrap_or_else(|| device.to_string().chars().take(8).collect())
    }
}
