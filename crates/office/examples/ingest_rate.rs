//! How fast headquarters takes in records: `cargo run --release -p baraza-office --example ingest_rate [N] [WORKERS] [ROUNDS]`.
//!
//! A fixed generator fills the built-in survey (its relevance decides what is asked) `N` times, each finalised and
//! sealed in segments of 100, and the time of `Office::ingest` into a fresh SQLCipher store on disk is printed:
//! verify → decrypt → merge → evaluate → project → commit. Sealing is not in the figure.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an example that measures"
)]

use baraza_forms::{Attachments, Form, NodeKind, NodeView, Options, Session, xlsform};
use baraza_model::{
    Edit, Entropy, FormHash, Incarnation, PartId, PartKind, RecordId, SegmentHash, Sensitivity, Status,
    Timestamp,
};
use baraza_office::{Context, ExportOptions, IngestReport, Library, Office, TableQuery};
use baraza_oplog::{
    AuthoritySecret, Codec, Compartment, DeviceSecret, Founding, Keyring, OfficerSecret, OpenBatch,
    PartPayload, Payload, Priority, Roster, TransportKey,
};
use baraza_record::{Actor, Commit, Part, Sample, dictionary_sample};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Distinct sets of answers; records repeat them with ids of their own.
const TEMPLATES: usize = 200;
const SEGMENT: usize = 100;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }
}

impl Entropy for Random {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
    }
}

fn survey() -> Arc<Form> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/instruments/xlsx");
    let bytes = std::fs::read(folder.join("survey.xlsx")).unwrap();
    let sites = std::fs::read(folder.join("sites.csv")).unwrap();
    let import = xlsform::import(&bytes, "survey", &["sites.csv"]);
    let def = import.form.unwrap_or_else(|| panic!("{:?}", import.diagnostics));
    let attachments = Attachments(BTreeMap::from([("sites.csv".to_owned(), sites)]));
    let compiled = Form::compile(def, &attachments);
    compiled.form.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

fn dictionary(form: &Form) -> Arc<[u8]> {
    let samples = form.schema().tables.iter().flat_map(|table| {
        table.columns.iter().map(|column| Sample {
            question: column.path.clone(),
            repeat: (!table.repeat.is_empty()).then(|| table.repeat.clone()),
            text: column.multiline,
            values: column.choices.iter().map(|c| c.value.clone()).collect(),
        })
    });
    dictionary_sample(&samples.collect::<Vec<_>>()).into()
}

/// An answer that fits the question, or nothing.
fn answer(node: &NodeView, rng: &mut Random) -> Option<String> {
    let pick = |rng: &mut Random| {
        let choices = node.choices.as_ref()?;
        Some(choices.get(rng.below(choices.len()))?.value.clone())
    };
    // Nine in ten people agree to talk; the rest give the short records that every survey has.
    if let Some(agrees) = node.choices.iter().flatten().find(|c| c.value == "talk" || c.value == "yes")
        && (agrees.value == "talk" || node.path.ends_with("/consent"))
        && rng.below(10) > 0
    {
        return Some(agrees.value.clone());
    }
    match node.kind {
        NodeKind::Select | NodeKind::Rank if node.multiple => {
            let mut taken = vec![pick(rng)?, pick(rng)?];
            taken.dedup();
            Some(taken.join(" "))
        }
        NodeKind::Select => pick(rng),
        NodeKind::Trigger => Some("OK".to_owned()),
        NodeKind::Range => Some((1 + rng.below(5)).to_string()),
        NodeKind::Input => Some(match node.datatype.as_str() {
            "int" => (18 + rng.below(60)).to_string(),
            "decimal" => format!("{}.5", rng.below(40)),
            "date" => format!("2026-1{}-{:02}", rng.below(2), 1 + rng.below(28)),
            "dateTime" => "2026-11-02T09:00:00.000+03:00".to_owned(),
            "time" => "09:30:00.000".to_owned(),
            "geopoint" => "-1.4 29.2 0 0".to_owned(),
            "string" => ["the road to the well", "at night", "people came back", "no firewood"][rng.below(4)]
                .to_owned(),
            _ => return None,
        }),
        _ => None,
    }
}

/// Fills the form as a person would: whatever is asked and blank gets an answer, until nothing more is asked.
fn fill(form: &Arc<Form>, rng: &mut Random) -> Vec<Edit> {
    let options = Options { now_ms: 1_793_600_000_000, device_alias: "T4".to_owned(), ..Options::default() };
    let mut session = Session::start(Arc::clone(form), options, rng);
    for _ in 0..6 {
        let asked: Vec<NodeView> =
            session.nodes().into_iter().filter(|n| n.relevant && !n.readonly && n.value.is_empty()).collect();
        let mut answered = 0;
        for node in asked {
            let Some(value) = answer(&node, rng) else { continue };
            answered += usize::from(session.set(&node.path, &value).is_ok());
        }
        if answered == 0 {
            break;
        }
    }
    // A refused answer is cleared, as a person would correct it.
    for node in session.violations() {
        let _ = session.set(&node.path, "");
    }
    session.finalise();
    session.take_edits()
}

struct Log<'a> {
    device: &'a DeviceSecret,
    roster: &'a Roster,
    to: Compartment,
    seq: u64,
    previous: Option<SegmentHash>,
    frames: Vec<Vec<u8>>,
}

impl Log<'_> {
    fn push(&mut self, frame: Vec<u8>, rng: &mut Random, out: &mut Vec<Vec<u8>>) {
        self.frames.push(frame);
        if self.frames.len() == SEGMENT {
            self.close(rng, out);
        }
    }

    fn close(&mut self, rng: &mut Random, out: &mut Vec<Vec<u8>>) {
        if self.frames.is_empty() {
            return;
        }
        let public = self.device.public();
        let mut batch = OpenBatch::start(
            self.roster,
            &public,
            Incarnation([1; 8]),
            &self.to,
            Priority::Text,
            Timestamp(0),
            rng,
        )
        .unwrap();
        let sealed: Vec<_> =
            self.frames.drain(..).map(|f| Some(batch.seal(&f, rng).unwrap().bytes)).collect();
        let segment = batch.close(self.device, self.seq, self.previous, sealed).unwrap();
        self.seq += 1;
        self.previous = Some(segment.hash());
        out.push(segment.encode());
    }
}

/// The changes of a filled form: the shared part's, and a severe part's if it has severe answers.
fn changes(
    record: RecordId,
    edits: &[Edit],
    device: &DeviceSecret,
    rng: &mut Random,
) -> (Vec<u8>, Option<Vec<u8>>) {
    let is_severe = |edit: &&Edit| matches!(edit, Edit::Set { sensitivity: Sensitivity::Severe, .. });
    let (severe, shared): (Vec<&Edit>, Vec<&Edit>) = edits.iter().partition(is_severe);
    let actor = Actor::new(record, device.public().id(), Incarnation([1; 8]), rng);
    let commit = |edits: Vec<&Edit>, status| {
        let edits: Vec<Edit> = edits.into_iter().cloned().collect();
        let commit =
            Commit { edits: &edits, status, time: Timestamp(1_793_600_000_000), ..Commit::default() };
        Part::new().commit(&actor, &commit).unwrap().map(|c| c.bytes)
    };
    let status = Status::Complete;
    let instances = shared.iter().filter(|e| matches!(e, Edit::Add(_))).copied();
    let severe = if severe.is_empty() { None } else { commit(instances.chain(severe).collect(), None) };
    (commit(shared, Some(&status)).unwrap(), severe)
}

/// Everything that ingest is given.
struct Input {
    roster: Roster,
    keyring: Keyring,
    library: Library,
    form_id: String,
    segments: Vec<Vec<u8>>,
    office: DeviceSecret,
}

impl Input {
    fn generate(count: usize) -> Self {
        let mut rng = Random(42);
        let form = survey();
        let dictionary = dictionary(&form);
        let (hash, form_id) = (form.hash(), form.def().id.clone());
        let [office, tablet] = std::array::from_fn(|_| DeviceSecret::generate(&mut rng));
        let founding = Founding {
            authority: &AuthoritySecret::generate(&mut rng),
            officer: OfficerSecret::generate(&mut rng),
            office: office.public(),
            transport: &TransportKey::generate(&mut rng),
            recovery: None,
        };
        let (mut roster, mut author) = founding.found(&mut rng).unwrap();
        let all = roster.all();
        author.add_device(&mut roster, tablet.public(), &[all], &mut rng).unwrap();
        let mut keyring = Keyring::new();
        keyring.absorb(&roster, &office);
        let templates: Vec<Vec<Edit>> = (0..TEMPLATES.min(count)).map(|_| fill(&form, &mut rng)).collect();
        let mut codec = Codec::new();
        codec.insert_form(hash, Arc::clone(&dictionary)).unwrap();
        let segments = seal(count, &templates, hash, &codec, &tablet, &roster, &mut rng);
        let given = |e: &&Edit| matches!(e, Edit::Set { value: Some(_), .. });
        let answers = templates.iter().flatten().filter(given).count();
        println!(
            "{count} surveys, {:.1} answers each, {} segments, {:.0} bytes a record on the wire",
            answers as f64 / templates.len() as f64,
            segments.len(),
            segments.iter().map(Vec::len).sum::<usize>() as f64 / count as f64
        );
        let mut library = Library::new();
        library.insert_form(hash, form, dictionary);
        Self { roster, keyring, library, form_id, segments, office }
    }

    fn context(&self) -> Context<'_> {
        let Self { roster, keyring, library, .. } = self;
        Context { roster, keyring, library, now: Timestamp(1), zone_minutes: 0 }
    }

    /// Imports everything into a fresh store; gives it and the seconds that it took.
    fn round(&self, file: &Path, workers: usize) -> (Office, IngestReport, f64) {
        let mut office = Office::open(file, &[5; 32]).unwrap();
        office.set_workers(workers);
        // Tables are made once in the life of a store.
        office.ingest(&self.context(), Vec::<Vec<u8>>::new()).unwrap();
        let start = Instant::now();
        let report = office.ingest(&self.context(), self.segments.iter().cloned()).unwrap();
        let took = start.elapsed().as_secs_f64();
        (office, report, took)
    }
}

fn seal(
    count: usize,
    templates: &[Vec<Edit>],
    form: FormHash,
    codec: &Codec,
    tablet: &DeviceSecret,
    roster: &Roster,
    rng: &mut Random,
) -> Vec<Vec<u8>> {
    let log = |group| Log {
        device: tablet,
        roster,
        to: Compartment::of_groups([group]).unwrap(),
        seq: 1,
        previous: None,
        frames: Vec::new(),
    };
    let (mut hq, mut hq_severe) = (log(roster.hq()), log(roster.hq_severe()));
    let mut segments = Vec::new();
    for number in 0..count {
        let record = RecordId::new_v4(rng);
        let (shared, severe) = changes(record, &templates[number % templates.len()], tablet, rng);
        let part = |part, kind, bytes| PartPayload { record, part, kind, form, bytes };
        let payload = Payload::Change(part(record.shared_part(), PartKind::Shared, shared));
        hq.push(codec.encode(&payload).unwrap().to_vec(), rng, &mut segments);
        if let Some(severe) = severe {
            let payload = Payload::Change(part(PartId(rng.bytes()), PartKind::Severe, severe));
            hq_severe.push(codec.encode(&payload).unwrap().to_vec(), rng, &mut segments);
        }
    }
    hq.close(rng, &mut segments);
    hq_severe.close(rng, &mut segments);
    segments
}

/// How long a screen waits for a page of the table, for a search in it, and for a menu.
fn table_pages(office: &Office, input: &Input) {
    let library = input.context().library;
    let query = TableQuery { form_id: input.form_id.clone(), limit: 50, ..TableQuery::default() };
    let timed = |what: &str, query: &TableQuery| {
        let start = Instant::now();
        let table = office.table(query, library).unwrap();
        let took = start.elapsed().as_secs_f64() * 1000.0;
        println!("{what}: {} of {} rows in {took:.0} ms", table.rows.len(), table.matching);
        table
    };
    let table = timed("first page", &query);
    timed("last page", &TableQuery { offset: u32::try_from(table.total).unwrap() - 50, ..query.clone() });
    timed("search", &TableQuery { words: "the".into(), ..query.clone() });
    let menu = table.columns.iter().find(|column| column.data_type == "select1").unwrap();
    let start = Instant::now();
    let facets = office.facets(&input.form_id, &menu.question, None, library).unwrap();
    println!("menu: {} values in {:.0} ms", facets.len(), start.elapsed().as_secs_f64() * 1000.0);
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|a| a.parse::<usize>().unwrap());
    let count = arguments.next().unwrap_or(5_000);
    let workers = arguments.next().unwrap_or(2);
    let rounds = arguments.next().unwrap_or(3).max(1);
    let input = Input::generate(count);
    let folder = std::env::temp_dir().join(format!("baraza-ingest-rate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut times = Vec::new();
    for round in 1..rounds {
        times.push(input.round(&folder.join(format!("office-{round}.db")), workers).2);
    }
    let file = folder.join("office.db");
    let (mut office, report, took) = input.round(&file, workers);
    times.push(took);
    times.sort_by(f64::total_cmp);
    println!(
        "ingest: {:.0} records/s best of {rounds}, {:.0} median ({workers} workers; {} new, {} applied, held {:?})",
        count as f64 / times[0],
        count as f64 / times[times.len() / 2],
        report.new_records,
        report.applied,
        report.held
    );
    let start = Instant::now();
    office.ingest(&input.context(), input.segments.iter().cloned()).unwrap();
    println!("again (all duplicates): {:.0} records/s", count as f64 / start.elapsed().as_secs_f64());
    let options = ExportOptions { form: input.form_id.clone(), ..ExportOptions::default() };
    let start = Instant::now();
    let by = input.office.public().id();
    let export = office.export_csv(&input.context(), &folder.join("csv"), &options, by).unwrap();
    println!("CSV: {} records in {:.2} s", export.records, start.elapsed().as_secs_f64());
    table_pages(&office, &input);
    drop(office);
    let size = std::fs::metadata(&file).unwrap().len();
    println!("store: {:.0} bytes a record", size as f64 / count as f64);
    std::fs::remove_dir_all(&folder).unwrap();
}
