//! Signing in at a provider of one's own, and going on in another tenant where one is a guest.

use super::desk::{self, Asked, Desk, Portal, Posted};
use super::language::{say, say_with};
use super::page::{self, ErrorPage, Section, Shell};
use super::session::{self, Cookie};
use super::sign_in::{is_own, own_path};
use super::words::Said;
use crate::uri;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use prorata_app::identity::issuers::{self, Answered};
use prorata_app::sessions::{self, Proof};
use prorata_app::{App, Caller, Error, Origin, identity};
use prorata_domain::ids::TenantId;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A provider as the sign-in page lists it.
#[derive(Debug)]
pub struct Choice {
    /// What its button says.
    pub label: Said,
    pub link: String,
    /// Where one signs out there.
    pub sign_out: String,
}

/// The providers at which people may sign in, to go on to `next`.
pub fn choices(app: &App, next: &str) -> Vec<Choice> {
    let next = super::form::escaped(next);
    let choice = |(id, name): (String, String)| Choice {
        link: format!("/sign-in/with/{id}?next={next}"),
        sign_out: format!("/sign-in/with/{id}/sign-out"),
        label: say_with("sign-in-with", [("name", name.into())]),
    };
    issuers::for_people(app).into_iter().map(choice).collect()
}

/// Letters of the place to go on to that a browser keeps in one cookie with the rest of a sign-in.
const NEXT_MAX: usize = 2048;

/// Sends the browser to the provider, at the wish of who sits before it.
pub async fn begin(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    Asked(query): Asked,
    request: Request,
) -> Response {
    let mut next = own_path(&query.text("next"));
    if next.len() > NEXT_MAX {
        "/".clone_into(&mut next);
    }
    if desk::is_foreign(request.headers()) {
        // Where the provider asks nothing, a link elsewhere would sign somebody in unasked.
        let to = format!("/sign-in?next={}", super::form::escaped(&next));
        return Redirect::to(&to).into_response();
    }
    let back = back(&uri::external_base(&request.into_parts().0), &id);
    let begun = blocking(&portal, move |app| issuers::begin(app, &id, &back, &next)).await;
    match begun {
        Ok(begun) => {
            let cookies = [(SET_COOKIE, portal.cookies.set(Cookie::Provider, &begun.cookie))];
            (AppendHeaders(cookies), Redirect::to(&begun.location)).into_response()
        }
        Err(error) => failed(&portal, &error),
    }
}

/// Where a provider sends browsers back to: an address for each, so that one cannot answer for
/// another.
fn back(base: &str, id: &str) -> String {
    format!("{base}/sign-in/back/{id}")
}

/// The browser is back from the provider.
pub async fn finish(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    Asked(query): Asked,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let (headers, origin) = (parts.headers.clone(), desk::origin(&parts));
    let given = |name: &str| query.has(name).then(|| query.text(name));
    let answer = Answered {
        code: query.text("code"),
        state: query.text("state"),
        issuer: given("iss"),
        error: given("error"),
    };
    let held = portal.cookies.get(&headers, Cookie::Provider).unwrap_or_default();
    let finished = blocking(&portal, move |app| issuers::finish(app, &id, &held, &answer)).await;
    let entered = match finished {
        Ok(one) => {
            let proof = if one.second_factor { Proof::IssuerAndCode } else { Proof::Issuer };
            enter(&portal, &headers, &origin, (one.caller, proof), &one.next).await
        }
        Err(error) => Err(error),
    };
    let response = entered.unwrap_or_else(|error| failed(&portal, &error));
    // Whatever came of it, what was begun is over.
    let cookies = [(SET_COOKIE, portal.cookies.clear(Cookie::Provider))];
    (AppendHeaders(cookies), response).into_response()
}

/// Ends what the browser held and begins a session with bits of its own.
async fn enter(
    portal: &Portal,
    headers: &HeaderMap,
    origin: &Origin,
    (caller, proof): (Caller, Proof),
    next: &str,
) -> Result<Response, Error> {
    session::leave(portal, headers).await?;
    let origin = origin.clone();
    let begun = portal
        .app
        .write_async(move |tx, app| sessions::begin(tx, app, &caller, proof, &origin))
        .await?;
    Ok(session::enter(portal, &begun, next))
}

/// Sends the browser to where one signs out at the provider, if it has such a place.
pub async fn sign_out(
    State(portal): State<Arc<Portal>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let back = format!("{}/sign-in?signed-out=1", uri::external_base(&request.into_parts().0));
    let place = blocking(&portal, move |app| issuers::sign_out(app, &id, &back)).await;
    match place {
        Ok(place) => {
            Redirect::to(place.as_deref().unwrap_or("/sign-in?signed-out=1")).into_response()
        }
        Err(error) => failed(&portal, &error),
    }
}

/// A tenant that one may go on in.
#[derive(Debug)]
pub struct Row {
    pub id: String,
    pub name: String,
    /// What its button says.
    pub go: Said,
    pub is_here: bool,
    pub is_home: bool,
}

#[derive(Debug, Template)]
#[template(path = "tenants.html")]
pub struct TenantsPage {
    pub shell: Shell,
    pub form_token: String,
    pub rows: Vec<Row>,
}

/// The tenants in which the account is known.
pub async fn tenants(desk: Desk) -> Response {
    let caller = desk.session.caller.clone();
    let found = {
        let caller = caller.clone();
        blocking(&desk.portal, move |app| identity::tenants(app, &caller)).await
    };
    desk.settle(found.map(|found| {
        let row = |tenant: prorata_app::identity::Tenant| Row {
            is_here: tenant.id == caller.tenant,
            is_home: tenant.id == caller.home,
            id: tenant.id.to_string(),
            go: say_with("tenants-go", [("name", tenant.name.clone().into())]),
            name: tenant.name,
        };
        let shell = desk.shell(say("tenants-title"), Section::None);
        let form_token = shell.form_token().to_owned();
        let rows = found.into_iter().map(row).collect();
        page::answer(StatusCode::OK, &TenantsPage { shell, form_token, rows })
    }))
}

/// Goes on in another tenant, in a session of its own. A button that leads to a page there sends
/// both in one, with a blank in between.
pub async fn switch(headers: HeaderMap, posted: Posted) -> Response {
    let Posted { desk, fields } = posted;
    let to = fields.text("to");
    let (tenant, next) = to.split_once(' ').unwrap_or(("", "/reservations"));
    let tenant = if tenant.is_empty() { fields.one("tenant") } else { tenant.to_owned() };
    let tenant = TenantId::parse(&tenant);
    let next = if is_own(next) { next.to_owned() } else { "/reservations".to_owned() };
    let caller = desk.session.caller.clone();
    let switched = blocking(&desk.portal, move |app| {
        let absent = || Error::Absent { what: "tenant".to_owned(), code: "TenantNotFound" };
        identity::switch(app, &caller, tenant.ok_or_else(absent)?)
    })
    .await;
    let entered = match switched {
        Ok(caller) => {
            let who = (caller, desk.session.proof);
            enter(&desk.portal, &headers, &desk.origin, who, &next).await
        }
        Err(error) => Err(error),
    };
    desk.settle(entered)
}

/// Questions to providers at once; who comes while they are slow is told to come back.
static ASKING: Semaphore = Semaphore::const_new(16);

/// Runs what may ask a provider where blocking is allowed.
async fn blocking<T: Send + 'static>(
    portal: &Portal,
    job: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let busy = |_| Error::Busy("too many people are signing in; try again".to_owned());
    let _permit = ASKING.try_acquire().map_err(busy)?;
    let app = portal.app.clone();
    let done = tokio::task::spawn_blocking(move || job(&app)).await;
    done.unwrap_or_else(|error| Err(Error::Broken(format!("a sign-in failed: {error}"))))
}

/// Why nobody was signed in.
fn failed(portal: &Portal, error: &Error) -> Response {
    let Error::Unknown(why) = error else { return desk::failed(portal, None, error) };
    let shell = portal.shell(None, say("provider-not-in"), Section::None);
    let status = StatusCode::FORBIDDEN;
    let page = ErrorPage {
        status: status.as_u16(),
        heading: shell.title.clone(),
        what: super::words::sentence(why),
        recorded: true,
        advice: vec![say("provider-begin-again"), say("provider-ask")],
        reference: None,
        shell,
    };
    page::answer(status, &page)
}
