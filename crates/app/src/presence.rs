//! Before and around unlocking: what is in a folder, how good a passphrase is, joining half done, and the end of a
//! vault.

use crate::identity::row;
use crate::{Device, Error, JoinRequest, Result, enrol, founding, headquarters};
use baraza_model::Role;
use baraza_oplog::{Invitation, verification_words};
use baraza_vault::Vault;
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;

/// What can be told of a folder without a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Nothing is here yet.
    Empty,
    /// A vault is here, or what is left of one.
    Locked,
}

/// What is in a folder. Nothing of it is opened.
pub fn presence(folder: &Path) -> Presence {
    if Vault::exists(folder) { Presence::Locked } else { Presence::Empty }
}

/// How good a passphrase is.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Strength {
    /// Bits of guessing, estimated from below. Six generated words have 62.
    pub bits: f64,
    /// Whether it may open a vault.
    pub passes: bool,
    /// What is wrong with it; empty when it passes.
    pub weaknesses: Vec<Weakness>,
}

/// What is wrong with a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weakness {
    /// Fewer than twelve characters.
    TooShort,
    /// Rests on a well-known password or an obvious word.
    Common,
    /// Repeats itself, or follows the keyboard, the alphabet or the digits.
    Pattern,
    /// Too few guesses find it.
    Guessable,
}

/// Says how good a person's own passphrase is.
pub fn passphrase_strength(words: &str) -> Strength {
    let found = baraza_vault::check_passphrase(words);
    let weakness = |weakness: &baraza_vault::Weakness| match weakness {
        baraza_vault::Weakness::TooShort => Weakness::TooShort,
        baraza_vault::Weakness::Common => Weakness::Common,
        baraza_vault::Weakness::Pattern => Weakness::Pattern,
        baraza_vault::Weakness::Guessable => Weakness::Guessable,
    };
    Strength {
        bits: found.bits,
        passes: found.passes(),
        weaknesses: found.weaknesses.iter().map(weakness).collect(),
    }
}

/// Where an unlocked device stands, from memory: nothing is read for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// What people call it.
    pub alias: String,
    /// What the workspace is called; blank until joining is finished.
    pub workspace: String,
    /// Its role; `None` until joining is finished.
    pub role: Option<Role>,
    /// The team that it belongs to.
    pub team: Option<String>,
    /// Whether it holds the officer's key.
    pub officer: bool,
    /// Whether it is a headquarters device.
    pub headquarters: bool,
}

impl Device {
    /// Where this device stands.
    pub fn standing(&self) -> Standing {
        Standing {
            alias: self.me.alias.clone(),
            workspace: self.workspace_name().unwrap_or_default(),
            role: self.me.role(),
            team: self.team_name(),
            officer: self.me.author.is_some(),
            headquarters: self.me.is_headquarters(),
        }
    }

    /// Whether the device belongs to a workspace; not so while it waits for the approval.
    pub fn joined(&self) -> bool {
        self.me.membership.is_some()
    }

    /// The request that was made when joining, and the words to compare, as long as the approval has not come.
    ///
    /// # Errors
    /// When the vault cannot be read, or what it says of the request is damaged.
    pub fn my_request(&self) -> Result<Option<JoinRequest>> {
        if self.joined() {
            return Ok(None);
        }
        let kept = self.read(|r| Ok((r.meta(row::OWN_REQUEST)?, r.meta(row::OWN_INVITATION)?)))?;
        let (Some(request), Some(invitation)) = kept else { return Ok(None) };
        let invitation = Invitation::decode(&invitation)?;
        let words = enrol::words(verification_words(&invitation.authority, &self.me.public()));
        Ok(Some(JoinRequest { request: request.to_vec(), words }))
    }

    /// What the workspace is called, once the device belongs to one.
    pub fn workspace_name(&self) -> Option<String> {
        self.me.membership.as_ref().map(|member| member.directory.workspace_name.clone())
    }

    /// Replaces the passphrase. The vault's key stays, so nothing else changes.
    ///
    /// # Errors
    /// [`Error::WeakPassphrase`] for words that are too easily guessed; a wrong old passphrase; a failing disk. The
    /// old passphrase stays good then.
    pub fn change_passphrase(&mut self, old: &SecretString, new: &SecretString) -> Result<()> {
        let strength = passphrase_strength(new.expose_secret());
        if !strength.passes {
            return Err(Error::WeakPassphrase(strength.weaknesses));
        }
        let cost = self.world.kdf_cost()?;
        Ok(self.vault.change_passphrase(old, new, cost)?)
    }

    /// Destroys everything in this folder, the keys first: the vault, at headquarters the office's store, and the
    /// sealed authority key if it was left beside them.
    ///
    /// What remains: the empty folder with its lock file; what was handed over to hubs and cards, sealed; exported
    /// files; and the device's name in the roster of everybody else, until the officer revokes it. Storage that
    /// wears evenly may keep old blocks of ciphertext, whose key is gone.
    ///
    /// # Errors
    /// When a file could not be removed. The keys are overwritten before anything else, and everything that can be
    /// removed is, whatever fails.
    pub fn erase(self) -> Result<()> {
        let Self { vault, office, me, .. } = self;
        drop((office, me));
        let folder = vault.folder().to_owned();
        let vault = vault.wipe_now().map_err(Error::from);
        let store = headquarters::remove_store(&folder);
        let authority = founding::wipe_authority(&folder);
        vault.and(store).and(authority)
    }
}
