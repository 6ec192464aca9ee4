//! The real `baraza`, in a home of its own: fresh HOME, XDG folders and TMPDIR under one root.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Where the program was built: beside the folder of this test's executable.
pub(crate) fn baraza() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join(format!("baraza{}", std::env::consts::EXE_SUFFIX));
    assert!(built.is_file(), "{} is missing; run `cargo build --workspace` first", built.display());
    built
}

/// Folders that programs write to without being told.
const HOMES: [(&str, &str); 8] = [
    ("HOME", "home"),
    ("XDG_CONFIG_HOME", "home/.config"),
    ("XDG_DATA_HOME", "home/.local/share"),
    ("XDG_STATE_HOME", "home/.local/state"),
    ("XDG_CACHE_HOME", "home/.cache"),
    ("XDG_RUNTIME_DIR", "run"),
    ("TMPDIR", "tmp"),
    ("SQLITE_TMPDIR", "tmp"),
];

/// A machine: everything that `baraza` writes on it lies under `root`.
pub(crate) struct Machine {
    root: PathBuf,
}

impl Machine {
    pub(crate) fn new(root: &Path) -> Self {
        for (_, folder) in HOMES {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        std::fs::create_dir_all(root.join("work")).unwrap();
        Self { root: root.to_owned() }
    }

    /// A path in the folder that commands run in.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join("work").join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A command with nothing in its environment but the folders and where the passphrase is.
    pub(crate) fn command(&self, passphrase: &Path) -> Command {
        let mut command = Command::new(baraza());
        command.env_clear().current_dir(self.root.join("work")).env("BARAZA_PASSPHRASE_FILE", passphrase);
        for (name, folder) in HOMES {
            command.env(name, self.root.join(folder));
        }
        command
    }

    /// Runs a command that must succeed; gives its stdout.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, passphrase: &Path, arguments: &[A]) -> String {
        let output = self.output(passphrase, arguments);
        let said: Vec<_> = arguments.iter().map(|a| a.as_ref().to_string_lossy().into_owned()).collect();
        assert!(
            output.status.success(),
            "baraza {}: {}",
            said.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command, whatever comes of it.
    pub(crate) fn output<A: AsRef<OsStr>>(&self, passphrase: &Path, arguments: &[A]) -> Output {
        self.command(passphrase).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Starts a command with pipes on stdin and stdout.
    pub(crate) fn start<A: AsRef<OsStr>>(&self, passphrase: &Path, arguments: &[A]) -> Running {
        let mut command = self.command(passphrase);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        Running(command.spawn().unwrap())
    }
}

/// A process that does not outlive the test.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    pub(crate) fn say(&mut self, line: &str) {
        let stdin = self.0.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
