//! How sensitivity spreads, and which forms are refused because their logic gives a severe answer away.

use super::{error, read};
use baraza_model::Sensitivity;

fn drawn(rows: &str) -> String {
    format!(
        "| survey | | | | | | | |
         | | type | name | label | relevant | calculation | sensitivity | choice_filter |
         | | select_one yn | harm | Were you harmed? | | | severe | |
         {rows}
         | choices | | | |
         | | list_name | name | label |
         | | yn | yes | Yes |"
    )
}

fn raised(drawn: &str) -> Vec<String> {
    let import = read(drawn);
    let form = import.form.expect("it can be made safe");
    let raised: Vec<String> = import
        .diagnostics
        .iter()
        .filter(|d| d.code == "sensitivity.raised")
        .map(|d| d.message.split('"').nth(1).unwrap_or_default().to_owned())
        .collect();
    let severe = form.binds.iter().filter(|b| b.sensitivity == Some(Sensitivity::Severe)).count();
    let own = drawn.matches("severe").count();
    assert_eq!(severe, raised.len() + own, "each raise is reported");
    raised
}

#[test]
fn whatever_reads_a_severe_answer_becomes_severe_through_any_number_of_steps() {
    let found = raised(&drawn(
        "| | begin_group | g | Then | ${harm} = 'yes' | | | |
         | | text | who | By whom? | | | | |
         | | note | care | We are sorry, ${who} | | | | |
         | | end_group | | | | | | |
         | | calculate | c | | | string-length(${who}) | | |
         | | select_one yn | f | F | | | | name = ${harm} |
         | | text | free | Anything else? | | | | |",
    ));
    assert_eq!(found, ["who", "c", "f"], "neither the note nor the free text");
}

#[test]
fn the_message_tells_the_chain() {
    let import = read(&drawn(
        "| | begin_group | g | Then | ${harm} = 'yes' | | | |
         | | text | who | By whom? | | | | |
         | | end_group | | | | | | |",
    ));
    let found = import.diagnostics.iter().find(|d| d.code == "sensitivity.raised").unwrap();
    let chain = "\"who\" is in \"g\", the relevance of \"g\" reads \"harm\", and \"harm\" is severe";
    assert!(found.message.contains(chain), "{}", found.message);
    assert_eq!((found.place.sheet.as_deref(), found.place.row), (Some("survey"), Some(4)));
}

#[test]
fn a_form_whose_logic_betrays_a_severe_answer_is_refused() {
    let cases = [
        (
            "how often",
            "| | begin_repeat | r | R | ${harm} = 'yes' | | | |\n| | text | t | T | | | | |\n| | end_repeat | | | | | | |",
        ),
        (
            "around",
            "| | begin_group | g | G | ${harm} = 'yes' | | | |\n| | begin_repeat | r | R | | | | |\n| | text | t | T | | | | |\n| | end_repeat | | | | | | |\n| | end_group | | | | | | |",
        ),
        ("spawn", "| | calculate | nd_spawn | | | if(${harm} = 'yes', 'alert', '') | severe | |"),
    ];
    for (what, rows) in cases {
        assert_eq!(error(&drawn(rows)).0, "sensitivity.betrayed", "{what}");
    }
    let name =
        format!("{}\n| settings | |\n| | instance_name |\n| | concat('case ', ${{harm}}) |", drawn(""));
    assert_eq!(error(&name), ("sensitivity.betrayed".to_owned(), 2), "instance name");
}

#[test]
fn an_entity_and_the_last_saved_record_can_not_hold_a_severe_answer() {
    let entity = "| survey   |           |      |       |             |         |
         |          | type      | name | label | sensitivity | save_to |
         |          | text      | a    | A     | severe      | kind    |
         |          | text      | b    | B     |             |         |
         | entities |           |      |       |
         |          | list_name | label |      |
         |          | people    | ${b} |       |";
    assert_eq!(error(entity).0, "sensitivity.betrayed");
    let last = "| survey |      |      |       |             |                  |
         |        | type | name | label | sensitivity | default          |
         |        | text | a    | A     | severe      |                  |
         |        | text | b    | B     |             | ${last-saved#a}  |";
    assert_eq!(error(last).0, "sensitivity.betrayed");
}

#[test]
fn a_spawn_that_reads_nothing_severe_is_left_alone() {
    let found = raised(&drawn(
        "| | select_one yn | need | Is anything needed? | | | | |
         | | calculate | spawn | | | if(${need} = 'yes', 'request', '') | | |",
    ));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_way_of_reading_a_severe_answer_counts() {
    let drawn = "| survey |         |      |       |             |              |          |            |             |               |         |
         |        | type    | name | label | sensitivity | relevant     | required | constraint | calculation | default       | trigger |
         |        | integer | s    | S     | severe      |              |          |            |             |               |         |
         |        | text    | a    | A     |             | ${s} > 1     |          |            |             |               |         |
         |        | text    | b    | B     |             |              | ${s} > 1 |            |             |               |         |
         |        | integer | c    | C     |             |              |          | . < ${s}   |             |               |         |
         |        | integer | d    | D     |             |              |          |            | ${s} + 1    |               |         |
         |        | integer | e    | E     |             |              |          |            |             | ${s} + 1      |         |
         |        | text    | f    | F     |             |              |          |            | now()       |               | ${s}    |
         |        | text    | h    | H     |             |              |          |            |             |               | ${f}    |
         |        | text    | z    | Z     |             |              |          |            | now()       |               |         |";
    assert_eq!(raised(drawn), ["a", "b", "c", "d", "e", "f", "h"]);
}

#[test]
fn counting_the_instances_of_a_repeat_reads_none_of_its_answers() {
    let found = raised(&drawn(
        "| | begin_repeat | r | R | | | | |
         | | text | t | T | | | severe | |
         | | calculate | at | | | position(..) | | |
         | | end_repeat | | | | | | |
         | | calculate | n | | | count(${r}) | | |
         | | calculate | all | | | join(' ', ${t}) | | |",
    ));
    assert_eq!(found, ["all"]);
}
