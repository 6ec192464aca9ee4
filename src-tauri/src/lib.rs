//! The app's window: it carries calls between the interface and `baraza-ipc`, and decides nothing.
//!
//! Invariants: the webview writes nothing to the disk, loads nothing from elsewhere, opens no second window, and is
//! driven by nobody; one window a folder; closing the window, by whatever way, locks the device.

mod arguments;
mod calls;
mod place;
mod surroundings;
mod window;

use arguments::{Asked, Start};
use baraza_app::World;
use baraza_ipc::{Desk, Setup};
use calls::Calls;
use place::Place;
use std::error::Error;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use surroundings::Surroundings;
use tauri::{App, AppHandle, Manager, RunEvent};

/// Opens the window on a phone or tablet, where nobody gives arguments.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    harden();
    if let Err(why) = open(Start::default()) {
        eprintln!("{why}");
    }
}

/// Opens the window on a computer and returns when it was closed.
///
/// `words` are the program's arguments without its name. The exit code is 0 when the window was closed, 1 when it
/// could not be opened, 2 for arguments that were not understood. A program calls this first and once: it settles
/// the process's environment.
pub fn start(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    harden();
    let start = match arguments::read(words) {
        Ok(Asked::Open(start)) => start,
        Ok(Asked::Help) => {
            let _ = writeln!(std::io::stdout(), "{}", arguments::usage());
            return ExitCode::SUCCESS;
        }
        Err(why) => {
            eprintln!("{why}\n\n{}", arguments::usage());
            return ExitCode::from(2);
        }
    };
    match open(start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn harden() {
    if !baraza_app::harden_process() {
        eprintln!("warning: this process could not be protected against core dumps and debuggers");
    }
}

fn open(start: Start) -> Result<(), Box<dyn Error>> {
    let surroundings = Surroundings::settle(start.automation)?;
    let app = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![calls::call])
        .build(tauri::generate_context!())?;
    let folder = match &start.folder {
        Some(folder) => std::path::absolute(folder)?,
        None => match surroundings.app_data(&app.config().identifier) {
            Some(folder) => folder,
            None => app.path().app_data_dir()?,
        },
    };
    let place = Place::take(&folder)?;
    let setup =
        Setup { settings: folder.clone(), folder, places: start.cards, world: Box::new(World::system) };
    let calls = Calls::to(desk(setup, start.demo)?);
    app.manage(calls.clone());
    end_with_signals(app.handle());

    let scratch = surroundings.scratch().to_owned();
    let mut held = Some((place, surroundings));
    let ended = run_to_the_end(app, move |app, event| match event {
        RunEvent::Ready => {
            if let Err(why) = window::open(app, start.automation, &scratch) {
                eprintln!("the window could not be opened: {why}");
                app.exit(1);
            }
        }
        RunEvent::Exit => {
            calls.end();
            drop(held.take());
        }
        _ => {}
    });
    match ended {
        0 => Ok(()),
        code => Err(format!("the window ended with {code}").into()),
    }
}

#[cfg(not(feature = "dev"))]
fn desk(setup: Setup, _: bool) -> Result<Desk, String> {
    Ok(Desk::new(setup))
}

/// A desk on one folder, or on the demo's several.
#[cfg(feature = "dev")]
fn desk(setup: Setup, is_demo: bool) -> Result<Desk, String> {
    if !is_demo {
        return Ok(Desk::new(setup));
    }
    let demo = baraza_ipc::Demo::read(&setup.folder)
        .map_err(|problem| format!("{}: {}", setup.folder.display(), problem.code))?;
    Ok(Desk::on_demo(setup, demo))
}

#[cfg(desktop)]
fn run_to_the_end(app: App, on_event: impl FnMut(&AppHandle, RunEvent) + 'static) -> i32 {
    app.run_return(on_event)
}

/// The system ends the process there.
#[cfg(mobile)]
fn run_to_the_end(app: App, on_event: impl FnMut(&AppHandle, RunEvent) + 'static) -> i32 {
    app.run(on_event);
    0
}

/// Closes the window, and so locks the device, when the system asks the process to end.
#[cfg(unix)]
fn end_with_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if let Ok(mut asked) = signal(kind) {
                asked.recv().await;
                app.exit(0);
            }
        });
    }
}

#[cfg(not(unix))]
fn end_with_signals(_: &AppHandle) {}
