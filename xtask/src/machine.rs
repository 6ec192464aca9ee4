//! What the machine must have, and how it gets it on Debian 12.
//!
//! A command asks only for what it needs: nobody installs a browser to read the help.

use crate::say;
use crate::step::{Failed, Step};
use std::path::Path;
use std::process::Command;

/// Something that must be there: a program on the PATH or a file, and the Debian package that brings it.
pub(crate) type Need = (&'static str, &'static str);

/// Compiling the crates: OpenSSL, SQLCipher and zstd come as sources.
pub(crate) const COMPILE: [Need; 4] =
    [("cc", "build-essential"), ("make", "build-essential"), ("perl", "perl"), ("bash", "bash")];

/// Compiling the window.
pub(crate) const WINDOW: [Need; 2] =
    [("pkg-config", "pkg-config"), ("/usr/include/webkitgtk-4.1/webkit2/webkit2.h", "libwebkit2gtk-4.1-dev")];

/// Showing the window where nobody looks, and driving it.
pub(crate) const SCREEN: [Need; 4] = [
    ("Xvfb", "xvfb"),
    ("xdotool", "xdotool"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"),
];

/// The same interface in a browser.
pub(crate) const BROWSER: [Need; 1] = [("chromium", "chromium")];

/// The oldest Node that the interface's tools run on.
const NODE: (u32, u32) = (20, 19);

/// Installs what is missing, or says how to.
pub(crate) fn prepare(root: &Path, needs: &[&[Need]]) -> Result<(), Failed> {
    let mut packages: Vec<&str> =
        needs.iter().copied().flatten().filter(|(what, _)| !has(what)).map(|(_, package)| *package).collect();
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

/// Checks that Node and npm are there and new enough. Debian 12 has only an older one, so nothing is installed.
pub(crate) fn node() -> Result<(), Failed> {
    let version = Command::new("node").arg("--version").output();
    let text = version.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default();
    if has("npm") && is_new_enough(&text) {
        return Ok(());
    }
    let found = if text.is_empty() { "none was found".to_owned() } else { format!("{text} was found") };
    let (major, minor) = NODE;
    Err(Failed(format!(
        "the interface needs Node {major}.{minor} or newer with npm, and {found}.\n  \
         Debian 12 packages an older one: take it from https://nodejs.org/en/download (or a version manager), \
         then try again"
    )))
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= NODE,
        _ => false,
    }
}

/// Whether a program is on the PATH; for an absolute path, whether the file is there.
pub(crate) fn has(what: &str) -> bool {
    if what.starts_with('/') {
        return Path::new(what).exists();
    }
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(what).is_file()))
}

/// Whether somebody could see a window.
pub(crate) fn has_screen() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_compared_by_number() {
        for (version, enough) in [
            ("v20.19.0", true),
            ("v20.9.1", false),
            ("v18.20.4", false),
            ("v22.1.0", true),
            ("", false),
            ("v20", false),
        ] {
            assert_eq!(is_new_enough(version), enough, "{version}");
        }
    }
}
