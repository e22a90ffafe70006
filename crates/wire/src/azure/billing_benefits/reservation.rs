//! Reservations bought under a name.

use super::purchase::{billing_plan, plan_word};
use crate::azure::Version;
use crate::azure::fault::{Fault, Faults};
use crate::azure::ids::order_id;
use crate::azure::member::Member;
use crate::azure::v2022_11_01::purchase;
use prorata_domain::ids::OrderId;
use prorata_domain::purchase::Request;
use serde_json::{Value, json};

/// Reads the body of a reservation order alias: a purchase request whose billing plan is `P1M` or
/// left out.
///
/// # Errors
/// Every fault of it.
pub fn parse(body: &Value) -> Result<Request, Vec<Fault>> {
    let mut faults = Faults::default();
    let plan = billing_plan(&Member::root(body).get("properties"), &mut faults);
    let mut body = body.clone();
    if let Some(properties) = body.get_mut("properties").and_then(Value::as_object_mut) {
        // The word of the other provider, whose reader goes over the rest.
        let word = plan.map_or("Upfront", |plan| plan.as_str());
        properties.insert("billingPlan".to_owned(), json!(word));
    }
    let request = purchase::read(&Member::root(&body), Version::V2022_11_01, &mut faults);
    faults.finish(request)
}

/// What was bought under a name.
pub struct Alias<'a> {
    pub name: &'a str,
    pub request: &'a Request,
    pub order: OrderId,
    /// Just begun, as the purchase itself answers.
    pub is_new: bool,
}

/// A reservation order alias.
pub fn alias(alias: &Alias<'_>) -> Value {
    let mut body = purchase::body(alias.request, Version::V2022_11_01);
    body["id"] = json!(format!(
        "/providers/microsoft.billingbenefits/reservationOrderAliases/{}",
        alias.name
    ));
    body["name"] = json!(alias.name);
    body["type"] = json!("Microsoft.BillingBenefits/reservationOrderAliases");
    if let Some(properties) = body["properties"].as_object_mut() {
        match plan_word(alias.request.plan) {
            Some(word) => properties.insert("billingPlan".to_owned(), json!(word)),
            None => properties.remove("billingPlan"),
        };
        properties.insert("reservationOrderId".to_owned(), json!(order_id(alias.order)));
        let state = if alias.is_new { "Creating" } else { "Succeeded" };
        properties.insert("provisioningState".to_owned(), json!(state));
    }
    body
}
