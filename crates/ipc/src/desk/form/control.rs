//! Which control a question needs. The interface draws what is said here and decides nothing.

use super::choices::{self, Offered};
use super::sheet::looks;
use crate::view::{ChoiceStyle, Control};
use baraza_forms::{NodeKind, NodeView, Session};

/// More choices than this are searched, not listed.
const MOST_LISTED: usize = 30;
/// So many pictures make a scale by themselves.
const SCALE: usize = 5;
/// At least so many do when the author asked for choices in columns.
const LEAST_SCALE: usize = 3;

/// The control of a question.
///
/// Whole numbers get buttons for one more and one less, unless the author asked for a plain field (`numbers`,
/// `thousands-sep`). Lists open as a menu only where the author asked for one (`minimal`).
pub(super) fn control(session: &Session, node: &NodeView) -> Control {
    match node.kind {
        NodeKind::Select => select(session, node),
        NodeKind::Rank => Control::Rank { choices: Offered::of(session, node).all() },
        NodeKind::Range => range(node),
        NodeKind::Trigger => Control::Acknowledge,
        NodeKind::Upload => unsupported(node),
        _ => input(node),
    }
}

fn input(node: &NodeView) -> Control {
    match node.datatype.as_str() {
        "int" | "integer" | "long" => {
            Control::Integer { counter: !looks(node, "numbers") && !looks(node, "thousands-sep") }
        }
        "decimal" => Control::Decimal,
        "date" => Control::Date,
        "time" => Control::Time,
        "dateTime" => Control::DateTime,
        "geopoint" => Control::Point,
        "geotrace" => Control::Trace { closed: false },
        "geoshape" => Control::Trace { closed: true },
        "barcode" | "binary" => unsupported(node),
        _ if is_long(node) => Control::Notes,
        _ => Control::Text,
    }
}

fn is_long(node: &NodeView) -> bool {
    let rows = node.parameters.iter().find(|(name, _)| name == "rows").and_then(|(_, n)| n.parse().ok());
    looks(node, "multiline") || rows.is_some_and(|rows: u32| rows > 1)
}

fn unsupported(node: &NodeView) -> Control {
    Control::Unsupported { datatype: node.datatype.clone() }
}

fn range(node: &NodeView) -> Control {
    let given = |name: &str, otherwise: &str| {
        let found = node.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        found.unwrap_or(otherwise).to_owned()
    };
    Control::Range { start: given("start", "0"), end: given("end", "10"), step: given("step", "1") }
}

fn select(session: &Session, node: &NodeView) -> Control {
    let offered = Offered::of(session, node);
    let total = offered.len();
    let style = style(node, &offered);
    let choices = match style {
        ChoiceStyle::Search => offered.first_page(&node.value),
        ChoiceStyle::Scale => {
            let mut all = offered.all();
            // What has no picture is not a step of the scale.
            all.iter_mut().for_each(|choice| choice.apart |= choice.picture.is_none());
            all
        }
        ChoiceStyle::Cards | ChoiceStyle::Menu => offered.all(),
    };
    match node.multiple {
        true => Control::Many { style, choices, total },
        false => Control::One { style, choices, total },
    }
}

fn style(node: &NodeView, offered: &Offered) -> ChoiceStyle {
    let pictures = offered.pictures();
    let is_scale = pictures == SCALE || pictures >= LEAST_SCALE && looks(node, "columns-pack");
    match node {
        _ if offered.len() > MOST_LISTED || looks(node, "autocomplete") => ChoiceStyle::Search,
        _ if !node.multiple && is_scale => ChoiceStyle::Scale,
        _ if looks(node, "minimal") => ChoiceStyle::Menu,
        _ => ChoiceStyle::Cards,
    }
}

/// Whether a question is said aloud to people.
pub(super) fn is_voice(node: &NodeView, control: &Control) -> bool {
    looks(node, "x-say") || matches!(control, Control::One { style: ChoiceStyle::Scale, .. })
}

/// The answer as people read it: choices by their labels, all else as it is stored.
pub(super) fn read(session: &Session, node: &NodeView) -> String {
    if node.value.is_empty() || !matches!(node.kind, NodeKind::Select | NodeKind::Rank) {
        return node.value.clone();
    }
    choices::read(session, node)
}
