//! The one window: what it shows, and what it refuses.

use std::path::{Path, PathBuf};
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Url, WebviewUrl, WebviewWindowBuilder};

/// What the window's title says until a person has unlocked the device, and afterwards too.
const TITLE: &str = "Notes";

/// Runs before the page does: nothing that is dropped on the window takes the page's place.
const NOTHING_DROPS_IN: &str =
    "for (const name of ['dragover', 'drop']) addEventListener(name, event => event.preventDefault());";

/// In a release: the webview's own menu only where text is edited.
const NO_MENU: &str = "\
addEventListener('contextmenu', event => {
  if (!event.target.closest?.('input, textarea')) event.preventDefault();
});";

/// Opens it. `scratch` is a folder that the webview may have to its name.
///
/// # Errors
/// When the system's webview cannot be made.
pub(crate) fn open(app: &AppHandle, automation: bool, scratch: &Path) -> tauri::Result<()> {
    let dev = cfg!(feature = "dev");
    let mut window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        // The webview keeps nothing on the disk. It also refuses WebDriver then, which is what a release wants.
        .incognito(!automation)
        .data_directory(if automation { scratch.to_owned() } else { nowhere(scratch) })
        .devtools(dev)
        .general_autofill_enabled(false)
        .disable_drag_drop_handler()
        .on_navigation(is_own)
        .on_download(|_, _| false)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_permission_request(|_, _| PermissionResponse::Deny);
    window = window.initialization_script(NOTHING_DROPS_IN);
    if !dev {
        window = window.initialization_script(NO_MENU);
    }
    #[cfg(desktop)]
    {
        window = window.title(TITLE).inner_size(1100.0, 800.0).min_inner_size(360.0, 560.0);
    }
    window.build().map(drop)
}

/// Tauri insists on a data folder and opens it beside the window that keeps nothing; its processes would write salts
/// there while they end. On Linux nobody can make a file in `/proc`, not even root.
fn nowhere(scratch: &Path) -> PathBuf {
    if cfg!(target_os = "linux") { PathBuf::from("/proc") } else { scratch.to_owned() }
}

/// Whether an address is the app's own page, as each platform names it.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_is_shown() {
        for (address, shown) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("https://example.org/", false),
            ("http://localhost/", false),
            ("file:///etc/passwd", false),
            ("tauri://example.org/", false),
            ("about:blank", false),
            ("data:text/html,x", false),
        ] {
            assert_eq!(is_own(&address.parse().unwrap()), shown, "{address}");
        }
    }
}
