//! The `baraza` command: hub, office and scripted field devices.
//!
//! It translates words to use cases of `baraza-app` and their results to text or JSON; it decides nothing.

mod args;
#[cfg(feature = "dev")]
mod bridge;
mod device;
mod form;
mod hub;
mod office;
mod print;
mod record;
mod secret;

use args::{Cli, Command, Common};
use baraza_app::{Device, World};
use baraza_model::Timestamp;
use clap::Parser;
use print::Failure;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if !baraza_app::harden_process() {
        eprintln!("warning: this process could not be protected against core dumps and debuggers");
    }
    let common = &cli.common;
    let done = match cli.command {
        Command::Form(command) => form::run(common, command),
        Command::Workspace(command) => device::workspace(common, command),
        Command::Member(command) => device::member(common, command),
        Command::Device(command) => device::device(common, command),
        Command::Record(command) => record::run(common, command),
        Command::Sync(command) => device::sync(common, &command),
        Command::Hub(command) => hub::run(common, command),
        Command::Office(command) => office::run(common, command),
        #[cfg(feature = "dev")]
        Command::Demo { dir } => baraza_testkit::demo::play(&dir).map_err(Failure::refused),
        #[cfg(feature = "dev")]
        Command::DemoWorkspace { dir } => world(common).and_then(|world| {
            baraza_testkit::demo::window::make(&dir, world.now()).map_err(Failure::refused)
        }),
        #[cfg(feature = "dev")]
        Command::Bridge(bridge) => bridge::run(common, bridge),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// The world that a command runs in: the system's, or the hour that `--now` gives.
fn world(common: &Common) -> Result<World, Failure> {
    let Some(now) = &common.now else { return Ok(World::system()) };
    let at = chrono::DateTime::parse_from_rfc3339(now)
        .map_err(|e| Failure::usage(format!("--now {now}: {e}; write it like 2026-11-20T08:00:00+02:00")))?;
    Ok(World::system().at(Timestamp(at.timestamp_millis()), at.offset().local_minus_utc() / 60))
}

fn unlock(common: &Common, dir: &Path) -> Result<Device, Failure> {
    Ok(Device::unlock(dir, &secret::passphrase(common)?, world(common)?)?)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| Failure::refused(format!("{}: {e}", path.display())))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    baraza_app::write_durably(path, bytes).map_err(Failure::from)
}
