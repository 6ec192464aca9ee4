//! Hardening the process, in a process of its own.

#[cfg(target_os = "linux")]
#[test]
fn a_crash_leaves_no_core_file() {
    let limit = || {
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        limits.lines().find(|line| line.starts_with("Max core file size")).unwrap().to_owned()
    };
    assert!(baraza_vault::harden_process());
    let after: Vec<String> = limit().split_whitespace().map(str::to_owned).collect();
    assert_eq!(after[4..6], ["0", "0"], "{after:?}");
}
