//! `form check|convert|run`, for driving the engine alone: the same arguments and exit codes as `baraza form`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a tool for developers"
)]

use baraza_forms::xform::Imported;
use baraza_forms::{Attachments, Form, FormDef, Options, run, xform, xlsform};
use baraza_model::{Diagnostic, Entropy, Severity};
use std::path::Path;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

struct Os;

impl Entropy for Os {
    fn fill(&mut self, buf: &mut [u8]) {
        use ring::rand::SecureRandom as _;
        ring::rand::SystemRandom::new().fill(buf).expect("the operating system gives random bytes");
    }
}

/// The form, and the text of its `itemsets.csv` if it needs one.
fn load(path: &Path) -> Result<(Imported, Option<String>), String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "json" => {
            let def = FormDef::from_json(&bytes)?;
            Ok((Imported { def: Some(def), diagnostics: Vec::new(), lines: Default::default() }, None))
        }
        "xlsx" | "xlsm" | "xls" => {
            let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("form");
            let beside: Vec<String> = attachments(path).0.into_keys().collect();
            let present: Vec<&str> = beside.iter().map(String::as_str).collect();
            let read = xlsform::import(&bytes, stem, &present);
            let imported =
                Imported { def: read.form, diagnostics: read.diagnostics, lines: Default::default() };
            Ok((imported, read.itemsets))
        }
        _ => Ok((xform::import(&String::from_utf8_lossy(&bytes)), None)),
    }
}

fn attachments(path: &Path) -> Attachments {
    let mut found = Attachments::default();
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = [".csv", ".xml", ".geojson"].iter().any(|e| name.to_lowercase().ends_with(e));
        if let (true, Ok(bytes)) = (wanted && entry.path() != path, std::fs::read(entry.path())) {
            found.0.insert(name, bytes);
        }
    }
    found
}

fn tell(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().for_each(|d| eprintln!("{d}"));
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "form").collect();
    let flag = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1)).cloned();
    let (Some(verb), Some(file)) = (args.first(), args.get(1)) else {
        eprintln!("usage: form check FILE | form convert FILE -o OUT | form run FILE --steps STEPS");
        return ExitCode::from(2);
    };
    match go(verb, Path::new(file), &flag) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(1)
        }
    }
}

fn go(verb: &str, file: &Path, flag: &dyn Fn(&str) -> Option<String>) -> Result<u8, String> {
    let (imported, itemsets) = load(file)?;
    let refused = tell(&imported.diagnostics);
    let Some(def) = imported.def.filter(|_| !refused) else { return Ok(1) };
    let compiled = Form::compile(def, &attachments(file));
    if verb == "run" {
        compiled.diagnostics.iter().filter(|d| d.severity == Severity::Error).for_each(|d| eprintln!("{d}"));
    } else {
        tell(&compiled.diagnostics);
    }
    let Some(form) = compiled.form else { return Ok(1) };
    match verb {
        "check" => Ok(0),
        "convert" => {
            let out = flag("-o").ok_or("convert needs -o OUT")?;
            let text = if out.ends_with(".json") {
                form.def().to_json()
            } else {
                xform::export(form.def()).into_bytes()
            };
            std::fs::write(&out, text).map_err(|e| format!("{out}: {e}"))?;
            if let Some(itemsets) = itemsets {
                let beside = Path::new(&out).with_file_name("itemsets.csv");
                std::fs::write(&beside, itemsets).map_err(|e| format!("{}: {e}", beside.display()))?;
            }
            Ok(0)
        }
        "run" => {
            let steps = flag("--steps").ok_or("run needs --steps FILE")?;
            let steps = std::fs::read_to_string(&steps).map_err(|e| format!("{steps}: {e}"))?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            let options = Options { now_ms: i64::try_from(now).unwrap_or_default(), ..Options::default() };
            let (dumps, result) = run::run_steps(&form, &steps, options, &mut Os);
            dumps.iter().for_each(|d| println!("{d}"));
            result.map(|()| 0).map_err(|e| e.to_string())
        }
        _ => Ok(2),
    }
}
