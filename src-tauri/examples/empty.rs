//! An empty window of the same toolkit: what `cargo xtask bench app` measures the real one beside.

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let page = b"<!doctype html><title>Empty</title><p>Empty".to_vec();
            let html = Response::builder().header("Content-Type", "text/html");
            html.body(page.clone()).unwrap_or_else(|_| Response::new(page))
        })
        .setup(|app| {
            let page = "empty://localhost/".parse().map(WebviewUrl::CustomProtocol)?;
            WebviewWindowBuilder::new(app, "main", page).inner_size(834.0, 1112.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
