//! A workspace with its headquarters, and how people come to it.

use crate::{Clock, Locked, Person, Relay, Result};
use baraza_app::{found_workspace, read_form_file};
use baraza_model::Role;
use baraza_oplog::HubSecret;
use std::path::{Path, PathBuf};

/// The three core instruments, by file name.
pub const FORMS: [&str; 3] = ["fgd", "survey", "patrol"];

/// Where a workbook of the built-in instruments lies.
pub fn form_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../schemas/instruments/xlsx/{name}.xlsx"))
}

/// A mission in a folder of its own: a device folder for each person, cards beside them.
pub struct Mission {
    /// The hour, the same for everybody.
    pub clock: Clock,
    /// Headquarters: Ines, protection officer, who is also the workspace's officer.
    pub ines: Person,
    dir: PathBuf,
}

impl Mission {
    /// Ines founds the workspace in `dir` and publishes forms, by file name.
    ///
    /// # Errors
    /// When `dir` cannot be written or a form is refused.
    pub fn found(dir: &Path, forms: &[&str]) -> Result<Self> {
        Self::found_at(dir, forms, Clock::default())
    }

    /// The same at another hour.
    ///
    /// # Errors
    /// As [`Mission::found`].
    pub fn found_at(dir: &Path, forms: &[&str], clock: Clock) -> Result<Self> {
        for folder in ["devices", "cards", "hub"] {
            std::fs::create_dir_all(dir.join(folder))?;
        }
        let bag = Locked::new(dir.join("devices/headquarters"), &clock);
        let (device, _) = found_workspace(&bag.folder, "Headquarters", &bag.secret(), clock.world())?;
        let mut ines = Person::with(device, bag);
        for form in forms {
            ines.publish(read_form_file(&form_path(form))?)?;
        }
        Ok(Self { clock, ines, dir: dir.to_owned() })
    }

    /// Somebody joins by three files, and both people see the same words.
    ///
    /// # Errors
    /// When the words differ, or a step is refused.
    pub fn enrol(&mut self, name: &str, alias: &str, role: Role, team: Option<&str>) -> Result<Person> {
        let invitation = self.ines.invite(role, team, None)?;
        let (mut person, asked) = self.tablet(name).join(&invitation, alias)?;
        let approved = self.ines.approve(&asked.request)?;
        if approved.words != asked.words {
            return Err("the words on the two screens differ".into());
        }
        person.finish(&approved.approval)?;
        Ok(person)
    }

    /// Everybody takes the forms and names from a card of headquarters.
    ///
    /// # Errors
    /// When the card cannot be written or read.
    pub fn brief(&mut self, people: &mut [&mut Person]) -> Result<()> {
        let card = self.card("briefing");
        self.ines.bundle_out(&card, "briefing")?;
        for person in people {
            person.bundle_in(&card)?;
        }
        Ok(())
    }

    /// A device that is still in its box.
    pub fn tablet(&self, name: &str) -> Locked {
        Locked::new(self.dir.join("devices").join(name.to_lowercase()), &self.clock)
    }

    /// A file on a card.
    pub fn card(&self, name: &str) -> PathBuf {
        self.dir.join("cards").join(format!("{name}.baraza"))
    }

    /// A folder for results.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// A hub begins to serve, and Ines pins its key in the roster.
    ///
    /// # Errors
    /// When it cannot listen on loopback.
    pub fn open_hub(&mut self) -> Result<Relay> {
        let mut world = self.clock.world();
        let secret = HubSecret::generate(&mut world);
        let relay =
            Relay::serve(&self.dir.join("hub/store.db"), &self.ines.workspace_file()?, secret, &mut world)?;
        self.ines.add_hub(&relay.key)?;
        Ok(relay)
    }
}
