//! `changeDirectory`: an order goes to another tenant.

use crate::azure::fault::{Fault, Faults};
use crate::azure::member::Member;
use prorata_domain::ids::TenantId;
use prorata_domain::reservation::{Order, Reservation};
use serde_json::{Value, json};

/// Reads the body of `changeDirectory`: where the order goes.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<TenantId, Vec<Fault>> {
    let mut faults = Faults::default();
    let destination = read(body, &mut faults);
    faults.finish(destination)
}

fn read(body: &Value, faults: &mut Faults) -> Option<TenantId> {
    const WANTED: &str = "the GUID of the tenant that the order goes to";
    let root = Member::root(body).object(faults, "an object with `destinationTenantId`")?;
    let destination = root.get("destinationTenantId");
    let found = destination.read_optional(faults, "InvalidTenantId", WANTED, TenantId::parse);
    if found.is_none() && faults.is_empty() {
        let says = format!("is missing; give {WANTED}.");
        destination.refuse(faults, "MissingTenantId", &says);
    }
    found
}

/// What `changeDirectory` answers: a row for the order and one for each of its reservations.
pub fn moved(order: &Order, reservations: &[Reservation]) -> Value {
    let row = |id: String, name: &str| json!({ "id": id, "name": name, "isSucceeded": true });
    let rows: Vec<Value> =
        reservations.iter().map(|item| row(item.id.to_string(), &item.display_name)).collect();
    json!({
        "reservationOrder": row(order.id.to_string(), &order.display_name),
        "reservations": rows,
    })
}
