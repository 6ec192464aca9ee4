//! From elements, binds and controls to the definitions of nodes.

use super::build::{Builder, Found, constant};
use super::node::{Cond, DefId, NodeDef, Preload};
use super::report::Report;
use super::template::is_template;
use super::text;
use crate::def::{Bind, Control, ControlKind, Element, Label};
use crate::session::NodeKind;
use crate::values::{ValueType, number};
use crate::xform::local;
use baraza_model::Sensitivity;
use baraza_xpath::Expr;

/// The longest chain of elements.
const MAX_DEPTH: usize = 100;

impl<'d> Builder<'d> {
    /// Adds the definition of an element and of everything below it.
    pub(super) fn element(
        &mut self,
        element: &Element,
        parent: Option<DefId>,
        in_repeat: Option<usize>,
        depth: usize,
        report: &mut Report,
    ) {
        let above =
            parent.and_then(|p| self.nodes.get(p.index())).map(|n| n.path.clone()).unwrap_or_default();
        let path = format!("{above}/{}", local(&element.name));
        if depth > MAX_DEPTH {
            report.error(
                "instance.too-deep",
                &path,
                "The instance is nested too deep.".into(),
                "Flatten the form.",
            );
            return;
        }
        let id = DefId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let repeats = self.repeats.contains_key(&path) && parent.is_some();
        let number = repeats.then_some(self.found.len());
        let mut node =
            self.node(&path, &element.name, !element.children.is_empty(), repeats, parent.is_none(), report);
        node.parent = parent;
        node.repeat = number;
        node.in_repeat = number.or(in_repeat);
        if repeats {
            let found = Found { def: id, parent: in_repeat, template: element.clone(), written: Vec::new() };
            self.found.push(found);
        }
        self.push(id, node, parent);
        for name in element.attributes.keys().filter(|n| *n != "jr:template") {
            let attribute = DefId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
            let path = format!("{path}/@{}", local(name));
            let mut node = self.node(&path, name, false, false, false, report);
            node.attribute = true;
            node.parent = Some(id);
            node.in_repeat = number.or(in_repeat);
            self.push(attribute, node, Some(id));
        }
        self.below(element, id, number.or(in_repeat), depth, report);
        let end = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.end = end;
        }
    }

    fn below(
        &mut self,
        element: &Element,
        id: DefId,
        repeat: Option<usize>,
        depth: usize,
        report: &mut Report,
    ) {
        let path = self.nodes.get(id.index()).map(|n| n.path.clone()).unwrap_or_default();
        let mut seen: Vec<&str> = Vec::new();
        for child in &element.children {
            if seen.contains(&child.name.as_str()) {
                continue;
            }
            seen.push(&child.name);
            let same: Vec<&Element> = element.children.iter().filter(|c| c.name == child.name).collect();
            let below = format!("{path}/{}", local(&child.name));
            if !self.repeats.contains_key(&below) {
                if same.len() > 1 {
                    let message = format!("The node {} is written {} times.", child.name, same.len());
                    report.error("instance.twice", &below, message, "Rename one of them, or add a repeat.");
                }
                self.element(child, Some(id), repeat, depth + 1, report);
                continue;
            }
            let template = same.iter().find(|e| is_template(e)).or(same.first()).copied().unwrap_or(child);
            let number = self.found.len();
            self.element(template, Some(id), repeat, depth + 1, report);
            if let Some(found) = self.found.get_mut(number) {
                found.written = same.into_iter().filter(|e| !is_template(e)).cloned().collect();
            }
        }
    }

    fn push(&mut self, id: DefId, node: NodeDef, parent: Option<DefId>) {
        self.by_path.entry(node.path.clone()).or_insert(id);
        self.nodes.push(node);
        if let Some(parent) = parent.and_then(|p| self.nodes.get_mut(p.index())) {
            parent.children.push(id);
        }
    }

    fn node(
        &mut self,
        path: &str,
        name: &str,
        has_children: bool,
        repeats: bool,
        is_root: bool,
        report: &mut Report,
    ) -> NodeDef {
        let blank = Bind::default();
        let bind = self.binds.get(path).copied().unwrap_or(&blank);
        let control = self.controls.get(path).copied().filter(|_| !has_children && !repeats);
        if let Some(control) = self.controls.get(path).filter(|_| has_children) {
            let message =
                format!("The question {} stands on an element that has children.", control.reference);
            report.error("control.on-group", path, message, "Point the question to a node of its own.");
        }
        let Rules { relevant, readonly, required, constraint, calculate } = rules(bind, path, report);
        let datatype = bind.data_type.clone().unwrap_or_else(|| default_type(control).to_owned());
        let kind = match control {
            _ if is_root => NodeKind::Root,
            _ if repeats => NodeKind::RepeatInstance,
            _ if has_children => NodeKind::Group,
            None => NodeKind::ModelValue,
            Some(c) => control_kind(c, &readonly),
        };
        check_type(kind, &datatype, path, report);
        let (label, appearance) = self.look(control, path);
        let value_type = match kind {
            NodeKind::Select | NodeKind::Rank | NodeKind::Trigger | NodeKind::Upload => ValueType::Text,
            _ => ValueType::of(&datatype),
        };
        NodeDef {
            name: name.to_owned(),
            path: path.to_owned(),
            parent: None,
            children: Vec::new(),
            end: u32::try_from(self.nodes.len() + 1).unwrap_or(u32::MAX),
            attribute: false,
            kind,
            repeat: None,
            in_repeat: None,
            value_type,
            bounds: control.filter(|c| c.kind == ControlKind::Range).and_then(|c| bounds(c, path, report)),
            impure: calculate.as_ref().is_some_and(Expr::is_impure),
            calculate,
            preload: preload(bind, path),
            constraint_message: text::message(bind.constraint_message.as_ref(), path, report),
            required_message: text::message(bind.required_message.as_ref(), path, report),
            label: text::label(label, path, report),
            hint: text::label(control.and_then(|c| c.hint.as_ref()), path, report),
            multiline: datatype == "string" && appearance.split_whitespace().any(|a| a == "multiline"),
            appearance,
            parameters: control.map(|c| c.attributes.clone().into_iter().collect()).unwrap_or_default(),
            select: None,
            sensitivity: bind.sensitivity.unwrap_or_else(|| default_sensitivity(kind, &datatype)),
            datatype,
            relevant,
            readonly,
            required,
            constraint,
            stored: false,
            units: Vec::new(),
            readers: Vec::new(),
            fanout: Vec::new(),
            column: None,
            on_change: Vec::new(),
        }
    }

    /// The label and the appearance of a node: its question's, or those of the group or repeat that presents it.
    fn look(&self, control: Option<&'d Control>, path: &str) -> (Option<&'d Label>, String) {
        let repeat = self.repeats.get(path);
        let group = repeat.and_then(|r| r.group).or_else(|| self.groups.get(path).copied());
        let label = control.map_or(group.and_then(|g| g.label.as_ref()), |c| c.label.as_ref());
        let appearance = match (control, repeat, group) {
            (Some(control), _, _) => control.appearance.clone(),
            (None, Some(body), _) if !body.repeat.appearance.is_empty() => body.repeat.appearance.clone(),
            (None, _, group) => group.map(|g| g.appearance.clone()).unwrap_or_default(),
        };
        (label, appearance)
    }
}

/// The rules of a bind, parsed.
struct Rules {
    relevant: Cond,
    readonly: Cond,
    required: Cond,
    constraint: Cond,
    calculate: Option<Expr>,
}

fn rules(bind: &Bind, path: &str, report: &mut Report) -> Rules {
    let mut cond = |source: &Option<String>, default: bool, rule: &str| {
        let expr = source.as_ref().and_then(|s| report.parse(s, path, rule));
        expr.map_or(Cond::Const(default), |expr| constant(&expr).map_or(Cond::Expr(expr), Cond::Const))
    };
    Rules {
        relevant: cond(&bind.relevant, true, "relevant"),
        readonly: cond(&bind.readonly, false, "readonly"),
        required: cond(&bind.required, false, "required"),
        constraint: cond(&bind.constraint, true, "constraint"),
        calculate: bind.calculate.as_ref().and_then(|c| report.parse(c, path, "calculate")),
    }
}

fn default_type(control: Option<&Control>) -> &'static str {
    match control.map(|c| c.kind) {
        Some(ControlKind::Upload) => "binary",
        _ => "string",
    }
}

fn control_kind(control: &Control, readonly: &Cond) -> NodeKind {
    match control.kind {
        ControlKind::Input | ControlKind::Secret => {
            let says = control.label.is_some() || control.hint.is_some();
            if readonly.is(true) && says && control.kind == ControlKind::Input {
                NodeKind::Note
            } else {
                NodeKind::Input
            }
        }
        ControlKind::Select | ControlKind::Select1 => NodeKind::Select,
        ControlKind::Rank => NodeKind::Rank,
        ControlKind::Range => NodeKind::Range,
        ControlKind::Trigger => NodeKind::Trigger,
        ControlKind::Upload => NodeKind::Upload,
    }
}

fn check_type(kind: NodeKind, datatype: &str, path: &str, report: &mut Report) {
    let value_type = ValueType::of(datatype);
    if matches!(kind, NodeKind::Select | NodeKind::Rank) && value_type != ValueType::Text {
        let message = format!("The question offers choices, and its type is {datatype}.");
        report.error("select.type", path, message, "Make its type string.");
    }
    if kind == NodeKind::Range && !matches!(value_type, ValueType::Int | ValueType::Decimal) {
        let message = format!("The question is a range, and its type is {datatype}.");
        report.error("range.type", path, message, "Make its type int or decimal.");
    }
}

fn bounds(control: &Control, path: &str, report: &mut Report) -> Option<(f64, f64)> {
    let part =
        |name: &str| control.attributes.get(name).filter(|t| !t.trim().is_empty()).and_then(|t| number(t));
    if let (Some(start), Some(end), Some(_)) = (part("start"), part("end"), part("step")) {
        return Some((start, end));
    }
    report.error(
        "range.bounds",
        path,
        "The range lacks its start, end or step, or they are not numbers.".into(),
        "Give start, end and step as numbers.",
    );
    None
}

fn preload(bind: &Bind, path: &str) -> Option<Preload> {
    match (bind.preload.as_deref(), bind.preload_params.as_deref()) {
        (Some("uid"), _) => Some(Preload::Uid),
        (Some("timestamp"), Some("end")) => Some(Preload::End),
        (Some("timestamp"), _) => Some(Preload::Start),
        (Some("date"), _) => Some(Preload::Today),
        (Some("property"), Some("deviceid")) => Some(Preload::Device),
        (Some("property"), Some("email")) => Some(Preload::Email),
        (Some("property"), Some("phonenumber" | "phone number")) => Some(Preload::Phone),
        (Some("property"), Some("username")) => Some(Preload::Username),
        (None, _) if path.ends_with("/meta/instanceID") && bind.nodeset.is_empty() => Some(Preload::Uid),
        _ => None,
    }
}

fn default_sensitivity(kind: NodeKind, datatype: &str) -> Sensitivity {
    let exposed = matches!(datatype, "geopoint" | "geotrace" | "geoshape" | "barcode" | "binary");
    if exposed || kind == NodeKind::Upload { Sensitivity::High } else { Sensitivity::Moderate }
}
