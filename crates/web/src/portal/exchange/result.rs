//! What became of an exchange.

use super::draft::{Draft, Hidden};
use super::outcome::Outcome;
use crate::portal::desk::{Asked, Desk};
use crate::portal::language::say;
use crate::portal::listing;
use crate::portal::page::{self, Section, Shell};
use crate::portal::proof::Suggestion;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use prorata_app::Error;
use prorata_app::exchange::{self, Operation, Stage};
use prorata_domain::ids::SessionId;

#[derive(Debug, Template)]
#[template(path = "exchange_result.html")]
pub struct ExchangeResultPage {
    pub shell: Shell,
    pub operation: String,
    pub outcome: Outcome,
    /// What was refused, for the form that asks for it again.
    pub hidden: Vec<Hidden>,
}

/// An exchange that was sent and of which nothing is recorded yet.
#[derive(Debug, Template)]
#[template(path = "exchange_progress.html")]
pub struct ExchangeProgressPage {
    pub shell: Shell,
    pub session: String,
    /// Whether it may still be recorded; else it was not made.
    pub running: bool,
}

/// How long an exchange may take until it is said that it was not made.
const RUNS_SECONDS: i64 = 60;

/// Whether an exchange that was sent at one second may still run at another.
fn may_run(sent: i64, now: i64) -> bool {
    (0..RUNS_SECONDS).contains(&(now - sent))
}

/// Where the progress of an exchange that is sent now is shown, and its result.
pub fn progress_path(session: SessionId) -> String {
    format!("/exchange/{session}?sent={}", Timestamp::now().as_second())
}

pub async fn result(desk: Desk, Path(session): Path<String>, Asked(query): Asked) -> Response {
    desk.settle(result_of(&desk, &session, query.one("sent").parse().ok()).await)
}

async fn result_of(desk: &Desk, session: &str, sent: Option<i64>) -> Result<Response, Error> {
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
    if let (Stage::Quote, Some(sent)) = (operation.stage, sent) {
        let page = ExchangeProgressPage {
            shell: desk.shell(say("exchange-progress-title"), Section::Exchange),
            session: session.to_string(),
            running: may_run(sent, Timestamp::now().as_second()),
        };
        return Ok(page::answer(StatusCode::OK, &page));
    }
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
    let title = match outcome.refused {
        Some(_) => say("exchange-refused-title"),
        None => say("exchange-made-title"),
    };
    let mut hidden = Vec::new();
    if outcome.refused.is_some() {
        // Nothing of it happens, and nothing of what was chosen is lost.
        outcome.happens.clear();
        if let Some(draft) = Draft::of(&operation.ask) {
            hidden = draft.hidden_gives();
            hidden.extend(draft.hidden_wants());
        }
    }
    Ok(ExchangeResultPage {
        shell: desk.shell(title, Section::Exchange),
        operation: operation.session.to_string(),
        outcome,
        hidden,
    })
}

#[cfg(test)]
mod tests {
    use super::may_run;

    #[test]
    fn an_exchange_runs_for_a_minute_and_not_before_it_was_sent() {
        assert!(may_run(1_000, 1_000) && may_run(1_000, 1_059));
        assert!(!may_run(1_000, 1_060) && !may_run(1_000, 999));
    }
}
