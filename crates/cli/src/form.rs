//! `baraza form`: check, convert, run, publish.

use crate::args::{Common, Form};
use crate::print::{Failure, print_line, show};
use crate::{read, unlock, write};
use baraza_app::{FormFile, World, read_form_file};
use baraza_forms::{Attachments, Options, run::run_steps, xform};
use baraza_model::{Diagnostic, Severity};
use serde::Serialize;
use std::path::Path;

pub(crate) fn run(common: &Common, command: Form) -> Result<(), Failure> {
    match command {
        Form::Check { file } => check(common, &file),
        Form::Convert { file, out } => convert(&file, &out),
        Form::Run { file, steps } => steps_of(&file, &steps),
        Form::Publish { dir, file } => {
            let form = read_form_file(&file)?;
            warn(&form.diagnostics);
            let mut device = unlock(common, &dir)?;
            let published = device.publish(form)?;
            show(common.json, &published, |form| format!("published {} version {}", form.id, form.version))
        }
        Form::List { dir } => {
            let device = unlock(common, &dir)?;
            show(common.json, &device.forms()?, |forms| {
                forms
                    .iter()
                    .map(|f| format!("{}  {}  {}", f.id, f.version, f.title))
                    .collect::<Vec<_>>()
                    .join("\n")
            })
        }
    }
}

#[derive(Serialize)]
struct Checked<'a> {
    accepted: bool,
    diagnostics: &'a [Diagnostic],
}

fn check(common: &Common, file: &Path) -> Result<(), Failure> {
    let form = read_form_file(file)?;
    let checked = Checked { accepted: form.def.is_some(), diagnostics: &form.diagnostics };
    show(common.json, &checked, |checked| {
        let count = |severity| checked.diagnostics.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        format!(
            "{}: {errors} errors, {warnings} warnings",
            if checked.accepted { "accepted" } else { "refused" }
        )
    })?;
    refuse(form).map(drop)
}

fn convert(file: &Path, out: &Path) -> Result<(), Failure> {
    let form = refuse(read_form_file(file)?)?;
    let Some(def) = form.def else { return Ok(()) };
    let bytes = match out.extension().and_then(|e| e.to_str()) {
        Some("json") => def.to_json(),
        Some("xml") => xform::export(&def).into_bytes(),
        _ => return Err(Failure::usage(format!("{}: end the name in .json or .xml", out.display()))),
    };
    write(out, &bytes)?;
    match form.itemsets {
        Some(itemsets) => write(&out.with_file_name("itemsets.csv"), itemsets.as_bytes()),
        None => Ok(()),
    }
}

fn steps_of(file: &Path, steps: &Path) -> Result<(), Failure> {
    let form = refuse(read_form_file(file)?)?;
    let Some(def) = form.def else { return Ok(()) };
    let compiled = baraza_forms::Form::compile(def, &Attachments(form.attachments));
    let Some(form) = compiled.form else {
        warn(&compiled.diagnostics);
        return Err(Failure::refused("the form was refused"));
    };
    let text = String::from_utf8(read_steps(steps)?)
        .map_err(|e| Failure::refused(format!("{}: {e}", steps.display())))?;
    let mut world = World::system();
    let options = Options { now_ms: world.now().0, zone_minutes: world.zone_minutes, ..Options::default() };
    let (lines, done) = run_steps(&form, &text, options, &mut world);
    for line in lines {
        print_line(&line);
    }
    done.map_err(Failure::refused)
}

/// A file, or stdin for `-`.
pub(crate) fn read_steps(steps: &Path) -> Result<Vec<u8>, Failure> {
    match steps == Path::new("-") {
        false => read(steps),
        true => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map_err(Failure::refused)?;
            Ok(bytes)
        }
    }
}

/// Prints every finding on stderr, and ends the command if the form was refused.
fn refuse(form: FormFile) -> Result<FormFile, Failure> {
    warn(&form.diagnostics);
    match form.def {
        Some(_) => Ok(form),
        None => Err(Failure::refused("the form was refused")),
    }
}

fn warn(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        eprintln!("{diagnostic}");
    }
}
