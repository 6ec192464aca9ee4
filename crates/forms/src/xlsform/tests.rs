//! Tests of the importer, feature by feature, on tiny tables.
//!
//! A table is written as in XLSForm's own documentation: a row that names a sheet, then its rows between bars.

mod hostile;
mod severe;

use super::{Import, import, import_tables};
use crate::def::{BodyItem, Control, FormDef, Group, Repeat, TextPart};
use baraza_model::{Diagnostic, Sensitivity, Severity, Sharing};

/// Reads a book drawn with bars.
fn read(drawn: &str) -> Import {
    let mut sheets: Vec<(String, String)> = Vec::new();
    for line in drawn.lines().map(str::trim).filter(|l| l.starts_with('|')) {
        let cells: Vec<String> = line
            .trim_matches('|')
            .split('|')
            .map(|c| format!("\"{}\"", c.trim().replace('"', "\"\"")))
            .collect();
        if cells[0] != "\"\"" {
            sheets.push((cells[0].trim_matches('"').to_owned(), String::new()));
        } else if let Some((_, text)) = sheets.last_mut() {
            text.push_str(&cells[1..].join(","));
            text.push('\n');
        }
    }
    let tables: Vec<(&str, &str)> = sheets.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    import_tables(&tables, "test", &[])
}

fn form(drawn: &str) -> FormDef {
    let import = read(drawn);
    let errors: Vec<String> = import.diagnostics.iter().map(Diagnostic::to_string).collect();
    import.form.unwrap_or_else(|| panic!("refused: {errors:#?}"))
}

/// The codes of all errors, with their rows.
fn errors(drawn: &str) -> Vec<(String, u32)> {
    let import = read(drawn);
    let errors = import.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let errors: Vec<(String, u32)> = errors.map(|d| (d.code.clone(), d.place.row.unwrap_or(0))).collect();
    assert_eq!(import.form.is_none(), !errors.is_empty(), "a form comes back only without errors");
    errors
}

fn error(drawn: &str) -> (String, u32) {
    let all = errors(drawn);
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

fn calculate(form: &FormDef, nodeset: &str) -> String {
    bind(form, nodeset).calculate.clone().unwrap_or_default()
}

fn bind<'a>(form: &'a FormDef, nodeset: &str) -> &'a crate::def::Bind {
    form.binds.iter().find(|b| b.nodeset == nodeset).unwrap_or_else(|| panic!("no bind for {nodeset}"))
}

fn controls(items: &[BodyItem]) -> Vec<&Control> {
    items
        .iter()
        .flat_map(|item| match item {
            BodyItem::Group(Group { children, .. }) | BodyItem::Repeat(Repeat { children, .. }) => {
                controls(children)
            }
            BodyItem::Control(control) => vec![control],
        })
        .collect()
}

fn control<'a>(form: &'a FormDef, reference: &str) -> &'a Control {
    let all = controls(&form.body);
    all.into_iter().find(|c| c.reference == reference).unwrap_or_else(|| panic!("no control for {reference}"))
}

fn nodeset(form: &FormDef, reference: &str) -> String {
    control(form, reference)
        .itemset
        .as_ref()
        .unwrap()
        .nodeset
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_reference_is_absolute_outside_repeats_and_relative_inside() {
    let form = form(
        "| survey |              |      |       |             |
         |        | type         | name | label | calculation |
         |        | text         | a    | A     |             |
         |        | begin repeat | r    | R     |             |
         |        | text         | b    | B     |             |
         |        | begin_group  | g    | G     |             |
         |        | calculate    | c    |       | concat(${a}, ${b}) |
         |        | end_group    |      |       |             |
         |        | end repeat   |      |       |             |
         |        | calculate    | n    |       | count(${r}) |",
    );
    assert_eq!(calculate(&form, "/data/r/g/c"), "concat( /data/a ,  ../../b )");
    assert_eq!(calculate(&form, "/data/n"), "count( /data/r )");
}

#[test]
fn indexed_repeat_keeps_its_paths_absolute_and_its_index_relative() {
    let form = form(
        "| survey |              |      |       |             |
         |        | type         | name | label | calculation |
         |        | begin repeat | r    | R     |             |
         |        | integer      | at   | At    |             |
         |        | text         | b    | B     |             |
         |        | calculate    | c    |       | indexed-repeat(${b}, ${r}, ${at}) |
         |        | end repeat   |      |       |             |",
    );
    assert_eq!(calculate(&form, "/data/r/c"), "indexed-repeat( /data/r/b ,  /data/r ,  ../at )");
}

#[test]
fn a_choice_filter_becomes_a_predicate_that_begins_at_the_question() {
    let form = form(
        "| survey  |                   |      |       |               |                        |
         |         | type              | name | label | choice_filter | parameters             |
         |         | select_one yn     | q    | Q     |               |                        |
         |         | begin_repeat      | r    | R     |               |                        |
         |         | select_one adm1   | one  | One   |               |                        |
         |         | select_one adm2   | two  | Two   | adm1=${one}   | randomize=true seed=7  |
         |         | end_repeat        |      |       |               |                        |
         | choices |                   |      |       |               |
         |         | list_name         | name | label | adm1          |
         |         | yn                | yes  | Yes   |               |
         |         | adm1              | n    | North |               |
         |         | adm2              | n1   | N one | n             |",
    );
    assert_eq!(nodeset(&form, "/data/q"), "instance('yn')/root/item");
    assert_eq!(
        nodeset(&form, "/data/r/two"),
        "randomize(instance('adm2')/root/item[adm1= current()/../one ], 7)"
    );
    let list = form.secondary.iter().find(|i| i.id == "adm2").unwrap().content.as_ref().unwrap();
    let item: Vec<(&str, &str)> =
        list.children[0].children.iter().map(|e| (e.name.as_str(), e.text.as_str())).collect();
    assert_eq!(item, [("name", "n1"), ("label", "N one"), ("adm1", "n")]);
}

#[test]
fn choices_may_come_from_a_file_or_from_earlier_answers() {
    let form = form(
        "| survey |                                |      |       |                      |
         |        | type                           | name | label | parameters           |
         |        | select_one_from_file sites.csv | s    | Site  | value=code label=nm  |
         |        | select_one_from_file map.geojson | m  | Map   |                      |
         |        | begin repeat                   | p    | P     |                      |
         |        | text                           | nm   | Name  |                      |
         |        | end repeat                     |      |       |                      |
         |        | select_one ${nm}               | who  | Who   |                      |",
    );
    let itemset = control(&form, "/data/s").itemset.clone().unwrap();
    assert_eq!((itemset.value.as_str(), itemset.label.as_str()), ("code", "nm"));
    let sources: Vec<&str> = form.secondary.iter().filter_map(|i| i.src.as_deref()).collect();
    assert_eq!(sources, ["jr://file-csv/sites.csv", "jr://file/map.geojson"]);
    assert_eq!(nodeset(&form, "/data/who"), "/data/p[./nm != '']");
}

#[test]
fn a_dynamic_default_is_set_at_first_load_and_in_each_new_instance() {
    let form = form(
        "| survey |              |      |       |            |
         |        | type         | name | label | default    |
         |        | date         | d    | D     | today()    |
         |        | date         | s    | S     | 2026-11-20 |
         |        | begin repeat | r    | R     |            |
         |        | text         | t    | T     | ${d}       |
         |        | end repeat   |      |       |            |",
    );
    let set: Vec<(&str, &str)> =
        form.actions.iter().map(|a| (a.reference.as_str(), a.value.as_deref().unwrap_or_default())).collect();
    assert_eq!(set, [("/data/d", "today()"), ("/data/r/t", "/data/d")]);
    let text: Vec<&str> = form.instance.children.iter().map(|e| e.text.as_str()).collect();
    assert_eq!(text[..2], ["", "2026-11-20"]);
    let BodyItem::Group(group) = &form.body[2] else { panic!("the repeat has a group around it") };
    let BodyItem::Repeat(repeat) = &group.children[0] else { panic!("with the repeat in it") };
    assert_eq!(repeat.actions[0].events, ["odk-new-repeat"]);
}

#[test]
fn a_trigger_sets_a_value_when_the_question_changes() {
    let form = form(
        "| survey |           |      |       |         |             |
         |        | type      | name | label | trigger | calculation |
         |        | text      | a    | A     |         |             |
         |        | calculate | when |       | ${a}    | now()       |",
    );
    let action = &control(&form, "/data/a").actions[0];
    assert_eq!((action.reference.as_str(), action.value.as_deref()), ("/data/when", Some("now()")));
    assert_eq!(action.events, ["xforms-value-changed"]);
    assert_eq!(bind(&form, "/data/when").calculate, None, "it is set, not calculated");
}

#[test]
fn a_repeat_is_written_as_a_template_and_a_first_instance() {
    let form = form(
        "| survey |              |      |       |              |
         |        | type         | name | label | repeat_count |
         |        | integer      | n    | N     |              |
         |        | begin repeat | one  | One   | ${n}         |
         |        | text         | a    | A     |              |
         |        | end repeat   |      |       |              |
         |        | begin repeat | two  | Two   | ${n} + 1     |
         |        | text         | b    | B     |              |
         |        | end repeat   |      |       |              |",
    );
    let names: Vec<(&str, bool)> = form
        .instance
        .children
        .iter()
        .map(|e| (e.name.as_str(), e.attributes.contains_key("jr:template")))
        .collect();
    let expected = [
        ("n", false),
        ("one", true),
        ("one", false),
        ("two_count", false),
        ("two", true),
        ("two", false),
        ("meta", false),
    ];
    assert_eq!(names, expected);
    assert_eq!(calculate(&form, "/data/two_count"), "/data/n  + 1");
}

#[test]
fn translations_are_complete_in_every_language() {
    let form = form(
        "| survey   |      |      |                  |                   |          |
         |          | type | name | label::English (en) | label::Français (fr) | media::image |
         |          | text | a    | Age of ${b}      | Âge de ${b}       |          |
         |          | text | b    | Name             |                   | face.png |
         | settings |                  |               |
         |          | default_language | form_title_fr |
         |          | English (en)     | Enquête       |",
    );
    assert_eq!(form.languages, ["English (en)", "Français (fr)"]);
    assert_eq!(form.default_language.as_deref(), Some("English (en)"));
    let french = &form.itext["Français (fr)"];
    let expected =
        [TextPart::Literal("Âge de ".to_owned()), TextPart::Output { output: "/data/b".to_owned() }];
    assert_eq!(french["/data/a:label"][""], expected);
    assert_eq!(french["/data/b:label"][""], [TextPart::Literal("-".to_owned())]);
    let image = &form.itext["English (en)"]["/data/b:label"]["image"];
    assert_eq!(image, &[TextPart::Literal("jr://images/face.png".to_owned())]);
    assert_eq!(form.titles["Français (fr)"], "Enquête");
}

#[test]
fn or_other_adds_a_choice_and_a_question() {
    let form = form(
        "| survey  |                     |      |       |
         |         | type                | name | label |
         |         | select_one f or_other | q  | Q     |
         | choices |                     |      |       |
         |         | list_name           | name | label |
         |         | f                   | x    | X     |",
    );
    let list = form.secondary[0].content.as_ref().unwrap();
    assert_eq!(list.children[1].children[0].text, "other");
    assert_eq!(bind(&form, "/data/q_other").relevant.as_deref(), Some("selected(../q, 'other')"));
}

#[test]
fn a_loop_repeats_its_rows_for_each_choice() {
    let form = form(
        "| survey  |                   |      |                 |
         |         | type              | name | label           |
         |         | begin loop over f | l    | L               |
         |         | integer           | n    | How many %(label)s |
         |         | end loop          |      |                 |
         | choices |                   |      |                 |
         |         | list_name         | name | label           |
         |         | f                 | x    | Xes             |
         |         | f                 | y    | Ypsilons        |",
    );
    let label = control(&form, "/data/l/y/n").label.clone().unwrap().text;
    assert_eq!(label, [TextPart::Literal("How many Ypsilons".to_owned())]);
}

#[test]
fn a_table_list_gets_a_row_of_labels() {
    let form = form(
        "| survey  |               |      |       |            |
         |         | type          | name | label | appearance |
         |         | begin group   | g    | G     | table-list |
         |         | select_one yn | a    | A     |            |
         |         | end group     |      |       |            |
         | choices |               |      |       |            |
         |         | list_name     | name | label |            |
         |         | yn            | yes  | Yes   |            |",
    );
    let shown: Vec<(&str, &str)> =
        controls(&form.body).iter().map(|c| (c.reference.as_str(), c.appearance.as_str())).collect();
    let expected = [
        ("/data/g/generated_table_list_label_2", ""),
        ("/data/g/reserved_name_for_field_list_labels_3", "label"),
        ("/data/g/a", "list-nolabel"),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn an_entity_stands_where_its_values_come_from() {
    let form = form(
        "| survey   |              |      |       |         |
         |          | type         | name | label | save_to |
         |          | begin repeat | r    | R     |         |
         |          | text         | a    | A     | kind    |
         |          | end repeat   |      |       |         |
         | entities |              |      |       |         |
         |          | list_name    | label |      |         |
         |          | trees        | ${a} |       |         |",
    );
    assert_eq!(calculate(&form, "/data/r/meta/entity/label"), "../../../a");
    assert_eq!(form.model_attributes["entities:entities-version"], "2025.1.0");
    assert_eq!(bind(&form, "/data/r/a").attributes["entities:saveto"], "kind");
}

#[test]
fn our_columns_and_settings_are_kept_and_unknown_ones_reported() {
    let drawn = "| survey   |          |      |       |             |            |        |
         |          | type     | name | label | sensitivity | hxl        | colour |
         |          | text     | a    | A     | severe      | #affected  | blue   |
         |          | geopoint | g    | G     |             |            |        |
         |          | date     | d    | D     |             |            |        |
         | settings |          |      |       |             |            |
         |          | sharing  | retention_days | purpose | form_id |    |
         |          | team     | 30   | Learn | f            |           |";
    let import = read(drawn);
    let infos: Vec<&str> =
        import.diagnostics.iter().filter(|d| d.severity == Severity::Info).map(|d| d.code.as_str()).collect();
    assert_eq!(infos, ["column.unknown"], "only \"colour\"");
    let form = form(drawn);
    let a = bind(&form, "/data/a");
    assert_eq!((a.sensitivity, a.hxl.as_deref()), (Some(Sensitivity::Severe), Some("#affected")));
    assert_eq!(a.columns["colour"], "blue");
    assert_eq!(crate::sensitivity::level(&form, "/data/g"), Sensitivity::High);
    assert_eq!(crate::sensitivity::level(&form, "/data/d"), Sensitivity::Moderate);
    assert_eq!((form.sharing, form.retention_days, form.id.as_str()), (Sharing::Team, Some(30), "f"));
    assert_eq!(form.settings["purpose"], "Learn");
}

#[test]
fn all_problems_are_found_in_one_pass() {
    let found = errors(
        "| survey  |                 |       |          |                |
         |         | type            | name  | label    | relevant       |
         |         | text            | a b   | A        |                |
         |         | tekst           | c     | C        |                |
         |         | select_one colr | d     | D        |                |
         |         | text            | e     | E        | ${dd} = 'x'    |
         |         | text            | e     | E        | selektd(., 'x') |
         |         | begin group     | g     | G        | (1             |
         | choices |                 |       |          |                |
         |         | list_name       | name  | label    |                |
         |         | color           | red   | Red      |                |
         |         | color           | red   | Red      |                |",
    );
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    let expected = [
        "choice.duplicate",
        "name.invalid",
        "type.unknown",
        "list.unknown",
        "name.duplicate",
        "group.not-closed",
        "reference.unknown",
        "expression.function",
        "expression.syntax",
    ];
    for code in expected {
        assert!(codes.contains(&code), "{code} is missing in {codes:?}");
    }
}

#[test]
fn a_finding_suggests_the_nearest_name() {
    let import = read(
        "| survey  |                 |         |       |               |
         |         | type            | name    | label | relevant      |
         |         | integr          | village | V     |               |
         |         | select_one colr | d       | D     | ${vilage} > 1 |
         | choices |                 |         |       |               |
         |         | list_name       | name    | label |               |
         |         | color           | red     | Red   |               |",
    );
    let all = import.diagnostics.iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("\n");
    for near in ["integer", "color"] {
        assert!(all.contains(&format!("Did you mean \"{near}\"?")), "{near} in {all}");
    }
}

#[test]
fn each_mistake_has_its_code_and_row() {
    let survey = |rows: &str| {
        format!("| survey | | | | | |\n| | type | name | label | calculation | parameters |\n{rows}")
    };
    let cases = [
        ("| | text | | A | | |", "name.missing", 2),
        ("| | text | meta | A | | |", "name.reserved", 2),
        ("| | | a | A | | |", "type.missing", 2),
        ("| | text | a | | | |", "label.missing", 2),
        ("| | calculate | a | | | |", "calculation.missing", 2),
        ("| | text | a | A ${ | | |", "reference.malformed", 2),
        ("| | end group | | | | |", "group.not-open", 2),
        ("| | text | a | A | | rows |", "parameters.malformed", 2),
        ("| | text | a | A | | colour=1 |", "parameters.unknown", 2),
        ("| | range | a | A | | start=0 end=5 step=9 |", "range.scale", 2),
        ("| | select_one_from_file sites | a | A | | |", "select.file", 2),
        ("| | begin loop over f | a | A | | |\n| | end loop | | | | |", "list.unknown", 2),
        ("| | note | n | N | | |\n| | calculate | c | | pulldata('x') | |", "expression.arguments", 3),
    ];
    for (rows, code, row) in cases {
        assert_eq!(error(&survey(rows)), (code.to_owned(), row), "{rows}");
    }
}

#[test]
fn a_row_of_comments_is_passed_over() {
    let drawn = "| survey |      |      |       |          |
         |        | type | name | label | relevant |
         |        | text | a    | A     |          |
         |        |      |      |       | remember to ask Amina |
         |        | note |      | N     |          |";
    assert!(errors(drawn).is_empty());
    assert_eq!(form(drawn).instance.children[1].name, "generated_note_name_4");
}

#[test]
fn what_is_no_workbook_is_refused_without_a_panic() {
    for bytes in
        [&b""[..], b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no", b"type,name\ntext,a\n"]
    {
        let import = import(bytes, "x", &[]);
        assert!(import.form.is_none());
        assert_eq!(import.diagnostics.len(), 1, "{:?}", import.diagnostics);
    }
}

/// A zip whose directory claims that one entry unpacks to 4 GB.
#[test]
fn a_workbook_that_would_unpack_without_limit_is_refused() {
    let mut directory = b"PK\x01\x02".to_vec();
    directory.resize(46, 0);
    directory[24..28].copy_from_slice(&0xF000_0000u32.to_le_bytes());
    let mut bomb = b"PK\x03\x04".to_vec();
    let start = u32::try_from(bomb.len()).unwrap();
    bomb.extend(directory);
    bomb.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0");
    bomb.extend(start.to_le_bytes());
    bomb.extend([0, 0]);
    let import = import(&bomb, "x", &[]);
    assert_eq!(import.diagnostics[0].code, "workbook.too-large");
}
