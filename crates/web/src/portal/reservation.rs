//! One reservation: what it is, what was paid, where it came from and what it became.

use super::desk::{Asked, Desk};
use super::listing::{State, named, path};
use super::page::{self, Crumb, Fact, Section, Shell};
use super::words::{self, in_days};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use prorata_app::orders::{self, Payment, PaymentStatus, View};
use prorata_app::{App, Error, reservations};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation, ReservationState};
use prorata_domain::term::{days_between, utc_day};
use prorata_ledger::Money;

#[derive(Debug, Template)]
#[template(path = "reservation.html")]
pub struct ReservationPage {
    pub shell: Shell,
    pub head: Head,
    pub tab: Tab,
    pub facts: Vec<Fact>,
    pub relations: Vec<Relation>,
    /// Nothing on the properties tab, and where the order may not be read.
    pub payments: Option<Payments>,
    /// Where units are returned and exchanged; nothing for one that has ended.
    pub actions: Option<Actions>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Overview,
    Properties,
}

impl ReservationPage {
    pub fn is_overview(&self) -> bool {
        self.tab == Tab::Overview
    }
}

#[derive(Debug, Clone)]
pub struct Actions {
    pub refund: String,
    pub exchange: String,
    /// Has others decide on a refund.
    pub ask: String,
    /// Asks the desk for an exception.
    pub support: String,
}

/// Another reservation that this one came from or became.
#[derive(Debug, Clone)]
pub struct Relation {
    pub words: String,
    pub href: String,
    pub name: String,
}

/// The payments of the order.
#[derive(Debug, Clone)]
pub struct Payments {
    pub rows: Vec<PaymentRow>,
    pub paid: String,
    pub to_come: String,
}

#[derive(Debug, Clone)]
pub struct PaymentRow {
    pub number: String,
    pub due: String,
    pub amount: String,
    pub status: &'static str,
    pub class: &'static str,
    pub paid_on: String,
}

pub async fn show(
    desk: Desk,
    Path((order, reservation)): Path<(String, String)>,
    Asked(query): Asked,
) -> Response {
    let tab = if query.one("tab") == "properties" { Tab::Properties } else { Tab::Overview };
    desk.settle(page_of(&desk, &order, &reservation, tab).await)
}

async fn page_of(desk: &Desk, order: &str, reservation: &str, tab: Tab) -> Result<Response, Error> {
    let (order, id) = ids(order, reservation)?;
    let call = desk.call();
    let today = utc_day(call.now);
    let (order, held, view) = desk
        .app()
        .read_async(move |tx, app| {
            let (order, held) = reservations::show(tx, app, &call, order, id)?;
            // A role on the reservation alone does not show its order.
            let view = match orders::show(tx, app, &call, order.id) {
                Ok(view) => Some(view),
                Err(Error::Denied { .. } | Error::Absent { .. }) => None,
                Err(error) => return Err(error),
            };
            Ok((order, held, view))
        })
        .await?;
    let shell = desk.shell(named(&held.display_name, &held.sku), Section::Reservations);
    let page = page(desk.app(), shell, tab, &order, &held, view.as_ref(), today)?;
    Ok(page::answer(StatusCode::OK, &page))
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
    let mut crumbs =
        vec![Crumb { label: "Reservations".to_owned(), href: "/reservations".to_owned() }];
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

fn page(
    app: &App,
    shell: Shell,
    tab: Tab,
    order: &Order,
    held: &Reservation,
    view: Option<&View>,
    today: Date,
) -> Result<ReservationPage, Error> {
    let head = head(app, order, held, false);
    let actions = held.state.is_active().then(|| Actions {
        refund: format!("{}/refund", head.path),
        exchange: format!("/exchange?give={}/{}", order.id, held.id),
        ask: format!("/requests/new?of={}/{}", order.id, held.id),
        support: format!("{}/support", head.path),
    });
    let payments = match (tab, view) {
        (Tab::Overview, Some(view)) => Some(payments(order, &view.payments)?),
        _ => None,
    };
    Ok(ReservationPage {
        facts: match tab {
            Tab::Overview => overview(app, order, held, payments.as_ref(), today)?,
            Tab::Properties => properties(app, order, held, view),
        },
        relations: relations(order, held),
        payments,
        actions,
        shell,
        head,
        tab,
    })
}

fn overview(
    app: &App,
    order: &Order,
    held: &Reservation,
    payments: Option<&Payments>,
    today: Date,
) -> Result<Vec<Fact>, Error> {
    let what = &order.commitment;
    let resource_type = app.catalog.resource_type(&what.resource_type);
    let kind = resource_type.map_or(what.resource_type.as_str(), |found| &found.title);
    let whole = what.unit_total.times(i64::from(held.quantity))?;
    let left = days_between(today, order.expires_on);
    let expires = if held.state.is_active() {
        format!("{} ({})", words::day(order.expires_on), in_days(left))
    } else {
        words::day(order.expires_on)
    };
    let mut facts = vec![
        Fact::words("Product", kind),
        Fact::words("SKU", &held.sku),
        Fact::words("Region", region(app, &what.location)),
        Fact::figure("Quantity", words::units(held.quantity)),
        Fact::words("Term", words::term(what.term)),
        Fact::words("Billing plan", words::plan(what.plan)),
        Fact::figure("Price of a unit for the term", words::money(what.unit_total)),
        Fact::figure("Price of these units for the term", words::money(whole)),
    ];
    if let Some(payments) = payments {
        facts.push(Fact::figure("Paid so far on the order", &payments.paid));
        facts.push(Fact::figure("Payments still to come", &payments.to_come));
    }
    facts.extend([
        Fact::words("Bought", words::moment(held.purchased_at)),
        Fact::words("Benefit since", words::day(order.start_day())),
        Fact::words("First day without it", expires),
        Fact::words("Applied scope", words::applied_scope(&held.applied_scope)),
        Fact::words("Renewal", if held.renew { "On" } else { "Off" }),
    ]);
    Ok(facts)
}

fn properties(app: &App, order: &Order, held: &Reservation, view: Option<&View>) -> Vec<Fact> {
    let what = &order.commitment;
    let on = |flag| if flag { "On" } else { "Off" };
    let mut facts = vec![
        Fact::words("Name", &held.display_name),
        Fact::identifier("Reservation id", held.id),
        Fact::identifier("Reservation order id", order.id),
        Fact::words("Order name", &order.display_name),
        Fact::identifier("Resource type", &what.resource_type),
        Fact::identifier("SKU", &held.sku),
        Fact::words("Region", format!("{} ({})", region(app, &what.location), what.location)),
        Fact::words("Applied scope", words::applied_scope(&held.applied_scope)),
        Fact::identifier("Subscription that pays", order.billing_subscription),
        Fact::identifier("Billing account", &order.billing_account),
    ];
    if let Some(view) = view {
        let account = &view.account;
        facts.push(Fact::words("Agreement", words::agreement(account.agreement)));
        facts.push(Fact::words("Payment method", words::payment(account.payment)));
        facts.push(Fact::words("Currency", account.currency.code()));
    }
    facts.extend([
        Fact::identifier("Bought by", order.buyer),
        Fact::words("How it was acquired", words::acquired_by(held.acquired_by)),
        Fact::figure("Quantity first ordered", words::units(order.original_quantity)),
        Fact::words("Instance size flexibility", on(held.instance_flexibility)),
        Fact::words("Renewal", on(held.renew)),
        Fact::words("Last changed", words::moment(held.updated_at)),
        Fact::figure("Revision", words::count(held.revision)),
    ]);
    facts
}

fn relations(order: &Order, held: &Reservation) -> Vec<Relation> {
    let relation = |words: &str, id: ReservationId| Relation {
        words: words.to_owned(),
        href: path(order.id, id),
        name: id.to_string(),
    };
    let mut found: Vec<Relation> =
        held.source.iter().map(|id| relation("It came from", *id)).collect();
    match &held.state {
        ReservationState::Active
        | ReservationState::Expired
        | ReservationState::NotRenewed
        | ReservationState::Drained
        | ReservationState::BillingFailed { .. } => {}
        ReservationState::Renewed { order, into } => found.push(Relation {
            words: "It was renewed as".to_owned(),
            href: path(*order, *into),
            name: into.to_string(),
        }),
        ReservationState::Returned { rest } | ReservationState::Exchanged { rest } => {
            found.extend(rest.map(|id| relation("The units that were kept live on in", id)));
        }
        ReservationState::Split { into } => {
            found.extend(into.iter().map(|id| relation("It was split into", *id)));
        }
        ReservationState::Merged { into } => found.push(relation("It was merged into", *into)),
        ReservationState::Swapped { into, rest } => {
            found.push(relation("It went on as its premium-storage twin in", *into));
            found.extend(rest.map(|id| relation("The units that were kept live on in", id)));
        }
    }
    found
}

fn payments(order: &Order, rows: &[Payment]) -> Result<Payments, Error> {
    let currency = order.commitment.unit_total.currency();
    let sum = |status| {
        let of = rows.iter().filter(|row| row.status == status).map(|row| row.amount);
        Money::sum(currency, of).map(words::money)
    };
    Ok(Payments {
        paid: sum(PaymentStatus::Succeeded)?,
        to_come: sum(PaymentStatus::Scheduled)?,
        rows: rows.iter().map(payment_row).collect(),
    })
}

fn payment_row(row: &Payment) -> PaymentRow {
    let (status, class) = match row.status {
        PaymentStatus::Succeeded => ("Paid", "met"),
        PaymentStatus::Failed => ("Refused", "not-met"),
        PaymentStatus::Scheduled => ("Scheduled", "not-concerned"),
        PaymentStatus::Cancelled => ("Never to be made", "not-concerned"),
    };
    PaymentRow {
        number: words::count(row.number),
        due: words::short_day(row.due),
        amount: words::money(row.amount),
        status,
        class,
        paid_on: row.paid_at.map(|at| words::short_day(utc_day(at))).unwrap_or_default(),
    }
}
