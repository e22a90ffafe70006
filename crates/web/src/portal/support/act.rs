//! What is done with a ticket from its page: answering, closing and opening again, and granting an
//! exception.

use super::ticket::{Answer, Filled, Grant, grant, id, page};
use crate::portal::desk::{Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::say;
use crate::portal::reservation::ids;
use crate::portal::trouble;
use crate::portal::words::{self, Said as Text};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::support::case;
use prorata_app::support::desk::{self as at_desk, Exception};
use prorata_domain::ids::WaiverId;
use prorata_domain::policy::ClauseId;
use prorata_domain::support::{Message, Status, ticket::TEXT_MAX, ticket::TITLE_MAX};
use uuid::Uuid;

/// The most letters of the reason of an exception.
const REASON_MAX: usize = 4_000;

pub async fn submit(Path(ticket): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let ticket = id(&ticket)?;
        match fields.one("act").as_str() {
            "close" => set_status(&desk, ticket, Status::Closed).await,
            "reopen" => set_status(&desk, ticket, Status::Open).await,
            "grant" => granted(&desk, ticket, &fields).await,
            _ => answered(&desk, ticket, &fields).await,
        }
    };
    desk.settle(answer.await)
}

fn back(ticket: Uuid, part: &str) -> Response {
    Redirect::to(&format!("/support/{ticket}{part}")).into_response()
}

async fn set_status(desk: &Desk, ticket: Uuid, status: Status) -> Result<Response, Error> {
    let call = desk.call();
    desk.app().deed_async(move |tx, app| case::set_status(tx, app, &call, ticket, status)).await?;
    Ok(back(ticket, ""))
}

async fn answered(desk: &Desk, ticket: Uuid, fields: &Fields) -> Result<Response, Error> {
    let (subject, body) = (fields.one("subject"), fields.long("body"));
    let form = Answer {
        name: fields.one("name"),
        subject_fault: fault(&subject, TITLE_MAX, "support-subject-fault"),
        body_fault: fault(&body, TEXT_MAX, "support-body-fault"),
        subject,
        body,
    };
    if form.subject_fault.is_some() || form.body_fault.is_some() {
        let filled = Filled { answer: Some(form), ..Filled::default() };
        return page(desk, ticket, filled, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let message = Message { subject: form.subject.clone(), body: form.body.clone(), sender: None };
    let (call, name) = (desk.call(), form.name.clone());
    let said = desk
        .app()
        .deed_async(move |tx, app| case::answer(tx, app, &call, ticket, &name, &message))
        .await;
    match said {
        Ok(_) => Ok(back(ticket, "#said")),
        Err(error @ (Error::Malformed(_) | Error::KeyReused { .. })) => {
            let (status, alert) = trouble::said(&error);
            let filled = Filled { answer: Some(form), alert: Some(alert), ..Filled::default() };
            page(desk, ticket, filled, status).await
        }
        Err(error) => Err(error),
    }
}

/// What is wrong with the length of a text.
fn fault(text: &str, most: usize, said: &str) -> Option<Text> {
    (text.is_empty() || text.chars().count() > most).then(|| say(said))
}

async fn granted(desk: &Desk, ticket: Uuid, fields: &Fields) -> Result<Response, Error> {
    let (form, exception) = read(desk, fields);
    let (Some((id, exception)), false) = (exception, form.faults.any()) else {
        let filled = Filled { grant: Some(form), ..Filled::default() };
        return page(desk, ticket, filled, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let call = desk.call();
    let made = desk
        .app()
        .deed_async(move |tx, app| at_desk::grant(tx, app, &call, ticket, id, &exception))
        .await;
    let (status, alert) = match made {
        Ok(_) => return Ok(back(ticket, "#exceptions")),
        Err(Error::Refused(refused)) => (StatusCode::CONFLICT, words::reason(&refused.refusal)),
        Err(error @ (Error::Malformed(_) | Error::KeyReused { .. })) => trouble::said(&error),
        Err(error) => return Err(error),
    };
    let grant = Grant { confirmed: false, ..form };
    let filled = Filled { grant: Some(grant), alert: Some(alert), ..Filled::default() };
    page(desk, ticket, filled, status).await
}

/// The form as it was sent, and the exception that it asks for where it can be read.
fn read(desk: &Desk, fields: &Fields) -> (Grant, Option<(WaiverId, Exception)>) {
    let chosen: Vec<ClauseId> =
        fields.all("clause").iter().filter_map(|word| ClauseId::parse(word)).collect();
    let mut form = grant(desk, fields.has("of"), &chosen);
    let lapses_on = fields.one("lapses_on");
    form.id = fields.one("id");
    form.reason = fields.long("reason");
    form.confirmed = fields.has("confirmed");
    let day = lapses_on.parse::<Date>().ok();
    form.lapses_on = lapses_on;
    form.faults.clauses = chosen.is_empty().then(|| say("support-clauses-fault"));
    form.faults.lapses_on = day.is_none().then(|| say("support-lapses-fault"));
    form.faults.reason = fault(&form.reason, REASON_MAX, "support-reason-fault");
    form.faults.confirmed = (!form.confirmed).then(|| say("support-confirm-fault"));
    let mut about = None;
    if fields.has("of") {
        let typed = fields.one("of");
        let (order, item) = typed.split_once('/').unwrap_or((&typed, ""));
        about = ids(order.trim(), item.trim()).ok();
        form.faults.of = about.is_none().then(|| say("support-of-fault"));
        form.of = Some(typed);
    }
    let id = Uuid::try_parse(&form.id).ok().map(WaiverId);
    let exception = id.zip(day).map(|(id, lapses_on)| {
        let reason = form.reason.clone();
        (id, Exception { clauses: chosen, lapses_on, reason, about })
    });
    (form, exception)
}
