//! Coming in and going out: settings, joining, unlocking, locking, erasing.

use super::{Desk, papers, places, settings};
use crate::Secret;
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{Device, Paper as Kind, found_workspace, new_passphrase, paper_kind, passphrase_strength};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::Ordering;

/// No name of a person or a workspace is longer, in bytes.
const LONGEST_NAME: usize = 120;

impl Desk {
    pub(crate) fn status(&self) -> Result<DeskView> {
        if let Some(open) = self.try_open() {
            self.note(&open);
        }
        Ok(self.view())
    }

    pub(crate) fn save_settings(&self, settings: Settings) -> Result<DeskView> {
        settings::write(&self.setup.settings, &settings)?;
        self.status()
    }

    pub(crate) fn progress(&self) -> Result<ProgressView> {
        let running = self.running.load(Ordering::SeqCst);
        Ok(ProgressView { running, done: self.watch.done(), total: self.watch.total() })
    }

    pub(crate) fn cancel(&self) -> Result<()> {
        if self.running.load(Ordering::SeqCst) {
            self.watch.cancel();
        }
        Ok(())
    }

    pub(crate) fn passphrase_words(&self) -> Result<String> {
        Ok(new_passphrase()?.as_str().to_owned())
    }

    pub(crate) fn strength(&self, passphrase: Secret) -> Result<StrengthView> {
        let strength = passphrase_strength(passphrase.expose().expose_secret());
        let word = |weakness| serde_json::to_value(weakness).ok()?.as_str().map(str::to_owned);
        let problems = strength.weaknesses.iter().filter_map(word).collect();
        Ok(StrengthView { passes: strength.passes, problems })
    }

    pub(crate) fn found(&self, name: String, passphrase: Secret) -> Result<DeskView> {
        self.nobody_here()?;
        let (name, passphrase) = (named(&name)?, strong(&passphrase)?);
        let (device, _) = found_workspace(&self.folder(), name, passphrase, self.world())?;
        self.seat(device)
    }

    pub(crate) fn join(&self, invitation: Paper, alias: String, passphrase: Secret) -> Result<PaperView> {
        self.nobody_here()?;
        let invitation = self.paper(invitation)?;
        let (alias, passphrase) = (named(&alias)?, strong(&passphrase)?);
        let (device, asked) = Device::join(&self.folder(), &invitation, alias, passphrase, self.world())?;
        self.seat(device)?;
        papers::view(Kind::Request, &asked.request, None, asked.words)
    }

    pub(crate) fn request(&self) -> Result<PaperView> {
        let asked = self.lock_open().device()?.my_request()?;
        let asked = asked.ok_or_else(|| Problem::new("enrol.no-request"))?;
        papers::view(Kind::Request, &asked.request, None, asked.words)
    }

    pub(crate) fn finish(&self, approval: Paper) -> Result<DeskView> {
        let approval = self.paper(approval)?;
        let mut open = self.lock_open();
        open.device()?.finish(&approval)?;
        Ok(self.stand(&open))
    }

    pub(crate) fn unlock(&self, passphrase: Secret) -> Result<DeskView> {
        self.open_with(passphrase.expose())
    }

    /// Opens the folder on screen. Deriving the key takes its time; no lock is held meanwhile.
    pub(super) fn open_with(&self, passphrase: &SecretString) -> Result<DeskView> {
        if self.lock_open().device.is_some() {
            return Err(Problem::new("desk.already-open"));
        }
        let device = Device::unlock(&self.folder(), passphrase, self.world())?;
        self.seat(device)
    }

    pub(crate) fn lock(&self) -> Result<DeskView> {
        self.cancel()?;
        let mut open = self.lock_open();
        open.form = None;
        let locked = open.device.take().map_or(Ok(()), Device::lock);
        let view = self.stand(&open);
        // The keys are gone whatever happened; a checkpoint that failed is made up for at the next unlocking.
        drop(locked);
        Ok(view)
    }

    pub(crate) fn erase(&self) -> Result<DeskView> {
        self.cancel()?;
        let mut open = self.lock_open();
        open.form = None;
        let device = open.device.take().ok_or_else(|| Problem::new("desk.locked"))?;
        let erased = device.erase();
        let view = self.stand(&open);
        erased?;
        Ok(view)
    }

    pub(crate) fn change_passphrase(&self, old: Secret, fresh: Secret) -> Result<()> {
        let strength = passphrase_strength(fresh.expose().expose_secret());
        if !strength.passes {
            return Err(Problem::new("passphrase.weak"));
        }
        Ok(self.lock_open().device()?.change_passphrase(old.expose(), fresh.expose())?)
    }

    pub(crate) fn save_paper(&self, place: String, paper: String, kind: String) -> Result<String> {
        let known =
            [Kind::Invitation, Kind::Request, Kind::Approval].into_iter().find(|k| k.as_str() == kind);
        let wanted = known.ok_or_else(|| Problem::new("call.arguments"))?;
        match paper_kind(paper.as_bytes()) {
            Some(given) if given == wanted => {}
            Some(given) => {
                let problem = Problem::new("enrol.wrong-kind");
                return Err(problem.with("given", given.as_str()).with("wanted", wanted.as_str()));
            }
            None => return Err(Problem::new("enrol.text-damaged")),
        }
        let folder = self.place(&place)?;
        let path = places::free_name(&folder, wanted.as_str(), "txt");
        baraza_app::write_durably(&path, format!("{}\n", paper.trim()).as_bytes())?;
        Ok(places::name_of(&path))
    }

    /// Nothing is here and nobody has unlocked.
    fn nobody_here(&self) -> Result<()> {
        match self.lock_open().device {
            Some(_) => Err(Problem::new("desk.already-open")),
            None => Ok(()),
        }
    }

    /// A device that was just opened takes the desk.
    fn seat(&self, device: Device) -> Result<DeskView> {
        let mut open = self.lock_open();
        open.form = None;
        open.device = Some(device);
        Ok(self.stand(&open))
    }
}

/// A name that a person gave, without the space around it.
fn named(name: &str) -> Result<&str> {
    match name.trim() {
        "" => Err(Problem::new("name.missing")),
        long if long.len() > LONGEST_NAME => Err(Problem::new("name.too-long").with("limit", LONGEST_NAME)),
        name => Ok(name),
    }
}

/// A passphrase that may open a vault.
fn strong(passphrase: &Secret) -> Result<&SecretString> {
    match passphrase_strength(passphrase.expose().expose_secret()).passes {
        true => Ok(passphrase.expose()),
        false => Err(Problem::new("passphrase.weak")),
    }
}
