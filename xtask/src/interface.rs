//! The interface in `ui/`: installed as its lock file says, built before the window that it is part of.

use crate::machine;
use crate::say;
use crate::step::{Failed, Step, built};
use std::path::Path;
use std::time::SystemTime;

/// What the built interface is made of.
const SOURCES: [&str; 8] = [
    "src",
    "static",
    "public",
    "index.html",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// Installs the packages that the lock file names, unless they are there.
pub(crate) fn install(root: &Path) -> Result<(), Failed> {
    machine::node()?;
    let ui = root.join("ui");
    // npm writes down what it installed; what is as new as the lock file was installed from it.
    if changed(&ui.join("node_modules/.package-lock.json")) >= changed(&ui.join("package-lock.json")) {
        return Ok(());
    }
    npm("the interface's packages", &["ci", "--no-audit", "--no-fund"]).run(&ui)
}

/// Builds `ui/dist`, unless nothing has changed since.
pub(crate) fn build(root: &Path) -> Result<(), Failed> {
    install(root)?;
    let ui = root.join("ui");
    let page = ui.join("dist/index.html");
    let sources = SOURCES.iter().map(|name| newest(&ui.join(name))).max().flatten();
    // A placeholder without a script stands there after a build with cargo alone.
    let is_real = std::fs::read_to_string(&page).is_ok_and(|text| text.contains("<script"));
    if is_real && changed(&page) > sources {
        return Ok(());
    }
    npm("the interface", &["run", "build", "--silent"]).run(&ui)
}

/// Format, types and unit tests.
pub(crate) fn check(root: &Path) -> Result<(), Failed> {
    install(root)?;
    let ui = root.join("ui");
    npm("the interface's format", &["run", "lint", "--silent"]).run(&ui)?;
    npm("the interface's types", &["run", "check", "--silent"]).run(&ui)?;
    npm("the interface's tests", &["run", "test", "--silent"]).run(&ui)
}

/// Runs one of the scripts in `tests/e2e` on what was built: `$NOTES` is the window, `$BARAZA` the command line.
/// A script that is not there is left out, aloud.
pub(crate) fn drive(root: &Path, profile: &str, name: &str, rest: &[&str]) -> Result<(), Failed> {
    let script = format!("tests/e2e/{name}.mjs");
    if !root.join(&script).exists() {
        say(&format!("· {script}: skipped, because it is not there"));
        return Ok(());
    }
    Step::new(name, "node")
        .arg(script)
        .args(rest)
        .env("NOTES", built(root, profile, "notes"))
        .env("BARAZA", built(root, profile, "baraza"))
        .run(root)
}

fn npm(name: &str, words: &[&str]) -> Step {
    Step::new(name, "npm").args(words)
}

/// When a file was last written; `None` where there is none.
fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// When anything at a path was last written.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| newest(&entry.path()));
    inside.chain([changed(path)]).max().flatten()
}
