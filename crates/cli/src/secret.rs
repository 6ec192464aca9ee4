//! Where the passphrase comes from: a file, or a prompt on a terminal; never an argument.

use crate::args::Common;
use crate::print::Failure;
use secrecy::SecretString;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The passphrase of the device that a command opens.
pub(crate) fn passphrase(common: &Common) -> Result<SecretString, Failure> {
    let named = common
        .passphrase_file
        .clone()
        .or_else(|| std::env::var_os("BARAZA_PASSPHRASE_FILE").map(PathBuf::from));
    let line = match named {
        Some(path) => {
            let text = Zeroizing::new(
                std::fs::read_to_string(&path)
                    .map_err(|e| Failure::usage(format!("{}: {e}", path.display())))?,
            );
            Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
        }
        None if std::io::stdin().is_terminal() => prompt()?,
        None => {
            return Err(Failure::usage(
                "no passphrase: give --passphrase-file FILE, set BARAZA_PASSPHRASE_FILE, or run on a terminal",
            ));
        }
    };
    if line.is_empty() {
        return Err(Failure::usage("the passphrase is empty"));
    }
    Ok(SecretString::from(line.as_str()))
}

fn prompt() -> Result<Zeroizing<String>, Failure> {
    let quiet = |on: bool| {
        let state = if on { "-echo" } else { "echo" };
        std::process::Command::new("stty").arg(state).status().is_ok_and(|status| status.success())
    };
    let mut err = std::io::stderr();
    let _ = write!(err, "Passphrase: ");
    let _ = err.flush();
    if !quiet(true) {
        return Err(Failure::usage("this terminal cannot hide what is typed; give --passphrase-file FILE"));
    }
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    quiet(false);
    let _ = writeln!(err);
    read.map_err(|e| Failure::usage(format!("the passphrase could not be read: {e}")))?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
