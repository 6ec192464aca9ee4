//! Filling a form: one function for each thing that a person does on its screen.
//!
//! A [`Sheet`](sheet::Sheet) is the form as it stands, made once for each call from the session's outline; everything
//! on screen follows from it and from the person's place. Answers are on disk when a command returns.

mod choices;
mod control;
mod finish;
mod fold;
mod items;
mod language;
mod number;
mod open;
mod reading;
mod sheet;
mod summary;
mod tally;

use super::{Desk, Open, rows};
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{Completion, Device, Draft, Error};
use baraza_forms::{NodeKind, StepError};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use choices::Offered;
use finish::Leaving;
pub(super) use open::OpenForm;

impl Desk {
    pub(crate) fn begin(&self, form: String) -> Result<FormScreen> {
        self.take_up(None, |device| Ok((device.new_record(&form)?, None)))
    }

    pub(crate) fn open(&self, record: String) -> Result<FormScreen> {
        let id = rows::record_id(&record)?;
        self.take_up(None, |device| Ok((device.open_draft(id)?, Some(device.record(id)?.changed.0))))
    }

    pub(crate) fn amend(&self, record: String, reason: String) -> Result<FormScreen> {
        let id = rows::record_id(&record)?;
        self.take_up(Some(&reason), |device| {
            Ok((device.amend(id, &reason)?, Some(device.record(id)?.changed.0)))
        })
    }

    pub(crate) fn screen(&self) -> Result<FormScreen> {
        self.on_form(|_, _| Ok(()))
    }

    pub(crate) fn answer(&self, path: String, value: String) -> Result<FormScreen> {
        let now = self.now();
        self.on_form(|device, form| {
            let does_not_fit = || Problem::new("answer.does-not-fit").with("path", &path);
            let value = form.plain(&path, &value).ok_or_else(does_not_fit)?;
            device.set(&mut form.draft, &path, &value).map_err(|error| match error {
                Error::DoesNotFit(_) => does_not_fit(),
                other => other.into(),
            })?;
            form.saved = Some(now);
            form.place.focus = path;
            Ok(())
        })
    }

    pub(crate) fn add_entry(&self, path: String) -> Result<FormScreen> {
        let now = self.now();
        self.on_form(|device, form| {
            device.add(&mut form.draft, &path)?;
            form.saved = Some(now);
            let session = form.session();
            let added = session.instances(&path).last().map(|node| session.path(*node)).unwrap_or_default();
            form.turn_entry(&added)?;
            form.keep(device)
        })
    }

    pub(crate) fn remove_entry(&self, path: String) -> Result<FormScreen> {
        let now = self.now();
        self.on_form(|device, form| {
            if form.is_open(&path) {
                form.turn_entry(&path)?;
                form.turn_entry("")?;
            }
            form.place.focus.clear();
            device.remove(&mut form.draft, &path)?;
            form.saved = Some(now);
            form.keep(device)
        })
    }

    pub(crate) fn open_entry(&self, path: String) -> Result<FormScreen> {
        self.on_form(|device, form| {
            form.turn_entry(&path)?;
            form.keep(device)
        })
    }

    pub(crate) fn turn(&self, part: usize) -> Result<FormScreen> {
        self.on_form(|device, form| {
            form.turn(part)?;
            form.keep(device)
        })
    }

    pub(crate) fn go(&self, path: String) -> Result<FormScreen> {
        self.on_form(|device, form| {
            form.go(&path)?;
            form.keep(device)
        })
    }

    pub(crate) fn stay(&self, path: String) -> Result<()> {
        self.with_form(|device, form| {
            if form.place.focus == path {
                return Ok(());
            }
            form.place.focus = path;
            form.keep(device)
        })
    }

    pub(crate) fn speak(&self, language: String) -> Result<FormScreen> {
        self.on_form(|device, form| {
            device.speak(&mut form.draft, &language)?;
            form.place.language = language;
            form.keep(device)
        })
    }

    pub(crate) fn choices(&self, path: String, words: String) -> Result<Vec<ChoiceView>> {
        self.with_form(|_, form| {
            let session = form.session();
            let node = session.find(&path).and_then(|node| session.node(node));
            let node = node.ok_or_else(|| Problem::from(Error::from(StepError::UnknownPath(path))))?;
            Ok(Offered::of(session, &node).search(&words))
        })
    }

    pub(crate) fn jump_list(&self) -> Result<Vec<JumpLine>> {
        self.with_form(|_, form| Ok(form.jump_list()))
    }

    pub(crate) fn finish_form(&self, reason: Option<String>) -> Result<FinishedView> {
        let language = self.language();
        let mut open = self.lock_open();
        let (device, form) = open.filling()?;
        let leaving = Leaving::of(form, device)?;
        let completion = reason.map_or(Completion::Complete, Completion::Incomplete);
        if let Err(error) = device.finalise(&mut form.draft, completion) {
            if matches!(error, Error::Unready { .. }) {
                form.pass_all();
                form.keep(device)?;
            }
            return Err(error.into());
        }
        let record = form.draft.record();
        open.form = None;
        let device = open.device()?;
        let mut cards = rows::form_cards(device, &language)?;
        let place = |card: &FormCard| leaving.follow_up.iter().position(|id| *id == card.id);
        cards.retain(|card| place(card).is_some());
        cards.sort_by_key(place);
        let row = rows::row(&device.record(record)?, &language);
        Ok(FinishedView { row, sealed: leaving.sealed as u64, follow_up: cards })
    }

    pub(crate) fn close_form(&self) -> Result<()> {
        let mut open = self.lock_open();
        open.device()?;
        open.form = None;
        Ok(())
    }

    pub(crate) fn media(&self, name: String) -> Result<MediaView> {
        self.with_form(|device, form| {
            let def = form.def();
            let version = def.version.as_deref().unwrap_or_default();
            // A version is published once; were it twice, the later one is the form's.
            let published = device.forms()?;
            let same = published.iter().rev().filter(|view| view.id == def.id && view.version == version);
            for view in same {
                if let Some(bytes) = device.form_media(view.hash, &name)? {
                    return Ok(MediaView {
                        mime: mime(&name).to_owned(),
                        data: BASE64_STANDARD.encode(bytes),
                    });
                }
            }
            Err(Problem::new("media.unknown"))
        })
    }

    /// Opens a draft, with the time when it was last saved, and puts it on screen; what was open before is on disk.
    fn take_up(
        &self,
        amending: Option<&str>,
        draft: impl FnOnce(&mut Device) -> baraza_app::Result<(Draft, Option<i64>)>,
    ) -> Result<FormScreen> {
        let language = self.language();
        let mut open = self.lock_open();
        let device = open.device()?;
        let (draft, saved) = draft(device)?;
        let mut form = OpenForm::new(device, draft, &language)?;
        form.saved = saved;
        if let Some(reason) = amending {
            form = form.amending(reason);
        }
        let screen = form.screen();
        open.form = Some(form);
        Ok(screen)
    }

    /// Does something with the open form.
    fn with_form<T>(&self, act: impl FnOnce(&mut Device, &mut OpenForm) -> Result<T>) -> Result<T> {
        let mut open = self.lock_open();
        let (device, form) = open.filling()?;
        act(device, form)
    }

    /// The same, and shows the form.
    fn on_form(&self, act: impl FnOnce(&mut Device, &mut OpenForm) -> Result<()>) -> Result<FormScreen> {
        self.with_form(|device, form| {
            act(device, form)?;
            Ok(form.screen())
        })
    }
}

impl Open {
    fn filling(&mut self) -> Result<(&mut Device, &mut OpenForm)> {
        let device = self.device.as_mut().ok_or_else(|| Problem::new("desk.locked"))?;
        let form = self.form.as_mut().ok_or_else(|| Problem::new("form.not-open"))?;
        Ok((device, form))
    }
}

impl OpenForm {
    /// A value as the form stores it: numbers in ASCII, blanks as no answer. `None` where a number was wanted and
    /// none was typed.
    fn plain(&self, path: &str, value: &str) -> Option<String> {
        if value.trim().is_empty() {
            return Some(String::new());
        }
        let session = self.session();
        let typed = |kind| matches!(kind, NodeKind::Input | NodeKind::Range);
        let node = session.find(path).filter(|node| session.kind(*node).is_some_and(typed));
        let Some(node) = node.and_then(|node| session.node(node)) else { return Some(value.to_owned()) };
        match node.datatype.as_str() {
            "int" | "integer" | "long" => number::whole(value),
            "decimal" => number::decimal(value),
            _ => Some(value.to_owned()),
        }
    }
}

/// The type of a file of a form, by its ending.
fn mime(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" => "audio/ogg",
        _ => "application/octet-stream",
    }
}
