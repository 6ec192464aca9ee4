//! `baraza form run`: a session driven by steps, one JSON object a line (`FORM-RUN.md`).

use crate::compile::Form;
use crate::error::StepError;
use crate::session::{NodeKind, NodeView, Options, Session};
use baraza_model::Entropy;
use chrono::DateTime;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A step that cannot be taken, by its line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct RunError {
    /// Counted from 1.
    pub line: usize,
    /// Why.
    pub reason: StepError,
}

enum Step {
    Set(String, String),
    Add(String),
    Remove(String),
    Language(String),
    Now(i64),
    Finalise,
    Dump,
}

/// Takes the steps in order. The lines are the dumps made before the first step that cannot be taken.
pub fn run_steps(
    form: &Arc<Form>,
    steps: &str,
    mut options: Options,
    rng: &mut impl Entropy,
) -> (Vec<String>, Result<(), RunError>) {
    let mut dumps = Vec::new();
    let mut lines = steps.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).peekable();
    if let Some((_, first)) = lines.peek()
        && let Ok(Step::Now(now)) = parse(first)
    {
        options.now_ms = now;
    }
    let mut session = Session::start(Arc::clone(form), options.clone(), rng);
    for (at, line) in lines {
        let taken = parse(line).and_then(|step| take(&mut session, step, &mut dumps, options.zone_minutes));
        if let Err(reason) = taken {
            return (dumps, Err(RunError { line: at + 1, reason }));
        }
    }
    (dumps, Ok(()))
}

fn parse(line: &str) -> Result<Step, StepError> {
    let bad = || StepError::Malformed(line.chars().take(120).collect());
    let Ok(Value::Object(step)) = serde_json::from_str(line) else { return Err(bad()) };
    let text = |name: &str| step.get(name).and_then(Value::as_str).map(str::to_owned);
    if step.contains_key("set") {
        let value = match step.get("value") {
            Some(Value::String(value)) => value.clone(),
            _ => return Err(bad()),
        };
        return text("set").map(|path| Step::Set(path, value)).ok_or_else(bad);
    }
    let flag = |name: &str| step.get(name).and_then(Value::as_bool) == Some(true);
    let known = text("add")
        .map(Step::Add)
        .or_else(|| text("remove").map(Step::Remove))
        .or_else(|| text("language").map(Step::Language))
        .or_else(|| text("now").and_then(|n| instant(&n)).map(Step::Now))
        .or_else(|| flag("finalise").then_some(Step::Finalise))
        .or_else(|| flag("dump").then_some(Step::Dump));
    known.ok_or_else(bad)
}

/// Milliseconds of an ISO 8601 instant.
fn instant(text: &str) -> Option<i64> {
    let exact = DateTime::parse_from_rfc3339(text).ok().map(|t| t.timestamp_millis());
    exact.or_else(|| crate::values::local_date_time(text).map(|t| t.and_utc().timestamp_millis()))
}

fn take(session: &mut Session, step: Step, dumps: &mut Vec<String>, zone: i32) -> Result<(), StepError> {
    match step {
        Step::Set(path, value) => {
            let kind = session.find(&path).and_then(|n| session.kind(n));
            if kind == Some(NodeKind::Upload) {
                return Err(StepError::NoAnswer(path));
            }
            session.set(&path, &value)?;
        }
        Step::Add(path) => {
            session.add(&path)?;
        }
        Step::Remove(path) => session.remove(&path)?,
        Step::Language(language) => session.set_language(&language)?,
        Step::Now(now) => session.set_now(now, zone),
        Step::Finalise => session.finalise(),
        Step::Dump => dumps.push(dump(session).to_string()),
    }
    Ok(())
}

/// The session as one JSON object.
fn dump(session: &Session) -> Value {
    let nodes: Vec<Value> = session.nodes().iter().map(node).collect();
    json!({ "nodes": nodes, "valid": session.is_valid(), "instance": session.instance_xml() })
}

fn node(view: &NodeView) -> Value {
    let mut out = Map::new();
    out.insert("path".into(), json!(view.path));
    out.insert("type".into(), json!(view.kind.as_str()));
    out.insert("datatype".into(), json!(view.datatype));
    out.insert("relevant".into(), json!(view.relevant));
    out.insert("required".into(), json!(view.required));
    out.insert("readonly".into(), json!(view.readonly));
    out.insert("value".into(), json!(view.value));
    out.insert("valid".into(), json!(view.valid));
    out.insert("message".into(), json!(view.message));
    out.insert("label".into(), json!(view.label));
    if let Some(choices) = &view.choices {
        let all: Vec<Value> = choices.iter().map(|c| json!({ "value": c.value, "label": c.label })).collect();
        out.insert("choices".into(), Value::Array(all));
    }
    Value::Object(out)
}
