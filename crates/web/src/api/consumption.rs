//! Microsoft.Consumption, as far as it is about reservations: what was paid for them, and pages of
//! their usage, which are empty as long as no usage by the hour is kept.

use super::asked::{Asked, read_one};
use super::table::{Entry, may, run};
use crate::arm::{ArmError, RouteTable, json};
use crate::limits::PAGE_ROWS_MAX;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::transactions::{self, Query};
use prorata_app::{orders, reservations};
use prorata_domain::access::Action::Read;
use prorata_wire::azure::consumption as shape;
use prorata_wire::azure::resources::page;

const VERSIONS: &[&str] = &["2024-08-01", "2023-11-01", "2023-05-01", "2021-10-01", "2019-10-01"];

/// Usage by order is asked for in an older version by some clients.
const USAGE_VERSIONS: &[&str] =
    &["2024-08-01", "2023-11-01", "2023-05-01", "2021-10-01", "2019-10-01", "2018-01-31"];

macro_rules! by_account {
    ($path:literal) => {
        concat!(
            "/providers/Microsoft.Billing/billingAccounts/{account}",
            $path,
            "/providers/Microsoft.Consumption/reservationTransactions"
        )
    };
}

macro_rules! of_order {
    ($path:literal) => {
        concat!("/providers/Microsoft.Capacity/reservationOrders/{order}", $path)
    };
}

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    table
        .route(get(), by_account!(""), "ReservationTransactions_List", VERSIONS, {
            may(Read, run!(list))
        })
        .route(
            get(),
            by_account!("/billingProfiles/{profile}"),
            "ReservationTransactions_ListByBillingProfile",
            VERSIONS,
            may(Read, run!(list)),
        )
        .route(
            get(),
            of_order!("/providers/Microsoft.Consumption/reservationSummaries"),
            "ReservationsSummaries_ListByReservationOrder",
            USAGE_VERSIONS,
            may(Read, run!(summaries)),
        )
        .route(
            get(),
            of_order!(
                "/reservations/{reservation}/providers/Microsoft.Consumption/reservationSummaries"
            ),
            "ReservationsSummaries_ListByReservationOrderAndReservation",
            USAGE_VERSIONS,
            may(Read, run!(summaries)),
        )
        .route(
            get(),
            of_order!("/providers/Microsoft.Consumption/reservationDetails"),
            "ReservationsDetails_ListByReservationOrder",
            USAGE_VERSIONS,
            may(Read, run!(usage)),
        )
        .route(
            get(),
            of_order!(
                "/reservations/{reservation}/providers/Microsoft.Consumption/reservationDetails"
            ),
            "ReservationsDetails_ListByReservationOrderAndReservation",
            USAGE_VERSIONS,
            may(Read, run!(usage)),
        )
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let days = read_one(shape::parse_days(asked.option("$filter")))?;
    let query = Query {
        account: asked.captures.get("account").to_owned(),
        profile: asked.captures.find("profile").map(str::to_owned),
        from: days.from,
        to: days.to,
        after: asked.mark(transactions::parse_mark)?,
        limit: PAGE_ROWS_MAX,
    };
    let (account, found) =
        asked.read(move |tx, app, call| transactions::list(tx, app, call, &query)).await?;
    let rows = found.rows.iter().map(|row| {
        let view = shape::Transaction {
            id: row.id,
            at: row.at,
            order: &row.order,
            subscription: &row.subscription,
            quantity: row.quantity(),
            amount: row.amount,
        };
        shape::transaction(&view, &account)
    });
    let next = found.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &page(rows.collect(), next)))
}

/// Usage by day or month.
async fn summaries(asked: Asked) -> Result<Response, ArmError> {
    let empty = none_of(&asked).await?;
    let grain = asked.query.get("grain").unwrap_or_default();
    if !["daily", "monthly"].iter().any(|known| known.eq_ignore_ascii_case(grain)) {
        let shown: String = grain.chars().take(64).collect();
        let message = format!("`grain` is `{shown}`; give `daily` or `monthly`.");
        return Err(ArmError::bad_request("BadRequest", message).with_target("grain"));
    }
    Ok(empty)
}

async fn usage(asked: Asked) -> Result<Response, ArmError> {
    none_of(&asked).await
}

/// The usage of an order or a reservation that the caller may see: none, since none is kept.
async fn none_of(asked: &Asked) -> Result<Response, ArmError> {
    let order = asked.order()?;
    let reservation = match asked.captures.find("reservation") {
        Some(_) => Some(asked.reservation()?),
        None => None,
    };
    asked
        .read(move |tx, app, call| match reservation {
            Some(id) => reservations::show(tx, app, call, order, id).map(drop),
            None => orders::show(tx, app, call, order).map(drop),
        })
        .await?;
    Ok(json(StatusCode::OK, &page(Vec::new(), None)))
}
