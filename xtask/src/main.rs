//! `cargo xtask`: everything a person does in this repository, in one place.
//!
//! It installs what a bare Debian 12 machine lacks, says what it does, and stops at the first failure.

mod bench;
mod machine;
mod step;
mod tidy;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use step::{Failed, Step};

const HELP: &str = "\
cargo xtask COMMAND

  run     build Baraza and play the story on a demo workspace; the exported files stay in target/demo
  test    everything CI checks: format, lints, docs, tidy, tests, and the story told with `baraza` alone
  bench   measure speed and size beside peers run in the same call; JSON is kept under target/bench
  tidy    only the rules of the repository: crate edges, pure cores, file heads, migrations
  help    this text

Missing system packages are installed with apt-get as root or through sudo; where neither works, the one
line to run is printed.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["run", rest @ ..] => run(rest),
        ["test"] => test(),
        ["bench", rest @ ..] => bench::run(&root(), rest),
        ["tidy"] => tidy::run(&root()),
        ["help" | "--help" | "-h"] | [] => {
            say(HELP);
            Ok(())
        }
        other => {
            complain(&format!("unknown command: {}\n\n{HELP}", other.join(" ")));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            complain(&format!("xtask: {why}"));
            ExitCode::FAILURE
        }
    }
}

fn run(rest: &[&str]) -> Result<(), Failed> {
    let root = root();
    machine::prepare(&root)?;
    Step::cargo("build", ["build", "--workspace", "--all-features"]).run(&root)?;
    let demo = root.join("target/demo");
    Step::new("play the story", root.join("target/debug/baraza").display().to_string())
        .arg("demo")
        .arg(demo.display().to_string())
        .args(rest)
        .run(&root)
}

fn test() -> Result<(), Failed> {
    let root = root();
    machine::prepare(&root)?;
    tidy::run(&root)?;
    Step::cargo("format", ["fmt", "--all", "--check"]).run(&root)?;
    Step::cargo("lints", ["clippy", "--workspace", "--all-targets", "--all-features", "--quiet"])
        .args(["--", "-D", "warnings"])
        .run(&root)?;
    if machine::has("cargo-deny") {
        Step::cargo("licences and sources", ["deny", "--offline", "check", "bans", "licenses", "sources"])
            .run(&root)?;
    } else {
        say(
            "· licences and sources: skipped, because cargo-deny is not installed (cargo install cargo-deny)",
        );
    }
    Step::cargo("build", ["build", "--workspace", "--all-features", "--all-targets"]).run(&root)?;
    Step::cargo("tests", ["test", "--workspace", "--all-features"]).run(&root)?;
    Step::cargo("docs", ["doc", "--workspace", "--no-deps", "--all-features", "--quiet"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run(&root)?;
    Step::new("the story, told with `baraza` alone", "bash")
        .arg("tests/story.sh")
        .env("BARAZA", root.join("target/debug/baraza").display().to_string())
        .run(&root)
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn say(text: &str) {
    // A reader that has seen enough (`| head`) is no failure.
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn complain(text: &str) {
    eprintln!("{text}");
}
