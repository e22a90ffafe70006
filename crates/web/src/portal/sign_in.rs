//! Signing in with a name and a password, and out.

use super::desk::{self, Asked, Desk, Portal, Posted};
use super::form::Fields;
use super::language::{say, say_with};
use super::page::{self, Section, Shell};
use super::provider::{self, Choice};
use super::session::{self, Cookie, Device, random_text, same};
use super::words::{self, Said};
use crate::guard::Account;
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{HeaderMap, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use prorata_app::users::{self, Entered as Way};
use prorata_app::{Error, Origin};
use std::sync::Arc;

/// The sign-in form, as it was filled in so far. The password is never shown again.
#[derive(Debug, Default)]
pub struct Entered {
    pub user: String,
    /// Where to go on afterwards: a path of ours.
    pub next: String,
}

#[derive(Debug, Default)]
pub struct Faults {
    pub user: Option<String>,
    pub password: Option<String>,
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
    /// Where people may sign in besides.
    pub providers: Vec<Choice>,
    /// Something good to tell, such as that somebody is signed out.
    pub notice: Option<Said>,
}

impl SignInPage {
    /// Where programs sign in, and go on to the same page.
    pub fn program(&self) -> String {
        format!("/sign-in/program?next={}", super::form::escaped(&self.entered.next))
    }
}

/// A form that is there before a session is: what came with it, and from where.
pub struct Outside {
    pub headers: HeaderMap,
    pub origin: Origin,
    pub fields: Fields,
}

impl Outside {
    /// Reads a posted form that has no session yet; it brings back what is also in its cookie.
    ///
    /// # Errors
    /// The answer, where it is not ours.
    pub async fn read(request: Request, portal: &Arc<Portal>) -> Result<Outside, Response> {
        let (parts, body) = request.into_parts();
        let (headers, origin) = (parts.headers.clone(), desk::origin(&parts));
        let fields = desk::fields(Request::from_parts(parts, body), portal, None).await?;
        let token = portal.cookies.get(&headers, Cookie::Form).unwrap_or_default();
        let ours = !token.is_empty() && same(&fields.one("form_token"), &token);
        if !ours || desk::is_foreign(&headers) {
            return Err(desk::not_our_form(portal, None));
        }
        Ok(Outside { headers, origin, fields })
    }
}

/// The token of a form without a session: one that is there already stays, so that a second tab
/// does not void the first.
pub fn form_token(portal: &Portal, headers: &HeaderMap) -> String {
    portal.cookies.get(headers, Cookie::Form).unwrap_or_else(random_text)
}

/// A page with such a form, and the cookie that goes with it.
pub fn with_form(
    portal: &Portal,
    status: StatusCode,
    token: &str,
    page: &impl Template,
) -> Response {
    let cookies = [(SET_COOKIE, portal.cookies.set(Cookie::Form, token))];
    (AppendHeaders(cookies), page::answer(status, page)).into_response()
}

/// What is said to who has to wait.
pub fn too_many(seconds: u64) -> String {
    say_with("sign-in-too-many", [("seconds", seconds.into())]).into_owned()
}

/// What speaks against a password that was typed, as a sentence.
pub fn password_fault(message: &str) -> String {
    let said = [
        ("must have at least", "password-fault-short"),
        ("must have at most", "password-fault-long"),
        ("is among the first", "password-fault-common"),
        ("is not your present", "password-fault-old"),
        ("was changed meanwhile", "password-fault-changed"),
    ];
    let known = said.into_iter().find(|(begins, _)| message.starts_with(begins));
    let other = || {
        let fault = words::uncapital(message.trim_end_matches('.'));
        say_with("password-fault-other", [("fault", fault.into())])
    };
    known.map_or_else(other, |(_, id)| say(id)).into_owned()
}

pub fn retry_after(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
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
    let notice = if query.has("signed-out") {
        Some(say("sign-in-signed-out"))
    } else if query.has("welcome") {
        Some(say("sign-in-welcome"))
    } else {
        None
    };
    let entered = Entered { next, ..Entered::default() };
    form(&portal, &headers, StatusCode::OK, entered, Faults::default(), notice)
}

pub async fn submit(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let sent = match Outside::read(request, &portal).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let next = own_path(&sent.fields.text("next"));
    let entered = Entered { user: sent.fields.one("user"), next };
    let password = sent.fields.secret("password");
    let faults = Faults {
        user: entered.user.is_empty().then(|| say("sign-in-no-user").into_owned()),
        password: password.is_empty().then(|| say("sign-in-no-password").into_owned()),
        all: None,
    };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if faults.user.is_some() || faults.password.is_some() {
        return form(&portal, &sent.headers, wrong, entered, faults, None);
    }
    let account = Account::person(&entered.user);
    let mark = portal.cookies.get(&sent.headers, Cookie::Device).unwrap_or_default();
    let device = Device(&portal.app).known(&mark, &entered.user);
    let admitted = match portal.admit(&sent.origin, account, device) {
        Ok(admitted) => admitted,
        Err(seconds) => {
            let faults = Faults { all: Some(too_many(seconds)), ..Faults::default() };
            let status = StatusCode::TOO_MANY_REQUESTS;
            return retry_after(
                form(&portal, &sent.headers, status, entered, faults, None),
                seconds,
            );
        }
    };
    let (user, origin) = (entered.user.clone(), sent.origin.clone());
    let signed_in = portal.slowly(move |app| users::sign_in(app, &user, &password, &origin)).await;
    match signed_in {
        Ok(way) => {
            admitted.was_right();
            go_on(&portal, &sent, &entered, way).await
        }
        Err(Error::Unknown(_)) => {
            tracing::info!(
                user = ?prorata_app::sessions::told(&entered.user),
                address = ?sent.origin.address, "a sign-in failed"
            );
            let said = say("sign-in-wrong").into_owned();
            let faults = Faults { all: Some(said), ..Faults::default() };
            form(&portal, &sent.headers, wrong, entered, faults, None)
        }
        Err(error) => {
            admitted.was_right();
            desk::failed(&portal, None, &error)
        }
    }
}

/// After the right password: in, or to the page that takes the code.
async fn go_on(portal: &Portal, sent: &Outside, entered: &Entered, way: Way) -> Response {
    if let Err(error) = session::leave(portal, &sent.headers).await {
        return desk::failed(portal, None, &error);
    }
    match way {
        Way::Open(begun) => {
            let mark = Device(&portal.app).mark(&entered.user.trim().to_ascii_lowercase());
            let cookies = [(SET_COOKIE, portal.cookies.set(Cookie::Device, &mark))];
            (AppendHeaders(cookies), session::enter(portal, &begun, &entered.next)).into_response()
        }
        Way::Code(begun) => {
            let cookies = [
                (SET_COOKIE, portal.cookies.set(Cookie::Code, &begun.cookie)),
                (SET_COOKIE, portal.cookies.clear(Cookie::Session)),
            ];
            let to = format!("/sign-in/code?next={}", super::form::escaped(&entered.next));
            (AppendHeaders(cookies), Redirect::to(&to)).into_response()
        }
    }
}

pub async fn sign_out(headers: HeaderMap, posted: Posted) -> Response {
    let Desk { portal, .. } = posted.desk;
    if let Err(error) = session::leave(&portal, &headers).await {
        return desk::failed(&portal, None, &error);
    }
    // Not the cookies: the browser stays known, so that nobody can hold up its next sign-in.
    let forget = HeaderValue::from_static("\"cache\", \"storage\"");
    let headers = [
        (SET_COOKIE, portal.cookies.clear(Cookie::Session)),
        (HeaderName::from_static("clear-site-data"), forget),
    ];
    (AppendHeaders(headers), Redirect::to("/sign-in?signed-out=1")).into_response()
}

fn form(
    portal: &Portal,
    headers: &HeaderMap,
    status: StatusCode,
    entered: Entered,
    faults: Faults,
    notice: Option<Said>,
) -> Response {
    let form_token = form_token(portal, headers);
    let shell = portal.shell(None, say("sign-in"), Section::None);
    let providers = provider::choices(&portal.app, &entered.next);
    let page = SignInPage { shell, form_token, entered, faults, providers, notice };
    with_form(portal, status, &page.form_token, &page)
}

/// A path of this site to go on to; anything else becomes the first page.
pub fn own_path(text: &str) -> String {
    let ours = is_own(text) && !text.starts_with("/sign-");
    if ours { text.to_owned() } else { "/".to_owned() }
}

/// Whether a text is a path of this site and nothing that a browser reads as another site's.
pub fn is_own(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && text.chars().all(|letter| letter.is_ascii_graphic())
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
            assert_eq!(own_path(other), "/", "{other}");
        }
    }
}
