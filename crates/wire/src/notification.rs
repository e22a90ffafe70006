//! What somebody is to be told, in a shape of our own.

use crate::azure::instant;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// One of them, as it was written.
pub struct Notification<'n> {
    pub id: Uuid,
    pub at: Timestamp,
    /// `expiring`, `renewed`, `payment-failed` and so on.
    pub kind: &'n str,
    /// What it is about: `order/{id}`, or with `/reservation/{id}` behind.
    pub target: &'n str,
    /// The particulars, as JSON.
    pub details: &'n str,
}

/// A page of them, by time.
pub fn page<'n>(rows: impl Iterator<Item = Notification<'n>>, next_link: Option<String>) -> Value {
    let shown = |row: Notification<'_>| {
        json!({
            "id": row.id.to_string(),
            "at": instant(row.at),
            "kind": row.kind,
            "target": row.target,
            "details": serde_json::from_str::<Value>(row.details).unwrap_or_default(),
        })
    };
    let mut body = json!({ "value": rows.map(shown).collect::<Vec<_>>() });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}
