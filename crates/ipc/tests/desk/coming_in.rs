//! Ines makes a workspace; Amina joins it by text that is pasted.

use crate::stage::{Stage, Window, each};
use baraza_testkit::PASSPHRASE;
use serde_json::{Value, json};

fn founded(stage: &Stage) -> Window {
    let ines = stage.window("ines");
    ines.does("found", json!({ "name": "Kovarrin", "passphrase": PASSPHRASE }));
    ines
}

#[test]
fn an_empty_folder_names_nothing_until_a_workspace_is_made() {
    let stage = Stage::new();
    let ines = stage.window("ines");
    let view = ines.does("status", json!({}));
    assert_eq!(view["stage"], "empty");
    names_nothing(&view);

    let words = ines.does("passphrase_words", json!({}));
    assert_eq!(words.as_str().unwrap().split_whitespace().count(), 6);
    assert_eq!(ines.does("strength", json!({ "passphrase": "kovarrin" }))["passes"], false);
    assert_eq!(
        ines.code("found", json!({ "name": "Kovarrin", "passphrase": "kovarrin" })),
        "passphrase.weak"
    );
    assert_eq!(ines.code("found", json!({ "name": "  ", "passphrase": PASSPHRASE })), "name.missing");

    let view = ines.does("found", json!({ "name": "Kovarrin", "passphrase": PASSPHRASE }));
    assert_eq!((&view["stage"], &view["face"]), (&json!("open"), &json!("headquarters")));
    assert_eq!((&view["workspace"], &view["officer"]), (&json!("Kovarrin"), &json!(true)));
    assert_eq!(view["role"], "protection-officer");
}

#[test]
fn a_locked_window_names_nothing_and_counts_nothing() {
    let stage = Stage::new();
    let ines = founded(&stage);
    let view = ines.does("lock", json!({}));
    assert_eq!(view["stage"], "locked");
    names_nothing(&view);
    for command in ["today", "forms", "outbox", "inbox", "members", "tables", "prune"] {
        assert_eq!(ines.code(command, json!({})), "desk.locked", "{command}");
    }
    let wrong = json!({ "passphrase": "seven invented goats walk to another well" });
    assert_eq!(ines.code("unlock", wrong), "vault.wrong-passphrase");
    assert_eq!(ines.does("status", json!({}))["stage"], "locked");
    assert_eq!(ines.unlock()["workspace"], "Kovarrin");
    assert_eq!(ines.code("unlock", json!({ "passphrase": PASSPHRASE })), "desk.already-open");
}

#[test]
fn another_window_over_the_same_folder_stays_out() {
    let stage = Stage::new();
    let ines = founded(&stage);
    let second = stage.window("ines");
    assert_eq!(second.code("unlock", json!({ "passphrase": PASSPHRASE })), "vault.locked");
    ines.does("lock", json!({}));
    assert_eq!(second.unlock()["stage"], "open");
}

#[test]
fn amina_joins_by_pasted_text_after_both_compared_the_words() {
    let stage = Stage::new();
    let ines = founded(&stage);
    let invitation = ines.does("invite", json!({ "role": "interpreter", "team": null, "hub": false }));
    assert_eq!(
        (&invitation["kind"], &invitation["file_name"]),
        (&json!("invitation"), &json!("invitation.txt"))
    );
    assert!(invitation["qr"].as_str().unwrap().starts_with("<svg"), "an invitation can be scanned");

    let amina = stage.window("amina");
    let paper = json!({ "text": format!("\n {} \n", invitation["text"].as_str().unwrap()) });
    let request =
        amina.does("join", json!({ "invitation": paper, "alias": "Amina", "passphrase": PASSPHRASE }));
    let view = amina.does("status", json!({}));
    assert_eq!(view["stage"], "waiting");
    names_nothing(&view);
    assert_eq!(amina.code("today", json!({})), "device.not-joined");
    assert_eq!(amina.does("request", json!({}))["text"], request["text"], "it can be shown again");

    let asked = json!({ "request": { "text": request["text"] } });
    let seen = ines.does("examine", asked.clone());
    assert_eq!((&seen["alias"], &seen["role"]), (&json!("Amina"), &json!("interpreter")));
    assert_eq!(seen["words"], request["words"], "both see the same words, before anything is approved");
    let members = ines.does("members", json!({}));
    assert_eq!(each(&members["members"], "alias"), ["Kovarrin"]);
    assert_eq!(members["invitations"][0]["answered"], false);

    let approval = ines.does("approve", asked);
    assert_eq!(approval["words"], request["words"]);
    let view = amina.does("finish", json!({ "approval": { "text": approval["text"] } }));
    assert_eq!((&view["stage"], &view["face"]), (&json!("open"), &json!("field")));
    assert_eq!((&view["alias"], &view["workspace"]), (&json!("Amina"), &json!("Kovarrin")));
    assert_eq!(amina.code("request", json!({})), "enrol.no-request");
    let members = ines.does("members", json!({}));
    assert_eq!(each(&members["members"], "alias").len(), 2);
    assert_eq!(members["invitations"][0]["answered"], true);
}

#[test]
fn papers_go_by_card_too_and_none_is_overwritten() {
    let stage = Stage::new();
    let ines = founded(&stage);
    let card = stage.card().to_string_lossy().into_owned();
    let invitation = ines.does("invite", json!({ "role": "team-member", "team": "North", "hub": false }));
    assert_eq!(invitation["file_name"], "invitation-north.txt");
    let save = json!({ "place": card, "paper": invitation["text"], "kind": "invitation" });
    assert_eq!(ines.does("save_paper", save.clone()), "invitation.txt");
    assert_eq!(ines.does("save_paper", save), "invitation-2.txt");
    let wrong = json!({ "place": card, "paper": invitation["text"], "kind": "approval" });
    assert_eq!(ines.code("save_paper", wrong), "enrol.wrong-kind");

    let kofi = stage.window("kofi");
    let places = kofi.does("places", json!({}));
    let place = places.as_array().unwrap().iter().find(|place| place["path"] == json!(card)).unwrap();
    assert_eq!(place["card"], true);
    assert_eq!(each(&place["files"], "kind"), ["invitation", "invitation"]);
    let paper = json!({ "path": place["files"][0]["path"] });
    let request =
        kofi.does("join", json!({ "invitation": paper, "alias": "North-1", "passphrase": PASSPHRASE }));

    let wrong = kofi.refuses("finish", json!({ "approval": { "text": request["text"] } }));
    assert_eq!(wrong.code, "enrol.wrong-kind");
    assert_eq!((wrong.facts["given"].as_str(), wrong.facts["wanted"].as_str()), ("request", "approval"));
    let cut = request["text"].as_str().unwrap();
    let cut = json!({ "request": { "text": cut[..cut.len() - 9] } });
    assert_eq!(ines.code("examine", cut), "enrol.text-damaged");

    let approval = ines.does("approve", json!({ "request": { "text": request["text"] } }));
    let view = kofi.does("finish", json!({ "approval": { "text": approval["text"] } }));
    assert_eq!((&view["role"], &view["team"]), (&json!("team-member"), &json!("North")));
}

#[test]
fn an_invitation_taken_back_is_answered_by_nobody() {
    let stage = Stage::new();
    let ines = founded(&stage);
    let invitation = ines.does("invite", json!({ "role": "analyst", "team": null, "hub": false }));
    let amina = stage.window("amina");
    let paper = json!({ "text": invitation["text"] });
    let request =
        amina.does("join", json!({ "invitation": paper, "alias": "Amina", "passphrase": PASSPHRASE }));
    let id = ines.does("members", json!({}))["invitations"][0]["id"].clone();
    let left = ines.does("withdraw", json!({ "id": id }));
    assert_eq!(left["invitations"], json!([]));
    assert_eq!(ines.code("approve", json!({ "request": { "text": request["text"] } })), "invitation.unknown");
}

#[test]
fn settings_are_kept_outside_the_vault_and_survive_damage() {
    let stage = Stage::new();
    let ines = stage.window("ines");
    let wanted = json!({ "language": "fr", "theme": "night", "lock_after_minutes": 10 });
    assert_eq!(ines.does("save_settings", json!({ "settings": wanted }))["settings"], wanted);
    let again = stage.window("ines");
    assert_eq!(again.does("status", json!({}))["settings"], wanted);
    let klingon = json!({ "language": "tlh", "theme": "", "lock_after_minutes": 5 });
    assert_eq!(again.code("save_settings", json!({ "settings": klingon })), "settings.unknown");
    std::fs::write(stage.dir.path().join("windows/ines/settings.json"), b"{").unwrap();
    assert_eq!(again.does("status", json!({}))["settings"]["language"], "");
}

#[test]
fn a_device_is_erased_for_good() {
    let stage = Stage::new();
    let ines = founded(&stage);
    let fresh = "nine invented herons stand at the story ford";
    let change = json!({ "old": PASSPHRASE, "fresh": fresh });
    ines.does("change_passphrase", change);
    ines.does("lock", json!({}));
    assert_eq!(ines.code("unlock", json!({ "passphrase": PASSPHRASE })), "vault.wrong-passphrase");
    assert_eq!(ines.code("erase", json!({})), "desk.locked");
    ines.does("unlock", json!({ "passphrase": fresh }));
    assert_eq!(ines.does("erase", json!({}))["stage"], "empty");
}

fn names_nothing(view: &Value) {
    for field in ["alias", "workspace", "role", "team", "face"] {
        assert_eq!(view[field], Value::Null, "{field}");
    }
    assert_eq!(view["officer"], false);
    let said = view.as_object().unwrap();
    assert!(said.values().all(|value| !value.is_number() || value.as_i64() != Some(2)), "{view}");
}
