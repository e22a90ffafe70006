//! What a request is about, as people know it: the reservations that would be given up and what
//! would be bought.

use crate::portal::language::{say, say_with};
use crate::portal::reservation::{head, region};
use crate::portal::words::{self, Said};
use prorata_app::request::Ask;
use prorata_app::{App, Call, Error, exchange, reservations};
use prorata_domain::ids::{OrderId, ReservationId};
use prorata_domain::purchase;
use prorata_domain::savings_plan::purchase as savings_plan;
use prorata_store::Tx;

/// One thing that would be given up or bought.
#[derive(Debug, Clone)]
pub struct Thing {
    /// `Given up`, `Bought`.
    pub what: Said,
    pub name: String,
    pub product: String,
    /// Where it can be looked at; nothing for what is not there yet, or may not be seen.
    pub href: Option<String>,
}

/// All things of a request, those given up first.
///
/// # Errors
/// Those of the database.
pub fn things(tx: &mut Tx<'_>, app: &App, call: &Call, ask: &Ask) -> Result<Vec<Thing>, Error> {
    Ok(match ask {
        Ask::Refund(refund) => {
            let ask = refund.ask;
            vec![given_up(tx, app, call, ask.order, ask.reservation, ask.quantity)?]
        }
        Ask::Exchange(ask) => exchanged(tx, app, call, ask)?,
        Ask::Purchase(wanted) => vec![bought(app, wanted)],
        Ask::SavingsPlan(wanted) => vec![plan(wanted)],
    })
}

/// The first thing of a request, and how many more there are.
pub fn in_short(things: &[Thing]) -> String {
    match things {
        [] => String::new(),
        [only] => only.name.clone(),
        [first, more @ ..] => {
            let values = [("what", first.name.clone().into()), ("count", more.len().into())];
            say_with("request-more", values).into_owned()
        }
    }
}

fn exchanged(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    ask: &exchange::Ask,
) -> Result<Vec<Thing>, Error> {
    let mut found = Vec::with_capacity(ask.returns.len() + ask.purchases.len());
    for given in &ask.returns {
        found.push(given_up(tx, app, call, given.order, given.reservation, given.quantity)?);
    }
    found.extend(ask.purchases.iter().map(|wanted| bought(app, wanted)));
    found.extend(ask.savings_plans.iter().map(plan));
    Ok(found)
}

fn given_up(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    order: OrderId,
    id: ReservationId,
    quantity: u32,
) -> Result<Thing, Error> {
    let what = say("request-given-up");
    Ok(match reservations::show(tx, app, call, order, id) {
        Ok((order, held)) => {
            let head = head(app, &order, &held, false);
            let name = units_of(quantity, head.name);
            let product = match quantity < held.quantity {
                true => say_with("request-of", [("what", head.product.into())]).into_owned(),
                false => head.product,
            };
            Thing { what, name, product, href: Some(head.path) }
        }
        // Who decides need not be somebody who may look at everything of the customer's.
        Err(Error::Absent { .. } | Error::Denied { .. }) => {
            let units = words::units(quantity).into();
            let name = say_with("request-units-unseen", [("units", units)]).into_owned();
            Thing { what, name, product: String::new(), href: None }
        }
        Err(other) => return Err(other),
    })
}

fn units_of(quantity: u32, what: String) -> String {
    say_with("request-units-of", [("count", quantity.into()), ("what", what.into())]).into_owned()
}

fn bought(app: &App, wanted: &purchase::Request) -> Thing {
    let mut product: Vec<String> = Vec::new();
    product.extend(wanted.location.as_deref().map(|arm| region(app, arm)));
    product.push(words::term(wanted.term).into_owned());
    product.push(words::paid(wanted.plan).into_owned());
    Thing {
        what: say("request-bought"),
        name: units_of(wanted.quantity, wanted.sku.clone()),
        product: product.join(", "),
        href: None,
    }
}

fn plan(wanted: &savings_plan::Request) -> Thing {
    Thing {
        what: say("request-bought"),
        name: format!("{}, {}", wanted.sku, wanted.hourly),
        product: format!("{}, {}", words::term(wanted.term), words::paid(wanted.plan)),
        href: None,
    }
}
