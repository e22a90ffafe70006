//! Pricing a return, and returning.

use super::asked::{Asked, read};
use super::problem;
use super::purchase::ORDER_SECONDS;
use crate::arm::{ArmError, accepted, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::refund;
use prorata_wire::azure::order_id;
use prorata_wire::azure::v2022_11_01::{refund as shape, refused};

pub(super) async fn quote(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let wanted = read(shape::parse_ask(&asked.json().await?, order))?;
    let ask = refund::Ask { order, reservation: wanted.reservation, quantity: wanted.quantity };
    let quoted = asked.write(move |tx, app, call| refund::quote(tx, app, call, &ask)).await?;
    let book = &asked.app().book;
    let decision = &quoted.decision;
    let shown = match (&decision.proposal, &decision.refusal) {
        (Some(plan), None) => plan,
        (Some(plan), Some(refusal)) if refused::is_policy(refusal.clause) => plan,
        (_, Some(refusal)) => return Err(problem::refusal(book, refusal, &decision.findings)),
        (None, None) => {
            let why = "a return that was not refused has no plan".to_owned();
            return Err(asked.problem(prorata_app::Error::Broken(why)));
        }
    };
    let body = shape::quote(book, quoted.session, &quoted.held, decision, shown)
        .map_err(|error| asked.problem(error.into()))?;
    Ok(json(StatusCode::OK, &body))
}

pub(super) async fn give_back(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let wanted = read(shape::parse_deed(&asked.json().await?, order))?;
    let deed = refund::Deed {
        order,
        session: wanted.session,
        reservation: wanted.returned.reservation,
        quantity: wanted.returned.quantity,
        reason: wanted.reason,
    };
    let done = asked.write(move |tx, app, call| refund::give_back(tx, app, call, &deed)).await?;
    let body = shape::done(done.session, &done.held, &done.plan)
        .map_err(|error| asked.problem(error.into()))?;
    let location = asked.url(&order_id(order));
    Ok(accepted(Some(body), location, None, asked.retry_after(ORDER_SECONDS)))
}
