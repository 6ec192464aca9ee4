//! The demo of the app's windows: three devices of one mission, in the middle of their work.
//!
//! Reed is an interpreter's tablet with a record in every place where a record can be. Kite is a team's tablet whose
//! patrol report has two answers to one question. Headquarters has records of three weeks, one segment that it set
//! aside because its bytes were changed on the way, and a late card that nobody has read yet. Everything is invented.

use crate::answers::{Answers, FOCUS_GROUP, MOOD, NOTES, PATROL, SURVEY};
use crate::{Clock, DAY_MS, FORMS, Mission, PASSPHRASE, Person, Result};
use baraza_model::{RecordId, Role, Timestamp};
use serde_json::json;
use std::path::Path;

/// Villages of the invented register, with the people who live there as the forms ask for them.
const SITES: [&str; 3] = ["SX3WMD", "SJSP9N", "SCF4PX"];
const SAFE: [&str; 5] = ["unsafe", "neither", "safe", "unsafe", "very_unsafe"];
const WHERE: [&str; 3] = ["private_indoor", "private_outdoor", "semi_public"];
const SAID: [&str; 4] = [
    "We go for wood in the middle of the day now, in tens.",
    "The lamp at the water point has been dark since the rains.",
    "When the patrol passes the market, the stalls stay open until dusk.",
    "The children walk the long way, because nobody is on the short one.",
];

/// How many days before the hour of the machine the story begins.
const DAYS_BEFORE: i64 = 22;

/// Answers of one record, each with its question.
type Filled = Vec<(String, String)>;

/// Makes the demo in `dir`, in place of an earlier one, and says in `demo.json` which faces it has. `now` is the hour
/// at which a person will look at it.
///
/// # Errors
/// When `dir` holds something else than an earlier demo, or cannot be written.
pub fn make(dir: &Path, now: Timestamp) -> Result<()> {
    super::folder::prepare(dir)?;
    let clock = Clock::at(Timestamp(now.0 - DAYS_BEFORE * DAY_MS));
    let mut mission = Mission::found_at(dir, &FORMS, clock)?;
    let mut reed = mission.enrol("Reed", "Reed", Role::Interpreter, None)?;
    let mut kite = mission.enrol("Kite", "Kite", Role::TeamMember, Some("north"))?;
    let mut heron = mission.enrol("Heron", "Heron", Role::TeamMember, Some("north"))?;
    let mut ibis = mission.enrol("Ibis", "Ibis", Role::TeamMember, Some("south"))?;
    mission.brief(&mut [&mut reed, &mut kite, &mut heron, &mut ibis])?;
    let late = mission.card("card-ibis");
    for day in 0..14 {
        mission.clock.days(1);
        reed.report("baraza_fgd", &borrowed(&discussion(day)))?;
        if day % 2 == 0 {
            kite.report("baraza_survey", &borrowed(&household(day)))?;
        }
        if day % 3 == 0 {
            ibis.report("baraza_survey", &borrowed(&household(day + 1)))?;
        }
        if day == 4 {
            // A driver takes the card of Ibis and does not come through for weeks.
            ibis.bundle_out(&late, "the driver")?;
        }
    }
    carry(&mut mission, &mut [&mut reed, &mut kite])?;
    patrol(&mut mission, &mut kite, &mut heron)?;
    set_aside(&mut mission, &mut reed)?;
    on_reed(&mut mission, &mut reed)?;
    mission.ines.invite(Role::Interpreter, None, None)?;
    for used in ["briefing", "round", "back", "cable", "heron-patrol", "driver", "changed"] {
        let _ = std::fs::remove_file(mission.card(used));
    }
    describe(dir)
}

/// Everybody's card goes to headquarters, and its receipts come back.
fn carry(mission: &mut Mission, people: &mut [&mut Person]) -> Result<()> {
    let (out, back) = (mission.card("round"), mission.card("back"));
    for person in people.iter_mut() {
        person.bundle_out(&out, "card")?;
        mission.ines.import(&out)?;
    }
    mission.ines.bundle_out(&back, "card")?;
    for person in people.iter_mut() {
        person.bundle_in(&back)?;
    }
    Ok(())
}

/// A market patrol that two tablets wrote apart: two answers to one question, on Kite and at headquarters.
fn patrol(mission: &mut Mission, kite: &mut Person, heron: &mut Person) -> Result<()> {
    mission.clock.days(2);
    let cable = mission.card("cable");
    let report = kite.begin("baraza_patrol", &borrowed(&on_day(PATROL, mission.clock.now())))?;
    kite.bundle_out(&cable, "Heron")?;
    heron.bundle_in(&cable)?;
    mission.clock.hours(3);
    kite.edit(report, &[(MOOD, "better"), (NOTES, "Come back on Thursday. Bring a lamp for the bridge.")])?;
    mission.clock.hours(1);
    heron.edit(report, &[(MOOD, "worse"), (NOTES, "Tell the school first. Come back on Thursday.")])?;
    let theirs = mission.card("heron-patrol");
    heron.bundle_out(&theirs, "Kite")?;
    kite.bundle_in(&theirs)?;
    kite.bundle_out(&cable, "card")?;
    for card in [theirs, cable] {
        mission.ines.import(&card)?;
    }
    Ok(())
}

/// A survey whose bytes were changed on the way: headquarters sets it aside, and Reed still holds it.
fn set_aside(mission: &mut Mission, reed: &mut Person) -> Result<()> {
    mission.clock.days(1);
    reed.report("baraza_survey", &borrowed(&household(3)))?;
    let (card, changed) = (mission.card("driver"), mission.card("changed"));
    reed.bundle_out(&card, "the driver")?;
    let copy = reed.bag().clone_to(mission.folder("copy"))?;
    let keys = copy.seize()?;
    let flip = |mut bytes: Vec<u8>| {
        if let Some(last) = bytes.last_mut() {
            *last ^= 1;
        }
        bytes
    };
    let parcel: Vec<Vec<u8>> = keys.segments_on(&card)?.into_iter().take(1).map(flip).collect();
    keys.write_card(&changed, &parcel, &mut mission.clock.world())?;
    mission.ines.import(&changed)?;
    Ok(std::fs::remove_dir_all(mission.folder("copy"))?)
}

/// What waits on Reed: two finished records that only it holds, and a draft that was interrupted.
fn on_reed(mission: &mut Mission, reed: &mut Person) -> Result<()> {
    mission.clock.days(1);
    reed.report("baraza_survey", &borrowed(&household(5)))?;
    mission.clock.hours(2);
    reed.report("baraza_fgd", &borrowed(&discussion(1)))?;
    mission.clock.days(1);
    mission.clock.hours(1);
    let begun: Filled =
        discussion(2).into_iter().take_while(|(question, _)| question != "g_temp/safe_now").collect();
    let _draft: RecordId = reed.begin("baraza_fgd", &borrowed(&begun))?;
    Ok(())
}

/// A discussion like [`FOCUS_GROUP`], with other people in another place.
fn discussion(number: usize) -> Filled {
    let men = number % 3 == 2;
    let pick = |list: &[&str]| list.get(number % list.len()).copied().unwrap_or_default().to_owned();
    let changed = |question: &str, answer: &str| match question {
        "g_start/site_code" => pick(&SITES),
        "g_group/sexgrp" if men => "men".to_owned(),
        "g_setting/setting" => pick(&WHERE),
        "g_temp/safe_now" => pick(&SAFE),
        "statements[1]/st_text" => pick(&SAID),
        "g_count/n_f_18_34" => (3 + number % 4).to_string(),
        "g_end/reprisal_concern" if !number.is_multiple_of(4) => "no".to_owned(),
        _ => answer.to_owned(),
    };
    let asked = FOCUS_GROUP
        .iter()
        .filter(|(question, _)| number.is_multiple_of(4) || *question != "g_end/reprisal_note");
    asked
        .map(|(question, answer)| {
            let place = if men { question.replace("/n_f_", "/n_m_") } else { (*question).to_owned() };
            (place, changed(question, answer))
        })
        .collect()
}

/// A household like [`SURVEY`], elsewhere and of another mind.
fn household(number: usize) -> Filled {
    let pick = |list: &[&str]| list.get(number % list.len()).copied().unwrap_or_default().to_owned();
    let changed = |question: &str, answer: &str| match question {
        "g_start/site_code" => pick(&SITES),
        "g_visit/hh_no" => (number + 1).to_string(),
        "g_safe1/safe_overall" => pick(&SAFE),
        _ => answer.to_owned(),
    };
    SURVEY.iter().map(|(question, answer)| ((*question).to_owned(), changed(question, answer))).collect()
}

/// The same answers on another day.
fn on_day(answers: Answers, day: Timestamp) -> Filled {
    let date =
        chrono::DateTime::from_timestamp_millis(day.0).unwrap_or_default().format("%Y-%m-%d").to_string();
    let moved = answers
        .iter()
        .map(|(question, answer)| ((*question).to_owned(), answer.replace("2026-11-16", &date)));
    moved.collect()
}

fn borrowed(answers: &Filled) -> Vec<(&str, &str)> {
    answers.iter().map(|(question, answer)| (question.as_str(), answer.as_str())).collect()
}

fn describe(dir: &Path) -> Result<()> {
    let face = |id: &str, name: &str, folder: &str| json!({"id": id, "name": name, "folder": format!("devices/{folder}"), "passphrase": PASSPHRASE});
    let demo = json!({
        "faces": [
            face("interpreter", "Interpreter", "reed"),
            face("team", "Team tablet", "kite"),
            face("headquarters", "Headquarters", "headquarters"),
        ],
        "places": ["cards"],
    });
    Ok(std::fs::write(dir.join("demo.json"), serde_json::to_vec_pretty(&demo)?)?)
}
