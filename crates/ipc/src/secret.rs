//! A secret on its way in: a passphrase that a person typed. It is never printed and wiped when dropped.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use ts_rs::TS;

/// Something that must not be kept or shown.
#[derive(TS)]
#[ts(type = "string")]
pub struct Secret(SecretString);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(SecretString::from(String::deserialize(from)?)))
    }
}

impl Secret {
    /// The secret, for the one function that needs it.
    pub fn expose(&self) -> &SecretString {
        &self.0
    }
}
