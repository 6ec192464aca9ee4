//! Has SQLite zero every piece of memory before giving it back.
//!
//! Part keys and ciphertexts pass through SQLite: bound values, records, cached pages. A key that was destroyed in
//! the store must not survive in freed memory of the process. SQLCipher has a pragma for this,
//! `cipher_memory_security`, which also locks every piece into memory with a system call: measured here, it made
//! searches two hundred times slower. Zeroing alone costs nothing that can be measured, so it is done by the
//! allocator that SQLite is given: its own, wrapped.
//!
//! SQLite takes an allocator only before its first use in a process. The first vault opened sets it, or
//! [`crate::harden_process`]; where other code used SQLite before, nothing is set, and
//! [`crate::Pragmas::wipes_memory`] says so.
//!
//! Source: <https://www.sqlite.org/c3ref/mem_methods.html>, <https://www.sqlite.org/malloc.html>.

#![allow(unsafe_code, reason = "an allocator is made of raw pointers; each block says why it is sound")]

use rusqlite::ffi;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::OnceLock;

type Methods = ffi::sqlite3_mem_methods;

/// SQLite's own allocator, once ours stands in front of it.
struct Own {
    allocate: unsafe extern "C" fn(c_int) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
    size: unsafe extern "C" fn(*mut c_void) -> c_int,
}

static OWN: OnceLock<Own> = OnceLock::new();
static INSTALLED: OnceLock<bool> = OnceLock::new();

/// Puts the wiping allocator in place, once; answers whether it is.
pub(crate) fn install() -> bool {
    *INSTALLED.get_or_init(|| {
        let mut own = MaybeUninit::<Methods>::zeroed();
        // SAFETY: GETMALLOC takes a pointer to a structure and fills it, or refuses when SQLite is in use. All
        // fields may be zero: they are optional function pointers and a pointer.
        let own = unsafe {
            if ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETMALLOC, own.as_mut_ptr()) != ffi::SQLITE_OK {
                return false;
            }
            own.assume_init()
        };
        let wiping = Methods { xFree: Some(wipe_and_free), xRealloc: Some(reallocate), ..own };
        let (Some(allocate), Some(free), Some(size)) = (own.xMalloc, own.xFree, own.xSize) else {
            return false;
        };
        if OWN.set(Own { allocate, free, size }).is_err() {
            return false;
        }
        // SAFETY: MALLOC copies the structure, whose functions live as long as the program. PAGECACHE takes a
        // buffer, which may be null, and two ints: no pages are allocated in one piece, which would be reused
        // without passing through `wipe_and_free`.
        unsafe {
            let none: c_int = 0;
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw const wiping) == ffi::SQLITE_OK
                && ffi::sqlite3_config(ffi::SQLITE_CONFIG_PAGECACHE, ptr::null_mut::<c_void>(), none, none)
                    == ffi::SQLITE_OK
        }
    })
}

fn size(piece: *mut c_void) -> usize {
    // SAFETY: SQLite hands over only pieces that its own allocator made.
    OWN.get().map_or(0, |own| usize::try_from(unsafe { (own.size)(piece) }).unwrap_or(0))
}

unsafe extern "C" fn wipe_and_free(piece: *mut c_void) {
    if piece.is_null() {
        return;
    }
    // SAFETY: the piece has `size` bytes, is SQLite's to give back, and nobody uses it any more. The barrier keeps
    // the zeroing, which nobody reads.
    unsafe {
        ptr::write_bytes(piece.cast::<u8>(), 0, size(piece));
        std::hint::black_box(piece);
        if let Some(own) = OWN.get() {
            (own.free)(piece);
        }
    }
}

/// Grows a piece by at least half: FTS5 lengthens an array eight items at a time, and each step is a copy here.
unsafe extern "C" fn reallocate(piece: *mut c_void, length: c_int) -> *mut c_void {
    let had = size(piece);
    if usize::try_from(length).is_ok_and(|wanted| wanted <= had) {
        return piece;
    }
    let roomy = if had < 1024 { length } else { length.saturating_add(length / 2) };
    let Some(own) = OWN.get() else { return ptr::null_mut() };
    // SAFETY: SQLite calls this with a piece of its own and a greater length; the new piece is longer than `had`
    // and does not overlap the old one, which is given back only after the copy.
    unsafe {
        let moved = (own.allocate)(roomy);
        if !moved.is_null() {
            ptr::copy_nonoverlapping(piece.cast::<u8>(), moved.cast::<u8>(), had);
            wipe_and_free(piece);
        }
        moved
    }
}
