//! The list of reservations that a person works with: of one tenant, or of all the customers of a
//! partner; chosen, searched, sorted, counted and paged in the register that is kept in memory.

mod choose;
pub(crate) mod register;
mod sights;
pub mod views;
mod wanted;

pub use prorata_store::reservations::register::{Key, ScopeKind};
pub use wanted::{Filter, Show, Sort, Tally, Whose};

use crate::{App, Call, Error};
use choose::{Chosen, choose};
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::reservation::{Order, Reservation};
use prorata_domain::term::utc_day;
use prorata_store::Tx;
use prorata_store::reservations::register as rows;
use prorata_store::utilization::{self, Summed};

/// Which reservations, in which order, from where, how many.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub filter: Filter,
    pub sort: Sort,
    pub descending: bool,
    /// Customer by customer, each with the sorting inside.
    pub by_customer: bool,
    pub from: From,
    pub limit: usize,
}

/// Where a page lies: its mark is that of the row beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum From {
    #[default]
    Start,
    After(String),
    Before(String),
}

/// Somebody whose reservations the caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub tenant: TenantId,
    pub name: String,
}

/// A reservation of a page, and whose it is.
#[derive(Debug, Clone)]
pub struct Held {
    /// The place of the customer in [`Listed::customers`].
    pub customer: usize,
    pub order: Order,
    pub reservation: Reservation,
    /// What its figures of utilization come to, where it has some.
    pub used: Option<Summed>,
}

/// A page, and what is told with it.
#[derive(Debug, Clone)]
pub struct Listed {
    pub rows: Vec<Held>,
    /// All whose reservations the caller sees, by name.
    pub customers: Vec<Customer>,
    /// How many of each customer are chosen, in that order.
    pub of_customer: Vec<usize>,
    pub tally: Tally,
    /// Marks of the pages beside this one, where there are such.
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A page of the reservations that the caller may see: in their tenant, and where they are at home
/// in a partner's, those that it pays for its customers.
///
/// # Errors
/// [`Error::Malformed`] for a mark that no page gave; those of the database.
pub fn list(tx: &mut Tx<'_>, app: &App, call: &Call, query: &Query) -> Result<Listed, Error> {
    let sights = sights::of(tx, app, call)?;
    app.register.bring_up_to_date(tx)?;
    let today = utc_day(call.now);
    let chosen = app.register.look(|shelf| choose(shelf, &sights, query, today))?;
    let Chosen { keys, tally, of_customer, previous, next } = chosen;
    Ok(Listed {
        rows: read(tx, &keys)?,
        customers: sights.into_iter().map(|sight| sight.customer).collect(),
        of_customer,
        tally,
        previous,
        next,
    })
}

/// What a query chooses of the reservations of some customers: by which of them, and by what each is
/// found, in the order of the query.
pub type Found = (Vec<Customer>, Vec<(usize, Key)>);

/// All that a query chooses; for a download, which reads it part by part with [`read`].
///
/// # Errors
/// Those of the database.
pub fn keys(tx: &mut Tx<'_>, app: &App, call: &Call, query: &Query) -> Result<Found, Error> {
    let sights = sights::of(tx, app, call)?;
    app.register.bring_up_to_date(tx)?;
    let query = Query { limit: usize::MAX, from: From::Start, ..query.clone() };
    let today = utc_day(call.now);
    let chosen = app.register.look(|shelf| choose(shelf, &sights, &query, today))?;
    Ok((sights.into_iter().map(|sight| sight.customer).collect(), chosen.keys))
}

/// Reads rows that [`keys`] named; without those that are gone.
///
/// # Errors
/// Those of the database.
pub fn read(tx: &mut Tx<'_>, keys: &[(usize, Key)]) -> Result<Vec<Held>, Error> {
    let wanted: Vec<Key> = keys.iter().map(|(_, key)| *key).collect();
    let found = rows::held_of(tx, &wanted)?;
    let used = utilization::summed_of(tx, &wanted)?;
    let held = keys.iter().zip(found).zip(used).filter_map(|(((customer, _), found), used)| {
        let (order, reservation, _) = found?;
        Some(Held { customer: *customer, order, reservation, used })
    });
    Ok(held.collect())
}

/// Reservations by their ids, each with its customer, in the order in which they were named; those
/// that the caller does not see are left out.
///
/// # Errors
/// Those of the database.
pub fn named(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    wanted: &[(OrderId, ReservationId)],
) -> Result<(Vec<Customer>, Vec<Held>), Error> {
    let sights = sights::of(tx, app, call)?;
    app.register.bring_up_to_date(tx)?;
    let keys = app.register.look(|shelf| {
        let find = |(order, id): &(OrderId, ReservationId)| {
            let item = shelf.find(*order, *id)?;
            let seen = sights.iter().position(|sight| sight.sees(shelf, &item))?;
            Some((seen, item.entry.key()))
        };
        wanted.iter().filter_map(find).collect::<Vec<_>>()
    });
    let held = read(tx, &keys)?;
    Ok((sights.into_iter().map(|sight| sight.customer).collect(), held))
}

/// Reads all reservations into the register, so that the first who asks need not wait for that.
///
/// # Errors
/// Those of the database.
pub fn warm(tx: &mut Tx<'_>, app: &App) -> Result<(), Error> {
    app.register.bring_up_to_date(tx)
}
