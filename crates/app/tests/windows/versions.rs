//! A form gets a new version while somebody is in the middle of the old one.

use baraza_app::{Completion, read_form};
use baraza_model::Role;
use baraza_testkit::{Mission, Person};
use std::collections::BTreeMap;
use tempfile::TempDir;

/// Two questions in version 9, a third in version 10: newer, though its number sorts before.
fn visit(version: u32) -> baraza_app::FormFile {
    let (bind, body) = match version {
        9 => ("", ""),
        _ => (
            r#"<bind nodeset="/data/road" type="string" required="true()"/>"#,
            r#"<input ref="/data/road"><label>How was the road?</label></input>"#,
        ),
    };
    let road = if version == 9 { "" } else { "<road/>" };
    let xml = format!(
        r#"<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
            xmlns:orx="http://openrosa.org/xforms">
          <h:head><h:title>Visit</h:title><model>
            <instance><data id="visit" version="{version}"><site/><people/>{road}
              <orx:meta><orx:instanceID/></orx:meta></data></instance>
            <bind nodeset="/data/site" type="string" required="true()"/>
            <bind nodeset="/data/people" type="int" required="true()"/>{bind}
          </model></h:head>
          <h:body><input ref="/data/site"><label>Where?</label></input>
            <input ref="/data/people"><label>How many?</label></input>{body}</h:body></h:html>"#
    );
    read_form("visit.xml", xml.as_bytes(), BTreeMap::new())
}

fn story() -> (TempDir, Mission, Person) {
    let dir = tempfile::tempdir().unwrap();
    let mut mission = Mission::found(dir.path(), &[]).unwrap();
    mission.ines.publish(visit(9)).unwrap();
    let mut amina = mission.enrol("Amina", "Interpreter", Role::Interpreter, None).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    (dir, mission, amina)
}

#[test]
fn a_draft_of_the_old_version_goes_on_and_new_records_take_the_new_one() {
    let (_dir, mut mission, mut amina) = story();
    let old = amina.begin("visit", &[("site", "Umbo")]).unwrap();
    mission.ines.publish(visit(10)).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    let versions: Vec<_> = amina.forms().unwrap().into_iter().map(|form| form.version).collect();
    assert_eq!(versions, ["9", "10"], "in the order of publishing");

    let new = amina.begin("visit", &[("site", "Kovarrin"), ("people", "3")]).unwrap();
    assert_eq!(amina.record(new).unwrap().version, "10");
    let mut open = amina.open_draft(new).unwrap();
    assert_eq!(amina.finalise(&mut open, Completion::Complete).unwrap_err().code(), "record.unready");

    amina.edit(old, &[("people", "12")]).unwrap();
    amina.close(old).unwrap();
    assert_eq!(amina.record(old).unwrap().version, "9", "nobody asks Umbo about the road");
    let card = mission.card("amina");
    amina.bundle_out(&card, "Ines").unwrap();
    mission.ines.import(&card).unwrap();
    let mut versions: Vec<_> =
        mission.ines.office_records().unwrap().into_iter().map(|r| r.version).collect();
    versions.sort();
    assert_eq!(versions, ["9"], "a draft of one's own stays at home");
    assert_eq!(mission.ines.reviews(None).unwrap(), []);
}

#[test]
fn the_new_version_comes_by_card_while_the_old_one_is_open_on_the_screen() {
    let (_dir, mut mission, mut amina) = story();
    let mut open = amina.new_record("visit").unwrap();
    amina.fill(&mut open, &[("site", "Umbo")]).unwrap();
    mission.ines.publish(visit(10)).unwrap();
    mission.brief(&mut [&mut amina]).unwrap();
    amina.fill(&mut open, &[("people", "7")]).unwrap();
    amina.finalise(&mut open, Completion::Complete).unwrap();
    assert_eq!(amina.record(open.record()).unwrap().version, "9");
    let amended = amina.amend(open.record(), "He had counted the children twice").unwrap();
    assert_eq!(amended.session().form().def().version.as_deref(), Some("9"), "and so are its amendments");
}
