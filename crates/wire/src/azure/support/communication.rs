//! What is said about a ticket.

use super::ticket;
use crate::azure::fault::{Fault, Faults};
use crate::azure::instant;
use crate::azure::member::Member;
use jiff::Timestamp;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::support::Message;
use prorata_domain::support::ticket::{TEXT_MAX, TITLE_MAX};
use serde_json::{Value, json};

/// Reads what somebody wants to say, in `properties` or, in requests of our own, by itself.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value, in_properties: bool) -> Result<Message, Vec<Fault>> {
    let mut faults = Faults::default();
    let mut at = Member::root(body).object(&mut faults, "an object with `subject` and `body`");
    if in_properties {
        at = at.and_then(|root| {
            root.get("properties").object(&mut faults, "an object with `subject` and `body`")
        });
    }
    let message = at.and_then(|at| {
        let subject = at.get("subject").text(&mut faults, "a subject", TITLE_MAX);
        let body = at.get("body").prose(&mut faults, "what is said", TEXT_MAX);
        let sender = at.get("sender").optional_text(&mut faults, "a mail address", TITLE_MAX);
        Some(Message {
            subject: subject?.to_owned(),
            body: body?,
            sender: sender.map(str::to_owned),
        })
    });
    faults.finish(message)
}

/// Something said, as far as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Communication<'c> {
    pub subscription: Option<SubscriptionId>,
    pub ticket: &'c str,
    pub name: &'c str,
    pub direction: &'c str,
    pub sender: &'c str,
    pub subject: &'c str,
    pub body: &'c str,
    pub at: Timestamp,
}

/// Something said, as it is shown.
pub fn show(said: &Communication<'_>) -> Value {
    json!({
        "id": format!("{}/communications/{}", ticket::id(said.subscription, said.ticket), said.name),
        "name": said.name,
        "type": "Microsoft.Support/communications",
        "properties": {
            "communicationType": "web",
            "communicationDirection": said.direction,
            "sender": said.sender,
            "subject": said.subject,
            "body": said.body,
            "createdDate": instant(said.at),
        },
    })
}
