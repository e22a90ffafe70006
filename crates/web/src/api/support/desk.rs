//! What those at the desk do with tickets.

use super::communications::show_said;
use super::name;
use super::reservation::show_bytes;
use super::tickets::{query, shown};
use crate::api::asked::{Asked, read};
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::support::Ticket;
use prorata_app::support::desk::{self as job, Exception};
use prorata_domain::ids::WaiverId;
use prorata_wire::azure::support::{self as listed, communication};
use prorata_wire::support as shape;
use serde_json::{Value, json};
use uuid::Uuid;

fn show_ticket(found: &Ticket) -> Value {
    shape::ticket(&shape::Ticket {
        id: found.row.id,
        tenant: found.row.place.tenant,
        opened_by: found.row.principal.0,
        about: found.row.about,
        ticket: shown(found),
    })
}

fn show_exception(granted: &job::Granted) -> Value {
    shape::exception(&shape::Granted {
        waiver: &granted.waiver,
        order: granted.order,
        reservation: granted.reservation,
        reason: &granted.reason,
        granted_by: granted.granted_by.0,
        granted_at: granted.granted_at,
        used: granted.used,
    })
}

fn ticket(asked: &Asked) -> Result<Uuid, ArmError> {
    asked.guid("ticket", "BadRequest", "ticket", |text| {
        (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
    })
}

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    let (query, none) = query(&asked)?;
    let page = asked.read(move |tx, app, call| job::list(tx, app, call, &query)).await?;
    let rows = match none {
        true => Vec::new(),
        false => page.rows.iter().map(show_ticket).collect(),
    };
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &listed::page(rows, next)))
}

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = ticket(&asked)?;
    let case = asked.read(move |tx, app, call| job::show(tx, app, call, id)).await?;
    let row = &case.ticket.row;
    let said = case.said.iter().map(|said| show_said(row.place.subscription, &row.name, said));
    let mut body = show_ticket(&case.ticket);
    body["communications"] = said.collect();
    body["files"] = case.files.iter().map(|file| file.name.as_str()).collect();
    body["exceptions"] = case.exceptions.iter().map(show_exception).collect();
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn set_status(asked: Asked) -> Result<Response, ArmError> {
    let id = ticket(&asked)?;
    let status = read(shape::parse_status(&asked.json().await?))?;
    let found =
        asked.write(move |tx, app, call| job::set_status(tx, app, call, id, status)).await?;
    Ok(json(StatusCode::OK, &show_ticket(&found)))
}

pub(super) async fn file(asked: Asked) -> Result<Response, ArmError> {
    let (id, file) = (ticket(&asked)?, name(&asked, "file"));
    let of = file.clone();
    let bytes = asked.read(move |tx, app, call| job::file(tx, app, call, id, &of)).await?;
    Ok(json(StatusCode::OK, &show_bytes(&file, &bytes)))
}

pub(super) async fn answer(asked: Asked) -> Result<Response, ArmError> {
    let (id, under) = (ticket(&asked)?, name(&asked, "communication"));
    let message = read(communication::parse(&asked.json().await?, false))?;
    let said =
        asked.write(move |tx, app, call| job::answer(tx, app, call, id, &under, &message)).await?;
    let status = if said.is_new { StatusCode::CREATED } else { StatusCode::OK };
    let said = &said.communication;
    let body = json!({
        "id": said.id,
        "name": said.name,
        "sender": said.sender,
        "subject": said.subject,
        "body": said.body,
    });
    Ok(json(status, &body))
}

pub(super) async fn grant(asked: Asked) -> Result<Response, ArmError> {
    let ticket = ticket(&asked)?;
    let id = asked.guid("exception", "BadRequest", "exception", WaiverId::parse)?;
    let wanted = read(shape::parse_exception(&asked.json().await?))?;
    let exception = Exception {
        clauses: wanted.clauses,
        lapses_on: wanted.lapses_on,
        reason: wanted.reason,
        about: wanted.about,
    };
    let granted =
        asked.write(move |tx, app, call| job::grant(tx, app, call, ticket, id, &exception)).await?;
    Ok(json(StatusCode::OK, &show_exception(&granted)))
}
