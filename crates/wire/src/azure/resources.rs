//! Microsoft.Resources: subscriptions, tenants, locations, resource groups, provider registration.

use super::subscription_id;
use prorata_domain::ids::{SubscriptionId, TenantId};
use serde_json::{Value, json};

/// The first version whose tenants have names and whose subscriptions name their tenant.
const NAMED: &str = "2019-11-01";

/// A subscription.
#[derive(Debug, Clone, Copy)]
pub struct Subscription<'a> {
    pub id: SubscriptionId,
    pub tenant: TenantId,
    pub name: &'a str,
    /// `Enabled` and the like.
    pub state: &'a str,
}

/// A subscription as GET answers it.
pub fn subscription(row: &Subscription<'_>, version: &str) -> Value {
    let mut body = json!({
        "id": subscription_id(row.id),
        "subscriptionId": row.id.to_string(),
        "displayName": row.name,
        "state": row.state,
        // What reservations cost is owed whatever was spent before.
        "subscriptionPolicies": { "spendingLimit": "Off" },
        "authorizationSource": "RoleBased",
    });
    if version >= NAMED {
        body["tenantId"] = json!(row.tenant.to_string());
        body["managedByTenants"] = json!([]);
    }
    body
}

/// The caller's tenant, as a row of the list of tenants.
pub fn tenant(id: TenantId, name: &str, version: &str) -> Value {
    let mut body = json!({ "id": format!("/tenants/{id}"), "tenantId": id.to_string() });
    if version >= NAMED {
        body["displayName"] = json!(name);
        body["tenantCategory"] = json!("Home");
        body["tenantType"] = json!("AAD");
        body["domains"] = json!([]);
    }
    body
}

/// A region, as a subscription's list of locations has it.
pub fn location(subscription: SubscriptionId, arm: &str, name: &str, version: &str) -> Value {
    let mut body = json!({
        "id": format!("{}/locations/{arm}", subscription_id(subscription)),
        "name": arm,
        "displayName": name,
    });
    if version >= NAMED {
        body["type"] = json!("Region");
        body["regionalDisplayName"] = json!(name);
        body["metadata"] = json!({ "regionType": "Physical" });
    }
    body
}

/// A resource group. Where it lies is not kept, so it is said to lie nowhere in particular.
pub fn resource_group(subscription: SubscriptionId, name: &str) -> Value {
    json!({
        "id": format!("{}/resourceGroups/{name}", subscription_id(subscription)),
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": "global",
        "properties": { "provisioningState": "Succeeded" },
    })
}

/// A type of resource, or an action on one, with the versions that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    pub name: String,
    pub versions: Vec<&'static str>,
}

/// A provider as a subscription sees it, or the tenant. Whatever is served needs no registration.
pub fn provider(subscription: Option<SubscriptionId>, name: &str, types: &[ResourceType]) -> Value {
    let types: Vec<Value> = types
        .iter()
        .map(|row| {
            json!({
                "resourceType": row.name,
                "locations": [],
                "apiVersions": row.versions,
                "capabilities": "None",
            })
        })
        .collect();
    let above = subscription.map(subscription_id).unwrap_or_default();
    json!({
        "id": format!("{above}/providers/{name}"),
        "namespace": name,
        "registrationPolicy": "RegistrationFree",
        "registrationState": "Registered",
        "resourceTypes": types,
    })
}

/// A list on one page, or a page of it.
pub fn page(rows: Vec<Value>, next_link: Option<String>) -> Value {
    let mut body = json!({ "value": rows });
    if let Some(link) = next_link {
        body["nextLink"] = json!(link);
    }
    body
}
