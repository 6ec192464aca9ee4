//! Keeps the memory of this process to itself: no core dumps, no attaching debugger of the same user, nothing left in
//! memory that SQLite has given back.

/// Switches core dumps off for this process and what it starts, and has SQLite zero memory that it frees. The
/// shell calls it first thing, before any database is opened.
///
/// Answers whether the system agreed; where it did not, the program still runs.
pub fn harden_process() -> bool {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    #[allow(unsafe_code, reason = "setrlimit has no safe wrapper among our dependencies")]
    // SAFETY: `none` is a valid `rlimit` that outlives the call, and setrlimit only reads it.
    let limited = unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) } == 0;
    let wiping = crate::memory::install();
    limited && not_dumpable() && wiping
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn not_dumpable() -> bool {
    let (no, unused): (libc::c_ulong, libc::c_ulong) = (0, 0);
    #[allow(unsafe_code, reason = "prctl has no safe wrapper among our dependencies")]
    // SAFETY: PR_SET_DUMPABLE takes integers only and touches no memory of ours.
    let done = unsafe { libc::prctl(libc::PR_SET_DUMPABLE, no, unused, unused, unused) };
    done == 0
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn not_dumpable() -> bool {
    true
}
