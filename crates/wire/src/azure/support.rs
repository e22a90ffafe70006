//! Microsoft.Support: what can be asked about, tickets, what is said about them, and their files.

pub mod communication;
pub mod files;
pub mod filter;
pub mod operations;
pub mod ticket;

use super::fault::{BAD_REQUEST, Fault, Faults};
use super::member::Member;
use super::subscription_id;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::support::{Problem, Service};
use serde_json::{Value, json};
use uuid::Uuid;

/// The path of the provider, of a subscription or of the tenant as a whole.
pub fn provider(subscription: Option<SubscriptionId>) -> String {
    let above = subscription.map_or_else(String::new, subscription_id);
    format!("{above}/providers/Microsoft.Support")
}

/// Where an operation is polled.
pub fn operation_status_id(subscription: Option<SubscriptionId>, operation: Uuid) -> String {
    format!("{}/operationsStatus/{operation}", provider(subscription))
}

/// Where the result of an operation is.
pub fn operation_result_id(subscription: Option<SubscriptionId>, operation: Uuid) -> String {
    format!("{}/operationResults/{operation}", provider(subscription))
}

/// An operation that is done: what was asked for is on disk before its answer is sent.
pub fn operation_done(subscription: Option<SubscriptionId>, operation: Uuid) -> Value {
    json!({
        "id": operation_status_id(subscription, operation),
        "name": operation,
        "status": "Succeeded",
        "percentComplete": 100,
    })
}

pub(super) fn service_path(service: &str) -> String {
    format!("/providers/Microsoft.Support/services/{service}")
}

/// A service, as it is listed.
pub fn service(service: &Service) -> Value {
    json!({
        "id": service_path(&service.id),
        "name": service.id,
        "type": "Microsoft.Support/services",
        "properties": { "displayName": service.name, "resourceTypes": service.resource_types },
    })
}

/// A kind of problem with a service, as it is listed.
pub fn problem(service: &Service, problem: &Problem) -> Value {
    json!({
        "id": format!("{}/problemClassifications/{}", service_path(&service.id), problem.id),
        "name": problem.id,
        "type": "Microsoft.Support/problemClassifications",
        "properties": { "displayName": problem.name, "secondaryConsentEnabled": [] },
    })
}

/// What a name is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Ticket,
    Communication,
}

/// Reads which name is asked about.
///
/// # Errors
/// Every fault of it.
pub fn parse_name(body: &Value, kind: NameKind) -> Result<String, Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with `name` and `type`");
    let name = root.and_then(|root| {
        let wanted = match kind {
            NameKind::Ticket => "Microsoft.Support/supportTickets",
            NameKind::Communication => "Microsoft.Support/communications",
        };
        let given = root.get("type").read(&mut faults, BAD_REQUEST, &format!("`{wanted}`"), |it| {
            it.eq_ignore_ascii_case(wanted).then_some(())
        });
        let name = root.get("name").text(&mut faults, "the name that is to be used", 512);
        given.and(name).map(str::to_owned)
    });
    faults.finish(name)
}

/// Whether a name is free, and why not.
pub fn availability(free: &Result<(), String>) -> Value {
    match free {
        Ok(()) => json!({ "nameAvailable": true }),
        Err(why) => json!({ "nameAvailable": false, "reason": why, "message": why }),
    }
}

/// A page of a list.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut page = json!({ "value": rows });
    if let Some(link) = next_link {
        page["nextLink"] = link.into();
    }
    page
}
