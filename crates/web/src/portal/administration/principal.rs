//! One principal: how it signs in, where it is signed in, which roles it has.

use super::once::{self, Made, answer, form_id};
use super::programs::Secrets;
use super::{
    Area, Confirm, FieldFaults, Frame, Given, below, people, principals, programs, require,
};
use crate::portal::agent;
use crate::portal::desk::{Asked, Desk, Posted};
use crate::portal::form::Fields;
use crate::portal::language::{say, say_if_known, say_with};
use crate::portal::page::{self, Fact, Shell};
use crate::portal::words::{self, Moment, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::administration::principals::{Shown, show as find};
use prorata_app::authorization::assignments::{self, Choice, View};
use prorata_app::limits::PAGE_ROWS_MAX;
use prorata_app::revocations::Revoked;
use prorata_app::users::{self, Changes};
use prorata_app::{App, Call, Error, secrets, sessions};
use prorata_domain::authorization::Place;
use prorata_domain::ids::PrincipalId;
use prorata_store::Tx;
use uuid::Uuid;

#[derive(Debug, Template)]
#[template(path = "administration_principal.html")]
pub struct PrincipalPage {
    pub shell: Shell,
    pub frame: Frame,
    pub path: String,
    pub name: String,
    pub state: Said,
    pub class: &'static str,
    pub facts: Facts,
    pub confirm: Option<Confirm>,
    pub sign_in: SignIn,
    /// Nothing for programs and guests.
    pub sessions: Option<Vec<SessionRow>>,
    pub roles: Vec<Given>,
    pub secrets: Option<Secrets>,
    pub faults: FieldFaults,
}

#[derive(Debug)]
pub struct Facts(pub Vec<Fact>);

/// How it signs in, and what can be done about it.
#[derive(Debug, Default)]
pub struct SignIn {
    /// A person of this desk: what they are called, and their address of mail.
    pub person: Option<(String, String)>,
    pub password_since: Option<Moment>,
    pub second_factor: bool,
    pub invited_until: Option<Moment>,
    pub closed: bool,
    /// One's own account, which another administrator closes.
    pub is_own: bool,
    /// Accounts at other issuers that it is: where, in words, and the subject.
    pub identities: Vec<(String, String)>,
}

#[derive(Debug)]
pub struct SessionRow {
    pub id: String,
    pub agent: String,
    pub address: String,
    pub since: Moment,
    pub used: Moment,
    pub proof: Said,
}

/// What is read for the page.
struct Found {
    shown: Shown,
    identities: Vec<(String, String)>,
    sessions: Option<Vec<sessions::Shown>>,
    roles: Vec<View>,
    secrets: Option<Vec<secrets::Shown>>,
}

pub async fn show(desk: Desk, Path(id): Path<String>, Asked(query): Asked) -> Response {
    let answered = async {
        let id = principal(&id)?;
        let notice = match query.one("done").as_str() {
            "changed" => Some(say("admin-done-changed")),
            "ended" => Some(say("admin-done-ended")),
            "ended-all" => Some(say("admin-done-ended-all")),
            "second-factor" => Some(say("admin-done-second-factor")),
            "disabled" => Some(say("admin-done-disabled")),
            "enabled" => Some(say("admin-done-enabled")),
            "secret-removed" => Some(say("admin-done-secret-removed")),
            _ => None,
        };
        page(&desk, id, StatusCode::OK, &query, notice, FieldFaults::default()).await
    };
    desk.settle(answered.await)
}

fn principal(text: &str) -> Result<PrincipalId, Error> {
    let absent = || Error::Absent { what: "principal at this address".into(), code: "NotFound" };
    PrincipalId::parse(text).ok_or_else(absent)
}

pub fn path_of(id: PrincipalId) -> String {
    format!("{}/{id}", Area::Principals.path())
}

/// The page, with what was filled in and what is to be confirmed first.
async fn page(
    desk: &Desk,
    id: PrincipalId,
    status: StatusCode,
    filled: &Fields,
    notice: Option<Said>,
    faults: FieldFaults,
) -> Result<Response, Error> {
    require(desk, Area::Principals)?;
    let call = desk.call();
    let found = desk.read(move |tx, app| gather(tx, app, &call, id)).await?;
    let name = found.shown.name.clone();
    let (shell, frame) = below(desk, Area::Principals, name.clone())?;
    let (state, class) = principals::state(&found.shown);
    let is_own = id == desk.session.caller.principal;
    let path = path_of(id);
    let page = PrincipalPage {
        frame: Frame { notice, ..frame },
        facts: facts(&found.shown),
        confirm: confirm(filled, &found, is_own, &path),
        sign_in: sign_in(&found, filled, is_own),
        sessions: found.sessions.map(|rows| rows.into_iter().map(session).collect()),
        roles: found.roles.iter().map(super::assignments::given).collect(),
        secrets: found.secrets.map(|rows| programs::secrets(rows, filled)),
        shell,
        path,
        name,
        state,
        class,
        faults,
    };
    Ok(page::answer(status, &page))
}

fn gather(tx: &mut Tx<'_>, app: &App, call: &Call, id: PrincipalId) -> Result<Found, Error> {
    let (shown, identities) = find(tx, app, call, id)?;
    let chosen = Choice { at_scope: false, principal: Some(id) };
    let roles = assignments::list(tx, app, call, Place::Root, chosen, None, PAGE_ROWS_MAX)?.rows;
    let sessions = match shown.here.is_some() {
        true => Some(users::sessions(tx, call, id)?),
        false => None,
    };
    let is_own_program = !shown.is_person() && shown.home.is_none();
    let secrets = is_own_program.then(|| secrets::list(tx, call, id)).transpose()?;
    let identities = identities.into_iter().map(|one| {
        let at = say_with("admin-account-at", [("issuer", one.issuer.into())]);
        (at.into_owned(), one.subject)
    });
    let identities = identities.collect();
    Ok(Found { shown, identities, sessions, roles, secrets })
}

fn facts(one: &Shown) -> Facts {
    let mut facts = vec![Fact::words(say("admin-kind"), principals::kind(one))];
    if let Some(here) = &one.here {
        facts.push(Fact::words(say("admin-user-name"), here.user.user_name.clone()));
        let none = || say("admin-none").into_owned();
        let mail = here.user.mail.clone().unwrap_or_else(none);
        facts.push(Fact::words(say("admin-mail"), mail));
        facts.push(Fact::words(say("admin-added"), words::moment(here.user.created_at)));
    }
    facts.push(Fact::identifier(say("admin-object-id"), one.id));
    if !one.is_person() {
        facts.push(Fact::identifier(say("admin-client-id"), &one.client_id));
    }
    if let Some(home) = one.home {
        facts.push(Fact::identifier(say("admin-home"), home));
    }
    Facts(facts)
}

fn sign_in(found: &Found, filled: &Fields, is_own: bool) -> SignIn {
    let shown = &found.shown;
    let here = shown.here.as_ref();
    let typed = |name: &str, kept: String| {
        if filled.has("act") && filled.has(name) { filled.one(name) } else { kept }
    };
    SignIn {
        person: here.map(|here| {
            let mail = here.user.mail.clone().unwrap_or_default();
            (typed("displayName", here.user.display_name.clone()), typed("mail", mail))
        }),
        password_since: here.and_then(|here| here.user.password_at).map(Moment),
        second_factor: here.is_some_and(|here| here.second_factor),
        invited_until: here
            .and_then(|here| here.user.invitation.as_ref())
            .map(|(_, ends_at)| Moment(*ends_at)),
        closed: shown.closed,
        is_own,
        identities: found.identities.clone(),
    }
}

fn session(row: sessions::Shown) -> SessionRow {
    SessionRow {
        id: row.id.to_string(),
        agent: row.agent.map_or_else(|| say("admin-not-told").into(), |sent| agent::short(&sent)),
        address: row.address.unwrap_or_else(|| say("admin-not-known").into_owned()),
        since: Moment(row.began_at),
        used: Moment(row.used_at),
        proof: say_if_known(&format!("admin-proof-{}", row.proof))
            .unwrap_or_else(|| row.proof.into()),
    }
}

/// What is to be confirmed before it is done, where it can be done.
fn confirm(query: &Fields, found: &Found, is_own: bool, path: &str) -> Option<Confirm> {
    let shown = &found.shown;
    let named = |id: &'static str| say_with(id, [("name", shown.name.clone().into())]);
    let sessions = found.sessions.as_ref().map_or(0, Vec::len);
    let ending = || say_with("admin-confirm-sessions-end", [("count", sessions.into())]);
    let (act, heading, says, label) = match query.one("do").as_str() {
        "reset" if shown.here.is_some() => (
            "reset",
            named("admin-confirm-reset"),
            vec![say("admin-confirm-reset-password"), ending(), say("admin-confirm-reset-factor")],
            say("admin-make-invitation"),
        ),
        "second-factor" if shown.here.as_ref().is_some_and(|here| here.second_factor) => (
            "second-factor",
            named("admin-confirm-factor"),
            vec![say("admin-confirm-factor-says"), ending()],
            say("admin-reset-factor"),
        ),
        "end-all" if sessions > 0 => (
            "end-all",
            named("admin-confirm-end-all"),
            vec![ending(), say("admin-confirm-end-all-says")],
            say("admin-end-all"),
        ),
        "disable" if !shown.closed && !is_own => (
            "disable",
            named("admin-confirm-disable"),
            vec![say("admin-confirm-disable-says"), ending(), say("admin-confirm-disable-kept")],
            say("admin-disable"),
        ),
        "remove-secret" => return programs::confirm(query, found.secrets.as_deref()?, path),
        _ => return None,
    };
    Some(Confirm {
        heading: heading.into_owned(),
        says,
        action: path.to_owned(),
        hidden: vec![("act", act.to_owned()), ("id", Uuid::new_v4().to_string())],
        label,
        back: path.to_owned(),
    })
}

pub async fn submit(Path(id): Path<String>, Posted { desk, fields }: Posted) -> Response {
    let answered = async {
        let id = principal(&id)?;
        require(&desk, Area::Principals)?;
        act(&desk, id, &fields).await
    };
    desk.settle(answered.await)
}

async fn act(desk: &Desk, id: PrincipalId, fields: &Fields) -> Result<Response, Error> {
    let call = desk.call();
    let done = match fields.one("act").as_str() {
        "change" => return change(desk, id, fields).await,
        "reset" => return reset(desk, id, fields).await,
        "add-secret" => {
            return match programs::add(desk, id, fields).await {
                Err(Error::Malformed(faults)) => {
                    let faults = FieldFaults::of(faults);
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    page(desk, id, status, fields, None, faults).await
                }
                other => other,
            };
        }
        "remove-secret" => {
            programs::remove(desk, id, fields).await?;
            "secret-removed"
        }
        "second-factor" => {
            revoke(desk, move |tx, _| users::reset_second_factor(tx, &call, id)).await?;
            "second-factor"
        }
        "end" => {
            let session = Uuid::try_parse(&fields.one("session")).unwrap_or_default();
            let ended = revoke(desk, move |tx, _| users::end_session(tx, &call, id, session));
            // The same form again: it is over already.
            match ended.await {
                Ok(()) | Err(Error::Absent { .. }) => "ended",
                Err(other) => return Err(other),
            }
        }
        "end-all" => {
            revoke(desk, move |tx, _| users::end_sessions(tx, &call, id)).await?;
            "ended-all"
        }
        "disable" => {
            revoke(desk, move |tx, _| users::set_closed(tx, &call, id, true)).await?;
            "disabled"
        }
        "enable" => {
            revoke(desk, move |tx, _| users::set_closed(tx, &call, id, false)).await?;
            "enabled"
        }
        _ => return Err(Error::malformed("act", "is not one of this page's")),
    };
    Ok(Redirect::to(&format!("{}?done={done}", path_of(id))).into_response())
}

/// Runs what revokes something, and lets it take effect before the answer goes out.
pub async fn revoke(
    desk: &Desk,
    job: impl FnMut(&mut Tx<'_>, &App) -> Result<Revoked, Error> + Send + 'static,
) -> Result<(), Error> {
    let revoked = desk.app().write_async(job).await?;
    desk.app().revoked(revoked);
    Ok(())
}

async fn change(desk: &Desk, id: PrincipalId, fields: &Fields) -> Result<Response, Error> {
    let mail = fields.one("mail");
    let changes = Changes {
        display_name: Some(fields.one("displayName")),
        mail: Some((!mail.is_empty()).then_some(mail)),
    };
    let call = desk.call();
    let changed = desk
        .app()
        .write_async(move |tx, app| users::change(tx, app, &call, id, &changes).map(drop))
        .await;
    match changed {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=changed", path_of(id))).into_response()),
        Err(Error::Malformed(faults)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(desk, id, status, fields, None, FieldFaults::of(faults)).await
        }
        Err(other) => Err(other),
    }
}

async fn reset(desk: &Desk, id: PrincipalId, fields: &Fields) -> Result<Response, Error> {
    let work = |desk: Desk| async move { reset_now(&desk, id).await.map(Some) };
    match once::made(desk, form_id(fields), work).await? {
        Some(made) => answer(desk, Area::Principals, made),
        None => Ok(Redirect::to(&path_of(id)).into_response()),
    }
}

async fn reset_now(desk: &Desk, id: PrincipalId) -> Result<Made, Error> {
    let call = desk.call();
    let (name, invitation, revoked) = desk
        .app()
        .write_async(move |tx, app| {
            let name = users::show(tx, app, &call, id)?.user.display_name;
            let (invitation, revoked) = users::reset(tx, &call, id)?;
            Ok((name, invitation, revoked))
        })
        .await?;
    desk.app().revoked(revoked);
    Ok(people::invited(desk, &name, &invitation, path_of(id)))
}
