//! `baraza hub serve`: the blind relay as a process.

use crate::args::{Common, Hub};
use crate::print::{Failure, print_line};
use crate::{read, world};
use baraza_app::HubSecret;
use baraza_hub::{Hub as Relay, Options, serve_on};
use baraza_model::Entropy;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

pub(crate) fn run(common: &Common, command: Hub) -> Result<(), Failure> {
    let Hub::Serve { workspace, key, listen, store } = command;
    let Some(store) = store.strip_prefix("sqlite:") else {
        return Err(Failure::usage(format!("--store {store}: only sqlite:FILE is built yet")));
    };
    let mut world = world(common)?;
    let secret = hub_key(&key, &mut world)?;
    let relay = Relay::open(Path::new(store), &read(&workspace)?, secret, Options::default(), &mut world)
        .map_err(Failure::refused)?;
    let public = relay.public().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::refused)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .map_err(|e| Failure::refused(format!("{listen}: {e}; give another address with --listen")))?;
        let address = listener.local_addr().map_err(Failure::refused)?;
        print_line(&format!("hub http://{address} key {public}"));
        serve_on(listener, Arc::new(relay), interrupted()).await.map_err(Failure::refused)
    })
}

pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// The key in a file that only its owner can read; drawn when the file is missing.
fn hub_key(path: &Path, rng: &mut impl Entropy) -> Result<HubSecret, Failure> {
    let failed = |e: std::io::Error| Failure::refused(format!("{}: {e}", path.display()));
    if !path.exists() {
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(rng.bytes());
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        file.write_all(seed.as_slice()).and_then(|()| file.sync_all()).map_err(failed)?;
    }
    let bytes = Zeroizing::new(std::fs::read(path).map_err(failed)?);
    let seed: &[u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| Failure::refused(format!("{}: a hub key has 32 bytes", path.display())))?;
    Ok(HubSecret::from_seed(seed))
}
