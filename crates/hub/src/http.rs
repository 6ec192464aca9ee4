//! HTTP around [`Hub::handle_sync`]: three paths, limits, and an orderly end.
//!
//! `POST /v1/sync` answers 200 with a signed body, also where it refuses; `GET /health` answers `ok`; everything
//! else is 404 and says nothing of what this is. Plain HTTP is served on loopback only.

use crate::{Hub, HubError};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use baraza_model::Timestamp;
use baraza_sync::MAX_BODY;
use baraza_sync::wire::SYNC_PATH;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long a body may take to arrive: 4 MiB over a slow telephone network.
const BODY_TIMEOUT: Duration = Duration::from_secs(600);
/// Memory for bodies that are under way, in MiB: many small requests over slow lines, or a few large ones.
const ROOM_MIB: usize = 512;
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

struct Shared {
    hub: Arc<Hub>,
    room: Semaphore,
}

/// Listens on a loopback address and serves until `shutdown` completes.
pub async fn serve(
    address: SocketAddr,
    hub: Arc<Hub>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), HubError> {
    if !address.ip().is_loopback() {
        return Err(HubError::NotLoopback(address));
    }
    serve_on(TcpListener::bind(address).await?, hub, shutdown).await
}

/// Serves on a listener that is bound already; the same rule holds for its address.
pub async fn serve_on(
    listener: TcpListener,
    hub: Arc<Hub>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), HubError> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(HubError::NotLoopback(address));
    }
    let pruning = tokio::spawn(prune_for_ever(hub.clone()));
    let shared = Arc::new(Shared { hub, room: Semaphore::new(ROOM_MIB) });
    let router =
        Router::new().route(SYNC_PATH, post(sync)).route("/health", get(async || "ok")).with_state(shared);
    let served = axum::serve(listener, router).with_graceful_shutdown(shutdown).await;
    pruning.abort();
    Ok(served?)
}

async fn sync(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Body) -> Response {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let length: usize = announced.unwrap_or(MAX_BODY);
    if length > MAX_BODY {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let mib = u32::try_from(length >> 20).unwrap_or(u32::MAX).saturating_add(1);
    let Ok(_room) = shared.room.acquire_many(mib).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let bytes = match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let hub = shared.hub.clone();
    match tokio::task::spawn_blocking(move || hub.handle_sync(&bytes, now())).await {
        Ok(answer) => ([(header::CONTENT_TYPE, "application/octet-stream")], answer).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn prune_for_ever(hub: Arc<Hub>) {
    loop {
        let pruner = hub.clone();
        // What could not be pruned now will be in an hour.
        let _ = tokio::task::spawn_blocking(move || pruner.prune(now())).await;
        tokio::time::sleep(PRUNE_EVERY).await;
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
