//! Tickets.

use super::{OPERATION_SECONDS, PAGE_MAX, name, subscription, top};
use crate::api::asked::{Asked, read, read_one};
use crate::arm::{ArmError, accepted, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::support::{self as job, Query, Ticket, read_mark};
use prorata_domain::ids::SubscriptionId;
use prorata_wire::azure::support::{self as shape, NameKind, filter, ticket};
use serde_json::Value;
use uuid::Uuid;

/// Rows of a page where the caller does not say.
const PAGE: usize = 25;

/// A ticket, as far as it is shown.
pub(super) fn shown(found: &Ticket) -> ticket::Ticket<'_> {
    ticket::Ticket {
        subscription: found.row.place.subscription,
        name: &found.row.name,
        number: &found.row.number,
        status: found.status(),
        created_at: found.row.created_at,
        modified_at: found.row.modified_at,
        content: &found.content,
    }
}

pub(super) fn show_ticket(found: &Ticket) -> Value {
    ticket::show(&shown(found))
}

pub(super) async fn check_name(asked: Asked) -> Result<Response, ArmError> {
    let at = subscription(&asked)?;
    let wanted = read(shape::parse_name(&asked.json().await?, NameKind::Ticket))?;
    let free = asked.read(move |tx, _, call| job::is_free(tx, call, at, &wanted)).await?;
    Ok(json(StatusCode::OK, &shape::availability(&free)))
}

pub(super) async fn open(asked: Asked) -> Result<Response, ArmError> {
    let (at, name) = (subscription(&asked)?, name(&asked, "ticket"));
    let content = read(ticket::parse(&asked.json().await?))?;
    let opened =
        asked.write(move |tx, app, call| job::put(tx, app, call, at, &name, &content)).await?;
    if opened.is_new {
        return Ok(begun(&asked, at, opened.ticket.row.id));
    }
    Ok(json(StatusCode::OK, &show_ticket(&opened.ticket)))
}

/// 202 without a body, and where to ask how it goes; it is done already.
pub(super) fn begun(asked: &Asked, at: Option<SubscriptionId>, operation: Uuid) -> Response {
    let result = asked.url(&shape::operation_result_id(at, operation));
    let status = asked.url(&shape::operation_status_id(at, operation));
    accepted(None, result, Some(status), asked.retry_after(OPERATION_SECONDS))
}

pub(super) async fn operation(asked: Asked) -> Result<Response, ArmError> {
    let at = subscription(&asked)?;
    let id = asked.operation()?.0;
    asked.read(move |tx, app, call| job::operation(tx, app, call, at, id)).await?;
    Ok(json(StatusCode::OK, &shape::operation_done(at, id)))
}

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (at, name) = (subscription(&asked)?, name(&asked, "ticket"));
    let found = asked.read(move |tx, app, call| job::get(tx, app, call, at, &name)).await?;
    Ok(json(StatusCode::OK, &show_ticket(&found)))
}

pub(super) async fn update(asked: Asked) -> Result<Response, ArmError> {
    let (at, name) = (subscription(&asked)?, name(&asked, "ticket"));
    let change = read(ticket::parse_change(&asked.json().await?))?;
    let found =
        asked.write(move |tx, app, call| job::update(tx, app, call, at, &name, &change)).await?;
    Ok(json(StatusCode::OK, &show_ticket(&found)))
}

/// What the query wants of a list of tickets, and whether that can be any.
pub(super) fn query(asked: &Asked) -> Result<(Query, bool), ArmError> {
    let wanted = read_one(filter::parse_tickets(asked.option("$filter")))?;
    let query = Query {
        status: wanted.status,
        service: wanted.service,
        problem: wanted.problem,
        since: wanted.since,
        after: asked.mark(read_mark)?,
        limit: top(asked, PAGE, PAGE_MAX)?,
    };
    Ok((query, wanted.none))
}

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    let at = subscription(&asked)?;
    let (query, none) = query(&asked)?;
    let page = asked.read(move |tx, app, call| job::list(tx, app, call, at, &query)).await?;
    if none {
        return Ok(json(StatusCode::OK, &shape::page(Vec::new(), None)));
    }
    let rows = page.rows.iter().map(show_ticket).collect();
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}
