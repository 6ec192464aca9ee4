//! What the window's libraries take from the environment, settled before any of them looks.
//!
//! Invariants: GTK, Mesa, fontconfig, GStreamer and the webview find folders that vanish with the window where they
//! would keep caches, salts and the names of files that a person chose; and no environment variable lets anybody
//! drive or inspect the window.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Variables that open the window to WebDriver or to a remote inspector.
const DOORS: [&str; 4] = [
    "TAURI_WEBVIEW_AUTOMATION",
    "TAURI_AUTOMATION",
    "WEBKIT_INSPECTOR_SERVER",
    "WEBKIT_INSPECTOR_HTTP_SERVER",
];

/// The environment of one window; its folder is removed when this is dropped.
pub(crate) struct Surroundings {
    scratch: TempDir,
    /// Where the system keeps apps' data, asked before it was hidden from the libraries.
    data: Option<PathBuf>,
}

impl Surroundings {
    /// Settles them. The program calls this before it starts a thread or a library.
    ///
    /// # Errors
    /// When there is no screen, or no temporary folder can be made.
    pub(crate) fn settle(automation: bool) -> std::io::Result<Self> {
        if !has_screen() {
            return Err(std::io::Error::other("there is no screen: DISPLAY and WAYLAND_DISPLAY are empty"));
        }
        let scratch = scratch()?;
        let data = data_home();
        if !automation {
            DOORS.iter().for_each(|name| set(name, None));
        }
        if cfg!(target_os = "linux") {
            let folder = |name: &str| Some(scratch.path().join(name).into_os_string());
            set("XDG_CACHE_HOME", folder("cache"));
            set("XDG_DATA_HOME", folder("data"));
            set("XDG_STATE_HOME", folder("state"));
            // A desktop's own settings store would remember the last folder that a person chose from.
            set("GSETTINGS_BACKEND", Some("memory".into()));
            set("MESA_SHADER_CACHE_DISABLE", Some("true".into()));
            if !has_session_bus() {
                // Else the accessibility bridge starts a bus that outlives the window and notes its address in HOME.
                set("DBUS_SESSION_BUS_ADDRESS", Some("disabled:".into()));
            }
        }
        Ok(Self { scratch, data })
    }

    /// A folder that the webview may have to its name.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// The folder for this app's data, where the platform's own answer was hidden.
    pub(crate) fn app_data(&self, identifier: &str) -> Option<PathBuf> {
        self.data.as_ref().map(|data| data.join(identifier))
    }
}

impl Drop for Surroundings {
    /// The webview's processes may still write while they end, so one try is not enough.
    fn drop(&mut self) {
        for _ in 0..20 {
            if std::fs::remove_dir_all(self.scratch()).is_ok() || !self.scratch().exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// In memory where the system has such a place, so that it is gone with the power too.
fn scratch() -> std::io::Result<TempDir> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").filter(|_| cfg!(target_os = "linux"));
    match runtime.map(tempfile::tempdir_in) {
        Some(Ok(folder)) => Ok(folder),
        _ => tempfile::tempdir(),
    }
}

/// The XDG base directory for data (XDG Base Directory Specification 0.8).
fn data_home() -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
}

/// Without one GTK would panic.
fn has_screen() -> bool {
    let names = |name: &&str| std::env::var_os(name).is_some_and(|display| !display.is_empty());
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(names)
}

fn has_session_bus() -> bool {
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty())
        || std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|dir| Path::new(&dir).join("bus").exists())
}

fn set(name: &str, value: Option<OsString>) {
    #[allow(unsafe_code, reason = "the environment has no safe setter since the 2024 edition")]
    // SAFETY: `settle` runs before the program has a second thread, so nothing reads the environment meanwhile.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}
