//! Your account: the password, the second factor, and where you are signed in.

use super::agent;
use super::desk::{self, Asked, Desk, Posted};
use super::language::{say, say_with};
use super::page::{self, Section, Shell};
use super::qr::{self, Picture};
use super::sign_in::{password_fault, retry_after, too_many};
use super::words::{self, Moment, Said};
use crate::guard::Account as Counted;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::second_factor::Enrolment;
use prorata_app::sessions::Shown;
use prorata_app::users::{self, Account};
use prorata_app::{App, Caller, Error, Fault};
use uuid::Uuid;

#[derive(Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    pub shell: Shell,
    /// Nothing for programs, and for who signs in with another issuer.
    pub person: Option<Person>,
    pub sessions: Vec<SessionRow>,
    pub notice: Option<Said>,
    pub faults: Faults,
}

#[derive(Debug)]
pub struct Person {
    pub user_name: String,
    pub display_name: String,
    pub mail: String,
    pub password_since: Option<Moment>,
    pub second_factor_since: Option<Moment>,
    pub recovery_codes_left: Said,
    /// The tenant asks for a second factor before money moves, and there is none.
    pub second_factor_asked: bool,
}

#[derive(Debug)]
pub struct SessionRow {
    pub id: String,
    pub agent: String,
    pub address: String,
    pub since: Moment,
    pub used: Moment,
    /// The one in which this page is looked at.
    pub here: bool,
}

#[derive(Debug, Default)]
pub struct Faults {
    pub old: Option<String>,
    pub new: Option<String>,
    pub again: Option<String>,
    /// About the password that is asked for before the second factor is changed.
    pub proof: Option<String>,
    /// About the page as a whole.
    pub all: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "second_factor.html")]
pub struct SecondFactorPage {
    pub shell: Shell,
    pub picture: Picture,
    pub seed: String,
    pub uri: String,
    pub fault: Option<String>,
}

#[derive(Debug, Template)]
#[template(path = "recovery_codes.html")]
pub struct RecoveryCodesPage {
    pub shell: Shell,
    pub codes: Vec<String>,
}

pub async fn show(Asked(query): Asked, desk: Desk) -> Response {
    let notice = match query.one("done").as_str() {
        "password" => Some(say("account-done-password")),
        "ended" => Some(say("account-done-ended")),
        "ended-all" => Some(say("account-done-ended-all")),
        "removed" => Some(say("account-done-removed")),
        _ => None,
    };
    answer(&desk, StatusCode::OK, notice, Faults::default()).await
}

async fn answer(desk: &Desk, status: StatusCode, notice: Option<Said>, faults: Faults) -> Response {
    let caller = desk.session.caller.clone();
    let found = desk.app().read_async(move |tx, _| {
        Ok((users::account(tx, &caller)?, users::my_sessions(tx, &caller)?))
    });
    let answer = found.await.map(|(account, sessions)| {
        let shell = desk.shell(say("your-account"), Section::None);
        let sessions = sessions.into_iter().map(|shown| row(shown, desk.session.id)).collect();
        let person = account.map(person);
        page::answer(status, &AccountPage { shell, person, sessions, notice, faults })
    });
    desk.settle(answer)
}

fn person(account: Account) -> Person {
    Person {
        password_since: account.password_at.map(Moment),
        second_factor_asked: account.second_factor_asked && account.second_factor_since.is_none(),
        second_factor_since: account.second_factor_since.map(Moment),
        recovery_codes_left: say_with(
            "account-codes-left",
            [("count", account.recovery_codes_left.into())],
        ),
        user_name: account.user_name,
        display_name: account.display_name,
        mail: account.mail.unwrap_or_else(|| say("account-no-mail").into_owned()),
    }
}

fn row(shown: Shown, here: Uuid) -> SessionRow {
    SessionRow {
        here: shown.id == here,
        id: shown.id.to_string(),
        agent: shown
            .agent
            .map_or_else(|| say("account-not-told").into(), |sent| agent::short(&sent)),
        address: shown.address.unwrap_or_else(|| say("account-not-known").into_owned()),
        since: Moment(shown.began_at),
        used: Moment(shown.used_at),
    }
}

pub async fn submit(posted: Posted) -> Response {
    let Posted { desk, fields } = posted;
    let act = fields.one("act");
    let done = match act.as_str() {
        "password" => {
            let (old, new) = (fields.secret("old"), fields.secret("new"));
            change_password(&desk, old, new, fields.secret("again")).await
        }
        "enrol" => enrol(&desk, fields.secret("proof")).await,
        "confirm" => confirm(&desk, fields.one("code")).await,
        "codes" => codes(&desk, fields.secret("proof")).await,
        "remove" => remove(&desk, fields.secret("proof")).await,
        "end" => end(&desk, &fields.one("session")).await,
        "end-all" => end_all(&desk).await,
        _ => Err(Failed::Whole(Error::malformed("act", "is not one of this page's"))),
    };
    match done {
        Ok(response) => response,
        Err(Failed::Whole(error)) => desk::failed(&desk.portal, Some(&desk.session), &error),
        Err(Failed::Shown(faults)) => {
            answer(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, *faults).await
        }
        Err(Failed::Wait(seconds)) => {
            let faults = Faults { all: Some(too_many(seconds)), ..Faults::default() };
            let shown = answer(&desk, StatusCode::TOO_MANY_REQUESTS, None, faults).await;
            retry_after(shown, seconds)
        }
    }
}

/// Why something was not done: the page says it at its place, or there is a page for it alone.
enum Failed {
    Whole(Error),
    Shown(Box<Faults>),
    /// Too many wrong passwords; in how many seconds to try again.
    Wait(u64),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed::Whole(error)
    }
}

type Done = Result<Response, Failed>;

fn faulty(faults: Faults) -> Failed {
    Failed::Shown(Box::new(faults))
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("/account?done={what}")).into_response()
}

/// Runs a job that checks the caller's password, which is not to be guessed from here either.
async fn with_password(
    desk: &Desk,
    job: impl FnOnce(&App, &Caller) -> Result<(), Error> + Send + 'static,
) -> Result<(), Failed> {
    let caller = desk.session.caller.clone();
    // Counted by the session, so that who has stolen one can hold up nobody else.
    let account = Counted::person(&caller.principal.to_string());
    let here = Some(desk.session.id.as_u128());
    let admitted = desk.portal.admit(&desk.origin, account, here).map_err(Failed::Wait)?;
    let checked = desk.portal.slowly(move |app| job(app, &caller)).await;
    let wrong = matches!(&checked, Err(Error::Malformed(faults))
        if faults.iter().any(|fault| ["proof", "oldPassword"].contains(&fault.path.as_str())));
    if !wrong {
        admitted.was_right();
    }
    checked.map_err(|error| match error {
        Error::Malformed(found) => faulty(faults(found)),
        other => Failed::Whole(other),
    })
}

/// What a job found wrong, at its places on the page.
fn faults(found: Vec<Fault>) -> Faults {
    let mut faults = Faults::default();
    for Fault { path, message } in found {
        match path.as_str() {
            "oldPassword" => faults.old = Some(password_fault(&message)),
            "newPassword" => faults.new = Some(password_fault(&message)),
            "proof" => faults.proof = Some(password_fault(&message)),
            _ => faults.all = Some(format!("{}: {message}.", words::sentence(&path))),
        }
    }
    faults
}

async fn change_password(desk: &Desk, old: String, new: String, again: String) -> Done {
    if new != again {
        let said = Some(say("invitation-differ").into_owned());
        return Err(faulty(Faults { again: said, ..Faults::default() }));
    }
    let (call, session) = (desk.call(), desk.session.id);
    with_password(desk, move |app, _| {
        users::change_password(app, &call, Some(session), &old, &new)
    })
    .await?;
    Ok(done("password"))
}

/// The caller's password, asked for before what they sign in with is changed.
async fn proven(desk: &Desk, proof: String) -> Result<(), Failed> {
    let check = move |app: &App, caller: &Caller| {
        users::check_password(app, caller, &proof, "proof").map(drop)
    };
    with_password(desk, check).await
}

async fn enrol(desk: &Desk, proof: String) -> Done {
    proven(desk, proof).await?;
    let caller = desk.session.caller.clone();
    let app = desk.app();
    let enrolment = app.write_async(move |tx, app| users::enrol(tx, app, &caller)).await?;
    second_factor(desk, StatusCode::OK, &enrolment, None)
}

fn second_factor(
    desk: &Desk,
    status: StatusCode,
    enrolment: &Enrolment,
    fault: Option<String>,
) -> Done {
    let shell = desk.shell(say("factor-title"), Section::None);
    let picture = qr::picture(&enrolment.uri)?;
    let (seed, uri) = (grouped(&enrolment.seed), enrolment.uri.clone());
    let page = SecondFactorPage { shell, picture, seed, uri, fault };
    Ok(page::answer(status, &page))
}

/// Letters in fours, as one types them.
fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

async fn confirm(desk: &Desk, code: String) -> Done {
    let account = Counted::codes(&desk.session.caller.principal.to_string());
    let here = Some(desk.session.id.as_u128());
    let admitted = desk.portal.admit(&desk.origin, account, here).map_err(Failed::Wait)?;
    let (call, session) = (desk.call(), desk.session.id);
    let app = desk.app();
    let confirmed =
        app.write_async(move |tx, app| users::confirm(tx, app, &call, Some(session), &code)).await;
    match confirmed {
        Ok((codes, revoked)) => {
            admitted.was_right();
            app.revoked(revoked);
            Ok(recovery_codes(desk, codes))
        }
        Err(Error::Malformed(_)) => {
            let caller = desk.session.caller.clone();
            let again = app.read_async(move |tx, app| users::enrolling(tx, app, &caller)).await?;
            let absent = || Error::malformed("act", "has nothing to confirm");
            let said = Some(say("factor-wrong").into_owned());
            let again = again.ok_or_else(absent)?;
            second_factor(desk, StatusCode::UNPROCESSABLE_ENTITY, &again, said)
        }
        Err(error) => Err(Failed::Whole(error)),
    }
}

async fn codes(desk: &Desk, proof: String) -> Done {
    proven(desk, proof).await?;
    let call = desk.call();
    let renewed = desk.app().write_async(move |tx, _| users::renew_recovery_codes(tx, &call));
    Ok(recovery_codes(desk, renewed.await?))
}

/// The codes, this once: they are kept as hashes only.
fn recovery_codes(desk: &Desk, codes: Vec<String>) -> Response {
    let shell = desk.shell(say("recovery-title"), Section::None);
    page::answer(StatusCode::OK, &RecoveryCodesPage { shell, codes })
}

async fn remove(desk: &Desk, proof: String) -> Done {
    proven(desk, proof).await?;
    let call = desk.call();
    desk.app().write_async(move |tx, _| users::remove_second_factor(tx, &call)).await?;
    Ok(done("removed"))
}

async fn end(desk: &Desk, session: &str) -> Done {
    let id = Uuid::try_parse(session)
        .map_err(|_| Error::Absent { what: "session".to_owned(), code: "NotFound" })?;
    let (caller, app) = (desk.session.caller.clone(), desk.app());
    let revoked = app.write_async(move |tx, _| users::end_my_session(tx, &caller, id)).await?;
    app.revoked(revoked);
    Ok(done("ended"))
}

async fn end_all(desk: &Desk) -> Done {
    let (caller, here, app) = (desk.session.caller.clone(), desk.session.id, desk.app());
    let revoked =
        app.write_async(move |tx, _| users::end_my_sessions(tx, &caller, Some(here))).await?;
    app.revoked(revoked);
    Ok(done("ended-all"))
}
