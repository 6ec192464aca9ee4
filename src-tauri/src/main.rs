//! The window as a program.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    baraza_window::start(std::env::args_os().skip(1))
}
