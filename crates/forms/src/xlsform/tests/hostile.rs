//! Input that no author wrote: the importer refuses it or makes the best of it, and never panics.

use super::super::{import, import_tables};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// A generator that gives the same numbers in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

const SURVEY: &str = "type,name,label::English (en),label::French (fr),relevant,calculation,constraint,choice_filter,parameters,trigger,default,appearance,repeat_count,save_to,sensitivity
text,a,A ${b},Á,,,regex(. '^x'),,rows=3,,today(),,,p#x,severe
select_one l or_other,b,B,,${a} = 'x',,,,randomize=true seed=3,,x,,,,low
begin repeat,r,R,,,,,,,,,,${n} + 1,,
select_one ${a},c,C,,,,,name = ${b},,,${last-saved#a},minimal,,,
range,d,D,,,,,,start=1 end=5 step=2,,,,,,
end repeat,,,,,,,,,,,,,,
begin group,g,G,,,,,,,,,table-list,,,
select_multiple l,e,E,,,indexed-repeat(${c}; ${r}; 1),,,,,,,,,
end group,,,,,,,,,,,,,,
begin loop over l,o,O,,,,,,,,,,,,
integer,n,N %(label)s,,,,,,,,,,,,
end loop,,,,,,,,,,,,,,
calculate,f,,,,instance('l')/root/item[name = ${b}]/label,,,,${a},,,,,
audit,,,,,,,,track-changes=true,,,,,,
";
const CHOICES: &str = "list_name,name,label::English (en),label::French (fr),image
l,x,X ${a},,x.png
l,y,Y,Ý,
";
const SETTINGS: &str =
    "form_title,form_id,instance_name,default_language,sharing\nT,t,${a},English (en),team\n";
const ENTITIES: &str = "list_name,label,entity_id\np,${a},\n";

#[test]
fn damaged_tables_never_make_the_importer_panic() {
    let scraps = [
        "${",
        "}",
        "(",
        "[",
        "'",
        "\"",
        ",",
        "\n",
        "::",
        "begin group",
        "end repeat",
        "severe",
        "$",
        "é",
        "\u{0}",
        "%(",
    ];
    let mut dice = Dice(2026);
    let mut refused = 0;
    for _ in 0..1_500 {
        let mut texts = [SURVEY, CHOICES, SETTINGS, ENTITIES].map(str::to_owned);
        for _ in 0..=dice.below(4) {
            let which = dice.below(texts.len());
            let text = &mut texts[which];
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let at = places[dice.below(places.len())];
            match dice.below(3) {
                0 => text.insert_str(at, scraps[dice.below(scraps.len())]),
                1 => drop(text.remove(at)),
                _ => text.truncate(at.max(20)),
            }
        }
        let names = ["survey", "choices", "settings", "entities"];
        let tables: Vec<(&str, &str)> = names.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let import = import_tables(&tables, "t", &[]);
        refused += usize::from(import.form.is_none());
    }
    assert!(refused > 100, "the damage was real: {refused}");
}

#[test]
fn a_damaged_workbook_never_makes_the_importer_panic() {
    let mut book = Workbook::new();
    for (name, text) in [("survey", SURVEY), ("choices", CHOICES)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (row, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let whole = book.save_to_buffer().unwrap();
    assert!(!import(&whole, "t", &[]).diagnostics.is_empty());
    let mut dice = Dice(11);
    for _ in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..=dice.below(8) {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
        }
        bytes.truncate(whole.len() - dice.below(3) * dice.below(200));
        let _ = import(&bytes, "t", &[]);
    }
}

/// One cell at the far corner would make a dense grid of 17 thousand million cells.
#[test]
fn a_cell_at_the_far_corner_is_refused_before_memory_is_taken_for_it() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("survey").unwrap();
    sheet.write_string(0, 0, "type").unwrap();
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let import = import(&book.save_to_buffer().unwrap(), "t", &[]);
    assert_eq!(import.diagnostics[0].code, "workbook.too-large");
}

#[test]
fn numbers_dates_and_flags_become_the_text_that_a_person_sees() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("survey").unwrap();
    for (column, heading) in (0..).zip(["type", "name", "label", "default"]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let hour = Format::new().set_num_format("hh:mm:ss");
    for (row, question) in (1..).zip(["integer", "decimal", "date", "time", "text"]) {
        sheet.write_string(row, 0, question).unwrap();
        sheet.write_string(row, 1, format!("q{row}")).unwrap();
        sheet.write_string(row, 2, "Q").unwrap();
    }
    sheet.write_number(1, 3, 5).unwrap();
    sheet.write_number(2, 3, 0.25).unwrap();
    sheet.write_datetime_with_format(3, 3, ExcelDateTime::from_ymd(2026, 11, 20).unwrap(), &day).unwrap();
    sheet.write_datetime_with_format(4, 3, ExcelDateTime::from_hms(10, 30, 0).unwrap(), &hour).unwrap();
    sheet.write_boolean(5, 3, true).unwrap();
    let form = import(&book.save_to_buffer().unwrap(), "t", &[]).form.unwrap();
    let defaults: Vec<&str> = form.instance.children.iter().map(|e| e.text.as_str()).collect();
    assert_eq!(defaults[..5], ["5", "0.25", "2026-11-20 00:00:00", "10:30:00", "TRUE"]);
}
