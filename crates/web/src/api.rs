//! The reservation API as its clients speak it, the token issuer in front of it, and the sandbox.
//!
//! A handler is three steps: read the request into values of the domain, call the job, render its
//! answer. Everything a handler must not forget is done once, in [`dispatch`]: finding the
//! operation and its version, knowing the caller, counting the call.

mod access;
mod activity_log;
mod asked;
pub(crate) mod audit;
mod authorization;
mod billing;
mod billing_benefits;
mod catalog;
mod consumption;
mod exchange;
mod familiar;
mod filter;
mod health;
mod management;
mod notifications;
mod openapi;
mod operations;
mod orders;
mod partner;
mod people;
mod problem;
mod providers;
mod purchase;
mod rearrange;
mod receivers;
mod refund;
mod requests;
mod reservations;
mod resources;
mod sandbox;
mod secrets;
mod support;
mod table;
mod token;
mod usage;
mod versions;

pub(crate) use requests::settle;
pub use table::{Entry, Need, table};

use crate::arm::{Access, ArmError, CallIds, Matched, RateKey, RateLimits, Remaining, challenge};
use crate::guard::Guard;
use crate::limits::{OPEN_PER_HOUR, UNKNOWN_PER_HOUR};
use crate::uri::{self, Path, Query};
use asked::Asked;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use familiar::Familiar;
use prorata_app::{App, Call, Caller, Origin, identity, revocations};
use prorata_domain::ids::SubscriptionId;
use prorata_wire::azure::{Version, published};
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How a server of the API is set up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Serves `/sandbox/clock` and `/sandbox/world`, and lets clients poll every second.
    pub sandbox: bool,
}

/// What all requests share.
pub(crate) struct Shared {
    pub app: App,
    pub options: Options,
    table: crate::arm::RouteTable<Entry>,
    rates: RateLimits,
    /// Sign-ins that failed, by account and address.
    pub guard: Arc<Guard>,
    /// Calls without a good token, by address.
    unknown: RateLimits,
    /// Calls that need no token, by address.
    open: RateLimits,
    familiar: Familiar,
    /// Hashing a secret takes 19 MiB and tens of milliseconds, so few do it at once.
    sign_ins: Semaphore,
    /// The OpenAPI document, once somebody has asked for it.
    description: OnceLock<serde_json::Value>,
}

/// Secrets checked at the same time.
const SIGN_INS_AT_ONCE: usize = 4;

/// The router of the API: every path that no other route has.
///
/// It wants [`with_edge`](crate::arm::with_edge) around it.
pub fn router(app: App, options: Options) -> Router {
    guarded(app, options, Arc::default())
}

/// The same with a brake that others share.
pub(crate) fn guarded(app: App, options: Options, guard: Arc<Guard>) -> Router {
    let now = Instant::now();
    // A test bench is asked by one address as much as its tests like.
    let enforced = !options.sandbox;
    let shared = Shared {
        app,
        options,
        table: table(options),
        rates: RateLimits::counting(now),
        guard,
        unknown: RateLimits::new(UNKNOWN_PER_HOUR, UNKNOWN_PER_HOUR, enforced, now),
        familiar: Familiar::default(),
        open: RateLimits::new(OPEN_PER_HOUR, OPEN_PER_HOUR, enforced, now),
        sign_ins: Semaphore::new(SIGN_INS_AT_ONCE),
        description: OnceLock::new(),
    };
    Router::new().fallback(handle).with_state(Arc::new(shared))
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match dispatch(shared, request).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

/// Finds the operation, knows the caller, and lets the handler answer.
///
/// A caller without a token learns nothing but that: only open operations, and paths that belong
/// to no provider, are answered before it is looked at.
async fn dispatch(shared: Arc<Shared>, request: Request) -> Result<Response, ArmError> {
    let (parts, body) = request.into_parts();
    let base = uri::external_base(&parts);
    let path = Path::parse(&parts.uri)?;
    let query = Query::parse(&parts.uri)?;
    let found = shared.table.resolve(&parts.method, &path, &query);
    let is_open = match &found {
        Ok(matched) => matched.route.handler.need == Need::Open,
        Err(_) => !of_a_provider(&path),
    };
    let ids = parts
        .extensions
        .get::<CallIds>()
        .copied()
        .unwrap_or_else(|| CallIds { request: Uuid::new_v4(), correlation: Uuid::new_v4() });
    let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
    let mut call = None;
    let mut remaining = None;
    if !is_open {
        let caller = known_caller(&shared, &parts.headers, &base, &origin).await?;
        remaining = Some(count(&shared, &caller, &path, &parts.method)?);
        call = Some(Call { origin, ..Call::new(caller, shared.app.now(), ids.correlation) });
    } else if !found.as_ref().is_ok_and(|matched| matched.route.operation == "Health") {
        throttled(shared.open.charge(RateKey::place(&origin), Access::Read, Instant::now()))?;
    }
    let Matched { route, captures, api_version } = found?;
    let run = route.handler.run;
    let version = Version::parse(api_version).unwrap_or(Version::V2022_11_01);
    let asked = Asked {
        shared: shared.clone(),
        parts,
        body: body.into(),
        base,
        path,
        query,
        captures,
        version,
        operation_name: route.operation,
        api_version,
        call,
        ids,
    };
    let answer = run(asked).await.unwrap_or_else(|mut error| {
        if let Some(code) = published::error_code(&error.code, version) {
            error.code = code.into();
        }
        error.into_response()
    });
    Ok(match remaining {
        Some(remaining) => (remaining, answer).into_response(),
        None => answer,
    })
}

fn of_a_provider(path: &Path) -> bool {
    let mut segments = path.segments();
    let first = segments.next().unwrap_or_default();
    first.eq_ignore_ascii_case("subscriptions")
        || first.eq_ignore_ascii_case("providers")
        || segments.any(|segment| segment.eq_ignore_ascii_case("providers"))
}

/// The one place where tokens are looked at; the tenant of a call is that of its token. What can be
/// told at once is told here, so that bad tokens do not wait for anything.
async fn known_caller(
    shared: &Shared,
    headers: &axum::http::HeaderMap,
    base: &str,
    origin: &Origin,
) -> Result<Caller, ArmError> {
    let (place, now) = (RateKey::place(origin), Instant::now());
    let unknown =
        |error: ArmError| match throttled(shared.unknown.charge(place, Access::Write, now)) {
            Ok(_) => error,
            Err(throttled) => throttled,
        };
    let authority = format!("{base}/common");
    let token = crate::arm::bearer(headers, &authority).map_err(unknown)?;
    revocations::keep_up(&shared.app)
        .await
        .map_err(|error| problem::of(&shared.app, Uuid::new_v4(), error))?;
    // A place that has sent too many bad ones is turned away before a signature is looked at; a
    // token that was good within the hour is looked at from wherever.
    if shared.unknown.is_spent(place, Access::Write, now) && !shared.familiar.is(token, now) {
        let said = "The access token cannot be used. Sign in again.";
        return Err(unknown(challenge(&authority, "InvalidAuthenticationToken", said)));
    }
    let verified = match identity::glance(&shared.app, token) {
        identity::Glance::Known(verified) => Ok(*verified),
        identity::Glance::Refused(error) => Err(error),
        identity::Glance::LookCloser => {
            let (app, token) = (shared.app.clone(), token.to_owned());
            let looked = tokio::task::spawn_blocking(move || identity::closely(&app, &token)).await;
            looked.unwrap_or_else(|error| Err(prorata_app::Error::Broken(error.to_string())))
        }
    };
    if verified.is_ok() {
        shared.familiar.note(token, now);
    }
    verified.map(|verified| verified.caller).map_err(|error| match error {
        prorata_app::Error::Unknown(why) => {
            let description = format!("The access token cannot be used: {why}. Sign in again.");
            unknown(challenge(&authority, "InvalidAuthenticationToken", &description))
        }
        other => problem::of(&shared.app, Uuid::new_v4(), other),
    })
}

/// What is said to a place that has called too often without being known.
fn throttled(charged: Result<Remaining, ArmError>) -> Result<Remaining, ArmError> {
    charged.map_err(|mut error| {
        error.code = "UnauthenticatedRequestsThrottled".into();
        error
    })
}

fn count(
    shared: &Shared,
    caller: &Caller,
    path: &Path,
    method: &Method,
) -> Result<Remaining, ArmError> {
    let in_subscription = path
        .get(0)
        .filter(|first| first.eq_ignore_ascii_case("subscriptions"))
        .and_then(|_| SubscriptionId::parse(path.get(1)?));
    let key = match in_subscription {
        Some(subscription) => RateKey::subscription(caller.principal.0, subscription.0),
        None => RateKey::tenant(caller.principal.0),
    };
    shared.rates.charge(key, Access::of(method), Instant::now())
}
