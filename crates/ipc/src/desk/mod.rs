//! The desk: what is open, and one function for each command. Commands are grouped by screen in the files beside.

mod entry;
mod exchange;
mod field;
mod form;
mod headquarters;
mod members;

use crate::problem::{Problem, Result};
use crate::table::{dispatch, wipe};
use baraza_app::{Device, World};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a shell gives to a desk.
pub struct Setup {
    /// The workspace folder of this device.
    pub folder: PathBuf,
    /// Places for cards beside those that the system mounts.
    pub places: Vec<PathBuf>,
    /// Where settings of the screen are kept: a folder outside the vault.
    pub settings: PathBuf,
    /// Makes clock, zone and randomness; a test gives its own.
    pub world: Box<dyn Fn() -> World + Send + Sync>,
}

/// One workspace folder on a device, locked or unlocked, with at most one open form.
pub struct Desk {
    setup: Setup,
    open: Mutex<Open>,
}

/// What is unlocked.
#[derive(Default)]
struct Open {
    device: Option<Device>,
    /// The form on screen.
    form: Option<form::OpenForm>,
}

impl Desk {
    /// A locked desk.
    pub fn new(setup: Setup) -> Self {
        Self { setup, open: Mutex::default() }
    }

    /// Calls a command by name. Blocks until it is done; arguments are wiped.
    ///
    /// # Errors
    /// When the command does not exist, its arguments do not fit, or it was refused.
    pub fn call(&self, name: &str, mut arguments: Value) -> Result<Value> {
        if arguments.is_null() {
            arguments = Value::Object(serde_json::Map::new());
        }
        let answer = dispatch(self, name, &mut arguments);
        wipe(&mut arguments);
        answer
    }

    /// What is open. A panic in a command before does not keep the next one out: every command commits by itself.
    fn lock_open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn device(&mut self) -> Result<&mut Device> {
        self.device.as_mut().ok_or_else(|| Problem::new("desk.locked"))
    }
}
