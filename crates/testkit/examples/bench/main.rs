//! `cargo xtask bench [--quick] [--only NAME] [--peer-engine DIR]`: what is fast and small here, beside a peer that
//! runs in the same call.
//!
//! One table goes to the terminal, the same as JSON to `target/bench/bench.json`. Nothing is asserted about time; what
//! is asserted is that the work was done: records that did not arrive, or choices that were not found, are errors.

mod dice;
mod ingest;
mod list;
mod save;
mod store;
mod survey;
mod table;
mod thousand;
mod timing;
mod wire;

use baraza_testkit::Result;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use survey::Survey;
use table::{Report, Section};

const USAGE: &str = "\
bench [--quick] [--only NAME]… [--peer-engine DIR] [--tablet DIR]

  --quick            small numbers, to see that everything runs
  --only NAME        only wire, ingest, save, forms or list; may be given several times
  --peer-engine DIR  a folder whose node_modules hold @getodk/xforms-engine and jsdom, run with node
  --tablet DIR       measure nothing; leave a locked tablet with its records in DIR, and print its folder and passphrase";

/// How much of everything.
struct Scale {
    /// Surveys pushed to the hub.
    pushed: usize,
    /// Surveys that headquarters takes in.
    ingested: usize,
    /// Rounds of saves.
    save_rounds: usize,
    /// Times a form is opened.
    opens: usize,
    /// Items of the long list.
    items: usize,
    /// Records on the device that is unlocked.
    listed: usize,
    /// Times it is unlocked.
    unlocks: usize,
}

const FULL: Scale = Scale {
    pushed: 1_000,
    ingested: 10_000,
    save_rounds: 40,
    opens: 31,
    items: 100_000,
    listed: 10_000,
    unlocks: 7,
};

const QUICK: Scale =
    Scale { pushed: 100, ingested: 500, save_rounds: 2, opens: 3, items: 10_000, listed: 500, unlocks: 1 };

/// One run.
struct Run {
    scale: Scale,
    only: Vec<String>,
    peer_engine: Option<PathBuf>,
    /// Where a tablet is wanted instead of figures.
    tablet: Option<PathBuf>,
    /// Everything is written here, on the disk of the repository, and removed at the end.
    folder: PathBuf,
    cores: usize,
}

fn main() -> ExitCode {
    match bench() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything that was asked for; `false` if a part of it failed.
fn bench() -> Result<bool> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&kept)?;
    let folder = tempfile::Builder::new().prefix("work-").tempdir_in(&kept)?;
    let Some(run) = arguments(folder.path())? else {
        say(USAGE);
        return Ok(true);
    };
    let survey = Survey::load()?;
    if let Some(folder) = &run.tablet {
        let bag = list::tablet(&run, &survey, folder)?;
        say(&format!("{}\n{}", bag.folder.display(), bag.passphrase));
        return Ok(true);
    }
    let mut report = Report { machine: machine(run.cores), sections: Vec::new() };
    let mut whole = true;
    let parts: [(&str, &dyn Fn() -> Result<Section>); 5] = [
        ("wire", &|| wire::measure(&run, &survey)),
        ("ingest", &|| ingest::measure(&run, &survey)),
        ("save", &|| save::measure(&run, &survey)),
        ("forms", &|| thousand::measure(&run)),
        ("list", &|| list::measure(&run, &survey)),
    ];
    for (name, measure) in parts {
        if !run.only.is_empty() && !run.only.iter().any(|only| only == name) {
            continue;
        }
        eprintln!("· {name} …");
        match measure() {
            Ok(section) => report.sections.push(section),
            Err(error) => {
                whole = false;
                let notes = vec![format!("{name} FAILED: {error}")];
                report.sections.push(Section { notes, ..Section::default() });
            }
        }
    }
    say(&report.text());
    let file = kept.join("bench.json");
    std::fs::write(&file, serde_json::to_vec_pretty(&report.json())?)?;
    eprintln!("kept as {}", file.display());
    Ok(whole)
}

fn arguments(folder: &Path) -> Result<Option<Run>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let folder = folder.to_owned();
    let mut run = Run { scale: FULL, only: Vec::new(), peer_engine: None, tablet: None, folder, cores };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => run.scale = QUICK,
            "--only" => run.only.push(words.next().ok_or("--only needs a name")?),
            "--peer-engine" => {
                run.peer_engine = Some(words.next().ok_or("--peer-engine needs a folder")?.into());
            }
            "--tablet" => run.tablet = Some(words.next().ok_or("--tablet needs a folder")?.into()),
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("unknown argument: {other}\n\n{USAGE}").into()),
        }
    }
    Ok(Some(run))
}

/// Cores, processor, load and day: figures mean little without them.
fn machine(cores: usize) -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, m)| m));
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("unknown");
    let profile = if cfg!(debug_assertions) { "DEBUG BUILD, figures mean nothing; " } else { "" };
    format!(
        "{profile}{} · {cores} cores ({}) · load at the beginning {load}",
        chrono::Local::now().format("%Y-%m-%d %H:%M"),
        model.unwrap_or("unknown processor"),
    )
}

#[allow(clippy::print_stdout, reason = "the table is what this program is for")]
fn say(text: &str) {
    println!("{text}");
}
