//! An exchange in three steps: return, purchase, review. Then the result.
//!
//! The first two steps are kept in the form alone. The review asks what it comes to and keeps
//! the quote; carrying it out names the quote's session, so a form sent twice exchanges once.

mod draft;
mod outcome;
mod purchase_step;
mod result;
mod return_step;
mod review_step;

#[cfg(test)]
pub use draft::{Hidden, WantFaults};
#[cfg(test)]
pub use outcome::{Bought, BoughtValue, Outcome, Returned, ReturnedValue, Totals};
#[cfg(test)]
pub use purchase_step::{OnSale, PurchasePage, WantRow};
#[cfg(test)]
pub use result::ExchangeResultPage;
pub use result::result;
#[cfg(test)]
pub use return_step::{GiveRow, ReturnPage};
#[cfg(test)]
pub use review_step::{ReviewPage, Say};

use super::desk::{Asked, Desk, Posted};
use super::form::Fields;
use super::words;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use draft::{Act, Draft, Field, Give};
use prorata_app::request::{Ask, NewRequest};
use prorata_app::{Error, exchange};
use prorata_domain::ids::{RequestId, SessionId};
use prorata_domain::policy::ClauseId;

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    // A link from a reservation's page names it; all of its units are filled in at first.
    let gives = query.all("give");
    let gives = gives.iter().filter_map(|path| Give::read(path, String::new())).collect();
    let draft = Draft { gives, ..Draft::default() };
    let answer = return_step::page(&desk, draft, return_step::Fill::Named, StatusCode::OK).await;
    desk.settle(answer)
}

pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    desk.settle(step(&desk, &fields).await)
}

async fn step(desk: &Desk, fields: &Fields) -> Result<Response, Error> {
    let mut draft = Draft::read(fields);
    match Act::read(&fields.one("act")) {
        Act::Return => {
            return_step::page(desk, draft, return_step::Fill::AsTyped, StatusCode::OK).await
        }
        Act::FillAll => {
            return_step::page(desk, draft, return_step::Fill::All, StatusCode::OK).await
        }
        Act::Purchase => purchase(desk, draft).await,
        Act::Add(product) => {
            purchase_step::add(&mut draft, product);
            purchase(desk, draft).await
        }
        Act::From(skip) => {
            draft.search.get_or_insert_default().skip = skip;
            purchase(desk, draft).await
        }
        Act::RemoveRow(row) => {
            if row < draft.wants.len() && draft.wants.len() > 1 {
                draft.wants.remove(row);
            }
            purchase(desk, draft).await
        }
        Act::Look => purchase(desk, draft).await,
        Act::Set { row, field, value } => {
            set(&mut draft, row, field, value);
            // A button of the review leads back to it, one of the purchase step stays there.
            if fields.one("step") == "review" {
                review(desk, draft).await
            } else {
                purchase(desk, draft).await
            }
        }
        Act::Reduce { row, to } => {
            let row = draft.given().nth(row).map(|give| give.reservation);
            for give in &mut draft.gives {
                if Some(give.reservation) == row {
                    give.quantity = to.to_string();
                }
            }
            review(desk, draft).await
        }
        Act::Review => review(desk, draft).await,
        Act::Execute => execute(desk, draft, fields).await,
        Act::Ask => ask_for_approval(desk, draft, fields).await,
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
            confirmed: Some("Tick the box: an exchange cannot be undone.".to_owned()),
            alert: None,
        };
        return again(desk, draft, say, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let call = desk.call();
    let made =
        desk.app().deed_async(move |tx, app| exchange::execute(tx, app, &call, session)).await;
    match made {
        Ok(_) => Ok(Redirect::to(&format!("/exchange/{session}")).into_response()),
        Err(Error::Refused(refused)) if refused.refusal.clause == ClauseId::Session => {
            let why = words::uncapital(&words::reason(&refused.refusal));
            let alert = format!("Nothing was exchanged: {why} Below is a fresh quote.");
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
