//! The real hub on loopback, in a thread, until the story ends.

use crate::Result;
use baraza_app::World;
use baraza_hub::{Hub, Options, serve_on};
use baraza_oplog::HubSecret;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// A running hub. Dropping it ends it.
pub struct Relay {
    /// Where devices reach it.
    pub url: String,
    /// Its key in hex, as the roster pins it.
    pub key: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Serves on a free port of the loopback address.
    ///
    /// # Errors
    /// When the store or the socket cannot be opened.
    pub fn serve(store: &Path, workspace: &[u8], secret: HubSecret, world: &mut World) -> Result<Self> {
        let hub = Arc::new(Hub::open(store, workspace, secret, Options::default(), world)?);
        let key = hub.public().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let until = async {
                let _ = stopped.await;
            };
            // A hub that fails shows as a device that cannot reach it.
            let _ = runtime.block_on(serve_on(listener, hub, until));
        });
        Ok(Self { url, key, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
