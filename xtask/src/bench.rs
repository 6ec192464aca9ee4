//! Speed and size, measured beside a peer in the same run. The measuring itself is in `crates/testkit`.

use crate::step::{Failed, Step};
use crate::{interface, machine};
use std::path::Path;

/// Builds in release and prints one table; the JSON stays under `target/bench`.
///
/// `--quick`, `--only wire|ingest|save|forms|list` and `--peer-engine DIR` are passed on.
pub(crate) fn run(root: &Path, rest: &[&str]) -> Result<(), Failed> {
    machine::prepare(root, &[&machine::COMPILE])?;
    Step::cargo(
        "bench",
        ["run", "--release", "--quiet", "--package", "baraza-testkit", "--example", "bench", "--"],
    )
    .args(absolute(rest))
    .run(root)
}

/// The window's start, first paint and typing, in release.
pub(crate) fn app(root: &Path, rest: &[&str]) -> Result<(), Failed> {
    machine::prepare(root, &[&machine::COMPILE, &machine::WINDOW, &machine::SCREEN, &machine::BROWSER])?;
    interface::build(root)?;
    Step::cargo("build", ["build", "--release", "--workspace", "--all-features", "--bin", "notes"])
        .args(["--bin", "baraza", "--example", "bench", "--example", "empty"])
        .run(root)?;
    interface::drive(root, "release", "bench", rest)
}

/// The bench runs in the repository's root; a folder is meant from where the person stands.
fn absolute(words: &[&str]) -> Vec<String> {
    let is_folder = |place: usize| place.checked_sub(1).and_then(|p| words.get(p)) == Some(&"--peer-engine");
    let word = |(place, word): (usize, &&str)| match std::path::absolute(word) {
        Ok(path) if is_folder(place) => path.display().to_string(),
        _ => (*word).to_owned(),
    };
    words.iter().enumerate().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folder_is_made_absolute() {
        let words = absolute(&["--quick", "--peer-engine", "engine", "--only", "wire"]);
        assert_eq!(words.len(), 5);
        assert_eq!((words[0].as_str(), words[4].as_str()), ("--quick", "wire"));
        assert!(Path::new(&words[2]).is_absolute() && words[2].ends_with("engine"));
    }
}
