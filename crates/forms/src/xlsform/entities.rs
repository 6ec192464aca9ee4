//! The entities sheet and the `save_to` column: which answers make or change an entity.
//!
//! Follows the ODK entities specification as pyxform 4.5.0 writes it: one `meta/entity` element in the root or in
//! the repeat that the saved questions stand in.

use super::aliases;
use super::headings::{Fields, Value};
use super::reference::{is_element_name, references};
use super::report::{At, Report, did_you_mean};
use super::survey::SHEET as SURVEY;
use super::tree::{Id, Kind, Node, OwnAction, Tree};
use super::workbook::Book;
use std::collections::{BTreeMap, BTreeSet};

const SHEET: &str = "entities";
const COLUMNS: [&str; 6] = ["dataset", "entity_id", "create_if", "update_if", "label", "repeat"];

/// One row of the sheet.
#[derive(Debug, Clone, Default)]
struct Declaration {
    row: u32,
    dataset: String,
    entity_id: Option<String>,
    create_if: Option<String>,
    update_if: Option<String>,
    label: Option<String>,
    /// Containers of the questions that are saved to it, with the row and the property.
    saved: Vec<(Id, u32, String)>,
}

/// All declarations of a form.
#[derive(Debug, Clone, Default)]
pub(super) struct Entities {
    declarations: Vec<Declaration>,
}

impl Entities {
    /// Reads the sheet.
    pub(super) fn read(book: &Book, report: &mut Report) -> Self {
        let mut entities = Entities::default();
        let Some(sheet) = book.sheet(SHEET) else { return entities };
        let table = aliases::ENTITIES.read(sheet, "default", false, report);
        for fields in &table.rows {
            let declaration = declaration(fields, report);
            if entities.declarations.iter().any(|d| d.dataset == declaration.dataset) {
                let message = format!("The entity list \"{}\" is declared twice.", declaration.dataset);
                let at = At::cell(SHEET, fields.row, "list_name");
                report.error(at, "entity.duplicate", message, "Keep one row for each entity list.");
            }
            entities.declarations.push(declaration);
        }
        entities
    }

    /// The names of the entity lists.
    pub(super) fn names(&self) -> Vec<String> {
        self.declarations.iter().map(|d| d.dataset.clone()).collect()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.declarations.is_empty()
    }

    /// Groups and repeats can't be saved to a property.
    pub(super) fn refuse_save_to(&self, fields: &Fields, report: &mut Report) {
        if fields.nested("bind", "entities:saveto").is_some() {
            let message = "A group or repeat can't be saved to an entity.";
            let at = At::cell(SURVEY, fields.row, "save_to");
            report.error(at, "entity.save-to", message, "Save the questions in it instead.");
        }
    }

    /// Takes note of a question that is saved to a property.
    pub(super) fn save_to(&mut self, fields: &Fields, container: Id, report: &mut Report) {
        let Some(text) = fields.nested("bind", "entities:saveto") else { return };
        let at = At::cell(SURVEY, fields.row, "save_to");
        let (list, property) = match text.split_once('#') {
            Some((list, property)) => (Some(list), property),
            None => (None, text),
        };
        if self.declarations.is_empty() {
            let message = format!("\"{text}\" is saved to no entity: the form declares none.");
            report.error(at, "entity.none", message, "Add a sheet \"entities\" that declares the entity.");
            return;
        }
        if list.is_none() && self.declarations.len() > 1 {
            let message = format!("\"{text}\" does not say to which of several entity lists it is saved.");
            report.error(at, "entity.which", message, "Write list#property.");
            return;
        }
        check_property(property, at, report);
        let names = self.names();
        let found = self.declarations.iter_mut().find(|d| list.is_none_or(|l| l == d.dataset));
        let Some(declaration) = found else {
            let list = list.unwrap_or_default();
            let hint = did_you_mean(list, names.iter().map(String::as_str));
            let message = format!("There is no entity list \"{list}\".{hint}");
            report.error(
                at,
                "entity.unknown",
                message,
                "Correct its name, or declare it in the sheet entities.",
            );
            return;
        };
        if let Some((_, row, _)) = declaration.saved.iter().find(|(_, _, p)| p == property) {
            let message = format!("The property \"{property}\" is saved twice; row {row} saves it too.");
            report.error(at, "entity.property", message, "Save each property from one question.");
        }
        declaration.saved.push((container, fields.row, property.to_owned()));
    }

    /// Adds the declarations to the tree. Call it before the meta block is completed.
    pub(super) fn place(&self, tree: &mut Tree, report: &mut Report) {
        let mut taken: BTreeSet<Id> = BTreeSet::new();
        for declaration in &self.declarations {
            let Some(container) = self.container(declaration, tree, &mut taken, report) else { continue };
            let meta = tree.add(container, meta_group(declaration.row));
            let entity = tree.add(meta, Node::new(Kind::Entity, "entity", "entity", declaration.row));
            let repeats =
                tree.node(container).kind == Kind::Repeat || tree.repeat_around(container).is_some();
            for node in attributes(declaration, repeats) {
                tree.add(entity, node);
            }
        }
    }

    /// The version of the entities specification that the declarations need.
    pub(super) fn version(&self, tree: &Tree) -> &'static str {
        let in_repeat = tree
            .below(0)
            .into_iter()
            .any(|id| tree.node(id).kind == Kind::Entity && tree.repeat_around(id).is_some());
        if self.declarations.len() > 1 || in_repeat { "2025.1.0" } else { "2024.1.0" }
    }

    /// Where an entity stands: as deep as the questions that it is made of share a container, one entity in each.
    fn container(
        &self,
        declaration: &Declaration,
        tree: &Tree,
        taken: &mut BTreeSet<Id>,
        report: &mut Report,
    ) -> Option<Id> {
        let at = At::row(SHEET, declaration.row);
        let mut uses: Vec<(Id, bool)> = declaration.saved.iter().map(|(id, _, _)| (*id, true)).collect();
        let texts =
            [&declaration.entity_id, &declaration.create_if, &declaration.update_if, &declaration.label];
        for (reference, _) in texts.into_iter().flatten().flat_map(|t| references(t)) {
            uses.extend(tree.named(reference.name).and_then(|id| tree.node(id).parent).map(|id| (id, false)));
        }
        let line = |id: Id| -> Vec<Id> { std::iter::once(id).chain(tree.ancestors(id)).collect() };
        let scope =
            |id: Id| line(id).into_iter().find(|a| matches!(tree.node(*a).kind, Kind::Repeat | Kind::Root));
        let deepest =
            uses.iter().filter_map(|(id, _)| scope(*id)).max_by_key(|id| line(*id).len()).unwrap_or(0);
        let conflict = uses.iter().any(|(id, saved)| {
            let own = scope(*id).unwrap_or(0);
            !line(deepest).contains(&own) || (*saved && own != deepest)
        });
        if conflict {
            let message =
                format!("The entity list \"{}\" takes its values from several repeats.", declaration.dataset);
            let fix = "Take all of its values from one repeat; copy others there with a calculation.";
            report.error(at, "entity.scope", message, fix);
            return None;
        }
        if self.declarations.len() == 1 && deepest == 0 {
            return Some(0);
        }
        let wanted: Vec<Id> = {
            let saved: Vec<Id> = uses.iter().filter(|(_, s)| *s).map(|(id, _)| *id).collect();
            if saved.is_empty() { uses.iter().map(|(id, _)| *id).collect() } else { saved }
        };
        let first = wanted.first().map_or_else(|| vec![0], |id| line(*id));
        let shared =
            first.into_iter().find(|a| wanted.iter().all(|w| line(*w).contains(a))).unwrap_or(deepest);
        let reachable = line(shared).into_iter().take_while(|id| line(*id).len() >= line(deepest).len());
        let Some(free) = reachable.into_iter().find(|id| !taken.contains(id)) else {
            let message =
                format!("There is no container left for the entity list \"{}\".", declaration.dataset);
            report.error(at, "entity.container", message, "Put its questions into a group of their own.");
            return None;
        };
        taken.insert(free);
        Some(free)
    }
}

/// A group of the instance that is not asked.
pub(super) fn meta_group(row: u32) -> Node {
    let mut meta = Node::new(Kind::Group, "group", "meta", row);
    meta.bodyless = true;
    meta
}

fn declaration(fields: &Fields, report: &mut Report) -> Declaration {
    let text = |key: &str| fields.text(key).map(str::to_owned);
    let declaration = Declaration {
        row: fields.row,
        dataset: text("dataset").unwrap_or_default(),
        entity_id: text("entity_id"),
        create_if: text("create_if"),
        update_if: text("update_if"),
        label: text("label"),
        saved: Vec::new(),
    };
    for (key, _) in fields.iter().filter(|(k, _): &(&str, &Value)| !COLUMNS.contains(k)) {
        let message = format!("The sheet entities has no column \"{key}\".{}", did_you_mean(key, COLUMNS));
        report.error(At::cell(SHEET, 1, key), "header.unknown", message, "Correct or remove the column.");
    }
    check_declaration(&declaration, report);
    declaration
}

fn check_declaration(declaration: &Declaration, report: &mut Report) {
    let at = |column| At::cell(SHEET, declaration.row, column);
    let dataset = declaration.dataset.as_str();
    if dataset.is_empty() {
        report.error(at("list_name"), "entity.no-name", "An entity list has no name.", "Name it.");
    } else if dataset.starts_with("__") || dataset.contains('.') || !is_element_name(dataset) {
        let message = format!("\"{dataset}\" can't be the name of an entity list.");
        let fix = "Use letters, digits and _, beginning with a letter.";
        report.error(at("list_name"), "name.invalid", message, fix);
    }
    let has = |text: &Option<String>| text.is_some();
    let (id, create, update) =
        (has(&declaration.entity_id), has(&declaration.create_if), has(&declaration.update_if));
    if !id && update {
        let message = "An entity can be updated only if it is known which.";
        report.error(at("entity_id"), "entity.no-id", message, "Give an entity_id, or use create_if.");
    }
    if id && create && !update {
        let message = "With an entity_id and a create_if it is not said when to update.";
        report.error(
            at("update_if"),
            "entity.no-update",
            message,
            "Give an update_if, or remove the entity_id.",
        );
    }
    if !id && !has(&declaration.label) {
        let message = "A new entity needs a label.";
        report.error(at("label"), "entity.no-label", message, "Write an expression into the column label.");
    }
}

fn check_property(property: &str, at: At<'_>, report: &mut Report) {
    let reserved = ["name", "label"].iter().any(|r| property.eq_ignore_ascii_case(r));
    if reserved || property.starts_with("__") || !is_element_name(property) {
        let message = format!("\"{property}\" can't be the name of a property.");
        let fix = "Use letters, digits and _, and neither name nor label.";
        report.error(at, "name.invalid", message, fix);
    }
}

/// The attributes and the label of the entity element.
fn attributes(declaration: &Declaration, in_repeat: bool) -> Vec<Node> {
    let row = declaration.row;
    let attribute = |name: &str, value: &str| {
        let mut node = Node::new(Kind::Attribute, "attribute", name, row);
        node.columns = BTreeMap::new();
        node.attributes = vec![(String::new(), value.to_owned())];
        node
    };
    let computed = |mut node: Node, expression: &str| {
        node.set_bind("calculate", expression);
        node.set_bind("readonly", "true()");
        node.set_bind("type", "string");
        node
    };
    let mut out = vec![attribute("dataset", &declaration.dataset)];
    let mut id = attribute("id", "");
    id.set_bind("readonly", "true()");
    id.set_bind("type", "string");
    if declaration.entity_id.is_none() || declaration.create_if.is_some() {
        let node = attribute("create", "1");
        out.push(declaration.create_if.as_ref().map_or(node.clone(), |when| computed(node, when)));
    }
    match &declaration.entity_id {
        None => {
            let make = |event| OwnAction {
                element: "setvalue",
                event,
                value: Some("uuid()".to_owned()),
                attributes: BTreeMap::new(),
            };
            id.actions.push(make("odk-instance-first-load"));
            id.actions.extend(in_repeat.then(|| make("odk-new-repeat")));
        }
        Some(which) => {
            let node = attribute("update", "1");
            out.push(declaration.update_if.as_ref().map_or(node.clone(), |when| computed(node, when)));
            let item = format!("instance('{}')/root/item[name={which}]", declaration.dataset);
            for (name, column) in
                [("baseVersion", "__version"), ("trunkVersion", "__trunkVersion"), ("branchId", "__branchId")]
            {
                out.push(computed(attribute(name, ""), &format!("{item}/{column}")));
            }
            id.set_bind("calculate", which);
        }
    }
    out.push(id);
    if let Some(label) = &declaration.label {
        out.push(computed(Node::new(Kind::Question, "calculate", "label", row), label));
    }
    out
}
