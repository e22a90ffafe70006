//! Refunds and exchanges made by many clients at once, in process. What is measured is the deed:
//! quotes are made beforehand, for reservations of many customers with caps of their own; a
//! refund gives back all of a reservation or a part of it in turn.

use crate::desk::{self, Customer, Exchange, Refund};
use crate::measure::{Run, Waits, clients, deal};
use crate::{Trouble, desk::now};
use prorata_app::{App, exchange, refund};
use std::time::Instant;

/// A desk with deeds that wait to be done.
pub struct Prepared {
    pub customers: Vec<Customer>,
    pub refunds: Vec<Refund>,
    pub exchanges: Vec<Exchange>,
}

/// Fills a desk with so many deeds of each kind.
pub fn prepare(app: &App, customers: usize, deeds: usize) -> Result<Prepared, Trouble> {
    let customers = desk::customers(customers);
    desk::settle(app, &customers)?;
    let held = desk::buy(app, &customers, deeds * 2)?;
    let (given_back, exchanged) = held.split_at(deeds);
    Ok(Prepared {
        refunds: desk::quote_refunds(app, &customers, given_back)?,
        exchanges: desk::quote_exchanges(app, &customers, exchanged)?,
        customers,
    })
}

/// Makes refunds, so many at once.
pub fn refund(
    app: &App,
    customers: &[Customer],
    refunds: &[Refund],
    at_once: usize,
) -> Result<Run, Trouble> {
    let deeds =
        refunds.iter().map(|refund| (customers[refund.customer].call(now()), refund.deed.clone()));
    let work = deal(deeds, at_once).into_iter().map(|deeds| {
        let app = app.clone();
        move |mut waits: Waits| async move {
            for (call, deed) in deeds {
                let asked = Instant::now();
                app.deed_async(move |tx, app| refund::give_back(tx, app, &call, &deed)).await?;
                waits.since(asked);
            }
            Ok(waits)
        }
    });
    clients(work.collect(), async {})
}

/// Makes exchanges, so many at once.
pub fn exchange(
    app: &App,
    customers: &[Customer],
    exchanges: &[Exchange],
    at_once: usize,
) -> Result<Run, Trouble> {
    let deeds = exchanges
        .iter()
        .map(|exchange| (customers[exchange.customer].call(now()), exchange.session));
    let work = deal(deeds, at_once).into_iter().map(|deeds| {
        let app = app.clone();
        move |mut waits: Waits| async move {
            for (call, session) in deeds {
                let asked = Instant::now();
                app.deed_async(move |tx, app| exchange::execute(tx, app, &call, session)).await?;
                waits.since(asked);
            }
            Ok(waits)
        }
    });
    clients(work.collect(), async {})
}
