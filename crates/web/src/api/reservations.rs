//! Looking at reservations.

use super::asked::{Asked, read_one};
use super::{filter, usage};
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use prorata_app::reservations::{self, Query};
use prorata_app::utilization::{self, Summed};
use prorata_app::{App, Call, Error, drain, renewal};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::rights;
use prorata_domain::term::utc_day;
use prorata_store::Tx;
use prorata_wire::azure::v2022_11_01::{renewal as renewal_shape, reservation as shape};
use prorata_wire::azure::{Version, parse_filter, parse_order_by};
use serde_json::{Value, json as value};

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (body, _) = shown(&asked, |_| Ok(())).await?;
    Ok(json(StatusCode::OK, &body))
}

/// The reservation in the path with its order, unless something is wrong with that.
pub(super) async fn shown(
    asked: &Asked,
    check: impl FnOnce(&Order) -> Result<(), Error> + Send + 'static,
) -> Result<(Value, Order), ArmError> {
    let (order, id) = (asked.order()?, asked.reservation()?);
    let expanded = asked.expands("renewProperties")?;
    let (mut rows, renewal, holds) = asked
        .read(move |tx, app, call| {
            let shown = [reservations::show(tx, app, call, order, id)?];
            check(&shown[0].0)?;
            let renewal =
                if expanded { renewal::view(tx, &shown[0].0, &shown[0].1)? } else { None };
            let holds = drain::balance(tx, &shown[0].0, &shown[0].1)?;
            Ok((with_sources(tx, shown.into())?, renewal, holds))
        })
        .await?;
    let now = asked.call()?.now;
    let mut body = rendered(&rows, now, asked.version).pop().unwrap_or_default();
    if let Some(view) = &renewal {
        let lock = view.lock.as_ref();
        renewal_shape::add_properties(&mut body, &view.request.purchase, lock, asked.version);
    }
    let ((order, reservation), _) = rows.remove(0);
    let book = &asked.app().book;
    let holds = holds.as_ref().map(usage::balance);
    let standing = rights::standing(book, &order, &reservation, utc_day(now));
    body["explanation"] = value!(prorata_wire::rights::render(book, &standing, holds.as_ref()));
    Ok((body, order))
}

/// Reservations with what is told beside each.
pub(super) type Rows = Vec<((Order, Reservation), Beside)>;

/// What an answer tells of a reservation beside what the reservation itself holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// What it was renewed from.
    source: Option<(OrderId, ReservationId)>,
    /// How much of it was used, where figures of it were loaded.
    used: Option<Summed>,
}

pub(super) fn with_sources(
    tx: &mut Tx<'_>,
    found: Vec<(Order, Reservation)>,
) -> Result<Rows, Error> {
    let sources = renewal::sources(tx, &found)?;
    let figures = utilization::any(tx)?;
    let beside = |((order, row), source): ((Order, Reservation), Option<_>)| {
        let place = (order.tenant, order.id, row.id);
        let used = if figures { utilization::summed(tx, place)? } else { None };
        Ok(((order, row), Beside { source, used }))
    };
    found.into_iter().zip(sources).map(beside).collect()
}

pub(super) fn rendered(rows: &Rows, now: Timestamp, version: Version) -> Vec<Value> {
    let row = |((order, row), beside): &((Order, Reservation), Beside)| {
        let mut body = shape::show(order, row, now, version);
        if let Some((order, reservation)) = beside.source {
            renewal_shape::add_source(&mut body, order, reservation);
        }
        if let Some(used) = &beside.used {
            shape::add_utilization(&mut body, &used.trend, used.shares);
        }
        body
    };
    rows.iter().map(row).collect()
}

pub(super) async fn of_order(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let found = asked
        .read(move |tx, app, call| {
            let found = reservations::of_order(tx, app, call, order)?;
            with_sources(tx, found)
        })
        .await?;
    let rows = rendered(&found, asked.call()?.now, asked.version);
    Ok(json(StatusCode::OK, &shape::page(rows, None, None, asked.version)))
}

pub(super) async fn list_all(asked: Asked) -> Result<Response, ArmError> {
    let query = wanted(&asked)?;
    let found = asked.read(move |tx, app, call| find(tx, app, call, &query)).await?;
    let rows = rendered(&found.rows, asked.call()?.now, asked.version);
    let next = found.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next, found.summary, asked.version)))
}

/// A page of reservations.
pub(super) struct Found {
    pub rows: Rows,
    pub next: Option<String>,
    pub summary: Option<shape::Summary>,
}

pub(super) fn find(tx: &mut Tx<'_>, app: &App, call: &Call, query: &Query) -> Result<Found, Error> {
    let listed = reservations::list_all(tx, app, call, query)?;
    let summary = listed.summary.map(|counts| filter::summary(&counts));
    Ok(Found { rows: with_sources(tx, listed.rows)?, next: listed.next, summary })
}

pub(super) fn wanted(asked: &Asked) -> Result<Query, ArmError> {
    let today = utc_day(asked.call()?.now);
    let get = |name| asked.query.get(name).unwrap_or_default();
    let filter = read_one(parse_filter(asked.option("$filter")))?;
    let filter = match filter {
        Some(filter) => Some(read_one(filter::conditions(&filter, today))?),
        None => None,
    };
    let state = read_one(filter::selected_state(get("selectedState"), today))?;
    let filter = match (filter, state) {
        (Some(filter), Some(state)) => {
            Some(prorata_store::reservations::Filter::And(vec![filter, state]))
        }
        (filter, state) => filter.or(state),
    };
    Ok(Query {
        within: None,
        filter,
        order_by: read_one(parse_order_by(asked.option("$orderby")))?.map(filter::order_by),
        after: asked.mark(|mark| Some(mark.to_owned()))?,
        limit: asked.rows("take")?,
        summary: asked.flag("refreshSummary")?,
    })
}
