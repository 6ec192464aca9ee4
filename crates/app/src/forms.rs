//! Reading form files, publishing forms, listing what is published.

use crate::package::Package;
use crate::{Device, Error, Result};
use baraza_forms::{Attachments, Form, FormDef, xform, xlsform};
use baraza_model::{Diagnostic, FormHash, Severity};
use baraza_oplog::{Action, Payload};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A form file that was read, with everything there is to say about it.
#[derive(Debug)]
pub struct FormFile {
    /// The definition; `None` when it was refused.
    pub def: Option<FormDef>,
    /// Every finding, errors first.
    pub diagnostics: Vec<Diagnostic>,
    /// Files beside it that it may refer to, by bare name.
    pub attachments: BTreeMap<String, Vec<u8>>,
    /// `itemsets.csv` for an XForm written from this workbook, where it needs one.
    pub itemsets: Option<String>,
}

/// A published form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FormView {
    /// Form id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Title in the form's own language.
    pub title: String,
    /// Titles in other languages.
    pub titles: BTreeMap<String, String>,
    /// Hash of definition and attachments.
    pub hash: FormHash,
}

impl FormView {
    pub(crate) fn of(hash: FormHash, def: &FormDef) -> Self {
        let version = def.version.clone().unwrap_or_default();
        Self { id: def.id.clone(), version, title: def.title.clone(), titles: def.titles.clone(), hash }
    }
}

/// Reads a form from its bytes: a workbook, an XForm or a JSON definition, by its file name's ending.
pub fn read_form(name: &str, bytes: &[u8], attachments: BTreeMap<String, Vec<u8>>) -> FormFile {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let present: Vec<&str> = attachments.keys().map(String::as_str).collect();
    let (def, mut diagnostics, itemsets) = match ending.to_ascii_lowercase().as_str() {
        "json" => match FormDef::from_json(bytes) {
            Ok(def) => (Some(def), Vec::new(), None),
            Err(error) => (None, vec![unreadable(name, &error.to_string())], None),
        },
        "xml" => match std::str::from_utf8(bytes) {
            Ok(text) => {
                let imported = xform::import(text);
                (imported.def, imported.diagnostics, None)
            }
            Err(error) => (None, vec![unreadable(name, &error.to_string())], None),
        },
        _ => {
            let imported = xlsform::import(bytes, stem, &present);
            (imported.form, imported.diagnostics, imported.itemsets)
        }
    };
    if let Some(def) = &def {
        let compiled = Form::compile(def.clone(), &files(&attachments));
        diagnostics.extend(compiled.diagnostics);
    }
    diagnostics.sort_by_key(|d| std::cmp::Reverse(d.severity));
    diagnostics.dedup();
    let refused = diagnostics.iter().any(|d| d.severity == Severity::Error);
    FormFile { def: def.filter(|_| !refused), diagnostics, attachments, itemsets }
}

/// Reads a form file with the files beside it that it names.
///
/// # Errors
/// When the file cannot be read.
pub fn read_form_file(path: &Path) -> Result<FormFile> {
    let read =
        |path: &Path| std::fs::read(path).map_err(|source| Error::File { path: path.to_owned(), source });
    let bytes = read(path)?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside = attachments_beside(folder, &name)?;
    let mut form = read_form(&name, &bytes, beside);
    let definition = form.def.as_ref().map(FormDef::to_json).unwrap_or_default();
    let definition = String::from_utf8_lossy(&definition);
    form.attachments.retain(|name, _| definition.contains(name.as_str()));
    Ok(form)
}

fn attachments_beside(folder: &Path, form: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    const KINDS: [&str; 10] = ["csv", "xml", "geojson", "svg", "png", "jpg", "jpeg", "webp", "mp3", "m4a"];
    let mut found = BTreeMap::new();
    for folder in [folder.to_owned(), folder.join("media")] {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let ending =
                path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
            let small = path.metadata().is_ok_and(|m| m.is_file() && m.len() <= MAX_ATTACHMENT_BYTES);
            if name != form && small && KINDS.contains(&ending.as_str()) {
                let bytes = std::fs::read(&path).map_err(|source| Error::File { path, source })?;
                found.entry(name).or_insert(bytes);
            }
        }
    }
    Ok(found)
}

/// A larger list belongs into a form of its own; media are checked when a form is published.
const MAX_ATTACHMENT_BYTES: u64 = 32 * 1024 * 1024;

pub(crate) fn files(attachments: &BTreeMap<String, Vec<u8>>) -> Attachments {
    let mut files = Attachments::default();
    for (name, bytes) in attachments {
        files.0.insert(name.clone(), bytes.clone());
    }
    files
}

fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic {
        code: "file.unreadable".into(),
        severity: Severity::Error,
        place: baraza_model::Place { sheet: Some(name.to_owned()), ..Default::default() },
        message: format!("The file cannot be read: {why}."),
        fix: "Export it again from the program that made it.".into(),
    }
}

impl Device {
    /// Publishes a form: its hash goes into the roster, the form itself travels sealed to everyone.
    ///
    /// # Errors
    /// When the form was refused, is too large, or this is not the officer's device.
    pub fn publish(&mut self, file: FormFile) -> Result<FormView> {
        let Some(def) = file.def else { return Err(Error::FormRefused(file.diagnostics)) };
        let package = Package::new(&def, &file.attachments)?;
        let hash = package.hash();
        self.write(|tx, me, world| {
            let author = me.author.as_mut().ok_or(Error::NotOfficer)?;
            let roster = &mut me.membership.as_mut().ok_or(Error::NotJoined)?.roster;
            if !roster.form_published(&hash) {
                author.publish_form(roster, hash)?;
            }
            me.store_form(tx, hash, &package)?;
            me.store_membership(tx)?;
            let payload = Payload::Form { hash, package: package.encode() };
            me.seal(tx, world, &me.everyone()?, &payload, None)
        })?;
        Ok(FormView::of(hash, &def))
    }

    /// The forms that can be filled here, newest version of each last.
    ///
    /// # Errors
    /// When this device has not joined.
    pub fn forms(&self) -> Result<Vec<FormView>> {
        let published = self.me.published_forms()?.into_iter();
        Ok(published.map(|(hash, form)| FormView::of(hash, form.def())).collect())
    }

    /// A file that came with a form: an image or a sound that its questions name. `None` where it has none of that
    /// name.
    ///
    /// # Errors
    /// When the form is not here.
    pub fn form_media(&self, form: FormHash, name: &str) -> Result<Option<Vec<u8>>> {
        let stored = self.read(|r| Ok(r.form(&form)?))?;
        let stored = stored.ok_or_else(|| Error::UnknownForm(form.to_string()))?;
        let mut package = Package::decode(&stored.definition)?;
        // Forms may name their media by an address: `jr://images/name.png`.
        let bare = name.rsplit('/').next().unwrap_or(name);
        Ok(package.attachments.remove(bare).map(Vec::from))
    }
}

impl crate::identity::Identity {
    /// The forms that the roster publishes and that have come, in the order in which they were published.
    pub(crate) fn published_forms(&self) -> Result<Vec<(FormHash, Arc<Form>)>> {
        let statements = self.member()?.roster.statements().iter();
        let published = statements.filter_map(|signed| match &signed.statement().action {
            Action::PublishForm { form } => Some((*form, self.form(form).ok()?)),
            _ => None,
        });
        Ok(published.collect())
    }
}

impl crate::identity::Identity {
    /// Keeps a form in the vault and makes it known.
    pub(crate) fn store_form(
        &mut self,
        tx: &baraza_vault::Tx<'_>,
        hash: FormHash,
        package: &Package,
    ) -> Result<()> {
        let form = self.add_form(hash, package)?;
        let def = form.def();
        tx.put_form(&baraza_vault::Form {
            hash,
            form_id: def.id.clone(),
            version: def.version.clone().unwrap_or_default(),
            title: def.title.clone(),
            sharing: def.sharing,
            retention_days: def.retention_days.unwrap_or(DEFAULT_RETENTION_DAYS),
            definition: package.encode(),
            dictionary: package.dictionary.to_vec(),
            attachments: BTreeMap::new(),
        })?;
        Ok(())
    }
}

/// Days that a record stays on a field device after headquarters has received it, unless its form says otherwise.
pub(crate) const DEFAULT_RETENTION_DAYS: u32 = 14;
