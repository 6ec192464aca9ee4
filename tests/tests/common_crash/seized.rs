//! A tablet in the wrong hands, with its passphrase: the vault opened by Argon2id, ChaCha20-Poly1305 and SQLCipher
//! alone, so that nothing in our own code can hide a row.

use argon2::{Algorithm, Argon2, Params, Version};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ffi};
use std::path::Path;

/// One value of one row, with the table and column it stands in.
pub(crate) struct Value {
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) bytes: Vec<u8>,
}

/// Everything in a vault's store.
pub(crate) struct Seized {
    pub(crate) vault_key: [u8; 32],
    /// Every value of every table, full-text shadow tables included.
    pub(crate) values: Vec<Value>,
    /// Every page of the store as SQLCipher decrypts it, free ones included.
    pub(crate) pages: Vec<u8>,
}

impl Seized {
    /// Opens a copy of the folder as it stands.
    pub(crate) fn open(folder: &Path, passphrase: &str) -> Self {
        let vault_key = vault_key(folder, passphrase);
        let copy = tempfile::tempdir().unwrap();
        super::copy_folder(folder, copy.path());
        let conn = keyed(&copy.path().join("vault.store"), &vault_key);
        Self { vault_key, values: every_value(&conn), pages: decrypted_pages(&conn) }
    }

    /// The values of a column, in the order of their keys.
    pub(crate) fn column(&self, table: &str, column: &str) -> Vec<&[u8]> {
        let of = |value: &&Value| value.table == table && value.column == column;
        self.values.iter().filter(of).map(|value| value.bytes.as_slice()).collect()
    }

    /// A value of the `meta` table.
    pub(crate) fn meta(&self, key: &str) -> Option<Vec<u8>> {
        let at = self.column("meta", "key").iter().position(|found| *found == key.as_bytes())?;
        Some(self.column("meta", "value")[at].to_vec())
    }
}

/// A SQLCipher database under a raw key.
pub(crate) fn keyed(path: &Path, key: &[u8; 32]) -> Connection {
    let conn = Connection::open(path).unwrap();
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    conn.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))
        .expect("the key fits");
    conn
}

/// The key of a vault from its slots: `[version, generation, [[kind, [KiB, passes], salt, wrapped]…]] ‖ SHA-256`.
fn vault_key(folder: &Path, passphrase: &str) -> [u8; 32] {
    let bytes = std::fs::read(folder.join("slots.a")).unwrap();
    let mut d = minicbor::Decoder::new(&bytes);
    d.array().unwrap();
    d.u32().unwrap();
    d.u64().unwrap();
    assert_eq!(d.array().unwrap(), Some(1), "one slot");
    d.array().unwrap();
    let kind = d.u8().unwrap();
    d.array().unwrap();
    let (memory, passes) = (d.u32().unwrap(), d.u32().unwrap());
    let (salt, wrapped) = (d.bytes().unwrap(), d.bytes().unwrap());

    let params = Params::new(memory, passes, 1, Some(32)).unwrap();
    let mut kek = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut kek)
        .unwrap();
    let aad = [b"baraza/vault/slot/v1\0".as_slice(), &[kind], salt].concat();
    let key = aead_open(&kek, &aad, wrapped).expect("the passphrase fits");
    key.try_into().unwrap()
}

/// Opens `nonce ‖ ciphertext ‖ tag`.
pub(crate) fn aead_open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.split_first_chunk::<12>()?;
    let key = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, key).unwrap());
    let mut body = body.to_vec();
    let plain = key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut body).ok()?;
    Some(plain.to_vec())
}

fn every_value(conn: &Connection) -> Vec<Value> {
    let mut tables =
        conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL").unwrap();
    let names: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(names.len() > 20, "{names:?}");
    names.iter().flat_map(|table| values_of(conn, table)).collect()
}

fn values_of(conn: &Connection, table: &str) -> Vec<Value> {
    let mut statement = conn.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let (mut found, mut rows) = (Vec::new(), statement.query([]).unwrap());
    while let Some(row) = rows.next().unwrap() {
        for (at, column) in columns.iter().enumerate() {
            if let ValueRef::Blob(bytes) | ValueRef::Text(bytes) = row.get_ref(at).unwrap() {
                let (table, column) = (table.to_owned(), column.clone());
                found.push(Value { table, column, bytes: bytes.to_vec() });
            }
        }
    }
    found
}

fn decrypted_pages(conn: &Connection) -> Vec<u8> {
    let mut size = 0_i64;
    #[allow(unsafe_code, reason = "rusqlite's own wrapper is behind a feature that nothing else needs")]
    // SAFETY: the connection is open, `main` is a C string, and `size` outlives the call. The result is `size`
    // bytes long, is copied before it is freed, and is freed once.
    unsafe {
        let pages = ffi::sqlite3_serialize(conn.handle(), c"main".as_ptr(), &raw mut size, 0);
        assert!(!pages.is_null());
        let copy = std::slice::from_raw_parts(pages, usize::try_from(size).unwrap()).to_vec();
        ffi::sqlite3_free(pages.cast());
        copy
    }
}
