//! What the app says of itself at any moment.

use super::{Desk, Open, settings};
use crate::view::{DeskView, Face, Stage};
use baraza_app::{Device, Presence, presence};
use std::sync::PoisonError;

/// What `status` says of an open device, kept for the time that a long call holds it.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    joined: bool,
    named: baraza_app::Standing,
}

impl Standing {
    fn of(device: &Device) -> Self {
        Self { joined: device.joined(), named: device.standing() }
    }
}

impl Desk {
    /// Where this device stands, now that `open` has changed.
    pub(super) fn stand(&self, open: &Open) -> DeskView {
        self.note(open);
        self.view()
    }

    /// Keeps what `status` needs.
    pub(super) fn note(&self, open: &Open) {
        let mut kept = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = open.device.as_ref().map(Standing::of);
    }

    /// Where this device stands, by what was noted.
    pub(super) fn view(&self) -> DeskView {
        let kept = self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let stage = match &kept {
            Some(standing) if standing.joined => Stage::Open,
            Some(_) => Stage::Waiting,
            None if presence(&self.folder()) == Presence::Empty => Stage::Empty,
            None => Stage::Locked,
        };
        let named = kept.filter(|standing| standing.joined).map(|standing| standing.named);
        let world = self.world();
        let face = named.as_ref().map(|named| match named.headquarters {
            true => Face::Headquarters,
            false => Face::Field,
        });
        let named = named.unwrap_or_default();
        DeskView {
            stage,
            face,
            alias: some(named.alias),
            workspace: some(named.workspace),
            role: named.role.map(super::members::word),
            team: named.team,
            officer: named.officer,
            settings: settings::read(&self.setup.settings),
            demo: self.demo_faces(),
            now: world.now().0,
            zone_minutes: world.zone_minutes,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
