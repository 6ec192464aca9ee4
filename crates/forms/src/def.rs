//! The form definition: a structured XForm (ODK XForms specification) that can be hashed, stored and written back.
//!
//! Invariants: only ordered maps and vectors, so that the canonical JSON of equal definitions is byte-identical;
//! expressions are kept as the XPath text that the author wrote, references resolved to absolute or relative paths
//! (`${name}` never appears here); names are as in the XForm, prefixes included (`orx:meta`, `jr:template`).

use baraza_model::{FormHash, Sensitivity, Sharing};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of this format, [`FormDef::format`].
pub const FORMAT: u32 = 1;

fn none<T>(value: &Option<T>) -> bool {
    value.is_none()
}

/// A whole form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormDef {
    /// Always [`FORMAT`].
    pub format: u32,
    /// The form id (attribute `id` of the root).
    pub id: String,
    /// The form version (attribute `version` of the root), if it has one.
    #[serde(default, skip_serializing_if = "none")]
    pub version: Option<String>,
    /// The title (`h:title`).
    #[serde(default)]
    pub title: String,
    /// The title in other languages (ours: `form_title_fr` and so on), language as in [`FormDef::languages`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// Languages of the itext in the order of the form. Empty if there is no itext.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The language marked as default; the first one otherwise.
    #[serde(default, skip_serializing_if = "none")]
    pub default_language: Option<String>,
    /// Namespaces by prefix beyond the usual ones (`h`, `jr`, `orx`, `odk`, `ev`, `xsd`, `entities`, `baraza`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub namespaces: BTreeMap<String, String>,
    /// The default namespace of the primary instance, if it has one of its own.
    #[serde(default, skip_serializing_if = "none")]
    pub instance_namespace: Option<String>,
    /// The id of the primary instance, where the form gives one (`instance('id')` then reads the answers).
    #[serde(default, skip_serializing_if = "none")]
    pub instance_id: Option<String>,
    /// The root element of the primary instance with its defaults, repeat templates included. Its attributes do not
    /// list `id` and `version`.
    pub instance: Element,
    /// Properties of nodes, in the order of the form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<Bind>,
    /// Secondary instances, in the order of the form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary: Vec<SecondaryInstance>,
    /// Translations: language → text id → form (`""` is the text itself, else `image`, `audio`, `video`,
    /// `big-image`, `guidance`, `short`, `long`…) → text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub itext: BTreeMap<String, BTreeMap<String, BTreeMap<String, Text>>>,
    /// Actions of the model (those nested in a control are there).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// Attributes of `submission` (`action`, `method`, `base64RsaPublicKey`, `orx:auto-send`…).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub submission: BTreeMap<String, String>,
    /// Attributes of `model` (`odk:xforms-version`, `entities:entities-version`…).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub model_attributes: BTreeMap<String, String>,
    /// The class of the body: `pages`, `theme-grid`…
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub style: String,
    /// What is asked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<BodyItem>,
    /// Who sees a record before headquarters does.
    #[serde(default)]
    pub sharing: Sharing,
    /// How many days a device keeps a record after its receipt.
    #[serde(default, skip_serializing_if = "none")]
    pub retention_days: Option<u32>,
    /// Further settings, by column heading: `purpose`, `allow_choice_duplicates`…
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
}

/// An element of an instance, as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// The name as written: `age`, `orx:instanceID`.
    pub name: String,
    /// Attributes by name as written; `jr:template` marks a repeat's template.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The default value; blank for an element with children.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Child elements in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Element>,
}

/// The properties of one node. Expressions are XPath.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bind {
    /// Absolute path of the node: `/data/group/age`.
    pub nodeset: String,
    /// The type without prefix (`string`, `int`, `geopoint`, `odk:rank` is `rank`); none means string.
    #[serde(default, rename = "type", skip_serializing_if = "none")]
    pub data_type: Option<String>,
    /// When the node applies.
    #[serde(default, skip_serializing_if = "none")]
    pub relevant: Option<String>,
    /// When the node must be answered.
    #[serde(default, skip_serializing_if = "none")]
    pub required: Option<String>,
    /// What to say when it is not: a text, or `jr:itext('id')`.
    #[serde(default, skip_serializing_if = "none")]
    pub required_message: Option<String>,
    /// When the node cannot be changed by hand.
    #[serde(default, skip_serializing_if = "none")]
    pub readonly: Option<String>,
    /// What its value must satisfy.
    #[serde(default, skip_serializing_if = "none")]
    pub constraint: Option<String>,
    /// What to say when it does not: a text, or `jr:itext('id')`.
    #[serde(default, skip_serializing_if = "none")]
    pub constraint_message: Option<String>,
    /// How its value follows from others.
    #[serde(default, skip_serializing_if = "none")]
    pub calculate: Option<String>,
    /// `jr:preload`: `timestamp`, `date`, `property`, `uid`…
    #[serde(default, skip_serializing_if = "none")]
    pub preload: Option<String>,
    /// `jr:preloadParams`: `start`, `end`, `today`, `deviceid`…
    #[serde(default, skip_serializing_if = "none")]
    pub preload_params: Option<String>,
    /// Every other attribute by name as written (`entities:saveto`, `orx:max-pixels`, `bind::…`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The author's sensitivity; the default of the type otherwise.
    #[serde(default, skip_serializing_if = "none")]
    pub sensitivity: Option<Sensitivity>,
    /// HXL tag: `#affected +f`.
    #[serde(default, skip_serializing_if = "none")]
    pub hxl: Option<String>,
    /// Further columns of the survey sheet, by heading: `score`, `translation_status`, `exclusive`…
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
}

/// A data set that the form reads besides its own answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondaryInstance {
    /// The name that `instance()` uses.
    pub id: String,
    /// Where it comes from: `jr://file-csv/sites.csv`, `jr://file/x.xml`, `jr://instance/last-saved`; inline if none.
    #[serde(default, skip_serializing_if = "none")]
    pub src: Option<String>,
    /// The root element written in the form, for an inline one: `root` with `item` children, each with `name`,
    /// `label` or `itextId`, and one child per extra choice column.
    #[serde(default, skip_serializing_if = "none")]
    pub content: Option<Element>,
}

/// A text with outputs in it, in order.
pub type Text = Vec<TextPart>;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TextPart {
    /// Characters.
    Literal(String),
    /// The string value of an expression (`<output value="…"/>`).
    Output {
        /// XPath, relative to the node that the text belongs to.
        output: String,
    },
}

/// A label or hint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// `jr:itext('id')`, or an XPath giving the text; wins over `text`.
    #[serde(default, rename = "ref", skip_serializing_if = "none")]
    pub reference: Option<String>,
    /// The text written in place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Text,
    /// Other attributes as written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Label {
    /// A label that is translated.
    pub fn itext(id: &str) -> Self {
        Label { reference: Some(format!("jr:itext('{id}')")), ..Label::default() }
    }

    /// A label written in place.
    pub fn plain(text: &str) -> Self {
        Label { text: vec![TextPart::Literal(text.to_owned())], ..Label::default() }
    }
}

/// Something in the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyItem {
    /// `group`.
    Group(Group),
    /// `repeat`. As in an XForm its label is that of the group around it.
    Repeat(Repeat),
    /// A question.
    Control(Control),
}

/// A group of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The node that it presents, if any.
    #[serde(default, rename = "ref", skip_serializing_if = "none")]
    pub reference: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "none")]
    pub label: Option<Label>,
    /// Appearances, separated by spaces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub appearance: String,
    /// Other attributes as written (`intent`, `body::…`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Actions nested in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<BodyItem>,
}

/// A repeat of the body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// The element that repeats.
    pub nodeset: String,
    /// `jr:count`: how many there are (a path or an expression).
    #[serde(default, skip_serializing_if = "none")]
    pub count: Option<String>,
    /// `jr:noAddRemove`.
    #[serde(default, skip_serializing_if = "none")]
    pub no_add_remove: Option<String>,
    /// Appearances, separated by spaces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub appearance: String,
    /// Other attributes as written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Actions nested in it (`odk-new-repeat`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What is in each instance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<BodyItem>,
}

/// The element that asks a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ControlKind {
    /// `input`.
    Input,
    /// `select1`.
    Select1,
    /// `select`.
    Select,
    /// `odk:rank`.
    Rank,
    /// `range`.
    Range,
    /// `trigger`.
    Trigger,
    /// `upload`.
    Upload,
    /// `secret`.
    Secret,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Which element.
    pub kind: ControlKind,
    /// The node that it fills.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The question.
    #[serde(default, skip_serializing_if = "none")]
    pub label: Option<Label>,
    /// The hint. A guidance hint is the form `guidance` of the hint's itext.
    #[serde(default, skip_serializing_if = "none")]
    pub hint: Option<Label>,
    /// Appearances, separated by spaces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub appearance: String,
    /// Other attributes as written: `start`, `end`, `step`, `mediatype`, `rows`, `query`, `accuracyThreshold`…
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Choices from an instance.
    #[serde(default, skip_serializing_if = "none")]
    pub itemset: Option<Itemset>,
    /// Choices written in place, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Actions nested in it (`xforms-value-changed`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// Choices taken from an instance.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Itemset {
    /// The items: `instance('sites')/root/item[adm1 = /data/adm1]`, or `randomize(…, seed)` of such.
    pub nodeset: String,
    /// The item's value, relative to it: `name`.
    pub value: String,
    /// The item's label, relative to it: `label` or `jr:itext(itextId)`.
    pub label: String,
}

/// A choice written in place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its label.
    #[serde(default, skip_serializing_if = "none")]
    pub label: Option<Label>,
}

/// Something that happens on an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The element: `setvalue`, `odk:setgeopoint`, `odk:recordaudio`.
    pub name: String,
    /// The node that it changes.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The events: `odk-instance-first-load`, `odk-instance-load`, `odk-new-repeat`, `xforms-value-changed`…
    pub events: Vec<String>,
    /// The expression that gives the new value; `text` if none.
    #[serde(default, skip_serializing_if = "none")]
    pub value: Option<String>,
    /// The new value written in place; blank clears.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Other attributes as written.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl FormDef {
    /// An empty form with a root element.
    pub fn new(id: &str, root: &str) -> Self {
        FormDef {
            format: FORMAT,
            id: id.to_owned(),
            version: None,
            title: String::new(),
            titles: BTreeMap::new(),
            languages: Vec::new(),
            default_language: None,
            namespaces: BTreeMap::new(),
            instance_namespace: None,
            instance_id: None,
            instance: Element { name: root.to_owned(), ..Element::default() },
            binds: Vec::new(),
            secondary: Vec::new(),
            itext: BTreeMap::new(),
            actions: Vec::new(),
            submission: BTreeMap::new(),
            model_attributes: BTreeMap::new(),
            style: String::new(),
            body: Vec::new(),
            sharing: Sharing::default(),
            retention_days: None,
            settings: BTreeMap::new(),
        }
    }

    /// The canonical JSON: fields in declared order, maps by key, no blanks.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a definition; refuses another format.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let def: FormDef = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        if def.format != FORMAT {
            return Err(format!("form definition format {} is not {FORMAT}", def.format));
        }
        Ok(def)
    }

    /// SHA-256 of the canonical JSON.
    pub fn hash(&self) -> FormHash {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.to_json());
        FormHash::from_slice(digest.as_ref()).unwrap_or(FormHash([0; 32]))
    }
}
