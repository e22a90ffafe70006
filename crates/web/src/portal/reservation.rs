//! The pages of one reservation: what it is, who may do what with it, how it is set, what it was,
//! what was paid and what was decided.

pub mod act;
pub mod commands;
pub mod configuration;
pub mod decisions;
pub mod history;
pub mod merge;
pub mod overview;
pub mod payments;
pub mod properties;
pub mod prospects;
pub mod renewal;
pub mod scopes;
pub mod split;
pub mod usage;

use super::desk::{Desk, Portal};
use super::language::say;
use super::listing::{State, named, path};
use super::page::{Crumb, Section, Shell};
use super::words::{self, Said};
use axum::Router;
use axum::routing::get;
use prorata_app::{App, Call, Error, reservations};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::Tx;
use std::sync::Arc;

/// The routes of one reservation, but for those of what is done with it elsewhere.
pub fn routes() -> Router<Arc<Portal>> {
    const ONE: &str = "/reservations/{order}/{reservation}";
    let at = |page: &str| format!("{ONE}/{page}");
    Router::new()
        .route(ONE, get(overview::show))
        .route(&at("properties"), get(properties::show))
        .route(&at("configuration"), get(configuration::show).post(configuration::submit))
        .route(&at("history"), get(history::show))
        .route(&at("payments"), get(payments::show))
        .route(&at("decisions"), get(decisions::show))
        .route(&at("decisions/{operation}"), get(decisions::one))
        .route(&at("split"), get(split::show).post(split::submit))
        .route(&at("merge"), get(merge::show).post(merge::submit))
        .route(&at("rename"), get(act::rename).post(act::submit_name))
        .route(&at("archive"), get(act::archive).post(act::submit_archive))
}

/// The head of every page about one reservation.
#[derive(Debug, Clone)]
pub struct Head {
    pub crumbs: Vec<Crumb>,
    pub name: String,
    /// The product in one line.
    pub product: String,
    pub state: State,
    pub path: String,
}

impl Head {
    /// The order and the reservation, as forms name them.
    pub fn of(&self) -> &str {
        self.path.strip_prefix("/reservations/").unwrap_or_default()
    }
}

/// What stands around each of the reservation's own pages.
#[derive(Debug, Clone)]
pub struct Item {
    pub head: Head,
    /// Whether it was put out of sight.
    pub archived: bool,
    pub menu: Vec<Vec<Link>>,
    /// What was done just now.
    pub notice: Option<Said>,
}

/// A place in the menu of a reservation.
#[derive(Debug, Clone)]
pub struct Link {
    pub label: Said,
    pub href: String,
    pub current: bool,
}

/// The pages of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blade {
    Overview,
    Access,
    Configuration,
    Properties,
    History,
    Payments,
    Decisions,
    Support,
    /// A form that the overview leads to.
    Form,
}

impl Blade {
    /// The menu: in groups, each with the label's id and the end of the address.
    const MENU: [&[(Blade, &'static str, &'static str)]; 4] = [
        &[
            (Blade::Overview, "reservation-overview", ""),
            (Blade::Access, "reservation-access", "/access"),
        ],
        &[
            (Blade::Configuration, "reservation-configuration", "/configuration"),
            (Blade::Properties, "reservation-properties", "/properties"),
        ],
        &[
            (Blade::History, "reservation-history", "/history"),
            (Blade::Payments, "reservation-payments", "/payments"),
            (Blade::Decisions, "reservation-decisions", "/decisions"),
        ],
        &[(Blade::Support, "reservation-support", "/support")],
    ];
}

impl Item {
    pub fn new(app: &App, order: &Order, held: &Reservation, blade: Blade) -> Item {
        let head = head(app, order, held, false);
        Item { archived: held.archived, menu: menu(&head.path, blade), notice: None, head }
    }

    pub fn noting(self, notice: Option<Said>) -> Item {
        Item { notice, ..self }
    }
}

/// The menu of the reservation at a path.
pub fn menu(path: &str, blade: Blade) -> Vec<Vec<Link>> {
    let link = |&(to, label, end): &(Blade, &str, &str)| Link {
        label: say(label),
        href: format!("{path}{end}"),
        current: to == blade,
    };
    Blade::MENU.iter().map(|group| group.iter().map(link).collect()).collect()
}

/// The title of a page: which one, and of what.
pub fn shell(desk: &Desk, item: &Item, page: &str) -> Shell {
    desk.shell(format!("{page} · {}", item.head.name), Section::Reservations)
}

/// The ids of a path; what is not an id is not there.
pub fn ids(order: &str, reservation: &str) -> Result<(OrderId, ReservationId), Error> {
    OrderId::parse(order).zip(ReservationId::parse(reservation)).ok_or_else(|| Error::Absent {
        what: "reservation at this address".to_owned(),
        code: "ReservationIdNotInReservationOrder",
    })
}

/// The head of the pages about a reservation; `below` is a page under its own.
pub fn head(app: &App, order: &Order, held: &Reservation, below: bool) -> Head {
    let name = named(&held.display_name, &held.sku);
    let mut crumbs = vec![Crumb {
        label: say("nav-reservations").into_owned(),
        href: "/reservations".to_owned(),
    }];
    if below {
        crumbs.push(Crumb { label: name.clone(), href: path(order.id, held.id) });
    }
    Head {
        crumbs,
        product: product(app, order, &held.sku, held.quantity),
        state: State::new(&held.state),
        path: path(order.id, held.id),
        name,
    }
}

fn product(app: &App, order: &Order, sku: &str, quantity: u32) -> String {
    let what = &order.commitment;
    format!(
        "{} × {}, {}, {}, {}",
        words::count(quantity),
        sku,
        region(app, &what.location),
        words::term(what.term),
        words::paid(what.plan)
    )
}

pub fn region(app: &App, arm: &str) -> String {
    app.catalog.region(arm).map_or(arm, |region| &region.name).to_owned()
}

/// On or off.
pub fn switch(on: bool) -> Said {
    say(if on { "reservation-on" } else { "reservation-off" })
}

/// The reservation, as a form found it when it was shown. A form that comes back later than
/// somebody else's change is shown again.
fn unchanged(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    (order, id): (OrderId, ReservationId),
    revision: &str,
) -> Result<bool, Error> {
    let (_, held) = reservations::show(tx, app, call, order, id)?;
    Ok(held.revision.to_string() == revision)
}
