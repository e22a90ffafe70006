//! The audit in shapes of our own: lines that were looked for, exports that can be checked by
//! themselves, and tables for people.

mod check;
mod export;

pub use check::{Checked, Wrong, check};
pub use export::{CSV_HEAD, csv, end_line, json_line};

use crate::azure::instant;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A line, or an operation as its own line.
pub struct Line<'l> {
    pub id: Uuid,
    pub at: Timestamp,
    pub tenant: Uuid,
    pub principal: Uuid,
    /// `user`, `servicePrincipal` or `prorata`.
    pub kind: Option<&'l str>,
    pub name: Option<&'l str>,
    pub client: Option<&'l str>,
    /// The tenant of the principal's own account, where that is another one.
    pub home: Option<Uuid>,
    /// The partner whose agent it was.
    pub partner: Option<Uuid>,
    pub action: &'l str,
    pub target: &'l str,
    pub verdict: &'l str,
    pub code: Option<&'l str>,
    pub address: Option<&'l str>,
    pub agent: Option<&'l str>,
    pub correlation: Option<Uuid>,
    pub decision: Option<Uuid>,
    /// JSON.
    pub details: Option<&'l str>,
    pub is_operation: bool,
}

/// A page of lines, newest first.
pub fn page<'l>(rows: impl Iterator<Item = Line<'l>>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows.map(|row| shown(&row)).collect::<Vec<_>>() });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}

fn shown(line: &Line<'_>) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        members.extend(value.map(|value| (name.to_owned(), value)));
    };
    let id = |id: Uuid| json!(id.to_string());
    let text = |text: &str| json!(text);
    put("id", Some(id(line.id)));
    put("at", Some(instant(line.at)));
    put("tenantId", Some(id(line.tenant)));
    put("principalId", Some(id(line.principal)));
    put("principalKind", line.kind.map(text));
    put("principalName", line.name.map(text));
    put("clientId", line.client.map(text));
    put("homeTenantId", line.home.map(id));
    put("partnerTenantId", line.partner.map(id));
    put("action", Some(text(line.action)));
    put("target", Some(text(line.target)));
    put("verdict", Some(text(line.verdict)));
    put("code", line.code.map(text));
    put("address", line.address.map(text));
    put("userAgent", line.agent.map(text));
    put("correlationId", line.correlation.map(id));
    put("decisionId", line.decision.map(id));
    put("isOperation", Some(json!(line.is_operation)));
    let details = line.details.and_then(|details| serde_json::from_str(details).ok());
    put("details", details.filter(|details: &Value| *details != json!([])));
    Value::Object(members)
}
