//! Pricing an exchange, making it, and the operation that both are polled by.

use super::asked::{Asked, read};
use super::problem;
use crate::arm::{ArmError, accepted, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::exchange::{self, Stage};
use prorata_domain::ids::SessionId;
use prorata_domain::term::utc_day;
use prorata_domain::trade_in::comparison;
use prorata_wire::azure::billing_benefits::trade_in;
use prorata_wire::azure::operation_result_id;
use prorata_wire::azure::v2022_11_01::{exchange as shape, refused};

/// Seconds after which the real service wants to be asked about an operation again.
const OPERATION_SECONDS: u32 = 5;

pub(super) async fn quote(asked: Asked) -> Result<Response, ArmError> {
    let wanted = read(shape::parse_ask(&asked.json().await?, asked.version))?;
    let given_up = |given: shape::GivenUp| exchange::GivenUp {
        order: given.order,
        reservation: given.reservation,
        quantity: given.quantity,
    };
    let ask = exchange::Ask {
        returns: wanted.returns.into_iter().map(given_up).collect(),
        purchases: wanted.purchases,
        savings_plans: wanted.savings_plans,
    };
    let quoted = asked.write(move |tx, app, call| exchange::quote(tx, app, call, &ask)).await?;
    let decision = &quoted.decision;
    if let Some(refusal) = &decision.refusal
        && (decision.proposal.is_none() || !refused::is_policy(refusal.clause))
    {
        // It is about the request itself: there are no amounts to be shown with it.
        return Err(problem::refusal(&asked.app().book, refusal, &decision.findings));
    }
    Ok(begun(&asked, quoted.session))
}

pub(super) async fn execute(asked: Asked) -> Result<Response, ArmError> {
    let session = read(shape::parse_session(&asked.json().await?))?;
    let done = asked.write(move |tx, app, call| exchange::execute(tx, app, call, session)).await?;
    Ok(begun(&asked, done.session))
}

/// 202 without a body; the operation's id is the session's.
fn begun(asked: &Asked, session: SessionId) -> Response {
    let url = asked.url(&operation_result_id(session));
    accepted(None, url.clone(), Some(url), asked.retry_after(OPERATION_SECONDS))
}

/// The quote of a session until its exchange was asked for, then the exchange. It is final at once:
/// what was decided is on disk before the 202 is sent.
pub(super) async fn result(asked: Asked) -> Result<Response, ArmError> {
    let session = asked.operation()?;
    let operation =
        asked.read(move |tx, app, call| exchange::operation(tx, app, call, session)).await?;
    let book = &asked.app().book;
    let decision = &operation.decision;
    let refused = operation.refused.as_ref().or(match decision.proposal {
        Some(_) => None,
        None => decision.refusal.as_ref(),
    });
    if let Some(refusal) = refused {
        let failed = shape::failed(book, session, refusal, Some(decision));
        return Ok(json(StatusCode::OK, &failed));
    }
    let Some(plan) = &decision.proposal else {
        let why = "an exchange that was not refused has no plan".to_owned();
        return Err(asked.problem(prorata_app::Error::Broken(why)));
    };
    let shown = shape::Exchange {
        session,
        purchases: &operation.ask.purchases,
        savings_plans: &operation.ask.savings_plans,
        facts: &operation.facts,
        decision,
        plan,
    };
    let bought = shape::Bought {
        reservations: &operation.bought.reservations,
        savings_plans: &operation.bought.savings_plans,
    };
    let body = match operation.stage {
        Stage::Quote => shape::quoted(book, &shown, asked.version),
        Stage::Exchange => shape::done(book, &shown, &bought, asked.version),
    };
    let mut body = body.map_err(|error| asked.problem(error.into()))?;
    if operation.stage == Stage::Quote && shown.purchases.is_empty() {
        let today = utc_day(asked.call()?.now);
        let told = comparison::compare(&operation.facts, plan, comparison::rates(), today)
            .map_err(|error| asked.problem(error.into()))?;
        if let Some(told) = told {
            body["comparison"] = trade_in::comparison(&told);
        }
    }
    Ok(json(StatusCode::OK, &body))
}
