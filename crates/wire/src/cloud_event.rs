//! A notification as a CloudEvent, in the structured JSON form of version 1.0 of that format.

use crate::azure::instant;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

pub const CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// What an event tells.
pub struct Event<'e> {
    /// The notification's id: the same however often it is sent.
    pub id: Uuid,
    pub at: Timestamp,
    pub tenant: Uuid,
    /// `expiring`, `renewed`, `payment-failed` and so on.
    pub kind: &'e str,
    pub billing_account: &'e str,
    /// What it is about: `order/{id}`, or with `/reservation/{id}` behind.
    pub target: &'e str,
    /// The particulars, as JSON.
    pub details: &'e str,
}

/// The body of the message.
pub fn body(event: &Event<'_>) -> String {
    json!({
        "specversion": "1.0",
        "id": event.id.to_string(),
        "source": format!("/prorata/tenants/{}", event.tenant),
        "type": format!("prorata.{}.v1", event.kind),
        "subject": event.target,
        "time": instant(event.at),
        "datacontenttype": "application/json",
        "data": {
            "kind": event.kind,
            "target": event.target,
            "billingAccount": event.billing_account,
            "details": serde_json::from_str::<Value>(event.details).unwrap_or_default(),
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_what_the_format_asks_for() {
        let event = Event {
            id: Uuid::from_u128(1),
            at: Timestamp::UNIX_EPOCH,
            tenant: Uuid::from_u128(2),
            kind: "expired",
            billing_account: "100",
            target: "order/1",
            details: "{\"on\":\"2026-01-01\"}",
        };
        let read: Value = serde_json::from_str(&body(&event)).unwrap();
        for name in ["specversion", "id", "source", "type"] {
            assert!(read[name].as_str().is_some_and(|text| !text.is_empty()), "{name}");
        }
        assert_eq!(
            (&read["type"], &read["subject"]),
            (&json!("prorata.expired.v1"), &json!("order/1"))
        );
        assert_eq!(read["data"]["details"]["on"], "2026-01-01");
    }
}
