//! Taking in what others sent: statements first, then receipts, then segments.
//!
//! Every segment is verified before it is opened, and every change is applied to a copy before it is kept. What
//! lacks something waits and is tried again; what cannot be trusted is quarantined with its reason; neither blocks
//! the rest. A journal is committed at the heads its writer saw before anything is merged underneath it.

use crate::commit::Closing;
use crate::identity::Identity;
use crate::outbox::read_chain;
use crate::package::Package;
use crate::received::{HeldView, Received};
use crate::records::{Stored, encode};
use crate::{Device, Error, Result, World};
use baraza_model::{GroupId, LogId, PartKind, RecordId, SegmentHash, Status};
use baraza_oplog::{
    Applied as RosterApplied, Disposition, Header, PartPayload, Payload, Reader as ReaderGroup, Segment,
    SignedStatement,
};
use baraza_record::{Applied, Part, actor_prefix};
use baraza_vault::{NewHeld, NewPart, NewSegment, Reader, Record, Tx};
use std::collections::BTreeSet;

/// What arrived by hub, card or cable.
#[derive(Debug, Default)]
pub(crate) struct Parcel {
    pub(crate) statements: Vec<Vec<u8>>,
    pub(crate) receipts: Vec<Vec<u8>>,
    pub(crate) segments: Vec<Vec<u8>>,
}

/// Why one payload was not applied.
struct Stuck {
    code: String,
    quarantined: bool,
}

impl Stuck {
    fn waiting(code: &str) -> Self {
        Self { code: code.to_owned(), quarantined: false }
    }

    fn quarantined(code: &str) -> Self {
        Self { code: code.to_owned(), quarantined: true }
    }

    fn by(disposition: Disposition, code: &str) -> Self {
        Self { code: code.to_owned(), quarantined: disposition != Disposition::Waiting }
    }
}

impl Device {
    /// Takes a parcel in. What is taken is durable when this returns.
    pub(crate) fn receive(&mut self, parcel: Parcel) -> Result<Received> {
        let mut received = Received::default();
        let watch = self.watch();
        let headquarters = self.me.is_headquarters();
        // The office looks at each of them again.
        watch.expect(parcel.segments.len() * (1 + usize::from(headquarters)));
        let before: BTreeSet<SegmentHash> =
            self.read(|r| Ok(r.held()?))?.into_iter().map(|held| held.item.hash).collect();
        self.write(|tx, me, _| me.take_statements(tx, &parcel.statements, &mut received))?;
        for bytes in &parcel.receipts {
            self.write(|tx, me, world| me.take_receipt(tx, world, bytes, &mut received))?;
        }
        let mut taken = 0;
        for bytes in &parcel.segments {
            if watch.cancelled() {
                received.cancelled = true;
                break;
            }
            self.write(|tx, me, world| me.take_segment(tx, world, bytes, &mut received))?;
            taken += 1;
            watch.step();
        }
        self.retry_held(&before, &mut received)?;
        self.generation += u64::from(!received.records.is_empty());
        self.seal_severe_left_open()?;
        if received.segments > 0 {
            self.write(|tx, me, world| me.recount_receipts(tx, world))?;
        }
        // A newer roster can free what the office holds, so statements alone are reason enough.
        if headquarters && !(taken == 0 && parcel.statements.is_empty()) {
            // It judges the same segments, so what it sets aside counts, once.
            received.set_aside = 0;
            self.feed_office(parcel.segments.get(..taken).unwrap_or_default(), &mut received)?;
        }
        Ok(received)
    }

    /// Tries again what was waiting, as long as something moves.
    fn retry_held(&mut self, before: &BTreeSet<SegmentHash>, received: &mut Received) -> Result<()> {
        loop {
            let waiting: Vec<_> =
                self.read(|r| Ok(r.held()?))?.into_iter().filter(|held| !held.item.quarantined).collect();
            let tried = waiting.len();
            for held in waiting {
                self.write(|tx, me, world| {
                    tx.release(held.id)?;
                    me.take_segment(tx, world, &held.item.bytes, received)
                })?;
            }
            let left = self.read(|r| Ok(r.held()?))?;
            if left.iter().filter(|held| !held.item.quarantined).count() >= tried {
                received.set_aside =
                    left.iter().filter(|held| !before.contains(&held.item.hash)).count() as u64;
                received.held = left
                    .into_iter()
                    .map(|held| HeldView { code: held.item.reason, quarantined: held.item.quarantined })
                    .collect();
                return Ok(());
            }
        }
    }
}

impl Identity {
    fn take_statements(
        &mut self,
        tx: &Tx<'_>,
        statements: &[Vec<u8>],
        received: &mut Received,
    ) -> Result<()> {
        let secret = &self.secret;
        let member = self.membership.as_mut().ok_or(Error::NotJoined)?;
        let before = member.roster.head();
        for bytes in statements {
            // A statement that does not continue what we hold is of no use and does no harm.
            if let Ok(statement) = SignedStatement::decode(bytes)
                && let Ok(applied) = member.roster.apply(&statement)
            {
                received.statements += usize::from(!matches!(applied, RosterApplied::Known));
            }
        }
        if member.roster.head() != before {
            member.keyring.absorb(&member.roster, secret);
            self.store_membership(tx)?;
        }
        Ok(())
    }

    fn take_segment(
        &mut self,
        tx: &Tx<'_>,
        world: &mut World,
        bytes: &[u8],
        received: &mut Received,
    ) -> Result<()> {
        let segment = match Segment::decode(bytes) {
            Ok(segment) => segment,
            Err(error) => return hold(tx, world, None, bytes, &Stuck::quarantined(error.code())),
        };
        if segment.header().device == self.id || tx.has_segment(&segment.hash())? {
            received.duplicates += 1;
            received.already.extend(self.records_of(tx, &segment)?);
            return Ok(());
        }
        if !self.is_for_us(segment.header()) {
            received.not_for_us += 1;
            return Ok(());
        }
        let mut applied = Vec::new();
        match self.open_segment(tx, world, &segment, &mut applied, received)? {
            Some(stuck) => hold(tx, world, Some(&segment), bytes, &stuck),
            None => {
                received.segments += 1;
                self.keep_segment(tx, world, &segment, &applied)
            }
        }
    }

    /// Headquarters keeps what it can forward; the office opens what is sealed to `hq`.
    fn is_for_us(&self, header: &Header) -> bool {
        let Some(member) = &self.membership else { return false };
        let ours = member.roster.groups_of(&self.id);
        header.readers.iter().any(|key| match key.reader() {
            ReaderGroup::Group(group) => ours.contains(&group),
            ReaderGroup::Device(device) => device == self.id,
        })
    }

    /// Keeps a segment, and which records its payloads changed, so that its receipts count for them.
    fn keep_segment(
        &self,
        tx: &Tx<'_>,
        world: &World,
        segment: &Segment,
        applied: &[(u32, RecordId)],
    ) -> Result<()> {
        let (log, header, hash) = (segment.log(), segment.header(), segment.hash());
        self.saw(tx, &header.device, world.now())?;
        tx.put_segment(&NewSegment {
            hash,
            log,
            seq: header.seq,
            own: false,
            bytes: segment.encode(),
            payloads: u32::try_from(segment.len()).unwrap_or(u32::MAX),
            stored: world.now(),
        })?;
        let mut chain = read_chain(tx, &log)?;
        chain.observe(log, header.seq, hash, header.previous);
        tx.put_chain(&log, &chain.encode())?;
        for (index, record) in applied {
            tx.link_payload(&hash, *index, *record)?;
        }
        // Its author has it too: a record that came from a teammate is not only on this tablet.
        Ok(tx.mark_handed_over(&[hash], &self.name_of(&header.device), world.now())?)
    }

    /// Opens and applies every payload it can; gives the first reason why something could not be.
    fn open_segment(
        &mut self,
        tx: &Tx<'_>,
        world: &mut World,
        segment: &Segment,
        applied: &mut Vec<(u32, RecordId)>,
        received: &mut Received,
    ) -> Result<Option<Stuck>> {
        let member = self.membership.as_ref().ok_or(Error::NotJoined)?;
        let verified = match segment.verify(&member.roster) {
            Ok(verified) => verified,
            Err(error) => return Ok(Some(Stuck::by(error.disposition(), error.code()))),
        };
        let header = segment.header();
        if self.is_headquarters() && !is_read_by(header, member.roster.all()) {
            return Ok(None);
        }
        let opened = match verified.open(&member.keyring) {
            Ok(opened) => opened.collect::<Vec<_>>(),
            Err(error) => return Ok(Some(Stuck::by(error.disposition(), error.code()))),
        };
        self.see_incarnation(tx, header.device, header.incarnation)?;
        let mut first_stuck = None;
        for item in opened {
            let stuck = match item {
                Err(error) => Some(Stuck::by(error.disposition(), error.code())),
                Ok((index, frame)) => match self.codec.decode(&frame) {
                    Err(error) => Some(Stuck::by(error.disposition(), error.code())),
                    Ok(payload) => {
                        applied.extend(payload_record(&payload).map(|record| (index, record)));
                        self.apply(tx, world, header, payload, received)?
                    }
                },
            };
            received.applied += usize::from(stuck.is_none());
            first_stuck = first_stuck.or(stuck);
        }
        Ok(first_stuck)
    }

    fn apply(
        &mut self,
        tx: &Tx<'_>,
        world: &mut World,
        header: &Header,
        payload: Payload,
        received: &mut Received,
    ) -> Result<Option<Stuck>> {
        match payload {
            Payload::Change(part) => self.merge(tx, world, header, &part, false, received),
            Payload::Snapshot(part) => self.merge(tx, world, header, &part, true, received),
            Payload::Form { hash, package } => {
                let package = match Package::decode(&package) {
                    Ok(package) if package.hash() == hash => package,
                    _ => return Ok(Some(Stuck::quarantined("form.wrong-hash"))),
                };
                if !self.member()?.roster.form_published(&hash) {
                    return Ok(Some(Stuck::waiting("form.unpublished")));
                }
                self.store_form(tx, hash, &package)?;
                Ok(None)
            }
            Payload::Directory(directory) => {
                let member = self.member_mut()?;
                let hq = member.roster.hq();
                if !member.roster.members(&hq).contains(&header.device) {
                    return Ok(Some(Stuck::quarantined("directory.not-headquarters")));
                }
                if directory.serial <= member.directory.serial {
                    return Ok(None);
                }
                member.directory = directory;
                self.learn_names();
                self.store_membership(tx)?;
                Ok(None)
            }
            // Kinds that a later version sends are kept in their segment and shown by it.
            _ => Ok(None),
        }
    }

    fn merge(
        &mut self,
        tx: &Tx<'_>,
        world: &mut World,
        header: &Header,
        sent: &PartPayload,
        snapshot: bool,
        received: &mut Received,
    ) -> Result<Option<Stuck>> {
        let Ok(form) = self.form(&sent.form) else { return Ok(Some(Stuck::waiting("form.unknown"))) };
        if sent.kind == PartKind::Severe || sent.part != sent.record.shared_part() {
            return Ok(Some(Stuck::quarantined("part.not-shared")));
        }
        if tx.record(sent.record)?.is_none() {
            let now = world.now();
            tx.put_record(&Record {
                id: sent.record,
                form: sent.form,
                sharing: form.def().sharing,
                team: self.team_among(header),
                author: header.device,
                created: now,
                updated: now,
                status: Status::Draft,
                summary: String::new(),
            })?;
            let part = NewPart {
                id: sent.part,
                record: sent.record,
                kind: PartKind::Shared,
                form: sent.form,
                own: false,
            };
            tx.create_part(&part)?;
            let empty = Part::new();
            tx.put_document(sent.part, &empty.save(), &encode(&empty.heads()))?;
        }
        let stored = Stored::read(tx, sent.record)?;
        self.commit(tx, world, &stored, &stored.answers_with_journal()?, &Closing::handing_over())?;
        let Some(document) = tx.document(sent.part)? else {
            return Ok(Some(Stuck::quarantined("part.gone")));
        };
        let mut part = Part::load(&document.bytes)?;
        let changed = if snapshot {
            part.merge_snapshot(&sent.bytes).map(|new| !new.is_empty())
        } else {
            let signer = actor_prefix(sent.record, header.device, header.incarnation);
            match part.apply_change(&sent.bytes, signer) {
                Ok(Applied::Waiting { .. }) => return Ok(Some(Stuck::waiting("record.missing-change"))),
                Ok(applied) => Ok(matches!(applied, Applied::New(_))),
                Err(error) => Err(error),
            }
        };
        match changed {
            Err(error) => return Ok(Some(Stuck::quarantined(error.code()))),
            Ok(false) => {}
            Ok(true) => {
                tx.put_document(sent.part, &part.save(), &encode(&part.heads()))?;
                self.refresh(tx, world, sent.record)?;
                received.records.insert(sent.record);
            }
        }
        Ok(None)
    }

    /// The records that a segment says something of, as far as it can be opened here. Headquarters keeps what it
    /// passes on unopened, so it opens it for this.
    pub(crate) fn records_of(&mut self, r: &Reader<'_>, segment: &Segment) -> Result<BTreeSet<RecordId>> {
        let linked: BTreeSet<RecordId> = r.records_in(&segment.hash())?.into_iter().collect();
        if !linked.is_empty() || !self.is_headquarters() {
            return Ok(linked);
        }
        let member = self.membership.as_ref().ok_or(Error::NotJoined)?;
        let Ok(verified) = segment.verify(&member.roster) else { return Ok(linked) };
        let Ok(opened) = verified.open(&member.keyring) else { return Ok(linked) };
        let codec = &mut self.codec;
        let payloads = opened.filter_map(|item| codec.decode(&item.ok()?.1).ok());
        Ok(payloads.filter_map(|payload| payload_record(&payload)).collect())
    }

    fn team_among(&self, header: &Header) -> Option<GroupId> {
        let hq = self.member().ok()?.roster.hq();
        header.readers.iter().find_map(|key| match key.reader() {
            ReaderGroup::Group(group) if group != hq => Some(group),
            _ => None,
        })
    }
}

/// What names bytes that are no segment.
fn hash_of(bytes: &[u8]) -> SegmentHash {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    SegmentHash::from_slice(digest.as_ref()).unwrap_or(SegmentHash([0; 32]))
}

fn payload_record(payload: &Payload) -> Option<RecordId> {
    match payload {
        Payload::Change(part) | Payload::Snapshot(part) => Some(part.record),
        _ => None,
    }
}

fn is_read_by(header: &Header, group: GroupId) -> bool {
    header.readers.iter().any(|key| key.reader() == ReaderGroup::Group(group))
}

fn hold(tx: &Tx<'_>, world: &World, segment: Option<&Segment>, bytes: &[u8], stuck: &Stuck) -> Result<()> {
    tx.hold(&NewHeld {
        kind: "segment".into(),
        reason: stuck.code.clone(),
        quarantined: stuck.quarantined,
        log: segment.map_or(LogId([0; 16]), Segment::log),
        seq: segment.map_or(0, |s| s.header().seq),
        hash: segment.map_or_else(|| hash_of(bytes), Segment::hash),
        index: 0,
        bytes: bytes.to_vec(),
        at: world.now(),
    })?;
    Ok(())
}
