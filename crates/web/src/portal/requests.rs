//! Requests that others approve: the list, one of them with its figures, findings and history, and
//! asking for a refund.

mod show;

#[cfg(test)]
pub use show::{Demand, Line, RequestPage, Step};
pub use show::{act, show};

use super::desk::{Asked, Desk, Posted};
use super::form;
use super::page::{self, Section, Shell};
use super::reservation::ids;
use super::words;
use crate::api::settle;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use prorata_app::request::{self, Ask, Filter, NewRequest, Refund, View};
use prorata_app::{Error, refund, reservations};
use prorata_domain::ids::RequestId;
use prorata_domain::request::{Kind, Status};
use prorata_domain::term::utc_day;

/// Rows of a page.
const ROWS: usize = 50;

#[derive(Debug, Template)]
#[template(path = "requests.html")]
pub struct RequestsPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub rows: Vec<Row>,
    pub next: Option<String>,
    pub empty: &'static str,
}

#[derive(Debug, Clone)]
pub struct Tab {
    pub label: &'static str,
    pub href: &'static str,
    pub current: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub what: &'static str,
    pub by: String,
    pub stake: String,
    pub status: &'static str,
    pub class: &'static str,
    pub asked: String,
    pub until: String,
}

/// The tabs: a word in the address, a label, and what is said when nothing is there.
const TABS: [(&str, &str, &str, &str); 3] = [
    ("waiting", "Waiting for me", "/requests", "Nothing waits for your decision."),
    ("mine", "Mine", "/requests?show=mine", "You have asked for nothing."),
    ("all", "All", "/requests?show=all", "You see no requests."),
];

pub async fn list(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let shown = query.one("show");
        let tab = TABS.iter().find(|tab| tab.0 == shown).unwrap_or(&TABS[0]);
        let filter = Filter {
            waiting_for_me: tab.0 == "waiting",
            mine: tab.0 == "mine",
            ..Filter::default()
        };
        let (call, after) = (desk.call(), query.one("after"));
        let page = desk
            .app()
            .read_async(move |tx, app| {
                let after = (!after.is_empty()).then_some(after.as_str());
                request::list(tx, app, &call, filter, after, ROWS)
            })
            .await?;
        let tabs =
            TABS.map(|other| Tab { label: other.1, href: other.2, current: other.0 == tab.0 });
        let page = RequestsPage {
            shell: desk.shell("Requests", Section::Requests),
            tabs: tabs.into(),
            rows: page.rows.iter().map(row).collect(),
            next: page
                .next
                .map(|mark| format!("/requests?show={}&after={}", tab.0, form::escaped(&mark))),
            empty: tab.3,
        };
        Ok(page::answer(StatusCode::OK, &page))
    };
    desk.settle(answer.await)
}

fn row(view: &View) -> Row {
    let figures = view.document.figures.as_ref();
    Row {
        href: format!("/requests/{}", view.row.id),
        what: what(view.row.kind),
        by: view.document.state.drafted().drafter().name.clone(),
        stake: figures
            .map_or_else(|| "not priced".to_owned(), |figures| words::money(figures.stake)),
        status: status(view.row.status),
        class: class(view.row.status),
        asked: words::day(utc_day(view.row.created_at)),
        until: match view.row.status.is_open() {
            true => words::day(utc_day(view.row.expires_at)),
            false => String::new(),
        },
    }
}

pub fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Refund => "Refund",
        Kind::Exchange => "Exchange",
        Kind::Purchase => "Purchase",
        Kind::SavingsPlan => "Savings plan",
        Kind::TradeIn => "Trade-in",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "Draft",
        Status::Submitted => "Waiting for approval",
        Status::Approved => "Approved",
        Status::Running => "Running",
        Status::Rejected => "Rejected",
        Status::Withdrawn => "Withdrawn",
        Status::Expired => "Expired",
        Status::Stopped => "Stopped",
        Status::Done => "Done",
        Status::Failed => "Failed",
    }
}

fn class(status: Status) -> &'static str {
    match status {
        Status::Approved | Status::Running | Status::Done => "active",
        Status::Draft | Status::Submitted => "pending",
        Status::Stopped | Status::Failed => "failed",
        Status::Rejected | Status::Withdrawn | Status::Expired => "ended",
    }
}

/// Asking for a refund.
#[derive(Debug, Template)]
#[template(path = "request_new.html")]
pub struct NewRequestPage {
    pub shell: Shell,
    /// The reservation, as the form brings it back.
    pub of: String,
    pub name: String,
    pub product: String,
    pub held: String,
    pub quantity: String,
    pub comment: String,
    pub fault: Option<String>,
    /// An id for the request, so that a form sent twice asks once.
    pub id: String,
}

pub async fn ask(desk: Desk, Asked(query): Asked) -> Response {
    let answer = async {
        let typed = query.has("quantity").then(|| query.one("quantity"));
        asking(&desk, &query.one("of"), typed, String::new(), None, StatusCode::OK).await
    };
    desk.settle(answer.await)
}

async fn asking(
    desk: &Desk,
    of: &str,
    typed: Option<String>,
    comment: String,
    fault: Option<String>,
    status: StatusCode,
) -> Result<Response, Error> {
    let (order, reservation) = of.split_once('/').unwrap_or_default();
    let (order, reservation) = ids(order, reservation)?;
    let call = desk.call();
    let (order, held) = desk
        .app()
        .read_async(move |tx, app| reservations::show(tx, app, &call, order, reservation))
        .await?;
    let head = super::reservation::head(desk.app(), &order, &held, true);
    let page = NewRequestPage {
        shell: desk.shell("Ask for a refund", Section::Requests),
        of: format!("{}/{}", order.id, held.id),
        name: head.name,
        product: head.product,
        held: words::units(held.quantity),
        quantity: typed.unwrap_or_else(|| held.quantity.to_string()),
        comment,
        fault,
        id: uuid::Uuid::new_v4().to_string(),
    };
    Ok(page::answer(status, &page))
}

/// Drafts and submits what was asked for, and leads to it.
pub async fn submit(Posted { desk, fields }: Posted) -> Response {
    let answer = async {
        let of = fields.one("of");
        let (order, reservation) = of.split_once('/').unwrap_or_default();
        let (order, reservation) = ids(order, reservation)?;
        let comment = fields.one("comment");
        let quantity = match form::quantity(&fields.one("quantity"), u32::MAX) {
            Ok(quantity) => quantity,
            Err(fault) => {
                let (typed, status) =
                    (Some(fields.one("quantity")), StatusCode::UNPROCESSABLE_ENTITY);
                return asking(&desk, &of, typed, comment, Some(fault), status).await;
            }
        };
        let ask = refund::Ask { order, reservation, quantity };
        let new = NewRequest {
            id: RequestId::parse(&fields.one("id")),
            ask: Ask::Refund(Refund { ask, reason: comment.clone() }),
            on_behalf_of: None,
            comment,
        };
        begin(&desk, new).await
    };
    desk.settle(answer.await)
}

/// Drafts a request and submits it, where it can be done as it stands; leads to it.
pub async fn begin(desk: &Desk, new: NewRequest) -> Result<Response, Error> {
    let call = desk.call();
    let drafted =
        desk.app().deed_async(move |tx, app| request::draft(tx, app, &call, &new)).await?;
    let id = drafted.row.id;
    if drafted.may.submit {
        let call = desk.call();
        desk.app().deed_async(move |tx, app| request::submit(tx, app, &call, id)).await?;
        settle(desk.app()).await?;
    }
    Ok(Redirect::to(&format!("/requests/{id}")).into_response())
}
