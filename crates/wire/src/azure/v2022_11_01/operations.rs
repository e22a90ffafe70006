//! The list of operations that the provider publishes.

use crate::azure::Version;
use crate::azure::published::{self, Kind};
use serde_json::{Value, json};

const OPERATIONS: [(&str, &str, &str); 16] = [
    ("reservationorders/read", "Get Reservations", "Read All Reservations"),
    ("reservationorders/write", "Create Reservations", "Create any Reservation"),
    ("reservationorders/action", "Update Reservations", "Update any Reservation"),
    ("reservationorders/delete", "Delete Reservations", "Delete any Reservation"),
    ("reservationorders/reservations/read", "Get Reservations", "Read All Reservations"),
    ("reservationorders/reservations/write", "Create Reservations", "Create any Reservation"),
    ("reservationorders/reservations/action", "Update Reservations", "Update any Reservation"),
    ("reservationorders/reservations/delete", "Delete Reservations", "Delete any Reservation"),
    ("reservationorders/reservations/revisions/read", "Get Reservations", "Read All Reservations"),
    ("reservationorders/return/action", "Return Reservations", "Return any Reservation"),
    (
        "reservationorders/calculateRefund/action",
        "Quote Returns",
        "Price the return of any Reservation",
    ),
    ("calculatePrice/action", "Quote Reservations", "Price the purchase of any Reservation"),
    ("calculateExchange/action", "Quote Exchanges", "Price the exchange of any Reservation"),
    ("exchange/action", "Exchange Reservations", "Exchange any Reservation"),
    ("catalogs/read", "Read Catalog", "Read the catalog of Reservations"),
    (
        "register/action",
        "Registers the Capacity Resource Provider.",
        "Registers the Capacity resource provider and enables the creation of Capacity resources.",
    ),
];

/// Every operation, on one page.
pub fn list(version: Version) -> Value {
    let rows: Vec<Value> = OPERATIONS
        .iter()
        .map(|(name, operation, description)| {
            let mut row = json!({
                "name": format!("Microsoft.Capacity/{name}"),
                "isDataAction": false,
                "display": {
                    "provider": "Microsoft Capacity",
                    "resource": "Reservations",
                    "operation": operation,
                    "description": description,
                },
            });
            published::trim(Kind::Operation, &mut row, version);
            row
        })
        .collect();
    json!({ "value": rows })
}
