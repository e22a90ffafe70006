//! `appliedReservations`: the orders that a subscription may benefit from.

use crate::azure::ids::{order_id, subscription_id};
use prorata_domain::ids::{OrderId, SubscriptionId};
use serde_json::{Value, json};

/// All orders on one page, under the one name there is.
pub fn show(subscription: SubscriptionId, orders: impl Iterator<Item = OrderId>) -> Value {
    let subscription = subscription_id(subscription);
    let orders: Vec<String> = orders.map(order_id).collect();
    json!({
        "id": format!("{subscription}/providers/microsoft.capacity/AppliedReservations/default"),
        "type": "Microsoft.Capacity/AppliedReservations",
        "name": "default",
        "properties": { "reservationOrderIds": { "value": orders } },
    })
}
