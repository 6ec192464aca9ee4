//! What is printed: one value on stdout, for people or as JSON; failures on stderr.

use baraza_app::Error;
use serde::Serialize;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

/// Why a command ended without doing what was asked.
pub(crate) enum Failure {
    /// Refused or failed: exit code 1.
    Refused(String),
    /// Wrong usage: exit code 2.
    Usage(String),
}

impl Failure {
    pub(crate) fn usage(why: impl Into<String>) -> Self {
        Failure::Usage(why.into())
    }

    pub(crate) fn refused(why: impl Display) -> Self {
        Failure::Refused(why.to_string())
    }

    /// Says it on stderr.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Failure::Refused(why) => {
                eprintln!("{why}");
                ExitCode::from(1)
            }
            Failure::Usage(why) => {
                eprintln!("{why}");
                ExitCode::from(2)
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let mut lines = vec![format!("{} [{}]", error, error.code())];
        match &error {
            Error::FormRefused(diagnostics) => lines.extend(diagnostics.iter().map(ToString::to_string)),
            Error::Unready { places, .. } => lines.extend(places.iter().map(|place| format!("  {place}"))),
            _ => {}
        }
        Failure::Refused(lines.join("\n"))
    }
}

/// Prints a value as JSON, or in the words that `say` finds for it.
pub(crate) fn show<T: Serialize>(
    json: bool,
    value: &T,
    say: impl FnOnce(&T) -> String,
) -> Result<(), Failure> {
    let text = match json {
        true => serde_json::to_string(value).map_err(Failure::refused)?,
        false => say(value),
    };
    if !text.is_empty() {
        print_line(&text);
    }
    Ok(())
}

/// Prints one line at once. A reader that has seen enough (`| head`) is no failure.
pub(crate) fn print_line(line: &str) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
