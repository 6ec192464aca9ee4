//! The released app: a window without the dev features, proven to be so, in a Debian package.

use crate::step::{Failed, Step, target};
use crate::{interface, machine, say};
use std::path::Path;

const PACKAGE: &str = "baraza-window";
/// Makes the package. Fetched only here: its parts for other platforms are in no lock file that `npm ci` accepts.
const PACKER: &str = "--package=@tauri-apps/cli@2.12.5";

/// Builds it, tests the very binary that is packed, packs it, and says where it is.
pub(crate) fn run(root: &Path) -> Result<(), Failed> {
    machine::prepare(root, &[&machine::COMPILE, &machine::WINDOW, &machine::SCREEN])?;
    interface::build(root)?;
    Step::cargo("build the released window", ["build", "--release", "--package", PACKAGE]).run(root)?;
    Step::cargo("test the released window", ["test", "--release", "--package", PACKAGE]).run(root)?;
    Step::new("pack it", "npm")
        .args(["exec", "--yes", PACKER, "--", "tauri", "bundle", "--bundles", "deb", "--ci"])
        .run(root)?;
    for package in packages(&target(root).join("release/bundle/deb")) {
        let megabytes = std::fs::metadata(&package).map_or(0.0, |meta| meta.len() as f64 / 1e6);
        say(&format!("· {} ({megabytes:.1} MB)", package.display()));
    }
    Ok(())
}

fn packages(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "deb")).collect()
}
