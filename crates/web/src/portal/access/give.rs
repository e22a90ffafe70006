//! Giving a role and taking one away. Sent twice, a form does its work once.

use super::Subject;
use super::gather::{Filled, page, subject};
use crate::portal::desk::{Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::say;
use crate::portal::trouble::said;
use crate::portal::words;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::Error;
use prorata_app::authorization::{assignments, principal_called};
use prorata_domain::authorization::Place;
use prorata_domain::authorization::assignment::Wish;
use prorata_domain::ids::{AssignmentId, RoleId};

pub async fn submit(path: Path<Vec<String>>, Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let subject = subject(&path)?;
        match fields.one("act").as_str() {
            "remove" => remove(&desk, subject, &fields).await,
            _ => give(&desk, subject, &fields).await,
        }
    };
    desk.settle(answer.await)
}

async fn give(desk: &Desk, subject: Subject, fields: &Fields) -> Result<Response, Error> {
    let mut filled = Filled {
        to: fields.one("to"),
        role: fields.one("role"),
        at: fields.one("at"),
        description: fields.one("description"),
        ..Filled::default()
    };
    let role = RoleId::parse(&filled.role);
    let place = subject.place_called(&filled.at);
    if filled.to.is_empty() {
        filled.to_fault = Some(say("access-say-who").into_owned());
    }
    if role.is_none() {
        filled.role_fault = Some(say("access-choose-role").into_owned());
    }
    let (Some(role), Some(place), None) = (role, place, &filled.to_fault) else {
        return page(desk, subject, StatusCode::UNPROCESSABLE_ENTITY, filled).await;
    };
    match written(desk, &filled, role, place).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=given", subject.path())).into_response()),
        Err(Error::Malformed(faults)) => {
            let says = faults.first().map(|fault| fault.message.clone()).unwrap_or_default();
            filled.to_fault = Some(words::sentence(&format!("this {says}")));
            page(desk, subject, StatusCode::UNPROCESSABLE_ENTITY, filled).await
        }
        Err(error) => again(desk, subject, filled, error).await,
    }
}

async fn written(desk: &Desk, filled: &Filled, role: RoleId, place: Place) -> Result<(), Error> {
    let call = desk.call();
    let (to, description) = (filled.to.clone(), filled.description.clone());
    let job = move |tx: &mut prorata_store::Tx<'_>, app: &prorata_app::App| {
        let principal = principal_called(tx, &call, &to)?;
        let wish = Wish {
            id: AssignmentId(tx.new_id()),
            place: place.clone(),
            principal,
            principal_type: None,
            description: Some(description.clone()).filter(|text| !text.is_empty()),
        };
        assignments::assign(tx, app, &call, &wish, role).map(drop)
    };
    match desk.app().deed_async(job).await {
        // The same form again: the role is there.
        Err(Error::Rejected(rejection)) if rejection.code == "RoleAssignmentExists" => Ok(()),
        other => other,
    }
}

async fn remove(desk: &Desk, subject: Subject, fields: &Fields) -> Result<Response, Error> {
    let id = AssignmentId::parse(&fields.one("assignment"));
    let place = subject.place_called(&fields.one("at"));
    let (Some(id), Some(place)) = (id, place) else {
        let filled =
            Filled { alert: Some(say("access-not-here").into_owned()), ..Filled::default() };
        return page(desk, subject, StatusCode::UNPROCESSABLE_ENTITY, filled).await;
    };
    let call = desk.call();
    let done = desk
        .app()
        .deed_async(move |tx, app| assignments::remove(tx, app, &call, place.clone(), id).map(drop))
        .await;
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=removed", subject.path())).into_response()),
        Err(error) => again(desk, subject, Filled::default(), error).await,
    }
}

/// The page again, with why it was not done where that can be mended there.
async fn again(
    desk: &Desk,
    subject: Subject,
    mut filled: Filled,
    error: Error,
) -> Result<Response, Error> {
    let Error::Rejected(_) = &error else { return Err(error) };
    let (status, says) = said(&error);
    filled.alert = Some(says);
    page(desk, subject, status, filled).await
}
