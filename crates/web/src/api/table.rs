//! Every operation: its path, its versions, and what a caller needs for it.

use super::asked::Asked;
use super::versions::{SINCE_2017, SINCE_2019, SINCE_2020, SINCE_2021, SINCE_2022};
use super::{
    Options, access, activity_log, audit, authorization, billing, billing_benefits, catalog,
    consumption, exchange, health, management, notifications, openapi, operations, orders, partner,
    people, providers, purchase, rearrange, receivers, refund, requests, reservations, resources,
    sandbox, secrets, support, token, usage,
};
use crate::arm::{ArmError, RouteTable};
use axum::http::Method;
use axum::response::Response;
use prorata_domain::access::Action;
use std::pin::Pin;

/// What a caller needs for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: signing in, and what is asked before.
    Open,
    /// A token; any role or none.
    Token,
    /// A token, and a role that allows this at the scope that is acted on. The job asks for it, in
    /// the transaction that does the work.
    Role(Action),
}

pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<Response, ArmError>> + Send>>;

/// What stands behind a route.
#[derive(Clone, Copy)]
pub struct Entry {
    pub need: Need,
    pub(crate) run: fn(Asked) -> Answer,
}

pub(super) const NONE: &[&str] = &[];

/// All operations of a server so set up.
pub fn table(options: Options) -> RouteTable<Entry> {
    let table = reservation_routes(purchase_routes(RouteTable::new()));
    let table = providers::routes(resources::routes(sign_in_routes(table)));
    let table = consumption::routes(management::routes(rearrange::routes(table)));
    let table = billing::routes(billing_benefits::routes(table));
    let table = notifications::routes(table);
    let table = access::routes(authorization::routes(table));
    let table = support::routes(usage::routes(table));
    let table = receivers::routes(table);
    let table = secrets::routes(people::routes(table));
    let table = partner::routes(table);
    let table = activity_log::routes(audit::routes(table));
    let table = requests::routes(table);
    let table = openapi::routes(table);
    if options.sandbox { sandbox_routes(table) } else { table }
}

macro_rules! run {
    ($handler:path) => {
        |asked| Box::pin($handler(asked))
    };
}
pub(super) use run;

pub(super) fn open(run: fn(Asked) -> Answer) -> Entry {
    Entry { need: Need::Open, run }
}

pub(super) fn signed_in(run: fn(Asked) -> Answer) -> Entry {
    Entry { need: Need::Token, run }
}

pub(super) fn may(action: Action, run: fn(Asked) -> Answer) -> Entry {
    Entry { need: Need::Role(action), run }
}

fn purchase_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    use Action::{Buy, Catalog, Exchange, Return};
    table
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/operations",
            "Operation_List",
            SINCE_2017,
            signed_in(run!(operations::list)),
        )
        .route(
            Method::GET,
            "/subscriptions/{subscription}/providers/Microsoft.Capacity/catalogs",
            "GetCatalog",
            SINCE_2017,
            may(Catalog, run!(catalog::list)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/calculatePrice",
            "ReservationOrder_Calculate",
            SINCE_2019,
            may(Buy, run!(purchase::quote)),
        )
        .route(
            Method::PUT,
            "/providers/Microsoft.Capacity/reservationOrders/{order}",
            "ReservationOrder_Purchase",
            SINCE_2019,
            may(Buy, run!(purchase::buy)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/calculateRefund",
            "CalculateRefund_Post",
            SINCE_2022,
            may(Return, run!(refund::quote)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/return",
            "Return_Post",
            SINCE_2022,
            may(Return, run!(refund::give_back)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/calculateExchange",
            "CalculateExchange_Post",
            SINCE_2020,
            may(Exchange, run!(exchange::quote)),
        )
        .route(
            Method::POST,
            "/providers/Microsoft.Capacity/exchange",
            "Exchange_Post",
            SINCE_2020,
            may(Exchange, run!(exchange::execute)),
        )
}

fn reservation_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    use Action::Read;
    table
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders",
            "ReservationOrder_List",
            SINCE_2017,
            may(Read, run!(orders::list)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}",
            "ReservationOrder_Get",
            SINCE_2017,
            may(Read, run!(orders::show)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations",
            "Reservation_List",
            SINCE_2017,
            may(Read, run!(reservations::of_order)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservationOrders/{order}/reservations/{reservation}",
            "Reservation_Get",
            SINCE_2017,
            may(Read, run!(reservations::show)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/reservations",
            "Reservation_ListAll",
            SINCE_2021,
            may(Read, run!(reservations::list_all)),
        )
        .route(
            Method::GET,
            "/providers/Microsoft.Capacity/operationResults/{operation}",
            "Operation_Result",
            SINCE_2020,
            // The job shows an operation to whoever asked for it and to nobody else.
            signed_in(run!(exchange::result)),
        )
}

fn sign_in_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(Method::POST, "/{tenant}/oauth2/v2.0/token", "Token", NONE, open(run!(token::issue)))
        .route(Method::POST, "/{tenant}/oauth2/token", "Token_V1", NONE, open(run!(token::issue)))
        .route(
            Method::GET,
            "/{tenant}/v2.0/.well-known/openid-configuration",
            "OpenId_Configuration",
            NONE,
            open(run!(token::configuration)),
        )
        .route(
            Method::GET,
            "/{tenant}/.well-known/openid-configuration",
            "OpenId_Configuration_V1",
            NONE,
            open(run!(token::configuration)),
        )
        .route(Method::GET, "/{tenant}/discovery/v2.0/keys", "Keys", NONE, open(run!(token::keys)))
        .route(
            Method::GET,
            "/adfs/.well-known/openid-configuration",
            "OpenId_Configuration_Adfs",
            NONE,
            open(run!(token::adfs_configuration)),
        )
        .route(Method::POST, "/adfs/oauth2/token", "Token_Adfs", NONE, open(run!(token::issue)))
        .route(Method::GET, "/adfs/discovery/keys", "Keys_Adfs", NONE, open(run!(token::keys)))
        .route(Method::GET, "/healthz", "Health", NONE, open(run!(health::show)))
}

fn sandbox_routes(table: RouteTable<Entry>) -> RouteTable<Entry> {
    table
        .route(Method::GET, "/sandbox/clock", "Clock_Get", NONE, open(run!(sandbox::clock)))
        .route(Method::POST, "/sandbox/clock", "Clock_Set", NONE, open(run!(sandbox::set_clock)))
        .route(Method::POST, "/sandbox/world", "World_Apply", NONE, open(run!(sandbox::world)))
}
