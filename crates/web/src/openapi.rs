//! Every route as an OpenAPI 3.1 document, for clients, for tests, and for whoever wants to know.
//!
//! Verbs, paths, versions and rights are those of the route table. What is sent and answered stands
//! in `openapi/*.toml`, one chapter a file, in a short notation for types: see
//! [`notation`](self::notation).

mod chapter;
mod notation;

use crate::api::{Entry, Need};
use crate::arm::{Route, RouteTable};
use chapter::{Chapter, Form, Operation, Schema};
use notation::Type;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The headers that every answer has.
const USUAL_HEADERS: [&str; 3] =
    ["x-ms-request-id", "x-ms-correlation-request-id", "x-ms-routing-request-id"];

/// A document, and what is wrong with the chapters. A document with mistakes lacks what they are
/// about; a test sees to it that there are none.
pub(crate) struct Written {
    pub document: Value,
    pub mistakes: Vec<String>,
}

/// Describes the routes of a table.
pub(crate) fn write(table: &RouteTable<Entry>) -> Written {
    let (chapters, mistakes) = chapter::all();
    Writer::new(chapters, mistakes).write(table)
}

struct Writer {
    chapters: Vec<Chapter>,
    /// All schemas by name.
    schemas: BTreeMap<String, Schema>,
    /// Operations that no route has asked for yet, with their tag.
    operations: BTreeMap<String, (String, Operation)>,
    paths: BTreeMap<String, String>,
    queries: BTreeMap<String, String>,
    /// Schemas that answers use, and what they use in turn: these have no other members.
    answered: BTreeSet<String>,
    /// The same of what is sent.
    sent: BTreeSet<String>,
    /// Those that versions before the newest answer, which may lack members.
    earlier: BTreeSet<String>,
    mistakes: Vec<String>,
}

impl Writer {
    fn new(chapters: Vec<Chapter>, mistakes: Vec<String>) -> Writer {
        let mut writer = Writer {
            schemas: BTreeMap::new(),
            operations: BTreeMap::new(),
            paths: BTreeMap::new(),
            queries: BTreeMap::new(),
            answered: BTreeSet::new(),
            sent: BTreeSet::new(),
            earlier: BTreeSet::new(),
            mistakes,
            chapters,
        };
        for chapter in &mut writer.chapters {
            let Chapter { tag, operation, schema, path, query, .. } = chapter;
            for (name, described) in std::mem::take(operation) {
                if writer.operations.insert(name.clone(), (tag.clone(), described)).is_some() {
                    writer.mistakes.push(format!("operation `{name}` is described twice"));
                }
            }
            for (name, described) in std::mem::take(schema) {
                if writer.schemas.insert(name.clone(), described).is_some() {
                    writer.mistakes.push(format!("schema `{name}` is described twice"));
                }
            }
            writer.paths.append(path);
            writer.queries.append(query);
        }
        writer
    }

    fn write(mut self, table: &RouteTable<Entry>) -> Written {
        let mut paths = Map::new();
        for route in table.routes() {
            let Some((tag, described)) = self.operations.remove(route.operation) else {
                self.mistakes.push(format!("operation `{}` is not described", route.operation));
                continue;
            };
            let path = route.pattern.as_str().replace("*}", "}");
            let verb = route.method.as_str().to_ascii_lowercase();
            let written = self.operation(route, &tag, &described);
            let item = paths.entry(path).or_insert_with(|| json!({}));
            item[verb] = written;
        }
        let schemas = self.schemas();
        Written { document: self.frame(paths, schemas), mistakes: self.mistakes }
    }

    fn frame(&self, paths: Map<String, Value>, schemas: Map<String, Value>) -> Value {
        let tags: Vec<Value> = self
            .chapters
            .iter()
            .map(|chapter| json!({ "name": chapter.tag, "description": chapter.about }))
            .collect();
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Prorata",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "A desk for cloud reservations: purchases, returns, exchanges and \
                                what comes between, under dated rules, with the proof of every \
                                answer. Fixed segments of paths and names of query parameters are \
                                compared without case.",
            },
            "tags": tags,
            "paths": paths,
            "security": [{ "token": [] }],
            "components": {
                "securitySchemes": {
                    "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                },
                "headers": chapter::headers(),
                "schemas": schemas,
            },
        })
    }

    fn operation(&mut self, route: &Route<Entry>, tag: &str, described: &Operation) -> Value {
        let mut parameters = self.path_parameters(route);
        if !route.versions.is_empty() {
            parameters.push(json!({
                "name": "api-version",
                "in": "query",
                "required": true,
                "schema": { "type": "string", "enum": route.versions },
            }));
        }
        for name in &described.query {
            parameters.push(self.parameter("query", name, false));
        }
        let mut written = json!({
            "operationId": route.operation,
            "tags": [tag],
            "summary": described.says,
            "parameters": parameters,
            "responses": self.responses(route, described),
        });
        match route.handler.need {
            Need::Open => written["security"] = json!([]),
            Need::Token => {}
            Need::Role(action) => {
                written["description"] = json!(format!("Needs `{}`.", action.provider_name()));
            }
        }
        let body = described.body.as_ref().map(|body| ("application/json", body));
        let form = described.form.as_ref().map(|form| ("application/x-www-form-urlencoded", form));
        if let Some((kind, text)) = body.or(form) {
            let schema = self.used(text, Side::Sent, route.operation);
            written["requestBody"] =
                json!({ "required": true, "content": { kind: { "schema": schema } } });
        }
        written
    }

    fn path_parameters(&mut self, route: &Route<Entry>) -> Vec<Value> {
        let segments = route.pattern.as_str().split('/');
        let names = segments.filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
        names.map(|name| self.parameter("path", name.trim_end_matches('*'), true)).collect()
    }

    fn parameter(&mut self, place: &str, name: &str, required: bool) -> Value {
        let known = if place == "path" { &self.paths } else { &self.queries };
        let Some(text) = known.get(name).cloned() else {
            self.mistakes.push(format!("{place} parameter `{name}` is not described"));
            return Value::Null;
        };
        let (schema, says) = self.typed(&text, Side::Sent, name);
        json!({
            "name": name,
            "in": place,
            "required": required,
            "description": says,
            "schema": schema,
        })
    }

    fn responses(&mut self, route: &Route<Entry>, described: &Operation) -> Value {
        let mut responses = Map::new();
        for (status, text) in &described.answers {
            let mut shapes = Vec::new();
            if !text.is_empty() {
                shapes.push(self.used(text, Side::Answered, route.operation));
                // The newest version comes first, and then what versions before it answer.
                if route.versions.len() > 1 && described.earlier.is_empty() {
                    shapes.push(self.used(text, Side::Earlier, route.operation));
                }
                for earlier in &described.earlier {
                    shapes.push(self.used(earlier, Side::Earlier, route.operation));
                }
                shapes.dedup();
            }
            let says = match status.as_str() {
                "201" => "Made.",
                "202" => "Accepted. Ask at `Location` how it went.",
                "204" => "There is nothing.",
                _ => "Done.",
            };
            let mut response = self.response(says, shapes);
            for kind in &described.files {
                response["content"][kind] = json!({ "schema": { "type": "string" } });
            }
            let mut also = Vec::new();
            if status == "202" {
                also.extend(["Location", "Retry-After"]);
            }
            if described.polled && matches!(status.as_str(), "201" | "202") {
                also.extend(["Azure-AsyncOperation", "Retry-After"]);
            }
            for name in also {
                response["headers"][name] =
                    json!({ "$ref": format!("#/components/headers/{name}") });
            }
            responses.insert(status.clone(), response);
        }
        let failure = described.failure.as_deref().unwrap_or("Error");
        let shape = self.used(failure, Side::Answered, route.operation);
        let refused = self.response("Refused, or failed: why, and what would help.", vec![shape]);
        responses.insert("default".to_owned(), refused);
        Value::Object(responses)
    }

    fn response(&self, says: &str, mut shapes: Vec<Value>) -> Value {
        let headers: Map<String, Value> = USUAL_HEADERS
            .iter()
            .map(|name| {
                ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))
            })
            .collect();
        let mut response = json!({ "description": says, "headers": headers });
        let schema = match shapes.len() {
            0 => return response,
            1 => shapes.remove(0),
            _ => json!({ "anyOf": shapes }),
        };
        response["content"] = json!({ "application/json": { "schema": schema } });
        response
    }

    /// The schema of a type as an operation uses it.
    fn used(&mut self, text: &str, side: Side, place: &str) -> Value {
        self.typed(text, side, place).0
    }

    /// A type with its description, noting the schemas that it names.
    fn typed(&mut self, text: &str, side: Side, place: &str) -> (Value, String) {
        match Type::parse(text) {
            Ok(found) => {
                if let Some(name) = found.schema_name() {
                    self.note(name, side, place);
                }
                (found.schema(side == Side::Earlier), found.says.to_owned())
            }
            Err(mistake) => {
                self.mistakes.push(format!("{place}: {mistake}"));
                (Value::Null, String::new())
            }
        }
    }

    /// Notes a schema and all that it is made of.
    fn note(&mut self, name: &str, side: Side, place: &str) {
        let set = match side {
            Side::Sent => &mut self.sent,
            Side::Answered => &mut self.answered,
            Side::Earlier => &mut self.earlier,
        };
        if !set.insert(name.to_owned()) {
            return;
        }
        let Some(schema) = self.schemas.get(name) else {
            self.mistakes.push(format!("{place}: there is no schema `{name}`"));
            return;
        };
        let texts: Vec<String> = schema.has.values().chain(&schema.any).cloned().collect();
        for base in schema.like.clone() {
            self.note(&base, side, name);
        }
        for text in texts {
            self.typed(&text, side, name);
        }
    }

    fn schemas(&mut self) -> Map<String, Value> {
        let mut written = Map::new();
        for (name, schema) in &self.schemas {
            let answered = self.answered.contains(name);
            let earlier = self.earlier.contains(name);
            if !answered && !earlier && !self.sent.contains(name) {
                self.mistakes.push(format!("schema `{name}` is used nowhere"));
                continue;
            }
            let members = self.members(schema);
            let form = if answered { Form::Closed } else { Form::Open };
            written.insert(name.clone(), schema.write(&members, form));
            if earlier {
                written.insert(notation::earlier(name), schema.write(&members, Form::Earlier));
            }
        }
        self.mistakes
            .extend(self.operations.keys().map(|name| format!("operation `{name}` has no route")));
        written
    }

    /// The members of an object with those of what it is like.
    fn members(&self, schema: &Schema) -> BTreeMap<String, String> {
        let bases = schema.like.iter().filter_map(|base| self.schemas.get(base));
        let mut members: BTreeMap<String, String> =
            bases.flat_map(|base| self.members(base)).collect();
        members.extend(schema.has.clone());
        members
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Sent,
    Answered,
    /// By versions before the newest.
    Earlier,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Options, table};

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let mistakes = write(&table(Options { sandbox: true })).mistakes;
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    }

    #[test]
    fn a_server_that_is_no_sandbox_describes_none() {
        let document = write(&table(Options::default())).document;
        let paths = document["paths"].as_object().unwrap();
        assert!(paths.contains_key("/healthz"));
        assert!(!paths.keys().any(|path| path.starts_with("/sandbox")));
        assert!(document["components"]["schemas"].get("World").is_none());
    }

    #[test]
    fn rights_and_versions_are_those_of_the_table() {
        let document = write(&table(Options::default())).document;
        let path = "/providers/Microsoft.Capacity/reservationOrders/{order}";
        let bought = &document["paths"][path]["put"];
        assert_eq!(bought["operationId"], "ReservationOrder_Purchase");
        assert!(bought.get("security").is_none(), "a token is needed");
        let version = &bought["parameters"][1];
        assert_eq!((&version["name"], &version["required"]), (&json!("api-version"), &json!(true)));
        assert!(version["schema"]["enum"].as_array().unwrap().contains(&json!("2022-11-01")));
        assert_eq!(document["paths"]["/healthz"]["get"]["security"], json!([]));
    }
}
