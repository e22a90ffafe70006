//! The list of reservations.

use super::desk::{Asked, Desk};
use super::form::{Fields, escaped};
use super::page::{self, Section, Shell};
use super::words::{self, Said, in_days};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use prorata_app::Error;
use prorata_app::reservations::{self, Listed, Query};
use prorata_domain::policy::Expiring;
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::term::{days_between, utc_day};
use prorata_store::reservations::{Field, Filter, StateCount};

/// Rows of a page: what fits a few screens, and is one page of the API's.
const ROWS: usize = 50;

/// Which reservations are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    Active,
    Expiring,
    Ended,
    All,
}

impl Show {
    const ALL: [Show; 4] = [Show::Active, Show::Expiring, Show::Ended, Show::All];

    fn word(self) -> &'static str {
        match self {
            Show::Active => "active",
            Show::Expiring => "expiring",
            Show::Ended => "ended",
            Show::All => "all",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Show::Active => "Active",
            Show::Expiring => "Expiring soon",
            Show::Ended => "Ended",
            Show::All => "All",
        }
    }

    fn parse(text: &str) -> Show {
        Show::ALL.into_iter().find(|show| show.word() == text).unwrap_or(Show::Active)
    }

    fn filter(self, today: Date) -> Option<Filter> {
        let state = |name: &'static str| Filter::Eq(Field::State, name.into());
        match self {
            Show::Active => Some(state("active")),
            Show::Expiring => {
                let later = Expiring::shown(today).until(today).saturating_add(1.days());
                let soon = Filter::Before(Field::ExpiresOn, later.into());
                Some(Filter::And(vec![state("active"), soon]))
            }
            Show::Ended => {
                let ended = [
                    "returned",
                    "exchanged",
                    "swapped",
                    "expired",
                    "renewed",
                    "not-renewed",
                    "drained",
                    "split",
                    "merged",
                    "billing-failed",
                ];
                Some(Filter::Or(ended.into_iter().map(state).collect()))
            }
            Show::All => None,
        }
    }

    fn count(self, counts: &[StateCount]) -> i64 {
        let counted = |row: &&StateCount| match self {
            Show::Active => row.state == "active",
            Show::Expiring => row.expiring,
            Show::Ended => row.state != "active",
            Show::All => true,
        };
        counts.iter().filter(counted).map(|row| row.count).sum()
    }
}

#[derive(Debug, Template)]
#[template(path = "reservations.html")]
pub struct ListingPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub rows: Vec<Row>,
    /// Where the next page is, if there is one.
    pub next: Option<String>,
    /// Where the first page is, when this is a later one.
    pub first: Option<String>,
    /// What an empty list says, and what to do.
    pub empty: &'static str,
}

/// A choice of what to show, with how many there are.
#[derive(Debug, Clone)]
pub struct Tab {
    pub label: &'static str,
    pub count: String,
    pub href: String,
    pub current: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub sku: String,
    pub region: String,
    pub quantity: String,
    pub term: Said,
    pub plan: Said,
    pub state: State,
    pub expires: String,
    /// `in 12 days`, for one that expires soon.
    pub soon: Option<String>,
    pub scope: Said,
}

/// A state as a badge: words, and a class that colours them.
#[derive(Debug, Clone)]
pub struct State {
    pub words: String,
    pub class: &'static str,
}

impl State {
    pub fn new(state: &ReservationState) -> State {
        let class = if state.is_active() { "active" } else { "ended" };
        State { words: words::state(state).into_owned(), class }
    }
}

pub async fn show(desk: Desk, Asked(query): Asked) -> Response {
    desk.settle(listing(&desk, &query).await)
}

async fn listing(desk: &Desk, query: &Fields) -> Result<Response, Error> {
    let call = desk.call();
    let today = utc_day(call.now);
    let show = Show::parse(&query.one("show"));
    let after = query.has("after").then(|| query.one("after"));
    let wanted = Query {
        within: None,
        filter: show.filter(today),
        order_by: None,
        after: after.clone(),
        limit: ROWS,
        summary: true,
    };
    let listed = desk
        .app()
        .read_async(move |tx, app| reservations::list_all(tx, app, &call, &wanted))
        .await?;
    let shell = desk.shell("Reservations", Section::Reservations);
    let catalog = &desk.app().catalog;
    let region = |arm: &str| catalog.region(arm).map_or(arm, |region| &region.name).to_owned();
    let page = page(shell, show, after.is_some(), listed, today, region);
    Ok(page::answer(StatusCode::OK, &page))
}

fn page(
    shell: Shell,
    show: Show,
    later: bool,
    listed: Listed,
    today: Date,
    region: impl Fn(&str) -> String,
) -> ListingPage {
    let href = |show: Show| format!("/reservations?show={}", show.word());
    let counts = listed.summary.unwrap_or_default();
    let tabs = Show::ALL.map(|tab| Tab {
        label: tab.label(),
        count: words::count(tab.count(&counts)),
        href: href(tab),
        current: tab == show,
    });
    let rows = listed
        .rows
        .iter()
        .map(|(order, held)| row(order, held, today, region(&order.commitment.location)));
    ListingPage {
        tabs: tabs.into(),
        rows: rows.collect(),
        next: listed.next.map(|mark| format!("{}&after={}", href(show), escaped(&mark))),
        first: later.then(|| href(show)),
        empty: match show {
            Show::Active => {
                "You see no active reservations. They are bought through the API or the command \
                 line; those of others appear here once you have a role on their orders."
            }
            Show::Expiring => "No active reservation that you may see is about to end.",
            Show::Ended => "No reservation that you may see has been returned, exchanged or ended.",
            Show::All => {
                "You see no reservations. They are bought through the API or the command line; \
                 those of others appear here once you have a role on their orders."
            }
        },
        shell,
    }
}

fn row(order: &Order, held: &Reservation, today: Date, region: String) -> Row {
    let left = days_between(today, order.expires_on);
    let soon = held.state.is_active() && left <= Expiring::shown(today).days;
    Row {
        href: path(order.id, held.id),
        name: named(&held.display_name, &held.sku),
        sku: held.sku.clone(),
        region,
        quantity: words::count(held.quantity),
        term: words::term(order.commitment.term),
        plan: words::plan(order.commitment.plan),
        state: State::new(&held.state),
        expires: words::short_day(order.expires_on),
        soon: soon.then(|| in_days(left)),
        scope: words::applied_scope_kind(&held.applied_scope),
    }
}

/// The page of a reservation.
pub fn path(
    order: prorata_domain::ids::OrderId,
    reservation: prorata_domain::ids::ReservationId,
) -> String {
    format!("/reservations/{order}/{reservation}")
}

/// A display name, or what stands for it where it is empty.
pub fn named(display_name: &str, sku: &str) -> String {
    if display_name.trim().is_empty() { sku.to_owned() } else { display_name.to_owned() }
}
