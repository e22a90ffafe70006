//! Buying for a customer by a cart.

use super::{customer, customer_of};
use crate::api::asked::{Asked, read};
use crate::api::table::{Entry, NONE, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::Error;
use prorata_app::partner::{cart, inventory};
use prorata_domain::ids::{OrderId, SubscriptionId};
use prorata_wire::partner as shape;
use uuid::Uuid;

pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let routes: [(Method, &'static str, &'static str, Entry); 10] = [
        (
            Method::GET,
            customer!("/subscriptions/{subscription}/registration"),
            "Partner_GetRegistration",
            signed_in(run!(registration)),
        ),
        (
            Method::POST,
            customer!("/subscriptions/{subscription}/registration"),
            "Partner_Register",
            signed_in(run!(register)),
        ),
        (
            Method::POST,
            customer!("/inventory"),
            "Partner_CheckInventory",
            signed_in(run!(check_inventory)),
        ),
        (Method::POST, customer!("/carts"), "Partner_CreateCart", signed_in(run!(create))),
        (Method::GET, customer!("/carts/{cart}"), "Partner_GetCart", signed_in(run!(show))),
        (Method::PUT, customer!("/carts/{cart}"), "Partner_UpdateCart", signed_in(run!(update))),
        (
            Method::POST,
            customer!("/carts/{cart}/checkout"),
            "Partner_Checkout",
            signed_in(run!(checkout)),
        ),
        (Method::GET, customer!("/orders"), "Partner_ListOrders", signed_in(run!(orders))),
        (Method::GET, customer!("/orders/{order}"), "Partner_GetOrder", signed_in(run!(order))),
        (
            Method::GET,
            customer!("/orders/{order}/entitlements"),
            "Partner_ListEntitlements",
            signed_in(run!(entitlements)),
        ),
    ];
    routes.into_iter().fold(table, |table, (method, path, name, entry)| {
        table.route(method, path, name, NONE, entry)
    })
}

fn cart_of(asked: &Asked) -> Result<Uuid, ArmError> {
    let hyphenated = |text: &str| (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten();
    asked.guid("cart", "BadRequest", "cart", hyphenated)
}

async fn registration(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, asked.subscription()?);
    let since =
        asked.read(move |tx, app, call| cart::registration(tx, app, call, customer, id)).await?;
    Ok(json(StatusCode::OK, &shape::registration(id, since)))
}

async fn register(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, asked.subscription()?);
    let since =
        asked.write(move |tx, app, call| cart::register(tx, app, call, customer, id)).await?;
    Ok(json(StatusCode::OK, &shape::registration(id, Some(since))))
}

async fn check_inventory(asked: Asked) -> Result<Response, ArmError> {
    let customer = customer_of(&asked)?;
    let wanted = read(shape::parse_inventory(&asked.json().await?))?;
    if wanted.customer != customer {
        let message = "`inventoryContext.customerId` is another customer than that of the path.";
        return Err(
            ArmError::bad_request("BadRequest", message).with_target("inventoryContext.customerId")
        );
    }
    let region = wanted.region.clone();
    let found = asked
        .read(move |tx, app, call| {
            let subscription: SubscriptionId = wanted.subscription;
            let (region, products) = (&wanted.region, &wanted.products);
            inventory::check(tx, app, call, customer, subscription, region, products)
        })
        .await?;
    let rows = found.iter().map(|row| (&row.product, row.sold_in.as_deref()));
    Ok(json(StatusCode::OK, &shape::inventory(&region, rows)))
}

fn shown(asked: &Asked, view: &cart::View) -> serde_json::Value {
    let row = &view.row;
    shape::cart(
        &asked.app().book,
        &shape::CartShown {
            id: row.id,
            created_at: row.created_at,
            changed_at: row.changed_at,
            lapses_at: row.lapses_at,
            changed_by: row.changed_by.to_string(),
            status: &row.status,
            lines: &view.lines,
            priced: &view.priced,
            azure_plan: view.azure_plan,
        },
    )
}

async fn create(asked: Asked) -> Result<Response, ArmError> {
    let customer = customer_of(&asked)?;
    let (attested, wanted) = read(shape::parse_cart(&asked.json().await?))?;
    let view = asked
        .write(move |tx, app, call| cart::create(tx, app, call, customer, attested, &wanted))
        .await?;
    Ok(json(StatusCode::CREATED, &shown(&asked, &view)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, cart_of(&asked)?);
    let view = asked.read(move |tx, app, call| cart::show(tx, app, call, customer, id)).await?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

async fn update(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, cart_of(&asked)?);
    let (attested, wanted) = read(shape::parse_cart(&asked.json().await?))?;
    let view = asked
        .write(move |tx, app, call| cart::update(tx, app, call, customer, id, attested, &wanted))
        .await?;
    Ok(json(StatusCode::OK, &shown(&asked, &view)))
}

/// Each line is a job of its own, so this waits where blocking is allowed.
async fn checkout(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, cart_of(&asked)?);
    let (app, call) = (asked.app().clone(), asked.call()?);
    let done =
        tokio::task::spawn_blocking(move || cart::check_out(&app, &call, customer, id)).await;
    let done = done.unwrap_or_else(|error| Err(Error::Broken(error.to_string())));
    let done = done.map_err(|error| asked.problem(error))?;
    Ok(json(StatusCode::OK, &shape::checked_out(id, &done.row.status, &done.lines)))
}

async fn orders(asked: Asked) -> Result<Response, ArmError> {
    let (customer, limit) = (customer_of(&asked)?, asked.rows("take")?);
    let after = asked.mark(OrderId::parse)?;
    let page = asked
        .read(move |tx, app, call| cart::orders(tx, app, call, customer, after, limit))
        .await?;
    let now = asked.call()?.now;
    let rows = page.rows.iter().map(|row| shape::order(&row.order, &row.reservations, now));
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), next)))
}

async fn order(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, asked.order()?);
    let view = asked.read(move |tx, app, call| cart::order(tx, app, call, customer, id)).await?;
    let now = asked.call()?.now;
    Ok(json(StatusCode::OK, &shape::order(&view.order, &view.reservations, now)))
}

async fn entitlements(asked: Asked) -> Result<Response, ArmError> {
    let (customer, id) = (customer_of(&asked)?, asked.order()?);
    let view = asked.read(move |tx, app, call| cart::order(tx, app, call, customer, id)).await?;
    let now = asked.call()?.now;
    let rows = view.reservations.iter().map(|row| shape::entitlement(&view.order, row, now));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), None)))
}
