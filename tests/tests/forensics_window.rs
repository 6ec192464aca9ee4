//! P2 over the real window: nothing that a person types is left on the machine.
//!
//! `tests/e2e/typing.mjs` drives the window as a person does, with a sentence of its own for every place where words
//! can be written: names, passphrases (a wrong one too), free text, severe text, an answer that is not saved yet, a
//! search, reasons. HOME, the XDG folders, TMPDIR and the workspaces lie under one root. While windows are open, after
//! one was asked to end and after one died, every file there is searched for each sentence in every encoding; then the
//! same with the window as it is delivered, which nobody can drive and which is typed into by the keyboard. What is
//! plain on purpose (the form's file) lies outside.
//!
//! The window that a test drives is not incognito (WebKitGTK refuses to automate that), and keeps a folder of its own
//! while it is open: that folder is searched like all others.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test should fail here"
)]

mod common_crash;

use common_crash::needle::{ENCODINGS, Hit, Scanner, encode};
use common_crash::program::baraza;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What must be installed; `cargo xtask test` sees to it. Without it there is no window to look at.
const NEEDED: [&str; 4] = ["Xvfb", "WebKitWebDriver", "xdotool", "node"];

#[test]
fn nothing_typed_into_the_window_is_left_on_the_machine() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let libraries = repository.join("ui/node_modules/playwright-core");
    if !NEEDED.iter().all(|name| is_installed(name)) || !libraries.exists() {
        return;
    }
    let notes = baraza().with_file_name("notes");
    assert!(notes.is_file(), "{} is missing; run `cargo build --workspace --all-features`", notes.display());
    let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut session = Command::new("node")
        .arg(repository.join("tests/e2e/typing.mjs"))
        .args([root.path(), outside.path()])
        .env("NOTES", notes)
        .env("BARAZA", baraza())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut go_on = session.stdin.take().unwrap();
    let mut points = Vec::new();
    let mut found = Vec::new();
    for line in BufReader::new(session.stdout.take().unwrap()).lines() {
        let told: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let point = told["point"].as_str().unwrap().to_owned();
        let scanner = scanner(&told["said"]);
        if points.is_empty() {
            every_encoding_is_noticed(&scanner, &told["said"], root.path());
        }
        let (hits, scanned) = scanner.find_in(root.path());
        assert!(scanned.files > 10 && scanned.bytes > 100_000, "{point}: only {scanned:?} was searched");
        found.extend(
            hits.into_iter().map(|hit| format!("{point}: {} as {} in {}", hit.name, hit.encoding, hit.place)),
        );
        points.push(point);
        // At the end nobody listens any more.
        let _ = go_on.write_all(b"\n");
    }
    assert!(session.wait().unwrap().success(), "the session broke off after {:?}", points.last());
    assert_eq!(points.last().map(String::as_str), Some("end"), "{points:?}");
    assert!(points.len() >= 8, "{points:?}");
    assert!(found.is_empty(), "{found:#?}");
}

fn scanner(said: &serde_json::Value) -> Scanner {
    let mut scanner = Scanner::default();
    for (place, sentence) in said.as_object().unwrap() {
        scanner.sentence(place, sentence.as_str().unwrap());
    }
    scanner
}

/// The search itself is searched for: a leak in each encoding, planted deep in the folders, is noticed.
fn every_encoding_is_noticed(scanner: &Scanner, said: &serde_json::Value, root: &Path) {
    let folder = root.join("home/.cache/planted");
    std::fs::create_dir_all(&folder).unwrap();
    let sentence = said["severe"].as_str().unwrap();
    for encoding in ENCODINGS {
        let leak = [b"before ".as_slice(), &encode(encoding, sentence), b" after"].concat();
        std::fs::write(folder.join(encoding), leak).unwrap();
    }
    let (hits, _) = scanner.find_in(root);
    let noticed: BTreeSet<&str> = hits
        .iter()
        .filter(|Hit { place, .. }| place.contains("planted"))
        .map(|hit| hit.place.as_str())
        .collect();
    assert_eq!(noticed.len(), ENCODINGS.len(), "not every planted leak was noticed: {noticed:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
