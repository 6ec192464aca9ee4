//! The story for a terminal: what each device knows at each step, and what travelled.
//!
//! It runs the same use cases as the tests and leaves a small workspace to look at. Everything in it is invented.

mod folder;
mod stage;
pub mod window;

use crate::answers::{FOCUS_GROUP, MOOD, NOTES, PATROL, SURVEY, TRACK};
use crate::{FORMS, Mission, Person, Relay, Result};
use baraza_app::{ExportOptions, HubAddress};
use baraza_model::{RecordId, Role};
use stage::Stage;
use std::io::Write;
use std::path::Path;

/// Plays the story on standard output and leaves a demo workspace in `dir`, in place of an earlier one.
///
/// # Errors
/// When `dir` holds something else than an earlier demo, or cannot be written.
pub fn play(dir: &Path) -> Result<()> {
    play_to(dir, &mut std::io::stdout().lock())
}

/// The same, told to `out`.
///
/// # Errors
/// As [`play`].
pub fn play_to(dir: &Path, out: &mut dyn Write) -> Result<()> {
    folder::prepare(dir)?;
    let mut stage = Stage::new(out);
    stage.opening()?;
    let mut cast = monday_morning(dir, &mut stage)?;
    monday_in_the_village(&mut cast, &mut stage)?;
    wednesday_apart(&mut cast, &mut stage)?;
    wednesday_at_the_hub(&mut cast, &mut stage)?;
    thursday_the_card(&mut cast, &mut stage)?;
    tuesday_the_decision(&mut cast, &mut stage)?;
    december(&mut cast, &mut stage)?;
    exports(&mut cast, &mut stage)?;
    folder::explain(dir, &stage::near(dir))?;
    stage.closing(dir, cast.patrol)
}

fn plural(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Everybody, and what they wrote.
struct Cast {
    mission: Mission,
    hub: Relay,
    pinned: HubAddress,
    amina: Person,
    kofi: Person,
    lindiwe: Person,
    patrol: RecordId,
}

impl Cast {
    fn knows(&mut self, stage: &mut Stage<'_>) -> Result<()> {
        let Self { mission, amina, kofi, lindiwe, .. } = self;
        stage.table(&mut [("Amina", amina), ("North-1", kofi), ("North-2", lindiwe)], &mut mission.ines)
    }
}

fn monday_morning(dir: &Path, stage: &mut Stage<'_>) -> Result<Cast> {
    stage.scene("Monday 16 November, headquarters")?;
    let mut mission = Mission::found(dir, &FORMS)?;
    let hub = mission.open_hub()?;
    stage.say(
        "Ines founds the workspace and publishes three forms: group discussion, survey, patrol report.",
    )?;
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None)?;
    let mut kofi = mission.enrol("North-1", "North-1", Role::TeamMember, Some("north"))?;
    let mut lindiwe = mission.enrol("North-2", "North-2", Role::TeamMember, Some("north"))?;
    stage
        .say("Amina (interpreter), Kofi (tablet North-1) and Lindiwe (North-2) join by three files each:")?;
    stage.say("invitation, request, approval. Each time two people compare six words on two screens.")?;
    let briefing = mission.card("briefing");
    let written = mission.ines.bundle_out(&briefing, "briefing")?;
    for person in [&mut amina, &mut kofi, &mut lindiwe] {
        person.bundle_in(&briefing)?;
    }
    stage.travelled("forms and names, headquarters → everyone, by card", written.bytes, written.segments)?;
    let pinned = mission.ines.hub_address(&hub.url, None)?;
    mission.ines.sync_with_hub(&pinned)?;
    stage.say("A hub serves on loopback. It was given the workspace's public file; it holds no key.")?;
    let patrol = RecordId([0; 16]);
    Ok(Cast { mission, hub, pinned, amina, kofi, lindiwe, patrol })
}

fn monday_in_the_village(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("Monday, in the village of Kovarrin; no network")?;
    let group = cast.amina.begin("baraza_fgd", FOCUS_GROUP)?;
    stage
        .say("Amina writes down a discussion with nine women. One answer is severe: who feared reprisals.")?;
    stage.quote("while she writes", cast.amina.reads(group, "reprisal_note")?)?;
    cast.amina.close(group)?;
    stage.quote("after finalising", cast.amina.reads(group, "reprisal_note")?)?;
    cast.amina.report("baraza_survey", SURVEY)?;
    stage.say("She fills one survey, too. Kofi begins a patrol report and gives it to Lindiwe by cable.")?;
    cast.patrol = cast.kofi.begin("baraza_patrol", PATROL)?;
    let cable = cast.mission.card("cable");
    let written = cast.kofi.bundle_out(&cable, "North-2")?;
    cast.lindiwe.bundle_in(&cable)?;
    stage.travelled("North-1 → North-2, by cable", written.bytes, written.segments)?;
    for _ in 0..3 {
        cast.lindiwe.report("baraza_survey", SURVEY)?;
        cast.lindiwe.bundle_out(&cast.mission.card("north-2"), "Amina's card")?;
    }
    stage.say("Lindiwe fills three surveys, and after each copies all she has to Amina's card.")?;
    cast.knows(stage)
}

fn wednesday_apart(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("Wednesday 18 November; the tablets are apart")?;
    cast.mission.clock.days(2);
    let meeting = |kind: &'static str, said: &'static str| {
        let answers = [
            ("ct_type", kind),
            ("ct_n_f", "0"),
            ("ct_n_m", "3"),
            ("ct_language", "swc"),
            ("ct_summary", said),
        ];
        answers.map(|(question, answer)| (format!("contacts[2]/{question}"), answer))
    };
    for (person, kind, said, mood, notes) in [
        (
            &mut cast.kofi,
            "leader_m",
            "He wants to know the day of the next patrol.",
            "better",
            "Come back on Thursday. Bring a lamp for the bridge.",
        ),
        (
            &mut cast.lindiwe,
            "youth",
            "The path by the river is empty after dark.",
            "worse",
            "Tell the school first. Come back on Thursday.",
        ),
    ] {
        let meeting = meeting(kind, said);
        let mut answers = vec![("+contacts", "")];
        answers.extend(meeting.iter().map(|(question, answer)| (question.as_str(), *answer)));
        answers.extend([(MOOD, mood), (NOTES, notes)]);
        person.edit(cast.patrol, &answers)?;
        stage.say(&format!(
            "{} adds a meeting, writes \"{notes}\" and finds that people seem {mood}.",
            person.about()?.alias
        ))?;
    }
    cast.lindiwe.edit(cast.patrol, &[("g_times/track_ok", "yes"), ("g_times/track", TRACK)])?;
    cast.lindiwe.close(cast.patrol)?;
    stage
        .say("North-2 adds the track of its vehicle, which is severe, and finalises. North-1 cannot know.")?;
    cast.knows(stage)
}

fn wednesday_at_the_hub(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("Wednesday evening; North-1 finds a network and meets the hub")?;
    let met = cast.kofi.sync_with_hub(&cast.pinned)?;
    stage.travelled(&format!("North-1 → hub, {} request", met.requests), met.bytes_up, met.handed_over)?;
    stage.say(
        "The hub sees who may read and how much; no form, no record, no name. It cannot open anything.",
    )?;
    let taken = cast.mission.ines.sync_with_hub(&cast.pinned)?;
    stage.travelled("hub → headquarters", taken.bytes_down, taken.received.segments)?;
    // The second meeting brings the receipt for what came in the first.
    cast.mission.ines.sync_with_hub(&cast.pinned)?;
    cast.kofi.sync_with_hub(&cast.pinned)?;
    stage.say("Headquarters applied it and signed a receipt; the hub brought it back to North-1.")?;
    cast.knows(stage)
}

fn thursday_the_card(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("Thursday 19 November; Amina walks to the town with a card")?;
    cast.mission.clock.days(1);
    let (hers, theirs) = (cast.mission.card("amina"), cast.mission.card("north-2"));
    let amina = cast.amina.bundle_out(&hers, "card")?;
    let lindiwe = cast.lindiwe.bundle_out(&theirs, "Amina's card")?;
    stage.travelled("Amina → headquarters, by card", amina.bytes, amina.segments)?;
    stage.travelled("North-2 → headquarters, on Amina's card", lindiwe.bytes, lindiwe.segments)?;
    let damaged = cast.mission.card("north-2-damaged");
    folder::scratch(&theirs, &damaged)?;
    let first = cast.mission.ines.import(&damaged)?.read;
    let took: u64 = first.received.office.iter().map(|report| report.segments).sum();
    stage.say(&format!(
        "The file of North-2 has a scratch: {} of {} frames cannot be read, {took} of {} sealed segments arrive.",
        first.damaged_frames, first.frames, lindiwe.segments
    ))?;
    cast.mission.ines.import(&hers)?;
    cast.mission.ines.import(&theirs)?;
    let again = cast.mission.ines.import(&theirs)?.read;
    let new: u64 = again.received.office.iter().map(|report| report.applied).sum();
    stage.say(&format!("A whole copy brings the rest; a third copy brings {new} new things."))?;
    let receipts = cast.mission.card("receipts");
    let written = cast.mission.ines.bundle_out(&receipts, "Amina's card")?;
    cast.amina.bundle_in(&receipts)?;
    cast.lindiwe.bundle_in(&receipts)?;
    stage.travelled(
        "receipts and the team's changes, headquarters → Amina and North-2",
        written.bytes,
        written.segments,
    )?;
    cast.knows(stage)
}

fn tuesday_the_decision(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("Tuesday 24 November, headquarters: two answers to one question")?;
    cast.mission.clock.days(5);
    for conflict in cast.mission.ines.conflicts(Some(cast.patrol))? {
        for claim in &conflict.claims {
            let value = claim.value.as_deref().unwrap_or("nothing");
            stage.say(&format!("{}: {} says \"{value}\"", conflict.path, claim.author))?;
        }
        let shown: Vec<String> = conflict.claims.iter().map(|claim| claim.claim.clone()).collect();
        let path = conflict.path.parse().map_err(|_| format!("{} is no path", conflict.path))?;
        cast.mission.ines.resolve(cast.patrol, &path, Some("same"), &shown)?;
    }
    stage
        .say("Ines calls both; they agree on \"same\". Both answers and her decision stay in the history.")?;
    cast.mission.ines.sync_with_hub(&cast.pinned)?;
    cast.kofi.sync_with_hub(&cast.pinned)?;
    let decision = cast.mission.card("decision");
    let written = cast.mission.ines.bundle_out(&decision, "Amina's card")?;
    cast.amina.bundle_in(&decision)?;
    cast.lindiwe.bundle_in(&decision)?;
    stage.travelled("the decision, headquarters → hub and card", written.bytes, written.segments)?;
    stage.quote("the notes on both tablets", cast.kofi.reads(cast.patrol, "followups")?)?;
    let office = cast.mission.ines.office_heads(cast.patrol)?;
    let equal =
        [&cast.kofi, &cast.lindiwe].iter().all(|t| t.heads(cast.patrol).is_ok_and(|heads| heads == office));
    stage.say(match equal {
        true => "North-1, North-2 and headquarters hold the same document, change for change.",
        false => "The documents differ: that is a defect.",
    })?;
    cast.knows(stage)
}

fn december(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("Friday 4 December; the days of the private records have passed")?;
    cast.mission.clock.days(10);
    for person in [&mut cast.amina, &mut cast.kofi, &mut cast.lindiwe] {
        let pruned = person.prune()?;
        let alias = person.about()?.alias;
        stage.say(&format!(
            "{alias} forgets {} and keeps {}.",
            plural(pruned.records.len() as u64, "received record"),
            pruned.kept
        ))?;
    }
    stage
        .say("Only a receipt of headquarters allows this. The team's report was settled later and stays.")?;
    cast.knows(stage)
}

fn exports(cast: &mut Cast, stage: &mut Stage<'_>) -> Result<()> {
    stage.scene("The exports")?;
    let folder = cast.mission.folder("exports");
    std::fs::create_dir_all(&folder)?;
    for form in ["baraza_fgd", "baraza_survey", "baraza_patrol"] {
        let options = ExportOptions { form: form.into(), ..ExportOptions::default() };
        for file in cast.mission.ines.export_csv(&folder, &options)?.files {
            stage.say(&format!("exports/{}  {}", file.name, plural(file.rows, "row")))?;
        }
    }
    stage.say("Severe answers are not in them: that takes a flag, and the audit trail remembers it.")?;
    let _ = &cast.hub;
    Ok(())
}
