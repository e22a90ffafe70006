//! The people of a tenant and their sessions, as its administrators see them, and one's own.

use super::asked::{Asked, read};
use super::table::{Entry, NONE, may, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use prorata_app::revocations::Revoked;
use prorata_app::second_factor::Rule;
use prorata_app::users::{self, Changes, Invitation, NewUser, Shown};
use prorata_app::{App, Call, Error, sessions};
use prorata_domain::access::Action::Assign;
use prorata_domain::ids::PrincipalId;
use prorata_store::Tx;
use prorata_wire::people as shape;
use serde_json::{Value, json as value};
use uuid::Uuid;

// One's own sessions need no role.
pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    const USERS: &str = "/prorata/users";
    const USER: &str = "/prorata/users/{user}";
    const SESSIONS: &str = "/prorata/users/{user}/sessions";
    const MINE: &str = "/prorata/sessions";
    let table = table
        .route(Method::GET, USERS, "User_List", NONE, may(Assign, run!(list)))
        .route(Method::POST, USERS, "User_Add", NONE, may(Assign, run!(add)))
        .route(Method::GET, USER, "User_Get", NONE, may(Assign, run!(show)))
        .route(Method::PATCH, USER, "User_Change", NONE, may(Assign, run!(change)));
    let table = deeds(table)
        .route(Method::GET, SESSIONS, "User_Sessions", NONE, may(Assign, run!(sessions_of)))
        .route(Method::DELETE, SESSIONS, "User_SignOut", NONE, may(Assign, run!(end_all)));
    table
        .route(
            Method::DELETE,
            "/prorata/users/{user}/sessions/{session}",
            "User_EndSession",
            NONE,
            may(Assign, run!(end_one)),
        )
        .route(Method::GET, MINE, "Session_List", NONE, signed_in(run!(mine)))
        .route(Method::DELETE, MINE, "Session_EndAll", NONE, signed_in(run!(end_all_mine)))
        .route(
            Method::DELETE,
            "/prorata/sessions/{session}",
            "Session_End",
            NONE,
            signed_in(run!(end_mine)),
        )
        .route(Method::GET, "/prorata/signInRule", "SignInRule_Get", NONE, may(Assign, run!(rule)))
        .route(
            Method::PUT,
            "/prorata/signInRule",
            "SignInRule_Set",
            NONE,
            may(Assign, run!(set_rule)),
        )
}

fn deeds(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(
            Method::POST,
            "/prorata/users/{user}/disable",
            "User_Disable",
            NONE,
            may(Assign, run!(disable)),
        )
        .route(
            Method::POST,
            "/prorata/users/{user}/enable",
            "User_Enable",
            NONE,
            may(Assign, run!(enable)),
        )
        .route(
            Method::POST,
            "/prorata/users/{user}/reset",
            "User_Reset",
            NONE,
            may(Assign, run!(reset)),
        )
        .route(
            Method::POST,
            "/prorata/users/{user}/resetSecondFactor",
            "User_ResetSecondFactor",
            NONE,
            may(Assign, run!(reset_second_factor)),
        )
}

fn user(asked: &Asked) -> Result<PrincipalId, ArmError> {
    let parse = |text: &str| Uuid::try_parse(text).ok().map(PrincipalId);
    asked.guid("user", "BadRequest", "user", parse)
}

fn session(asked: &Asked) -> Result<Uuid, ArmError> {
    asked.guid("session", "BadRequest", "session", |text| Uuid::try_parse(text).ok())
}

fn shown(shown: &Shown) -> shape::User<'_> {
    let user = &shown.user;
    let state = match (shown.closed, &user.password_hash) {
        (true, _) => "disabled",
        (false, None) => "invited",
        (false, Some(_)) => "active",
    };
    shape::User {
        id: user.id.0,
        user_name: &user.user_name,
        display_name: &user.display_name,
        mail: user.mail.as_deref(),
        state,
        second_factor: shown.second_factor,
        password_at: user.password_at,
        created_at: user.created_at,
    }
}

fn invitation<'i>(asked: &Asked, invitation: &'i Invitation) -> shape::Invitation<'i> {
    shape::Invitation {
        link: format!("{}/invitation?token={}", asked.base, invitation.token),
        token: &invitation.token,
        ends_at: invitation.ends_at,
    }
}

/// Runs what revokes something, and lets it take effect before the answer goes out.
async fn revoke(
    asked: &Asked,
    job: impl FnMut(&mut Tx<'_>, &App, &Call) -> Result<Revoked, Error> + Send + 'static,
) -> Result<(), ArmError> {
    let revoked = asked.write(job).await?;
    asked.app().revoked(revoked);
    Ok(())
}

fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let limit = asked.rows("take")?;
    let mark = asked.query.get("$skiptoken").filter(|mark| !mark.is_empty());
    let after = mark.map(|mark| {
        Uuid::try_parse(mark).map(PrincipalId).map_err(|_| {
            let message = "`$skiptoken` is not one that a next link gave; start at the first page.";
            ArmError::bad_request("BadRequest", message).with_target("$skiptoken")
        })
    });
    let after = after.transpose()?;
    let (rows, next) =
        asked.read(move |tx, app, call| users::list(tx, app, call, after, limit)).await?;
    let next = next.map(|mark| asked.next_link("$skiptoken", &mark.to_string()));
    let rows = rows.iter().map(|row| shape::user(&shown(row))).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, next)))
}

async fn add(asked: Asked) -> Result<Response, ArmError> {
    let new = read(shape::new_user(&asked.json().await?))?;
    let new = NewUser { user_name: new.user_name, display_name: new.display_name, mail: new.mail };
    let (added, made) = asked.write(move |tx, _, call| users::add(tx, call, &new)).await?;
    let body = shape::invited(&shown(&added), &invitation(&asked, &made));
    Ok(json(StatusCode::CREATED, &body))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    let found = asked.read(move |tx, app, call| users::show(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &shape::user(&shown(&found))))
}

async fn change(asked: Asked) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    let changes = read(shape::changes(&asked.json().await?))?;
    let changes = Changes { display_name: changes.display_name, mail: changes.mail };
    let changed =
        asked.write(move |tx, app, call| users::change(tx, app, call, id, &changes)).await?;
    Ok(json(StatusCode::OK, &shape::user(&shown(&changed))))
}

async fn set_closed(asked: Asked, closed: bool) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    revoke(&asked, move |tx, app, call| {
        users::show(tx, app, call, id)?;
        users::set_closed(tx, call, id, closed)
    })
    .await?;
    let found = asked.read(move |tx, app, call| users::show(tx, app, call, id)).await?;
    Ok(json(StatusCode::OK, &shape::user(&shown(&found))))
}

async fn disable(asked: Asked) -> Result<Response, ArmError> {
    set_closed(asked, true).await
}

async fn enable(asked: Asked) -> Result<Response, ArmError> {
    set_closed(asked, false).await
}

async fn reset(asked: Asked) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    let (made, revoked) = asked.write(move |tx, _, call| users::reset(tx, call, id)).await?;
    asked.app().revoked(revoked);
    Ok(json(StatusCode::OK, &shape::invitation(&invitation(&asked, &made))))
}

async fn reset_second_factor(asked: Asked) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    revoke(&asked, move |tx, _, call| users::reset_second_factor(tx, call, id)).await?;
    Ok(nothing())
}

fn listed(rows: &[sessions::Shown]) -> Value {
    let shown = rows.iter().map(|row| {
        shape::session(&shape::Session {
            id: row.id,
            proof: &row.proof,
            began_at: row.began_at,
            used_at: row.used_at,
            ends_at: row.ends_at,
            address: row.address.as_deref(),
            agent: row.agent.as_deref(),
        })
    });
    shape::page(shown.collect(), None)
}

async fn sessions_of(asked: Asked) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    let rows = asked.read(move |tx, _, call| users::sessions(tx, call, id)).await?;
    Ok(json(StatusCode::OK, &listed(&rows)))
}

async fn end_all(asked: Asked) -> Result<Response, ArmError> {
    let id = user(&asked)?;
    revoke(&asked, move |tx, _, call| users::end_sessions(tx, call, id)).await?;
    Ok(nothing())
}

async fn end_one(asked: Asked) -> Result<Response, ArmError> {
    let (id, session) = (user(&asked)?, session(&asked)?);
    revoke(&asked, move |tx, _, call| users::end_session(tx, call, id, session)).await?;
    Ok(nothing())
}

async fn mine(asked: Asked) -> Result<Response, ArmError> {
    let rows = asked.read(|tx, _, call| users::my_sessions(tx, &call.caller)).await?;
    Ok(json(StatusCode::OK, &listed(&rows)))
}

async fn end_all_mine(asked: Asked) -> Result<Response, ArmError> {
    revoke(&asked, |tx, _, call| users::end_my_sessions(tx, &call.caller, None)).await?;
    Ok(nothing())
}

async fn end_mine(asked: Asked) -> Result<Response, ArmError> {
    let session = session(&asked)?;
    revoke(&asked, move |tx, _, call| users::end_my_session(tx, &call.caller, session)).await?;
    Ok(nothing())
}

fn rule_of(rule: Rule) -> Response {
    json(StatusCode::OK, &value!({ "secondFactor": rule.as_str() }))
}

async fn rule(asked: Asked) -> Result<Response, ArmError> {
    Ok(rule_of(asked.read(|tx, _, call| users::rule(tx, call)).await?))
}

async fn set_rule(asked: Asked) -> Result<Response, ArmError> {
    let rule = read(shape::rule(&asked.json().await?, Rule::parse))?;
    asked.write(move |tx, _, call| users::set_rule(tx, call, rule)).await?;
    Ok(rule_of(rule))
}
