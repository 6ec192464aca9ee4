//! The interface's types are generated from ours; a test fails when they drift.

use std::path::Path;

#[test]
fn the_interface_speaks_the_types_of_the_core() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/ipc");
    let generated =
        [("types.ts", baraza_ipc::typescript_types()), ("commands.ts", baraza_ipc::typescript_commands())];
    for (name, text) in generated {
        let path = folder.join(name);
        if std::env::var_os("BARAZA_REGENERATE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{name} has drifted: run `cargo xtask codegen`");
    }
}
