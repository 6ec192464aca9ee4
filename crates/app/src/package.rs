//! A published form with everything that filling it needs: definition, attachments and compression dictionary.
//!
//! Its hash pins all three, so that two devices never fill the same form against different lists. The dictionary is
//! derived from the form, yet travels with it: a later version of this code may derive another, and what was sealed
//! with one must be opened with the same.

use crate::dictionary::train;
use crate::{Error, Result};
use baraza_forms::{Attachments, Form, FormDef};
use baraza_model::FormHash;
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Definition and attachments must fit one payload.
const MAX_PACKAGE_BYTES: usize = 900 * 1024;

/// What travels as one sealed payload when a form is published.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Package {
    #[n(0)]
    version: u8,
    /// The canonical JSON of the definition.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub definition: Vec<u8>,
    /// Files beside the form, by bare name.
    #[n(2)]
    pub attachments: BTreeMap<String, minicbor::bytes::ByteVec>,
    /// What payloads of this form are compressed against.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub dictionary: Vec<u8>,
}

impl Package {
    /// Puts a definition and its attachments together.
    ///
    /// # Errors
    /// When they are larger than one payload may be, or the form does not compile.
    pub fn new(form: &FormDef, attachments: &BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let definition = form.to_json();
        let size = definition.len() + attachments.values().map(Vec::len).sum::<usize>();
        if size > MAX_PACKAGE_BYTES {
            return Err(Error::FormTooLarge { file: form.id.clone(), size, limit: MAX_PACKAGE_BYTES });
        }
        let attachments =
            attachments.iter().map(|(name, bytes)| (name.clone(), bytes.clone().into())).collect();
        let mut package = Self { version: 1, definition, attachments, dictionary: Vec::new() };
        package.dictionary = train(&package.compile()?);
        Ok(package)
    }

    /// Its encoding.
    pub fn encode(&self) -> Vec<u8> {
        // Writing CBOR to memory cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads an encoding.
    ///
    /// # Errors
    /// When the bytes are not a package of a known version.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        match minicbor::decode::<Self>(bytes) {
            Ok(package) if package.version == 1 => Ok(package),
            Ok(package) => {
                Err(Error::Damaged("form package", format!("unknown version {}", package.version)))
            }
            Err(error) => Err(Error::Damaged("form package", error.to_string())),
        }
    }

    /// SHA-256 of the encoding: the hash that records pin and the roster publishes.
    pub fn hash(&self) -> FormHash {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.encode());
        FormHash::from_slice(digest.as_ref()).unwrap_or(FormHash([0; 32]))
    }

    /// The definition.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn form_def(&self) -> Result<FormDef> {
        FormDef::from_json(&self.definition).map_err(|e| Error::Damaged("form definition", e.to_string()))
    }

    /// The form, ready to be filled.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn compile(&self) -> Result<Arc<Form>> {
        let mut files = Attachments::default();
        for (name, bytes) in &self.attachments {
            files.0.insert(name.clone(), bytes.to_vec());
        }
        let compiled = Form::compile(self.form_def()?, &files);
        compiled.form.ok_or(Error::FormRefused(compiled.diagnostics))
    }
}
