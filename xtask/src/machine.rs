//! What the machine must have, and how it gets it on Debian 12.

use crate::say;
use crate::step::{Failed, Step};
use std::path::Path;

/// A program that must be there, and the Debian package that brings it.
const NEEDED: [(&str, &str); 4] =
    [("cc", "build-essential"), ("make", "build-essential"), ("perl", "perl"), ("bash", "bash")];

/// Installs what is missing, or says how to.
pub(crate) fn prepare(root: &Path) -> Result<(), Failed> {
    let mut packages: Vec<&str> =
        NEEDED.iter().filter(|(program, _)| !has(program)).map(|(_, package)| *package).collect();
    packages.dedup();
    if packages.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install --yes --no-install-recommends {}", packages.join(" "));
    let sudo = if is_root() { "" } else { "sudo " };
    if !has("apt-get") || !(is_root() || has("sudo")) {
        return Err(Failed(format!("missing system packages; run this, then try again:\n  {install}")));
    }
    say(&format!("· this machine lacks {}", packages.join(", ")));
    Step::new("install system packages", "sh")
        .arg("-c")
        .arg(format!("{sudo}apt-get update && {sudo}{install}"))
        .run(root)
}

/// Whether a program is on the PATH.
pub(crate) fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}
