//! Handing over: places, cards, the hub.

use super::{Desk, Open, places, rows};
use crate::problem::{Problem, Result};
use crate::view::*;
use baraza_app::{BundleRead, DeliveryFilter, Device, Error, Exchange, Outcome, RecordsFilter, Way};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::PathBuf;

/// Exchanges that a screen lists.
pub(super) const LISTED: u32 = 20;
/// Records that the screen of handing over names.
const NAMED: u32 = 200;
/// A card with less room than this is full: a bundle might not fit.
const ROOM_BYTES: u64 = 8 * 1024 * 1024;
/// No file that a window hands over is larger.
const LARGEST_GIVEN: usize = 64 * 1024 * 1024;
/// No bundle on a card is larger: it is read into memory.
const LARGEST_FILE: u64 = 512 * 1024 * 1024;
/// Letters and digits that cannot be taken for each other.
const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A file that a person picked, where it is or what is in it.
pub(super) enum Given {
    Path(PathBuf),
    Bytes(String, Vec<u8>),
}

impl Desk {
    pub(crate) fn outbox(&self) -> Result<OutboxView> {
        let language = self.language();
        let mut open = self.lock_open();
        let device = open.joined()?;
        let only_here = RecordsFilter {
            delivery: Some(DeliveryFilter::OnlyHere),
            limit: NAMED,
            ..RecordsFilter::default()
        };
        let rows = device.records(&only_here)?;
        let rows = rows.iter().map(|view| rows::row(view, &language));
        Ok(OutboxView {
            counts: rows::counts(&device.today()?.counts),
            // A draft of one's own leaves only when it is finished; a team's goes to the team meanwhile.
            waiting: rows.filter(|row| row.status != "draft" || row.sharing == "team").collect(),
            exchanges: device.exchanges(LISTED)?.iter().map(exchange).collect(),
            hub: hub(device)?,
        })
    }

    pub(crate) fn places(&self) -> Result<Vec<PlaceView>> {
        Ok(self.place_views())
    }

    pub(crate) fn set_hub(&self, url: String, key: Option<String>) -> Result<HubView> {
        let url = url.trim().trim_end_matches('/').to_owned();
        if !url.is_empty() {
            on_loopback(&url)?;
        }
        let mut open = self.lock_open();
        let device = open.joined()?;
        if let Some(key) = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty()) {
            let wanted = device.hub_address(&url, Some(&key))?;
            let pinned = device.hub_address(&url, None).ok();
            match pinned {
                Some(pinned) if pinned.pin == wanted.pin => {}
                _ if device.standing().officer => device.add_hub(&key)?,
                _ => return Err(Problem::new("hub.key-unknown")),
            }
        }
        device.set_hub_url(&url)?;
        hub(device)
    }

    pub(crate) fn meet_hub(&self) -> Result<ExchangeView> {
        let done = self.long(|open| {
            let device = open.joined()?;
            let url = device.hub_url()?.ok_or_else(|| Problem::new("hub.none"))?;
            on_loopback(&url)?;
            let address = device.hub_address(&url, None)?;
            let met = device.sync_with_hub(&address);
            let logged = last(device)?;
            match met {
                Ok(report) => Ok(ExchangeView {
                    bytes: (report.bytes_up + report.bytes_down) as u64,
                    waiting: waiting(&report.received.held),
                    ..logged
                }),
                // What was exchanged before the connection broke is kept and counted.
                Err(Error::Hub { .. }) => Ok(logged),
                Err(error) => Err(error.into()),
            }
        });
        self.status()?;
        done
    }

    pub(crate) fn card_out(&self, place: String) -> Result<ExchangeView> {
        let folder = self.place(&place)?;
        if let Some(free) = baraza_app::free_space(&folder).filter(|free| *free < ROOM_BYTES) {
            return Err(Problem::new("place.full").with("free_bytes", free));
        }
        let path = places::free_name(&folder, &self.card_name(), "baraza");
        self.long(|open| {
            let device = open.joined()?;
            let written = device.bundle_out(&path, &places::name_of(&folder))?;
            let bytes = written.bytes as u64;
            Ok(ExchangeView { file: Some(places::name_of(&path)), bytes, ..last(device)? })
        })
    }

    pub(crate) fn card_in(&self, file: Picked) -> Result<ExchangeView> {
        let given = self.given(file)?;
        let done = self.long(|open| {
            let device = open.joined()?;
            let read = match given {
                Given::Path(path) => device.bundle_in(&path)?,
                Given::Bytes(name, bytes) => device.bundle_in_bytes(&name, &bytes)?,
            };
            came(device, &read)
        });
        self.status()?;
        done
    }

    /// A file that a person picked: one in a place, or bytes that the window read.
    pub(super) fn given(&self, file: Picked) -> Result<Given> {
        match file {
            Picked::Path(path) => {
                let path = self.file_in_place(&path)?;
                match path.metadata() {
                    Ok(about) if about.len() <= LARGEST_FILE => Ok(Given::Path(path)),
                    Ok(_) => Err(Problem::new("file.too-large")),
                    Err(_) => Err(Problem::new("file.io")),
                }
            }
            Picked::Bytes { name, data } => {
                if data.len() > LARGEST_GIVEN / 3 * 4 + 4 {
                    return Err(Problem::new("file.too-large"));
                }
                let bytes = STANDARD.decode(data).map_err(|_| Problem::new("call.arguments"))?;
                // A name for the log and for the file's ending, never a path.
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                Ok(Given::Bytes(name, bytes))
            }
        }
    }

    /// A name for a card's file that says nothing of people or places.
    fn card_name(&self) -> String {
        use baraza_model::Entropy;
        let mut world = self.world();
        let signs = world.bytes::<4>().map(|byte| SIGNS.get(usize::from(byte % 32)).copied().unwrap_or(b'a'));
        format!("card-{}-{}", self.date(), String::from_utf8_lossy(&signs))
    }

    /// Today, by the device's clock and zone: `2026-11-20`.
    pub(super) fn date(&self) -> String {
        let world = self.world();
        let local = world.now().0 + i64::from(world.zone_minutes) * 60_000;
        let date = chrono::DateTime::from_timestamp_millis(local);
        date.map_or_else(String::new, |date| date.date_naive().to_string())
    }
}

/// An exchange as it was logged.
pub(super) fn exchange(logged: &Exchange) -> ExchangeView {
    let way = match logged.way {
        Way::Hub => "hub",
        Way::CardOut => "card-out",
        Way::CardIn => "card-in",
        Way::Import => "import",
    };
    let (outcome, code) = match &logged.outcome {
        _ if logged.cancelled => ("cancelled", None),
        Outcome::Done => ("done", None),
        Outcome::Partly => ("partly", None),
        Outcome::Failed(code) => ("failed", Some(code.clone())),
    };
    ExchangeView {
        at: logged.at.0,
        way: way.to_owned(),
        name: logged.name.clone(),
        records_out: logged.records_out,
        records_in: logged.records_in,
        already_had: logged.already_had,
        waiting: 0,
        set_aside: logged.held,
        receipts: logged.receipts,
        damaged: logged.damaged_frames,
        pieces: logged.frames,
        file: (logged.way == Way::CardOut).then(|| logged.name.clone()),
        bytes: 0,
        outcome: outcome.to_owned(),
        code,
    }
}

/// What reading a file did.
pub(super) fn came(device: &Device, read: &BundleRead) -> Result<ExchangeView> {
    let logged = last(device)?;
    let waiting = waiting(&read.received.held).min(logged.set_aside);
    Ok(ExchangeView { waiting, set_aside: logged.set_aside - waiting, ..logged })
}

/// The newest exchange of the log.
fn last(device: &Device) -> Result<ExchangeView> {
    let logged = device.exchanges(1)?;
    logged.first().map(exchange).ok_or_else(|| Problem::new("call.answer"))
}

fn waiting(held: &[baraza_app::HeldView]) -> u64 {
    held.iter().filter(|held| !held.quarantined).count() as u64
}

fn hub(device: &Device) -> Result<HubView> {
    let url = device.hub_url()?;
    let exchanges = device.exchanges(u32::MAX)?;
    Ok(HubView {
        pinned: device.hub_address(url.as_deref().unwrap_or_default(), None).is_ok(),
        last: exchanges.iter().find(|logged| logged.way == Way::Hub).map(exchange),
        url,
    })
}

/// Hubs are reached on this machine only, as long as what travels there is not carried by TLS.
fn on_loopback(url: &str) -> Result<()> {
    let refused = || Problem::new("hub.not-loopback");
    let rest = url.strip_prefix("http://").ok_or_else(refused)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let known = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
    let numbered = port.is_none_or(|port| port.parse::<u16>().is_ok());
    let bare = rest.len() == authority.len();
    (known && numbered && bare).then_some(()).ok_or_else(refused)
}

/// The device, for work at headquarters.
pub(super) fn office(open: &mut Open) -> Result<&mut Device> {
    let device = open.joined()?;
    match device.standing().headquarters {
        true => Ok(device),
        false => Err(Problem::new("role.not-headquarters")),
    }
}
