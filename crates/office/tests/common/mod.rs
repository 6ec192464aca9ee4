//! A workspace with people in it: Amina at headquarters (protection officer), Musa (analyst, without severe answers),
//! Yusuf and Grace with a tablet each, in team east.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test should fail here")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use baraza_forms::{Attachments, Form, xform};
use baraza_model::{
    AnswerPath, Edit, Entropy, FormHash, GroupId, Incarnation, Instance, InstanceId, PartId, PartKind,
    RecordId, SegmentHash, Sensitivity, Status, Timestamp,
};
use baraza_office::{Context, Library, Office};
use baraza_oplog::{
    Author, AuthoritySecret, Codec, Compartment, DeviceSecret, Founding, Keyring, OfficerSecret, OpenBatch,
    PartPayload, Payload, Priority, Roster, Segment, TransportKey,
};
use baraza_record::{Actor, Commit, Part, Sample, dictionary_sample};
use ring::digest::{SHA256, digest};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Repeatable bytes: SHA-256 of a seed and a counter.
pub(crate) struct Seeded(u64, u64);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed, 0)
    }
}

impl Entropy for Seeded {
    fn fill(&mut self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(32) {
            self.1 += 1;
            let block = digest(&SHA256, &[self.0.to_be_bytes(), self.1.to_be_bytes()].concat());
            chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
        }
    }
}

pub(crate) const KEY: [u8; 32] = [7; 32];
pub(crate) const NOON: Timestamp = Timestamp(1_790_000_000_000);

/// A village visit. Version 2 asks for the road and lets people be counted in halves.
fn visit_xml(version: u32) -> String {
    let (road, road_bind, people) = match version {
        1 => ("", "", "int"),
        _ => ("<road/>", r#"<bind nodeset="/data/road" type="string"/>"#, "decimal"),
    };
    let road_body = if version == 1 { "" } else { r#"<input ref="/data/road"><label>Road</label></input>"# };
    format!(
        r##"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
         xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"
         xmlns:baraza="http://baraza.example/xforms">
        <h:head><h:title>Visit</h:title><model>
          <instance><data id="visit" version="{version}"><site/><g><people/><mood/></g><double/><source/><notes/>{road}
            <contacts jr:template=""><who/><size/></contacts>
            <orx:meta><orx:instanceID/></orx:meta></data></instance>
          <bind nodeset="/data/site" type="string" required="true()" baraza:hxl="#loc +name"/>
          <bind nodeset="/data/g/people" type="{people}" constraint=". &lt;= 500" baraza:hxl="#affected"/>
          <bind nodeset="/data/g/mood" type="string" relevant="/data/g/people &gt; 0"/>
          <bind nodeset="/data/double" type="int" calculate="/data/g/people * 2"/>
          <bind nodeset="/data/source" type="string" baraza:sensitivity="severe"/>
          <bind nodeset="/data/notes" type="string"/>
          {road_bind}
          <bind nodeset="/data/contacts/who" type="string"/>
          <bind nodeset="/data/contacts/size" type="int"/>
        </model></h:head>
        <h:body>
          <input ref="/data/site"><label>Site</label></input>
          <input ref="/data/g/people"><label>People</label></input>
          <input ref="/data/g/mood"><label>Mood</label></input>
          <input ref="/data/source"><label>Who said so?</label></input>
          <input ref="/data/notes" appearance="multiline"><label>Notes</label></input>{road_body}
          <group ref="/data/contacts"><label>Contacts</label><repeat nodeset="/data/contacts">
            <input ref="/data/contacts/who"><label>Who</label></input>
            <input ref="/data/contacts/size"><label>Size</label></input>
          </repeat></group>
        </h:body></h:html>"##
    )
}

pub(crate) fn visit(version: u32) -> Arc<Form> {
    let imported = xform::import(&visit_xml(version));
    let def = imported.def.unwrap_or_else(|| panic!("{:?}", imported.diagnostics));
    let compiled = Form::compile(def, &Attachments::default());
    compiled.form.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

/// The dictionary of a form, as the app derives it.
pub(crate) fn dictionary(form: &Form) -> Arc<[u8]> {
    let samples: Vec<Sample> = form
        .schema()
        .tables
        .iter()
        .flat_map(|table| {
            table.columns.iter().map(|column| Sample {
                question: column.path.clone(),
                repeat: (!table.repeat.is_empty()).then(|| table.repeat.clone()),
                text: column.multiline,
                values: column.choices.iter().map(|c| c.value.clone()).collect(),
            })
        })
        .collect();
    dictionary_sample(&samples).into()
}

pub(crate) struct World {
    pub(crate) rng: Seeded,
    pub(crate) author: Author,
    pub(crate) roster: Roster,
    pub(crate) amina: DeviceSecret,
    pub(crate) musa: DeviceSecret,
    pub(crate) east: GroupId,
    pub(crate) library: Library,
    pub(crate) visit: FormHash,
    pub(crate) visit2: FormHash,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut rng = Seeded::new(7);
        let authority = AuthoritySecret::generate(&mut rng);
        let transport = TransportKey::generate(&mut rng);
        let [amina, musa] = std::array::from_fn(|_| DeviceSecret::generate(&mut rng));
        let founding = Founding {
            authority: &authority,
            officer: OfficerSecret::generate(&mut rng),
            office: amina.public(),
            transport: &transport,
            recovery: None,
        };
        let (mut roster, mut author) = founding.found(&mut rng).unwrap();
        let hq = roster.hq();
        author.add_device(&mut roster, musa.public(), &[hq], &mut rng).unwrap();
        let (east, _) = author.create_team(&mut roster, &mut rng).unwrap();
        let mut library = Library::new();
        library.name_device(amina.public().id(), "Amina");
        let [visit, visit2] = [1, 2].map(|version| {
            let form = visit(version);
            let hash = form.hash();
            library.insert_form(hash, Arc::clone(&form), dictionary(&form));
            hash
        });
        Self { rng, author, roster, amina, musa, east, library, visit, visit2 }
    }

    /// Enrols a tablet of team east.
    pub(crate) fn tablet(&mut self, name: &str) -> Tablet {
        let secret = DeviceSecret::generate(&mut self.rng);
        let groups = [self.east, self.roster.all()];
        self.author.add_device(&mut self.roster, secret.public(), &groups, &mut self.rng).unwrap();
        self.library.name_device(secret.public().id(), name);
        let incarnation = Incarnation(self.rng.bytes());
        Tablet { secret, incarnation, logs: BTreeMap::new() }
    }

    pub(crate) fn keyring(&self, device: &DeviceSecret) -> Keyring {
        let mut ring = Keyring::new();
        assert_eq!(ring.absorb(&self.roster, device).failed, []);
        ring
    }

    pub(crate) fn hq(&self) -> Compartment {
        Compartment::of_groups([self.roster.hq()]).unwrap()
    }

    pub(crate) fn severe(&self) -> Compartment {
        Compartment::of_groups([self.roster.hq_severe()]).unwrap()
    }

    pub(crate) fn team(&self) -> Compartment {
        Compartment::of_groups([self.roster.hq(), self.east]).unwrap()
    }

    /// Imports with Amina's keys, at noon.
    pub(crate) fn ingest(&self, office: &mut Office, segments: &[&Vec<u8>]) -> baraza_office::IngestReport {
        self.ingest_as(&self.amina, office, segments, NOON)
    }

    pub(crate) fn ingest_as(
        &self,
        device: &DeviceSecret,
        office: &mut Office,
        segments: &[&Vec<u8>],
        now: Timestamp,
    ) -> baraza_office::IngestReport {
        let keyring = self.keyring(device);
        office.ingest(&self.context(&keyring, now), segments.iter().map(|s| (*s).clone())).unwrap()
    }

    pub(crate) fn context<'a>(&'a self, keyring: &'a Keyring, now: Timestamp) -> Context<'a> {
        Context { roster: &self.roster, keyring, library: &self.library, now, zone_minutes: 0 }
    }

    /// The payload of a change of a record's shared part.
    pub(crate) fn shared(&self, record: RecordId, form: FormHash, bytes: &[u8]) -> Payload {
        let part = record.shared_part();
        Payload::Change(PartPayload { record, part, kind: PartKind::Shared, form, bytes: bytes.to_vec() })
    }

    pub(crate) fn record(&mut self) -> RecordId {
        RecordId::new_v4(&mut self.rng)
    }
}

/// A device that writes.
pub(crate) struct Tablet {
    pub(crate) secret: DeviceSecret,
    pub(crate) incarnation: Incarnation,
    pub(crate) logs: BTreeMap<Compartment, (u64, Option<SegmentHash>)>,
}

impl Tablet {
    pub(crate) fn id(&self) -> baraza_model::DeviceId {
        self.secret.public().id()
    }

    pub(crate) fn actor(&self, record: RecordId, rng: &mut Seeded) -> Actor {
        Actor::new(record, self.id(), self.incarnation, rng)
    }

    /// Seals payloads as the next segment of the log.
    pub(crate) fn seal(&mut self, world: &mut World, to: &Compartment, payloads: &[Payload]) -> Vec<u8> {
        self.seal_segment(world, to, payloads).encode()
    }

    pub(crate) fn seal_segment(
        &mut self,
        world: &mut World,
        to: &Compartment,
        payloads: &[Payload],
    ) -> Segment {
        let mut codec = Codec::new();
        for (hash, entry) in world.library.forms() {
            codec.insert_form(*hash, entry.dictionary.clone()).unwrap();
        }
        let frames: Vec<_> = payloads.iter().map(|payload| codec.encode(payload).unwrap()).collect();
        self.seal_frames(world, to, &frames.iter().map(|f| f.as_slice()).collect::<Vec<_>>())
    }

    pub(crate) fn seal_frames(&mut self, world: &mut World, to: &Compartment, frames: &[&[u8]]) -> Segment {
        let (seq, previous) = self.logs.get(to).copied().unwrap_or((1, None));
        let mut batch = OpenBatch::start(
            &world.roster,
            &self.secret.public(),
            self.incarnation,
            to,
            Priority::Text,
            NOON,
            &mut world.rng,
        )
        .unwrap();
        let sealed: Vec<_> =
            frames.iter().map(|f| Some(batch.seal(f, &mut world.rng).unwrap().bytes)).collect();
        let segment = batch.close(&self.secret, seq, previous, sealed).unwrap();
        self.logs.insert(to.clone(), (seq + 1, Some(segment.hash())));
        segment
    }

    /// Fills and finalises a visit; gives its payload.
    pub(crate) fn visit(&self, world: &mut World, record: RecordId, answers: &[(&str, &str)]) -> Payload {
        let bytes = self.commit(world, record, &mut Part::new(), answers, Some(&Status::Complete));
        world.shared(record, world.visit, &bytes)
    }

    /// Writes answers to a part; gives the change.
    pub(crate) fn commit(
        &self,
        world: &mut World,
        record: RecordId,
        part: &mut Part,
        answers: &[(&str, &str)],
        status: Option<&Status>,
    ) -> Vec<u8> {
        let edits: Vec<Edit> = answers.iter().map(|(question, value)| set(question, value)).collect();
        self.commit_edits(world, record, part, &edits, status)
    }

    pub(crate) fn commit_edits(
        &self,
        world: &mut World,
        record: RecordId,
        part: &mut Part,
        edits: &[Edit],
        status: Option<&Status>,
    ) -> Vec<u8> {
        let actor = self.actor(record, &mut world.rng);
        let commit = Commit { edits, status, time: NOON, ..Commit::default() };
        part.commit(&actor, &commit).unwrap().unwrap().bytes
    }

    /// A severe part of a record, sealed apart.
    pub(crate) fn severe(&self, world: &mut World, record: RecordId, answers: &[(&str, &str)]) -> Payload {
        let bytes = self.commit(world, record, &mut Part::new(), answers, None);
        let part = PartId(world.rng.bytes());
        Payload::Change(PartPayload { record, part, kind: PartKind::Severe, form: world.visit, bytes })
    }
}

pub(crate) fn set(question: &str, value: &str) -> Edit {
    let path = AnswerPath { instance: None, question: question.to_owned() };
    let value = (!value.is_empty()).then(|| value.to_owned());
    Edit::Set { path, value, text: question == "notes", sensitivity: Sensitivity::Moderate }
}

/// A contact: the instance, and who and how many.
pub(crate) fn contact(id: InstanceId, order: u32, who: &str, size: &str) -> Vec<Edit> {
    let at = |question: &str, value: &str| Edit::Set {
        path: AnswerPath { instance: Some(id), question: question.to_owned() },
        value: Some(value.to_owned()),
        text: false,
        sensitivity: Sensitivity::Moderate,
    };
    let instance = Instance { id, repeat: "contacts".to_owned(), parent: None, order, removed: false };
    vec![Edit::Add(instance), at("contacts/who", who), at("contacts/size", size)]
}

pub(crate) fn open(dir: &Path) -> Office {
    Office::open(&dir.join("office.db"), &KEY).unwrap()
}

/// All files of a folder, by name.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap());
    entries
        .map(|e| (e.file_name().into_string().unwrap(), std::fs::read_to_string(e.path()).unwrap()))
        .collect()
}
