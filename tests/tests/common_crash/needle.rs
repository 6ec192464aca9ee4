//! The scanner: known words, in every encoding that a program might leave them in.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The encodings of a sentence that are looked for.
pub(crate) const ENCODINGS: [&str; 9] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "json",
    "json-ascii",
    "json-ascii-capitals",
    "hex",
    "base64",
    "base64url",
];

/// One thing that must not be found, in one encoding.
struct Pattern {
    name: String,
    encoding: &'static str,
    bytes: Vec<u8>,
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) name: String,
    pub(crate) encoding: &'static str,
    pub(crate) place: String,
}

/// All patterns, by their first two bytes.
pub(crate) struct Scanner {
    patterns: Vec<Pattern>,
    by_start: Vec<Vec<usize>>,
}

impl Default for Scanner {
    fn default() -> Self {
        Self { patterns: Vec::new(), by_start: vec![Vec::new(); 1 << 16] }
    }
}

/// What a scan went through.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Scanned {
    pub(crate) files: usize,
    pub(crate) bytes: usize,
}

impl Scanner {
    /// Looks for a sentence. It should be long enough not to stand anywhere by chance.
    pub(crate) fn sentence(&mut self, name: &str, text: &str) {
        assert!(text.len() >= 10, "{name} is too short to be looked for: {text}");
        for encoding in ["utf-8", "utf-16le", "utf-16be", "json", "json-ascii", "json-ascii-capitals"] {
            self.add(name, encoding, encode(encoding, text));
        }
        self.packed(name, text.as_bytes());
    }

    /// Looks for bytes, such as a key.
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) {
        assert!(bytes.len() >= 16, "{name} is too short to be looked for");
        self.add(name, "bytes", bytes.to_vec());
        self.packed(name, bytes);
    }

    /// Hex in both cases, and both alphabets of base64 wherever the bytes begin in a group of three.
    fn packed(&mut self, name: &str, bytes: &[u8]) {
        let hex = encode_hex(bytes);
        self.add(name, "hex", hex.to_ascii_uppercase().into_bytes());
        self.add(name, "hex", hex.into_bytes());
        for before in 0..3 {
            self.add(name, "base64", base64_core(&STANDARD_NO_PAD, before, bytes));
            self.add(name, "base64url", base64_core(&URL_SAFE_NO_PAD, before, bytes));
        }
    }

    fn add(&mut self, name: &str, encoding: &'static str, bytes: Vec<u8>) {
        let start = usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
        if self.by_start[start].iter().any(|at| self.patterns[*at].bytes == bytes) {
            return;
        }
        self.by_start[start].push(self.patterns.len());
        self.patterns.push(Pattern { name: name.to_owned(), encoding, bytes });
    }

    /// What stands in these bytes.
    pub(crate) fn find(&self, haystack: &[u8], place: &str) -> BTreeSet<Hit> {
        let mut found = BTreeSet::new();
        for (at, pair) in haystack.windows(2).enumerate() {
            for index in &self.by_start[usize::from(pair[0]) << 8 | usize::from(pair[1])] {
                let pattern = &self.patterns[*index];
                if haystack[at..].starts_with(&pattern.bytes) {
                    let Pattern { name, encoding, .. } = pattern;
                    found.insert(Hit { name: name.clone(), encoding, place: place.to_owned() });
                }
            }
        }
        found
    }

    /// What stands in the files under a folder, and in their names.
    pub(crate) fn find_in(&self, root: &Path) -> (BTreeSet<Hit>, Scanned) {
        let (mut hits, mut scanned) = (BTreeSet::new(), Scanned::default());
        for path in super::files(root) {
            let place = path.strip_prefix(root).unwrap().display().to_string();
            hits.append(&mut self.find(path.as_os_str().as_bytes(), &format!("the name of {place}")));
            // A file may go between listing and reading, as a partial one does when it is renamed.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            scanned.files += 1;
            scanned.bytes += bytes.len();
            hits.append(&mut self.find(&bytes, &place));
        }
        (hits, scanned)
    }
}

/// A sentence as some program might write it.
pub(crate) fn encode(encoding: &str, text: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "json" => serde_json::to_string(text).unwrap().trim_matches('"').as_bytes().to_vec(),
        "json-ascii" => json_ascii(text, false),
        "json-ascii-capitals" => json_ascii(text, true),
        "hex" => encode_hex(text.as_bytes()).into_bytes(),
        "base64" => STANDARD_NO_PAD.encode(text).into_bytes(),
        "base64url" => URL_SAFE_NO_PAD.encode(text).into_bytes(),
        other => panic!("unknown encoding {other}"),
    }
}

/// JSON with everything beyond ASCII as `\uXXXX`.
fn json_ascii(text: &str, capitals: bool) -> Vec<u8> {
    let quoted = serde_json::to_string(text).unwrap();
    let mut out = String::new();
    for unit in quoted.trim_matches('"').encode_utf16() {
        match (unit, capitals) {
            (unit, _) if unit < 128 => out.push(char::from(unit as u8)),
            (unit, false) => out += &format!("\\u{unit:04x}"),
            (unit, true) => out += &format!("\\u{unit:04X}"),
        }
    }
    out.into_bytes()
}

fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The characters that depend on these bytes alone, whatever stands before and after them.
fn base64_core(engine: &impl Engine, before: usize, bytes: &[u8]) -> Vec<u8> {
    let text = engine.encode([vec![0; before], bytes.to_vec()].concat()).into_bytes();
    let first = before + usize::from(before > 0);
    let whole = (before + bytes.len()) * 8 / 6;
    text[first..whole].to_vec()
}
