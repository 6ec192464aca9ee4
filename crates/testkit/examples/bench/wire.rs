//! Bytes on the wire: real surveys on a real tablet, handed to a real hub on loopback.
//!
//! Counted is the whole body of the request that pushes them: envelope, signature, segment headers, wraps, hashes,
//! padding, and the severe parts that travel in segments of their own. The form, the roster and the names reached
//! the tablet before; they are stated and not counted.

use crate::Run;
use crate::survey::{Fillable, Survey, fill, relevant};
use crate::table::{Row, Section, figure};
use baraza_app::{Completion, Device, Draft, Error};
use baraza_forms::Session;
use baraza_model::{RecordId, Role};
use baraza_oplog::HubAddress;
use baraza_testkit::{Mission, Person, Result};

/// Records in one signed segment: the tablet is handed over, by card, as often as that.
const BATCH: usize = 100;
const LEVEL: i32 = 19;
const DICTIONARY_BYTES: usize = 16 * 1024;
/// Where the records begin of which the peer's dictionary is made.
const OTHERS: usize = 1_000_000;

/// A draft on a device: every answer is committed before the next is given.
struct OnDevice<'a> {
    device: &'a mut Device,
    draft: Draft,
}

impl Fillable for OnDevice<'_> {
    fn session(&self) -> &Session {
        self.draft.session()
    }

    fn answer(&mut self, path: &str, value: &str) -> Result<bool> {
        match self.device.set(&mut self.draft, path, value) {
            Ok(()) => Ok(true),
            Err(Error::Step(_)) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }
}

pub(crate) fn measure(run: &Run, survey: &Survey) -> Result<Section> {
    let mut mission = Mission::found(&run.folder.join("mission"), &["survey"])?;
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None)?;
    mission.brief(&mut [&mut amina])?;
    let relay = mission.open_hub()?;
    let hub = amina.hub_address(&relay.url, Some(&relay.key))?;
    let before = mission.ines.sync_with_hub(&hub)?.bytes_up + amina.sync_with_hub(&hub)?.bytes_up;

    let count = run.scale.pushed;
    let first = record(&mut amina, survey, 0)?;
    let one = amina.sync_with_hub(&hub)?;
    let (mut jsons, mut card) = (Vec::with_capacity(count), 0);
    for number in 1..=count {
        jsons.push(record(&mut amina, survey, number)?);
        if number % BATCH == 0 {
            card = amina.bundle_out(&mission.card("surveys"), "card")?.bytes;
        }
    }
    let many = amina.sync_with_hub(&hub)?;
    let nothing = amina.sync_with_hub(&hub)?;
    let arrived = arrived(&mut mission, &hub)?;
    if arrived != count + 1 {
        return Err(format!("headquarters has {arrived} records of {}", count + 1).into());
    }

    let per_record = |bytes: usize| bytes as f64 / count as f64;
    let json: usize = jsons.iter().map(String::len).sum();
    let alone = zstd_alone(&jsons)?;
    let with_dictionary = zstd_with_dictionary(run, survey, &jsons)?;
    let segments = many.handed_over;
    Ok(Section {
        rows: vec![
            Row::new("1 survey on the wire, alone", "B", one.bytes_up as f64)
                .beside("zstd-19 of its JSON", zstd_alone(&[first])? as f64),
            Row::new(
                format!("{count} surveys, segments of {BATCH}, a record"),
                "B",
                per_record(many.bytes_up),
            )
            .beside("zstd-19 of each JSON alone", per_record(alone))
            .ratio_at_most(0.65),
            Row::new("  the same beside a dictionary", "B", per_record(many.bytes_up))
                .beside("zstd-19, dictionary of 1,000 others", per_record(with_dictionary)),
            Row::new("  as a bundle on a card, with the roster", "B", per_record(card)),
            Row::new("  requests that push them", "requests", many.requests as f64).at_most(1.0),
            Row::new("no-op exchange, request body", "B", nothing.bytes_up as f64).at_most(200.0),
            Row::new("no-op exchange, response body", "B", nothing.bytes_down as f64),
        ],
        notes: vec![format!(
            "Wire: {segments} segments; plain JSON is {} B a record. Not counted: form, roster and \
             names, which went up before in {} B; the dictionary of the peer. The JSON holds what is stored (no pure \
             calculations), under short names.",
            figure(per_record(json)),
            figure(before as f64)
        )],
    })
}

/// Fills and finalises one record, and gives it as JSON.
fn record(person: &mut Person, survey: &Survey, number: usize) -> Result<String> {
    let device: &mut Device = person;
    let draft = device.new_record(&survey.form.def().id)?;
    let mut sheet = OnDevice { device, draft };
    fill(&mut sheet, number)?;
    let OnDevice { device, mut draft } = sheet;
    device.finalise(&mut draft, Completion::Complete)?;
    let id: RecordId = draft.record();
    Ok(survey.json(&id.to_string(), &relevant(draft.session())))
}

/// Headquarters pulls and applies everything; what did not arrive makes the figures worthless.
fn arrived(mission: &mut Mission, hub: &HubAddress) -> Result<usize> {
    mission.ines.sync_with_hub(hub)?;
    Ok(mission.ines.office_records()?.len())
}

fn zstd_alone(jsons: &[String]) -> Result<usize> {
    let mut bytes = 0;
    for json in jsons {
        bytes += zstd::bulk::compress(json.as_bytes(), LEVEL)?.len();
    }
    Ok(bytes)
}

/// A dictionary trained on other records of the same generator: the best that compressing alone can do.
fn zstd_with_dictionary(run: &Run, survey: &Survey, jsons: &[String]) -> Result<usize> {
    let others = survey.fill_many(OTHERS..OTHERS + run.scale.pushed.max(200), run.cores)?;
    let samples: Vec<String> =
        (0..).zip(&others).map(|(n, answers)| survey.json(&format!("{n:032x}"), answers)).collect();
    let dictionary = zstd::dict::from_samples(&samples, DICTIONARY_BYTES)?;
    let mut compressor = zstd::bulk::Compressor::with_dictionary(LEVEL, &dictionary)?;
    let mut bytes = 0;
    for json in jsons {
        bytes += compressor.compress(json.as_bytes())?.len();
    }
    Ok(bytes)
}
