//! `cargo xtask`: everything a person does in this repository, in one place.
//!
//! It installs what a bare Debian 12 machine lacks, says what it does, and stops at the first failure.

mod bench;
mod bundle;
mod interface;
mod machine;
mod released;
mod step;
mod tidy;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use step::{Failed, Step, built};

const HELP: &str = "\
cargo xtask COMMAND

  run         build Baraza, make a demo workspace and open its window; without a screen, or with --story, play
              the story on this terminal; the exported files stay in target/demo; --fresh makes the demo anew
  test        everything CI checks: format, lints, docs, tidy, tests, the interface, the story told with `baraza`
              alone, and the app driven in its own window and in a browser
  e2e         only the app driven in its own window and in a browser
  shots       pictures of every view, in target/shots
  bench       measure speed and size beside peers run in the same call; JSON is kept under target/bench
  bench app   measure the window: start, first paint, typing
  bundle      the released app as a Debian package, in target/release/bundle
  codegen     write the interface's types from crates/ipc again
  released    prove that what is released holds neither the browser bridge nor the demo
  tidy        only the rules of the repository: crate edges, pure cores, file heads, migrations, a thin window
  help        this text

Missing system packages are installed with apt-get as root or through sudo; where neither works, the one
line to run is printed. The interface needs Node 20.19 or newer.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["run", rest @ ..] => run(rest),
        ["test"] => test(),
        ["e2e", rest @ ..] => e2e(rest),
        ["shots", rest @ ..] => shots(rest),
        ["bench", "app", rest @ ..] => bench::app(&root(), rest),
        ["bench", rest @ ..] => bench::run(&root(), rest),
        ["bundle"] => bundle::run(&root()),
        ["codegen"] => codegen(),
        ["released"] => released(),
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
    build(&root, &[&machine::COMPILE, &machine::WINDOW])?;
    let baraza = built(&root, "debug", "baraza");
    let is_told = rest.contains(&"--story");
    if is_told || !machine::has_screen() {
        if !is_told {
            say(
                "· there is no screen here (DISPLAY and WAYLAND_DISPLAY are empty), so the story is told instead",
            );
        }
        let demo = root.join("target/demo").display().to_string();
        return Step::new("play the story", baraza).args(["demo", &demo]).run(&root);
    }
    let demo = root.join("target/demo-app");
    // What somebody did in the demo stays until they ask for a fresh one.
    if rest.contains(&"--fresh") && demo.exists() {
        std::fs::remove_dir_all(&demo).map_err(|e| Failed(format!("{}: {e}", demo.display())))?;
    }
    let folder = demo.display().to_string();
    if !demo.join("demo.json").exists() {
        Step::new("make the demo workspace", baraza).args(["demo-workspace", &folder]).run(&root)?;
    }
    if let Ok(words) = std::fs::read_to_string(demo.join("passphrase.txt")) {
        say(&format!("· every device of the demo opens with: {}", words.trim()));
    }
    Step::new("open the window", built(&root, "debug", "notes")).args(["--demo", &folder]).run(&root)
}

/// What every command that runs the app needs: the interface, then all crates in one selection, so that no
/// dependency is compiled twice.
fn build(root: &Path, needs: &[&[machine::Need]]) -> Result<(), Failed> {
    machine::prepare(root, needs)?;
    interface::build(root)?;
    Step::cargo("build", ["build", "--workspace", "--all-features"]).run(root)
}

fn test() -> Result<(), Failed> {
    let root = root();
    machine::prepare(&root, &[&machine::COMPILE, &machine::WINDOW, &machine::SCREEN, &machine::BROWSER])?;
    tidy::run(&root)?;
    Step::cargo("format", ["fmt", "--all", "--check"]).run(&root)?;
    interface::check(&root)?;
    interface::build(&root)?;
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
        .env("BARAZA", built(&root, "debug", "baraza"))
        .run(&root)?;
    interface::drive(&root, "debug", "e2e", &[])?;
    released::check(&root)
}

fn e2e(rest: &[&str]) -> Result<(), Failed> {
    let root = root();
    build(&root, &[&machine::COMPILE, &machine::WINDOW, &machine::SCREEN, &machine::BROWSER])?;
    interface::drive(&root, "debug", "e2e", rest)
}

fn shots(rest: &[&str]) -> Result<(), Failed> {
    let root = root();
    build(&root, &[&machine::COMPILE, &machine::WINDOW, &machine::SCREEN, &machine::BROWSER])?;
    interface::drive(&root, "debug", "shots", rest)
}

fn released() -> Result<(), Failed> {
    let root = root();
    build(&root, &[&machine::COMPILE, &machine::WINDOW])?;
    released::check(&root)
}

fn codegen() -> Result<(), Failed> {
    let root = root();
    machine::prepare(&root, &[&machine::COMPILE])?;
    // The whole workspace is selected, as everywhere, so that no dependency is compiled with other features.
    Step::cargo("codegen", ["test", "--workspace", "--all-features", "--test", "typescript"])
        .env("BARAZA_REGENERATE", "1")
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
