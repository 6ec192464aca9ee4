//! Files that belong to a form, given by the caller: this crate reads no disk. CSV, XML and GeoJSON become the
//! trees of secondary instances (`root/item/…`), as ODK reads them.

use crate::def::Element;
use baraza_xpath::{NodeId, Tree};
use serde_json::Value;
use std::collections::BTreeMap;

/// Attachments by bare name (`sites.csv`), without folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachments(pub BTreeMap<String, Vec<u8>>);

impl Attachments {
    /// The bytes of one attachment; `name` may carry a `jr://…/` prefix.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let bare = name.rsplit('/').next().unwrap_or(name);
        self.0.get(bare).map(Vec::as_slice)
    }

    /// The tree of an external instance; a sentence on what is wrong otherwise.
    pub(crate) fn tree(&self, src: &str) -> Result<Tree, String> {
        let bytes =
            self.get(src).ok_or_else(|| format!("The attachment {src} is missing; it counts as empty."))?;
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let name = src.rsplit('/').next().unwrap_or(src).to_lowercase();
        let read = match name.rsplit('.').next() {
            Some("csv") => csv_tree(text),
            Some("geojson" | "json") => geojson_tree(text),
            _ => xml_tree(text),
        };
        read.map_err(|problem| format!("The attachment {src} cannot be read: {problem}. It counts as empty."))
    }
}

/// An instance without items.
pub(crate) fn empty_tree() -> Tree {
    Tree::new("root")
}

fn csv_tree(text: &str) -> Result<Tree, String> {
    let text = text.trim_end_matches(['\n', '\r']);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows = reader.records();
    let mut tree = empty_tree();
    let Some(header) = rows.next() else { return Ok(tree) };
    let columns: Vec<String> = header
        .map_err(|e| e.to_string())?
        .iter()
        .map(|c| c.trim().to_owned())
        .filter(|c| !c.is_empty())
        .collect();
    for row in rows {
        let row = row.map_err(|e| e.to_string())?;
        let item = tree.append(tree.root(), "item");
        for (at, column) in columns.iter().enumerate() {
            tree.append_text(item, column, row.get(at).unwrap_or_default());
        }
    }
    Ok(tree)
}

/// The delimiter that the header uses most.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |d: u8| header.bytes().filter(|b| *b == d).count();
    let mut best = b',';
    for candidate in [b';', b'\t', b'|'] {
        if count(candidate) > count(best) {
            best = candidate;
        }
    }
    best
}

fn xml_tree(text: &str) -> Result<Tree, String> {
    let document = roxmltree::Document::parse(text.trim_start()).map_err(|e| e.to_string())?;
    let root = document.root_element();
    let mut tree = Tree::new(root.tag_name().name());
    let mut open = vec![(root, tree.root())];
    while let Some((from, to)) = open.pop() {
        for attribute in from.attributes() {
            tree.set_attribute(to, attribute.name(), attribute.value());
        }
        if !from.children().any(|c| c.is_element()) {
            let own: String = from.children().filter_map(|c| c.text()).collect();
            tree.set_text(to, own);
            continue;
        }
        for child in from.children().filter(roxmltree::Node::is_element) {
            let node = tree.append(to, child.tag_name().name());
            open.push((child, node));
        }
    }
    Ok(tree)
}

fn geojson_tree(text: &str) -> Result<Tree, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let collection = value.get("type").and_then(Value::as_str) == Some("FeatureCollection");
    let features = value.get("features").and_then(Value::as_array).filter(|_| collection);
    let features = features.ok_or("it is not a FeatureCollection")?;
    let mut tree = empty_tree();
    for feature in features {
        if feature.get("type").and_then(Value::as_str) != Some("Feature") {
            return Err("it holds something that is not a Feature".into());
        }
        let item = tree.append(tree.root(), "item");
        tree.append_text(item, "geometry", geometry(feature.get("geometry"))?);
        properties(&mut tree, item, feature);
    }
    Ok(tree)
}

fn properties(tree: &mut Tree, item: NodeId, feature: &Value) {
    let properties = feature.get("properties").and_then(Value::as_object);
    let id = feature.get("id").or_else(|| properties.and_then(|p| p.get("id")));
    if let Some(id) = id {
        tree.append_text(item, "id", plain(id));
    }
    for (name, value) in properties.into_iter().flatten().filter(|(name, _)| *name != "id") {
        tree.append_text(item, name, plain(value));
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn geometry(value: Option<&Value>) -> Result<String, String> {
    let kind = value.and_then(|v| v.get("type")).and_then(Value::as_str).unwrap_or_default();
    let coordinates = value.and_then(|v| v.get("coordinates")).and_then(Value::as_array);
    let coordinates = coordinates.ok_or("a geometry has no coordinates")?;
    let points: Vec<&Vec<Value>> = match kind {
        "Point" => vec![coordinates],
        "LineString" => coordinates.iter().filter_map(Value::as_array).collect(),
        "Polygon" => {
            let ring = coordinates.first().and_then(Value::as_array);
            ring.into_iter().flatten().filter_map(Value::as_array).collect()
        }
        _ => return Err("only points, lines and polygons are known".into()),
    };
    let write = |point: &&Vec<Value>| match point.as_slice() {
        [longitude, latitude, ..] => Ok(format!("{latitude} {longitude} 0 0")),
        _ => Err("a point has no two coordinates".to_owned()),
    };
    Ok(points.iter().map(write).collect::<Result<Vec<_>, _>>()?.join("; "))
}

/// The tree of an element written in the form.
pub(crate) fn element_tree(root: &Element) -> Tree {
    let mut tree = Tree::new(&root.name);
    let mut open = vec![(root, tree.root())];
    while let Some((from, to)) = open.pop() {
        for (name, value) in &from.attributes {
            tree.set_attribute(to, name, value.as_str());
        }
        if from.children.is_empty() {
            tree.set_text(to, from.text.as_str());
        }
        for child in &from.children {
            let node = tree.append(to, &child.name);
            open.push((child, node));
        }
    }
    tree
}
