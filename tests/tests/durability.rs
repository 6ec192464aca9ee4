//! What the promises of durability rest on, read back from the connections that the product really uses.
//!
//! `synchronous` belongs to a connection, not to a file, so a second connection cannot tell. SQLite tells this test of
//! every connection that is opened, and it asks that very connection.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test should fail here"
)]

mod common_crash;

use baraza_app::{Device, HubSecret};
use baraza_hub::Hub;
use baraza_model::Role;
use common_crash::forms::visit_xml;
use common_crash::people::{Home, cheap, found, join};
use common_crash::program::Machine;
use rusqlite::{Connection, ffi};
use std::cell::RefCell;
use std::ffi::{c_char, c_int};
use std::io::{BufRead, BufReader};
use std::path::Path;

const FULL: i64 = 2;
const IN_MEMORY: i64 = 2;

thread_local! {
    /// The connections that this thread has opened.
    static OPENED: RefCell<Vec<*mut ffi::sqlite3>> = const { RefCell::new(Vec::new()) };
}

#[allow(unsafe_code, reason = "SQLite calls it")]
unsafe extern "C" fn note(
    connection: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    OPENED.with_borrow_mut(|opened| opened.push(connection));
    ffi::SQLITE_OK
}

/// What a connection runs with.
#[derive(Debug, PartialEq, Eq)]
struct Settings {
    journal_mode: String,
    synchronous: i64,
    secure_delete: i64,
    temp_store: i64,
}

fn durable() -> Settings {
    Settings { journal_mode: "wal".into(), synchronous: FULL, secure_delete: 1, temp_store: IN_MEMORY }
}

/// Opens something that keeps its connection open, and asks the connection that it opened last.
fn settings_of<T>(open: impl FnOnce() -> T) -> (T, Settings) {
    #[allow(unsafe_code, reason = "rusqlite has no safe way to be told of connections")]
    // SAFETY: `note` has the signature that SQLite asks for and lives as long as the program; registering it twice
    // is harmless.
    unsafe {
        rusqlite::auto_extension::register_auto_extension(note).unwrap();
    }
    OPENED.with_borrow_mut(Vec::clear);
    let opened = open();
    let handle = OPENED.with_borrow(|all| *all.last().expect("a connection was opened"));
    #[allow(unsafe_code, reason = "the connection is private to the product")]
    // SAFETY: `opened` keeps the connection open, this thread alone uses it, and a borrowed handle is not closed.
    let connection = unsafe { Connection::from_handle(handle) }.unwrap();
    let number = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).unwrap();
    let settings = Settings {
        journal_mode: connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap(),
        synchronous: number("synchronous"),
        secure_delete: number("secure_delete"),
        temp_store: number("temp_store"),
    };
    (opened, settings)
}

fn workspace(root: &Path) -> (Home, Home) {
    let hq = found(root, &[("visit", visit_xml("visit", "private", "Place"))]);
    let tablet = join(root, &hq, Role::Interpreter, None, "amina");
    (hq, tablet)
}

#[test]
fn every_store_commits_to_the_disk_and_forgets_what_is_deleted() {
    let root = tempfile::tempdir().unwrap();
    let (hq, tablet) = workspace(root.path());

    let (tablet, vault) = settings_of(|| tablet.unlock().unwrap());
    assert_eq!(vault, durable(), "the tablet's vault");
    let said = tablet.pragmas().unwrap();
    assert_eq!((said.journal_mode.as_str(), said.synchronous), ("wal", FULL));
    assert_eq!((said.secure_delete, said.temp_store), (1, IN_MEMORY));
    assert_eq!((said.foreign_keys, said.search_secure_delete), (1, 1));
    assert!(!said.cipher_version.is_empty(), "it is SQLCipher");

    let (mut hq, vault) = settings_of(|| hq.unlock().unwrap());
    assert_eq!(vault, durable(), "the vault at headquarters");
    let ((), office) = settings_of(|| drop(hq.held().unwrap()));
    assert_eq!(office, durable(), "the office's store");

    let public = hq.workspace_file().unwrap();
    let (_hub, relay) = settings_of(|| open_hub(&root.path().join("hub.db"), &public));
    assert_eq!(relay, durable(), "the hub's store");
}

fn open_hub(store: &Path, public: &[u8]) -> Hub {
    let mut world = cheap();
    let secret = HubSecret::generate(&mut world);
    Hub::open(store, public, secret, baraza_hub::Options::default(), &mut world).unwrap()
}

/// The test above rests on asking the right connection: one with SQLite's own defaults is told apart.
#[test]
fn a_connection_with_the_defaults_is_told_apart() {
    let root = tempfile::tempdir().unwrap();
    let (_open, plain) = settings_of(|| {
        let connection = Connection::open(root.path().join("plain.db")).unwrap();
        connection.pragma_update(None, "synchronous", "NORMAL").unwrap();
        connection
    });
    assert_ne!(plain, durable());
    assert_eq!((plain.journal_mode.as_str(), plain.synchronous), ("delete", 1));
}

#[test]
fn one_process_at_a_time_has_a_workspace() {
    let root = tempfile::tempdir().unwrap();
    let (_, tablet) = workspace(root.path());
    let mut device = tablet.unlock().unwrap();
    let record = device.new_record("visit").unwrap().record().to_string();
    assert_eq!(locked(&tablet), Some("vault.locked"), "within one process too");
    device.lock().unwrap();

    let machine = Machine::new(&root.path().join("machine"));
    let folder = tablet.folder.to_str().unwrap();
    let mut amina = machine.start(&tablet.passphrase, &["record", "fill", folder, &record, "--steps", "-"]);
    amina.say(r#"{"set": "site", "value": "Tarikwa well"}"#);
    let mut said = String::new();
    BufReader::new(amina.0.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "ok 1\n");

    assert_eq!(locked(&tablet), Some("vault.locked"));
    let second = machine.output(&tablet.passphrase, &["device", "status", folder]);
    let why = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1), "{why}");
    assert!(why.contains("[vault.locked]") && why.contains(folder), "{why}");

    drop(amina);
    assert_eq!(locked(&tablet), None, "the lock goes with the process, however it ends");
}

/// Why a folder cannot be unlocked, if it cannot.
fn locked(home: &Home) -> Option<&'static str> {
    home.unlock().map(Device::lock).err().map(|error| error.code())
}
