//! `baraza record`: filling, finalising, looking, merging.

use crate::args::{Common, Record};
use crate::form::read_steps;
use crate::print::{Failure, print_line, show};
use crate::unlock;
use baraza_app::{Completion, ConflictView, DeliveryView, Device, Draft, RecordView, RecordsFilter};
use baraza_model::{AnswerPath, Status};
use serde::Deserialize;
use serde_json::json;
use std::io::BufRead;
use std::path::Path;

pub(crate) fn run(common: &Common, command: Record) -> Result<(), Failure> {
    match command {
        Record::New { dir, form } => {
            let draft = unlock(common, &dir)?.new_record(&form)?;
            show(common.json, &json!({ "record": draft.record() }), |_| draft.record().to_string())
        }
        Record::Set { dir, record, path, value } => edit(common, &dir, &record, |device, draft| {
            let path = draft.absolute(&path);
            device.set(draft, &path, &value)
        }),
        Record::Add { dir, record, repeat } => edit(common, &dir, &record, |device, draft| {
            let repeat = draft.absolute(&repeat);
            device.add(draft, &repeat)
        }),
        Record::Remove { dir, record, instance } => edit(common, &dir, &record, |device, draft| {
            let instance = draft.absolute(&instance);
            device.remove(draft, &instance)
        }),
        Record::Fill { dir, record, steps, amend } => fill(common, &dir, &record, &steps, amend.as_deref()),
        Record::Finalise { dir, record, incomplete } => {
            let mut device = unlock(common, &dir)?;
            let id = device.find_record(&record)?;
            let mut draft = device.open_draft(id)?;
            let completion = incomplete.map_or(Completion::Complete, Completion::Incomplete);
            let status = device.finalise(&mut draft, completion)?;
            show(common.json, &json!({ "record": id, "status": status }), |_| {
                format!("{} {}", id.short(), words(&status))
            })
        }
        look => run_look(common, look),
    }
}

fn run_look(common: &Common, command: Record) -> Result<(), Failure> {
    match command {
        Record::Show { dir, record, language } => {
            let mut device = unlock(common, &dir)?;
            let id = device.find_record(&record)?;
            let shown = device.answers(id, language.as_deref())?;
            show(common.json, &shown, |shown| {
                let answers = shown.answers.iter().map(|a| format!("{} = {}", a.path, a.value));
                std::iter::once(line(&shown.record)).chain(answers).collect::<Vec<_>>().join("\n")
            })
        }
        Record::List { dir, form } => {
            let filter = RecordsFilter { form_id: form, ..RecordsFilter::default() };
            show(common.json, &unlock(common, &dir)?.records(&filter)?, |records| lines(records))
        }
        Record::Search { dir, words } => {
            show(common.json, &unlock(common, &dir)?.search(&words.join(" "), 100)?, |records| lines(records))
        }
        Record::Conflicts { dir, record } => {
            let mut device = unlock(common, &dir)?;
            let record = record.map(|record| device.find_record(&record)).transpose()?;
            show(common.json, &device.conflicts(record)?, |conflicts| conflict_lines(conflicts))
        }
        Record::Resolve { dir, record, path, value, claims } => {
            let mut device = unlock(common, &dir)?;
            let id = device.find_record(&record)?;
            let path: AnswerPath = path.parse().map_err(|e| Failure::usage(format!("{path}: {e}")))?;
            let value = Some(value.as_str()).filter(|value| !value.is_empty());
            Ok(device.resolve(id, &path, value, &claims)?)
        }
        Record::Heads { dir, record } => {
            let mut device = unlock(common, &dir)?;
            let id = device.find_record(&record)?;
            let heads = match device.about()?.headquarters {
                true => device.office_heads(id)?,
                false => device.heads(id)?,
            };
            let heads: Vec<String> = heads.0.iter().map(ToString::to_string).collect();
            show(common.json, &json!({ "record": id, "heads": heads }), |_| heads.join("\n"))
        }
        Record::History { dir, record } => {
            let mut device = unlock(common, &dir)?;
            let id = device.find_record(&record)?;
            show(common.json, &device.history(id)?, |events| {
                let blank = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
                let line = |e: &baraza_app::HistoryView| {
                    format!("{}  {}: {} → {}", e.author, e.path, blank(&e.before), blank(&e.after))
                };
                events.iter().map(line).collect::<Vec<_>>().join("\n")
            })
        }
        _ => Ok(()),
    }
}

/// One step of `record fill`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    set: Option<String>,
    value: Option<String>,
    add: Option<String>,
    remove: Option<String>,
}

/// Takes steps as they come and says `ok N` for each when it is on disk, so that a writer can be killed at any line.
fn fill(common: &Common, dir: &Path, record: &str, steps: &Path, amend: Option<&str>) -> Result<(), Failure> {
    let mut device = unlock(common, dir)?;
    let id = device.find_record(record)?;
    let mut draft = match amend {
        Some(reason) => device.amend(id, reason)?,
        None => device.open_draft(id)?,
    };
    let input: Box<dyn BufRead> = match steps == Path::new("-") {
        true => Box::new(std::io::stdin().lock()),
        false => Box::new(std::io::Cursor::new(read_steps(steps)?)),
    };
    for (number, line) in (1..).zip(input.lines()) {
        let line = line.map_err(Failure::refused)?;
        if line.trim().is_empty() {
            continue;
        }
        take_step(&mut device, &mut draft, &line)
            .map_err(|why| Failure::refused(format!("line {number}: {why}")))?;
        if !common.json {
            print_line(&format!("ok {number}"));
        }
    }
    if amend.is_some() {
        device.finalise(&mut draft, Completion::Complete)?;
    }
    show(common.json, &json!({ "record": id }), |_| String::new())
}

fn take_step(device: &mut Device, draft: &mut Draft, line: &str) -> Result<(), String> {
    let step: Step = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let done = match (&step.set, &step.add, &step.remove) {
        (Some(path), None, None) => {
            let path = draft.absolute(path);
            device.set(draft, &path, step.value.as_deref().unwrap_or_default())
        }
        (None, Some(repeat), None) => {
            let repeat = draft.absolute(repeat);
            device.add(draft, &repeat)
        }
        (None, None, Some(instance)) => {
            let instance = draft.absolute(instance);
            device.remove(draft, &instance)
        }
        _ => return Err("give one of set, add, remove".into()),
    };
    done.map_err(|error| format!("{error} [{}]", error.code()))
}

fn edit(
    common: &Common,
    dir: &Path,
    record: &str,
    act: impl FnOnce(&mut Device, &mut Draft) -> baraza_app::Result<()>,
) -> Result<(), Failure> {
    let mut device = unlock(common, dir)?;
    let id = device.find_record(record)?;
    let mut draft = device.open_draft(id)?;
    act(&mut device, &mut draft)?;
    show(common.json, &json!({ "record": id }), |_| String::new())
}

fn lines(records: &[RecordView]) -> String {
    match records {
        [] => "no records".into(),
        records => records.iter().map(line).collect::<Vec<_>>().join("\n"),
    }
}

fn line(record: &RecordView) -> String {
    let delivery = match &record.delivery {
        DeliveryView::OnlyHere => "only on this device".to_owned(),
        DeliveryView::HandedOver { to, .. } => format!("handed over to {to}"),
        DeliveryView::Received => "received at headquarters".to_owned(),
    };
    let mut text = format!("{}  {}  {}  {}", record.id.short(), record.form, words(&record.status), delivery);
    if record.conflicts > 0 {
        text += &format!("  {} conflicts", record.conflicts);
    }
    if !record.review.is_empty() {
        text += &format!("  needs review: {}", record.review.join(", "));
    }
    text
}

fn words(status: &Status) -> String {
    match status {
        Status::Draft => "draft".into(),
        Status::Complete => "finalised".into(),
        Status::Incomplete { reason } => format!("finalised as incomplete ({reason})"),
    }
}

fn conflict_lines(conflicts: &[ConflictView]) -> String {
    if conflicts.is_empty() {
        return "no conflicts".into();
    }
    let mut lines = Vec::new();
    for conflict in conflicts {
        lines.push(format!("{}  {}", conflict.record.short(), conflict.path));
        for claim in &conflict.claims {
            let value = claim.value.clone().unwrap_or_else(|| "(cleared)".into());
            lines.push(format!("  {}  {value}  by {}", claim.claim, claim.author));
        }
    }
    lines.join("\n")
}
