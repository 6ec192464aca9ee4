//! The `parameters` column: `key=value` pairs, and which keys each question type takes.

use super::report::{At, Report, did_you_mean};
use std::collections::BTreeMap;

/// Parameters by lower-case key.
pub(super) type Parameters = BTreeMap<String, String>;

/// Reads the column: pairs apart by spaces, commas or semicolons, spaces allowed around `=`.
/// Values are in lower case but for `label` and `value`, which name columns of a file.
pub(super) fn parse(text: &str) -> Option<Parameters> {
    let spaced = text.replace('=', " = ").replace([',', ';'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut out = Parameters::new();
    for pair in words.chunks(3) {
        let [key, "=", value] = pair else { return None };
        if *key == "=" || *value == "=" {
            return None;
        }
        let key = key.to_lowercase();
        let value = if key == "label" || key == "value" { (*value).to_owned() } else { value.to_lowercase() };
        out.insert(key, value);
    }
    Some(out)
}

/// Reports keys that the question type does not take.
pub(super) fn check_keys(parameters: &Parameters, accepted: &[&str], at: At<'_>, report: &mut Report) {
    for key in parameters.keys().filter(|k| !accepted.contains(&k.as_str())) {
        let hint = did_you_mean(key, accepted.iter().copied());
        let fix = if accepted.is_empty() {
            "Leave the column empty.".to_owned()
        } else {
            format!("Use only {}.", accepted.join(", "))
        };
        let message = format!("This question type has no parameter \"{key}\".{hint}");
        report.error(at, "parameters.unknown", message, fix);
    }
}

/// Reports a parameter that has another value than these.
pub(super) fn check_one_of(
    parameters: &Parameters,
    key: &str,
    allowed: &[&str],
    at: At<'_>,
    report: &mut Report,
) {
    if let Some(value) = parameters.get(key)
        && !allowed.contains(&value.as_str())
    {
        let message = format!("The parameter \"{key}\" can't be \"{value}\".");
        report.error(
            at,
            "parameters.value",
            message,
            format!("Write {key}= and one of {}.", allowed.join(", ")),
        );
    }
}

/// The parameter as a number; reports one that is not.
pub(super) fn number(parameters: &Parameters, key: &str, at: At<'_>, report: &mut Report) -> Option<f64> {
    let value = parameters.get(key)?;
    let number = value.parse::<f64>().ok().filter(|n| n.is_finite());
    if number.is_none() {
        let message = format!("The parameter \"{key}\" must be a number, and \"{value}\" is not.");
        report.error(at, "parameters.value", message, format!("Write {key}= and a number."));
    }
    number
}

/// The parameter as a whole number; reports one that is not.
pub(super) fn whole(parameters: &Parameters, key: &str, at: At<'_>, report: &mut Report) -> Option<i64> {
    let value = parameters.get(key)?;
    let number = value.parse::<i64>().ok();
    if number.is_none() {
        let message = format!("The parameter \"{key}\" must be a whole number, and \"{value}\" is not.");
        report.error(at, "parameters.value", message, format!("Write {key}= and a whole number."));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_may_be_apart_by_spaces_commas_or_semicolons() {
        let read = parse("start=1, END = 10;step=0.5 Label=Name").unwrap();
        let pairs: Vec<(&str, &str)> = read.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("end", "10"), ("label", "Name"), ("start", "1"), ("step", "0.5")]);
        assert!(parse("start 1").is_none());
        assert!(parse("start=").is_none());
        assert!(parse("  ").unwrap().is_empty());
    }
}
