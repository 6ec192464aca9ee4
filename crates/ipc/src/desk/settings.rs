//! How the screen looks and speaks: a small file outside the vault, because the unlock screen needs it. It says
//! nothing of the work.

use crate::problem::{Problem, Result};
use crate::view::Settings;
use std::path::Path;

const FILE: &str = "settings.json";
const LANGUAGES: [&str; 5] = ["", "en", "fr", "ar", "sw"];
const THEMES: [&str; 4] = ["", "day", "night", "sun"];
/// Minutes without a touch after which the app locks itself, unless a person says otherwise.
const LOCK_AFTER_MINUTES: u32 = 5;
/// A day; more is a slip of the finger.
const LONGEST_MINUTES: u32 = 24 * 60;

impl Default for Settings {
    fn default() -> Self {
        Self { language: String::new(), theme: String::new(), lock_after_minutes: LOCK_AFTER_MINUTES }
    }
}

/// What was saved; the usual where nothing was, or where the file is damaged.
pub(super) fn read(folder: &Path) -> Settings {
    let saved = std::fs::read(folder.join(FILE)).ok();
    let saved = saved.and_then(|bytes| serde_json::from_slice::<Settings>(&bytes).ok());
    saved.filter(|settings| check(settings).is_ok()).unwrap_or_default()
}

/// Saves; the file before stays whole until the new one is.
pub(super) fn write(folder: &Path, settings: &Settings) -> Result<()> {
    check(settings)?;
    let failed = |_| Problem::new("settings.not-saved");
    std::fs::create_dir_all(folder).map_err(failed)?;
    let text = serde_json::to_vec_pretty(settings).map_err(|_| Problem::new("settings.not-saved"))?;
    baraza_app::write_durably(&folder.join(FILE), &text).map_err(|_| Problem::new("settings.not-saved"))
}

fn check(settings: &Settings) -> Result<()> {
    let known = LANGUAGES.contains(&settings.language.as_str())
        && THEMES.contains(&settings.theme.as_str())
        && settings.lock_after_minutes <= LONGEST_MINUTES;
    known.then_some(()).ok_or_else(|| Problem::new("settings.unknown"))
}
