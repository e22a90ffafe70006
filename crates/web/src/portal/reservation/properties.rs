//! What a reservation is called by programs and bills, each part ready to be copied.

use super::{Blade, Item, ids, region, shell, switch};
use crate::portal::desk::Desk;
use crate::portal::language::say;
use crate::portal::page::{self, Fact, Shell};
use crate::portal::words::{self, Said};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use prorata_app::orders::{self, View};
use prorata_app::{App, Error, reservations};
use prorata_domain::reservation::{Order, Reservation};
use prorata_wire::azure::reservation_id;

#[derive(Debug, Template)]
#[template(path = "reservation_properties.html")]
pub struct PropertiesPage {
    pub shell: Shell,
    pub item: Item,
    pub groups: Vec<Group>,
}

/// Properties that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    pub title: Said,
    pub facts: Vec<Fact>,
}

pub async fn show(desk: Desk, Path((order, reservation)): Path<(String, String)>) -> Response {
    desk.settle(page_of(&desk, &order, &reservation).await)
}

async fn page_of(desk: &Desk, order: &str, reservation: &str) -> Result<Response, Error> {
    let (order, id) = ids(order, reservation)?;
    let call = desk.call();
    let (order, held, view) = desk
        .app()
        .read_async(move |tx, app| {
            let (order, held) = reservations::show(tx, app, &call, order, id)?;
            // A role on the reservation alone does not show its order.
            let view = match orders::show(tx, app, &call, order.id) {
                Ok(view) => Some(view),
                Err(Error::Denied { .. } | Error::Absent { .. }) => None,
                Err(error) => return Err(error),
            };
            Ok((order, held, view))
        })
        .await?;
    let item = Item::new(desk.app(), &order, &held, Blade::Properties);
    let shell = shell(desk, &item, &say("reservation-properties"));
    let groups = groups(desk.app(), &order, &held, view.as_ref());
    Ok(page::answer(StatusCode::OK, &PropertiesPage { shell, item, groups }))
}

fn groups(app: &App, order: &Order, held: &Reservation, view: Option<&View>) -> Vec<Group> {
    let what = &order.commitment;
    let region = format!("{} ({})", region(app, &what.location), what.location);
    let identity = vec![
        Fact::words(say("reservation-name"), &held.display_name),
        Fact::identifier(say("reservation-id"), held.id),
        Fact::identifier(say("reservation-order-id"), order.id),
        Fact::words(say("reservation-order-name"), &order.display_name),
        Fact::identifier(say("reservation-resource-id"), reservation_id(order.id, held.id)),
    ];
    let product = vec![
        Fact::identifier(say("reservation-resource-type"), &what.resource_type),
        Fact::identifier(say("reservation-sku"), &held.sku),
        Fact::words(say("reservation-region"), region),
        Fact::words(say("reservation-term"), words::term(what.term)),
        Fact::figure(say("reservation-first-ordered"), words::units(order.original_quantity)),
        Fact::words(say("reservation-flexibility"), switch(held.instance_flexibility)),
        Fact::words(say("reservation-scope"), words::applied_scope(&held.applied_scope)),
        Fact::words(say("reservation-renewal"), switch(held.renew)),
    ];
    let mut billing = vec![
        Fact::identifier(say("reservation-payer"), order.billing_subscription),
        Fact::identifier(say("reservation-account"), &order.billing_account),
    ];
    if let Some(profile) = &order.billing_profile {
        billing.push(Fact::identifier(say("reservation-profile"), profile));
    }
    if let Some(View { account, .. }) = view {
        let agreement = words::agreement(account.agreement);
        billing.push(Fact::words(say("reservation-agreement"), agreement));
        billing.push(Fact::words(say("reservation-payment"), words::payment(account.payment)));
        billing.push(Fact::words(say("reservation-currency"), account.currency.code()));
    }
    let life = vec![
        Fact::identifier(say("reservation-buyer"), order.buyer),
        Fact::words(say("reservation-acquired"), words::acquired_by(held.acquired_by)),
        Fact::words(say("reservation-bought"), words::moment(held.purchased_at)),
        Fact::words(say("reservation-changed"), words::moment(held.updated_at)),
        Fact::figure(say("reservation-revision"), words::count(held.revision)),
    ];
    let group = |title, facts| Group { title: say(title), facts };
    vec![
        group("reservation-group-identity", identity),
        group("reservation-group-product", product),
        group("reservation-group-billing", billing),
        group("reservation-group-life", life),
    ]
}
