//! Builds the window's configuration into it, and keeps our SQLite to ourselves.

use std::path::Path;

/// Shown when the interface was not built: a fresh clone must compile with cargo alone.
const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Notes</title>\
<p>The interface is not built into this window. Run: cargo xtask run</p>\n";

fn main() {
    // An app that exports `sqlite3_*` makes the webview's library use our SQLCipher instead of the system's SQLite.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let page = Path::new("../ui/dist/index.html");
    if !page.exists() {
        let folder = page.parent().unwrap_or(page);
        if let Err(e) = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(page, PLACEHOLDER)) {
            println!("cargo:warning=the placeholder page could not be written: {e}");
        }
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    tauri_build::try_build(
        tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(&["call"])),
    )
    .unwrap_or_else(|e| {
        println!("cargo:warning={e:#}");
        std::process::exit(1)
    });
}
