//! The form on screen: where the person is in it, and what a screen shows of it.

use super::finish;
use super::items::Items;
use super::language;
use super::sheet::{Entry, Part, Sheet, Thing, repeats};
use super::tally::{self, Left, Tally};
use crate::problem::{Problem, Result};
use crate::view::{FormScreen, JumpLine};
use baraza_app::{Device, Draft};
use baraza_forms::{FormDef, Session};
use baraza_model::Sharing;
use serde::{Deserialize, Serialize};

/// A form on screen. Dropping it loses nothing: answers are on disk, and so is the place.
pub(in crate::desk) struct OpenForm {
    pub(super) draft: Draft,
    pub(super) place: Place,
    /// When something was last saved, by this device's clock.
    pub(super) saved: Option<i64>,
    amending: Option<String>,
    newer: Option<String>,
    /// Index of the part last shown, for when that part no longer applies.
    at: usize,
}

/// Where a person is in a form. Kept with the draft; it says which questions were passed by, never an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    /// Key of the part in sight.
    part: String,
    /// Key of the entry that is open for writing; blank if none is.
    entry: String,
    /// Path of the question.
    pub(super) focus: String,
    /// What was passed by.
    left: Left,
    /// The language that the person chose for this draft; blank if the interface's will do.
    pub(super) language: String,
}

impl OpenForm {
    /// Takes up a draft where it was left.
    pub(super) fn new(device: &mut Device, mut draft: Draft, interface: &str) -> Result<Self> {
        let kept = device.place(draft.record())?.and_then(|place| serde_json::from_str::<Place>(&place).ok());
        let mut place = kept.unwrap_or_default();
        let wanted = {
            let def = draft.session().form().def();
            let chosen = def.languages.iter().find(|name| **name == place.language).map(String::as_str);
            chosen.or_else(|| language::matching(def, interface)).map(str::to_owned)
        };
        if let Some(wanted) = wanted {
            device.speak(&mut draft, &wanted)?;
        }
        let newer = newer(device, draft.session().form().def())?;
        let mut form = Self { draft, place: Place::default(), saved: None, amending: None, newer, at: 0 };
        let sheet = form.sheet();
        if sheet.part_of(&place.focus).is_none() {
            place.focus.clear();
        }
        form.place = place;
        if form.place.part.is_empty() {
            form.enter(&sheet, 0);
        }
        Ok(form)
    }

    /// The same, as an amendment.
    pub(super) fn amending(self, reason: &str) -> Self {
        Self { amending: Some(reason.trim().to_owned()), ..self }
    }

    pub(super) fn session(&self) -> &Session {
        self.draft.session()
    }

    pub(super) fn def(&self) -> &FormDef {
        self.session().form().def()
    }

    /// The form as it stands now. Made once for each call.
    pub(super) fn sheet(&self) -> Sheet {
        Sheet::read(self.session(), self.title())
    }

    fn title(&self) -> &str {
        language::title(self.def(), self.session().language())
    }

    /// What is on screen.
    pub(super) fn screen(&mut self) -> FormScreen {
        let sheet = self.sheet();
        let part = self.current(&sheet);
        self.at = part;
        let def = self.def();
        let all = tally::asked(&sheet, &self.place.left);
        let tally: Tally = all.iter().collect();
        let open = Some(self.place.entry.as_str()).filter(|key| !key.is_empty());
        let items = Items { session: self.session(), sheet: &sheet, left: &self.place.left, open };
        let focus = Some(self.place.focus.clone()).filter(|path| !path.is_empty());
        FormScreen {
            record: self.draft.record().to_string(),
            form: def.id.clone(),
            title: self.title().to_owned(),
            name: self.session().instance_name(),
            version: def.version.clone().unwrap_or_default(),
            newer: self.newer.clone(),
            languages: language::languages(def, self.session().language()),
            severe: finish::sealed(&sheet),
            parts: tally::parts(&sheet, &all, &self.place.left),
            part,
            items: items.of_part(part),
            to_fix: tally.to_fix,
            left: tally.left,
            required_left: tally.required_left,
            questions: sheet.questions,
            saved: self.saved,
            focus: focus.filter(|path| sheet.part_of(path).is_some()),
            team: def.sharing == Sharing::Team,
            amending: self.amending.clone(),
        }
    }

    /// What is to fix and what is left.
    pub(super) fn jump_list(&self) -> Vec<JumpLine> {
        let sheet = self.sheet();
        tally::jump_list(&sheet, &tally::asked(&sheet, &self.place.left))
    }

    /// Goes to a part.
    pub(super) fn turn(&mut self, part: usize) -> Result<()> {
        let sheet = self.sheet();
        if part >= sheet.parts.len() {
            return Err(Problem::new("form.unknown-part"));
        }
        self.leave(&sheet);
        self.place.focus.clear();
        self.enter(&sheet, part);
        Ok(())
    }

    /// Goes to a question, an entry or a repeat.
    pub(super) fn go(&mut self, path: &str) -> Result<()> {
        let sheet = self.sheet();
        let part = sheet.part_of(path).ok_or_else(|| Problem::new("form.unknown-path"))?;
        if part != self.current(&sheet) {
            self.leave(&sheet);
            self.enter(&sheet, part);
        }
        if let Some(entry) = sheet.around(path).last() {
            self.open_entry(&sheet, Some(entry));
        }
        self.place.focus = path.to_owned();
        Ok(())
    }

    /// Opens the entry at a path; blank closes the one that is open.
    pub(super) fn turn_entry(&mut self, path: &str) -> Result<()> {
        let sheet = self.sheet();
        if path.is_empty() {
            let around = sheet.holding(&self.place.entry);
            let outer = around.len().checked_sub(2).and_then(|at| around.get(at)).copied();
            self.open_entry(&sheet, outer);
            return Ok(());
        }
        let entry = sheet.around(path).last().copied().filter(|entry| entry.path == path);
        let entry = entry.ok_or_else(|| Problem::new("form.unknown-path"))?;
        self.go(&entry.path)?;
        self.place.focus.clear();
        Ok(())
    }

    /// Whether the entry at a path is open for writing, or one in it.
    pub(super) fn is_open(&self, path: &str) -> bool {
        let sheet = self.sheet();
        let around = sheet.holding(&self.place.entry);
        around.iter().any(|entry| entry.path == path)
    }

    /// After a refused finish nothing counts as not yet reached.
    pub(super) fn pass_all(&mut self) {
        let sheet = self.sheet();
        for part in &sheet.parts {
            self.pass(part);
        }
    }

    /// Notes the place, so that the form opens here again.
    pub(super) fn keep(&self, device: &mut Device) -> Result<()> {
        let place = serde_json::to_string(&self.place).map_err(|_| Problem::new("call.answer"))?;
        Ok(device.set_place(self.draft.record(), &place)?)
    }

    fn current(&self, sheet: &Sheet) -> usize {
        let last = sheet.parts.len().saturating_sub(1);
        sheet.part(&self.place.part).unwrap_or_else(|| self.at.min(last))
    }

    fn enter(&mut self, sheet: &Sheet, index: usize) {
        let Some(part) = sheet.parts.get(index) else { return };
        self.at = index;
        self.place.part.clone_from(&part.key);
        self.place.entry = fresh_entry(sheet, part).map(|entry| entry.key.clone()).unwrap_or_default();
    }

    fn leave(&mut self, sheet: &Sheet) {
        if let Some(part) = sheet.parts.get(self.current(sheet)) {
            self.pass(part);
        }
        self.place.entry.clear();
    }

    fn pass(&mut self, part: &Part) {
        self.place.left.insert(part.key.clone());
        self.pass_entries(&part.things);
    }

    fn pass_entries(&mut self, things: &[Thing]) {
        for entry in repeats(things).flat_map(|repeat| &repeat.entries) {
            self.place.left.insert(entry.key.clone());
            self.pass_entries(&entry.things);
        }
    }

    fn open_entry(&mut self, sheet: &Sheet, entry: Option<&Entry>) {
        let around = sheet.holding(&self.place.entry);
        for closed in around.into_iter().filter(|old| entry.is_none_or(|new| !old.holds(&new.key))) {
            self.place.left.insert(closed.key.clone());
        }
        self.place.entry = entry.map(|entry| entry.key.clone()).unwrap_or_default();
    }
}

/// A repeat begins with one entry that nobody has written in: that one is opened by itself.
fn fresh_entry<'s>(sheet: &Sheet, part: &'s Part) -> Option<&'s Entry> {
    let mut repeats = repeats(&part.things);
    let (only, None) = (repeats.next()?, repeats.next()) else { return None };
    let [entry] = only.entries.as_slice() else { return None };
    let blank = |thing: &Thing| match thing {
        Thing::Question { node, .. } => sheet.node(*node).value.is_empty(),
        Thing::Entries(_) => false,
        _ => true,
    };
    entry.things.iter().all(blank).then_some(entry)
}

/// The version of the form that new records get, where it is another one.
fn newer(device: &Device, def: &FormDef) -> Result<Option<String>> {
    let newest = device.forms()?.into_iter().rfind(|form| form.id == def.id);
    let version = newest.map(|form| form.version);
    Ok(version.filter(|version| Some(version) != def.version.as_ref()))
}
