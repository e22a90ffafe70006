//! Signing in with what a program signs in with: a client and its secret, in a tenant.

use super::desk::{self, Asked, Portal};
use super::form::Fields;
use super::language::say;
use super::page::{Section, Shell};
use super::session;
use super::sign_in::{Outside, form_token, own_path, retry_after, too_many, with_form};
use crate::guard::Account;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::sessions::{self, Proof};
use prorata_app::{Error, Origin, secrets};
use prorata_domain::ids::TenantId;
use std::sync::Arc;

/// The form, as it was filled in so far. The secret is never shown again.
#[derive(Debug, Default)]
pub struct Entered {
    pub tenant: String,
    pub client: String,
    /// Where to go on afterwards: a path of ours.
    pub next: String,
}

#[derive(Debug, Default)]
pub struct Faults {
    pub tenant: Option<String>,
    pub client: Option<String>,
    pub secret: Option<String>,
    /// About the form as a whole.
    pub all: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "sign_in_program.html")]
pub struct ProgramPage {
    pub shell: Shell,
    pub form_token: String,
    pub entered: Entered,
    pub faults: Faults,
}

pub async fn show(
    State(portal): State<Arc<Portal>>,
    Asked(query): Asked,
    headers: HeaderMap,
) -> Response {
    let next = own_path(&query.text("next"));
    match portal.session(&headers, &Origin::default()).await {
        Err(error) => return desk::failed(&portal, None, &error),
        Ok(Some(_)) => return Redirect::to(&next).into_response(),
        Ok(None) => {}
    }
    let entered = Entered { next, ..Entered::default() };
    form(&portal, &headers, StatusCode::OK, entered, Faults::default())
}

pub async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let sent = match Outside::read(request, &portal).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let entered = Entered {
        tenant: sent.fields.one("tenant"),
        client: sent.fields.one("client"),
        next: own_path(&sent.fields.text("next")),
    };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let (tenant, secret) = match read(&entered, &sent.fields) {
        Ok(read) => read,
        Err(faults) => return form(&portal, &sent.headers, wrong, entered, faults),
    };
    let account = Account::program(Some(tenant), &entered.client);
    let admitted = match portal.admit(&sent.origin, account, None) {
        Ok(admitted) => admitted,
        Err(seconds) => {
            let faults = Faults { all: Some(too_many(seconds)), ..Faults::default() };
            let status = StatusCode::TOO_MANY_REQUESTS;
            return retry_after(form(&portal, &sent.headers, status, entered, faults), seconds);
        }
    };
    let (client, origin) = (entered.client.clone(), sent.origin.clone());
    let signed_in = portal.slowly(move |app| {
        let signed_in = secrets::sign_in(app, Some(tenant), &client, &secret)?;
        app.write(move |tx, app| {
            sessions::begin(tx, app, &signed_in.caller, Proof::Secret, &origin)
        })
    });
    match signed_in.await {
        Ok(begun) => {
            admitted.was_right();
            if let Err(error) = session::leave(&portal, &sent.headers).await {
                return desk::failed(&portal, None, &error);
            }
            session::enter(&portal, &begun, &entered.next)
        }
        Err(Error::Unknown(_)) => {
            let said = say("program-wrong").into_owned();
            let faults = Faults { all: Some(said), ..Faults::default() };
            form(&portal, &sent.headers, wrong, entered, faults)
        }
        Err(error) => {
            admitted.was_right();
            desk::failed(&portal, None, &error)
        }
    }
}

fn read(entered: &Entered, fields: &Fields) -> Result<(TenantId, String), Faults> {
    let mut faults = Faults::default();
    let tenant = TenantId::parse(&entered.tenant);
    if entered.tenant.is_empty() {
        faults.tenant = Some(say("program-no-tenant").into_owned());
    } else if tenant.is_none() {
        faults.tenant = Some(say("program-bad-tenant").into_owned());
    }
    if entered.client.is_empty() {
        faults.client = Some(say("program-no-client").into_owned());
    }
    let secret = fields.one("secret");
    if secret.is_empty() {
        faults.secret = Some(say("program-no-secret").into_owned());
    }
    match tenant {
        Some(tenant) if faults.client.is_none() && faults.secret.is_none() => Ok((tenant, secret)),
        _ => Err(faults),
    }
}

fn form(
    portal: &Portal,
    headers: &HeaderMap,
    status: StatusCode,
    entered: Entered,
    faults: Faults,
) -> Response {
    let form_token = form_token(portal, headers);
    let shell = portal.shell(None, say("sign-in-as-program"), Section::None);
    let page = ProgramPage { shell, form_token, entered, faults };
    with_form(portal, status, &page.form_token, &page)
}
