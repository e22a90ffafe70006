//! Splitting and merging reservations.

use super::asked::{Asked, read};
use super::table::{Entry, may, run};
use super::versions::SINCE_2017;
use crate::arm::{ArmError, RouteTable, done};
use axum::http::Method;
use axum::response::Response;
use prorata_app::{rearrange, split};
use prorata_domain::access::Action::{Manage, Read};
use prorata_wire::azure::v2022_11_01::rearrange as shape;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/split",
            "Reservation_Split",
            SINCE_2017,
            may(Manage, run!(split_item)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/splitoperationresults/{result}",
            "Reservation_SplitResult",
            SINCE_2017,
            may(Read, run!(result)),
        )
}

async fn split_item(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let wanted = read(shape::parse_split(&asked.json().await?, order))?;
    let ask = split::Ask { order, reservation: wanted.reservation, quantities: wanted.quantities };
    let made = asked.write(move |tx, app, call| split::split(tx, app, call, &ask)).await?;
    answer(&asked, shape::Job::Split, &made)
}

/// 200 with the reservations, and the place where the same answer is found again.
fn answer(
    asked: &Asked,
    job: shape::Job,
    made: &rearrange::Rearranged,
) -> Result<Response, ArmError> {
    let now = asked.call()?.now;
    let body = shape::rows(&made.order, &made.reservations, now, asked.version);
    let location = asked.url(&shape::result_id(job, made.order.id, made.subject));
    Ok(done(&body, &location))
}

async fn result(asked: Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let sent = asked.captures.get("result");
    let Some(subject) = shape::parse_result(sent) else {
        let shown: String = sent.chars().take(64).collect();
        let message = format!(
            "`{shown}` is no result; take the address that the split or merge answered as it is."
        );
        return Err(ArmError::bad_request("BadRequest", message).with_target("result"));
    };
    let made =
        asked.read(move |tx, app, call| rearrange::result(tx, app, call, order, subject)).await?;
    let now = asked.call()?.now;
    let body = shape::rows(&made.order, &made.reservations, now, asked.version);
    Ok(crate::arm::json(axum::http::StatusCode::OK, &body))
}
