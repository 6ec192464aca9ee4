//! Other names of columns and question types, and what each question type stands for.
//!
//! The tables are those of pyxform 4.5.0 (`aliases.py`, `question_type_dictionary.py`), as data.

use super::headings::Headings;

/// Headings of the survey sheet.
pub(super) const SURVEY: Headings<'static> = Headings {
    sheet: "survey",
    aliases: &[
        ("compact_tag", &["instance", "odk:tag"]),
        ("read_only", &["bind", "readonly"]),
        ("readonly", &["bind", "readonly"]),
        ("relevant", &["bind", "relevant"]),
        ("relevance", &["bind", "relevant"]),
        ("caption", &["label"]),
        ("appearance", &["control", "appearance"]),
        ("required", &["bind", "required"]),
        ("constraint", &["bind", "constraint"]),
        ("constraining_message", &["bind", "jr:constraintMsg"]),
        ("constraint_message", &["bind", "jr:constraintMsg"]),
        ("calculation", &["bind", "calculate"]),
        ("calculate", &["bind", "calculate"]),
        ("command", &["type"]),
        ("tag", &["name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
        ("count", &["control", "jr:count"]),
        ("repeat_count", &["control", "jr:count"]),
        ("jr:count", &["control", "jr:count"]),
        ("autoplay", &["control", "autoplay"]),
        ("rows", &["control", "rows"]),
        ("noapperrorstring", &["bind", "jr:noAppErrorString"]),
        ("no_app_error_string", &["bind", "jr:noAppErrorString"]),
        ("requiredmsg", &["bind", "jr:requiredMsg"]),
        ("required_message", &["bind", "jr:requiredMsg"]),
        ("body", &["control"]),
        ("save_to", &["bind", "entities:saveto"]),
    ],
    columns: &[
        "name",
        "label",
        "default",
        "guidance_hint",
        "instance",
        "query",
        "sms_field",
        "sms_option",
        "trigger",
        "bind",
        "choice_filter",
        "control",
        "hint",
        "media",
        "parameters",
        "type",
        "list_name",
        "itemset",
    ],
    required: &["type"],
};

/// Headings of the sheets of choices.
pub(super) const CHOICES: Headings<'static> = Headings {
    sheet: "choices",
    aliases: &[
        ("caption", &["label"]),
        ("list_name", &["list name"]),
        ("value", &["name"]),
        ("image", &["media", "image"]),
        ("big-image", &["media", "big-image"]),
        ("audio", &["media", "audio"]),
        ("video", &["media", "video"]),
    ],
    columns: &["name", "label", "media", "sms_option"],
    required: &["name"],
};

/// Headings of the settings sheet.
pub(super) const SETTINGS: Headings<'static> = Headings {
    sheet: "settings",
    aliases: &[
        ("form_title", &["title"]),
        ("set_form_title", &["title"]),
        ("form_id", &["id_string"]),
        ("set_form_id", &["id_string"]),
    ],
    columns: &[
        "name",
        "title",
        "id_string",
        "version",
        "default_language",
        "instance_name",
        "style",
        "namespaces",
        "public_key",
        "submission_url",
        "auto_send",
        "auto_delete",
        "client_editable",
        "allow_choice_duplicates",
        "omit_instanceid",
        "attribute",
        "instance_xmlns",
        "prefix",
        "delimiter",
        "flat",
        "clean_text_values",
        "sharing",
        "purpose",
        "retention_days",
    ],
    required: &[],
};

/// Headings of the entities sheet.
pub(super) const ENTITIES: Headings<'static> = Headings {
    sheet: "entities",
    aliases: &[("list_name", &["dataset"])],
    columns: &["dataset", "entity_id", "create_if", "update_if", "label", "repeat"],
    required: &[],
};

/// What `yes`, `TRUE`, `false()` and so on mean; `None` for any other word.
pub(super) fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "true()" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "false()" => Some(false),
        _ => None,
    }
}

/// What begins or ends: the word of a `begin …` row.
pub(super) const CONTAINERS: [(&str, Container); 5] = [
    ("looped group", Container::Repeat),
    ("lgroup", Container::Repeat),
    ("group", Container::Group),
    ("repeat", Container::Repeat),
    ("loop", Container::Loop),
];

/// A row that holds others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// A group.
    Group,
    /// A repeat.
    Repeat,
    /// A loop: a group with one inner group for each choice of a list.
    Loop,
}

impl Container {
    /// The word of its `begin` and `end` rows.
    pub(super) fn word(self) -> &'static str {
        match self {
            Container::Group => "group",
            Container::Repeat => "repeat",
            Container::Loop => "loop",
        }
    }
}

/// The choice of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Select {
    /// One choice.
    One,
    /// Several choices.
    Many,
    /// An order of all choices.
    Rank,
    /// One choice of `itemsets.csv`.
    External,
}

/// The words that begin a select, longest first where one begins another; the flag says "from a file".
pub(super) const SELECTS: [(&str, Select, bool); 15] = [
    ("add select multiple prompt using", Select::Many, false),
    ("select multiple from file", Select::Many, true),
    ("select_multiple_from_file", Select::Many, true),
    ("select all that apply from", Select::Many, false),
    ("select all that apply", Select::Many, false),
    ("select_multiple", Select::Many, false),
    ("add select one prompt using", Select::One, false),
    ("select one from file", Select::One, true),
    ("select_one_from_file", Select::One, true),
    ("select_one_external", Select::External, false),
    ("select one from", Select::One, false),
    ("select_one", Select::One, false),
    ("select one", Select::One, false),
    ("select1", Select::One, false),
    ("rank", Select::Rank, false),
];

/// What a question type stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TypeInfo {
    /// The control element, or nothing for a value that is not asked.
    pub(super) control: &'static str,
    /// The data type of the bind; blank if there is no bind.
    pub(super) data_type: &'static str,
    /// `jr:preload` and `jr:preloadParams`.
    pub(super) preload: Option<(&'static str, &'static str)>,
    /// Further attributes of the bind.
    pub(super) bind: &'static [(&'static str, &'static str)],
    /// The media type of an upload.
    pub(super) media: &'static str,
    /// The hint that the type brings.
    pub(super) hint: &'static str,
}

const fn asked(control: &'static str, data_type: &'static str) -> TypeInfo {
    TypeInfo { control, data_type, preload: None, bind: &[], media: "", hint: "" }
}

const fn upload(media: &'static str) -> TypeInfo {
    TypeInfo { media, ..asked("upload", "binary") }
}

const fn preload(data_type: &'static str, kind: &'static str, params: &'static str) -> TypeInfo {
    TypeInfo { preload: Some((kind, params)), ..asked("", data_type) }
}

const fn limited(constraint: &'static [(&'static str, &'static str)], hint: &'static str) -> TypeInfo {
    TypeInfo { bind: constraint, hint, ..asked("input", "int") }
}

/// What a question type (not a select, not a container) stands for; `None` if nobody knows it.
pub(super) fn type_info(name: &str) -> Option<TypeInfo> {
    Some(match name {
        "text" | "string" | "q string" | "add text prompt" => asked("input", "string"),
        "integer" | "int" | "q int" | "add integer prompt" => asked("input", "int"),
        "decimal" | "q decimal" | "add decimal prompt" => asked("input", "decimal"),
        "date" | "q date" | "add date prompt" => asked("input", "date"),
        "time" => asked("input", "time"),
        "dateTime"
        | "datetime"
        | "date time"
        | "q date time"
        | "q dateTime"
        | "add date time prompt"
        | "add dateTime prompt" => asked("input", "dateTime"),
        "geopoint" | "gps" | "location" | "q geopoint" | "q location" | "add location prompt" => {
            asked("input", "geopoint")
        }
        "geoshape" | "q geoshape" => asked("input", "geoshape"),
        "geotrace" | "q geotrace" => asked("input", "geotrace"),
        "barcode" | "q barcode" | "add barcode prompt" => asked("input", "barcode"),
        "note" | "q note" | "add note prompt" => {
            TypeInfo { bind: &[("readonly", "true()")], ..asked("input", "string") }
        }
        "acknowledge" | "q acknowledge" | "add acknowledge prompt" => asked("trigger", "string"),
        "trigger" => asked("trigger", ""),
        "range" => asked("range", "int"),
        "photo" | "image" | "q picture" | "q image" | "add image prompt" => upload("image/*"),
        "audio" | "q audio" | "add audio prompt" => upload("audio/*"),
        "video" | "q video" | "add video prompt" => upload("video/*"),
        "file" | "add file prompt" => upload("application/*"),
        "osm" => upload("osm/*"),
        "calculate" | "q calculate" | "add calculate prompt" | "hidden" => asked("", "string"),
        "start-geopoint" => asked("", "geopoint"),
        "background-audio" => asked("", "binary"),
        "background-geopoint" => asked("trigger", "geopoint"),
        "audit" => asked("", "binary"),
        "select one external" => asked("input", "string"),
        "percentage" => limited(&[("constraint", "0 <= . and . <= 100")], ""),
        "number of days in last month" => {
            limited(&[("constraint", "0 <= . and . <= 31")], "Enter a number 0-31.")
        }
        "number of days in last six months" => {
            limited(&[("constraint", "0 <= . and . <= 183")], "Enter a number 0-183.")
        }
        "number of days in last year" => {
            limited(&[("constraint", "0 <= . and . <= 365")], "Enter a number 0-365.")
        }
        "phone number" => TypeInfo {
            bind: &[("constraint", r"regex(., '^\d*$')")],
            hint: "Enter numbers only.",
            ..asked("input", "string")
        },
        other => return metadata(other),
    })
}

fn metadata(name: &str) -> Option<TypeInfo> {
    let property = |params| preload("string", "property", params);
    Some(match name {
        "start" | "get start time" | "start time" => preload("dateTime", "timestamp", "start"),
        "end" | "get end time" | "end time" => preload("dateTime", "timestamp", "end"),
        "today" | "get today" => preload("date", "date", "today"),
        "deviceid" | "imei" | "device id" | "get device id" => property("deviceid"),
        "subscriberid" | "subscriber id" | "get subscriber id" => property("subscriberid"),
        "simserial" | "sim id" | "get sim id" => property("simserial"),
        "phonenumber" | "get phone number" => property("phonenumber"),
        "username" => property("username"),
        "email" => property("email"),
        "uri:subscriberid" => property("uri:subscriberid"),
        "uri:phonenumber" => property("uri:phonenumber"),
        "uri:simserial" => property("uri:simserial"),
        "uri:deviceid" => property("uri:deviceid"),
        "uri:username" => property("uri:username"),
        "uri:email" => property("uri:email"),
        _ => return None,
    })
}

/// Types that an author may have meant, for spelling hints.
pub(super) const COMMON_TYPES: [&str; 40] = [
    "text",
    "integer",
    "decimal",
    "range",
    "select_one",
    "select_multiple",
    "select_one_from_file",
    "select_multiple_from_file",
    "select_one_external",
    "rank",
    "note",
    "geopoint",
    "geotrace",
    "geoshape",
    "date",
    "time",
    "dateTime",
    "image",
    "audio",
    "background-audio",
    "video",
    "file",
    "barcode",
    "calculate",
    "acknowledge",
    "hidden",
    "xml-external",
    "csv-external",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "audit",
];
