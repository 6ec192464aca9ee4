//! `baraza bridge`: the app's interface in a browser on this machine, for tests and for designing.
//!
//! It serves the built interface and carries the same commands as the window. It listens on loopback only and answers
//! only who knows the token that it printed, and only under the address that it listens on, so that no other page in
//! that browser can reach the workspace. Release builds do not contain it.

use crate::args::{Bridge, Common};
use crate::print::{Failure, print_line};
use crate::world;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Segment, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use baraza_ipc::{Demo, Desk, Problem, Setup};
use baraza_model::Entropy;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// A picked file of 64 MiB in base64, and its envelope.
const MAX_BODY: usize = 96 * 1024 * 1024;
/// As strict as the window's.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
                      frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

struct Served {
    desk: Desk,
    ui: PathBuf,
    token: String,
    host: String,
}

pub(crate) fn run(common: &Common, bridge: Bridge) -> Result<(), Failure> {
    if !bridge.listen.ip().is_loopback() {
        return Err(Failure::usage(format!("--listen {}: only loopback is allowed", bridge.listen)));
    }
    if !bridge.ui.join("index.html").is_file() {
        let missing = bridge.ui.display();
        return Err(Failure::usage(format!(
            "--ui {missing}: no interface there; run `npm run build` in ui/"
        )));
    }
    let mut drawn = world(common)?;
    let token: String = Entropy::bytes::<16>(&mut drawn).iter().map(|byte| format!("{byte:02x}")).collect();
    let common = common.clone();
    let demo = bridge.dir.join("demo.json").is_file().then(|| Demo::read(&bridge.dir));
    let setup = Setup {
        settings: bridge.settings.unwrap_or_else(|| bridge.dir.clone()),
        folder: bridge.dir,
        places: bridge.card,
        world: Box::new(move || world(&common).unwrap_or_else(|_| baraza_app::World::system())),
    };
    let desk = match demo {
        Some(demo) => Desk::on_demo(setup, demo.map_err(|problem| Failure::refused(problem.code))?),
        None => Desk::new(setup),
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::refused)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(bridge.listen).await.map_err(Failure::refused)?;
        let host = listener.local_addr().map_err(Failure::refused)?.to_string();
        print_line(&format!("http://{host}/#token={token}"));
        let served = Arc::new(Served { desk, ui: bridge.ui, token, host });
        let routes = Router::new()
            .route("/ipc/{name}", post(call))
            .fallback(get(file))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(served);
        serve(listener, routes)
            .with_graceful_shutdown(crate::hub::interrupted())
            .await
            .map_err(Failure::refused)
    })
}

/// One command, as the window carries it.
async fn call(
    State(served): State<Arc<Served>>,
    Segment(name): Segment<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let given = headers.get("x-bridge-token").map_or(&[][..], |token| token.as_bytes());
    let ours = headers.get(header::HOST).is_some_and(|host| host.as_bytes() == served.host.as_bytes());
    if !ours || !bool::from(given.ct_eq(served.token.as_bytes())) {
        return json(StatusCode::FORBIDDEN, &Problem::new("bridge.forbidden"));
    }
    let Ok(arguments) = serde_json::from_slice(&body) else {
        return json(StatusCode::BAD_REQUEST, &Problem::new("call.arguments"));
    };
    match tokio::task::spawn_blocking(move || served.desk.call(&name, arguments)).await {
        Ok(Ok(answer)) => json(StatusCode::OK, &answer),
        Ok(Err(problem)) => json(StatusCode::UNPROCESSABLE_ENTITY, &problem),
        Err(_) => json(StatusCode::INTERNAL_SERVER_ERROR, &Problem::new("call.panicked")),
    }
}

fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A file of the interface.
async fn file(State(served): State<Arc<Served>>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Ok(bytes) = std::fs::read(served.ui.join(path)) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, kind(path)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
