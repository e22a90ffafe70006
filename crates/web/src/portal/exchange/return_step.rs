//! The first step: which units are given up.

use super::act::Fill;
use super::draft::{Draft, Give, Hidden, ROWS_MAX};
use crate::portal::desk::Desk;
use crate::portal::language::{say, say_with};
use crate::portal::listing::{named, path};
use crate::portal::page::{self, Section, Shell};
use crate::portal::{form, reservation, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::exchange::{self, Bar, Candidate};
use prorata_app::reservations::{self, Query};
use prorata_app::{App, Error};
use prorata_domain::decision::Refusal;
use prorata_domain::ids::ReservationId;
use prorata_domain::reservation::{Order, Reservation};
use prorata_ledger::{Money, MoneyError};
use prorata_store::reservations::{Field, Filter};

/// Reservations that are listed at once; those that something is typed for come on top.
const LISTED: usize = 25;

/// Which of the shares of utilization is that of the last seven days.
const WEEK: usize = 1;

#[derive(Debug, Template)]
#[template(path = "exchange_return.html")]
pub struct ReturnPage {
    pub shell: Shell,
    pub rows: Vec<GiveRow>,
    pub filter: String,
    /// Whether only what was chosen elsewhere is listed.
    pub only: bool,
    /// The fields of the other steps.
    pub hidden: Vec<Hidden>,
    /// What is wrong with the step as a whole.
    pub fault: Option<String>,
    /// What came of filling in.
    pub told: Option<String>,
    /// How many reservations are listed, where there are more.
    pub cut: Option<String>,
    pub sum: Sum,
}

/// What is given up so far.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    /// `3 units of 2 reservations`; empty where nothing is given up yet.
    pub what: String,
    /// What it is worth, by currency.
    pub worth: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct GiveRow {
    /// Order and reservation, as the form sends them.
    pub value: String,
    /// Its place among the rows of the form, from 0.
    pub index: usize,
    /// What its fields are called, from 1.
    pub number: usize,
    pub href: String,
    pub name: String,
    pub product: String,
    pub held: u32,
    pub expires: String,
    pub quantity: String,
    pub ticked: bool,
    pub brings: Option<Brings>,
    pub used: Option<Used>,
    /// Why it cannot be exchanged.
    pub bar: Option<Why>,
    pub fault: Option<String>,
}

/// Why something cannot be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The clause that refuses; empty where none does.
    pub clause: String,
    /// A sentence; what a clause gives as its reason was recorded in English.
    pub says: String,
}

impl Why {
    pub fn refused(refusal: &Refusal) -> Why {
        Why { clause: words::clause(refusal.clause), says: words::reason(refusal) }
    }

    pub fn said(says: impl Into<String>) -> Why {
        Why { clause: String::new(), says: says.into() }
    }
}

impl ReturnPage {
    /// Whether anything listed may be given up.
    pub fn goes_on(&self) -> bool {
        self.rows.iter().any(|row| row.bar.is_none())
    }
}

/// What giving up units would bring.
#[derive(Debug, Clone)]
pub struct Brings {
    pub worth: String,
    /// Of it, what comes back and what is never paid.
    /// What of it comes back, and what is never paid; where it is both.
    pub parts: Option<String>,
}

/// How much was used over the last seven days.
#[derive(Debug, Clone)]
pub struct Used {
    /// Of a thousand.
    pub part: i64,
    pub percent: String,
    /// How many units were not needed, where some were not.
    pub unused: Option<String>,
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
        let all = Some(say("exchange-give-something").into_owned());
        return Ok(Some(Faulty { all, ..Faulty::default() }));
    }
    if given.len() > ROWS_MAX {
        let all = say_with("exchange-give-fewer", [("most", ROWS_MAX.into())]);
        return Ok(Some(Faulty { all: Some(all.into_owned()), ..Faulty::default() }));
    }
    let held = load(desk, &given).await?;
    let faults = given.iter().zip(&held).filter_map(|(give, (_, held))| {
        let fault = if held.state.is_active() {
            form::quantity(&give.quantity, held.quantity).err()?
        } else {
            let state = words::state(&held.state).to_lowercase();
            say_with("exchange-give-ended", [("state", state.into())]).into_owned()
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
    show(desk, draft, None, faulty, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The step, filled in as asked.
pub async fn page(desk: &Desk, draft: Draft, fill: Option<Fill>) -> Result<Response, Error> {
    show(desk, draft, fill, Faulty::default(), StatusCode::OK).await
}

async fn show(
    desk: &Desk,
    mut draft: Draft,
    fill: Option<Fill>,
    faulty: Faulty,
    status: StatusCode,
) -> Result<Response, Error> {
    let (rows, more) = listed(desk, &draft).await?;
    let quantities: Vec<u32> = rows.iter().map(|(_, held)| wanted(&draft, held)).collect();
    let mut found = look(desk, rows, quantities).await?;
    let told = match fill {
        Some(fill) => {
            let told = filled(&mut draft, &found, fill);
            let rows: Vec<_> = found.into_iter().map(|one| (one.order, one.reservation)).collect();
            let quantities = rows.iter().map(|(_, held)| wanted(&draft, held)).collect();
            found = look(desk, rows, quantities).await?;
            told
        }
        None => None,
    };
    let page = ReturnPage {
        shell: desk.shell(say("exchange-return-title"), Section::Exchange),
        sum: sum(&draft, &found)?,
        rows: rows_of(desk.app(), &draft, &found, &faulty)?,
        hidden: draft.hidden_wants(),
        filter: draft.filter,
        only: draft.only,
        fault: faulty.all,
        told,
        cut: more.then(|| words::count(LISTED as i64)),
    };
    Ok(page::answer(status, &page))
}

/// What is listed: active reservations that have the words of the filter, and what is given up
/// already, whatever the filter says; and whether there are more. Who came with reservations that
/// were chosen elsewhere sees those alone until they ask for others.
async fn listed(desk: &Desk, draft: &Draft) -> Result<(Vec<(Order, Reservation)>, bool), Error> {
    let mut parts = vec![Filter::Eq(Field::State, "active".into())];
    for word in draft.filter.split_whitespace() {
        let fields = [Field::DisplayName, Field::Sku, Field::ResourceType, Field::Location];
        parts.push(Filter::Or(fields.map(|field| Filter::Contains(field, word.to_owned())).into()));
    }
    if draft.only {
        return Ok((load(desk, &draft.gives).await?, false));
    }
    let query = Query { filter: Some(Filter::And(parts)), limit: LISTED, ..Query::default() };
    let call = desk.call();
    let listed = desk
        .app()
        .read_async(move |tx, app| reservations::list_all(tx, app, &call, &query))
        .await?;
    let missing: Vec<Give> = draft
        .given()
        .filter(|give| !listed.rows.iter().any(|(_, row)| row.id == give.reservation))
        .cloned()
        .collect();
    let mut rows = load(desk, &missing).await?;
    let most = ROWS_MAX.max(rows.len());
    rows.extend(listed.rows);
    rows.truncate(most);
    Ok((rows, listed.next.is_some()))
}

async fn look(
    desk: &Desk,
    rows: Vec<(Order, Reservation)>,
    quantities: Vec<u32>,
) -> Result<Vec<Candidate>, Error> {
    let call = desk.call();
    let rows = rows.into_iter().zip(quantities).map(|((order, held), units)| (order, held, units));
    let rows: Vec<_> = rows.collect();
    desk.app().read_async(move |tx, app| exchange::candidates(tx, app, &call, rows)).await
}

/// The units that a row's worth is told for: those typed where that can be read, else all.
fn wanted(draft: &Draft, held: &Reservation) -> u32 {
    let typed = typed(draft, held.id);
    form::quantity(typed, held.quantity).unwrap_or(held.quantity)
}

fn typed(draft: &Draft, id: ReservationId) -> &str {
    let give = draft.gives.iter().find(|give| give.reservation == id);
    give.map_or("", |give| give.quantity.as_str())
}

/// Fills quantities in, of what is given up already or else of all that is listed, and says what
/// came of it.
fn filled(draft: &mut Draft, found: &[Candidate], fill: Fill) -> Option<String> {
    if fill == Fill::Nothing {
        draft.gives.clear();
        return None;
    }
    let chosen: Vec<ReservationId> = draft.given().map(|give| give.reservation).collect();
    let meant: Vec<&Candidate> = found
        .iter()
        .filter(|one| one.bar.is_none())
        .filter(|one| chosen.is_empty() || chosen.contains(&one.reservation.id))
        .collect();
    let (mut measured, mut units) = (0_i64, 0_i64);
    for one in &meant {
        let held = &one.reservation;
        let quantity = match (fill, unused(one)) {
            (Fill::Unused, Some(unused)) => {
                measured += 1;
                units += i64::from(unused);
                if unused == 0 { String::new() } else { unused.to_string() }
            }
            (Fill::Unused, None) => continue,
            (Fill::All | Fill::Nothing, _) => held.quantity.to_string(),
        };
        match draft.gives.iter_mut().find(|give| give.reservation == held.id) {
            Some(give) => give.quantity = quantity,
            None => {
                draft.gives.push(Give { order: one.order.id, reservation: held.id, quantity });
            }
        }
    }
    (fill == Fill::Unused).then(|| {
        let all = i64::try_from(meant.len()).unwrap_or(i64::MAX);
        let said = match (measured, units) {
            (0, _) => say("exchange-unused-nothing-loaded"),
            (_, 0) => say_with("exchange-unused-none", [("count", measured.into())]),
            _ => say_with(
                "exchange-unused-filled",
                [("units", words::units(u32::try_from(units).unwrap_or(u32::MAX)).into())],
            ),
        };
        let without = (measured > 0 && measured < all)
            .then(|| say_with("exchange-unused-without", [("count", (all - measured).into())]));
        match without {
            Some(without) => format!("{said} {without}"),
            None => said.into_owned(),
        }
    })
}

/// Units that were not needed over the last seven days with figures.
fn unused(one: &Candidate) -> Option<u32> {
    let share = one.used.as_ref()?.shares[WEEK]?;
    Some(share.unused(one.reservation.quantity))
}

fn rows_of(
    app: &App,
    draft: &Draft,
    found: &[Candidate],
    faulty: &Faulty,
) -> Result<Vec<GiveRow>, MoneyError> {
    let mut rows = Vec::with_capacity(found.len());
    for (index, one) in found.iter().enumerate() {
        let fault = faulty.rows.iter().find(|(id, _)| *id == one.reservation.id);
        let mut row = row(app, draft, one, fault.map(|(_, said)| said.clone()))?;
        (row.number, row.index) = (index + 1, index);
        rows.push(row);
    }
    Ok(rows)
}

fn row(
    app: &App,
    draft: &Draft,
    one: &Candidate,
    fault: Option<String>,
) -> Result<GiveRow, MoneyError> {
    let (order, held) = (&one.order, &one.reservation);
    let what = &order.commitment;
    let quantity = typed(draft, held.id).to_owned();
    let brings = one.value.as_ref().map(|value| {
        Ok::<_, MoneyError>(Brings {
            worth: words::money(value.given_up()?),
            parts: (!value.refund.is_zero() && !value.cancelled.is_zero()).then(|| {
                say_with(
                    "exchange-brings-parts",
                    [
                        ("back", words::figure(value.refund).into()),
                        ("never", words::figure(value.cancelled).into()),
                    ],
                )
                .into_owned()
            }),
        })
    });
    // What is typed for a row that cannot be exchanged any more is shown with its fault.
    let bar = one.bar.as_ref().filter(|_| quantity.is_empty()).map(barred);
    Ok(GiveRow {
        value: format!("{}/{}", order.id, held.id),
        index: 0,
        number: 0,
        href: path(order.id, held.id),
        name: named(&held.display_name, &held.sku),
        product: format!(
            "{}, {}, {}, {}",
            held.sku,
            reservation::region(app, &what.location),
            words::term(what.term),
            words::paid(what.plan)
        ),
        held: held.quantity,
        expires: words::short_day(order.expires_on),
        ticked: !matches!(quantity.as_str(), "" | "0"),
        quantity,
        brings: brings.transpose()?,
        used: one.used.as_ref().and_then(|used| used.shares[WEEK]).map(|share| Used {
            part: (share.hundredths() / 10).clamp(0, 1000),
            percent: say_with(
                "exchange-percent",
                [("percent", words::decimal(&share.percent().round().to_string()).into())],
            )
            .into_owned(),
            unused: Some(share.unused(held.quantity)).filter(|units| *units > 0).map(|units| {
                say_with("exchange-not-needed", [("units", words::units(units).into())])
                    .into_owned()
            }),
        }),
        bar,
        fault: fault.or_else(|| {
            let why = one.bar.as_ref().filter(|_| !typed(draft, held.id).is_empty()).map(barred)?;
            Some(if why.clause.is_empty() { why.says } else { why.clause })
        }),
    })
}

fn barred(bar: &Bar) -> Why {
    match bar {
        Bar::NoRight => Why::said(say("exchange-no-right")),
        Bar::Refused(refusal) => Why::refused(refusal),
    }
}

/// What is given up so far, and what it is worth.
fn sum(draft: &Draft, found: &[Candidate]) -> Result<Sum, MoneyError> {
    let (mut reservations, mut units) = (0_i64, 0_i64);
    let mut worth: Vec<Money> = Vec::new();
    for give in draft.given() {
        let Some(one) = found.iter().find(|one| one.reservation.id == give.reservation) else {
            continue;
        };
        let Ok(quantity) = form::quantity(&give.quantity, one.reservation.quantity) else {
            continue;
        };
        reservations += 1;
        units += i64::from(quantity);
        let Some(value) = &one.value else { continue };
        let value = value.given_up()?;
        match worth.iter_mut().find(|sum| sum.currency() == value.currency()) {
            Some(sum) => *sum = sum.plus(value)?,
            None => worth.push(value),
        }
    }
    if reservations == 0 {
        return Ok(Sum::default());
    }
    let units = words::units(u32::try_from(units).unwrap_or(u32::MAX));
    Ok(Sum {
        what: say_with(
            "exchange-given-so-far",
            [("units", units.into()), ("count", reservations.into())],
        )
        .into_owned(),
        worth: worth.into_iter().map(words::money).collect(),
    })
}
