//! People with windows: desks over folders of a story, called by name with JSON.

use baraza_ipc::{Desk, Problem, Setup};
use baraza_testkit::{Clock, FORMS, Locked, Mission, PASSPHRASE};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder with everybody's devices, and a card.
pub(crate) struct Stage {
    pub(crate) dir: TempDir,
    pub(crate) clock: Clock,
}

/// Somebody's window.
pub(crate) struct Window(Desk);

impl Stage {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["card", "windows"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
        }
        Self { dir, clock: Clock::default() }
    }

    /// The card that everybody can put in.
    pub(crate) fn card(&self) -> PathBuf {
        self.dir.path().join("card").canonicalize().unwrap()
    }

    /// A window over a folder that is still empty.
    pub(crate) fn window(&self, name: &str) -> Window {
        self.window_over(&self.dir.path().join(name), name, &self.clock)
    }

    /// A window over a device of a mission.
    pub(crate) fn window_of(&self, name: &str, device: &Locked, clock: &Clock) -> Window {
        self.window_over(&device.folder, name, clock)
    }

    fn window_over(&self, folder: &Path, name: &str, clock: &Clock) -> Window {
        let clock = clock.clone();
        Window(Desk::new(Setup {
            folder: folder.to_owned(),
            places: vec![self.card()],
            settings: self.dir.path().join("windows").join(name),
            world: Box::new(move || clock.world()),
        }))
    }

    /// A mission whose headquarters has published the three instruments.
    pub(crate) fn mission(&self) -> Mission {
        Mission::found(&self.dir.path().join("mission"), &FORMS).unwrap()
    }
}

impl Window {
    /// Calls a command that must be done.
    pub(crate) fn does(&self, name: &str, arguments: Value) -> Value {
        self.0.call(name, arguments).unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
    }

    /// Calls a command that must be refused.
    pub(crate) fn refuses(&self, name: &str, arguments: Value) -> Problem {
        match self.0.call(name, arguments) {
            Ok(answer) => panic!("{name} was not refused: {answer}"),
            Err(problem) => problem,
        }
    }

    /// The code with which a command is refused.
    pub(crate) fn code(&self, name: &str, arguments: Value) -> String {
        self.refuses(name, arguments).code
    }

    pub(crate) fn unlock(&self) -> Value {
        self.does("unlock", json!({ "passphrase": PASSPHRASE }))
    }
}

/// The texts of a list of objects by one of their fields.
pub(crate) fn each(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
