//! Role definitions, and what a caller may.

use super::place;
use crate::api::asked::{Asked, read, read_one};
use crate::api::table::{Entry, may, run, signed_in};
use crate::arm::{ArmError, RouteTable, empty, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::authorization::definitions::{self, Choice, View};
use prorata_domain::access::Action;
use prorata_domain::authorization::Place;
use prorata_domain::authorization::definition::Wish;
use prorata_domain::ids::RoleId;
use prorata_wire::azure::authorization::definitions as shape;
use prorata_wire::azure::authorization::parse_definition_filter;
use prorata_wire::azure::resources::page;
use serde_json::Value;

/// Newest first.
const VERSIONS: &[&str] =
    &["2022-05-01-preview", "2022-04-01", "2018-07-01", "2018-01-01-preview", "2015-07-01"];

macro_rules! at {
    ($path:literal) => {
        concat!("/{scope*}/providers/Microsoft.Authorization", $path)
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let one = at!("/roleDefinitions/{role}");
    table
        .route(Method::GET, at!("/roleDefinitions"), "RoleDefinitions_List", VERSIONS, {
            may(Action::ReadRoles, run!(list))
        })
        .route(Method::GET, one, "RoleDefinitions_Get", VERSIONS, {
            may(Action::ReadRoles, run!(show))
        })
        .route(Method::PUT, one, "RoleDefinitions_CreateOrUpdate", VERSIONS, {
            may(Action::DefineRole, run!(define))
        })
        .route(Method::DELETE, one, "RoleDefinitions_Delete", VERSIONS, {
            may(Action::DeleteRole, run!(delete))
        })
        .route(Method::GET, at!("/permissions"), "Permissions_List", VERSIONS, {
            signed_in(run!(permissions))
        })
}

fn id(asked: &Asked) -> Result<RoleId, ArmError> {
    asked.guid("role", "InvalidRoleDefinitionId", "role definition", RoleId::parse)
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let place = place(&asked)?;
    let filter = read_one(parse_definition_filter(asked.option("$filter")))?;
    let choice = Choice { and_below: filter.and_below, kind: filter.kind, name: filter.name };
    let at = place.clone();
    let found =
        asked.read(move |tx, app, call| definitions::list(tx, app, call, place, &choice)).await?;
    let rows = found.iter().map(|view| row(view, &at)).collect();
    Ok(json(StatusCode::OK, &page(rows, None)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (place, id) = (place(&asked)?, id(&asked)?);
    let at = place.clone();
    let found =
        asked.read(move |tx, app, call| definitions::show(tx, app, call, place, id)).await?;
    Ok(json(StatusCode::OK, &row(&found, &at)))
}

async fn define(asked: Asked) -> Result<Response, ArmError> {
    let (place, id) = (place(&asked)?, id(&asked)?);
    let ask = read(shape::parse(&asked.json().await?))?;
    let wish = Wish {
        id,
        name: ask.name,
        description: ask.description,
        permissions: ask.permissions,
        assignable: ask.assignable,
    };
    let at = place.clone();
    let made = asked
        .write(move |tx, app, call| definitions::define(tx, app, call, place.clone(), &wish))
        .await?;
    Ok(json(StatusCode::CREATED, &row(&made, &at)))
}

async fn delete(asked: Asked) -> Result<Response, ArmError> {
    let (place, id) = (place(&asked)?, id(&asked)?);
    let at = place.clone();
    let deleted = asked
        .write(move |tx, app, call| definitions::delete(tx, app, call, place.clone(), id))
        .await?;
    Ok(match deleted {
        Some(view) => json(StatusCode::OK, &row(&view, &at)),
        None => empty(StatusCode::NO_CONTENT),
    })
}

async fn permissions(asked: Asked) -> Result<Response, ArmError> {
    let place = place(&asked)?;
    let found =
        asked.read(move |tx, app, call| definitions::permissions(tx, app, call, place)).await?;
    Ok(json(StatusCode::OK, &page(found.iter().map(shape::permission).collect(), None)))
}

fn row(view: &View, at: &Place) -> Value {
    let stamps = view.stamps.map(|stamps| stamps.map(|stamp| (stamp.at, stamp.by)));
    shape::show(&view.role, at, stamps)
}
