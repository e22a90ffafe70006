//! Microsoft.Resources, as far as clients walk it before they ask for a reservation, and the
//! endpoints by which they know the cloud.

use super::asked::Asked;
use super::providers;
use super::table::{Entry, open, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use crate::limits::PAGE_ROWS_MAX;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::subscriptions;
use prorata_domain::ids::SubscriptionId;
use prorata_store::world::Subscription;
use prorata_wire::azure::{metadata, resources as shape};
use serde_json::Value;

const METADATA: &[&str] =
    &["2022-09-01", "2020-06-01", "2019-10-01", "2019-05-01", "2018-05-01", "2015-01-01"];
const SUBSCRIPTIONS: &[&str] = &[
    "2022-12-01",
    "2022-09-01",
    "2021-01-01",
    "2020-01-01",
    "2019-11-01",
    "2019-06-01",
    "2018-06-01",
    "2016-06-01",
    "2015-01-01",
];

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(
            Method::GET,
            "/metadata/endpoints",
            "Metadata_Endpoints",
            METADATA,
            open(run!(endpoints)),
        )
        .route(
            Method::GET,
            "/subscriptions",
            "Subscriptions_List",
            SUBSCRIPTIONS,
            signed_in(run!(list)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}",
            "Subscriptions_Get",
            SUBSCRIPTIONS,
            signed_in(run!(show)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}/locations",
            "Subscriptions_ListLocations",
            SUBSCRIPTIONS,
            signed_in(run!(locations)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}/resourceGroups",
            "ResourceGroups_List",
            providers::VERSIONS,
            signed_in(run!(resource_groups)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}/resourceGroups/{group}",
            "ResourceGroups_Get",
            providers::VERSIONS,
            signed_in(run!(resource_group)),
        )
        .route(Method::GET, "/tenants", "Tenants_List", SUBSCRIPTIONS, signed_in(run!(tenants)))
}

async fn endpoints(asked: Asked) -> Result<Response, ArmError> {
    Ok(json(StatusCode::OK, &metadata::endpoints(&asked.base, asked.api_version)))
}

fn row(found: &Subscription, version: &str) -> Value {
    let view = shape::Subscription {
        id: found.id,
        tenant: found.tenant,
        name: &found.name,
        state: &found.state,
    };
    shape::subscription(&view, version)
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let after = asked.mark(SubscriptionId::parse)?;
    let page = asked
        .read(move |tx, app, call| subscriptions::list(tx, app, call, after, PAGE_ROWS_MAX))
        .await?;
    let rows = page.rows.iter().map(|found| row(found, asked.api_version)).collect();
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    let found = asked.read(move |tx, app, call| subscriptions::show(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &row(&found, asked.api_version)))
}

async fn locations(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    asked.read(move |tx, app, call| subscriptions::show(tx, app, call, id)).await?;
    let regions = asked.app().catalog.regions();
    let rows =
        regions.map(|region| shape::location(id, &region.arm, &region.name, asked.api_version));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), None)))
}

async fn resource_groups(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    let names =
        asked.read(move |tx, app, call| subscriptions::resource_groups(tx, app, call, id)).await?;
    let rows = names.iter().map(|name| shape::resource_group(id, name)).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None)))
}

async fn resource_group(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    let wanted = asked.captures.get("group").to_owned();
    let names =
        asked.read(move |tx, app, call| subscriptions::resource_groups(tx, app, call, id)).await?;
    let found = names.iter().find(|name| name.eq_ignore_ascii_case(&wanted)).ok_or_else(|| {
        let shown: String = wanted.chars().take(90).collect();
        let message = format!("Resource group '{shown}' could not be found.");
        ArmError::not_found("ResourceGroupNotFound", message)
    })?;
    Ok(json(StatusCode::OK, &shape::resource_group(id, found)))
}

async fn tenants(asked: Asked) -> Result<Response, ArmError> {
    let found = asked.read(subscriptions::tenant).await?;
    let rows = found.iter().map(|row| shape::tenant(row.id, &row.name, asked.api_version));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), None)))
}
