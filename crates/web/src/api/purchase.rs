//! Pricing and buying.

use super::asked::{Asked, read};
use super::problem;
use crate::arm::{ArmError, accepted, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::purchase;
use prorata_wire::azure::order_id;
use prorata_wire::azure::v2022_11_01::{order, purchase as shape};

/// Seconds after which the real service wants to be asked about an order again.
pub(super) const ORDER_SECONDS: u32 = 120;

pub(super) async fn quote(asked: Asked) -> Result<Response, ArmError> {
    let request = read(shape::parse(&asked.json().await?, asked.version))?;
    let wanted = request.clone();
    let quoted = asked.write(move |tx, app, call| purchase::quote(tx, app, call, &wanted)).await?;
    let book = &asked.app().book;
    if let Some(refusal) = &quoted.decision.refusal {
        // The answer to a price has no member for policies, so a refusal is an error.
        return Err(problem::refusal(book, refusal, &quoted.decision.findings));
    }
    let Some(plan) = quoted.decision.plan() else {
        let why = "a price that was not refused has no plan".to_owned();
        return Err(asked.problem(prorata_app::Error::Broken(why)));
    };
    let shown = shape::Quote {
        order: quoted.order,
        request: &request,
        account: &quoted.account,
        decision: &quoted.decision,
        plan,
    };
    Ok(json(StatusCode::OK, &shape::quote(book, &shown)))
}

pub(super) async fn buy(asked: Asked) -> Result<Response, ArmError> {
    let id = asked.order()?;
    let request = read(shape::parse(&asked.json().await?, asked.version))?;
    let placed =
        asked.write(move |tx, app, call| purchase::buy(tx, app, call, id, &request)).await?;
    let body =
        order::placed(&order::View { order: &placed.order, reservations: &placed.reservations });
    let location = asked.url(&order_id(id));
    Ok(accepted(Some(body), location, None, asked.retry_after(ORDER_SECONDS)))
}
