//! Signing in and out.

use super::desk::{self, Asked, Desk, Portal, Posted};
use super::form::Fields;
use super::page::{self, Section, Shell};
use super::session::{random_text, same};
use super::throttle::Who;
use crate::server::Peer;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{HeaderMap, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::{Caller, Error, identity};
use prorata_domain::ids::TenantId;
use std::sync::Arc;
use std::time::Instant;

/// The sign-in form, as it was filled in so far. The secret is never shown again.
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
#[template(path = "sign_in.html")]
pub struct SignInPage {
    pub shell: Shell,
    pub form_token: String,
    pub entered: Entered,
    pub faults: Faults,
    pub signed_out: bool,
}

pub async fn show(
    State(portal): State<Arc<Portal>>,
    Asked(query): Asked,
    headers: HeaderMap,
) -> Response {
    let next = own_path(&query.one("next"));
    if portal.session(&headers).is_some() {
        return Redirect::to(&next).into_response();
    }
    let entered = Entered { next, ..Entered::default() };
    let signed_out = query.has("signed-out");
    form(&portal, &headers, StatusCode::OK, entered, Faults::default(), signed_out)
}

pub async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let headers = request.headers().clone();
    let address = request.extensions().get::<Peer>().map(|peer| peer.address.ip());
    let fields = match desk::fields(request, &portal, None).await {
        Ok(fields) => fields,
        Err(response) => return response,
    };
    let token = portal.cookies.form(&headers).unwrap_or_default();
    if token.is_empty() || desk::is_foreign(&headers) || !same(&fields.one("form_token"), &token) {
        return desk::not_our_form(&portal, None);
    }
    let entered = Entered {
        tenant: fields.one("tenant"),
        client: fields.one("client"),
        next: own_path(&fields.one("next")),
    };
    let (tenant, secret) = match read(&entered, &fields) {
        Ok(read) => read,
        Err(faults) => {
            return form(
                &portal,
                &headers,
                StatusCode::UNPROCESSABLE_ENTITY,
                entered,
                faults,
                false,
            );
        }
    };
    let who = Who { address, tenant, client: entered.client.to_ascii_lowercase() };
    if let Some(wait) = portal.throttle.wait(&who, Instant::now()) {
        let seconds = wait.as_secs() + 1;
        let said = format!("Too many attempts failed. Wait {seconds} seconds, then try again.");
        let faults = Faults { all: Some(said), ..Faults::default() };
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut response = form(&portal, &headers, status, entered, faults, false);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    match check(&portal, tenant, entered.client.clone(), secret).await {
        Ok(caller) => {
            portal.throttle.succeeded(&who);
            // Whoever was signed in here before is not any more.
            if let Some(id) = portal.cookies.session(&headers) {
                portal.sessions.end(&id);
            }
            let cookie = portal.cookies.set_session(&portal.sessions.begin(caller, Instant::now()));
            ([(SET_COOKIE, cookie)], Redirect::to(&entered.next)).into_response()
        }
        Err(Error::Unknown(_)) => {
            portal.throttle.failed(who, Instant::now());
            let said = "No client of this tenant has this id and secret.".to_owned();
            let faults = Faults { all: Some(said), ..Faults::default() };
            form(&portal, &headers, StatusCode::UNPROCESSABLE_ENTITY, entered, faults, false)
        }
        Err(error) => desk::failed(&portal, None, &error),
    }
}

pub async fn sign_out(headers: HeaderMap, posted: Posted) -> Response {
    let Desk { portal, .. } = posted.desk;
    if let Some(id) = portal.cookies.session(&headers) {
        portal.sessions.end(&id);
    }
    let cookie = portal.cookies.clear_session();
    ([(SET_COOKIE, cookie)], Redirect::to("/sign-in?signed-out=1")).into_response()
}

fn read(entered: &Entered, fields: &Fields) -> Result<(TenantId, String), Faults> {
    let mut faults = Faults::default();
    let tenant = TenantId::parse(&entered.tenant);
    if entered.tenant.is_empty() {
        faults.tenant = Some("Enter the tenant's id.".to_owned());
    } else if tenant.is_none() {
        faults.tenant = Some(
            "Enter the id as 32 digits in five groups, such as \
             6f9619ff-8b86-4011-b42d-00c04fc964ff."
                .to_owned(),
        );
    }
    if entered.client.is_empty() {
        faults.client = Some("Enter the client's id.".to_owned());
    }
    let secret = fields.one("secret");
    if secret.is_empty() {
        faults.secret = Some("Enter the client's secret.".to_owned());
    }
    match tenant {
        Some(tenant) if faults.client.is_none() && faults.secret.is_none() => Ok((tenant, secret)),
        _ => Err(faults),
    }
}

/// Checks a secret where blocking is allowed, a few at a time.
async fn check(
    portal: &Arc<Portal>,
    tenant: TenantId,
    client: String,
    secret: String,
) -> Result<Caller, Error> {
    let closed = |_| Error::Busy("the server is stopping".to_owned());
    let _permit = portal.hashing.acquire().await.map_err(closed)?;
    let app = portal.app.clone();
    tokio::task::spawn_blocking(move || identity::sign_in(&app, tenant, &client, &secret))
        .await
        .map_err(|error| Error::Broken(format!("checking a secret failed: {error}")))?
}

/// The form, with a token that is also in a cookie: the two must come back alike.
fn form(
    portal: &Portal,
    headers: &HeaderMap,
    status: StatusCode,
    entered: Entered,
    faults: Faults,
    signed_out: bool,
) -> Response {
    // A token that is there already stays, so that a second tab does not void the first.
    let form_token = portal.cookies.form(headers).unwrap_or_else(random_text);
    let cookie = portal.cookies.set_form(&form_token);
    let shell = portal.shell(None, "Sign in", Section::None);
    let page = SignInPage { shell, form_token, entered, faults, signed_out };
    ([(SET_COOKIE, cookie)], page::answer(status, &page)).into_response()
}

/// A path of this site to go on to; anything else becomes the list.
fn own_path(text: &str) -> String {
    let ours = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && !text.starts_with("/sign-")
        && text.chars().all(|letter| letter.is_ascii_graphic());
    if ours && text != "/" { text.to_owned() } else { "/reservations".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_our_own_paths_are_gone_on_to() {
        assert_eq!(own_path("/exchange?give=a/b"), "/exchange?give=a/b");
        for other in
            ["", "/", "//evil.example", "https://evil.example", "/\\evil", "/sign-out", "/a\nb"]
        {
            assert_eq!(own_path(other), "/reservations", "{other}");
        }
    }
}
