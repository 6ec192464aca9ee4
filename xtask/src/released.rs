//! Proves that what is released holds neither the browser bridge nor the demo with its known passphrases.

use crate::step::{Failed, Step, built};
use std::path::Path;

/// Texts that only the dev features bring into a binary, each with the binary that has it then.
const MARKS: [(&str, &str); 3] = [
    ("baraza", "x-bridge-token"),
    ("baraza", "seven invented goats walk to the story well"),
    ("notes", "demo.missing"),
];

/// Looks into the binaries with the dev features first, so that a mark which has gone stale is noticed; then builds the
/// same binaries as they are released and looks again.
pub(crate) fn check(root: &Path) -> Result<(), Failed> {
    for (binary, mark) in MARKS {
        if !holds(root, binary, mark)? {
            return Err(Failed(format!(
                "{binary} with dev features no longer holds {mark:?}: choose another mark"
            )));
        }
    }
    Step::cargo("build what is released", ["build", "--workspace", "--bin", "baraza", "--bin", "notes"])
        .run(root)?;
    match MARKS.iter().find(|(binary, mark)| holds(root, binary, mark).unwrap_or(true)) {
        Some((binary, mark)) => Err(Failed(format!("{binary} as it is released holds {mark:?}"))),
        None => Ok(()),
    }
}

fn holds(root: &Path, binary: &str, mark: &str) -> Result<bool, Failed> {
    let path = built(root, "debug", binary);
    let bytes = std::fs::read(&path).map_err(|e| Failed(format!("{path}: {e}")))?;
    Ok(bytes.windows(mark.len()).any(|window| window == mark.as_bytes()))
}
