//! What clients walk beside roles: deny assignments and classic administrators, of which there are
//! none, and the actions that roles are made of.

use super::place;
use crate::api::asked::Asked;
use crate::api::table::{Entry, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::authorization::Site;
use prorata_app::subscriptions;
use prorata_wire::azure::authorization::provider_operations;
use prorata_wire::azure::resources::page;

const DENY: &[&str] = &["2022-04-01", "2018-07-01-preview"];
const CLASSIC: &[&str] = &["2015-07-01", "2015-06-01"];
const OPERATIONS: &[&str] = &["2022-04-01", "2018-01-01-preview", "2015-07-01"];

macro_rules! at {
    ($path:literal) => {
        concat!("/{scope*}/providers/Microsoft.Authorization", $path)
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    table
        .route(get(), at!("/denyAssignments"), "DenyAssignments_ListForScope", DENY, {
            signed_in(run!(deny_assignments))
        })
        .route(get(), at!("/denyAssignments/{deny}"), "DenyAssignments_Get", DENY, {
            signed_in(run!(deny_assignment))
        })
        .route(
            get(),
            "/subscriptions/{subscription}/providers/Microsoft.Authorization/classicAdministrators",
            "ClassicAdministrators_List",
            CLASSIC,
            signed_in(run!(classic_administrators)),
        )
        .route(
            get(),
            "/providers/Microsoft.Authorization/providerOperations",
            "ProviderOperationsMetadata_List",
            OPERATIONS,
            signed_in(run!(provider_operations_list)),
        )
        .route(
            get(),
            "/providers/Microsoft.Authorization/providerOperations/{namespace}",
            "ProviderOperationsMetadata_Get",
            OPERATIONS,
            signed_in(run!(provider_operations_show)),
        )
}

async fn deny_assignments(asked: Asked) -> Result<Response, ArmError> {
    let place = place(&asked)?;
    asked.read(move |tx, _, call| Site::find(tx, call, place)).await?;
    Ok(json(StatusCode::OK, &page(Vec::new(), None)))
}

async fn deny_assignment(asked: Asked) -> Result<Response, ArmError> {
    let place = place(&asked)?;
    asked.read(move |tx, _, call| Site::find(tx, call, place)).await?;
    let shown: String = asked.captures.get("deny").chars().take(64).collect();
    Err(ArmError::not_found(
        "DenyAssignmentNotFound",
        format!("There is no deny assignment `{shown}`; nothing makes deny assignments here."),
    ))
}

async fn classic_administrators(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.subscription()?;
    asked.read(move |tx, app, call| subscriptions::show(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &page(Vec::new(), None)))
}

async fn provider_operations_list(asked: Asked) -> Result<Response, ArmError> {
    let expanded = asked.expands("resourceTypes")?;
    Ok(json(StatusCode::OK, &page(provider_operations::list(expanded), None)))
}

async fn provider_operations_show(asked: Asked) -> Result<Response, ArmError> {
    let expanded = asked.expands("resourceTypes")?;
    let sent = asked.captures.get("namespace");
    let found = provider_operations::show(sent, expanded).ok_or_else(|| {
        let shown: String = sent.chars().take(64).collect();
        let message = format!("The provider '{shown}' is not found.");
        ArmError::not_found("ProviderNotFound", message)
    })?;
    Ok(json(StatusCode::OK, &found))
}
