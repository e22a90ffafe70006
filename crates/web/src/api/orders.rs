//! Looking at orders.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use crate::limits::PAGE_ROWS;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::orders::{self, PaymentStatus};
use prorata_app::{App, Call};
use prorata_domain::ids::OrderId;
use prorata_store::Tx;
use prorata_wire::azure::v2022_11_01::order as shape;
use serde_json::Value;

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.order()?;
    let with_schedule = asked.expands("schedule")?;
    let job = move |tx: &mut Tx<'_>, app: &App, call: &Call| {
        let found = orders::show(tx, app, call, id)?;
        if with_schedule {
            orders::payments_shown(tx, call, id);
        }
        Ok(found)
    };
    let found = asked.read(job).await?;
    Ok(json(StatusCode::OK, &shown(&asked, &found, with_schedule)?))
}

/// An order, with its payments where they were asked for.
pub(super) fn shown(
    asked: &Asked,
    found: &orders::View,
    with_schedule: bool,
) -> Result<Value, ArmError> {
    let view = shape::View { order: &found.order, reservations: &found.reservations };
    let now = asked.call()?.now;
    if !with_schedule {
        return Ok(shape::show(&view, now, asked.version));
    }
    let payments: Vec<shape::Payment> = found.payments.iter().map(payment).collect();
    shape::show_with_schedule(&view, &payments, now, asked.version)
        .map_err(|error| asked.problem(error.into()))
}

pub(super) fn payment(row: &orders::Payment) -> shape::Payment {
    shape::Payment {
        due: row.due,
        amount: row.amount,
        paid_at: row.paid_at,
        status: match row.status {
            PaymentStatus::Succeeded => shape::PaymentStatus::Succeeded,
            PaymentStatus::Failed => shape::PaymentStatus::Failed,
            PaymentStatus::Scheduled => shape::PaymentStatus::Scheduled,
            PaymentStatus::Cancelled => shape::PaymentStatus::Cancelled,
        },
    }
}

pub(super) async fn list(asked: Asked) -> Result<Response, ArmError> {
    let after = asked.mark(OrderId::parse)?;
    let page =
        asked.read(move |tx, app, call| orders::list(tx, app, call, after, PAGE_ROWS)).await?;
    let now = asked.call()?.now;
    let rows = page.rows.iter().map(|row| {
        let view = shape::View { order: &row.order, reservations: &row.reservations };
        shape::show(&view, now, asked.version)
    });
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), next)))
}
