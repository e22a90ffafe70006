//! Taking up an invitation: a person who was added, or whose password was reset, chooses one.

use super::desk::{self, Asked, Portal};
use super::language::{say, say_with};
use super::page::{Section, Shell};
use super::sign_in::{Outside, form_token, password_fault, retry_after, too_many, with_form};
use super::words::Said;
use crate::guard::Account;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::{Error, users};
use std::sync::Arc;

#[derive(Debug, Template)]
#[template(path = "invitation.html")]
pub struct InvitationPage {
    pub shell: Shell,
    pub form_token: String,
    /// What the link brought; empty where the invitation is not good any more.
    pub token: String,
    pub user_name: String,
    pub welcome: Said,
    pub fault: Option<String>,
}

pub async fn show(
    State(portal): State<Arc<Portal>>,
    Asked(query): Asked,
    headers: HeaderMap,
) -> Response {
    form(&portal, &headers, StatusCode::OK, query.one("token"), None).await
}

pub async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let sent = match Outside::read(request, &portal).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let token = sent.fields.one("token");
    let (password, again) = (sent.fields.secret("password"), sent.fields.secret("again"));
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if password != again {
        let said = say("invitation-differ").into_owned();
        return form(&portal, &sent.headers, wrong, token, Some(said)).await;
    }
    let admitted = match portal.admit(&sent.origin, Account::person("invitation"), None) {
        Ok(admitted) => admitted,
        Err(seconds) => {
            let (status, said) = (StatusCode::TOO_MANY_REQUESTS, Some(too_many(seconds)));
            return retry_after(form(&portal, &sent.headers, status, token, said).await, seconds);
        }
    };
    let (key, origin) = (token.clone(), sent.origin.clone());
    let taken = portal.slowly(move |app| users::accept_invitation(app, &key, &password, &origin));
    match taken.await {
        Ok(_) => {
            admitted.was_right();
            Redirect::to("/sign-in?welcome=1").into_response()
        }
        Err(Error::Malformed(faults)) => {
            admitted.was_right();
            let said: Vec<String> =
                faults.iter().map(|fault| password_fault(&fault.message)).collect();
            form(&portal, &sent.headers, wrong, token, Some(said.join(" "))).await
        }
        Err(Error::Unknown(_)) => form(&portal, &sent.headers, wrong, String::new(), None).await,
        Err(error) => desk::failed(&portal, None, &error),
    }
}

async fn form(
    portal: &Portal,
    headers: &HeaderMap,
    status: StatusCode,
    token: String,
    fault: Option<String>,
) -> Response {
    let key = token.clone();
    let found = portal.app.read_async(move |tx, app| users::invited(tx, app, &key)).await;
    let user = match found {
        Ok(user) => user,
        Err(error) => return desk::failed(portal, None, &error),
    };
    let (status, token) = match &user {
        Some(_) => (status, token),
        None => (StatusCode::NOT_FOUND, String::new()),
    };
    let (user_name, display_name) =
        user.map(|user| (user.user_name, user.display_name)).unwrap_or_default();
    let welcome = say_with("invitation-welcome", [("name", display_name.into())]);
    let form_token = form_token(portal, headers);
    let shell = portal.shell(None, say("invitation-title"), Section::None);
    let page = InvitationPage { shell, form_token, token, user_name, welcome, fault };
    with_form(portal, status, &page.form_token, &page)
}
