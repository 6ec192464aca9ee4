//! How the story is told: short lines, one table, numbers that matter.

use crate::{PASSPHRASE, Person, Result};
use baraza_app::{DeliveryView, RecordsFilter};
use baraza_model::RecordId;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the story is told.
pub(super) struct Stage<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Stage<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out }
    }

    pub(super) fn opening(&mut self) -> Result<()> {
        self.line("Baraza: from a village to headquarters, and back.")?;
        self.line("People, places and sentences are invented. Keys, sealing, merging and the hub are real.")
    }

    pub(super) fn scene(&mut self, title: &str) -> Result<()> {
        self.line("")?;
        self.line(title)
    }

    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        self.line(&format!("  {text}"))
    }

    pub(super) fn quote(&mut self, when: &str, answer: Option<String>) -> Result<()> {
        match answer {
            Some(answer) => self.say(&format!("{when}: \"{answer}\"")),
            None => self.say(&format!("{when}: nobody can read it here any more, not even unlocked")),
        }
    }

    pub(super) fn travelled(&mut self, what: &str, bytes: usize, segments: usize) -> Result<()> {
        let sealed =
            if segments == 1 { "1 sealed segment".into() } else { format!("{segments} sealed segments") };
        self.say(&format!("⇢ {what}: {bytes} bytes, {sealed}"))
    }

    /// What each device knows of its own records, and what headquarters has.
    pub(super) fn table(&mut self, people: &mut [(&str, &mut Person)], office: &mut Person) -> Result<()> {
        self.say("")?;
        self.say("              records   only here   handed over   received   conflicts   outbox")?;
        for (name, person) in people {
            let records = person.records(&RecordsFilter::default())?;
            let count =
                |wanted: fn(&DeliveryView) -> bool| records.iter().filter(|r| wanted(&r.delivery)).count();
            let here = count(|d| matches!(d, DeliveryView::OnlyHere));
            let handed = count(|d| matches!(d, DeliveryView::HandedOver { .. }));
            let received = count(|d| matches!(d, DeliveryView::Received));
            let conflicts: u64 = records.iter().map(|r| r.conflicts).sum();
            self.say(&format!(
                "{name:<14}{:>7}{here:>12}{handed:>14}{received:>11}{conflicts:>12}{:>9}",
                records.len(),
                person.outbox()?
            ))?;
        }
        let records = office.office_records()?;
        let conflicts: u32 = records.iter().map(|r| r.conflicts).sum();
        let name = "headquarters";
        self.say(&format!("{name:<14}{:>7}{:>49}{:>9}", records.len(), conflicts, office.outbox()?))
    }

    pub(super) fn closing(&mut self, dir: &Path, patrol: RecordId) -> Result<()> {
        let (baraza, dir) = (command(), near(dir));
        let dir = dir.display();
        self.line("")?;
        self.line(&format!("All of it is in {dir}; {dir}/README.txt says what is what. Try next:"))?;
        self.line("")?;
        self.line(&format!("  export BARAZA_PASSPHRASE_FILE={dir}/passphrase.txt"))?;
        self.line(&format!("  {baraza} record list {dir}/devices/north-2"))?;
        self.line(&format!(
            "  {baraza} record show {dir}/devices/north-2 {} --language \"Français (fr)\"",
            patrol.short()
        ))?;
        self.line(&format!("  {baraza} record history {dir}/devices/headquarters {patrol}"))?;
        self.line("")?;
        self.line(&format!("Every device of the demo opens with: {PASSPHRASE}"))
    }

    fn line(&mut self, text: &str) -> Result<()> {
        writeln!(self.out, "{}", text.trim_end())?;
        Ok(())
    }
}

/// How the person can call this program again.
fn command() -> String {
    let program =
        std::env::current_exe().ok().filter(|path| path.file_stem().is_some_and(|stem| stem == "baraza"));
    program.map_or_else(|| "baraza".to_owned(), |path| near(&path).display().to_string())
}

/// A path as seen from where the person is, if it is below.
pub(super) fn near(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| Some(path.strip_prefix(here).ok()?.to_owned()));
    below.unwrap_or_else(|| path.to_owned())
}
