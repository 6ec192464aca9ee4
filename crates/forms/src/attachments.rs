//! Files that belong to a form, given by the caller: this crate reads no disk.

use std::collections::BTreeMap;

/// Attachments by bare name (`sites.csv`), without folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachments(pub BTreeMap<String, Vec<u8>>);

impl Attachments {
    /// The bytes of one attachment; `name` may carry a `jr://…/` prefix.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let bare = name.rsplit('/').next().unwrap_or(name);
        self.0.get(bare).map(Vec::as_slice)
    }
}
