//! The list of requests: those that wait for the reader, their own, those that are decided, all.

use super::about::{in_short, things};
use super::{class, status, what};
use crate::portal::desk::{Asked, Desk};
use crate::portal::form;
use crate::portal::language::say;
use crate::portal::page::{self, Choice, Section, Shell};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::access;
use prorata_app::request::{self, Filter, View};
use prorata_domain::access::{Action, Scope};
use prorata_domain::request::Kind;
use prorata_domain::term::{days_between, utc_day};

/// Rows of a page.
const ROWS: usize = 50;
/// Days before the end of its life from which on a request is marked.
const SOON_DAYS: i64 = 3;
/// The tabs, as the address names them.
const TABS: [&str; 4] = ["waiting", "mine", "decided", "all"];

#[derive(Debug, Template)]
#[template(path = "requests.html")]
pub struct RequestsPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    /// The tab that is shown, as the form brings it back.
    pub shown: &'static str,
    pub kinds: Vec<Choice>,
    pub rows: Vec<Row>,
    pub next: Option<String>,
    pub empty: Said,
    /// Whether the reader may look at the approval policies.
    pub policies: bool,
}

#[derive(Debug, Clone)]
pub struct Tab {
    pub label: Said,
    pub href: String,
    pub current: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub kind: Said,
    pub what: String,
    pub by: String,
    pub stake: Said,
    pub status: Said,
    pub class: &'static str,
    pub asked: String,
    /// The last day; nothing for what is over.
    pub until: Option<String>,
    /// `in 2 days`, where that is soon.
    pub soon: Option<String>,
}

pub async fn list(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let shown = query.one("show");
        let tab = TABS.into_iter().find(|tab| *tab == shown).unwrap_or(TABS[0]);
        let wanted = Kind::parse(&query.one("kind"));
        let filter = Filter {
            kind: wanted,
            waiting_for_me: tab == "waiting",
            mine: tab == "mine",
            over: tab == "decided",
            ..Filter::default()
        };
        let (call, after) = (desk.call(), query.one("after"));
        let today = utc_day(call.now);
        let (found, next, policies) = desk
            .read(move |tx, app| {
                let after = (!after.is_empty()).then_some(after.as_str());
                let page = request::list(tx, app, &call, filter, after, ROWS)?;
                let mut found = Vec::with_capacity(page.rows.len());
                for view in page.rows {
                    let things = things(tx, app, &call, &view.document.ask)?;
                    found.push((view, in_short(&things)));
                }
                let policies = access::may(tx, &call, Action::Read, &Scope::capacity())?;
                Ok((found, page.next, policies))
            })
            .await?;
        let of_kind = wanted.map_or_else(String::new, |kind| format!("&kind={kind}"));
        let href = |tab: &str| format!("/requests?show={tab}{of_kind}");
        let tabs = TABS.map(|other| Tab {
            label: say(&format!("requests-tab-{other}")),
            href: href(other),
            current: other == tab,
        });
        let page = RequestsPage {
            shell: desk.shell(say("requests-heading"), Section::Requests),
            tabs: tabs.into(),
            shown: tab,
            kinds: kinds(wanted),
            rows: found.iter().map(|(view, what)| row(view, what, today)).collect(),
            next: next.map(|mark| format!("{}&after={}", href(tab), form::escaped(&mark))),
            empty: say(&format!("requests-none-{tab}")),
            policies,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn kinds(wanted: Option<Kind>) -> Vec<Choice> {
    let any = Choice { word: "", label: say("requests-kind-any"), chosen: wanted.is_none() };
    let one =
        |of: &Kind| Choice { word: of.as_str(), label: what(*of), chosen: wanted == Some(*of) };
    std::iter::once(any).chain(Kind::ALL.iter().map(one)).collect()
}

fn row(view: &View, about: &str, today: jiff::civil::Date) -> Row {
    let figures = view.document.figures.as_ref();
    let until = utc_day(view.row.expires_at);
    let left = days_between(today, until);
    let open = view.row.status.is_open();
    Row {
        href: format!("/requests/{}", view.row.id),
        kind: what(view.row.kind),
        what: about.to_owned(),
        by: view.document.state.drafted().drafter().name.clone(),
        stake: figures
            .map_or_else(|| say("requests-not-priced"), |of| words::money(of.stake).into()),
        status: status(view.row.status),
        class: class(view.row.status),
        asked: words::short_day(utc_day(view.row.created_at)),
        until: open.then(|| words::short_day(until)),
        soon: (open && left <= SOON_DAYS).then(|| words::in_days(left)),
    }
}
