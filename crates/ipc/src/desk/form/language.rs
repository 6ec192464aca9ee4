//! Languages of a form, which authors write as `Français (fr)`.

use crate::view::LanguageView;
use baraza_forms::FormDef;

/// The languages of a form.
pub(super) fn languages(def: &FormDef, current: Option<&str>) -> Vec<LanguageView> {
    let one = |name: &String| {
        let (label, code) = split(name);
        LanguageView {
            name: name.clone(),
            code: code.map(str::to_owned),
            label: label.to_owned(),
            current: current == Some(name),
        }
    };
    def.languages.iter().map(one).collect()
}

/// The form's language for a code of the interface, if it has one.
pub(super) fn matching<'d>(def: &'d FormDef, code: &str) -> Option<&'d str> {
    let primary = |code: &str| code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let wanted = primary(code);
    let speaks = |name: &&String| split(name).1.is_some_and(|code| primary(code) == wanted);
    if wanted.is_empty() { None } else { def.languages.iter().find(speaks).map(String::as_str) }
}

/// The form's title in one of its languages.
pub(super) fn title<'d>(def: &'d FormDef, language: Option<&str>) -> &'d str {
    language.and_then(|language| def.titles.get(language)).map_or(&def.title, |title| title)
}

/// Name for people, and code.
fn split(name: &str) -> (&str, Option<&str>) {
    let parts = name.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match parts {
        Some((label, code)) if !label.trim().is_empty() => (label.trim(), Some(code.trim())),
        _ => (name.trim(), None),
    }
}
