//! Asking for something: what can be asked for, and asking for a refund. Exchanges and purchases
//! are asked for where they are put together.

use crate::api::settle;
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form;
use crate::portal::language::say;
use crate::portal::page::{self, Section, Shell};
use crate::portal::refund::of_units;
use crate::portal::reservation::{head, ids};
use crate::portal::words::Said;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::request::{self, Ask, NewRequest, Refund};
use prorata_app::{Error, refund, reservations};
use prorata_domain::ids::RequestId;

/// Asking for a refund, or, without a reservation, what can be asked for.
#[derive(Debug, Template)]
#[template(path = "request_new.html")]
pub struct NewRequestPage {
    pub shell: Shell,
    pub of: Option<Of>,
}

/// A refund that is asked for.
#[derive(Debug, Clone)]
pub struct Of {
    /// The reservation, as the form brings it back.
    pub path: String,
    pub name: String,
    pub product: String,
    pub held: Said,
    pub quantity: String,
    pub comment: String,
    pub fault: Option<String>,
    /// An id for the request, so that a form sent twice asks once.
    pub id: String,
}

pub async fn ask(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        if !query.has("of") {
            let shell = desk.shell(say("ask-heading"), Section::Requests);
            return Ok(page::answer(StatusCode::OK, &NewRequestPage { shell, of: None }));
        }
        let typed = query.has("quantity").then(|| query.one("quantity"));
        let form = Filled { of: query.one("of"), typed, ..Filled::default() };
        asking(&desk, form, StatusCode::OK).await
    };
    desk.settle(answer.await)
}

/// The form as it was filled in so far.
#[derive(Debug, Default)]
struct Filled {
    of: String,
    typed: Option<String>,
    comment: String,
    fault: Option<String>,
    /// The id that the form brought back.
    id: Option<RequestId>,
}

async fn asking(desk: &Desk, form: Filled, status: StatusCode) -> Result<Response, Error> {
    let (order, reservation) = form.of.split_once('/').unwrap_or_default();
    let (order, reservation) = ids(order, reservation)?;
    let call = desk.call();
    let (order, held) =
        desk.read(move |tx, app| reservations::show(tx, app, &call, order, reservation)).await?;
    let head = head(desk.app(), &order, &held, true);
    let id = form.id.unwrap_or_else(|| RequestId(uuid::Uuid::new_v4()));
    let page = NewRequestPage {
        shell: desk.shell(say("ask-refund-heading"), Section::Requests),
        of: Some(Of {
            path: format!("{}/{}", order.id, held.id),
            name: head.name,
            product: head.product,
            held: of_units("refund-held", held.quantity),
            quantity: form.typed.unwrap_or_else(|| held.quantity.to_string()),
            comment: form.comment,
            fault: form.fault,
            id: id.to_string(),
        }),
    };
    Ok(page::answer(status, &page))
}

/// Drafts and submits what was asked for, and leads to it.
pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let of = fields.one("of");
        let (order, reservation) = of.split_once('/').unwrap_or_default();
        let (order, reservation) = ids(order, reservation)?;
        let comment = fields.one("comment");
        let id = RequestId::parse(&fields.one("id"));
        let quantity = match form::quantity(&fields.one("quantity"), u32::MAX) {
            Ok(quantity) => quantity,
            Err(fault) => {
                let (typed, fault) = (Some(fields.one("quantity")), Some(fault));
                let form = Filled { of, typed, comment, fault, id };
                return asking(&desk, form, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        };
        let ask = refund::Ask { order, reservation, quantity };
        let ask = Ask::Refund(Refund { ask, reason: comment.clone() });
        begin(&desk, NewRequest { id, ask, on_behalf_of: None, comment }).await
    };
    desk.settle(answer.await)
}

/// Drafts a request and submits it, where it can be done as it stands; leads to it.
pub async fn begin(desk: &Desk, new: NewRequest) -> Result<Response, Error> {
    let call = desk.call();
    let drafted =
        desk.app().deed_async(move |tx, app| request::draft(tx, app, &call, &new)).await?;
    let id = drafted.row.id;
    if drafted.may.submit {
        let call = desk.call();
        desk.app().deed_async(move |tx, app| request::submit(tx, app, &call, id)).await?;
        settle(desk.app()).await?;
    }
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}
