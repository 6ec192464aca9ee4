//! One window with several people's devices, for showing the app.

use crate::stage::Stage;
use baraza_ipc::{Demo, Desk, Setup};
use baraza_model::Role;
use baraza_testkit::{Mission, PASSPHRASE};
use serde_json::json;

#[test]
fn a_demo_changes_its_face_and_locks_the_one_before() {
    let stage = Stage::new();
    let mut mission = stage.mission();
    let amina = mission.enrol("Amina", "Amina", Role::Interpreter, None).unwrap();
    let clock = mission.clock.clone();
    drop(amina.lock().unwrap());
    let Mission { ines, .. } = mission;
    drop(ines.lock().unwrap());
    let folder = stage.dir.path().join("mission");
    let face = |id: &str, name: &str, folder: &str| json!({ "id": id, "name": name, "folder": folder, "passphrase": PASSPHRASE });
    let told = json!({
        "faces": [face("amina", "Amina", "devices/amina"), face("hq", "Ines", "devices/headquarters")],
        "places": ["cards"],
    });
    std::fs::write(folder.join("demo.json"), told.to_string()).unwrap();

    let setup = Setup {
        folder: folder.clone(),
        places: Vec::new(),
        settings: stage.dir.path().join("windows"),
        world: Box::new(move || clock.world()),
    };
    let desk = Desk::on_demo(setup, Demo::read(&folder).unwrap());
    let view = desk.call("status", json!({})).unwrap();
    assert_eq!((&view["stage"], &view["alias"]), (&json!("locked"), &json!(null)));
    assert_eq!(view["demo"][0], json!({ "id": "amina", "name": "Amina", "current": true }));

    let view = desk.call("demo_switch", json!({ "face": "hq" })).unwrap();
    assert_eq!((&view["face"], &view["demo"][1]["current"]), (&json!("headquarters"), &json!(true)));
    let view = desk.call("demo_switch", json!({ "face": "amina" })).unwrap();
    assert_eq!((&view["face"], &view["alias"]), (&json!("field"), &json!("Amina")));
    let nobody = desk.call("demo_switch", json!({ "face": "nobody" })).unwrap_err();
    assert_eq!(nobody.code, "demo.no-such-face");
    let places = desk.call("places", json!({})).unwrap();
    assert_eq!(places[0]["name"], "cards");
}
