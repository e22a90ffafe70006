//! The second step of signing in: a one-time code, or a recovery code.

use super::desk::{self, Asked, Portal};
use super::language::say;
use super::page::{Section, Shell};
use super::session::{self, Cookie, Device};
use super::sign_in::{Outside, form_token, own_path, retry_after, too_many, with_form};
use crate::guard::Account;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use prorata_app::{Error, users};
use std::sync::Arc;

#[derive(Debug, Template)]
#[template(path = "sign_in_code.html")]
pub struct CodePage {
    pub shell: Shell,
    pub form_token: String,
    pub next: String,
    pub fault: Option<String>,
}

/// Who is to give a code: the cookie of what awaits it, and their user name.
async fn awaited(portal: &Portal, headers: &HeaderMap) -> Result<(String, String), Response> {
    let begin_again = || Redirect::to("/sign-in").into_response();
    let held = portal.cookies.get(headers, Cookie::Code).ok_or_else(begin_again)?;
    match users::who_awaits_code(&portal.app, held.clone()).await {
        Ok(Some(user)) => Ok((held, user)),
        Ok(None) => Err(begin_again()),
        Err(error) => Err(desk::failed(portal, None, &error)),
    }
}

pub async fn show(
    State(portal): State<Arc<Portal>>,
    Asked(query): Asked,
    headers: HeaderMap,
) -> Response {
    match awaited(&portal, &headers).await {
        Ok(_) => form(&portal, &headers, StatusCode::OK, own_path(&query.text("next")), None),
        Err(response) => response,
    }
}

pub async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let sent = match Outside::read(request, &portal).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let (held, user) = match awaited(&portal, &sent.headers).await {
        Ok(awaited) => awaited,
        Err(response) => return response,
    };
    let next = own_path(&sent.fields.text("next"));
    let code = sent.fields.one("code");
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if code.is_empty() {
        let said = say("code-none").into_owned();
        return form(&portal, &sent.headers, wrong, next, Some(said));
    }
    let mark = portal.cookies.get(&sent.headers, Cookie::Device).unwrap_or_default();
    let device = Device(&portal.app).known(&mark, &user);
    let admitted = match portal.admit(&sent.origin, Account::codes(&user), device) {
        Ok(admitted) => admitted,
        Err(seconds) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let said = Some(too_many(seconds));
            return retry_after(form(&portal, &sent.headers, status, next, said), seconds);
        }
    };
    match users::give_code(&portal.app, held, code, sent.origin.clone()).await {
        Ok(begun) => {
            admitted.was_right();
            if let Err(error) = session::leave(&portal, &sent.headers).await {
                return desk::failed(&portal, None, &error);
            }
            let mark = Device(&portal.app).mark(&user);
            let cookies = [(SET_COOKIE, portal.cookies.set(Cookie::Device, &mark))];
            (AppendHeaders(cookies), session::enter(&portal, &begun, &next)).into_response()
        }
        Err(Error::Unknown(_)) => {
            tracing::info!(?user, address = ?sent.origin.address, "a one-time code was wrong");
            let said = say("code-wrong").into_owned();
            form(&portal, &sent.headers, wrong, next, Some(said))
        }
        Err(error) => {
            admitted.was_right();
            desk::failed(&portal, None, &error)
        }
    }
}

fn form(
    portal: &Portal,
    headers: &HeaderMap,
    status: StatusCode,
    next: String,
    fault: Option<String>,
) -> Response {
    let form_token = form_token(portal, headers);
    let shell = portal.shell(None, say("code-title"), Section::None);
    let page = CodePage { shell, form_token, next, fault };
    with_form(portal, status, &page.form_token, &page)
}
