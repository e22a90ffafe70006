//! The notation of types in the chapters.
//!
//! A built-in type, or the name of a schema with a capital, then any of `[]` (a list of it), `{}`
//! (an object of any members that are it) and `?` (or null), then `!` for a member that is always
//! there, then `; ` and what it means: `Price[]!; what is charged, by date`.

use serde_json::{Value, json};

/// A type as the notation has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Type<'t> {
    base: &'t str,
    /// `[]`, `{}` and `?`, in order.
    wraps: &'t str,
    /// Whether a member of it is always there.
    pub required: bool,
    pub says: &'t str,
}

impl<'t> Type<'t> {
    /// Reads a type.
    pub fn parse(text: &'t str) -> Result<Type<'t>, String> {
        let (kind, says) = text.split_once("; ").unwrap_or((text, ""));
        let kind = kind.trim();
        let (kind, required) = kind.strip_suffix('!').map_or((kind, false), |kind| (kind, true));
        let end = kind.find(['[', '{', '?']).unwrap_or(kind.len());
        let (base, wraps) = kind.split_at(end);
        let named = base.starts_with(|first: char| first.is_ascii_uppercase())
            && base.chars().all(|c| c.is_ascii_alphanumeric());
        if !named && built_in(base).is_none() {
            return Err(format!("`{base}` is no type"));
        }
        let mut rest = wraps;
        while let Some(wrap) = ["[]", "{}", "?"].iter().find(|wrap| rest.starts_with(**wrap)) {
            rest = &rest[wrap.len()..];
        }
        if rest.is_empty() {
            Ok(Type { base, wraps, required, says })
        } else {
            Err(format!("`{text}` ends in what is no notation: `{rest}`"))
        }
    }

    /// The schema that it is made of, unless it is built in.
    pub fn schema_name(&self) -> Option<&'t str> {
        built_in(self.base).is_none().then_some(self.base)
    }

    /// It as JSON Schema; in the form of versions before the newest, if so asked.
    pub fn schema(&self, is_earlier: bool) -> Value {
        let mut schema = built_in(self.base).unwrap_or_else(|| {
            let name = if is_earlier { earlier(self.base) } else { self.base.to_owned() };
            json!({ "$ref": format!("#/components/schemas/{name}") })
        });
        for wrap in self.wraps.chars() {
            schema = match wrap {
                '[' => json!({ "type": "array", "items": schema }),
                '{' => json!({ "type": "object", "additionalProperties": schema }),
                '?' => json!({ "anyOf": [schema, { "type": "null" }] }),
                _ => schema,
            };
        }
        if !self.says.is_empty() {
            schema["description"] = json!(self.says);
        }
        schema
    }
}

/// The name of a schema in the form of versions before the newest.
pub(super) fn earlier(name: &str) -> String {
    format!("{name}.Earlier")
}

fn built_in(name: &str) -> Option<Value> {
    Some(match name {
        "text" => json!({ "type": "string" }),
        "guid" => json!({ "type": "string", "format": "uuid" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "instant" => json!({ "type": "string", "format": "date-time" }),
        "link" => json!({ "type": "string", "format": "uri" }),
        // The path of a resource, from the root of the service.
        "id" => json!({ "type": "string", "pattern": "^/" }),
        "currency" => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
        "decimal" => json!({ "type": "string", "pattern": r"^-?\d+(\.\d+)?$" }),
        "whole" => json!({ "type": "integer", "format": "int32" }),
        "count" => json!({ "type": "integer", "format": "int64", "minimum": 0 }),
        "number" => json!({ "type": "number" }),
        "flag" => json!({ "type": "boolean" }),
        "object" => json!({ "type": "object" }),
        "anything" => json!({}),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_says_what_it_is() {
        let found = Type::parse("Price[]?!; what is charged").unwrap();
        assert_eq!((found.schema_name(), found.required), (Some("Price"), true));
        assert_eq!(
            found.schema(false),
            json!({
                "anyOf": [
                    { "type": "array", "items": { "$ref": "#/components/schemas/Price" } },
                    { "type": "null" },
                ],
                "description": "what is charged",
            })
        );
        let found = Type::parse("date").unwrap();
        assert_eq!((found.schema_name(), found.required), (None, false));
        let found = Type::parse("text{}").unwrap().schema(false);
        assert_eq!(found["additionalProperties"]["type"], "string");
    }

    #[test]
    fn what_is_no_notation_is_a_mistake() {
        for text in ["", "texts", "text[", "Price!!", "Price[]x", "text!?"] {
            assert!(Type::parse(text).is_err(), "{text}");
        }
    }
}
