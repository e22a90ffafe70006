//! The secrets of a tenant's programs, and closing their accounts.

use super::asked::{Asked, read};
use super::table::{Entry, NONE, may, run};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use prorata_app::secrets::{self, DAYS, NewSecret, Shown};
use prorata_app::{Error, users};
use prorata_domain::access::Action::Assign;
use prorata_domain::ids::PrincipalId;
use prorata_wire::people as shape;
use uuid::Uuid;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    const SECRETS: &str = "/prorata/principals/{principal}/secrets";
    table
        .route(Method::GET, SECRETS, "Secret_List", NONE, may(Assign, run!(list)))
        .route(Method::POST, SECRETS, "Secret_Add", NONE, may(Assign, run!(add)))
        .route(
            Method::DELETE,
            "/prorata/principals/{principal}/secrets/{secret}",
            "Secret_Remove",
            NONE,
            may(Assign, run!(remove)),
        )
        .route(
            Method::POST,
            "/prorata/principals/{principal}/disable",
            "Principal_Disable",
            NONE,
            may(Assign, run!(disable)),
        )
        .route(
            Method::POST,
            "/prorata/principals/{principal}/enable",
            "Principal_Enable",
            NONE,
            may(Assign, run!(enable)),
        )
}

fn principal(asked: &Asked) -> Result<PrincipalId, ArmError> {
    let parse = |text: &str| Uuid::try_parse(text).ok().map(PrincipalId);
    asked.guid("principal", "BadRequest", "service principal", parse)
}

fn shown(row: &Shown) -> shape::Secret<'_> {
    shape::Secret {
        id: row.id,
        name: &row.name,
        hint: row.hint.as_deref(),
        created_at: row.created_at,
        ends_at: row.ends_at,
        used_at: row.used_at,
    }
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let id = principal(&asked)?;
    let rows = asked.read(move |tx, _, call| secrets::list(tx, call, id)).await?;
    let rows = rows.iter().map(|row| shape::secret(&shown(row), None)).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None)))
}

async fn add(asked: Asked) -> Result<Response, ArmError> {
    let id = principal(&asked)?;
    let new = read(shape::new_secret(&asked.json().await?))?;
    let new = NewSecret { name: new.name, days: new.days.map_or(DAYS, i64::from) };
    let (app, call) = (asked.app().clone(), asked.call()?);
    let made = tokio::task::spawn_blocking(move || secrets::add(&app, &call, id, &new)).await;
    let made = made.unwrap_or_else(|error| Err(Error::Broken(error.to_string())));
    let made = made.map_err(|error| asked.problem(error))?;
    Ok(json(StatusCode::CREATED, &shape::secret(&shown(&made.shown), Some(&made.secret))))
}

async fn remove(asked: Asked) -> Result<Response, ArmError> {
    let id = principal(&asked)?;
    let secret = asked.guid("secret", "BadRequest", "secret", |text| Uuid::try_parse(text).ok())?;
    let removed = asked.write(move |tx, _, call| secrets::remove(tx, call, id, secret)).await?;
    asked.app().revoked(removed);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn set_closed(asked: Asked, closed: bool) -> Result<Response, ArmError> {
    let id = principal(&asked)?;
    let revoked = asked.write(move |tx, _, call| users::set_closed(tx, call, id, closed)).await?;
    asked.app().revoked(revoked);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn disable(asked: Asked) -> Result<Response, ArmError> {
    set_closed(asked, true).await
}

async fn enable(asked: Asked) -> Result<Response, ArmError> {
    set_closed(asked, false).await
}
