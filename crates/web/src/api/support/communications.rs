//! What is said about tickets.

use super::tickets::begun;
use super::{name, subscription, top};
use crate::api::asked::{Asked, read, read_one};
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::support::communications::{self as job, Query};
use prorata_app::support::{self, read_mark};
use prorata_domain::ids::SubscriptionId;
use prorata_wire::azure::support::{self as shape, NameKind, communication, filter};
use serde_json::Value;

/// Rows of a page, and the most of them.
const PAGE: usize = 10;

pub(super) fn show_said(
    at: Option<SubscriptionId>,
    ticket: &str,
    said: &job::Communication,
) -> Value {
    communication::show(&communication::Communication {
        subscription: at,
        ticket,
        name: &said.name,
        direction: &said.direction,
        sender: &said.sender,
        subject: &said.subject,
        body: &said.body,
        at: said.at,
    })
}

pub(super) async fn check_name(asked: Asked) -> Result<Response, ArmError> {
    let (at, ticket) = (subscription(&asked)?, name(&asked, "ticket"));
    let wanted = read(shape::parse_name(&asked.json().await?, NameKind::Communication))?;
    let free = asked.read(move |tx, _, call| job::is_free(tx, call, at, &ticket, &wanted)).await?;
    Ok(json(StatusCode::OK, &shape::availability(&free)))
}

pub(super) async fn say(asked: Asked) -> Result<Response, ArmError> {
    let (at, ticket) = (subscription(&asked)?, name(&asked, "ticket"));
    let under = name(&asked, "communication");
    let message = read(communication::parse(&asked.json().await?, true))?;
    let of = ticket.clone();
    let said = asked
        .write(move |tx, app, call| job::put(tx, app, call, at, &of, &under, &message))
        .await?;
    if said.is_new {
        return Ok(begun(&asked, at, said.communication.id));
    }
    Ok(json(StatusCode::OK, &show_said(at, &ticket, &said.communication)))
}

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (at, ticket) = (subscription(&asked)?, name(&asked, "ticket"));
    let (of, under) = (ticket.clone(), name(&asked, "communication"));
    let said = asked.read(move |tx, app, call| job::get(tx, app, call, at, &of, &under)).await?;
    Ok(json(StatusCode::OK, &show_said(at, &ticket, &said)))
}

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    let (at, ticket) = (subscription(&asked)?, name(&asked, "ticket"));
    let wanted = read_one(filter::parse_communications(asked.option("$filter")))?;
    let query = Query {
        since: wanted.since,
        by_phone: wanted.by_phone,
        after: asked.mark(read_mark)?,
        limit: top(&asked, PAGE, PAGE)?,
    };
    let of = ticket.clone();
    let page = asked.read(move |tx, app, call| job::list(tx, app, call, at, &of, &query)).await?;
    let rows = page.rows.iter().map(|said| show_said(at, &ticket, said)).collect();
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

/// Nobody chats here, so there is nothing written down of it.
pub(super) async fn chats(asked: Asked) -> Result<Response, ArmError> {
    let (at, ticket) = (subscription(&asked)?, name(&asked, "ticket"));
    asked.read(move |tx, app, call| support::get(tx, app, call, at, &ticket)).await?;
    Ok(json(StatusCode::OK, &shape::page(Vec::new(), None)))
}

pub(super) async fn chat(asked: Asked) -> Result<Response, ArmError> {
    let (at, ticket) = (subscription(&asked)?, name(&asked, "ticket"));
    asked.read(move |tx, app, call| support::get(tx, app, call, at, &ticket)).await?;
    let message = "There is no such chat transcript: nobody chats here.";
    Err(ArmError::not_found("ResourceNotFound", message))
}
