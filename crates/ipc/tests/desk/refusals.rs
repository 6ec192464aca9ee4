//! What a window may not do.

use crate::stage::Stage;
use baraza_model::Role;
use baraza_testkit::Mission;
use serde_json::json;

#[test]
fn what_is_not_in_the_table_cannot_be_called() {
    let stage = Stage::new();
    let ines = stage.window("ines");
    assert_eq!(ines.code("read_file", json!({ "path": "/etc/passwd" })), "call.unknown");
    assert_eq!(ines.code("demo_switch", json!({ "face": 3 })), "call.arguments");
    assert_eq!(ines.code("unlock", json!({ "passphrase": 7 })), "call.arguments");
    assert_eq!(ines.code("unlock", json!({})), "call.arguments");
    assert_eq!(ines.code("lock", json!({ "really": true })), "call.arguments");
    assert_eq!(ines.code("lock", json!([])), "call.arguments");
    assert_eq!(ines.does("cancel", json!({})), json!(null));
}

#[test]
fn a_window_reads_and_writes_only_where_places_are_listed() {
    let stage = Stage::new();
    let mission = stage.mission();
    let clock = mission.clock.clone();
    let Mission { ines, .. } = mission;
    let ines = stage.window_of("ines", &ines.lock().unwrap(), &clock);
    ines.unlock();
    let outside = stage.dir.path().join("elsewhere");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("x.baraza"), b"x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, stage.card().join("link")).unwrap();
    let below = stage.card().join("../elsewhere");
    for folder in [&outside, &below, &stage.card().join("link"), &stage.dir.path().join("nothing")] {
        assert_eq!(ines.code("card_out", json!({ "place": folder })), "place.unknown", "{folder:?}");
        let export = json!({ "form": "baraza_survey", "place": folder });
        assert_eq!(ines.code("export_csv", export), "place.unknown");
        let paper = ines.does("invite", json!({ "role": "analyst", "team": null, "hub": false }));
        let save = json!({ "place": folder, "paper": paper["text"], "kind": "invitation" });
        assert_eq!(ines.code("save_paper", save), "place.unknown");
        let file = json!({ "path": folder.join("x.baraza") });
        assert_eq!(ines.code("card_in", json!({ "file": file })), "place.unknown");
        assert_eq!(ines.code("import_file", json!({ "file": file })), "place.unknown");
        assert_eq!(ines.code("publish", json!({ "file": file, "publish": false })), "place.unknown");
        assert_eq!(ines.code("examine", json!({ "request": file })), "place.unknown");
    }
}

#[test]
fn a_tablet_in_the_field_does_nothing_of_headquarters() {
    let stage = Stage::new();
    let mut mission = stage.mission();
    let amina = mission.enrol("Amina", "Amina", Role::Interpreter, None).unwrap();
    let clock = mission.clock.clone();
    let amina = stage.window_of("amina", &amina.lock().unwrap(), &clock);
    amina.unlock();
    for command in ["inbox", "replay", "tables"] {
        assert_eq!(amina.code(command, json!({})), "role.not-headquarters", "{command}");
    }
    let invite = json!({ "role": "interpreter", "team": null, "hub": false });
    assert_eq!(amina.code("invite", invite), "role.not-officer");
    assert_eq!(amina.code("revoke", json!({ "alias": "Headquarters" })), "role.not-officer");
    assert_eq!(amina.code("record", json!({ "id": "nothing" })), "record.unknown");
    assert_eq!(amina.code("invite", json!({ "role": "king", "team": null, "hub": false })), "call.arguments");
}
