//! Looking at orders.

use super::asked::Asked;
use crate::arm::{ArmError, json};
use crate::limits::PAGE_ROWS;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::orders::{self, PaymentStatus};
use prorata_domain::ids::OrderId;
use prorata_wire::azure::v2022_11_01::order as shape;

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.order()?;
    let with_schedule = asked.expands("schedule")?;
    let found = asked.read(move |tx, app, call| orders::show(tx, app, call, id)).await?;
    let view = shape::View { order: &found.order, reservations: &found.reservations };
    let now = asked.call()?.now;
    if !with_schedule {
        return Ok(json(StatusCode::OK, &shape::show(&view, now, asked.version)));
    }
    let payments: Vec<shape::Payment> = found.payments.iter().map(payment).collect();
    let body = shape::show_with_schedule(&view, &payments, now, asked.version)
        .map_err(|error| asked.problem(error.into()))?;
    Ok(json(StatusCode::OK, &body))
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
    let after = match asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()) {
        None => None,
        Some(mark) => Some(OrderId::parse(mark).ok_or_else(|| {
            let message = "`$skiptoken` is not one that a next link gave; start at the first page.";
            ArmError::bad_request("BadRequest", message).with_target("$skiptoken")
        })?),
    };
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
