//! What selects offer where it depends on answers: Amina and Yusuf fill one form on one machine, and the lists that
//! the form keeps for both are nobody's own.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail where it stands"
)]

mod support;

use baraza_forms::{Form, Options, Session};
use std::sync::Arc;
use support::{Dice, at, choices, form, options, small, start, value};

/// Sites by district; a district for the record and one for each visit; people, one of whom speaks.
fn visits() -> Arc<Form> {
    let item = |district: &str, name: &str| {
        format!("<item><name>{name}</name><label>Site {name}</label><district>{district}</district></item>")
    };
    let sites = [item("north", "n1"), item("north", "n2"), item("south", "s1"), item("", "new")].concat();
    let select = |path: &str, nodeset: &str| {
        format!(
            r#"<select1 ref="{path}"><label>Q</label><itemset nodeset="{nodeset}"><value ref="name"/><label ref="label"/></itemset></select1>"#
        )
    };
    let model = format!(
        r#"<instance><data id="v"><district/><site/><near/><visit jr:template=""><district/><site/></visit><p jr:template=""><name/><label/></p><speaker/><first/></data></instance>
        <instance id="sites"><root>{sites}</root></instance>"#
    );
    let body = [
        r#"<input ref="/data/district"><label>D</label></input>"#.to_owned(),
        select("/data/site", "instance('sites')/root/item[district = /data/district or name = 'new']"),
        select("/data/near", "instance('sites')/root/item[district = /data/visit/district]"),
        r#"<group ref="/data/visit"><repeat nodeset="/data/visit"><input ref="/data/visit/district"><label>D</label></input>"#.to_owned(),
        select("/data/visit/site", "instance('sites')/root/item[district = current()/../district]"),
        r#"</repeat></group><group ref="/data/p"><repeat nodeset="/data/p"><input ref="/data/p/name"><label>N</label></input><input ref="/data/p/label"><label>L</label></input></repeat></group>"#.to_owned(),
        select("/data/speaker", "/data/p[name != '']"),
        select("/data/first", "instance('sites')/root/item[position() = count(/data/p)]"),
    ];
    form(&small(&model, &body.concat()))
}

#[test]
fn each_is_offered_the_sites_of_their_own_district() {
    let form = visits();
    let (mut amina, mut yusuf) = (start(&form), start(&form));
    assert_eq!(choices(&amina, "/data/site"), ["new"]);
    amina.set("/data/district", "north").unwrap();
    yusuf.set("/data/district", "south").unwrap();
    assert_eq!(choices(&amina, "/data/site"), ["n1", "n2", "new"]);
    assert_eq!(choices(&yusuf, "/data/site"), ["s1", "new"]);

    amina.set("/data/site", "n2").unwrap();
    amina.set("/data/district", "south").unwrap();
    assert_eq!(value(&amina, "/data/site"), "", "n2 is not in the south");
    amina.set("/data/district", "north").unwrap();
    assert_eq!(value(&amina, "/data/site"), "n2");
    assert_eq!(at(&amina, "/data/site").choices.unwrap()[1].label, "Site n2");
}

#[test]
fn each_visit_offers_the_sites_of_its_own_district() {
    let mut amina = start(&visits());
    for (visit, district) in [(1, "north"), (2, "south")] {
        amina.add("/data/visit").unwrap();
        amina.set(&format!("/data/visit[{visit}]/district"), district).unwrap();
    }
    assert_eq!(choices(&amina, "/data/visit[1]/site"), ["n1", "n2"]);
    assert_eq!(choices(&amina, "/data/visit[2]/site"), ["s1"]);
    assert_eq!(choices(&amina, "/data/near"), ["n1", "n2", "s1"], "an absolute path sees every visit");
    amina.remove("/data/visit[1]").unwrap();
    assert_eq!(choices(&amina, "/data/near"), ["s1"]);
}

#[test]
fn the_people_of_one_record_are_not_offered_in_another() {
    let form = visits();
    let mut amina = start(&form);
    for (person, name) in [(1, "Bo"), (2, "Ada")] {
        amina.add("/data/p").unwrap();
        amina.set(&format!("/data/p[{person}]/name"), name).unwrap();
        amina.set(&format!("/data/p[{person}]/label"), &format!("Ms {name}")).unwrap();
    }
    amina.remove("/data/p[1]").unwrap();
    assert_eq!(at(&amina, "/data/speaker").choices.unwrap()[0].label, "Ms Ada");
    assert_eq!(choices(&amina, "/data/first"), ["n1"]);

    let mut yusuf = start(&form);
    yusuf.add("/data/p").unwrap();
    yusuf.set("/data/p[1]/name", "Ada").unwrap();
    yusuf.set("/data/p[1]/label", "Ms Ada").unwrap();
    assert_eq!(at(&yusuf, "/data/speaker").choices.unwrap()[0].label, "Ms Ada");
    yusuf.set("/data/p[1]/label", "Dr Ada").unwrap();
    assert_eq!(at(&yusuf, "/data/speaker").choices.unwrap()[0].label, "Dr Ada");
    assert_eq!(at(&amina, "/data/speaker").choices.unwrap()[0].label, "Ms Ada");
}

#[test]
fn a_filter_that_asks_for_its_own_names_ends() {
    let model = r#"<itext><translation lang="en"><text id="x"><value>x <output value="jr:itext('x')"/></value></text></translation></itext>
        <instance><data id="c"><q/></data></instance>
        <instance id="l"><root><item><name>a</name><label>A</label></item><item><name>b</name><label>B</label></item></root></instance>"#;
    let body = r#"<select1 ref="/data/q"><label ref="jr:itext('x')"/><itemset nodeset="instance('l')/root/item[label != jr:choice-name('a', '/data/q')]"><value ref="name"/><label ref="label"/></itemset></select1>"#;
    let mut session = start(&form(&small(model, body)));
    session.set("/data/q", "b").unwrap();
    assert_eq!(value(&session, "/data/q"), "b");
    assert_eq!(at(&session, "/data/q").label.unwrap(), "x x x x x ");
}

#[test]
fn what_was_kept_for_one_record_evaluates_the_next_alike() {
    let form = visits();
    let mut amina = start(&form);
    amina.set("/data/district", "north").unwrap();
    amina.set("/data/site", "n1").unwrap();
    let held = amina.answers();
    let first = Session::evaluate(&form, options(), &held);
    let moved = Options { zone_minutes: 180, ..options() };
    assert_eq!(Session::evaluate(&form, moved, &held), first);
    assert_eq!(Session::evaluate(&visits(), options(), &held), first, "with and without lists kept");
    let again = Session::restore(form, options(), &held, &mut Dice(9));
    assert_eq!(again.evaluation(), first);
}
