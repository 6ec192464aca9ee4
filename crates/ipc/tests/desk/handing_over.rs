//! By card to headquarters, and the receipt back; by hub where there is one.

use crate::stage::{Stage, Window, each};
use baraza_model::Role;
use baraza_testkit::answers::{FOCUS_GROUP, SURVEY};
use baraza_testkit::{Mission, Relay};
use serde_json::json;

struct Story {
    stage: Stage,
    ines: Window,
    amina: Window,
    hub: Option<Relay>,
}

fn story(with_hub: bool) -> Story {
    let stage = Stage::new();
    let mut mission = stage.mission();
    let hub = with_hub.then(|| mission.open_hub().unwrap());
    let mut amina = mission.enrol("Amina", "Amina", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    amina.report("baraza_fgd", FOCUS_GROUP).unwrap();
    amina.report("baraza_survey", SURVEY).unwrap();
    let clock = mission.clock.clone();
    let Mission { ines, .. } = mission;
    let ines = stage.window_of("ines", &ines.lock().unwrap(), &clock);
    let amina = stage.window_of("amina", &amina.lock().unwrap(), &clock);
    ines.unlock();
    amina.unlock();
    Story { stage, ines, amina, hub }
}

#[test]
fn a_card_goes_to_headquarters_and_its_receipt_comes_back() {
    let Story { stage, ines, amina, .. } = story(false);
    let card = stage.card().to_string_lossy().into_owned();
    let outbox = amina.does("outbox", json!({}));
    assert_eq!((outbox["waiting"].as_array().unwrap().len(), &outbox["counts"]["only_here"]), (2, &json!(2)));

    let out = amina.does("card_out", json!({ "place": card }));
    assert_eq!(
        (&out["records_out"], &out["way"], &out["outcome"]),
        (&json!(2), &json!("card-out"), &json!("done"))
    );
    let file = out["file"].as_str().unwrap();
    assert!(file.starts_with("card-2026-11-16-") && file.ends_with(".baraza"), "{file}");
    assert!(!file.to_lowercase().contains("amina"));
    let outbox = amina.does("outbox", json!({}));
    assert_eq!((&outbox["waiting"], &outbox["counts"]["handed_over"]), (&json!([]), &json!(2)));

    let listed = ines.does("places", json!({}));
    let place = listed.as_array().unwrap().iter().find(|place| place["path"] == json!(card)).unwrap();
    assert_eq!(each(&place["files"], "kind"), ["bundle"]);
    let came = ines.does("import_file", json!({ "file": { "path": place["files"][0]["path"] } }));
    assert_eq!(
        (&came["records_in"], &came["damaged"], &came["way"]),
        (&json!(2), &json!(0), &json!("import"))
    );
    let again = ines.does("import_file", json!({ "file": { "path": place["files"][0]["path"] } }));
    assert_eq!((&again["records_in"], &again["already_had"]), (&json!(0), &json!(2)));

    let back = ines.does("card_out", json!({ "place": card }));
    let path = stage.card().join(back["file"].as_str().unwrap());
    let read = amina.does("card_in", json!({ "file": { "path": path } }));
    assert_eq!((&read["receipts"], &read["way"]), (&json!(1), &json!("card-in")));
    assert_eq!(amina.does("today", json!({}))["counts"]["received"], 2);
    let rows = amina.does("records", json!({ "query": { "place": "received" } }));
    let id = &rows["rows"][0]["id"];
    let journey = amina.does("record", json!({ "id": id }))["journey"].clone();
    assert_eq!(each(&journey, "where"), ["only-here", "handed-over", "received"]);
    let ways = each(&amina.does("outbox", json!({}))["exchanges"], "way");
    assert_eq!(ways[..2], ["card-in", "card-out"]);
}

#[test]
fn a_file_that_is_no_bundle_is_refused_and_listed_as_failed() {
    let Story { stage, ines, .. } = story(false);
    let path = stage.card().join("holiday.baraza");
    std::fs::write(&path, b"not a bundle at all").unwrap();
    let problem = ines.refuses("import_file", json!({ "file": { "path": path } }));
    assert!(!format!("{problem:?}").contains("holiday"), "no path in {problem:?}");
    let exchanges = ines.does("inbox", json!({}))["exchanges"].clone();
    assert_eq!((&exchanges[0]["outcome"], &exchanges[0]["code"]), (&json!("failed"), &json!(problem.code)));
}

#[test]
fn a_bundle_can_be_given_as_bytes() {
    let Story { stage, ines, amina, .. } = story(false);
    let out = amina.does("card_out", json!({ "place": stage.card() }));
    let bytes = std::fs::read(stage.card().join(out["file"].as_str().unwrap())).unwrap();
    use base64::Engine;
    let data = base64::engine::general_purpose::STANDARD.encode(bytes);
    let came =
        ines.does("import_file", json!({ "file": { "bytes": { "name": "../x.baraza", "data": data } } }));
    assert_eq!((&came["records_in"], &came["name"]), (&json!(2), &json!("x.baraza")));
    assert_eq!(ines.does("progress", json!({}))["running"], false);
}

#[test]
fn amina_and_ines_meet_at_a_hub_on_this_machine() {
    let Story { stage: _stage, ines, amina, hub } = story(true);
    let hub = hub.unwrap();
    assert_eq!(amina.code("meet_hub", json!({})), "hub.none");
    assert_eq!(
        amina.code("set_hub", json!({ "url": "http://203.0.113.7:7373", "key": null })),
        "hub.not-loopback"
    );
    let foreign = "0".repeat(64);
    assert_eq!(amina.code("set_hub", json!({ "url": hub.url, "key": foreign })), "hub.key-unknown");
    let set = amina.does("set_hub", json!({ "url": hub.url, "key": hub.key }));
    assert_eq!((&set["url"], &set["pinned"]), (&json!(hub.url), &json!(true)));
    ines.does("set_hub", json!({ "url": hub.url, "key": null }));
    ines.does("meet_hub", json!({}));
    let met = amina.does("meet_hub", json!({}));
    assert_eq!((&met["records_out"], &met["outcome"]), (&json!(2), &json!("done")));
    let met = ines.does("meet_hub", json!({}));
    assert_eq!(met["records_in"], 2, "{met}");
    amina.does("meet_hub", json!({}));
    assert_eq!(amina.does("today", json!({}))["counts"]["received"], 2);
    drop(hub);
    let met = amina.does("meet_hub", json!({}));
    assert_eq!((&met["outcome"], &met["code"]), (&json!("failed"), &json!("hub.unreachable")));
}

#[test]
fn a_window_answers_while_a_hub_keeps_it_waiting() {
    let Story { stage: _stage, ines, amina, hub } = story(true);
    drop((ines, hub));
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", deaf.local_addr().unwrap());
    amina.does("set_hub", json!({ "url": url, "key": null }));
    std::thread::scope(|scope| {
        let meeting = scope.spawn(|| amina.does("meet_hub", json!({})));
        let caller = called(&deaf).expect("she calls");
        assert_eq!(amina.does("progress", json!({}))["running"], true);
        assert_eq!(amina.does("status", json!({}))["alias"], "Amina");
        amina.does("cancel", json!({}));
        drop((caller, deaf));
        let met = meeting.join().unwrap();
        assert!(["cancelled", "failed"].contains(&met["outcome"].as_str().unwrap()), "{met}");
    });
    assert_eq!(amina.does("progress", json!({}))["running"], false);
    assert_eq!(amina.does("today", json!({}))["counts"]["only_here"], 2, "nothing was handed over");
}

/// Waits for a call, but not for ever.
fn called(deaf: &std::net::TcpListener) -> Option<std::net::TcpStream> {
    deaf.set_nonblocking(true).unwrap();
    (0..400).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        deaf.accept().ok().map(|(caller, _)| caller)
    })
}
