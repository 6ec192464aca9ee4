//! An empty window of the same toolkit: what `cargo xtask bench app` measures the real one beside.

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            tauri::http::Response::new(b"<!doctype html><title>Empty</title><p>Empty".to_vec())
        })
        .setup(|app| {
            let page = "empty://localhost/".parse().map(tauri::WebviewUrl::External)?;
            tauri::WebviewWindowBuilder::new(app, "main", page).inner_size(834.0, 1112.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
