//! Providers and their registration: told from the route table, so that nothing is listed that is
//! not served. And the service limits, which share a provider's name and are another product.

use super::asked::Asked;
use super::table::{Entry, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::subscriptions;
use prorata_domain::ids::SubscriptionId;
use prorata_wire::azure::resources::{self as shape, ResourceType};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const VERSIONS: &[&str] = &[
    "2025-04-01",
    "2024-11-01",
    "2024-07-01",
    "2024-03-01",
    "2023-07-01",
    "2022-09-01",
    "2021-04-01",
    "2020-10-01",
    "2020-06-01",
    "2019-10-01",
    "2018-05-01",
    "2016-06-01",
    "2016-02-01",
];

const SERVICE_LIMITS: &[&str] = &["2020-10-25", "2019-07-19-preview"];
const LIMITS_PATH: &str =
    "/subscriptions/{subscription}/providers/Microsoft.Capacity/resourceProviders/{rest*}";

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(Method::GET, "/providers", "Providers_ListAtTenantScope", VERSIONS, {
            signed_in(run!(list_at_tenant))
        })
        .route(
            Method::GET,
            "/subscriptions/{subscription}/providers",
            "Providers_List",
            VERSIONS,
            signed_in(run!(list)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}/providers/{namespace}",
            "Providers_Get",
            VERSIONS,
            signed_in(run!(show)),
        )
        .route(
            Method::POST,
            "/subscriptions/{subscription}/providers/{namespace}/register",
            "Providers_Register",
            VERSIONS,
            // Whatever is served is registered already, so there is nothing to be allowed.
            signed_in(run!(show)),
        )
        .route(
            Method::GET,
            LIMITS_PATH,
            "Quota_Get",
            SERVICE_LIMITS,
            signed_in(run!(service_limits)),
        )
        .route(
            Method::PUT,
            LIMITS_PATH,
            "Quota_CreateOrUpdate",
            SERVICE_LIMITS,
            signed_in(run!(service_limits)),
        )
        .route(
            Method::PATCH,
            LIMITS_PATH,
            "Quota_Update",
            SERVICE_LIMITS,
            signed_in(run!(service_limits)),
        )
}

/// The resource types of each provider, by its name.
fn served(asked: &Asked) -> BTreeMap<&'static str, Vec<ResourceType>> {
    let mut providers: BTreeMap<&str, Vec<ResourceType>> = BTreeMap::new();
    for route in asked.shared.table.routes() {
        let Some((namespace, name)) = route.pattern.resource_type() else { continue };
        let types = providers.entry(namespace).or_default();
        // Actions on a resource and the resource itself may be spelled in more than one route.
        let known = types.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&name));
        match known {
            None => types.push(ResourceType { name, versions: route.versions.to_vec() }),
            Some(known) => {
                known.versions.extend(route.versions);
                known.versions.sort_unstable_by(|a, b| b.cmp(a));
                known.versions.dedup();
            }
        }
    }
    for types in providers.values_mut() {
        types.sort_by(|a, b| a.name.cmp(&b.name));
    }
    providers
}

fn rows(asked: &Asked, subscription: Option<SubscriptionId>) -> Vec<Value> {
    let served = served(asked);
    served.iter().map(|(name, types)| shape::provider(subscription, name, types)).collect()
}

async fn list_at_tenant(asked: Asked) -> Result<Response, ArmError> {
    Ok(json(StatusCode::OK, &shape::page(rows(&asked, None), None)))
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    asked.read(move |tx, app, call| subscriptions::show(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &shape::page(rows(&asked, Some(id)), None)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    asked.read(move |tx, app, call| subscriptions::show(tx, app, call, id)).await?;
    let sent = asked.captures.get("namespace");
    let served = served(&asked);
    let found = served.iter().find(|(name, _)| name.eq_ignore_ascii_case(sent));
    let (name, types) = found.ok_or_else(|| {
        let shown: String = sent.chars().take(64).collect();
        let message = format!("The resource namespace '{shown}' is invalid.");
        ArmError::not_found("InvalidResourceNamespace", message)
    })?;
    Ok(json(StatusCode::OK, &shape::provider(Some(id), name, types)))
}

async fn service_limits(_asked: Asked) -> Result<Response, ArmError> {
    Err(ArmError::not_found(
        "ServiceLimitsNotServed",
        "Service limits (quotas of compute and other services) are another product under the name \
         of Microsoft.Capacity. They are not kept here: ask the service whose limit is meant. \
         Reservations are at /providers/Microsoft.Capacity/reservationOrders.",
    ))
}
