//! The secrets of a program: each is shown once.

use super::once::{self, Made, answer, form_id};
use super::principal::{path_of, revoke};
use super::{Area, Confirm};
use crate::portal::desk::Desk;
use crate::portal::form::Fields;
use crate::portal::language::{say, say_with};
use crate::portal::words::{self, Moment, Said};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use prorata_app::Error;
use prorata_app::secrets::{self, DAYS, NewSecret, Shown};
use prorata_domain::ids::PrincipalId;
use uuid::Uuid;

/// Days before its end from which on a secret is said to end soon.
const SOON_DAYS: i64 = 30;

#[derive(Debug)]
pub struct Secrets {
    pub rows: Vec<SecretRow>,
    /// The id of the form that makes another, and what was typed into it.
    pub id: String,
    pub name: String,
    pub days: String,
}

#[derive(Debug)]
pub struct SecretRow {
    pub id: String,
    pub name: Said,
    pub hint: String,
    pub created: Option<Moment>,
    pub ends: Option<Moment>,
    /// Said of one that has ended, or ends soon.
    pub ending: Option<Said>,
    pub used: Option<Moment>,
}

pub fn secrets(rows: Vec<Shown>, filled: &Fields) -> Secrets {
    let sent = filled.one("act") == "add-secret";
    let typed = |name: &str, or: String| if sent { filled.one(name) } else { or };
    Secrets {
        rows: rows.into_iter().map(row).collect(),
        id: if sent { form_id(filled) } else { Uuid::new_v4() }.to_string(),
        name: typed("name", String::new()),
        days: typed("days", DAYS.to_string()),
    }
}

fn row(shown: Shown) -> SecretRow {
    let days = shown.ends_at.map(|ends| {
        let left = ends.duration_since(Timestamp::now());
        (left.as_secs() > 0, left.as_hours() / 24)
    });
    SecretRow {
        id: shown.id.to_string(),
        name: if shown.hint.is_none() { say("admin-first-secret") } else { shown.name.into() },
        hint: shown.hint.map(|hint| format!("{hint}…")).unwrap_or_default(),
        created: shown.created_at.map(Moment),
        ends: shown.ends_at.map(Moment),
        ending: match days {
            Some((false, _)) => Some(say("admin-secret-ended")),
            Some((true, days)) if days <= SOON_DAYS => {
                Some(say_with("admin-secret-ends", [("when", words::in_days(days).into())]))
            }
            _ => None,
        },
        used: shown.used_at.map(Moment),
    }
}

/// What is said before a secret is taken away.
pub fn confirm(query: &Fields, rows: &[Shown], path: &str) -> Option<Confirm> {
    let id = query.one("secret");
    let shown = rows.iter().find(|row| row.id.to_string() == id)?;
    let name = if shown.hint.is_none() {
        say("admin-first-secret").into_owned()
    } else {
        shown.name.clone()
    };
    let mut says = vec![say("admin-confirm-secret-says")];
    says.push(match shown.used_at {
        Some(at) => say_with("admin-confirm-secret-used", [("when", words::moment(at).into())]),
        None if shown.hint.is_some() => say("admin-confirm-secret-unused"),
        None => say("admin-confirm-secret-unknown"),
    });
    Some(Confirm {
        heading: say_with("admin-confirm-secret", [("name", name.into())]).into_owned(),
        says,
        action: path.to_owned(),
        hidden: vec![("act", "remove-secret".to_owned()), ("secret", id)],
        label: say("admin-remove-secret"),
        back: path.to_owned(),
    })
}

/// Makes a secret and shows it, this once.
///
/// # Errors
/// [`Error::Malformed`] with every fault of the form.
pub async fn add(desk: &Desk, id: PrincipalId, fields: &Fields) -> Result<Response, Error> {
    let new = NewSecret { name: fields.one("name"), days: fields.one("days").parse().unwrap_or(0) };
    let work = |desk: Desk| async move { add_now(&desk, id, new).await.map(Some) };
    match once::made(desk, form_id(fields), work).await? {
        Some(made) => answer(desk, Area::Principals, made),
        None => Ok(Redirect::to(&path_of(id)).into_response()),
    }
}

async fn add_now(desk: &Desk, id: PrincipalId, new: NewSecret) -> Result<Made, Error> {
    let call = desk.call();
    let made = desk.portal.slowly(move |app| secrets::add(app, &call, id, &new)).await?;
    Ok(Made {
        title: made.shown.name.clone(),
        heading: say("admin-secret-made"),
        lead: say("admin-secret-made-lead"),
        label: say("admin-secret"),
        facts: made
            .shown
            .ends_at
            .map(|ends| (say("admin-good-until"), words::moment(ends)))
            .into_iter()
            .collect(),
        value: made.secret,
        back: path_of(id),
    })
}

/// Takes a secret away; one that is gone already is let be.
///
/// # Errors
/// Those of the use case.
pub async fn remove(desk: &Desk, id: PrincipalId, fields: &Fields) -> Result<(), Error> {
    let secret = Uuid::try_parse(&fields.one("secret")).unwrap_or_default();
    let call = desk.call();
    match revoke(desk, move |tx, _| secrets::remove(tx, &call, id, secret)).await {
        Err(Error::Absent { what, .. }) if what.starts_with("secret") => Ok(()),
        other => other,
    }
}
