//! Handing over by a hub: one request pushes and pulls in the common case.
//!
//! The client machine of `baraza-sync` says what to do; this file does it, in order, each step durable before the
//! next. A cut at any point loses nothing: the next exchange starts from what was stored.

use crate::identity::row;
use crate::receive::Parcel;
use crate::received::Received;
use crate::{Device, Error, Exchange, Result};
use baraza_model::{RecordId, SegmentHash};
use baraza_oplog::{DeviceSecret, HubAddress, Segment, VerifyKey};
use baraza_sync::client::{Client, Effect, Ending, Event, OutboxSegment, Start};
use baraza_sync::frontier::Token;
use baraza_sync::wire::{Bytes, LogRange, RosterHead, statements_after};
use baraza_vault::{Reader, SegmentHead};
use ring::digest::{SHA256, digest};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// A hub answers within this time or the attempt counts as cut.
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
    /// Records of which something is at the hub that was not known to be there before.
    pub records_out: u64,
    /// Records that are new or changed by it.
    pub records_in: u64,
    /// Records of which something came that was here already, and nothing new.
    pub already_had: u64,
    /// Segments that the hub refused; they stay in the outbox.
    pub refused: usize,
    /// Whether a person stopped it. What was exchanged until then is kept; the next exchange goes on from there.
    pub cancelled: bool,
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

    /// The hub that this device last met or was told of, if any: by a person, or by its invitation.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn hub_url(&self) -> Result<Option<String>> {
        let kept = self.read(|r| Ok(r.meta(row::HUB_URL)?))?;
        Ok(kept.map(|url| String::from_utf8_lossy(&url).into_owned()).filter(|url| !url.is_empty()))
    }

    /// Keeps a hub's address for the next time; blank forgets it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn set_hub_url(&mut self, url: &str) -> Result<()> {
        self.write(|tx, _, _| Ok(tx.put_meta(row::HUB_URL, url.trim().as_bytes())?))
    }

    /// Pushes what no office has confirmed to a hub and pulls what it holds for this device.
    ///
    /// # Errors
    /// When the hub cannot be reached or refuses this device. What was exchanged before is kept.
    pub fn sync_with_hub(&mut self, hub: &HubAddress) -> Result<HubReport> {
        let mut meeting =
            Meeting { url: &hub.url, report: HubReport::default(), records: BTreeSet::new(), failure: None };
        let met = meeting.all(self, hub.pin);
        let report = meeting.report();
        self.log_exchange(Exchange::met(&hub.url, &report, met.as_ref().err()));
        met.map(|()| report)
    }
}

/// One meeting with one hub.
struct Meeting<'a> {
    url: &'a str,
    report: HubReport,
    /// What went up, by record.
    records: BTreeSet<RecordId>,
    failure: Option<String>,
}

impl Meeting<'_> {
    fn all(&mut self, device: &mut Device, pin: VerifyKey) -> Result<()> {
        device.close_outbox()?;
        self.run(device, pin)?;
        // What came in can have called for an answer: an office's receipt.
        let answer = self.start(device)?;
        let more = !(answer.outbox.is_empty() && answer.receipts.is_empty());
        if self.failure.is_none() && more && !self.report.cancelled {
            self.run(device, pin)?;
        }
        match self.failure.take() {
            Some(why) => Err(Error::Hub { url: self.url.to_owned(), why }),
            None => Ok(()),
        }
    }

    /// What was done so far, in records.
    fn report(&mut self) -> HubReport {
        let mut report = std::mem::take(&mut self.report);
        report.records_out = self.records.len() as u64;
        report.records_in = report.received.records_in();
        report.already_had = report.received.already_had();
        report
    }

    fn run(&mut self, device: &mut Device, pin: VerifyKey) -> Result<()> {
        let secret = DeviceSecret::from_bytes(&device.me.secret.to_bytes());
        let mut client = Client::new(&secret, pin);
        let start = self.start(device)?;
        device.world.watch.expect(start.outbox.len());
        let mut events = VecDeque::from([Event::Start(Box::new(start))]);
        while let Some(event) = events.pop_front() {
            let now = device.world.now();
            for effect in client.handle(event, now, &mut device.world) {
                // Between two effects nothing is half-done: cutting here is like losing the connection.
                if self.report.cancelled || device.world.watch.cancelled() {
                    self.report.cancelled = true;
                    return Ok(());
                }
                events.extend(self.carry_out(device, effect)?);
            }
        }
        Ok(())
    }

    fn start(&self, device: &Device) -> Result<Start> {
        let roster = &device.me.member()?.roster;
        device.read(|r| {
            let handed = r.handed_to(self.url)?;
            let heads = r.segment_heads()?;
            let mut outbox = Vec::new();
            for head in heads.iter().filter(|head| !handed.contains(&head.hash)) {
                let Some(kept) = r.segment(&head.hash)? else { continue };
                if (head.own && head.offices == 0) || device.forwards(&kept.bytes)? {
                    outbox.push(OutboxSegment::of(&Segment::decode(&kept.bytes)?));
                }
            }
            let mut receipts = Vec::new();
            for (_, bytes) in r.receipts()? {
                if r.meta(&self.receipt_key(&bytes))?.is_none() {
                    receipts.push(Bytes(bytes));
                }
            }
            let token = r.meta(&self.token_key())?;
            Ok(Start {
                roster: RosterHead::of(roster),
                token: token.and_then(|bytes| Token::from_bytes(&bytes).ok()),
                outbox,
                receipts,
                held: ranges(&heads, &handed),
                own: false,
            })
        })
    }

    /// Does one thing that the client asks for; what it gives back is the client's next event.
    fn carry_out(&mut self, device: &mut Device, effect: Effect) -> Result<Option<Event>> {
        match effect {
            Effect::Request { bytes, delay_ms } => return Ok(Some(self.request(&bytes, delay_ms))),
            Effect::Deliver { statements, segments, receipts } => {
                let unpack = |all: Vec<Bytes>| all.into_iter().map(|bytes| bytes.0).collect();
                let parcel = Parcel {
                    statements: unpack(statements),
                    receipts: unpack(receipts),
                    segments: unpack(segments),
                };
                let came =
                    parcel.segments.iter().filter_map(|bytes| Some(Segment::decode(bytes).ok()?.hash()));
                let came: Vec<SegmentHash> = came.collect();
                let receipts: Vec<String> =
                    parcel.receipts.iter().map(|bytes| self.receipt_key(bytes)).collect();
                let received = device.receive(parcel)?;
                self.report.cancelled |= received.cancelled;
                self.report.received.add(received);
                if self.report.cancelled {
                    // The token stays where it was, so the hub gives all of this again.
                    return Ok(None);
                }
                // What came from this hub need not be offered to it.
                device.write(|tx, _, world| {
                    receipts.iter().try_for_each(|key| tx.put_meta(key, &[]))?;
                    Ok(tx.mark_handed_over(&came, self.url, world.now())?)
                })?;
            }
            Effect::StoreToken(token) => {
                device.write(|tx, _, _| Ok(tx.put_meta(&self.token_key(), &token.to_bytes())?))?;
            }
            Effect::MarkHandedOver { segment, .. } => {
                self.report.handed_over += 1;
                let records = device.write(|tx, me, world| {
                    tx.mark_handed_over(&[segment.hash], self.url, world.now())?;
                    let Some(segment) = self::segment(tx, &segment.hash)? else { return Ok(BTreeSet::new()) };
                    me.records_of(tx, &segment)
                })?;
                self.records.extend(records);
                device.world.watch.step();
            }
            Effect::MarkRefused { .. } => self.report.refused += 1,
            Effect::MarkReceipt { receipt, outcome } if outcome.is_held() => {
                device.write(|tx, me, world| {
                    me.receipts_left(tx, world.now())?;
                    Ok(tx.put_meta(&self.receipt_key(&receipt.0), &[])?)
                })?;
            }
            Effect::MarkReceipt { .. } | Effect::StoreReplaced { .. } => {}
            Effect::NeedSegments(ranges) => {
                return Ok(Some(Event::Segments(self.take_back(device, &ranges)?)));
            }
            Effect::NeedStatements { hub } => {
                return Ok(Some(Event::Statements(statements_after(&device.me.member()?.roster, &hub))));
            }
            Effect::Done(done) => match done.ending {
                Ending::Complete => self.failure = None,
                Ending::Interrupted => {}
                Ending::Refused(why) => self.failure = Some(format!("it refused this device ({why:?})")),
            },
        }
        Ok(None)
    }

    fn request(&mut self, body: &[u8], delay_ms: u32) -> Event {
        std::thread::sleep(Duration::from_millis(delay_ms.into()));
        self.report.requests += 1;
        self.report.bytes_up += body.len();
        match post(self.url, body) {
            Ok(answer) => {
                self.report.bytes_down += answer.len();
                Event::Response(answer)
            }
            Err(why) => {
                self.failure = Some(why);
                Event::Failed
            }
        }
    }

    /// A hub whose store is a new one lacks what it once took: it counts as not handed over, and is offered again.
    fn take_back(&self, device: &mut Device, ranges: &[LogRange]) -> Result<Vec<OutboxSegment>> {
        device.write(|tx, _, _| {
            let mut found = Vec::new();
            for range in ranges {
                for head in
                    tx.segments_of(&range.log, range.first)?.iter().filter(|head| head.seq <= range.last)
                {
                    tx.take_back_handed_over(&[head.hash], self.url)?;
                    found.extend(segment(tx, &head.hash)?.as_ref().map(OutboxSegment::of));
                }
            }
            Ok(found)
        })
    }

    fn token_key(&self) -> String {
        format!("{}{}", row::HUB_TOKEN, self.url)
    }

    /// Where it is noted that this hub holds a receipt.
    fn receipt_key(&self, receipt: &[u8]) -> String {
        let hash = digest(&SHA256, receipt);
        let short: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}{}/{short}", row::HUB_RECEIPT, self.url)
    }
}

fn segment(r: &Reader<'_>, hash: &SegmentHash) -> Result<Option<Segment>> {
    Ok(r.segment(hash)?.map(|kept| Segment::decode(&kept.bytes)).transpose()?)
}

/// Unbroken stretches of what was handed over, log by log; the heads come ordered by log and place.
fn ranges(heads: &[SegmentHead], handed: &BTreeSet<SegmentHash>) -> Vec<LogRange> {
    let mut ranges: Vec<LogRange> = Vec::new();
    for head in heads.iter().filter(|head| handed.contains(&head.hash)) {
        match ranges.last_mut() {
            Some(range) if range.log == head.log && range.last + 1 == head.seq => {
                (range.last, range.hash) = (head.seq, head.hash);
            }
            _ => ranges.push(LogRange { log: head.log, first: head.seq, last: head.seq, hash: head.hash }),
        }
    }
    ranges
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
