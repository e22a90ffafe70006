//! Role assignments.

use super::place;
use crate::api::asked::{Asked, read, read_one};
use crate::api::table::{Entry, may, run, signed_in};
use crate::arm::{ArmError, RouteTable, empty, json};
use crate::limits::PAGE_ROWS_MAX;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::authorization::assignments::{self, Choice, View};
use prorata_domain::access::Action;
use prorata_domain::authorization::Place;
use prorata_domain::authorization::assignment::Wish;
use prorata_domain::ids::{AssignmentId, PrincipalId};
use prorata_store::role_assignments::Stamp;
use prorata_wire::azure::authorization::assignments as shape;
use prorata_wire::azure::authorization::definitions::scope_path;
use prorata_wire::azure::authorization::parse_assignment_filter;
use prorata_wire::azure::resources::page;
use serde_json::Value;

/// Newest first.
const VERSIONS: &[&str] = &[
    "2022-04-01",
    "2022-01-01-preview",
    "2021-04-01-preview",
    "2020-10-01-preview",
    "2020-08-01-preview",
    "2020-04-01-preview",
    "2020-03-01-preview",
    "2018-09-01-preview",
    "2018-07-01",
    "2018-01-01-preview",
    "2017-10-01-preview",
    "2015-07-01",
    "2015-06-01",
];

macro_rules! at {
    ($path:literal) => {
        concat!("/{scope*}/providers/Microsoft.Authorization/roleAssignments", $path)
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        // Everybody may look at their own; the job asks for the right to look at others'.
        .route(Method::GET, at!(""), "RoleAssignments_ListForScope", VERSIONS, {
            signed_in(run!(list))
        })
        .route(Method::GET, at!("/{assignment}"), "RoleAssignments_Get", VERSIONS, {
            signed_in(run!(show))
        })
        .route(Method::PUT, at!("/{assignment}"), "RoleAssignments_Create", VERSIONS, {
            may(Action::Assign, run!(assign))
        })
        .route(Method::DELETE, at!("/{assignment}"), "RoleAssignments_Delete", VERSIONS, {
            may(Action::Unassign, run!(remove))
        })
}

fn id(asked: &Asked) -> Result<AssignmentId, ArmError> {
    asked.guid("assignment", "InvalidRoleAssignmentId", "role assignment", AssignmentId::parse)
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let place = place(&asked)?;
    let filter = read_one(parse_assignment_filter(asked.option("$filter")))?;
    let choice = Choice { at_scope: filter.at_scope, principal: filter.principal };
    let after = asked.mark(AssignmentId::parse)?;
    let at = place.clone();
    let found = asked
        .read(move |tx, app, call| {
            assignments::list(tx, app, call, place, choice, after, PAGE_ROWS_MAX)
        })
        .await?;
    let rows = found.rows.iter().map(|view| row(view, &at, asked.api_version)).collect();
    let next = found.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &page(rows, next)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (place, id) = (place(&asked)?, id(&asked)?);
    let at = place.clone();
    let found =
        asked.read(move |tx, app, call| assignments::show(tx, app, call, place, id)).await?;
    Ok(json(StatusCode::OK, &row(&found, &at, asked.api_version)))
}

async fn assign(asked: Asked) -> Result<Response, ArmError> {
    let (place, id) = (place(&asked)?, id(&asked)?);
    let ask = read(shape::parse(&asked.json().await?))?;
    let wish = Wish {
        id,
        place: place.clone(),
        principal: ask.principal,
        principal_type: ask.principal_type,
        description: ask.description,
    };
    let given = asked
        .write(move |tx, app, call| assignments::assign(tx, app, call, &wish, ask.role))
        .await?;
    let status = if given.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(json(status, &row(&given.view, &place, asked.api_version)))
}

async fn remove(asked: Asked) -> Result<Response, ArmError> {
    let (place, id) = (place(&asked)?, id(&asked)?);
    let at = place.clone();
    let removed = asked
        .write(move |tx, app, call| assignments::remove(tx, app, call, place.clone(), id))
        .await?;
    Ok(match removed {
        Some(view) => json(StatusCode::OK, &row(&view, &at, asked.api_version)),
        None => empty(StatusCode::NO_CONTENT),
    })
}

fn row(view: &View, at: &Place, version: &str) -> Value {
    let row = &view.row;
    let known = scope_path(&row.scope);
    let scope = row.shown_scope.as_deref().unwrap_or(&known);
    let stamp = |stamp: Option<Stamp>| -> Option<(jiff::Timestamp, PrincipalId)> {
        stamp.map(|stamp| (stamp.at, stamp.by))
    };
    shape::show(
        &shape::Assignment {
            id: row.id,
            scope,
            role: view.role.id,
            principal: row.principal,
            principal_type: view.principal.as_ref().map(|(kind, _)| *kind),
            description: row.description.as_deref(),
            created: stamp(row.created),
            updated: stamp(row.updated),
        },
        at,
        version,
    )
}
