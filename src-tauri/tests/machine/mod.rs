//! A screen, a home and a WebDriver of a test's own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The program under test.
pub(crate) const NOTES: &str = env!("CARGO_BIN_EXE_notes");

const SOON: Duration = Duration::from_secs(60);

/// What a command prints.
pub(crate) fn output(command: &mut Command) -> String {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A port of the loopback interface that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < SOON, "waited in vain for {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Xvfb on a display that it chooses itself.
pub(crate) struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    pub(crate) fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb (package xvfb) is needed: `cargo xtask test` installs it");
        let mut number = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut number).unwrap();
        Self { server, display: format!(":{}", number.trim()) }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Fresh folders for everything that a program may write to.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        for name in ["home", "tmp", "run"] {
            std::fs::create_dir(home.0.path().join(name)).unwrap();
        }
        home
    }

    /// The program with nothing else in its environment.
    pub(crate) fn command(&self, screen: &Screen) -> Command {
        let mut command = Command::new(NOTES);
        self.surround(&mut command, screen);
        command
    }

    fn surround(&self, command: &mut Command, screen: &Screen) {
        let at = |name: &str| self.0.path().join(name);
        command.env_clear().current_dir(self.0.path()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env("PATH", std::env::var_os("PATH").unwrap()).env("DISPLAY", &screen.display);
        command.env("HOME", at("home")).env("TMPDIR", at("tmp")).env("XDG_RUNTIME_DIR", at("run"));
    }

    pub(crate) fn start(&self, command: &mut Command) -> Window {
        Window(command.stderr(Stdio::inherit()).spawn().unwrap())
    }

    pub(crate) fn window(&self, screen: &Screen, words: &[&str]) -> Window {
        self.start(self.command(screen).args(words))
    }

    /// The folder for what lives as long as a session.
    pub(crate) fn run(&self) -> String {
        path(&self.0.path().join("run"))
    }

    /// Every file below, by its path.
    pub(crate) fn files(&self) -> Vec<String> {
        let (mut found, mut folders) = (Vec::new(), vec![self.0.path().to_owned()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => found.push(path.strip_prefix(self.0.path()).unwrap().display().to_string()),
                }
            }
        }
        found.sort();
        found
    }
}

/// A running window.
pub(crate) struct Window(Child);

impl Window {
    /// Waits until its page is drawn by the webview's process, and a little longer.
    pub(crate) fn wait_until_shown(&mut self) {
        let id = self.0.id();
        until("the webview", || {
            assert_eq!(self.0.try_wait().unwrap(), None, "the window closed at once");
            children(id).iter().any(|(_, name)| name.starts_with("WebKitWebProc")).then_some(())
        });
        sleep(Duration::from_millis(700));
    }

    /// What the webview's processes, and so its libraries, are told.
    pub(crate) fn environment_of_the_webview(&self) -> Vec<String> {
        let (id, _) = children(self.0.id()).pop().unwrap();
        let text =
            String::from_utf8_lossy(&std::fs::read(format!("/proc/{id}/environ")).unwrap()).into_owned();
        text.split('\0').map(str::to_owned).collect()
    }

    /// Asks it to end, as a session does that closes, and gives its exit code.
    pub(crate) fn end(&mut self) -> Option<i32> {
        output(Command::new("kill").args(["-TERM", &self.0.id().to_string()]));
        let code = until("the end", || self.0.try_wait().unwrap()).code();
        // The webview's processes notice a moment later.
        sleep(Duration::from_millis(700));
        code
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A process's children: id and name.
fn children(of: u32) -> Vec<(String, String)> {
    let parent = |stat: &str| stat.rsplit(") ").next()?.split(' ').nth(1)?.parse::<u32>().ok();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        if parent(&stat) == Some(of) {
            let name = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            found.push((entry.file_name().into_string().unwrap(), name));
        }
    }
    found
}

/// WebKitGTK's own WebDriver, with automation switched on in its environment, which the window inherits.
pub(crate) struct Driver {
    server: Child,
    port: u16,
    folder: PathBuf,
}

impl Driver {
    pub(crate) fn start(screen: &Screen, home: &Home) -> Self {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        home.surround(&mut command, screen);
        command.env("TAURI_WEBVIEW_AUTOMATION", "true").env("TAURI_AUTOMATION", "true");
        let server = command
            .args([format!("--port={port}"), "--host=127.0.0.1".into()])
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver (package webkit2gtk-driver) is needed: `cargo xtask test` installs it");
        until("the driver", || TcpStream::connect(("127.0.0.1", port)).ok());
        Self { server, port, folder: home.0.path().to_owned() }
    }

    /// Opens the window by WebDriver; `None` when there is no session after `patience`.
    pub(crate) fn session(&self, words: &[&str], patience: Duration) -> Option<String> {
        let words: Vec<String> = words
            .iter()
            .map(|word| if word.starts_with('-') { (*word).into() } else { path(&self.folder.join(word)) })
            .collect();
        let wanted = serde_json::json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": NOTES, "args": words}}}});
        let answer = self.post("/session", &wanted, patience)?;
        Some(answer["value"]["sessionId"].as_str()?.to_owned())
    }

    /// Runs a script that ends by calling its last argument, and gives what it was called with.
    pub(crate) fn run(&self, session: &str, script: &str) -> String {
        let wanted = serde_json::json!({"script": script, "args": []});
        let answer = self.post(&format!("/session/{session}/execute/async"), &wanted, SOON);
        answer.expect("the script did not end")["value"].to_string()
    }

    /// One request by hand: no client library is worth two requests.
    fn post(&self, at: &str, body: &serde_json::Value, patience: Duration) -> Option<serde_json::Value> {
        let body = body.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(patience)).unwrap();
        write!(
            stream,
            "POST {at} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        for (child, _) in children(self.server.id()) {
            let _ = Command::new("kill").args(["-KILL", &child]).status();
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn path(path: &Path) -> String {
    path.display().to_string()
}
