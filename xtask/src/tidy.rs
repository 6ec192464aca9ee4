//! The rules of the repository that a compiler does not check (DESIGN section 2).
//!
//! - A crate depends only on the crates that its row in [`EDGES`] names.
//! - Pure cores read no clock, draw no randomness, touch no file, socket or environment.
//! - Every Rust file says at its head what it is for, and stays readable in length.
//! - The window carries calls and decides nothing: it names two crates of ours and stays small.
//! - Migrations are numbered without a gap.

use crate::say;
use crate::step::Failed;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who may depend on whom, outside tests. An edge that is not here is a mistake or wants an ADR.
const EDGES: [(&str, &[&str]); 16] = [
    ("baraza-model", &[]),
    ("baraza-xpath", &[]),
    ("baraza-forms", &["model", "xpath"]),
    ("baraza-record", &["model"]),
    ("baraza-oplog", &["model"]),
    ("baraza-sync", &["model", "oplog"]),
    ("baraza-vault", &["model", "oplog"]),
    ("baraza-office", &["model", "forms", "record", "oplog", "sync"]),
    ("baraza-app", &["model", "forms", "record", "oplog", "sync", "vault", "office"]),
    ("baraza-hub", &["model", "oplog", "sync"]),
    ("baraza-ipc", &["app", "forms", "model"]),
    ("baraza-window", &["app", "ipc"]),
    ("baraza-cli", &["app", "ipc", "office", "hub", "model", "forms", "testkit"]),
    ("baraza-testkit", &["app", "forms", "hub", "model", "office", "oplog", "record", "sync", "vault"]),
    ("baraza-tests", &["testkit", "app"]),
    ("xtask", &[]),
];

/// Crates without I/O, clock or randomness of their own.
const PURE: [&str; 6] = ["model", "xpath", "forms", "record", "oplog", "sync"];

/// What a pure core may not name.
const IMPURE: [&str; 14] = [
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "SystemRandom",
    "getrandom::",
    "OsRng",
    "thread_rng",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "tokio::",
    "Uuid::new_v4",
];

/// Past this a file is more than one thing.
const LONGEST_FILE: usize = 600;

/// All that the window may name of ours. Anything else is logic in the wrong place.
const WINDOW_NAMES: [&str; 4] =
    ["baraza_app::World", "baraza_app::harden_process", "baraza_ipc::", "baraza_window::"];

/// The window's code, its unit tests left out.
const LONGEST_WINDOW: usize = 550;

/// Runs every rule and reports all findings at once.
pub(crate) fn run(root: &Path) -> Result<(), Failed> {
    let mut findings = edges(&metadata(root)?);
    let mut window = Vec::new();
    for file in files(&root.join("crates"))?
        .into_iter()
        .chain(files(&root.join("src-tauri"))?)
        .chain(files(&root.join("xtask"))?)
        .chain(files(&root.join("tests"))?)
    {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let name = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        if name.ends_with(".rs") {
            findings.extend(source(&name, &text));
        }
        if name.starts_with("src-tauri/src/") {
            window.push((name, text));
        }
    }
    findings.extend(thin(&window));
    findings.extend(migrations(root)?);
    for finding in &findings {
        say(&format!("tidy: {finding}"));
    }
    match findings.len() {
        0 => {
            say(
                "· tidy: crate edges, pure cores, file heads, migrations and the window are as they should be",
            );
            Ok(())
        }
        n => Err(Failed(format!("tidy found {n} things to put right"))),
    }
}

fn metadata(root: &Path) -> Result<Value, Failed> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let out = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|e| Failed(format!("cargo metadata could not be started: {e}")))?;
    serde_json::from_slice(&out.stdout).map_err(|e| Failed(format!("cargo metadata printed no JSON: {e}")))
}

fn edges(metadata: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    for package in list(metadata, "packages") {
        let name = text(package, "name");
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            findings.push(format!("{name} has no row in xtask/src/tidy.rs: say what it may depend on"));
            continue;
        };
        for dependency in list(package, "dependencies") {
            let Some(to) = text(dependency, "name").strip_prefix("baraza-") else { continue };
            let in_tests = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            if !in_tests && !allowed.contains(&to) {
                findings.push(format!("{name} must not depend on baraza-{to} (DESIGN section 2)"));
            }
            if to == "testkit"
                && !in_tests
                && name == "baraza-cli"
                && dependency.get("optional") != Some(&Value::Bool(true))
            {
                findings.push("baraza-cli may use baraza-testkit only behind its feature `dev`".into());
            }
        }
    }
    findings
}

fn source(name: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(format!("{name}: begin with `//!` and what this file is for"));
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        findings.push(format!("{name}: {lines} lines; past {LONGEST_FILE} a file is more than one thing"));
    }
    let in_tests = name.contains("/tests/") || name.ends_with("/tests.rs");
    let pure = !in_tests && PURE.iter().any(|core| name.starts_with(&format!("crates/{core}/src/")));
    for (number, line) in product(text).lines().enumerate().filter(|_| pure) {
        if let Some(word) =
            IMPURE.iter().find(|word| !line.trim_start().starts_with("//") && line.contains(**word))
        {
            findings.push(format!("{name}:{}: `{word}` in a pure core; take it as an argument", number + 1));
        }
    }
    findings
}

fn thin(window: &[(String, String)]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut lines = 0;
    for (name, text) in window {
        let product = product(text);
        lines += product.lines().count();
        for (number, line) in product.lines().enumerate() {
            let names = line.match_indices("baraza_").filter_map(|(at, _)| line.get(at..));
            let is_foreign = |rest: &str| !WINDOW_NAMES.iter().any(|known| rest.starts_with(known));
            if names.into_iter().any(is_foreign) {
                findings.push(format!("{name}:{}: the window only carries calls to baraza-ipc", number + 1));
            }
        }
    }
    if lines > LONGEST_WINDOW {
        findings.push(format!("src-tauri/src: {lines} lines; past {LONGEST_WINDOW} it decides something"));
    }
    findings
}

/// A file without its unit tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod").next().unwrap_or(text)
}

fn migrations(root: &Path) -> Result<Vec<String>, Failed> {
    let mut findings = Vec::new();
    for store in ["vault", "office", "hub"] {
        let mut names: Vec<String> = files(&root.join("crates").join(store).join("migrations"))?
            .iter()
            .filter(|f| f.extension().is_some_and(|e| e == "sql"))
            .filter_map(|f| Some(f.file_name()?.to_str()?.to_owned()))
            .collect();
        names.sort();
        for (at, name) in names.iter().enumerate() {
            let number: Option<usize> = name.split(['_', '-']).next().and_then(|n| n.parse().ok());
            if number != Some(at + 1) {
                findings.push(format!("crates/{store}/migrations/{name}: expected number {:04}", at + 1));
            }
        }
    }
    Ok(findings)
}

fn files(dir: &Path) -> Result<Vec<PathBuf>, Failed> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|e| Failed(format!("{}: {e}", folder.display())))?.path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hub_that_reaches_for_the_vault_is_found() {
        let planted = json!({"packages": [{"name": "baraza-hub", "dependencies": [
            {"name": "baraza-vault", "kind": null}, {"name": "baraza-sync", "kind": null}]}]});
        assert_eq!(edges(&planted), ["baraza-hub must not depend on baraza-vault (DESIGN section 2)"]);
    }

    #[test]
    fn tests_may_use_what_they_like_but_a_new_crate_must_be_placed() {
        let planted = json!({"packages": [
            {"name": "baraza-hub", "dependencies": [{"name": "baraza-vault", "kind": "dev"}]},
            {"name": "baraza-rumour", "dependencies": []}]});
        assert_eq!(edges(&planted).len(), 1);
    }

    #[test]
    fn a_clock_in_a_pure_core_is_found_and_one_in_its_tests_is_not() {
        let planted = "//! Head.\nlet t = Instant::now();\n#[cfg(test)]\nmod tests { fn f() { std::fs::read(\"x\"); } }\n";
        assert_eq!(source("crates/sync/src/lib.rs", planted).len(), 1);
        assert_eq!(source("crates/app/src/lib.rs", planted).len(), 0);
    }

    #[test]
    fn a_window_that_reaches_past_the_commands_is_found() {
        let window =
            |line: &str| thin(&[("src-tauri/src/lib.rs".into(), format!("//! Head.\n{line}\n"))]).len();
        assert_eq!(window("use baraza_ipc::{Desk, Setup};"), 0);
        assert_eq!(window("baraza_app::harden_process();"), 0);
        assert_eq!(window("use baraza_app::Device;"), 1);
        assert_eq!(window("let vault = baraza_vault::Vault::unlock(folder);"), 1);
        assert_eq!(window(&"call();\n".repeat(LONGEST_WINDOW)), 1);
    }

    #[test]
    fn a_file_without_a_head_is_found() {
        assert_eq!(source("crates/app/src/lib.rs", "fn main() {}").len(), 1);
    }
}
