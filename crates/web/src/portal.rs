//! The portal: server-rendered pages over the same use cases as the API.
//!
//! Pages work without script. What changes something is a form that posts, redirects and shows;
//! it carries the session's form token, and the id of the quote that it carries out, so that a
//! form sent twice does its work once.
//!
//! The portal's paths do not meet those of the API: `/`, `/sign-in…`, `/sign-out`, `/invitation`,
//! `/account…`, `/administration…`, `/customers…`, `/reservations…`, `/buy…`, `/exchange…`,
//! `/trade-in…`, `/savings-plans…`, `/requests…`, `/policy…`, `/what-if`, `/decisions…`, `/audit…`,
//! `/support…`, `/look` and `/assets…`.

mod access;
mod account;
mod administration;
mod agent;
mod assets;
mod audit;
mod buy;
mod chart;
#[cfg(test)]
mod check;
mod code;
mod compare;
mod compress;
mod customers;
mod desk;
mod exchange;
mod form;
mod home;
mod invitation;
mod kept;
pub(crate) mod language;
mod listing;
mod look;
mod page;
mod policy;
mod products;
mod program;
mod proof;
mod provider;
mod qr;
mod refund;
mod requests;
mod reservation;
#[cfg(test)]
mod samples;
mod savings_plans;
mod session;
mod sign_in;
mod support;
mod trade_in;
mod trouble;
mod what_if;
mod words;

use crate::guard::Guard;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderName;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use desk::Portal;
use prorata_app::{App, Error};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

/// Bytes of a form. The largest, an exchange of all reservations of a page for as many others, is
/// about 50 KiB.
const FORM_BYTES_MAX: usize = 256 << 10;

/// Everything comes from here, a script from our own file alone and never from a page, and no other
/// site may frame a page.
const CONTENT_POLICY: &str = "default-src 'self'; script-src 'self'; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The portal's routes. `secure_cookies` is for a server that is reached over TLS, by itself or
/// through a proxy; without it the cookies also travel over plain HTTP.
///
/// Sessions are kept in the database, the brake on failed sign-ins in the memory of this router.
pub fn router(app: App, secure_cookies: bool) -> Router {
    guarded(app, secure_cookies, Arc::default())
}

/// The same with a brake that others share.
pub(crate) fn guarded(app: App, secure_cookies: bool, brake: Arc<Guard>) -> Router {
    warm(&app);
    let portal = Arc::new(Portal::new(app, secure_cookies, brake));
    Router::new()
        .route("/", get(home::show))
        .route("/customers", get(customers::list))
        .route(
            "/customers/{tenant}/{account}",
            get(customers::one::show).post(customers::one::submit),
        )
        .route("/customers/{tenant}", get(desk::not_found))
        .route("/customers/{tenant}/{account}/{*rest}", get(desk::not_found))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-in/code", get(code::show).post(code::submit))
        .route("/sign-in/program", get(program::show).post(program::submit))
        .route("/sign-in/with/{issuer}", get(provider::begin))
        .route("/sign-in/with/{issuer}/sign-out", get(provider::sign_out))
        .route("/sign-in/back/{issuer}", get(provider::finish))
        .route("/account/tenants", get(provider::tenants).post(provider::switch))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/invitation", get(invitation::show).post(invitation::submit))
        .route("/account", get(account::show).post(account::submit))
        .merge(listing::routes())
        .merge(reservation::routes())
        .route("/reservations/{order}/{reservation}/refund", get(refund::show).post(refund::submit))
        .route("/reservations/{order}/{reservation}/refund/{session}", get(refund::result))
        .route(
            "/reservations/{order}/{reservation}/support",
            get(support::show).post(support::submit),
        )
        .route("/reservations/{order}/{reservation}/support/{ticket}", get(support::result))
        .route("/exchange", get(exchange::show).post(exchange::submit))
        .route("/exchange/{session}", get(exchange::result))
        .route("/reservations/{order}/access", get(access::show).post(access::submit))
        .route("/reservations/{order}/{reservation}/access", get(access::show).post(access::submit))
        .merge(buy::routes())
        .merge(trade_in::routes())
        .merge(savings_plans::routes())
        .route("/requests", get(requests::list).post(requests::submit))
        .route("/requests/new", get(requests::ask))
        .route("/requests/policies", get(requests::policies))
        .route("/requests/policies/policy", get(requests::edit).post(requests::save))
        .route("/requests/policies/remove", post(requests::remove))
        .route("/requests/{request}", get(requests::show).post(requests::act))
        .route("/reservations/{order}", get(desk::not_found))
        .route("/reservations/{order}/{reservation}/{*rest}", get(desk::not_found))
        .route("/exchange/{session}/{*rest}", get(desk::not_found))
        .route("/policy", get(policy::show))
        .route("/policy/{clause}", get(policy::show_clause))
        .route("/what-if", get(what_if::show))
        .route("/audit", get(audit::show))
        .route("/audit/lines/{line}", get(audit::line))
        .route("/audit/export", get(audit::export))
        .route("/audit/seal", get(audit::seal))
        .route("/support", get(support::list))
        .route("/support/{ticket}", get(support::ticket).post(support::act))
        .route("/support/{ticket}/files/{file}", get(support::file))
        .route("/decisions/{operation}", get(audit::decision))
        .merge(administration::routes())
        .route("/look", post(look::submit))
        .route("/assets/{name}", get(assets::show))
        .method_not_allowed_fallback(desk::not_allowed)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(from_fn_with_state(portal.clone(), guard))
        .with_state(portal)
}

/// How soon what pages show from memory is looked at again: a new day asks for a new picture.
const READ_AHEAD: Duration = Duration::from_secs(60);

/// Lets the list of reservations, and the picture of what is held, be read while nobody waits for
/// them.
fn warm(app: &App) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let app = app.clone();
    runtime.spawn(async move {
        loop {
            let read = app.read_async(|tx, app| {
                prorata_app::listing::warm(tx, app)?;
                prorata_app::portfolio::warm(tx, app)
            });
            if let Err(error) = read.await {
                tracing::warn!(%error, "what is held could not be read ahead");
            }
            tokio::time::sleep(READ_AHEAD).await;
        }
    });
}

/// What is around every page: a net for a panic, which ends one request with a page that says
/// so, and the headers of every answer of the portal.
async fn guard(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let look = look::Look::of(&portal, request.headers());
    let packs = compress::is_taken(request.headers()) && compress::may_be(request.uri());
    let mut running = pin!(look.around(next.run(request)));
    let guarded =
        poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(())),
        });
    let mut response = match guarded.await {
        Ok(response) if packs => compress::page(response).await,
        Ok(response) => response,
        Err(()) => desk::failed(&portal, None, &Error::Broken("a page panicked".to_owned())),
    };
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 5] = [
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages show a customer's money; only the assets, which say so themselves, may be kept.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
