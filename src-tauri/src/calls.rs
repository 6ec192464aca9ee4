//! The window's one command: it carries a call to the desk and the answer back.
//!
//! Which calls there are is the table in `baraza-ipc`, the same one for every shell. See
//! `docs/adr/0009-commands-as-one-table.md`.

use baraza_ipc::{Desk, Problem};
use serde_json::Value;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tauri::State;

/// How long closing waits for a call that is under way. What was acknowledged is on the disk by then; the rest is
/// lost, as it would be with the power, and the keys end with the process.
const PATIENCE: Duration = Duration::from_secs(3);

/// The desk that this window's calls go to.
#[derive(Clone)]
pub(crate) struct Calls(Arc<Desk>);

impl Calls {
    pub(crate) fn to(desk: Desk) -> Self {
        Self(Arc::new(desk))
    }

    /// Locks the device, which stops a long call, wipes the keys and closes the vault.
    pub(crate) fn end(&self) {
        let (desk, (done, locked)) = (Arc::clone(&self.0), mpsc::channel());
        std::thread::spawn(move || done.send(desk.call("lock", Value::Null).is_ok()));
        // Late or not, the process ends now.
        let _ = locked.recv_timeout(PATIENCE);
    }
}

/// Carries one call. It runs on a thread of its own: deriving a key takes a second, and the window must not wait.
#[tauri::command]
pub(crate) async fn call(name: String, args: Value, calls: State<'_, Calls>) -> Result<Value, Problem> {
    let desk = Arc::clone(&calls.0);
    tauri::async_runtime::spawn_blocking(move || desk.call(&name, args))
        .await
        .unwrap_or_else(|_| Err(Problem::new("call.broken")))
}
