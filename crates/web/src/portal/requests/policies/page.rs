//! The page of one policy: its form, saving it, and taking it away.

use super::entered::Entered;
use super::{PATH, about};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Section, Shell};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::{App, Call, Error, access, authorization, request};
use prorata_domain::access::{Action, Scope as Place};
use prorata_domain::ids::PrincipalId;
use prorata_domain::request::approval::{Policy, Scope};
use prorata_domain::request::form::{self, Form};
use prorata_domain::term::utc_day;
use prorata_store::Tx;

#[derive(Debug, Template)]
#[template(path = "policy_of_approval.html")]
pub struct PolicyPage {
    pub shell: Shell,
    pub entered: Entered,
    pub scopes: Vec<Scopes>,
    /// Why it was not saved, where that belongs to no field.
    pub alert: Option<String>,
    pub removes: Said,
}

/// Something that a policy may be about.
#[derive(Debug, Clone)]
pub struct Scopes {
    pub word: String,
    pub label: String,
    pub chosen: bool,
}

/// Reads what a policy is about.
pub fn scope(desk: &Desk, text: &str) -> Result<Scope, Error> {
    let absent =
        || Error::Absent { what: "approval policy at this address".to_owned(), code: "NotFound" };
    form::read_scope(text, desk.session.caller.tenant).ok_or_else(absent)
}

pub async fn show(desk: &Desk, entered: Entered, status: StatusCode) -> Result<Response, Error> {
    answered(desk, entered, None, status).await
}

async fn answered(
    desk: &Desk,
    entered: Entered,
    alert: Option<String>,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    // Who may set none is shown no form to set one with.
    let settable = desk
        .read(move |tx, _| {
            let _permit = access::at(tx, &call, Action::Assign, &Place::root())?;
            request::settable_scopes(tx, &call)
        })
        .await?;
    let scopes = settable.iter().map(|scope| {
        let word = form::scope_path(scope);
        Scopes { label: about(scope), chosen: word == entered.scope, word }
    });
    let name = entered.name.clone();
    let title = match entered.is_new() {
        true => say("approval-new-heading"),
        false => say_with("approval-heading", [("name", name.clone().into())]),
    };
    let page = PolicyPage {
        shell: desk.shell(title, Section::Requests),
        scopes: scopes.collect(),
        alert,
        removes: say_with("approval-remove-confirm", [("name", name.into())]),
        entered,
    };
    Ok(page::answer(status, &page))
}

/// What came of saving a policy.
enum Put {
    Saved,
    /// A name that nobody has.
    Unknown(String),
    /// It is another one by now than the form was made from.
    Changed,
}

pub async fn put(desk: &Desk, mut entered: Entered) -> Result<Response, Error> {
    let scope = scope(desk, &entered.scope)?;
    let Some(form) = entered.form(Vec::new()) else {
        return show(desk, entered, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (call, people) = (desk.call(), entered.people());
    let (name, version) = (entered.name.clone(), entered.version.parse::<i64>().unwrap_or(0));
    let done = desk
        .app()
        .deed_async(move |tx, app| {
            let mut form = form.clone();
            for person in &people {
                match found(tx, &call, person)? {
                    Some(id) => form.approvers.principals.push(id),
                    None => return Ok(Put::Unknown(person.clone())),
                }
            }
            if is_another(tx, app, &call, &scope, &name, version, &form)? {
                return Ok(Put::Changed);
            }
            request::put_policy(tx, app, &call, &scope, &name, &form)?;
            Ok(Put::Saved)
        })
        .await;
    match done {
        Ok(Put::Saved) => Ok(Redirect::to(PATH).into_response()),
        Ok(Put::Unknown(name)) => {
            let fault = say_with("approval-fault-people", [("name", name.into())]);
            entered.faults.people = Some(fault);
            show(desk, entered, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Ok(Put::Changed) => {
            let fault =
                if entered.is_new() { "approval-fault-taken" } else { "approval-fault-changed" };
            entered.faults.name = Some(say(fault));
            show(desk, entered, StatusCode::CONFLICT).await
        }
        Err(Error::Malformed(faults)) => {
            let alert = entered.mark(&faults);
            answered(desk, entered, alert, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(Error::Refused(refused)) => {
            let alert = Some(words::reason(&refused.refusal));
            answered(desk, entered, alert, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

fn found(tx: &mut Tx<'_>, call: &Call, person: &str) -> Result<Option<PrincipalId>, Error> {
    match authorization::principal_called(tx, call, person) {
        Ok(id) => Ok(Some(id)),
        Err(Error::Absent { .. } | Error::Malformed(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Whether somebody else set this policy since the form was made. The same form sent again finds
/// what it set itself, and sets nothing.
fn is_another(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    scope: &Scope,
    name: &str,
    version: i64,
    form: &Form,
) -> Result<bool, Error> {
    let known = match request::get_policy(tx, app, call, scope, name) {
        Ok(known) => known,
        Err(Error::Absent { .. }) => return Ok(version != 0),
        Err(other) => return Err(other),
    };
    if known.version == version {
        return Ok(false);
    }
    let same = |wanted: Policy| Policy { version: known.version, since: known.since, ..wanted };
    let wanted = form::read(form, scope.clone(), name, known.version, utc_day(call.now));
    Ok(!wanted.is_ok_and(|wanted| same(wanted) == known))
}

pub async fn remove(desk: &Desk, mut entered: Entered, confirmed: bool) -> Result<Response, Error> {
    let scope = scope(desk, &entered.scope)?;
    if !confirmed {
        let (call, name) = (desk.call(), entered.name.clone());
        let policy =
            desk.read(move |tx, app| request::get_policy(tx, app, &call, &scope, &name)).await?;
        entered = Entered::of(&policy, &[]);
        entered.faults.remove = Some(say("approval-remove-missing"));
        return show(desk, entered, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (call, name) = (desk.call(), entered.name.clone());
    let done = desk
        .app()
        .deed_async(move |tx, app| request::delete_policy(tx, app, &call, &scope, &name))
        .await;
    match done {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(Error::Refused(refused)) => {
            let alert = Some(words::reason(&refused.refusal));
            answered(desk, entered, alert, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}
