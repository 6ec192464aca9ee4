//! Coming in and going out: settings, joining, unlocking, locking, erasing.

use super::Desk;
use crate::Secret;
use crate::problem::{Problem, Result};
use crate::view::*;

#[allow(unused_variables)]
impl Desk {
    pub(crate) fn status(&self) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn save_settings(&self, settings: Settings) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn progress(&self) -> Result<ProgressView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn cancel(&self) -> Result<()> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn demo_switch(&self, face: String) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn passphrase_words(&self) -> Result<String> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn strength(&self, passphrase: Secret) -> Result<StrengthView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn found(&self, name: String, passphrase: Secret) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn join(&self, invitation: Paper, alias: String, passphrase: Secret) -> Result<PaperView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn request(&self) -> Result<PaperView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn finish(&self, approval: Paper) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn unlock(&self, passphrase: Secret) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn lock(&self) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn erase(&self) -> Result<DeskView> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn change_passphrase(&self, old: Secret, new: Secret) -> Result<()> {
        Err(Problem::new("call.not-built"))
    }

    pub(crate) fn save_paper(&self, place: String, paper: String, kind: String) -> Result<String> {
        Err(Problem::new("call.not-built"))
    }
}
