//! What a reservation is to be renewed as, and what it was renewed from.

use super::purchase;
use crate::azure::Version;
use crate::azure::ids::reservation_id;
use crate::azure::number::price;
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::purchase::Request;
use prorata_domain::renewal::Lock;
use serde_json::{Value, json};

/// Adds what is to be bought at the end of the term, and its price once that is locked
/// (`$expand=renewProperties`).
pub fn add_properties(body: &mut Value, request: &Request, lock: Option<&Lock>, version: Version) {
    let mut renewal = json!({ "purchaseProperties": purchase::body(request, version) });
    if let Some(lock) = lock {
        renewal["pricingCurrencyTotal"] = price(lock.total_usd);
        renewal["billingCurrencyTotal"] = price(lock.total);
    }
    body["properties"]["renewProperties"] = renewal;
}

/// Adds the reservation that one was renewed from.
pub fn add_source(body: &mut Value, order: OrderId, reservation: ReservationId) {
    body["properties"]["renewSource"] = json!(reservation_id(order, reservation));
}
