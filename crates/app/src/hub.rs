//! Handing over by a hub: one request pushes and pulls in the common case.

use crate::identity::row;
use crate::receive::{Parcel, Received};
use crate::{Device, Error, Result, World};
use baraza_model::SegmentHash;
use baraza_oplog::{DeviceSecret, HubAddress, Segment, VerifyKey};
use baraza_sync::client::{Client, Effect, Ending, Event, OutboxSegment, Start};
use baraza_sync::frontier::Token;
use baraza_sync::wire::{Bytes, LogRange, RosterHead, SegmentRef, statements_after};
use std::collections::VecDeque;
use std::time::Duration;

/// A hub answers within this time or the attempt counts as cut; nothing is lost by a cut.
const PATIENCE: Duration = Duration::from_secs(60);
/// More than the hub's own limit of a response body.
const MAX_RESPONSE_BYTES: u64 = 64 * 1024 * 1024;

/// What meeting a hub did.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct HubReport {
    /// Requests it took.
    pub requests: usize,
    /// Bytes of request bodies.
    pub bytes_up: usize,
    /// Bytes of response bodies.
    pub bytes_down: usize,
    /// Segments the hub now holds.
    pub handed_over: usize,
    /// Segments that the hub refused; they stay in the outbox.
    pub refused: usize,
    /// What came back.
    pub received: Received,
}

impl Device {
    /// Pins a hub's key (hex) in the roster.
    ///
    /// # Errors
    /// When the key is not 64 hex digits, or this is not the officer's device.
    pub fn add_hub(&mut self, key: &str) -> Result<()> {
        let key = hub_key(key)?;
        self.write(|tx, me, _| {
            let author = me.author.as_mut().ok_or(Error::NotOfficer)?;
            author.add_hub(&mut me.membership.as_mut().ok_or(Error::NotJoined)?.roster, key)?;
            me.store_membership(tx)
        })
    }

    /// A hub with its pinned key: the one given, or the only one in the roster.
    ///
    /// # Errors
    /// When no key is given and the roster pins none or several.
    pub fn hub_address(&self, url: &str, key: Option<&str>) -> Result<HubAddress> {
        let pin = match key {
            Some(key) => hub_key(key)?,
            None => {
                let mut pinned = self.me.member()?.roster.hubs();
                match (pinned.next(), pinned.next()) {
                    (Some(only), None) => *only,
                    _ => return Err(Error::HubKeyNeeded),
                }
            }
        };
        Ok(HubAddress { url: url.to_owned(), pin })
    }

    /// Pushes what no office has confirmed to a hub and pulls what it holds for this device.
    ///
    /// # Errors
    /// When the hub cannot be reached or refuses this device. What was exchanged before is kept.
    pub fn sync_with_hub(&mut self, hub: &HubAddress) -> Result<HubReport> {
        self.close_outbox()?;
        let start = self.start(hub)?;
        let secret = DeviceSecret::from_bytes(&self.me.secret.to_bytes());
        let mut client = Client::new(&secret, hub.pin);
        let mut report = HubReport::default();
        let mut failure = None;
        let mut events: VecDeque<Event> = [Event::Start(Box::new(start))].into();
        while let Some(event) = events.pop_front() {
            let now = self.world.now();
            for effect in client.handle(event, now, &mut self.world) {
                if let Some(next) = self.carry_out(hub, effect, &mut report, &mut failure)? {
                    events.push_back(next);
                }
            }
        }
        match failure {
            Some(why) => Err(Error::Hub { url: hub.url.clone(), why }),
            None => Ok(report),
        }
    }

    fn start(&self, hub: &HubAddress) -> Result<Start> {
        let roster = &self.me.member()?.roster;
        self.read(|r| {
            let mut outbox = Vec::new();
            let handed = r.handed_to(&hub.url)?;
            for head in r.segment_heads()? {
                if head.own
                    && (head.offices == 0 || self.me.is_headquarters())
                    && !handed.contains(&head.hash)
                {
                    outbox.extend(outbox_segment(r, &head.hash)?);
                }
            }
            let token = r.meta(&format!("{}{}", row::HUB_TOKEN, hub.url))?;
            Ok(Start {
                roster: RosterHead::of(roster),
                token: token.and_then(|bytes| Token::from_bytes(&bytes).ok()),
                outbox,
                receipts: r.receipts()?.into_iter().map(|(_, bytes)| Bytes(bytes)).collect(),
                held: Vec::new(),
                own: false,
            })
        })
    }

    /// Does one thing that the client asks for; what it gives back is the client's next event.
    fn carry_out(
        &mut self,
        hub: &HubAddress,
        effect: Effect,
        report: &mut HubReport,
        failure: &mut Option<String>,
    ) -> Result<Option<Event>> {
        match effect {
            Effect::Request { bytes, delay_ms } => {
                std::thread::sleep(Duration::from_millis(delay_ms.into()));
                report.requests += 1;
                report.bytes_up += bytes.len();
                return Ok(Some(match post(&hub.url, &bytes) {
                    Ok(body) => {
                        report.bytes_down += body.len();
                        Event::Response(body)
                    }
                    Err(why) => {
                        *failure = Some(why);
                        Event::Failed
                    }
                }));
            }
            Effect::Deliver { statements, segments, receipts } => {
                let unpack = |all: Vec<Bytes>| all.into_iter().map(|bytes| bytes.0).collect();
                let parcel = Parcel {
                    statements: unpack(statements),
                    receipts: unpack(receipts),
                    segments: unpack(segments),
                };
                report.received.add(self.receive(parcel)?);
            }
            Effect::StoreToken(token) => {
                let key = format!("{}{}", row::HUB_TOKEN, hub.url);
                self.write(|tx, _, _| Ok(tx.put_meta(&key, &token.to_bytes())?))?;
            }
            Effect::MarkHandedOver { segment, .. } => {
                report.handed_over += 1;
                self.mark(&segment, &hub.url)?;
            }
            Effect::MarkRefused { .. } => report.refused += 1,
            Effect::MarkReceipt { .. } => {}
            Effect::StoreReplaced { .. } => {
                let key = format!("{}{}", row::HUB_TOKEN, hub.url);
                self.write(|tx, _, _| Ok(tx.remove_meta(&key)?))?;
            }
            Effect::NeedSegments(ranges) => return Ok(Some(Event::Segments(self.outbox_in(&ranges)?))),
            Effect::NeedStatements { hub } => {
                return Ok(Some(Event::Statements(statements_after(&self.me.member()?.roster, &hub))));
            }
            Effect::Done(done) => match done.ending {
                Ending::Complete => *failure = None,
                Ending::Interrupted => {}
                Ending::Refused(why) => *failure = Some(format!("it refused this device ({why:?})")),
            },
        }
        Ok(None)
    }

    fn mark(&mut self, segment: &SegmentRef, hub: &str) -> Result<()> {
        self.write(|tx, _, world: &mut World| Ok(tx.mark_handed_over(&[segment.hash], hub, world.now())?))
    }

    fn outbox_in(&self, ranges: &[LogRange]) -> Result<Vec<OutboxSegment>> {
        self.read(|r| {
            let mut found = Vec::new();
            for range in ranges {
                for head in r.segments_of(&range.log, range.first)? {
                    if head.seq <= range.last {
                        found.extend(outbox_segment(r, &head.hash)?);
                    }
                }
            }
            Ok(found)
        })
    }
}

fn outbox_segment(r: &baraza_vault::Reader<'_>, hash: &SegmentHash) -> Result<Option<OutboxSegment>> {
    let Some(kept) = r.segment(hash)? else { return Ok(None) };
    Ok(Some(OutboxSegment::of(&Segment::decode(&kept.bytes)?)))
}

fn hub_key(hex: &str) -> Result<VerifyKey> {
    // A segment hash has the length of a key, and its parser reads hex.
    let bytes: SegmentHash = hex.trim().parse().map_err(|_| Error::HubKeyMalformed)?;
    Ok(VerifyKey(*bytes.as_bytes()))
}

fn post(url: &str, body: &[u8]) -> std::result::Result<Vec<u8>, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
    let target = format!("{}/v1/sync", url.trim_end_matches('/'));
    let mut response = agent.post(&target).send(body).map_err(|e| e.to_string())?;
    response.body_mut().with_config().limit(MAX_RESPONSE_BYTES).read_to_vec().map_err(|e| e.to_string())
}
