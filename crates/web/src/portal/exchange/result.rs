//! What became of an exchange.

use super::outcome::Outcome;
use crate::portal::desk::Desk;
use crate::portal::listing;
use crate::portal::page::{self, Section, Shell};
use crate::portal::proof::Suggestion;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::exchange::{self, Operation, Stage};
use prorata_domain::ids::SessionId;

#[derive(Debug, Template)]
#[template(path = "exchange_result.html")]
pub struct ExchangeResultPage {
    pub shell: Shell,
    pub operation: String,
    pub outcome: Outcome,
}

pub async fn result(desk: Desk, Path(session): Path<String>) -> Response {
    desk.settle(result_of(&desk, &session).await)
}

async fn result_of(desk: &Desk, session: &str) -> Result<Response, Error> {
    let absent =
        || Error::Absent { what: "exchange at this address".to_owned(), code: "ResourceNotFound" };
    let session = SessionId::parse(session).ok_or_else(absent)?;
    let call = desk.call();
    let found =
        desk.app().read_async(move |tx, app| exchange::operation(tx, app, &call, session)).await;
    let operation = found.map_err(|error| match error {
        Error::Absent { .. } => absent(),
        other => other,
    })?;
    if operation.stage == Stage::Quote {
        // Nothing has become of it yet; its form is where it was shown.
        return Ok(Redirect::to("/exchange").into_response());
    }
    Ok(page::answer(StatusCode::OK, &build(desk, &operation)?))
}

fn build(desk: &Desk, operation: &Operation) -> Result<ExchangeResultPage, Error> {
    let quantities: Vec<u32> = operation.ask.returns.iter().map(|given| given.quantity).collect();
    let mut outcome = Outcome::new(
        desk.app(),
        &operation.facts,
        &quantities,
        &operation.ask.purchases,
        &operation.decision,
        operation.refused.as_ref(),
        |repair| vec![Suggestion::told(repair)],
    )?;
    for (row, (order, reservation)) in
        outcome.purchases.iter_mut().zip(&operation.bought.reservations)
    {
        row.href = Some(listing::path(*order, *reservation));
    }
    let title = if outcome.refused.is_some() { "Exchange refused" } else { "Exchange made" };
    Ok(ExchangeResultPage {
        shell: desk.shell(title, Section::Exchange),
        operation: operation.session.to_string(),
        outcome,
    })
}
