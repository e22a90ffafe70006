//! The list of reservations: of one tenant, or of all the customers of a partner. What is chosen,
//! how it is sorted and where one is in it lies in the address alone.

mod asked;
mod download;
mod filters;
mod several;
mod table;
mod views;

pub use asked::Wish;
pub use filters::Filters;
#[cfg(test)]
pub use filters::{Choice, Customer, Field};
#[cfg(test)]
pub use several::{Elsewhere, Form, Row as SeveralRow, SeveralPage};
#[cfg(test)]
pub use table::{Column, Row, Used};
pub use table::{State, Table};
#[cfg(test)]
pub use views::Kept;
pub use views::{Typed, Views};

use super::desk::{Asked, Desk, Portal};
use super::language::{say, say_with};
use super::page::{self, Section, Shell};
use super::words::{self, Said};
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use prorata_app::listing::{self, From, Listed, Show};
use prorata_app::{App, Error};
use prorata_domain::term::utc_day;
use prorata_store::Tx;
use several::Deed;
use std::sync::Arc;

#[derive(Debug, Template)]
#[template(path = "reservations.html")]
pub struct ListingPage {
    pub shell: Shell,
    /// What the headline says beside its word: how many there are.
    pub lead: String,
    pub tabs: Vec<Tab>,
    pub views: Views,
    pub filters: Filters,
    /// Where the list is as a file.
    pub download: String,
    /// What can be done with those that are ticked, and what its button says.
    pub deeds: Vec<(&'static str, Said)>,
    /// How figures of utilization are loaded, where there are none.
    pub figures_hint: Option<Said>,
    pub table: Table,
    /// Where the pages beside this one are.
    pub first: Option<String>,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// What an empty list says.
    pub empty: Said,
}

/// A choice of what to show, with how many there are.
#[derive(Debug, Clone)]
pub struct Tab {
    pub label: Said,
    pub count: String,
    pub href: String,
    pub current: bool,
}

/// The list, as a page and as a file, its kept views, and what is done with several of it.
pub fn routes() -> Router<Arc<Portal>> {
    Router::new()
        .route("/reservations", get(show))
        .route("/reservations.csv", get(download::show))
        .route("/reservations/views", post(views::submit))
        .route("/reservations/several", get(several::show).post(several::submit))
}

async fn show(desk: Desk, Asked(query): Asked) -> Response {
    let (wish, from) = (Wish::read(&query), asked::place(&query));
    desk.settle(listing(&desk, &wish, from, Typed::default()).await)
}

async fn listing(desk: &Desk, wish: &Wish, from: From, typed: Typed) -> Result<Response, Error> {
    let call = desk.call();
    let today = utc_day(call.now);
    let later = from != From::Start;
    let wanted = wish.asked(from);
    let gather = move |tx: &mut Tx<'_>, app: &App| {
        Ok((listing::list(tx, app, &call, &wanted)?, listing::views::list(tx, &call)?))
    };
    let (listed, kept) = desk.app().read_async(gather).await?;
    let shell = desk.shell(say("nav-reservations"), Section::Reservations);
    let own = desk.session.caller.tenant;
    let catalog = &desk.app().catalog;
    let status = match typed.fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let hint = || say("reservations-no-figures");
    let deed = |deed: Deed| (deed.as_str(), say(&format!("reservations-deed-{}", deed.as_str())));
    let page = ListingPage {
        lead: lead(&listed, wish),
        tabs: tabs(&listed, wish),
        views: Views::new(kept, wish, typed),
        filters: Filters::new(wish, &listed, catalog),
        download: asked::at("/reservations.csv", &wish.query()),
        deeds: Deed::ALL.map(deed).into(),
        figures_hint: (!listed.tally.has_figures && listed.tally.seen > 0).then(hint),
        first: later.then(|| wish.href()),
        previous: listed.previous.as_ref().map(|mark| wish.beside("before", mark)),
        next: listed.next.as_ref().map(|mark| wish.beside("after", mark)),
        empty: empty(&listed, wish),
        table: Table::new(wish, listed, catalog, own, today),
        shell,
    };
    Ok(page::answer(status, &page))
}

fn number(count: usize) -> String {
    words::count(i64::try_from(count).unwrap_or(i64::MAX))
}

/// `1,234 reservations of 56 customers`.
fn lead(listed: &Listed, wish: &Wish) -> String {
    let customers = listed.of_customer.iter().filter(|count| **count > 0).count();
    let chosen = ("count", listed.tally.chosen.into());
    if wish.customer.is_empty() && customers > 1 {
        let values = [chosen, ("customers", customers.into())];
        say_with("reservations-lead-of-customers", values).into_owned()
    } else {
        say_with("reservations-lead", [chosen]).into_owned()
    }
}

fn tabs(listed: &Listed, wish: &Wish) -> Vec<Tab> {
    let counted = Show::ALL.into_iter().zip(listed.tally.shows);
    counted
        // Two of them are rare, and are shown where there is something in them.
        .filter(|(show, count)| {
            let always = !matches!(show, Show::NoBenefit | Show::Archived);
            always || *count > 0 || *show == wish.show()
        })
        .map(|(show, count)| Tab {
            label: say(&format!("reservations-show-{}", show.as_str())),
            count: number(count),
            href: wish.showing(show).href(),
            current: show == wish.show(),
        })
        .collect()
}

fn empty(listed: &Listed, wish: &Wish) -> Said {
    if listed.tally.seen == 0 {
        say("reservations-none-seen")
    } else if wish.filters() > 0 {
        say("reservations-none-chosen")
    } else {
        say(&format!("reservations-none-{}", wish.show().as_str()))
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
