//! Looking at reservations.

use super::asked::{Asked, read_one};
use super::filter;
use crate::arm::{ArmError, json};
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::reservations::{self, Query};
use prorata_domain::term::utc_day;
use prorata_wire::azure::v2022_11_01::reservation as shape;
use prorata_wire::azure::{parse_filter, parse_order_by};

pub(super) async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (order, id) = (asked.order()?, asked.reservation()?);
    // There is nothing to renew into yet, so the expanded answer is the plain one.
    asked.expands("renewProperties")?;
    let (order, reservation) =
        asked.read(move |tx, app, call| reservations::show(tx, app, call, order, id)).await?;
    let now = asked.call()?.now;
    Ok(json(StatusCode::OK, &shape::show(&order, &reservation, now, asked.version)))
}

pub(super) async fn of_order(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let found =
        asked.read(move |tx, app, call| reservations::of_order(tx, app, call, order)).await?;
    let now = asked.call()?.now;
    let rows =
        found.iter().map(|(order, row)| shape::show(order, row, now, asked.version)).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None, None, asked.version)))
}

pub(super) async fn list_all(asked: Asked) -> Result<Response, ArmError> {
    let query = wanted(&asked)?;
    let listed =
        asked.read(move |tx, app, call| reservations::list_all(tx, app, call, &query)).await?;
    let now = asked.call()?.now;
    let rows = listed
        .rows
        .iter()
        .map(|(order, row)| shape::show(order, row, now, asked.version))
        .collect();
    let next = listed.next.map(|mark| asked.next_link("$skiptoken", &mark));
    let summary = listed.summary.map(|counts| filter::summary(&counts));
    Ok(json(StatusCode::OK, &shape::page(rows, next, summary, asked.version)))
}

fn wanted(asked: &Asked) -> Result<Query, ArmError> {
    let today = utc_day(asked.call()?.now);
    let get = |name| asked.query.get(name).unwrap_or_default();
    let filter = read_one(parse_filter(get("$filter")))?;
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
        filter,
        order_by: read_one(parse_order_by(get("$orderby")))?.map(filter::order_by),
        after: asked.query.get("$skiptoken").filter(|mark| !mark.is_empty()).map(str::to_owned),
        limit: asked.rows("take")?,
        summary: asked.flag("refreshSummary")?,
    })
}
