//! What the window is started with.

use std::ffi::OsString;
use std::path::PathBuf;

const USAGE: &str = "\
notes [FOLDER] [--card FOLDER]…

  FOLDER           the workspace folder; without one, the app's own data folder
  --card FOLDER    a memory card's folder that packages may be put in and taken from
  --help           this text";

/// What a dev build knows in addition.
const DEV_USAGE: &str = "
  --demo FOLDER    the demo's folder, with a switch between its devices
  --automation     let WebDriver drive this window";

/// Shown for `--help`, and with a wrong argument.
pub(crate) fn usage() -> String {
    let more = if cfg!(feature = "dev") { DEV_USAGE } else { "" };
    format!("{USAGE}{more}")
}

/// How to start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Start {
    /// The workspace folder; `None` is the app's own data folder.
    pub(crate) folder: Option<PathBuf>,
    /// Folders where packages may be put and found.
    pub(crate) cards: Vec<PathBuf>,
    /// Whether `folder` is the demo's. Only in a dev build.
    pub(crate) demo: bool,
    /// Whether WebDriver may drive the window. Only in a dev build.
    pub(crate) automation: bool,
}

/// What a person asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// The window.
    Open(Start),
    /// The usage.
    Help,
}

/// Reads the words after the program's name.
///
/// # Errors
/// One sentence on the first word that was not understood.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Asked, String> {
    let mut start = Start::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--help" | "-h") => return Ok(Asked::Help),
            Some("--card") => start.cards.push(folder_after("--card", &mut words)?),
            Some("--demo") if cfg!(feature = "dev") => {
                start.demo = true;
                place(&mut start.folder, folder_after("--demo", &mut words)?)?;
            }
            Some("--automation") if cfg!(feature = "dev") => start.automation = true,
            Some(option) if option.starts_with('-') => return Err(format!("unknown argument: {option}")),
            _ => place(&mut start.folder, word.into())?,
        }
    }
    Ok(Asked::Open(start))
}

fn folder_after(option: &str, words: &mut impl Iterator<Item = OsString>) -> Result<PathBuf, String> {
    words.next().map(PathBuf::from).ok_or_else(|| format!("{option} needs a folder"))
}

fn place(slot: &mut Option<PathBuf>, folder: PathBuf) -> Result<(), String> {
    match slot.replace(folder) {
        None => Ok(()),
        Some(first) => Err(format!("one folder only; {} came first", first.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(words: &[&str]) -> Result<Asked, String> {
        read(words.iter().map(OsString::from))
    }

    #[test]
    fn a_folder_and_two_cards() {
        let asked = reading(&["tablet", "--card", "a", "--card", "b"]).unwrap();
        let cards = vec![PathBuf::from("a"), PathBuf::from("b")];
        let start = Start { folder: Some("tablet".into()), cards, ..Start::default() };
        assert_eq!(asked, Asked::Open(start));
    }

    #[test]
    fn nothing_at_all_means_the_own_folder() {
        assert_eq!(reading(&[]), Ok(Asked::Open(Start::default())));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert_eq!(reading(&["--inspect"]), Err("unknown argument: --inspect".into()));
        assert_eq!(reading(&["--card"]), Err("--card needs a folder".into()));
        assert_eq!(reading(&["a", "b"]), Err("one folder only; a came first".into()));
    }

    #[test]
    fn the_demo_and_automation_are_unknown_to_a_release() {
        assert_eq!(reading(&["--demo", "d"]).is_ok(), cfg!(feature = "dev"));
        assert_eq!(reading(&["--automation"]).is_ok(), cfg!(feature = "dev"));
    }
}
