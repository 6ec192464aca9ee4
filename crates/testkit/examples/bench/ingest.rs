//! How fast headquarters takes records in: verify → decrypt → merge → evaluate → project, into the real store.
//!
//! Sealing is not in the figure. The stages are measured again one by one, on one thread, to say where time goes.

use crate::Run;
use crate::dice::Dice;
use crate::store::{Bare, Settings};
use crate::survey::{MONDAY_MS, Survey};
use crate::table::{Row, Section, figure};
use crate::timing::processor_seconds;
use baraza_forms::{Options, Session};
use baraza_model::{
    Answers, Edit, Entropy, Incarnation, PartId, PartKind, RecordId, SegmentHash, Sensitivity, Status,
    Timestamp,
};
use baraza_office::{Context, Library, Office};
use baraza_oplog::{
    AuthoritySecret, Codec, Compartment, DeviceSecret, Founding, Keyring, OfficerSecret, OpenBatch,
    PartPayload, Payload, Priority, Roster, Segment, TransportKey,
};
use baraza_record::{Actor, Commit, Part, actor_prefix};
use baraza_testkit::Result;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

const BATCH: usize = 100;
const WORKERS: usize = 2;
const INCARNATION: Incarnation = Incarnation([1; 8]);
/// Segments of which the stages are measured again.
const PROFILED: usize = 60;

/// A workspace with one office and one tablet.
struct Workspace {
    roster: Roster,
    keyring: Keyring,
    tablet: DeviceSecret,
}

impl Workspace {
    fn found(dice: &mut Dice) -> Result<Self> {
        let [office, tablet] = std::array::from_fn(|_| DeviceSecret::generate(dice));
        let founding = Founding {
            authority: &AuthoritySecret::generate(dice),
            officer: OfficerSecret::generate(dice),
            office: office.public(),
            transport: &TransportKey::generate(dice),
            recovery: None,
        };
        let (mut roster, mut author) = founding.found(dice)?;
        let all = roster.all();
        author.add_device(&mut roster, tablet.public(), &[all], dice)?;
        let mut keyring = Keyring::new();
        keyring.absorb(&roster, &office);
        Ok(Self { roster, keyring, tablet })
    }
}

/// What a tablet hands over, in the order in which segments were closed, and what it is made of.
#[derive(Default)]
struct Outbox {
    segments: Vec<Vec<u8>>,
    /// Bytes of all changes of shared parts, before compression.
    changes: usize,
    /// Bytes of all padded frames of shared parts, before sealing.
    shared: usize,
    /// The same of severe parts.
    severe: usize,
}

impl Outbox {
    fn bytes(&self) -> usize {
        self.segments.iter().map(Vec::len).sum()
    }

    fn sentence(&self, count: usize) -> String {
        let mean = |bytes: usize| figure(bytes as f64 / count.max(1) as f64);
        format!(
            "{} B a record: {} of the shared part (a change of {} B, compressed and padded), {} of the severe part, {} of \
             sealing, hashes and headers.",
            mean(self.bytes()),
            mean(self.shared),
            mean(self.changes),
            mean(self.severe),
            mean(self.bytes().saturating_sub(self.shared + self.severe)),
        )
    }
}

/// One log of the tablet, written in segments of a hundred payloads.
struct Log<'a> {
    space: &'a Workspace,
    to: Compartment,
    seq: u64,
    previous: Option<SegmentHash>,
    frames: Vec<Vec<u8>>,
}

impl<'a> Log<'a> {
    fn new(space: &'a Workspace, to: Compartment) -> Self {
        Self { space, to, seq: 1, previous: None, frames: Vec::new() }
    }

    fn push(&mut self, frame: Vec<u8>, dice: &mut Dice, out: &mut Outbox) -> Result<()> {
        self.frames.push(frame);
        if self.frames.len() == BATCH { self.close(dice, out) } else { Ok(()) }
    }

    fn close(&mut self, dice: &mut Dice, out: &mut Outbox) -> Result<()> {
        if self.frames.is_empty() {
            return Ok(());
        }
        let (roster, tablet) = (&self.space.roster, &self.space.tablet);
        let (to, priority, now) = (&self.to, Priority::Text, Timestamp(MONDAY_MS));
        let mut batch = OpenBatch::start(roster, &tablet.public(), INCARNATION, to, priority, now, dice)?;
        let mut sealed = Vec::with_capacity(self.frames.len());
        for frame in self.frames.drain(..) {
            sealed.push(Some(batch.seal(&frame, dice)?.bytes));
        }
        let segment = batch.close(tablet, self.seq, self.previous, sealed)?;
        self.seq += 1;
        self.previous = Some(segment.hash());
        out.segments.push(segment.encode());
        Ok(())
    }
}

pub(crate) fn measure(run: &Run, survey: &Survey) -> Result<Section> {
    let count = run.scale.ingested;
    let mut dice = Dice::new(42);
    let space = Workspace::found(&mut dice)?;
    let filled = survey.fill_many(0..count, run.cores)?;
    let answers: usize = filled.iter().map(|record| record.values.len()).sum();
    let ids: Vec<RecordId> = filled.iter().map(|_| RecordId::new_v4(&mut dice)).collect();
    let jsons: Vec<String> =
        ids.iter().zip(&filled).map(|(id, record)| survey.json(&id.to_string(), record)).collect();
    let outbox = seal_all(survey, &space, &ids, &filled, &mut dice)?;

    let mut library = Library::new();
    library.insert_form(survey.hash, Arc::clone(&survey.form), Arc::clone(&survey.dictionary));
    let (took, used) = ingest(run, &space, &library, outbox.segments.clone(), count)?;
    let bare = Bare::open(&run.folder.join("bare-ingest.store"), Settings::Office)?;
    let peer = insert(&bare, &ids, &jsons)?;

    let stages =
        Stages::measure(survey, &space, outbox.segments.get(..PROFILED).unwrap_or(&outbox.segments))?;
    let rate = |took: Duration| count as f64 / took.as_secs_f64().max(1e-9);
    Ok(Section {
        rows: vec![
            Row::new(format!("office ingest of {count} surveys, {WORKERS} workers"), "records/s", rate(took))
                .beside("plain INSERT of the JSON in SQLCipher", rate(peer))
                .at_least(15_000.0),
            Row::new("  a record, wall", "µs", micros(took, count)).beside("the same", micros(peer, count)),
        ],
        notes: vec![format!(
            "Ingest: {count} distinct surveys of {:.1} answers in {} segments of {BATCH} (shared and severe parts \
             apart). {} {}",
            answers as f64 / count as f64,
            outbox.segments.len(),
            outbox.sentence(count),
            stages.sentence(micros(took, count), micros(used, count))
        )],
    })
}

fn micros(took: Duration, count: usize) -> f64 {
    took.as_secs_f64() * 1e6 / count.max(1) as f64
}

/// Seals all records as a tablet does, shared parts to `hq` and severe parts to `hq-severe`; the segments come in
/// the order in which they were closed.
fn seal_all(
    survey: &Survey,
    space: &Workspace,
    ids: &[RecordId],
    filled: &[Answers],
    dice: &mut Dice,
) -> Result<Outbox> {
    let mut codec = Codec::new();
    codec.insert_form(survey.hash, Arc::clone(&survey.dictionary))?;
    let mut out = Outbox::default();
    let to = |group| Compartment::of_groups([group]).ok_or("no readers");
    let mut hq = Log::new(space, to(space.roster.hq())?);
    let mut hq_severe = Log::new(space, to(space.roster.hq_severe())?);
    for (record, answers) in ids.iter().zip(filled) {
        let is_severe = |edit: &Edit| matches!(edit, Edit::Set { sensitivity: Sensitivity::Severe, .. });
        let (severe, shared): (Vec<Edit>, Vec<Edit>) = survey.edits(answers).into_iter().partition(is_severe);
        let parts = [(PartKind::Shared, shared, &mut hq), (PartKind::Severe, severe, &mut hq_severe)];
        for (kind, edits, log) in parts {
            if edits.is_empty() {
                continue;
            }
            let part = match kind {
                PartKind::Shared => record.shared_part(),
                PartKind::Severe => PartId(dice.bytes()),
            };
            let actor = Actor::new(*record, space.tablet.public().id(), INCARNATION, dice);
            let status = (kind == PartKind::Shared).then_some(&Status::Complete);
            let commit = Commit { edits: &edits, status, time: Timestamp(MONDAY_MS), ..Commit::default() };
            let change = Part::new().commit(&actor, &commit)?.ok_or("a survey without a change")?;
            let length = change.bytes.len();
            let payload = PartPayload { record: *record, part, kind, form: survey.hash, bytes: change.bytes };
            let frame = codec.encode(&Payload::Change(payload))?.to_vec();
            match kind {
                PartKind::Shared => {
                    (out.shared, out.changes) = (out.shared + frame.len(), out.changes + length)
                }
                PartKind::Severe => out.severe += frame.len(),
            }
            log.push(frame, dice, &mut out)?;
        }
    }
    hq.close(dice, &mut out)?;
    hq_severe.close(dice, &mut out)?;
    Ok(out)
}

/// The time of one import into a new store, by the clock and on the processors. What was held or lost makes the figure worthless.
fn ingest(
    run: &Run,
    space: &Workspace,
    library: &Library,
    segments: Vec<Vec<u8>>,
    count: usize,
) -> Result<(Duration, Duration)> {
    let context = Context {
        roster: &space.roster,
        keyring: &space.keyring,
        library,
        now: Timestamp(MONDAY_MS),
        zone_minutes: 120,
    };
    let mut office = Office::open(&run.folder.join("office.db"), &[5; 32])?;
    office.set_workers(WORKERS);
    // The tables of the form are made once in the life of an office.
    office.ingest(&context, Vec::<Vec<u8>>::new())?;
    let (begun, used) = (Instant::now(), processor_seconds());
    let report = office.ingest(&context, segments)?;
    let took = begun.elapsed();
    let used = processor_seconds().zip(used).map_or(0.0, |(after, before)| after - before);
    if report.new_records != count as u64 || !report.held.is_empty() {
        return Err(
            format!("{} of {count} records arrived; held: {:?}", report.new_records, report.held).into()
        );
    }
    Ok((took, Duration::from_secs_f64(used)))
}

/// The time of writing the same records' JSON into SQLCipher, a hundred in a transaction.
fn insert(bare: &Bare, ids: &[RecordId], jsons: &[String]) -> Result<Duration> {
    let rows: Vec<(&RecordId, &String)> = ids.iter().zip(jsons).collect();
    let begun = Instant::now();
    for hundred in rows.chunks(BATCH) {
        let tx = bare.conn.unchecked_transaction()?;
        for (id, json) in hundred {
            tx.prepare_cached("INSERT INTO record (id, body) VALUES (?1, ?2)")?
                .execute(rusqlite::params![id.0, json])?;
        }
        tx.commit()?;
    }
    Ok(begun.elapsed())
}

/// Microseconds a record of each stage on one thread, without the store.
struct Stages {
    open: f64,
    merge: f64,
    evaluate: f64,
}

impl Stages {
    fn measure(survey: &Survey, space: &Workspace, segments: &[Vec<u8>]) -> Result<Self> {
        let mut codec = Codec::new();
        codec.insert_form(survey.hash, Arc::clone(&survey.dictionary))?;
        let begun = Instant::now();
        let mut changes: Vec<PartPayload> = Vec::new();
        for bytes in segments {
            let segment = Segment::decode(bytes)?;
            for frame in segment.verify(&space.roster)?.open(&space.keyring)? {
                if let Payload::Change(change) = codec.decode(&frame?.1)? {
                    changes.push(change);
                }
            }
        }
        let open = begun.elapsed();

        let begun = Instant::now();
        let device = space.tablet.public().id();
        let mut records: HashMap<RecordId, Answers> = HashMap::new();
        for change in &changes {
            let signer = actor_prefix(change.record, device, INCARNATION);
            let part = Part::from_change(&change.bytes, signer)?;
            std::hint::black_box((part.state(), part.save(), part.has_conflicts()));
            records.entry(change.record).or_default().values.extend(part.answers().values);
        }
        let merge = begun.elapsed();

        let begun = Instant::now();
        for answers in records.values() {
            let options = Options { now_ms: MONDAY_MS, zone_minutes: 120, ..Options::default() };
            std::hint::black_box(Session::evaluate(&survey.form, options, answers));
        }
        let evaluate = begun.elapsed();
        // Severe parts of records whose shared part lies further on count as a part of a record.
        let count = changes.iter().filter(|change| change.kind == PartKind::Shared).count();
        Ok(Self {
            open: micros(open, count),
            merge: micros(merge, count),
            evaluate: micros(evaluate, records.len()),
        })
    }

    fn sentence(&self, wall: f64, used: f64) -> String {
        let Self { open, merge, evaluate } = self;
        let rest = used - (open + merge + evaluate);
        let most = WORKERS as f64 * 1e6 / used.max(1.0);
        format!(
            "A record takes {wall:.0} µs by the clock and {used:.0} µs of processor time (so {} records/s at most on \
             {WORKERS} free cores). Measured alone on one thread: verify and open {open:.0} µs, merge {merge:.0} µs, \
             evaluate {evaluate:.0} µs; the remaining {rest:.0} µs are reading, writing and encrypting the store, which one \
             thread does.",
            figure(most)
        )
    }
}
