//! The bridge between a request and a page: who is calling, what they sent, and what is answered
//! when something goes wrong.

use super::administration::{Once, Uploads};
use super::form::Fields;
use super::kept;
use super::language::{self, say};
use super::page::{self, ErrorPage, Section, Shell, SignedIn};
use super::session::{Cookie, Cookies, Session, brings_back, masked};
use super::trouble::tell;
use super::words;
use crate::guard::{Account, Admitted, Attempt, Guard, Place};
use crate::uri;
use axum::extract::{Form, FromRequest, FromRequestParts, Query, Request, State};
use axum::http::header::{HOST, HeaderValue, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::{App, Call, Error, Origin, identity, sessions};
use prorata_domain::term::utc_day;
use prorata_store::Tx;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

/// Secrets hashed at once. Each takes 19 MiB and some tens of milliseconds of one core.
const HASHING_MAX: usize = 4;

/// What all pages of the portal share.
pub struct Portal {
    pub app: App,
    pub cookies: Cookies,
    pub guard: Arc<Guard>,
    pub hashing: Semaphore,
    /// What was shown once, for the same form sent again.
    pub once: Once,
    /// Files that are being taken in.
    pub uploads: Uploads,
}

impl Portal {
    pub fn new(app: App, secure_cookies: bool, guard: Arc<Guard>) -> Portal {
        Portal {
            app,
            cookies: Cookies { secure: secure_cookies },
            guard,
            hashing: Semaphore::new(HASHING_MAX),
            once: Once::default(),
            uploads: Uploads::default(),
        }
    }

    /// The session that a request brings, as long as it is open.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn session(
        &self,
        headers: &HeaderMap,
        origin: &Origin,
    ) -> Result<Option<Session>, Error> {
        let Some(held) = self.cookies.get(headers, Cookie::Session) else { return Ok(None) };
        sessions::find_used(&self.app, held, origin).await
    }

    /// Runs what takes long on purpose where blocking is allowed, a few at a time.
    ///
    /// # Errors
    /// Those of the job.
    pub async fn slowly<T: Send + 'static>(
        &self,
        job: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let closed = |_| Error::Busy("the server is stopping".to_owned());
        let _permit = self.hashing.acquire().await.map_err(closed)?;
        let app = self.app.clone();
        tokio::task::spawn_blocking(move || job(&app))
            .await
            .map_err(|error| Error::Broken(format!("checking a secret failed: {error}")))?
    }

    /// Lets an attempt on an account through, or says in how many seconds to try again.
    ///
    /// # Errors
    /// The seconds.
    pub fn admit(
        &self,
        origin: &Origin,
        account: Account,
        device: Option<u128>,
    ) -> Result<Admitted<'_>, u64> {
        let attempt = Attempt { place: Place::of(origin.address), account, device };
        self.guard.admit(attempt, Instant::now()).map_err(|wait| wait.as_secs() + 1)
    }

    pub fn shell(
        &self,
        session: Option<&Session>,
        title: impl Into<String>,
        section: Section,
    ) -> Shell {
        let signed_in = session.map(|session| SignedIn {
            name: session.caller.name.clone(),
            tenant: session.caller.tenant.to_string(),
            form_token: masked(&session.form_token),
            administers: session.standing.any(),
            audits: session.standing.tenant,
        });
        let (now, sandbox) = (self.app.now(), self.app.clock.is_sandbox());
        let as_of = if sandbox { words::moment(now) } else { words::day(utc_day(now)) };
        Shell::new(title, section, signed_in, as_of, sandbox)
    }
}

/// A signed-in caller at the portal. Who is not signed in is sent to the sign-in page.
#[derive(Clone)]
pub struct Desk {
    pub portal: Arc<Portal>,
    pub session: Session,
    pub origin: Origin,
    /// How the caller calls this server: the beginning of links for others.
    pub base: String,
}

/// From where a request came, as the edge found out.
pub fn origin(parts: &Parts) -> Origin {
    parts.extensions.get::<Origin>().cloned().unwrap_or_default()
}

impl FromRequestParts<Arc<Portal>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Desk, Response> {
        let origin = origin(parts);
        match portal.session(&parts.headers, &origin).await {
            Err(error) => Err(failed(portal, None, &error)),
            Ok(Some(session)) => {
                let base = uri::external_base(parts);
                Ok(Desk { portal: portal.clone(), session, origin, base })
            }
            Ok(None) => {
                let next = parts.uri.path_and_query().map_or("/", |path| path.as_str());
                // A form cannot be sent again after signing in, so its page is where to go on.
                let next = if parts.method == Method::GET { next } else { parts.uri.path() };
                let to = format!("/sign-in?next={}", super::form::escaped(next));
                Err(Redirect::to(&to).into_response())
            }
        }
    }
}

impl Desk {
    pub fn app(&self) -> &App {
        &self.portal.app
    }

    /// Reads for a page, in the language of the page: whatever is said while reading is said in it.
    ///
    /// # Errors
    /// Those of the job, and of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>, &App) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let spoken = language::spoken();
        let job = move |tx: &mut Tx<'_>, app: &App| language::speaking_now(spoken, || job(tx, app));
        self.app().read_async(job).await
    }

    /// A call of this caller, now.
    pub fn call(&self) -> Call {
        let caller = self.session.caller.clone();
        Call {
            origin: self.origin.clone(),
            lacks_second_factor: self.session.lacks_second_factor,
            ..Call::new(caller, self.portal.app.now(), identity::new_correlation())
        }
    }

    pub fn shell(&self, title: impl Into<String>, section: Section) -> Shell {
        self.portal.shell(Some(&self.session), title, section)
    }

    /// The answer, or the page that says why there is none.
    pub fn settle(&self, answer: Result<Response, Error>) -> Response {
        answer.unwrap_or_else(|error| failed(&self.portal, Some(&self.session), &error))
    }
}

/// A form that a signed-in caller posted, and that we made.
pub struct Posted {
    pub desk: Desk,
    pub fields: Fields,
}

impl FromRequest<Arc<Portal>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Arc<Portal>) -> Result<Posted, Response> {
        let (mut parts, body) = request.into_parts();
        let found = Desk::from_request_parts(&mut parts, portal).await;
        let (foreign, ours) = (is_foreign(&parts.headers), is_from_here(&parts.headers));
        let action = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let request = Request::from_parts(parts, body);
        let desk = match found {
            Ok(desk) => desk,
            Err(to_sign_in) if !ours => return Err(to_sign_in),
            Err(to_sign_in) => {
                let fields = fields(request, portal, None).await?;
                let is_kept = kept::is_kept(&fields);
                let kept = is_kept.then(|| kept::answer(portal, None, action, &fields));
                return Err(kept.unwrap_or(to_sign_in));
            }
        };
        let fields = fields(request, portal, Some(&desk.session)).await?;
        if !foreign && brings_back(&fields.one("form_token"), &desk.session.form_token) {
            return Ok(Posted { desk, fields });
        }
        let session = Some(&desk.session);
        Err(match ours && kept::is_kept(&fields) {
            true => kept::answer(portal, session, action, &fields),
            false => not_our_form(portal, session),
        })
    }
}

/// Whether the browser says that another site sent this: all but our own pages and what somebody
/// typed in. Browsers that do not say so name at least the page's origin.
pub fn is_foreign(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site != "same-origin" && site != "none",
        None => headers.get(ORIGIN).is_some_and(|origin| !is_ours(origin, headers)),
    }
}

/// Whether the browser says that a page of ours sent this; one that says nothing does not.
fn is_from_here(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(ORIGIN).is_some_and(|origin| is_ours(origin, headers)),
    }
}

/// Whether an origin is the host that was asked.
fn is_ours(origin: &HeaderValue, headers: &HeaderMap) -> bool {
    let text = |value: &HeaderValue| value.to_str().map(str::to_ascii_lowercase).ok();
    let host = headers.get("x-forwarded-host").or_else(|| headers.get(HOST)).and_then(text);
    let origin = text(origin);
    let named = origin.as_deref().and_then(|origin| origin.split_once("://"));
    host.is_some() && named.map(|(_, named)| named) == host.as_deref()
}

/// Reads the fields of a posted form.
pub async fn fields(
    request: Request,
    portal: &Arc<Portal>,
    session: Option<&Session>,
) -> Result<Fields, Response> {
    match Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(Form(pairs)) => Ok(Fields::new(pairs)),
        Err(rejection) => {
            let shell = portal.shell(session, say("error-form-unread"), Section::None);
            let status = rejection.status();
            Err(page::answer(
                status,
                &ErrorPage {
                    status: status.as_u16(),
                    heading: shell.title.clone(),
                    what: words::sentence(&rejection.body_text()),
                    recorded: true,
                    advice: vec![say("error-form-unread-do")],
                    reference: None,
                    shell,
                },
            ))
        }
    }
}

/// The fields of a query; one that cannot be read counts as empty.
pub struct Asked(pub Fields);

impl FromRequestParts<Arc<Portal>> for Asked {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        _portal: &Arc<Portal>,
    ) -> Result<Asked, Response> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Ok(Asked(Fields::new(pairs.map(|Query(pairs)| pairs).unwrap_or_default())))
    }
}

/// Every other path below one of ours.
pub async fn not_found(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let session = portal.session(&headers, &Origin::default()).await.unwrap_or_default();
    no_page(&portal, session.as_ref())
}

pub fn no_page(portal: &Portal, session: Option<&Session>) -> Response {
    let advice = ["error-absent-look", "error-no-page-begin"];
    told(portal, session, StatusCode::NOT_FOUND, "error-no-page", &advice)
}

/// A page that is only posted to, or only shown.
pub async fn not_allowed(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let session = portal.session(&headers, &Origin::default()).await.unwrap_or_default();
    let (status, advice) = (StatusCode::METHOD_NOT_ALLOWED, ["error-no-page-begin"]);
    told(&portal, session.as_ref(), status, "error-not-allowed", &advice)
}

/// A form that did not come from a page of ours, or from one of an earlier session.
pub fn not_our_form(portal: &Portal, session: Option<&Session>) -> Response {
    let advice = ["error-not-our-form-reload", "error-not-our-form-cookies"];
    told(portal, session, StatusCode::FORBIDDEN, "error-not-our-form", &advice)
}

/// A page of what the edge itself found wrong: a message, and under its id with `-what` behind it
/// what that means.
fn told(
    portal: &Portal,
    session: Option<&Session>,
    status: StatusCode,
    heading: &str,
    advice: &[&str],
) -> Response {
    let shell = portal.shell(session, say(heading), Section::None);
    page::answer(
        status,
        &ErrorPage {
            status: status.as_u16(),
            heading: shell.title.clone(),
            what: say(&format!("{heading}-what")).into_owned(),
            recorded: false,
            advice: advice.iter().map(|step| say(step)).collect(),
            reference: None,
            shell,
        },
    )
}

/// The page for an error of a use case.
pub fn failed(portal: &Portal, session: Option<&Session>, error: &Error) -> Response {
    let told = tell(error);
    let shell = portal.shell(session, told.heading, Section::None);
    page::answer(
        told.status,
        &ErrorPage {
            status: told.status.as_u16(),
            heading: shell.title.clone(),
            what: told.what,
            recorded: told.recorded,
            advice: told.advice,
            reference: told.reference,
            shell,
        },
    )
}
