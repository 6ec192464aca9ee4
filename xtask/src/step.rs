//! One named command that runs in the repository and either succeeds or ends the task.

use crate::say;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Why the task ended.
pub(crate) struct Failed(pub(crate) String);

/// Where cargo puts what it builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// A program that was built, by profile (`debug`, `release`) and name.
pub(crate) fn built(root: &Path, profile: &str, name: &str) -> String {
    target(root).join(profile).join(name).display().to_string()
}

/// A command with a name that a person understands.
pub(crate) struct Step {
    name: String,
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Step {
    pub(crate) fn new(name: &str, program: impl Into<String>) -> Self {
        Self { name: name.into(), program: program.into(), arguments: Vec::new(), environment: Vec::new() }
    }

    pub(crate) fn cargo<const N: usize>(name: &str, arguments: [&str; N]) -> Self {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
        Self::new(name, cargo).args(arguments)
    }

    pub(crate) fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub(crate) fn args<A: ToString>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.to_string()));
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl Into<String>) -> Self {
        self.environment.push((key.into(), value.into()));
        self
    }

    /// Runs it, with its output on this terminal.
    pub(crate) fn run(self, root: &Path) -> Result<(), Failed> {
        say(&format!("· {}: {} {}", self.name, self.program, self.arguments.join(" ")));
        let begun = Instant::now();
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .envs(self.environment)
            .current_dir(root)
            .status()
            .map_err(|e| Failed(format!("{}: {} could not be started: {e}", self.name, self.program)))?;
        if !status.success() {
            return Err(Failed(format!("{} failed ({status})", self.name)));
        }
        say(&format!("  {} took {:.0} s", self.name, begun.elapsed().as_secs_f64()));
        Ok(())
    }
}
