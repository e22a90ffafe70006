//! The chapters of the description, as they are written.

use super::notation::Type;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const CHAPTERS: &[(&str, &str)] = &[
    ("common", include_str!("../../openapi/common.toml")),
    ("capacity", include_str!("../../openapi/capacity.toml")),
    ("access", include_str!("../../openapi/access.toml")),
    ("audit", include_str!("../../openapi/audit.toml")),
    ("authorization", include_str!("../../openapi/authorization.toml")),
    ("billing-benefits", include_str!("../../openapi/billing-benefits.toml")),
    ("notifications", include_str!("../../openapi/notifications.toml")),
    ("receivers", include_str!("../../openapi/receivers.toml")),
    ("billing", include_str!("../../openapi/billing.toml")),
    ("partner", include_str!("../../openapi/partner.toml")),
    ("people", include_str!("../../openapi/people.toml")),
    ("requests", include_str!("../../openapi/requests.toml")),
    ("resources", include_str!("../../openapi/resources.toml")),
    ("sign-in", include_str!("../../openapi/sign-in.toml")),
    ("support", include_str!("../../openapi/support.toml")),
    ("usage", include_str!("../../openapi/usage.toml")),
    ("sandbox", include_str!("../../openapi/sandbox.toml")),
];

/// What belongs together: operations, and the schemas they use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chapter {
    pub tag: String,
    pub about: String,
    /// Named segments of paths, by name.
    #[serde(default)]
    pub path: BTreeMap<String, String>,
    /// Query parameters, by name.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    #[serde(default)]
    pub operation: BTreeMap<String, Operation>,
    #[serde(default)]
    pub schema: BTreeMap<String, Schema>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operation {
    pub says: String,
    /// What is sent as JSON.
    pub body: Option<String>,
    /// What is sent as a form.
    pub form: Option<String>,
    #[serde(default)]
    pub query: Vec<String>,
    /// What is answered, by status; empty where there is no body.
    pub answers: BTreeMap<String, String>,
    /// What versions before the newest answer instead.
    #[serde(default)]
    pub earlier: Vec<String>,
    /// Whether `Azure-AsyncOperation` says where to ask how it goes.
    #[serde(default)]
    pub polled: bool,
    /// Media types of files that are answered instead of JSON.
    #[serde(default)]
    pub files: Vec<String>,
    /// The form of refusals, where it is not that of all.
    pub failure: Option<String>,
}

/// An object, a list of words, or one of several.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schema {
    pub says: String,
    /// Objects whose members it has too.
    #[serde(default)]
    pub like: Vec<String>,
    #[serde(default)]
    pub has: BTreeMap<String, String>,
    /// The words it may be.
    #[serde(default)]
    pub words: Vec<String>,
    /// The types it may be.
    #[serde(default)]
    pub any: Vec<String>,
}

/// How an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// It may have other members: what is sent.
    Open,
    /// It has no others: what is answered.
    Closed,
    /// The same with any of them missing: what versions before the newest answer.
    Earlier,
}

impl Schema {
    /// It as JSON Schema.
    pub fn write(&self, members: &BTreeMap<String, String>, form: Form) -> Value {
        let is_earlier = form == Form::Earlier;
        if !self.words.is_empty() {
            return json!({ "type": "string", "description": self.says, "enum": self.words });
        }
        if !self.any.is_empty() {
            let types = self.any.iter().filter_map(|text| Type::parse(text).ok());
            let types: Vec<Value> = types.map(|found| found.schema(is_earlier)).collect();
            return json!({ "description": self.says, "anyOf": types });
        }
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, text) in members {
            // What is no type was told where it is used.
            let Ok(found) = Type::parse(text) else { continue };
            properties.insert(name.clone(), found.schema(is_earlier));
            if found.required && !is_earlier {
                required.push(name);
            }
        }
        let mut schema = json!({
            "type": "object",
            "description": self.says,
            "properties": properties,
        });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if form != Form::Open {
            schema["additionalProperties"] = json!(false);
        }
        schema
    }
}

/// All chapters that can be read, and why others cannot.
pub(super) fn all() -> (Vec<Chapter>, Vec<String>) {
    let mut chapters = Vec::new();
    let mut mistakes = Vec::new();
    for (name, text) in CHAPTERS {
        match toml::from_str(text) {
            Ok(chapter) => chapters.push(chapter),
            Err(error) => mistakes.push(format!("openapi/{name}.toml: {error}")),
        }
    }
    (chapters, mistakes)
}

/// The headers of answers.
pub(super) fn headers() -> Value {
    let guid = json!({ "type": "string", "format": "uuid" });
    let link = json!({ "type": "string", "format": "uri" });
    let header = |says: &str, schema: &Value| json!({ "description": says, "required": true, "schema": schema });
    json!({
        "x-ms-request-id": header("The id of this request.", &guid),
        "x-ms-correlation-request-id":
            header("The id of all requests that belong together.", &guid),
        "x-ms-routing-request-id":
            header("Where and when it was answered.", &json!({ "type": "string" })),
        "Location": header("Where to ask how it went.", &link),
        "Azure-AsyncOperation": header("Where to ask how it goes.", &link),
        "Retry-After": header(
            "The seconds to wait before asking.",
            &json!({ "type": "integer", "minimum": 1 }),
        ),
    })
}
