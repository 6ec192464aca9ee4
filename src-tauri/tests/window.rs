//! The window as a program, on a screen that nobody looks at: what it refuses, and what it leaves behind.
//!
//! The same tests run on the build with the dev features and, by `cargo xtask bundle`, on the released one.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test's machinery may stop at what is missing"
)]

mod machine;

use machine::{Driver, Home, NOTES, Screen, free_port, output};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

#[test]
fn it_keeps_its_sqlite_to_itself() {
    let exported = output(Command::new("nm").args(["--dynamic", "--defined-only", NOTES]));
    let clash: Vec<&str> = exported.lines().filter(|line| line.contains("sqlite3_")).collect();
    assert!(clash.is_empty(), "the webview's library would use ours: {clash:?}");
    let whole = std::fs::read(NOTES).unwrap();
    assert!(
        whole.windows(15).any(|bytes| bytes == b"SQLite format 3"),
        "the test looks at the wrong program"
    );
}

#[test]
fn it_says_what_it_understands() {
    let help = Command::new(NOTES).arg("--help").output().unwrap();
    assert!(help.status.success());
    assert!(String::from_utf8(help.stdout).unwrap().contains("--card FOLDER"));
    let wrong = Command::new(NOTES).arg("--inspect").output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().starts_with("unknown argument: --inspect"));
}

#[test]
fn without_a_screen_it_says_so() {
    let blind = Command::new(NOTES).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").output().unwrap();
    assert_eq!(blind.status.code(), Some(1));
    assert!(String::from_utf8(blind.stderr).unwrap().contains("there is no screen"));
}

#[test]
fn closing_it_leaves_nothing_outside_its_folder() {
    let (screen, home) = (Screen::open(), Home::new());
    let mut window = home.window(&screen, &["tablet"]);
    window.wait_until_shown();
    assert_eq!(window.end(), Some(0));
    assert_eq!(home.files(), ["tablet/.open"]);
}

#[test]
fn what_a_file_chooser_remembers_goes_with_the_window() {
    let (screen, home) = (Screen::open(), Home::new());
    let mut window = home.window(&screen, &["tablet"]);
    window.wait_until_shown();
    // GTK notes names of chosen files under XDG_DATA_HOME and their folder in the settings' backend.
    let seen = window.environment_of_the_webview();
    let scratch =
        |name: &str| seen.iter().any(|line| line.starts_with(&format!("{name}={}/.tmp", home.run())));
    assert!(scratch("XDG_DATA_HOME") && scratch("XDG_CACHE_HOME") && scratch("XDG_STATE_HOME"), "{seen:?}");
    assert!(seen.contains(&"GSETTINGS_BACKEND=memory".to_owned()));
    assert_eq!(window.end(), Some(0));
}

#[test]
fn without_a_folder_it_takes_the_systems_place_for_apps() {
    let (screen, home) = (Screen::open(), Home::new());
    let mut window = home.window(&screen, &[]);
    window.wait_until_shown();
    assert_eq!(window.end(), Some(0));
    assert_eq!(home.files(), ["home/.local/share/app.notes/.open"]);
}

#[test]
fn a_folder_has_one_window() {
    let (screen, home) = (Screen::open(), Home::new());
    let mut first = home.window(&screen, &["tablet"]);
    first.wait_until_shown();
    let second = home.command(&screen).arg("tablet").output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8(second.stderr).unwrap().contains("already open in another window"));
    assert_eq!(first.end(), Some(0));
    let mut third = home.window(&screen, &["tablet"]);
    third.wait_until_shown();
    assert_eq!(third.end(), Some(0));
}

#[test]
fn nobody_drives_it_by_the_environment() {
    let (screen, home) = (Screen::open(), Home::new());
    let driver = Driver::start(&screen, &home);
    let session = driver.session(&["tablet"], Duration::from_secs(10));
    assert_eq!(session, None, "WebDriver got into a window that did not ask for it");
    assert!(home.files().contains(&"tablet/.open".to_owned()), "the window was not even there");
}

#[test]
fn nobody_inspects_it_by_the_environment() {
    let (screen, home, port) = (Screen::open(), Home::new(), free_port());
    let address = format!("127.0.0.1:{port}");
    let mut command = home.command(&screen);
    command.env("WEBKIT_INSPECTOR_HTTP_SERVER", &address).env("WEBKIT_INSPECTOR_SERVER", &address);
    let mut window = home.start(command.arg("tablet"));
    window.wait_until_shown();
    assert!(TcpStream::connect(&address).is_err(), "a remote inspector listens");
    assert_eq!(window.end(), Some(0));
}

#[cfg(feature = "dev")]
#[test]
fn a_test_may_drive_it_and_reaches_one_command() {
    let (screen, home) = (Screen::open(), Home::new());
    let driver = Driver::start(&screen, &home);
    let session = driver.session(&["--automation", "tablet"], Duration::from_secs(60)).unwrap();
    let invoke = |command: &str, arguments: &str| {
        driver.run(
            &session,
            &format!(
                "const done = arguments[arguments.length - 1]; \
                 window.__TAURI_INTERNALS__.invoke('{command}', {arguments}).then( \
                   given => done('given ' + JSON.stringify(given)), \
                   refused => done('refused ' + JSON.stringify(refused)));"
            ),
        )
    };
    assert!(invoke("call", "{name: 'status', args: {}}").contains("given {"));
    assert!(invoke("call", "{name: 'no-such-thing', args: {}}").contains("refused {"));
    assert!(invoke("plugin:event|emit", "{event: 'x'}").contains("not allowed"));
    assert!(invoke("plugin:webview|create_webview_window", "{options: {}}").contains("not allowed"));
    let fetched = "const done = arguments[arguments.length - 1]; \
                   fetch('https://example.org/').then(() => done('reached'), () => done('kept in'));";
    assert!(driver.run(&session, fetched).contains("kept in"));
    let went = "const done = arguments[arguments.length - 1]; location.href = 'https://example.org/'; \
                setTimeout(() => done(location.href), 500);";
    assert!(driver.run(&session, went).contains("tauri://localhost"));
}
