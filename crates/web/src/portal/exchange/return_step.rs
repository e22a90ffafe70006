//! The first step: which units are given up.

use super::draft::{Draft, Give, Hidden, ROWS_MAX};
use crate::portal::desk::Desk;
use crate::portal::listing::{named, path};
use crate::portal::page::{self, Section, Shell};
use crate::portal::{form, reservation, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::reservations::{self, Query};
use prorata_app::{App, Error};
use prorata_domain::ids::ReservationId;
use prorata_domain::reservation::{Order, Reservation};
use prorata_store::reservations::{Field, Filter};

#[derive(Debug, Template)]
#[template(path = "exchange_return.html")]
pub struct ReturnPage {
    pub shell: Shell,
    pub rows: Vec<GiveRow>,
    /// The fields of the other steps.
    pub hidden: Vec<Hidden>,
    /// What is wrong with the step as a whole.
    pub fault: Option<String>,
    /// How many reservations are listed, where there are more.
    pub cut: Option<String>,
}

#[derive(Debug, Clone)]
pub struct GiveRow {
    /// Order and reservation, as the form sends them.
    pub value: String,
    pub number: usize,
    pub href: String,
    pub name: String,
    pub product: String,
    pub held: u32,
    pub expires: String,
    pub quantity: String,
    pub fault: Option<String>,
}

/// What stands in the quantities when the step is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    AsTyped,
    /// All units of the reservations that are named.
    Named,
    /// All units of every reservation.
    All,
}

/// Faults of the step: of its rows by reservation, and of the whole.
#[derive(Debug, Default)]
pub struct Faulty {
    pub rows: Vec<(ReservationId, String)>,
    pub all: Option<String>,
}

/// Holds the quantities against what is held. Nothing when the step is right.
pub async fn check(desk: &Desk, draft: &Draft) -> Result<Option<Faulty>, Error> {
    let given: Vec<Give> = draft.given().cloned().collect();
    if given.is_empty() {
        let all = Some("Enter how many units are given up of at least one.".to_owned());
        return Ok(Some(Faulty { all, ..Faulty::default() }));
    }
    let held = load(desk, &given).await?;
    let faults = given.iter().zip(&held).filter_map(|(give, (_, held))| {
        let fault = if held.state.is_active() {
            form::quantity(&give.quantity, held.quantity).err()?
        } else {
            format!("It is {}; leave the quantity empty.", held.state.name())
        };
        Some((give.reservation, fault))
    });
    let rows: Vec<_> = faults.collect();
    Ok((!rows.is_empty()).then_some(Faulty { rows, all: None }))
}

/// The reservations that a draft names.
pub async fn load(desk: &Desk, given: &[Give]) -> Result<Vec<(Order, Reservation)>, Error> {
    let call = desk.call();
    let given = given.to_vec();
    desk.app()
        .read_async(move |tx, app| {
            let show =
                |give: &Give| reservations::show(tx, app, &call, give.order, give.reservation);
            given.iter().map(show).collect()
        })
        .await
}

/// The step again, with what is wrong with it.
pub async fn again(desk: &Desk, draft: Draft, faulty: Faulty) -> Result<Response, Error> {
    build(desk, draft, Fill::AsTyped, faulty, StatusCode::UNPROCESSABLE_ENTITY).await
}

pub async fn page(
    desk: &Desk,
    draft: Draft,
    fill: Fill,
    status: StatusCode,
) -> Result<Response, Error> {
    build(desk, draft, fill, Faulty::default(), status).await
}

async fn build(
    desk: &Desk,
    draft: Draft,
    fill: Fill,
    faulty: Faulty,
    status: StatusCode,
) -> Result<Response, Error> {
    let call = desk.call();
    let query = Query {
        filter: Some(Filter::Eq(Field::State, "active".into())),
        limit: ROWS_MAX,
        ..Query::default()
    };
    let listed = desk
        .app()
        .read_async(move |tx, app| reservations::list_all(tx, app, &call, &query))
        .await?;
    // What was named or typed stands first, also when it is not on the list.
    let chosen: Vec<Give> = draft
        .gives
        .iter()
        .filter(|give| fill == Fill::Named || !give.quantity.is_empty())
        .cloned()
        .collect();
    let mut held = load(desk, &chosen).await?;
    let others = listed
        .rows
        .into_iter()
        .filter(|(_, row)| !chosen.iter().any(|give| give.reservation == row.id));
    held.extend(others);
    let cut = listed.next.is_some();
    held.truncate(ROWS_MAX);
    let rows = held.iter().enumerate().map(|(index, (order, held))| {
        let typed = draft.gives.iter().find(|give| give.reservation == held.id);
        let quantity = match fill {
            Fill::All => held.quantity.to_string(),
            Fill::Named if typed.is_some() => held.quantity.to_string(),
            Fill::Named | Fill::AsTyped => {
                typed.map(|give| give.quantity.clone()).unwrap_or_default()
            }
        };
        let fault = faulty.rows.iter().find(|(id, _)| *id == held.id);
        row(desk.app(), index + 1, order, held, quantity, fault.map(|(_, said)| said.clone()))
    });
    let page = ReturnPage {
        shell: desk.shell("Exchange: return", Section::Exchange),
        rows: rows.collect(),
        hidden: draft.hidden_wants(),
        fault: faulty.all,
        cut: cut.then(|| words::count(ROWS_MAX as i64)),
    };
    Ok(page::answer(status, &page))
}

fn row(
    app: &App,
    number: usize,
    order: &Order,
    held: &Reservation,
    quantity: String,
    fault: Option<String>,
) -> GiveRow {
    let what = &order.commitment;
    GiveRow {
        value: format!("{}/{}", order.id, held.id),
        number,
        href: path(order.id, held.id),
        name: named(&held.display_name, &held.sku),
        product: format!(
            "{}, {}, {}, {}",
            held.sku,
            reservation::region(app, &what.location),
            words::term(what.term),
            words::plan(what.plan).to_lowercase()
        ),
        held: held.quantity,
        expires: words::short_day(order.expires_on),
        quantity,
        fault,
    }
}
