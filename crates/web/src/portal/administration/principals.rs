//! Everybody whom the tenant knows.

use super::{Area, Choice, Frame, tabbed};
use crate::portal::desk::{Asked, Desk};
use crate::portal::form::escaped;
use crate::portal::language::{say, say_with};
use crate::portal::page::{self, Shell};
use crate::portal::words::Said;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::administration::principals::{self, Query, Shown, Which};

/// Rows of a page.
const ROWS: usize = 50;

#[derive(Debug, Template)]
#[template(path = "administration_principals.html")]
pub struct PrincipalsPage {
    pub shell: Shell,
    pub frame: Frame,
    /// What is looked for.
    pub q: String,
    pub which: Vec<Choice>,
    pub rows: Vec<Row>,
    pub total: Said,
    pub previous: Option<String>,
    pub next: Option<String>,
}

#[derive(Debug)]
pub struct Row {
    pub href: String,
    pub name: String,
    /// The user name, or the client id.
    pub sub: String,
    pub kind: Said,
    pub by: Said,
    pub state: Said,
    pub class: &'static str,
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let (shell, frame) = tabbed(&desk, Area::Principals)?;
        let q = query.one("q");
        let which = Which::parse(&query.one("which")).unwrap_or_default();
        let skip: usize = query.one("skip").parse().unwrap_or(0);
        let wanted = Query { text: q.clone(), which, skip, take: ROWS };
        let call = desk.call();
        let found =
            desk.app().read_async(move |tx, app| principals::list(tx, app, &call, &wanted)).await?;
        let at = |skip: usize| {
            let part = if skip == 0 { String::new() } else { format!("&skip={skip}") };
            format!("{}?q={}&which={}{part}", Area::Principals.path(), escaped(&q), which.as_str())
        };
        let end = skip.saturating_add(found.rows.len());
        let choice = |one: Which| Choice {
            word: one.as_str().to_owned(),
            label: label(one).into_owned(),
            chosen: one == which,
        };
        let page = PrincipalsPage {
            shell,
            frame,
            which: Which::ALL.map(choice).into(),
            rows: found.rows.iter().map(row).collect(),
            total: say_with("admin-principals-total", [("count", found.total.into())]),
            previous: (skip > 0).then(|| at(skip.saturating_sub(ROWS))),
            next: (end < found.total).then(|| at(end)),
            q,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn label(which: Which) -> Said {
    match which {
        Which::All => say("admin-which-all"),
        Which::People => say("admin-which-people"),
        Which::Programs => say("admin-which-programs"),
        Which::Guests => say("admin-which-guests"),
    }
}

fn row(one: &Shown) -> Row {
    let (state, class) = state(one);
    Row {
        href: format!("{}/{}", Area::Principals.path(), one.id),
        name: one.name.clone(),
        sub: match &one.here {
            Some(here) => here.user.user_name.clone(),
            None => one.client_id.clone(),
        },
        kind: kind(one),
        by: signs_in_with(one),
        state,
        class,
    }
}

/// What it is, in words.
pub fn kind(one: &Shown) -> Said {
    match (one.home.is_some(), one.is_person()) {
        (false, true) => say("admin-kind-person"),
        (false, false) => say("admin-kind-program"),
        (true, true) => say("admin-kind-guest"),
        (true, false) => say("admin-kind-guest-program"),
    }
}

fn signs_in_with(one: &Shown) -> Said {
    match &one.here {
        _ if one.home.is_some() => say("admin-by-home"),
        Some(here) if here.second_factor => say("admin-by-code"),
        Some(_) => say("admin-by-password"),
        None if one.is_person() => say("admin-by-issuer"),
        None => say_with("admin-by-secrets", [("count", one.secrets.into())]),
    }
}

/// Where its account stands, and the badge's class.
pub fn state(one: &Shown) -> (Said, &'static str) {
    match (one.closed, one.is_invited()) {
        (true, _) => (say("admin-state-disabled"), "ended"),
        (false, true) => (say("admin-state-invited"), "not-concerned"),
        (false, false) => (say("admin-state-active"), "active"),
    }
}
