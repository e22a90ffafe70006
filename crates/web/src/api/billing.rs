//! Microsoft.Billing: reservations and savings plans by the account that pays for them.

mod savings_plans;

use super::asked::{Asked, read};
use super::reservations::{self, Beside, Found};
use super::table::{Entry, may, run, signed_in};
use super::{orders, reservations as listing};
use crate::arm::{ArmError, RouteTable, json};
use crate::limits::PAGE_ROWS;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::{billing_account, orders as held, reservations as items, update};
use prorata_domain::access::Action::{Manage, Read};
use prorata_domain::ids::OrderId;
use prorata_store::reservations::{Field, Filter};
use prorata_wire::azure::billing as shape;
use prorata_wire::azure::v2022_11_01::{order as order_shape, update as update_shape};
use serde_json::Value;

pub(super) const VERSIONS: &[&str] = &["2024-04-01"];
/// Accounts and profiles have kept these members since the version that the Azure command line
/// sends.
const ACCOUNT_VERSIONS: &[&str] = &["2024-04-01", "2020-05-01"];

/// Next links repeat the query keys of this provider, which have no sign before them.
const MARK: &str = "skiptoken";

macro_rules! at {
    ($path:literal) => {
        concat!("/providers/Microsoft.Billing/billingAccounts", $path)
    };
}
use at;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = || Method::GET;
    let table = table
        .route(get(), at!(""), "BillingAccounts_List", ACCOUNT_VERSIONS, signed_in(run!(accounts)))
        .route(get(), at!("/{account}"), "BillingAccounts_Get", ACCOUNT_VERSIONS, {
            signed_in(run!(account))
        })
        .route(
            get(),
            at!("/{account}/billingProfiles"),
            "BillingProfiles_ListByBillingAccount",
            ACCOUNT_VERSIONS,
            signed_in(run!(profiles)),
        )
        .route(
            get(),
            at!("/{account}/billingProfiles/{profile}"),
            "BillingProfiles_Get",
            ACCOUNT_VERSIONS,
            signed_in(run!(profile)),
        )
        .route(
            get(),
            at!("/{account}/reservations"),
            "Reservations_ListByBillingAccount",
            VERSIONS,
            may(Read, run!(reservations_of_account)),
        )
        .route(
            get(),
            at!("/{account}/billingProfiles/{profile}/reservations"),
            "Reservations_ListByBillingProfile",
            VERSIONS,
            may(Read, run!(reservations_of_account)),
        )
        .route(
            get(),
            at!("/{account}/reservationOrders"),
            "ReservationOrders_ListByBillingAccount",
            VERSIONS,
            may(Read, run!(orders_of_account)),
        )
        .route(
            get(),
            at!("/{account}/reservationOrders/{order}"),
            "ReservationOrders_GetByBillingAccount",
            VERSIONS,
            may(Read, run!(order)),
        )
        .route(
            get(),
            at!("/{account}/reservationOrders/{order}/reservations"),
            "Reservations_ListByReservationOrder",
            VERSIONS,
            may(Read, run!(reservations_of_order)),
        )
        .route(
            get(),
            at!("/{account}/reservationOrders/{order}/reservations/{reservation}"),
            "Reservations_GetByReservationOrder",
            VERSIONS,
            may(Read, run!(reservation)),
        )
        .route(
            Method::PATCH,
            at!("/{account}/reservationOrders/{order}/reservations/{reservation}"),
            "Reservations_UpdateByBillingAccount",
            VERSIONS,
            may(Manage, run!(change_reservation)),
        );
    savings_plans::routes(table)
}

impl Asked {
    /// The name of the account in the path.
    fn account(&self) -> String {
        self.captures.get("account").to_owned()
    }
}

async fn accounts(asked: Asked) -> Result<Response, ArmError> {
    let found = asked.read(billing_account::list).await?;
    let rows = found.iter().map(shape::account).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None, None)))
}

async fn account(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.account();
    let found =
        asked.read(move |tx, app, call| billing_account::show(tx, app, call, &name)).await?;
    Ok(json(StatusCode::OK, &shape::account(&found)))
}

async fn profiles(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.account();
    let found =
        asked.read(move |tx, app, call| billing_account::show(tx, app, call, &name)).await?;
    let rows = found.profile.iter().map(|profile| shape::profile(&found, profile)).collect();
    Ok(json(StatusCode::OK, &shape::page(rows, None, None)))
}

async fn profile(asked: Asked) -> Result<Response, ArmError> {
    let (name, wanted) = (asked.account(), asked.captures.get("profile").to_owned());
    let found = asked
        .read(move |tx, app, call| {
            billing_account::require(tx, call, &name, Some(&wanted))?;
            billing_account::show(tx, app, call, &name)
        })
        .await?;
    let profile = found.profile.as_deref().unwrap_or_default();
    Ok(json(StatusCode::OK, &shape::profile(&found, profile)))
}

/// Reservations by account, and by billing profile where the path names one.
async fn reservations_of_account(asked: Asked) -> Result<Response, ArmError> {
    let mut query = listing::wanted(&asked)?;
    let (name, profile) = (asked.account(), asked.captures.find("profile").map(str::to_owned));
    let mut within = vec![Filter::Eq(Field::BillingAccount, name.as_str().into())];
    if let Some(profile) = &profile {
        within.push(Filter::Eq(Field::BillingProfile, profile.as_str().into()));
    }
    query.within = Some(Filter::And(within));
    let found: Found = asked
        .read(move |tx, app, call| {
            billing_account::require(tx, call, &name, profile.as_deref())?;
            reservations::find(tx, app, call, &query)
        })
        .await?;
    let rows = shown(&asked, &found.rows)?;
    let next = found.next.map(|mark| asked.next_link(MARK, &mark));
    Ok(json(StatusCode::OK, &shape::page(rows, next, found.summary)))
}

/// Reservations under the accounts that pay for them.
fn shown(asked: &Asked, found: &reservations::Rows) -> Result<Vec<Value>, ArmError> {
    let rows = reservations::rendered(found, asked.call()?.now, asked.version);
    let accounts = found.iter().map(|((order, _), _)| order.billing_account.as_str());
    Ok(rows.into_iter().zip(accounts).map(|(row, account)| shape::under(account, row)).collect())
}

async fn orders_of_account(asked: Asked) -> Result<Response, ArmError> {
    for name in ["filter", "orderBy"] {
        if !asked.option(name).trim().is_empty() {
            let message = format!("`{name}` is not offered on orders; leave it out.");
            return Err(ArmError::bad_request("BadRequest", message).with_target(name));
        }
    }
    let (name, after) = (asked.account(), asked.mark(OrderId::parse)?);
    let page = asked
        .read(move |tx, app, call| billing_account::orders(tx, app, call, &name, after, PAGE_ROWS))
        .await?;
    let now = asked.call()?.now;
    let rows = page.rows.iter().map(|row| {
        let view = order_shape::View { order: &row.order, reservations: &row.reservations };
        shape::under(&row.order.billing_account, order_shape::show(&view, now, asked.version))
    });
    let next = page.next.map(|mark| asked.next_link(MARK, &mark));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), next, None)))
}

async fn order(asked: Asked) -> Result<Response, ArmError> {
    let (name, id) = (asked.account(), asked.order()?);
    let with_schedule = asked.expands("schedule")?;
    let found = asked
        .read(move |tx, app, call| {
            let found = held::show(tx, app, call, id)?;
            billing_account::require_payer(&found.order, &name)?;
            if with_schedule {
                held::payments_shown(tx, call, id);
            }
            Ok(found)
        })
        .await?;
    let body = orders::shown(&asked, &found, with_schedule)?;
    Ok(json(StatusCode::OK, &shape::under(&found.order.billing_account, body)))
}

async fn reservations_of_order(asked: Asked) -> Result<Response, ArmError> {
    let (name, id) = (asked.account(), asked.order()?);
    let found = asked
        .read(move |tx, app, call| {
            let order = held::show(tx, app, call, id)?.order;
            billing_account::require_payer(&order, &name)?;
            let found = items::of_order(tx, app, call, id)?;
            reservations::with_sources(tx, found)
        })
        .await?;
    Ok(json(StatusCode::OK, &shape::page(shown(&asked, &found)?, None, None)))
}

async fn reservation(asked: Asked) -> Result<Response, ArmError> {
    let name = asked.account();
    let (body, order) =
        reservations::shown(&asked, move |order| billing_account::require_payer(order, &name))
            .await?;
    Ok(json(StatusCode::OK, &shape::under(&order.billing_account, body)))
}

async fn change_reservation(asked: Asked) -> Result<Response, ArmError> {
    let (name, order, reservation) = (asked.account(), asked.order()?, asked.reservation()?);
    let body = shape::renamed(asked.json().await?);
    let changes = read(update_shape::parse(&body, asked.version))?;
    let ask = update::Ask { order, reservation, changes };
    let (order, row) = asked
        .write(move |tx, app, call| {
            let (order, _) = items::show(tx, app, call, ask.order, ask.reservation)?;
            billing_account::require_payer(&order, &name)?;
            update::update(tx, app, call, &ask)
        })
        .await?;
    let found = vec![((order, row), Beside::default())];
    let body = shown(&asked, &found)?.remove(0);
    Ok(json(StatusCode::OK, &body))
}
