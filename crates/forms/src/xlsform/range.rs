//! The question type `range`: its parameters and their arithmetic.

use super::parameters::{Parameters, check_keys, number};
use super::report::{At, Report};
use super::survey::Rows;
use super::tree::Node;

/// The numbers of a range.
struct Scale {
    start: f64,
    end: f64,
    step: f64,
    tick: Option<f64>,
}

impl Rows<'_> {
    /// Puts the parameters of a range into its control, after checking them.
    pub(super) fn range(&mut self, node: &mut Node, mut parameters: Parameters) {
        let at = Self::at(node.row, "parameters");
        let accepted = ["start", "end", "step", "tick_interval", "placeholder", "tick_labelset"];
        check_keys(&parameters, &accepted, at, self.report);
        let appearance = node.control_text("appearance").unwrap_or_default().to_owned();
        let special = ["tick_interval", "placeholder", "tick_labelset"];
        let plain =
            appearance.is_empty() || appearance.contains("vertical") || appearance.contains("no-ticks");
        if !plain && special.iter().any(|k| parameters.contains_key(*k)) {
            let message = format!("The appearance \"{appearance}\" has no ticks, placeholder or labels.");
            self.report.error(at, "range.appearance", message, "Use vertical, no-ticks, or no appearance.");
        }
        for (key, value) in [("start", "1"), ("end", "10"), ("step", "1")] {
            parameters.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
        let mut read = |key| number(&parameters, key, at, self.report);
        let (start, end, step) = (read("start"), read("end"), read("step"));
        let (tick, placeholder) = (read("tick_interval"), read("placeholder"));
        let (Some(start), Some(end), Some(step)) = (start, end, step) else { return };
        let scale = Scale { start, end, step, tick };
        check_scale(&scale, placeholder, at, self.report);
        let labels = parameters.remove("tick_labelset");
        if let Some(list) = &labels {
            self.check_labels(list, &scale, appearance.contains("no-ticks"), at);
        }
        let whole = |n: &f64| n.fract() == 0.0;
        if ![start, end, step].iter().chain(&tick).chain(&placeholder).all(whole) {
            node.set_bind("type", "decimal");
        }
        for (key, value) in &parameters {
            let attribute = match key.as_str() {
                "tick_interval" => "odk:tick-interval",
                "placeholder" => "odk:placeholder",
                other => other,
            };
            node.set_control(attribute, value);
        }
        node.itemset = labels;
    }

    fn check_labels(&mut self, list: &str, scale: &Scale, no_ticks: bool, at: At<'_>) {
        let Some(choices) = self.lists.get(list) else {
            super::choices::missing_list(list, self.lists, self.book, at, self.report);
            return;
        };
        let mut refuse = |message: String, fix: &str| self.report.error(at, "range.labels", message, fix);
        let mut values = Vec::new();
        for choice in choices {
            match choice.name.parse::<f64>() {
                Ok(value) if value.is_finite() => values.push(value),
                _ => refuse(
                    format!("The label \"{}\" of the range is no number.", choice.name),
                    "Name it by a number.",
                ),
            }
        }
        let (low, high) = (scale.start.min(scale.end), scale.start.max(scale.end));
        let unit = scale.tick.unwrap_or(scale.step);
        for value in &values {
            if *value < low || *value > high || !is_multiple(value - scale.start, unit) {
                let message = format!("The label {value} stands at no tick of the range.");
                refuse(message, "Use only values that the range passes through.");
            }
        }
        let ends = |v: &f64| *v == scale.start || *v == scale.end;
        if no_ticks && (values.len() != 2 || !values.iter().all(ends)) {
            let message = "A range without ticks can label only its two ends.".to_owned();
            refuse(message, "Give the list two choices, the start and the end.");
        }
    }
}

fn check_scale(scale: &Scale, placeholder: Option<f64>, at: At<'_>, report: &mut Report) {
    let width = (scale.end - scale.start).abs();
    let mut refuse = |message: String, fix: &str| report.error(at, "range.scale", message, fix);
    for (key, value) in [("step", Some(scale.step)), ("tick_interval", scale.tick)] {
        let Some(value) = value else { continue };
        if value == 0.0 {
            refuse(format!("The parameter \"{key}\" can't be 0."), "Write a number above 0.");
        } else if value > width {
            let message = format!("The parameter \"{key}\" is larger than the whole range.");
            refuse(message, "Write a smaller number.");
        }
    }
    if scale.tick.is_some_and(|t| !is_multiple(t, scale.step)) {
        refuse("The ticks do not fall on steps.".to_owned(), "Make tick_interval a multiple of step.");
    }
    let Some(placeholder) = placeholder else { return };
    let outside = placeholder < scale.start.min(scale.end) || placeholder > scale.start.max(scale.end);
    if outside || !is_multiple(placeholder - scale.start, scale.step) {
        refuse(
            "The placeholder is not on the range.".to_owned(),
            "Use a value that the range passes through.",
        );
    }
}

/// Whether `value` is a multiple of `unit`, binary rounding aside.
fn is_multiple(value: f64, unit: f64) -> bool {
    if unit == 0.0 {
        return true;
    }
    let times = value / unit;
    (times - times.round()).abs() < 1e-9
}
