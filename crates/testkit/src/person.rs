//! Somebody with a device: unlocked in their hands, or locked in a bag.

use crate::{Clock, Result, Seized};
use baraza_app::{Completion, Device, Draft, JoinRequest};
use baraza_model::RecordId;
use secrecy::SecretString;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};

/// What everybody types in the stories.
pub const PASSPHRASE: &str = "seven invented goats walk to the story well";

/// A person with an unlocked device. Everything a [`Device`] can do, they can do.
pub struct Person {
    device: Device,
    bag: Locked,
}

/// A locked device: a folder, and the passphrase in its owner's head.
#[derive(Debug, Clone)]
pub struct Locked {
    /// Its folder.
    pub folder: PathBuf,
    /// What its owner types.
    pub passphrase: String,
    clock: Clock,
}

impl Deref for Person {
    type Target = Device;

    fn deref(&self) -> &Device {
        &self.device
    }
}

impl DerefMut for Person {
    fn deref_mut(&mut self) -> &mut Device {
        &mut self.device
    }
}

impl Locked {
    /// A device that will be in `folder`.
    pub(crate) fn new(folder: PathBuf, clock: &Clock) -> Self {
        Self { folder, passphrase: PASSPHRASE.to_owned(), clock: clock.clone() }
    }

    pub(crate) fn secret(&self) -> SecretString {
        SecretString::from(self.passphrase.as_str())
    }

    /// The same device with another clock: one that nobody has set right.
    #[must_use]
    pub fn with_clock(self, clock: &Clock) -> Self {
        Self { clock: clock.clone(), ..self }
    }

    /// Makes the vault and the request that answers an invitation.
    ///
    /// # Errors
    /// As [`Device::join`].
    pub fn join(self, invitation: &[u8], alias: &str) -> baraza_app::Result<(Person, JoinRequest)> {
        let world = self.clock.world();
        let (device, request) = Device::join(&self.folder, invitation, alias, &self.secret(), world)?;
        Ok((Person { device, bag: self }, request))
    }

    /// Its owner types the passphrase.
    ///
    /// # Errors
    /// As [`Device::unlock`].
    pub fn unlock(self) -> baraza_app::Result<Person> {
        let device = Device::unlock(&self.folder, &self.secret(), self.clock.world())?;
        Ok(Person { device, bag: self })
    }

    /// Somebody copies the folder, as a backup or a clone of the tablet does.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn clone_to(&self, folder: PathBuf) -> Result<Locked> {
        copy(&self.folder, &folder)?;
        Ok(Locked { folder, ..self.clone() })
    }

    pub(crate) fn now(&self) -> baraza_model::Timestamp {
        self.clock.now()
    }

    /// Somebody has the folder and the passphrase, and takes everything out.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn seize(&self) -> Result<Seized> {
        Seized::take(self)
    }
}

impl Person {
    pub(crate) fn with(device: Device, bag: Locked) -> Self {
        Self { device, bag }
    }

    /// The device alone, for what ends it.
    pub fn into_device(self) -> Device {
        self.device
    }

    /// The folder and passphrase of the device, which stays unlocked.
    pub fn bag(&self) -> &Locked {
        &self.bag
    }

    /// The device goes into the bag.
    ///
    /// # Errors
    /// When what was written could not be settled on disk.
    pub fn lock(self) -> baraza_app::Result<Locked> {
        self.device.lock()?;
        Ok(self.bag)
    }

    /// Gives answers in order: `(question, answer)`; `("+contacts", "")` adds an instance of a repeat.
    ///
    /// # Errors
    /// When a question is not asked or an answer does not fit.
    pub fn fill(&mut self, draft: &mut Draft, answers: &[(&str, &str)]) -> Result<()> {
        for (question, answer) in answers {
            let done = match question.strip_prefix('+') {
                Some(repeat) => self.device.add(draft, &draft.absolute(repeat)),
                None => self.device.set(draft, &draft.absolute(question), answer),
            };
            done.map_err(|error| format!("{question} = {answer}: {error}"))?;
        }
        Ok(())
    }

    /// Starts a record and leaves it as a draft.
    ///
    /// # Errors
    /// As [`Person::fill`].
    pub fn begin(&mut self, form: &str, answers: &[(&str, &str)]) -> Result<RecordId> {
        let mut draft = self.device.new_record(form)?;
        self.fill(&mut draft, answers)?;
        Ok(draft.record())
    }

    /// Goes on with a draft.
    ///
    /// # Errors
    /// As [`Person::fill`].
    pub fn edit(&mut self, record: RecordId, answers: &[(&str, &str)]) -> Result<()> {
        let mut draft = self.device.open_draft(record)?;
        self.fill(&mut draft, answers)
    }

    /// Finalises a draft that has everything.
    ///
    /// # Errors
    /// When something is missing; the message names it.
    pub fn close(&mut self, record: RecordId) -> Result<()> {
        let mut draft = self.device.open_draft(record)?;
        self.device.finalise(&mut draft, Completion::Complete).map_err(|error| match error {
            baraza_app::Error::Unready { ref places, .. } => format!("{error}: {places:?}"),
            other => other.to_string(),
        })?;
        Ok(())
    }

    /// Starts, fills and finalises a record.
    ///
    /// # Errors
    /// As [`Person::fill`] and [`Person::close`].
    pub fn report(&mut self, form: &str, answers: &[(&str, &str)]) -> Result<RecordId> {
        let record = self.begin(form, answers)?;
        self.close(record)?;
        Ok(record)
    }

    /// What a question of a record says here; `None` where there is no answer or it cannot be read.
    ///
    /// # Errors
    /// When the record is not here.
    pub fn reads(&mut self, record: RecordId, question: &str) -> Result<Option<String>> {
        let answered = self.device.answers(record, None)?;
        let wanted = format!("/{question}");
        let found = answered.answers.into_iter().find(|answer| answer.path.ends_with(&wanted));
        Ok(found.map(|answer| answer.value).filter(|value| !value.is_empty()))
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => {
                std::fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}
