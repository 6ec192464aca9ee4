//! The desk: what is open, and one function for each command. Commands are grouped by screen in the files beside.
//!
//! Locks: what is unlocked is behind one lock, which a long call holds until it is done. What `status`, `progress`
//! and `cancel` need is beside it, so that they never wait. No key is derived while a lock is held.

mod demo;
mod entry;
mod exchange;
mod field;
mod form;
mod headquarters;
mod members;
mod papers;
mod places;
mod rows;
mod settings;
mod sheet;
mod standing;
mod table;

#[cfg(feature = "demo")]
pub use demo::{Demo, DemoDevice};

use crate::problem::{Problem, Result};
use crate::table::{dispatch, wipe};
use baraza_app::{Device, Watch, World};
use serde_json::Value;
use standing::Standing;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

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
    /// The folder on screen: the demo changes it.
    folder: Mutex<PathBuf>,
    #[cfg(feature = "demo")]
    demo: Option<demo::Demo>,
    open: Mutex<Open>,
    /// What `status` says of the open device while a long call holds it.
    standing: Mutex<Option<Standing>>,
    /// Follows the long call, and carries a person's wish to stop it.
    watch: Watch,
    /// Whether a long call runs.
    running: AtomicBool,
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
        Self {
            folder: Mutex::new(setup.folder.clone()),
            setup,
            #[cfg(feature = "demo")]
            demo: None,
            open: Mutex::default(),
            standing: Mutex::default(),
            watch: Watch::new(),
            running: AtomicBool::new(false),
        }
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

    /// What is open, unless another call is at it.
    fn try_open(&self) -> Option<MutexGuard<'_, Open>> {
        match self.open.try_lock() {
            Ok(open) => Some(open),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The folder on screen.
    fn folder(&self) -> PathBuf {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the clock says, in milliseconds since 1970.
    fn now(&self) -> i64 {
        self.world().now().0
    }

    /// The world of this desk, with the watch that its calls are followed by.
    fn world(&self) -> World {
        let mut world = (self.setup.world)();
        world.watch = self.watch.clone();
        world
    }

    /// Long work on the unlocked device: it can be followed and stopped.
    fn long<T>(&self, work: impl FnOnce(&mut Open) -> Result<T>) -> Result<T> {
        let mut open = self.lock_open();
        self.watch.reset();
        self.running.store(true, Ordering::SeqCst);
        let _ended = Ended(self);
        work(&mut open)
    }

    /// How the person wants forms to speak: `en`, `fr`…
    fn language(&self) -> String {
        let saved = settings::read(&self.setup.settings).language;
        if saved.is_empty() { "en".to_owned() } else { saved }
    }
}

/// Long work has ended, however it did.
struct Ended<'a>(&'a Desk);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::SeqCst);
        // A wish to stop that came too late must not stop what comes next.
        self.0.watch.reset();
    }
}

impl Open {
    fn device(&mut self) -> Result<&mut Device> {
        self.device.as_mut().ok_or_else(|| Problem::new("desk.locked"))
    }

    /// The device, if it belongs to a workspace.
    fn joined(&mut self) -> Result<&mut Device> {
        let device = self.device()?;
        match device.joined() {
            true => Ok(device),
            false => Err(Problem::new("device.not-joined")),
        }
    }
}
