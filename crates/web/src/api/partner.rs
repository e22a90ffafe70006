//! What partners' agents do for their customers: an interface of our own, whose carts have the
//! members of the provider's.

mod cart;

use super::asked::{Asked, read};
use super::table::{Entry, NONE, run, signed_in};
use crate::arm::{ArmError, RouteTable, json};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use prorata_app::partner::customers::{self, View};
use prorata_app::reservations::Query;
use prorata_domain::ids::TenantId;
use prorata_wire::partner as shape;

macro_rules! customer {
    ($path:literal) => {
        concat!("/prorata/partner/customers/{customer}", $path)
    };
}
use customer;

/// The jobs ask what the caller may as an agent; nobody else learns that a customer is there.
pub(super) fn routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    let get = |table: RouteTable<Entry>, path, name, run| {
        table.route(Method::GET, path, name, NONE, signed_in(run))
    };
    let table = get(table, "/prorata/partner", "Partner_Get", run!(myself));
    let table = get(table, "/prorata/partner/customers", "Partner_ListCustomers", run!(list));
    let table = get(
        table,
        "/prorata/partner/reservations",
        "Partner_ListReservations",
        run!(all_reservations),
    );
    let table = get(table, customer!(""), "Partner_GetCustomer", run!(show));
    let table =
        get(table, customer!("/reservations"), "Partner_CustomerReservations", run!(reservations));
    let table = get(
        table,
        customer!("/permissions/reservations"),
        "Partner_GetPermission",
        run!(permission),
    );
    let table = table.route(
        Method::PUT,
        customer!("/permissions/reservations"),
        "Partner_SetPermission",
        NONE,
        signed_in(run!(permit)),
    );
    cart::routes(table)
}

/// The customer in the path.
fn customer_of(asked: &Asked) -> Result<TenantId, ArmError> {
    asked.guid("customer", "BadRequest", "customer", TenantId::parse)
}

async fn myself(asked: Asked) -> Result<Response, ArmError> {
    let found = asked.read(customers::myself).await?;
    let agents = found.agents.iter();
    let agents =
        agents.map(|row| (row.principal, row.name.as_str(), row.role, row.since, row.until));
    let body = shape::agent(&shape::Agent {
        partner: found.partner.tenant,
        name: &found.partner.name,
        kind: found.partner.kind,
        roles: &found.roles,
        agents: agents.collect(),
    });
    Ok(json(StatusCode::OK, &body))
}

fn shown(view: &View) -> serde_json::Value {
    let subscriptions = view.subscriptions.iter();
    let subscriptions =
        subscriptions.map(|row| (row.id, row.name.as_str(), row.state.as_str())).collect();
    shape::customer(&shape::Customer {
        tenant: view.customer.customer,
        name: &view.customer.name,
        relationship: &view.customer.relationship,
        reseller: view.customer.reseller,
        holds: view.holds,
        billing_accounts: &view.billing_accounts,
        subscriptions,
    })
}

async fn list(asked: Asked) -> Result<Response, ArmError> {
    let limit = asked.rows("take")?;
    let after = asked.mark(TenantId::parse)?;
    let page =
        asked.read(move |tx, app, call| customers::list(tx, app, call, after, limit)).await?;
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(page.rows.iter().map(shown).collect(), next)))
}

async fn show(asked: Asked) -> Result<Response, ArmError> {
    let customer = customer_of(&asked)?;
    let view = asked.read(move |tx, app, call| customers::show(tx, app, call, customer)).await?;
    Ok(json(StatusCode::OK, &shown(&view)))
}

async fn reservations(asked: Asked) -> Result<Response, ArmError> {
    let customer = customer_of(&asked)?;
    let query = Query {
        limit: asked.rows("take")?,
        after: asked.mark(|mark| Some(mark.to_owned()))?,
        ..Query::default()
    };
    let page = asked
        .read(move |tx, app, call| customers::reservations(tx, app, call, customer, &query))
        .await?;
    let now = asked.call()?.now;
    let rows = page.rows.iter().map(|(order, reservation)| {
        shape::held(&shape::Held { customer: None, order, reservation }, now)
    });
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), next)))
}

async fn all_reservations(asked: Asked) -> Result<Response, ArmError> {
    let limit = asked.rows("take")?;
    let after = asked.mark(|mark| Some(mark.to_owned()))?;
    let page = asked
        .read(move |tx, app, call| {
            customers::all_reservations(tx, app, call, after.as_deref(), limit)
        })
        .await?;
    let now = asked.call()?.now;
    let rows = page.rows.iter().map(|row| {
        let held = shape::Held {
            customer: Some((row.customer, &row.customer_name)),
            order: &row.order,
            reservation: &row.reservation,
        };
        shape::held(&held, now)
    });
    let next = page.next.map(|mark| asked.next_link("$skiptoken", &mark));
    Ok(json(StatusCode::OK, &shape::page(rows.collect(), next)))
}

async fn permission(asked: Asked) -> Result<Response, ArmError> {
    let customer = customer_of(&asked)?;
    let said =
        asked.read(move |tx, app, call| customers::permission(tx, app, call, customer)).await?;
    let body = shape::permission(&shape::Permission {
        allowed: said.as_ref().is_some_and(|said| said.allowed),
        changed: said.map(|said| (said.changed_at, said.changed_by)),
    });
    Ok(json(StatusCode::OK, &body))
}

async fn permit(asked: Asked) -> Result<Response, ArmError> {
    let customer = customer_of(&asked)?;
    let allowed = read(shape::parse_permission(&asked.json().await?))?;
    let said = asked
        .write(move |tx, app, call| customers::permit(tx, app, call, customer, allowed))
        .await?;
    let body = shape::permission(&shape::Permission {
        allowed: said.allowed,
        changed: Some((said.changed_at, said.changed_by)),
    });
    Ok(json(StatusCode::OK, &body))
}
