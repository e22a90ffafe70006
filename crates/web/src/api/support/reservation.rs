//! Asking for an exception from a reservation.

use super::name;
use super::tickets::show_ticket;
use crate::api::asked::{Asked, read};
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prorata_app::exchange;
use prorata_app::support::files::digest;
use prorata_app::support::{evidence as pack, open as job};
use prorata_wire::support as shape;
use serde_json::Value;

fn wanted(asked: shape::Asked) -> pack::Asked {
    match asked {
        shape::Asked::Refund { quantity } => pack::Asked::Refund { quantity },
        shape::Asked::Exchange(ask) => pack::Asked::Exchange(exchange::Ask {
            returns: ask
                .returns
                .into_iter()
                .map(|given| exchange::GivenUp {
                    order: given.order,
                    reservation: given.reservation,
                    quantity: given.quantity,
                })
                .collect(),
            purchases: ask.purchases,
            savings_plans: ask.savings_plans,
        }),
    }
}

pub(super) async fn evidence(asked: Asked) -> Result<Response, ArmError> {
    let (order, reservation) = (asked.order()?, asked.reservation()?);
    let wanted = wanted(read(shape::parse_asked(&asked.json().await?))?);
    let pack = asked
        .write(move |tx, app, call| job::evidence(tx, app, call, order, reservation, &wanted))
        .await?;
    let files = pack.files.iter().map(|file| shape::File {
        name: file.name,
        digest: &file.digest,
        text: &file.text,
    });
    Ok(json(StatusCode::OK, &shape::evidence(pack.refusal.as_ref(), files)))
}

pub(super) async fn open(asked: Asked) -> Result<Response, ArmError> {
    let (order, reservation) = (asked.order()?, asked.reservation()?);
    let name = name(&asked, "ticket");
    let sent = read(shape::parse(&asked.json().await?))?;
    let request = job::Request {
        asked: wanted(sent.asked),
        reason: sent.reason,
        severity: sent.severity,
        contact: sent.contact,
    };
    let opened = asked
        .write(move |tx, app, call| job::put(tx, app, call, order, reservation, &name, &request))
        .await?;
    let status = if opened.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(json(status, &show_ticket(&opened.ticket)))
}

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (order, reservation) = (asked.order()?, asked.reservation()?);
    let name = name(&asked, "ticket");
    let found =
        asked.read(move |tx, app, call| job::get(tx, app, call, order, reservation, &name)).await?;
    Ok(json(StatusCode::OK, &show_ticket(&found)))
}

pub(super) async fn file(asked: Asked) -> Result<Response, ArmError> {
    let about = (asked.order()?, asked.reservation()?);
    let (ticket, file) = (name(&asked, "ticket"), name(&asked, "file"));
    let of = file.clone();
    let bytes =
        asked.read(move |tx, app, call| job::file(tx, app, call, about, &ticket, &of)).await?;
    Ok(json(StatusCode::OK, &show_bytes(&file, &bytes)))
}

pub(super) fn show_bytes(name: &str, bytes: &[u8]) -> Value {
    shape::file(name, &digest(bytes), &STANDARD.encode(bytes))
}
