//! An exchange in three steps: return, purchase, review. Then the result.
//!
//! The first two steps are kept in the form alone. The review asks what it comes to and keeps
//! the quote; carrying it out names the quote's session, so a form sent twice exchanges once.

mod act;
mod balance;
mod basket;
mod draft;
mod outcome;
mod purchase_step;
mod result;
mod return_step;
mod review_step;
mod ways;

#[cfg(test)]
pub use balance::{Balance, Scale, TopUp};
#[cfg(test)]
pub use basket::Line;
#[cfg(test)]
pub use draft::{Hidden, WantFaults};
#[cfg(test)]
pub use outcome::{Bought, BoughtValue, Outcome, Returned, ReturnedValue, Totals};
#[cfg(test)]
pub use purchase_step::PurchasePage;
pub use result::result;
#[cfg(test)]
pub use result::{ExchangeProgressPage, ExchangeResultPage};
#[cfg(test)]
pub use return_step::{Brings, GiveRow, ReturnPage, Sum, Used, Why};
#[cfg(test)]
pub use review_step::{ReviewPage, Say};
#[cfg(test)]
pub use ways::{Cell, Link, Way};

use super::desk::{Asked, Desk, Posted};
use super::form::Fields;
use super::language::{say, say_with};
use super::words;
use act::{Act, Field, Fill};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use draft::{Draft, Give, READ_MAX};
use prorata_app::request::{Ask, NewRequest};
use prorata_app::{Error, exchange};
use prorata_domain::ids::{RequestId, SessionId};
use prorata_domain::policy::ClauseId;
use std::time::Duration;

/// How long an exchange is waited for before its progress is shown instead.
const PATIENCE: Duration = Duration::from_secs(3);

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    // A link from a reservation's page or from a list names some; all of their units are filled in,
    // and nothing else is shown at first.
    let gives = query.all("give");
    let gives: Vec<Give> =
        gives.iter().filter_map(|path| Give::read(path, String::new())).take(READ_MAX).collect();
    let (only, filter) = (!gives.is_empty(), query.one("filter"));
    let draft = Draft { gives, only, filter, ..Draft::default() };
    let fill = only.then_some(Fill::All);
    desk.settle(return_step::page(&desk, draft, fill).await)
}

pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    desk.settle(step(&desk, &fields).await)
}

async fn step(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    let mut draft = Draft::read(fields);
    match Act::read(&fields.one("act")) {
        Act::Return => return_step::page(desk, draft, None).await,
        Act::Others => {
            draft.only = false;
            return_step::page(desk, draft, None).await
        }
        Act::Fill(fill) => return_step::page(desk, draft, Some(fill)).await,
        Act::StepGive(row, more) => {
            let held = fields.all("give-held").get(row).and_then(|held| held.parse().ok());
            if let Some(give) = draft.gives.get_mut(row) {
                give.quantity = basket::stepped(&give.quantity, more, 0, held.unwrap_or(u32::MAX));
            }
            return_step::page(desk, draft, None).await
        }
        Act::StepWant(row, more) => {
            basket::step(&mut draft, row, more);
            purchase(desk, draft).await
        }
        Act::Purchase => purchase(desk, draft).await,
        Act::Add(product) => {
            basket::add(&mut draft, product);
            purchase(desk, draft).await
        }
        Act::From(skip) => {
            draft.search.get_or_insert_default().skip = skip;
            purchase(desk, draft).await
        }
        Act::RemoveRow(row) => {
            if row < draft.wants.len() {
                draft.wants.remove(row);
            }
            purchase(desk, draft).await
        }
        Act::Look => purchase(desk, draft).await,
        Act::Swap => {
            purchase_step::swap(desk, &mut draft).await?;
            purchase(desk, draft).await
        }
        Act::Set { row, field, value } => {
            set(&mut draft, row, field, value);
            changed(desk, draft, fields).await
        }
        Act::Reduce { row, to } => {
            let row = draft.given().nth(row).map(|give| give.reservation);
            for give in &mut draft.gives {
                if Some(give.reservation) == row {
                    give.quantity = to.to_string();
                }
            }
            changed(desk, draft, fields).await
        }
        Act::Review => review(desk, draft).await,
        Act::Execute => execute(desk, draft, fields).await,
        Act::Ask => ask_for_approval(desk, draft, fields).await,
    }
}

/// A button of the review leads back to it, one of the purchase step stays there.
async fn changed(desk: &Desk, draft: Draft, fields: &Fields) -> Result<Response, Error> {
    match fields.one("step").as_str() {
        "review" => review(desk, draft).await,
        _ => purchase(desk, draft).await,
    }
}

fn set(draft: &mut Draft, row: usize, field: Field, value: String) {
    let Some(want) = draft.wants.get_mut(row) else { return };
    match field {
        Field::ResourceType => want.resource_type = value,
        Field::Sku => want.sku = value,
        Field::Location => want.location = value,
        Field::Term => want.term = value,
        Field::Plan => want.plan = value,
        Field::Quantity => want.quantity = value,
    }
}

/// The purchase step, or the return step again where that is not right yet.
async fn purchase(desk: &Desk, draft: Draft) -> Result<Response, Error> {
    match return_step::check(desk, &draft).await? {
        Some(faulty) => return_step::again(desk, draft, faulty).await,
        None => purchase_step::page(desk, draft, purchase_step::Say::Nothing, StatusCode::OK).await,
    }
}

/// The review, or the step that is not right yet.
async fn review(desk: &Desk, draft: Draft) -> Result<Response, Error> {
    if let Some(faulty) = return_step::check(desk, &draft).await? {
        return return_step::again(desk, draft, faulty).await;
    }
    let Some(ask) = draft.ask(&desk.app().catalog).filter(|ask| !ask.purchases.is_empty()) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return purchase_step::page(desk, draft, purchase_step::Say::Faults, status).await;
    };
    review_step::page(desk, draft, ask, review_step::Say::default(), StatusCode::OK).await
}

/// Carries the quote out, and leads to the result.
async fn execute(desk: &Desk, draft: Draft, fields: &Fields) -> Result<Response, Error> {
    let session = SessionId::parse(&fields.one("session"));
    let (Some(session), true) = (session, fields.has("confirmed")) else {
        let say = review_step::Say {
            confirmed: Some(say("exchange-fault-confirm").into_owned()),
            alert: None,
        };
        return again(desk, draft, say, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (app, call) = (desk.app().clone(), desk.call());
    // It is carried out to its end, also when whoever sent it does not wait for the answer.
    let deed = tokio::spawn(async move {
        app.deed_async(move |tx, app| exchange::execute(tx, app, &call, session)).await
    });
    let Ok(made) = tokio::time::timeout(PATIENCE, deed).await else {
        return Ok(Redirect::to(&result::progress_path(session)).into_response());
    };
    let made = made.map_err(|error| Error::Broken(format!("an exchange ended early: {error}")))?;
    match made {
        Ok(_) => Ok(Redirect::to(&format!("/exchange/{session}")).into_response()),
        Err(Error::Refused(refused)) if refused.refusal.clause == ClauseId::Session => {
            let why = words::uncapital(&words::reason(&refused.refusal));
            let alert = say_with("exchange-session-gone", [("why", why.into())]).into_owned();
            let say = review_step::Say { alert: Some(alert), confirmed: None };
            again(desk, draft, say, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// Asks others to approve the exchange, under the quote's id, so that a form sent twice asks once.
async fn ask_for_approval(desk: &Desk, draft: Draft, fields: &Fields) -> Result<Response, Error> {
    let Some(ask) = draft.ask(&desk.app().catalog) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return purchase_step::page(desk, draft, purchase_step::Say::Faults, status).await;
    };
    let new = NewRequest {
        id: RequestId::parse(&fields.one("session")),
        ask: Ask::Exchange(ask),
        on_behalf_of: None,
        comment: fields.one("comment"),
    };
    super::requests::begin(desk, new).await
}

/// The review again, with a fresh quote of the same draft.
async fn again(
    desk: &Desk,
    draft: Draft,
    say: review_step::Say,
    status: StatusCode,
) -> Result<Response, Error> {
    match draft.ask(&desk.app().catalog) {
        Some(ask) => review_step::page(desk, draft, ask, say, status).await,
        None => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            purchase_step::page(desk, draft, purchase_step::Say::Faults, status).await
        }
    }
}
