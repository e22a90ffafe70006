//! Who sells to whom, and what is held.

use crate::azure::fault::{Fault, Faults};
use crate::azure::member::Member;
use crate::azure::v2022_11_01::reservation as shape;
use crate::azure::{Version, instant, price};
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{PrincipalId, SubscriptionId, TenantId};
use prorata_domain::partner::{PartnerKind, PartnerRole, Relationship};
use prorata_domain::reservation::{Order, Reservation};
use serde_json::{Value, json};

/// Who somebody is as an agent of a partner.
pub struct Agent<'a> {
    pub partner: TenantId,
    pub name: &'a str,
    pub kind: PartnerKind,
    pub roles: &'a [PartnerRole],
    /// Everybody with a role: who, the name, the role, its first day and the first day without it.
    pub agents: Vec<(PrincipalId, &'a str, PartnerRole, Date, Option<Date>)>,
}

pub fn agent(shown: &Agent<'_>) -> Value {
    let agents: Vec<Value> = shown
        .agents
        .iter()
        .map(|(principal, name, role, since, until)| {
            json!({
                "principalId": principal.to_string(),
                "name": name,
                "role": role.title(),
                "since": since.to_string(),
                "until": until.map(|day| day.to_string()),
            })
        })
        .collect();
    json!({
        "tenantId": shown.partner.to_string(),
        "name": shown.name,
        "kind": shown.kind.as_str(),
        "roles": shown.roles.iter().map(|role| role.title()).collect::<Vec<_>>(),
        "agents": agents,
    })
}

/// A customer of a partner.
pub struct Customer<'c> {
    pub tenant: TenantId,
    pub name: &'c str,
    pub relationship: &'c Relationship,
    pub reseller: Option<TenantId>,
    /// Whether the relationship holds today.
    pub holds: bool,
    pub billing_accounts: &'c [String],
    /// The subscriptions that the partner sells: id, name and state.
    pub subscriptions: Vec<(SubscriptionId, &'c str, &'c str)>,
}

pub fn customer(shown: &Customer<'_>) -> Value {
    let known = shown.relationship;
    let subscriptions: Vec<Value> = shown
        .subscriptions
        .iter()
        .map(|(id, name, state)| {
            json!({ "subscriptionId": id.to_string(), "displayName": name, "state": state })
        })
        .collect();
    json!({
        "customerId": shown.tenant.to_string(),
        "name": shown.name,
        "relationship": {
            "since": known.since.to_string(),
            "until": known.until.map(|day| day.to_string()),
            "holds": shown.holds,
            "azurePlan": known.azure_plan,
            "market": known.market,
            "resellerTenantId": shown.reseller.map(|reseller| reseller.to_string()),
        },
        "billingAccounts": shown.billing_accounts,
        "subscriptions": subscriptions,
    })
}

/// Whether a customer may buy reservations for itself, and who said so when.
pub struct Permission {
    pub allowed: bool,
    pub changed: Option<(Timestamp, PrincipalId)>,
}

pub fn permission(shown: &Permission) -> Value {
    let mut body = json!({ "kind": "reservations", "allowed": shown.allowed });
    if let Some((at, by)) = shown.changed {
        body["changedAt"] = instant(at);
        body["changedBy"] = json!(by.to_string());
    }
    body
}

/// Reads `{"allowed": true}`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_permission(body: &Value) -> Result<bool, Vec<Fault>> {
    let mut faults = Faults::default();
    let root = Member::root(body).object(&mut faults, "an object with `allowed`");
    let allowed = root.and_then(|root| {
        let at = root.get("allowed");
        if !at.is_given() {
            at.refuse(&mut faults, "BadRequest", "is missing; give true or false.");
            return None;
        }
        Some(at.flag(&mut faults))
    });
    faults.finish(allowed)
}

/// Whether reservations can be bought with a subscription, and since when.
pub fn registration(subscription: SubscriptionId, since: Option<Timestamp>) -> Value {
    json!({
        "subscriptionId": subscription.to_string(),
        "status": if since.is_some() { "registered" } else { "notRegistered" },
        "registeredAt": since.map(instant),
    })
}

/// A reservation of a customer.
pub struct Held<'h> {
    pub customer: Option<(TenantId, &'h str)>,
    pub order: &'h Order,
    pub reservation: &'h Reservation,
}

/// A reservation as what a customer is entitled to.
pub fn entitlement(order: &Order, row: &Reservation, now: Timestamp) -> Value {
    let shown = shape::show(order, row, now, Version::V2022_11_01);
    let property = |name: &str| shown["properties"][name].clone();
    json!({
        "reservationId": row.id.to_string(),
        "displayName": row.display_name,
        "scopeType": property("appliedScopeType"),
        "appliedScopes": property("appliedScopes"),
        "quantity": row.quantity,
        "effectiveDateTime": property("effectiveDateTime"),
        "expiryDateTime": property("expiryDateTime"),
        "provisioningState": property("provisioningState"),
    })
}

/// The same in a list of all customers'.
pub fn held(shown: &Held<'_>, now: Timestamp) -> Value {
    let mut body = entitlement(shown.order, shown.reservation, now);
    body["reservationOrderId"] = json!(shown.order.id.to_string());
    body["resourceType"] = json!(shown.order.commitment.resource_type);
    body["skuName"] = json!(shown.reservation.sku);
    body["term"] = json!(shown.order.commitment.term.as_str());
    if let Some((tenant, name)) = shown.customer {
        body["customer"] = json!({ "customerId": tenant.to_string(), "name": name });
    }
    body
}

/// An order, with what the customer is entitled to by it.
pub fn order(order: &Order, held: &[Reservation], now: Timestamp) -> Value {
    let units = i64::from(order.original_quantity);
    let total = order.commitment.unit_total.times(units);
    json!({
        "id": order.id.to_string(),
        "creationDate": instant(order.requested_at),
        "currencyCode": order.commitment.unit_total.currency().code(),
        "billingCycle": order.commitment.plan.as_str(),
        "subscriptionId": order.billing_subscription.to_string(),
        "totalPrice": total.ok().map(price),
        "lineItems": [{
            "lineItemNumber": 0,
            "friendlyName": order.display_name,
            "quantity": order.original_quantity,
            "termDuration": order.commitment.term.as_str(),
        }],
        "entitlements": held.iter().map(|row| entitlement(order, row, now)).collect::<Vec<_>>(),
    })
}

/// A page of any of these.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}
